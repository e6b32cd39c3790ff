"""What the corpus is made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from helpers.data.phrases.meanings import Combination

Link = tuple[int, int]


@dataclass(frozen=True)
class Pair:
    """An English sentence, its one French answer, and how they hang together.

    Attributes:
        source: English tokens.
        target: French tokens.
        sure: links ``(source index, target index)`` between words that translate each
            other: determiners, nouns, adjectives, main verbs, subjects, prepositions.
        possible: links that may or may not be drawn: auxiliaries, negation, clitics,
            contractions. None is sure as well.
        kind: the phenomenon, such as ``"negation"``; one of ``KINDS``.
        combinations: ``("object", verb, noun)`` and ``("adjective", adjective, noun)``,
            the pairs of English lemmas that the compositional split holds out.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    sure: frozenset[Link]
    possible: frozenset[Link]
    kind: str
    combinations: tuple[Combination, ...]


@dataclass(frozen=True)
class Phrases:
    """Sentence pairs: one part of a split."""

    pairs: tuple[Pair, ...]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.pairs)

    def __iter__(self) -> Iterator[Pair]:
        """One by one."""
        return iter(self.pairs)


@dataclass(frozen=True)
class PhraseSplits:
    """The corpus in three parts that share no English sentence.

    Attributes:
        train: what may be learned from.
        validation: for choices.
        test: for the end; each of its words occurs in ``train``.
        held_out: the combinations that ``train`` never has; empty in the random split.
    """

    train: Phrases
    validation: Phrases
    test: Phrases
    held_out: frozenset[Combination] = frozenset()
