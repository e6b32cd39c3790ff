"""The corpus: distinct sentences of every kind, realised in both languages and linked."""

from helpers.data.phrases.aligning import align
from helpers.data.phrases.english import english
from helpers.data.phrases.french import french
from helpers.data.phrases.meanings import Sentence, combinations
from helpers.data.phrases.nouns import NOUNS
from helpers.data.phrases.pairs import Pair
from helpers.data.phrases.realising import Token
from helpers.data.phrases.recipes import KINDS, RECIPES, draw_sentence
from helpers.data.phrases.sampling import Sampler

SEED = 0
SIZE = 20_000
SHORTEST, LONGEST = 3, 22
_CONJUNCTIONS = {"and": "et", "but": "mais"}
_TRIES = 50


def generate(size: int = SIZE, seed: int = SEED) -> list[Pair]:
    """Make distinct sentence pairs.

    Args:
        size: how many; each kind has its share.
        seed: the same seed makes the same pairs.

    Raises:
        ValueError: ``size`` is not positive, or pyrealb cannot realise a sentence; the
            message names it.
    """
    if size < 1:
        raise ValueError(f"size must be at least 1; got {size!r}")
    draw = Sampler(seed)
    found: dict[tuple[str, ...], Pair] = {}
    shares = [RECIPES[kind][1] for kind in KINDS]
    while len(found) < size:
        kind = draw.random.choices(KINDS, shares)[0]
        for _ in range(_TRIES):
            pair = translate(draw_sentence(draw, kind))
            if _is_sound(pair) and pair.source not in found:
                found[pair.source] = pair
                break
            _check_same_answer(pair, found.get(pair.source, pair))
    return list(found.values())


def translate(sentence: Sentence) -> Pair:
    """Realise a meaning in both languages and link the words."""
    source = english(sentence.first, "1")
    target = french(sentence.first, "1")
    if sentence.second is not None:
        word, because = sentence.joined_by, sentence.joined_by == "because"
        role = (("", word if because else "conjunction"),)
        source += [Token(word, role), *english(sentence.second, "2")]
        target += [] if because else [Token(_CONJUNCTIONS[word], role)]
        target += french(sentence.second, "2", because)
    if sentence.first.question:
        source.append(Token("?", (("", "mark"),)))
        target.append(Token("?", (("", "mark"),)))
    sure, possible = align(source, target)
    return Pair(
        tuple(token.text for token in source),
        tuple(token.text for token in target),
        sure,
        possible,
        sentence.kind,
        combinations(sentence),
    )


def _is_sound(pair: Pair) -> bool:
    """Whether the length fits and nobody stands in the sentence twice."""
    if not SHORTEST <= len(pair.source) <= LONGEST:
        return False
    names = [word for word in pair.source if word in NOUNS]
    return len(names) == len(set(names))


def _check_same_answer(pair: Pair, known: Pair) -> None:
    if pair.target != known.target:
        raise ValueError(
            f"{' '.join(pair.source)!r} has two answers: {' '.join(known.target)!r} and "
            f"{' '.join(pair.target)!r}"
        )
