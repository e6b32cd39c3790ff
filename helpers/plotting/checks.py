"""Checks of what a figure is given; each says what was wanted, and what came."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def finite(name: str, values: Any, shape: tuple[int | None, ...]) -> np.ndarray:
    """The values as finite floats of that shape.

    Args:
        name: of the values, for the message.
        values: an array, or what becomes one.
        shape: the one wanted; ``None`` stands for any length.

    Raises:
        ValueError: the shape is another, or a value is not finite.
    """
    values = np.asarray(values, dtype=float)
    fits = values.ndim == len(shape) and all(
        wanted in (None, length)
        for wanted, length in zip(shape, values.shape, strict=True)
    )
    if not fits or not np.isfinite(values).all():
        wanted = str(shape).replace("None", "n")
        raise ValueError(
            f"{name} must be finite and {wanted}; got {values.shape}, pads left out?"
        )
    return values


def finite_matrix(name: str, values: Any) -> np.ndarray:
    """The values as floats ``(steps, hidden_size)``; a ``ValueError`` if they are none."""
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or not values.size or not np.isfinite(values).all():
        raise ValueError(
            f"{name} must be a finite matrix (steps, hidden_size), pads left out; got "
            f"shape {values.shape} with {np.sum(~np.isfinite(values))} values not finite"
        )
    return values


def check_labels(
    labels: Sequence[str] | None, steps: int, name: str = "labels"
) -> None:
    """Raise a ``ValueError`` unless there is a label for each step, or none at all."""
    if labels is not None and len(labels) != steps:
        raise ValueError(
            f"{name} must name each of the {steps} steps; got {len(labels)} labels"
        )
