"""Two ways to part the corpus: at random, and by combinations never seen together."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence

from helpers.data.phrases.pairs import Combination, Pair, Phrases, PhraseSplits

_TEST, _VALIDATION = 0.1, 0.05
#: In how many other combinations of the training part each half of one held out occurs.
_ELSEWHERE = 4


def random_split(pairs: Sequence[Pair], seed: int) -> PhraseSplits:
    """Part the pairs at random; where training lacks a word, the pair goes to training."""
    order = list(pairs)
    random.Random(seed).shuffle(order)
    for_test, for_validation = (int(len(order) * s) for s in (_TEST, _VALIDATION))
    test = order[:for_test]
    validation = order[for_test : for_test + for_validation]
    train = order[for_test + for_validation :]
    kept = []
    for part in (validation, test):
        words = _words(train)
        kept.append([pair for pair in part if _words([pair]) <= words])
        train += [pair for pair in part if not _words([pair]) <= words]
    return PhraseSplits(Phrases(tuple(train)), *(Phrases(tuple(part)) for part in kept))


def compositional_split(pairs: Sequence[Pair], seed: int) -> PhraseSplits:
    """Hold combinations out: training sees both halves, but never the two together.

    A tenth of the combinations is for the test, half as many are for validation. Pairs
    of either with a word that training lacks are in no part.
    """
    test_only, validation_only = _hold_out(pairs, random.Random(seed))
    train, validation, test = [], [], []
    for pair in pairs:
        if not test_only.isdisjoint(pair.combinations):
            test.append(pair)
        elif not validation_only.isdisjoint(pair.combinations):
            validation.append(pair)
        else:
            train.append(pair)
    words = _words(train)
    parts = [
        [pair for pair in part if _words([pair]) <= words]
        for part in (validation, test)
    ]
    return PhraseSplits(
        Phrases(tuple(train)),
        *(Phrases(tuple(part)) for part in parts),
        held_out=frozenset(test_only | validation_only),
    )


def _hold_out(
    pairs: Iterable[Pair], draw: random.Random
) -> tuple[set[Combination], set[Combination]]:
    order = sorted({combination for pair in pairs for combination in pair.combinations})
    left = Counter(half for combination in order for half in _halves(combination))
    draw.shuffle(order)
    sizes = (int(len(order) * _TEST), int(len(order) * _VALIDATION))
    held: list[Combination] = []
    for combination in order:
        halves = _halves(combination)
        if len(held) < sum(sizes) and all(left[half] > _ELSEWHERE for half in halves):
            held.append(combination)
            left.subtract(halves)
    return set(held[: sizes[0]]), set(held[sizes[0] :])


def _halves(combination: Combination) -> tuple[tuple[str, ...], tuple[str, ...]]:
    relation, first, noun = combination
    return (relation, first), (relation, "", noun)


def _words(pairs: Iterable[Pair]) -> set[str]:
    words = set()
    for pair in pairs:
        words.update(f"en {word}" for word in pair.source)
        words.update(f"fr {word}" for word in pair.target)
    return words
