"""Long runs of notebook 2: movie reviews, a ladder of ideas, and the test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch import nn

from helpers import runtime
from helpers.baselines import tfidf_logistic_regression
from helpers.data import BucketSampler, SequenceDataset, Vocabulary, tokenise
from helpers.data.sentiment import LabelledTexts, load_sentiment, texts_outside_tests
from helpers.data.tokenising import normalise
from helpers.data.word_vectors import train_word_vectors
from helpers.keras import keras
from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.keras.loading import loader as keras_loader
from helpers.keras.training import fit as keras_fit
from helpers.keras.training import predict as keras_predict
from helpers.metrics import accuracy
from helpers.pytorch.callbacks import Callback
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier
from helpers.pytorch.loading import loader as torch_loader
from helpers.pytorch.training import fit as torch_fit
from helpers.pytorch.training import predict as torch_predict
from helpers.schedules import one_cycle

SEEDS = (0, 1, 2)
EPOCHS, BATCH_SIZE, RATE, DECAY, CLIP_NORM = 10, 64, 3e-3, 0.01, 1.0
EMBEDDING_DIM, VECTOR_SCALE, RATING_WEIGHT = 64, 0.5, 0.1

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
    prepared = [prepare(train, other, with_ratings=True) for train, other in parts]
    for name, arguments in rungs():
        curves = [
            validation_curve(data, arguments, seed)
            for seed, data in zip(SEEDS, prepared, strict=True)
        ]
        best = int(np.mean(curves, axis=0).argmax())
        each = [curve[best] for curve in curves]
        figures[name] = _mean(each) | {"epochs": best + 1}
        print(f"{name}: {np.mean(each):.4f} after {best + 1} epochs")
    return figures


def movies() -> dict[str, Any]:
    """The top rung, trained on all texts outside the test; tested once, three seeds."""
    splits = load_sentiment("movies")
    learn, test = splits.train + splits.validation, splits.test
    *_, (name, arguments) = rungs()
    data = prepare(learn, test, with_ratings=True)
    tfidf = tfidf_logistic_regression(learn.texts, learn.labels)
    figures: dict[str, Any] = {
        "chosen": f"{name}, {EPOCHS} epochs",
        "test_accuracy_tfidf": _mean([tfidf.score(test.texts, test.labels)]),
    }
    for system, train in {"pytorch": train_pytorch, "keras": train_keras}.items():
        logits = [train(data, arguments, seed) for seed in SEEDS]
        each = [accuracy(test.labels, x.argmax(axis=1)) for x in logits]
        figures[f"test_accuracy_{system}"] = {
            "mean": float(np.mean(each)),
            "each": each,
        }
        print(f"{system}: {np.mean(each):.4f}")
    return figures


def rungs() -> list[tuple[str, dict[str, Any]]]:
    """Name and arguments of every rung, from the first to the last."""
    arguments: dict[str, Any] = {}
    climbed = []
    for name, idea in RUNGS.items():
        arguments = arguments | idea
        climbed.append((name, arguments))
    return climbed


def prepare(
    train: LabelledTexts, other: LabelledTexts, *, with_ratings: bool
) -> Prepared:
    """Make vocabulary and vectors without a look at ``other``; encode both."""
    vocabulary = Vocabulary.build(map(tokenise, train.texts), min_count=2)
    held_out = {normalise(text) for text in other.texts}
    unlabelled = (t for t in texts_outside_tests() if normalise(t) not in held_out)
    vectors = train_word_vectors(map(tokenise, unlabelled), vocabulary, EMBEDDING_DIM)
    encoded = [
        part.encode(vocabulary, with_ratings=with_ratings) for part in (train, other)
    ]
    return Prepared(vocabulary, VECTOR_SCALE * vectors, *encoded)


def validation_curve(
    data: Prepared, arguments: dict[str, Any], seed: int
) -> list[float]:
    """Accuracy on the other set after each epoch."""
    watch = _Accuracy(data.other)
    train_pytorch(data, arguments, seed, callbacks=[watch])
    return watch.curve


def train_pytorch(
    data: Prepared, arguments: dict[str, Any], seed: int, callbacks: list = ()
) -> np.ndarray:
    """Train in PyTorch; return the logits on the other set, ``(examples, 2)``."""
    runtime.seed_everything(seed)
    model = TorchClassifier(2, **_model_arguments(data, arguments))
    sampler = BucketSampler(data.train.lengths, BATCH_SIZE, seed=seed)
    torch_fit(
        model,
        torch_loader(data.train, sampler),
        loss=_torch_loss,
        optimizer=torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY),
        epochs=EPOCHS,
        clip_norm=CLIP_NORM,
        schedule=one_cycle(RATE, EPOCHS * len(sampler)),
        callbacks=callbacks,
    )
    return _first(torch_predict(model, torch_loader(*_in_order(data.other))))


def train_keras(data: Prepared, arguments: dict[str, Any], seed: int) -> np.ndarray:
    """Train in Keras; return the logits on the other set, ``(examples, 2)``."""
    runtime.seed_everything(seed)
    model = KerasClassifier(2, **_model_arguments(data, arguments))
    sampler = BucketSampler(data.train.lengths, BATCH_SIZE, seed=seed)
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    keras_fit(
        model,
        keras_loader(data.train, sampler),
        loss=[cross_entropy, "mse"],
        loss_weights=[1.0, RATING_WEIGHT],
        optimizer=keras.optimizers.AdamW(RATE, weight_decay=DECAY),
        epochs=EPOCHS,
        clip_norm=CLIP_NORM,
        schedule=one_cycle(RATE, EPOCHS * len(sampler)),
    )
    return _first(keras_predict(model, keras_loader(*_in_order(data.other))))


class _Accuracy(Callback):
    """Keep the accuracy on a set after every epoch."""

    def __init__(self, dataset: SequenceDataset) -> None:
        self.dataset, self.curve = dataset, []

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        logits = _first(
            torch_predict(self.model, torch_loader(*_in_order(self.dataset)))
        )
        self.curve.append(accuracy(self.dataset.targets, logits.argmax(axis=1)))


def _torch_loss(outputs: Any, targets: Any) -> torch.Tensor:
    """Cross-entropy, and the squared error of the rating where the model gives one."""
    labels, ratings = targets
    loss = nn.functional.cross_entropy(_first(outputs), labels)
    if isinstance(outputs, tuple):
        error = nn.functional.mse_loss(outputs[1][:, 0], ratings)
        loss = loss + RATING_WEIGHT * error
    return loss


def _model_arguments(data: Prepared, arguments: dict[str, Any]) -> dict[str, Any]:
    arguments = dict(arguments)
    vectors = data.vectors if arguments.pop("pretrained", False) else None
    sizes = {"vocab_size": len(data.vocabulary), "embedding_dim": EMBEDDING_DIM}
    return arguments | sizes | {"embeddings": vectors}


def _in_order(dataset: SequenceDataset) -> tuple[SequenceDataset, BucketSampler]:
    return dataset, BucketSampler(dataset.lengths, 128, shuffle=False)


def _first(outputs: Any) -> Any:
    """The logits, of a model with a rating or without."""
    return outputs[0] if isinstance(outputs, tuple) else outputs


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
    return _mean(each)


def _mean(each: list[float]) -> dict[str, Any]:
    """The mean over seeds, and what it is the mean of."""
    return {"mean": float(np.mean(each)), "each": each}


RUNS: dict[str, tuple[Callable[[], dict[str, Any]], tuple[int, ...]]] = {
    "ladder": (ladder, SEEDS),
    "movies": (movies, SEEDS),
}
