"""Drill 6.4: a linear probe, and its control."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake


def probe_with_control(
    train_states: np.ndarray,
    train_targets: np.ndarray,
    test_states: np.ndarray,
    test_targets: np.ndarray,
    order: np.ndarray,
) -> tuple[float, float]:
    """Return R² on test of a linear probe, and of its control.

    Both are fitted to train by least squares, with an intercept; the control to
    train_targets[order]. R² is 1 - SS_res / SS_tot, about the mean of test_targets.
    Shapes: states (examples, hidden), targets (examples,), order as train_targets.
    """

    def r_squared(targets):
        train, test = (
            np.column_stack([states, np.ones(len(states))])
            for states in (train_states, test_states)
        )
        weights, *_ = np.linalg.lstsq(train, targets, rcond=None)
        residuals = test_targets - test @ weights
        deviations = test_targets - test_targets.mean()
        return float(1 - np.sum(residuals**2) / np.sum(deviations**2))

    return r_squared(train_targets), r_squared(train_targets[order])


def _probe_by_normal_equations(
    train_states: np.ndarray,
    train_targets: np.ndarray,
    test_states: np.ndarray,
    test_targets: np.ndarray,
    order: np.ndarray,
) -> tuple[float, float]:
    scores = []
    for targets in (train_targets, [train_targets[place] for place in order]):
        rows = [np.append(state, 1.0) for state in train_states]
        squares = sum(np.outer(row, row) for row in rows)
        products = sum(row * target for row, target in zip(rows, targets, strict=True))
        weights = np.linalg.solve(squares, products)
        left = total = 0.0
        for state, target in zip(test_states, test_targets, strict=True):
            left += (target - np.append(state, 1.0) @ weights) ** 2
            total += (target - sum(test_targets) / len(test_targets)) ** 2
        scores.append(1 - left / total)
    return tuple(scores)


def _with_ones(states: np.ndarray) -> np.ndarray:
    return np.pad(states, ((0, 0), (0, 1)), constant_values=1)


def _with_zeros(states: np.ndarray) -> np.ndarray:
    return np.pad(states, ((0, 0), (0, 1)))


def _r_squared(targets: np.ndarray, readings: np.ndarray, about: float) -> float:
    return 1 - np.sum((targets - readings) ** 2) / np.sum((targets - about) ** 2)


def _score(targets: np.ndarray, readings: np.ndarray, train: np.ndarray) -> float:
    return _r_squared(targets, readings, targets.mean())


def _correlation(targets: np.ndarray, readings: np.ndarray, train: np.ndarray) -> float:
    return np.corrcoef(targets, readings)[0, 1]


Data = tuple[np.ndarray, np.ndarray]


def _shuffled_targets(train: Data, test: Data, order: np.ndarray) -> tuple[Data, Data]:
    return (train[0], train[1][order]), test


def _with(
    *,
    fit: Callable[[np.ndarray], np.ndarray] = _with_ones,
    read: Callable[[np.ndarray], np.ndarray] = _with_ones,
    score: Callable[..., float] = _score,
    parts: Callable[[Data, Data], tuple[Data, Data]] = lambda train, test: (
        train,
        test,
    ),
    control: Callable[..., tuple[Data, Data]] = _shuffled_targets,
    result: Callable[[float, float], Any] = lambda probe, control: (probe, control),
) -> Callable[..., Any]:
    """Make the answer in which one part is another.

    `parts` and `control` choose what is fitted to, and what is scored on.
    """

    def scored(train, test):
        train, test = parts(train, test)
        weights, *_ = np.linalg.lstsq(fit(train[0]), train[1], rcond=None)
        return float(score(test[1], read(test[0]) @ weights, train[1]))

    def answer(train_states, train_targets, test_states, test_targets, order):
        data = (train_states, train_targets), (test_states, test_targets)
        return result(scored(*data), scored(*control(*data, order)))

    return answer


def _split(
    train: int,
    test: int,
    hidden: int,
    noise: float = 1.0,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make states that a target hangs on, far from 0, and the order for the control."""
    rng = np.random.default_rng(seed)
    states = rng.normal(size=(train + test, hidden)) + rng.normal(0, 2, size=hidden)
    targets = states @ rng.normal(size=hidden) + rng.normal(0, noise, size=len(states))
    targets += rng.uniform(2, 5)
    split = states[:train], targets[:train], states[train:], targets[train:]
    return *split, rng.permutation(train)


def _random_split(rng: np.random.Generator) -> Arguments:
    hidden, test = rng.integers(1, 6), rng.integers(3, 15)
    train = hidden + rng.integers(5, 15)
    noise = float(rng.choice([0.1, 1.0, 3.0]))
    return _split(int(train), int(test), int(hidden), noise, seed=rng)


