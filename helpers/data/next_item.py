"""Histories cut into examples: what came before, and the item that came next.

Items are 1 to ``num_items``; 0 is the pad, and there is no unknown item.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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
    last = [np.array([h[-back] for h in long], dtype=np.int64) for back in (1, 2)]
    return Split(
        train,
        HeldOut([h[:-2] for h in long], last[1]),
        HeldOut([h[:-1] for h in long], last[0]),
    )


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
    return _dataset([p[:-1] for p in pieces], [p[1:] for p in pieces])


def separate_prefixes(histories: Sequence[np.ndarray], steps: int) -> SequenceDataset:
    """The examples of :func:`every_prefix`, one by one: a prefix, and the item after it."""
    pieces = _pieces(histories, steps)
    ends = [(piece, end) for piece in pieces for end in range(1, len(piece))]
    return SequenceDataset(
        [piece[:end] for piece, end in ends],
        np.array([piece[end] for piece, end in ends], dtype=np.int64),
    )


def sliding_windows(histories: Sequence[np.ndarray], size: int) -> SequenceDataset:
    """Every ``size`` items in a row, and the item after them: all else is forgotten.

    Args:
        histories: one array of items a user; those with no more than ``size`` items hold
            no example.
        size: of a window.
    """
    _check_size("size", size)
    ends = [(h, end) for h in histories for end in range(size, len(h))]
    return SequenceDataset(
        [history[end - size : end] for history, end in ends],
        np.array([history[end] for history, end in ends], dtype=np.int64),
    )


def check_histories(histories: Sequence[np.ndarray], num_items: int) -> None:
    """Raise a ``ValueError`` where a history holds anything but items.

    Args:
        histories: one array of items a user.
        num_items: how many items there are.
    """
    for user, history in enumerate(histories):
        items = np.asarray(history)
        if items.ndim != 1 or (
            len(items) and not np.issubdtype(items.dtype, np.integer)
        ):
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


def blank_scores(
    histories: Sequence[np.ndarray], num_items: int, fallback: np.ndarray | None
) -> np.ndarray:
    """Scores for a model to fill in: zeros, or ``fallback`` for those it cannot answer.

    Args:
        histories: one array of items a user.
        num_items: how many items there are.
        fallback: ``(num_items + 1,)``, the scores for an empty history.

    Returns:
        ``(users, num_items + 1)`` float32.

    Raises:
        ValueError: a history holds anything but items, or is empty without ``fallback``.
    """
    check_histories(histories, num_items)
    empty = [user for user, history in enumerate(histories) if len(history) == 0]
    if fallback is None and empty:
        raise ValueError(
            f"fallback must say how to answer an empty history: history {empty[0]} is one"
        )
    scores = np.zeros((len(histories), num_items + 1), np.float32)
    scores[empty] = 0 if fallback is None else fallback
    return scores


def _pieces(histories: Sequence[np.ndarray], steps: int) -> list[np.ndarray]:
    _check_size("steps", steps)
    return [
        history[start : start + steps + 1]
        for history in histories
        for start in range(0, len(history) - 1, steps)
    ]


def _dataset(inputs: list[np.ndarray], targets: list[np.ndarray]) -> SequenceDataset:
    rows = np.empty(len(targets), dtype=object)  # rows may differ in length
    for i, target in enumerate(targets):
        rows[i] = target
    return SequenceDataset(inputs, rows)


def _check_size(name: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{name} must be at least 1; got {value!r}")
