"""Random parts of meanings: who, what and where, so that the parts make sense together."""

import functools
import random
from collections.abc import Iterable, Sequence

from helpers.data.phrases.adjectives import ADJECTIVES, PREPOSITIONS, Preposition
from helpers.data.phrases.lexemes import Adjective, Noun, Verb
from helpers.data.phrases.meanings import Both, Nominal, NounPhrase, Pronoun
from helpers.data.phrases.nouns import CITIES, NOUNS, PEOPLE

_PRONOUNS = (
    *(Pronoun(3, feminine=True), Pronoun(3), Pronoun(1), Pronoun(2)),
    *(Pronoun(1, plural=True), Pronoun(3, plural=True)),
)
_SHARES = (5, 5, 4, 3, 2, 3)
_OWNERS = ("my", "your", "his", "her", "our", "their")
_NUMBERS = ("two", "three", "four", "five")
_MAY_BE_OWNED = frozenset({"owned", "thing", "food", "mass"})


class Sampler:
    """Draws parts of meanings.

    Args:
        seed: the same seed draws the same parts.
    """

    def __init__(self, seed: int) -> None:
        """Start anew."""
        self.random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.random.random() < probability

    def one(self, things: Sequence) -> object:
        """Any of these, all equally likely."""
        return things[int(self.random.random() * len(things))]

    def noun(self, tags: Iterable[str], without: Iterable[Noun] = ()) -> Noun:
        """A noun with at least one of the tags: first a tag, then one of its nouns."""
        wanted = sorted(set(tags) - {"city"})
        weighted = [_with_tag(tag) for tag in wanted]
        size = sum(len(nouns) for nouns in weighted)
        every = [noun for nouns in weighted for noun in nouns]
        while True:
            noun = every[int(self.random.random() * size)]
            if noun not in without:
                return noun

    def pronoun(self, without: Sequence[Pronoun] = ()) -> Pronoun:
        """A pronoun; not one of the same person as those of persons one and two given."""
        barred = {pronoun.person for pronoun in without if pronoun.person < 3}
        while True:
            pronoun = self.random.choices(_PRONOUNS, _SHARES)[0]
            if pronoun.person not in barred:
                return pronoun

    def subject(self, tags: Iterable[str], plain: bool = False) -> Nominal:
        """Who does it; a ``plain`` one has no *all* or *many*, which negation confuses."""
        if "person" in tags and self.chance(0.45):
            return self.pronoun()
        if "person" in tags and self.chance(0.2):
            return self.one(PEOPLE)
        return self.phrase(self.noun(tags), "plain" if plain else "subject")

    def object(self, verb: Verb, subject: Nominal | None = None) -> Nominal:
        """What is done something to."""
        if "city" in verb.objects and self.chance(0.2):
            return self.one(CITIES)
        if "person" in verb.objects and self.chance(0.1):
            return self.one([name for name in PEOPLE if name != subject])
        without = [subject.noun] if isinstance(subject, NounPhrase) else []
        noun = self.noun(verb.objects, without)
        if "liking" in verb.flags and "person" not in noun.tags and self.chance(0.7):
            plural = not noun.mass
            return NounPhrase(noun, "bare", plural, generic=True)
        definite = verb.preposition or "liking" in verb.flags
        if "instrument" in verb.objects and verb.preposition:
            return NounPhrase(noun)
        return self.phrase(noun, "definite" if definite else "object")

    def phrase(self, noun: Noun, place: str) -> NounPhrase:
        """A noun with a determiner that suits its place in the sentence."""
        if place == "place":
            return NounPhrase(noun, self.one(("the", "the", "the", "a", "this")))
        plural = not noun.mass and "single" not in noun.tags and self.chance(0.3)
        return NounPhrase(noun, self._determiner(noun, place, plural), plural)

    def _determiner(self, noun: Noun, place: str, plural: bool) -> str:
        if self.chance(0.25) and not _MAY_BE_OWNED.isdisjoint(noun.tags):
            return self.one(_OWNERS)
        if self.chance(0.08):
            return "this"
        if place == "definite" or self.chance(0.5):
            return "the"
        if noun.mass:
            return self.one(("bare", "some"))
        if not plural:
            if place == "subject" and self.chance(0.15):
                return "every"
            return self.one(_OWNERS) if "family" in noun.tags else "a"
        if place == "plain":
            return self.one(_NUMBERS)
        if place == "subject":
            return self.one(("all", "many", *_NUMBERS))
        return self.one(("bare", "some", "bare", "many", self.one(_NUMBERS)))

    def adjectives(self, noun: Noun) -> tuple[Adjective, ...]:
        """One adjective that suits the noun, or two: one on each side in French."""
        fitting = [a for a in ADJECTIVES if a.attributive and _suits(a, noun)]
        before = [a for a in fitting if a.before]
        after = [a for a in fitting if not a.before]
        if before and after and self.chance(0.25):
            return (self.one(before), self.one(after))
        if before and (not after or self.chance(0.4)):
            return (self.one(before),)
        return (self.one(after),) if after else ()

    def predicate(self, noun: Noun, compared: bool = False) -> Adjective | None:
        """An adjective that *is* may join to the noun."""
        fitting = [a for a in ADJECTIVES if _suits(a, noun)]
        fitting = [a for a in fitting if a.compared or not compared]
        return self.one(fitting) if fitting else None

    def place(self) -> tuple[Preposition, Nominal]:
        """A preposition and where it leads."""
        preposition = self.one(PREPOSITIONS)
        return preposition, self.phrase(self.noun(preposition.tags), "place")

    def both(self, tags: Iterable[str]) -> Both:
        """Two who act together."""
        first = self.phrase(self.noun(tags), "definite")
        return Both(first, self.phrase(self.noun(tags, [first.noun]), "definite"))


@functools.cache
def _with_tag(tag: str) -> list[Noun]:
    return [noun for noun in NOUNS.values() if tag in noun.tags]


def _suits(adjective: Adjective, noun: Noun) -> bool:
    return not adjective.tags.isdisjoint(noun.tags)
