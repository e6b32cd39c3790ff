"""Ranks against a slow specification, measures against the library others trust."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import (
    label_ranking_average_precision_score,
    ndcg_score,
    top_k_accuracy_score,
)

from helpers.metrics import (
    bootstrap_interval,
    hit_rate,
    mrr,
    ndcg,
    target_ranks,
    top_items,
)

modest = settings(max_examples=100, deadline=None, database=None)
measures = pytest.mark.parametrize("measure", [hit_rate, ndcg, mrr])


@st.composite
def cases(draw):
    """Scores with many ties, a target a user, and at times items to remove."""
    users, num_items = draw(st.integers(1, 5)), draw(st.integers(1, 9))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    scores = rng.integers(-1, draw(st.integers(0, 4)), (users, num_items + 1)) / 2
    removed = None
    if draw(st.booleans()):
        sizes = rng.integers(0, num_items + 1, users)
        removed = [rng.integers(1, num_items + 1, size) for size in sizes]
    return scores, rng.integers(1, num_items + 1, users), removed


def values_of(row, struck):
    """Item -> score, struck items below all others; the pad is left out."""
    return {
        item: -np.inf if item in struck else row[item] for item in range(1, len(row))
    }


def slow_rank(row, target, struck):
    values = values_of(row, struck)
    # Sorting puts the target behind all that tie with it.
    ranking = sorted(values, key=lambda item: (-values[item], item == target))
    return 1 + ranking.index(target)


def slow_top(row, struck, k):
    values = values_of(row, struck)
    return sorted(values, key=lambda item: (-values[item], item))[:k]


@functools.cache
def tie_free(users=300, num_items=40):
    """Random scores without a tie, the pad's column the highest, and targets."""
    rng = np.random.default_rng(0)
    scores = rng.permuted(np.tile(np.arange(num_items + 1.0), (users, 1)), axis=1)
    scores[:, 0] = 99
    return scores, rng.integers(1, num_items + 1, users)


class TestTargetRanks:
    @modest
    @given(cases())
    def test_the_rank_is_the_place_in_a_sorted_list(self, case):
        scores, targets, removed = case
        lists = removed or [[]] * len(scores)
        wanted = list(map(slow_rank, scores, targets, lists))
        assert target_ranks(scores, targets, removed).tolist() == wanted

    def test_the_best_item_has_rank_1_and_the_worst_the_last(self):
        scores = np.array([[0, 3, 1, 2]] * 3)
        assert target_ranks(scores, [1, 2, 3]).tolist() == [1, 3, 2]

    def test_ties_count_against_the_target(self):
        assert target_ranks(np.ones((2, 8)), [1, 7]).tolist() == [7, 7]
        assert target_ranks([[0, 5, 2, 2, 1]], [2]).tolist() == [3]

    def test_the_pad_never_counts(self):
        scores = np.array([[0.0, 3, 1, 2], [0.0, 1, 2, 3]])
        ranks = target_ranks(scores, [2, 1])
        for value in (np.inf, 99, 1, -99, -np.inf):
            scores[:, 0] = value
            assert target_ranks(scores, [2, 1]).tolist() == ranks.tolist() == [3, 3]

    def test_removed_items_make_way(self):
        scores = np.array([[0, 9, 8, 7, 6], [0, 9, 8, 7, 6]])
        removed = [np.array([1, 2, 1]), np.array([], dtype=np.int64)]
        assert target_ranks(scores, [4, 4], removed).tolist() == [2, 4]

    def test_a_removed_target_comes_last(self):
        scores = np.array([[0, 9, 8, 7, 6]])
        assert target_ranks(scores, [1], [[1]]).tolist() == [4]
        assert target_ranks(scores, [1], [[1, 2, 3, 4]]).tolist() == [4]

    def test_a_padded_row_of_removed_items_will_do(self):
        removed = np.array([[1, 2, 0], [3, 0, 0]])
        scores = np.array([[0, 9, 8, 7, 6]] * 2)
        assert target_ranks(scores, [3, 4], removed).tolist() == [1, 3]

    @pytest.mark.parametrize("nothing", [[], np.array([]), np.array([], dtype=int)])
    def test_nothing_to_remove_may_be_empty(self, nothing):
        assert target_ranks([[0, 3, 1, 2]], [3], [nothing]).tolist() == [2]

    @pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
    def test_the_input_is_not_changed(self, dtype):
        scores = np.array([[5, 3, 1, 2]], dtype)
        targets, removed = np.array([3]), [np.array([1])]
        target_ranks(scores, targets, removed)
        top_items(scores, 2, removed)
        assert scores.tolist() == [[5, 3, 1, 2]]
        assert scores.dtype == dtype
        assert targets.tolist() == [3]
        assert removed[0].tolist() == [1]


