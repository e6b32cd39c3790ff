"""One form for the three cells: a state goes in, a state comes out.

The state of an LSTM is both of its states, joined: ``h`` first, then ``c``. One alone does
not determine what comes next.
"""

import numpy as np

from helpers.scratch import GRUWeights, LSTMWeights, gru_step, lstm_step
from helpers.scratch.cells import Weights


def state_size(weights: Weights) -> int:
    """How many numbers the state has: ``hidden_size``, or twice that for an LSTM."""
    return len(weights.W_h) * (2 if isinstance(weights, LSTMWeights) else 1)


def state_axis(weights: Weights) -> dict[str, int]:
    """The axis of a state, as a check of shapes wants it: its name and its size."""
    joined = isinstance(weights, LSTMWeights)
    return {"h and c joined" if joined else "state": state_size(weights)}


def next_state(weights: Weights, x: np.ndarray, state: np.ndarray) -> np.ndarray:
    """One step of a cell, from one state or from many under the same input.

    Nothing is checked: an optimiser calls it often.

    Args:
        weights: of a plain cell, a GRU or an LSTM.
        x: ``(features,)``, the input of this step.
        state: ``(state,)`` or ``(n, state)``; of an LSTM ``h`` and ``c`` joined.

    Returns:
        The states after, in the same shape.
    """
    if isinstance(weights, LSTMWeights):
        h, c, _ = lstm_step(x, *np.split(state, 2, axis=-1), weights)
        return np.concatenate([h, c], axis=-1)
    if isinstance(weights, GRUWeights):
        return gru_step(x, state, weights)[0]
    return np.tanh(x @ weights.W_x + state @ weights.W_h + weights.b)
