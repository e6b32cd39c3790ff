"""How a small change of a state carries on: the Jacobian of a step, and of many.

Row ``i``, column ``j`` is the derivative of entry ``i`` after by entry ``j`` before. The
weights of the course multiply from the right, so their transposes appear here.

Reference: R. Pascanu, T. Mikolov and Y. Bengio (2013), "On the difficulty of training
recurrent neural networks", ICML: gradients vanish or explode as these products do.
"""

import numpy as np

from helpers.dynamics.cells import next_state, state_axis, state_size
from helpers.dynamics.shared import checked
from helpers.scratch import GRUWeights, LSTMWeights, RNNWeights, gru_step, lstm_step
from helpers.scratch.cells import Weights, check_weights


def jacobian_norms(
    weights: Weights, x: np.ndarray, initial: np.ndarray | None = None
) -> np.ndarray:
    """How much the state after each step still acts on the last one.

    Args:
        weights: of a plain cell, a GRU or an LSTM.
        x: ``(steps, features)``, one sequence without pads.
        initial: ``(state,)``, before the first step; zeros if left out.

    Returns:
        ``(steps,)``: at ``t`` the spectral norm of ``d h_T / d h_t``, the largest factor by
        which a small change of the state after step ``t`` reaches the end; 1 at the last.
        For an LSTM it is that of the joint state, ``d (h_T, c_T) / d (h_t, c_t)``, since
        most of what lasts goes through ``c``. Beyond 1e308 it is infinity.

    Raises:
        TypeError: the weights are of no such cell.
        ValueError: the shapes do not fit, or NaN came in.
    """
    check_weights(weights)
    x = checked("x", x, {"steps": None, "features": len(weights.W_x)})
    start = np.zeros(state_size(weights)) if initial is None else initial
    states = checked("initial", start, state_axis(weights))[None]
    before = []
    for row in x:
        before.append(states[0])
        states = next_state(weights, row, states)
    product, log_scale, log_norms = np.eye(state_size(weights)), 0.0, np.zeros(len(x))
    for t in reversed(range(1, len(x))):  # d h_T / d h_{t-1} from d h_T / d h_t
        product = product @ step_jacobian(weights, x[t], before[t])
        # Kept near 1: a product of hundreds of steps leaves the range of the numbers.
        largest = np.abs(product).max() or 1.0
        product, log_scale = product / largest, log_scale + np.log(largest)
        with np.errstate(divide="ignore"):  # the logarithm of 0 is meant
            log_norms[t - 1] = log_scale + np.log(np.linalg.norm(product, ord=2))
    with np.errstate(over="ignore", under="ignore"):
        return np.exp(log_norms)


def step_jacobian(weights: Weights, x: np.ndarray, state: np.ndarray) -> np.ndarray:
    """The Jacobian of one step, in closed form.

    Nothing is checked: an optimiser calls it often.

    Args:
        weights: of a plain cell, a GRU or an LSTM.
        x: ``(features,)``, the input of this step.
        state: ``(state,)``, before the step; of an LSTM ``h`` and ``c`` joined.

    Returns:
        ``(state, state)``. For an LSTM the four blocks are ``[[dh/dh, dh/dc], [dc/dh,
        dc/dc]]``, each ``(hidden_size, hidden_size)``.
    """
    if isinstance(weights, LSTMWeights):
        return _lstm_jacobian(weights, x, *np.split(state, 2))
    of_cell = _gru_jacobian if isinstance(weights, GRUWeights) else _rnn_jacobian
    return of_cell(weights, x, state)


def _rnn_jacobian(weights: RNNWeights, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    h = next_state(weights, x, h[None])[0]
    return _scaled(1 - h**2, weights.W_h.T)  # tanh' = 1 - tanh²


def _gru_jacobian(weights: GRUWeights, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    _, gates = gru_step(x[None], h[None], weights)
    r, z, n = (gate[0] for gate in gates)
    W_r, W_z, W_n = (W.T for W in np.split(weights.W_h, 3, axis=1))
    if weights.reset_after:  # the candidate reads r * (h W_n + b_n)
        h_n = W_n @ h + np.split(weights.b[1], 3)[2]
        d_read = _scaled(r, W_n) + _scaled(h_n * r * (1 - r), W_r)
    else:  # it reads (r * h) W_n
        d_read = W_n @ (np.diag(r) + _scaled(h * r * (1 - r), W_r))
    through_z = _scaled((h - n) * z * (1 - z), W_z)  # sigmoid' = sigmoid (1 - sigmoid)
    return np.diag(z) + through_z + _scaled((1 - z) * (1 - n**2), d_read)


def _lstm_jacobian(
    weights: LSTMWeights, x: np.ndarray, h: np.ndarray, c: np.ndarray
) -> np.ndarray:
    _, after, gates = lstm_step(x[None], h[None], c[None], weights)
    i, f, g, o = (gate[0] for gate in gates)
    shown = np.tanh(after[0])
    W_i, W_f, W_g, W_o = (W.T for W in np.split(weights.W_h, 4, axis=1))
    c_by_h = (
        _scaled(g * i * (1 - i), W_i)
        + _scaled(c * f * (1 - f), W_f)
        + _scaled(i * (1 - g**2), W_g)
    )
    h_by_after = o * (1 - shown**2)
    h_by_h = _scaled(shown * o * (1 - o), W_o) + _scaled(h_by_after, c_by_h)
    return np.block([[h_by_h, np.diag(h_by_after * f)], [c_by_h, np.diag(f)]])


def _scaled(factors: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """``diag(factors) @ matrix``, without building the first."""
    return factors[:, None] * matrix
