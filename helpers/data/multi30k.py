"""Multi30k: captions of photographs, in English and in French.

29,000 pairs for training, 1,014 for validation, and the 1,000 of Test2016.

Reference: D. Elliott, S. Frank, K. Sima'an and L. Specia (2016), "Multi30K: Multilingual
English-German Image Descriptions", VL; the French is by D. Elliott et al. (2017), WMT.
"""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from helpers.data.fetch import Member, Source, fetch
from helpers.data.tokenising import tokenise

_COMMIT = "a3d2e0d26b56f3846f66a952536ffed4e401d05a"
_PARTS = {"train": "train", "validation": "val", "test": "test_2016_flickr"}
_SHA256 = {
    "train.en.gz": "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f",
    "train.fr.gz": "622e75069e9f4c577425c4f277116ce66e63a2401c0a2312d90073cb12379a3c",
    "val.en.gz": "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28",
    "val.fr.gz": "ca3106f1a72390591d25f6c45cb4cd39dec4cd3f123e099748a3ce5256c160e9",
    "test_2016_flickr.en.gz": (
        "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9"
    ),
    "test_2016_flickr.fr.gz": (
        "6d326e188d259fb1d04ac19eae3af956559b3a0b93d7635e56c90987c40c8b90"
    ),
}

SOURCE = Source(
    name="multi30k",
    title="Multi30k English-French",
    distribution=(
        f"https://raw.githubusercontent.com/multi30k/dataset/{_COMMIT}/data/task1/raw"
    ),
    size=1_261_209,
    licence="research use, after the Flickr30k captions; "
    "cite Elliott et al. 2016 and 2017",
    members={name: Member(name, sha256) for name, sha256 in _SHA256.items()},
    kind="files",
)

_POSSESSIVE, _ELIDED = re.compile("(?='s$)"), re.compile("(?<=')")
Pairs = list[tuple[list[str], list[str]]]


@dataclass(frozen=True)
class Multi30k:
    """Pairs of tokenised, lower-cased sentences, English first.

    Attributes:
        train: 29,000 pairs.
        validation: 1,014 pairs.
        test: the 1,000 pairs of Test2016.
    """

    train: Pairs
    validation: Pairs
    test: Pairs


def load_multi30k() -> Multi30k:
    """Load all three parts, fetching them the first time.

    Raises:
        DataError: not cached, and not to be had either; nothing half-written stays.
    """
    paths = fetch(SOURCE)
    return Multi30k(**{part: _read(paths, name) for part, name in _PARTS.items()})


def split_english(text: str) -> list[str]:
    """Lower-case tokens; the possessive is one: ``["man", "'s", "hat"]``."""
    return [part for token in tokenise(text) for part in _POSSESSIVE.split(token)]


def split_french(text: str) -> list[str]:
    """Lower-case tokens; an elided word is one: ``["l'", "homme"]``."""
    return [part for token in tokenise(text) for part in _ELIDED.split(token)]


def _read(paths: dict[str, Path], name: str) -> Pairs:
    english, french = (
        _lines(paths[f"{name}.{language}.gz"]) for language in ("en", "fr")
    )
    pairs = zip(map(split_english, english), map(split_french, french), strict=True)
    return [pair for pair in pairs if all(pair)]


def _lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
