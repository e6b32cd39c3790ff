"""What a sentence says, in no language: both grammars read the same meaning."""

from collections.abc import Iterator
from dataclasses import dataclass

from helpers.data.phrases.adjectives import Adverb, Preposition
from helpers.data.phrases.lexemes import Adjective, Name, Noun, Verb

#: Two lemmas in a grammatical relation: ``("adjective", "small", "cat")``.
Combination = tuple[str, str, str]


@dataclass(frozen=True)
class Pronoun:
    """A personal pronoun: I and you are men, they are masculine."""

    person: int
    plural: bool = False
    feminine: bool = False


@dataclass(frozen=True)
class NounPhrase:
    """A noun with what belongs to it.

    Attributes:
        noun: the head.
        determiner: ``"the"``, ``"a"``, ``"bare"`` or another of the grammars' tables.
        plural: whether the noun is plural.
        adjectives: at most one that stands before a French noun and one after it.
        owner: of ``the woman 's dog``; then there is no determiner.
        relative: a clause with a gap.
        generic: whether all of the kind are meant: French then says ``les``.
    """

    noun: Noun
    determiner: str = "the"
    plural: bool = False
    adjectives: tuple[Adjective, ...] = ()
    owner: "Nominal | None" = None
    relative: "Clause | None" = None
    generic: bool = False


@dataclass(frozen=True)
class Both:
    """Two nominals joined by *and*."""

    first: "Nominal"
    second: "Nominal"


Nominal = Pronoun | Name | NounPhrase | Both


@dataclass(frozen=True)
class Clause:
    """Who does what to whom, when, and whether at all.

    Attributes:
        subject: ``None`` in *who sleeps ?*, in a relative clause about its subject, and
            in *there is a cat*.
        verb: the main verb.
        object: direct, or behind the verb's own preposition.
        recipient: of *give*.
        places: prepositions with their nominals.
        adjective: of *be*.
        than: makes the adjective a comparative.
        adverb: of frequency or manner.
        time: ends the clause.
        tense: present, past, future, perfect, progressive or past_progressive.
        negation: ``""``, ``"not"`` or ``"never"``.
        modal: ``""``, ``"can"``, ``"must"`` or ``"want"``.
        question: ``""``, ``"yes"`` or the question word.
        gap: ``""``, ``"subject"`` or ``"object"``: what a relative clause is about.
        there: whether it says that something exists.
    """

    subject: Nominal | None
    verb: Verb
    object: Nominal | None = None
    recipient: Nominal | None = None
    places: tuple[tuple[Preposition, Nominal], ...] = ()
    adjective: Adjective | None = None
    than: Nominal | None = None
    adverb: Adverb | None = None
    time: Adverb | None = None
    tense: str = "present"
    negation: str = ""
    modal: str = ""
    question: str = ""
    gap: str = ""
    there: bool = False


@dataclass(frozen=True)
class Sentence:
    """One clause, or two joined by a conjunction; ``kind`` names its phenomenon."""

    kind: str
    first: Clause
    joined_by: str = ""
    second: Clause | None = None


def combinations(sentence: Sentence) -> tuple[Combination, ...]:
    """The verb-object and adjective-noun pairs of a sentence, sorted."""
    found = set(_of_clause(sentence.first))
    if sentence.second is not None:
        found.update(_of_clause(sentence.second))
    return tuple(sorted(found))


def _of_clause(clause: Clause, gap: Noun | None = None) -> Iterator[Combination]:
    things = _nouns(clause.object)
    if clause.gap == "object" and gap is not None:
        things = [gap]
    for noun in things:
        yield ("object", clause.verb.name, noun.english)
    if clause.adjective is not None:
        for noun in [*_nouns(clause.subject), *_nouns(clause.than)]:
            yield ("adjective", clause.adjective.english.lower(), noun.english)
    inside = (clause.subject, clause.object, clause.recipient, clause.than)
    for nominal in (*inside, *(nominal for _, nominal in clause.places)):
        yield from _of_nominal(nominal)


def _of_nominal(nominal: Nominal | None) -> Iterator[Combination]:
    if isinstance(nominal, Both):
        yield from _of_nominal(nominal.first)
        yield from _of_nominal(nominal.second)
    if isinstance(nominal, NounPhrase):
        for adjective in nominal.adjectives:
            yield ("adjective", adjective.english.lower(), nominal.noun.english)
        yield from _of_nominal(nominal.owner)
        if nominal.relative is not None:
            yield from _of_clause(nominal.relative, nominal.noun)


def _nouns(nominal: Nominal | None) -> list[Noun]:
    if isinstance(nominal, Both):
        return [*_nouns(nominal.first), *_nouns(nominal.second)]
    return [nominal.noun] if isinstance(nominal, NounPhrase) else []
