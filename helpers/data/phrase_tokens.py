"""Tokens to readable text, and typed English to tokens.

A sentence is lower-cased words; a question ends in ``?``, nothing else has punctuation.
English writes every word out (``do not``); ``'s`` of an owner is a token. French elided
words (``l'``) are tokens, and so is a pronoun behind its verb (``-elle``, ``-t-elle``).
"""

import re
from collections.abc import Sequence

from helpers.data.tokenising import tokenise

_SHORT = {"can't": "cannot", "won't": "will not", "i'm": "i am"}
_IS = re.compile("(he|she|it|that|there|who|what|where|when|why)'s")
_ENDINGS = {"n't": "not", "'re": "are", "'ll": "will", "'ve": "have", "'s": "'s"}


def tokenise_english(text: str) -> list[str]:
    """Split a typed English sentence into the tokens of the corpus.

    Contractions are written out (``don't`` is ``do not``); full stops, exclamation marks
    and commas go, the question mark stays.

    Args:
        text: any text; ``""`` gives no tokens.

    Raises:
        TypeError: ``text`` is not a string.
    """
    written = " ".join(map(_write_out, tokenise(text))).replace("can not", "cannot")
    return [t for t in written.split() if t[0].isalpha() or t in ("'s", "?")]


def _write_out(token: str) -> str:
    if token in _SHORT:
        return _SHORT[token]
    if _IS.fullmatch(token):
        return token.replace("'s", " is")
    if token.startswith("?") or token.endswith("?"):
        return "?"
    for ending, written in _ENDINGS.items():
        if token.endswith(ending) and token != ending:
            return f"{token.removesuffix(ending)} {written}"
    return token


def detokenise(tokens: Sequence[str]) -> str:
    """Write tokens of either language as a readable sentence.

    Args:
        tokens: of the corpus, or of a model; no token gives ``""``.
    """
    text = ""
    for token in tokens:
        joined = not text or text.endswith("'") or token.startswith(("-", "'"))
        text += token if joined else f" {token}"
    return text
