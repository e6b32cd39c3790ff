"""The English grammar: a meaning becomes a marked pyrealb tree."""

from typing import Any

from pyrealb import CP, NP, PP, SP, VP, A, Adv, C, D, N, P, Pro, Q, S, V

from helpers.data.phrases.meanings import (
    Both,
    Clause,
    Name,
    Nominal,
    NounPhrase,
    Pronoun,
)
from helpers.data.phrases.realising import Token, mark, realise

_TENSES = {
    "present": "p",
    "past": "ps",
    "future": "f",
    "perfect": "p",
    "progressive": "p",
    "past_progressive": "ps",
}
_MODALS = {"can": "poss", "must": "obli"}
_OWNERS = {
    "my": (1, "s", "m"),
    "your": (2, "s", "m"),
    "his": (3, "s", "m"),
    "her": (3, "s", "f"),
    "our": (1, "p", "m"),
    "their": (3, "p", "m"),
}
_WORDS_BEFORE = ("what", "where", "why", "when")


def english(clause: Clause, path: str) -> list[Token]:
    """The words of a clause, without a question mark."""
    tokens = realise("en", lambda: _sentence(clause, path), clause)
    if clause.question in _WORDS_BEFORE:
        tokens.insert(0, Token(clause.question, ((path, "question"),)))
    return tokens


def _sentence(clause: Clause, path: str) -> Any:
    if clause.there:
        subject = mark(Q("there"), path, "there")
    elif clause.question == "who":
        subject = mark(Pro("who"), path, "question")
    else:
        subject = _nominal(clause.subject, f"{path}.subject", "subject")
    if _asks_have(clause):
        return _have_question(clause, subject, path)
    types = _types(clause)
    if clause.question and clause.question != "who":
        types["int"] = "yon"
    return mark(S(subject, _verb_phrase(clause, path)).typ(types), path)


def _asks_have(clause: Clause) -> bool:
    simple = clause.tense in ("present", "past") and not clause.modal + clause.negation
    asks = clause.question not in ("", "who")
    return asks and simple and clause.verb.english == "have"


def _have_question(clause: Clause, subject: Any, path: str) -> Any:
    """*Does she have a dog*, where pyrealb would write *has she a dog*."""
    auxiliary = V("do").t(_TENSES[clause.tense])
    auxiliary.peng = subject.peng
    main = VP(V("have").t("b"), *_complements(clause, path))
    return mark(S(auxiliary, subject, mark(main, path)), path)


def _types(clause: Clause) -> dict[str, Any]:
    types: dict[str, Any] = {"neg": clause.negation == "not"}
    types["perf"] = clause.tense == "perfect"
    types["prog"] = clause.tense.endswith("progressive")
    if clause.modal in _MODALS:
        types["mod"] = _MODALS[clause.modal]
    return types


def _verb_phrase(clause: Clause, path: str) -> Any:
    words = []
    if clause.negation == "never":
        words.append(mark(Adv("never").pos("pre"), path, "negation"))
    if clause.adverb is not None and clause.adverb.english in ("often", "always"):
        words.append(mark(Adv(clause.adverb.english).pos("pre"), path, "adverb"))
    verb = V("want" if clause.modal == "want" else clause.verb.english)
    verb.t(_TENSES[clause.tense])
    rest = _complements(clause, path)
    if clause.there:
        verb.n("p" if _plural(clause.object) else "s")
    if clause.modal == "want":
        rest = [VP(V(clause.verb.english).t("b-to"), *rest)]
    return mark(VP(*words, verb, *rest), path)


def _complements(clause: Clause, path: str) -> list[Any]:
    words = [mark(Q(word), path, "particle") for word in clause.verb.particle.split()]
    to_noun = clause.recipient is not None and not isinstance(clause.recipient, Pronoun)
    if clause.recipient is not None and not to_noun:
        words.append(_nominal(clause.recipient, f"{path}.recipient", "object"))
    if clause.object is not None:
        words.append(_nominal(clause.object, f"{path}.object", "object"))
    if to_noun:
        to = mark(P("to"), f"{path}.to", "preposition")
        words.append(PP(to, _nominal(clause.recipient, f"{path}.recipient", "after")))
    if clause.adjective is not None:
        words += _adjective(clause, path)
    for i, (preposition, nominal) in enumerate(clause.places):
        at = f"{path}.place{i}"
        words += [mark(Q(w), at, "preposition") for w in preposition.english.split()]
        words.append(_nominal(nominal, f"{at}.noun", "after"))
    if clause.adverb is not None and clause.adverb.english not in ("often", "always"):
        words.append(mark(Q(clause.adverb.english), path, "adverb"))
    if clause.time is not None:
        words += _apart(clause.time.english, f"{path}.time")
    return words


