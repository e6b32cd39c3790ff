"""Data sets, their splits and their scale."""

import numpy as np
import pytest

from helpers.data import SequenceDataset, standardise, stratified_split


@pytest.fixture
def dataset():
    """A hundred sequences of two features; classes 0, 1, 2 in shares 60, 30, 10."""
    rng = np.random.default_rng(0)
    sequences = [
        rng.normal([3, -50], [2, 9], (n, 2)).astype(np.float32)
        for n in rng.integers(1, 9, size=100)
    ]
    return SequenceDataset(sequences, np.repeat([0, 1, 2], [60, 30, 10]))


def ids(*parts):
    """A set whose one-step sequences tell where they come from."""
    targets = np.repeat(range(len(parts)), parts)
    return SequenceDataset([np.array([i]) for i in range(len(targets))], targets)


def identities(dataset):
    return [int(sequence[0]) for sequence in dataset.sequences]


def test_a_target_too_few_is_an_error():
    with pytest.raises(ValueError, match=r"targets .* got 1 targets for 2 sequences"):
        SequenceDataset([[1], [2]], np.array([0]))


def test_an_example_is_a_sequence_and_its_target():
    dataset = SequenceDataset([[1, 2], [3]], np.array([7, 8]))
    assert len(dataset) == 2
    assert dataset[1] == ([3], 8)
    assert dataset.lengths.tolist() == [2, 1]


@pytest.mark.parametrize("indices", [[4, 0, 2], np.array([4, 0, 2])])
def test_a_subset_keeps_the_order_asked_for(indices):
    subset = ids(2, 2, 2).subset(indices)
    assert identities(subset) == [4, 0, 2]
    assert subset.targets.tolist() == [2, 0, 1]


@pytest.mark.parametrize("held_out", [20, 0.2])
def test_a_split_has_the_size_asked_for_and_every_share(dataset, held_out):
    rest, held = stratified_split(dataset, held_out)
    assert np.bincount(rest.targets).tolist() == [48, 24, 8]
    assert np.bincount(held.targets).tolist() == [12, 6, 2]


def test_the_parts_of_a_split_are_the_whole_without_overlap():
    dataset = ids(60, 30, 10)
    parts = stratified_split(dataset, 20)
    assert sorted(identities(parts[0]) + identities(parts[1])) == list(range(100))
    for part in parts:
        assert identities(part) == sorted(identities(part))
        assert part.targets.tolist() == dataset.targets[identities(part)].tolist()


def test_the_seed_decides_the_split():
    dataset = ids(60, 30, 10)
    held = [identities(stratified_split(dataset, 20, seed)[1]) for seed in (0, 0, 1)]
    assert held[0] == held[1] != held[2]


@pytest.mark.parametrize("counts", [(10, 10, 10), (10, 1), (100, 2)])
def test_a_split_without_every_class_is_an_error(counts):
    with pytest.raises(ValueError, match="class"):
        stratified_split(ids(*counts), 2)


def test_train_gets_mean_0_and_deviation_1(dataset):
    [scaled] = standardise(dataset)
    frames = np.concatenate(scaled.sequences)
    np.testing.assert_allclose(frames.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(frames.std(axis=0), 1, atol=1e-4)
    assert {sequence.dtype for sequence in scaled.sequences} == {np.dtype(np.float32)}
    assert scaled.targets.tolist() == dataset.targets.tolist()
    assert scaled.lengths.tolist() == dataset.lengths.tolist()


def test_the_others_are_scaled_with_the_figures_of_train(dataset):
    others = [
        SequenceDataset([np.full((2, 2), value, np.float32)], np.array([0]))
        for value in (0, 100)
    ]
    frames = np.concatenate(dataset.sequences).astype(np.float64)
    _, *scaled = standardise(dataset, *others)
    for value, other in zip((0, 100), scaled, strict=True):
        wanted = (value - frames.mean(axis=0)) / frames.std(axis=0)
        np.testing.assert_allclose(other.sequences[0], [wanted, wanted], rtol=1e-4)
        assert other.sequences[0].dtype == np.float32


def test_standardise_changes_no_original(dataset):
    before = [sequence.copy() for sequence in dataset.sequences]
    standardise(dataset, dataset)
    for old, new in zip(before, dataset.sequences, strict=True):
        np.testing.assert_array_equal(old, new)
