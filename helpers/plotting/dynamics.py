"""Hidden states and gates as heat maps: what happens at each step, and in which unit.

All take arrays of one sequence with its pads left out: a pad is no step of the text.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from helpers.plotting.style import DIVERGING, SEQUENTIAL, course_style, looks
from helpers.plotting.words import check_labels, label_steps, width_for

#: Inches of a figure that stand beside its steps: names, legend, colour bar.
_BESIDE = 2.0


def visualize_hidden_states(
    states: np.ndarray,
    labels: Sequence[str] | None = None,
    units: Sequence[int] | None = None,
    title: str = "Hidden states",
) -> Figure:
    """All units at every step as a heat map, and below it a few of them as lines.

    Args:
        states: ``(steps, hidden_size)``.
        labels: the word read at each step; without them steps are counted from 0.
        units: those drawn as lines; by default the five of largest variance.
        title: of the figure.

    Raises:
        ValueError: states are no finite matrix, labels do not name each step, or there is no
            such unit.
    """
    states = finite_matrix("states", states)
    steps, hidden_size = states.shape
    check_labels(labels, steps)
    units = _checked_units(units, states)
    width = width_for(steps, _BESIDE)
    height = _height(hidden_size)
    with course_style():
        fig, (above, below) = plt.subplots(
            2,
            1,
            sharex=True,
            figsize=(width, height + 3.0),
            height_ratios=(height, 1.7),
        )
        limit = np.abs(states).max() or 1.0
        image = heat_map(above, states, DIVERGING, -limit, limit)
        above.set(title=title, ylabel="Unit")
        # Inside the axes' own frame: the legend below would push a common bar aside.
        bar = above.inset_axes((1.02, 0, 0.025, 1))
        fig.colorbar(image, cax=bar, label="State")
        for unit, look in zip(units, looks(), strict=False):
            every = max(1, steps // 12)
            below.plot(
                states[:, unit], label=f"unit {unit}", ms=4, markevery=every, **look
            )
        below.axhline(0, color="k", lw=0.8, zorder=1)
        below.set_ylabel("State")
        label_steps(below, steps, labels, width - _BESIDE)
        below.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
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
    signed = {n: n == "candidate" or gate.min() < 0 for n, gate in gates.items()}
    width = width_for(steps, _BESIDE)
    height = 0.35 + min(1.5, 0.3 + 0.6 * _height(hidden_size))
    with course_style():
        fig, axes = plt.subplots(
            len(gates),
            1,
            sharex=True,
            squeeze=False,
            figsize=(width, height * len(gates) + 0.9),
        )
        # The signed ones last: each scale has one bar beside neighbours.
        order = sorted(gates, key=signed.__getitem__)
        by_name = dict(zip(order, axes[:, 0], strict=True))
        _draw_gates(fig, by_name, gates, signed)
        label_steps(axes[-1, 0], steps, labels, width - _BESIDE)
    return fig


def _draw_gates(
    fig: Figure,
    axes: Mapping[str, Axes],
    gates: Mapping[str, np.ndarray],
    signed: Mapping[str, bool],
) -> None:
    scales = {"Gate": (SEQUENTIAL, 0, 1), "Candidate": (DIVERGING, -1, 1)}
    for label, scale in scales.items():
        names = [name for name in axes if signed[name] == (label == "Candidate")]
        for name in names:
            image = heat_map(axes[name], gates[name], *scale)
            axes[name].set(title=name, ylabel="Unit")
        if names:
            shared = [axes[name] for name in names]
            fig.colorbar(image, ax=shared, label=label, pad=0.02, aspect=14)


def heat_map(
    ax: Axes, values: np.ndarray, cmap: str, low: float, high: float
) -> AxesImage:
    """Draw ``(steps, units)`` with units on the vertical axis, unit 0 on top."""
    ax.grid(visible=False)
    ax.yaxis.set_major_locator(MaxNLocator(8, integer=True, min_n_ticks=1))
    look = {"aspect": "auto", "interpolation": "nearest"}
    return ax.imshow(values.T, cmap=cmap, vmin=low, vmax=high, **look)


def _height(hidden_size: int) -> float:
    """Inches of a heat map of that many units."""
    return float(np.clip(0.13 * hidden_size, 0.8, 3.4))


def finite_matrix(name: str, values: np.ndarray) -> np.ndarray:
    """The values as a matrix of real numbers; a ``ValueError`` where they are none."""
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or not values.size or not np.isfinite(values).all():
        raise ValueError(
            f"{name} must be a finite matrix (steps, hidden_size), pads left out; got "
            f"shape {values.shape} with {np.sum(~np.isfinite(values))} values not finite"
        )
    return values


def _checked_gate(name: str, gate: np.ndarray) -> np.ndarray:
    gate = finite_matrix(f"gates[{name!r}]", gate)
    if np.abs(gate).max() > 1:
        raise ValueError(
            f"gates[{name!r}] must lie in [0, 1], a candidate in [-1, 1]; got values "
            f"from {gate.min():.3g} to {gate.max():.3g}: is it a state?"
        )
    return gate


def _checked_units(units: Sequence[int] | None, states: np.ndarray) -> list[int]:
    hidden_size = states.shape[1]
    if units is None:
        order = np.argsort(-states.var(axis=0), kind="stable")
        return sorted(int(unit) for unit in order[:5])
    wrong = [unit for unit in units if not 0 <= unit < hidden_size]
    if wrong or not len(units):
        raise ValueError(
            f"units must be from 0 to {hidden_size - 1}; got {list(units)}"
        )
    return list(units)
