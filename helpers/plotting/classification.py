"""How good is a classifier, and where is it wrong?"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import confusion_matrix

from helpers.metrics import Reliability, accuracy_interval
from helpers.plotting.style import colour_of, course_style, legend_beside

#: A value, and the ends of its interval.
Result = tuple[float, float, float]


def accuracy_bars(
    results: Mapping[str, Result],
    chance: float,
    xlabel: str = "Test accuracy, with 95 % interval",
) -> Figure:
    """Accuracies side by side, with their intervals and the chance level.

    Args:
        results: name -> ``(accuracy, low, high)``.
        chance: what guessing reaches.
        xlabel: what is drawn.
    """
    with course_style():
        fig, ax = plt.subplots(figsize=(7.2, 0.6 + 0.42 * len(results)))
        draw_bars(ax, results, gap=0.012)
        ax.axvline(chance, color="k", ls=":", lw=1.2)
        ax.text(chance + 0.008, len(results) - 0.45, "chance", fontsize=8.5)
        ax.set(xlabel=xlabel, xlim=(0, 1.12), xticks=np.linspace(0, 1, 6))
    return fig


def draw_bars(ax: Axes, results: Mapping[str, Result], gap: float) -> None:
    """Draw bars with their intervals and figures, the first one on top.

    Args:
        ax: where.
        results: name -> ``(value, low, high)``.
        gap: between the end of an interval and its figure, in units of the axis.
    """
    names = list(results)[::-1]
    values, low, high = np.array([results[name] for name in names]).T
    ax.barh(names, values, color=[colour_of(name) for name in names], height=0.62)
    ax.errorbar(values, names, xerr=[values - low, high - values], fmt="none", c="k")
    for name, value, end in zip(names, values, high, strict=True):
        ax.text(end + gap, name, f"{value:.3f}", va="center", fontsize=9)
    ax.grid(axis="y", visible=False)


def confusion_matrices(
    targets: np.ndarray, predictions: Mapping[str, np.ndarray], labels: Sequence[str]
) -> Figure:
    """True class by predicted class, one heat map a system.

    Args:
        targets: ``(examples,)``, classes from 0.
        predictions: name -> ``(examples,)``.
        labels: the name of each class.
    """
    size = 1.2 + max(1.3, 0.33 * len(labels))  # inches, and a third of one a class
    with course_style({"axes.grid": False}):
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


def accuracy_by_group(
    correct: Mapping[str, np.ndarray],
    groups: Sequence[str],
    xlabel: str,
    ylabel: str = "Accuracy",
) -> Figure:
    """A share in each group of examples, with 95 % intervals, one row of marks a system.

    Args:
        correct: name -> ``(examples,)``, whether each prediction is right.
        groups: ``(examples,)``, the group of each example. Groups stand in the order of
            their first appearance.
        xlabel: what tells the groups apart.
        ylabel: the share's name.
    """
    names = list(dict.fromkeys(groups))
    members = [np.array(groups) == name for name in names]
    sizes = [chosen.sum() for chosen in members]
    offsets = np.linspace(-0.14, 0.14, len(correct))
    with course_style():
        fig, ax = plt.subplots(figsize=(7.2, 3.2))
        for offset, marker, (name, right) in zip(
            offsets, "os^D"[: len(correct)], correct.items(), strict=True
        ):
            shares = np.array([right[chosen].mean() for chosen in members])
            low, high = np.transpose(list(map(accuracy_interval, shares, sizes)))
            error = [shares - low, high - shares]
            x = np.arange(len(names)) + offset
            look = {"fmt": marker, "color": colour_of(name)}
            ax.errorbar(x, shares, error, label=name, capsize=3, **look)
        counted = [f"{name}\n({n:,})" for name, n in zip(names, sizes, strict=True)]
        ax.set_xticks(range(len(names)), counted)
        ax.set(xlabel=f"{xlabel} (number of examples)", ylabel=ylabel)
        ax.set(xlim=(-0.5, len(names) - 0.5))
        legend_beside(ax)
    return fig


def reliability_curves(curves: Mapping[str, Reliability]) -> Figure:
    """How often a system is right, by how sure it says it is.

    Args:
        curves: name -> what ``helpers.metrics.reliability`` returned.
    """
    with course_style():
        fig, ax = plt.subplots(figsize=(5.8, 3.4))
        ax.plot([0, 1], [0, 1], "k:", lw=1.2, label="perfectly calibrated")
        for marker, (name, curve) in zip("os^D", curves.items(), strict=False):
            [line] = ax.plot(curve.confidence, curve.accuracy, marker=marker)
            line.set(color=colour_of(name), label=f"{name} (error {curve.error:.3f})")
        low = min(curve.confidence.min() for curve in curves.values())
        bottom = min(low, *(curve.accuracy.min() for curve in curves.values()))
        ax.set(xlim=(low - 0.03, 1.02), ylim=(bottom - 0.04, 1.02))
        ax.set_xlabel("Said probability of the predicted class")
        ax.set_ylabel("Share that is right")
        legend_beside(ax)
    return fig
