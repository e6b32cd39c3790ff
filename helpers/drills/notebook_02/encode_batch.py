"""Drill 2.5: debug the way from texts to a padded batch."""

from collections.abc import Callable
from itertools import combinations

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Arrays = tuple[np.ndarray, np.ndarray]


def encode_batch(
    texts: list[str], ids: dict[str, int], max_steps: int = 50
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids (batch, steps), padded on the right, and the lengths (batch,).

    A text is split at spaces, and cut after max_steps words. In ids, "<pad>" is 0
    and "<unk>" is 1; a text without any words counts as one "<unk>".
    """
    words = [text.split()[:max_steps] or ["<unk>"] for text in texts]
    rows = [[ids.get(word, 1) for word in row] for row in words]
    steps = max(len(row) for row in rows)
    padded = np.array([row + [0] * (steps - len(row)) for row in rows])
    lengths = np.array([len(row) for row in rows])
    return padded, lengths


def _encode_batch_as_given(
    texts: list[str], ids: dict[str, int], max_steps: int = 50
) -> Arrays:
    rows = [[ids.get(word, 0) for word in text.split()] for text in texts]
    steps = max(len(row) for row in rows)
    padded = np.array([row + [0] * (steps - len(row)) for row in rows])
    lengths = np.array([len(row) for row in padded])
    return padded[:, :max_steps], lengths


def _encode_word_by_word(
    texts: list[str], ids: dict[str, int], max_steps: int = 50
) -> Arrays:
    rows = []
    for text in texts:
        row = []
        for word in text.split():
            if len(row) < max_steps:
                row.append(ids.get(word, 1))
        rows.append(row if row else [1])
    return _padded(rows), np.array([len(row) for row in rows])


def _padded(rows: list[list[int]]) -> np.ndarray:
    padded = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for filled, row in zip(padded, rows, strict=True):
        filled[: len(row)] = row
    return padded


def _with_mistakes(*left: str) -> Callable[..., Arrays]:
    """Make the code as given, with only the named mistakes left in it."""

    def answer(texts, ids, max_steps):
        unknown = 0 if "unknown" in left else 1
        rows = [[ids.get(word, unknown) for word in text.split()] for text in texts]
        if "empty" not in left:
            rows = [row or [1] for row in rows]
        if "cut" not in left:
            rows = [row[:max_steps] for row in rows]
        padded = _padded(rows)
        lengths = [len(row) for row in (padded if "lengths" in left else rows)]
        return padded[:, :max_steps], np.array(lengths)

    return answer


def _length_of_a_pad(texts, ids, max_steps):
    padded, lengths = encode_batch(texts, ids, max_steps)
    empty = [not text.split() for text in texts]
    padded[empty] = 0
    return padded, lengths


def _unknown_words_dropped(texts, ids, max_steps):
    known = [" ".join(word for word in text.split() if word in ids) for text in texts]
    return encode_batch(known, ids, max_steps)


def _beginning_cut_off(texts, ids, max_steps):
    ends = [" ".join(text.split()[-max_steps:]) for text in texts]
    return encode_batch(ends, ids, max_steps)


def _never_cut(texts, ids, max_steps):
    return encode_batch(texts, ids, max_steps=max(len(text) for text in texts) + 1)


def _all_of_max_steps(texts, ids, max_steps):
    padded, lengths = encode_batch(texts, ids, max_steps)
    return np.pad(padded, ((0, 0), (0, max_steps - padded.shape[1]))), lengths


def _random_texts(rng: np.random.Generator) -> Arguments:
    words = [*_WORDS, "unseen", "newer"]
    texts = [
        " ".join(rng.choice(words, size=max(rng.integers(-1, 8), 0)))
        for _ in range(rng.integers(1, 5))
    ]
    return texts, _IDS, int(rng.choice([1, 3, 5, 50]))


_WORDS = ["the", "film", "is", "not", "good", "but", "long"]
_IDS = {token: i for i, token in enumerate(["<pad>", "<unk>", *_WORDS])}

# What is left to find: the input that shows it, and the mistake itself.
_CLUES = {
    "unknown": (
        "a word that `ids` does not hold",
        "a word that `ids` does not hold still looks like padding.",
    ),
    "lengths": (
        "a short text beside a long one",
        "all texts of a batch still have the same length.",
    ),
    "empty": (
        "an empty text",
        "an empty text still has no real step at all.",
    ),
    "cut": (
        "a text of more than `max_steps` words",
        "the length of a long text still counts words that were cut off.",
    ),
}


def _sentence(left: tuple[str, ...]) -> str:
    """Say how many mistakes are left, and where to look, but not what to write."""
    if len(left) == 1:
        return f"one to go: {_CLUES[left[0]][1]}"
    *first, last = (_CLUES[name][0] for name in left)
    count = {2: "two", 3: "three"}[len(left)]
    return f"{count} to go: try {', '.join(first)} and {last}."


DRILL = Drill(
    id="2.5",
    title="debug this",
    level="core",
    minutes=12,
    prompt=(
        "A colleague turns a batch of texts into ids and lengths; the docstring says "
        "what was agreed. This code runs, and is wrong. Find the four mistakes. All of "
        "them are typical of published answers, and none raises an error. Please "
        "repair them, and tell me for each what the classifier would have read. I ask "
        "because a model trains on such batches without complaint, only worse, and "
        "then people blame the model."
    ),
    solution=encode_batch,
    specification=_encode_word_by_word,
    hints=(
        "Do not read, try. Take each promise of the docstring in turn, and make the "
        "smallest batch that puts it to the test. What do you expect, and what comes?",
        "One mistake each: in the id of an unknown word, in what the lengths are taken "
        "from, in a text without words, and in the moment when long texts are cut.",
        "Unknown words get `ids.get(word, 1)`. Start from "
        '`text.split()[:max_steps] or ["<unk>"]`, so that every row is cut and none is '
        "empty, and take the lengths from these rows, before the padding.",
    ),
    cases=(
        (["the film is good", "not good"], _IDS, 50),
        (["the plot is good", "but not long"], _IDS, 50),
        (["good film", "", "the film is long"], _IDS, 50),
        (["the film is not good but long", "good film", "not long"], _IDS, 4),
        (["awful", "the film is long but the end is good", "", "good"], _IDS, 5),
        (["the film is good but long", "the film is not good at all"], _IDS, 3),
        (["good", "   "], _IDS, 50),
        (["", ""], _IDS, 50),
        (["good film"], _IDS, 1),
        (["film " * 60, "an unseen plot"], _IDS, 50),
    ),
    random_case=_random_texts,
    buggy=_encode_batch_as_given,
    mistakes=(
        *(
            Mistake(_sentence(left), _with_mistakes(*left))
            for count in (1, 2, 3)
            for left in combinations(_CLUES, count)
        ),
        Mistake(
            "an empty text has length 1 now, but its one step holds the pad; it should "
            "hold `<unk>`.",
            _length_of_a_pad,
        ),
        Mistake(
            "unknown words are left out, which pushes words together that were apart; "
            "keep their place, and let `<unk>` stand there.",
            _unknown_words_dropped,
        ),
        Mistake(
            "long texts are not cut at all now; keep the first `max_steps` words.",
            _never_cut,
        ),
        Mistake(
            "long texts lose their beginning; keep the first `max_steps` words.",
            _beginning_cut_off,
        ),
        Mistake(
            "every batch is padded to `max_steps`; pad to its longest row, and no "
            "further.",
            _all_of_max_steps,
        ),
    ),
)
