"""The real data, as the authors gave it away."""

import numpy as np
import pytest

from helpers.data import load_japanese_vowels


@pytest.fixture(scope="module")
def parts():
    train, test = load_japanese_vowels()
    return {"train": train, "test": test}


@pytest.mark.parametrize(
    ("part", "count", "shortest", "longest"),
    [("train", 270, 7, 26), ("test", 370, 7, 29)],
)
def test_the_numbers_of_utterances_and_frames(parts, part, count, shortest, longest):
    lengths = parts[part].lengths
    assert len(lengths) == count
    assert (lengths.min(), lengths.max()) == (shortest, longest)


@pytest.mark.parametrize("part", ["train", "test"])
def test_a_frame_is_12_finite_float32(parts, part):
    for sequence in parts[part].sequences:
        assert sequence.shape[1:] == (12,)
        assert sequence.dtype == np.float32
        assert np.isfinite(sequence).all()


def test_each_speaker_has_30_training_utterances(parts):
    assert np.bincount(parts["train"].targets).tolist() == [30] * 9


def test_each_speaker_has_24_to_88_test_utterances(parts):
    counts = np.bincount(parts["test"].targets)
    assert len(counts) == 9
    assert counts.sum() == 370
    assert (counts.min(), counts.max()) == (24, 88)


def test_the_first_frame_begins_with_the_first_feature(parts):
    assert parts["train"].sequences[0][0, 0] == np.float32(1.860936)
