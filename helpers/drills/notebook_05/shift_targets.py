"""Drill 5.2: what the decoder reads, and what it is to write."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Ids = list[int]
Sentences = list[Ids]
Arrays = tuple[np.ndarray, np.ndarray]
Rows = Callable[[Ids, int, int], Ids]


def shift_targets(
    sentences: list[list[int]], start: int, end: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return (target_in, target_out), integers of shape (batch, steps) both.

    A sentence w1 .. wn is read as start w1 .. wn, and written as w1 .. wn end.
    Zeros fill up the right, to the longest row and no further. A sentence may be
    empty; no word of it is 0, start or end.
    """
    steps = max(len(sentence) for sentence in sentences) + 1
    target_in = np.zeros((len(sentences), steps), dtype=np.int64)
    target_out = np.zeros_like(target_in)
    for row, sentence in enumerate(sentences):
        target_in[row, : len(sentence) + 1] = [start, *sentence]
        target_out[row, : len(sentence) + 1] = [*sentence, end]
    return target_in, target_out


def _shift_word_by_word(sentences: Sentences, start: int, end: int) -> Arrays:
    longest = 0
    for sentence in sentences:
        longest = max(longest, len(sentence))
    read = np.zeros((len(sentences), longest + 1), dtype=int)
    written = np.zeros((len(sentences), longest + 1), dtype=int)
    for row, sentence in enumerate(sentences):
        read[row, 0] = start
        for place, word in enumerate(sentence):
            read[row, place + 1] = word
            written[row, place] = word
        written[row, len(sentence)] = end
    return read, written


def _padded(rows: Sentences, *, fill: int = 0, steps: int = 0) -> np.ndarray:
    steps = max(steps, *map(len, rows))
    return np.array([row + [fill] * (steps - len(row)) for row in rows], dtype=int)


def _read(words: Ids, start: int, end: int) -> Ids:
    return [start, *words]


def _written(words: Ids, start: int, end: int) -> Ids:
    return [*words, end]


def _whole(words: Ids, start: int, end: int) -> Ids:
    return [start, *words, end]


def _bare(words: Ids, start: int, end: int) -> Ids:
    return list(words)


def _with(
    *,
    read: Rows = _read,
    written: Rows = _written,
    same_width: bool = True,
    more: int = 0,
) -> Callable[..., Arrays]:
    """Make the answer with other rows, padded together or each result by itself."""

    def answer(sentences, start, end):
        both = [
            [make(words, start, end) for words in sentences] for make in (read, written)
        ]
        steps = max(map(len, both[0] + both[1])) if same_width else 0
        return tuple(_padded(rows, steps=steps + more) for rows in both)

    return answer


def _cut_from(
    read: slice, written: slice, rows: Rows = _whole
) -> Callable[..., Arrays]:
    """Make the answer that pads whole sentences, and cuts both results from these."""

    def answer(sentences, start, end):
        whole = _padded([rows(words, start, end) for words in sentences])
        return whole[:, read], whole[:, written]

    return answer


def _around_the_pads(sentences, start, end):
    words = _padded(sentences)
    before, after = np.pad(words, ((0, 0), (1, 0))), np.pad(words, ((0, 0), (0, 1)))
    before[:, 0], after[:, -1] = start, end
    return before, after


def _pads_on_the_left(sentences, start, end):
    reverse = [words[::-1] for words in sentences]
    after, before = shift_targets(reverse, end, start)
    return before[:, ::-1], after[:, ::-1]


def _filled_with_the_end(read: bool) -> Callable[..., Arrays]:
    def answer(sentences, start, end):
        before, after = shift_targets(sentences, start, end)
        return np.where(before, before, end if read else 0), np.where(after, after, end)

    return answer


def _cut_to_the_shortest(sentences, start, end):
    steps = min(map(len, sentences))
    before, after = shift_targets(sentences, start, end)
    return before[:, : steps + 1], after[:, : steps + 1]


def _then(change: Callable[..., Any]) -> Callable[..., Any]:
    """Make the answer that changes the right one afterwards."""
    return lambda *arguments: change(*shift_targets(*arguments))


def _sentences(
    *lengths: int, start: int = 2, end: int = 3, seed: int | np.random.Generator = 0
) -> Arguments:
    rng = np.random.default_rng(seed)
    words = [i for i in range(1, 40) if i not in (start, end)]
    return [rng.choice(words, size=length).tolist() for length in lengths], start, end


def _random_sentences(rng: np.random.Generator) -> Arguments:
    lengths = rng.integers(0, 8, size=rng.integers(1, 6)).tolist()
    start, end = ((2, 3), (1, 2), (39, 38))[rng.integers(3)]
    return _sentences(*lengths, start=start, end=end, seed=rng)