def _apart(phrase: str, path: str) -> list[Any]:
    """A fixed phrase: its words are linked in order, the last with the last."""
    words = phrase.split()
    return [
        mark(Q(word), f"{path}{len(words) - i}", "adverb")
        for i, word in enumerate(words)
    ]


def _adjective(clause: Clause, path: str) -> list[Any]:
    adjective = mark(A(clause.adjective.english), f"{path}.adjective", "adjective")
    if clause.than is None:
        return [adjective]
    than = mark(C("than"), path, "than")
    return [adjective.f("co"), than, _nominal(clause.than, f"{path}.than", "after")]


def _nominal(nominal: Nominal, path: str, place: str) -> Any:
    """A tree for a nominal that is a ``"subject"``, an ``"object"``, or ``"after"`` a word."""
    if isinstance(nominal, Both):
        parts = (nominal.first, nominal.second)
        both = [_nominal(part, f"{path}.{i}", place) for i, part in enumerate(parts)]
        return CP(mark(C("and"), path, "and"), *both)
    if isinstance(nominal, Pronoun):
        return _pronoun(nominal, path, place)
    if isinstance(nominal, Name):
        return NP(mark(Q(nominal.english), path, "noun"))
    return _noun_phrase(nominal, path)


def _pronoun(pronoun: Pronoun, path: str, place: str) -> Any:
    word = Pro("I") if place == "subject" else Pro("me").c("acc")
    word.pe(pronoun.person).n("p" if pronoun.plural else "s")
    word.g("f" if pronoun.feminine else "m")
    return mark(word, path, "clitic" if place == "object" else "pronoun")


def _noun_phrase(phrase: NounPhrase, path: str) -> Any:
    words = _determiner(phrase, path)
    for i, adjective in enumerate(phrase.adjectives):
        words.append(mark(A(adjective.english), f"{path}.{i}", "adjective"))
    noun = N(phrase.noun.english).n("p" if phrase.plural else "s")
    words.append(mark(noun, path, "noun"))
    if phrase.relative is not None:
        words.append(_relative(phrase, f"{path}.relative"))
    return NP(*words)


def _determiner(phrase: NounPhrase, path: str) -> list[Any]:
    if phrase.owner is not None:
        owner = _nominal(phrase.owner, f"{path}.owner", "after")
        return [PP(owner, mark(Q("'s"), path, "link"))]
    if phrase.determiner in ("bare", "none"):
        return []
    if phrase.determiner == "all":
        whole = mark(Q("all"), f"{path}.all", "determiner")
        return [whole, mark(D("the"), path, "determiner")]
    if phrase.determiner in _OWNERS:
        person, number, gender = _OWNERS[phrase.determiner]
        word = D("my").pe(person).g(gender).ow(number)
    elif phrase.determiner in ("the", "a", "this"):
        word = D(phrase.determiner)
    else:
        word = Q(phrase.determiner)
    return [mark(word, path, "determiner")]


def _relative(phrase: NounPhrase, path: str) -> Any:
    clause = phrase.relative
    about_person = "person" in phrase.noun.tags
    word = (
        Pro("who" if about_person else "that") if clause.gap == "subject" else Q("that")
    )
    words = [
        mark(word, path, "relative")
    ]  # a Pro would make the verb agree with itself
    if clause.subject is not None:
        words.append(_nominal(clause.subject, f"{path}.subject", "subject"))
    relative = SP(*words, _verb_phrase(clause, path)).typ(_types(clause))
    return mark(relative, path)


def _plural(nominal: Nominal | None) -> bool:
    return isinstance(nominal, NounPhrase) and nominal.plural
