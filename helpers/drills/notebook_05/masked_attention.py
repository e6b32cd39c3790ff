"""Drill 5.1: attend to the real steps of a padded batch."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Arrays = tuple[np.ndarray, np.ndarray]


def masked_attention(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, mask: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the context, (batch, width), and the weights, (batch, steps).

    A score is the dot product of query and key, not scaled. Weights are 0 on pads.
    Shapes: query (batch, units), keys (batch, steps, units), values (batch, steps,
    width), mask (batch, steps) bool, True on real steps, of which each row has one.
    """
    scores = np.einsum("bu,bsu->bs", query, keys)
    scores = np.where(mask, scores, -np.inf)
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = exponentials / exponentials.sum(axis=1, keepdims=True)
    context = np.einsum("bs,bsw->bw", weights, values)
    return context, weights


def _attend_row_by_row(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, mask: np.ndarray
) -> Arrays:
    context = np.zeros((len(values), values.shape[2]))
    weights = np.zeros(mask.shape)
    for row in range(len(query)):
        real = [step for step in range(mask.shape[1]) if mask[row, step]]
        scores = {step: sum(query[row] * keys[row, step]) for step in real}
        highest = max(scores.values())
        shares = {step: np.exp(scores[step] - highest) for step in real}
        for step in real:
            weights[row, step] = shares[step] / sum(shares.values())
            context[row] += weights[row, step] * values[row, step]
    return context, weights


