"""Random clauses: the simple ones that every kind of sentence is made of."""

from dataclasses import replace

from helpers.data.phrases.adjectives import FREQUENCY, IDIOMS, MANNER, TIMES
from helpers.data.phrases.lexemes import Verb
from helpers.data.phrases.meanings import Clause, Nominal, NounPhrase, Pronoun
from helpers.data.phrases.sampling import Sampler
from helpers.data.phrases.verbs import BE, HAVE, INTRANSITIVE, TRANSITIVE

LIKING = tuple(verb for verb in TRANSITIVE if "liking" in verb.flags)
ACTIVE = tuple(verb for verb in TRANSITIVE if "liking" not in verb.flags)
SIMPLE = ("present", "present", "past", "future")
ONGOING = ("progressive", "progressive", "past_progressive")


def verb_clause(
    draw: Sampler,
    tense: str = "",
    verbs: tuple[Verb, ...] = (*ACTIVE, *INTRANSITIVE),
    plain: bool = True,
) -> Clause:
    """A statement with one of the verbs, in a tense that suits it."""
    verb = draw.one(verbs)
    subject = draw.subject(verb.subjects, plain)
    target = draw.object(verb, subject) if verb.objects else None
    tense = suitable(verb, tense or draw.one(SIMPLE))
    return Clause(subject, verb, target, tense=tense)


def suitable(verb: Verb, tense: str) -> str:
    """The tense, or the nearest one that the verb may stand in."""
    still = {"progressive": "present", "past_progressive": "past", "perfect": "past"}
    if "state" in verb.flags or ("moment" in verb.flags and tense in ONGOING):
        tense = still.get(tense, tense)
    return "perfect" if tense == "past" and "same" in verb.flags else tense


def with_adverb(draw: Sampler, clause: Clause) -> Clause:
    """The clause, often with an adverb of frequency, manner or time."""
    verb = clause.verb
    if "state" in verb.flags or verb.reflexive or clause.negation or clause.question:
        return clause
    manner = [a for a, verbs in MANNER.items() if verb.english in verbs.split()]
    if manner and clause.object is None and draw.chance(0.3):
        return replace(clause, adverb=draw.one(manner))
    repeated = clause.tense == "present" and "moment" not in verb.flags
    if repeated and draw.chance(0.25):
        return replace(clause, adverb=draw.one(FREQUENCY))
    if (
        clause.tense in TIMES
        and (repeated or clause.tense != "present")
        and draw.chance(0.3)
    ):
        return replace(clause, time=draw.one(TIMES[clause.tense]))
    return clause


def description(draw: Sampler, tense: str = "", compared: bool = False) -> Clause:
    """Somebody or something is big, or hungry."""
    tense = tense or draw.one(SIMPLE)
    if not compared and draw.chance(0.12):
        subject = draw.subject(["person"], plain=True)
        return Clause(subject, HAVE, adjective=draw.one(IDIOMS), tense=tense)
    while True:
        noun = draw.noun(("person", "animal", "thing", "place", "food"))
        adjective = draw.predicate(noun, compared)
        if adjective is not None:
            break
    subject: Nominal = draw.phrase(noun, "definite")
    if "person" in noun.tags and "person" in adjective.tags and draw.chance(0.5):
        subject = draw.pronoun()
    clause = Clause(subject, BE, adjective=adjective, tense=tense)
    if not compared:
        return clause
    kin = draw.noun(noun.tags & {"person", "animal", "thing", "place", "food"}, [noun])
    while adjective.tags.isdisjoint(kin.tags):
        kin = draw.noun(adjective.tags, [noun])
    return replace(clause, than=draw.phrase(kin, "definite"))


def not_(draw: Sampler, clause: Clause, never: float = 0.0) -> Clause:
    """The clause denied: some becomes any."""
    simple = clause.tense in ("present", "past") and not clause.modal + clause.question
    word = "not"
    if simple and "state" not in clause.verb.flags and draw.chance(never):
        word = "never"
    target = clause.object
    if isinstance(target, NounPhrase) and target.determiner in ("some", "many"):
        target = replace(target, determiner="any")
    adverb = None if clause.adverb in FREQUENCY else clause.adverb
    return replace(clause, object=target, adverb=adverb, negation=word)


def asked(draw: Sampler, clause: Clause, word: str = "yes") -> Clause:
    """The clause as a question; never about the speaker: French avoids *mangé-je*."""
    subject = clause.subject
    if isinstance(subject, Pronoun) and subject.person == 1 and not subject.plural:
        subject = draw.pronoun([Pronoun(1), *_persons(clause)])
    target = clause.object
    some = isinstance(target, NounPhrase) and target.determiner == "some"
    if some and word == "yes":
        target = replace(target, determiner="any")
    return replace(clause, subject=subject, object=target, question=word)


def _persons(clause: Clause) -> list[Pronoun]:
    return [p for p in (clause.object, clause.recipient) if isinstance(p, Pronoun)]


def described(draw: Sampler, nominal: Nominal | None) -> Nominal | None:
    """The nominal with one or two adjectives, where it is a noun that takes them."""
    if isinstance(nominal, NounPhrase) and nominal.relative is None:
        return replace(nominal, adjectives=draw.adjectives(nominal.noun))
    return nominal


def verbs_named(names: str, verbs: tuple[Verb, ...]) -> tuple[Verb, ...]:
    """Those of the verbs that are called so; the names stand between commas."""
    wanted = {name.strip() for name in names.split(",")}
    return tuple(verb for verb in verbs if verb.name in wanted)
