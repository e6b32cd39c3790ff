"""Clip gradients, and check them.

Neither function asks which cell the gradients are of.
"""

from collections.abc import Callable, Sequence

import numpy as np


def clip_by_global_norm(
    gradients: Sequence[np.ndarray], max_norm: float
) -> tuple[list[np.ndarray], float]:
    """Shorten all gradients together, so that their joint norm is at most ``max_norm``.

    The direction stays: R. Pascanu, T. Mikolov and Y. Bengio (2013), "On the difficulty of
    training recurrent neural networks", ICML.

    Args:
        gradients: arrays of any shapes.
        max_norm: the largest norm allowed.

    Returns:
        ``(clipped, norm)``: new arrays, and the norm before.
    """
    norm = float(np.sqrt(sum((gradient**2).sum() for gradient in gradients)))
    scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [gradient * scale for gradient in gradients], norm


def numerical_gradient(
    loss: Callable[[], float], array: np.ndarray, step: float = 1e-6
) -> np.ndarray:
    """The gradient of a loss by central differences; slow, and hard to get wrong.

    Args:
        loss: computes the loss from ``array`` as it stands.
        array: float64 of any shape; nudged entry by entry, and left as it was.
        step: how far each entry is nudged.

    Returns:
        The gradient, in the shape of ``array``.
    """
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + step
        above = loss()
        array[index] = kept - step
        below = loss()
        array[index] = kept
        gradient[index] = (above - below) / (2 * step)
    return gradient
