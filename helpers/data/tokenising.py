"""Text to tokens: one rule for the whole course."""

import re
import unicodedata

_TOKEN = re.compile(
    r"""
    (?<!\w) (?: [:;=] [-^o']? [()\[\]dp/\\|*3]+ | <3 ) (?!\w)  # emoticons: :-) or <3
  | [^\W_]+ (?: ['&*-] [^\W_]+ )*  # words; don't and well-made are one token
  | \.{2,} | [!?]+ | [.,;:"$%()-]  # punctuation; runs of . or of ! and ? are one token
  | [^\w\s\x00-\x7f]  # any other sign, such as an emoji
    """,
    re.VERBOSE,
)
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "–": "-"})
# Signs without a look of their own: they pick a variant of an emoji, or join two.
_PLAIN |= {0xFE0F: None, 0x200D: None}


def tokenise(text: str) -> list[str]:
    """Split a text into lower-case words and the punctuation that carries sentiment.

    Apostrophes and hyphens inside a word stay (``don't``, ``well-made``), and so do
    emoticons, emoji, ``!``, ``?`` and ``...``. Runs are shortened: ``!!!!`` is ``!!``.

    Args:
        text: any text; ``""`` gives no tokens.

    Raises:
        TypeError: ``text`` is not a string.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a string; got {type(text).__name__}")
    plain = unicodedata.normalize("NFC", text.lower()).translate(_PLAIN)
    return [_shorten(token) for token in _TOKEN.findall(plain)]


def _shorten(token: str) -> str:
    """Let ``!!!!`` be ``!!``, and ``.....`` be ``...``: one token for one meaning."""
    if token[0] in "!?":
        return token[:2]
    return "..." if token.startswith("..") else token


def normalise(text: str) -> str:
    """What two texts share that differ in case, spaces and punctuation only."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))
