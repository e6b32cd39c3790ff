"""Every state and every gate of a recurrent layer, at every step, from its weights.

Library layers return hidden states and hide their gates; a plot of the first is none of the
second. Here the scratch cells run once more over what a layer read, and keep all parts.
NumPy alone: ``helpers.pytorch.tracing`` and ``helpers.keras.tracing`` fetch the weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.scratch.cells import CELL_NAMES, Weights, check_weights, forward_parts
from helpers.scratch.shared import check_shape

_GATES = ("input", "forget", "output", "reset", "update")


@dataclass(frozen=True, eq=False)
class Trace:
    """What one direction of one layer went through.

    Pads are NaN everywhere, so that none is averaged or drawn unnoticed.

    Attributes:
        cell: ``"rnn"``, ``"lstm"`` or ``"gru"``.
        inputs: ``(batch, steps, features)``, what the layer read.
        lengths: ``(batch,)``, the numbers of real steps.
        parts: the states and gates by name, each ``(batch, steps, hidden_size)``: ``"h"``;
            for an LSTM also ``"c"``, ``"input"``, ``"forget"``, ``"candidate"`` and
            ``"output"``; for a GRU also ``"reset"``, ``"update"`` and ``"candidate"``. An
            update gate of 1 keeps the state: ``h = (1 - update) * candidate + update *
            h_before``.
        reverse: whether the layer read from the last real step to the first. A step keeps
            its place all the same; the state before that of step ``t`` is then at
            ``t + 1``.
    """

    cell: str
    inputs: np.ndarray
    lengths: np.ndarray
    parts: dict[str, np.ndarray]
    reverse: bool = False

    def __getitem__(self, name: str) -> np.ndarray:
        """The part called ``name``, ``(batch, steps, hidden_size)``.

        Raises:
            KeyError: the cell has no such part.
        """
        if name not in self.parts:
            raise KeyError(
                f"name must be one of {', '.join(self.names)} for {self.cell!r}; got "
                f"{name!r}"
            )
        return self.parts[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, ``"h"`` first."""
        return tuple(self.parts)

    @property
    def gates(self) -> tuple[str, ...]:
        """The names of the parts in (0, 1). States and candidate, in (-1, 1), are no gates."""
        return tuple(name for name in self.parts if name in _GATES)


def trace_cell(
    weights: Weights,
    inputs: np.ndarray,
    lengths: np.ndarray | None = None,
    reverse: bool = False,
) -> Trace:
    """Run a cell over a batch, from a state of zeros, and keep every state and gate.

    Args:
        weights: of the cell; the trace has their type, float32 or float64.
        inputs: ``(batch, steps, features)``, padded on the right. What stands on a pad
            changes nothing.
        lengths: ``(batch,)``, the numbers of real steps; all are real if left out.
        reverse: whether to read each sequence from its last real step to its first.

    Raises:
        TypeError: ``weights`` are of no such cell.
        ValueError: an argument has the wrong shape or value.
    """
    check_weights(weights)
    inputs, lengths = _checked(weights, inputs, lengths)
    real = (np.arange(inputs.shape[1]) < lengths[:, None])[:, :, None]
    _check_finite("inputs (on real steps)", inputs[real[..., 0]])
    x = np.where(real, inputs, 0)  # a pad may be NaN, as in a trace
    # Each sequence turns round within its own length: pads never come first.
    parts = forward_parts(_reversed(x, lengths) if reverse else x, weights)
    if reverse:
        parts = {name: _reversed(part, lengths) for name, part in parts.items()}
    parts = {name: np.where(real, part, np.nan) for name, part in parts.items()}
    inputs = np.where(real, inputs, np.nan)
    return Trace(CELL_NAMES[type(weights)], inputs, lengths, parts, reverse)


