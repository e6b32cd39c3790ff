"""Histories cut into examples: what came before, and the item that came next.

Items are 1 to ``num_items``; 0 is the pad, and there is no unknown item.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.arguments import check_at_least
from helpers.data.batching import sorted_batches
from helpers.data.dataset import SequenceDataset


@dataclass(frozen=True)
class HeldOut:
    """A question a user: this came before, what comes next?

    Attributes:
        histories: the items before, one array a user.
        targets: ``(users,)``, the items that came next.
    """

    histories: list[np.ndarray]
    targets: np.ndarray


@dataclass(frozen=True)
class Split:
    """Histories split by leave-one-out.

    Attributes:
        train: what may be learned from, one array a user.
        validation: for choices.
        test: for the end.
    """

    train: list[np.ndarray]
    validation: HeldOut
    test: HeldOut


def leave_one_out(histories: Sequence[np.ndarray]) -> Split:
    """Hold out the last item of each user for the test, the last but one for validation.

    The history of a test question is all but the last item: what validation asked for is
    known by then. Users with fewer than three items have nothing to hold out; they stay in
    ``train`` whole.

    Args:
        histories: one array of items a user, in order of time.
    """
    long = [history for history in histories if len(history) >= 3]
    train = [h[:-2] if len(h) >= 3 else h for h in histories]
    validation, test = (
        HeldOut([h[:-k] for h in long], np.array([h[-k] for h in long], np.int64))
        for k in (2, 1)
    )
    return Split(train, validation, test)


def every_prefix(histories: Sequence[np.ndarray], steps: int) -> SequenceDataset:
    """Examples whose target is the input shifted by one: at each step, what comes next.

    One pass over a sequence then trains on all its prefixes. Histories longer than
    ``steps`` are cut; each piece begins with the last item of the piece before, so that
    every item but a user's first is a target exactly once.

    Args:
        histories: one array of items a user, in order of time; those with a single item
            hold no example.
        steps: the most steps of one example.
    """
    pieces = _pieces(histories, steps)
    # An array of objects, since rows may differ in length.
    targets = np.fromiter((piece[1:] for piece in pieces), object, len(pieces))
    return SequenceDataset([piece[:-1] for piece in pieces], targets)


def separate_prefixes(histories: Sequence[np.ndarray], steps: int) -> SequenceDataset:
    """The examples of :func:`every_prefix`, one by one: a prefix, and the item after it."""
    pieces = _pieces(histories, steps)
    return _dataset([(p[:end], p[end]) for p in pieces for end in range(1, len(p))])


def sliding_windows(histories: Sequence[np.ndarray], size: int) -> SequenceDataset:
    """Every ``size`` items in a row, and the item after them: all else is forgotten.

    Args:
        histories: one array of items a user; those with no more than ``size`` items hold
            no example.
        size: of a window.
    """
    check_at_least(1, size=size)
    windows = [
        (h[end - size : end], h[end]) for h in histories for end in range(size, len(h))
    ]
    return _dataset(windows)


def check_histories(histories: Sequence[np.ndarray], num_items: int) -> None:
    """Raise a ``ValueError`` where a history holds anything but items.

    Args:
        histories: one array of items a user.
        num_items: how many items there are.
    """
    for user, history in enumerate(histories):
        items = np.asarray(history)
        are_whole = items.size == 0 or np.issubdtype(items.dtype, np.integer)
        if items.ndim != 1 or not are_whole:
            raise ValueError(
                f"histories must hold rows of whole numbers; history {user} is "
                f"{items.dtype} {items.shape}"
            )
        wrong = items[(items < 1) | (items > num_items)]
        if len(wrong):
            raise ValueError(
                f"histories must hold items from 1 to {num_items}; history {user} has "
                f"{wrong[0]}"
            )


def score_histories(
    last: Callable[[np.ndarray, np.ndarray], Any],
    histories: Sequence[np.ndarray],
    num_items: int,
    fallback: np.ndarray | None = None,
) -> np.ndarray:
    """Score every item as the next one of every history, with a model of either half.

    Args:
        last: padded histories ``(rows, steps)`` and lengths ``(rows,)`` -> the scores after
            each last item, ``(rows, num_items + 1)``.
        histories: one array of items a user.
        num_items: how many items there are.
        fallback: ``(num_items + 1,)``, the scores for an empty history, such as popularity.

    Returns:
        ``(users, num_items + 1)`` float32.

    Raises:
        ValueError: a history holds anything but items, or is empty without ``fallback``.
    """
    check_histories(histories, num_items)
    sizes = np.array([len(history) for history in histories], dtype=int)
    if fallback is None and not sizes.all():
        raise ValueError(
            "fallback must say how to answer an empty history: history "
            f"{sizes.argmin()} is one"
        )
    scores = np.zeros((len(histories), num_items + 1), np.float32)
    scores[sizes == 0] = 0 if fallback is None else fallback
    answered = np.flatnonzero(sizes)
    real = [histories[user] for user in answered]
    for rows, items, lengths in sorted_batches(real, batch_size=64):
        scores[answered[rows]] = last(items, lengths)
    return scores


def _pieces(histories: Sequence[np.ndarray], steps: int) -> list[np.ndarray]:
    check_at_least(1, steps=steps)
    return [
        history[start : start + steps + 1]
        for history in histories
        for start in range(0, len(history) - 1, steps)
    ]


def _dataset(examples: list[tuple[np.ndarray, int]]) -> SequenceDataset:
    """Pairs of items and the one item after them, as a data set."""
    targets = np.array([target for _, target in examples], dtype=np.int64)
    return SequenceDataset([items for items, _ in examples], targets)
