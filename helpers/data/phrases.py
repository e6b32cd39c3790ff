"""English-French phrases with gold alignments: a corpus of the course's own, in one file.

A grammar of a few hundred words drew meanings, and said each in both languages: the
French is right by construction, and where every word comes from is known. You is *tu*, I
am a man, *they* are masculine, and nothing is ever *it*, so that each English sentence has
exactly one French answer.

``phrases.jsonl.xz`` beside this module is JSON lines: first the lists, then a line a pair.
"""

import hashlib
import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.arguments import check_choice
from helpers.data.fetch import DataError
from helpers.data.phrase_tokens import detokenise, tokenise_english

__all__ = [
    "Pair",
    "PhraseSplits",
    "Phrases",
    "detokenise",
    "load_phrases",
    "tokenise_english",
]

FILE = Path(__file__).with_name("phrases.jsonl.xz")
SHA256 = "647bdd7f33237b1f9f46b51a59816f927fc88fb706dd03507b836d4a6e78d9a2"

Link = tuple[int, int]
Combination = tuple[str, str, str]


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
        kind: the phenomenon, such as ``"negation"``.
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
        first_names: those in the corpus, the same in both languages.
        nouns_and_adjectives: the English forms of the corpus that are one or the other.
    """

    train: Phrases
    validation: Phrases
    test: Phrases
    held_out: frozenset[Combination]
    first_names: frozenset[str]
    nouns_and_adjectives: frozenset[str]


def load_phrases(split: str = "compositional") -> PhraseSplits:
    """The corpus, parted for training.

    Args:
        split: ``"compositional"`` (the test has verb-object and adjective-noun pairs that
            training never has) or ``"random"``.

    Raises:
        ValueError: there is no such split.
        DataError: the file of the course is missing or damaged.
    """
    lists, pairs = _read()
    check_choice("split", split, tuple(lists["splits"]))
    parts = lists["splits"][split]
    return PhraseSplits(
        *(
            Phrases(tuple(pairs[i] for i in parts[part]))
            for part in ("train", "validation", "test")
        ),
        held_out=frozenset(map(tuple, parts["held_out"])),
        first_names=frozenset(lists["first_names"]),
        nouns_and_adjectives=frozenset(lists["nouns_and_adjectives"]),
    )


@cache
def _read() -> tuple[dict, tuple[Pair, ...]]:
    try:
        content = FILE.read_bytes()
    except OSError as error:
        raise DataError(f"the phrases are missing: {error}") from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise DataError(f"{FILE.name} is damaged; take the course's own file again")
    lists, *rows = map(json.loads, lzma.decompress(content).decode().splitlines())
    return lists, tuple(_pair(*row) for row in rows)


def _pair(
    source: str, target: str, sure: str, possible: str, kind: str, combinations: list
) -> Pair:
    return Pair(
        tuple(source.split()),
        tuple(target.split()),
        _links(sure),
        _links(possible),
        kind,
        tuple(map(tuple, combinations)),
    )


def _links(text: str) -> frozenset[Link]:
    """``"0-0 1-2"`` -> ``{(0, 0), (1, 2)}``."""
    return frozenset(tuple(map(int, link.split("-"))) for link in text.split())