class TestTopItems:
    @modest
    @given(cases(), st.integers(1, 9))
    def test_the_best_k_of_a_sorted_list(self, case, k):
        scores, _, removed = case
        k = min(k, scores.shape[1] - 1)
        lists = removed or [[]] * len(scores)
        wanted = [slow_top(*pair, k) for pair in zip(scores, lists, strict=True)]
        assert top_items(scores, k, removed).tolist() == wanted

    def test_of_equals_the_smaller_id_comes_first(self):
        assert top_items([[9, 1, 2, 1, 2, 2]], 5).tolist() == [[2, 4, 5, 1, 3]]
        assert top_items(np.zeros((1, 101)), 100).tolist() == [list(range(1, 101))]

    def test_struck_items_close_the_row(self):
        assert top_items([[0, 9, 8, -7, 6]], 4, [[2, 1]]).tolist() == [[4, 3, 1, 2]]

    def test_without_ties_the_target_stands_at_its_rank(self):
        scores, targets = tie_free()
        ranks = target_ranks(scores, targets)
        best = top_items(scores, 40)
        assert (best[np.arange(300), ranks - 1] == targets).all()


class TestAgreement:
    """Scikit-learn knows no pad: it gets the columns of the items."""

    @pytest.mark.parametrize("k", [1, 5, 10, 39])
    def test_hit_rate(self, k):
        scores, targets = tie_free()
        wanted = top_k_accuracy_score(
            targets, scores[:, 1:], k=k, labels=np.arange(1, 41)
        )
        found = hit_rate(target_ranks(scores, targets), k)
        assert found == pytest.approx(wanted, abs=1e-12)
        assert type(found) is float

    @pytest.mark.parametrize("k", [1, 5, 10, 40])
    def test_ndcg(self, k):
        scores, targets = tie_free()
        relevant = np.eye(41)[targets][:, 1:]
        found = ndcg(target_ranks(scores, targets), k)
        assert found == pytest.approx(ndcg_score(relevant, scores[:, 1:], k=k))
        assert type(found) is float

    def test_mrr(self):
        scores, targets = tie_free()
        relevant = np.eye(41)[targets][:, 1:]
        wanted = label_ranking_average_precision_score(relevant, scores[:, 1:])
        found = mrr(target_ranks(scores, targets), 40)
        assert found == pytest.approx(wanted, abs=1e-12)
        assert type(found) is float


class TestMeasures:
    @pytest.mark.parametrize(
        ("measure", "expected"),
        [
            (hit_rate, 3 / 4),
            (ndcg, (1 + 1 / np.log2(3) + 0.5) / 4),
            (mrr, (1 + 1 / 2 + 1 / 3) / 4),
        ],
    )
    def test_a_hit_at_k_counts_and_one_after_it_does_not(self, measure, expected):
        assert measure(np.array([3, 1, 4, 2]), 3) == pytest.approx(expected, abs=1e-12)

    @measures
    def test_lists_are_accepted(self, measure):
        assert measure([1, 1], 1) == 1
        assert measure([2, 3], 1) == 0

    @measures
    @pytest.mark.parametrize("ranks", [[], [[1, 2]], [1, 0], [-1]])
    def test_wrong_ranks_are_named(self, measure, ranks):
        with pytest.raises(ValueError, match=r"^ranks must be one row of numbers"):
            measure(np.array(ranks), 3)

    @measures
    @pytest.mark.parametrize("k", [0, -1])
    def test_a_wrong_k_is_named(self, measure, k):
        with pytest.raises(ValueError, match=f"^k must be at least 1; got {k}"):
            measure(np.array([1, 2]), k)


