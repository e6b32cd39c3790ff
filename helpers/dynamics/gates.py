"""Numbers a unit, from its gates: how often they stand open or shut, how long it remembers.

The last axis is the units; pads may be NaN and are left out.
"""

import numpy as np


def saturation(
    gate: np.ndarray, low: float = 0.1, high: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """How much of the time each unit's gate is as good as shut, or as good as open.

    Args:
        gate: ``(..., hidden_size)``, in [0, 1]; NaN where there is a pad.
        low: below it a gate counts as shut.
        high: above it a gate counts as open.

    Returns:
        ``(shut, open)``: for each unit the share of its steps, each ``(hidden_size,)``.

    Raises:
        ValueError: a value lies outside [0, 1], a unit has no step, or ``low`` and ``high``
            are not in order.

    Reference: A. Karpathy, J. Johnson and L. Fei-Fei (2015), "Visualizing and Understanding
    Recurrent Networks", arXiv:1506.02078.
    """
    if not 0 <= low <= high <= 1:
        raise ValueError(
            f"low and high must satisfy 0 <= low <= high <= 1; got {low!r} and {high!r}"
        )
    steps = _checked("gate", gate)
    counts = (~np.isnan(steps)).sum(axis=0)  # a comparison with NaN is never true
    return (steps < low).sum(axis=0) / counts, (steps > high).sum(axis=0) / counts


def memory_length(forget: np.ndarray) -> np.ndarray:
    """Over how many steps a unit's memory falls to 1 / e: ``-1 / ln f``.

    A gate that stays at ``f`` leaves ``f**t`` of a cell after ``t`` steps, which is 1 / e
    at ``t = -1 / ln f``. The gates of a unit are replaced by their mean: an average
    memory, since a single step with a shut gate ends it. ``f = 1`` gives infinity, ``f =
    0`` gives 0.

    Args:
        forget: ``(..., hidden_size)``, in [0, 1]; NaN where there is a pad. The forget gate
            of an LSTM; of a GRU the update gate ``z``, as the course writes ``h = (1 - z) *
            n + z * h_before``. Texts that swap ``z`` and ``1 - z`` need ``1 - z`` here.

    Returns:
        ``(hidden_size,)``, in steps.

    Raises:
        ValueError: a value lies outside [0, 1], or a unit has no step.
    """
    mean = np.nanmean(_checked("forget", forget), axis=0)
    with np.errstate(divide="ignore"):  # both ends are meant
        return 1 / np.abs(np.log(mean))


def _checked(name: str, gate: np.ndarray) -> np.ndarray:
    """All steps as float64 ``(steps, hidden_size)``, pads still NaN."""
    gate = np.asarray(gate, dtype=np.float64)
    if gate.ndim < 2 or gate.size == 0:
        raise ValueError(
            f"{name} must be (..., steps, hidden_size), at least one of each; got "
            f"{gate.shape}"
        )
    steps = gate.reshape(-1, gate.shape[-1])
    empty = np.isnan(steps).all(axis=0)
    if empty.any():
        raise ValueError(
            f"{name} must have a step that is no pad for every unit; unit "
            f"{int(empty.argmax())} has none"
        )
    lowest, highest = np.nanmin(steps), np.nanmax(steps)
    if lowest < 0 or highest > 1:
        raise ValueError(
            f"{name} must lie in [0, 1], or it is no gate; got {lowest:.4g} to "
            f"{highest:.4g}"
        )
    return steps
