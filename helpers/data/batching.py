"""Batches of sequences: padding, and buckets of similar lengths.

The padding contract of the course: pads stand on the right and are 0, and every batch
carries its ``lengths``. A mask is derived from ``lengths``, never guessed from values.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from helpers.arguments import check_at_least
from helpers.data.dataset import Target


def pad(
    sequences: Sequence[np.ndarray | Sequence[int]], steps: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Pad sequences on the right with 0 to one array.

    Args:
        sequences: each ``(steps,)`` integer ids, or ``(steps, features)`` floats.
        steps: the padded length; by default that of the longest sequence.

    Returns:
        ``(padded, lengths)``: ids ``(batch, steps)`` int64 or features
        ``(batch, steps, features)`` float32, and lengths ``(batch,)`` int64.

    Raises:
        ValueError: no sequences, one of length zero, different numbers of features, or
            ``steps`` too small.
    """
    if len(sequences) == 0:
        raise ValueError("sequences must hold at least one sequence, got none")
    arrays = [np.asarray(sequence) for sequence in sequences]
    lengths = np.array([len(array) for array in arrays], dtype=np.int64)
    if lengths.min() == 0:
        raise ValueError(
            f"sequences must all have at least one step; sequence {lengths.argmin()} "
            "has none (encode an empty text as one <unk>)"
        )
    features = {array.shape[1:] for array in arrays}
    if len(features) > 1:
        raise ValueError(
            f"sequences must all have the same number of features, got {sorted(features)}"
        )
    longest = lengths.max()
    steps = longest if steps is None else steps
    if steps < longest:
        raise ValueError(
            f"steps must be at least the longest length {longest}: {steps}"
        )
    are_ids = all(np.issubdtype(array.dtype, np.integer) for array in arrays)
    dtype = np.int64 if are_ids else np.float32
    padded = np.zeros((len(arrays), steps, *arrays[0].shape[1:]), dtype)
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    return padded, lengths


class BucketSampler:
    """Batches of indices whose sequences have similar lengths.

    Sequences are sorted into buckets by length, the same buckets in every epoch; each
    epoch shuffles inside the buckets, cuts batches, and shuffles those. The last batch of
    a bucket may be smaller; nothing is dropped. Less padding means less work: that, and
    not packing, is what makes training fast on a CPU.

    PyTorch takes the sampler itself (``DataLoader(batch_sampler=...)``: one epoch an
    iteration); Keras asks for :meth:`batches`. Both see the same batches in the same order.
    """

    def __init__(
        self,
        lengths: Sequence[int] | np.ndarray,
        batch_size: int,
        *,
        num_buckets: int = 8,
        shuffle: bool = True,
        seed: int = 0,
    ) -> None:
        """Sort the sequences into buckets.

        Args:
            lengths: ``(examples,)``, the number of steps of each sequence.
            batch_size: how many sequences a batch holds at most.
            num_buckets: how many buckets at most; equal lengths share a bucket.
            shuffle: whether epochs differ; ``False`` for evaluation.
            seed: of the shuffling.
        """
        lengths = np.asarray(lengths)
        if lengths.ndim != 1 or len(lengths) == 0:
            raise ValueError(f"lengths must be one row of numbers, got {lengths.shape}")
        check_at_least(1, batch_size=batch_size, num_buckets=num_buckets)
        shares = np.linspace(1 / num_buckets, 1, num_buckets)
        #: The longest length of each bucket, ascending.
        self.boundaries = np.unique(np.quantile(lengths, shares, method="higher"))
        self.batch_size, self.shuffle, self.seed = batch_size, shuffle, seed
        self.epoch = 0
        buckets = np.searchsorted(self.boundaries, lengths)
        self._buckets = [np.flatnonzero(buckets == b) for b in np.unique(buckets)]

    def batches(self, epoch: int) -> list[np.ndarray]:
        """The batches of one epoch: arrays of indices, the same for the same epoch."""
        rng = np.random.default_rng((self.seed, epoch))
        batches, bucket_of = [], []
        for number, bucket in enumerate(self._buckets):
            members = rng.permutation(bucket) if self.shuffle else bucket
            cut = range(self.batch_size, len(members), self.batch_size)
            batches += np.split(members, cut)
            bucket_of += [number] * (len(cut) + 1)
        order = np.arange(len(batches))
        if self.shuffle:
            rng.shuffle(order)
        # Keras infers the shapes of a data set from its first two batches. Two different
        # lengths there tell it that the number of steps varies.
        first = bucket_of[order[0]]
        other = next((i for i, b in enumerate(order) if bucket_of[b] != first), None)
        if other is not None:
            order[[1, other]] = order[[other, 1]]
        return [batches[i] for i in order]

    def padded_steps(self, longest: int) -> int:
        """How far a batch is padded: the longest length of its bucket.

        One length a bucket, the same in every epoch: a compiler that works once a shape
        has few shapes to compile.
        """
        return int(self.boundaries[np.searchsorted(self.boundaries, longest)])

    def __iter__(self) -> Iterator[list[int]]:
        """The batches of the next epoch."""
        epoch, self.epoch = self.epoch, self.epoch + 1
        for batch in self.batches(epoch):
            yield batch.tolist()

    def __len__(self) -> int:
        """The number of batches an epoch."""
        return sum(-(-len(bucket) // self.batch_size) for bucket in self._buckets)


def collate(
    examples: Sequence[tuple[np.ndarray, Target]], sampler: BucketSampler
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray | tuple[np.ndarray, ...]]:
    """Make one batch of examples.

    Args:
        examples: ``(sequence, target)`` pairs of one bucket.
        sampler: whose bucket says how far to pad.

    Returns:
        ``((inputs, lengths), targets)``, as both frameworks' models expect it; targets
        are ``(batch,)``, or a tuple of two such arrays where examples carry a rating, or
        ``(batch, steps)`` where every step has its own, with 0 on pads.
    """
    sequences, targets = zip(*examples, strict=True)
    longest = max(len(sequence) for sequence in sequences)
    batch = pad(sequences, sampler.padded_steps(longest))
    if isinstance(targets[0], tuple):
        return batch, tuple(np.array(column) for column in zip(*targets, strict=True))
    if np.ndim(targets[0]) == 1:
        return batch, pad(targets, batch[0].shape[1])[0]
    return batch, np.array(targets)


def sorted_batches(
    sequences: Sequence[np.ndarray], batch_size: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Padded batches of sequences of similar length, shortest first; empty ones are left out.

    Args:
        sequences: each ``(steps,)`` ids.
        batch_size: how many sequences a batch holds at most.

    Yields:
        ``(rows, padded, lengths)``: which sequences, ``(batch,)``; their ids
        ``(batch, steps)``; and how many each has, ``(batch,)``.
    """
    check_at_least(1, batch_size=batch_size)
    lengths = np.array([len(sequence) for sequence in sequences])
    order = np.argsort(lengths, kind="stable")
    order = order[lengths[order] > 0]
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        yield rows, *pad([sequences[row] for row in rows])
