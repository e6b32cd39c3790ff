"""What the long runs on text share: training and predicting, the same in both frameworks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from helpers import runtime
from helpers.data import BucketSampler, SequenceDataset
from helpers.keras import keras
from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.keras.loading import loader as keras_loader
from helpers.keras.training import fit as keras_fit
from helpers.keras.training import predict as keras_predict
from helpers.pytorch.callbacks import Callback
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier
from helpers.pytorch.loading import loader as torch_loader
from helpers.pytorch.training import fit as torch_fit
from helpers.pytorch.training import predict as torch_predict
from helpers.schedules import one_cycle

BATCH_SIZE, DECAY, CLIP_NORM, RATING_WEIGHT = 64, 0.01, 1.0, 0.1


class InPyTorch:
    """A classifier of texts in PyTorch, its training and its answers."""

    def __init__(self, seed: int, **arguments: Any) -> None:
        """Seed, and make the model from the arguments of ``SequenceClassifier``."""
        runtime.seed_everything(seed)
        self.seed, self.model = seed, TorchClassifier(**arguments)

    def fit(
        self,
        dataset: SequenceDataset,
        epochs: int,
        rate: float,
        callbacks: Sequence[Callback] = (),
    ) -> None:
        """Train for some epochs of one rise and fall of the learning rate."""
        sampler = BucketSampler(dataset.lengths, BATCH_SIZE, seed=self.seed)
        parameters = self.model.parameters()
        torch_fit(
            self.model,
            torch_loader(dataset, sampler),
            loss=torch_loss,
            optimizer=torch.optim.AdamW(parameters, lr=rate, weight_decay=DECAY),
            epochs=epochs,
            clip_norm=CLIP_NORM,
            schedule=one_cycle(rate, epochs * len(sampler)),
            callbacks=callbacks,
        )

    def classes(self, dataset: SequenceDataset) -> np.ndarray:
        """The predicted classes, ``(examples,)``."""
        return first(
            torch_predict(self.model, torch_loader(*in_order(dataset)))
        ).argmax(1)


class InKeras:
    """The same in Keras; only the loss of a model with a rating is offered."""

    def __init__(self, seed: int, **arguments: Any) -> None:
        """Seed, and make the model from the arguments of ``SequenceClassifier``."""
        runtime.seed_everything(seed)
        self.seed, self.model = seed, KerasClassifier(**arguments)

    def fit(self, dataset: SequenceDataset, epochs: int, rate: float) -> None:
        """Train for some epochs of one rise and fall of the learning rate."""
        sampler = BucketSampler(dataset.lengths, BATCH_SIZE, seed=self.seed)
        cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        keras_fit(
            self.model,
            keras_loader(dataset, sampler),
            loss=[cross_entropy, "mse"],
            loss_weights=[1.0, RATING_WEIGHT],
            optimizer=keras.optimizers.AdamW(rate, weight_decay=DECAY),
            epochs=epochs,
            clip_norm=CLIP_NORM,
            schedule=one_cycle(rate, epochs * len(sampler)),
        )

    def classes(self, dataset: SequenceDataset) -> np.ndarray:
        """The predicted classes, ``(examples,)``."""
        return first(
            keras_predict(self.model, keras_loader(*in_order(dataset)))
        ).argmax(1)


SYSTEMS = {"pytorch": InPyTorch, "keras": InKeras}


def torch_loss(outputs: Any, targets: Any) -> torch.Tensor:
    """Cross-entropy, and the squared error of the rating where the model gives one."""
    labels, ratings = targets
    loss = nn.functional.cross_entropy(first(outputs), labels)
    if isinstance(outputs, tuple):
        error = nn.functional.mse_loss(outputs[1][:, 0], ratings)
        loss = loss + RATING_WEIGHT * error
    return loss


def in_order(dataset: SequenceDataset) -> tuple[SequenceDataset, BucketSampler]:
    """A data set and a sampler that does not shuffle, as loaders take them."""
    return dataset, BucketSampler(dataset.lengths, 128, shuffle=False)


def first(outputs: Any) -> Any:
    """The logits, of a model with a rating or without."""
    return outputs[0] if isinstance(outputs, tuple) else outputs
