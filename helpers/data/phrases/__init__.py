"""English-French phrases with gold alignments, made by the bilingual realiser pyrealb.

A grammar of a few hundred words draws meanings, and says each in both languages: the
French is right by construction, and where every word comes from is known. You is *tu*, I
am a man, *they* are masculine, and nothing is ever *it*, so that each English sentence has
exactly one French answer.
"""

from helpers.arguments import check_choice
from helpers.data.phrases.pairs import Pair, Phrases, PhraseSplits
from helpers.data.phrases.recipes import KINDS
from helpers.data.phrases.splitting import compositional_split, random_split
from helpers.data.phrases.store import cached_pairs
from helpers.data.phrases.tokens import detokenise, tokenise_english

__all__ = [
    "KINDS",
    "Pair",
    "PhraseSplits",
    "Phrases",
    "detokenise",
    "load_phrases",
    "tokenise_english",
]
_SPLITS = {"compositional": compositional_split, "random": random_split}


def load_phrases(split: str = "compositional", seed: int = 0) -> PhraseSplits:
    """The corpus, parted for training; made on the first call, from the cache ever after.

    Args:
        split: ``"compositional"`` (the test has verb-object and adjective-noun pairs that
            training never has) or ``"random"``.
        seed: of the split; the sentences are always the same.

    Raises:
        ValueError: ``split`` or ``seed`` is none of these.
        DataError: the corpus is not in the cache and cannot be made.
    """
    check_choice("split", split, tuple(_SPLITS))
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"seed must be a whole number >= 0; got {seed!r}")
    return _SPLITS[split](cached_pairs(), seed)
