"""Run one long run by name and put its figures on record."""

import argparse
import time
from collections.abc import Callable, Sequence

from helpers import runtime
from helpers.long_runs import (
    notebook_01,
    notebook_02,
    notebook_03,
    notebook_04,
    notebook_05,
)
from helpers.long_runs.store import write


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, run, and write ``notebooks/stored/long_runs.json``."""
    runtime.start(seed=0)
    runs = registry()
    parser = argparse.ArgumentParser(
        prog="python -m helpers.long_runs", description=__doc__
    )
    parser.add_argument("name", choices=sorted(runs), help="the run")
    name = parser.parse_args(arguments).name
    run, seeds = runs[name]
    begun = time.perf_counter()
    figures = run()
    write(name, figures, seeds, time.perf_counter() - begun)


def registry() -> dict[str, tuple[Callable, Sequence[int]]]:
    """Name -> ``(run, seeds)``, from the module of every notebook."""
    modules = (notebook_01, notebook_02, notebook_03, notebook_04, notebook_05)
    return {run.__name__: (run, each.SEEDS) for each in modules for run in each.RUNS}


if __name__ == "__main__":
    main()
