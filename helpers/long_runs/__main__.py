"""Run one long run by name and put its figures on record."""

import argparse
import importlib
import pkgutil
import time

import helpers.long_runs
from helpers import runtime
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


def registry() -> dict[str, tuple]:
    """Name -> ``(run, seeds)``, from the module of every notebook."""
    runs = {}
    for module in pkgutil.iter_modules(helpers.long_runs.__path__):
        if module.name.startswith("notebook_"):
            path = f"helpers.long_runs.{module.name}"
            runs |= importlib.import_module(path).RUNS
    return runs


if __name__ == "__main__":
    main()
