"""The plain recurrent cell in NumPy, as notebook 1 builds it step by step.

Reference: J. Elman (1990), "Finding Structure in Time", Cognitive Science 14(2).
"""

from dataclasses import dataclass

import numpy as np

from helpers.scratch.shared import random_arrays


@dataclass
class RNNWeights:
    """The weights of a plain recurrent cell, or their gradients.

    Attributes:
        W_x: ``(features, hidden_size)``, for the input.
        W_h: ``(hidden_size, hidden_size)``, for the state before.
        b: ``(hidden_size,)``, the bias.
    """

    W_x: np.ndarray
    W_h: np.ndarray
    b: np.ndarray

    @classmethod
    def random(
        cls, features: int, hidden_size: int, seed: int = 0, dtype: str = "float64"
    ) -> "RNNWeights":
        """Small random weights: normal, with deviation ``1 / sqrt(hidden_size)``."""
        shapes = (features, hidden_size), (hidden_size, hidden_size), (hidden_size,)
        return cls(*random_arrays(shapes, hidden_size**-0.5, seed, dtype))


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
    """
    state = _zero_state(x, weights) if initial is None else initial
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
    truncate: int | None = None,
) -> tuple[RNNWeights, np.ndarray]:
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
        truncate: cut the flow of gradient after every so many steps, as ``detach`` does
            between two chunks; ``None`` cuts nowhere.

    Returns:
        ``(gradients, d_x)``: of the weights, and ``(batch, steps, features)`` of the input.

    Raises:
        ValueError: ``truncate`` is below 1.
    """
    if truncate is not None and truncate < 1:
        raise ValueError(f"truncate must be at least 1, or None; got {truncate!r}")
    initial = _zero_state(x, weights) if initial is None else initial
    previous = np.concatenate([initial[:, None], states[:, :-1]], axis=1)
    gradients = RNNWeights(*(np.zeros_like(w) for w in vars(weights).values()))
    d_x, from_later = np.zeros_like(x), np.zeros_like(initial)
    for t in reversed(range(x.shape[1])):
        d_sum = (d_states[:, t] + from_later) * (
            1 - states[:, t] ** 2
        )  # tanh' = 1 - tanh²
        gradients.W_x += x[:, t].T @ d_sum
        gradients.W_h += previous[:, t].T @ d_sum
        gradients.b += d_sum.sum(axis=0)
        d_x[:, t] = d_sum @ weights.W_x.T
        from_later = d_sum @ weights.W_h.T
        if truncate is not None and t % truncate == 0:
            from_later = np.zeros_like(from_later)
    return gradients, d_x


def _zero_state(x: np.ndarray, weights: RNNWeights) -> np.ndarray:
    return np.zeros((len(x), len(weights.W_h)), x.dtype)
