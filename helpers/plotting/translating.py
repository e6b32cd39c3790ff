"""Where a translator looks while it writes: attention, source words by target words."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from helpers.plotting.style import COLOURS, SEQUENTIAL, course_style
from helpers.plotting.words import WORD, shorten, widest

#: Pairs ``(target, source)`` of places from 0.
Links = Iterable[tuple[int, int]]

#: Inches: the page, the colour bar with its name, and the sides of a cell.
_PAGE, _BAR, _LARGEST_CELL, _SMALLEST_CELL = 10.0, 1.0, 0.36, 0.16
#: Inches beside and above the words of a panel, and below it: axis names, gaps.
_BESIDE, _ABOVE, _BELOW = 0.5, 0.36, 0.15
#: Inches; a bar as short as one cell could not be read.
_SHORTEST_BAR = 1.1
#: The line of a ring, by how sure the link is.
_LINES = {"sure": "-", "possible": (0, (2.2, 1.6))}


class _Panel(NamedTuple):
    source: list[str]
    target: list[str]
    weights: np.ndarray
    links: dict[str, set[tuple[int, int]]]


def attention_maps(
    panels: Sequence[tuple], gold: Sequence[tuple[Links, Links]] | None = None
) -> Figure:
    """How much each target token looks at each source token, one panel a sentence.

    Up to three panels stand in a row, fewer where the sentences are long; all share one
    scale from 0 to 1.

    Args:
        panels: ``(source tokens, target tokens, weights)`` each; weights are
            ``(target_steps, source_steps)``, pads left out.
        gold: for each panel the sure and the possible links ``(target, source)`` of the
            right alignment: a ring with a solid and with a dashed line.

    Raises:
        ValueError: there is no panel, weights have another shape or lie outside [0, 1], gold
            does not fit the panels, or a sentence is too long for the page.
    """
    if not len(panels):
        raise ValueError("panels must hold at least one sentence; got none")
    if gold is not None and len(gold) != len(panels):
        raise ValueError(
            f"gold must hold the links of each of the {len(panels)} panels; got "
            f"{len(gold)}"
        )
    links = gold or [((), ())] * len(panels)
    checked = [
        _checked(i, each, *panel)
        for i, (each, panel) in enumerate(zip(links, panels, strict=True))
    ]
    columns, cell = _fitting(checked)
    with course_style({"axes.grid": False}):
        fig, places = _places(checked, columns, cell)
        for place, panel in zip(places, checked, strict=True):
            ax = fig.add_axes(place)
            image = _draw(ax, panel)
            for kind, pairs in panel.links.items():
                _rings(ax, pairs, cell, _LINES[kind])
        _bar_and_legend(fig, image, places[0], checked)
    return fig


def _checked(
    i: int,
    links: tuple[Links, Links],
    source: Sequence[str],
    target: Sequence[str],
    weights: np.ndarray,
) -> _Panel:
    weights = np.asarray(weights, dtype=float)
    steps = len(target), len(source)
    if weights.shape != steps or not weights.size:
        raise ValueError(
            f"panels[{i}]: weights must be (target_steps, source_steps) = {steps}, pads "
            f"left out; got {weights.shape}"
        )
    if not ((weights > -1e-6) & (weights < 1 + 1e-6)).all():
        raise ValueError(f"panels[{i}]: weights must lie in [0, 1], without NaN")
    sure, possible = map(set, links)
    for link in sure | possible:
        if not (0 <= link[0] < steps[0] and 0 <= link[1] < steps[1]):
            raise ValueError(
                f"gold[{i}]: links must point into (target, source) steps {steps}; got "
                f"{link}"
            )
    words = [shorten(word) for word in source], [shorten(word) for word in target]
    # Every sure link counts as a possible one: one ring is enough.
    return _Panel(*words, weights, {"sure": sure, "possible": possible - sure})


def _fitting(panels: Sequence[_Panel]) -> tuple[int, float]:
    """How many panels go into a row, and the side of a cell in inches."""
    for columns in range(min(3, len(panels)), 0, -1):
        below = [panels[i::columns] for i in range(columns)]
        room = _PAGE - _BAR - sum(map(_words, below))
        cell = min(room / sum(map(_longest, below)), _LARGEST_CELL)
        if cell >= _SMALLEST_CELL:
            return columns, cell
    raise ValueError(
        f"panels: a sentence of {_longest(panels)} source tokens is too long for a page"
    )


def _longest(panels: Sequence[_Panel]) -> int:
    return max(len(panel.source) for panel in panels)


def _words(panels: Sequence[_Panel]) -> float:
    """Inches that target tokens and their axis' name take of a column of panels."""
    return _BESIDE + max(widest(panel.target) for panel in panels)


def _places(
    panels: Sequence[_Panel], columns: int, cell: float
) -> tuple[Figure, list[tuple[float, float, float, float]]]:
    """An empty figure, and where the cells of each panel lie, as shares of it.

    No layout engine gives all panels cells of one size; all sizes are known here.
    """
    rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
    below = [panels[i::columns] for i in range(columns)]
    words = [_words(column) for column in below]
    wide = [cell * _longest(column) for column in below]
    above = [_ABOVE + max(widest(panel.source) for panel in row) for row in rows]
    down = [cell * max(len(panel.target) for panel in row) + _BELOW for row in rows]
    rings = 0.3 * any(any(panel.links.values()) for panel in panels)
    width = max(sum(words) + sum(wide) + _BAR, 3.6)
    height = rings + max(sum(above) + sum(down), above[0] + _SHORTEST_BAR + _BELOW)
    places = []
    for i, panel in enumerate(panels):
        row, column = divmod(i, columns)
        w, h = cell * len(panel.source), cell * len(panel.target)
        x = sum(words[: column + 1]) + sum(wide[:column])
        y = height - sum(above[: row + 1]) - sum(down[:row]) - h
        places.append((x / width, y / height, w / width, h / height))
    return plt.figure(figsize=(width, height), layout="none"), places


def _draw(ax: Axes, panel: _Panel) -> AxesImage:
    image = ax.imshow(panel.weights, cmap=SEQUENTIAL, vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(panel.source)), panel.source, rotation=90, **WORD)
    ax.set_yticks(range(len(panel.target)), panel.target, **WORD)
    ax.xaxis.set_label_position("top")
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=2)
    ax.set(xlabel="Source", ylabel="Target")
    return image


def _rings(ax: Axes, pairs: set[tuple[int, int]], cell: float, line) -> None:
    if pairs:
        target, source = np.array(sorted(pairs)).T
        look = {"s": (0.6 * cell * 72) ** 2, "facecolors": "none"}
        # White below the colour: seen on dark cells and on light ones.
        ax.scatter(source, target, edgecolors="white", linewidths=3.2, **look)
        colour = {"edgecolors": COLOURS["PyTorch"], "linestyle": line}
        ax.scatter(source, target, linewidths=1.6, **look, **colour)


def _bar_and_legend(fig: Figure, image: AxesImage, place, panels) -> None:
    width, height = fig.get_size_inches()
    top = place[1] + place[3]
    tall = max(_SHORTEST_BAR / height, min(place[3], 3.0 / height))
    cax = fig.add_axes(((width - 0.85) / width, top - tall, 0.14 / width, tall))
    fig.colorbar(image, cax=cax, label="Attention")
    handles = [
        Line2D([], [], ls=line, label=f"gold link, {kind}", color=COLOURS["PyTorch"])
        for kind, line in _LINES.items()
        if any(panel.links[kind] for panel in panels)
    ]
    if handles:
        fig.legend(handles=handles, loc="lower center", ncols=2)
