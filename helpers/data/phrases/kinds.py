"""The kinds of sentence: for each, a recipe for random meanings, and its share."""

from collections.abc import Callable
from dataclasses import replace

from helpers.data.phrases.adjectives import FOR, IN_CITY, WITH
from helpers.data.phrases.clauses import (
    ACTIVE,
    LIKING,
    ONGOING,
    asked,
    described,
    not_,
    verb_clause,
    verbs_named,
    with_adverb,
)
from helpers.data.phrases.meanings import Clause, NounPhrase, Pronoun
from helpers.data.phrases.nouns import CITIES, PEOPLE
from helpers.data.phrases.sampling import Sampler
from helpers.data.phrases.verbs import GIVING, INTRANSITIVE, LIVE, TRANSITIVE

_PLACED = verbs_named(
    """sleep, run, laugh, cry, dance, sing, work, play, jump, shout, cook, snore, stay,
    rest, hide, smile""",
    INTRANSITIVE,
)
_SHARED = verbs_named(
    "dance, sing, work, travel, play, arrive, leave, stay, laugh", INTRANSITIVE
)
_ACTED = verbs_named(
    "eat, drink, read, write, draw, paint, wash, repair, sing, learn", TRANSITIVE
)
_DONE_FOR = verbs_named(
    "prepare, buy, choose, draw, write, open, build, paint, sing, repair", TRANSITIVE
)
_MASS = verbs_named("eat, drink, buy, sell, prepare", TRANSITIVE)
_REFLEXIVE = tuple(verb for verb in INTRANSITIVE if verb.reflexive)
_TO_PERSON = tuple(
    verb
    for verb in TRANSITIVE
    if not verb.preposition or (verb.preposition == "à" and "person" in verb.objects)
)


def statement(tense: str) -> Callable[[Sampler], Clause]:
    """The recipe of statements in one tense, some with an adverb."""

    def recipe(draw: Sampler) -> Clause:
        wanted = draw.one(ONGOING) if tense == "progressive" else tense
        while True:
            clause = verb_clause(draw, wanted, plain=False)
            if clause.tense == wanted:
                return with_adverb(draw, clause)

    return recipe


def adjective(draw: Sampler) -> Clause:
    """The small girl sees a red car."""
    while True:
        clause = verb_clause(draw, plain=False)
        if draw.chance(0.75):
            clause = replace(clause, object=described(draw, clause.object))
        if draw.chance(0.5):
            clause = replace(clause, subject=described(draw, clause.subject))
        if any(_adjectives(part) for part in (clause.subject, clause.object)):
            return clause


def _adjectives(nominal: object) -> bool:
    return isinstance(nominal, NounPhrase) and bool(nominal.adjectives)


def negation(draw: Sampler) -> Clause:
    """I do not see a cat."""
    tense = draw.one(("", "", "perfect", "progressive"))
    clause = not_(draw, verb_clause(draw, tense), never=0.3)
    if draw.chance(0.2):
        clause = replace(clause, object=described(draw, clause.object))
    return clause


def question(draw: Sampler) -> Clause:
    """Does the girl see the dog; where does she live."""
    word = draw.one(("yes", "yes", "yes", "yes", "who", "what", "where", "why", "when"))
    tense = draw.one(("", "", "", "perfect", "progressive"))
    if word == "where" and draw.chance(0.3):
        subject = draw.subject(["person"], plain=True)
        return asked(
            draw, Clause(subject, LIVE, tense=draw.one(("present", "past"))), word
        )
    if word == "what":
        return _what(draw, tense)
    clause = verb_clause(draw, tense)
    while word == "when" and clause.tense not in ("past", "future"):
        clause = verb_clause(draw, draw.one(("past", "future")), ACTIVE + INTRANSITIVE)
    if word == "who":
        while "person" not in clause.verb.subjects:
            clause = verb_clause(draw, tense)
        return replace(asked(draw, clause, word), subject=None)
    return asked(draw, clause, word)


