"""Find drills: each notebook's stand in ``notebook_NN.py``, imported when needed."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from helpers.interview.drill import Drill


def drills(notebook: int | None = None) -> Iterator[Drill]:
    """Yield the drills of one notebook, or of all notebooks in order."""
    for path in sorted(Path(__file__).parent.glob("notebook_[0-9][0-9].py")):
        if notebook in (None, int(path.stem.removeprefix("notebook_"))):
            yield from import_module(f"{__package__}.{path.stem}").DRILLS


def get(drill_id: str) -> Drill:
    """Return the drill of this id; only its own notebook's drills are imported.

    Raises:
        ValueError: No drill has this id; the message lists the known ones.
    """
    number = drill_id.partition(".")[0] if isinstance(drill_id, str) else ""
    if number.isdecimal():
        for drill in drills(int(number)):
            if drill.id == drill_id:
                return drill
    known = ", ".join(repr(drill.id) for drill in drills())
    raise ValueError(f"unknown drill id {drill_id!r}; the known ones are {known}")
