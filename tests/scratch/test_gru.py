import keras
import numpy as np
import pytest
import tensorflow as tf
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from torch import nn

from helpers import parity, scratch
from helpers.scratch import GRUWeights, gru_backward, gru_forward, gru_step

SIZES = st.tuples(*(st.integers(1, top) for top in (4, 7, 5, 6)))
DTYPES = st.sampled_from(["float64", "float32"])
READS = st.sampled_from(["all", "last"])
NAMES = ("W_x", "W_h", "b")
#: The same draws every run; a failure is shown as found, since shrinking takes minutes.
PROPERTY = settings(derandomize=True, deadline=None, phases=[Phase.generate])
both_conventions = pytest.mark.parametrize("reset_after", [True, False])


def make(sizes, seed=0, dtype="float64", reset_after=True, started=True):
    """An input, weights, and the state to start from."""
    batch, steps, features, hidden_size = sizes
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(batch, steps, features)).astype(dtype)
    h = rng.normal(size=(batch, hidden_size)).astype(dtype)
    weights = GRUWeights.random(features, hidden_size, seed, dtype, reset_after)
    assert weights.reset_after == reset_after
    return x, weights, h if started else None


def in_torch(weights):
    layer = nn.GRU(len(weights.W_x), len(weights.W_h), batch_first=True)
    layer = layer.to(getattr(torch, weights.b.dtype.name))
    parity.copy_weights(weights, layer)
    return layer


def in_keras(weights):
    layer = keras.layers.GRU(
        len(weights.W_h),
        return_sequences=True,
        reset_after=weights.reset_after,
        dtype=weights.b.dtype.name,
    )
    layer.build((None, None, len(weights.W_x)))
    parity.copy_weights(weights, layer)
    return layer


def paper_in_torch(x, h, W_x, W_h, b):
    """The states by the paper's formula, one product a gate, for autograd."""
    W_xr, W_xz, W_xn = W_x.chunk(3, dim=1)
    W_hr, W_hz, W_hn = W_h.chunk(3, dim=1)
    b_r, b_z, b_n = b.chunk(3)
    states = []
    for x_t in x.unbind(1):
        reset = torch.sigmoid(x_t @ W_xr + h @ W_hr + b_r)
        update = torch.sigmoid(x_t @ W_xz + h @ W_hz + b_z)
        candidate = torch.tanh(x_t @ W_xn + (reset * h) @ W_hn + b_n)
        h = update * h + (1 - update) * candidate
        states.append(h)
    return torch.stack(states, dim=1)


@both_conventions
@settings(PROPERTY, max_examples=12)
@given(sizes=SIZES, seed=st.integers(0, 1000), dtype=DTYPES, started=st.booleans())
def test_forward_equals_the_libraries(
    assert_states, reset_after, sizes, seed, dtype, started
):
    x, weights, initial = make(sizes, seed, dtype, reset_after, started)
    states, _ = gru_forward(x, weights, initial)
    assert_states(states, in_keras(weights)(x, initial_state=initial))
    if reset_after:  # PyTorch has no other
        given_to_torch = torch.tensor(initial)[None] if started else None
        with torch.no_grad():
            expected, _ = in_torch(weights)(torch.tensor(x), given_to_torch)
        assert_states(states, expected)


@settings(PROPERTY, max_examples=40)
@given(sizes=SIZES, seed=st.integers(0, 1000), dtype=DTYPES, reads=READS)
def test_backward_equals_autograd(
    assert_gradients, draw_gradient, sizes, seed, dtype, reads
):
    x, weights, initial = make(sizes, seed, dtype)
    states, trace = gru_forward(x, weights, initial)
    d_states = draw_gradient(states, reads, seed)
    gradients, d_x, d_h = gru_backward(d_states, trace, weights)

    layer = in_torch(weights)
    leaves = [torch.tensor(each, requires_grad=True) for each in (x, initial)]
    layer(leaves[0], leaves[1][None])[0].backward(torch.tensor(d_states))
    kernels = layer.weight_ih_l0.grad.T, layer.weight_hh_l0.grad.T
    biases = torch.stack([layer.bias_ih_l0.grad, layer.bias_hh_l0.grad])
    theirs = *kernels, biases, *(leaf.grad for leaf in leaves)
    assert_gradients((*vars(gradients).values(), d_x, d_h), theirs)


