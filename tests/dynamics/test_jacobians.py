import numpy as np
import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.linalg import svdvals
from torch import nn

from helpers import parity
from helpers.dynamics import jacobian_norms, next_state, step_jacobian
from helpers.scratch import (
    LSTMWeights,
    RNNWeights,
    gru_backward,
    gru_forward,
    lstm_backward,
    lstm_forward,
    rnn_backward,
    rnn_forward,
)

EXACT = {"rtol": 0, "atol": 1e-8}
CELLS = st.sampled_from(["rnn", "gru", "gru_before", "lstm"])
SIZES = st.tuples(*(st.integers(1, top) for top in (5, 4, 6)))
PROPERTY = settings(
    derandomize=True, deadline=None, max_examples=40, phases=[Phase.generate]
)


def paper_gru(x, h, weights):
    """The GRU with the reset gate before the product, which PyTorch lacks."""
    W_x, W_h, b = (torch.tensor(each) for each in vars(weights).values())
    (x_r, x_z, x_n), (W_r, W_z, W_n) = (x @ W_x + b).chunk(3), W_h.chunk(3, dim=1)
    reset, update = torch.sigmoid(x_r + h @ W_r), torch.sigmoid(x_z + h @ W_z)
    candidate = torch.tanh(x_n + (reset * h) @ W_n)
    return update * h + (1 - update) * candidate


def torch_last(cell, weights, x):
    """A function from the state before ``x`` to the state after it, in PyTorch."""
    x = torch.tensor(x)

    def through_the_paper(state):
        for row in x:
            state = paper_gru(row, state, weights)
        return state

    if cell == "gru_before":
        return through_the_paper
    kind = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell]
    layer = kind(x.shape[1], len(weights.W_h)).double()
    parity.copy_weights(weights, layer)

    def through_the_library(state):
        if cell != "lstm":
            return layer(x, state[None])[1][0]
        h, c = state[None].chunk(2, dim=1)
        return torch.cat(layer(x, (h, c))[1], dim=1)[0]

    return through_the_library


def by_autograd(cell, weights, x, state):
    if len(x) == 0:
        return np.eye(len(state))
    function = torch_last(cell, weights, x)
    return torch.autograd.functional.jacobian(function, torch.tensor(state)).numpy()


def by_backward(cell, weights, x, state):
    """One pass backward with a batch of unit gradients: row by row the Jacobian."""
    size, hidden_size = len(state), len(weights.W_h)
    x, start = np.repeat(x[None], size, axis=0), np.repeat(state[None], size, axis=0)
    units = np.eye(size)
    d_states = np.zeros((size, x.shape[1], hidden_size))
    d_states[:, -1] = units[:, :hidden_size]
    if cell == "lstm":
        _, trace = lstm_forward(x, weights, tuple(np.split(start, 2, axis=1)))
        _, _, d_start = lstm_backward(d_states, trace, weights, units[:, hidden_size:])
        return np.concatenate(d_start, axis=1)
    if cell == "rnn":
        states = rnn_forward(x, weights, start)
        return rnn_backward(d_states, x, states, weights, start)[2]
    _, trace = gru_forward(x, weights, start)
    return gru_backward(d_states, trace, weights)[2]


@PROPERTY
@given(cell=CELLS, sizes=SIZES, seed=st.integers(0, 1000))
def test_a_step_is_what_autograd_and_the_pass_backward_give(make, cell, sizes, seed):
    weights, x, state = make(cell, 1, *sizes[1:], seed)
    own = step_jacobian(weights, x[0], state)
    np.testing.assert_allclose(own, by_autograd(cell, weights, x, state), **EXACT)
    np.testing.assert_allclose(own, by_backward(cell, weights, x, state), **EXACT)


def test_a_step_is_what_jacrev_gives(make, cell):
    weights, x, state = make(cell, hidden_size=3)
    function = torch_last(cell, weights, x)
    expected = torch.func.jacrev(function)(torch.tensor(state)).detach()
    np.testing.assert_allclose(step_jacobian(weights, x[0], state), expected, **EXACT)