_SAME = (
    "input and target are the same, so the decoder only has to copy what it reads; the "
    "input runs one word behind."
)
_END_READ = (
    "`end` stands in the input; after the last word nothing more is to be read, so the "
    "input is `start` and the words."
)
_START_WRITTEN = (
    "`start` stands in the target, but the decoder never writes it; the target begins "
    "with the first word."
)
_NO_END = (
    "`end` is missing in the target, so the decoder never learns to stop; it follows "
    "the last word."
)
_NO_START = (
    "`start` is missing in the input, so the decoder has nothing to write the first word "
    "from; it comes before the first word."
)
_FILLED = (
    "the rows are filled up with `end`, so most of what the decoder learns is to repeat "
    "it; one `end` follows the last word, and the rest is 0."
)
_TOO_WIDE = (
    "the last column holds nothing but pads; a row has one more entry than the longest "
    "sentence has words."
)

DRILL = Drill(
    id="5.2",
    title="shift the targets",
    level="warm-up",
    minutes=6,
    prompt=(
        "In training, the decoder is told the right French word before each word that it "
        "writes: teacher forcing. So every French sentence is needed twice. I give you "
        "the batch as lists of ids, and the ids of `<s>` and `</s>`. Please return what "
        "the decoder reads, `<s>` and the words, and what it is to write, the words and "
        "`</s>`. Pad both with zeros on the right, to the longest row. At each step, "
        "the target is the next thing to be read. I ask because without the shift the "
        "loss goes to zero within minutes. People celebrate, and then the model writes "
        "the same word for ever."
    ),
    solution=shift_targets,
    specification=_shift_word_by_word,
    hints=(
        "Take the sentences `7 8 9` and `5`. Write all four rows down by hand, pads "
        "included. Where does the end of the short one stand?",
        "Add `start` in front and `end` behind while the sentences are still lists of "
        "their own lengths, and pad afterwards. Both rows of a sentence of n words have "
        "n + 1 entries, so both results have the same shape.",
        "Start from two arrays of zeros, one column wider than the longest sentence. "
        "`target_in[row, : n + 1] = [start, *sentence]`, and likewise "
        "`target_out[row, : n + 1] = [*sentence, end]`.",
    ),
    cases=(
        ([[7, 8, 9], [5], [6, 4]], 2, 3),
        _sentences(4, 6, 2, 6),
        _sentences(3, 1, start=39, end=38),
        _sentences(5, 2, 3, start=1, end=2),
        _sentences(2, 7, 1, seed=1),
        _sentences(6, 3, seed=2),
        _sentences(3, 3, 3),
        _sentences(5),
        _sentences(2, 0, 4),
        _sentences(0, 0),
        _sentences(1),
        ([[9, 9, 9], [9, 9]], 2, 3),
    ),
    random_case=_random_sentences,
    mistakes=(
        *(
            Mistake(_SAME, _with(read=rows, written=rows))
            for rows in (_whole, _read, _written, _bare)
        ),
        Mistake(
            "short sentences still have their `end` in the input: to cut the last "
            "column off takes it from the longest alone; build the input without it.",
            _cut_from(slice(-1), slice(1, None)),
        ),
        *(
            Mistake(_END_READ, _with(read=_whole, same_width=same_width))
            for same_width in (True, False)
        ),
        *(
            Mistake(_START_WRITTEN, _with(written=_whole, same_width=same_width))
            for same_width in (True, False)
        ),
        *(
            Mistake(_NO_END, _with(written=_bare, same_width=same_width))
            for same_width in (True, False)
        ),
        Mistake(_NO_END, _cut_from(slice(-1), slice(1, None), _read)),
        *(
            Mistake(_NO_START, _with(read=_bare, same_width=same_width))
            for same_width in (True, False)
        ),
        Mistake(_NO_START, _cut_from(slice(-1), slice(1, None), _written)),
        Mistake(
            "the target runs ahead by two words, so one is never asked for; at each "
            "step it is the next thing to be read.",
            _with(written=lambda words, start, end: [*words[1:], end]),
        ),
        Mistake(
            "`end` stands after the pads, so the decoder learns to write pads first; "
            "add it before the padding.",
            _around_the_pads,
        ),
        Mistake(
            "the pads stand on the left; let them follow the words.",
            _pads_on_the_left,
        ),
        *(Mistake(_FILLED, _filled_with_the_end(read)) for read in (True, False)),
        Mistake(
            "`start` and `end` are swapped; `start` opens the input, `end` closes the "
            "target.",
            lambda sentences, start, end: shift_targets(sentences, end, start),
        ),
        Mistake(
            "the two results are swapped; return the input first, then the target.",
            _then(lambda before, after: (after, before)),
        ),
        Mistake(
            "long sentences are cut to the shortest; pad the short ones instead.",
            _cut_to_the_shortest,
        ),
        Mistake(_TOO_WIDE, _with(more=1, same_width=True)),
        *(
            Mistake(
                "the ids are floating-point numbers, and an embedding cannot look those "
                "up; make the arrays of integers.",
                _then(change),
            )
            for change in (
                lambda before, after: (before * 1.0, after * 1.0),
                lambda before, after: (before, after * 1.0),
            )
        ),
    ),
)
