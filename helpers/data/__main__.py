"""List every data set of the course, and fetch those not yet cached."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from helpers.data import japanese_vowels, movielens, multi30k, rated_texts
from helpers.data.fetch import DataError, cache_folder, fetch, is_cached
from helpers.data.phrases import store

SOURCES = (japanese_vowels.SOURCE, rated_texts.SOURCE, movielens.SOURCE)


@dataclass(frozen=True)
class DataSet:
    """What the command has to know of a data set.

    Attributes:
        title: its name in messages.
        terms: its size, its licence, and what else there is to say before it is fetched.
        is_cached: whether all of it is in the cache.
        fetch: brings it there; raises a ``DataError`` where it cannot.
        on_request: whether it is fetched only when asked for by name.
    """

    title: str
    terms: str
    is_cached: Callable[[], bool]
    fetch: Callable[[], object]
    on_request: bool = False


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns 0, or 1 where a set could not be fetched."""
    sets = data_sets()
    parser = argparse.ArgumentParser(prog="python -m helpers.data", description=__doc__)
    parser.add_argument("--list", action="store_true", help="list only, fetch nothing")
    which = "the one set to fetch; by default all that the notebooks need"
    parser.add_argument("name", nargs="?", choices=sorted(sets), help=which)
    given = parser.parse_args(arguments)
    print(f"Cache folder: {cache_folder()}")
    failed = False
    for name, each in sets.items():
        state = "cached" if each.is_cached() else "not cached"
        print(f"{each.title}: {state}; {each.terms}")
        is_wanted = name == given.name if given.name else not each.on_request
        if is_wanted and not given.list:
            try:
                each.fetch()
            except DataError as error:
                print(error, file=sys.stderr)
                failed = True
    return int(failed)


def data_sets() -> dict[str, DataSet]:
    """All sets, each under the name of its folder in the cache."""
    sets = {
        source.name: DataSet(
            source.title,
            f"{source.size / 1e6:.1f} MB; {source.licence}",
            partial(is_cached, source),
            partial(fetch, source),
        )
        for source in SOURCES
    }
    sets["phrases"] = DataSet(
        "English-French phrases",
        "3.2 MB; made on this machine by pyrealb (Apache 2.0), once, in about 30 s",
        store.is_cached,
        store.cached_pairs,
    )
    sets["multi30k"] = DataSet(
        multi30k.TITLE,
        f"{multi30k.TERMS}; for a long run only: python -m helpers.data multi30k",
        multi30k.is_cached,
        multi30k.fetch_multi30k,
        on_request=True,
    )
    return sets


if __name__ == "__main__":
    sys.exit(main())
