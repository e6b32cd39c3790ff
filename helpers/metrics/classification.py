"""Figures of merit of classifiers: NumPy in, float out."""

from dataclasses import dataclass

import numpy as np

from helpers.arguments import check_at_least, check_between


def accuracy(targets: np.ndarray, predictions: np.ndarray) -> float:
    """The share of predictions that are right.

    Args:
        targets: ``(examples,)``, the true classes.
        predictions: ``(examples,)``, the predicted classes.

    Raises:
        ValueError: the two have different shapes, or are empty.
    """
    _check_pair(targets, predictions)
    return float((np.asarray(targets) == np.asarray(predictions)).mean())


def accuracy_interval(share: float, count: int) -> tuple[float, float]:
    """The 95 % confidence interval of an accuracy, after Wilson (1927).

    Args:
        share: the accuracy measured, 0 to 1.
        count: on how many examples.

    Returns:
        ``(low, high)``. Unlike the textbook's share ± 1.96 standard errors, it stays within
        0 and 1, and is right for accuracies near 1.

    Raises:
        ValueError: the share is outside [0, 1], or the count below 1.
    """
    check_between(0, 1, share=share)
    check_at_least(1, count=count)
    z = 1.959964  # 97.5 % of a normal distribution lie below
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    spread = np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    spread *= z / (1 + z**2 / count)
    # At 0 and 1 the interval begins and ends there; rounding must not move it past.
    low, high = min(centre - spread, share), max(centre + spread, share)
    return float(max(0.0, low)), float(min(1.0, high))


@dataclass(frozen=True)
class Reliability:
    """What a system says of its certainty, against how often it is right.

    Attributes:
        confidence: ``(bins,)``, the mean probability of the predicted class in a bin.
        accuracy: ``(bins,)``, the share of right predictions in it.
        counts: ``(bins,)``, how many predictions it holds.
    """

    confidence: np.ndarray
    accuracy: np.ndarray
    counts: np.ndarray

    @property
    def error(self) -> float:
        """The expected calibration error: the mean gap, weighted by count."""
        gaps = np.abs(self.confidence - self.accuracy)
        return float(np.average(gaps, weights=self.counts))


def reliability(
    targets: np.ndarray, probabilities: np.ndarray, bins: int = 10
) -> Reliability:
    """Sort predictions by confidence into bins of equal size, and see how many are right.

    Args:
        targets: ``(examples,)``, the true classes.
        probabilities: ``(examples, num_classes)``, each row summing to 1.
        bins: how many; each holds the same number of predictions, give or take one.

    Raises:
        ValueError: the shapes do not fit, or there are fewer examples than bins.

    Reference: C. Guo et al. (2017), "On Calibration of Modern Neural Networks", ICML.
    """
    targets, probabilities = np.asarray(targets), np.asarray(probabilities)
    if probabilities.ndim != 2 or len(probabilities) != len(targets):
        raise ValueError(
            "probabilities must be (examples, num_classes), a row a target: got "
            f"{probabilities.shape} for {len(targets)} targets"
        )
    check_between(1, len(targets), bins=bins)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    return Reliability(
        np.array([confidence[part].mean() for part in parts]),
        np.array([right[part].mean() for part in parts]),
        np.array([len(part) for part in parts]),
    )


def mean_absolute_error(targets: np.ndarray, predictions: np.ndarray) -> float:
    """How many classes a prediction is off, on average, where classes are ordered.

    Args:
        targets: ``(examples,)``, the true classes.
        predictions: ``(examples,)``, the predicted classes.

    Raises:
        ValueError: the two have different shapes, or are empty.
    """
    _check_pair(targets, predictions)
    return float(np.abs(np.asarray(targets) - np.asarray(predictions)).mean())


def _check_pair(targets: np.ndarray, predictions: np.ndarray) -> None:
    shapes = np.shape(targets), np.shape(predictions)
    if shapes[0] != shapes[1] or np.size(targets) == 0:
        raise ValueError(
            "predictions must have the shape of targets, and at least one entry: got "
            f"{shapes[1]} for {shapes[0]}"
        )
