"""How good is a recommender, and what has it learned of its items?"""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from helpers.plotting.classification import Result, draw_bars
from helpers.plotting.style import SERIES, course_style, legend_beside


def ranking_bars(panels: Mapping[str, Mapping[str, Result]], xlabel: str) -> Figure:
    """Figures of merit with their intervals, one panel a way of measuring.

    Args:
        panels: title -> system -> ``(value, low, high)``; the same systems in each,
            in the same order.
        xlabel: what is measured.
    """
    systems = len(next(iter(panels.values())))
    size = 4.4 * len(panels), 0.9 + 0.42 * systems
    highest = max(high for panel in panels.values() for _, _, high in panel.values())
    with course_style():
        fig, axes = plt.subplots(
            1, len(panels), figsize=size, sharey=True, squeeze=False
        )
        for ax, (title, results) in zip(axes[0], panels.items(), strict=True):
            draw_bars(ax, results, gap=0.02 * highest)
            ax.set(xlabel=xlabel, title=title, xlim=(0, 1.22 * highest))
    return fig


def item_map(
    points: np.ndarray,
    groups: Mapping[str, Sequence[int]],
    labels: Mapping[int, str],
    axes_names: tuple[str, str],
) -> Figure:
    """Items in two dimensions, a colour and a marker a group, a few with their names.

    Args:
        points: ``(items, 2)``.
        groups: name -> the indices of its items; all others are drawn in grey.
        labels: index -> the name to write beside the item.
        axes_names: of the two dimensions.
    """
    looks = cycle(zip("os^Dv", SERIES[1:], strict=True))
    with course_style():
        fig, ax = plt.subplots(figsize=(8.2, 5.2))
        rest = np.setdiff1d(np.arange(len(points)), np.concatenate([*groups.values()]))
        if len(rest):
            ax.scatter(*points[rest].T, s=6, color="#C8C8C8", label="other")
        for (name, members), (marker, colour) in zip(
            groups.items(), looks, strict=False
        ):
            look = {"s": 22, "marker": marker, "color": colour, "alpha": 0.75}
            ax.scatter(*points[list(members)].T, label=name, **look)
        for index, text in labels.items():
            ax.annotate(
                text,
                points[index],
                xytext=(5, 4),
                textcoords="offset points",
                fontsize=8,
                bbox={"fc": "white", "ec": "none", "alpha": 0.7, "pad": 0.6},
            )
        ax.set(xlabel=axes_names[0], ylabel=axes_names[1])
        legend_beside(ax)
    return fig
