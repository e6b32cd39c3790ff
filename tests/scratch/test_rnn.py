import keras
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from helpers import parity, scratch
from helpers.scratch import RNNWeights, rnn_backward, rnn_forward

SIZES = st.tuples(*(st.integers(1, top) for top in (4, 9, 5, 6)))
EXACT = {"rtol": 0, "atol": 1e-8}


def make(sizes, seed=0, dtype="float64"):
    batch, steps, features, hidden_size = sizes
    x = np.random.default_rng(seed).normal(size=(batch, steps, features))
    return x.astype(dtype), RNNWeights.random(features, hidden_size, seed, dtype)


@settings(max_examples=20, derandomize=True, deadline=None)
@given(sizes=SIZES, seed=st.integers(0, 1000))
def test_forward_equals_both_libraries(sizes, seed):
    x, weights = make(sizes, seed, "float32")
    in_torch = nn.RNN(sizes[2], sizes[3], batch_first=True)
    in_keras = keras.layers.SimpleRNN(sizes[3], return_sequences=True)
    in_keras.build((None, None, sizes[2]))
    parity.copy_weights(weights, in_torch)
    parity.copy_weights(weights, in_keras)
    states = rnn_forward(x, weights)
    expected = in_torch(torch.tensor(x))[0].detach()
    np.testing.assert_allclose(states, expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(states, in_keras(x), rtol=0, atol=1e-5)


def torch_gradients(x, weights, d_states):
    """Gradients by autograd."""
    layer = nn.RNN(x.shape[2], len(weights.W_h), batch_first=True).double()
    parity.copy_weights(weights, layer)
    inputs = torch.tensor(x, requires_grad=True)
    (layer(inputs)[0] * torch.tensor(d_states)).sum().backward()
    kernel, recurrent = layer.weight_ih_l0.grad.T, layer.weight_hh_l0.grad.T
    return kernel, recurrent, layer.bias_ih_l0.grad, inputs.grad


@settings(max_examples=30, derandomize=True, deadline=None)
@given(sizes=SIZES, seed=st.integers(0, 1000))
def test_backward_equals_autograd(sizes, seed):
    x, weights = make(sizes, seed)
    states = rnn_forward(x, weights)
    d_states = np.random.default_rng(seed + 1).normal(size=states.shape)
    gradients, d_x, _ = rnn_backward(d_states, x, states, weights)
    ours = (*vars(gradients).values(), d_x)
    for own, theirs in zip(ours, torch_gradients(x, weights, d_states), strict=True):
        np.testing.assert_allclose(own, theirs, **EXACT)


def test_backward_equals_finite_differences():
    x, weights = make((2, 4, 3, 5))
    target = np.random.default_rng(1).normal(size=(2, 5))

    def loss():
        return ((rnn_forward(x, weights)[:, -1] - target) ** 2).sum()

    states = rnn_forward(x, weights)
    d_states = np.zeros_like(states)
    d_states[:, -1] = 2 * (states[:, -1] - target)
    gradients, d_x, _ = rnn_backward(d_states, x, states, weights)
    for name in ("W_x", "W_h", "b"):
        numeric = scratch.numerical_gradient(loss, getattr(weights, name))
        np.testing.assert_allclose(getattr(gradients, name), numeric, **EXACT)
    np.testing.assert_allclose(d_x, scratch.numerical_gradient(loss, x), **EXACT)


def test_an_initial_state_carries_on_where_a_sequence_was_cut():
    x, weights = make((3, 8, 2, 4))
    whole = rnn_forward(x, weights)
    first = rnn_forward(x[:, :5], weights)
    second = rnn_forward(x[:, 5:], weights, initial=first[:, -1])
    np.testing.assert_allclose(np.concatenate([first, second], 1), whole, **EXACT)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"x": np.zeros((2, 3))}, "^x must .*batch, steps, features"),
        ({"x": np.zeros((2, 0, 3))}, "^x must have at least one step"),
        ({"initial": np.zeros((2, 5))}, "^initial must"),
    ],
)
def test_wrong_shapes_are_refused_by_name(changed, named):
    arguments = {"x": np.zeros((2, 6, 3)), "weights": RNNWeights.random(3, 4)}
    with pytest.raises(ValueError, match=named):
        rnn_forward(**arguments | changed)


def test_weights_come_back_from_the_libraries():
    _, weights = make((1, 1, 3, 4))
    layer, back = nn.RNN(3, 4), RNNWeights.random(3, 4, seed=9)
    parity.copy_weights(weights, layer.double())
    parity.copy_weights(layer, back)
    for name in ("W_x", "W_h", "b"):
        np.testing.assert_allclose(getattr(back, name), getattr(weights, name))
    with pytest.raises(ValueError, match="no pair"):
        parity.copy_weights(weights, nn.LSTM(3, 4))
