"""Drill 6.2: the paths of several sequences, in one plane."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Paths = tuple[list[np.ndarray], np.ndarray]
Centre = Callable[[np.ndarray, np.ndarray], np.ndarray]


def shared_plane(
    states: np.ndarray, lengths: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the path of each sequence, (length, 2), and the two variance ratios, (2,).

    The plane is that of the first two principal components of all real states
    together, and their mean is its origin. In each component the entry of the largest
    absolute value is positive. A ratio is a component's share of the whole variance.
    Shapes: states (batch, steps, hidden), lengths (batch,); pads hold anything.
    """
    rows = states[np.arange(states.shape[1]) < lengths[:, None]]
    centred = rows - rows.mean(axis=0)
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    plane = directions[:2]
    largest = np.abs(plane).argmax(axis=1)
    plane = plane * np.sign(plane[[0, 1], largest])[:, None]
    paths = np.split(centred @ plane.T, np.cumsum(lengths)[:-1])
    variance = singular**2
    return paths, variance[:2] / variance.sum()


def _plane_by_covariance(states: np.ndarray, lengths: np.ndarray) -> Paths:
    real = [
        states[row, step] for row in range(len(states)) for step in range(lengths[row])
    ]
    mean = sum(real) / len(real)
    covariance = sum(np.outer(state - mean, state - mean) for state in real)
    variances, columns = np.linalg.eigh(covariance)
    plane = []
    for column in (-1, -2):  # eigenvalues ascend
        direction = columns[:, column]
        largest = max(direction, key=abs)
        plane.append(direction if largest > 0 else -direction)
    paths = [
        np.array([[(s - mean) @ axis for axis in plane] for s in states[row, :length]])
        for row, length in enumerate(lengths)
    ]
    return paths, variances[[-1, -2]] / np.trace(covariance)


def _by_all(sequence: np.ndarray, mean: np.ndarray) -> np.ndarray:
    return sequence - mean


def _by_its_own(sequence: np.ndarray, mean: np.ndarray) -> np.ndarray:
    return sequence - sequence.mean(axis=0)


def _not_centred(sequence: np.ndarray, mean: np.ndarray) -> np.ndarray:
    return sequence


def _positive(plane: np.ndarray) -> np.ndarray:
    largest = np.abs(plane).argmax(axis=1)[:, None]
    return plane * np.sign(np.take_along_axis(plane, largest, axis=1))


def _with(
    *,
    pads_fitted: bool = False,
    pads_drawn: bool = False,
    fit: Centre = _by_all,
    move: Centre = _by_all,
    plane: Callable[[np.ndarray], np.ndarray] = lambda rows: _positive(rows[:2]),
    ratio: Callable[[np.ndarray], np.ndarray] = lambda s: s**2 / sum(s**2),
) -> Callable[..., Any]:
    """Make the answer in which one part is another."""

    def answer(states, lengths):
        real = [state[:n] for state, n in zip(states, lengths, strict=True)]
        fitted, drawn = (states if pads else real for pads in (pads_fitted, pads_drawn))
        mean = np.concatenate(list(fitted)).mean(axis=0)
        centred = np.concatenate([fit(sequence, mean) for sequence in fitted])
        _, singular, directions = np.linalg.svd(centred, full_matrices=False)
        axes = plane(directions).T
        return [move(sequence, mean) @ axes for sequence in drawn], ratio(singular)[:2]

    return answer


def _a_plane_each(ratio: Callable[[list[np.ndarray]], Any]) -> Callable[..., Any]:
    """Make the answer that fits every sequence by itself."""

    @np.errstate(all="ignore")
    def answer(states, lengths):
        pairs = zip(states, lengths, strict=True)
        each = [shared_plane(state[None], np.array([n])) for state, n in pairs]
        return [paths[0] for paths, _ in each], ratio([shares for _, shares in each])

    return answer


