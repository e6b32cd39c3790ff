"""Long runs of notebook 2: movie reviews, a ladder of ideas, and the test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from helpers.baselines import tfidf_logistic_regression
from helpers.data import SequenceDataset, Vocabulary, tokenise
from helpers.data.sentiment import (
    LabelledTexts,
    load_sentiment,
    outside,
    texts_outside_tests,
)
from helpers.data.word_vectors import train_word_vectors
from helpers.long_runs.store import mean
from helpers.long_runs.text import SYSTEMS, InPyTorch
from helpers.metrics import accuracy
from helpers.pytorch.callbacks import Callback

SEEDS = (0, 1, 2)
EPOCHS, RATE = 10, 3e-3
EMBEDDING_DIM, VECTOR_SCALE = 64, 0.5

_DROPOUT = {"dropout": 0.4, "embedding_dropout": 0.3, "word_dropout": 0.2}
#: One idea a rung; each keeps those of the rung below, but for the choice of cell.
RUNGS: dict[str, dict[str, Any]] = {
    "plain RNN": {"cell": "rnn"},
    "LSTM": {"cell": "lstm"},
    "GRU": {"cell": "gru"},
    "both directions": {"bidirectional": True},
    "mean and max of all states": {"readout": "mean_max"},
    "dropout on words and vectors": _DROPOUT,
    "pretrained vectors": {"pretrained": True},
    "rating as second target": {"with_rating": True},
}


@dataclass(frozen=True)
class Prepared:
    """Ids and vectors made from one training set."""

    vocabulary: Vocabulary
    vectors: np.ndarray
    train: SequenceDataset
    other: SequenceDataset


def ladder() -> dict[str, Any]:
    """What each idea brings: mean validation accuracy over three seeds, in PyTorch.

    Each seed draws its own fifth of the 8,453 texts outside the test for validation. The
    epoch with the best mean counts. Baselines are scored on the same fifths.
    """
    splits = load_sentiment("movies")
    pool = splits.train + splits.validation
    parts = [_halves(pool, seed) for seed in SEEDS]
    figures: dict[str, Any] = {"validation_accuracy_tfidf": _baseline(parts)}
    prepared = [prepare(train, other) for train, other in parts]
    for name, arguments in rungs():
        curves = [
            validation_curve(data, arguments, seed)
            for seed, data in zip(SEEDS, prepared, strict=True)
        ]
        best = int(np.mean(curves, axis=0).argmax())
        each = [curve[best] for curve in curves]
        figures[name] = mean(each) | {"epochs": best + 1}
        print(f"{name}: {np.mean(each):.4f} after {best + 1} epochs")
    return figures


def movies() -> dict[str, Any]:
    """The top rung, trained on all texts outside the test; tested once, three seeds."""
    splits = load_sentiment("movies")
    learn, test = splits.train + splits.validation, splits.test
    *_, (rung, arguments) = rungs()
    data = prepare(learn, test)
    tfidf = tfidf_logistic_regression(learn.texts, learn.labels)
    figures: dict[str, Any] = {
        "chosen": f"{rung}, {EPOCHS} epochs",
        "test_accuracy_tfidf": mean([tfidf.score(test.texts, test.labels)]),
    }
    for name, system in SYSTEMS.items():
        each = []
        for seed in SEEDS:
            trained = system(seed, **_model_arguments(data, arguments))
            trained.fit(data.train, EPOCHS, RATE)
            each.append(accuracy(test.labels, trained.classes(data.other)))
        figures[f"test_accuracy_{name}"] = mean(each)
        print(f"{name}: {np.mean(each):.4f}")
    return figures


def rungs() -> list[tuple[str, dict[str, Any]]]:
    """Name and arguments of every rung, from the first to the last."""
    arguments: dict[str, Any] = {}
    climbed = []
    for name, idea in RUNGS.items():
        arguments = arguments | idea
        climbed.append((name, arguments))
    return climbed


def prepare(train: LabelledTexts, other: LabelledTexts) -> Prepared:
    """Make vocabulary and vectors without a look at ``other``; encode both."""
    vocabulary = Vocabulary.build(map(tokenise, train.texts), min_count=2)
    texts = texts_outside_tests()
    unlabelled = (tokenise(texts[i]) for i in outside(texts, other.texts))
    vectors = train_word_vectors(unlabelled, vocabulary, EMBEDDING_DIM)
    encoded = [part.encode(vocabulary, with_ratings=True) for part in (train, other)]
    return Prepared(vocabulary, VECTOR_SCALE * vectors, *encoded)


def validation_curve(
    data: Prepared, arguments: dict[str, Any], seed: int
) -> list[float]:
    """Accuracy on the other set after each epoch, in PyTorch."""
    trained = InPyTorch(seed, **_model_arguments(data, arguments))
    watch = _Accuracy(trained, data.other)
    trained.fit(data.train, EPOCHS, RATE, callbacks=[watch])
    return watch.curve


class _Accuracy(Callback):
    """Keep the accuracy on a set after every epoch."""

    def __init__(self, trained: InPyTorch, dataset: SequenceDataset) -> None:
        self.trained, self.dataset, self.curve = trained, dataset, []

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        right = self.trained.classes(self.dataset)
        self.curve.append(accuracy(self.dataset.targets, right))


def _model_arguments(data: Prepared, arguments: dict[str, Any]) -> dict[str, Any]:
    arguments = dict(arguments)
    vectors = data.vectors if arguments.pop("pretrained", False) else None
    sizes = {"vocab_size": len(data.vocabulary), "embedding_dim": EMBEDDING_DIM}
    return {"num_classes": 2} | arguments | sizes | {"embeddings": vectors}


def _halves(pool: LabelledTexts, seed: int) -> tuple[LabelledTexts, LabelledTexts]:
    """Four fifths to learn from, one to score; classes in equal shares."""
    parts = train_test_split(
        np.arange(len(pool)), test_size=0.2, stratify=pool.labels, random_state=seed
    )
    return tuple(pool.subset(np.sort(part)) for part in parts)


def _baseline(parts: list[tuple[LabelledTexts, LabelledTexts]]) -> dict[str, Any]:
    each = [
        tfidf_logistic_regression(train.texts, train.labels).score(
            other.texts, other.labels
        )
        for train, other in parts
    ]
    return mean(each)


RUNS: dict[str, tuple[Callable[[], dict[str, Any]], tuple[int, ...]]] = {
    "ladder": (ladder, SEEDS),
    "movies": (movies, SEEDS),
}