@settings(PROPERTY, max_examples=40)
@given(sizes=SIZES, seed=st.integers(0, 1000), dtype=DTYPES, reads=READS)
def test_backward_of_the_paper_equals_autograd(
    assert_states, assert_gradients, draw_gradient, sizes, seed, dtype, reads
):
    x, weights, initial = make(sizes, seed, dtype, reset_after=False)
    states, trace = gru_forward(x, weights, initial)
    d_states = draw_gradient(states, reads, seed)
    gradients, d_x, d_h = gru_backward(d_states, trace, weights)

    arrays = (x, initial, *vars(weights).values())
    leaves = [torch.tensor(each, requires_grad=True) for each in arrays]
    expected = paper_in_torch(*leaves)
    assert_states(states, expected.detach())
    expected.backward(torch.tensor(d_states))
    ours = (d_x, d_h, *vars(gradients).values())
    assert_gradients(ours, [leaf.grad for leaf in leaves])


@both_conventions
@pytest.mark.parametrize("reads", ["all", "last"])
def test_backward_equals_keras(assert_gradients, draw_gradient, reset_after, reads):
    x, weights, initial = make((3, 5, 2, 4), reset_after=reset_after)
    states, trace = gru_forward(x, weights, initial)
    d_states = draw_gradient(states, reads, seed=1)
    gradients, d_x, d_h = gru_backward(d_states, trace, weights)

    layer = in_keras(weights)
    leaves = [tf.Variable(x), tf.Variable(initial)]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(leaves[0], initial_state=leaves[1]) * d_states)
    variables = [weight.value for weight in layer.trainable_weights]
    *of_weights, of_x, of_h = tape.gradient(loss, variables + leaves)
    # Keras keeps the update gate first.
    order = np.r_[4:8, 0:4, 8:12]
    of_weights = [np.asarray(each)[..., order] for each in of_weights]
    ours = (*vars(gradients).values(), d_x, d_h)
    assert_gradients(ours, (*of_weights, of_x, of_h))


@both_conventions
def test_backward_equals_finite_differences(assert_gradients, reset_after):
    x, weights, initial = make((2, 4, 3, 2), reset_after=reset_after)
    target = np.random.default_rng(1).normal(size=(2, 2))

    def loss():
        return ((gru_forward(x, weights, initial)[0][:, -1] - target) ** 2).sum()

    states, trace = gru_forward(x, weights, initial)
    d_states = np.zeros_like(states)
    d_states[:, -1] = 2 * (states[:, -1] - target)
    gradients, d_x, d_h = gru_backward(d_states, trace, weights)
    nudged = (*vars(weights).values(), x, initial)
    numeric = [scratch.numerical_gradient(loss, array) for array in nudged]
    assert_gradients((*vars(gradients).values(), d_x, d_h), numeric)


@both_conventions
def test_two_pieces_join_into_the_whole(assert_states, assert_gradients, reset_after):
    x, weights, initial = make((3, 8, 2, 4), reset_after=reset_after)
    whole, trace = gru_forward(x, weights, initial)
    d_states = np.random.default_rng(1).normal(size=whole.shape)
    _, d_x, d_initial = gru_backward(d_states, trace, weights)

    early, first = gru_forward(x[:, :5], weights, initial)
    late, second = gru_forward(x[:, 5:], weights, early[:, -1])
    assert_states(np.concatenate([early, late], axis=1), whole)
    _, d_late, d_h = gru_backward(d_states[:, 5:], second, weights)
    d_early = d_states[:, :5].copy()
    d_early[:, -1] += d_h
    _, d_early, d_h = gru_backward(d_early, first, weights)
    joined = np.concatenate([d_early, d_late], axis=1)
    assert_gradients((joined, d_h), (d_x, d_initial))


@both_conventions
def test_the_trace_is_what_the_steps_give(assert_states, reset_after):
    x, weights, h = make((2, 3, 2, 4), reset_after=reset_after)
    states, trace = gru_forward(x, weights, h)
    for t in range(3):
        h, (r, z, n) = gru_step(x[:, t], h, weights)
        assert_states(states[:, t], h)
        for name, value in {"h": h, "r": r, "z": z, "n": n}.items():
            assert_states(getattr(trace, name)[:, t], value)


