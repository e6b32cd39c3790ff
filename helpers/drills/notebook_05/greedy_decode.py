"""Drill 5.3: write a sentence, one word after the other."""

from collections.abc import Callable
from operator import index
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Step = Callable[[int, np.ndarray], tuple[np.ndarray, np.ndarray]]


def greedy_decode(
    step: callable, state: np.ndarray, start: int, end: int, max_steps: int
) -> list[int]:
    """Return the ids of one sentence, without start and end.

    Here step is a function of the token before, an int, and the state; it returns the
    log-probabilities of the next token, (vocab,), and the new state. The first token
    to feed is start, and the first state is what the encoder has read. After
    max_steps calls the sentence is over, whether end has come or not.
    """
    token, tokens = start, []
    for _ in range(max_steps):
        log_probs, state = step(token, state)
        token = int(np.argmax(log_probs))
        if token == end:
            break
        tokens.append(token)
    return tokens


def _decode_by_recursion(
    step: Step, state: np.ndarray, start: int, end: int, max_steps: int
) -> list[int]:
    if max_steps == 0:
        return []
    log_probs, after = step(start, state)
    best = 0
    for token in range(len(log_probs)):
        if log_probs[token] > log_probs[best]:
            best = token
    if best == end:
        return []
    # What was just written is what the rest starts from.
    return [best, *_decode_by_recursion(step, after, best, end, max_steps - 1)]


def _words(tokens: list[int], start: int, end: int, max_steps: int) -> list[int]:
    return [token for token in tokens if token != end]


def _with(
    *,
    carry: bool = True,
    feed: bool = True,
    stop: bool = True,
    more: int = 0,
    choose: Callable[[np.ndarray], int] = np.argmax,
    result: Callable[..., Any] = _words,
) -> Callable[..., Any]:
    """Make the answer in which one part is another.

    ``result`` makes the answer of the tokens with the end, if it came.
    """

    def answer(step, state, start, end, max_steps):
        token, tokens = start, []
        for _ in range(max_steps + more):
            log_probs, new = step(token, state)
            state = new if carry else state
            best = int(choose(log_probs))
            token = best if feed else token
            tokens.append(best)
            if best == end and stop:
                break
        return result(tokens, start, end, max_steps)

    return answer


def _all(tokens: list[int], start: int, end: int, max_steps: int) -> list[int]:
    return tokens


def _start_and_all(
    tokens: list[int], start: int, end: int, max_steps: int
) -> list[int]:
    return [start, *tokens]


def _start_and_words(
    tokens: list[int], start: int, end: int, max_steps: int
) -> list[int]:
    return [start, *_words(tokens, start, end, max_steps)]


def _filled_with(fill: int | None) -> Callable[..., list[int]]:
    def result(tokens, start, end, max_steps):
        words = _words(tokens, start, end, max_steps)
        return words + [end if fill is None else fill] * (max_steps - len(words))

    return result


def _nothing_without_an_end(empty: Any) -> Callable[..., Any]:
    def result(tokens, start, end, max_steps):
        return tokens[:-1] if tokens[-1] == end else empty

    return result


