"""French articles and what stands in their place."""

from typing import Any

from pyrealb import D, P, Q

from helpers.data.phrases.meanings import NounPhrase
from helpers.data.phrases.realising import mark

_OWNERS = {
    "my": ("mon", 1),
    "your": ("mon", 2),
    "his": ("mon", 3),
    "her": ("mon", 3),
    "our": ("notre", 1),
    "their": ("leur", 3),
}
_NUMBERS = {"two": "deux", "three": "trois", "four": "quatre", "five": "cinq"}
#: Determiners that say "one or some of them"; after *ne ... pas* they become *de*.
INDEFINITE = frozenset({"a", "some", "any", "bare"})


def determiner(phrase: NounPhrase, path: str, negated: bool) -> list[Any]:
    """What stands before the noun and its adjectives, marked.

    Args:
        phrase: the noun with what belongs to it.
        path: of the phrase.
        negated: whether it is the object of *ne ... pas*: some becomes *de*.
    """

    def word(terminal: Any, role: str = "determiner", at: str = path) -> Any:
        return mark(terminal, at, role)

    name = phrase.determiner
    if name == "the" or phrase.owner is not None or phrase.generic:
        return [word(D("le"))]
    if name in INDEFINITE:
        before = any(adjective.before for adjective in phrase.adjectives)
        if negated or (phrase.plural and before):
            return [word(P("de"))]
        if phrase.noun.mass:
            return [word(P("de")), word(D("le"))]
        return [word(D("un"))]
    if name in _OWNERS:
        lemma, person = _OWNERS[name]
        return [word(D(lemma).pe(person))]
    if name == "many":
        return [word(Q("beaucoup")), word(P("de"), "link")]
    if name == "all":
        return [word(D("tout"), at=f"{path}.all"), word(D("le"))]
    if name in _NUMBERS:
        return [word(Q(_NUMBERS[name]))]
    return [word(D({"this": "ce", "every": "chaque"}[name]))]
