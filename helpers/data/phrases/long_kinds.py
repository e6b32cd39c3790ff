"""Recipes for sentences with more structure: owners, relative clauses, two clauses."""

from dataclasses import replace

from helpers.data.phrases.adjectives import IN_CITY
from helpers.data.phrases.clauses import (
    ACTIVE,
    LIKING,
    asked,
    described,
    description,
    not_,
    verb_clause,
    with_adverb,
)
from helpers.data.phrases.meanings import (
    Both,
    Clause,
    Nominal,
    NounPhrase,
    Pronoun,
    Sentence,
)
from helpers.data.phrases.nouns import CITIES, PEOPLE
from helpers.data.phrases.sampling import Sampler
from helpers.data.phrases.verbs import BE, INTRANSITIVE, LIVE

_DIRECT = tuple(verb for verb in ACTIVE if not verb.preposition)
_FOUND = ("person", "animal", "portable", "vehicle")


def existence(draw: Sampler) -> Clause:
    """There is a cat in the garden."""
    noun = draw.noun(_FOUND)
    while "family" in noun.tags:
        noun = draw.noun(_FOUND)
    plural = draw.chance(0.5)
    determiner = draw.one(
        ("two", "three", "many", "bare", "some") if plural else ("a",)
    )
    thing = NounPhrase(noun, determiner, plural)
    if draw.chance(0.3):
        thing = described(draw, thing)
    tense = draw.one(("present", "present", "past", "future"))
    clause = Clause(None, BE, thing, places=(draw.place(),), tense=tense, there=True)
    if draw.chance(0.25):
        return not_(draw, clause)
    return replace(clause, question="yes") if draw.chance(0.2) else clause


def possession(draw: Sampler) -> Clause:
    """The farmer 's dog sleeps."""
    if draw.chance(0.4):
        clause = description(draw)
        while not _can_be_owned(clause.subject):
            clause = description(draw)
        return replace(clause, subject=_owned(draw, clause.subject))
    clause = verb_clause(draw, "", _DIRECT)
    while not (_can_be_owned(clause.subject) or _can_be_owned(clause.object)):
        clause = verb_clause(draw, "", _DIRECT)
    if _can_be_owned(clause.object):
        return replace(clause, object=_owned(draw, clause.object))
    return replace(clause, subject=_owned(draw, clause.subject))


def _can_be_owned(nominal: Nominal | None) -> bool:
    return isinstance(nominal, NounPhrase) and bool(
        {"owned", "thing"} & nominal.noun.tags
    )


def _owned(draw: Sampler, phrase: NounPhrase) -> NounPhrase:
    owner: Nominal = draw.one(PEOPLE)
    if draw.chance(0.6):
        person = draw.noun(["person"], [phrase.noun])
        mine = "owned" in person.tags and draw.chance(0.6)
        owner = NounPhrase(
            person, draw.one(("my", "your", "his", "her")) if mine else "the"
        )
    return replace(phrase, determiner="none", owner=owner)


def relative(draw: Sampler) -> Clause:
    """The girl who sings sees the dog; the book that she reads is red."""
    which = draw.one(("subject", "subject", "object", "description"))
    if which == "description":
        clause = description(draw)
        while not isinstance(clause.subject, NounPhrase):
            clause = description(draw)
        return replace(clause, subject=_with_relative(draw, clause.subject))
    clause = verb_clause(draw)
    part = clause.subject if which == "subject" else clause.object
    while not isinstance(part, NounPhrase) or part.noun.mass or part.generic:
        clause = verb_clause(draw)
        part = clause.subject if which == "subject" else clause.object
    return replace(clause, **{which: _with_relative(draw, part)})


def _with_relative(draw: Sampler, phrase: NounPhrase) -> NounPhrase:
    determiner = phrase.determiner if phrase.determiner in ("a", "this") else "the"
    phrase = replace(phrase, determiner=determiner)
    if draw.chance(0.3):
        phrase = described(draw, phrase)
    return replace(phrase, relative=_relative_clause(draw, phrase))


def _relative_clause(draw: Sampler, phrase: NounPhrase) -> Clause:
    tags = phrase.noun.tags
    doers = [v for v in (*_DIRECT, *INTRANSITIVE, *LIKING) if v.subjects & tags]
    done = [v for v in _DIRECT if v.objects & tags]
    tense = draw.one(("present", "present", "past"))
    if "person" in tags and draw.chance(0.25):
        home = ((IN_CITY, draw.one(CITIES)),)
        return Clause(None, LIVE, places=home, tense=tense, gap="subject")
    if done and (not doers or draw.chance(0.5)):
        clause = verb_clause(draw, tense, tuple(done))
        return replace(clause, object=None, gap="object")
    clause = verb_clause(draw, tense, tuple(doers))
    return replace(clause, subject=None, gap="subject")


def both(draw: Sampler) -> Clause:
    """The boy and the girl sleep."""
    clause = verb_clause(draw)
    tags = clause.verb.subjects & {"person", "animal"} or {"person"}
    if "person" in tags and draw.chance(0.25):
        first = draw.one(PEOPLE)
        second = draw.one([name for name in PEOPLE if name != first])
        return replace(clause, subject=Both(first, second))
    return replace(clause, subject=draw.both(sorted(tags)))


def joined(draw: Sampler) -> Sentence:
    """Two clauses with *and*, *but* or *because*."""
    word = draw.one(("and", "but", "because"))
    tense = draw.one(("present", "present", "past"))
    first = _part(draw, tense)
    if word == "but" and draw.chance(0.5):
        first = not_(draw, first)
    if word == "because" and draw.chance(0.5):
        second = description(draw, tense)
    else:
        second = _part(draw, tense)
    return Sentence("joined", first, word, second)


def _part(draw: Sampler, tense: str) -> Clause:
    clause = verb_clause(draw, tense, (*ACTIVE, *INTRANSITIVE, *LIKING))
    if draw.chance(0.4):
        clause = replace(clause, subject=described(draw, clause.subject))
    if draw.chance(0.5):
        clause = replace(clause, object=described(draw, clause.object))
    if isinstance(clause.subject, NounPhrase) and draw.chance(0.2):
        clause = replace(clause, subject=_with_relative(draw, clause.subject))
    return with_adverb(draw, clause)


def modal(draw: Sampler) -> Clause:
    """She can swim; she wants to see him."""
    verbs = tuple(verb for verb in (*ACTIVE, *INTRANSITIVE) if not verb.flags)
    word = draw.one(("can", "must", "want"))
    clause = verb_clause(draw, "present", verbs)
    while "person" not in clause.verb.subjects:
        clause = verb_clause(draw, "present", verbs)
    if word == "want" and draw.chance(0.3):
        clause = replace(clause, tense=draw.one(("past", "future")))
    clause = replace(clause, modal=word)
    if "person" in clause.verb.objects and draw.chance(0.3):
        without = [clause.subject] if isinstance(clause.subject, Pronoun) else []
        clause = replace(clause, object=draw.pronoun(without))
    if draw.chance(0.2):
        return not_(draw, clause)
    return asked(draw, clause) if draw.chance(0.2) else clause
