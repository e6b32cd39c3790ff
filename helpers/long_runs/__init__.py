"""The runs too long for a notebook: ``python -m helpers.long_runs NAME``."""

from collections.abc import Mapping, Sequence

from helpers.long_runs.store import read
from helpers.page.side_by_side import table

__all__ = ["provenance", "read", "show"]


def show(
    name: str,
    columns: Sequence[str],
    rows: Mapping[str, Sequence[str]],
    head: str = "",
    digits: int = 3,
) -> None:
    """Display figures of a long run, marked as such.

    Args:
        name: of the run.
        columns: headings, such as the frameworks.
        rows: label -> the names of its figures, one a column; means over seeds.
        head: heading of the labels.
        digits: how many stand behind the point.
    """
    record = read(name)
    means = {
        label: [f"{record['figures'][figure]['mean']:.{digits}f}" for figure in names]
        for label, names in rows.items()
    }
    table((head, *columns), [(label, *values) for label, values in means.items()])
    provenance(name)


def provenance(name: str) -> None:
    """Print where the figures of a long run come from: command, seeds, date, machine."""
    record = read(name)
    minutes = max(1, round(record["seconds"] / 60))
    print(f"Long run: {record['command']}")
    count = len(record["seeds"])
    seeds = "one seed" if count == 1 else f"mean of {count} seeds"
    print(f"{seeds}; {record['date']}; {minutes} min on {record['machine']}")
