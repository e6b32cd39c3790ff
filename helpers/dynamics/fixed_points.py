"""Where a cell stands still under a constant input, and whether it stays there.

Reference: D. Sussillo and O. Barak (2013), "Opening the Black Box: Low-Dimensional Dynamics
in High-Dimensional Recurrent Neural Networks", Neural Computation 25(3).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from helpers.dynamics.cells import next_state, state_axis, state_size
from helpers.dynamics.jacobians import step_jacobian
from helpers.dynamics.shared import checked
from helpers.scratch.cells import Weights, check_weights

EVALUATIONS = 300  #: of a step, from one start; ten do for a calm cell
PRECISION = 1e-15  #: stop only where numbers of 64 bits end


@dataclass(frozen=True)
class FixedPoints:
    """States that a step leaves where they are, ordered by their first coordinates.

    Attributes:
        points: ``(n, state)``; of an LSTM ``h`` and ``c`` joined. None found, none here.
        speeds: ``(n,)``, ``q = |F(h) - h|² / 2``: half the squared length of a step.
        eigenvalues: ``(n, state)``, complex, of the Jacobian there, largest modulus first:
            by how much a step stretches a small deviation, and how far it turns it.
        stable: ``(n,)``, whether all of them lie inside the unit circle, so that every
            small deviation dies out.
    """

    points: np.ndarray
    speeds: np.ndarray
    eigenvalues: np.ndarray
    stable: np.ndarray


def fixed_points(
    weights: Weights,
    x: np.ndarray,
    starts: np.ndarray,
    tolerance: float = 1e-12,
    apart: float = 1e-3,
) -> FixedPoints:
    """Search for the fixed points of a cell under a constant input.

    From each start ``q(h) = |F(h) - h|² / 2`` is minimised with the Jacobian of ``F``.
    Unlike running the cell, this finds unstable points too. Many starts end where ``q`` is
    least but not 0, and are dropped; what no start leads to stays unknown. Take many, best
    from states that the model visits.

    No step leads to an ``h`` outside [-1, 1], so the search stays inside. Without that
    bound it runs away in a GRU: far out the update gate is 1, and any state stands still.

    Args:
        weights: of a plain cell, a GRU or an LSTM; ``F`` is one step of it.
        x: ``(features,)``, the constant input.
        starts: ``(n, state)``; of an LSTM ``h`` and ``c`` joined. An
            ``h`` outside [-1, 1] is moved to its edge.
        tolerance: the largest ``q`` kept. Raise it (1e-6, say) to see slow points as well,
            where the state creeps.
        apart: the least distance between two points; of closer ones the slowest is kept.

    Raises:
        TypeError: the weights are of no such cell.
        ValueError: the shapes do not fit, NaN came in, or ``tolerance`` or ``apart`` is not
            above 0.
    """
    for name, value in {"tolerance": tolerance, "apart": apart}.items():
        if not value > 0:
            raise ValueError(f"{name} must be above 0; got {value!r}")
    check_weights(weights)
    x = checked("x", x, {"features": len(weights.W_x)})
    starts = checked("starts", starts, {"starts": None} | state_axis(weights))
    limits = _limits(weights)
    found = [_minimised(weights, x, start, limits) for start in starts]
    points = np.array([point for point, _ in found])
    speeds = np.array([speed for _, speed in found])
    kept = _distinct(points, speeds, tolerance, apart)
    points, speeds = points[kept], speeds[kept]
    spectra = [_spectrum(step_jacobian(weights, x, point)) for point in points]
    spectra = np.array(spectra).reshape(points.shape)  # also where there are none
    return FixedPoints(points, speeds, spectra, (np.abs(spectra) < 1).all(axis=1))


def _limits(weights: Weights) -> np.ndarray:
    """How large each entry of a state can be: 1 in ``h``, whatever it likes in ``c``."""
    limits = np.ones(state_size(weights))
    limits[len(weights.W_h) :] = np.inf
    return limits


def _minimised(
    weights: Weights, x: np.ndarray, start: np.ndarray, limits: np.ndarray
) -> tuple[np.ndarray, float]:
    """Where the search from one start ends, and ``q`` there."""
    identity = np.eye(len(start))
    result = least_squares(
        lambda state: next_state(weights, x, state[None])[0] - state,
        np.clip(start, -limits, limits),
        jac=lambda state: step_jacobian(weights, x, state) - identity,
        bounds=(-limits, limits),
        ftol=PRECISION,
        xtol=PRECISION,
        gtol=PRECISION,
        max_nfev=EVALUATIONS,
    )
    return result.x, float(result.cost)  # the cost is half the sum of squares: q


def _distinct(
    points: np.ndarray, speeds: np.ndarray, tolerance: float, apart: float
) -> list[int]:
    """Which points to keep: slow enough, and none close to a slower one."""
    kept: list[int] = []
    for index in np.argsort(speeds, kind="stable"):
        if speeds[index] > tolerance:
            break
        if (np.linalg.norm(points[kept] - points[index], axis=1) >= apart).all():
            kept.append(int(index))
    return sorted(kept, key=lambda index: tuple(points[index].round(6)))


def _spectrum(matrix: np.ndarray) -> np.ndarray:
    values = np.linalg.eigvals(matrix).astype(complex)
    return values[np.argsort(-np.abs(values), kind="stable")]
