"""One look for every figure of the course.

One colour a framework through all notebooks (Okabe and Ito's colour-blind safe palette),
and never colour alone: lines differ in style too.
"""

import contextlib
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes

COLOURS = {
    "PyTorch": "#D55E00",
    "Keras": "#0072B2",
    "baseline": "#595959",
    "right": "#009E73",
    "wrong": "#5E2B6E",
}
#: For curves that belong to neither framework (Okabe and Ito).
SERIES = ("#000000", "#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#0072B2")
#: Heat maps: perceptually uniform and light to dark ; and white at zero.
SEQUENTIAL = sns.color_palette("mako_r", as_cmap=True)
DIVERGING = "RdBu_r"
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
def course_style(more: Mapping[str, Any] | None = None) -> Iterator[None]:
    """The course's style for one figure, and nothing else.

    ``plt.rc_context`` would also restore what it did not change: in a notebook, the switch
    to inline figures that the first figure brings about.
    """
    wanted = STYLE | (more or {})
    saved = {name: plt.rcParams[name] for name in wanted}
    plt.rcParams.update(wanted)
    try:
        yield
    finally:
        plt.rcParams.update(saved)


def colour_of(name: str) -> str:
    """The colour of a framework, whatever follows a comma; else that of a baseline."""
    return COLOURS.get(name.split(",")[0], COLOURS["baseline"])


def legend_beside(ax: Axes, **more: Any) -> None:
    """Write the legend to the right of the axes, where it covers nothing."""
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), **more)


def looks() -> Iterator[dict[str, str]]:
    """Colour, marker and line style of one series after another, without end.

    The periods are 6, 7 and 4: no two of the first 42 share both colour and marker.
    """
    for colour, marker, style in zip(
        cycle(SERIES), cycle("os^Dv<p"), cycle(("-", "--", "-.", ":")), strict=False
    ):
        yield {"color": colour, "marker": marker, "linestyle": style}
