"""Words along an axis of steps: each where there is room, else every second, third, ..."""

from collections.abc import Iterable, Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

#: How a word is written; a dollar sign in a review is no formula.
WORD = {"fontsize": 8.5, "parse_math": False}
#: Inches that a line of turned words takes of an axis, and that parts upright ones.
_LINE, _GAP = 0.165, 0.05


def shorten(text: str, longest: int = 18) -> str:
    """A text of at most ``longest`` characters; one that was cut ends in an ellipsis."""
    text = str(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def widest(words: Iterable[str]) -> float:
    """The width of the widest word, in inches."""
    font = FontProperties(size=WORD["fontsize"])
    points = [
        text_to_path.get_text_width_height_descent(word, font, ismath=False)[0]
        for word in words
        if word
    ]
    return max(points, default=0.0) / 72


def width_for(steps: int, beside: float) -> float:
    """The width in inches of a figure whose steps can all be named, from 6.4 to 10.

    Args:
        steps: how many.
        beside: inches that names, legend and colour bar take beside the steps.
    """
    return min(10.0, max(6.4, beside + _LINE * steps))


def label_steps(
    ax: Axes, steps: int, labels: Sequence[str] | None, width: float
) -> None:
    """Write words, or numbers from 0, under the steps of a horizontal axis.

    Words stand upright where all fit side by side or are as narrow as a line is high, else
    they are turned. Where there is not room for each, some are left out, and a short tick
    marks their steps.

    Args:
        ax: the axes; step 0 is at 0.
        steps: how many.
        labels: a word a step.
        width: of the axes, in inches.
    """
    ax.set(xlim=(-0.5, steps - 0.5), xlabel="Step")
    if labels is None:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        return
    words = [shorten(label) for label in labels]
    room, upright = width / steps, widest(words) + _GAP
    turned = upright > max(room, _LINE)
    shown = np.arange(0, steps, ceil((_LINE if turned else upright) / room))
    rotation = 90 if turned else 0
    ax.set_xticks(shown, [words[i] for i in shown], rotation=rotation, **WORD)
    ax.set_xticks(np.arange(steps), minor=True)
