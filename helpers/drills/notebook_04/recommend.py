"""Drill 4.5: recommend the best items that a user has not seen."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake


def recommend(scores: np.ndarray, seen: np.ndarray, k: int) -> np.ndarray:
    """Return the ids of the k best unseen items, best first; ties: smaller id first.

    Fewer than k come back if fewer are left.

    Args:
        scores: One user's score of each id, (items + 1,) float; id 0 is the pad.
        seen: The ids already watched, (watched,) int; may repeat, or be empty.
        k: How many items to recommend, at least 1.
    """
    allowed = np.ones(len(scores), dtype=bool)
    allowed[0] = False
    allowed[seen] = False
    ids = np.flatnonzero(allowed)
    order = np.argsort(-scores[ids], kind="stable")
    return ids[order[:k]]


def _recommend_one_by_one(scores: np.ndarray, seen: np.ndarray, k: int) -> np.ndarray:
    left = [item for item in range(1, len(scores)) if item not in seen.tolist()]
    best = []
    while left and len(best) < k:
        first = left[0]
        for item in left:
            if scores[item] > scores[first]:
                first = item
        best.append(first)
        left.remove(first)
    return np.array(best, dtype=int)


def _descending(scores: np.ndarray) -> np.ndarray:
    return np.argsort(-scores, kind="stable")


def _ties_reversed(scores: np.ndarray) -> np.ndarray:
    return np.argsort(scores, kind="stable")[::-1]


def _ascending(scores: np.ndarray) -> np.ndarray:
    return np.argsort(scores, kind="stable")


def _unseen(scores: np.ndarray, seen: np.ndarray) -> np.ndarray:
    return np.setdiff1d(np.arange(1, len(scores)), seen)


def _sorting(
    sort: Callable[[np.ndarray], np.ndarray],
) -> Callable[..., np.ndarray]:
    """Make the answer that sorts the unseen items in another way."""

    def answer(scores, seen, k):
        ids = _unseen(scores, seen)
        return ids[sort(scores[ids])[:k]]

    return answer


def _with_scores(
    *,
    pad: float | None = -np.inf,
    watched: float | None = -np.inf,
    in_place: bool = False,
    cut: bool = True,
    sort: Callable[[np.ndarray], np.ndarray] = _descending,
) -> Callable[..., np.ndarray]:
    """Make the answer that gives scores to pad and seen items; None leaves them."""

    def answer(scores, seen, k):
        if not in_place:
            scores = scores.copy()
        if watched is not None:
            scores[seen] = watched
        if pad is not None:
            scores[0] = pad
        left = np.isfinite(scores).sum() if cut else len(scores)
        return sort(scores)[: min(k, left)]

    return answer


def _seen_taken_out_after_the_cut(scores, seen, k):
    best = 1 + _descending(scores[1:])[:k]
    return best[~np.isin(best, seen)]


def _repeats_counted(scores, seen, k):
    left = max(len(scores) - 1 - len(seen), 0)
    return recommend(scores, seen, min(k, left))


def _filled_up(scores, seen, k):
    ids = recommend(scores, seen, k)
    return np.pad(ids, (0, k - len(ids)))


def _compressed_without_the_pad(scores, seen, k):
    return _descending(scores[_unseen(scores, seen)])[:k]


def _compressed_with_the_pad(scores, seen, k):
    return 1 + _compressed_without_the_pad(scores, seen, k)


def _user(
    items: int,
    seen: list[int],
    k: int,
    *,
    levels: int = 0,
    shift: float = 0.0,
    pad: float | None = None,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make the scores of one user; with few levels there are many ties."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(shift, 2, size=items + 1)
    if levels:
        scores = rng.integers(0, levels, size=items + 1) + shift
    if pad is not None:
        scores[0] = pad
    return scores, np.array(seen, dtype=int), k


def _random_user(rng: np.random.Generator) -> Arguments:
    items, k = int(rng.integers(1, 13)), int(rng.integers(1, 9))
    seen = rng.integers(1, items + 1, size=rng.integers(0, items + 3)).tolist()
    levels = int(rng.choice([0, 2, 4]))
    shift = float(rng.choice([-9.0, 0.0, 9.0]))
    pad = [None, 20.0][rng.integers(2)]
    return _user(items, seen, k, levels=levels, shift=shift, pad=pad, seed=rng)


_IN_PLACE = (
    "`scores` is changed in place, and the caller may need it again; write into a copy, "
    "or leave the scores alone and choose the ids."
)
_NOTHING_LEFT = (
    "fewer than k items are left, and the list is filled up with the pad or with seen "
    "items, whose score is minus infinity; cut it to what is left."
)
_SCORE_0 = (
    "a score of 0 does not rule an item out, for real scores may be negative; leave pad "
    "and seen items out of the sort."
)
_POSITIONS = (
    "these are positions among the items left, not ids; look them up in the ids of "
    "these items."
)

DRILL = Drill(
    id="4.5",
    title="the best unseen items",
    level="core",
    minutes=8,
    prompt=(
        "Now the model goes on the web page. I give you the scores of one user, one "
        "for each id, and the films that this user has watched. Please return the k "
        "best unseen films, best first, and of two equal ones the smaller id first. "
        "Id 0 is the pad; nobody can watch it. If fewer than k films are left, return "
        "fewer. Do not change the scores: somebody else may read them. I ask because "
        "every one of these sentences is a bug report that I have had to answer."
    ),
    solution=recommend,
    specification=_recommend_one_by_one,
    hints=(
        "Which ids may be recommended at all? Answer this first, then sort only those.",
        "A mask over the ids says what is allowed; `np.flatnonzero` turns it into ids. "
        "A sort returns positions in what it was given. It ascends, and it keeps the "
        "order of ties only if it is told to.",
        "`order = np.argsort(-scores[ids], kind='stable')`, then `ids[order[:k]]`. A "
        "slice beyond the end is no error, so a short list takes care of itself.",
    ),
    cases=(
        _user(8, [2, 5], k=3, levels=3, pad=9.0),
        _user(9, [1, 4, 9], k=4, pad=9.0),
        _user(7, [3, 6], k=4, levels=2),
        _user(6, [2, 4, 5], k=5, pad=9.0),
        _user(8, [], k=3, levels=2, pad=9.0),
        _user(6, [3, 3, 1, 3, 1], k=4),
        _user(9, [5, 2, 7], k=4, shift=-9.0),
        _user(3, [2, 1, 3], k=2),
        _user(5, [4, 4, 4, 4, 4, 4, 4], k=5, levels=2),
        _user(10, [10, 1], k=1),
        _user(4, [], k=9, levels=1),
        _user(12, [6, 1, 11], k=6, levels=3, pad=9.0, seed=1),
    ),
    random_case=_random_user,
    mistakes=(
        Mistake(
            "the pad is recommended; id 0 is no item, so leave it out like a seen one.",
            _with_scores(pad=None),
        ),
        Mistake(
            "seen items are recommended; leave out the ids in `seen`.",
            _with_scores(watched=None),
        ),
        Mistake(
            "the pad and seen items are recommended; leave out id 0 and the ids in "
            "`seen`.",
            _with_scores(pad=None, watched=None),
        ),
        Mistake(
            "the pad and seen items are recommended; leave out id 0 and the ids in "
            "`seen`.",
            _with_scores(pad=None, watched=None, sort=_ties_reversed),
        ),
        Mistake(
            "equal scores come with the larger id first, for the whole sorted array is "
            "turned round; sort `-scores` instead, with `kind='stable'`.",
            _sorting(_ties_reversed),
        ),
        *(
            Mistake(_IN_PLACE, _with_scores(in_place=True, cut=cut, sort=sort, **pads))
            for pads in ({}, {"pad": None})
            for cut in (True, False)
            for sort in (_descending, _ties_reversed)
        ),
        *(
            Mistake(_NOTHING_LEFT, _with_scores(cut=False, sort=sort))
            for sort in (_descending, _ties_reversed)
        ),
        Mistake(
            "seen items are taken out after the cut, so the list gets too short; take "
            "them out first, then cut.",
            _seen_taken_out_after_the_cut,
        ),
        Mistake(
            "the worst items come first; a sort ascends, so sort `-scores`.",
            _sorting(_ascending),
        ),
        Mistake(_SCORE_0, _with_scores(pad=0.0, watched=0.0)),
        Mistake(_SCORE_0, _with_scores(watched=0.0)),
        Mistake(
            "every id is one too small; without column 0, the item of id 1 stands at "
            "index 0.",
            lambda scores, seen, k: recommend(scores, seen, k) - 1,
        ),
        Mistake(_POSITIONS, _compressed_without_the_pad),
        Mistake(_POSITIONS, _compressed_with_the_pad),
        Mistake(
            "an id that stands twice in `seen` is counted twice, so the list gets too "
            "short; count the items that are left.",
            _repeats_counted,
        ),
        Mistake(
            "the list is filled up with 0, which is the pad; if fewer than k items are "
            "left, return fewer.",
            _filled_up,
        ),
        Mistake(
            "the k best stand in the order of their ids; the best comes first.",
            lambda scores, seen, k: np.sort(recommend(scores, seen, k)),
        ),
        Mistake(
            "these are the scores; return the ids.",
            lambda scores, seen, k: scores[recommend(scores, seen, k)],
        ),
        Mistake(
            "k is ignored, so every unseen item comes back; cut the list to k.",
            lambda scores, seen, k: recommend(scores, seen, len(scores)),
        ),
    ),
)
