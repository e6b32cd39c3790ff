"""Hidden states and gates as heat maps: what happens at each step, and in which unit.

All take arrays with their pads left out: a pad is no step of the text.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator
from sklearn.metrics.pairwise import cosine_similarity

from helpers.plotting.checks import check_labels, finite_matrix
from helpers.plotting.style import (
    DIVERGING,
    SEQUENTIAL,
    course_style,
    legend_beside,
    looks,
)
from helpers.plotting.words import WORD, label_steps, shorten, widest, width_for

#: Inches of a figure that stand beside its steps: names, legend, colour bar.
_BESIDE = 2.0


def visualize_hidden_states(
    states: np.ndarray,
    labels: Sequence[str] | None = None,
    title: str = "Hidden states",
) -> Figure:
    """All units at every step as a heat map, and below it the five liveliest as lines.

    Args:
        states: ``(steps, hidden_size)``.
        labels: the word read at each step; without them steps are counted from 0.
        title: of the figure.

    Raises:
        ValueError: states are no finite matrix, or labels do not name each step.
    """
    states = finite_matrix("states", states)
    steps, hidden_size = states.shape
    check_labels(labels, steps)
    width = width_for(steps, _BESIDE)
    height = _height(hidden_size)
    with course_style():
        fig, (above, below) = plt.subplots(
            2, sharex=True, figsize=(width, height + 3.0), height_ratios=(height, 1.7)
        )
        _map_of_states(above, states, bar_width=0.025)
        above.set(title=title, ylabel="Unit")
        draw_units(below, states, liveliest(states, 5), lw=1.8)
        label_steps(below, steps, labels, width - _BESIDE)
        legend_beside(below)
    return fig


def visualize_gate_activations(
    gates: Mapping[str, np.ndarray], labels: Sequence[str] | None = None
) -> Figure:
    """One heat map a gate, all on the scale from 0 to 1; a candidate from -1 to 1.

    Args:
        gates: name -> ``(steps, hidden_size)``. The one named ``"candidate"``, and any with
            a negative value, has the scale from -1 to 1, and stands last.
        labels: the word read at each step; without them steps are counted from 0.

    Raises:
        ValueError: there is no gate, the gates differ in shape, a value lies outside its
            scale, or labels do not name each step.
    """
    gates = {name: _checked_gate(name, gate) for name, gate in gates.items()}
    shapes = sorted({gate.shape for gate in gates.values()})
    if len(shapes) != 1:
        raise ValueError(f"gates must hold matrices of one shape; got {shapes}")
    steps, hidden_size = shapes[0]
    check_labels(labels, steps)
    signed = [n for n, gate in gates.items() if n == "candidate" or gate.min() < 0]
    unsigned = [name for name in gates if name not in signed]
    width = width_for(steps, _BESIDE)
    height = 0.35 + min(1.5, 0.3 + 0.6 * _height(hidden_size))
    size = width, height * len(gates) + 0.9
    with course_style():
        fig, axes = plt.subplots(len(gates), sharex=True, squeeze=False, figsize=size)
        # The signed ones last: each scale has one bar beside neighbours.
        panels = list(axes[:, 0])
        for label, names, cmap, low in (
            ("Gate", unsigned, SEQUENTIAL, 0),
            ("Candidate", signed, DIVERGING, -1),
        ):
            neighbours = [panels.pop(0) for _ in names]
            for ax, name in zip(neighbours, names, strict=True):
                image = _heat_map(ax, gates[name], cmap, low, 1)
                ax.set(title=name, ylabel="Unit")
            if names:
                fig.colorbar(image, ax=neighbours, label=label, pad=0.02, aspect=14)
        label_steps(axes[-1, 0], steps, labels, width - _BESIDE)
    return fig


def compare_final_states(states: Mapping[str, np.ndarray]) -> Figure:
    """The last state of each sequence as a row, and the cosine of each pair.

    Args:
        states: name, such as the sentence -> ``(hidden_size,)``; up to 12. The cosine with
            a state of zeros is 0.

    Raises:
        ValueError: there is no state or more than 12, or they are no finite vectors of one
            length.
    """
    if not 1 <= len(states) <= 12:
        raise ValueError(f"states must hold 1 to 12 sequences; got {len(states)}")
    shapes = sorted({np.shape(state) for state in states.values()})
    if len(shapes) > 1:
        raise ValueError(f"states must hold vectors of one length; got shapes {shapes}")
    rows = finite_matrix("states", list(states.values()))
    names = [f"{shorten(name, 28)}  {i}" for i, name in enumerate(states, 1)]
    # Two decimals need wider cells, and a dozen of those would fill the page.
    decimals, cell = (2, 0.42) if len(rows) <= 6 else (1, 0.3)
    side = max(cell * len(rows), 0.9)  # the axis' name is wider than one cell
    beside = 2.2 + widest(names) + side
    width = min(4.6, 10.0 - beside)
    with course_style({"axes.grid": False}):
        fig, (left, right) = plt.subplots(
            1, 2, figsize=(width + beside, side + 0.8), width_ratios=(width, side)
        )
        _map_of_states(left, rows.T, bar_width=0.035)
        left.set(title="Last state", xlabel="Unit", ylabel="Sequence")
        left.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        left.set_yticks(range(len(rows)), names, **WORD)
        _cosines(right, cosine_similarity(rows), decimals)
    return fig


def liveliest(states: np.ndarray, count: int) -> list[int]:
    """The units of largest variance over the steps, in their order."""
    order = np.argsort(-states.var(axis=0), kind="stable")
    return sorted(order[:count].tolist())


def draw_units(ax: Axes, states: np.ndarray, units: Sequence[int], lw: float) -> None:
    """Draw some units of ``(steps, hidden_size)`` as lines, and a thin one at zero."""
    every = max(1, len(states) // 12)
    for unit, look in zip(units, looks(), strict=False):
        values = states[:, unit]
        ax.plot(values, label=f"unit {unit}", ms=4, lw=lw, markevery=every, **look)
    ax.axhline(0, color="k", lw=0.8, zorder=1)
    ax.set_ylabel("State")


def _map_of_states(ax: Axes, states: np.ndarray, bar_width: float) -> None:
    """A heat map around zero, with its bar inside the frame: a legend may stand below."""
    limit = np.abs(states).max() or 1.0
    image = _heat_map(ax, states, DIVERGING, -limit, limit)
    bar = ax.inset_axes((1.02, 0, bar_width, 1))
    ax.figure.colorbar(image, cax=bar, label="State")


def _heat_map(
    ax: Axes, values: np.ndarray, cmap: str, low: float, high: float
) -> AxesImage:
    """Draw ``(steps, units)`` with units on the vertical axis, unit 0 on top."""
    ax.grid(visible=False)
    ax.yaxis.set_major_locator(MaxNLocator(8, integer=True, min_n_ticks=1))
    look = {"aspect": "auto", "interpolation": "nearest"}
    return ax.imshow(values.T, cmap=cmap, vmin=low, vmax=high, **look)


def _cosines(ax: Axes, cosines: np.ndarray, decimals: int) -> None:
    ax.imshow(cosines, cmap=DIVERGING, vmin=-1, vmax=1)
    numbers = range(1, len(cosines) + 1)
    ax.set_xticks(range(len(cosines)), numbers)
    ax.set_yticks(range(len(cosines)), numbers)
    ax.set(title="Cosine", xlabel="Sequence", ylabel="Sequence")
    for (row, column), value in np.ndenumerate(cosines.round(decimals) + 0.0):
        colour = "white" if abs(value) > 0.6 else "black"
        look = {"ha": "center", "va": "center", "fontsize": 8, "color": colour}
        ax.text(column, row, f"{value:.{decimals}f}".replace("-", "−"), **look)


def _height(hidden_size: int) -> float:
    """Inches of a heat map of that many units."""
    return float(np.clip(0.13 * hidden_size, 0.8, 3.4))


def _checked_gate(name: str, gate: np.ndarray) -> np.ndarray:
    gate = finite_matrix(f"gates[{name!r}]", gate)
    if np.abs(gate).max() > 1:
        raise ValueError(
            f"gates[{name!r}] must lie in [0, 1], a candidate in [-1, 1]; got values "
            f"from {gate.min():.3g} to {gate.max():.3g}: is it a state?"
        )
    return gate
