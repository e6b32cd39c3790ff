"""Paths of hidden states in a plane that all sequences share.

A basis fitted to each sequence by itself turns and stretches every path its own way: two
such paths must not be compared. Here the basis is fitted to all states together, once.

Reference: K. Pearson (1901), "On Lines and Planes of Closest Fit to Systems of Points in
Space", Philosophical Magazine 2(11).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.arguments import check_between
from helpers.dynamics.shared import checked


@dataclass(frozen=True)
class SharedBasis:
    """The principal components of the states of several sequences.

    Attributes:
        mean: ``(hidden_size,)``, of all states: the origin of the plane.
        components: ``(components, hidden_size)``, orthonormal rows, widest first. The
            largest entry of a row is positive, since its sign is free.
        explained_variance_ratio: ``(components,)``, the share of the variance of all states
            that lies along each; zeros where the states do not vary.
    """

    mean: np.ndarray
    components: np.ndarray
    explained_variance_ratio: np.ndarray

    def project(self, states: np.ndarray) -> np.ndarray:
        """The path of one sequence: ``(steps, hidden_size)`` to ``(steps, components)``.

        Raises:
            ValueError: the states have another shape, or NaN among them.
        """
        axes = {"steps": None, "hidden_size": len(self.mean)}
        return (checked("states", states, axes) - self.mean) @ self.components.T

    def paths(self, states: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The path of each sequence, all in this one basis."""
        return [self.project(each) for each in states]


def shared_pca(states: Sequence[np.ndarray], components: int = 2) -> SharedBasis:
    """Fit one basis to the states of all sequences.

    Every step counts the same, so a long sequence counts for more than a short one.

    Args:
        states: one ``(steps, hidden_size)`` a sequence, pads taken out; one sequence of
            one step is enough.
        components: how many directions to keep, 1 to ``hidden_size``.

    Raises:
        ValueError: there is no sequence, the shapes do not fit, a state holds NaN, or there
            are fewer units than components.
    """
    rows = _stacked(states)
    hidden_size = rows.shape[1]
    check_between(1, hidden_size, components=components)
    mean = rows.mean(axis=0)
    # Rows of zeros change no direction; with them there is one for each unit, even after
    # a single step.
    missing = max(0, hidden_size - len(rows))
    centred = np.pad(rows - mean, ((0, missing), (0, 0)))
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    # Equal states differ from their mean by rounding, which is no variance.
    rounding = max(rows.shape) * np.finfo(rows.dtype).eps * np.linalg.norm(rows)
    variance = np.where(singular > rounding, singular, 0) ** 2
    ratio = variance / variance.sum() if variance.any() else variance
    return SharedBasis(mean, _signed(directions[:components]), ratio[:components])


def _stacked(states: Sequence[np.ndarray]) -> np.ndarray:
    if len(states) == 0:
        raise ValueError("states must hold at least one sequence; got none")
    first = checked("states[0]", states[0], {"steps": None, "hidden_size": None})
    axes = {"steps": None, "hidden_size": first.shape[1]}
    rows = [checked(f"states[{i}]", each, axes) for i, each in enumerate(states)]
    return np.concatenate(rows)


def _signed(directions: np.ndarray) -> np.ndarray:
    largest = np.abs(directions).argmax(axis=1)[:, None]
    return directions * np.sign(np.take_along_axis(directions, largest, axis=1))
