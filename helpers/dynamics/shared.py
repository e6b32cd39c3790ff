"""What the measurements share: checks of the arrays that come in."""

from collections.abc import Mapping

import numpy as np

from helpers.scratch.shared import check_shape


def check_finite(name: str, array: np.ndarray) -> None:
    """Raise a ``ValueError`` where an array holds NaN or infinity: a pad, most often."""
    bad = ~np.isfinite(array)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} must hold finite numbers alone; got {array[place]} at {place}: take "
            "the pads out first"
        )


def checked(
    name: str, values: np.ndarray, axes: Mapping[str, int | None]
) -> np.ndarray:
    """Values as float64, at least one of each axis, and all of them finite.

    Args:
        name: of the argument, for the message.
        values: to check.
        axes: the size of each axis by its name; ``None`` allows any.

    Raises:
        ValueError: another shape, or NaN or infinity among them.
    """
    values = np.asarray(values, dtype=np.float64)
    check_shape(name, values, axes)
    if values.size == 0:
        raise ValueError(
            f"{name} must be ({', '.join(axes)}), at least one of each; got "
            f"{values.shape}"
        )
    check_finite(name, values)
    return values
