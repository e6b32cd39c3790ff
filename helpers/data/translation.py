"""Pairs of sentences as examples: what is read, what is given, what is to be written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.arguments import check_between
from helpers.data.batching import BucketSampler, pad
from helpers.data.vocabulary import UNKNOWN, Vocabulary

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
        """``(pairs,)``: the number of steps of each target, its end counted.

        Batches are bucketed by these: a step of the decoder, with an output over the whole
        vocabulary, costs several times a step of the encoder.
        """
        return np.array([len(target) + 1 for target in self.targets])

    @staticmethod
    def collate(
        examples: Sequence[tuple[np.ndarray, np.ndarray]],
        sampler: BucketSampler,
        more: int = 0,
    ) -> Batch:
        """Make one batch for teacher forcing.

        Args:
            examples: pairs of one bucket.
            sampler: whose bucket says how far to pad the targets.
            more: pads to add behind the longest source.

        Returns:
            ``((source, lengths, target_in), target_out)``: the decoder is given ``<s>`` and
            the words, and is to write the words and ``</s>``.
        """
        sources, targets = zip(*examples, strict=True)
        longest = max(len(source) for source in sources)
        source, lengths = pad(sources, longest + more)
        given = [np.concatenate([[START_ID], target]) for target in targets]
        wanted = [np.concatenate([target, [END_ID]]) for target in targets]
        steps = sampler.padded_steps(max(map(len, given)))
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
    check_specials(target_vocabulary=target_vocabulary)
    return TranslationDataset(
        [source_vocabulary.encode(source) for source, _ in pairs],
        [target_vocabulary.encode(target) for _, target in pairs],
    )


@dataclass(frozen=True)
class Corpus:
    """Pairs of sentences in three parts, in words and in ids.

    Attributes:
        english: the vocabulary of the source, from the training part.
        french: that of the target.
        tokens: part -> its ``(source, target)`` tokens, as written.
        encoded: part -> the same in ids; in training some words may be hidden.
    """

    english: Vocabulary
    french: Vocabulary
    tokens: Mapping[str, Sequence[tuple[Sequence[str], Sequence[str]]]]
    encoded: Mapping[str, TranslationDataset]

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes of both vocabularies, as a ``Translator`` takes them."""
        return {
            "source_vocab_size": len(self.english),
            "target_vocab_size": len(self.french),
        }

    def references(self, part: str) -> list[Sequence[str]]:
        """The target tokens of a part."""
        return [target for _, target in self.tokens[part]]


def make_corpus(
    tokens: Mapping[str, Sequence[tuple[Sequence[str], Sequence[str]]]],
    *,
    min_count: int = 1,
    hidden: Collection[str] = (),
    share: float = 0.0,
) -> Corpus:
    """Vocabularies from the training part, and all parts in ids.

    Args:
        tokens: part -> ``(source, target)`` tokens; ``"train"`` is one of them.
        min_count: how often a word must occur in training.
        hidden: words that are made unknown in training; see :func:`hide_words`.
        share: in how many of the pairs that have one.
    """
    learned = hide_words(tokens["train"], hidden, share)
    english, french = (
        Vocabulary.build(side, min_count=min_count, specials=SPECIALS)
        for side in zip(*learned, strict=True)
    )
    parts = {**tokens, "train": learned}
    encoded = {n: encode_pairs(part, english, french) for n, part in parts.items()}
    return Corpus(english, french, tokens, encoded)


def check_specials(**vocabularies: Vocabulary) -> None:
    """Raise a ``ValueError`` where one has no ``<s>`` and ``</s>`` where they belong."""
    for name, vocabulary in vocabularies.items():
        if vocabulary.specials[:2] != SPECIALS:
            raise ValueError(
                f"{name} must be built with specials={SPECIALS}; it has "
                f"{vocabulary.specials}"
            )


def hide_words(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]],
    words: Collection[str],
    share: float,
    seed: int = 0,
) -> list[tuple[list[str], list[str]]]:
    """Make some names unknown on both sides, so that a model learns to write ``<unk>``.

    Where it has learned that an unknown word is written as an unknown word, attention tells
    which one, and it can be copied.

    Args:
        pairs: ``(source, target)`` tokens.
        words: those that are spelt alike in both languages, such as names.
        share: of the pairs with such a word, how many are changed, 0 to 1.
        seed: of the choice.

    Returns:
        All pairs in their order, changed or not.

    Raises:
        ValueError: ``share`` is not between 0 and 1.

    Reference: M.-T. Luong et al. (2015), "Addressing the Rare Word Problem in Neural Machine
    Translation", ACL.
    """
    check_between(0, 1, share=share)
    rng = np.random.default_rng(seed)
    return [
        tuple(map(list, pair)) if rng.random() >= share else _hidden(pair, words)
        for pair in pairs
    ]


def _hidden(
    pair: tuple[Sequence[str], Sequence[str]], words: Collection[str]
) -> tuple[list[str], list[str]]:
    """The words that stand on both sides of a pair become ``<unk>``."""
    source, target = pair
    shared = set(source) & set(target) & set(words)
    return tuple([UNKNOWN if w in shared else w for w in side] for side in pair)
