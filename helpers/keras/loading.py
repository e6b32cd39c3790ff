"""Padded batches of similar lengths as a Keras ``PyDataset``."""

import keras

from helpers.data.batching import BucketSampler, collate
from helpers.data.dataset import SequenceDataset


class BucketedDataset(keras.utils.PyDataset):
    """Batches ``((inputs, lengths), targets)`` of arrays; see :func:`loader`."""

    def __init__(self, dataset: SequenceDataset, sampler: BucketSampler) -> None:
        """Remember what is batched, and how."""
        super().__init__()
        self.dataset, self.sampler = dataset, sampler
        self.epoch = -1  # none begun
        self._batches = sampler.batches(0)

    def on_epoch_begin(self) -> None:
        """Draw the batches of the next epoch."""
        self.epoch += 1
        self._batches = self.sampler.batches(self.epoch)

    def __getitem__(self, index: int):
        """The batch at ``index`` of the current epoch."""
        examples = [self.dataset[i] for i in self._batches[index]]
        if not hasattr(self.dataset, "collate"):
            return collate(examples, self.sampler)
        inputs, targets = self.dataset.collate(examples, self.sampler)
        # Keras takes for fixed what its first two batches have in common.
        if index == 1 and inputs[0].shape[1] == self[0][0][0].shape[1]:
            return self.dataset.collate(examples, self.sampler, more=1)
        return inputs, targets

    def __len__(self) -> int:
        """The number of batches an epoch."""
        return len(self.sampler)


def loader(dataset: SequenceDataset, sampler: BucketSampler) -> BucketedDataset:
    """Batches ``((inputs, lengths), targets)`` of arrays.

    Pass ``shuffle=False`` to Keras' ``fit``: the sampler shuffles already, and Keras would
    shuffle the order of the batches once more.

    Args:
        dataset: the examples.
        sampler: decides which examples form a batch, and in which order.

    Returns:
        A ``PyDataset`` whose epochs are the sampler's. ``inputs`` is
        ``(batch, steps[, features])``; lengths and targets are ``(batch,)``.
    """
    return BucketedDataset(dataset, sampler)