def _scores(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    return (keys @ query[:, :, None])[:, :, 0]


def _scaled(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    return _scores(query, keys) / np.sqrt(query.shape[1])


def _hide(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return np.where(mask, scores, -np.inf)


def _hide_nothing(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return scores


def _highest(scores: np.ndarray, axis: int | None = 1) -> np.ndarray:
    return scores.max(axis=axis, keepdims=True)


def _no_shift(scores: np.ndarray, axis: int | None = 1) -> float:
    return 0.0


def _keep(weights: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return weights


def _zero(weights: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return weights * mask


def _mean(weights: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return (weights[:, :, None] * values).sum(axis=1)


def _both(context: np.ndarray, weights: np.ndarray) -> Arrays:
    return context, weights


def _with(
    *,
    score: Callable[..., np.ndarray] = _scores,
    hide: Callable[..., np.ndarray] = _hide,
    shift: Callable[..., Any] = _highest,
    axis: int | None = 1,
    divide: bool = True,
    after: Callable[..., np.ndarray] = _keep,
    blend: Callable[..., np.ndarray] = _mean,
    result: Callable[..., Any] = _both,
) -> Callable[..., Any]:
    """Make the answer in which one part is another."""

    @np.errstate(all="ignore")
    def answer(query, keys, values, mask):
        scores = hide(score(query, keys), mask)
        weights = np.exp(scores - shift(scores, axis))
        if divide:
            weights = weights / weights.sum(axis=axis, keepdims=True)
        weights = after(weights, mask)
        return result(blend(weights, keys, values), weights)

    return answer


def _masked_last(shift: Callable[..., Any]) -> Callable[..., Arrays]:
    """Make the answer that takes the pads out of the exponentials, then divides."""

    @np.errstate(all="ignore")
    def answer(query, keys, values, mask):
        scores = _scores(query, keys)
        shares = np.exp(scores - shift(scores)) * mask
        weights = shares / shares.sum(axis=1, keepdims=True)
        return _mean(weights, keys, values), weights

    return answer


def _sentences(
    *rows: str,
    units: int = 3,
    width: int = 3,
    scale: float = 1.0,
    lean: float = 0.0,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make a batch from rows such as "##.": a real step is "#", a pad is ".".

    Every key may lean towards its query, or away from it where that is below 0; a
    pad leans the other way.
    """
    rng = np.random.default_rng(seed)
    mask = np.array([[sign == "#" for sign in row] for row in rows])
    query = rng.normal(0, scale, size=(len(rows), units))
    keys = rng.normal(0, scale, size=(*mask.shape, units))
    keys += lean * np.where(mask, 1, -1)[:, :, None] * query[:, None, :]
    values = rng.normal(0, 2, size=(*mask.shape, width))
    return query, keys, values, mask


def _random_sentences(rng: np.random.Generator) -> Arguments:
    batch, steps, units, width = rng.integers(1, 6, size=4).tolist()
    shuffle = bool(rng.random() < 0.3)
    rows = []
    for _ in range(batch):
        length = int(rng.integers(1, steps + 1))
        row = "#" * length + "." * (steps - length)
        rows.append("".join(rng.permutation(list(row))) if shuffle else row)
    scale = float(rng.choice([1.0, 1.0, 200.0]))
    lean = float(rng.choice([-2.0, 0.0, 2.0]))
    return _sentences(*rows, units=units, width=width, scale=scale, lean=lean, seed=rng)


_NOT_MINUS_INFINITY = (
    "the pads' scores are set to 0, and the exponential of 0 is 1, so a pad gets "
    "weight like any other step; set them to minus infinity."
)
_FINITE = (
    "the number that stands for a pad's score is not low enough, for real scores may "
    "lie below it; take `-np.inf`."
)
_OVERFLOW = (
    "`np.exp` overflows for large scores, or is 0 for all of a row; subtract each row's "
    "largest real score first."
)
_SCALED = (
    "the scores are divided by the root of the units, as in a transformer; here they "
    "are plain dot products."
)

DRILL = Drill(
    id="5.1",
    title="attention over real words",
    level="core",
    minutes=10,
    prompt=(
        "The decoder is about to write a French word, and looks back at the English "
        "sentence. I give you its state as the query, and for each word of the sentence "
        "a key and a value; the sentences of the batch are padded. Please return the "
        "context and the weights. The score of a word is the dot product of query and "
        "key, without scaling. The weights of a sentence sum to 1, and its pads get "
        "exactly 0. Scores may be in the tens of thousands, of both signs, and the "
        "pads may have the highest. No Python loop, please. I ask because a decoder "
        "that attends to pads still trains. It is merely worse on short sentences, and "
        "nobody looks there."
    ),
    solution=masked_attention,
    specification=_attend_row_by_row,
    hints=(
        "Which number must a score be, so that its exponential is 0? And at which "
        "point must it be in place, so that the weights still sum to 1?",
        "Score, hide, softmax, mean, in this order. Hide the pads in the scores, "
        "before the softmax, and let each row's largest score be found after that. "
        "The softmax runs over the steps of one sentence.",
        '`np.einsum("bu,bsu->bs", query, keys)` has the scores, and '
        "`np.where(mask, scores, -np.inf)` hides the pads. Subtract the maximum along "
        "`axis=1`, exponentiate, divide by the sum along `axis=1`.",
    ),
    cases=(
        _sentences("###..", "##...", "#####"),
        _sentences("####", "#...", "##..", units=4, width=2),
        _sentences("##.", "###", "#..", units=2, width=4, seed=1),
        _sentences("######", "##....", units=3, width=1, seed=2),
        _sentences("#.##.", "..###", ".#..#", units=2, width=3),
        _sentences("###.", "##..", "####", units=5, width=5, seed=3),
        _sentences("###..", "####.", units=4, scale=200.0),
        _sentences("##...", "###..", units=4, scale=200.0, lean=-2.0),
        _sentences("##...", "###..", units=4, scale=9.0, lean=-3.0),
        _sentences("##", "##", "##", units=1),
        _sentences("#....", "#...."),
        _sentences("#", units=1, width=1, scale=200.0),
        _sentences("###..", units=4, scale=200.0, lean=2.0),
    ),
    random_case=_random_sentences,
    mistakes=(
        Mistake(
            "the mask is not used, so the decoder looks at pads; hide them before the "
            "softmax.",
            _with(hide=_hide_nothing),
        ),
        Mistake(
            "the pads are taken out after the softmax, so the weights of a padded "
            "sentence no longer sum to 1; hide them before it.",
            _with(hide=_hide_nothing, after=_zero),
        ),
        Mistake(_NOT_MINUS_INFINITY, _with(hide=lambda s, m: s * m)),
        Mistake(
            "the pads' scores are set to 0 and their weights as well, so the weights "
            "no longer sum to 1; set the scores to minus infinity, and nothing else "
            "is needed.",
            _with(hide=lambda s, m: s * m, after=_zero),
        ),
        Mistake(
            "the mask is inverted; it is True on real steps, and the others must be "
            "hidden.",
            _with(hide=lambda s, m: np.where(m, -np.inf, s)),
        ),
        Mistake(
            "the softmax runs over the batch, so the sentences compete with each "
            "other; it runs over the steps of each, along `axis=1`.",
            _with(axis=0),
        ),
        Mistake(
            "the softmax runs over all words of the batch; the weights of each "
            "sentence sum to 1, so maximum and sum are taken along `axis=1`.",
            _with(axis=None),
        ),
        Mistake(_SCALED, _with(score=_scaled)),
        Mistake(
            "the exponentials are not divided by their sum, so they are no weights; "
            "those of a sentence sum to 1.",
            _with(divide=False),
        ),
        Mistake(
            "the exponentials are not divided by their sum, so they are no weights; "
            "those of a sentence sum to 1.",
            _with(divide=False, shift=_no_shift),
        ),
        Mistake(_OVERFLOW, _with(shift=_no_shift)),
        Mistake(_OVERFLOW, _masked_last(_no_shift)),
        Mistake(
            "the largest score is found before the pads are hidden; if a pad has it, "
            "all real words underflow to 0; hide first, then take the maximum.",
            _masked_last(_highest),
        ),
        *(
            Mistake(_FINITE, _with(hide=hide))
            for low in (-1e2, -1e3, -1e4)
            for hide in (
                lambda s, m, low=low: np.where(m, s, low),
                lambda s, m, low=low: s + low * ~m,
            )
        ),
        Mistake(
            "the context is the mean of the keys; the keys decide where to look, and "
            "the values are what is read there.",
            _with(blend=lambda w, keys, values: _mean(w, keys, keys)),
        ),
        Mistake(
            "the weighted values are divided by the number of steps; the weights sum "
            "to 1 already, so add up.",
            _with(blend=lambda w, keys, values: (w[:, :, None] * values).mean(axis=1)),
        ),
        Mistake(
            "the context is the value of the likeliest word alone; it is the mean of "
            "all values, each with its weight.",
            _with(blend=lambda w, keys, values: values[range(len(w)), w.argmax(1)]),
        ),
        Mistake(
            "the weighted values are not added up; sum them over the steps.",
            _with(blend=lambda w, keys, values: w[:, :, None] * values),
        ),
        Mistake(
            "the two results are swapped; return the context first, then the weights.",
            _with(result=lambda context, weights: (weights, context)),
        ),
        Mistake(
            "the weights do not come back; return the context and the weights.",
            _with(result=lambda context, weights: context),
        ),
        Mistake(
            "both results have an axis of one query too many; there is one query a "
            "sentence, so take it out.",
            _with(result=lambda context, weights: (context[:, None], weights[:, None])),
        ),
        Mistake(
            "the weights have an axis of one query too many; take it out.",
            _with(result=lambda context, weights: (context, weights[:, None])),
        ),
        Mistake(
            "the weights have an axis of one unit too many; take it out.",
            _with(result=lambda context, weights: (context, weights[:, :, None])),
        ),
    ),
)
