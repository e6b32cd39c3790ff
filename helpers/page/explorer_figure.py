"""The picture of the explorer: where one text is in the plane, and what its units do.

One colour marks the step chosen in every panel. Nothing but that mark, its word and the
length of the path changes from step to step, so that a slider moves no axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.plotting.checks import check_labels, finite, finite_matrix
from helpers.plotting.dynamics import draw_units
from helpers.plotting.planes import name_components
from helpers.plotting.style import course_style
from helpers.plotting.words import WORD, label_steps, shorten

#: More lines than this cannot be told apart in a panel of that size.
MOST_UNITS = 8
#: The yellow of Okabe and Ito, which no line of the course has.
_NOW = "#F0E442"
_READ, _LATER, _OTHERS = "#000000", "#8C8C8C", "#DADADA"
#: Inches: of the figure, and the width of its panels above the words.
_SIZE, _WORDS_WIDTH = (9.5, 4.2), 4.5


@dataclass(frozen=True, eq=False)
class Reading:
    """What a model made of one text, pads left out.

    Attributes:
        words: ``(steps,)``, as read.
        states: ``(steps, hidden_size)``, the hidden state after each.
        path: ``(steps, 2)``, the same in a plane of all texts: ``dynamics.shared_pca``.
        explained: ``(2,)``, the share of the variance along each axis of the plane.
        curve: ``(steps,)``, a number after each step, such as a logit or a depth.
        curve_label: what that number is.

    Raises:
        ValueError: an array has another shape or is not finite, words do not name each
            step, or a curve has no label.
    """

    words: Sequence[str]
    states: np.ndarray
    path: np.ndarray
    explained: Sequence[float]
    curve: np.ndarray | None = None
    curve_label: str = ""

    def __post_init__(self) -> None:
        """Check the shapes, and keep arrays as such."""
        states = finite_matrix("states", self.states)
        steps = len(states)
        check_labels(self.words, steps, "words")
        kept = {"words": list(self.words), "states": states}
        kept["path"] = finite("path", self.path, (steps, 2))
        kept["explained"] = finite("explained", self.explained, (2,))
        if self.curve is not None:
            kept["curve"] = finite("curve", self.curve, (steps,))
            if not self.curve_label:
                raise ValueError("curve_label must say what the curve is; got ''")
        for name, value in kept.items():
            object.__setattr__(self, name, value)  # the way of a frozen dataclass


def explorer_figure(
    reading: Reading,
    step: int,
    units: Sequence[int],
    backdrop: np.ndarray | None = None,
) -> Figure:
    """One text at one step: its path so far, a few units, and a curve if there is one.

    Args:
        reading: what a model made of the text.
        step: the step to mark, from 0.
        units: those drawn as lines over the words, 1 to ``MOST_UNITS``.
        backdrop: ``(points, 2)``, states of other texts in the same plane.

    Raises:
        ValueError: there is no such step or unit, there are too many units, or backdrop is
            no finite ``(points, 2)``.
    """
    _check(reading, step, units)
    if backdrop is not None:
        backdrop = finite("backdrop", backdrop, (None, 2))
    curves = int(reading.curve is not None)
    with course_style():
        fig = plt.figure(figsize=_SIZE)
        # Apart, so that long words under the right half do not press the left one.
        left, right = fig.subfigures(1, 2, width_ratios=(1, 1.2))
        _draw_plane(left.subplots(), reading, step, backdrop)
        panels = right.subplots(1 + curves, sharex=True, squeeze=False)[:, 0]
        draw_units(panels[0], reading.states, units, lw=1.6)
        _legend(panels[0], columns=4)
        for ax in panels[1:]:
            ax.plot(reading.curve, color=_READ, marker="o", ms=3.5, lw=1.6)
            ax.set_ylabel(reading.curve_label, parse_math=False)
        for ax in panels:
            # Wide in colour, and thin in black for print.
            ax.axvline(step, color=_NOW, lw=7, zorder=0.5)
            ax.axvline(step, color="k", lw=0.9, zorder=0.6)
        # Shorter than elsewhere: turned words take their room from two panels.
        words = [shorten(word, 12) for word in reading.words]
        label_steps(panels[-1], len(words), words, _WORDS_WIDTH)
        right.align_ylabels(panels)
    return fig


def _draw_plane(
    ax: Axes, reading: Reading, step: int, backdrop: np.ndarray | None
) -> None:
    path = reading.path
    look = {"marker": "o", "ms": 4, "lw": 1.3}
    ring = {"s": 130, "facecolors": "none", "edgecolors": "k", "linewidths": 1.2}
    now = {"s": 75, "color": _NOW, "edgecolors": "k", "linewidths": 1.2}
    ax.scatter(*path[0], zorder=3, label="start", **ring)
    ax.plot(*path[: step + 1].T, "-", color=_READ, label="read so far", **look)
    # Below what was read: the two meet at the step marked.
    later = look | {"color": _LATER, "zorder": 1.8}
    ax.plot(*path[step:].T, "--", label="still to come", **later)
    if backdrop is not None:
        dots = {"s": 7, "color": _OTHERS, "linewidths": 0, "zorder": 1}
        ax.scatter(*backdrop.T, label="other texts", **dots)
    ax.scatter(*path[step], zorder=4, **now)
    ax.margins(0.12)
    ax.locator_params(nbins=6)
    ax.set_aspect("equal", adjustable="datalim")
    name_components(ax, reading.explained)
    _legend(ax, columns=2)
    drawn = path if backdrop is None else np.concatenate([path, backdrop])
    middle = (drawn.min(axis=0) + drawn.max(axis=0)) / 2
    _write_word(ax, shorten(reading.words[step]), path[step], *(path[step] < middle))


def _write_word(ax: Axes, word: str, point: np.ndarray, right: bool, up: bool) -> None:
    """Write the word on that side of its point: towards the middle there is room."""
    ax.annotate(
        word,
        point,
        xytext=(9 if right else -9, 9 if up else -9),
        textcoords="offset points",
        ha="left" if right else "right",
        va="bottom" if up else "top",
        bbox={"boxstyle": "round,pad=0.25", "facecolor": _NOW, "edgecolor": "k"},
        zorder=5,
        fontsize=10,
        parse_math=False,
    )


def _legend(ax: Axes, columns: int) -> None:
    look = {"fontsize": WORD["fontsize"], "columnspacing": 1.2}
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=columns, **look)


def _check(reading: Reading, step: int, units: Sequence[int]) -> None:
    steps, hidden_size = reading.states.shape
    if not 0 <= step < steps:
        raise ValueError(f"step must be from 0 to {steps - 1}; got {step}")
    if not 1 <= len(units) <= MOST_UNITS:
        raise ValueError(f"units must hold 1 to {MOST_UNITS} units; got {len(units)}")
    if not all(0 <= unit < hidden_size for unit in units):
        raise ValueError(
            f"units must be from 0 to {hidden_size - 1}; got {list(units)}"
        )
