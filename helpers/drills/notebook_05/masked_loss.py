"""Drill 5.6: debug the loss of a decoder."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake


def masked_loss(logits: np.ndarray, targets: np.ndarray) -> float:
    """Return the mean cross-entropy over all real target tokens of the batch.

    Shapes: logits (batch, steps, vocab), of any size; targets (batch, steps), the id
    of the right token at each step. Id 0 is the pad; it follows a sentence's last
    token, and each sentence has at least one token.
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    log_probs = shifted - log_sums
    picked = np.take_along_axis(log_probs, targets[:, :, None], axis=-1)[:, :, 0]
    real = targets != 0
    return -np.sum(picked * real) / real.sum()


def _masked_loss_as_given(logits: np.ndarray, targets: np.ndarray) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    log_probs = shifted - log_sums
    picked = np.take_along_axis(log_probs, targets[:, :, None], axis=-1)[:, :, 0]
    real = targets != 0
    return -np.mean(picked * real)


def _masked_loss_token_by_token(logits: np.ndarray, targets: np.ndarray) -> float:
    losses = []
    for row in range(targets.shape[0]):
        for step in range(targets.shape[1]):
            if targets[row, step] != 0:
                scores = logits[row, step]
                log_sum = scores[0]
                for score in scores[1:]:
                    log_sum = np.logaddexp(log_sum, score)
                losses.append(log_sum - scores[targets[row, step]])
    return sum(losses) / len(losses)


Mean = Callable[[np.ndarray, np.ndarray], float]

_NO_SHIFT = 9  # in place of an axis


def _over_all_steps(losses: np.ndarray, real: np.ndarray) -> float:
    return np.where(real, losses, 0.0).mean()


def _over_real_steps(losses: np.ndarray, real: np.ndarray) -> float:
    return losses[real].mean()


def _over_sentences(losses: np.ndarray, real: np.ndarray) -> float:
    return losses[real].sum() / len(losses)


def _of_means(losses: np.ndarray, real: np.ndarray) -> float:
    return (np.where(real, losses, 0.0).sum(axis=1) / real.sum(axis=1)).mean()


def _with(
    *,
    shift: int | tuple[int, ...] | None = -1,
    total: int | tuple[int, ...] | None = -1,
    mean: Mean = _over_real_steps,
) -> Callable[..., float]:
    """Make the answer with other axes of the softmax, or another mean."""

    @np.errstate(all="ignore")
    def answer(logits, targets):
        shifted = logits
        if shift != _NO_SHIFT:
            shifted = logits - logits.max(axis=shift, keepdims=True)
        log_probs = shifted - np.log(np.exp(shifted).sum(axis=total, keepdims=True))
        return float(mean(-_picked(log_probs, targets), targets != 0))

    return answer


def _picked(values: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return np.take_along_axis(values, targets[:, :, None], axis=-1)[:, :, 0]


def _log_of_softmax(mean: Mean) -> Callable[..., float]:
    @np.errstate(all="ignore")
    def answer(logits, targets):
        shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
        probabilities = shares / shares.sum(axis=-1, keepdims=True)
        return float(mean(-np.log(_picked(probabilities, targets)), targets != 0))

    return answer


def _losses_of_all_steps(logits, targets):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - _picked(shifted, targets)) * (targets != 0)


def _multiplied(losses: np.ndarray, real: np.ndarray) -> float:
    return (losses * real).sum() / real.sum()


