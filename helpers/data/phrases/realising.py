"""The border to pyrealb: marked words go in, tokens that know their origin come out.

A grammar marks each word it makes with a path (which part of the meaning it says) and a
role. pyrealb moves, inflects, elides and contracts words, but they stay the same objects;
the words it adds itself (auxiliaries, ``not``, ``ne ... pas``) belong to the phrase that
called for them. So a token's origin is known, not guessed.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyrealb import Constituent, PyrealbException, addToLexicon, getRules, load

#: Which part of the meaning a word says, and as what: ``("1.object", "noun")``.
Mark = tuple[str, str]

for _participle in ("broken", "closed"):  # adjectives too, which pyrealb does not know
    addToLexicon(_participle, {"A": {"tab": "a1"}}, "en")
addToLexicon("get", {"V": {"tab": "v124"}}, "en")  # British: got, not gotten
# pyrealb 3.3.1 has "ils sont partie": masculine, feminine, then the two plurals.
getRules("fr")["conjugation"]["v46"]["t"]["pp"][2] = "tis"

_WORD = re.compile(r"-?[^\W\d_]+(?:['-][^\W\d_]+)*'?|'s")
_MODALS = frozenset({"can", "cannot", "must", "want", "pouvoir", "devoir", "vouloir"})
_NEGATIONS = frozenset({"not", "ne", "pas", "jamais", "plus"})


@dataclass(frozen=True)
class Token:
    """A word and where it comes from; ``au`` comes from two places."""

    text: str
    marks: tuple[Mark, ...]


def mark(constituent: Any, path: str, role: str = "") -> Any:
    """Note on a word (or, without a role, on a phrase) which part of the meaning it says."""
    constituent.mark = (path, role)
    return constituent


def swallow(preposition: Any, determiner: Any) -> Any:
    """Note that a contraction may hide this determiner in this preposition."""
    preposition.swallowed = determiner
    return preposition


def realise(language: str, build: Callable[[], Any], meaning: object) -> list[Token]:
    """Build a tree and read its words.

    Args:
        language: ``"en"`` or ``"fr"``.
        build: makes the tree, its words marked.
        meaning: of the sentence, for the message of an error.

    Raises:
        ValueError: pyrealb warns, or a word is empty or has brackets; the message names
            the sentence.
    """
    load(language)
    with _warnings_raise():
        try:
            tree = build()
            terminals = [t for t in tree.real() if t.realization.strip()]
        except PyrealbException as error:
            message = f"pyrealb cannot say in {language!r}: {meaning!r}: {error}"
            raise ValueError(message) from error
    tokens = list(_tokens(tree, terminals))
    wrong = [token.text for token in tokens if not _WORD.fullmatch(token.text)]
    if wrong:
        sentence = " ".join(token.text for token in tokens)
        raise ValueError(f"pyrealb wrote {wrong[0]!r} in the sentence {sentence!r}")
    return tokens


@contextlib.contextmanager
def _warnings_raise() -> Iterator[None]:
    before = Constituent.exceptionOnWarning
    Constituent.exceptionOnWarning = True
    try:
        yield
    finally:
        Constituent.exceptionOnWarning = before


def _tokens(tree: Any, terminals: list[Any]) -> Iterator[Token]:
    present = {id(terminal) for terminal in terminals}
    marks = _marks(terminals)
    hyphen = ""
    for i, terminal in enumerate(terminals):
        origins = [marks[i]]
        determiner = getattr(terminal, "swallowed", None)
        if determiner is not None and id(determiner) not in present:
            origins.append(determiner.mark)
        text = hyphen + terminal.realization.strip(" ?").lower().replace("oeu", "œu")
        hyphen = ""
        if terminal.getProp("lier"):
            hyphen = "-" + tree.check_for_t(terminals, i)
        for word in text.split(" "):
            yield Token(word, tuple(origins))


def _marks(terminals: list[Any]) -> list[Mark]:
    """The mark of each word: its own, or what the phrase around it makes it."""
    marks: list[Mark | None] = [getattr(t, "mark", None) for t in terminals]
    main = {}
    for i, terminal in enumerate(terminals):
        if marks[i] is None and terminal.isA("V"):
            main[_path(terminal)] = i
    for i in reversed(range(len(terminals))):
        if marks[i] is None:
            path = _path(terminals[i])
            marks[i] = (path, _role(terminals[i], main.get(path) == i))
            if not path:  # the "more" of "more beautiful" hangs in no phrase
                marks[i] = (marks[i + 1][0], "degree")
    return marks


def _path(terminal: Any) -> str:
    phrase = terminal.parentConst
    while phrase is not None and not hasattr(phrase, "mark"):
        phrase = phrase.parentConst
    return "" if phrase is None else phrase.mark[0]


def _role(terminal: Any, main: bool) -> str:
    if terminal.isA("V"):
        if main:
            return "verb"
        return "modal" if terminal.lemma in _MODALS else "aux"
    if terminal.lemma in _NEGATIONS:
        return "negation"
    if terminal.isA("Pro"):
        return "reflexive" if terminal.getProp("c") == "refl" else "inverted"
    return "particle"
