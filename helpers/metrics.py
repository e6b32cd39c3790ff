"""Figures of merit: NumPy in, float out; neither framework needed."""

import numpy as np


def accuracy(targets: np.ndarray, predictions: np.ndarray) -> float:
    """The share of predictions that are right.

    Args:
        targets: ``(examples,)``, the true classes.
        predictions: ``(examples,)``, the predicted classes.

    Raises:
        ValueError: the two have different shapes, or are empty.
    """
    targets, predictions = np.asarray(targets), np.asarray(predictions)
    if targets.shape != predictions.shape or targets.size == 0:
        raise ValueError(
            "predictions must have the shape of targets, and at least one entry: got "
            f"{predictions.shape} for {targets.shape}"
        )
    return float((targets == predictions).mean())


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
    if not 0 <= share <= 1:
        raise ValueError(f"share must be from 0 to 1; got {share!r}")
    if count < 1:
        raise ValueError(f"count must be at least 1; got {count!r}")
    z = 1.959964  # 97.5 % of a normal distribution lie below
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    spread = np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    spread *= z / (1 + z**2 / count)
    return float(max(0.0, centre - spread)), float(min(1.0, centre + spread))
