"""Word vectors: what keeps the same company lies in the same direction."""

import numpy as np
import pytest

from helpers.data import Vocabulary
from helpers.data.word_vectors import _count_pairs, train_word_vectors


def sentences(count=400):
    """Drinks keep company with cups, cars with roads; 'the' is everywhere."""
    rng = np.random.default_rng(0)
    themes = (
        [["tea", "coffee", "cocoa"], ["cup", "drink", "hot"]],
        [["car", "lorry", "bus"], ["road", "drive", "fast"]],
    )
    made = []
    for _ in range(count):
        nouns, company = themes[rng.integers(2)]
        made.append(["the", rng.choice(nouns), *rng.permutation(company)[:2]])
    return made


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.build(sentences())


@pytest.fixture(scope="module")
def vectors(vocabulary):
    return train_word_vectors(sentences(), vocabulary, 4)


def test_words_of_one_theme_lie_nearer_than_words_of_two(vocabulary, vectors):
    units = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def likeness(one, other):
        return units[vocabulary.encode([one])[0]] @ units[vocabulary.encode([other])[0]]

    assert likeness("tea", "coffee") > likeness("tea", "car") + 0.5
    assert likeness("bus", "lorry") > likeness("bus", "cocoa") + 0.5


def test_shape_type_and_scale(vocabulary, vectors):
    assert vectors.shape == (len(vocabulary), 4)
    assert vectors.dtype == np.float32
    assert vectors.std() == pytest.approx(1, abs=1e-5)


def test_pads_and_words_without_company_are_zero(vocabulary):
    known = Vocabulary([*vocabulary.tokens[2:], "alone"])
    vectors = train_word_vectors(sentences(), known, 4)
    assert not vectors[:2].any()
    assert np.abs(vectors[known.encode(["alone"])[0]]).max() < 1e-6


def test_the_same_sentences_and_seed_give_the_same_vectors(vocabulary, vectors):
    assert np.array_equal(vectors, train_word_vectors(sentences(), vocabulary, 4))


def test_pairs_are_counted_by_distance_and_never_across_sentences():
    counts = _count_pairs([np.array([2, 3, 4]), np.array([5, 1, 6])], 7, window=2)
    expected = np.zeros((7, 7))
    for one, other, weight in ((2, 3, 1), (3, 4, 1), (2, 4, 0.5), (5, 6, 0.5)):
        expected[one, other] = expected[other, one] = weight
    assert np.array_equal(counts.toarray(), expected)


@pytest.mark.parametrize("dim", [0, 100])
def test_a_width_out_of_range_is_refused(vocabulary, dim):
    with pytest.raises(ValueError, match="dim must be from 1"):
        train_word_vectors(sentences(), vocabulary, dim)