def trace_stack(
    weights: Mapping[str, Weights],
    inputs: np.ndarray,
    lengths: np.ndarray | None = None,
) -> dict[str, Trace]:
    """Trace stacked layers; each reads the hidden states of the one below.

    Args:
        weights: by layer and direction: ``"0"``, ``"0_reverse"`` where there is a backward
            direction, ``"1"``, ... A layer's two directions are read side by side.
        inputs: ``(batch, steps, features)``, what the first layer reads.
        lengths: ``(batch,)``; see :func:`trace_cell`.

    Returns:
        One trace for each of the ``weights``, under the same name.

    Raises:
        TypeError: as :func:`trace_cell`.
        ValueError: as :func:`trace_cell`, or the names of ``weights`` are others.
    """
    depths = range(sum(not name.endswith("_reverse") for name in weights))
    layers = [
        [name for name in (f"{depth}", f"{depth}_reverse") if name in weights]
        for depth in depths
    ]
    if not weights or {name for layer in layers for name in layer} != set(weights):
        raise ValueError(
            "weights must be named 0, 0_reverse, 1, ... without a gap; got "
            f"{', '.join(weights) or 'none'}"
        )
    traces = {}
    for names in layers:
        for name in names:
            reverse = name.endswith("_reverse")
            traces[name] = trace_cell(weights[name], inputs, lengths, reverse)
        inputs = np.concatenate([traces[name]["h"] for name in names], axis=-1)
    return traces


def traced_parts(model: Any) -> tuple[str, str, str]:
    """The names of a model's embedding, of its recurrent layer, and of its input.

    Raises:
        TypeError: it is no model of the course.
    """
    if not hasattr(model, "traced"):
        kind = type(model).__name__
        raise TypeError(f"model must be a model of the course; got {kind}")
    return model.traced


def check_ids(name: str, ids: np.ndarray, size: int) -> None:
    """Raise a ``ValueError`` where ``ids`` are not ``(batch, steps)``, 0 to ``size - 1``.

    Args:
        name: of the argument, for the message.
        ids: to check, before they are embedded: not every device refuses a wrong one.
        size: how many ids there are.
    """
    if ids.ndim != 2 or not np.issubdtype(ids.dtype, np.integer):
        raise ValueError(
            f"{name} must be (batch, steps) whole numbers; got {ids.shape} {ids.dtype}"
        )
    wrong = ids[(ids < 0) | (ids >= size)]
    if wrong.size:
        raise ValueError(f"{name} must be ids from 0 to {size - 1}; got {wrong[0]}")


def _reversed(array: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Turn round the real steps of each sequence; pads stay where they are."""
    steps = np.arange(array.shape[1])
    lengths = lengths[:, None]
    places = np.where(steps < lengths, lengths - 1 - steps, steps)
    return np.take_along_axis(array, places[:, :, None], axis=1)


def _checked(
    weights: Weights, inputs: np.ndarray, lengths: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs in the type of the weights, and a length for each sequence."""
    for name, value in vars(weights).items():
        _check_finite(f"weights.{name}", value)
    inputs = np.asarray(inputs, weights.W_x.dtype)
    axes = {"batch": None, "steps": None, "features": len(weights.W_x)}
    check_shape("inputs", inputs, axes)
    batch, steps, _ = inputs.shape
    if not inputs.size:
        raise ValueError(f"inputs must not be empty; got {inputs.shape}")
    lengths = np.full(batch, steps) if lengths is None else np.array(lengths)
    check_shape("lengths", lengths, {"batch": batch})
    whole = np.issubdtype(lengths.dtype, np.integer)
    if not whole or lengths.min() < 1 or lengths.max() > steps:
        raise ValueError(
            f"lengths must be whole numbers from 1 to the {steps} steps of inputs; got "
            f"{lengths.tolist()}"
        )
    return inputs, lengths


def _check_finite(name: str, values: np.ndarray) -> None:
    """What is not finite would end as NaN, and pass for a pad."""
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must be finite; got NaN or infinity")
