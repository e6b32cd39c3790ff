import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from helpers.dynamics import fixed_points, jacobian_norms, next_state, state_size
from helpers.scratch import (
    LSTMWeights,
    RNNWeights,
    gru_forward,
    lstm_forward,
    rnn_forward,
)


def run(cell, weights, x, state):
    """The states of all steps by the course's own passes forward."""
    if cell == "lstm":
        _, trace = lstm_forward(x[None], weights, tuple(np.split(state[None], 2, 1)))
        return np.concatenate([trace.h, trace.c], axis=2)[0]
    if cell == "rnn":
        return rnn_forward(x[None], weights, state[None])[0]
    return gru_forward(x[None], weights, state[None])[0][0]


@pytest.mark.parametrize("hidden_size", [1, 5])
def test_steps_one_by_one_are_the_pass_forward(make, cell, hidden_size):
    weights, x, state = make(cell, steps=6, hidden_size=hidden_size)
    expected = run(cell, weights, x, state)
    for t in range(6):
        state = next_state(weights, x[t], state)
        np.testing.assert_allclose(state, expected[t], rtol=0, atol=1e-14)


def test_many_states_go_through_as_one_does(make, cell):
    weights, x, _ = make(cell)
    states = np.random.default_rng(1).uniform(-1, 1, (7, state_size(weights)))
    together = next_state(weights, x[0], states)
    assert together.shape == states.shape
    for own, state in zip(together, states, strict=True):
        np.testing.assert_allclose(own, next_state(weights, x[0], state), atol=1e-14)


def test_results_are_float64_whatever_comes_in(make, cell):
    weights, x, state = make(cell)
    single = [each.astype("float32") for each in (x, state)]
    arrays = {name: each.astype("float32") for name, each in vars(weights).items()}
    found = jacobian_norms(dataclasses.replace(weights, **arrays), *single)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, jacobian_norms(weights, x, state), atol=1e-5)


def test_the_state_of_an_lstm_is_h_and_c():
    assert state_size(LSTMWeights.random(2, 3)) == 6
    assert state_size(RNNWeights.random(2, 3)) == 3


@pytest.mark.parametrize(
    ("x", "starts", "named"),
    [
        (
            np.zeros((1, 3)),
            np.zeros((1, 8)),
            r"^x must be \(features\) = \(3\); got \(1, 3\)",
        ),
        (np.zeros(2), np.zeros((1, 8)), r"^x must .*features\) = \(3\); got \(2,\)"),
        (np.full(3, np.nan), np.zeros((1, 8)), "^x must hold finite numbers"),
        (
            np.zeros(3),
            np.zeros((1, 4)),
            r"^starts must .*h and c joined\) = \(any, 8\); got \(1, 4\)",
        ),
        (np.zeros(3), np.zeros((0, 8)), r"^starts must .*at least one.*; got \(0, 8\)"),
        (np.zeros(3), np.zeros((1, 1, 8)), r"^starts must .* got \(1, 1, 8\)"),
        (np.zeros(3), np.full((1, 8), np.inf), "^starts must hold finite numbers"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(x, starts, named):
    with pytest.raises(ValueError, match=named):
        fixed_points(LSTMWeights.random(3, 4), x, starts)


def test_weights_that_do_not_fit_are_refused_by_name():
    weights = RNNWeights.random(3, 4)
    with pytest.raises(TypeError, match=r"^weights must be RNNWeights.* got ndarray"):
        fixed_points(weights.W_h, np.zeros(3), np.zeros((1, 4)))
    weights.b = np.zeros(5)
    with pytest.raises(ValueError, match=r"^weights.b must"):
        fixed_points(weights, np.zeros(3), np.zeros((1, 4)))


def test_neither_framework_is_loaded():
    code = (
        "import sys, helpers.dynamics; "
        "print(*{'torch', 'keras', 'tensorflow'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