class TestErrors:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"scores": np.zeros(4)}, r"^scores must be .*got shape \(4,\)"),
            ({"scores": np.zeros((2, 1))}, r"^scores must be .*got shape \(2, 1\)"),
            ({"scores": np.full((2, 4), np.nan)}, "^scores must be numbers; got NaN"),
            ({"scores": [[np.nan, 1, 2], [0, 1, 2]]}, "^scores must be numbers"),
            ({"targets": [1]}, r"^targets must be .*\(2,\).*; got \(1,\)"),
            ({"targets": [[1], [2]]}, r"^targets must be .*got \(2, 1\)"),
            ({"targets": 1}, r"^targets must be .*got \(\)"),
            ({"targets": [0, 2]}, "^targets must be items from 1 to 3; got 0 to 2"),
            ({"targets": [1, 4]}, "^targets must be items from 1 to 3; got 1 to 4"),
            ({"targets": [-1, 1]}, "^targets must be items from 1 to 3; got -1 to 1"),
            ({"scores": np.zeros((0, 4)), "targets": []}, "^targets must .* one; got"),
            ({"removed": [[1]]}, "^removed must hold one list a row .* 2; got 1"),
            ({"removed": [[1], [4]]}, "^removed must hold items up to 3; got 4 to 4"),
            ({"removed": [[-1, 2], []]}, "^removed must hold items .*; got -1 to 2"),
        ],
    )
    def test_target_ranks_names_the_argument_at_fault(self, changes, message):
        arguments = {"scores": np.zeros((2, 4)), "targets": [1, 3]} | changes
        with pytest.raises(ValueError, match=message):
            target_ranks(**arguments)

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"scores": np.zeros(4)}, r"^scores must be .*got shape \(4,\)"),
            ({"scores": np.full((2, 4), np.nan)}, "^scores must be numbers; got NaN"),
            ({"k": 0}, "^k must be from 1 to 3; got 0"),
            ({"k": 4}, "^k must be from 1 to 3; got 4"),
            ({"removed": [[1]] * 3}, "^removed must hold one list a row .* 2; got 3"),
        ],
    )
    def test_top_items_names_the_argument_at_fault(self, changes, message):
        with pytest.raises(ValueError, match=message):
            top_items(**{"scores": np.zeros((2, 4)), "k": 3} | changes)


class TestBootstrapInterval:
    ranks = np.random.default_rng(0).geometric(0.02, size=943)

    @measures
    def test_it_contains_the_mean(self, measure):
        low, high = bootstrap_interval(measure, self.ranks, 10)
        assert low < measure(self.ranks, 10) < high
        assert type(low) is type(high) is float

    @measures
    def test_the_seed_decides(self, measure):
        first, again, other = (
            bootstrap_interval(measure, self.ranks, 10, seed) for seed in (0, 0, 1)
        )
        assert first == again != other
        assert first == pytest.approx(other, abs=0.01)

    @measures
    def test_25_times_the_users_make_it_a_fifth_as_wide(self, measure):
        few = self.ranks[:100]
        widths = [
            np.ptp(bootstrap_interval(measure, np.tile(few, times), 10))
            for times in (1, 25)
        ]
        assert widths[0] / widths[1] == pytest.approx(5, rel=0.15)

    def test_of_943_users_it_is_close_to_the_normal_approximation(self):
        share = hit_rate(self.ranks, 10)
        half = norm.ppf(0.975) * np.sqrt(share * (1 - share) / 943)
        low, high = bootstrap_interval(hit_rate, self.ranks, 10)
        assert low == pytest.approx(share - half, abs=half / 10)
        assert high == pytest.approx(share + half, abs=half / 10)

    def test_k_is_that_of_the_measure(self):
        low, _ = bootstrap_interval(hit_rate, self.ranks, 100)
        assert low > hit_rate(self.ranks, 10)

    @pytest.mark.parametrize(("rank", "share"), [(1, 1), (99, 0)])
    def test_equal_ranks_leave_nothing_open(self, rank, share):
        ranks = np.full(9, rank)
        assert bootstrap_interval(hit_rate, ranks, 10) == (share, share)

    @pytest.mark.parametrize(
        ("ranks", "k", "message"),
        [
            ([5], 10, "^ranks must hold at least two users; got 1"),
            ([], 10, "^ranks must be one row"),
            ([0, 1], 10, "^ranks must be one row of numbers from 1"),
            ([1, 2], 0, "^k must be at least 1; got 0"),
        ],
    )
    def test_a_wrong_argument_is_named(self, ranks, k, message):
        with pytest.raises(ValueError, match=message):
            bootstrap_interval(hit_rate, np.array(ranks), k)
