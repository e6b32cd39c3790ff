"""Every kind of sentence with its recipe and its share of the corpus."""

from collections.abc import Callable

from helpers.data.phrases import kinds, long_kinds
from helpers.data.phrases.clauses import asked, description, not_
from helpers.data.phrases.meanings import Clause, Sentence
from helpers.data.phrases.sampling import Sampler


def _describing(draw: Sampler) -> Clause:
    clause = description(draw)
    if draw.chance(0.2):
        return not_(draw, clause)
    return asked(draw, clause) if draw.chance(0.15) else clause


def _comparing(draw: Sampler) -> Clause:
    return description(draw, compared=True)


def _reflexive(draw: Sampler) -> Clause:
    clause = kinds.reflexive(draw)
    if draw.chance(0.15):
        return not_(draw, clause)
    return asked(draw, clause) if draw.chance(0.15) else clause


#: Kind -> (recipe, share of the corpus in hundredths).
RECIPES: dict[str, tuple[Callable[[Sampler], Clause | Sentence], int]] = {
    "present": (kinds.statement("present"), 5),
    "past": (kinds.statement("past"), 6),
    "future": (kinds.statement("future"), 4),
    "perfect": (kinds.statement("perfect"), 3),
    "progressive": (kinds.statement("progressive"), 4),
    "adjective": (kinds.adjective, 9),
    "negation": (kinds.negation, 8),
    "question": (kinds.question, 8),
    "clitic": (kinds.clitic, 8),
    "liking": (kinds.liking, 4),
    "partitive": (kinds.partitive, 2),
    "place": (kinds.place, 6),
    "giving": (kinds.giving, 4),
    "reflexive": (_reflexive, 2),
    "modal": (long_kinds.modal, 4),
    "description": (_describing, 4),
    "comparison": (_comparing, 2),
    "existence": (long_kinds.existence, 2),
    "possession": (long_kinds.possession, 3),
    "both": (long_kinds.both, 2),
    "relative": (long_kinds.relative, 5),
    "joined": (long_kinds.joined, 5),
}
KINDS = tuple(RECIPES)


def draw_sentence(draw: Sampler, kind: str) -> Sentence:
    """A random sentence of a kind."""
    meaning = RECIPES[kind][0](draw)
    return meaning if isinstance(meaning, Sentence) else Sentence(kind, meaning)
