import keras
import numpy as np
import pytest
import tensorflow as tf
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from torch import nn

from helpers import parity, scratch
from helpers.scratch import LSTMWeights, lstm_backward, lstm_forward, lstm_step

SIZES = st.tuples(*(st.integers(1, top) for top in (4, 7, 5, 6)))
DTYPES = st.sampled_from(["float64", "float32"])
READS = st.sampled_from(["all", "last"])
NAMES = ("W_x", "W_h", "b")
#: The same draws every run; a failure is shown as found, since shrinking takes minutes.
PROPERTY = settings(derandomize=True, deadline=None, phases=[Phase.generate])


def make(sizes, seed=0, dtype="float64", started=True):
    """An input, weights, and the states to start from."""
    batch, steps, features, hidden_size = sizes
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(batch, steps, features)).astype(dtype)
    h, c = rng.normal(size=(2, batch, hidden_size)).astype(dtype)
    weights = LSTMWeights.random(features, hidden_size, seed, dtype)
    return x, weights, (h, c) if started else None


def in_torch(weights):
    features, hidden_size = len(weights.W_x), len(weights.W_h)
    layer = nn.LSTM(features, hidden_size, batch_first=True)
    layer = layer.to(getattr(torch, weights.b.dtype.name))
    parity.copy_weights(weights, layer)
    return layer


def in_keras(weights):
    layer = keras.layers.LSTM(
        len(weights.W_h),
        return_sequences=True,
        return_state=True,
        dtype=weights.b.dtype.name,
    )
    layer.build((None, None, len(weights.W_x)))
    parity.copy_weights(weights, layer)
    return layer


@settings(PROPERTY, max_examples=20)
@given(sizes=SIZES, seed=st.integers(0, 1000), dtype=DTYPES, started=st.booleans())
def test_forward_equals_both_libraries(assert_states, sizes, seed, dtype, started):
    x, weights, initial = make(sizes, seed, dtype, started)
    states, trace = lstm_forward(x, weights, initial)
    given_to_torch = started and tuple(torch.tensor(s)[None] for s in initial)
    with torch.no_grad():
        expected, (_, c) = in_torch(weights)(torch.tensor(x), given_to_torch or None)
    assert_states(states, expected)
    assert_states(trace.c[:, -1], c[0])
    expected, _, c = in_keras(weights)(x, initial_state=initial and list(initial))
    assert_states(states, expected)
    assert_states(trace.c[:, -1], c)


@settings(PROPERTY, max_examples=40)
@given(sizes=SIZES, seed=st.integers(0, 1000), dtype=DTYPES, reads=READS)
def test_backward_equals_autograd(
    assert_gradients, draw_gradient, sizes, seed, dtype, reads
):
    x, weights, initial = make(sizes, seed, dtype)
    states, trace = lstm_forward(x, weights, initial)
    d_states = draw_gradient(states, reads, seed)
    d_last_cell = draw_gradient(trace.c[:, -1:], "all", seed + 1)[:, 0]
    gradients, d_x, d_initial = lstm_backward(d_states, trace, weights, d_last_cell)

    layer = in_torch(weights)
    leaves = [torch.tensor(each, requires_grad=True) for each in (x, *initial)]
    expected, (_, c) = layer(leaves[0], (leaves[1][None], leaves[2][None]))
    loss = (expected * torch.tensor(d_states)).sum()
    (loss + (c[0] * torch.tensor(d_last_cell)).sum()).backward()
    kernels = layer.weight_ih_l0.grad.T, layer.weight_hh_l0.grad.T
    theirs = *kernels, layer.bias_ih_l0.grad, *(leaf.grad for leaf in leaves)
    assert_gradients((*vars(gradients).values(), d_x, *d_initial), theirs)


@pytest.mark.parametrize("reads", ["all", "last"])
def test_backward_equals_keras(assert_gradients, draw_gradient, reads):
    x, weights, initial = make((3, 5, 2, 4))
    states, trace = lstm_forward(x, weights, initial)
    d_states = draw_gradient(states, reads, seed=1)
    gradients, d_x, d_initial = lstm_backward(d_states, trace, weights)

    layer = in_keras(weights)
    leaves = [tf.Variable(each) for each in (x, *initial)]
    with tf.GradientTape() as tape:
        expected, *_ = layer(leaves[0], initial_state=leaves[1:])
        loss = tf.reduce_sum(expected * d_states)
    variables = [weight.value for weight in layer.trainable_weights]
    theirs = tape.gradient(loss, variables + leaves)
    assert_gradients((*vars(gradients).values(), d_x, *d_initial), theirs)


def test_backward_equals_finite_differences(assert_gradients):
    x, weights, initial = make((2, 4, 3, 2))
    target = np.random.default_rng(1).normal(size=(2, 2))

    def loss():
        return ((lstm_forward(x, weights, initial)[0][:, -1] - target) ** 2).sum()

    states, trace = lstm_forward(x, weights, initial)
    d_states = np.zeros_like(states)
    d_states[:, -1] = 2 * (states[:, -1] - target)
    gradients, d_x, d_initial = lstm_backward(d_states, trace, weights)
    nudged = (*vars(weights).values(), x, *initial)
    numeric = [scratch.numerical_gradient(loss, array) for array in nudged]
    assert_gradients((*vars(gradients).values(), d_x, *d_initial), numeric)


def test_initial_states_carry_on_where_a_sequence_was_cut(assert_states):
    x, weights, _ = make((3, 8, 2, 4))
    whole, _ = lstm_forward(x, weights)
    first, trace = lstm_forward(x[:, :5], weights)
    second, _ = lstm_forward(x[:, 5:], weights, (first[:, -1], trace.c[:, -1]))
    assert_states(np.concatenate([first, second], axis=1), whole)


