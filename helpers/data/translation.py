"""Pairs of sentences as examples: what is read, what is given, what is to be written."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.data.batching import BucketSampler, pad
from helpers.data.vocabulary import Vocabulary

#: Ids of a target vocabulary built with ``specials=SPECIALS``.
SPECIALS = ("<s>", "</s>")
START_ID, END_ID = 2, 3

Batch = tuple[tuple[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class TranslationDataset:
    """Pairs of sentences in ids.

    Attributes:
        sources: each ``(steps,)`` ids.
        targets: each ``(steps,)`` ids, without ``<s>`` and ``</s>``.
    """

    sources: Sequence[np.ndarray]
    targets: Sequence[np.ndarray]

    def __post_init__(self) -> None:
        """Check that sentences come in pairs."""
        if len(self.sources) != len(self.targets):
            raise ValueError(
                "targets must hold one sentence a source: got "
                f"{len(self.targets)} for {len(self.sources)}"
            )

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.sources)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """One pair: ``(source, target)``."""
        return self.sources[index], self.targets[index]

    @property
    def lengths(self) -> np.ndarray:
        """``(pairs,)``: the number of steps of each source."""
        return np.array([len(source) for source in self.sources])

    @staticmethod
    def collate(
        examples: Sequence[tuple[np.ndarray, np.ndarray]],
        sampler: BucketSampler,
        more: int = 0,
    ) -> Batch:
        """Make one batch for teacher forcing.

        Args:
            examples: pairs of one bucket.
            sampler: whose bucket says how far to pad the sources.
            more: pads to add behind the longest target.

        Returns:
            ``((source, lengths, target_in), target_out)``: the decoder is given ``<s>`` and
            the words, and is to write the words and ``</s>``.
        """
        sources, targets = zip(*examples, strict=True)
        longest = max(len(source) for source in sources)
        source, lengths = pad(sources, sampler.padded_steps(longest))
        given = [np.concatenate([[START_ID], target]) for target in targets]
        wanted = [np.concatenate([target, [END_ID]]) for target in targets]
        steps = max(map(len, given)) + more
        return (source, lengths, pad(given, steps)[0]), pad(wanted, steps)[0]


def encode_pairs(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]],
    source_vocabulary: Vocabulary,
    target_vocabulary: Vocabulary,
) -> TranslationDataset:
    """Pairs of token lists -> pairs of ids.

    Args:
        pairs: ``(source, target)`` tokens.
        source_vocabulary: of the language read.
        target_vocabulary: of the language written, with ``specials=SPECIALS``.

    Raises:
        ValueError: the target vocabulary has no ``<s>`` and ``</s>`` where they belong.
    """
    if target_vocabulary.specials[:2] != SPECIALS:
        raise ValueError(
            f"target_vocabulary must be built with specials={SPECIALS}; it has "
            f"{target_vocabulary.specials}"
        )
    return TranslationDataset(
        [source_vocabulary.encode(source) for source, _ in pairs],
        [target_vocabulary.encode(target) for _, target in pairs],
    )
