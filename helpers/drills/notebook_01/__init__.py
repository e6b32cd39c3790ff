"""The drills of notebook 1, one module each."""

from helpers.drills.notebook_01 import (
    clip_by_global_norm,
    count_parameters,
    last_valid_state,
    mean_cross_entropy,
    rnn_step,
    rnn_step_backward,
)

DRILLS = (
    last_valid_state.DRILL,
    rnn_step.DRILL,
    clip_by_global_norm.DRILL,
    count_parameters.DRILL,
    rnn_step_backward.DRILL,
    mean_cross_entropy.DRILL,
)
