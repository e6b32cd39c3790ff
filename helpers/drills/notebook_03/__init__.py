"""The drills of notebook 3, one module each."""

from helpers.drills.notebook_03 import (
    count_model_parameters,
    lstm_step,
    output_shapes,
    predict_sentiment,
    run_masked,
)

DRILLS = (
    lstm_step.DRILL,
    count_model_parameters.DRILL,
    output_shapes.DRILL,
    run_masked.DRILL,
    predict_sentiment.DRILL,
)
