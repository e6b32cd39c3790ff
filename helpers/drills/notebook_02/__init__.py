"""The drills of notebook 2, one module each."""

from helpers.drills.notebook_02 import (
    build_vocabulary,
    cross_entropy,
    encode_batch,
    masked_mean,
    pad_and_mask,
)

DRILLS = (
    build_vocabulary.DRILL,
    pad_and_mask.DRILL,
    masked_mean.DRILL,
    cross_entropy.DRILL,
    encode_batch.DRILL,
)
