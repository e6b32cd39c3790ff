"""Curves: over epochs, over steps, the wrong way against the right one."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.plotting.style import COLOURS, SERIES, course_style, legend_beside

#: How a logged value is written beside its axis, where capitalising is not enough.
_NAMES = {"hr10": "HR@10", "ndcg10": "NDCG@10", "bleu": "BLEU"}


def learning_curves(
    histories: Mapping[str, Any], metric: str = "accuracy", title: str = ""
) -> Figure:
    """Loss and a metric by epoch; training solid, validation dashed.

    Args:
        histories: name (``"PyTorch"``, ``"Keras"``) -> what ``fit`` returned.
        metric: the logged name beside the loss.
        title: of the figure.
    """
    colours = _colours(histories)
    with course_style():
        fig, axes = plt.subplots(1, 2, figsize=(8.6, 3.0))
        for ax, key in zip(axes, ("loss", metric), strict=True):
            for name, history in histories.items():
                _draw_history(ax, name, history, key, colours[name])
            ax.set(xlabel="Epoch", ylabel=_NAMES.get(key, key.capitalize()))
            _count_epochs(ax)
        known, shown = (set(ax.get_legend_handles_labels()[1]) for ax in axes)
        axes[0].legend()
        if shown - known:  # a metric of validation alone
            axes[1].legend()
        fig.suptitle(title)
    return fig


def _count_epochs(ax: Axes) -> None:
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, 0.5), max(high, 1.5))  # room for a single epoch, too
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _colours(names: Iterable[str]) -> dict[str, str]:
    """A series of neither framework must not look like one of them."""
    others = cycle(colour for colour in SERIES if colour not in COLOURS.values())
    return {name: COLOURS.get(name) or next(others) for name in names}


def _draw_history(ax: Axes, name: str, history: Any, key: str, colour: str) -> None:
    epochs = np.array(history.epoch) + 1
    look = {"color": colour, "marker": "o" if len(epochs) == 1 else ""}
    for prefix, dash, kind in (("", "-", "training"), ("val_", "--", "validation")):
        values = history.history.get(prefix + key)
        if values is not None:
            ax.plot(epochs, values, ls=dash, label=f"{name}, {kind}", **look)


def lines(
    curves: Mapping[str, Sequence[float]],
    xlabel: str,
    ylabel: str,
    log: bool = False,
    bar: tuple[str, float] | None = None,
) -> Figure:
    """Several curves over the same steps, told apart by colour, style and marker.

    Args:
        curves: label -> one value a step, from step 0.
        xlabel: what the steps are.
        ylabel: what the values are.
        log: whether the vertical axis is logarithmic.
        bar: label and height of a horizontal line to compare with.
    """
    looks = cycle(zip("os^Dvx", ("-", "--", "-.", ":", "-", "--"), SERIES, strict=True))
    with course_style():
        fig, ax = plt.subplots(figsize=(7.4, 3.3))
        for (label, values), (marker, style, colour) in zip(
            curves.items(), looks, strict=False
        ):
            every = max(1, len(values) // 8)
            [line] = ax.plot(values, ls=style, marker=marker, ms=4.5, markevery=every)
            line.set(color=COLOURS.get(label, colour), label=label)
        if bar is not None:
            ax.axhline(bar[1], color="k", lw=1.0, ls=(0, (1, 3)), label=bar[0])
        ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
        legend_beside(ax)
    return fig


def wrong_and_right(
    wrong: Mapping[str, Sequence[float]],
    right: Mapping[str, Sequence[float]],
    ylabel: str,
    chance: float | None = None,
) -> Figure:
    """Curves by epoch of a trap: the wrong way dashed, the right way solid.

    Args:
        wrong: label -> one value an epoch.
        right: label -> one value an epoch.
        ylabel: what the values are.
        chance: the value that guessing reaches, drawn as a line.
    """
    with course_style():
        fig, ax = plt.subplots(figsize=(6.2, 3.3))
        for kind, style, curves in (("right", "-", right), ("wrong", "--", wrong)):
            for (label, values), marker in zip(curves.items(), cycle("os^D")):
                epochs = np.arange(1, len(values) + 1)
                every = max(1, len(values) // 8)
                look = {"color": COLOURS[kind], "linestyle": style, "marker": marker}
                ax.plot(epochs, values, label=label, markevery=every, ms=5, **look)
        if chance is not None:
            ax.axhline(chance, color=COLOURS["baseline"], ls=":", label="chance")
        ax.set(xlabel="Epoch", ylabel=ylabel)
        _count_epochs(ax)
        legend_beside(ax)
    return fig
