"""How high does a ranking place the one item that came next?

Everything follows from one number a user: the rank of that item among all items. Column 0
of the scores belongs to the pad and never takes part.

Reference: K. Järvelin and J. Kekäläinen (2002), "Cumulated Gain-Based Evaluation of IR
Techniques", ACM TOIS 20(4), for the discount of NDCG.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.stats import bootstrap

from helpers.arguments import check_at_least, check_between

Measure = Callable[[np.ndarray, int], float]


def target_ranks(
    scores: np.ndarray, targets: np.ndarray, removed: Sequence[np.ndarray] | None = None
) -> np.ndarray:
    """Where each user's next item stands in the full ranking; 1 is the top.

    Items that tie with the target count as placed before it. Otherwise a model that gives
    every item the same score would be perfect.

    Args:
        scores: ``(users, num_items + 1)``, higher is better.
        targets: ``(users,)``, the item that came next, 1 to ``num_items``.
        removed: for each user the items struck from the list first, such as those already
            seen. A target that is struck comes last.

    Returns:
        ``(users,)`` ranks from 1 to ``num_items``.

    Raises:
        ValueError: the shapes do not fit, or a target or a struck item is no item.
    """
    scores, targets = _without(scores, removed), np.asarray(targets)
    users, num_items = len(scores), scores.shape[1] - 1
    if targets.shape != (users,) or users == 0:
        raise ValueError(
            f"targets must be one item a row of scores, ({users},) and at least one; got "
            f"{targets.shape}"
        )
    if targets.min() < 1 or targets.max() > num_items:
        raise ValueError(
            f"targets must be items from 1 to {num_items}; got {targets.min()} to "
            f"{targets.max()}"
        )
    own = scores[np.arange(users), targets]
    return (scores[:, 1:] >= own[:, None]).sum(axis=1)


def top_items(
    scores: np.ndarray, k: int, removed: Sequence[np.ndarray] | None = None
) -> np.ndarray:
    """The ``k`` best items of each user, best first; of equals, the smaller id first.

    Args:
        scores: ``(users, num_items + 1)``, higher is better.
        k: how many, 1 to ``num_items``.
        removed: for each user the items struck from the list first; where fewer than ``k``
            are left, struck ones close the row.

    Returns:
        ``(users, k)`` items.

    Raises:
        ValueError: the shapes do not fit, or there are no ``k`` items.
    """
    scores = _without(scores, removed)
    check_between(1, scores.shape[1] - 1, k=k)
    return 1 + np.argsort(-scores[:, 1:], axis=1, kind="stable")[:, :k]


def hit_rate(ranks: np.ndarray, k: int) -> float:
    """HR@k: the share of users whose next item is among the first ``k``.

    With one relevant item a user, recall@k is the same number.
    """
    return float((_checked(ranks, k) <= k).mean())


def ndcg(ranks: np.ndarray, k: int) -> float:
    """NDCG@k: a hit at rank r counts ``1 / log2(r + 1)``; a miss counts 0.

    With one relevant item a user the ideal gain is 1, and nothing is left to normalise.
    """
    ranks = _checked(ranks, k)
    return float(np.where(ranks <= k, 1 / np.log2(ranks + 1), 0.0).mean())


def mrr(ranks: np.ndarray, k: int) -> float:
    """MRR@k, the mean reciprocal rank: a hit at rank r counts ``1 / r``; a miss counts 0."""
    ranks = _checked(ranks, k)
    return float(np.where(ranks <= k, 1 / ranks, 0.0).mean())


def bootstrap_interval(
    measure: Measure, ranks: np.ndarray, k: int, seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of a measure, had other users of the same kind been asked.

    Args:
        measure: :func:`hit_rate`, :func:`ndcg` or :func:`mrr`.
        ranks: ``(users,)``, at least two.
        k: of the measure.
        seed: of the 1,000 resamples of users.

    Returns:
        ``(low, high)``, the percentiles 2.5 and 97.5.

    Raises:
        ValueError: fewer than two users.
    """
    ranks = _checked(ranks, k)
    if len(ranks) < 2:
        raise ValueError(f"ranks must hold at least two users; got {len(ranks)}")
    interval = bootstrap(
        (ranks,),
        lambda sample: measure(sample, k),
        n_resamples=1000,
        vectorized=False,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def _without(scores: np.ndarray, removed: Sequence[np.ndarray] | None) -> np.ndarray:
    """A copy of the scores in which struck items are out of the running."""
    scores = np.array(scores, dtype=np.float64)
    if scores.ndim != 2 or scores.shape[1] < 2:
        raise ValueError(
            f"scores must be (users, num_items + 1); got shape {scores.shape}"
        )
    if np.isnan(scores).any():
        raise ValueError("scores must be numbers; got NaN, which no rank fits")
    if removed is not None:
        if len(removed) != len(scores):
            raise ValueError(
                f"removed must hold one list a row of scores, {len(scores)}; got "
                f"{len(removed)}"
            )
        for row, items in zip(scores, removed, strict=True):
            if len(items) == 0:
                continue
            if np.min(items) < 0 or np.max(items) >= len(row):
                raise ValueError(
                    f"removed must hold items up to {len(row) - 1}; got "
                    f"{np.min(items)} to {np.max(items)}"
                )
            row[items] = -np.inf
    return scores


def _checked(ranks: np.ndarray, k: int) -> np.ndarray:
    ranks = np.asarray(ranks)
    if ranks.ndim != 1 or len(ranks) == 0 or ranks.min() < 1:
        raise ValueError("ranks must be one row of numbers from 1, at least one")
    check_at_least(1, k=k)
    return ranks
