"""Pairs of sentences as batches: shifted by one, padded behind, never dropped."""

import numpy as np
import pytest

from helpers.data import BucketSampler, Vocabulary
from helpers.data.translation import (
    END_ID,
    SPECIALS,
    START_ID,
    TranslationDataset,
    encode_pairs,
)
from helpers.keras import loading as keras_loading
from helpers.pytorch import loading as torch_loading


def _ids(*rows):
    return [np.array(row) for row in rows]


@pytest.fixture
def dataset():
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 20, (60, 2))
    return TranslationDataset(
        [rng.integers(4, 30, n) for n, _ in lengths],
        [rng.integers(4, 30, n) for _, n in lengths],
    )


def test_the_decoder_is_given_what_it_has_to_write_one_step_later():
    made = TranslationDataset(_ids([5, 6, 7], [8]), _ids([9], [10, 11]))
    sampler = BucketSampler(made.lengths, 2, num_buckets=1)
    (source, lengths, given), wanted = made.collate([made[0], made[1]], sampler)
    assert source.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert lengths.tolist() == [3, 1]
    assert given.tolist() == [[START_ID, 9, 0], [START_ID, 10, 11]]
    assert wanted.tolist() == [[9, END_ID, 0], [10, 11, END_ID]]


def test_more_pads_stand_behind_the_longest_target():
    made = TranslationDataset(_ids([5]), _ids([9]))
    sampler = BucketSampler(made.lengths, 1)
    (_, _, given), wanted = made.collate([made[0]], sampler, more=2)
    assert given.tolist() == [[START_ID, 9, 0, 0]]
    assert wanted.tolist() == [[9, END_ID, 0, 0]]


def test_an_empty_target_is_written_as_its_end_alone():
    made = TranslationDataset(_ids([5]), [np.array([], dtype=np.int64)])
    (_, _, given), wanted = made.collate([made[0]], BucketSampler(made.lengths, 1))
    assert (given.tolist(), wanted.tolist()) == ([[START_ID]], [[END_ID]])


def test_both_loaders_give_every_pair_once(dataset):
    sampler = BucketSampler(dataset.lengths, 7)
    in_keras = keras_loading.loader(dataset, sampler)
    batches = [in_keras[i] for i in range(len(in_keras))]
    for batch in (list(torch_loading.loader(dataset, sampler)), batches):
        seen = sorted(
            tuple(np.asarray(row)[:length].tolist())
            for (source, lengths, _), _ in batch
            for row, length in zip(source, lengths, strict=True)
        )
        assert seen == sorted(tuple(source.tolist()) for source in dataset.sources)


def test_the_first_two_batches_of_keras_share_no_length():
    """What its first two batches have in common, Keras takes for fixed."""
    sources = [np.full(n, 5) for n in (2, 3, 4) for _ in range(4)]
    made = TranslationDataset(sources, [np.array([6, 7])] * 12)
    loader = keras_loading.loader(made, BucketSampler(made.lengths, 2))
    (first, second) = loader[0], loader[1]
    assert first[0][0].shape[1] != second[0][0].shape[1]
    assert first[0][2].shape[1] != second[0][2].shape[1]
    assert first[1].shape[1] != second[1].shape[1]


def test_tokens_become_ids_of_their_own_language():
    english = Vocabulary(["cat", "sees"])
    french = Vocabulary(["chat", "voit"], SPECIALS)
    made = encode_pairs([(["cat", "sees"], ["chat", "dort"])], english, french)
    assert made.sources[0].tolist() == [2, 3]
    assert made.targets[0].tolist() == [4, 1]


def test_a_target_vocabulary_without_an_end_is_refused():
    words = Vocabulary(["chat"])
    with pytest.raises(
        ValueError, match=r"target_vocabulary must be built with .*</s>"
    ):
        encode_pairs([(["cat"], ["chat"])], words, words)


def test_every_source_needs_its_target():
    with pytest.raises(ValueError, match="targets must hold one sentence a source"):
        TranslationDataset(_ids([1]), [])
