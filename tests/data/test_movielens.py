"""The real ratings, in order of time, and the order of those without one."""

import numpy as np
import pytest

from helpers.data import load_movielens
from helpers.data.fetch import fetch
from helpers.data.movielens import SOURCE, shuffle_ties


@pytest.fixture(scope="module")
def movielens():
    return load_movielens()


def as_lists(histories):
    return [history.tolist() for history in histories]


def test_the_numbers_of_users_films_and_ratings(movielens):
    lengths = [len(history) for history in movielens.histories]
    assert len(lengths) == 943
    assert sum(lengths) == 100_000
    assert (min(lengths), max(lengths)) == (20, 737)
    assert movielens.num_items == 1682
    assert len(movielens.titles) == len(movielens.genres) == 1683


def test_every_film_was_rated_and_nothing_else(movielens):
    assert set(np.concatenate(movielens.histories).tolist()) == set(range(1, 1683))


def test_every_history_is_in_order_of_time(movielens):
    for items, times in zip(movielens.histories, movielens.times, strict=True):
        assert items.dtype == times.dtype == np.int64
        assert items.shape == times.shape
        assert (np.diff(times) >= 0).all()


def test_nobody_rated_a_film_twice(movielens):
    for items in movielens.histories:
        assert len(np.unique(items)) == len(items)


def test_all_times_are_from_september_1997_to_april_1998(movielens):
    times = np.concatenate(movielens.times).astype("datetime64[s]")
    assert times.min().astype("datetime64[M]") == np.datetime64("1997-09")
    assert times.max().astype("datetime64[M]") == np.datetime64("1998-04")


def test_half_of_all_ratings_carry_the_second_of_the_one_before(movielens):
    tied = sum((np.diff(times) == 0).sum() for times in movielens.times)
    assert tied / 100_000 == pytest.approx(0.506, abs=5e-4)


def test_of_415_users_the_last_two_ratings_carry_the_same_second(movielens):
    assert sum(times[-1] == times[-2] for times in movielens.times) == 415


def test_equal_seconds_keep_the_order_of_the_file(movielens):
    lines = fetch(SOURCE)["ratings.tsv"].read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    of_user_19 = [(int(t), int(item)) for user, item, _, t in rows if user == "19"]
    in_order = sorted(of_user_19, key=lambda row: row[0])
    assert movielens.histories[18].tolist() == [item for _, item in in_order]
    assert movielens.times[18].tolist() == [second for second, _ in in_order]
    # The last seven share a second; this is how they stand in the file.
    assert movielens.histories[18][-7:].tolist() == [4, 435, 153, 692, 382, 211, 210]


@pytest.mark.parametrize(
    ("item", "title"),
    [
        (0, "<pad>"),
        (1, "Toy Story (1995)"),
        (12, "The Usual Suspects (1995)"),
        (14, "Il Postino (1994)"),
        (40, "To Wong Foo, Thanks for Everything! Julie Newmar (1995)"),
        (179, "A Clockwork Orange (1971)"),
        (515, "Das Boot (1981)"),
        (543, "Les Misérables (1995)"),
        (602, "An American in Paris (1951)"),
        (664, "Paris, Texas (1984)"),
        (650, "The Seventh Seal (Sjunde inseglet, Det) (1957)"),
        (1682, "Scream of Stone (Schrei aus Stein) (1991)"),
    ],
)
def test_a_title_stands_in_natural_order_with_its_year(movielens, item, title):
    assert movielens.titles[item] == title


@pytest.mark.parametrize(
    ("item", "title"),
    [
        (267, "unkonwn"),
        (1412, "Land Before Time III: The Time of the Great Giving (1995)"),
    ],
)
def test_what_is_no_year_is_left_out(movielens, item, title):
    assert movielens.titles[item] == title


@pytest.mark.parametrize(
    ("item", "genres"),
    [
        (0, ()),
        (1, ("Animation", "Children's", "Comedy")),
        (12, ("Crime", "Thriller")),
        (267, ("unknown",)),
    ],
)
def test_the_genres_of_a_film(movielens, item, genres):
    assert movielens.genres[item] == genres


def test_there_are_18_genres_and_the_unknown(movielens):
    assert len({genre for genres in movielens.genres for genre in genres}) == 19
    assert all(movielens.genres[1:])


class TestShuffleTies:
    def test_only_items_of_the_same_second_change_places(self, movielens):
        shuffled = shuffle_ties(movielens.histories, movielens.times, seed=0)
        users = zip(movielens.histories, movielens.times, shuffled, strict=True)
        for items, times, others in users:
            assert others.dtype == np.int64
            # Sorting inside each second undoes any order that the seconds leave open.
            order, other_order = (np.lexsort((row, times)) for row in (items, others))
            assert items[order].tolist() == others[other_order].tolist()
            assert (times[order] == times).all()

    def test_the_seed_decides_the_order(self, movielens):
        first, again, other = (
            as_lists(shuffle_ties(movielens.histories, movielens.times, seed))
            for seed in (0, 0, 1)
        )
        original = as_lists(movielens.histories)
        assert first == again
        pairs = [(first, other), (first, original), (other, original)]
        for some, others in pairs:
            differ = sum(a != b for a, b in zip(some, others, strict=True))
            assert differ > 900

    def test_every_order_of_a_tie_is_as_likely(self):
        histories, times = [np.array([1, 2, 3])] * 3000, [np.array([5, 5, 5])] * 3000
        orders = map(tuple, as_lists(shuffle_ties(histories, times, seed=0)))
        _, counts = np.unique(list(orders), axis=0, return_counts=True)
        assert len(counts) == 6
        assert counts.min() > 400

    def test_users_are_shuffled_apart(self):
        histories, times = [np.arange(1, 21)] * 2, [np.zeros(20, int)] * 2
        first, second = as_lists(shuffle_ties(histories, times, seed=0))
        assert first != second

    @pytest.mark.parametrize("seed", range(5))
    def test_without_ties_nothing_changes(self, seed):
        histories = [np.array([9, 2, 5, 1]), np.array([3]), np.array([], np.int64)]
        times = [np.array([1, 2, 4, 8]), np.array([7]), np.array([], np.int64)]
        shuffled = shuffle_ties(histories, times, seed)
        assert as_lists(shuffled) == [[9, 2, 5, 1], [3], []]

    def test_the_input_is_neither_changed_nor_shared(self):
        histories, times = [np.arange(1, 9)], [np.array([1, 1, 1, 1, 2, 2, 2, 3])]
        for seed in range(5):
            shuffle_ties(histories, times, seed)[0][:] = 99
        assert as_lists(histories) == [list(range(1, 9))]
        assert as_lists(times) == [[1, 1, 1, 1, 2, 2, 2, 3]]

    def test_every_history_needs_its_times(self):
        with pytest.raises(ValueError, match="zip"):
            shuffle_ties([np.array([1])] * 2, [np.array([1])], seed=0)


def test_half_of_the_gaps_are_zero_and_two_in_a_hundred_longer_than_an_hour(movielens):
    """Notebook 4 says so where it asks what the time between clicks is worth."""
    gaps = np.concatenate([np.diff(times) for times in movielens.times])
    assert (gaps == 0).mean() == pytest.approx(0.51, abs=0.005)
    assert (gaps > 3600).mean() == pytest.approx(0.018, abs=0.0005)
