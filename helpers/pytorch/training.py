"""The training loop of notebook 1, and what goes with it, in PyTorch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_
from torch.utils.data import DataLoader

from helpers.pytorch.callbacks import Callback
from helpers.pytorch.loading import each

Loss = Callable[..., Tensor]
#: Of a model with one output, or with several.
Output = Tensor | tuple[Tensor, ...]


@dataclass
class History:
    """The logs of a training run, in the form of Keras' ``History``.

    Attributes:
        epoch: the numbers of the epochs run, from 0.
        history: name -> one value an epoch: ``loss``, metrics, and both with ``val_``.
    """

    epoch: list[int] = field(default_factory=list)
    history: dict[str, list[float]] = field(default_factory=dict)

    def append(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Add one epoch."""
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)


def accuracy(outputs: Output, targets: Output) -> Tensor:
    """The share of right classes; one logit a row means a binary question.

    Of a model with a rating, the first of the two outputs and targets counts.
    """
    logits, targets = (x[0] if isinstance(x, tuple) else x for x in (outputs, targets))
    if logits.shape[-1] == 1:
        return ((logits > 0) == (targets.reshape(logits.shape) > 0.5)).float().mean()
    return (logits.argmax(dim=-1) == targets).float().mean()


def fit(
    model: nn.Module,
    train: Iterable,
    validation: Iterable | None = None,
    *,
    loss: Loss,
    optimizer: torch.optim.Optimizer,
    epochs: int,
    clip_norm: float | None = None,
    schedule: Callable[[int], float] | None = None,
    metrics: Mapping[str, Loss] | None = None,
    callbacks: Sequence[Callback] = (),
) -> History:
    """Train a model; the plain loop of notebook 1.

    Args:
        model: called as ``model(*inputs)``; it stays on its device.
        train: batches ``(inputs, targets)`` or ``(inputs, targets, sample_weight)``, where
            ``inputs`` is the tuple of the model's arguments.
        validation: batches that are evaluated after each epoch.
        loss: ``loss(outputs, targets[, sample_weight])`` -> the batch's mean.
        optimizer: over the model's parameters.
        epochs: how often to go through ``train``.
        clip_norm: the largest allowed norm of all gradients together; Keras'
            ``global_clipnorm``.
        schedule: ``step -> learning rate``, asked before every step, from step 0.
        metrics: name -> ``metric(outputs, targets)``, the batch's mean.
        callbacks: called between epochs; they may set ``model.stop_training``.

    Returns:
        The losses and metrics of every epoch.
    """
    metrics, history, step = metrics or {}, History(), 0
    model.stop_training = False
    for callback in callbacks:
        callback.set_model(model)
        callback.on_train_begin()
    for epoch in range(epochs):
        model.train()
        means = _Means()
        for batch in train:
            if schedule is not None:
                _set_rate(optimizer, schedule(step))
            means.add(*_train_step(model, batch, loss, optimizer, clip_norm, metrics))
            step += 1
        logs = means.result()
        if validation is not None:
            scores = evaluate(model, validation, loss=loss, metrics=metrics)
            logs |= {f"val_{name}": value for name, value in scores.items()}
        for callback in callbacks:
            callback.on_epoch_end(epoch, logs)  # may add to the logs, as in Keras
        history.append(epoch, logs)
        if model.stop_training:
            break
    for callback in callbacks:
        callback.on_train_end()
    model.eval()
    return history


@torch.no_grad()
def evaluate(
    model: nn.Module,
    batches: Iterable,
    *,
    loss: Loss,
    metrics: Mapping[str, Loss] | None = None,
) -> dict[str, float]:
    """Loss and metrics over all batches, each example counted once.

    The arguments are those of :func:`fit`.
    """
    model.eval()
    means = _Means()
    for batch in batches:
        inputs, *rest = move(batch, model)
        outputs = model(*inputs)
        means.add(len(inputs[0]), _scores(outputs, rest, loss, metrics or {}))
    return means.result()


@torch.no_grad()
def predict(
    model: nn.Module, batches: DataLoader
) -> np.ndarray | tuple[np.ndarray, ...]:
    """The model's outputs in the order of the data set, whatever the batches' order.

    Args:
        model: called as ``model(*inputs)``.
        batches: over a sampler that does not shuffle.

    Returns:
        ``(examples, num_classes)``; of a model with a rating, both outputs.

    Raises:
        ValueError: the sampler shuffles.
    """
    if batches.batch_sampler.shuffle:
        raise ValueError("batches must come from a sampler with shuffle=False")
    model.eval()
    back = np.argsort(np.concatenate(batches.batch_sampler.batches(0)))
    outputs = [model(*move(batch, model)[0]) for batch in batches]
    if isinstance(outputs[0], tuple):
        return tuple(
            torch.cat(parts).cpu().numpy()[back] for parts in zip(*outputs, strict=True)
        )
    return torch.cat(outputs).cpu().numpy()[back]


def move(batch: Sequence, model: nn.Module) -> tuple:
    """Move a batch to the model's device, all but the lengths.

    Lengths are the inputs of one dimension. They stay on the CPU, where packing reads them.
    """
    device = next(model.parameters()).device
    inputs, *rest = batch
    inputs = tuple(x if x.ndim == 1 else x.to(device) for x in inputs)
    return inputs, *(each(lambda x: x.to(device), part) for part in rest)


def _train_step(model, batch, loss, optimizer, clip_norm, metrics):
    """One step of gradient descent; returns the batch's size and scores."""
    inputs, *rest = move(batch, model)
    optimizer.zero_grad()
    outputs = model(*inputs)
    scores = _scores(outputs, rest, loss, metrics)
    scores["loss"].backward()
    if clip_norm is not None:
        clip_grad_norm_(model.parameters(), clip_norm)
    optimizer.step()
    return len(inputs[0]), {name: value.detach() for name, value in scores.items()}


def _scores(outputs, rest, loss, metrics) -> dict[str, Tensor]:
    scores = {name: metric(outputs, rest[0]) for name, metric in metrics.items()}
    return {"loss": loss(outputs, *rest)} | scores


def _set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


class _Means:
    """Means over examples from means over batches of different sizes."""

    def __init__(self) -> None:
        self.sums, self.count = {}, 0

    def add(self, size: int, scores: Mapping[str, Tensor]) -> None:
        self.count += size
        for name, value in scores.items():
            self.sums[name] = self.sums.get(name, 0.0) + size * value

    def result(self) -> dict[str, float]:
        return {name: float(total) / self.count for name, total in self.sums.items()}
