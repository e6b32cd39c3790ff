"""Figures of merit: NumPy in, float out; neither framework needed."""

from helpers.metrics.classification import (
    Reliability,
    accuracy,
    accuracy_interval,
    mean_absolute_error,
    reliability,
)
from helpers.metrics.ranking import (
    bootstrap_interval,
    hit_rate,
    mrr,
    ndcg,
    target_ranks,
    top_items,
)
from helpers.metrics.translation import bleu, chrf, exact_match
