"""Long runs of notebook 1: Japanese Vowels, models chosen by cross-validation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sklearn.model_selection import StratifiedKFold
from torch import nn

from helpers import runtime
from helpers.data import (
    BucketSampler,
    SequenceDataset,
    load_japanese_vowels,
    standardise,
)
from helpers.keras import keras
from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.keras.loading import loader as keras_loader
from helpers.keras.training import fit as keras_fit
from helpers.keras.training import predict as keras_predict
from helpers.metrics import accuracy
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier
from helpers.pytorch.loading import loader as torch_loader
from helpers.pytorch.training import accuracy as batch_accuracy
from helpers.pytorch.training import fit as torch_fit
from helpers.pytorch.training import predict as torch_predict
from helpers.schedules import cosine

SEEDS = (0, 1, 2)
EPOCHS = (30, 60)
REPEATS = (0, 1)  # of the five-fold validation, each with folds of its own
RATE, BATCH_SIZE, CLIP_NORM = 3e-3, 32, 1.0


@dataclass(frozen=True)
class Candidate:
    """A model that cross-validation may choose, and the family it belongs to."""

    family: str
    name: str
    arguments: dict[str, Any]
    decay: float = 0.01


_BIGRU = {"cell": "gru", "bidirectional": True, "dropout": 0.4}
_MEAN, _BOTH = _BIGRU | {"readout": "mean"}, _BIGRU | {"readout": "mean_max"}
CANDIDATES = (
    Candidate("plain", "RNN 64", {"hidden_size": 64}),
    Candidate("plain", "RNN 64, dropout", {"hidden_size": 64, "dropout": 0.4}),
    Candidate("plain", "RNN 128, dropout", {"hidden_size": 128, "dropout": 0.4}),
    Candidate("best", "BiGRU, mean", _MEAN),
    Candidate("best", "BiGRU, mean, more decay", _MEAN, decay=0.1),
    Candidate("best", "BiGRU, mean and max", _BOTH),
    Candidate("best", "BiGRU, mean and max, more decay", _BOTH, decay=0.1),
)


def vowels() -> dict[str, Any]:
    """Choose a plain and a best model by validation; refit on all; test, 3 seeds.

    Architecture and number of epochs come from stratified 5-fold validation on the 270
    training utterances, twice, in PyTorch; the lowest loss decides. Both frameworks then
    train the chosen models on all 270.
    """
    everything, test = load_japanese_vowels()
    figures: dict[str, Any] = {}
    for family in ("plain", "best"):
        scores = {
            (candidate.name, epochs): cross_validate(everything, candidate, epochs)
            for candidate in CANDIDATES
            if candidate.family == family
            for epochs in EPOCHS
        }
        name, epochs = min(scores, key=lambda key: scores[key][1])
        chosen = next(c for c in CANDIDATES if c.name == name)
        figures[f"validation_{family}"] = {
            f"{name}, {epochs} epochs": {"accuracy": share, "loss": loss}
            for (name, epochs), (share, loss) in scores.items()
        }
        figures[f"chosen_{family}"] = f"{name}, {epochs} epochs"
        for system, train in {"pytorch": train_pytorch, "keras": train_keras}.items():
            shares = [
                accuracy(test.targets, predicted)
                for predicted in _refits(train, everything, test, chosen, epochs)
            ]
            figures[f"test_accuracy_{family}_{system}"] = {
                "mean": float(np.mean(shares)),
                "each": shares,
            }
            print(f"{family} {name}, {epochs} epochs, {system}: {np.mean(shares):.4f}")
    return figures


def cross_validate(
    dataset: SequenceDataset, candidate: Candidate, epochs: int
) -> tuple[float, float]:
    """Mean validation accuracy and loss over five stratified folds, repeated."""
    results = []
    for repeat in REPEATS:
        folds = StratifiedKFold(5, shuffle=True, random_state=repeat)
        for train, held_out in folds.split(np.zeros(len(dataset)), dataset.targets):
            parts = standardise(dataset.subset(train), dataset.subset(held_out))
            logits = train_pytorch(*parts, candidate, epochs, seed=repeat)
            targets = parts[1].targets
            loss = nn.functional.cross_entropy(*map(torch.tensor, (logits, targets)))
            results.append((accuracy(targets, logits.argmax(axis=1)), loss.item()))
    share, loss = np.mean(results, axis=0)
    print(f"{candidate.name}, {epochs} epochs: accuracy {share:.4f}, loss {loss:.4f}")
    return float(share), float(loss)


def train_pytorch(
    train: SequenceDataset,
    other: SequenceDataset,
    candidate: Candidate,
    epochs: int,
    seed: int,
) -> np.ndarray:
    """Train in PyTorch; return the logits on the other set, ``(examples, 9)``."""
    runtime.seed_everything(seed)
    model = TorchClassifier(9, num_features=12, **candidate.arguments)
    sampler = BucketSampler(train.lengths, BATCH_SIZE, seed=seed)
    parameters = model.parameters()
    torch_fit(
        model,
        torch_loader(train, sampler),
        loss=nn.CrossEntropyLoss(),
        optimizer=torch.optim.AdamW(parameters, lr=RATE, weight_decay=candidate.decay),
        epochs=epochs,
        clip_norm=CLIP_NORM,
        schedule=cosine(RATE, epochs * len(sampler)),
        metrics={"accuracy": batch_accuracy},
    )
    in_order = BucketSampler(other.lengths, 64, shuffle=False)
    return torch_predict(model, torch_loader(other, in_order))


def train_keras(
    train: SequenceDataset,
    other: SequenceDataset,
    candidate: Candidate,
    epochs: int,
    seed: int,
) -> np.ndarray:
    """Train in Keras; return the logits on the other set, ``(examples, 9)``."""
    runtime.seed_everything(seed)
    model = KerasClassifier(9, num_features=12, **candidate.arguments)
    sampler = BucketSampler(train.lengths, BATCH_SIZE, seed=seed)
    keras_fit(
        model,
        keras_loader(train, sampler),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.AdamW(RATE, weight_decay=candidate.decay),
        epochs=epochs,
        clip_norm=CLIP_NORM,
        schedule=cosine(RATE, epochs * len(sampler)),
    )
    in_order = BucketSampler(other.lengths, 64, shuffle=False)
    return keras_predict(model, keras_loader(other, in_order))


def _refits(
    train: Callable[..., np.ndarray],
    everything: SequenceDataset,
    test: SequenceDataset,
    chosen: Candidate,
    epochs: int,
) -> Iterator[np.ndarray]:
    """Predicted classes of the test set, for each seed, trained on all utterances."""
    for seed in SEEDS:
        parts = standardise(everything, test)
        yield train(*parts, chosen, epochs, seed).argmax(axis=1)


RUNS = {"vowels": (vowels, SEEDS)}
