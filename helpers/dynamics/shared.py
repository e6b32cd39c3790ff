"""What the measurements share: checks of the arrays that come in."""

import numpy as np


def check_finite(name: str, array: np.ndarray) -> None:
    """Raise a ``ValueError`` where an array holds NaN or infinity: a pad, most often."""
    bad = ~np.isfinite(array)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} must hold finite numbers alone; got {array[place]} at {place}: take "
            "the pads out first"
        )


def checked_states(name: str, states: np.ndarray) -> np.ndarray:
    """States as float64 ``(steps, hidden_size)``, at least one of each.

    Args:
        name: of the argument, for the message.
        states: to check.

    Raises:
        ValueError: another shape, or NaN or infinity among them.
    """
    states = np.asarray(states, dtype=np.float64)
    if states.ndim != 2 or 0 in states.shape:
        raise ValueError(
            f"{name} must be (steps, hidden_size), at least one of each; got "
            f"{states.shape}"
        )
    check_finite(name, states)
    return states


def unit_vector(name: str, direction: np.ndarray) -> np.ndarray:
    """A direction ``(hidden_size,)`` as float64, with length 1.

    Args:
        name: of the argument, for the message.
        direction: to check, of any length but 0.

    Raises:
        ValueError: another shape, NaN or infinity in it, or zeros alone.
    """
    direction = np.asarray(direction, dtype=np.float64)
    if direction.ndim != 1 or direction.size == 0:
        raise ValueError(f"{name} must be (hidden_size,); got {direction.shape}")
    check_finite(name, direction)
    largest = np.abs(direction).max()
    if largest == 0:
        raise ValueError(f"{name} must not be all zeros: it points nowhere")
    direction = direction / largest  # so that no square over- or underflows
    return direction / np.linalg.norm(direction)
