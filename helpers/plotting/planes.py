"""The plane of two principal components: its axes, and the cloud of states."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.plotting.checks import finite
from helpers.plotting.style import course_style, legend_beside, looks


def states_in_plane(
    cloud: np.ndarray,
    explained: Sequence[float],
    marked: Mapping[str, np.ndarray],
    title: str = "",
) -> Figure:
    """Draw the cloud of all states in grey, and some groups of states, such as fixed points.

    Args:
        cloud: ``(n, 2)``, in the basis that all share.
        explained: ``(2,)``, the share of the variance along each axis.
        marked: name of the group -> ``(m, 2)``; an empty group is left out.
        title: of the figure.

    Raises:
        ValueError: an array is not ``(n, 2)`` and finite, or explained holds no two shares.
    """
    cloud = finite("cloud", cloud, (None, 2))
    explained = finite("explained", explained, (2,))
    groups = {
        name: finite(f"marked[{name!r}]", points, (None, 2))
        for name, points in marked.items()
    }
    with course_style():
        fig, ax = plt.subplots(figsize=(8.6, 3.6))
        ax.scatter(*cloud.T, s=4, color="#BBBBBB", label="states")
        for (name, points), look in zip(groups.items(), looks(), strict=False):
            if len(points):
                mark = {"marker": look["marker"], "color": look["color"]}
                ax.scatter(*points.T, s=90, edgecolors="w", label=name, **mark)
        ax.set_title(title)
        name_components(ax, explained)
        legend_beside(ax)
    return fig


def name_components(ax: Axes, explained: Sequence[float]) -> None:
    """Write on both axes which share of the variance, ``(2,)``, lies along each."""
    first, second = (f"{100 * share:.0f} % of variance" for share in explained)
    ax.set(xlabel=f"PC 1 ({first})", ylabel=f"PC 2 ({second})")
