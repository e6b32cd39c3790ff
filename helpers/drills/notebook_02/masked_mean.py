"""Drill 2.3: average the states of real steps only."""

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake


def masked_mean(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the mean of each sequence's real states, (batch, width).

    Args:
        states: States of a right-padded batch, (batch, steps, width); those on the
            pads may be anything, even NaN.
        lengths: Number of real steps in each sequence, at least 1, (batch,).
    """
    real = np.arange(states.shape[1]) < lengths[:, None]
    kept = np.where(real[:, :, None], states, 0.0)
    return kept.sum(axis=1) / lengths[:, None]


def _masked_mean_by_loop(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    batch, _, width = states.shape
    means = np.zeros((batch, width))
    for row in range(batch):
        for step in range(lengths[row]):
            means[row] += states[row, step]
        means[row] /= lengths[row]
    return means


def _real(states: np.ndarray, lengths: np.ndarray, more: int = 0) -> np.ndarray:
    """Return the mask (batch, steps, 1), with some more steps let through."""
    return (np.arange(states.shape[1]) < lengths[:, None] + more)[:, :, None]


def _sum(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    return np.where(_real(states, lengths), states, 0.0).sum(axis=1)


def _one_step_too_many(states, lengths):
    kept = np.where(_real(states, lengths, more=1), states, 0.0)
    return kept.sum(axis=1) / lengths[:, None]


@np.errstate(invalid="ignore")
def _multiply_by_the_mask(states, lengths):
    return (states * _real(states, lengths)).sum(axis=1) / lengths[:, None]


def _mean_of_nonzero(states, lengths):
    real = (states != 0).any(axis=2, keepdims=True)
    return np.where(real, states, 0.0).sum(axis=1) / np.maximum(real.sum(axis=1), 1)


def _mean_of_the_batch(states, lengths):
    return states[_real(states, lengths)[:, :, 0]].mean(axis=0)


def _padded_batch(
    lengths: list[int],
    steps: int,
    *,
    pad: float | None = None,
    zero_state: bool = False,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make states (batch, steps, 3) and lengths (batch,).

    Without a number for the pads, they hold states like any other. The first real
    state may be zero, after a ReLU for instance.
    """
    rng = np.random.default_rng(seed)
    states = rng.normal(size=(len(lengths), steps, 3))
    ends = np.array(lengths)
    if pad is not None:
        states[np.arange(steps) >= ends[:, None]] = pad
    if zero_state:
        states[0, 0] = 0.0
    return states, ends


def _random_padded_batch(rng: np.random.Generator) -> Arguments:
    batch, steps = rng.integers(1, 6), int(rng.integers(1, 8))
    lengths = rng.integers(1, steps + 1, size=batch).tolist()
    pad = [None, 0.0, np.nan, np.inf, -np.inf][rng.integers(5)]
    zero_state = bool(rng.random() < 0.2)
    return _padded_batch(lengths, steps, pad=pad, zero_state=zero_state, seed=rng)


DRILL = Drill(
    id="2.3",
    title="the masked mean",
    level="core",
    minutes=6,
    prompt=(
        "The last state of a long review has often forgotten how the review began, so "
        "this classifier reads the mean of all states instead. You have the state "
        "after every step, pads included, and the true length of each text. Please "
        "return the mean over its real steps, without a Python loop. What stands on "
        "the pads must not matter: it may be any number, infinity or NaN. I ask "
        "because a wrong mean looks right as long as all texts have the same length."
    ),
    solution=masked_mean,
    specification=_masked_mean_by_loop,
    hints=(
        "A mean is a sum divided by a number. Which states may enter the sum, and what "
        "is the number?",
        "Make a mask from the lengths, with a last axis of size 1. To multiply by it "
        "is not enough, for NaN times 0 is NaN: choose between state and zero.",
        "With `real` the mask, sum `np.where(real[:, :, None], states, 0.0)` over the "
        "steps, and divide by `lengths[:, None]`.",
    ),
    cases=(
        _padded_batch([3, 1, 4], steps=6),
        _padded_batch([2, 5], steps=5, pad=0.0),
        _padded_batch([3, 3], steps=3),
        _padded_batch([2, 1, 3], steps=4, pad=np.nan),
        _padded_batch([1, 4], steps=5, pad=np.inf),
        _padded_batch([2, 3], steps=4, zero_state=True),
        _padded_batch([3], steps=4, pad=-np.inf),
        _padded_batch([2, 2], steps=3, pad=0.0, zero_state=True),
        _padded_batch([1], steps=1),
    ),
    random_case=_random_padded_batch,
    mistakes=(
        Mistake(
            "`lengths` is ignored and the pads enter the mean; sum the real states "
            "alone, and divide by `lengths`.",
            lambda states, lengths: states.mean(axis=1),
        ),
        Mistake(
            "the sum is divided by all steps, so a text's mean shrinks the more it is "
            "padded; divide by `lengths`.",
            lambda states, lengths: _sum(states, lengths) / states.shape[1],
        ),
        Mistake(
            "NaN or infinity comes in from the pads, for NaN times 0 is NaN; choose "
            "with `np.where` instead of multiplying by the mask.",
            _multiply_by_the_mask,
        ),
        Mistake(
            "this is the sum of the real states, and long texts have large sums; "
            "divide it by `lengths`.",
            _sum,
        ),
        Mistake(
            "the sum is divided by `lengths`, but the pads are still in it; leave them "
            "out of the sum as well.",
            lambda states, lengths: states.sum(axis=1) / lengths[:, None],
        ),
        Mistake(
            "one pad of each shorter sequence gets into the sum; steps count from 0, "
            "so a step is real while `step < length`.",
            _one_step_too_many,
        ),
        Mistake(
            "the real steps are guessed from states that are not zero, but a real "
            "state may be zero and one on a pad need not be; trust `lengths`.",
            _mean_of_nonzero,
        ),
        Mistake(
            "`np.nanmean` takes every NaN for a pad, and every other number for a real "
            "state; trust `lengths`.",
            lambda states, lengths: np.nanmean(states, axis=1),
        ),
        Mistake(
            "this is one mean over all texts; the task asks for a mean of each.",
            _mean_of_the_batch,
        ),
        Mistake(
            "this is the state at the last real step; the task asks for the mean of "
            "all real ones.",
            lambda states, lengths: states[np.arange(len(states)), lengths - 1],
        ),
    ),
)
