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
    hide_words,
    make_corpus,
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


def test_more_pads_stand_behind_the_longest_source():
    made = TranslationDataset(_ids([5]), _ids([9]))
    sampler = BucketSampler(made.lengths, 1)
    (source, lengths, _), _ = made.collate([made[0]], sampler, more=2)
    assert source.tolist() == [[5, 0, 0]]
    assert lengths.tolist() == [1]


def test_batches_are_bucketed_by_the_length_of_the_target():
    """Its steps cost most. The end counts as one."""
    made = TranslationDataset(_ids([5] * 9, [5]), _ids([9], [9, 9, 9]))
    assert made.lengths.tolist() == [2, 4]
    sampler = BucketSampler(made.lengths, 2, num_buckets=1)
    (_, _, given), wanted = made.collate([made[0]], sampler)
    assert given.shape == wanted.shape == (1, 4)  # the bucket's longest


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
    targets = [np.full(n, 5) for n in (2, 3, 4) for _ in range(4)]
    made = TranslationDataset([np.array([6, 7])] * 12, targets)
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


PAIRS = [(["emma", "sees", "paul"], ["emma", "voit", "paul"]), (["a"], ["a"])]


def test_names_are_hidden_on_both_sides_and_nothing_else_is():
    hidden = hide_words(PAIRS, {"emma", "sees", "voit"}, share=1.0)
    assert hidden == [
        (["<unk>", "sees", "paul"], ["<unk>", "voit", "paul"]),
        (["a"], ["a"]),
    ]
    assert PAIRS[0][0][0] == "emma"


def test_about_that_share_of_the_pairs_is_changed_the_same_by_seed():
    pairs = PAIRS[:1] * 1_000
    hidden = [hide_words(pairs, {"emma"}, 0.3, seed) for seed in (0, 0, 1)]
    changed = sum("<unk>" in source for source, _ in hidden[0])
    assert 250 < changed < 350
    assert hidden[0] == hidden[1] != hidden[2]
    assert hide_words(pairs, {"emma"}, 0.0) == [tuple(map(list, p)) for p in pairs]


def test_hidden_words_are_the_unknown_word_of_a_vocabulary():
    (source, _), *_ = hide_words(PAIRS, {"emma"}, 1.0)
    assert Vocabulary(["emma", "sees"]).encode(source)[0] == 1


def test_a_share_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"share must be from 0 to 1; got 1\.5"):
        hide_words(PAIRS, set(), 1.5)


def test_a_corpus_knows_the_words_of_training_alone_and_keeps_what_was_written():
    train = [(["emma", "sleeps"], ["emma", "dort"]), (["he", "sleeps"], ["il", "dort"])]
    other = [(["paul", "sleeps"], ["paul", "dort"])]
    corpus = make_corpus({"train": train, "test": other}, hidden={"emma"}, share=1.0)
    assert set(corpus.english.tokens[4:]) == {"sleeps", "he"}
    assert "emma" not in corpus.english
    assert "paul" not in corpus.french
    assert corpus.references("test") == [["paul", "dort"]]
    assert corpus.tokens["train"] == train
    decoded = corpus.english.decode(corpus.encoded["train"].sources[0])
    assert decoded == ["<unk>", "sleeps"]
    assert corpus.sizes == {
        "source_vocab_size": len(corpus.english),
        "target_vocab_size": len(corpus.french),
    }
    rare = make_corpus({"train": train}, min_count=2)
    assert "sleeps" in rare.english
    assert "he" not in rare.english
