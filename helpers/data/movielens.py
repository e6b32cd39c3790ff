"""MovieLens 100K: which film did somebody rate next?

943 people rated 1,682 films on a web site, September 1997 to April 1998. Everybody has at
least 20 ratings, each with its time in whole seconds. Films are items 1 to 1,682.

The site showed a page of films at a time, so half of all ratings carry the same second as
the rating before. Their true order is not on record. Here they stand in the order of the
file, as most libraries have it; :func:`shuffle_ties` draws another.

Reference: F. M. Harper and J. A. Konstan (2015), "The MovieLens Datasets: History and
Context", ACM TiiS 5(4).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.data.fetch import Member, Source, fetch

_FOLDER = "recbole/dataset_example/ml-100k"
_ARTICLES = ("The", "A", "An", "Les", "Le", "La", "Il", "Das", "Der", "Die", "El")

SOURCE = Source(
    name="movielens",
    title="MovieLens 100K",
    distribution="recbole",
    size=2_130_151,
    licence="GroupLens: research use, not to be redistributed; cite Harper and Konstan 2015",
    members={
        "ratings.tsv": Member(
            f"{_FOLDER}/ml-100k.inter",
            "4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff",
        ),
        "films.tsv": Member(
            f"{_FOLDER}/ml-100k.item",
            "51d7cdf777ce5c0f5b32c1d947a4a81fe07d75e78abbe761e0cd4d0756064532",
        ),
    },
)


@dataclass(frozen=True)
class MovieLens:
    """Who rated which film when, and what the films are.

    Attributes:
        histories: one array of items a user, ``(films,)`` int64, in order of time.
        times: the same shape: seconds since 1970.
        titles: item -> title and year, in natural order; ``titles[0]`` is ``<pad>``.
        genres: item -> its genres; none for the pad.
    """

    histories: list[np.ndarray]
    times: list[np.ndarray]
    titles: list[str]
    genres: list[tuple[str, ...]]

    @property
    def num_items(self) -> int:
        """How many films there are; the pad is none."""
        return len(self.titles) - 1


def load_movielens() -> MovieLens:
    """Load all histories and films, fetching them the first time.

    Ratings themselves are left out: a low one was given after a choice, too.

    Raises:
        DataError: not cached, and not to be had either.
    """
    files = fetch(SOURCE)
    histories, times = _read_ratings(files["ratings.tsv"])
    titles, genres = _read_films(files["films.tsv"])
    return MovieLens(histories, times, titles, genres)


def shuffle_ties(
    histories: Sequence[np.ndarray], times: Sequence[np.ndarray], seed: int
) -> list[np.ndarray]:
    """Histories in which items of the same second stand in random order.

    Args:
        histories: one array of items a user, in order of time.
        times: their times, of the same shapes.
        seed: of the order.
    """
    rng = np.random.default_rng(seed)
    return [
        items[np.lexsort((rng.random(len(items)), seconds))]
        for items, seconds in zip(histories, times, strict=True)
    ]


def _read_ratings(path: Path) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Columns user, item, rating, time; the rows are in no order."""
    users, items, times = np.loadtxt(path, np.int64, skiprows=1, usecols=(0, 1, 3)).T
    order = np.lexsort((times, users))  # stable: equal times keep the file's order
    ends = np.cumsum(np.bincount(users)[1:])[:-1]
    return np.split(items[order], ends), np.split(times[order], ends)


def _read_films(path: Path) -> tuple[list[str], list[tuple[str, ...]]]:
    """Columns item, title, year, genres; items come as 1, 2, ..., without a gap."""
    titles, genres = ["<pad>"], [()]
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        _, title, year, kinds = line.split("\t")
        # Film 267 has no year, and film 1412 has its year in the title.
        is_year = year.isdigit()
        titles.append(f"{_natural(title)} ({year})" if is_year else _natural(title))
        genres.append(tuple(kinds.split()))
    return titles, genres


def _natural(title: str) -> str:
    """``"Usual Suspects, The"`` -> ``"The Usual Suspects"``; a bracket may follow."""
    found = re.fullmatch(rf"(.*?), ({'|'.join(_ARTICLES)})( \(.*)?", title)
    return f"{found[2]} {found[1]}{found[3] or ''}" if found else title
