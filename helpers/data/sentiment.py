"""Labels and fixed splits of the rated texts.

A split is made once, with the same seed for everybody. Sentences of one review or article
stay on one side, and no text stands in two parts, not even with other punctuation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, train_test_split

from helpers.data.dataset import SequenceDataset
from helpers.data.rated_texts import DOMAINS, RatedTexts, load_rated_texts
from helpers.data.tokenising import normalise, tokenise
from helpers.data.vocabulary import Vocabulary

SEED = 2026
#: From neutral to negative or positive, and from there to very negative or very positive.
CLASS_EDGES = (0.5, 1.5)
CLASS_NAMES = ("very negative", "negative", "neutral", "positive", "very positive")
#: Ratings nearer to zero than this are neither positive nor negative.
_NEUTRAL = {"movies": 0.0, "products": 0.5, "tweets": 0.0, "editorials": 0.5}
#: Where many texts are sentences of one review or article.
_GROUPED = ("products", "editorials")


@dataclass(frozen=True)
class LabelledTexts:
    """Texts with a class each, and the rating that the class comes from.

    Attributes:
        texts: as written.
        labels: ``(examples,)`` int64.
        ratings: ``(examples,)`` float32, -4 to 4.
    """

    texts: list[str]
    labels: np.ndarray
    ratings: np.ndarray

    def __len__(self) -> int:
        """The number of texts."""
        return len(self.texts)

    def __add__(self, other: "LabelledTexts") -> "LabelledTexts":
        """Both sets, one after the other."""
        return LabelledTexts(
            [*self.texts, *other.texts],
            np.concatenate([self.labels, other.labels]),
            np.concatenate([self.ratings, other.ratings]),
        )

    def subset(self, indices: np.ndarray) -> "LabelledTexts":
        """The texts at ``indices``, in that order."""
        texts = [self.texts[i] for i in indices]
        return LabelledTexts(texts, self.labels[indices], self.ratings[indices])

    def encode(
        self,
        vocabulary: Vocabulary,
        *,
        with_ratings: bool = False,
        max_steps: int | None = None,
    ) -> SequenceDataset:
        """Tokenise every text and turn it into ids.

        Args:
            vocabulary: built from the training texts only.
            with_ratings: whether a target is the pair of label and rating.
            max_steps: how many tokens of a text to keep, from its beginning; all by
                default.
        """
        ids = [vocabulary.encode(tokenise(text))[:max_steps] for text in self.texts]
        return SequenceDataset(ids, self.labels, self.ratings if with_ratings else None)


@dataclass(frozen=True)
class Splits:
    """What to learn from, what to choose by, and what to look at once."""

    train: LabelledTexts
    validation: LabelledTexts
    test: LabelledTexts


def load_sentiment(domain: str, num_classes: int = 2) -> Splits:
    """Load one domain with labels, in its fixed split.

    Args:
        domain: ``"movies"``, ``"products"``, ``"tweets"`` or ``"editorials"``.
        num_classes: 2 for negative and positive, texts with a rating near zero left out; 5
            for very negative to very positive, all texts.

    Returns:
        The three parts. Both numbers of classes share one split: no text, and no review,
        is in training for one and in the test for the other.

    Raises:
        DataError: not cached, and not to be had either.
        ValueError: no such domain, or another number of classes.
    """
    if num_classes not in (2, 5):
        raise ValueError(f"num_classes must be 2 or 5; got {num_classes!r}")
    rated = load_rated_texts(domain)
    labels = five_classes(rated.ratings)
    if num_classes == 2:
        labels = polarity(rated.ratings, _NEUTRAL[domain])
    labelled = LabelledTexts(rated.texts, labels, rated.ratings)
    parts = _split(domain, rated)
    return Splits(*(labelled.subset(part[labels[part] >= 0]) for part in parts))


def polarity(ratings: np.ndarray, neutral: float = 0.0) -> np.ndarray:
    """Ratings -> 1 positive, 0 negative, -1 neither: zero, or nearer to it than ``neutral``.

    ``(examples,)`` float -> ``(examples,)`` int64.
    """
    decided = (np.abs(ratings) >= neutral) & (ratings != 0)
    return np.where(decided, ratings > 0, -1).astype(np.int64)


def five_classes(ratings: np.ndarray) -> np.ndarray:
    """Ratings -> 0 very negative to 4 very positive, cut where ``|rating|`` is 0.5 and 1.5.

    A rating on an edge belongs to the stronger class, on either side of zero.
    """
    strength = np.digitize(np.abs(ratings), CLASS_EDGES)
    return (2 + np.sign(ratings) * strength).astype(np.int64)


def texts_outside_tests() -> list[str]:
    """The texts of all four corpora that are in no test part: for pretraining."""
    rated = {domain: load_rated_texts(domain) for domain in DOMAINS}
    held_out, rest = [], []
    for domain, corpus in rated.items():
        *learn, test = _split(domain, corpus)
        held_out += [corpus.texts[i] for i in test]
        rest += [corpus.texts[i] for part in learn for i in part]
    return [rest[i] for i in outside(rest, held_out)]


def outside(texts: Sequence[str], held_out: Iterable[str]) -> np.ndarray:
    """The indices of the texts that are not among ``held_out``, also after normalising."""
    taken = {normalise(text) for text in held_out}
    return np.array([i for i, text in enumerate(texts) if normalise(text) not in taken])


def _split(domain: str, rated: RatedTexts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Indices of training, validation and test."""
    if domain in _GROUPED:
        rest, test = _hold_out_groups(rated, np.arange(len(rated)), folds=5)
        train, validation = _hold_out_groups(rated, rest, folds=8)
    else:
        labels = polarity(rated.ratings, _NEUTRAL[domain])
        undecided, decided = np.flatnonzero(labels < 0), np.flatnonzero(labels >= 0)
        rest, test = _hold_out(decided, labels, 0.2)
        train, validation = _hold_out(rest, labels, 0.1)
        train = np.concatenate([train, undecided])
    validation = _without(rated.texts, validation, of=test)
    train = _without(rated.texts, train, of=[*test, *validation])
    return np.sort(train), np.sort(validation), np.sort(test)


def _hold_out(
    indices: np.ndarray, labels: np.ndarray, share: float
) -> tuple[np.ndarray, np.ndarray]:
    return train_test_split(
        indices, test_size=share, stratify=labels[indices], random_state=SEED
    )


def _hold_out_groups(
    rated: RatedTexts, indices: np.ndarray, folds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Hold out one fold of whole groups, the classes shared out evenly."""
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=SEED)
    labels = five_classes(rated.ratings[indices])
    rest, held = next(splitter.split(indices, labels, rated.groups[indices]))
    return indices[rest], indices[held]


def _without(texts: list[str], indices: np.ndarray, of: Iterable[int]) -> np.ndarray:
    """The indices whose texts do not stand in another part as well."""
    return indices[outside([texts[i] for i in indices], [texts[i] for i in of])]
