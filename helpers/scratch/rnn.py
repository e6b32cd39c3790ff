"""Recurrent cells in NumPy alone, forward and backward through time.

What the libraries hide, written out once. Every function follows the type of its input:
float32 to compare with the libraries, float64 to check gradients. Notebook 1 builds them
step by step.

Reference: P. Werbos (1990), "Backpropagation Through Time: What It Does and How to Do It",
Proceedings of the IEEE 78(10).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


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
        rng = np.random.default_rng(seed)
        shapes = (features, hidden_size), (hidden_size, hidden_size), (hidden_size,)
        spread = hidden_size**-0.5
        return cls(*(rng.normal(0, spread, shape).astype(dtype) for shape in shapes))


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


def clip_by_global_norm(
    gradients: Sequence[np.ndarray], max_norm: float
) -> tuple[list[np.ndarray], float]:
    """Shorten all gradients together, so that their joint norm is at most ``max_norm``.

    The direction stays: R. Pascanu, T. Mikolov and Y. Bengio (2013), "On the difficulty of
    training recurrent neural networks", ICML.

    Args:
        gradients: arrays of any shapes.
        max_norm: the largest norm allowed.

    Returns:
        ``(clipped, norm)``: new arrays, and the norm before.
    """
    norm = float(np.sqrt(sum((gradient**2).sum() for gradient in gradients)))
    scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [gradient * scale for gradient in gradients], norm


def numerical_gradient(
    loss: Callable[[], float], array: np.ndarray, step: float = 1e-6
) -> np.ndarray:
    """The gradient of a loss by central differences; slow, and hard to get wrong.

    Args:
        loss: computes the loss from ``array`` as it stands.
        array: float64 of any shape; nudged entry by entry, and left as it was.
        step: how far each entry is nudged.

    Returns:
        The gradient, in the shape of ``array``.
    """
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + step
        above = loss()
        array[index] = kept - step
        below = loss()
        array[index] = kept
        gradient[index] = (above - below) / (2 * step)
    return gradient


def _zero_state(x: np.ndarray, weights: RNNWeights) -> np.ndarray:
    return np.zeros((len(x), len(weights.W_h)), x.dtype)
