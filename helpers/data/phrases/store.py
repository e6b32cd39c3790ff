"""The corpus in the cache: made once, checked on every load, made again where it is wrong.

The file is JSON lines: first who made it and the hash of the rest, then a line a pair.
"""

import contextlib
import hashlib
import importlib.metadata
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from helpers.data.fetch import DataError, cache_folder
from helpers.data.phrases.pairs import Pair

FILE_NAME = "pairs.jsonl"
_HERE = Path(__file__).parent


def cached_pairs() -> tuple[Pair, ...]:
    """The corpus, from the cache where a sound file made by this very version lies there.

    Raises:
        DataError: pyrealb is not installed, or the cache folder cannot be written.
    """
    path, maker = _path(), made_by()
    lines = _read(path, maker)
    if lines is None:
        from helpers.data.phrases.generating import generate  # pyrealb is slow to load

        print("Making the English-French phrases: once, about half a minute.")
        lines = [_to_line(pair) for pair in generate()]
        try:
            _write(path, maker, lines)
        except OSError as error:
            raise DataError(
                f"the phrases cannot be written to {path}: {error}"
            ) from error
    return tuple(_from_line(line) for line in lines)


def is_cached() -> bool:
    """Whether the corpus in the cache is sound, and made by this very version."""
    try:
        return _read(_path(), made_by()) is not None
    except DataError:  # without pyrealb no version here could have made it
        return False


def made_by() -> str:
    """What the corpus depends on: the hash of this package, and pyrealb's version.

    Raises:
        DataError: pyrealb is not installed.
    """
    try:
        version = importlib.metadata.version("pyrealb")
    except importlib.metadata.PackageNotFoundError as error:
        message = "the phrases need pyrealb: pip install -r requirements.txt"
        raise DataError(message) from error
    sources = (path.read_text(encoding="utf-8") for path in sorted(_HERE.glob("*.py")))
    return f"pyrealb {version}, generator {_hash(sources)[:16]}"


def _path() -> Path:
    return cache_folder() / "phrases" / FILE_NAME


def _read(path: Path, maker: str) -> list[str] | None:
    """The lines of a sound file by this maker; ``None`` where there is none."""
    with contextlib.suppress(OSError, ValueError):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        if json.loads(header) == {"made_by": maker, "sha256": _hash(lines)}:
            return lines
    return None


def _write(path: Path, maker: str, lines: list[str]) -> None:
    """Write beside the target, then rename: nothing half-written is ever read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = json.dumps({"made_by": maker, "sha256": _hash(lines)})
    with tempfile.TemporaryDirectory(prefix=".phrases-", dir=path.parent) as scratch:
        draft = Path(scratch) / path.name
        draft.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        os.replace(draft, path)


def _hash(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def _to_line(pair: Pair) -> str:
    fields = (
        *(" ".join(pair.source), " ".join(pair.target)),
        *(sorted(pair.sure), sorted(pair.possible)),
        *(pair.kind, pair.combinations),
    )
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _from_line(line: str) -> Pair:
    source, target, sure, possible, kind, combinations = json.loads(line)
    return Pair(
        *(tuple(source.split(" ")), tuple(target.split(" "))),
        *(frozenset((i, j) for i, j in links) for links in (sure, possible)),
        kind,
        tuple((relation, first, noun) for relation, first, noun in combinations),
    )
