"""Learning rates by step: plain functions, one for both frameworks."""

from collections.abc import Callable
from math import cos, pi


def cosine(rate: float, steps: int) -> Callable[[int], float]:
    """A learning rate that falls from ``rate`` to 0 along half a cosine.

    Args:
        rate: the first, and the highest.
        steps: how many steps the training takes.
    """
    return lambda step: rate * 0.5 * (1 + cos(pi * step / steps))


def one_cycle(rate: float, steps: int, warm_up: float = 0.2) -> Callable[[int], float]:
    """A learning rate that rises to ``rate`` and then falls to 0, both along a cosine.

    Args:
        rate: the highest.
        steps: how many steps the training takes.
        warm_up: the share of the steps in which it rises, from a 25th of ``rate``.

    Reference: L. N. Smith and N. Topin (2018), "Super-Convergence".
    """
    rising = max(1, round(warm_up * steps))
    low = rate / 25

    def rate_at(step: int) -> float:
        if step < rising:
            return low + (rate - low) * 0.5 * (1 - cos(pi * step / rising))
        return cosine(rate, max(1, steps - rising))(step - rising)

    return rate_at
