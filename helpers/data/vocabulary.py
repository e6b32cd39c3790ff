"""Tokens to ids and back."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from helpers.arguments import check_at_least, check_between

PAD, UNKNOWN = "<pad>", "<unk>"
PAD_ID, UNKNOWN_ID = 0, 1


class Vocabulary:
    """The tokens that a model knows, each with an id.

    Id 0 is ``<pad>``, 1 is ``<unk>``, then come the ``specials``, then the tokens.

    Attributes:
        tokens: every token in the order of its id, ``<pad>`` first.
        specials: the tokens between ``<unk>`` and the words, such as ``("<s>", "</s>")``.
    """

    def __init__(self, words: Sequence[str], specials: Sequence[str] = ()) -> None:
        """Give ids to words in the order given.

        Args:
            words: the tokens, without ``<pad>``, ``<unk>`` and ``specials``.
            specials: tokens that get the ids from 2.

        Raises:
            ValueError: a token occurs twice.
        """
        self.specials = tuple(_checked(specials))
        self.tokens = [PAD, UNKNOWN, *self.specials, *_checked(words)]
        self._ids = {token: i for i, token in enumerate(self.tokens)}
        if len(self._ids) < len(self.tokens):
            twice = [token for token, n in Counter(self.tokens).items() if n > 1]
            raise ValueError(
                f"words must not repeat a token; {twice[0]!r} occurs twice"
            )

    @classmethod
    def build(
        cls,
        sentences: Iterable[Sequence[str]],
        *,
        min_count: int = 1,
        max_size: int | None = None,
        specials: Sequence[str] = (),
    ) -> "Vocabulary":
        """Collect the tokens of the *training* sentences, the most frequent first.

        Ties are broken alphabetically: the same sentences give the same ids in every run.

        Args:
            sentences: each a list of tokens.
            min_count: how often a token must occur to be kept.
            max_size: how many ids at most, ``<pad>``, ``<unk>`` and specials included.
            specials: tokens that get the ids from 2.

        Raises:
            TypeError: a sentence is a string, not a list of tokens.
            ValueError: ``min_count`` is below 1, or ``max_size`` leaves no room.
        """
        check_at_least(1, min_count=min_count)
        reserved = {PAD, UNKNOWN, *specials}
        if max_size is not None and max_size <= len(reserved):
            raise ValueError(
                f"max_size must be above {len(reserved)}, the ids of "
                f"{', '.join([PAD, UNKNOWN, *specials])}; got {max_size}"
            )
        counts = Counter(t for sentence in sentences for t in _checked(sentence))
        kept = [t for t, n in counts.items() if n >= min_count and t not in reserved]
        kept.sort(key=lambda token: (-counts[token], token))
        room = None if max_size is None else max_size - len(reserved)
        return cls(kept[:room], specials)

    def __len__(self) -> int:
        """The number of ids, a model's ``vocab_size``."""
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        """Whether a token has an id of its own."""
        return token in self._ids

    def encode(self, tokens: Sequence[str]) -> np.ndarray:
        """Tokens -> ids ``(steps,)`` int64; no tokens at all become one ``<unk>``.

        Raises:
            TypeError: ``tokens`` is a string, not a list of tokens.
        """
        ids = [self._ids.get(token, UNKNOWN_ID) for token in _checked(tokens)]
        return np.array(ids or [UNKNOWN_ID], dtype=np.int64)

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Ids ``(steps,)`` -> tokens; pads are left out.

        Raises:
            ValueError: an id is outside the vocabulary.
        """
        ids = [int(i) for i in ids]
        for i in ids:
            check_between(0, len(self.tokens) - 1, ids=i)
        return [self.tokens[i] for i in ids if i != PAD_ID]


def _checked(tokens: Sequence[str]) -> Sequence[str]:
    """Refuse a string: its characters would pass for tokens."""
    if isinstance(tokens, str):
        raise TypeError(f"tokens must be a list of strings, not a string: {tokens!r}")
    for token in tokens:
        if not isinstance(token, str):
            raise TypeError(f"tokens must be strings; one is {token!r}")
    return tokens