def test_gradients_of_two_pieces_join_into_those_of_the_whole(assert_gradients):
    x, weights, initial = make((3, 8, 2, 4))
    whole, trace = lstm_forward(x, weights, initial)
    d_states = np.random.default_rng(1).normal(size=whole.shape)
    _, d_x, d_initial = lstm_backward(d_states, trace, weights)

    cut = whole[:, 4], trace.c[:, 4]
    _, second = lstm_forward(x[:, 5:], weights, cut)
    _, d_late, (d_h, d_c) = lstm_backward(d_states[:, 5:], second, weights)
    _, first = lstm_forward(x[:, :5], weights, initial)
    d_early = d_states[:, :5].copy()
    d_early[:, -1] += d_h
    _, d_early, joined = lstm_backward(d_early, first, weights, d_c)
    joined = np.concatenate([d_early, d_late], axis=1), *joined
    assert_gradients(joined, (d_x, *d_initial))


def test_the_trace_is_what_the_steps_give(assert_states):
    x, weights, (h, c) = make((2, 3, 2, 4))
    states, trace = lstm_forward(x, weights, (h, c))
    for t in range(3):
        h, c, (i, f, g, o) = lstm_step(x[:, t], h, c, weights)
        assert_states(states[:, t], h)
        for name, value in {"h": h, "c": c, "i": i, "f": f, "g": g, "o": o}.items():
            assert_states(getattr(trace, name)[:, t], value)


@pytest.mark.parametrize("size", [30.0, 1000.0])
def test_a_cell_that_forgets_and_writes_nothing_keeps_its_state(size):
    x, weights, initial = make((2, 50, 3, 4))
    weights.W_x[:], weights.W_h[:] = 0, 0
    weights.b[:4], weights.b[4:8] = -size, size  # input gate shut, forget gate open
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        states, trace = lstm_forward(x, weights, initial)
        _, _, (_, d_c) = lstm_backward(
            np.zeros_like(states), trace, weights, np.ones_like(initial[1])
        )
    np.testing.assert_allclose(trace.c[:, -1], initial[1], atol=1e-10)
    np.testing.assert_allclose(d_c, 1.0, atol=1e-10)


def test_the_sigmoid_equals_torch_and_never_overflows():
    z = np.concatenate([np.linspace(-40, 40, 81), [-1000.0, 1000.0, 0.0]])
    for dtype in ("float64", "float32"):
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            own = scratch.sigmoid(z.astype(dtype))
        assert own.dtype == dtype
        expected = torch.sigmoid(torch.tensor(z.astype(dtype)))
        np.testing.assert_allclose(own, expected, rtol=1e-6, atol=1e-37)
    assert own[-3:].tolist() == [0.0, 1.0, 0.5]


@pytest.mark.parametrize("library", [in_torch, in_keras])
def test_weights_come_back_from_the_libraries(library):
    _, weights, _ = make((1, 1, 3, 4))
    back = LSTMWeights.random(3, 4, seed=9)
    parity.copy_weights(library(weights), back)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(back, name), getattr(weights, name))


def test_two_biases_of_torch_become_one(assert_states):
    x, weights, _ = make((2, 5, 3, 4))
    layer = nn.LSTM(3, 4, batch_first=True).double()  # both of its biases are random
    parity.copy_weights(layer, weights)
    assert_states(lstm_forward(x, weights)[0], layer(torch.tensor(x))[0].detach())
    other = LSTMWeights.random(3, 4, seed=9)
    parity.copy_weights(weights, other)
    assert_states(lstm_forward(x, other)[0], lstm_forward(x, weights)[0])
    other.W_x[:] = 0
    assert weights.W_x.any()


@pytest.mark.parametrize("layer", [nn.LSTM(3, 5), nn.GRU(3, 4), nn.LSTM(3, 4, 2)])
def test_no_pair_is_refused(layer):
    with pytest.raises(ValueError, match="no pair"):
        parity.copy_weights(LSTMWeights.random(3, 4), layer)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"x": np.zeros((2, 3))}, r"^x must .*batch, steps, features.* got \(2, 3\)"),
        ({"x": np.zeros((2, 3, 6))}, "^x must"),
        ({"x": np.zeros((2, 0, 3))}, "^x must have at least one step"),
        ({"initial": np.zeros((3, 2, 4))}, "^initial must be a pair"),
        ({"initial": (np.zeros((2, 5)), np.zeros((2, 4)))}, "^h of initial must"),
        ({"initial": (np.zeros((2, 4)), np.zeros((1, 4)))}, "^c of initial must"),
        ({"W_x": np.zeros((3, 12))}, r"^weights.W_x must .*4 \* hidden_size"),
        ({"W_h": np.zeros((4, 4))}, "^weights.W_h must"),
        ({"b": np.zeros((2, 16))}, "^weights.b must"),
        ({"d_states": np.zeros((2, 1, 4))}, "^d_states must"),
        ({"d_last_cell": np.zeros(4)}, "^d_last_cell must"),
    ],
)
def test_wrong_shapes_are_refused_by_name(changed, named):
    given_shapes = {"x": np.zeros((2, 3, 3)), "initial": None} | changed
    weights = LSTMWeights.random(3, 4)
    for name in NAMES:
        setattr(weights, name, changed.get(name, getattr(weights, name)))
    d_states = changed.get("d_states", np.zeros((2, 3, 4)))
    with pytest.raises(ValueError, match=named):
        lstm_backward(
            d_states,
            lstm_forward(given_shapes["x"], weights, given_shapes["initial"])[1],
            weights,
            changed.get("d_last_cell"),
        )
