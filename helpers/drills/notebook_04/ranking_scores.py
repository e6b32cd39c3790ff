"""Drill 4.3: hit rate, NDCG and MRR of a model that ranks all items."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Scores = tuple[float, float, float]


def ranking_scores(
    scores: np.ndarray, targets: np.ndarray, k: int
) -> tuple[float, float, float]:
    """Return (hit_rate, ndcg, mrr), all at k: a rank beyond k counts 0.

    A target's rank is 1 plus the number of other items that score at least as
    high. Column 0 of scores, (users, items + 1), is the pad, which is no item;
    targets, (users,), are ids from 1.
    """
    own = np.take_along_axis(scores, targets[:, None], axis=1)
    rank = (scores[:, 1:] >= own).sum(axis=1)  # the target itself makes the 1
    hit = rank <= k
    each = hit, hit / np.log2(rank + 1), hit / rank
    return tuple(float(values.mean()) for values in each)


def _score_user_by_user(scores: np.ndarray, targets: np.ndarray, k: int) -> Scores:
    hits = gains = reciprocals = 0.0
    for row, target in zip(scores, targets, strict=True):
        rank = 1
        for item in range(1, len(row)):
            if item != target and row[item] >= row[target]:
                rank += 1
        if rank <= k:
            hits += 1
            gains += 1 / np.log2(rank + 1)
            reciprocals += 1 / rank
    users = len(targets)
    return hits / users, gains / users, reciprocals / users


Ranks = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _own(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return scores[np.arange(len(targets)), targets][:, None]


def _rank(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return (scores[:, 1:] >= _own(scores, targets)).sum(axis=1)


def _optimistic(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return 1 + (scores[:, 1:] > _own(scores, targets)).sum(axis=1)


def _optimistic_with_pad(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return 1 + (scores > _own(scores, targets)).sum(axis=1)


def _place(order: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return at which place, from 1, the target stands in an order of the ids."""
    return 1 + np.argmax(order == targets[:, None], axis=1)


