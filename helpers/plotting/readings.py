"""Numbers read off hidden states: over the steps, against the truth, in the complex plane."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from helpers.plotting.style import COLOURS, course_style, looks
from helpers.plotting.words import check_labels, label_steps, width_for


def state_along_time(
    values: Mapping[str, Sequence[float]],
    labels: Sequence[str] | None = None,
    ylabel: str = "Reading",
    zero_line: bool = True,
) -> Figure:
    """One number a step, such as a probe's reading or a logit, above the words.

    Args:
        values: name of the series -> one value a step, ``(steps,)``.
        labels: the word read at each step; without them steps are counted from 0.
        ylabel: what the values are.
        zero_line: whether a line marks the value 0.

    Raises:
        ValueError: there is no series, the series differ in length or are empty, or labels
            do not name each step.
    """
    series = _checked_series(values)
    steps = len(next(iter(series.values())))
    check_labels(labels, steps)
    beside = 0.9 if len(series) == 1 else 2.6
    width = width_for(steps, beside)
    with course_style():
        fig, ax = plt.subplots(figsize=(width, 3.4))
        if zero_line:
            ax.axhline(0, color="k", lw=0.8, zorder=1)
        for (name, line), look in zip(series.items(), looks(), strict=False):
            look["color"] = COLOURS.get(name, look["color"])
            every = max(1, steps // 40)
            ax.plot(line, label=name, ms=4.5, markevery=every, **look)
        ax.set_ylabel(ylabel)
        label_steps(ax, steps, labels, width - beside)
        if len(series) > 1:
            ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def probe_scatter(
    true: np.ndarray,
    predicted: np.ndarray,
    xlabel: str,
    ylabel: str,
    groups: Sequence[str] | None = None,
    diagonal: bool = True,
) -> Figure:
    """What a probe reads off each state against what it should read.

    Args:
        true: ``(examples,)``.
        predicted: ``(examples,)``.
        xlabel: what ``true`` is.
        ylabel: what ``predicted`` is.
        groups: ``(examples,)``, such as ``"trained"`` and ``"shuffled labels"``; each has
            its own marker, in the order of first appearance.
        diagonal: whether to draw the line where both are equal; ``False`` where they are
            of different kinds, and only their correlation counts.

    Raises:
        ValueError: the lengths differ.
    """
    true, predicted = np.asarray(true, float), np.asarray(predicted, float)
    groups = [""] * len(true) if groups is None else list(groups)
    if not len(true) == len(predicted) == len(groups):
        raise ValueError(
            f"true, predicted and groups must be equally long; got {len(true)}, "
            f"{len(predicted)} and {len(groups)}"
        )
    names = list(dict.fromkeys(groups))
    with course_style():
        fig, ax = plt.subplots(figsize=(4.6 if names == [""] else 6.4, 4.0))
        if diagonal:
            ax.axline((0, 0), slope=1, color="k", ls=":", lw=1.2, label="equal")
        for name, look in zip(names, looks(), strict=False):
            chosen = np.array([group == name for group in groups])
            # Hollow marks: a hundred on one spot still show a few of another group.
            ax.scatter(
                true[chosen],
                predicted[chosen],
                s=18,
                alpha=0.6,
                facecolors="none",
                edgecolors=COLOURS.get(name, look["color"]),
                marker=look["marker"],
                label=name or None,
            )
        ax.set(xlabel=xlabel, ylabel=ylabel)
        if diagonal or names != [""]:
            ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def eigenvalue_plot(eigenvalues: Mapping[str, np.ndarray]) -> Figure:
    """Eigenvalues of Jacobians in the complex plane, with the circle of stability.

    Inside the circle a disturbance dies out, outside it grows; the angle is its rotation a
    step. The legend counts those not inside.

    Args:
        eigenvalues: name, such as that of a fixed point -> ``(state_size,)``, complex.

    Raises:
        ValueError: there is no eigenvalue.
    """
    found = {name: np.ravel(values) for name, values in eigenvalues.items()}
    if not found or not all(values.size for values in found.values()):
        raise ValueError("eigenvalues must hold at least one value a name; got none")
    with course_style():
        fig, ax = plt.subplots(figsize=(7.0, 4.2))
        circle = np.exp(1j * np.linspace(0, 2 * np.pi, 181))
        ax.plot(circle.real, circle.imag, "k:", lw=1.2, label="unit circle")
        for (name, values), look in zip(found.items(), looks(), strict=False):
            not_inside = int(np.sum(np.abs(values) >= 1))
            ax.scatter(
                values.real,
                values.imag,
                s=26,
                facecolors="none",
                edgecolors=look["color"],
                marker=look["marker"],
                linewidths=1.3,
                label=f"{name} ({not_inside} of {len(values)} not inside)",
            )
        ax.axhline(0, color="k", lw=0.6, zorder=1)
        ax.axvline(0, color="k", lw=0.6, zorder=1)
        ax.set_aspect("equal", adjustable="datalim")
        ax.set(xlabel="Real part", ylabel="Imaginary part")
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def _checked_series(values: Mapping[str, Sequence[float]]) -> dict[str, np.ndarray]:
    series = {name: np.asarray(line, dtype=float) for name, line in values.items()}
    shapes = sorted({line.shape for line in series.values()})
    if len(shapes) != 1 or len(shapes[0]) != 1 or shapes[0] == (0,):
        raise ValueError(
            f"values must hold series of one length (steps,); got {shapes}"
        )
    return series
