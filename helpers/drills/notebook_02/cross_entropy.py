"""Drill 2.4: write the cross-entropy so that large logits do not break it."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Shift = Callable[[np.ndarray], np.ndarray | float]
Answer = Callable[[np.ndarray, np.ndarray], float]


def cross_entropy(logits: np.ndarray, targets: np.ndarray) -> float:
    """Return the mean of -log softmax(logits) at the targets.

    Args:
        logits: Any finite numbers, (batch, classes).
        targets: The right class of each row, integers, (batch,).
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    picked = shifted[np.arange(len(targets)), targets]
    return float(np.mean(log_sums - picked))


def _cross_entropy_by_loop(logits: np.ndarray, targets: np.ndarray) -> float:
    total = 0.0
    for scores, target in zip(logits, targets, strict=True):
        log_sum = scores[0]
        for score in scores[1:]:
            log_sum = np.logaddexp(log_sum, score)
        total += log_sum - scores[target]
    return float(total / len(targets))


def _log_softmax(logits: np.ndarray, axis: int = 1) -> np.ndarray:
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _picked(values: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return values[np.arange(len(targets)), targets]


def _one_hot(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return np.eye(logits.shape[1])[targets]


def _no_shift(logits: np.ndarray) -> float:
    return 0.0


def _row_shift(logits: np.ndarray) -> np.ndarray:
    return logits.max(axis=1, keepdims=True)


def _batch_shift(logits: np.ndarray) -> float:
    return logits.max()


def _softmax(logits: np.ndarray, shift: Shift) -> np.ndarray:
    exponentials = np.exp(logits - shift(logits))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def _by_log_sum(shift: Shift) -> Answer:
    """Make the answer with a log-sum-exp, and another number subtracted."""

    @np.errstate(all="ignore")
    def answer(logits, targets):
        shifted = logits - shift(logits)
        log_sums = np.log(np.exp(shifted).sum(axis=1))
        return (log_sums - _picked(shifted, targets)).mean()

    return answer


def _by_softmax(shift: Shift, *, floor: float = 0.0) -> Answer:
    """Make the answer that takes the logarithm of a softmax."""

    @np.errstate(all="ignore")
    def answer(logits, targets):
        probabilities = _picked(_softmax(logits, shift), targets)
        return -np.log(probabilities + floor).mean()

    return answer


def _by_one_hot(shift: Shift) -> Answer:
    """Make the answer that multiplies by one-hot rows, where 0 times infinity is NaN."""

    @np.errstate(all="ignore")
    def answer(logits, targets):
        logarithms = np.log(_softmax(logits, shift))
        return -(_one_hot(logits, targets) * logarithms).sum(axis=1).mean()

    return answer


def _batch(
    batch: int,
    classes: int,
    *,
    scale: float = 2.0,
    apart: float = 0.0,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make random logits and targets; whole rows may stand far apart."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, scale, size=(batch, classes))
    logits += apart * rng.uniform(-1, 1, size=(batch, 1))
    return logits, rng.integers(0, classes, size=batch)


def _random_batch(rng: np.random.Generator) -> Arguments:
    batch, classes = rng.integers(1, 6, size=2).tolist()
    scale = float(rng.choice([1.0, 5.0, 1000.0]))
    apart = float(rng.choice([0.0, 5000.0]))
    return _batch(batch, classes, scale=scale, apart=apart, seed=rng)


_HUGE = (np.array([[1000.0, 0.0, -5.0], [0.0, 1000.0, 3.0]]), np.array([0, 2]))
_FAR_BELOW_ZERO = (np.full((3, 4), -1000.0), np.array([0, 3, 1]))
_FAR_APART = (np.array([[1000.0, 999.0], [-1000.0, -998.0]]), np.array([1, 0]))

_OVERFLOW = (
    "`np.exp` overflows for logits of 1000, and is 0 for all of a row at -1000; subtract "
    "each row's largest logit first."
)
_LOG_OF_ZERO = (
    "a small probability underflows to 0, and its logarithm is minus infinity; subtract "
    "the logarithm of the sum instead of dividing by the sum."
)
_BATCH_MAXIMUM = (
    "the largest logit of the whole batch is subtracted, so all of a row far below it "
    "underflows to 0; subtract each row's own."
)
_FLOOR = (
    "a small number inside the logarithm hides the underflow, and caps the loss where "
    "it should be large; work with logarithms throughout, without a softmax."
)

DRILL = Drill(
    id="2.4",
    title="a stable cross-entropy",
    level="core",
    minutes=8,
    prompt=(
        "Please write the loss of a text classifier yourself, without a Python loop: "
        "the mean over the batch of minus the logarithm of the softmax, taken at the "
        "right class. In drill 1.6 you repaired such a loss for a tagger, and most of "
        "the work was the pads. What is new: you start from an empty page, each text "
        "has one row of logits and no pads, and the numbers are harder. Some logits "
        "are plus or minus 1000, some rows lie thousands apart, and the loss must "
        "still be exact. I ask because this is where a training run turns into NaN, "
        "and I want to know whether you can say why."
    ),
    solution=cross_entropy,
    specification=_cross_entropy_by_loop,
    hints=(
        "Do not compute the softmax. Write the logarithm of the fraction as a "
        "difference first: which two terms are left?",
        "The loss of a row is the logarithm of its sum of exponentials, minus its "
        "logit at the target. To subtract one number from a whole row changes nothing "
        "in that difference; choose the number so that no exponent is above 0.",
        "With `shifted = logits - logits.max(axis=1, keepdims=True)`, the loss is the "
        "mean of `np.log(np.exp(shifted).sum(axis=1))` minus "
        "`shifted[np.arange(len(targets)), targets]`.",
    ),
    cases=(
        _batch(4, 3),
        _HUGE,
        _FAR_BELOW_ZERO,
        _FAR_APART,
        _batch(3, 5, seed=1),
        _batch(5, 2, seed=2),
        (np.zeros((2, 4)), np.array([3, 0])),
        _batch(4, 4, scale=1000.0),
        _batch(1, 3),
        _batch(2, 1),
    ),
    random_case=_random_batch,
    mistakes=(
        Mistake(_OVERFLOW, _by_log_sum(_no_shift)),
        Mistake(_OVERFLOW, _by_softmax(_no_shift)),
        Mistake(_OVERFLOW, _by_one_hot(_no_shift)),
        Mistake(_LOG_OF_ZERO, _by_softmax(_row_shift)),
        Mistake(_LOG_OF_ZERO, _by_one_hot(_row_shift)),
        Mistake(_BATCH_MAXIMUM, _by_log_sum(_batch_shift)),
        Mistake(_BATCH_MAXIMUM, _by_softmax(_batch_shift)),
        Mistake(
            "this is the sum of the losses, which grows with the batch; return their "
            "mean.",
            lambda logits, targets: -_picked(_log_softmax(logits), targets).sum(),
        ),
        Mistake(
            "these are the losses one by one; return their mean, a single number.",
            lambda logits, targets: -_picked(_log_softmax(logits), targets),
        ),
        Mistake(
            "the minus is missing, so training would make the loss worse; return minus "
            "the mean logarithm.",
            lambda logits, targets: _picked(_log_softmax(logits), targets).mean(),
        ),
        Mistake(
            "the softmax runs over the batch; a text's probabilities add up to 1 over "
            "its classes, along `axis=1`.",
            lambda logits, targets: (
                -_picked(_log_softmax(logits, axis=0), targets).mean()
            ),
        ),
        Mistake(
            "the mean runs over the zeros of the one-hot rows as well, so the loss is "
            "divided by the number of classes; divide by the batch alone.",
            lambda logits, targets: (
                -(_one_hot(logits, targets) * _log_softmax(logits)).mean()
            ),
        ),
        Mistake(
            "`[:, targets]` pairs every row with every target; put "
            "`np.arange(len(targets))` in place of the colon.",
            lambda logits, targets: -_log_softmax(logits)[:, targets].mean(),
        ),
        *(
            Mistake(_FLOOR, _by_softmax(_row_shift, floor=floor))
            for floor in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
        ),
    ),
)