_ON_TRAIN = (
    "the score is that of the train states, on which even noise fits well; fit on train, "
    "score on test."
)
_NO_INTERCEPT = (
    "the intercept is missing, so the probe reads 0 where all units are 0; add a column "
    "of ones to the states."
)

DRILL = Drill(
    id="6.4",
    title="a probe and its control",
    level="core",
    minutes=10,
    prompt=(
        "Somebody shows that the depth of a bracket can be read off the hidden state by "
        "a straight line. Please write such a probe: least squares with an intercept, "
        "fitted on train states and scored by R² on test states. Then the control: the "
        "same probe, fitted to the train targets in another order, which I give you. "
        "What it is scored on stays as it is. Return both scores, the control second. "
        "NumPy is enough. I ask because a probe with many units fits anything. Without "
        "its control, a score says little about the network."
    ),
    solution=probe_with_control,
    specification=_probe_by_normal_equations,
    hints=(
        "Four arrays come in. Which of them may the fit see, and which may the score "
        "see? And which single one is in another order for the control?",
        "A column of ones beside the states is the intercept, in train and in test. R² "
        "compares the squared errors with those of somebody who always guesses the mean "
        "of the test targets. It can fall below 0, and then the probe is worse than "
        "that.",
        "`np.linalg.lstsq(A, targets, rcond=None)[0]` has the weights, with `A = "
        "np.column_stack([train_states, np.ones(len(train_states))])`. Write a function "
        "of the train targets that returns R², and call it with `train_targets` and "
        "with `train_targets[order]`.",
    ),
    cases=(
        _split(train=12, test=12, hidden=3),
        _split(train=10, test=10, hidden=2, noise=0.1, seed=1),
        _split(train=15, test=8, hidden=4, seed=2),
        _split(train=9, test=14, hidden=3, seed=3),
        _split(train=20, test=20, hidden=5, noise=3.0, seed=4),
        _split(train=14, test=6, hidden=1, seed=5),
        _split(train=8, test=3, hidden=2, noise=0.0, seed=6),
        (*_split(train=9, test=5, hidden=2, seed=7)[:4], np.arange(9)),
    ),
    random_case=_random_split,
    mistakes=(
        Mistake(_ON_TRAIN, _with(parts=lambda train, test: (train, train))),
        Mistake(
            "the probe is fitted to the test states; they are there for the score alone.",
            _with(parts=lambda train, test: (test, test)),
        ),
        Mistake(
            "the test targets are shuffled for the control; shuffle those the control is "
            "fitted to, and score it as the probe.",
            _with(
                control=lambda train, test, order: (train, (test[0], test[1][order]))
            ),
        ),
        Mistake(
            "states and targets are shuffled alike, so each state keeps its target and "
            "the control is the probe again; shuffle the targets alone.",
            _with(
                control=lambda train, test, order: (
                    (train[0][order], train[1][order]),
                    test,
                )
            ),
        ),
        Mistake(
            "the states are put in the new order; it is meant for the train targets.",
            _with(
                control=lambda train, test, order: ((train[0][order], train[1]), test)
            ),
        ),
        Mistake(_NO_INTERCEPT, _with(fit=_with_zeros)),
        Mistake(
            "the probe is fitted with an intercept and read without it; the test states "
            "need the column of ones as well.",
            _with(read=_with_zeros),
        ),
        Mistake(
            "the deviations are about the mean of the train targets; R² compares with "
            "the mean of the targets it is scored on.",
            _with(
                score=lambda t, readings, train: _r_squared(t, readings, train.mean())
            ),
        ),
        Mistake(
            "the errors are compared with the targets' squares, not with their "
            "deviations; take the mean of the test targets out of these first.",
            _with(score=lambda t, readings, train: _r_squared(t, readings, 0)),
        ),
        Mistake(
            "this is the correlation, which does not see a wrong scale or a wrong mean; "
            "R² is `1 - SS_res / SS_tot`.",
            _with(score=_correlation),
        ),
        Mistake(
            "this is the squared correlation, which is R² on train alone; on test it "
            "hides a wrong scale, a wrong mean, even a wrong sign.",
            _with(score=lambda *given: _correlation(*given) ** 2),
        ),
        Mistake(
            "this is the share of the variance that is left; R² is 1 minus that.",
            _with(score=lambda *given: 1 - _score(*given)),
        ),
        Mistake(
            "scores below 0 are cut off; such a control reads worse than a guess, and "
            "that should be seen.",
            _with(score=lambda *given: max(0.0, _score(*given))),
        ),
        Mistake(
            "the control does not come back; return both scores.",
            _with(result=lambda probe, control: probe),
        ),
    ),
)