def test_a_small_change_carries_on_as_the_jacobian_says(make, cell):
    weights, x, state = make(cell)
    change = np.random.default_rng(1).normal(size=state.shape) * 1e-6
    moved = next_state(weights, x[0], state + change)
    stayed = next_state(weights, x[0], state)
    expected = step_jacobian(weights, x[0], state) @ change
    np.testing.assert_allclose(moved - stayed, expected, rtol=0, atol=1e-10)


@PROPERTY
@given(cell=CELLS, sizes=SIZES, seed=st.integers(0, 1000), started=st.booleans())
def test_norms_are_those_of_the_whole_way_to_the_end(make, cell, sizes, seed, started):
    weights, x, state = make(cell, *sizes, seed)
    norms = jacobian_norms(weights, x, state if started else None)
    assert norms.shape == (len(x),)
    assert norms[-1] == 1
    state = state if started else np.zeros_like(state)
    for t, norm in enumerate(norms):
        state = next_state(weights, x[t], state)
        rest = by_autograd(cell, weights, x[t + 1 :], state)
        np.testing.assert_allclose(norm, svdvals(rest)[0], rtol=1e-8)
        if t + 1 < len(x):
            backward = by_backward(cell, weights, x[t + 1 :], state)
            np.testing.assert_allclose(norm, svdvals(backward)[0], rtol=1e-8)


def test_an_lstm_keeps_what_its_forget_gate_keeps():
    weights = LSTMWeights.random(2, 3)
    weights.W_x[:], weights.W_h[:], weights.b[:] = 0, 0, 0
    weights.b[3:6], weights.b[9:] = 2, -50  # f = 0.88; h shows nothing
    norms = jacobian_norms(weights, np.zeros((40, 2)))
    forget = 1 / (1 + np.exp(-2))
    np.testing.assert_allclose(norms, forget ** np.arange(39, -1, -1), rtol=1e-10)


@pytest.mark.parametrize(("slope", "first"), [(10.0, np.inf), (0.1, 0.0)])
def test_a_long_product_leaves_the_numbers_without_a_warning(slope, first):
    weights = RNNWeights(np.zeros((1, 2)), slope * np.eye(2), np.zeros(2))
    norms = jacobian_norms(weights, np.zeros((400, 1)))  # tanh'(0) = 1
    assert norms[0] == first
    np.testing.assert_allclose(norms[-200:], slope ** np.arange(199.0, -1, -1))


def test_what_is_forgotten_has_norm_0():
    weights = RNNWeights(np.ones((1, 2)), np.zeros((2, 2)), np.zeros(2))
    assert jacobian_norms(weights, np.ones((4, 1))).tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("x", "initial", "named"),
    [
        (np.zeros(3), None, r"^x must be \(steps, features\) = \(any, 3\); got \(3,\)"),
        (np.zeros((1, 5, 3)), None, r"^x must be \(steps, features\)"),
        (np.zeros((0, 3)), None, r"^x must .* at least one of each; got \(0, 3\)"),
        (np.zeros((5, 2)), None, "^x must"),
        (
            np.array([[0.0] * 3, [np.nan] * 3]),
            None,
            r"^x must .* nan at \(1, 0\).*pads",
        ),
        (np.zeros((5, 3)), np.zeros(5), r"^initial must be .* = \(4\); got \(5,\)"),
        (np.zeros((5, 3)), np.full(4, np.nan), "^initial must hold finite"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(make, x, initial, named):
    with pytest.raises(ValueError, match=named):
        jacobian_norms(make("gru")[0], x, initial)


def test_a_batch_of_states_is_refused(make):
    weights, x, state = make("rnn")
    with pytest.raises(ValueError, match=r"^initial must"):
        jacobian_norms(weights, x, np.stack([state, state]))
    with pytest.raises(TypeError, match=r"^weights must"):
        jacobian_norms(weights.W_h, x)