def _batch(
    *lengths: int,
    steps: int,
    vocab: int,
    scale: float = 2.0,
    around: float = 0.0,
    apart: float = 0.0,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make logits and padded targets; the logits of a step may lie far from another's."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(around, scale, size=(len(lengths), steps, vocab))
    logits += apart * rng.uniform(-1, 1, size=(len(lengths), steps, 1))
    targets = rng.integers(1, vocab, size=(len(lengths), steps))
    targets[np.arange(steps) >= np.array(lengths)[:, None]] = 0
    return logits, targets


def _random_batch(rng: np.random.Generator) -> Arguments:
    batch, steps = rng.integers(1, 6, size=2).tolist()
    lengths = rng.integers(1, steps + 1, size=batch).tolist()
    vocab = int(rng.integers(2, 8))
    scale = float(rng.choice([2.0, 2.0, 1000.0]))
    apart = float(rng.choice([0.0, 5000.0]))
    return _batch(
        *lengths, steps=steps, vocab=vocab, scale=scale, apart=apart, seed=rng
    )


_OVERFLOW = (
    "`np.exp` overflows for large logits, and is 0 for all of a step far below zero; "
    "the largest logit of each step must still be subtracted first."
)
_LOG_OF_ZERO = (
    "a small probability underflows to 0, and its logarithm is minus infinity; subtract "
    "the logarithm of the sum instead of dividing by the sum."
)
_PADS_LEFT = (
    "one to go: add a column of pads to a batch, and the loss still goes down, though "
    "nothing got better."
)
_SOFTMAX_LEFT = (
    "one to go: turn the logarithms at one step into probabilities; over the vocabulary, "
    "they still do not sum to 1."
)
_LARGEST_LEFT = (
    "one repair is half done: the sum of the exponentials runs over the right axis now, "
    "the largest logit does not"
)
_SUM_LEFT = (
    "one repair is half done: the largest logit is that of the right axis now, the sum "
    "of the exponentials is not"
)
_AND_PADS = "; and a column of pads still changes the loss."

DRILL = Drill(
    id="5.6",
    title="debug this",
    level="core",
    minutes=8,
    prompt=(
        "A decoder gives every step of a padded batch its logits, one for each French "
        "word, and a colleague has written the loss. It was taken from a classifier of "
        "whole texts, and the third axis came later. The docstring says what was "
        "agreed. This code runs, and is wrong. Find the two mistakes. Please repair "
        "them, and tell me for each how the training would have looked. I ask because "
        "both give a loss that falls nicely. One falls even faster, the more pads a "
        "batch has."
    ),
    solution=masked_loss,
    specification=_masked_loss_token_by_token,
    hints=(
        "Do not read, try. Take logits that are all 0 and a vocabulary of 4: the loss "
        "of each token must be log 4. What comes, with pads and without?",
        "One mistake is in what the exponentials of a step are compared with, and it "
        "stands in two lines. The other is in the last line, in what the sum of the "
        "losses is divided by.",
        "The vocabulary is the last axis: `axis=-1` for the largest logit and for the "
        "sum. And the mean is `-np.sum(picked * real) / real.sum()`.",
    ),
    cases=(
        _batch(4, 2, 3, steps=5, vocab=6),
        _batch(3, 1, steps=4, vocab=8, seed=1),
        _batch(2, 5, 1, 4, steps=6, vocab=3, seed=2),
        _batch(5, 3, steps=5, vocab=5, seed=3),
        _batch(4, 4, steps=4, vocab=7, seed=4),
        (np.zeros((2, 3, 4)), np.array([[1, 2, 3], [2, 0, 0]])),
        _batch(2, 3, steps=4, vocab=5, around=1000.0),
        _batch(3, 2, 4, steps=4, vocab=5, scale=1000.0),
        _batch(3, 2, steps=3, vocab=4, apart=5000.0),
        _batch(1, 1, steps=3, vocab=4),
        _batch(3, steps=3, vocab=2),
        _batch(1, steps=1, vocab=6),
    ),
    random_case=_random_batch,
    buggy=_masked_loss_as_given,
    mistakes=(
        Mistake(_SOFTMAX_LEFT, _with(shift=1, total=1)),
        Mistake(_PADS_LEFT, _with(mean=_over_all_steps)),
        Mistake(_LARGEST_LEFT + ".", _with(shift=1)),
        Mistake(_SUM_LEFT + ".", _with(total=1)),
        Mistake(_LARGEST_LEFT + _AND_PADS, _with(shift=1, mean=_over_all_steps)),
        Mistake(_SUM_LEFT + _AND_PADS, _with(total=1, mean=_over_all_steps)),
        *(
            Mistake(
                "the pads count as targets now; the loss is the mean over real tokens "
                "alone.",
                _with(shift=axis, total=axis, mean=lambda losses, real: losses.mean()),
            )
            for axis in (-1, 1)
        ),
        *(
            Mistake(
                "the sum of the losses is divided by the number of sentences, so a batch "
                "of long ones weighs more; divide by the number of real tokens.",
                _with(shift=axis, total=axis, mean=_over_sentences),
            )
            for axis in (-1, 1)
        ),
        *(
            Mistake(
                "this is a mean of each sentence's mean, in which the tokens of short "
                "sentences count more; divide the sum over all real tokens by their "
                "number.",
                _with(shift=axis, total=axis, mean=_of_means),
            )
            for axis in (-1, 1)
        ),
        Mistake(
            "this is the sum of the losses; divide it by the number of real tokens.",
            _with(mean=lambda losses, real: losses[real].sum()),
        ),
        Mistake(
            "these are the losses one by one; return their mean, a single number.",
            _losses_of_all_steps,
        ),
        Mistake(
            "the minus is lost, so training would make the loss worse.",
            lambda logits, targets: -masked_loss(logits, targets),
        ),
        *(
            Mistake(
                f"the softmax runs over {what} now; the probabilities of one step sum to "
                "1 over the vocabulary.",
                _with(shift=shift, total=total),
            )
            for what, total in (
                ("the batch", 0),
                ("the whole batch at once", None),
                ("steps and vocabulary at once", (1, 2)),
            )
            for shift in dict.fromkeys((-1, total, None))
        ),
        *(
            Mistake(_OVERFLOW, _with(shift=_NO_SHIFT, mean=mean))
            for mean in (_over_real_steps, _multiplied)
        ),
        *(
            Mistake(_LOG_OF_ZERO, _log_of_softmax(mean))
            for mean in (_over_real_steps, _multiplied)
        ),
        *(
            Mistake(
                "the largest logit of the whole batch is subtracted, so all of a step "
                "far below it underflows to 0; subtract each step's own.",
                _with(shift=None, mean=mean),
            )
            for mean in (_over_real_steps, _multiplied)
        ),
    ),
)
