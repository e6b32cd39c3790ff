import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from helpers import scratch
from helpers.keras import keras
from helpers.scratch.attention import (
    additive_scores,
    attend,
    dot_attention_backward,
    dot_scores,
    masked_softmax,
    softmax_backward,
)

#: batch, target steps, source steps, units
SIZES = st.tuples(*(st.integers(1, top) for top in (4, 5, 6, 7)))
DTYPES = st.sampled_from(["float64", "float32"])
SCALES = st.sampled_from([1.0, 0.3])
PROPERTY = settings(
    max_examples=25, derandomize=True, deadline=None, phases=[Phase.generate]
)
one_step_may_be_all = pytest.mark.filterwarnings("ignore:You are using a softmax over")
forms = pytest.mark.parametrize("single", [True, False], ids=["one", "sequence"])


def make(sizes, seed=0, dtype="float64", single=False):
    """Query, keys, values and mask; every sequence has at least one real step."""
    batch, target_steps, source_steps, units = sizes
    rng = np.random.default_rng(seed)
    shapes = (target_steps, units), (source_steps, units), (source_steps, units + 1)
    query, keys, values = (
        rng.normal(size=(batch, *shape)).astype(dtype) for shape in shapes
    )
    lengths = rng.integers(1, source_steps + 1, batch)
    mask = np.arange(source_steps) < lengths[:, None]
    return query[:, 0] if single else query, keys, values, mask


def dot_attention(query, keys, values, mask, scale=1.0):
    weights = masked_softmax(dot_scores(query, keys, scale), mask)
    return attend(weights, values), weights


def in_torch(query, keys, values, mask, scale):
    return F.scaled_dot_product_attention(
        query, keys, values, attn_mask=torch.tensor(mask)[:, None], scale=scale
    )


@PROPERTY
@given(SIZES, st.integers(0, 1000), DTYPES, SCALES)
def test_dot_attention_equals_torch(assert_states, sizes, seed, dtype, scale):
    query, keys, values, mask = make(sizes, seed, dtype)
    tensors = map(torch.tensor, (query, keys, values))
    expected = in_torch(*tensors, mask, scale)
    context, _ = dot_attention(query, keys, values, mask, scale)
    assert_states(context, expected)
    for t in range(query.shape[1]):
        one, _ = dot_attention(query[:, t], keys, values, mask, scale)
        assert_states(one, expected[:, t])


@one_step_may_be_all
@PROPERTY
@given(SIZES, st.integers(0, 1000), DTYPES)
def test_dot_attention_equals_keras(assert_states, sizes, seed, dtype):
    query, keys, values, mask = make(sizes, seed, dtype)
    layer = keras.layers.Attention(dtype=dtype)
    expected = layer(
        [query, values, keys], mask=[None, mask], return_attention_scores=True
    )
    for own, theirs in zip(
        dot_attention(query, keys, values, mask), expected, strict=True
    ):
        assert_states(own, theirs)


@one_step_may_be_all
@PROPERTY
@given(SIZES, st.integers(0, 1000), DTYPES)
def test_additive_attention_equals_keras(assert_states, sizes, seed, dtype):
    """Keras has ``v`` alone, and calls it scale: it gets query and keys multiplied."""
    query, keys, values, mask = make(sizes, seed, dtype)
    *W, v = projections(query.shape[-1], keys.shape[-1], seed, dtype)
    layer = keras.layers.AdditiveAttention(dtype=dtype)
    read = query @ W[0], values, keys @ W[1]
    layer.build([each.shape for each in read])
    layer.set_weights([v])
    expected, expected_weights = layer(
        list(read), mask=[None, mask], return_attention_scores=True
    )
    weights = masked_softmax(additive_scores(query, keys, *W, v), mask)
    assert_states(weights, expected_weights)
    assert_states(attend(weights, values), expected)
    for t in range(query.shape[1]):
        one = masked_softmax(additive_scores(query[:, t], keys, *W, v), mask)
        assert_states(one, expected_weights[:, t])


