"""Drill 2.1: give every token an id."""

from collections import Counter
from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Sentences = list[list[str]]


def build_vocabulary(sentences: list[list[str]], max_size: int) -> dict[str, int]:
    """Return an id for each token: "<pad>" 0, "<unk>" 1, then the words.

    Args:
        sentences: The training sentences, each a list of tokens.
        max_size: How many ids at most, "<pad>" and "<unk>" included; at least 2.
    """
    counts = {}
    for sentence in sentences:
        for word in sentence:
            counts[word] = counts.get(word, 0) + 1
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    tokens = ["<pad>", "<unk>", *ranked][:max_size]
    return {token: i for i, token in enumerate(tokens)}


def _build_word_by_word(sentences: Sentences, max_size: int) -> dict[str, int]:
    words = [word for sentence in sentences for word in sentence]
    left = set(words)
    vocabulary = {"<pad>": 0, "<unk>": 1}
    while left and len(vocabulary) < max_size:
        most = max(words.count(word) for word in left)
        first = min(word for word in left if words.count(word) == most)
        vocabulary[first] = len(vocabulary)
        left.remove(first)
    return vocabulary


def _words(sentences: Sentences) -> list[str]:
    return [word for sentence in sentences for word in sentence]


def _ranked(sentences: Sentences) -> list[str]:
    counts = Counter(_words(sentences))
    return sorted(counts, key=lambda word: (-counts[word], word))


def _ties_of_a_set(sentences: Sentences) -> list[str]:
    words = _words(sentences)
    return sorted(set(words), key=Counter(words).__getitem__, reverse=True)


def _ties_reversed(sentences: Sentences) -> list[str]:
    counts = Counter(_words(sentences))
    return sorted(counts, key=lambda word: (counts[word], word), reverse=True)


def _rarest_first(sentences: Sentences) -> list[str]:
    counts = Counter(_words(sentences))
    return sorted(counts, key=lambda word: (counts[word], word))


def _by_number_of_sentences(sentences: Sentences) -> list[str]:
    # Counting sorted words makes the ties alphabetical.
    once = sorted(word for sentence in sentences for word in set(sentence))
    return [word for word, _ in Counter(once).most_common()]


def _in_order(rank: Callable[[Sentences], list[str]]) -> Callable[..., dict[str, int]]:
    """Make the answer that ranks the words in another way."""
    return lambda sentences, max_size: _numbered(rank(sentences)[: max_size - 2])


def _with_ids(
    *specials: str, start: int, reserved: int
) -> Callable[..., dict[str, int]]:
    """Make the answer whose words begin at another id, or that keeps other ids free."""
    return lambda sentences, max_size: _numbered(
        _ranked(sentences)[: max_size - reserved], specials, start
    )


def _numbered(
    words: list[str], specials: tuple[str, ...] = ("<pad>", "<unk>"), start: int = 2
) -> dict[str, int]:
    ids = {special: i for i, special in enumerate(specials)}
    return ids | {word: i for i, word in enumerate(words, start)}


def _sentences(*texts: str) -> Sentences:
    return [text.split() for text in texts]


def _random_sentences(rng: np.random.Generator) -> Arguments:
    words = list("abcdefghij")
    sentences = [
        rng.choice(words, size=rng.integers(0, 9)).tolist()
        for _ in range(rng.integers(1, 6))
    ]
    return sentences, int(rng.integers(2, 13))


_STARTS_AT_0 = (
    "the words' ids start at 0, which belongs to `<pad>`; `<pad>` is 0, `<unk>` is 1, "
    "and the first word is 2."
)
_STARTS_AT_1 = (
    "the words' ids start at 1, which belongs to `<unk>`; `<pad>` is 0, `<unk>` is 1, "
    "and the first word is 2."
)
_NO_UNKNOWN = (
    "`<unk>` is missing, so a new word at test time has no id to go to; give `<unk>` "
    "the id 1."
)

