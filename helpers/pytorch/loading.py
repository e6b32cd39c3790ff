"""Padded batches of similar lengths as a PyTorch ``DataLoader``."""

from collections.abc import Callable
from typing import Any

import torch
from torch.utils.data import DataLoader

from helpers.data.batching import BucketSampler, collate
from helpers.data.dataset import SequenceDataset


def each(function: Callable, values: Any) -> Any:
    """Apply a function to every entry of a tuple, or to the one value there is."""
    return (
        tuple(map(function, values)) if isinstance(values, tuple) else function(values)
    )


def loader(dataset: SequenceDataset, sampler: BucketSampler) -> DataLoader:
    """Batches ``((inputs, lengths), targets)`` of tensors.

    Args:
        dataset: the examples.
        sampler: decides which examples form a batch, and in which order.

    Returns:
        A ``DataLoader`` whose iterations are the sampler's epochs. ``inputs`` is
        ``(batch, steps[, features])``; lengths and targets are ``(batch,)``; with ratings,
        targets are the pair ``(classes, ratings)``.
    """
    make = getattr(dataset, "collate", collate)  # a data set may have a way of its own

    def to_tensors(examples):
        inputs, targets = make(examples, sampler)
        return each(torch.from_numpy, inputs), each(torch.from_numpy, targets)

    return DataLoader(dataset, batch_sampler=sampler, collate_fn=to_tensors)
