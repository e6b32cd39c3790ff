"""What the three cells have in common: one type, one check, one way to run them."""

from typing import Any

import numpy as np

from helpers.scratch.gru import GRUWeights, gru_forward
from helpers.scratch.lstm import LSTMWeights, lstm_forward
from helpers.scratch.rnn import RNNWeights, rnn_forward
from helpers.scratch.shared import check_arrays

Weights = RNNWeights | LSTMWeights | GRUWeights

#: The short name of each cell.
CELL_NAMES = {RNNWeights: "rnn", LSTMWeights: "lstm", GRUWeights: "gru"}
#: The parts of a gated cell: full name -> the letter of its formula.
_LSTM = {
    "h": "h",
    "c": "c",
    "input": "i",
    "forget": "f",
    "candidate": "g",
    "output": "o",
}
_GRU = {"h": "h", "reset": "r", "update": "z", "candidate": "n"}


def check_weights(weights: Any) -> None:
    """Check that ``weights`` are of one of the three cells, and fit together.

    Raises:
        TypeError: they are of none.
        ValueError: their shapes do not fit.
    """
    if type(weights) not in CELL_NAMES:
        raise TypeError(
            "weights must be RNNWeights, LSTMWeights or GRUWeights; got "
            f"{type(weights).__name__}"
        )
    check_arrays(weights)


def forward_parts(x: np.ndarray, weights: Weights) -> dict[str, np.ndarray]:
    """Run a cell from a state of zeros, and call its parts by their full names.

    Args:
        x: ``(batch, steps, features)``.
        weights: of the cell.

    Returns:
        Its states and gates by name, ``"h"`` first, each ``(batch, steps, hidden_size)``.

    Raises:
        TypeError: the weights are of no such cell.
        ValueError: the shapes do not fit.
    """
    check_weights(weights)
    if isinstance(weights, RNNWeights):
        return {"h": rnn_forward(x, weights)}
    is_lstm = isinstance(weights, LSTMWeights)
    forward, letters = (lstm_forward, _LSTM) if is_lstm else (gru_forward, _GRU)
    _, trace = forward(x, weights)
    return {name: getattr(trace, letter) for name, letter in letters.items()}