@both_conventions
def test_an_update_gate_of_1_keeps_the_state(reset_after):
    x, weights, initial = make((2, 50, 3, 4), reset_after=reset_after)
    weights.W_x[:], weights.W_h[:], weights.b[..., 4:8] = 0, 0, 1000
    states, trace = gru_forward(x, weights, initial)
    assert (trace.z == 1).all()
    np.testing.assert_array_equal(states[:, -1], initial)


def test_the_two_conventions_differ_where_the_reset_gate_acts():
    x, weights, initial = make((2, 3, 3, 4), reset_after=False)
    after = GRUWeights(weights.W_x, weights.W_h, np.stack([weights.b, 0 * weights.b]))
    first, second = (gru_forward(x, w, initial)[0] for w in (weights, after))
    assert np.abs(first - second).max() > 0.01
    weights.W_x[:, :4], weights.W_h[:, :4], weights.b[:4] = 0, 0, 1000  # r = 1
    after.b[0] = weights.b
    first, second = (gru_forward(x, w, initial)[0] for w in (weights, after))
    np.testing.assert_allclose(first, second, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("library", "reset_after"),
    [(in_torch, True), (in_keras, True), (in_keras, False)],
)
def test_weights_come_back_from_the_libraries(library, reset_after):
    _, weights, _ = make((1, 1, 3, 4), reset_after=reset_after)
    back = GRUWeights.random(3, 4, seed=9, reset_after=reset_after)
    parity.copy_weights(library(weights), back)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(back, name), getattr(weights, name))


@both_conventions
def test_a_copy_is_a_copy(assert_states, reset_after):
    x, weights, _ = make((2, 5, 3, 4), reset_after=reset_after)
    other = GRUWeights.random(3, 4, seed=9, reset_after=reset_after)
    parity.copy_weights(weights, other)
    assert_states(gru_forward(x, other)[0], gru_forward(x, weights)[0])
    for name in NAMES:
        getattr(other, name)[:] = 0
        assert getattr(weights, name).any()


@pytest.mark.parametrize(
    "counterpart",
    [nn.GRU(3, 4), GRUWeights.random(3, 4)],
    ids=lambda counterpart: type(counterpart).__name__,
)
def test_the_two_conventions_are_no_pair(counterpart):
    before = GRUWeights.random(3, 4, reset_after=False)
    in_keras_before = in_keras(before)
    for layer in (before, in_keras_before):
        with pytest.raises(ValueError, match=r"no pair.*reset_after=False"):
            parity.copy_weights(layer, counterpart)
        with pytest.raises(ValueError, match=r"no pair.*reset_after=False"):
            parity.copy_weights(counterpart, layer)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"x": np.zeros((2, 3))}, r"^x must .*batch, steps, features.* got \(2, 3\)"),
        ({"x": np.zeros((2, 3, 6))}, "^x must"),
        ({"x": np.zeros((2, 0, 3))}, "^x must have at least one step"),
        ({"initial": np.zeros((2, 5))}, "^initial must"),
        ({"W_x": np.zeros((3, 16))}, r"^weights.W_x must .*3 \* hidden_size"),
        ({"W_h": np.zeros((4, 4))}, "^weights.W_h must"),
        ({"b": np.zeros((3, 12))}, "^weights.b must"),
        ({"b": np.zeros(4)}, "^weights.b must"),
        ({"d_states": np.zeros((2, 1, 4))}, "^d_states must"),
    ],
)
def test_wrong_shapes_are_refused_by_name(changed, named):
    x, initial = changed.get("x", np.zeros((2, 3, 3))), changed.get("initial")
    weights = GRUWeights.random(3, 4)
    for name in NAMES:
        setattr(weights, name, changed.get(name, getattr(weights, name)))
    d_states = changed.get("d_states", np.zeros((2, 3, 4)))
    with pytest.raises(ValueError, match=named):
        gru_backward(d_states, gru_forward(x, weights, initial)[1], weights)