def projections(query_units, key_units, seed=0, dtype="float64", units=5):
    rng = np.random.default_rng(seed)
    shapes = (query_units, units), (key_units, units), units
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def test_additive_scores_by_loops():
    """Query and keys of different widths, as in Bahdanau's equation."""
    rng = np.random.default_rng(0)
    query, keys = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 6))
    W_query, W_keys, v = projections(4, 6)
    scores = additive_scores(query, keys, W_query, W_keys, v)
    assert scores.shape == (2, 3, 5)
    for b, t, s in np.ndindex(scores.shape):
        hidden = np.tanh(W_query.T @ query[b, t] + W_keys.T @ keys[b, s])
        assert scores[b, t, s] == pytest.approx(v @ hidden)


def test_dot_attention_worked_by_hand():
    query = np.array([[2.0, 1.0]])
    keys = np.array([[[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]]])
    scores = dot_scores(query, keys)
    assert scores.tolist() == [[2, 2, 7]]
    weights = masked_softmax(scores, np.array([[True, True, False]]))
    assert weights.tolist() == [[0.5, 0.5, 0]]
    assert attend(weights, keys).tolist() == [[0.5, 1.0]]


class TestMaskedSoftmax:
    @PROPERTY
    @given(SIZES, st.integers(0, 1000), DTYPES)
    def test_pads_weigh_nothing_and_the_rest_adds_up(self, sizes, seed, dtype):
        scores = make(sizes, seed, dtype)[0].swapaxes(1, 2)
        mask = np.random.default_rng(seed).random(scores.shape[::2]) < 0.6
        weights = masked_softmax(scores, mask)
        assert weights.dtype == dtype
        assert weights.shape == scores.shape
        assert (weights.swapaxes(1, 2)[~mask] == 0).all()
        total = np.broadcast_to(mask.any(axis=1)[:, None], scores.shape[:2])
        np.testing.assert_allclose(weights.sum(axis=-1), total, atol=1e-6)

    @forms
    @pytest.mark.parametrize("pad", [0.0, 1e9, -1e9, np.inf, -np.inf, np.nan])
    def test_what_stands_on_a_pad_changes_nothing(self, single, pad):
        query, keys, _, _ = make((3, 2, 4, 5), single=single)
        scores = dot_scores(query, keys)
        wanted = masked_softmax(scores, np.ones((3, 4)))
        padded = np.concatenate(
            [scores, np.full((*scores.shape[:-1], 2), pad)], axis=-1
        )
        weights = masked_softmax(padded, np.arange(6) < np.full((3, 1), 4))
        np.testing.assert_array_equal(weights[..., :4], wanted)
        assert (weights[..., 4:] == 0).all()

    @forms
    def test_without_a_real_step_all_is_0(self, single):
        query, keys, values, mask = make((3, 2, 4, 5), single=single)
        mask[1] = False
        with np.errstate(all="raise"):
            context, weights = dot_attention(query, keys, values, mask)
        assert (weights[1] == 0).all()
        assert (context[1] == 0).all()
        np.testing.assert_allclose(weights[[0, 2]].sum(axis=-1), 1)

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("size", [1e4, 1e30, -1e4, -1e30])
    def test_huge_scores_do_not_overflow(self, dtype, size):
        scores = np.array([[size, size, size - abs(size), 0]], dtype)
        mask = np.array([[True, True, True, False]])
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            weights = masked_softmax(scores, mask)
        assert weights.tolist() == [[0.5, 0.5, 0, 0]]

    def test_the_input_is_not_changed(self):
        scores, mask = np.ones((2, 3)), np.array([[1, 0, 0], [1, 1, 1]])
        masked_softmax(scores, mask)
        assert (scores == 1).all()
        assert mask.tolist() == [[1, 0, 0], [1, 1, 1]]


@forms
def test_longer_padding_changes_nothing(assert_states, single):
    query, keys, values, mask = make((3, 2, 4, 5), single=single)
    wanted = dot_attention(query, keys, values, mask)
    W = projections(5, 5)
    additive = masked_softmax(additive_scores(query, keys, *W), mask)
    keys, values = (
        np.pad(x, [(0, 0), (0, 3), (0, 0)], constant_values=1e3) for x in (keys, values)
    )
    mask = np.pad(mask, [(0, 0), (0, 3)])
    context, weights = dot_attention(query, keys, values, mask)
    assert_states(context, wanted[0])
    assert_states(weights[..., :4], wanted[1])
    longer = masked_softmax(additive_scores(query, keys, *W), mask)
    assert_states(longer[..., :4], additive)


