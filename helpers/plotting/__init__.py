"""Every figure of the course: arrays in, a matplotlib ``Figure`` out.

In a notebook, end the call with ``;``.
"""

from helpers.plotting.classification import (
    accuracy_bars,
    accuracy_by_group,
    confusion_matrices,
    reliability_curves,
)
from helpers.plotting.process import pipeline
from helpers.plotting.recommending import item_map, ranking_bars
from helpers.plotting.style import COLOURS, STYLE
from helpers.plotting.training import learning_curves, lines, wrong_and_right

__all__ = [
    "COLOURS",
    "STYLE",
    "accuracy_bars",
    "accuracy_by_group",
    "confusion_matrices",
    "item_map",
    "learning_curves",
    "lines",
    "pipeline",
    "ranking_bars",
    "reliability_curves",
    "wrong_and_right",
]
