"""The translators: equal in both frameworks, blind to pads, the same step by step."""

import keras
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import parity
from helpers.data import pad
from helpers.keras import translator as keras_translator
from helpers.pytorch import translator as torch_translator

SIZES = {"source_vocab_size": 20, "target_vocab_size": 25}
KINDS = ("additive", "dot", None)
SOURCES = [[5, 6, 7, 8, 3], [4], [9, 9, 3]]
TARGETS = [[2, 5, 6], [2, 7, 8, 9, 4], [2]]

every_kind = pytest.mark.parametrize("attention", KINDS)
both_halves = pytest.mark.parametrize("name", ["pytorch", "keras"])


def _models(attention, embedding_dim=6, hidden_size=8, dropout=0.0):
    arguments = SIZES | {
        "embedding_dim": embedding_dim,
        "hidden_size": hidden_size,
        "attention": attention,
        "dropout": dropout,
    }
    in_torch = torch_translator.Translator(**arguments).eval()
    in_keras = keras_translator.Translator(**arguments)
    parity.copy_weights(in_torch, in_keras)
    return {"pytorch": in_torch, "keras": in_keras}


def _batch(sources=SOURCES, targets=TARGETS, more=0):
    longest = [max(map(len, part)) + more for part in (sources, targets)]
    source, lengths = pad(sources, longest[0])
    return source, lengths, pad(targets, longest[1])[0]


def _arrays(*values):
    return [
        np.asarray(v.detach() if isinstance(v, torch.Tensor) else v) for v in values
    ]


def _inputs(name, *arrays):
    return [torch.from_numpy(a) for a in arrays] if name == "pytorch" else arrays


sentences = st.lists(st.integers(1, 19), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(sentences, sentences), min_size=1, max_size=4),
    st.integers(1, 6),
    st.integers(1, 4),
)
def test_equal_weights_give_equal_answers(attention, pairs, width, half):
    models = _models(attention, width, 2 * half)
    batch = _batch(*map(list, zip(*pairs, strict=True)))
    assert parity.output_difference(*models.values(), *batch) <= 1e-5
    back = torch_translator.Translator(**models["keras"].config)
    parity.copy_weights(models["keras"], back)
    assert parity.output_difference(models["keras"], back, *batch) <= 1e-5


@every_kind
@both_halves
def test_shapes(name, attention):
    found = parity.outputs(_models(attention)[name], *_batch())
    assert found[0].shape == (3, 5, 25)
    assert [weights.shape for weights in found[1:]] == [(3, 5, 5)] * bool(attention)


@every_kind
@both_halves
def test_pads_change_nothing(name, attention):
    model = _models(attention)[name]
    short = parity.outputs(model, *_batch())
    long = parity.outputs(model, *_batch(more=6))
    for row, target in enumerate(TARGETS):
        steps = len(target)
        np.testing.assert_allclose(
            long[0][row, :steps], short[0][row, :steps], atol=1e-5
        )
        if attention:
            np.testing.assert_allclose(
                long[1][row, :steps, :5], short[1][row, :steps], atol=1e-6
            )


@pytest.mark.parametrize("attention", ["additive", "dot"])
@both_halves
def test_attention_is_exactly_0_on_pads_and_sums_to_1(name, attention):
    _, weights = parity.outputs(_models(attention)[name], *_batch(more=3))
    for row, source in enumerate(SOURCES):
        assert (weights[row, :, len(source) :] == 0).all()
        np.testing.assert_allclose(weights[row].sum(axis=-1), 1, atol=1e-6)


@every_kind
@both_halves
def test_a_sentence_in_a_batch_is_read_as_if_alone(name, attention):
    model = _models(attention)[name]
    together = parity.outputs(model, *_batch())
    for row, (source, target) in enumerate(zip(SOURCES, TARGETS, strict=True)):
        alone = parity.outputs(model, *_batch([source], [target]))
        steps = len(target)
        np.testing.assert_allclose(together[0][row, :steps], alone[0][0], atol=1e-5)


@every_kind
@both_halves
def test_word_by_word_equals_teacher_forcing(name, attention):
    model = _models(attention)[name]
    source, lengths, target_in = _batch()
    expected = parity.outputs(model, source, lengths, target_in)
    memory = model.encode(*_inputs(name, source, lengths))
    state = memory.state
    for t in range(target_in.shape[1]):
        (tokens,) = _inputs(name, target_in[:, t])
        log_probs, state, weights = model.decode_step(tokens, state, memory)
        logits = expected[0][:, t]
        normed = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        np.testing.assert_allclose(_arrays(log_probs)[0], normed, atol=1e-5)
        if attention:
            np.testing.assert_allclose(
                _arrays(weights)[0], expected[1][:, t], atol=1e-6
            )
        else:
            assert weights is None


