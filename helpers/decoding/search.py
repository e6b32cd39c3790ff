"""Write sentences token by token, from any model: greedy search and beam search.

No framework in here. The model is a function ``step(tokens, state)``: it reads one token a
row, ``(rows,)`` integers, and returns

- the log-probabilities of the next token, ``(rows, vocab)``; -inf forbids a token;
- the state after;
- the attention over the source, ``(rows, source_steps)``, or ``None``.

What it returns goes through ``np.asarray``, but for the state, which is never looked into. The
state holds everything that has one row a hypothesis, the encoder's output and mask included:
a beam search repeats and drops rows with ``reorder(state, rows)``, so ``step`` must find the
source of a hypothesis in its own row.

References: I. Sutskever, O. Vinyals and Q. Le (2014), "Sequence to Sequence Learning with
Neural Networks", NeurIPS, for the beam; Y. Wu et al. (2016), "Google's Neural Machine
Translation System", arXiv:1609.08144, for dividing by the length, here without the constant
and the exponent that they give it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helpers.arguments import check_at_least

Step = Callable[[np.ndarray, Any], tuple[np.ndarray, Any, np.ndarray | None]]
Reorder = Callable[[Any, np.ndarray], Any]


@dataclass(frozen=True)
class Decoded:
    """What was written, one entry a sentence.

    Attributes:
        tokens: without the start and without the end.
        attention: ``(tokens, source_steps)`` each, one row a token; ``None`` where the model
            has no attention.
        log_probs: of the whole sentence, its end included.
    """

    tokens: list[list[int]]
    attention: list[np.ndarray] | None
    log_probs: list[float]


def greedy(
    step: Step, state: Any, batch_size: int, *, start: int, end: int, max_steps: int
) -> Decoded:
    """Take the likeliest token at every step; of equals, the smallest id.

    A sentence that has ended is fed ``end`` until all have, and what comes back is ignored.

    Args:
        step: the model, see the top of the module.
        state: before the first token, one row a sentence.
        batch_size: how many sentences.
        start: the token that opens a sentence.
        end: the token that closes it.
        max_steps: how many tokens at most, the end counted; a sentence without an end is
            returned as it is.

    Raises:
        ValueError: a number is below 1, or ``step`` returns no log-probabilities.
    """
    check_at_least(1, batch_size=batch_size, max_steps=max_steps)
    found = [_Hypothesis() for _ in range(batch_size)]
    tokens, ended = np.full(batch_size, start), np.zeros(batch_size, dtype=bool)
    for _ in range(max_steps):
        log_probs, state, attention = _take(step, tokens, state, ~ended)
        tokens = np.where(ended, end, log_probs.argmax(axis=1))
        for row in np.flatnonzero(~ended):
            token, seen = tokens[row], attention[row]
            found[row] = found[row].grown(token, log_probs[row, token], seen)
        ended = tokens == end
        if ended.all():
            break
    return _decoded(found, end)


def beam_search(
    step: Step,
    state: Any,
    batch_size: int,
    *,
    reorder: Reorder,
    start: int,
    end: int,
    max_steps: int,
    beam: int = 5,
) -> Decoded:
    """Keep the ``beam`` best beginnings of each sentence; return the best that ended.

    At every step the ``beam`` best continuations of a sentence are taken. Those that end
    leave the beam, and are ranked by the mean log-probability of a token, the end counted: by
    the sum, short sentences would win. Of equals, the first found wins. The search of a
    sentence stops when no open beginning can win any more: a log-probability only falls, so
    one can reach ``log_prob / max_steps`` at most. Where none ended within ``max_steps``, the
    likeliest open one is returned as it is.

    Args:
        step: the model, see the top of the module; the number of rows changes on the way.
        state: before the first token, one row a sentence.
        batch_size: how many sentences.
        reorder: ``reorder(state, rows)`` returns the state with the rows ``rows``, in this
            order; some are repeated, some left out.
        start: the token that opens a sentence.
        end: the token that closes it.
        max_steps: how many tokens at most, the end counted.
        beam: how many beginnings are kept; with 1 this is :func:`greedy`.

    Raises:
        ValueError: a number is below 1, or ``step`` returns no log-probabilities.
    """
    check_at_least(1, batch_size=batch_size, max_steps=max_steps, beam=beam)
    beams = [_Beam(beam, end, max_steps) for _ in range(batch_size)]
    tokens = np.full(batch_size, start)
    for _ in range(max_steps):
        log_probs, state, attention = _take(step, tokens, state)
        rows, first = [], 0
        for each in beams:
            after = first + len(each.open)
            parents = each.advance(log_probs[first:after], attention[first:after])
            rows += [first + parent for parent in parents]
            first = after
        if not rows:
            break
        state = reorder(state, np.array(rows))
        tokens = np.array([h.tokens[-1] for each in beams for h in each.open])
    return _decoded([each.best or each.open[0] for each in beams], end)


@dataclass(frozen=True)
class _Hypothesis:
    """A sentence so far: its tokens without the start, but with the end."""

    tokens: tuple[int, ...] = ()
    log_prob: float = 0.0
    attention: tuple[np.ndarray, ...] = ()

    def grown(
        self, token: int, log_prob: float, attention: np.ndarray | None
    ) -> "_Hypothesis":
        seen = () if attention is None else (attention,)
        total = self.log_prob + float(log_prob)
        return _Hypothesis((*self.tokens, int(token)), total, self.attention + seen)


@dataclass
class _Beam:
    """The search of one sentence: open beginnings, likeliest first, and the best ended one."""

    width: int
    end: int
    max_steps: int
    open: list[_Hypothesis] = field(default_factory=lambda: [_Hypothesis()])
    best: _Hypothesis | None = None

    def advance(
        self, log_probs: np.ndarray, attention: list[np.ndarray] | list[None]
    ) -> list[int]:
        """Take a step; return which open one before it each open one after it continues."""
        before, self.open, parents = self.open, [], []
        continuations = sorted(
            (-before[parent].log_prob - float(row[token]), parent, token)
            for parent, row in enumerate(log_probs)
            for token in _likeliest(row, self.width)
        )
        for _, parent, token in continuations[: self.width]:
            seen = attention[parent]
            grown = before[parent].grown(token, log_probs[parent, token], seen)
            if token != self.end:
                self.open.append(grown)
                parents.append(parent)
            elif self.best is None or self._score(grown) > self._score(self.best):
                self.best = grown
        if self._is_settled():
            self.open, parents = [], []
        return parents

    def _score(self, ended: _Hypothesis) -> float:
        return ended.log_prob / len(ended.tokens)

    def _is_settled(self) -> bool:
        if not self.open or self.best is None:
            return False  # nothing to stop, or nothing to beat
        return self.open[0].log_prob / self.max_steps <= self._score(self.best)


def _likeliest(log_probs: np.ndarray, count: int) -> np.ndarray:
    """The ``count`` likeliest tokens of a row, best first; of equals, the smaller id first."""
    count = min(count, len(log_probs))
    least = np.partition(log_probs, -count)[-count]
    tokens = np.flatnonzero((log_probs >= least) & (log_probs > -np.inf))
    return tokens[np.argsort(-log_probs[tokens], kind="stable")][:count]


def _take(
    step: Step, tokens: np.ndarray, state: Any, read: np.ndarray | slice = slice(None)
) -> tuple[np.ndarray, Any, np.ndarray | list[None]]:
    """One step of the model, checked in the rows that are read."""
    log_probs, state, attention = step(tokens, state)
    log_probs = np.asarray(log_probs)
    if log_probs.ndim != 2 or len(log_probs) != len(tokens):
        raise ValueError(
            f"step must return log-probabilities of shape (rows, vocab), {len(tokens)} rows; "
            f"got {log_probs.shape}"
        )
    highest = log_probs[read].max(axis=1)
    # Rounding may lead a little above 0.
    if not (np.isfinite(highest) & (highest < 1e-3)).all():
        raise ValueError(
            "step must return log-probabilities: no NaN, none above 0 as in logits, and a "
            f"token that is possible in every row; the highest of a row are {highest}"
        )
    blank = [None] * len(tokens)
    return log_probs, state, blank if attention is None else np.asarray(attention)


def _decoded(found: list[_Hypothesis], end: int) -> Decoded:
    tokens = [[token for token in each.tokens if token != end] for each in found]
    attention = None
    if found[0].attention:
        pairs = zip(found, tokens, strict=True)
        attention = [np.stack(each.attention)[: len(own)] for each, own in pairs]
    return Decoded(tokens, attention, [each.log_prob for each in found])
