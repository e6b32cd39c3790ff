"""List every data set of the course, and fetch those not yet cached."""

import argparse
import sys

from helpers.data import japanese_vowels, movielens, rated_texts
from helpers.data.fetch import DataError, cache_folder, fetch, is_cached

SOURCES = (japanese_vowels.SOURCE, rated_texts.SOURCE, movielens.SOURCE)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns 0, or 1 where a set could not be fetched."""
    parser = argparse.ArgumentParser(prog="python -m helpers.data", description=__doc__)
    parser.add_argument("--list", action="store_true", help="list only, fetch nothing")
    only_list = parser.parse_args(arguments).list
    print(f"Cache folder: {cache_folder()}")
    failed = False
    for source in SOURCES:
        state = "cached" if is_cached(source) else "not cached"
        print(f"{source.title}: {state}; {source.size / 1e6:.1f} MB; {source.licence}")
        if not only_list:
            try:
                fetch(source)
            except DataError as error:
                print(error, file=sys.stderr)
                failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
