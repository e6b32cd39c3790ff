"""List every data set of the course, and fetch those not yet cached."""

import argparse
import sys

from helpers.data import japanese_vowels, movielens, multi30k, rated_texts
from helpers.data.fetch import DataError, cache_folder, fetch, is_cached

#: What the notebooks need, and what a long run alone does.
SOURCES = (japanese_vowels.SOURCE, rated_texts.SOURCE, movielens.SOURCE)
ON_REQUEST = (multi30k.SOURCE,)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns 0, or 1 where a set could not be fetched."""
    sources = {source.name: source for source in (*SOURCES, *ON_REQUEST)}
    parser = argparse.ArgumentParser(prog="python -m helpers.data", description=__doc__)
    parser.add_argument("--list", action="store_true", help="list only, fetch nothing")
    which = "the one set to fetch; by default all that the notebooks need"
    parser.add_argument("name", nargs="?", choices=sorted(sources), help=which)
    given = parser.parse_args(arguments)
    print(f"Cache folder: {cache_folder()}")
    for name, source in sources.items():
        state = "cached" if is_cached(source) else "not cached"
        hint = f"; for a long run only: python -m helpers.data {name}"
        hint = hint if source in ON_REQUEST else ""
        print(f"{source.title}: {state}; {source.terms}{hint}")
    print("English-French phrases: part of the course, nothing to fetch")
    wanted = [sources[given.name]] if given.name else SOURCES
    failed = False
    for source in () if given.list else wanted:
        try:
            fetch(source)
        except DataError as error:
            print(error, file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
