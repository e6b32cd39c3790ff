"""Take a direction out of the states, and see what a model can no longer do.

That a probe reads something does not show that the model uses it. If accuracy falls when
the direction is gone, it does.
"""

import numpy as np

from helpers.dynamics.shared import check_finite, checked


def remove_direction(
    states: np.ndarray, direction: np.ndarray, at: float | None = None
) -> np.ndarray:
    """Give all states the same component along one direction; all others stay.

    Setting the component to its mean, not to zero, keeps the states where a read-out
    expects them.

    Args:
        states: ``(..., hidden_size)``.
        direction: ``(hidden_size,)``, of any length but 0; for a single unit, its row of
            the identity.
        at: the component that all states get, measured along the direction at length 1; the
            mean of these states if left out. Take it from train states when test states
            are ablated.

    Returns:
        New states of the same shape and type.

    Raises:
        ValueError: the shapes do not fit, a state holds NaN, or the direction is all zeros.
    """
    states, unit = np.asarray(states), _unit(direction)
    if states.ndim == 0 or states.size == 0 or states.shape[-1] != len(unit):
        raise ValueError(
            f"states must be (..., hidden_size) = (..., {len(unit)}) as direction is, and "
            f"at least one; got {states.shape}"
        )
    kept_type = np.result_type(states, np.float32)  # whole numbers become float64
    check_finite("states", states)
    component = states @ unit
    if at is None:
        at = component.mean()
    elif not np.isfinite(at):
        raise ValueError(f"at must be a finite number, or None; got {at!r}")
    return (states + (at - component)[..., None] * unit).astype(kept_type)


def _unit(direction: np.ndarray) -> np.ndarray:
    """A direction with length 1."""
    direction = checked("direction", direction, {"hidden_size": None})
    largest = np.abs(direction).max()
    if largest == 0:
        raise ValueError("direction must not be all zeros: it points nowhere")
    direction = direction / largest  # so that no square over- or underflows
    return direction / np.linalg.norm(direction)
