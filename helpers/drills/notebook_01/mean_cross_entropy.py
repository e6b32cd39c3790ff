"""Drill 1.6: debug a masked mean of the cross-entropy."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake


def mean_cross_entropy(
    logits: np.ndarray, targets: np.ndarray, lengths: np.ndarray
) -> float:
    """Return the mean cross-entropy over the real steps of a right-padded batch.

    Shapes: logits (batch, steps, classes), targets (batch, steps), lengths (batch,).
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    log_probabilities = shifted - log_sums
    picked = np.take_along_axis(log_probabilities, targets[:, :, None], axis=-1)
    real = np.arange(logits.shape[1]) < lengths[:, None]
    return -np.mean(picked[real])


def _mean_cross_entropy_as_given(
    logits: np.ndarray, targets: np.ndarray, lengths: np.ndarray
) -> float:
    log_sums = np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    log_probabilities = logits - log_sums
    picked = np.take_along_axis(log_probabilities, targets[:, :, None], axis=-1)
    real = np.arange(logits.shape[1]) <= lengths[:, None]
    return -np.mean(picked[:, :, 0] * real)


def _mean_cross_entropy_by_loop(
    logits: np.ndarray, targets: np.ndarray, lengths: np.ndarray
) -> float:
    losses = []
    for row, length in enumerate(lengths):
        for step in range(length):
            scores, target = logits[row, step], targets[row, step]
            log_sum = scores[0]
            for score in scores[1:]:
                log_sum = np.logaddexp(log_sum, score)
            losses.append(log_sum - scores[target])
    return sum(losses) / len(losses)


def _losses(
    logits: np.ndarray, targets: np.ndarray, *, stable: bool = True
) -> np.ndarray:
    """Return the loss of every step, pads included."""
    if stable:
        logits = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(logits).sum(axis=-1))
    return log_sums - np.take_along_axis(logits, targets[:, :, None], axis=-1)[..., 0]


def _partly_repaired(
    *, overflow: bool = False, mask: bool = False, divisor: str = "steps"
) -> Callable[..., float]:
    """Make the code as given, with some of its mistakes repaired or replaced."""

    def answer(logits, targets, lengths):
        ends = lengths if mask else lengths + 1
        real = np.arange(logits.shape[1]) < ends[:, None]
        divisors = {
            "steps": real.size,
            "mask": real.sum(),
            "lengths": lengths.sum(),
            "one": 1,
        }
        losses = _losses(logits, targets, stable=overflow)
        return (losses * real).sum() / divisors[divisor]

    return answer


def _log_of_softmax(logits, targets, lengths):
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    softmax = exponentials / exponentials.sum(axis=-1, keepdims=True)
    picked = np.take_along_axis(softmax, targets[:, :, None], axis=-1)
    return -np.log(picked[np.arange(logits.shape[1]) < lengths[:, None]]).mean()


def _mean_of_means(logits, targets, lengths):
    real = np.arange(logits.shape[1]) < lengths[:, None]
    return ((_losses(logits, targets) * real).sum(axis=1) / lengths).mean()


def _tagged_batch(
    lengths: list[int], steps: int, classes: int, seed: int | np.random.Generator = 0
) -> Arguments:
    """Make random logits, targets and lengths; the pads hold numbers like any other."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, size=(len(lengths), steps, classes))
    targets = rng.integers(0, classes, size=(len(lengths), steps))
    return logits, targets, np.array(lengths)


def _random_tagged_batch(rng: np.random.Generator) -> Arguments:
    batch, steps, classes = rng.integers(1, 6, size=3).tolist()
    lengths = rng.integers(1, steps + 1, size=batch).tolist()
    return _tagged_batch(lengths, steps, classes, seed=rng)


# Without pads, so that these show the overflow and nothing else.
_HUGE = (
    np.array([[[1000.0, 0.0, -5.0], [0.0, 1000.0, 3.0]]]),
    np.array([[0, 2]]),
    np.array([2]),
)
_FAR_BELOW_ZERO = (np.full((2, 1, 4), -1000.0), np.array([[0], [3]]), np.array([1, 1]))

# Each of these may come from a division by the mask's sum or by that of the lengths.
_MEAN_ALONE = (
    "the mean is repaired, two to go: try a logit of 1000, and see which steps the mask "
    "lets through for a length of 1."
)
_ALL_BUT_MASK = (
    "one to go: `<=` lets one pad of each sequence through; steps count from 0, so a "
    "step is real while `step < length`."
)

DRILL = Drill(
    id="1.6",
    title="debug this",
    level="core",
    minutes=10,
    prompt=(
        "A tagger gives every step of a padded batch its logits, and a colleague has "
        "written its loss: the mean cross-entropy, over all real steps of the batch "
        "alike. This code runs, and is wrong. Find the three mistakes. Please repair "
        "them, and tell me for each what would have happened in training."
    ),
    solution=mean_cross_entropy,
    specification=_mean_cross_entropy_by_loop,
    hints=(
        "Do not read, try: one sequence of length 1, padded to 3 steps; then a single "
        "logit of 1000. Which line gives a value you did not expect?",
        "One mistake each: in the exponential, in the steps that the mask lets "
        "through, and in what the sum is divided by.",
        "Subtract `logits.max(axis=-1, keepdims=True)` from the logits first; a step "
        "is real while `step < length`; take the mean of `picked[real]` alone.",
    ),
    cases=(
        _tagged_batch([3, 1, 4], steps=6, classes=3),
        _HUGE,
        _tagged_batch([2, 2], steps=4, classes=5),
        _tagged_batch([4, 2, 1], steps=4, classes=2),
        _tagged_batch([1], steps=3, classes=4),
        _FAR_BELOW_ZERO,
        _tagged_batch([3, 3], steps=3, classes=3),
        _tagged_batch([2, 1], steps=2, classes=1),
        _tagged_batch([1], steps=1, classes=2),
    ),
    random_case=_random_tagged_batch,
    buggy=_mean_cross_entropy_as_given,
    mistakes=(
        Mistake(
            "the overflow is repaired, two to go: see which steps the mask lets through "
            "for a length of 1, and what the sum is divided by.",
            _partly_repaired(overflow=True),
        ),
        Mistake(
            "the mask is repaired, two to go: try a logit of 1000, and see what the sum "
            "is divided by.",
            _partly_repaired(mask=True),
        ),
        Mistake(_MEAN_ALONE, _partly_repaired(divisor="mask")),
        Mistake(_MEAN_ALONE, _partly_repaired(divisor="lengths")),
        Mistake(
            "one to go: the sum is still divided by all steps, pads included; divide "
            "by the number of real steps.",
            _partly_repaired(overflow=True, mask=True),
        ),
        Mistake(_ALL_BUT_MASK, _partly_repaired(overflow=True, divisor="mask")),
        Mistake(_ALL_BUT_MASK, _partly_repaired(overflow=True, divisor="lengths")),
        Mistake(
            "one to go: `np.exp` overflows for large logits; subtract the largest logit "
            "of each step from all of its logits first.",
            _partly_repaired(mask=True, divisor="mask"),
        ),
        Mistake(
            "a small probability underflows to 0, and its logarithm is minus infinity; "
            "subtract the logarithm of the sum instead of dividing by the sum.",
            _log_of_softmax,
        ),
        Mistake(
            "this is a mean of each sequence's mean, in which the steps of short "
            "sequences count more; divide the sum over all real steps by their number.",
            _mean_of_means,
        ),
        Mistake(
            "this is the sum of the losses; divide it by the number of real steps.",
            _partly_repaired(overflow=True, mask=True, divisor="one"),
        ),
    ),
)
