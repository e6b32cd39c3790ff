"""Which word translates which, from where the words come."""

from collections.abc import Sequence

from helpers.data.phrases.pairs import Link
from helpers.data.phrases.realising import Mark, Token

_SURE = frozenset(
    {
        *("determiner", "noun", "adjective", "verb", "modal", "adverb", "pronoun"),
        *("preposition", "question", "relative", "conjunction", "and", "mark"),
    }
)
#: What a word is linked with where the other language has no word in its role.
_INSTEAD = {
    "determiner": ("noun",),
    "aux": ("verb",),
    "negation": ("modal",),
    "particle": ("verb",),
    "reflexive": ("verb",),
    "link": ("determiner", "preposition", "noun"),
    "degree": ("adjective",),
    "there": ("verb",),
}


def align(
    source: Sequence[Token], target: Sequence[Token]
) -> tuple[frozenset[Link], frozenset[Link]]:
    """The sure and the possible links ``(source index, target index)``; none is both."""
    there, back = _positions(source), _positions(target)
    sure: set[Link] = set()
    possible: set[Link] = set()
    for mark, starts in there.items():
        ends = back.get(mark, [])
        links = {(start, end) for start in starts for end in ends}
        clear = {
            (s, e) for s, e in links if len(source[s].marks) == len(target[e].marks)
        }
        sure |= clear if mark[1] in _SURE else set()
        possible |= links
        if not ends:
            possible |= {(s, e) for s in starts for e in _stand_in(mark, back)}
    for mark, ends in back.items():
        if mark not in there:
            possible |= {(s, e) for s in _stand_in(mark, there) for e in ends}
    return frozenset(sure), frozenset(possible - sure)


def _positions(tokens: Sequence[Token]) -> dict[Mark, list[int]]:
    positions: dict[Mark, list[int]] = {}
    for i, token in enumerate(tokens):
        for mark in token.marks:
            positions.setdefault(mark, []).append(i)
    return positions


def _stand_in(mark: Mark, positions: dict[Mark, list[int]]) -> list[int]:
    path, role = mark
    if role == "inverted":  # la fille voit -elle: the pronoun repeats the subject
        places = [
            (path + end, "noun") for end in (".subject", ".subject.0", ".subject.1")
        ]
        return [i for place in places for i in positions.get(place, [])]
    for other in _INSTEAD.get(role, ()):
        if (path, other) in positions:
            return positions[path, other]
    return []
