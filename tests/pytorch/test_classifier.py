import inspect
import itertools

import numpy as np
import pytest
import torch
from torch import nn

from helpers.arguments import CELLS, READOUTS
from helpers.data import pad
from helpers.pytorch import classifier, readout
from helpers.pytorch.classifier import SequenceClassifier

CONSTRUCTORS = ("zeros", "ones", "full", "empty", "arange", "tensor", "rand", "eye")


@pytest.mark.parametrize(("cell", "kind"), list(itertools.product(CELLS, READOUTS)))
def test_no_tensor_is_made_on_a_fixed_device(cell, kind):
    """On the meta device, a tensor made on the CPU would stop the forward pass."""
    with torch.device("meta"):
        model = SequenceClassifier(3, cell, num_features=4, readout=kind, num_layers=2)
    inputs, lengths = torch.empty(2, 5, 4, device="meta"), torch.tensor([5, 2])
    assert model(inputs, lengths).device.type == "meta"


def test_no_id_is_masked_on_a_fixed_device():
    with torch.device("meta"):
        model = SequenceClassifier(3, vocab_size=9, embedding_dim=2, word_dropout=0.5)
    inputs = torch.ones(2, 5, dtype=torch.int64, device="meta")
    assert model(inputs, torch.tensor([5, 2])).device.type == "meta"


@pytest.mark.parametrize("module", [classifier, readout])
def test_every_constructor_takes_its_device_from_an_input(module):
    """For the packed path, which the meta device cannot run to its end."""
    for line in inspect.getsource(module).splitlines():
        if any(f"torch.{name}(" in line for name in CONSTRUCTORS):
            assert "device=" in line, line
        assert ".cuda(" not in line
        assert "cpu" not in line


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("kind", READOUTS)
def test_read_outs_equal_a_loop_over_single_sequences(bidirectional, kind):
    torch.manual_seed(0)
    model = SequenceClassifier(
        3, "lstm", 6, num_features=2, bidirectional=bidirectional, readout=kind
    ).eval()
    sequences = [torch.randn(length, 2) for length in (5, 1, 3)]
    batch, lengths = map(torch.from_numpy, pad(sequences))
    with torch.no_grad():
        together = model(batch, lengths)
        for row, sequence in zip(together, sequences, strict=True):
            states, (last, _) = model.rnn(sequence[None])
            summary = {
                "last": last.transpose(0, 1).reshape(1, -1),
                "mean": states.mean(dim=1),
                "max": states.amax(dim=1),
                "mean_max": torch.cat([states.mean(dim=1), states.amax(dim=1)], -1),
            }[kind]
            torch.testing.assert_close(model.output(summary)[0], row)


def test_word_dropout_replaces_words_in_training_only():
    model = SequenceClassifier(2, vocab_size=9, embedding_dim=3, word_dropout=0.5)
    seen = []
    model.embedding.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    ids, lengths = torch.full((8, 40), 5), torch.full((8,), 30)
    model.train()(ids, lengths)
    model.eval()(ids, lengths)
    trained, evaluated = seen
    assert 0.4 < (trained[:, :30] == 1).float().mean() < 0.6
    assert (trained[:, 30:] == 5).all()
    assert (evaluated == 5).all()


def test_pretrained_embeddings_are_used_and_may_be_trained():
    vectors = np.arange(12, dtype="float32").reshape(4, 3)
    model = SequenceClassifier(2, vocab_size=4, embedding_dim=3, embeddings=vectors)
    np.testing.assert_array_equal(model.embedding.weight.detach(), vectors)
    assert model.embedding.weight.requires_grad


def test_saved_weights_load_safely(tmp_path):
    first = SequenceClassifier(3, "gru", num_features=4)
    torch.save(
        {"config": first.config, "weights": first.state_dict()}, tmp_path / "m.pt"
    )
    saved = torch.load(tmp_path / "m.pt", weights_only=True)
    second = SequenceClassifier(**saved["config"])
    second.load_state_dict(saved["weights"])
    inputs, lengths = torch.randn(2, 5, 4), torch.tensor([5, 2])
    torch.testing.assert_close(first(inputs, lengths), second(inputs, lengths))


def test_the_right_layers_are_used():
    assert isinstance(SequenceClassifier(2, "rnn", num_features=1).rnn, nn.RNN)
    assert isinstance(SequenceClassifier(2, "lstm", num_features=1).rnn, nn.LSTM)
    assert isinstance(SequenceClassifier(2, "gru", num_features=1).rnn, nn.GRU)
