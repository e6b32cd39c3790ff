"""The LSTM in NumPy: a cell state that is added to, and three gates around it.

References: S. Hochreiter and J. Schmidhuber (1997), "Long Short-Term Memory", Neural
Computation 9(8); for the forget gate F. Gers, J. Schmidhuber and F. Cummins (2000),
"Learning to Forget: Continual Prediction with LSTM", Neural Computation 12(10).
"""

from dataclasses import dataclass

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

States = tuple[np.ndarray, np.ndarray]
Gates = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


class LSTMWeights(CellWeights):
    """The weights of an LSTM cell, or their gradients.

    The last axis holds four parts of ``hidden_size`` each, in the order of PyTorch and
    Keras: input gate, forget gate, candidate, output gate.

    Attributes:
        W_x: ``(features, 4 * hidden_size)``, for the input.
        W_h: ``(hidden_size, 4 * hidden_size)``, for the state before.
        b: ``(4 * hidden_size,)``, the bias.
    """

    parts = 4


@dataclass
class LSTMTrace:
    """What a forward pass went through: for the backward pass, and to be plotted.

    Attributes:
        x: ``(batch, steps, features)``, the input.
        initial: ``(h, c)`` before the first step, each ``(batch, hidden_size)``.
        h: ``(batch, steps, hidden_size)``, the hidden states; so are all that follow.
        c: the cell states.
        i: the input gate, in (0, 1): how much of the candidate is written.
        f: the forget gate, in (0, 1): how much of the cell state before is kept.
        g: the candidate, in (-1, 1): what may be written.
        o: the output gate, in (0, 1): how much of the cell state is shown.
    """

    x: np.ndarray
    initial: States
    h: np.ndarray
    c: np.ndarray
    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray


def lstm_step(
    x: np.ndarray, h: np.ndarray, c: np.ndarray, weights: LSTMWeights
) -> tuple[np.ndarray, np.ndarray, Gates]:
    """One step: from ``x`` ``(batch, features)``, ``h`` and ``c`` ``(batch, hidden_size)``.

    Returns:
        ``(h, c, (i, f, g, o))``: the states after, and the gates on the way.
    """
    sums = x @ weights.W_x + h @ weights.W_h + weights.b
    i, f, g, o = np.split(sums, 4, axis=-1)
    i, f, o = sigmoid(i), sigmoid(f), sigmoid(o)
    g = np.tanh(g)
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c, (i, f, g, o)


def lstm_forward(
    x: np.ndarray, weights: LSTMWeights, initial: States | None = None
) -> tuple[np.ndarray, LSTMTrace]:
    """Run an LSTM over time.

    Args:
        x: ``(batch, steps, features)``.
        weights: of the cell.
        initial: ``(h, c)`` before the first step, each ``(batch, hidden_size)``; zeros if
            left out.

    Returns:
        ``(states, trace)``: the hidden states of all steps, ``(batch, steps,
        hidden_size)``, and what :func:`lstm_backward` needs.

    Raises:
        ValueError: an argument has the wrong shape.
    """
    check_forward(x, weights)
    h, c = initial = _initial(initial, len(x), weights)
    steps = []
    for t in range(x.shape[1]):
        h, c, gates = lstm_step(x[:, t], h, c, weights)
        steps.append((h, c, *gates))
    over_time = [np.stack(each, axis=1) for each in zip(*steps, strict=True)]
    return over_time[0], LSTMTrace(x, initial, *over_time)


def lstm_backward(
    d_states: np.ndarray,
    trace: LSTMTrace,
    weights: LSTMWeights,
    d_last_cell: np.ndarray | None = None,
) -> tuple[LSTMWeights, np.ndarray, States]:
    """Backpropagate through time.

    Two gradients travel back: of the hidden state, through the weights, and of the cell
    state, through the forget gate alone. The second is why an LSTM remembers for longer.

    Args:
        d_states: ``(batch, steps, hidden_size)``, the gradient of the loss with respect to
            each hidden state by itself; zeros where the loss does not read a state.
        trace: what :func:`lstm_forward` returned.
        weights: of the cell.
        d_last_cell: ``(batch, hidden_size)``, the same for the last cell state, where the
            loss reads it (a decoder starts from it); zeros if left out.

    Returns:
        ``(gradients, d_x, (d_h, d_c))``: of the weights, of the input, and of the initial
        states.

    Raises:
        ValueError: an argument has the wrong shape.
    """
    check_backward(d_states, trace, weights)
    d_c = state_or_zeros("d_last_cell", d_last_cell, len(trace.x), weights.W_h)
    d_h = np.zeros_like(d_c)
    h_before, c_before = map(shifted, trace.initial, (trace.h, trace.c))
    d_sums = np.empty((*trace.h.shape[:2], 4 * len(weights.W_h)), trace.h.dtype)
    for t in reversed(range(d_sums.shape[1])):
        gates = trace.i[:, t], trace.f[:, t], trace.g[:, t], trace.o[:, t]
        d_h = d_states[:, t] + d_h
        d_sums[:, t], d_c = _step_backward(
            d_h, d_c, c_before[:, t], trace.c[:, t], gates
        )
        d_h = d_sums[:, t] @ weights.W_h.T
    gradients = LSTMWeights(
        W_x=kernel_gradient(trace.x, d_sums),
        W_h=kernel_gradient(h_before, d_sums),
        b=d_sums.sum(axis=(0, 1)),
    )
    return gradients, d_sums @ weights.W_x.T, (d_h, d_c)


def _step_backward(
    d_h: np.ndarray, d_c: np.ndarray, c_before: np.ndarray, c: np.ndarray, gates: Gates
) -> tuple[np.ndarray, np.ndarray]:
    """From the gradients after a step: of its four sums, and of the cell state before."""
    i, f, g, o = gates
    d_c = d_c + d_h * o * (1 - np.tanh(c) ** 2)  # c acts through h, and on the next c
    d_sums = (
        d_c * g * i * (1 - i),  # sigmoid' = sigmoid (1 - sigmoid)
        d_c * c_before * f * (1 - f),
        d_c * i * (1 - g**2),  # tanh' = 1 - tanh²
        d_h * np.tanh(c) * o * (1 - o),
    )
    return np.concatenate(d_sums, axis=-1), d_c * f


def _initial(given: States | None, batch: int, weights: LSTMWeights) -> States:
    if given is not None and len(given) != 2:
        raise ValueError(f"initial must be a pair (h, c); got {len(given)} parts")
    h, c = (None, None) if given is None else given
    return (
        state_or_zeros("h of initial", h, batch, weights.W_h),
        state_or_zeros("c of initial", c, batch, weights.W_h),
    )
