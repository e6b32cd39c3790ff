"""Drill 5.5: BLEU of a corpus, from the definition."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import chain

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Corpus = list[list[str]]
Counts = tuple[np.ndarray, np.ndarray]
Count = Callable[[Corpus, Corpus, int], tuple[float, float]]


def bleu(hypotheses: list[list[str]], references: list[list[str]]) -> float:
    """Return BLEU-4 of a corpus, 0 to 100; each sentence has one reference.

    BLEU is 100 * brevity * (p1 * p2 * p3 * p4) ** (1 / 4). Over the whole corpus, pn
    is the share of the hypotheses' n-grams that match; in a sentence, an n-gram
    matches at most as often as the reference holds it. With c tokens in the
    hypotheses and r in the references, brevity is 1 if c >= r, else exp(1 - r / c).
    If for some n nothing matches, BLEU is 0.
    """
    matches, totals = np.zeros(4), np.zeros(4)
    for pair in zip(hypotheses, references, strict=True):
        for n in range(1, 5):
            ours, theirs = (
                [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]
                for tokens in pair
            )
            clipped = (min(ours.count(g), theirs.count(g)) for g in set(ours))
            matches[n - 1] += sum(clipped)
            totals[n - 1] += len(ours)
    if not matches.all():
        return 0.0
    c, r = sum(map(len, hypotheses)), sum(map(len, references))
    brevity = min(1.0, np.exp(1 - r / c))
    return float(100 * brevity * np.prod(matches / totals) ** (1 / 4))


def _match_n_gram_by_n_gram(hypotheses: Corpus, references: Corpus) -> float:
    product = 1.0
    for n in range(1, 5):
        matches = total = 0
        for ours, theirs in zip(hypotheses, references, strict=True):
            left = [theirs[i : i + n] for i in range(len(theirs) - n + 1)]
            for i in range(len(ours) - n + 1):
                total += 1
                if ours[i : i + n] in left:
                    left.remove(ours[i : i + n])  # it matches once
                    matches += 1
        if matches == 0:
            return 0.0
        product *= matches / total
    c = sum(len(sentence) for sentence in hypotheses)
    r = sum(len(sentence) for sentence in references)
    return 100 * (1.0 if c >= r else np.exp(1 - r / c)) * product**0.25


def _grams(tokens: list[str], n: int) -> Counter:
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def _summed(
    match: Callable[[Counter, Counter], int], total: Callable[[Counter, Counter], int]
) -> Count:
    """Make the counts that are summed over the sentences."""

    def count(hypotheses, references, n):
        pairs = [
            (_grams(ours, n), _grams(theirs, n))
            for ours, theirs in zip(hypotheses, references, strict=True)
        ]
        return sum(match(*pair) for pair in pairs), sum(total(*pair) for pair in pairs)

    return count


def _clipped(ours: Counter, theirs: Counter) -> int:
    return (ours & theirs).total()


def _unclipped(ours: Counter, theirs: Counter) -> int:
    return sum(number for gram, number in ours.items() if gram in theirs)


def _distinct(ours: Counter, theirs: Counter) -> int:
    return len(ours.keys() & theirs.keys())


def _of_ours(ours: Counter, theirs: Counter) -> int:
    return ours.total()


def _of_theirs(ours: Counter, theirs: Counter) -> int:
    return theirs.total()


def _distinct_of_ours(ours: Counter, theirs: Counter) -> int:
    return len(ours)


_right = _summed(_clipped, _of_ours)


def _clipped_over_the_corpus(hypotheses, references, n):
    ours, theirs = (
        sum((_grams(sentence, n) for sentence in corpus), Counter())
        for corpus in (hypotheses, references)
    )
    return _clipped(ours, theirs), ours.total()


def _across_the_ends(hypotheses, references, n):
    joined = ([list(chain(*corpus))] for corpus in (hypotheses, references))
    return _right(*joined, n)


def _penalty(c: int, r: int) -> float:
    return 1.0 if c >= r else (np.exp(1 - r / c) if c else 0.0)


def _geometric(matches: np.ndarray, totals: np.ndarray) -> float:
    if not matches.all():
        return 0.0
    return np.prod(matches / totals) ** (1 / len(matches))


def _arithmetic(matches: np.ndarray, totals: np.ndarray) -> float:
    return (matches / np.maximum(totals, 1)).mean()


def _harmonic(matches: np.ndarray, totals: np.ndarray) -> float:
    return 4 / (totals / matches).sum() if matches.all() else 0.0


def _product(matches: np.ndarray, totals: np.ndarray) -> float:
    return np.prod(matches / np.maximum(totals, 1))


def _floored(matches: np.ndarray, totals: np.ndarray, floor: float) -> float:
    precisions = matches / np.maximum(totals, 1)
    return np.exp(np.log(np.maximum(precisions, floor)).mean())


def _add_one(matches: np.ndarray, totals: np.ndarray, from_n: int) -> float:
    ones = np.arange(1, 5) >= from_n
    return _geometric(matches + ones, totals + ones)


def _only_matched(matches: np.ndarray, totals: np.ndarray) -> float:
    kept = matches > 0
    return _geometric(matches[kept], totals[kept]) if kept.any() else 0.0


def _only_there(matches: np.ndarray, totals: np.ndarray) -> float:
    kept = totals > 0
    return _geometric(matches[kept], totals[kept]) if kept.any() else 0.0


def _nan_if_short(matches: np.ndarray, totals: np.ndarray) -> float:
    return np.prod(matches / totals) ** (1 / 4)


def _fails_if_short(matches: np.ndarray, totals: np.ndarray) -> float:
    pairs = zip(matches.tolist(), totals.tolist(), strict=True)
    return np.prod([number / total for number, total in pairs]) ** (1 / 4)


def _with(
    *,
    count: Count = _right,
    mean: Callable[[np.ndarray, np.ndarray], float] = _geometric,
    brevity: Callable[[int, int], float] = _penalty,
    orders: int = 4,
    scale: float = 100.0,
) -> Callable[..., float]:
    """Make the answer in which one part is another."""

    @np.errstate(all="ignore")
    def answer(hypotheses, references):
        counts = [count(hypotheses, references, n) for n in range(1, orders + 1)]
        matches, totals = np.array(counts, dtype=float).T
        c, r = (sum(map(len, corpus)) for corpus in (hypotheses, references))
        return float(scale * brevity(c, r) * mean(matches, totals))

    return answer


def _mean_over_sentences(hypotheses, references):
    pairs = zip(hypotheses, references, strict=True)
    return float(np.mean([bleu([ours], [theirs]) for ours, theirs in pairs]))


def _brevity_of_each_sentence(hypotheses, references):
    pairs = zip(hypotheses, references, strict=True)
    brevity = np.mean([_penalty(len(ours), len(theirs)) for ours, theirs in pairs])
    return float(brevity * _with(brevity=lambda c, r: 1.0)(hypotheses, references))


def _sentences(*texts: str) -> Corpus:
    return [text.split() for text in texts]


def _noisy(tokens: list[str], noise: float, rng: np.random.Generator) -> list[str]:
    """Drop, repeat and replace some tokens."""
    heard = []
    for token in tokens:
        kind = rng.random() / noise if noise else 9.0
        if kind >= 0.7:
            heard.append(token)
        if kind < 0.2:
            heard += [token, token]
        elif kind < 0.4:
            heard.append(str(rng.choice(_WORDS)))
    return heard


def _corpus(
    *lengths: int,
    noise: float = 0.3,
    cut: int | None = None,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make references of these lengths, and hypotheses that come near them."""
    rng = np.random.default_rng(seed)
    references = [rng.choice(_WORDS, size=length).tolist() for length in lengths]
    hypotheses = [_noisy(tokens, noise, rng)[:cut] for tokens in references]
    return hypotheses, references


