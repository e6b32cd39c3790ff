"""The figures of long runs, in ``notebooks/stored/long_runs.json``; none typed by hand."""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from helpers import runtime

STORE = Path(__file__).parents[2] / "notebooks" / "stored" / "long_runs.json"


def read(name: str, store: Path = STORE) -> dict[str, Any]:
    """The record of one long run.

    Args:
        name: of the run, as in ``python -m helpers.long_runs NAME``.
        store: the file.

    Returns:
        Its ``figures``, ``seeds``, ``date``, ``versions``, ``machine``, ``seconds`` and
        ``command``.

    Raises:
        KeyError: the run is not on record; the message names the command.
    """
    records = _read_all(store)
    if name not in records:
        raise KeyError(
            f"long run {name!r} is not on record; run: python -m helpers.long_runs {name}"
        )
    return records[name]


def write(
    name: str,
    figures: Mapping[str, Any],
    seeds: Sequence[int],
    seconds: float,
    store: Path = STORE,
) -> None:
    """Put a run on record, in place of an earlier one of that name.

    Args:
        name: of the run.
        figures: its results; numbers, or lists and mappings of numbers.
        seeds: the seeds it used.
        seconds: how long it took.
        store: the file.
    """
    records = _read_all(store)
    records[name] = {
        "figures": dict(figures),
        "seeds": list(seeds),
        "date": datetime.now(UTC).date().isoformat(),
        "versions": runtime.versions(),
        "machine": runtime.machine(),
        "seconds": round(seconds),
        "command": f"python -m helpers.long_runs {name}",
    }
    text = json.dumps(records, indent=2, sort_keys=True, allow_nan=False)
    with replacing(store) as scratch:
        scratch.write_text(text + "\n", encoding="utf-8")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write beside ``path``, which it then replaces: never half-written."""
    scratch = path.with_suffix(".partial")
    try:
        yield scratch
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def mean(each: Sequence[float]) -> dict[str, Any]:
    """The mean over seeds, and what it is the mean of."""
    return {"mean": float(np.mean(each)), "each": [float(value) for value in each]}


def _read_all(store: Path) -> dict[str, Any]:
    if not store.exists():
        return {}
    return json.loads(store.read_text(encoding="utf-8"))