def _sorted(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return _place(1 + np.argsort(-scores[:, 1:], axis=1, kind="stable"), targets)


def _sorted_reversed(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    order = np.argsort(scores[:, 1:], axis=1, kind="stable")[:, ::-1]
    return _place(1 + order, targets)


def _sorted_with_pad(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return _place(np.argsort(-scores, axis=1, kind="stable"), targets)


def _sorted_reversed_with_pad(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return _place(np.argsort(scores, axis=1, kind="stable")[:, ::-1], targets)


def _ties_halved(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return (_rank(scores, targets) + _optimistic(scores, targets)) / 2


def _column_too_far(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return (scores[:, 1:] >= _own(scores[:, 1:], targets)).sum(axis=1)


def _column_too_early(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return (scores[:, 1:] >= _own(scores, targets - 1)).sum(axis=1)


def _hit(rank: np.ndarray, k: int) -> np.ndarray:
    return rank <= k


def _gain(rank: np.ndarray, k: int) -> np.ndarray:
    return (rank <= k) / np.log2(rank + 1)


def _reciprocal(rank: np.ndarray, k: int) -> np.ndarray:
    return (rank <= k) / rank


def _means(*columns: np.ndarray) -> Scores:
    return tuple(float(values.mean()) for values in columns)


def _with(
    *,
    rank: Ranks = _rank,
    hit: Callable[..., np.ndarray] = _hit,
    gain: Callable[..., np.ndarray] = _gain,
    reciprocal: Callable[..., np.ndarray] = _reciprocal,
    result: Callable[..., Any] = _means,
) -> Callable[..., Any]:
    """Make the answer in which one part is another."""

    @np.errstate(all="ignore")
    def answer(scores, targets, k):
        ranks = rank(scores, targets)
        return result(*(each(ranks, k) for each in (hit, gain, reciprocal)))

    return answer


def _gain_of_an_ideal_list(rank: np.ndarray, k: int) -> np.ndarray:
    return _gain(rank, k) / (1 / np.log2(np.arange(k) + 2)).sum()


def _means_of_hits(hit: np.ndarray, *columns: np.ndarray) -> Scores:
    return hit.mean(), *(values.sum() / hit.sum() for values in columns)


def _users(
    users: int,
    items: int,
    k: int,
    *,
    levels: int = 0,
    pad: float | None = None,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make the scores of some users; with few levels there are many ties.

    The model has an output for the pad like any other, unless its score is given.
    """
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 2, size=(users, items + 1))
    if levels:
        scores = rng.integers(0, levels, size=scores.shape).astype(float)
    if pad is not None:
        scores[:, 0] = pad
    return scores, rng.integers(1, items + 1, size=users), k


def _random_users(rng: np.random.Generator) -> Arguments:
    users, items, k = (int(rng.integers(1, most)) for most in (10, 13, 8))
    levels = int(rng.choice([0, 3, 6]))
    pad = [None, None, 9.0, -np.inf][rng.integers(4)]
    return _users(users, items, k, levels=levels, pad=pad, seed=rng)


_SORTED = (
    "the rank comes from a sort, so a tie is broken by the place in the array; count "
    "the other items that score at least as high."
)
_SORTED_WITH_PAD = (
    "the rank comes from a sort of all columns; column 0 is no item, and a sort breaks "
    "ties by the place in the array."
)
_FROM_0 = (
    "the ranks start at 0, so the first place divides by 0; the best rank is 1, for the "
    "target counts itself."
)

DRILL = Drill(
    id="4.3",
    title="hit rate, NDCG and MRR",
    level="core",
    minutes=12,
    prompt=(
        "For each user, the model has scored every film, and one film is the one that "
        "was watched next. Please write the three figures of a recommender team: hit "
        "rate, NDCG and mean reciprocal rank, all at k. The rank of the target is 1 "
        "plus the number of other films that score at least as high, so ties count "
        "against the model. Column 0 is the pad and never counts. With one relevant "
        "film, NDCG is 1 over the binary logarithm of rank + 1. A target beyond "
        "place k gives 0 in all three. No Python loop, please. I ask because a model "
        "that gives every film the same score is perfect if ties count in its favour, "
        "and published figures have come about that way."
    ),
    solution=ranking_scores,
    specification=_score_user_by_user,
    hints=(
        "All three figures need one number per user. Which one, and can you count it "
        "without sorting?",
        "Compare each row with the score of its target, and count. The target is at "
        "least as good as itself, which makes the 1. Then the three figures are means "
        "over all users, of values that are 0 where the rank is beyond k.",
        "`rank = (scores[:, 1:] >= own[:, None]).sum(axis=1)`, with `own` the targets' "
        "scores, and `hit = rank <= k`. Take the means of `hit`, of "
        "`hit / np.log2(rank + 1)` and of `hit / rank`.",
    ),
    cases=(
        _users(6, items=8, k=3, levels=4),
        _users(8, items=10, k=4),
        _users(9, items=6, k=2, levels=3),
        _users(5, items=7, k=3, pad=9.0),
        _users(7, items=9, k=5, levels=3, pad=-np.inf),
        _users(6, items=12, k=1),
        _users(4, items=5, k=2, levels=1),
        _users(5, items=4, k=10, levels=5),
        (np.array([[0.0, 3.0, 2.0, 1.0]]), np.array([1]), 1),
        (np.array([[0.0, 3.0, 2.0, 1.0]]), np.array([3]), 2),
        _users(1, items=1, k=1, pad=9.0),
        _users(9, items=8, k=3, levels=6, seed=1),
    ),
    random_case=_random_users,
    mistakes=(
        Mistake(
            "column 0 is counted; it is the pad, so leave it out of the ranking.",
            _with(rank=lambda s, t: (s >= _own(s, t)).sum(axis=1)),
        ),
        Mistake(
            "ties count in favour of the model, so one constant score for all is "
            "perfect; count the others that score at least as high.",
            _with(rank=_optimistic),
        ),
        Mistake(
            "ties count in favour of the model, and column 0 is counted; leave the pad "
            "out, and count the others that score at least as high.",
            _with(rank=_optimistic_with_pad),
        ),
        Mistake(_SORTED, _with(rank=_sorted)),
        Mistake(_SORTED, _with(rank=_sorted_reversed)),
        Mistake(_SORTED_WITH_PAD, _with(rank=_sorted_with_pad)),
        Mistake(_SORTED_WITH_PAD, _with(rank=_sorted_reversed_with_pad)),
        Mistake(
            "a tie counts half; here it counts in full against the model.",
            _with(rank=_ties_halved),
        ),
        Mistake(_FROM_0, _with(rank=lambda s, t: _rank(s, t) - 1)),
        Mistake(_FROM_0, _with(rank=lambda s, t: _optimistic(s, t) - 1)),
        Mistake(
            "the target counts twice, so the best rank is 2; it is at least as good as "
            "itself, and that makes the 1.",
            _with(rank=lambda s, t: _rank(s, t) + 1),
        ),
        Mistake(
            "the ranking runs the wrong way: the lowest score comes first; count the "
            "items that score at least as high.",
            _with(rank=lambda s, t: (s[:, 1:] <= _own(s, t)).sum(axis=1)),
        ),
        Mistake(
            "the target's score is read one column too far; without column 0, the item "
            "of id 1 stands at index 0.",
            _with(rank=_column_too_far),
        ),
        Mistake(
            "the target's score is read one column too early; ids start from 1, but "
            "column 0 is still there.",
            _with(rank=_column_too_early),
        ),
        Mistake(
            "NDCG and MRR are not cut; a target beyond place k gives 0 in all three.",
            _with(
                gain=lambda rank, k: 1 / np.log2(rank + 1),
                reciprocal=lambda rank, k: 1 / rank,
            ),
        ),
        Mistake(
            "NDCG is not cut; a target beyond place k gives 0 there as well.",
            _with(gain=lambda rank, k: 1 / np.log2(rank + 1)),
        ),
        Mistake(
            "MRR is not cut; a target beyond place k gives 0 there as well.",
            _with(reciprocal=lambda rank, k: 1 / rank),
        ),
        Mistake(
            "the cut comes one place too early; rank k itself is still a hit.",
            _with(
                hit=lambda rank, k: rank < k,
                gain=lambda rank, k: _gain(rank, k - 1),
                reciprocal=lambda rank, k: _reciprocal(rank, k - 1),
            ),
        ),
        Mistake(
            "the hit rate is cut one place too early; rank k itself is still a hit.",
            _with(hit=lambda rank, k: rank < k),
        ),
        Mistake(
            "the hits are divided by k, which makes the precision; the hit rate is the "
            "share of users with a hit.",
            _with(hit=lambda rank, k: (rank <= k) / k),
        ),
        Mistake(
            "NDCG has the natural logarithm, so even the first place is not 1; take "
            "the binary one.",
            _with(gain=lambda rank, k: (rank <= k) / np.log(rank + 1)),
        ),
        Mistake(
            "NDCG has the decimal logarithm, so even the first place is not 1; take "
            "the binary one.",
            _with(gain=lambda rank, k: (rank <= k) / np.log10(rank + 1)),
        ),
        Mistake(
            "NDCG has the logarithm of the rank, which is 0 at the first place; take "
            "that of rank + 1.",
            _with(gain=lambda rank, k: (rank <= k) / np.log2(rank)),
        ),
        Mistake(
            "NDCG has the logarithm of rank + 2, which is for ranks from 0; with ranks "
            "from 1 it is rank + 1.",
            _with(gain=lambda rank, k: (rank <= k) / np.log2(rank + 2)),
        ),
        Mistake(
            "NDCG is divided by the gain of k relevant items; there is one, so the "
            "ideal gain is 1.",
            _with(gain=_gain_of_an_ideal_list),
        ),
        Mistake(
            "MRR has 1 over rank + 1, which is for ranks from 0; with ranks from 1 it "
            "is 1 over the rank.",
            _with(reciprocal=lambda rank, k: (rank <= k) / (rank + 1)),
        ),
        Mistake(
            "NDCG and MRR are means over the hits alone; a user without a hit counts "
            "as 0.",
            _with(result=_means_of_hits),
        ),
        Mistake(
            "NDCG and MRR are swapped; return hit rate, NDCG, MRR.",
            _with(result=lambda hit, gain, reciprocal: _means(hit, reciprocal, gain)),
        ),
        Mistake(
            "these are sums over the users; take the means.",
            _with(result=lambda *each: tuple(float(v.sum()) for v in each)),
        ),
        Mistake(
            "these are the values of each user; take the means.",
            _with(result=lambda *each: tuple(v.astype(float) for v in each)),
        ),
    ),
)