def _random_corpus(rng: np.random.Generator) -> Arguments:
    lengths = rng.integers(1, 13, size=rng.integers(1, 6)).tolist()
    noise = float(rng.choice([0.0, 0.2, 0.2, 0.5]))
    cut = int(rng.choice([3, 5, 20, 20]))
    return _corpus(*lengths, noise=noise, cut=cut, seed=rng)


_WORDS = ["le", "chat", "noir", "dort", "la", "nuit", "et", "mange"]

_SHORT = (
    "no hypothesis has four words, and 0 is divided by 0; if for some n nothing "
    "matches, BLEU is 0, so ask before you divide."
)
_NO_CLIPPING = (
    "the matches are not clipped, so a word said seven times counts seven times; it "
    "counts at most as often as the reference holds it."
)
_SMOOTHED = (
    "the counts are smoothed by adding 1; here they are taken as they are, and BLEU is 0 "
    "if for some n nothing matches."
)
_FLOOR = (
    "a small number stands in for a precision of 0, so BLEU is not 0 where for some n "
    "nothing matches; return 0 there."
)

DRILL = Drill(
    id="5.5",
    title="BLEU from the definition",
    level="core",
    minutes=15,
    prompt=(
        "Everybody quotes BLEU, so please write it. I give you the translations of a "
        "test set and one reference for each, split into tokens. Count the n-grams of "
        "each translation, for n from 1 to 4, and how many of them match the reference; "
        "an n-gram matches at most as often as the reference holds it. Add both counts "
        "up over all sentences, and divide: four precisions. BLEU is their geometric "
        "mean, times the brevity penalty of the corpus, times 100. If for some n "
        "nothing matches, it is 0, without smoothing. Loops are fine here. I ask "
        "because half of the figures I am shown are means over sentences, or not "
        "clipped, and cannot be compared with anything."
    ),
    solution=bleu,
    specification=_match_n_gram_by_n_gram,
    hints=(
        "Translate a sentence as `the the the the`. Which part of BLEU notices? And "
        "which part notices the translation `the`?",
        "Keep two sums for each n: clipped matches, and n-grams of the hypotheses. "
        "Both go over the whole corpus. Divide at the end, and only after you have "
        "asked whether some n has no match. The brevity penalty looks at the two "
        "numbers of tokens alone.",
        "The n-grams are `[tuple(tokens[i : i + n]) for i in range(len(tokens) - n + "
        "1)]`. Add up `min(ours.count(g), theirs.count(g))` over the set of them. Then "
        "`100 * brevity * np.prod(matches / totals) ** (1 / 4)`.",
    ),
    cases=(
        (
            _sentences(
                "le chat noir dort la la nuit",
                "le le chat mange et dort",
                "et la nuit le chat dort",
            ),
            _sentences(
                "le chat noir dort la nuit et mange",
                "le chat mange et dort la nuit",
                "la nuit le chat noir dort",
            ),
        ),
        _corpus(9, 7, 12, noise=0.3, seed=1),
        _corpus(11, 6, 8, 10, noise=0.4, seed=2),
        (
            _sentences(
                "le le chat noir dort et dort et dort et dort", "la nuit le chat"
            ),
            _sentences("le chat noir dort et mange", "la nuit le chat"),
        ),
        _corpus(12, 10, 5, noise=0.2, cut=6, seed=3),
        _corpus(8, 3, 9, noise=0.3, seed=4),
        _corpus(7, 9, noise=0.0),
        (_sentences("le chat noir", "la nuit"), _sentences("le chat noir", "la nuit")),
        (
            _sentences("le chat dort la nuit", "et mange"),
            _sentences("la nuit le chat noir dort", "et mange"),
        ),
        (_sentences("", "le chat noir dort"), _sentences("et", "le chat noir dort")),
        (_sentences("", ""), _sentences("le chat", "et la nuit")),
        _corpus(10, 11, 12, noise=0.3, seed=5),
        (_sentences("et et et et et"), _sentences("la nuit")),
    ),
    random_case=_random_corpus,
    mistakes=(
        Mistake(_NO_CLIPPING, _with(count=_summed(_unclipped, _of_ours))),
        Mistake(
            "each n-gram counts once, however often both sentences have it; count the "
            "occurrences, up to the number in the reference.",
            _with(count=_summed(_distinct, _of_ours)),
        ),
        Mistake(
            "each n-gram counts once, in the matches and in the totals; count the "
            "occurrences.",
            _with(count=_summed(_distinct, _distinct_of_ours)),
        ),
        Mistake(
            "the matches are clipped over the whole corpus, so an n-gram may match the "
            "reference of another sentence; clip each sentence by itself.",
            _with(count=_clipped_over_the_corpus),
        ),
        Mistake(
            "the sentences are joined to one, so n-grams run across their ends, and "
            "match the reference of another sentence; count each by itself.",
            _with(count=_across_the_ends),
        ),
        Mistake(
            "the matches are divided by the n-grams of the references, which is recall; "
            "precision divides by those of the hypotheses.",
            _with(count=_summed(_clipped, _of_theirs)),
        ),
        Mistake(
            "the brevity penalty is missing, so it pays to say little; multiply by "
            "exp(1 - r / c) where c is below r.",
            _with(brevity=lambda c, r: 1.0),
        ),
        Mistake(
            "the brevity penalty runs the wrong way, and punishes long translations; it "
            "applies where c is below r.",
            _with(brevity=lambda c, r: _penalty(r, c)),
        ),
        Mistake(
            "the brevity penalty is above 1 for long translations; it is at most 1.",
            _with(brevity=lambda c, r: np.exp(1 - r / c) if c else 0.0),
        ),
        Mistake(
            "the brevity penalty is c / r; it is exp(1 - r / c).",
            _with(brevity=lambda c, r: min(1.0, c / r)),
        ),
        Mistake(
            "the exponent of the brevity penalty is 1 - c / r; it is 1 - r / c.",
            _with(brevity=lambda c, r: 1.0 if c >= r else np.exp(1 - c / r)),
        ),
        Mistake(
            "the brevity penalty is a mean over the sentences; it takes c and r of the "
            "whole corpus.",
            _brevity_of_each_sentence,
        ),
        Mistake(
            "this is the mean of the sentences' BLEU, in which one sentence without a "
            "match of four words is 0; add the counts up first, and divide once.",
            _mean_over_sentences,
        ),
        Mistake(
            "the mean of the four precisions is arithmetic; take the geometric one.",
            _with(mean=_arithmetic),
        ),
        Mistake(
            "the mean of the four precisions is harmonic; take the geometric one.",
            _with(mean=_harmonic),
        ),
        Mistake(
            "the four precisions are multiplied, but the fourth root is missing.",
            _with(mean=_product),
        ),
        *(
            Mistake(
                f"only n-grams up to n = {orders} are counted; BLEU-4 goes to 4, "
                "`range(1, 5)` in Python.",
                _with(orders=orders),
            )
            for orders in (1, 2, 3)
        ),
        Mistake(
            "this lies between 0 and 1; BLEU is given in per cent, so multiply by 100.",
            _with(scale=1.0),
        ),
        *(Mistake(_SMOOTHED, _with(mean=partial(_add_one, from_n=n))) for n in (1, 2)),
        *(
            Mistake(_FLOOR, _with(mean=partial(_floored, floor=floor)))
            for floor in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)
        ),
        Mistake(
            "an n without a match is left out of the mean, which turns the worst "
            "translations into good ones; BLEU is 0 there.",
            _with(mean=_only_matched),
        ),
        Mistake(
            "an n for which the hypotheses are too short is left out of the mean; "
            "nothing matches there either, so BLEU is 0.",
            _with(mean=_only_there),
        ),
        Mistake(_SHORT, _with(mean=_nan_if_short)),
        Mistake(_SHORT, _with(mean=_fails_if_short)),
        Mistake(
            "all hypotheses are empty, and r is divided by 0; nothing matches there, so "
            "BLEU is 0.",
            _with(brevity=lambda c, r: min(1.0, np.exp(1 - r / c))),
        ),
        Mistake(
            "hypotheses and references are swapped; precision and brevity look at the "
            "hypotheses.",
            lambda hypotheses, references: bleu(references, hypotheses),
        ),
    ),
)
