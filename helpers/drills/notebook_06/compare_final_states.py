"""Drill 6.5: debug the comparison of final states."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Read = Callable[[np.ndarray, np.ndarray], np.ndarray]
Compare = Callable[[np.ndarray], np.ndarray]


def compare_final_states(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the cosine between the final states of all pairs, (batch, batch).

    A sequence's final state is that after its last real step; none is all zeros. The
    layer knew of no pads, and went on over them.
    Shapes: states (batch, steps, hidden), padded on the right; lengths (batch,) int,
    each at least 1.
    """
    final = states[np.arange(len(states)), lengths - 1]
    unit = final / np.linalg.norm(final, axis=1, keepdims=True)
    return unit @ unit.T


def _compare_final_states_as_given(
    states: np.ndarray, lengths: np.ndarray
) -> np.ndarray:
    final = states[:, -1]
    unit = final / np.linalg.norm(final)
    return unit @ unit.T


def _compare_pair_by_pair(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    cosines = np.zeros((len(states), len(states)))
    for row in range(len(states)):
        for column in range(len(states)):
            one = states[row, lengths[row] - 1]
            other = states[column, lengths[column] - 1]
            cosine = sum(one * other) / np.sqrt(sum(one * one) * sum(other * other))
            cosines[row, column] = cosine
    return cosines


def _of_units(unit: np.ndarray) -> np.ndarray:
    return unit @ unit.T


def _at_the_length(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    return states[np.arange(len(states)), lengths - 1]


def _at_the_end(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    return states[:, -1]


def _by_own_norms(final: np.ndarray) -> np.ndarray:
    return _of_units(final / np.linalg.norm(final, axis=1, keepdims=True))


def _by_one_norm(final: np.ndarray) -> np.ndarray:
    return _of_units(final / np.linalg.norm(final))


def _with(
    *, read: Read = _at_the_length, compare: Compare = _by_own_norms
) -> Callable[..., np.ndarray]:
    """Make the answer that reads another state, or compares in another way."""
    return lambda states, lengths: compare(read(states, lengths))


def _mean_of_real_steps(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    real = np.arange(states.shape[1]) < lengths[:, None]
    return (states * real[:, :, None]).sum(axis=1) / lengths[:, None]


def _centred(final: np.ndarray) -> np.ndarray:
    return final - final.mean(axis=1, keepdims=True)


def _divided_once(final: np.ndarray) -> np.ndarray:
    return _of_units(final) / np.linalg.norm(final, axis=1, keepdims=True)


def _sequences(
    *lengths: int, steps: int, hidden: int, seed: int | np.random.Generator = 0
) -> Arguments:
    """Make states that drift over the pads towards one point, which all then share."""
    rng = np.random.default_rng(seed)
    sizes = rng.uniform(0.2, 1, size=(len(lengths), 1, 1))
    states = sizes * rng.uniform(-1, 1, size=(len(lengths), steps, hidden))
    rest = rng.uniform(-1, 1, size=hidden)
    for sequence, length in zip(states, lengths, strict=True):
        for t in range(length, steps):
            sequence[t] = 0.5 * (sequence[t - 1] + rest)
    return states, np.array(lengths)


def _random_sequences(rng: np.random.Generator) -> Arguments:
    batch, steps, hidden = (int(rng.integers(low, 7)) for low in (1, 1, 2))
    lengths = rng.integers(1, steps + 1, size=batch).tolist()
    return _sequences(*lengths, steps=steps, hidden=hidden, seed=rng)


_PAD_LEFT = (
    "one to go: append more pads to the batch, and the cosines move towards 1, though "
    "no sequence has changed."
)
_NORM_LEFT = (
    "one to go: compare a state with itself, on the diagonal, or give one sequence's "
    "states all twice the size; neither comes out as it should."
)
_AND_NORM = " And the norms are still not right."
_AND_PAD = " And a pad is still read."

DRILL = Drill(
    id="6.5",
    title="debug this",
    level="core",
    minutes=6,
    prompt=(
        "A colleague compares what a network makes of several sentences: the cosine "
        "between their final states, for all pairs. In the table, all sentences are "
        "about equally alike, and no number comes near 1. The docstring says what was "
        "agreed. This code runs, and is wrong. Find the two mistakes. Please repair "
        "them, and tell me for each what it does to the table. I ask because such a "
        "table goes straight into a report. Sentences that look alike are easily taken "
        "for a finding."
    ),
    solution=compare_final_states,
    specification=_compare_pair_by_pair,
    hints=(
        "Do not read, try. Take one sequence twice, once with more pads: the cosine must "
        "be 1. Then look at the diagonal: every state has a cosine of 1 with itself.",
        "The first line forgets an argument of the function: which state does it read, "
        "if a sequence is short? In the second, count the norms. How many states are "
        "there, and how many numbers are they divided by?",
        "The final states are `states[np.arange(len(states)), lengths - 1]`. Each has a "
        "norm of its own: `np.linalg.norm(final, axis=1, keepdims=True)`.",
    ),
    cases=(
        _sequences(2, 4, 3, steps=6, hidden=3),
        _sequences(5, 1, 3, steps=5, hidden=4, seed=1),
        _sequences(3, 2, 4, 1, steps=4, hidden=2, seed=2),
        _sequences(2, 3, steps=5, hidden=5, seed=3),
        _sequences(3, 1, 2, steps=4, hidden=3, seed=4),
        _sequences(1, 4, 2, 3, steps=6, hidden=4, seed=5),
        _sequences(3, 3, steps=3, hidden=3, seed=6),
        _sequences(2, steps=4, hidden=3, seed=7),
        _sequences(1, 1, steps=1, hidden=2, seed=8),
    ),
    random_case=_random_sequences,
    buggy=_compare_final_states_as_given,
    mistakes=(
        Mistake(_PAD_LEFT, _with(read=_at_the_end)),
        Mistake(_NORM_LEFT, _with(compare=_by_one_norm)),
        *(
            Mistake(
                f"{sentence}{_AND_NORM if compare is _by_one_norm else ''}",
                _with(read=read, compare=compare),
            )
            for compare in (_by_own_norms, _by_one_norm)
            for sentence, read in (
                (
                    "the state is read one step too late, on the first pad; the last "
                    "real step is at `lengths - 1`.",
                    lambda states, n: states[np.arange(len(states)), n],
                ),
                (
                    "all sequences are read at the last step of the longest; each ends "
                    "at its own.",
                    lambda states, n: states[:, n.max() - 1],
                ),
                (
                    "the mean of the real steps is compared; asked is the final state.",
                    _mean_of_real_steps,
                ),
            )
        ),
        *(
            Mistake(
                f"{sentence}{_AND_PAD if read is _at_the_end else ''}",
                _with(read=read, compare=compare),
            )
            for read in (_at_the_length, _at_the_end)
            for sentence, compare in (
                (
                    "nothing is divided by any norm, so these are dot products; a "
                    "cosine lies between -1 and 1.",
                    _of_units,
                ),
                (
                    "the norms are those of the units, over all sequences; each state "
                    "needs its own, along `axis=1`.",
                    lambda final: _of_units(final / np.linalg.norm(final, axis=0)),
                ),
                (
                    "each dot product is divided by one norm alone; a cosine is divided "
                    "by those of both states.",
                    _divided_once,
                ),
                (
                    "the mean of each state's units is taken out first, which makes a "
                    "correlation; a cosine leaves the states where they are.",
                    lambda final: _by_own_norms(_centred(final)),
                ),
                (
                    "this is the distance; the cosine is 1 for the same direction.",
                    lambda final: 1 - _by_own_norms(final),
                ),
            )
        ),
    ),
)
