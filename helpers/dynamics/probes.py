"""Can a straight line read something off a state? And could it read anything at all?

A probe with many units fits noise as well. Its score says little without a control: the
same probe, fitted to the same targets in shuffled order.

References: G. Alain and Y. Bengio (2016), "Understanding Intermediate Layers Using Linear
Classifier Probes", arXiv:1610.01644; for the control J. Hewitt and P. Liang (2019),
"Designing and Interpreting Probes with Control Tasks", EMNLP. Their control gives every
word type a random label; shuffling, as here, also breaks the tie of equal words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.multiclass import type_of_target

from helpers.arguments import check_choice
from helpers.dynamics.shared import check_finite, checked
from helpers.scratch.shared import check_shape

KINDS = ("regression", "classification")


@dataclass(frozen=True)
class Probe:
    """What a linear probe reads, and what it reads where there is nothing.

    Attributes:
        score: R² or accuracy, on the test states.
        direction: ``(hidden_size,)``, of length 1: along it the reading rises fastest, in
            the space of the states themselves. Of two classes it points to the second in
            sorted order; of more there is one a class, ``(num_classes, hidden_size)``.
            Zeros where the probe reads nothing.
        control_mean: the mean score of the probes fitted to shuffled targets. An R² below 0
            is worse than always guessing the mean.
    """

    score: float
    direction: np.ndarray
    control_mean: float


def linear_probe(
    train_states: np.ndarray,
    train_targets: np.ndarray,
    test_states: np.ndarray,
    test_targets: np.ndarray,
    *,
    kind: str,
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
) -> Probe:
    """Fit a linear probe and its controls on train, and score them on test.

    Units are scaled by their mean and deviation on train first, so that the penalty treats
    all alike. Steps of one sequence resemble each other: keep whole sequences on one side.

    Args:
        train_states: ``(examples, hidden_size)``.
        train_targets: ``(examples,)``, real numbers for ``"regression"``, classes for
            ``"classification"``; at least two different ones.
        test_states: ``(test examples, hidden_size)``.
        test_targets: ``(test examples,)``.
        kind: ``"regression"`` (ridge, scored by R²) or ``"classification"`` (logistic
            regression, scored by accuracy).
        seeds: one control each: train targets are shuffled, test targets are not.

    Raises:
        ValueError: the shapes do not fit, a state holds NaN, the targets do not fit the
            kind or do not vary, or there is no seed.
    """
    check_choice("kind", kind, KINDS)
    if len(seeds) == 0:
        raise ValueError("seeds must hold at least one seed; got none")
    train = _checked_pair("train", train_states, train_targets, kind)
    hidden_size = train[0].shape[1]
    test = _checked_pair("test", test_states, test_targets, kind, hidden_size)
    probe = _fitted(*train, kind)
    controls = [
        _fitted(train[0], _shuffled(train[1], seed), kind).score(*test)
        for seed in seeds
    ]
    score = float(probe.score(*test))
    return Probe(score, _direction(probe), float(np.mean(controls)))


def _fitted(states: np.ndarray, targets: np.ndarray, kind: str) -> Pipeline:
    model = Ridge() if kind == "regression" else LogisticRegression(max_iter=1000)
    return make_pipeline(StandardScaler(), model).fit(states, targets)


def _shuffled(targets: np.ndarray, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(targets)


def _direction(probe: Pipeline) -> np.ndarray:
    scaler, model = probe[0], probe[-1]
    directions = np.atleast_2d(model.coef_ / scaler.scale_)  # undo the scaling
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    directions = directions / np.where(lengths > 0, lengths, 1)
    return directions[0] if len(directions) == 1 else directions


def _checked_pair(
    part: str,
    states: np.ndarray,
    targets: np.ndarray,
    kind: str,
    hidden_size: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    axes = {"examples": None, "hidden_size": hidden_size}
    states = checked(f"{part}_states", states, axes)
    name, targets = f"{part}_targets", np.asarray(targets)
    check_shape(name, targets, {"examples": len(states)})
    if kind == "regression":
        if not np.issubdtype(targets.dtype, np.number) and targets.dtype != bool:
            raise ValueError(
                f"{name} must be numbers for regression; got {targets.dtype}"
            )
        targets = targets.astype(np.float64)
    if np.issubdtype(targets.dtype, np.floating):
        check_finite(name, targets)
    if kind == "classification" and type_of_target(targets).startswith("continuous"):
        raise ValueError(f"{name} must be classes for classification; got real numbers")
    # Without spread there is nothing to fit, and no R²; test may well be of one class.
    if (part == "train" or kind == "regression") and len(np.unique(targets)) < 2:
        raise ValueError(f"{name} must hold at least two different values")
    return states, targets