@every_kind
def test_a_greedy_decode_is_the_same_token_for_token(attention):
    models = _models(attention, embedding_dim=16, hidden_size=32)
    written = {}
    for name, model in models.items():
        source, lengths, _ = _batch()
        memory = model.encode(*_inputs(name, source, lengths))
        tokens, state, words = np.full(3, 2), memory.state, []
        for _ in range(12):
            log_probs, state, _ = model.decode_step(
                *_inputs(name, tokens), state, memory
            )
            tokens = _arrays(log_probs)[0].argmax(axis=-1)
            words.append(tokens)
        written[name] = np.stack(words, axis=1)
    np.testing.assert_array_equal(written["pytorch"], written["keras"])


@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_a_later_word_cannot_be_seen(attention):
    """The decoder runs forwards: another last word changes no earlier logit."""
    for name, model in _models(attention).items():
        source, lengths, target_in = _batch()
        other = target_in.copy()
        other[:, -1] = 11
        first, second = (
            parity.outputs(model, source, lengths, t)[0] for t in (target_in, other)
        )
        np.testing.assert_allclose(first[:, :-1], second[:, :-1], atol=1e-6)
        assert np.abs(first[:, -1] - second[:, -1]).max() > 1e-3, name


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"hidden_size": 7}, "hidden_size must be even"),
        ({"hidden_size": 0}, "hidden_size must be"),
        ({"attention": "cosine"}, "attention must be one of additive, dot"),
        ({"dropout": 1.0}, "dropout must be"),
        ({"target_vocab_size": 0}, "target_vocab_size must be"),
    ],
)
@pytest.mark.parametrize("half", [torch_translator, keras_translator])
def test_a_wrong_argument_is_named(half, wrong, message):
    with pytest.raises(ValueError, match=message):
        half.Translator(**SIZES | wrong)


def test_a_pair_that_is_none_is_refused():
    first, second = _models("dot")["pytorch"], _models("additive")["keras"]
    with pytest.raises(ValueError, match="attention is 'dot' in the source"):
        parity.copy_weights(first, second)


@every_kind
def test_both_have_the_same_number_of_parameters_up_to_biases(attention):
    models = _models(attention)
    own = sum(p.numel() for p in models["pytorch"].parameters())
    assert own == models["keras"].count_params()


@every_kind
def test_saved_models_load_safely(tmp_path, attention):
    models, batch = _models(attention), _batch()
    first = models["pytorch"]
    torch.save(
        {"config": first.config, "weights": first.state_dict()}, tmp_path / "m.pt"
    )
    saved = torch.load(tmp_path / "m.pt", weights_only=True)
    again = torch_translator.Translator(**saved["config"])
    again.load_state_dict(saved["weights"])
    assert parity.output_difference(first, again, *batch) == 0
    models["keras"].save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras", safe_mode=True)
    assert parity.output_difference(models["keras"], loaded, *batch) <= 1e-6


@every_kind
def test_no_tensor_is_made_on_a_fixed_device(attention):
    """Packing does not run on the meta device; all that follows it must."""
    with torch.device("meta"):
        model = torch_translator.Translator(**SIZES, attention=attention)
        memory = torch_translator.Memory(
            torch.empty(2, 5, 128),
            torch.empty(2, 5, 128),
            torch.ones(2, 5, dtype=torch.bool),
            torch.empty(2, 128),
        )
        tokens = torch.ones(2, dtype=torch.int64)
    log_probs, state, _ = model.decode_step(tokens, memory.state, memory)
    assert log_probs.device.type == state.device.type == "meta"


@both_halves
def test_dropout_acts_in_training_only(name):
    model = _models("dot", dropout=0.5)[name]
    first, second = (parity.outputs(model, *_batch())[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    if name == "pytorch":
        batch = _inputs(name, *_batch())
        drawn = [model.train()(*batch)[0].detach().numpy() for _ in range(2)]
    else:
        drawn = [np.asarray(model(_batch(), training=True)[0]) for _ in range(2)]
    assert np.abs(drawn[0] - drawn[1]).max() > 1e-3
