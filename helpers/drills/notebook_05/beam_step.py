"""Drill 5.4: one step of a beam search."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


def beam_step(
    scores: np.ndarray, log_probs: np.ndarray, beam: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (rows, tokens, new_scores) of the best continuations, best first.

    A continuation is one hypothesis, its row, and one more token; log-probabilities
    add up. Of all rows together the `beam` best are kept, or fewer if there are fewer;
    of equals, the smaller row comes first, then the smaller token.
    Shapes: scores (hypotheses,), log_probs (hypotheses, vocab); results (kept,).
    """
    totals = scores[:, None] + log_probs
    best = np.argsort(-totals, axis=None, kind="stable")[:beam]
    rows, tokens = np.unravel_index(best, totals.shape)
    return rows, tokens, totals[rows, tokens]


def _choose_one_by_one(scores: np.ndarray, log_probs: np.ndarray, beam: int) -> Arrays:
    left = [
        (row, token, scores[row] + log_probs[row, token])
        for row in range(log_probs.shape[0])
        for token in range(log_probs.shape[1])
    ]
    kept = []
    while left and len(kept) < beam:
        first = left[0]
        for continuation in left:
            if continuation[2] > first[2]:
                first = continuation
        kept.append(first)
        left.remove(first)
    return tuple(np.array(column) for column in zip(*kept, strict=True))


Totals = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _sum(scores: np.ndarray, log_probs: np.ndarray) -> np.ndarray:
    return scores[:, None] + log_probs


def _alone(scores: np.ndarray, log_probs: np.ndarray) -> np.ndarray:
    return log_probs


def _product(scores: np.ndarray, log_probs: np.ndarray) -> np.ndarray:
    return scores[:, None] * log_probs


def _across(scores: np.ndarray, log_probs: np.ndarray) -> np.ndarray:
    return scores + log_probs


def _descending(values: np.ndarray) -> np.ndarray:
    return np.argsort(-values, axis=None, kind="stable")


def _ties_reversed(values: np.ndarray) -> np.ndarray:
    return np.argsort(values, axis=None, kind="stable")[::-1]


def _ascending(values: np.ndarray) -> np.ndarray:
    return np.argsort(values, axis=None, kind="stable")


def _unravel(best: np.ndarray, shape: tuple[int, int], beam: int) -> tuple:
    return best // shape[1], best % shape[1]


def _results(rows: np.ndarray, tokens: np.ndarray, scores: np.ndarray) -> Arrays:
    return rows, tokens, scores


def _with(
    *,
    rank: Totals = _sum,
    total: Totals = _sum,
    sort: Callable[[np.ndarray], np.ndarray] = _descending,
    kept: Callable[[int], slice] = lambda beam: slice(beam),
    unravel: Callable[..., tuple] = _unravel,
    look_up: bool = False,
    result: Callable[..., Any] = _results,
) -> Callable[..., Any]:
    """Make the answer in which one part is another.

    The new scores come from the sort, or are looked up by row and token.
    """

    def answer(scores, log_probs, beam):
        best = sort(rank(scores, log_probs))[kept(beam)]
        rows, tokens = unravel(best, log_probs.shape, beam)
        totals = total(scores, log_probs)
        return result(
            rows, tokens, totals[rows, tokens] if look_up else totals.ravel()[best]
        )

    return answer


def _per_row(
    count: Callable[[int], int], *, ranked: bool, cut: bool = False
) -> Callable[..., Arrays]:
    """Make the answer that takes some tokens of every hypothesis."""

    def answer(scores, log_probs, beam):
        tokens = np.argsort(-log_probs, axis=1, kind="stable")[:, : count(beam)]
        rows = np.repeat(np.arange(len(scores)), tokens.shape[1])
        tokens = tokens.ravel()
        totals = _sum(scores, log_probs)[rows, tokens]
        order = _descending(totals) if ranked else np.arange(len(totals))
        order = order[:beam] if cut else order
        return rows[order], tokens[order], totals[order]

    return answer


