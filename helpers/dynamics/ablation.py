"""Take a direction out of the states, and see what a model can no longer do.

That a probe reads something does not show that the model uses it. If accuracy falls when
the direction is gone, it does.
"""

import numpy as np

from helpers.dynamics.shared import check_finite, unit_vector


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
    states, unit = np.asarray(states), unit_vector("direction", direction)
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


def most_aligned_unit(direction: np.ndarray) -> tuple[int, float]:
    """The unit whose axis lies closest to a direction: does one unit carry it alone?

    Args:
        direction: ``(hidden_size,)``, of any length but 0.

    Returns:
        ``(unit, cosine)``: its index, the first of equals, and the cosine between its axis
        and the direction, in [-1, 1]: near -1 or 1 the unit carries it alone; spread over
        all units alike, it is ``1 / sqrt(hidden_size)``, plus or minus.

    Raises:
        ValueError: the direction has another shape, NaN in it, or is all zeros.
    """
    cosines = unit_vector("direction", direction)
    unit = int(np.abs(cosines).argmax())
    return unit, float(cosines[unit])
