"""The French grammar: the same meaning becomes another marked pyrealb tree."""

from typing import Any

from pyrealb import AP, CP, NP, PP, SP, VP, A, Adv, C, N, P, Pro, Q, S, V

from helpers.data.phrases.french_determiners import determiner
from helpers.data.phrases.meanings import (
    Both,
    Clause,
    Name,
    Nominal,
    NounPhrase,
    Pronoun,
)
from helpers.data.phrases.realising import Token, mark, realise, swallow

_TENSES = {
    "present": "p",
    "past": "pc",
    "future": "f",
    "perfect": "pc",
    "progressive": "p",
    "past_progressive": "i",
}
_MODALS = {"can": "poss", "must": "obli", "want": "will"}
_QUESTIONS = {"where": "où", "why": "pourquoi", "when": "quand"}


def french(clause: Clause, path: str, because: bool = False) -> list[Token]:
    """The words of a clause, without a question mark; ``because`` puts *parce que* first."""
    return realise("fr", lambda: _sentence(clause, path, because), clause)


def _sentence(clause: Clause, path: str, because: bool) -> Any:
    words: list[Any] = []
    if because:
        words = [mark(Q("parce"), "", "because"), mark(C("que"), "", "because")]
    if clause.question == "what":
        words.append(mark(C("que"), path, "question"))
    elif clause.question in _QUESTIONS:
        words.append(mark(Q(_QUESTIONS[clause.question]), path, "question"))
    if clause.there:
        words.append(mark(Pro("je").pe(3), path, "there"))
    elif clause.question == "who":
        words.append(mark(Pro("qui"), path, "question"))
    else:
        words.append(_nominal(clause.subject, f"{path}.subject", "subject"))
    types = _types(clause)
    if clause.question and clause.question != "who":
        types["int"] = "yon"
    return mark(S(*words, _verb_phrase(clause, path)).typ(types), path)


def _types(clause: Clause) -> dict[str, Any]:
    types: dict[str, Any] = {"refl": clause.verb.reflexive}
    if clause.negation:
        types["neg"] = "jamais" if clause.negation == "never" else "pas"
    if clause.modal:
        types["mod"] = _MODALS[clause.modal]
    return types


def _verb_phrase(clause: Clause, path: str) -> Any:
    verb = V("avoir" if clause.there else clause.verb.french).t(_tense(clause))
    if "etre" in clause.verb.flags:
        verb.aux("êt")
    words = [verb]
    if clause.there:
        words.append(mark(Pro("y"), path, "there"))
    direct = not clause.verb.preposition
    if isinstance(clause.object, Pronoun):
        words.append(
            _clitic(clause.object, f"{path}.object", "acc" if direct else "dat")
        )
        if direct:
            verb.cod = words[-1]  # what the past participle agrees with
    if isinstance(clause.recipient, Pronoun):
        words.append(_clitic(clause.recipient, f"{path}.recipient", "dat"))
    return mark(VP(*words, *_complements(clause, path)), path)


def _tense(clause: Clause) -> str:
    state = "state" in clause.verb.flags or clause.modal == "want"
    return "i" if clause.tense == "past" and state else _TENSES[clause.tense]


def _complements(clause: Clause, path: str) -> list[Any]:
    words = []
    if clause.adverb is not None:
        short = clause.adverb.french in ("bien", "mal", "souvent", "toujours")
        word = Adv if short else Q  # pyrealb moves these next to the auxiliary
        words.append(mark(word(clause.adverb.french), path, "adverb"))
    if clause.adjective is not None:
        words += _adjective(clause, path)
    if clause.object is not None and not isinstance(clause.object, Pronoun):
        words.append(_object(clause, f"{path}.object", path))
    if clause.recipient is not None and not isinstance(clause.recipient, Pronoun):
        to = mark(P("à"), f"{path}.to", "preposition")
        words.append(
            _after(to, _nominal(clause.recipient, f"{path}.recipient", "after"))
        )
    for i, (preposition, nominal) in enumerate(clause.places):
        at = f"{path}.place{i}"
        first, _, de = preposition.french.partition(" ")
        target = _nominal(nominal, f"{at}.noun", "after")
        if de:
            words.append(mark(Q(first), at, "preposition"))
            words.append(_after(mark(P(de), at, "link"), target))
        else:
            words.append(_after(mark(P(first), at, "preposition"), target))
    if clause.time is not None:
        apart = clause.time.french.split()
        for i, word in enumerate(apart):
            words.append(mark(Q(word), f"{path}.time{len(apart) - i}", "adverb"))
    return words


