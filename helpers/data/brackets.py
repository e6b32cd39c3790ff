"""Strings of brackets: balanced, or not. Made, not measured: the answer is never in doubt.

To decide, a reader must count: how many brackets are open, its *depth*? A network that is
told the answer alone has to invent the counter, and then we can look for it.
"""

import numpy as np

from helpers.arguments import check_at_least
from helpers.data.dataset import SequenceDataset
from helpers.data.vocabulary import Vocabulary

OPEN, CLOSE = "(", ")"
#: The two brackets, after ``<pad>`` and ``<unk>``.
VOCABULARY = Vocabulary([OPEN, CLOSE])
_OPEN_ID, _CLOSE_ID = (int(i) for i in VOCABULARY.encode([OPEN, CLOSE]))


def bracket_strings(
    count: int, *, shortest: int = 2, longest: int = 20, seed: int = 0
) -> SequenceDataset:
    """Draw strings of which every second is balanced.

    Of the others, half have one bracket turned round, so that the numbers differ; half are
    shuffled until a bracket closes before it was opened, and their numbers agree.

    Args:
        count: how many strings.
        shortest: the fewest brackets of a string, even.
        longest: the most, even; every even length between is equally likely.
        seed: of all draws.

    Returns:
        Sequences ``(steps,)`` of ids; targets 1 where balanced, else 0.

    Raises:
        ValueError: ``count`` is below 1, or the lengths are not even, below 2, or in the
            wrong order.
    """
    check_at_least(1, count=count)
    if not 2 <= shortest <= longest or shortest % 2 or longest % 2:
        raise ValueError(
            "shortest and longest must be even, at least 2 and in order; got "
            f"{shortest!r} and {longest!r}"
        )
    rng = np.random.default_rng(seed)
    sequences, targets = [], np.arange(count) % 2
    for target in targets:
        steps = _balanced(rng, 2 * int(rng.integers(shortest // 2, longest // 2 + 1)))
        if not target:
            steps = _spoilt(rng, steps)
        sequences.append(np.where(steps > 0, _OPEN_ID, _CLOSE_ID))
    return SequenceDataset(sequences, targets)


def depths(sequence: np.ndarray) -> np.ndarray:
    """How many brackets are open after each step.

    Args:
        sequence: ``(steps,)`` ids of :data:`VOCABULARY`.

    Returns:
        ``(steps,)`` int64; from the first step on where a bracket closed that was never
        opened, -1: the string is lost, and there is nothing to count any more.

    Raises:
        ValueError: an id is neither of the two brackets.
    """
    sequence = np.asarray(sequence)
    wrong = sequence[(sequence != _OPEN_ID) & (sequence != _CLOSE_ID)]
    if wrong.size:
        raise ValueError(
            f"sequence must hold the ids {_OPEN_ID} and {_CLOSE_ID} alone; got {wrong[0]}"
        )
    counts = np.cumsum(np.where(sequence == _OPEN_ID, 1, -1))
    lost = np.minimum.accumulate(counts) < 0
    return np.where(lost, -1, counts)


def _balanced(rng: np.random.Generator, length: int) -> np.ndarray:
    """A balanced string of +1 and -1, all of them equally likely.

    With one bracket too many at the end, exactly one rotation of any order never dips
    before its last step (N. Dershowitz and S. Zaks, 1990, "The Cycle Lemma and Some
    Applications", European Journal of Combinatorics 11).
    """
    half = length // 2
    steps = rng.permutation([1] * half + [-1] * (half + 1))
    lowest = int(np.cumsum(steps).argmin())
    return np.roll(steps, -(lowest + 1))[:-1]


def _spoilt(rng: np.random.Generator, steps: np.ndarray) -> np.ndarray:
    """The same string, no longer balanced."""
    if len(steps) == 2 or rng.random() < 0.5:
        turned = steps.copy()
        turned[rng.integers(len(steps))] *= -1
        return turned
    while steps.cumsum().min() >= 0:
        steps = rng.permutation(steps)
    return steps
