"""How close are translations to their references, and attention to alignments by hand?

A sentence is a list of tokens, never a string: of a string, BLEU would count characters.
One reference a sentence.

References: K. Papineni et al. (2002), "BLEU: a Method for Automatic Evaluation of Machine
Translation", ACL; M. Popović (2015), "chrF: character n-gram F-score for automatic MT
evaluation", WMT; M. Post (2018), "A Call for Clarity in Reporting BLEU Scores", WMT, whose
sacreBLEU gives the same BLEU, and computes chrF here; F. Och and H. Ney (2003), "A Systematic
Comparison of Various Statistical Alignment Models", Computational Linguistics 29(1).
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import index

import numpy as np
from sacrebleu.metrics import CHRF

from helpers.data.phrases import Pair, load_phrases

Sentences = Sequence[Sequence[str]]
Links = Iterable[tuple[int, int]]
Alignments = Sequence[np.ndarray | Links]


def bleu(hypotheses: Sentences, references: Sentences, smooth: bool = False) -> float:
    """BLEU-4 of a corpus, 0 to 100: four precisions, their geometric mean, and brevity.

    The counts are summed over the corpus: BLEU is no mean over sentences. An n-gram counts at
    most as often as the reference has it. Since precision alone rewards saying little, ``c``
    tokens against ``r`` of the references cost a factor ``exp(1 - r / c)`` where ``c < r``.

    Args:
        hypotheses: a list of tokens for each sentence.
        references: the same.
        smooth: count the k-th precision that is 0 as ``1 / (2**k * total)``, as sacreBLEU
            does by default; otherwise one of them makes the whole score 0.

    Raises:
        TypeError: a sentence is a string.
        ValueError: there is no sentence, or not one reference for each.
    """
    _check_corpus(hypotheses, references)
    logs, zeros = [], 0
    for n in range(1, 5):
        found, wanted = (
            [_ngrams(sentence, n) for sentence in sentences]
            for sentences in (hypotheses, references)
        )
        total = sum(each.total() for each in found)
        # ``&`` takes the smaller of two counts.
        matches = sum((f & w).total() for f, w in zip(found, wanted, strict=True))
        if total == 0 or (matches == 0 and (n == 1 or not smooth)):
            return 0.0
        if matches == 0:
            zeros += 1
            matches = 2**-zeros
        logs.append(math.log(matches / total))
    c, r = (sum(map(len, sentences)) for sentences in (hypotheses, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(sum(logs) / 4)


def chrf(hypotheses: Sentences, references: Sentences) -> float:
    """chrF2 of a corpus, 0 to 100: n-grams of characters, recall counting twice.

    Precision and recall are means over n from 1 to 6; spaces do not count, so the tokens are
    joined without. An ending that is wrong costs a few characters, where BLEU loses the word.

    Args:
        hypotheses: a list of tokens for each sentence.
        references: the same.

    Raises:
        TypeError: a sentence is a string.
        ValueError: there is no sentence, or not one reference for each.
    """
    _check_corpus(hypotheses, references)
    ours, theirs = (list(map("".join, each)) for each in (hypotheses, references))
    return CHRF().corpus_score(ours, [theirs]).score


def exact_match(hypotheses: Sentences, references: Sentences) -> float:
    """The share of sentences, 0 to 1, that equal their reference token by token.

    Raises:
        TypeError: a sentence is a string.
        ValueError: there is no sentence, or not one reference for each.
    """
    _check_corpus(hypotheses, references)
    pairs = zip(hypotheses, references, strict=True)
    return sum(list(ours) == list(theirs) for ours, theirs in pairs) / len(hypotheses)


def alignment_error_rate(
    weights_or_links: Alignments, sure: Sequence[Links], possible: Sequence[Links]
) -> float:
    """AER of a corpus, 0 to 1, lower is better: ``1 - (|A∩S| + |A∩P|) / (|A| + |S|)``.

    A link is a pair ``(target, source)`` of places from 0. Every sure link counts as possible
    too, whether or not ``possible`` repeats it.

    Args:
        weights_or_links: A, for each sentence either links, or attention weights
            ``(target_steps, source_steps)``, a float array: every target token is linked to
            the source token with most weight, the first of equals, and one without any
            weight to none.
        sure: S, for each sentence the links nobody doubts.
        possible: P, for each sentence the links one may draw or leave out.

    Raises:
        TypeError: a link is no pair of whole numbers.
        ValueError: the numbers of sentences differ, or there is no link at all.
    """
    drawn, agreed, certain, hits = _count_links(weights_or_links, sure, possible)
    if drawn + certain == 0:
        raise ValueError("weights_or_links and sure must hold at least one link")
    return 1 - (hits + agreed) / (drawn + certain)


def alignment_precision(
    weights_or_links: Alignments, sure: Sequence[Links], possible: Sequence[Links]
) -> float:
    """The share of the links drawn that are sure or possible, ``|A∩P| / |A|``.

    The arguments are those of :func:`alignment_error_rate`.

    Raises:
        TypeError: a link is no pair of whole numbers.
        ValueError: the numbers of sentences differ, or no link is drawn.
    """
    drawn, agreed, _, _ = _count_links(weights_or_links, sure, possible)
    if drawn == 0:
        raise ValueError("weights_or_links must hold at least one link")
    return agreed / drawn


def alignment_figures(
    attention: Sequence[np.ndarray], pairs: Sequence[Pair]
) -> dict[str, float]:
    """AER, and the precision on nouns and adjectives.

    Args:
        attention: ``(target_steps, source_steps)`` a pair.
        pairs: with their gold links.
    """
    sure, possible = (
        [{(t, s) for s, t in getattr(pair, kind)} for pair in pairs]
        for kind in ("sure", "possible")
    )
    words = load_phrases().nouns_and_adjectives
    wanted = [{(t, s) for s, t in p.sure if p.source[s] in words} for p in pairs]
    drawn = [
        {(t, int(weights[t].argmax())) for t, _ in links}
        for weights, links in zip(attention, wanted, strict=True)
    ]
    return {
        "aer": alignment_error_rate(attention, sure, possible),
        "precision_nouns_adjectives": alignment_precision(drawn, wanted, wanted),
    }


def _ngrams(tokens: Sequence[str], n: int) -> Counter:
    """Every ``n`` tokens in a row, with their counts."""
    return Counter(zip(*(tokens[i:] for i in range(n)), strict=False))


def _count_links(
    weights_or_links: Alignments, sure: Sequence[Links], possible: Sequence[Links]
) -> tuple[int, int, int, int]:
    """``|A|, |A∩P|, |S|, |A∩S|``, each summed over the corpus."""
    lengths = len(weights_or_links), len(sure), len(possible)
    if len(set(lengths)) > 1:
        raise ValueError(
            "weights_or_links, sure and possible must hold one entry a sentence; got "
            f"{lengths[0]}, {lengths[1]} and {lengths[2]}"
        )
    counts = np.zeros(4, dtype=int)
    for each, s, p in zip(weights_or_links, sure, possible, strict=True):
        a, s, p = _links(each), _links(s), _links(p)
        counts += len(a), len(a & (s | p)), len(s), len(a & s)
    return tuple(counts.tolist())


def _links(given: np.ndarray | Links) -> set[tuple[int, int]]:
    if not isinstance(given, np.ndarray) or given.dtype.kind != "f":
        return {(index(target), index(source)) for target, source in given}
    best = given.argmax(axis=1)
    return {(t, int(s)) for t, s in enumerate(best) if given[t, s] > 0}


def _check_corpus(hypotheses: Sentences, references: Sentences) -> None:
    for name, corpus in (("hypotheses", hypotheses), ("references", references)):
        for sentence in corpus:
            if isinstance(sentence, str):
                raise TypeError(
                    f"{name} must hold one list of tokens a sentence; got the string "
                    f"{sentence!r}, of which single characters would be counted"
                )
    if len(hypotheses) != len(references) or len(hypotheses) == 0:
        raise ValueError(
            "hypotheses and references must hold one sentence each for the other, at least "
            f"one; got {len(hypotheses)} and {len(references)}"
        )
