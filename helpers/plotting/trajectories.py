"""Hidden states as paths through a plane, with the words that move them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise, product

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from helpers.plotting.checks import check_labels, finite
from helpers.plotting.planes import name_components
from helpers.plotting.style import course_style, legend_beside, looks
from helpers.plotting.words import WORD, shorten

#: Up to so many steps of a path are named; of longer paths every second, third, ...
_NAMED_STEPS = 15
#: Where a word may stand beside its point, best first: directions right and up, and how
#: the word is aligned there.
_PLACES = (
    (1, 1, "left", "bottom"),
    (-1, 1, "right", "bottom"),
    (1, -1, "left", "top"),
    (-1, -1, "right", "top"),
    (0, 1.4, "center", "bottom"),
    (0, -1.4, "center", "top"),
    (1.4, 0, "left", "center"),
    (-1.4, 0, "right", "center"),
)


def visualize_hidden_state_pca(
    paths: Mapping[str, np.ndarray],
    explained: Sequence[float],
    labels: Mapping[str, Sequence[str]] | None = None,
    equal: bool = True,
    title: str = "",
) -> Figure:
    """The way of one or several sequences through the plane of two principal components.

    Only paths projected in one basis may stand in one figure: see
    ``helpers.dynamics.shared_pca``. A word that finds no free place is left out, and so is
    one that stands at the same point already.

    Args:
        paths: name of the sequence -> ``(steps, 2)``. A path of one step is its end alone.
        explained: ``(2,)``, the share of the variance along each axis.
        labels: name of the sequence -> the word read at each step.
        equal: whether a unit is as long on both axes, so that distances can be compared;
            ``False`` spreads paths that lie close to a line.
        title: of the figure.

    Raises:
        ValueError: there is no path, a path is not ``(steps, 2)`` and finite, explained does
            not hold two shares, or labels do not name each step of a path.
    """
    if not paths or not all(map(len, paths.values())):
        raise ValueError("paths must hold at least one step of at least one sequence")
    paths = {
        name: finite(f"paths[{name!r}]", path, (None, 2))
        for name, path in paths.items()
    }
    explained = finite("explained", explained, (2,))
    if labels is not None:
        for name, path in paths.items():
            check_labels(labels.get(name, ()), len(path), f"labels[{name!r}]")
    with course_style():
        fig, ax = plt.subplots(figsize=(8.6, 4.8))
        for (name, path), look in zip(paths.items(), looks(), strict=False):
            _draw_path(ax, name, path, look)
        ax.margins(0.12)
        if equal:
            ax.set_aspect("equal", adjustable="datalim")
        ax.set_title(title)
        name_components(ax, explained)
        _legend(ax, any(len(path) > 1 for path in paths.values()))
        if labels is not None:
            _write_words(ax, paths, labels)
    return fig


def _draw_path(ax: Axes, name: str, path: np.ndarray, look: dict[str, str]) -> None:
    ax.plot(*path.T, label=shorten(name, 32), ms=4.5, lw=1.4, alpha=0.9, **look)
    if len(path) > 1:
        _arrows(ax, path, look["color"])
        ring = {"s": 120, "facecolors": "none", "edgecolors": "k", "linewidths": 1.3}
        ax.scatter(*path[0], zorder=3, **ring)
    cross = {"s": 110, "color": look["color"], "edgecolors": "k", "linewidths": 0.9}
    ax.scatter(*path[-1], marker="X", zorder=4, **cross)


def _arrows(ax: Axes, path: np.ndarray, colour: str) -> None:
    """A head in the middle of each step, or of every second, third, ... of a long path."""
    for i in _thinned(len(path) - 1):
        step = path[i + 1] - path[i]
        if step.any():
            head = {"arrowstyle": "-|>", "color": colour, "lw": 0, "mutation_scale": 12}
            ends = path[i] + 0.6 * step, path[i] + 0.4 * step
            ax.annotate("", *ends, arrowprops=head | {"shrinkA": 0, "shrinkB": 0})


def _thinned(steps: int) -> list[int]:
    """Fifteen of the steps at most, evenly spread, the first and the last among them."""
    return list(np.linspace(0, steps - 1, min(steps, _NAMED_STEPS)).round().astype(int))


def _legend(ax: Axes, moving: bool) -> None:
    look = {"ls": "", "markeredgecolor": "k", "ms": 9}
    ends = [Line2D([], [], marker="X", color="#999999", label="end", **look)]
    if moving:
        ends.insert(0, Line2D([], [], marker="o", color="none", label="start", **look))
    legend_beside(ax, handles=[*ax.get_legend_handles_labels()[0], *ends])
    for text in ax.get_legend().get_texts():
        text.set_parse_math(False)


def _write_words(
    ax: Axes, paths: Mapping[str, np.ndarray], labels: Mapping[str, Sequence[str]]
) -> None:
    ax.figure.draw_without_rendering()  # the layout settles: pixels can be counted
    pixels = {name: ax.transData.transform(path) for name, path in paths.items()}
    marks = [box for path in pixels.values() for box in _drawn(path)]
    taken: list[Bbox] = []
    written: dict[str, list[np.ndarray]] = {}
    for name, path in paths.items():
        # The end first: it is what paths are compared by.
        for i in _thinned(len(path))[::-1]:
            word, at = shorten(labels[name][i]), pixels[name][i]
            same = written.setdefault(word, [])
            if any(np.hypot(*(at - other)) < 4 for other in same):
                continue
            box = _write(ax, word, path[i], taken, marks)
            if box is not None:
                taken.append(box)
                same.append(at)


def _drawn(path: np.ndarray) -> list[Bbox]:
    """Boxes that cover what is drawn of a path, in pixels."""
    boxes = [Bbox.from_bounds(x - 8, y - 8, 16, 16) for x, y in path[[0, -1]]]
    for start, end in pairwise(path):
        pieces = 1 + int(np.hypot(*(end - start)) // 6)
        for x, y in np.linspace(start, end, pieces + 1):
            boxes.append(Bbox.from_bounds(x - 3, y - 3, 6, 6))
    return boxes


def _write(
    ax: Axes, word: str, point: np.ndarray, taken: list[Bbox], marks: list[Bbox]
) -> Bbox | None:
    """Write a word where it covers no other, and no path either if that can be had."""
    halo = {"path_effects": [withStroke(linewidth=2.5, foreground="white")]}
    look = {"color": "#222222", "zorder": 5} | WORD | halo
    text = ax.annotate(word, point, textcoords="offset points", xytext=(0, 0), **look)
    # In the layout, words would move the axes that they were measured in.
    text.set_in_layout(False)
    for obstacles in (taken + marks, taken):
        for reach, (right, up, ha, va) in product((5, 8, 12), _PLACES):
            text.set(position=(reach * right, reach * up), ha=ha, va=va)
            box = text.get_window_extent()
            inside = ax.bbox.count_contains(box.get_points()) == 2
            if inside and not box.count_overlaps(obstacles):
                return box
    text.remove()
    return None