def _states(
    *lengths: int,
    steps: int,
    hidden: int,
    zeros: bool = False,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make padded states; each sequence has a place of its own, none of them at 0."""
    rng = np.random.default_rng(seed)
    states = rng.normal(size=(len(lengths), steps, hidden))
    states += rng.normal(0, 2, size=(len(lengths), 1, hidden)) + rng.normal(size=hidden)
    states *= rng.uniform(0.3, 1.5, size=hidden)
    pads = np.arange(steps) >= np.array(lengths)[:, None]
    states[pads] *= 0 if zeros else 3
    return states, np.array(lengths)


def _random_states(rng: np.random.Generator) -> Arguments:
    batch, steps = rng.integers(1, 5), rng.integers(4, 8)
    # One length is 4: two real states alone lie on a line, without a second axis.
    lengths = [4, *rng.integers(1, steps + 1, size=batch).tolist()]
    zeros, hidden = bool(rng.random() < 0.5), int(rng.integers(2, 6))
    lengths = rng.permutation(lengths).tolist()
    return _states(*lengths, steps=int(steps), hidden=hidden, zeros=zeros, seed=rng)


_EACH = (
    "a plane is fitted to each sequence by itself, so no two paths can be compared; fit "
    "one to the real states of all."
)
_OWN = (
    "each sequence is centred by its own mean, so all paths lie round one point and "
    "their distance is lost; take out the mean of all real states."
)
_PADS = (
    "the pads help to fit the plane, and pull it towards them; take the real states "
    "alone."
)
_SIGN = (
    "the sign of a component is left to chance, so the next run may draw the paths "
    "mirrored; "
)

DRILL = Drill(
    id="6.2",
    title="several paths in one plane",
    level="core",
    minutes=12,
    prompt=(
        "I want to draw how the hidden state moves while a network reads, for several "
        "sentences in one picture. You get their states, padded, and the lengths. "
        "Please do the PCA with NumPy's SVD: one plane for the real states of all "
        "sentences, and in it the path of each. Return a list of paths without pads, "
        "and for each of the two axes its share of the whole variance. The sign of an "
        "axis is free, so fix it: the entry of the largest absolute value is positive. "
        "I ask because most such figures fit a plane to each sentence. The paths then "
        "look alike or apart for no reason."
    ),
    solution=shared_plane,
    specification=_plane_by_covariance,
    hints=(
        "Which rows go into the SVD, and what must be taken out of them first? The same "
        "must be taken out of whatever you project later.",
        "Put the real states of all sequences below each other and take out their mean. "
        "The rows of the third result of the SVD are the axes, widest first. Variance is "
        "the square of a singular value, and its share is of all of them.",
        "`rows = states[np.arange(steps) < lengths[:, None]]` has the real states in "
        "order, and `_, singular, directions = np.linalg.svd(rows - mean, "
        "full_matrices=False)`. Project on `directions[:2].T`, and cut the paths apart "
        "with `np.split` at `np.cumsum(lengths)[:-1]`.",
    ),
    cases=(
        _states(5, 3, 4, steps=6, hidden=4),
        _states(4, 6, steps=6, hidden=3, zeros=True, seed=1),
        _states(3, 5, 4, steps=7, hidden=5, seed=2),
        _states(4, 4, 3, 5, steps=5, hidden=4, zeros=True, seed=3),
        _states(6, 3, steps=8, hidden=3, seed=4),
        _states(5, 4, 3, steps=6, hidden=5, seed=5),
        _states(4, 4, steps=4, hidden=6, seed=6),
        _states(1, 5, 1, steps=6, hidden=4, seed=7),
        _states(6, steps=8, hidden=3, zeros=True, seed=8),
        _states(3, 4, steps=5, hidden=2, seed=9),
        _states(1, 2, 1, steps=3, hidden=7, seed=10),
    ),
    random_case=_random_states,
    mistakes=(
        *(
            Mistake(_EACH, _a_plane_each(ratio))
            for ratio in (np.stack, lambda each: np.mean(each, axis=0), lambda e: e[-1])
        ),
        Mistake(_OWN, _with(fit=_by_its_own, move=_by_its_own)),
        Mistake(_OWN, _with(move=_by_its_own)),
        Mistake(_OWN, _with(fit=_by_its_own)),
        Mistake(
            "the states are not centred, so the first axis points at their mean; take it "
            "out before the SVD, and before you project.",
            _with(fit=_not_centred, move=_not_centred),
        ),
        Mistake(
            "the plane is fitted to states that are not centred; take out their mean "
            "before the SVD as well.",
            _with(fit=_not_centred),
        ),
        Mistake(
            "the mean is taken out before the SVD, but not before the projection; the "
            "paths lie off the origin.",
            _with(move=_not_centred),
        ),
        Mistake(_PADS, _with(pads_fitted=True)),
        Mistake(_PADS, _with(pads_fitted=True, pads_drawn=True)),
        Mistake(
            "the paths run on over the pads; cut each off after its length.",
            _with(pads_drawn=True),
        ),
        Mistake(
            "the columns of the SVD's third result are taken for axes; they are its "
            "rows.",
            _with(plane=lambda rows: _positive(rows[:, :2].T)),
        ),
        Mistake(
            _SIGN + "turn each so that its largest entry is positive.",
            _with(plane=lambda rows: rows[:2]),
        ),
        Mistake(
            _SIGN + "look for the largest absolute value, for the largest entry is "
            "positive nearly always.",
            _with(plane=lambda rows: rows[:2] * np.sign(rows[:2].max(1))[:, None]),
        ),
        Mistake(
            "the ratios are shares of the singular values; variance is their square.",
            _with(ratio=lambda singular: singular / singular.sum()),
        ),
        Mistake(
            "the ratios are shares of the two axes' variance, so they sum to 1 always; "
            "divide by the variance along all axes.",
            _with(ratio=lambda singular: singular[:2] ** 2 / sum(singular[:2] ** 2)),
        ),
        Mistake(
            "these are sums of squares, not shares; divide by the sum over all axes.",
            _with(ratio=np.square),
        ),
    ),
)
