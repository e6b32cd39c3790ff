"""From a text to its states and figures, the same in both frameworks."""

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from torch import nn

from helpers import parity
from helpers.data import Vocabulary
from helpers.dynamics import shared_pca
from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.page.state_dynamics import (
    analyze_rnn_dynamics,
    compare_sequences,
    trace_text,
)
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier

VOCABULARY = Vocabulary(["the", "cat", "sat", "on", "mat", "and", "dog", "ran", "away"])
TEXT = "the cat sat on the mat and the dog ran away"


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


def models(cell="gru", floats=False, **arguments):
    size = len(VOCABULARY)
    width = (
        {"num_features": size} if floats else {"vocab_size": size, "embedding_dim": 5}
    )
    torch.manual_seed(0)
    pair = [
        kind(2, cell, 6, **width, **arguments)
        for kind in (TorchClassifier, KerasClassifier)
    ]
    parity.copy_weights(*pair)
    return pair


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("floats", [False, True])
def test_both_frameworks_go_through_the_same(cell, floats):
    first, second = (trace_text(TEXT, VOCABULARY, m) for m in models(cell, floats))
    assert first.trace.names == second.trace.names
    for name in first.trace.names:
        np.testing.assert_allclose(first[name], second[name], atol=1e-5)


@pytest.mark.parametrize("batch_first", [True, False])
def test_a_bare_layer_reads_one_hot_vectors(batch_first):
    torch.manual_seed(0)
    layer = nn.LSTM(len(VOCABULARY), 4, batch_first=batch_first)
    one_hot = torch.eye(len(VOCABULARY))[VOCABULARY.encode(TEXT.split())]
    expected = layer(one_hot)[0].detach()  # without a batch
    read = trace_text(TEXT, VOCABULARY, layer)
    np.testing.assert_allclose(read.states, expected, atol=1e-6)
    assert set(read.gates) == {"input", "forget", "candidate", "output"}


def test_a_bare_keras_layer_reads_one_hot_vectors():
    layer = keras.layers.SimpleRNN(4, return_sequences=True)
    one_hot = np.eye(len(VOCABULARY))[VOCABULARY.encode(TEXT.split())][None]
    expected = np.asarray(layer(one_hot))[0]
    read = trace_text(TEXT, VOCABULARY, layer)
    np.testing.assert_allclose(read.states, expected, atol=1e-6)
    assert read.gates == {}


def test_the_top_layer_is_read():
    model, _ = models("rnn", num_layers=2)
    ids = torch.tensor(VOCABULARY.encode(TEXT.split()))[None]
    expected = model.states(ids, torch.tensor([11])).detach()[0]
    read = trace_text(TEXT, VOCABULARY, model)
    np.testing.assert_allclose(read.states, expected, atol=1e-6)


def test_an_unknown_word_is_mapped_or_refused():
    model, _ = models()
    read = trace_text("the dog ran in the park", VOCABULARY, model)
    assert read.words == ["the", "dog", "ran", "<unk>", "the", "<unk>"]
    with pytest.raises(ValueError, match=r"text.*'in'"):
        trace_text("the dog ran in", VOCABULARY, model, unknown="refuse")
    with pytest.raises(ValueError, match="unknown"):
        trace_text("the dog", VOCABULARY, model, unknown="skip")


def test_an_empty_text_is_one_unknown_word():
    model, _ = models()
    read = trace_text("", VOCABULARY, model)
    assert read.words == ["<unk>"]
    assert read.states.shape == (1, 6)


def test_a_text_may_be_split_another_way():
    vocabulary = Vocabulary(["(", ")"])
    layer = nn.RNN(len(vocabulary), 2)
    assert trace_text("(())", vocabulary, layer, split=list).words == list("(())")


def test_analyze_returns_the_states_and_draws_them(capsys):
    model, _ = models("lstm")
    states = analyze_rnn_dynamics(TEXT + " far", VOCABULARY, model)
    assert states.shape == (12, 6)
    assert "Steps:  12, of which unknown: 1" in capsys.readouterr().out
    assert len(plt.get_fignums()) == 3  # states, gates, path


def test_a_plain_cell_has_no_gates_to_draw():
    model, _ = models("rnn")
    analyze_rnn_dynamics(TEXT, VOCABULARY, model)
    assert len(plt.get_fignums()) == 2


@pytest.mark.parametrize("text", ["cat", " ".join(60 * ["the", "dog"])])
def test_one_step_and_many_are_drawn(text):
    layer = nn.LSTM(len(VOCABULARY), 2, batch_first=True)
    assert analyze_rnn_dynamics(text, VOCABULARY, layer).shape[1] == 2
    plt.gcf().canvas.draw()


def test_compared_paths_lie_in_one_basis():
    model, _ = models()
    texts = ["the cat sat on the mat", "the dog ran away", "the cat ran on the mat"]
    states = compare_sequences(texts, VOCABULARY, model)
    assert list(states) == texts
    basis = shared_pca(list(states.values()))
    axes = plt.figure(plt.get_fignums()[0]).axes[0]
    drawn = {line.get_label(): line.get_xydata() for line in axes.get_lines()}
    for text, each in states.items():
        np.testing.assert_allclose(drawn[text], basis.project(each))
    # What begins alike goes alike; a basis for each text would part the two.
    np.testing.assert_allclose(drawn[texts[0]][:2], drawn[texts[2]][:2], atol=1e-6)


def test_compared_texts_must_differ():
    model, _ = models()
    with pytest.raises(ValueError, match="texts"):
        compare_sequences(["the cat", "the cat"], VOCABULARY, model)


def test_another_object_is_no_model():
    with pytest.raises(TypeError, match="model"):
        trace_text(TEXT, VOCABULARY, object())
