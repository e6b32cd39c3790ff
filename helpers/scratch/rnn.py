"""The plain recurrent cell in NumPy, as notebook 1 builds it step by step.

Reference: J. Elman (1990), "Finding Structure in Time", Cognitive Science 14(2).
"""

import numpy as np

from helpers.scratch.shared import CellWeights, check_forward, state_or_zeros


class RNNWeights(CellWeights):
    """The weights of a plain recurrent cell, or their gradients.

    Attributes:
        W_x: ``(features, hidden_size)``, for the input.
        W_h: ``(hidden_size, hidden_size)``, for the state before.
        b: ``(hidden_size,)``, the bias.
    """


def rnn_forward(
    x: np.ndarray, weights: RNNWeights, initial: np.ndarray | None = None
) -> np.ndarray:
    """Run a plain recurrent cell over time: ``h_t = tanh(x_t W_x + h_{t-1} W_h + b)``.

    Args:
        x: ``(batch, steps, features)``.
        weights: of the cell.
        initial: ``(batch, hidden_size)``, the state before the first step; zeros if left out.

    Returns:
        The states of all steps, ``(batch, steps, hidden_size)``.

    Raises:
        ValueError: an argument has the wrong shape.
    """
    check_forward(x, weights)
    state = state_or_zeros("initial", initial, len(x), weights.W_h)
    states = []
    for t in range(x.shape[1]):
        state = np.tanh(x[:, t] @ weights.W_x + state @ weights.W_h + weights.b)
        states.append(state)
    return np.stack(states, axis=1)


def rnn_backward(
    d_states: np.ndarray,
    x: np.ndarray,
    states: np.ndarray,
    weights: RNNWeights,
    initial: np.ndarray | None = None,
) -> tuple[RNNWeights, np.ndarray, np.ndarray]:
    """Backpropagate through time.

    A state acts on the loss in two ways: by itself, and through the state after it. Going
    backwards, the second part is at hand when it is needed.

    Args:
        d_states: ``(batch, steps, hidden_size)``, the gradient of the loss with respect to
            each state by itself; zeros where the loss does not read a state.
        x: ``(batch, steps, features)``, as in :func:`rnn_forward`.
        states: what :func:`rnn_forward` returned.
        weights: of the cell.
        initial: the state before the first step; zeros if left out.

    Returns:
        ``(gradients, d_x, d_initial)``: of the weights, of the input ``(batch, steps,
        features)``, and of the state before the first step ``(batch, hidden_size)``.
    """
    initial = state_or_zeros("initial", initial, len(x), weights.W_h)
    previous = np.concatenate([initial[:, None], states[:, :-1]], axis=1)
    gradients = RNNWeights(*(np.zeros_like(w) for w in vars(weights).values()))
    d_x, from_later = np.zeros_like(x), np.zeros_like(initial)
    for t in reversed(range(x.shape[1])):
        d_state = d_states[:, t] + from_later
        d_sum = d_state * (1 - states[:, t] ** 2)  # tanh' = 1 - tanh²
        gradients.W_x += x[:, t].T @ d_sum
        gradients.W_h += previous[:, t].T @ d_sum
        gradients.b += d_sum.sum(axis=0)
        d_x[:, t] = d_sum @ weights.W_x.T
        from_later = d_sum @ weights.W_h.T
    return gradients, d_x, from_later
