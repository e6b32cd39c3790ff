"""A data set of sequences: what the loaders of both frameworks read from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

#: A class; a class and a rating; or an item a step.
Target = np.generic | tuple[np.generic, np.generic] | np.ndarray


@dataclass(frozen=True)
class SequenceDataset:
    """Sequences of different lengths, each with one target, or with two.

    Attributes:
        sequences: each ``(steps, features)`` float32, or ``(steps,)`` integer ids.
        targets: ``(examples,)``, one class a sequence; or as many arrays ``(steps,)``, an
            item for each step, in an array of objects.
        ratings: ``(examples,)`` float32, a number to predict beside the class. With ratings,
            a target is the pair ``(class, rating)``.
    """

    sequences: Sequence[np.ndarray]
    targets: np.ndarray
    ratings: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Check that there is one target a sequence."""
        for name in ("targets", "ratings"):
            values = getattr(self, name)
            if values is not None and len(self.sequences) != len(values):
                raise ValueError(
                    f"{name} must hold one entry a sequence: got {len(values)} "
                    f"{name} for {len(self.sequences)} sequences"
                )

    def __len__(self) -> int:
        """The number of examples."""
        return len(self.sequences)

    def __getitem__(self, index: int) -> tuple[np.ndarray, Target]:
        """One example: ``(sequence, target)``."""
        if self.ratings is None:
            return self.sequences[index], self.targets[index]
        return self.sequences[index], (self.targets[index], self.ratings[index])

    @property
    def lengths(self) -> np.ndarray:
        """``(examples,)``: the number of steps of each sequence."""
        return np.array([len(sequence) for sequence in self.sequences])

    def subset(self, indices: Sequence[int] | np.ndarray) -> "SequenceDataset":
        """The examples at ``indices``, in that order."""
        indices = np.asarray(indices)
        return SequenceDataset(
            [self.sequences[i] for i in indices],
            self.targets[indices],
            None if self.ratings is None else self.ratings[indices],
        )


def stratified_split(
    dataset: SequenceDataset, held_out: int | float, seed: int = 0
) -> tuple[SequenceDataset, SequenceDataset]:
    """Split off a part in which every class keeps its share.

    Args:
        dataset: what to split.
        held_out: how many examples to hold out (int), or which share (float).
        seed: of the split; the same seed gives the same split.

    Returns:
        ``(rest, held_out)``.

    Raises:
        ValueError: ``held_out`` leaves a part without one example a class.
    """
    rest, held = train_test_split(
        np.arange(len(dataset)),
        test_size=held_out,
        stratify=dataset.targets,
        random_state=seed,
    )
    for part in (rest, held):
        missing = np.setdiff1d(dataset.targets, dataset.targets[part])
        if len(missing):
            raise ValueError(
                f"held_out={held_out} leaves a part without class {missing[0]}"
            )
    return dataset.subset(np.sort(rest)), dataset.subset(np.sort(held))


def standardise(
    train: SequenceDataset, *others: SequenceDataset
) -> tuple[SequenceDataset, ...]:
    """Scale every feature to mean 0 and deviation 1, as measured on ``train`` alone.

    Args:
        train: the sequences that set the scale, each ``(steps, features)``.
        *others: validation and test sets, scaled with the training set's figures.

    Returns:
        The scaled data sets, in the order given.
    """
    scaler = StandardScaler().fit(np.concatenate(train.sequences))

    def scale(dataset: SequenceDataset) -> SequenceDataset:
        scaled = [scaler.transform(s).astype(np.float32) for s in dataset.sequences]
        return SequenceDataset(scaled, dataset.targets, dataset.ratings)

    return tuple(scale(dataset) for dataset in (train, *others))
