"""Keras' ``TextVectorization`` with our tokens and vocabulary gives our ids."""

import keras
import numpy as np
import pytest

from helpers.data import Vocabulary, load_sentiment, pad, tokenise


@pytest.mark.parametrize("domain", ["movies", "products", "tweets", "editorials"])
def test_the_same_ids_on_every_text(domain):
    splits = load_sentiment(domain)
    vocabulary = Vocabulary.build(map(tokenise, splits.train.texts), min_count=2)
    layer = keras.layers.TextVectorization(
        standardize=None, split="whitespace", vocabulary=vocabulary.tokens[2:]
    )
    for part in (splits.train, splits.validation):
        tokens = [tokenise(text) for text in part.texts]
        expected, _ = pad([vocabulary.encode(sentence) for sentence in tokens])
        found = np.asarray(layer([" ".join(sentence) for sentence in tokens]))
        assert np.array_equal(found, expected)


def test_adapt_breaks_ties_the_other_way_round():
    layer = keras.layers.TextVectorization(standardize=None, split="whitespace")
    layer.adapt(["b a c c"])
    assert [str(token) for token in layer.get_vocabulary()[2:]] == ["c", "b", "a"]
    assert Vocabulary.build([["b", "a", "c", "c"]]).tokens[2:] == ["c", "a", "b"]
