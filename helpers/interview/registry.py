"""Find drills: each notebook's stand in ``helpers.drills``, imported when needed."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from helpers.interview.drill import Drill

_PACKAGE = "helpers.drills"


def drills(notebook: int | None = None) -> Iterator[Drill]:
    """Yield the drills of one notebook, or of all notebooks in order."""
    package = import_module(_PACKAGE)
    for name in sorted(module.name for module in iter_modules(package.__path__)):
        match = re.fullmatch(r"notebook_(\d\d)", name)
        if match and notebook in (None, int(match[1])):
            yield from import_module(f"{_PACKAGE}.{name}").DRILLS


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
