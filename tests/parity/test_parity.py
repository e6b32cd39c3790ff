"""Equal weights, equal outputs: PyTorch and Keras compute the same."""

import itertools

import keras
import numpy as np
import pytest
import torch
from torch import nn

from helpers import parity
from helpers.arguments import CELLS, READOUTS
from helpers.data import pad
from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier

TOLERANCE = 1e-5
KINDS = list(itertools.product(CELLS, (False, True), READOUTS))


def randomise(model, rng):
    """Give every weight, biases too, a value that is not 0."""
    if isinstance(model, nn.Module):
        for value in model.parameters():
            value.data = torch.tensor(
                rng.normal(0, 0.5, value.shape), dtype=value.dtype
            )
    else:
        model.set_weights([rng.normal(0, 0.5, w.shape) for w in model.get_weights()])


def make_pair(**arguments):
    return TorchClassifier(**arguments), KerasClassifier(**arguments)


def draw_sizes(rng):
    """Random sizes of a model, and the lengths of a random batch."""
    largest = {"num_classes": 4, "hidden_size": 9, "num_layers": 2, "num_features": 6}
    sizes = {name: int(rng.integers(1, top + 1)) for name, top in largest.items()}
    return sizes, rng.integers(1, 13, size=rng.integers(1, 6))


@pytest.mark.parametrize(("seed", "kind"), list(enumerate(KINDS)))
def test_outputs_agree_after_copying_either_way(seed, kind):
    """Each kind of model meets random sizes, weights and inputs of its own."""
    rng = np.random.default_rng(seed)
    sizes, lengths = draw_sizes(rng)
    features = sizes["num_features"]
    batch = pad([rng.normal(size=(length, features)) for length in lengths])
    names = ("cell", "bidirectional", "readout")
    in_torch, in_keras = make_pair(**dict(zip(names, kind, strict=True)), **sizes)
    randomise(in_torch, rng)
    parity.copy_weights(in_torch, in_keras)
    assert parity.output_difference(in_torch, in_keras, *batch) <= TOLERANCE
    randomise(in_keras, rng)
    parity.copy_weights(in_keras, in_torch)
    assert parity.output_difference(in_torch, in_keras, *batch) <= TOLERANCE


@pytest.mark.parametrize("bidirectional", [False, True])
def test_outputs_agree_on_ids_with_a_rating(bidirectional):
    rng = np.random.default_rng(0)
    in_torch, in_keras = make_pair(
        num_classes=2,
        cell="lstm",
        hidden_size=5,
        vocab_size=11,
        embedding_dim=4,
        bidirectional=bidirectional,
        readout="mean_max",
        with_rating=True,
    )
    ids = pad([rng.integers(1, 11, size=length) for length in (7, 1, 3)])
    parity.copy_weights(in_keras, in_torch)
    logits, rating = parity.outputs(in_torch, *ids)
    assert logits.shape == (3, 2)
    assert rating.shape == (3, 1)
    assert parity.output_difference(in_torch, in_keras, *ids) <= TOLERANCE


@pytest.mark.parametrize(
    ("make_torch", "make_keras", "shape"),
    [
        (lambda: nn.Linear(4, 3), lambda: keras.layers.Dense(3), (2, 4)),
        (lambda: nn.Embedding(9, 3), lambda: keras.layers.Embedding(9, 3), None),
    ],
)
def test_single_layers_agree(make_torch, make_keras, shape):
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 9, (2, 5)) if shape is None else rng.normal(size=shape)
    inputs = inputs.astype("int64" if shape is None else "float32")
    in_torch, in_keras = make_torch(), make_keras()
    in_keras.build(inputs.shape)
    parity.copy_weights(in_torch, in_keras)
    assert parity.output_difference(in_torch, in_keras, inputs) <= TOLERANCE
    parity.copy_weights(make_torch(), in_keras)
    parity.copy_weights(in_keras, in_torch)
    assert parity.output_difference(in_torch, in_keras, inputs) <= TOLERANCE


@pytest.mark.parametrize("cell", CELLS)
def test_single_recurrent_layers_agree(cell):
    inputs = np.random.default_rng(0).normal(size=(2, 6, 4)).astype("float32")
    in_torch = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](
        4, 3, batch_first=True
    )
    layer = {"rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}[cell]
    in_keras = getattr(keras.layers, layer)(3, return_sequences=True)
    in_keras.build((None, None, 4))
    parity.copy_weights(in_torch, in_keras)
    expected = in_torch(torch.tensor(inputs))[0].detach().numpy()
    np.testing.assert_allclose(in_keras(inputs), expected, atol=TOLERANCE)


BASE = {"num_classes": 3, "cell": "gru", "hidden_size": 4, "num_features": 2}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"cell": "lstm"}, "cell"),
        ({"hidden_size": 5}, "hidden_size"),
        ({"bidirectional": True}, "bidirectional"),
        ({"readout": "mean"}, "readout"),
        ({"num_layers": 2}, "num_layers"),
        ({"num_classes": 2}, "num_classes"),
        ({"with_rating": True}, "with_rating"),
    ],
)
def test_a_wrong_pair_is_refused_and_left_as_it_was(changed, named):
    in_torch, in_keras = TorchClassifier(**BASE), KerasClassifier(**BASE | changed)
    before = in_keras.get_weights()
    with pytest.raises(ValueError, match=named):
        parity.copy_weights(in_torch, in_keras)
    for old, new in zip(before, in_keras.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_models_may_differ_in_dropout():
    in_torch = TorchClassifier(**BASE, dropout=0.5)
    parity.copy_weights(in_torch, KerasClassifier(**BASE))


def test_layers_that_cannot_agree_are_refused():
    relu = keras.layers.SimpleRNN(3, activation="relu")
    before = keras.layers.GRU(3, reset_after=False)
    for layer in (relu, before):
        layer.build((None, None, 2))
    with pytest.raises(ValueError, match="rnn_relu"):
        parity.copy_weights(nn.RNN(2, 3), relu)
    with pytest.raises(ValueError, match="reset_after"):
        parity.copy_weights(nn.GRU(2, 3), before)
    with pytest.raises(TypeError, match="Conv1d"):
        parity.copy_weights(nn.Conv1d(1, 1, 1), relu)