def _what(draw: Sampler, tense: str) -> Clause:
    clause = verb_clause(draw, tense, ACTIVE + LIKING)
    while clause.verb.preposition or clause.verb.objects <= {"person", "listenable"}:
        clause = verb_clause(draw, tense, ACTIVE + LIKING)
    subject = draw.pronoun([Pronoun(1)])
    return replace(clause, subject=subject, object=None, question="what")


def clitic(draw: Sampler) -> Clause:
    """She sees him; she gives him a book."""
    if draw.chance(0.2):
        clause = giving(draw)
        without = [clause.subject] if isinstance(clause.subject, Pronoun) else []
        clause = replace(clause, recipient=draw.pronoun(without))
    else:
        clause = verb_clause(draw, draw.one(("", "", "perfect")), _TO_PERSON)
        without = [clause.subject] if isinstance(clause.subject, Pronoun) else []
        pronoun = Pronoun(3, plural=True)
        if "person" in clause.verb.objects:
            pronoun = draw.pronoun(without)
        clause = replace(clause, object=pronoun)
    if draw.chance(0.2):
        clause = not_(draw, clause, never=0.2)
    return asked(draw, clause) if draw.chance(0.2) and not clause.negation else clause


def liking(draw: Sampler) -> Clause:
    """I love cats."""
    clause = verb_clause(draw, draw.one(("present", "present", "past")), LIKING)
    if draw.chance(0.25):
        clause = replace(clause, object=described(draw, clause.object))
    if draw.chance(0.2):
        return not_(draw, clause)
    return asked(draw, clause) if draw.chance(0.12) else clause


def partitive(draw: Sampler) -> Clause:
    """She drinks water."""
    clause = verb_clause(draw, "", _MASS)
    while not isinstance(clause.object, NounPhrase) or not clause.object.noun.mass:
        clause = verb_clause(draw, "", _MASS)
    target = NounPhrase(clause.object.noun, draw.one(("bare", "some")))
    if draw.chance(0.25):
        target = replace(target, adjectives=draw.adjectives(target.noun))
    clause = replace(clause, object=target)
    if draw.chance(0.3):
        return not_(draw, clause, never=0.2)
    return asked(draw, clause) if draw.chance(0.15) else clause


def place(draw: Sampler) -> Clause:
    """She works in the garden; he goes to the market."""
    which = draw.one(("where", "where", "acted", "with", "for", "city", "object"))
    if which == "object":
        names = "go to, arrive at, enter, live in"
        return verb_clause(draw, "", verbs_named(names, TRANSITIVE))
    if which == "city":
        subject = draw.subject(["person"], plain=True)
        tense = draw.one(("present", "past", "future"))
        return Clause(subject, LIVE, places=((IN_CITY, draw.one(CITIES)),), tense=tense)
    if which in ("where", "acted"):
        clause = verb_clause(draw, "", _PLACED if which == "where" else _ACTED)
        return replace(clause, places=(draw.place(),))
    clause = verb_clause(draw, "", _SHARED if which == "with" else _DONE_FOR)
    return replace(clause, places=((WITH if which == "with" else FOR, _person(draw)),))


def _person(draw: Sampler) -> object:
    choice = draw.one(("name", "phrase", "phrase", "pronoun"))
    if choice == "name":
        return draw.one(PEOPLE)
    if choice == "pronoun":
        return draw.one(
            (Pronoun(3), Pronoun(3, feminine=True), Pronoun(3, plural=True))
        )
    return draw.phrase(draw.noun(["person"]), "definite")


def giving(draw: Sampler) -> Clause:
    """She gives a book to the girl."""
    clause = verb_clause(draw, "", GIVING)
    recipient = draw.phrase(draw.noun(["person"]), "definite")
    if draw.chance(0.25):
        recipient = draw.one(PEOPLE)
    return replace(clause, recipient=recipient)


def reflexive(draw: Sampler) -> Clause:
    """She gets up."""
    return verb_clause(draw, draw.one(("", "perfect")), _REFLEXIVE)
