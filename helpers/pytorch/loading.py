"""Padded batches of similar lengths as a PyTorch ``DataLoader``."""

import torch
from torch.utils.data import DataLoader

from helpers.data.batching import BucketSampler, collate
from helpers.data.dataset import SequenceDataset


def loader(dataset: SequenceDataset, sampler: BucketSampler) -> DataLoader:
    """Batches ``((inputs, lengths), targets)`` of tensors.

    Args:
        dataset: the examples.
        sampler: decides which examples form a batch, and in which order.

    Returns:
        A ``DataLoader`` whose iterations are the sampler's epochs. ``inputs`` is
        ``(batch, steps[, features])``; lengths and targets are ``(batch,)``.
    """

    def to_tensors(examples):
        (inputs, lengths), targets = collate(examples, sampler)
        inputs, lengths = torch.from_numpy(inputs), torch.from_numpy(lengths)
        return (inputs, lengths), torch.from_numpy(targets)

    return DataLoader(dataset, batch_sampler=sampler, collate_fn=to_tensors)
