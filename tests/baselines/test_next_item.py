"""What counting alone recommends, and how good it is on real histories."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.baselines import Markov, Popularity, RepeatLast
from helpers.data import leave_one_out, load_movielens
from helpers.metrics import hit_rate, ndcg, target_ranks, top_items

modest = settings(max_examples=60, deadline=None, database=None)
EMPTY = np.array([], dtype=np.int64)
TRAIN = [np.array([1, 2, 3]), np.array([2, 3]), np.array([2, 1]), np.array([5]), EMPTY]
NUM_ITEMS = 6
a_history = st.lists(st.integers(1, NUM_ITEMS), max_size=9)


@pytest.fixture(scope="module")
def split():
    return leave_one_out(load_movielens().histories)


class TestPopularity:
    def test_it_counts_how_often_an_item_was_taken(self):
        model = Popularity(TRAIN, NUM_ITEMS)
        assert model.counts.tolist() == [0, 2, 3, 2, 0, 1, 0]
        assert model.num_items == NUM_ITEMS

    def test_everybody_is_answered_alike(self):
        model = Popularity(TRAIN, NUM_ITEMS)
        scores = model.score_next([np.array([4]), EMPTY, np.array([2, 2])])
        assert scores.tolist() == [[0, 2, 3, 2, 0, 1, 0]] * 3
        scores[:] = 99
        assert model.counts.tolist() == [0, 2, 3, 2, 0, 1, 0]


class TestRepeatLast:
    def test_the_last_item_scores_1(self):
        scores = RepeatLast(3).score_next([np.array([1, 3]), np.array([3, 1])])
        assert scores.tolist() == [[0, 0, 0, 1], [0, 1, 0, 0]]

    @pytest.mark.parametrize("empty", [EMPTY, np.array([]), []])
    def test_an_empty_history_repeats_nothing(self, empty):
        scores = RepeatLast(3).score_next([empty, np.array([2])])
        assert scores.tolist() == [[0, 0, 0, 0], [0, 0, 1, 0]]


class TestMarkov:
    @modest
    @given(
        st.lists(a_history, min_size=1, max_size=9),
        st.lists(a_history, min_size=1, max_size=5),
    )
    def test_it_agrees_with_a_plain_loop(self, train, histories):
        followed = np.zeros((NUM_ITEMS + 1, NUM_ITEMS + 1))
        taken = np.zeros(NUM_ITEMS + 1)
        for history in train:
            for item in history:
                taken[item] += 1
            for before, after in pairwise(history):
                followed[before, after] += 1
        model = Markov([np.array(h, dtype=np.int64) for h in train], NUM_ITEMS)
        assert model.counts.toarray().tolist() == followed.tolist()
        scores = model.score_next([np.array(h, dtype=np.int64) for h in histories])
        for history, row in zip(histories, scores, strict=True):
            after = followed[history[-1]] if history else np.zeros(NUM_ITEMS + 1)
            assert np.floor(row).tolist() == after.tolist()
            ranking = sorted(
                range(1, NUM_ITEMS + 1), key=lambda i: (-after[i], -taken[i], i)
            )
            assert top_items([row], NUM_ITEMS)[0].tolist() == ranking

    def test_only_the_last_item_is_read_and_in_this_direction(self):
        model = Markov([np.array([1, 2])] * 2 + [np.array([3, 4])], 4)
        scores = model.score_next([np.array([3, 1]), np.array([1, 3])])
        assert top_items(scores, 1).tolist() == [[2], [4]]

    def test_one_user_ends_before_the_next_begins(self):
        model = Markov([np.array([1, 2]), np.array([3, 4])], 4)
        assert model.counts.toarray()[2, 3] == 0
        assert model.counts.sum() == 2

    def test_popularity_never_outweighs_a_single_transition(self):
        train = [np.array([1, 2]), np.full(100_000, 3)]
        scores = Markov(train, 4).score_next([np.array([1])])
        assert top_items(scores, 4).tolist() == [[2, 3, 1, 4]]
        assert scores[0, 3] < 1 < scores[0, 2]

    def test_popularity_decides_between_equal_transitions(self):
        train = [np.array([1, 2]), np.array([1, 3]), np.array([3])]
        scores = Markov(train, 4).score_next([np.array([1])])
        assert top_items(scores, 2).tolist() == [[3, 2]]

    @pytest.mark.parametrize("history", [EMPTY, np.array([]), [], np.array([6])])
    def test_without_a_transition_popularity_answers(self, history):
        scores = Markov(TRAIN, NUM_ITEMS).score_next([history])
        popular = Popularity(TRAIN, NUM_ITEMS).score_next([history])
        assert top_items(scores, 6).tolist() == top_items(popular, 6).tolist()
        assert scores.max() < 1

    def test_others_in_the_batch_change_no_answer(self):
        model = Markov(TRAIN, NUM_ITEMS)
        histories = [np.array([2]), EMPTY, np.array([1, 3])]
        alone = [model.score_next([history])[0].tolist() for history in histories]
        assert model.score_next(histories).tolist() == alone

    def test_single_items_make_no_transition(self):
        model = Markov([np.array([4]), np.array([4])], NUM_ITEMS)
        assert model.counts.sum() == 0
        assert top_items(model.score_next([np.array([4])]), 1).tolist() == [[4]]


@pytest.mark.parametrize("model", [Popularity, Markov])
@pytest.mark.parametrize("empty", [EMPTY, np.array([]), []])
def test_an_empty_history_teaches_nothing(model, empty):
    train, histories = [np.array([1, 2, 1])], [np.array([1]), np.array([2])]
    scores = model([empty, *train, empty], 3).score_next(histories)
    assert scores.tolist() == model(train, 3).score_next(histories).tolist()


@pytest.mark.parametrize(
    "model",
    [Popularity(TRAIN, NUM_ITEMS), RepeatLast(NUM_ITEMS), Markov(TRAIN, NUM_ITEMS)],
    ids=["popularity", "repeat", "markov"],
)
@pytest.mark.parametrize("users", [0, 1, 3])
def test_there_is_a_row_a_user_and_a_column_an_item(model, users):
    assert model.score_next([np.array([1])] * users).shape == (users, NUM_ITEMS + 1)


@pytest.mark.parametrize("wrong", [0, NUM_ITEMS + 1, -1])
class TestUnknownItems:
    @pytest.mark.parametrize("model", [Popularity, Markov])
    def test_training_refuses_them(self, model, wrong):
        with pytest.raises(ValueError, match=f"1 to 6; history 1 has {wrong}$"):
            model([np.array([1, 2]), np.array([3, wrong])], NUM_ITEMS)

    @pytest.mark.parametrize(
        "model",
        [RepeatLast(NUM_ITEMS), Markov(TRAIN, NUM_ITEMS)],
        ids=["repeat", "markov"],
    )
    def test_questions_with_them_are_refused(self, model, wrong):
        with pytest.raises(ValueError, match=f"1 to 6; history 1 has {wrong}$"):
            model.score_next([np.array([1, 2]), np.array([wrong, 3])])


class TestMovieLens:
    """Leave one out, ranked among all films."""

    @pytest.mark.parametrize(
        ("model", "without_seen", "hits", "gain"),
        [
            (Popularity, False, 0.0498, 0.0220),
            (Popularity, True, 0.0838, 0.0432),
            (Markov, True, 0.1442, 0.0766),
        ],
    )
    def test_the_figures(self, split, model, without_seen, hits, gain):
        questions = split.test
        scores = model(split.train, 1682).score_next(questions.histories)
        removed = questions.histories if without_seen else None
        ranks = target_ranks(scores, questions.targets, removed)
        assert hit_rate(ranks, 10) == pytest.approx(hits, abs=5e-5)
        assert ndcg(ranks, 10) == pytest.approx(gain, abs=5e-5)

    def test_nobody_rates_the_last_film_again(self, split):
        scores = RepeatLast(1682).score_next(split.test.histories)
        assert hit_rate(target_ranks(scores, split.test.targets), 10) == 0
