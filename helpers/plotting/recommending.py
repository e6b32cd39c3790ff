"""How good is a recommender, and what has it learned of its items?"""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from helpers.plotting.style import COLOURS, SERIES, course_style

Result = tuple[float, float, float]


def ranking_bars(panels: Mapping[str, Mapping[str, Result]], xlabel: str) -> Figure:
    """Figures of merit with their intervals, one panel a way of measuring.

    Args:
        panels: title -> system -> ``(value, low, high)``; the same systems in each.
        xlabel: what is measured.
    """
    systems = list(next(iter(panels.values())))[::-1]
    colours = [COLOURS.get(name.split(",")[0], COLOURS["baseline"]) for name in systems]
    highest = max(high for panel in panels.values() for _, _, high in panel.values())
    with course_style():
        fig, axes = plt.subplots(
            1,
            len(panels),
            figsize=(4.4 * len(panels), 0.9 + 0.42 * len(systems)),
            sharey=True,
            squeeze=False,
        )
        for ax, (title, results) in zip(axes[0], panels.items(), strict=True):
            values, low, high = np.array([results[name] for name in systems]).T
            ax.barh(systems, values, color=colours, height=0.62)
            error = [values - low, high - values]
            ax.errorbar(values, systems, xerr=error, fmt="none", c="k")
            for name, value, end in zip(systems, values, high, strict=True):
                place = end + 0.02 * highest
                ax.text(place, name, f"{value:.3f}", va="center", fontsize=9)
            ax.set(xlabel=xlabel, title=title, xlim=(0, 1.22 * highest))
            ax.grid(axis="y", visible=False)
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
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig
