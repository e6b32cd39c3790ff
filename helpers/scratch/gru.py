"""The GRU in NumPy: two gates, and no cell state beside the hidden one.

Parts and their order are PyTorch's: reset ``r``, update ``z``, candidate ("new") ``n``, and
``h = (1 - z) * n + z * h_before``, so that ``z = 1`` keeps the state. Keras computes the
same but stores update, reset, candidate (z, r, h). Some texts (J. Chung et al., 2014) swap
``z`` and ``1 - z``.

Reference: K. Cho et al. (2014), "Learning Phrase Representations using RNN Encoder-Decoder
for Statistical Machine Translation", EMNLP.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from helpers.scratch.shared import (
    CellWeights,
    check_backward,
    check_forward,
    kernel_gradient,
    shifted,
    sigmoid,
    state_or_zeros,
)

Gates = tuple[np.ndarray, np.ndarray, np.ndarray]


class GRUWeights(CellWeights):
    """The weights of a GRU cell, or their gradients.

    The last axis holds three parts of ``hidden_size`` each: reset, update, candidate.

    Attributes:
        W_x: ``(features, 3 * hidden_size)``, for the input.
        W_h: ``(hidden_size, 3 * hidden_size)``, for the state before.
        b: ``(2, 3 * hidden_size)``, one bias beside each matrix; or ``(3 * hidden_size,)``
            where the reset gate comes before the product with ``W_h``.
    """

    parts = 3

    @property
    def reset_after(self) -> bool:
        """Whether the candidate reads ``r * (h W_n + b_n)``, or ``(r * h) W_n``.

        The first is PyTorch's way and the default of Keras; the second is the paper's,
        where another bias would add nothing.
        """
        return self.b.ndim == 2

    @classmethod
    def random(
        cls,
        features: int,
        hidden_size: int,
        seed: int = 0,
        dtype: str = "float64",
        reset_after: bool = True,
    ) -> Self:
        """Small random weights: normal, with deviation ``1 / sqrt(hidden_size)``."""
        biases = (2,) if reset_after else ()
        return super().random(features, hidden_size, seed, dtype, biases)


@dataclass
class GRUTrace:
    """What a forward pass went through: for the backward pass, and to be plotted.

    Attributes:
        x: ``(batch, steps, features)``, the input.
        initial: ``(batch, hidden_size)``, the state before the first step.
        h: ``(batch, steps, hidden_size)``, the states; so are all that follow.
        r: the reset gate, in (0, 1): how much of the state the candidate sees.
        z: the update gate, in (0, 1): how much of the state before is kept.
        n: the candidate, in (-1, 1): what may replace the state.
    """

    x: np.ndarray
    initial: np.ndarray
    h: np.ndarray
    r: np.ndarray
    z: np.ndarray
    n: np.ndarray


def gru_step(
    x: np.ndarray, h: np.ndarray, weights: GRUWeights
) -> tuple[np.ndarray, Gates]:
    """One step: from ``x`` ``(batch, features)`` and ``h`` ``(batch, hidden_size)``.

    Returns:
        ``(h, (r, z, n))``: the state after, and the gates on the way.
    """
    b_x, b_h = weights.b if weights.reset_after else (weights.b, 0)
    x_r, x_z, x_n = np.split(x @ weights.W_x + b_x, 3, axis=-1)
    h_r, h_z, h_n = np.split(h @ weights.W_h + b_h, 3, axis=-1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    W_n = weights.W_h[:, -h.shape[-1] :]
    from_h = r * h_n if weights.reset_after else (r * h) @ W_n
    n = np.tanh(x_n + from_h)
    return (1 - z) * n + z * h, (r, z, n)


def gru_forward(
    x: np.ndarray, weights: GRUWeights, initial: np.ndarray | None = None
) -> tuple[np.ndarray, GRUTrace]:
    """Run a GRU over time.

    Args:
        x: ``(batch, steps, features)``.
        weights: of the cell.
        initial: ``(batch, hidden_size)``, the state at the start; zeros if left out.

    Returns:
        ``(states, trace)``: the states of all steps, ``(batch, steps, hidden_size)``, and
        what :func:`gru_backward` needs.

    Raises:
        ValueError: an argument has the wrong shape.
    """
    check_forward(x, weights)
    h = initial = state_or_zeros("initial", initial, len(x), weights.W_h)
    steps = []
    for t in range(x.shape[1]):
        h, gates = gru_step(x[:, t], h, weights)
        steps.append((h, *gates))
    over_time = [np.stack(each, axis=1) for each in zip(*steps, strict=True)]
    return over_time[0], GRUTrace(x, initial, *over_time)


def gru_backward(
    d_states: np.ndarray, trace: GRUTrace, weights: GRUWeights
) -> tuple[GRUWeights, np.ndarray, np.ndarray]:
    """Backpropagate through time.

    Args:
        d_states: ``(batch, steps, hidden_size)``, the gradient of the loss with respect to
            each state by itself; zeros where the loss does not read a state.
        trace: what :func:`gru_forward` returned.
        weights: of the cell.

    Returns:
        ``(gradients, d_x, d_h)``: of the weights, of the input, and of the initial state.

    Raises:
        ValueError: an argument has the wrong shape.
    """
    check_backward(d_states, trace, weights)
    h_before = shifted(trace.initial, trace.h)
    d_h = np.zeros_like(h_before[:, 0])
    d_sums = np.empty((*trace.h.shape[:2], 3 * len(weights.W_h)), trace.h.dtype)
    for t in reversed(range(d_sums.shape[1])):
        gates = trace.r[:, t], trace.z[:, t], trace.n[:, t]
        d_h = d_states[:, t] + d_h
        d_sums[:, t], d_h = _step_backward(d_h, h_before[:, t], gates, weights)
    d_W_h, d_b = _recurrent_gradients(d_sums, h_before, trace.r, weights)
    gradients = GRUWeights(kernel_gradient(trace.x, d_sums), d_W_h, d_b)
    return gradients, d_sums @ weights.W_x.T, d_h


def _step_backward(
    d_h: np.ndarray, h: np.ndarray, gates: Gates, weights: GRUWeights
) -> tuple[np.ndarray, np.ndarray]:
    """From the gradient after a step: of its three sums, and of ``h``, the state before."""
    r, z, n = gates
    W_r, W_z, W_n = np.split(weights.W_h, 3, axis=1)
    d_n = d_h * (1 - z) * (1 - n**2)  # tanh' = 1 - tanh²
    d_z = d_h * (h - n) * z * (1 - z)  # sigmoid' = sigmoid (1 - sigmoid)
    if weights.reset_after:
        h_n = h @ W_n + np.split(weights.b[1], 3)[2]
        d_r, through_n = d_n * h_n, (d_n * r) @ W_n.T
    else:
        d_reset_h = d_n @ W_n.T
        d_r, through_n = d_reset_h * h, d_reset_h * r
    d_r = d_r * r * (1 - r)
    d_before = d_h * z + d_r @ W_r.T + d_z @ W_z.T + through_n
    return np.concatenate([d_r, d_z, d_n], axis=-1), d_before


def _recurrent_gradients(
    d_sums: np.ndarray, h_before: np.ndarray, r: np.ndarray, weights: GRUWeights
) -> tuple[np.ndarray, np.ndarray]:
    """The gradients of ``W_h`` and ``b``: here the place of the reset gate matters."""
    candidate = slice(2 * len(weights.W_h), None)
    if weights.reset_after:
        d_products = d_sums.copy()
        d_products[..., candidate] *= r
        d_b = np.stack([d_sums.sum(axis=(0, 1)), d_products.sum(axis=(0, 1))])
        return kernel_gradient(h_before, d_products), d_b
    d_W_h = kernel_gradient(h_before, d_sums)
    d_W_h[:, candidate] = kernel_gradient(r * h_before, d_sums[..., candidate])
    return d_W_h, d_sums.sum(axis=(0, 1))