def _network(
    vocab: int, units: int, pace: float, seed: int | np.random.Generator
) -> tuple[Step, np.ndarray]:
    """Make a small decoder and its first state, the last entry of which is a clock.

    The end becomes likelier with each step, by ``pace``. Token 1 is the start, and is
    never written; token 2 is the end, and token 0 a word like any other.
    """
    rng = np.random.default_rng(seed)
    embeddings = rng.normal(0, 1.5, size=(vocab, units))
    W = rng.normal(0, 1.2, size=(units, units))
    V = rng.normal(0, 1.5, size=(units, vocab))
    late = np.eye(vocab)[2] * pace

    def step(token: int, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        h, clock = state[:-1], state[-1]
        h = np.tanh(embeddings[index(token)] + h @ W)
        logits = h @ V + late * (clock - 3)
        logits[1] = -50.0
        log_probs = logits - logits.max()
        log_probs -= np.log(np.exp(log_probs).sum())
        return log_probs, np.append(h, clock + 1)

    return step, np.append(rng.uniform(-1, 1, size=units), 0.0)


def _sentence(
    max_steps: int,
    *,
    vocab: int = 12,
    units: int = 5,
    pace: float = 1.0,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    return *_network(vocab, units, pace, seed), 1, 2, max_steps


def _written(length: int, max_steps: int, *, seed: int = 0) -> Arguments:
    """Make a sentence of exactly this many words, if there are steps enough."""
    while True:
        case = _sentence(99, pace=1.0 if length else 3.0, seed=seed)
        words = greedy_decode(*case)
        if len(words) == length and len(set(words)) >= min(length, 3):
            return *case[:-1], max_steps
        seed += 1


def _random_sentence(rng: np.random.Generator) -> Arguments:
    vocab, units = int(rng.integers(5, 20)), int(rng.integers(2, 7))
    pace = float(rng.choice([0.0, 0.5, 1.0, 2.0]))
    max_steps = int(rng.integers(1, 13))
    return _sentence(max_steps, vocab=vocab, units=units, pace=pace, seed=rng)


_FILLED = "the list is filled up to `max_steps`; return the words alone, as many as there are."

DRILL = Drill(
    id="5.3",
    title="greedy decoding",
    level="core",
    minutes=8,
    prompt=(
        "The model is trained, and must now write without being told the right words. "
        "I give you one step of its decoder as a function: a token and a state go in, "
        "the log-probabilities of the next token and the new state come out. Please "
        "write one sentence. Take the likeliest token at each step, and feed it to "
        "the next. Stop at `</s>`, or after `max_steps` calls, and return the ids "
        "without `<s>` and `</s>`. If `</s>` has not come by then, return what there "
        "is. I ask because training never runs this loop, so no loss and no curve "
        "will tell you that it is wrong."
    ),
    solution=greedy_decode,
    specification=_decode_by_recursion,
    hints=(
        "Two things pass from one step to the next. Which ones, and what are they "
        "before the first?",
        "In a loop of at most `max_steps` rounds, call the function with the last token "
        "and the last state, and replace both by what comes out. Look at the token "
        "before you keep it: the end is not part of the sentence.",
        "`log_probs, state = step(token, state)`, then `token = "
        "int(np.argmax(log_probs))`; break if it is `end`, else append it. Before the "
        "loop, `token` is `start`.",
    ),
    cases=(
        _written(6, max_steps=12),
        _written(4, max_steps=9, seed=100),
        _written(9, max_steps=5),
        _written(3, max_steps=3),
        _written(5, max_steps=6, seed=200),
        _written(7, max_steps=20),
        _written(0, max_steps=8),
        _written(1, max_steps=4),
        _written(0, max_steps=1),
        _written(4, max_steps=1),
        _sentence(max_steps=15, pace=0.0),
        _written(8, max_steps=7, seed=300),
    ),
    random_case=_random_sentence,
    mistakes=(
        Mistake(
            "the state is not carried on, so each step knows the last word alone; keep "
            "the state that `step` returns.",
            _with(carry=False),
        ),
        Mistake(
            "`start` is fed at every step, so the decoder does not know what it has "
            "written; feed the token that was chosen.",
            _with(feed=False),
        ),
        Mistake(
            "`start` and the first state are fed at every step, so the same word comes "
            "again and again; feed the chosen token and the new state.",
            _with(feed=False, carry=False),
        ),
        Mistake(
            "`end` is part of the list; look at the token before you append it.",
            _with(result=_all),
        ),
        Mistake(
            "the list begins with `start`, which is fed but not written; leave it out.",
            _with(result=_start_and_words),
        ),
        Mistake(
            "`start` and `end` are part of the list; return the words between them.",
            _with(result=_start_and_all),
        ),
        Mistake(
            "the sentence goes on after its `end`; stop there.",
            _with(stop=False, result=_all),
        ),
        Mistake(
            "`end` is left out of the list, but the sentence goes on after it; stop "
            "there.",
            _with(stop=False),
        ),
        Mistake(
            "a word is missing where `max_steps` ended the sentence: `step` is called "
            "once too seldom, or the last token is cut off as if it were always `end`.",
            _with(result=lambda tokens, start, end, max_steps: tokens[:-1]),
        ),
        *(
            Mistake(
                "a sentence is thrown away if its `end` has not come; return what has "
                "been written by then.",
                _with(result=_nothing_without_an_end(empty)),
            )
            for empty in (None, [])
        ),
        Mistake(
            "`step` is called once too often; it may be called `max_steps` times.",
            _with(more=1),
        ),
        Mistake(
            "the least likely token is taken; the largest log-probability is the one "
            "nearest to 0.",
            _with(choose=np.argmin),
        ),
        Mistake(_FILLED, _with(result=_filled_with(0))),
        Mistake(_FILLED, _with(result=_filled_with(None))),
    ),
)