def _object(clause: Clause, path: str, verb_path: str) -> Any:
    negated = bool(clause.negation)
    tree = _nominal(clause.object, path, "object", negated)
    if not clause.verb.preposition:
        return tree
    return _after(mark(P(clause.verb.preposition), verb_path, "particle"), tree)


def _after(preposition: Any, target: Any) -> Any:
    """A prepositional phrase; ``du`` and ``au`` say the article too."""
    if target.isA("NP") and target.elements[0].isA("D"):
        swallow(preposition, target.elements[0])
    return PP(preposition, target)


def _adjective(clause: Clause, path: str) -> list[Any]:
    at = f"{path}.adjective"
    if clause.adjective.idiom:
        return [mark(N(clause.adjective.french), at, "adjective")]
    adjective = mark(A(clause.adjective.french), at, "adjective")
    if clause.than is None:
        return [adjective]
    more = mark(Adv("plus"), at, "degree")
    than = mark(C("que"), path, "than")
    return [AP(more, adjective), than, _nominal(clause.than, f"{path}.than", "after")]


def _nominal(nominal: Nominal, path: str, place: str, negated: bool = False) -> Any:
    """A tree for a nominal that is a ``"subject"``, an ``"object"``, or ``"after"`` a word."""
    if isinstance(nominal, Both):
        parts = (nominal.first, nominal.second)
        both = [_nominal(p, f"{path}.{i}", place, negated) for i, p in enumerate(parts)]
        return CP(mark(C("et"), path, "and"), *both)
    if isinstance(nominal, Pronoun):
        word = Pro("je") if place == "subject" else Pro("moi").tn("")
        return mark(_agree(word, nominal), path, "pronoun")
    if isinstance(nominal, Name):
        name = NP(mark(Q(nominal.french), path, "noun"))
        return name.g("f" if nominal.feminine else "m")
    return _noun_phrase(nominal, path, negated)


def _clitic(pronoun: Pronoun, path: str, case: str) -> Any:
    return mark(_agree(Pro("moi").c(case), pronoun), path, "clitic")


def _agree(word: Any, pronoun: Pronoun) -> Any:
    word.pe(pronoun.person).n("p" if pronoun.plural else "s")
    return word.g("f" if pronoun.feminine else "m")


def _noun_phrase(phrase: NounPhrase, path: str, negated: bool) -> Any:
    words = determiner(phrase, path, negated)
    noun = N(phrase.noun.french).n("p" if phrase.plural else "s")
    if noun.getProp("g") == "x":
        noun.g(phrase.noun.gender)
    marked = [
        mark(A(adjective.french), f"{path}.{i}", "adjective").pos(
            "pre" if adjective.before else "post"
        )
        for i, adjective in enumerate(phrase.adjectives)
    ]
    words += [word for word in marked if word.getProp("pos") == "pre"]
    words.append(mark(noun, path, "noun"))
    words += [word for word in marked if word.getProp("pos") == "post"]
    if phrase.owner is not None:
        owner = _nominal(phrase.owner, f"{path}.owner", "after")
        words.append(_after(mark(P("de"), path, "link"), owner))
    if phrase.relative is not None:
        words.append(_relative(phrase.relative, f"{path}.relative"))
    return NP(*words)


def _relative(clause: Clause, path: str) -> Any:
    words = [mark(Pro("qui" if clause.gap == "subject" else "que"), path, "relative")]
    if clause.subject is not None:
        words.append(_nominal(clause.subject, f"{path}.subject", "subject"))
    relative = SP(*words, _verb_phrase(clause, path)).typ(_types(clause))
    return mark(relative, path)
