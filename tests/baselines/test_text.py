"""The baselines learn what they should, and nothing else."""

import numpy as np
import pytest

from helpers import baselines

TEXTS = ["a fine film", "a dull film", "fine work", "dull work", "so fine", "so dull"]
LABELS = np.array([1, 0, 1, 0, 1, 0])


def test_the_majority_is_the_most_frequent_class():
    assert baselines.majority(np.array([0, 2, 2, 1])) == 2


def test_of_two_equal_classes_the_smaller_wins():
    assert baselines.majority(np.array([1, 1, 0, 0])) == 0


def test_tfidf_tells_fine_from_dull():
    model = baselines.tfidf_logistic_regression(TEXTS * 4, np.tile(LABELS, 4))
    assert model.predict(["fine", "dull", "fine dull dull"]).tolist() == [1, 0, 0]
    assert model.predict_proba(["fine"]).shape == (1, 2)


def test_tfidf_takes_five_classes():
    texts = [f"word{n} filler" for n in range(5)] * 6
    model = baselines.tfidf_logistic_regression(texts, np.tile(np.arange(5), 6))
    assert model.predict(texts[:5]).tolist() == list(range(5))


def test_word_pairs_can_matter():
    """No sum of single words can turn both: it is an exclusive or."""
    texts = ["good", "not good", "bad", "not bad"]
    model = baselines.tfidf_logistic_regression(texts * 10, np.tile([1, 0, 0, 1], 10))
    assert model.predict(texts).tolist() == [1, 0, 0, 1]
    assert model.predict(["not bad", "bad"]).tolist() == [1, 0]


def test_vader_knows_its_words_and_its_negations():
    good, bad, negated, nothing = baselines.vader_scores(
        ["This film is great!", "This film is terrible.", "not great", "qwxz", ""]
    )[:4]
    assert good > 0.5 > -0.3 > bad
    assert negated < 0
    assert nothing == 0


@pytest.mark.parametrize("texts", [[], [""]])
def test_vader_takes_what_is_empty(texts):
    assert baselines.vader_scores(texts).tolist() == [0.0] * len(texts)
