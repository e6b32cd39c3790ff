"""Padding and buckets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import BucketSampler, collate, pad

modest = settings(max_examples=60, deadline=None, database=None)


@st.composite
def samplers(draw, **fixed):
    """Lengths, and a sampler of batches of them."""
    lengths = draw(st.lists(st.integers(1, 60), min_size=1, max_size=100))
    options = {
        "batch_size": draw(st.integers(1, 40)),
        "num_buckets": draw(st.integers(1, 10)),
        "shuffle": draw(st.booleans()),
        "seed": draw(st.integers(0, 5)),
    } | fixed
    return np.array(lengths), BucketSampler(lengths, **options)


def as_lists(batches):
    return [batch.tolist() for batch in batches]


def padded_lengths(sampler, lengths, epoch):
    return [sampler.padded_steps(lengths[b].max()) for b in sampler.batches(epoch)]


class TestPad:
    def test_ids_become_int64(self):
        padded, lengths = pad([[5, 6], np.array([7], np.int32), [8, 9, 3]])
        assert padded.dtype == lengths.dtype == np.int64
        assert padded.tolist() == [[5, 6, 0], [7, 0, 0], [8, 9, 3]]
        assert lengths.tolist() == [2, 1, 3]

    def test_features_become_float32(self):
        padded, lengths = pad([np.full((1, 2), 0.5), np.full((3, 2), 1.5)])
        assert padded.dtype == np.float32
        assert padded[0].tolist() == [[0.5, 0.5], [0, 0], [0, 0]]
        assert (padded[1] == 1.5).all()
        assert lengths.tolist() == [1, 3]

    def test_whole_numbers_before_fractions_are_features(self):
        padded, _ = pad([[[1], [2]], [[0.5]]])
        assert padded.dtype == np.float32
        assert padded[1].tolist() == [[0.5], [0]]

    def test_steps_sets_the_padded_length(self):
        padded, lengths = pad([[5, 6], [7]], steps=4)
        assert padded.tolist() == [[5, 6, 0, 0], [7, 0, 0, 0]]
        assert lengths.tolist() == [2, 1]

    @modest
    @given(
        st.lists(st.lists(st.integers(-9, 9), min_size=1), min_size=1, max_size=9),
        st.integers(0, 3),
    )
    def test_sequences_stand_left_and_zeros_right(self, sequences, spare):
        longest = max(map(len, sequences))
        padded, lengths = pad(sequences, steps=longest + spare)
        assert padded.shape == (len(sequences), longest + spare)
        for row, length, sequence in zip(padded, lengths, sequences, strict=True):
            assert row[:length].tolist() == sequence
            assert not row[length:].any()

    def test_the_input_is_neither_changed_nor_shared(self):
        sequences = [np.arange(1, 4), np.arange(1, 2)]
        padded, _ = pad(sequences)
        padded[:] = 99
        assert [s.tolist() for s in sequences] == [[1, 2, 3], [1]]

    @pytest.mark.parametrize(
        ("sequences", "steps", "message"),
        [
            ([], None, "sequences must hold at least one"),
            ([[1, 2], [], [3]], None, "sequence 1 has none"),
            ([np.ones((2, 3)), np.ones((2, 4))], None, r"features, got \[\(3,\), \(4,"),
            ([[1, 2, 3], [4]], 2, "steps must be at least the longest length 3: 2"),
        ],
    )
    def test_what_cannot_be_padded_is_named(self, sequences, steps, message):
        with pytest.raises(ValueError, match=message):
            pad(sequences, steps)


class TestBatches:
    @modest
    @given(samplers(), st.integers(0, 3))
    def test_every_sequence_comes_once_an_epoch(self, made, epoch):
        lengths, sampler = made
        indices = np.concatenate(sampler.batches(epoch))
        assert sorted(indices.tolist()) == list(range(len(lengths)))

    @modest
    @given(samplers(), st.integers(0, 3))
    def test_len_is_the_number_of_batches(self, made, epoch):
        _, sampler = made
        assert len(sampler) == len(sampler.batches(epoch))

    @modest
    @given(samplers(), st.integers(0, 3))
    def test_only_the_last_batch_of_a_bucket_is_smaller(self, made, epoch):
        lengths, sampler = made
        sizes = {}
        for batch in sampler.batches(epoch):
            bucket = sampler.padded_steps(lengths[batch].max())
            sizes.setdefault(bucket, []).append(len(batch))
        for of_bucket in sizes.values():
            assert min(of_bucket) >= 1
            assert max(of_bucket) <= sampler.batch_size
            assert sum(size < sampler.batch_size for size in of_bucket) <= 1

    @modest
    @given(samplers())
    def test_a_batch_holds_one_bucket_in_every_epoch(self, made):
        lengths, sampler = made
        for epoch in range(3):
            for batch in sampler.batches(epoch):
                assert len({sampler.padded_steps(n) for n in lengths[batch]}) == 1

    @modest
    @given(samplers(num_buckets=4))
    def test_padded_lengths_are_few_and_long_enough(self, made):
        lengths, sampler = made
        seen = set()
        for epoch in range(3):
            for batch in sampler.batches(epoch):
                steps = sampler.padded_steps(lengths[batch].max())
                assert steps >= lengths[batch].max()
                seen.add(steps)
        assert len(seen) <= 4
        assert seen <= set(lengths.tolist())

    @modest
    @given(samplers(), st.integers(0, 3))
    def test_the_first_two_batches_have_different_lengths(self, made, epoch):
        lengths, sampler = made
        steps = padded_lengths(sampler, lengths, epoch)
        if len(set(steps)) > 1:
            assert steps[0] != steps[1]

    def test_lengths_that_differ_make_several_buckets(self):
        sampler = BucketSampler(range(1, 81), batch_size=8)
        steps = padded_lengths(sampler, np.arange(1, 81), epoch=0)
        assert len(set(steps)) == 8

    @modest
    @given(samplers())
    def test_without_shuffling_every_epoch_is_the_same(self, made):
        lengths, sampler = made
        options = {"batch_size": sampler.batch_size, "shuffle": False}
        first = BucketSampler(lengths, seed=1, **options)
        second = BucketSampler(lengths, seed=2, **options)
        assert as_lists(first.batches(0)) == as_lists(second.batches(7))

    def test_the_same_seed_and_epoch_give_the_same_batches(self):
        first, second = (BucketSampler(range(1, 65), 8, seed=3) for _ in range(2))
        list(second)
        assert as_lists(first.batches(5)) == as_lists(second.batches(5))

    def test_epochs_and_seeds_differ(self):
        sampler, other = (BucketSampler(range(1, 65), 8, seed=s) for s in (0, 1))
        orders = [sampler.batches(0), sampler.batches(1), other.batches(0)]
        assert len({str(as_lists(batches)) for batches in orders}) == 3

    def test_shuffling_mixes_inside_a_bucket(self):
        sampler = BucketSampler([5] * 32, batch_size=8)
        epochs = [set(map(frozenset, as_lists(sampler.batches(e)))) for e in (0, 1)]
        assert epochs[0] != epochs[1]

    def test_iterating_gives_one_epoch_after_the_other(self):
        sampler = BucketSampler(range(1, 65), batch_size=4)
        for epoch in range(3):
            batches = list(sampler)
            assert batches == as_lists(sampler.batches(epoch))
            assert type(batches[0][0]) is int

    def test_buckets_save_more_than_half_of_the_padding(self):
        lengths = np.random.default_rng(0).integers(8, 46, size=1000)
        sampler = BucketSampler(lengths, batch_size=32)
        batches = sampler.batches(0)
        steps = padded_lengths(sampler, lengths, epoch=0)
        bucketed = sum(
            (n - lengths[b]).sum() for n, b in zip(steps, batches, strict=True)
        )
        unsorted = np.split(lengths, range(32, 1000, 32))
        assert bucketed < sum((batch.max() - batch).sum() for batch in unsorted) / 2

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"lengths": []}, r"lengths must be one row of numbers, got \(0,\)"),
            ({"lengths": [[1, 2]]}, r"lengths must be one row of numbers, got \(1, 2"),
            ({"batch_size": 0}, "batch_size must be at least 1; got 0"),
            ({"num_buckets": -1}, "num_buckets must be at least 1; got -1"),
        ],
    )
    def test_a_wrong_argument_is_named(self, changes, message):
        with pytest.raises(ValueError, match=message):
            BucketSampler(**{"lengths": [1, 2], "batch_size": 2} | changes)


class TestCollate:
    sampler = BucketSampler([2, 3, 5, 8, 9], batch_size=2, num_buckets=2)

    def test_features_are_padded_to_the_length_of_their_bucket(self):
        examples = [(np.ones((n, 4)), np.int64(n)) for n in (2, 3)]
        (inputs, lengths), targets = collate(examples, self.sampler)
        assert inputs.shape == (2, 5, 4)
        assert inputs.dtype == np.float32
        assert inputs.sum(axis=(1, 2)).tolist() == [8, 12]
        assert lengths.tolist() == [2, 3]
        assert targets.tolist() == [2, 3]
        assert targets.dtype == np.int64

    def test_ids_are_padded_to_the_length_of_their_bucket(self):
        examples = [(np.arange(1, 9), np.float32(0.5))]
        (inputs, lengths), targets = collate(examples, self.sampler)
        assert inputs.tolist() == [[1, 2, 3, 4, 5, 6, 7, 8, 0]]
        assert inputs.dtype == np.int64
        assert lengths.tolist() == [8]
        assert targets.tolist() == [0.5]
