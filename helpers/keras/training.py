"""Keras' own ``compile`` and ``fit``, called with the arguments of the PyTorch loop."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from helpers.keras.loading import BucketedDataset


class _Schedule(keras.callbacks.Callback):
    """Set the learning rate before every step, counted from 0 over all epochs."""

    def __init__(self, schedule: Callable[[int], float]) -> None:
        super().__init__()
        self.schedule, self.step = schedule, 0

    def on_train_batch_begin(self, batch: int, logs: dict | None = None) -> None:
        self.model.optimizer.learning_rate = self.schedule(self.step)
        self.step += 1


def fit(
    model: keras.Model,
    train: BucketedDataset,
    validation: BucketedDataset | None = None,
    *,
    loss: Any,
    loss_weights: Any = None,
    optimizer: keras.optimizers.Optimizer,
    epochs: int,
    clip_norm: float | None = None,
    schedule: Callable[[int], float] | None = None,
    metrics: Any = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    jit_compile: bool = False,
) -> keras.callbacks.History:
    """Compile and train a model, with the arguments of ``helpers.pytorch.training.fit``.

    Args:
        model: called as ``model(inputs)``.
        train: batches ``(inputs, targets)`` or ``(inputs, targets, sample_weight)``.
        validation: batches that are evaluated after each epoch.
        loss: as ``compile`` takes it; a list for a model with a rating.
        loss_weights: as ``compile`` takes them.
        optimizer: its ``global_clipnorm`` is set to ``clip_norm``.
        epochs: how often to go through ``train``.
        clip_norm: the largest allowed norm of all gradients together.
        schedule: ``step -> learning rate``, asked before every step, from step 0.
        metrics: as ``compile`` takes them.
        callbacks: Keras callbacks.
        jit_compile: whether XLA compiles the step; measure before you turn it on.

    Returns:
        The losses and metrics of every epoch.
    """
    optimizer.global_clipnorm = clip_norm
    model.compile(
        optimizer,
        loss,
        loss_weights=loss_weights,
        metrics=metrics,
        jit_compile=jit_compile,
    )
    if schedule is not None:
        callbacks = [*callbacks, _Schedule(schedule)]
    return model.fit(
        train,
        validation_data=validation,
        epochs=epochs,
        callbacks=list(callbacks),
        shuffle=False,  # the sampler shuffles
        verbose=0,
    )


def evaluate(model: keras.Model, batches: BucketedDataset) -> dict[str, float]:
    """Loss and metrics over all batches, each example counted once."""
    return model.evaluate(batches, return_dict=True, verbose=0)


def predict(
    model: keras.Model, batches: BucketedDataset
) -> np.ndarray | tuple[np.ndarray, ...]:
    """The model's outputs in the order of the data set, whatever the batches' order.

    Args:
        model: called as ``model(inputs)``.
        batches: over a sampler that does not shuffle.

    Returns:
        ``(examples, num_classes)``; of a model with a rating, both outputs.

    Raises:
        ValueError: the sampler shuffles.
    """
    if batches.sampler.shuffle:
        raise ValueError("batches must come from a sampler with shuffle=False")
    back = np.argsort(np.concatenate(batches.sampler.batches(0)))
    outputs = model.predict(batches, verbose=0)
    if isinstance(outputs, list | tuple):
        return tuple(output[back] for output in outputs)
    return outputs[back]
