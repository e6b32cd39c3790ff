"""The drills of notebook 5, one module each."""

from helpers.drills.notebook_05 import (
    beam_step,
    bleu,
    greedy_decode,
    masked_attention,
    masked_loss,
    shift_targets,
)

DRILLS = (
    masked_attention.DRILL,
    shift_targets.DRILL,
    greedy_decode.DRILL,
    beam_step.DRILL,
    bleu.DRILL,
    masked_loss.DRILL,
)
