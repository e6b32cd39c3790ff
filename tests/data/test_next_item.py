"""Histories cut into examples: every target once, and nothing from the future."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import (
    BucketSampler,
    collate,
    every_prefix,
    leave_one_out,
    sliding_windows,
)
from helpers.data.batching import sorted_batches
from helpers.data.next_item import (
    check_histories,
    score_histories,
    separate_prefixes,
)

modest = settings(max_examples=60, deadline=None, database=None)
EMPTY = np.array([], dtype=np.int64)


def numbered(sizes):
    """Histories of these sizes in which no item comes twice: 1, 2, 3; 4, 5; ..."""
    ends = np.cumsum([0, *sizes])
    return [np.arange(a, b) + 1 for a, b in pairwise(ends)]


#: Histories of all sizes, empty ones and single items among them.
some_histories = st.lists(st.integers(0, 14), max_size=9).map(numbered)


def as_lists(rows):
    return [np.asarray(row).tolist() for row in rows]


def pairs(dataset):
    """Each example as ``(sequence, target)`` in plain lists."""
    return [
        (np.asarray(sequence).tolist(), np.asarray(target).tolist())
        for sequence, target in map(dataset.__getitem__, range(len(dataset)))
    ]


class TestLeaveOneOut:
    def test_the_last_is_the_test_and_the_last_but_one_the_validation(self):
        split = leave_one_out([np.array([5, 3, 8, 2]), np.array([7, 1, 4])])
        assert as_lists(split.train) == [[5, 3], [7]]
        assert as_lists(split.validation.histories) == [[5, 3], [7]]
        assert split.validation.targets.tolist() == [8, 1]
        assert as_lists(split.test.histories) == [[5, 3, 8], [7, 1]]
        assert split.test.targets.tolist() == [2, 4]

    def test_who_has_fewer_than_three_items_stays_in_train_whole(self):
        histories = [np.array([4]), np.array([6, 2]), np.array([1, 3, 5]), EMPTY]
        split = leave_one_out(histories)
        assert as_lists(split.train) == [[4], [6, 2], [1], []]
        for held, history, target in (
            (split.validation, [1], 3),
            (split.test, [1, 3], 5),
        ):
            assert as_lists(held.histories) == [history]
            assert held.targets.tolist() == [target]

    @pytest.mark.parametrize("histories", [[], [np.array([4])], [EMPTY]])
    def test_nothing_to_hold_out_makes_no_question(self, histories):
        split = leave_one_out(histories)
        assert as_lists(split.train) == as_lists(histories)
        for held in (split.validation, split.test):
            assert held.histories == []
            assert held.targets.shape == (0,)
            assert held.targets.dtype == np.int64

    @modest
    @given(some_histories)
    def test_training_knows_no_target(self, histories):
        split = leave_one_out(histories)
        known = set(np.concatenate([EMPTY, *split.train]).tolist())
        for held in (split.validation, split.test):
            assert held.targets.dtype == np.int64
            assert not known & set(held.targets.tolist())
        asked = {*split.validation.targets.tolist(), *split.test.targets.tolist()}
        assert known | asked == set(np.concatenate([EMPTY, *histories]).tolist())
        assert len(split.train) == len(histories)


class TestEveryPrefix:
    def test_the_target_is_the_input_shifted_by_one(self):
        assert pairs(every_prefix([np.array([5, 3, 8])], steps=9)) == [([5, 3], [3, 8])]

    def test_a_piece_begins_with_the_last_item_of_the_piece_before(self):
        [history] = numbered([8])
        assert pairs(every_prefix([history], steps=3)) == [
            ([1, 2, 3], [2, 3, 4]),
            ([4, 5, 6], [5, 6, 7]),
            ([7], [8]),
        ]

    def test_a_history_that_fits_is_one_piece(self):
        [history] = numbered([4])
        assert pairs(every_prefix([history], steps=3)) == [([1, 2, 3], [2, 3, 4])]

    @modest
    @given(some_histories, st.integers(1, 8))
    def test_every_item_but_the_first_is_a_target_once(self, histories, steps):
        dataset = every_prefix(histories, steps)
        targets = [item for _, target in pairs(dataset) for item in target]
        assert targets == [item for h in histories for item in h[1:].tolist()]

    @modest
    @given(some_histories, st.integers(1, 8))
    def test_pieces_are_shifted_and_no_longer_than_steps(self, histories, steps):
        follows = {a: b for h in as_lists(histories) for a, b in pairwise(h)}
        for inputs, targets in pairs(every_prefix(histories, steps)):
            assert 1 <= len(inputs) == len(targets) <= steps
            assert inputs[1:] == targets[:-1]
            assert [follows[item] for item in inputs] == targets

    @pytest.mark.parametrize("histories", [[], [EMPTY], [np.array([4])]])
    def test_a_single_item_is_no_example(self, histories):
        dataset = every_prefix(histories, steps=3)
        assert len(dataset) == len(dataset.targets) == 0

    def test_targets_of_one_length_stay_one_array_a_row(self):
        dataset = every_prefix(numbered([4, 4, 4]), steps=3)
        assert dataset.targets.shape == (3,)
        assert dataset.targets.dtype == object
        assert as_lists(dataset.targets) == [[2, 3, 4], [6, 7, 8], [10, 11, 12]]

    @pytest.mark.parametrize("sizes", [(4, 4, 4), (4, 2, 7)])
    def test_a_subset_keeps_the_order_asked_for(self, sizes):
        dataset = every_prefix(numbered(sizes), steps=9)
        subset = dataset.subset([2, 0])
        assert subset.targets.shape == (2,)
        assert pairs(subset) == [pairs(dataset)[2], pairs(dataset)[0]]
        assert subset.lengths.tolist() == [sizes[2] - 1, sizes[0] - 1]


class TestSeparatePrefixes:
    def test_each_prefix_is_an_example_of_its_own(self):
        dataset = separate_prefixes([np.array([5, 3, 8]), np.array([4])], steps=9)
        assert pairs(dataset) == [([5], 3), ([5, 3], 8)]
        assert dataset.targets.dtype == np.int64

    @modest
    @given(some_histories, st.integers(1, 8))
    def test_it_holds_what_every_prefix_holds(self, histories, steps):
        step_by_step = [
            (inputs[: step + 1], target)
            for inputs, targets in pairs(every_prefix(histories, steps))
            for step, target in enumerate(targets)
        ]
        assert pairs(separate_prefixes(histories, steps)) == step_by_step

    def test_without_an_example_targets_are_whole_numbers(self):
        assert separate_prefixes([np.array([4])], steps=2).targets.dtype == np.int64


class TestSlidingWindows:
    def test_a_window_and_the_item_after_it(self):
        histories = [np.array([5, 3, 8, 2]), np.array([7, 1, 4]), np.array([6, 9])]
        dataset = sliding_windows(histories, size=2)
        assert pairs(dataset) == [([5, 3], 8), ([3, 8], 2), ([7, 1], 4)]
        assert dataset.targets.dtype == np.int64

    @modest
    @given(some_histories, st.integers(1, 8))
    def test_every_item_with_enough_before_it_is_a_target(self, histories, size):
        found = pairs(sliding_windows(histories, size))
        for window, target in found:
            assert window == list(range(target - size, target))
        assert [target for _, target in found] == [
            item for h in histories for item in h[size:].tolist()
        ]

    def test_without_an_example_targets_are_whole_numbers(self):
        dataset = sliding_windows(numbered([2, 0, 1]), size=2)
        assert len(dataset) == 0
        assert dataset.targets.dtype == np.int64


@pytest.mark.parametrize("size", [0, -3])
@pytest.mark.parametrize(
    ("cut", "name"),
    [
        (every_prefix, "steps"),
        (separate_prefixes, "steps"),
        (sliding_windows, "size"),
        (lambda histories, size: list(sorted_batches(histories, size)), "batch_size"),
    ],
)
def test_a_wrong_size_is_named(cut, name, size):
    with pytest.raises(ValueError, match=f"^{name} must be at least 1; got {size}$"):
        cut(numbered([3]), size)


class TestCollate:
    @modest
    @given(
        st.lists(st.integers(2, 20), min_size=1, max_size=12),
        st.integers(1, 9),
        st.integers(1, 5),
        st.integers(1, 4),
    )
    def test_targets_are_padded_like_inputs(self, sizes, steps, batch_size, buckets):
        dataset = every_prefix(numbered(sizes), steps)
        sampler = BucketSampler(dataset.lengths, batch_size, num_buckets=buckets)
        for batch in sampler:
            (inputs, lengths), targets = collate([dataset[i] for i in batch], sampler)
            assert targets.shape == inputs.shape
            assert targets.dtype == inputs.dtype == np.int64
            on_pads = np.arange(inputs.shape[1]) >= lengths[:, None]
            assert not targets[on_pads].any()
            assert not inputs[on_pads].any()
            for i, row, length in zip(batch, targets, lengths, strict=True):
                assert row[:length].tolist() == dataset.targets[i].tolist()

    def test_pieces_of_one_length_need_no_pad(self):
        dataset = every_prefix(numbered([4, 4, 4]), steps=3)
        sampler = BucketSampler(dataset.lengths, batch_size=3, shuffle=False)
        [batch] = sampler
        (inputs, lengths), targets = collate([dataset[i] for i in batch], sampler)
        assert inputs.tolist() == [[1, 2, 3], [5, 6, 7], [9, 10, 11]]
        assert targets.tolist() == [[2, 3, 4], [6, 7, 8], [10, 11, 12]]
        assert lengths.tolist() == [3, 3, 3]
        assert targets.dtype == np.int64

    def test_pieces_of_one_step_have_targets_of_one_step(self):
        dataset = every_prefix(numbered([3]), steps=1)
        sampler = BucketSampler(dataset.lengths, batch_size=2)
        (inputs, _), targets = collate([dataset[0], dataset[1]], sampler)
        assert inputs.tolist() == [[1], [2]]
        assert targets.tolist() == [[2], [3]]

    @pytest.mark.parametrize("cut", [separate_prefixes, sliding_windows])
    def test_one_target_a_sequence_stays_one_row(self, cut):
        dataset = cut(numbered([4]), 2)
        sampler = BucketSampler(dataset.lengths, batch_size=2, shuffle=False)
        _, targets = collate([dataset[0], dataset[1]], sampler)
        assert targets.tolist() == dataset.targets[:2].tolist()


class TestCheckHistories:
    @pytest.mark.parametrize(
        "histories",
        [
            [],
            [EMPTY],
            [np.array([])],
            [[]],
            [[1, 9], [4]],
            [np.array([1, 9], np.int32), np.array([9], np.uint8)],
        ],
    )
    def test_items_from_1_to_the_last_are_accepted(self, histories):
        check_histories(histories, 9)

    @pytest.mark.parametrize("wrong", [0, 10, -1])
    def test_what_is_no_item_is_named(self, wrong):
        message = f"items from 1 to 9; history 1 has {wrong}$"
        with pytest.raises(ValueError, match=message):
            check_histories([np.array([1, 9]), np.array([4, wrong, 4])], 9)

    @pytest.mark.parametrize(
        ("history", "message"),
        [
            (np.array([1.0, 2.0]), r"history 1 is float64 \(2,\)"),
            (np.array([[1, 2]]), r"history 1 is int64 \(1, 2\)"),
            (np.zeros((0, 2), np.int64), r"history 1 is int64 \(0, 2\)"),
            (np.int64(3), r"history 1 is int64 \(\)"),
            (["a"], r"history 1 is <U1 \(1,\)"),
            (np.array([True]), r"history 1 is bool \(1,\)"),
        ],
    )
    def test_what_is_no_row_of_whole_numbers_is_named(self, history, message):
        with pytest.raises(ValueError, match=f"^histories must hold rows.*{message}"):
            check_histories([np.array([1]), history], 9)


class TestScoreHistories:
    @staticmethod
    def last_item(items, lengths):
        """A model whose best next item is the last one again."""
        return np.eye(4)[items[np.arange(len(items)), lengths - 1]]

    def test_scores_come_in_the_order_of_the_histories_over_many_batches(self):
        histories = [np.array([2, 1][: 1 + i % 2]) for i in range(150)]
        scores = score_histories(self.last_item, histories, 3)
        assert scores.argmax(axis=1).tolist() == [2, 1] * 75
        assert scores.dtype == np.float32

    def test_nobody_needs_no_score(self):
        assert score_histories(self.last_item, [], 3).shape == (0, 4)

    def test_the_fallback_answers_empty_histories_alone(self):
        fallback = np.array([9, 1.5, 2, 3])
        histories = [EMPTY, np.array([2]), EMPTY]
        scores = score_histories(self.last_item, histories, 3, fallback)
        assert scores.tolist() == [[9, 1.5, 2, 3], [0, 0, 1, 0], [9, 1.5, 2, 3]]

    def test_an_empty_history_without_a_fallback_is_an_error(self):
        message = "^fallback must say .* history 1 is one"
        with pytest.raises(ValueError, match=message):
            score_histories(self.last_item, [np.array([2]), EMPTY, EMPTY], 3)

    def test_what_is_no_item_is_an_error(self):
        with pytest.raises(ValueError, match="history 0 has 4"):
            score_histories(self.last_item, [np.array([4])], 3)


class TestHistoryBatches:
    @modest
    @given(some_histories, st.integers(1, 5))
    def test_every_history_that_is_not_empty_comes_once(self, histories, batch_size):
        seen = []
        for rows, items, lengths in sorted_batches(histories, batch_size):
            seen += rows.tolist()
            assert 1 <= len(rows) <= batch_size
            assert items.shape == (len(rows), lengths.max())
            for row, padded, length in zip(rows, items, lengths, strict=True):
                assert padded[:length].tolist() == histories[row].tolist()
                assert not padded[length:].any()
        assert sorted(seen) == [i for i, h in enumerate(histories) if len(h)]

    def test_similar_lengths_share_a_batch(self):
        histories = numbered([5, 1, 0, 4, 2])
        found = [
            (rows.tolist(), lengths.tolist())
            for rows, _, lengths in sorted_batches(histories, 2)
        ]
        assert found == [([1, 4], [1, 2]), ([3, 0], [4, 5])]

    @pytest.mark.parametrize("histories", [[], [EMPTY, EMPTY]])
    def test_nothing_to_batch_gives_no_batch(self, histories):
        assert list(sorted_batches(histories, 2)) == []

    def test_lists_are_accepted(self):
        [(_, items, lengths)] = sorted_batches([[3, 4], [], [5]], 2)
        assert items.tolist() == [[5, 0], [3, 4]]
        assert lengths.tolist() == [1, 2]
