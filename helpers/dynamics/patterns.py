"""How states move when something they encode changes."""

import numpy as np

from helpers.dynamics.shared import checked


def linear_pattern(states: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """By how much each unit changes where the target is larger by one.

    A probe's direction answers another question: how to *read* the target. Where several
    units carry it, the probe leans on a few of them and cancels noise with the rest. Taking
    out its direction leaves copies behind; taking out the pattern leaves nothing that a
    straight line could read: no unit covaries with the target any more.

    Args:
        states: ``(examples, hidden_size)``.
        targets: ``(examples,)``, numbers, at least two different ones.

    Returns:
        ``(hidden_size,)``: the slope of each unit over the target, in units of state.

    Raises:
        ValueError: the shapes do not fit, a value is not finite, or targets do not vary.

    Reference: S. Haufe et al. (2014), "On the Interpretation of Weight Vectors of Linear
    Models in Multivariate Neuroimaging", NeuroImage 87.
    """
    states = checked("states", states, {"examples": None, "hidden_size": None})
    targets = checked("targets", targets, {"examples": len(states)})
    deviations = targets - targets.mean()
    if not deviations.any():
        raise ValueError("targets must hold at least two different values")
    return deviations @ states / (deviations @ deviations)
