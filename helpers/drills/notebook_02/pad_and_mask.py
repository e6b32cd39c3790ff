"""Drill 2.2: make one array of sequences of different lengths."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Sequences = list[list[int]]
Arrays = tuple[np.ndarray, np.ndarray]


def pad_and_mask(sequences: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return a batch padded on the right with 0, and where its real steps are.

    Args:
        sequences: The ids of each sequence; none is empty, and an id may be 0.

    Returns:
        The ids, (batch, steps) int64, and the mask, (batch, steps) bool.
    """
    lengths = np.array([len(sequence) for sequence in sequences])
    mask = np.arange(lengths.max()) < lengths[:, None]
    padded = np.zeros(mask.shape, dtype=np.int64)
    padded[mask] = np.concatenate(sequences)
    return padded, mask


def _pad_id_by_id(sequences: Sequences) -> Arrays:
    longest = 0
    for sequence in sequences:
        longest = max(longest, len(sequence))
    padded = np.zeros((len(sequences), longest), dtype=np.int64)
    mask = np.zeros((len(sequences), longest), dtype=bool)
    for row, sequence in enumerate(sequences):
        for step, token_id in enumerate(sequence):
            padded[row, step] = token_id
            mask[row, step] = True
    return padded, mask


def _lengths(sequences: Sequences) -> np.ndarray:
    return np.array([len(sequence) for sequence in sequences])


def _pad_left(sequences: Sequences) -> np.ndarray:
    return pad_and_mask([sequence[::-1] for sequence in sequences])[0][:, ::-1]


def _left_with_left_mask(sequences: Sequences) -> Arrays:
    return _pad_left(sequences), pad_and_mask(sequences)[1][:, ::-1]


def _left_with_right_mask(sequences: Sequences) -> Arrays:
    return _pad_left(sequences), pad_and_mask(sequences)[1]


def _with_mask(
    make: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Callable[..., Arrays]:
    """Make the answer with another mask, made from the padded ids and the mask."""

    def answer(sequences):
        padded, mask = pad_and_mask(sequences)
        return padded, make(padded, mask)

    return answer


def _one_step_too_many(sequences: Sequences) -> Arrays:
    padded = pad_and_mask(sequences)[0]
    return padded, np.arange(padded.shape[1]) <= _lengths(sequences)[:, None]


def _with_floats(sequences: Sequences) -> Arrays:
    padded, mask = pad_and_mask(sequences)
    return padded.astype(float), mask


def _with_lengths(sequences: Sequences) -> Arrays:
    return pad_and_mask(sequences)[0], _lengths(sequences)


def _to_length(
    choose: Callable[[Sequences], int], *, cut: bool
) -> Callable[..., Arrays]:
    """Make the answer that pads to another length; longer rows are cut, or refused."""

    def answer(sequences):
        steps = choose(sequences)
        padded = np.zeros((len(sequences), steps), dtype=np.int64)
        for row, sequence in zip(padded, sequences, strict=True):
            row[: len(sequence)] = sequence[:steps] if cut else sequence
        return padded, np.arange(steps) < _lengths(sequences)[:, None]

    return answer


def _random_sequences(rng: np.random.Generator) -> Arguments:
    lengths = rng.integers(1, 7, size=rng.integers(1, 6))
    # About every third id is 0.
    return ([np.maximum(rng.integers(-4, 10, size=n), 0).tolist() for n in lengths],)


_LEFT = (
    "the pads stand on the left; put the ids first, and let the zeros follow on the "
    "right."
)
_INVERTED = (
    "the mask is inverted: it is True on the pads; make it True on the real steps."
)
_NUMBERS = (
    "the mask holds numbers; make it bool, so that it can pick steps and be negated "
    "with `~`."
)
_WRONG_LENGTHS = (
    (
        "the length of the first sequence is taken for all; pad to the longest of the "
        "batch.",
        lambda sequences: len(sequences[0]),
    ),
    (
        "the length of the last sequence is taken for all; pad to the longest of the "
        "batch.",
        lambda sequences: len(sequences[-1]),
    ),
    (
        "`max(sequences)` compares the ids, so it is not the longest sequence; compare "
        "the lengths, as in `max(sequences, key=len)`.",
        lambda sequences: len(max(sequences)),
    ),
    (
        "the shortest sequence sets the number of steps; pad to the longest of the "
        "batch, so that no id is lost.",
        lambda sequences: min(map(len, sequences)),
    ),
    (
        "there is a column of pads that nobody needs; pad to the longest of the batch, "
        "and no further.",
        lambda sequences: max(map(len, sequences)) + 1,
    ),
)

DRILL = Drill(
    id="2.2",
    title="pad and mask",
    level="warm-up",
    minutes=6,
    prompt=(
        "Sentences differ in length, and the rows of an array do not. I give you a "
        "batch as lists of ids, none of them empty. Please return two arrays: the ids, "
        "padded on the right with zeros to the longest sentence, and a mask that is "
        "true on the real steps. Careful: here a real id may be 0 as well. I ask "
        "because many people guess the mask from the ids. That works for months, until "
        "such an id comes along."
    ),
    solution=pad_and_mask,
    specification=_pad_id_by_id,
    hints=(
        "What do you know about a sentence of 3 ids, before you look at any of them?",
        "Take the lengths first. A step is real while its number is below the length "
        "of its row, and steps count from 0.",
        "The mask is `np.arange(lengths.max()) < lengths[:, None]`. Start from zeros "
        "of its shape and of type int64, and write each sequence into its row.",
    ),
    cases=(
        ([[5, 3, 8, 1], [4], [7, 2]],),
        ([[2], [9], [4, 6, 6, 1, 3]],),
        ([[4, 0, 2], [0], [6, 0]],),
        ([[1, 5], [2, 3, 4], [9, 8, 7, 6], [3, 1]],),
        ([[6, 2], [3, 9]],),
        ([[3], [0, 0]],),
        ([[7, 1, 2]],),
        ([[0, 0, 0], [0]],),
        ([[0]],),
    ),
    random_case=_random_sequences,
    mistakes=(
        Mistake(
            "the mask is guessed from the ids, so a real id of 0 counts as a pad; make "
            "it from the lengths.",
            _with_mask(lambda padded, mask: padded != 0),
        ),
        Mistake(_INVERTED, _with_mask(lambda padded, mask: ~mask)),
        Mistake(_INVERTED, _with_mask(lambda padded, mask: padded == 0)),
        Mistake(_LEFT, _left_with_left_mask),
        Mistake(_LEFT, _left_with_right_mask),
        Mistake(
            "the ids are floating-point numbers, and an embedding cannot look those "
            "up; `np.zeros` needs `dtype=np.int64`.",
            _with_floats,
        ),
        Mistake(_NUMBERS, _with_mask(lambda padded, mask: mask.astype(int))),
        Mistake(_NUMBERS, _with_mask(lambda padded, mask: mask.astype(float))),
        Mistake(
            "the mask lets one pad of each shorter sequence through; steps count from "
            "0, so a step is real while `step < length`.",
            _one_step_too_many,
        ),
        Mistake(
            "the second result holds the lengths; compare each step's number with them "
            "to get the mask.",
            _with_lengths,
        ),
        *(
            Mistake(sentence, _to_length(choose, cut=cut))
            for sentence, choose in _WRONG_LENGTHS
            for cut in (False, True)
        ),
    ),
)
