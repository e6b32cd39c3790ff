"""The drills of notebook 4, one module each."""

from helpers.drills.notebook_04 import (
    gru_step,
    ranking_scores,
    recommend,
    sliding_windows,
    split_and_count,
)

DRILLS = (
    gru_step.DRILL,
    sliding_windows.DRILL,
    ranking_scores.DRILL,
    split_and_count.DRILL,
    recommend.DRILL,
)
