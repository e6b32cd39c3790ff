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
from helpers.metrics.translation import (
    alignment_error_rate,
    alignment_precision,
    bleu,
    chrf,
    exact_match,
)

__all__ = [
    "Reliability",
    "accuracy",
    "accuracy_interval",
    "alignment_error_rate",
    "alignment_precision",
    "bleu",
    "bootstrap_interval",
    "chrf",
    "exact_match",
    "hit_rate",
    "mean_absolute_error",
    "mrr",
    "ndcg",
    "reliability",
    "target_ranks",
    "top_items",
]
