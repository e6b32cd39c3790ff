"""The last states of several sequences side by side: what a classifier is left with."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from sklearn.metrics.pairwise import cosine_similarity

from helpers.plotting.dynamics import finite_matrix, heat_map
from helpers.plotting.style import DIVERGING, course_style
from helpers.plotting.words import WORD, shorten, widest


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
    if len(shapes) > 1 or len(shapes[0]) != 1:
        raise ValueError(f"states must hold vectors of one length; got shapes {shapes}")
    rows = finite_matrix("states", np.stack(list(states.values())))
    names = [f"{shorten(name, 28)}  {i}" for i, name in enumerate(states, 1)]
    # Two decimals need wider cells, and a dozen of those would fill the page.
    decimals, cell = (2, 0.42) if len(rows) <= 6 else (1, 0.3)
    side = max(cell * len(rows), 0.9)  # the axis' name is wider than one cell
    left_width = min(4.6, 10.0 - 2.2 - widest(names) - side)
    with course_style({"axes.grid": False}):
        fig, (left, right) = plt.subplots(
            1,
            2,
            figsize=(left_width + 2.2 + widest(names) + side, side + 0.8),
            width_ratios=(left_width, side),
        )
        limit = np.abs(rows).max() or 1.0
        image = heat_map(left, rows.T, DIVERGING, -limit, limit)
        left.set(title="Last state", xlabel="Unit", ylabel="Sequence")
        left.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        left.set_yticks(range(len(rows)), names, **WORD)
        bar = left.inset_axes((1.02, 0, 0.035, 1))
        fig.colorbar(image, cax=bar, label="State")
        _cosines(right, cosine_similarity(rows), decimals)
    return fig


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