DRILL = Drill(
    id="2.1",
    title="build a vocabulary",
    level="warm-up",
    minutes=8,
    prompt=(
        "A text classifier reads numbers, so the vocabulary comes first. I give you "
        "the training sentences, already split into tokens, and the number of ids that "
        "the embedding has room for. `<pad>` is 0 and `<unk>` is 1, and both count. "
        "The words follow, the most frequent first, equally frequent ones in "
        "alphabetical order. I ask because you will build this twice, once to train "
        "and once to serve. If one id moves, the model reads noise, and nothing warns "
        "you."
    ),
    solution=build_vocabulary,
    specification=_build_word_by_word,
    hints=(
        "Three steps: count, rank, number. Which of the three decides what happens to "
        "two words of the same count?",
        "A dict counts, and `collections.Counter` in one line. Sort the words by a "
        "pair: the count comes first, and the larger one must win; the word itself "
        "comes second.",
        "The key of the sort is `(-counts[word], word)`. Put `<pad>` and `<unk>` in "
        "front of the ranked words, cut the list to `max_size`, and enumerate it.",
    ),
    cases=(
        (
            _sentences(
                "the film was good and the end was not",
                "what a film",
                "good good good and so very long",
            ),
            20,
        ),
        (_sentences("so so so so bad", "a bad plot", "bad cast", "plot and cast"), 6),
        (_sentences("zoo yes win van use tea sun", "red one old new map"), 8),
        (_sentences("no no no no", "yes", "yes maybe", "maybe yes never"), 50),
        (_sentences("one two three four five six", "six five four", "six"), 5),
        (_sentences("loud loud loud loud", "slow slow", "calm", "calm", "calm"), 4),
        (_sentences("b a d c", "", "d c b a f e"), 7),
        (_sentences("b a", "c"), 3),
        (_sentences("all of this", "is cut"), 2),
        ([[]], 10),
    ),
    random_case=_random_sentences,
    mistakes=(
        Mistake(
            "words of the same count stand in the order of their first occurrence, "
            "which changes when the sentences are shuffled; break ties alphabetically.",
            _in_order(
                lambda sentences: [
                    word for word, _ in Counter(_words(sentences)).most_common()
                ]
            ),
        ),
        Mistake(
            "words of the same count stand in the order of a set, which differs from "
            "one run of Python to the next; break ties alphabetically.",
            _in_order(_ties_of_a_set),
        ),
        Mistake(
            "words of the same count stand in reverse alphabetical order, for "
            "`reverse=True` turns the whole pair round; negate the count instead.",
            _in_order(_ties_reversed),
        ),
        Mistake(
            "the words stand in the order of a set, which differs from one run of "
            "Python to the next; count them, and put the most frequent first.",
            _in_order(lambda sentences: list(set(_words(sentences)))),
        ),
        Mistake(
            "the words stand in the order of their first occurrence; count them, and "
            "put the most frequent first.",
            _in_order(lambda sentences: list(dict.fromkeys(_words(sentences)))),
        ),
        Mistake(
            "the words stand in alphabetical order alone; the most frequent come "
            "first, and the alphabet only breaks ties.",
            _in_order(lambda sentences: sorted(set(_words(sentences)))),
        ),
        Mistake(
            "the rarest words come first; a sort ascends, so negate the count.",
            _in_order(_rarest_first),
        ),
        Mistake(
            "this counts the sentences that hold a word; count every occurrence, "
            "repetitions within a sentence included.",
            _in_order(_by_number_of_sentences),
        ),
        Mistake(
            "`max_size` counts the words alone here; `<pad>` and `<unk>` take two of "
            "its ids.",
            _with_ids("<pad>", "<unk>", start=2, reserved=0),
        ),
        Mistake(
            "there is one id too many; both `<pad>` and `<unk>` count towards "
            "`max_size`.",
            _with_ids("<pad>", "<unk>", start=2, reserved=1),
        ),
        Mistake(
            "`max_size` is not used; an embedding has only so many rows, so cut the "
            "ranked words.",
            lambda sentences, max_size: _numbered(_ranked(sentences)),
        ),
        *(
            Mistake(_STARTS_AT_0, _with_ids(*specials, start=0, reserved=reserved))
            for specials in ((), ("<pad>", "<unk>"))
            for reserved in (0, 2)
        ),
        Mistake(_STARTS_AT_1, _with_ids("<pad>", "<unk>", start=1, reserved=2)),
        *(
            Mistake(_STARTS_AT_1, _with_ids(start=1, reserved=reserved))
            for reserved in (0, 1, 2)
        ),
        *(
            Mistake(_NO_UNKNOWN, _with_ids("<pad>", start=start, reserved=reserved))
            for start in (1, 2)
            for reserved in (0, 1, 2)
        ),
        Mistake(
            "`<pad>` is missing; it has the id 0, for the zeros that fill up a batch.",
            lambda sentences, max_size: {
                token: i
                for token, i in build_vocabulary(sentences, max_size).items()
                if token != "<pad>"
            },
        ),
    ),
)