@PROPERTY
@given(SIZES, st.integers(0, 1000), DTYPES, SCALES, st.booleans())
def test_backward_equals_autograd(assert_gradients, sizes, seed, dtype, scale, single):
    query, keys, values, mask = make(sizes, seed, dtype, single)
    context, weights = dot_attention(query, keys, values, mask, scale)
    d_context = np.random.default_rng(seed).normal(size=context.shape).astype(dtype)
    own = dot_attention_backward(d_context, query, keys, values, weights, scale)
    leaves = [torch.tensor(x, requires_grad=True) for x in (query, keys, values)]
    first = leaves[0][:, None] if single else leaves[0]
    expected = in_torch(first, *leaves[1:], mask, scale)
    (expected * torch.tensor(d_context).reshape(expected.shape)).sum().backward()
    assert_gradients(own, [leaf.grad for leaf in leaves])


def test_the_softmax_backward_equals_finite_differences():
    rng = np.random.default_rng(0)
    scores, d_weights = rng.normal(size=(2, 3, 2, 4))
    mask = np.array([[1, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]])
    own = softmax_backward(d_weights, masked_softmax(scores, mask))
    numeric = scratch.numerical_gradient(
        lambda: (masked_softmax(scores, mask) * d_weights).sum(), scores
    )
    np.testing.assert_allclose(own, numeric, atol=1e-8)
    assert (own.swapaxes(1, 2)[mask == 0] == 0).all()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"keys": np.zeros((2, 4))}, r"^keys must .* got \(2, 4\)"),
        ({"query": np.zeros(5)}, r"^query must be \(batch, units\) = \(2, 5\)"),
        ({"query": np.zeros((3, 5))}, "^query must be .* = .2, 5.; got .3, 5."),
        ({"query": np.zeros((2, 6))}, "^query must be"),
        (
            {"query": np.zeros((2, 3, 6))},
            r"^query must be \(batch, target_steps, units",
        ),
        ({"mask": np.zeros((2, 4, 1))}, r"^mask must be \(batch, source_steps\)"),
        ({"mask": np.zeros((2, 3))}, "^scores must .* = .2, 3.; got .2, 4."),
        ({"mask": np.zeros((1, 4))}, "^scores must .* = .1, 4.; got .2, 4."),
        ({"values": np.zeros((2, 4))}, "^values must"),
        ({"values": np.zeros((2, 3, 5))}, "^weights must .* = .2, 3.; got .2, 4."),
    ],
)
def test_wrong_shapes_are_refused_by_name(changed, named):
    shapes = {"query": (2, 5), "keys": (2, 4, 5), "values": (2, 4, 5), "mask": (2, 4)}
    arrays = {name: np.ones(shape) for name, shape in shapes.items()} | changed
    with pytest.raises(ValueError, match=named):
        dot_attention(**arrays)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"query": np.zeros((3, 6))}, "^query must be .batch, query_units. = .2, any."),
        ({"keys": np.zeros((2, 7))}, "^keys must be"),
        ({"W_query": np.zeros((7, 3))}, "^W_query must .* = .6, 3.; got .7, 3."),
        ({"W_keys": np.zeros((7, 4))}, "^W_keys must .* = .7, 3.; got .7, 4."),
        ({"v": np.zeros((3, 1))}, "^v must be .units. = "),
    ],
)
def test_wrong_shapes_of_the_additive_form_are_refused_by_name(changed, named):
    shapes = {"query": (2, 6), "keys": (2, 4, 7), "W_query": (6, 3), "W_keys": (7, 3)}
    arrays = {name: np.ones(shape) for name, shape in (shapes | {"v": 3}).items()}
    with pytest.raises(ValueError, match=named):
        additive_scores(**arrays | changed)