def _continue_the_best(scores, log_probs, beam):
    row = np.argmax(scores)
    tokens = _descending(log_probs[row])[:beam]
    return np.full(len(tokens), row), tokens, scores[row] + log_probs[row, tokens]


def _beam(
    hypotheses: int,
    vocab: int,
    beam: int,
    *,
    apart: float = 2.0,
    far: float = 0.0,
    ties: bool = False,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make the scores of some hypotheses, and what may follow each.

    With ties, all numbers are halves, so the rows are log-probabilities no more.
    """
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, size=(hypotheses, vocab))
    log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    scores = rng.uniform(-apart, 0, size=hypotheses) - far
    if ties:
        log_probs, scores = np.floor(log_probs) / 2, np.floor(2 * scores) / 2
    return scores, log_probs, beam


def _random_beam(rng: np.random.Generator) -> Arguments:
    hypotheses, vocab, beam = (int(rng.integers(1, most)) for most in (6, 9, 9))
    return _beam(
        hypotheses,
        vocab,
        beam,
        apart=float(rng.choice([1.0, 4.0])),
        far=float(rng.choice([1.0, 30.0, 900.0])),
        ties=bool(rng.random() < 0.4),
        seed=rng,
    )


_FORGOTTEN = (
    "the scores so far are forgotten, so a poor beginning competes like a good one; add "
    "each hypothesis' score to its row."
)
_BEST_OF_EACH = (
    "every hypothesis goes on with its own best token, so none is ever dropped; let the "
    "continuations of all compete with each other."
)
_K_OF_EACH = (
    "the `beam` best of each hypothesis are kept, so there are too many; of all "
    "together, keep `beam`."
)
_PRODUCT = (
    "the scores are multiplied, and two negative numbers make a positive one; "
    "log-probabilities are added where probabilities would be multiplied."
)
_WIDTH = (
    "row and token are not right: a place in the flat array is taken apart with "
    "the wrong width, but a row of it is as long as the vocabulary."
)

DRILL = Drill(
    id="5.4",
    title="one step of a beam search",
    level="core",
    minutes=10,
    prompt=(
        "Greedy search cannot take a word back. A beam keeps several beginnings. I give "
        "you the score of each hypothesis so far, a sum of log-probabilities, and for "
        "each the log-probabilities of its next token. Please return the `beam` best "
        "continuations of all hypotheses together, best first: which row each one "
        "continues, with which token, and its new score. Of equals, take the smaller "
        "row, then the smaller token. There may be fewer than `beam`; then return "
        "all. No Python loop, please. I ask because this step has two easy ways to go "
        "wrong. One gives you greedy search several times over, the other gives words "
        "to the wrong beginnings. Both still print French."
    ),
    solution=beam_step,
    specification=_choose_one_by_one,
    hints=(
        "How many continuations are there? One number says how good each one is. Which "
        "shape does the array of all these numbers have?",
        "Add each hypothesis' score to its row of log-probabilities, and sort all of "
        "them as one flat array. From a place in the flat array, row and token follow, "
        "if you know how long a row is. A sort ascends, and keeps the order of ties "
        "only if it is told to.",
        "`totals = scores[:, None] + log_probs`, then `best = np.argsort(-totals, "
        "axis=None, kind='stable')[:beam]`, and `np.unravel_index(best, totals.shape)` "
        "gives rows and tokens.",
    ),
    cases=(
        _beam(3, vocab=7, beam=4),
        _beam(4, vocab=6, beam=4, apart=4.0, seed=1),
        _beam(5, vocab=4, beam=3, seed=2),
        _beam(3, vocab=8, beam=6, ties=True),
        _beam(2, vocab=9, beam=5, apart=1.0, seed=3),
        _beam(4, vocab=5, beam=2, far=30.0, seed=4),
        _beam(4, vocab=4, beam=4, seed=5),
        (np.array([0.0]), _beam(1, vocab=8, beam=3)[1], 3),
        _beam(3, vocab=6, beam=4, far=900.0),
        _beam(2, vocab=3, beam=9),
        _beam(5, vocab=6, beam=1, ties=True, seed=6),
        _beam(1, vocab=1, beam=2),
        (np.full(3, -2.0), np.full((3, 4), -1.5), 7),
    ),
    random_case=_random_beam,
    mistakes=(
        *(Mistake(_K_OF_EACH, _per_row(lambda k: k, ranked=r)) for r in (True, False)),
        *(
            Mistake(_BEST_OF_EACH, _per_row(lambda k: 1, ranked=r, cut=c))
            for r in (True, False)
            for c in (True, False)
        ),
        Mistake(
            "the best of the first hypotheses fill the beam, and the others are not "
            "asked; rank the continuations of all before you cut.",
            _per_row(lambda k: k, ranked=False, cut=True),
        ),
        Mistake(
            "only the best hypothesis is continued; a poorer one may have the better "
            "continuation.",
            _continue_the_best,
        ),
        Mistake(_FORGOTTEN, _with(rank=_alone, total=_alone)),
        Mistake(
            "the continuations are ranked without the scores so far, which are added too "
            "late; add them before the sort.",
            _with(rank=_alone),
        ),
        Mistake(
            "the right continuations are chosen, but their new scores lack the scores so "
            "far; return the sums.",
            _with(total=_alone),
        ),
        Mistake(_PRODUCT, _with(rank=_product, total=_product)),
        Mistake(_PRODUCT, _with(rank=_product, total=_product, sort=_ascending)),
        Mistake(
            "the scores lie along the tokens here; write `scores[:, None]`, so that each "
            "hypothesis has its own.",
            _with(rank=_across, total=_across),
        ),
        Mistake(
            "the new scores are probabilities, which underflow to 0 in a long sentence; "
            "leave them logarithms.",
            _with(total=lambda scores, log_probs: np.exp(_sum(scores, log_probs))),
        ),
        *(
            Mistake(_WIDTH, _with(unravel=unravel, look_up=look_up))
            for unravel in (
                lambda best, shape, beam: (best // beam, best % beam),
                lambda best, shape, beam: (best // shape[0], best % shape[0]),
            )
            for look_up in (False, True)
        ),
        *(
            Mistake(
                "rows and tokens are swapped; divided by the size of the vocabulary, a "
                "place in the flat array gives the row, and the remainder the token.",
                _with(
                    unravel=lambda best, shape, beam: (
                        best % shape[1],
                        best // shape[1],
                    ),
                    look_up=look_up,
                ),
            )
            for look_up in (False, True)
        ),
        Mistake(
            "the tokens are places in the flat array; take the remainder by the size of "
            "the vocabulary.",
            _with(unravel=lambda best, shape, beam: (best // shape[1], best)),
        ),
        Mistake(
            "equal scores come with the larger row or token first, for the whole sorted "
            "array is turned round; sort `-totals` instead, with `kind='stable'`.",
            _with(sort=_ties_reversed),
        ),
        Mistake(
            "the worst continuations are kept; a sort ascends, so sort `-totals`.",
            _with(sort=_ascending),
        ),
        Mistake(
            "the right ones are kept, but the best stands last; turn them round.",
            _with(sort=_ascending, kept=lambda beam: slice(-beam, None)),
        ),
        Mistake(
            "there are as many results as there were hypotheses; `beam` says how many "
            "to keep.",
            lambda scores, log_probs, beam: beam_step(scores, log_probs, len(scores)),
        ),
        Mistake(
            "`beam` is not used, so all continuations come back; keep the `beam` best.",
            lambda scores, log_probs, beam: beam_step(scores, log_probs, 10**6),
        ),
        Mistake(
            "the new scores do not come back; return rows, tokens and new scores.",
            _with(result=lambda rows, tokens, scores: (rows, tokens)),
        ),
        Mistake(
            "the new scores come first; return rows, tokens and new scores, in this "
            "order.",
            _with(result=lambda rows, tokens, scores: (scores, rows, tokens)),
        ),
    ),
)
