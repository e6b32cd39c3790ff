"""Numbers read off hidden states: over the steps, against the truth, in the complex plane."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.plotting.checks import check_labels
from helpers.plotting.style import COLOURS, course_style, legend_beside, looks
from helpers.plotting.words import label_steps, width_for


def state_along_time(
    values: Mapping[str, Sequence[float]],
    labels: Sequence[str] | None = None,
    ylabel: str = "Reading",
) -> Figure:
    """One number a step, such as a probe's reading or a logit, above the words.

    Args:
        values: name of the series -> one value a step, ``(steps,)``.
        labels: the word read at each step; without them steps are counted from 0.
        ylabel: what the values are.

    Raises:
        ValueError: there is no series, the series differ in length or are empty, or labels
            do not name each step.
    """
    shapes = sorted({np.shape(series) for series in values.values()})
    if len(shapes) != 1 or len(shapes[0]) != 1 or shapes[0] == (0,):
        raise ValueError(f"values must hold series of one length; got {shapes}")
    [(steps,)] = shapes
    check_labels(labels, steps)
    beside = 0.9 if len(values) == 1 else 2.6
    width = width_for(steps, beside)
    with course_style():
        fig, ax = plt.subplots(figsize=(width, 3.4))
        ax.axhline(0, color="k", lw=0.8, zorder=1)
        for (name, series), look in zip(values.items(), looks(), strict=False):
            look["color"] = COLOURS.get(name, look["color"])
            every = max(1, steps // 40)
            ax.plot(series, label=name, ms=4.5, markevery=every, **look)
        ax.set_ylabel(ylabel)
        label_steps(ax, steps, labels, width - beside)
        if len(values) > 1:
            legend_beside(ax)
    return fig


def probe_scatter(
    true: np.ndarray,
    predicted: np.ndarray,
    xlabel: str,
    ylabel: str,
    groups: Sequence[str],
) -> Figure:
    """What a probe reads off each state against what it should read.

    Args:
        true: ``(examples,)``.
        predicted: ``(examples,)``.
        xlabel: what ``true`` is.
        ylabel: what ``predicted`` is.
        groups: ``(examples,)``, such as ``"trained"`` and ``"shuffled labels"``; each has
            its own marker, in the order of first appearance.

    Raises:
        ValueError: the lengths differ.
    """
    true, predicted = np.asarray(true, float), np.asarray(predicted, float)
    groups = np.asarray(groups)
    if not len(true) == len(predicted) == len(groups):
        raise ValueError(
            f"true, predicted and groups must be equally long; got {len(true)}, "
            f"{len(predicted)} and {len(groups)}"
        )
    with course_style():
        fig, ax = plt.subplots(figsize=(6.4, 4.0))
        ax.axline((0, 0), slope=1, color="k", ls=":", lw=1.2, label="equal")
        for name, look in zip(dict.fromkeys(groups), looks(), strict=False):
            look["color"] = COLOURS.get(name, look["color"])
            x, y = true[groups == name], predicted[groups == name]
            _hollow_marks(ax, x, y, look, s=18, alpha=0.6, label=name)
        ax.set(xlabel=xlabel, ylabel=ylabel)
        legend_beside(ax)
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
            label = f"{name} ({not_inside} of {len(values)} not inside)"
            _hollow_marks(
                ax, values.real, values.imag, look, s=26, linewidths=1.3, label=label
            )
        ax.axhline(0, color="k", lw=0.6, zorder=1)
        ax.axvline(0, color="k", lw=0.6, zorder=1)
        ax.set_aspect("equal", adjustable="datalim")
        ax.set(xlabel="Real part", ylabel="Imaginary part")
        legend_beside(ax)
    return fig


def _hollow_marks(
    ax: Axes, x: np.ndarray, y: np.ndarray, look: Mapping[str, str], **more: Any
) -> None:
    """Draw points of which a hundred on one spot still show a few of another group."""
    colour, marker = look["color"], look["marker"]
    ax.scatter(x, y, facecolors="none", edgecolors=colour, marker=marker, **more)
