"""Long runs of notebook 2: movie reviews, a ladder of ideas, and the test."""

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
from helpers.long_runs.recipe import FRAMEWORKS, Recipe, in_order, study
from helpers.long_runs.store import mean
from helpers.long_runs.text import classes, train, word_arguments
from helpers.metrics import accuracy
from helpers.pytorch.training import accuracy as share

SEEDS = (0, 1, 2)
RECIPE = Recipe(epochs=10, rate=3e-3)

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


def ladder() -> dict[str, Any]:
    """What each idea brings: mean validation accuracy over three seeds, in PyTorch.

    Each seed draws its own fifth of the 8,453 texts outside the test for validation. The
    epoch with the best mean counts. Baselines are scored on the same fifths.
    """
    splits = load_sentiment("movies")
    pool = splits.train + splits.validation
    parts = [_halves(pool, seed) for seed in SEEDS]
    tfidf = mean([_tfidf(*part) for part in parts])
    figures: dict[str, Any] = {"validation_accuracy_tfidf": tfidf}
    prepared = [prepare(*part) for part in parts]
    for name, arguments in rungs():
        curves = [
            validation_curve(data, arguments, seed)
            for seed, data in zip(SEEDS, prepared, strict=True)
        ]
        best = int(np.mean(curves, axis=0).argmax())
        figures[name] = mean([curve[best] for curve in curves]) | {"epochs": best + 1}
        print(f"{name}: {figures[name]}", flush=True)
    return figures


def movies() -> dict[str, Any]:
    """The top rung, trained on all texts outside the test; tested once, three seeds."""
    splits = load_sentiment("movies")
    pool, test = splits.train + splits.validation, splits.test
    *_, (rung, arguments) = rungs()
    words, learned, other = prepare(pool, test)

    def tested(framework: str, seed: int) -> dict[str, float]:
        made = _model_arguments(words, arguments)
        model, _ = train(framework, seed, made, (learned, RECIPE))
        answers = classes(framework, model, other)
        return {"test_accuracy": accuracy(test.labels, answers)}

    figures = {"chosen": f"{rung}, {RECIPE.epochs} epochs"}
    figures["test_accuracy_tfidf"] = mean([_tfidf(pool, test)])
    return figures | study(SEEDS, FRAMEWORKS, tested)


def rungs() -> list[tuple[str, dict[str, Any]]]:
    """Name and arguments of every rung, from the first to the last."""
    arguments: dict[str, Any] = {}
    climbed = []
    for name, idea in RUNGS.items():
        arguments = arguments | idea
        climbed.append((name, arguments))
    return climbed


def prepare(
    learned: LabelledTexts, other: LabelledTexts
) -> tuple[dict[str, Any], SequenceDataset, SequenceDataset]:
    """Make vocabulary and vectors without a look at ``other``; encode both."""
    vocabulary = Vocabulary.build(map(tokenise, learned.texts), min_count=2)
    texts = texts_outside_tests()
    unseen = (texts[i] for i in outside(texts, other.texts))
    encoded = [part.encode(vocabulary, with_ratings=True) for part in (learned, other)]
    return word_arguments(vocabulary, unseen), *encoded


def validation_curve(
    data: tuple[dict[str, Any], SequenceDataset, SequenceDataset],
    arguments: dict[str, Any],
    seed: int,
) -> list[float]:
    """Accuracy on the other set after each epoch, in PyTorch."""
    words, learned, other = data
    watched = {"validation": in_order("pytorch", other), "metrics": {"right": share}}
    made = _model_arguments(words, arguments)
    _, history = train("pytorch", seed, made, (learned, RECIPE), **watched)
    return history.history["val_right"]


def _model_arguments(
    words: dict[str, Any], arguments: dict[str, Any]
) -> dict[str, Any]:
    arguments = {"num_classes": 2} | words | arguments
    if not arguments.pop("pretrained", False):
        arguments["embeddings"] = None
    return arguments


def _halves(pool: LabelledTexts, seed: int) -> tuple[LabelledTexts, LabelledTexts]:
    """Four fifths to learn from, one to score; classes in equal shares."""
    parts = train_test_split(
        np.arange(len(pool)), test_size=0.2, stratify=pool.labels, random_state=seed
    )
    return tuple(pool.subset(np.sort(part)) for part in parts)


def _tfidf(learned: LabelledTexts, other: LabelledTexts) -> float:
    fitted = tfidf_logistic_regression(learned.texts, learned.labels)
    return fitted.score(other.texts, other.labels)


RUNS = (ladder, movies)
