"""What the long runs on text share: training and answering, the same in both frameworks."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import nn

from helpers import runtime
from helpers.data import SequenceDataset, Vocabulary, tokenise
from helpers.data.word_vectors import train_word_vectors
from helpers.keras import keras
from helpers.long_runs.recipe import FRAMEWORKS, Recipe, in_order

EMBEDDING_DIM, VECTOR_SCALE, RATING_WEIGHT = 64, 0.5, 0.1


def word_arguments(vocabulary: Vocabulary, texts: Iterable[str]) -> dict[str, Any]:
    """The model's arguments that hang on the words, with vectors learned from ``texts``."""
    vectors = train_word_vectors(map(tokenise, texts), vocabulary, EMBEDDING_DIM)
    return {
        "vocab_size": len(vocabulary),
        "embedding_dim": EMBEDDING_DIM,
        "embeddings": VECTOR_SCALE * vectors,
    }


def train(
    framework: str,
    seed: int,
    arguments: dict[str, Any],
    *stages: tuple[SequenceDataset, Recipe],
    **more: Any,
) -> tuple[Any, Any]:
    """Train a classifier on labels and ratings; in Keras it must have both outputs.

    Args:
        framework: ``"pytorch"`` or ``"keras"``.
        seed: of the weights, the dropout and the batches.
        arguments: of ``SequenceClassifier``.
        *stages: data sets one after another, each with its recipe.
        **more: for ``fit``.

    Returns:
        The model, and what the last ``fit`` returned.
    """
    runtime.seed_everything(seed)
    model = FRAMEWORKS[framework].classifier.SequenceClassifier(**arguments)
    loss: dict[str, Any] = {"loss": torch_loss}
    if framework == "keras":
        labels = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        loss = {"loss": [labels, "mse"], "loss_weights": [1.0, RATING_WEIGHT]}
    for dataset, recipe in stages:
        batches = recipe.batches(framework, dataset, seed)
        history = recipe.fit(framework, model, batches, **loss, **more)
    return model, history


def classes(framework: str, model: Any, dataset: SequenceDataset) -> np.ndarray:
    """The predicted classes, ``(examples,)``."""
    predict = FRAMEWORKS[framework].training.predict
    return first(predict(model, in_order(framework, dataset))).argmax(1)


def torch_loss(outputs: Any, targets: Any) -> torch.Tensor:
    """Cross-entropy, and the squared error of the rating where the model gives one."""
    labels, ratings = targets
    loss = nn.functional.cross_entropy(first(outputs), labels)
    if isinstance(outputs, tuple):
        error = nn.functional.mse_loss(outputs[1][:, 0], ratings)
        loss = loss + RATING_WEIGHT * error
    return loss


def first(outputs: Any) -> Any:
    """The logits, of a model with a rating or without."""
    return outputs[0] if isinstance(outputs, tuple) else outputs
