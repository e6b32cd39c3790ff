"""Recommenders that count. Each answers ``score_next(histories)`` as the models do."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from helpers.data.next_item import check_histories


class Popularity:
    """Everybody is offered what most people took; the history is not read."""

    def __init__(self, train: Sequence[np.ndarray], num_items: int) -> None:
        """Count each item.

        Args:
            train: histories of items 1 to ``num_items``, without validation and test.
            num_items: how many items there are.
        """
        check_histories(train, num_items)
        self.num_items = num_items
        #: ``(num_items + 1,)``, how often each item was taken.
        self.counts = np.bincount(_joined(train), minlength=num_items + 1)

    def score_next(self, histories: Sequence[np.ndarray]) -> np.ndarray:
        """``(users, num_items + 1)``: the same row for everybody."""
        return np.tile(self.counts.astype(float), (len(histories), 1))


class RepeatLast:
    """The last item once more: right for songs and groceries, never for films."""

    def __init__(self, num_items: int) -> None:
        """Remember how many items there are."""
        self.num_items = num_items

    def score_next(self, histories: Sequence[np.ndarray]) -> np.ndarray:
        """``(users, num_items + 1)``: 1 for the last item, 0 for all others."""
        check_histories(histories, self.num_items)
        scores = np.zeros((len(histories), self.num_items + 1))
        for row, history in zip(scores, histories, strict=True):
            if len(history):
                row[history[-1]] = 1.0
        return scores


class Markov:
    """What most often came right after the last item: a Markov chain of first order.

    Where the table is silent, or two items tie, popularity decides. An empty history is
    answered by popularity alone.
    """

    def __init__(self, train: Sequence[np.ndarray], num_items: int) -> None:
        """Count each pair of neighbours.

        Args:
            train: histories of items 1 to ``num_items``, without validation and test.
            num_items: how many items there are.
        """
        self.popularity = Popularity(train, num_items)
        self.num_items = num_items
        before = _joined([history[:-1] for history in train])
        after = _joined([history[1:] for history in train])
        shape = (num_items + 1, num_items + 1)
        #: ``(num_items + 1, num_items + 1)``, how often the column followed the row.
        self.counts = csr_array((np.ones(len(before)), (before, after)), shape)

    def score_next(self, histories: Sequence[np.ndarray]) -> np.ndarray:
        """``(users, num_items + 1)``: transitions, and a share below 1 of popularity."""
        check_histories(histories, self.num_items)
        # Row 0 of the table is empty: an empty history leaves popularity alone.
        last = np.array([history[-1] if len(history) else 0 for history in histories])
        popular = self.popularity.score_next(histories)
        share = popular / (1 + self.popularity.counts.max())
        return self.counts[last].toarray() + share


def _joined(histories: Sequence[np.ndarray]) -> np.ndarray:
    """All items in one row; an empty history may well be a row of floats."""
    return np.concatenate([np.asarray(h, dtype=np.int64) for h in histories])
