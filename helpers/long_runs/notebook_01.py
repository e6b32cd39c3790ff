"""Long runs of notebook 1: Japanese Vowels, models chosen by cross-validation."""

from typing import Any

import numpy as np
import torch
from sklearn.model_selection import StratifiedKFold
from torch import nn

from helpers import runtime
from helpers.data import SequenceDataset, load_japanese_vowels, standardise
from helpers.keras import keras
from helpers.long_runs.recipe import FRAMEWORKS, Recipe, in_order, study
from helpers.metrics import accuracy
from helpers.schedules import cosine

SEEDS = (0, 1, 2)
EPOCHS = (30, 60)
REPEATS = (0, 1)  # of the five-fold validation, each with folds of its own

_BIGRU = {"cell": "gru", "bidirectional": True, "dropout": 0.4}
_MEAN, _BOTH = _BIGRU | {"readout": "mean"}, _BIGRU | {"readout": "mean_max"}
#: Family -> name -> arguments of the model, and the decay of its weights.
CANDIDATES: dict[str, dict[str, tuple[dict[str, Any], float]]] = {
    "plain": {
        "RNN 64": ({"hidden_size": 64}, 0.01),
        "RNN 64, dropout": ({"hidden_size": 64, "dropout": 0.4}, 0.01),
        "RNN 128, dropout": ({"hidden_size": 128, "dropout": 0.4}, 0.01),
    },
    "best": {
        "BiGRU, mean": (_MEAN, 0.01),
        "BiGRU, mean, more decay": (_MEAN, 0.1),
        "BiGRU, mean and max": (_BOTH, 0.01),
        "BiGRU, mean and max, more decay": (_BOTH, 0.1),
    },
}


def vowels() -> dict[str, Any]:
    """Choose a plain and a best model by validation; refit on all; test, 3 seeds.

    Architecture and number of epochs come from stratified 5-fold validation on the 270
    training utterances, twice, in PyTorch; the lowest loss decides. Both frameworks then
    train the chosen models on all 270.
    """
    everything, test = load_japanese_vowels()
    parts = standardise(everything, test)
    figures: dict[str, Any] = {}
    best = {}
    for family, candidates in CANDIDATES.items():
        tried = {
            f"{name}, {epochs} epochs": (*candidate, epochs)
            for name, candidate in candidates.items()
            for epochs in EPOCHS
        }
        scores = {name: cross_validate(everything, *tried[name]) for name in tried}
        chosen = min(scores, key=lambda name: scores[name]["loss"])
        best[family] = tried[chosen]
        figures |= {f"validation_{family}": scores, f"chosen_{family}": chosen}
        print(f"{family}: {chosen} of {scores}", flush=True)

    def tested(system: str, seed: int) -> dict[str, float]:
        family, framework = system.split("_")
        logits = train(framework, *parts, *best[family], seed)
        return {"test_accuracy": accuracy(test.targets, logits.argmax(1))}

    systems = [f"{family}_{framework}" for family in best for framework in FRAMEWORKS]
    return figures | study(SEEDS, systems, tested)


def cross_validate(
    dataset: SequenceDataset, arguments: dict[str, Any], decay: float, epochs: int
) -> dict[str, float]:
    """Mean validation accuracy and loss over five stratified folds, repeated."""
    results = []
    for repeat in REPEATS:
        folds = StratifiedKFold(5, shuffle=True, random_state=repeat)
        for learned, held_out in folds.split(np.zeros(len(dataset)), dataset.targets):
            parts = standardise(dataset.subset(learned), dataset.subset(held_out))
            logits = train("pytorch", *parts, arguments, decay, epochs, seed=repeat)
            targets = parts[1].targets
            loss = nn.functional.cross_entropy(*map(torch.tensor, (logits, targets)))
            results.append((accuracy(targets, logits.argmax(1)), loss.item()))
    return dict(
        zip(("accuracy", "loss"), np.mean(results, axis=0).tolist(), strict=True)
    )


def train(
    framework: str,
    learned: SequenceDataset,
    other: SequenceDataset,
    arguments: dict[str, Any],
    decay: float,
    epochs: int,
    seed: int,
) -> np.ndarray:
    """Train a candidate; return the logits on the other set, ``(examples, 9)``."""
    part = FRAMEWORKS[framework]
    recipe = Recipe(epochs, 3e-3, batch_size=32, decay=decay, schedule=cosine)
    loss = nn.CrossEntropyLoss()
    if framework == "keras":
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    runtime.seed_everything(seed)
    model = part.classifier.SequenceClassifier(9, num_features=12, **arguments)
    recipe.fit(framework, model, recipe.batches(framework, learned, seed), loss=loss)
    return part.training.predict(model, in_order(framework, other, 64))


RUNS = (vowels,)
