"""What the long runs of notebook 4 prepare; the runs themselves are too long for a test."""

import itertools

import numpy as np
import pytest
import torch

from helpers.data.next_item import HeldOut, every_prefix, leave_one_out
from helpers.long_runs import notebook_04
from helpers.long_runs.recipe import FRAMEWORKS, Recipe
from helpers.metrics import hit_rate, ndcg, target_ranks
from helpers.pytorch.next_item import NextItemModel, score_next

ITEMS = 40


@pytest.fixture(scope="module")
def histories():
    """Every user's items are their own block, so that a leak shows by the item."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(5, 230, 30)
    ends = np.cumsum(lengths)
    return [np.arange(end - n, end) + 1 for n, end in zip(lengths, ends, strict=True)]


@pytest.fixture(scope="module")
def parts(histories):
    return notebook_04._with_and_without_future(histories, seed=0)


def _transitions(train):
    """All (last input, target) pairs that are learned from."""
    return {
        (int(item), int(target))
        for items, targets in zip(train.sequences, train.targets, strict=True)
        for item, target in zip(items, targets, strict=True)
        if target
    }


def test_no_question_is_learned_from(parts):
    trains, questions = parts
    for train in trains.values():
        learned = _transitions(train)
        for history, target in zip(questions.histories, questions.targets, strict=True):
            assert (int(history[-1]), int(target)) not in learned


def test_the_honest_set_stops_at_the_question(parts, histories):
    trains, questions = parts
    learned = {target for _, target in _transitions(trains["in_time_pytorch"])}
    shown = set(np.concatenate(trains["in_time_pytorch"].sequences).tolist())
    for history, target in zip(questions.histories, questions.targets, strict=True):
        (whole,) = (h for h in histories if target in h)
        after = set(whole[len(history) :].tolist())
        assert not after & (learned | shown)
        assert set(history[1:].tolist()) <= learned


def test_the_random_split_learns_all_but_the_question(parts, histories):
    trains, questions = parts
    learned = {target for _, target in _transitions(trains["random_split_pytorch"])}
    for target in questions.targets:
        (whole,) = (h for h in histories if target in h)
        assert set(whole[1:].tolist()) - learned == {int(target)}


def test_both_learn_from_about_equally_many(parts, histories):
    counts = [len(_transitions(train)) for train in parts[0].values()]
    assert abs(counts[0] - counts[1]) <= max(map(len, histories))


def test_half_of_the_users_are_asked_others_with_another_seed(parts, histories):
    _, questions = parts
    _, others = notebook_04._with_and_without_future(histories, seed=1)
    assert len(questions.targets) == len(others.targets) == 15
    assert set(questions.targets.tolist()) != set(others.targets.tolist())


def test_a_question_beyond_the_first_piece_is_left_out_too():
    long = np.arange(1, 251)
    for place in (1, 99, 100, 101, 200, 249):
        made = notebook_04._all_but_one([long], [place])
        expected = set(itertools.pairwise(range(1, 251))) - {(place, place + 1)}
        assert _transitions(made) == expected


def test_the_figures_of_a_system_are_by_full_ranking():
    held_out = HeldOut([np.array([1, 2]), np.array([3])], np.array([3, 1]))
    scores = np.array([[9, 4, 3, 2], [9, 1, 2, 3]])
    figures = notebook_04.measure(lambda _: scores, held_out)
    assert figures["test_hr10"] == figures["test_hr10_unseen"] == 1.0
    assert figures["test_ndcg10"] == pytest.approx(np.mean([1 / 2, 1 / 2]))
    expected = np.mean([1, 1 / np.log2(3)])
    assert figures["test_ndcg10_unseen"] == pytest.approx(expected)


def test_a_shorter_history_is_seen_and_the_whole_one_removed():
    torch.manual_seed(0)
    model, rng = NextItemModel(ITEMS), np.random.default_rng(0)
    histories = [rng.permutation(ITEMS)[:6] + 1 for _ in range(30)]
    test = HeldOut([h[:-1] for h in histories], np.array([h[-1] for h in histories]))
    ranks = {
        length: target_ranks(
            score_next(model, [h[-length:] for h in test.histories]),
            test.targets,
            test.histories,
        )
        for length in (1, 5)
    }
    for length, expected in ranks.items():
        found = notebook_04._with_last(model, test, length)
        assert found["test_ndcg10_unseen"] == ndcg(expected, 10)
    assert ndcg(ranks[1], 10) != ndcg(ranks[5], 10)


SHORT = Recipe(epochs=12, rate=5e-3, batch_size=32)


@pytest.mark.parametrize("name", list(FRAMEWORKS))
def test_the_recipe_learns_what_always_follows(name):
    rng = np.random.default_rng(0)
    starts = rng.integers(0, ITEMS, 200)
    circles = [(start + np.arange(12)) % ITEMS + 1 for start in starts]
    split = leave_one_out(circles)
    model = notebook_04.train(name, split.train, ITEMS, seed=0, recipe=SHORT)
    score = FRAMEWORKS[name].next_item.score_next
    ranks = target_ranks(score(model, split.test.histories), split.test.targets)
    assert hit_rate(ranks, 1) > 0.9


def test_windows_are_answered_at_their_last_item():
    torch.manual_seed(0)
    model = notebook_04.LastOnly(ITEMS).eval()
    items, lengths = torch.tensor([[3, 4, 5], [6, 7, 0]]), torch.tensor([3, 2])
    torch.testing.assert_close(model(items, lengths), model.last(items, lengths))
    assert model(items, lengths).shape == (2, ITEMS + 1)


def test_examples_may_be_given_ready_made(monkeypatch):
    seen = []
    monkeypatch.setattr(Recipe, "fit", lambda *a, **k: seen.append(a[3]))
    examples = every_prefix([np.array([1, 2, 3])], 5)
    notebook_04.train("pytorch", examples, ITEMS, 0)
    assert seen[0].dataset is examples
