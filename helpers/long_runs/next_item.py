"""What the long runs on MovieLens share: one recipe, the same in both frameworks."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from helpers import runtime
from helpers.data import BucketSampler, SequenceDataset, every_prefix
from helpers.data.next_item import HeldOut
from helpers.keras import keras
from helpers.keras.loading import loader as keras_loader
from helpers.keras.next_item import NextItemModel as KerasModel
from helpers.keras.next_item import next_item_loss as keras_loss
from helpers.keras.next_item import score_next as keras_score
from helpers.keras.training import fit as keras_fit
from helpers.long_runs.store import mean
from helpers.metrics import hit_rate, mrr, ndcg, target_ranks
from helpers.pytorch.loading import loader as torch_loader
from helpers.pytorch.next_item import NextItemModel as TorchModel
from helpers.pytorch.next_item import next_item_loss as torch_loss
from helpers.pytorch.next_item import score_next as torch_score
from helpers.pytorch.training import fit as torch_fit
from helpers.schedules import one_cycle

#: Chosen on validation items; the notebook trains with the same.
MODEL = {"embedding_dim": 64, "hidden_size": 128, "dropout": 0.3, "tie_weights": True}
STEPS, BATCH_SIZE, EPOCHS, RATE, DECAY, CLIP_NORM = 100, 32, 15, 5e-3, 0.01, 1.0
MEASURES = {"hr10": hit_rate, "ndcg10": ndcg, "mrr10": mrr}

Scores = Callable[[Sequence[np.ndarray]], np.ndarray]
Loss = Callable[[Tensor, Tensor], Tensor]


def in_pytorch(
    train: Sequence[np.ndarray] | SequenceDataset,
    num_items: int,
    seed: int,
    *,
    kind: type[TorchModel] = TorchModel,
    loss: Callable[[TorchModel], Loss] = lambda model: torch_loss,
    batch_size: int = BATCH_SIZE,
) -> TorchModel:
    """Train by the recipe.

    Args:
        train: histories, or examples made of them.
        num_items: how many items there are.
        seed: of the weights, the dropout and the batches.
        kind: the model, or one whose ``forward`` returns something else.
        loss: makes the loss, of what ``forward`` returns and of the targets.
        batch_size: examples a batch.
    """
    runtime.seed_everything(seed)
    dataset, sampler = _batches(train, seed, batch_size)
    model = kind(num_items, **MODEL)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    torch_fit(
        model,
        torch_loader(dataset, sampler),
        loss=loss(model),
        optimizer=optimizer,
        epochs=EPOCHS,
        clip_norm=CLIP_NORM,
        schedule=one_cycle(RATE, EPOCHS * len(sampler)),
    )
    return model


def in_keras(train: Sequence[np.ndarray], num_items: int, seed: int) -> KerasModel:
    """The same in Keras."""
    runtime.seed_everything(seed)
    dataset, sampler = _batches(train, seed)
    model = KerasModel(num_items, **MODEL)
    keras_fit(
        model,
        keras_loader(dataset, sampler),
        loss=keras_loss(),
        optimizer=keras.optimizers.AdamW(RATE, weight_decay=DECAY),
        epochs=EPOCHS,
        clip_norm=CLIP_NORM,
        schedule=one_cycle(RATE, EPOCHS * len(sampler)),
    )
    return model


#: Framework -> (train, score).
SYSTEMS = {"pytorch": (in_pytorch, torch_score), "keras": (in_keras, keras_score)}


def measure(score_next: Scores, held_out: HeldOut) -> dict[str, float]:
    """All figures of one system, by full ranking.

    Args:
        score_next: histories -> ``(users, num_items + 1)``.
        held_out: the questions.

    Returns:
        ``hr10``, ``ndcg10``, ``mrr10``, and the same with ``_unseen``: seen items removed.
    """
    scores = score_next(held_out.histories)
    figures = {}
    for variant, removed in {"": None, "_unseen": held_out.histories}.items():
        ranks = target_ranks(scores, held_out.targets, removed)
        for name, each in MEASURES.items():
            figures[f"{name}{variant}"] = each(ranks, 10)
    return figures


def means(each: Sequence[dict[str, float]], system: str) -> dict[str, Any]:
    """From one set of figures a seed to ``test_<figure>_<system>`` with mean and all."""
    return {
        f"test_{name}_{system}": mean([figures[name] for figures in each])
        for name in each[0]
    }


def _batches(
    train: Sequence[np.ndarray] | SequenceDataset,
    seed: int,
    batch_size: int = BATCH_SIZE,
) -> tuple[SequenceDataset, BucketSampler]:
    dataset = (
        train if isinstance(train, SequenceDataset) else every_prefix(train, STEPS)
    )
    return dataset, BucketSampler(dataset.lengths, batch_size, seed=seed)
