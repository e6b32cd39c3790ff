"""Classifiers of text that need no neural network."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from helpers.data.tokenising import tokenise


def majority(labels: np.ndarray) -> int:
    """The most frequent class; of several, the smallest.

    Args:
        labels: ``(examples,)``, of the training set.
    """
    return int(np.bincount(labels).argmax())


def tfidf_logistic_regression(texts: Sequence[str], labels: np.ndarray) -> GridSearchCV:
    """Fit logistic regression on weighted counts of words and word pairs.

    Whether pairs help, and how much to regularise, is chosen by three-fold validation: a
    baseline deserves the same care as the model that is to beat it.

    Args:
        texts: to learn from.
        labels: ``(examples,)``, their classes.

    Returns:
        The fitted search; ``predict(texts)`` gives classes, ``predict_proba(texts)``
        probabilities ``(examples, classes)``.
    """
    # Words are cut as for the networks: the comparison is of models, not of tokenisers.
    words = TfidfVectorizer(
        tokenizer=tokenise, token_pattern=None, lowercase=False, sublinear_tf=True
    )
    classifier = LogisticRegression(solver="newton-cg")  # the fastest here
    pipeline = Pipeline([("words", words), ("classifier", classifier)])
    choices = {"words__ngram_range": [(1, 1), (1, 2)], "classifier__C": [3.0, 10.0]}
    return GridSearchCV(pipeline, choices, cv=3).fit(list(texts), labels)


def vader_scores(texts: Sequence[str]) -> np.ndarray:
    """VADER's own verdict, from its lexicon and rules alone; nothing is learned.

    Args:
        texts: any texts.

    Returns:
        ``(examples,)``: -1 most negative to 1 most positive; 0 where VADER knows no word.

    Reference: C. J. Hutto and E. Gilbert (2014), ICWSM. The lexicon's authors rated these
    corpora too, so this baseline is no stranger to the data.
    """
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    return np.array([analyser.polarity_scores(text)["compound"] for text in texts])
