"""The way from input to answer, as boxes and arrows."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from helpers.plotting.style import COLOURS, course_style


def pipeline(steps: Sequence[str], details: Sequence[str]) -> Figure:
    """The way from input to answer, as boxes and arrows.

    Args:
        steps: what each box says.
        details: a line under each box, such as a shape.
    """
    with course_style():
        fig, ax = plt.subplots(figsize=(1.62 * len(steps), 1.35))
        ax.set(xlim=(-0.55, len(steps) - 0.45), ylim=(-0.75, 0.5))
        ax.axis("off")
        box = {"boxstyle": "round,pad=0.45", "fc": "#F2F6FA", "ec": COLOURS["Keras"]}
        arrow = {"arrowstyle": "-|>", "color": "#444", "shrinkA": 0, "shrinkB": 0}
        for x, (step, detail) in enumerate(zip(steps, details, strict=True)):
            ax.text(x, 0.1, step, ha="center", va="center", bbox=box)
            ax.text(
                x, -0.5, detail, ha="center", va="center", fontsize=8.5, color="#444"
            )
            if x:
                ax.annotate("", (x - 0.42, 0.1), (x - 0.58, 0.1), arrowprops=arrow)
    return fig
