"""One form for the three cells: a state goes in, a state comes out.

The state of an LSTM is both of its states, joined: ``h`` first, then ``c``. One alone does
not determine what comes next.
"""

import numpy as np

from helpers.dynamics.shared import check_finite
from helpers.scratch import GRUWeights, LSTMWeights, gru_step, lstm_step
from helpers.scratch.cells import FUSED, Weights, check_weights
from helpers.scratch.shared import check_forward


def state_size(weights: Weights) -> int:
    """How many numbers the state has: ``hidden_size``, or twice that for an LSTM."""
    return len(weights.W_h) * (2 if isinstance(weights, LSTMWeights) else 1)


def join_state(h: np.ndarray, c: np.ndarray) -> np.ndarray:
    """The state of an LSTM, ``(..., 2 * hidden_size)``, from ``(..., hidden_size)`` each."""
    return np.concatenate([h, c], axis=-1)


def next_state(weights: Weights, x: np.ndarray, state: np.ndarray) -> np.ndarray:
    """One step of a cell, from one state or from many under the same input.

    Args:
        weights: of a plain cell, a GRU or an LSTM.
        x: ``(features,)``, the input of this step.
        state: ``(state,)`` or ``(n, state)``; of an LSTM ``h`` and ``c`` joined, see
            :func:`join_state`.

    Returns:
        The states after, in the same shape, float64.

    Raises:
        TypeError: the weights are of no such cell.
        ValueError: the shapes do not fit, or NaN came in.
    """
    single = np.ndim(state) == 1
    x, states = checked_step(weights, x, [state] if single else state, "state")
    states = advance(weights, x, states)
    return states[0] if single else states


def advance(weights: Weights, x: np.ndarray, states: np.ndarray) -> np.ndarray:
    """:func:`next_state` of ``(n, state)``, unchecked: an optimiser calls it often."""
    if isinstance(weights, LSTMWeights):
        h, c = np.split(states, 2, axis=1)
        return join_state(*lstm_step(x, h, c, weights)[:2])
    if isinstance(weights, GRUWeights):
        return gru_step(x, states, weights)[0]
    return np.tanh(x @ weights.W_x + states @ weights.W_h + weights.b)


def checked_step(
    weights: Weights, x: np.ndarray, states: np.ndarray, name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Check one step's input ``(features,)`` and states ``(n, state)``, called ``name``.

    Returns:
        ``(x, states)`` as float64, the type in which all that follows is computed.
    """
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 1:
        raise ValueError(f"x must be (features,), the input of one step; got {x.shape}")
    checked_inputs(weights, x[None])
    states, wanted = np.asarray(states, dtype=np.float64), state_size(weights)
    if states.ndim != 2 or states.shape[1] != wanted or len(states) == 0:
        joined = " (h and c joined)" if isinstance(weights, LSTMWeights) else ""
        raise ValueError(
            f"{name} must have {wanted} numbers each{joined}, and be at least one; got "
            f"{states.shape}"
        )
    check_finite(name, states)
    return x, states


def checked_inputs(weights: Weights, x: np.ndarray) -> np.ndarray:
    """Check the inputs of a sequence, ``(steps, features)``; returned as float64."""
    check_weights(weights)
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2:
        raise ValueError(f"x must be (steps, features); got {x.shape}")
    check_forward(x[None], weights, FUSED[type(weights)])
    check_finite("x", x)
    return x
