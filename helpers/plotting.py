"""Every figure of the course: arrays in, a matplotlib ``Figure`` out.

One colour a framework through all notebooks (Okabe and Ito's colour-blind safe palette),
and never colour alone: lines differ in style too. In a notebook, end the call with ``;``.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from sklearn.metrics import confusion_matrix

COLOURS = {
    "PyTorch": "#D55E00",
    "Keras": "#0072B2",
    "baseline": "#595959",
    "right": "#009E73",
    "wrong": "#5E2B6E",
}
#: For curves that belong to neither framework (Okabe and Ito).
_SERIES = ("#000000", "#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#0072B2")
STYLE = {
    "figure.dpi": 100,
    "savefig.dpi": 100,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E6E6E6",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "figure.constrained_layout.use": True,
}


@contextlib.contextmanager
def _style(more: Mapping[str, Any] | None = None) -> Iterator[None]:
    """The course's style for one figure, and nothing else.

    ``plt.rc_context`` would also restore what it did not change: in a notebook, the switch
    to inline figures that the first figure brings about.
    """
    style = STYLE | (more or {})
    saved = {name: plt.rcParams[name] for name in style}
    plt.rcParams.update(style)
    try:
        yield
    finally:
        plt.rcParams.update(saved)


def pipeline(steps: Sequence[str], details: Sequence[str] | None = None) -> Figure:
    """The way from input to answer, as boxes and arrows.

    Args:
        steps: what each box says.
        details: a line under each box, such as a shape.
    """
    details = details or [""] * len(steps)
    with _style():
        fig, ax = plt.subplots(figsize=(1.62 * len(steps), 1.35))
        ax.set(xlim=(-0.55, len(steps) - 0.45), ylim=(-0.75, 0.5))
        ax.axis("off")
        box = {"boxstyle": "round,pad=0.45", "fc": "#F2F6FA", "ec": COLOURS["Keras"]}
        for x, (step, detail) in enumerate(zip(steps, details, strict=True)):
            ax.text(x, 0.1, step, ha="center", va="center", bbox=box)
            ax.text(
                x, -0.5, detail, ha="center", va="center", fontsize=8.5, color="#444"
            )
            if x:
                arrow = {
                    "arrowstyle": "-|>",
                    "color": "#444",
                    "shrinkA": 0,
                    "shrinkB": 0,
                }
                ax.annotate("", (x - 0.42, 0.1), (x - 0.58, 0.1), arrowprops=arrow)
    return fig


def learning_curves(
    histories: Mapping[str, Any], metric: str = "accuracy", title: str = ""
) -> Figure:
    """Loss and a metric by epoch; training solid, validation dashed.

    Args:
        histories: name (``"PyTorch"``, ``"Keras"``) -> what ``fit`` returned.
        metric: the logged name beside the loss.
        title: of the figure.
    """
    with _style():
        fig, axes = plt.subplots(1, 2, figsize=(8.6, 3.0))
        for ax, key in zip(axes, ("loss", metric), strict=True):
            for name, history in histories.items():
                _draw_history(ax, name, history, key)
            ax.set(xlabel="Epoch", ylabel=key.capitalize())
            _count_epochs(ax)
        axes[0].legend()
        fig.suptitle(title)
    return fig


def _count_epochs(ax: Axes) -> None:
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, 0.5), max(high, 1.5))  # room for a single epoch, too
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _draw_history(ax: Axes, name: str, history: Any, key: str) -> None:
    epochs = np.array(history.epoch) + 1
    look = {"color": COLOURS.get(name), "marker": "o" if len(epochs) == 1 else ""}
    for prefix, style, kind in (("", "-", "training"), ("val_", "--", "validation")):
        values = history.history.get(prefix + key)
        if values is not None:
            (line,) = ax.plot(epochs, values, ls=style, label=f"{name}, {kind}", **look)
            look["color"] = line.get_color()


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
    looks = cycle(
        zip("os^Dvx", ("-", "--", "-.", ":", "-", "--"), _SERIES, strict=True)
    )
    with _style():
        fig, ax = plt.subplots(figsize=(7.4, 3.3))
        for (label, values), (marker, style, colour) in zip(
            curves.items(), looks, strict=False
        ):
            every = max(1, len(values) // 8)
            look = {"linestyle": style, "marker": marker, "color": colour, "ms": 4.5}
            ax.plot(values, label=label, markevery=every, **look)
        if bar is not None:
            ax.axhline(bar[1], color="k", lw=1.0, ls=(0, (1, 3)), label=bar[0])
        ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def wrong_and_right(
    wrong: Mapping[str, Sequence[float]],
    right: Mapping[str, Sequence[float]],
    ylabel: str,
    chance: float | None = None,
    title: str = "",
) -> Figure:
    """Curves by epoch of a trap: the wrong way dashed, the right way solid.

    Args:
        wrong: label -> one value an epoch.
        right: label -> one value an epoch.
        ylabel: what the values are.
        chance: the value that guessing reaches, drawn as a line.
        title: of the figure.
    """
    with _style():
        fig, ax = plt.subplots(figsize=(6.2, 3.3))
        for kind, style, curves in (("right", "-", right), ("wrong", "--", wrong)):
            for (label, values), marker in zip(curves.items(), cycle("os^D")):
                epochs = np.arange(1, len(values) + 1)
                every = max(1, len(values) // 8)
                look = {"color": COLOURS[kind], "linestyle": style, "marker": marker}
                ax.plot(epochs, values, label=label, markevery=every, ms=5, **look)
        if chance is not None:
            ax.axhline(chance, color=COLOURS["baseline"], ls=":", label="chance")
        ax.set(xlabel="Epoch", ylabel=ylabel, title=title)
        _count_epochs(ax)
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def accuracy_bars(
    results: Mapping[str, tuple[float, float, float]],
    chance: float,
    xlabel: str = "Test accuracy, with 95 % interval",
) -> Figure:
    """Accuracies side by side, with their intervals and the chance level.

    Args:
        results: name -> ``(accuracy, low, high)``.
        chance: what guessing reaches.
        xlabel: what is drawn.
    """
    names = list(results)[::-1]
    values, low, high = np.array([results[name] for name in names]).T
    colours = [COLOURS.get(name.split(",")[0], COLOURS["baseline"]) for name in names]
    with _style():
        fig, ax = plt.subplots(figsize=(7.2, 0.6 + 0.42 * len(names)))
        ax.barh(names, values, color=colours, height=0.62)
        ax.errorbar(
            values, names, xerr=[values - low, high - values], fmt="none", c="k"
        )
        for name, value, end in zip(names, values, high, strict=True):
            ax.text(end + 0.012, name, f"{value:.3f}", va="center", fontsize=9)
        ax.axvline(chance, color="k", ls=":", lw=1.2)
        ax.text(chance + 0.008, len(names) - 0.45, "chance", fontsize=8.5)
        ax.set(xlabel=xlabel, xlim=(0, 1.12), xticks=np.linspace(0, 1, 6))
        ax.grid(axis="y", visible=False)
    return fig


def confusion_matrices(
    targets: np.ndarray, predictions: Mapping[str, np.ndarray], labels: Sequence[str]
) -> Figure:
    """True class by predicted class, one heat map a system.

    Args:
        targets: ``(examples,)``, classes from 0.
        predictions: name -> ``(examples,)``.
        labels: the name of each class.
    """
    size = 1.2 + 0.33 * len(labels)
    with _style({"axes.grid": False}):
        fig, axes = plt.subplots(
            1, len(predictions), figsize=(size * len(predictions), size), squeeze=False
        )
        for ax, (name, predicted) in zip(axes[0], predictions.items(), strict=True):
            counts = confusion_matrix(targets, predicted, labels=range(len(labels)))
            # Zeros stay blank, so that the mistakes stand out.
            text = np.where(counts > 0, counts.astype(str), "")
            look = {"cmap": "Blues", "cbar": False, "linewidths": 0.5, "square": True}
            ticks = {"xticklabels": labels, "yticklabels": labels}
            sns.heatmap(counts, annot=text, fmt="", ax=ax, **look, **ticks)
            ax.set(xlabel="Predicted", ylabel="True", title=name)
            ax.tick_params(labelrotation=0, length=0)
            if max(map(len, labels)) > 2:
                ax.tick_params("x", labelrotation=90)
    return fig
