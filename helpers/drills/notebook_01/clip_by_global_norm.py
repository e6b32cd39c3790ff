"""Drill 1.3: clip gradients by their joint norm."""

import math

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake


def clip_by_global_norm(
    gradients: list[np.ndarray], max_norm: float
) -> list[np.ndarray]:
    """Return the gradients, scaled by one factor so that their joint norm fits.

    Args:
        gradients: Arrays of any shapes; they stay as they are.
        max_norm: Largest joint norm allowed, positive; smaller ones are kept.
    """
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    scale = max_norm / max(norm, max_norm)
    return [gradient * scale for gradient in gradients]


def _clip_number_by_number(
    gradients: list[np.ndarray], max_norm: float
) -> list[np.ndarray]:
    numbers = [number for gradient in gradients for number in gradient.ravel().tolist()]
    norm = math.sqrt(sum(number * number for number in numbers))
    if norm <= max_norm:
        return [gradient.copy() for gradient in gradients]
    return [gradient * (max_norm / norm) for gradient in gradients]


def _norms(gradients: list[np.ndarray]) -> list[float]:
    return [float(np.linalg.norm(gradient)) for gradient in gradients]


def _scale_down(
    gradients: list[np.ndarray], norm: float, max_norm: float
) -> list[np.ndarray]:
    return [gradient * (max_norm / max(norm, max_norm)) for gradient in gradients]


def _clip_each(gradients: list[np.ndarray], max_norm: float) -> list[np.ndarray]:
    norms = _norms(gradients)
    return [
        _scale_down([gradient], norm, max_norm)[0]
        for gradient, norm in zip(gradients, norms, strict=True)
    ]


def _always_scale(gradients: list[np.ndarray], max_norm: float) -> list[np.ndarray]:
    scale = max_norm / np.linalg.norm(_norms(gradients))
    return [gradient * scale for gradient in gradients]


def _divide_by_zero(gradients: list[np.ndarray], max_norm: float) -> list[np.ndarray]:
    norm = np.linalg.norm(_norms(gradients))
    return [gradient / norm * min(norm, max_norm) for gradient in gradients]


def _clip_in_place(gradients: list[np.ndarray], max_norm: float) -> list[np.ndarray]:
    norm = float(np.linalg.norm(_norms(gradients)))
    for gradient in gradients:
        gradient *= max_norm / max(norm, max_norm)
    return gradients


def _gradients(
    *shapes: tuple[int, ...], norm: float, seed: int | np.random.Generator = 0
) -> list[np.ndarray]:
    """Make arrays of these shapes whose joint norm is ``norm``."""
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in shapes]
    return [array * norm / np.linalg.norm(_norms(arrays)) for array in arrays]


def _random_gradients(rng: np.random.Generator) -> Arguments:
    shapes = [
        tuple(rng.integers(1, 4, size=rng.integers(1, 3)).tolist())
        for _ in range(rng.integers(1, 5))
    ]
    norm, max_norm = rng.uniform(0.1, 8.0), rng.uniform(0.5, 4.0)
    return _gradients(*shapes, norm=norm, seed=rng), float(max_norm)


DRILL = Drill(
    id="1.3",
    title="clip by global norm",
    level="warm-up",
    minutes=5,
    prompt=(
        "Your recurrent network trains well for an hour, then one batch has a huge "
        "gradient and the weights are ruined. The usual remedy is to clip. I give you "
        "the gradients, one array per weight, and the largest joint norm I accept: "
        "that of all numbers in all arrays together. Please shorten the gradients to "
        "that norm where they are longer, without changing their direction, and "
        "leave them alone otherwise."
    ),
    solution=clip_by_global_norm,
    specification=_clip_number_by_number,
    hints=(
        "Think of all arrays as one long vector. How do you shorten a vector without "
        "turning it?",
        "Its squared length is the sum of all squares of all arrays. Multiply every "
        "array by the same factor, one that is never above 1.",
        "With `norm` the root of that sum, the factor is "
        "`max_norm / max(norm, max_norm)`: it is 1 for short vectors and never "
        "divides by zero.",
    ),
    cases=(
        (_gradients((3, 4), (4, 4), (4,), norm=10.0), 2.0),
        (_gradients((2, 3), (3,), norm=0.5), 2.0),
        (_gradients((2, 2), (2,), norm=2.0), 5.0),
        ([np.array([3.0, 4.0])], 1.0),
        ([np.array([[3.0, 0.0]]), np.array([-4.0])], 5.0),
        (_gradients((5,), (1, 5), norm=1000.0), 0.1),
        (_gradients((2, 2), (3,), (1,), norm=6.0), 4.0),
        ([np.array([0.0, 0.0]), np.array([0.0, -6.0])], 3.0),
        ([np.zeros((2, 3)), np.zeros(3)], 1.0),
    ),
    random_case=_random_gradients,
    mistakes=(
        Mistake(
            "each array is clipped by its own norm, which turns the direction of the "
            "whole; take one norm over all arrays and one factor for all.",
            _clip_each,
        ),
        Mistake(
            "this limits each number to the range -max_norm to max_norm, which is "
            "clipping by value; scale all numbers by one factor instead.",
            lambda gradients, max_norm: [
                np.clip(gradient, -max_norm, max_norm) for gradient in gradients
            ],
        ),
        Mistake(
            "small gradients are scaled up to the limit; leave them alone: the factor "
            "must never exceed 1.",
            _always_scale,
        ),
        Mistake(
            "the norms of the arrays are added up; add their squares, and take the "
            "root of the sum.",
            lambda gradients, max_norm: _scale_down(
                gradients, sum(_norms(gradients)), max_norm
            ),
        ),
        Mistake(
            "the norm is the root of the sum of squares; the root is missing.",
            lambda gradients, max_norm: _scale_down(
                gradients, sum(norm**2 for norm in _norms(gradients)), max_norm
            ),
        ),
        Mistake(
            "only the longest array's norm is compared with the limit; put all arrays "
            "together into one norm.",
            lambda gradients, max_norm: _scale_down(
                gradients, max(_norms(gradients)), max_norm
            ),
        ),
        Mistake(
            "the caller's gradients are changed in place; return a new list of new "
            "arrays, with `gradient * scale` rather than `*=`.",
            _clip_in_place,
        ),
        Mistake(
            "gradients that are all zero turn into NaN, for their norm is 0 and you "
            "divide by it; divide only where the norm is above the limit.",
            _divide_by_zero,
        ),
    ),
)
