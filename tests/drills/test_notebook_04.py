"""The solutions of notebook 4 agree with the frameworks, scikit-learn and the course."""

import inspect
import warnings

import keras
import numpy as np
import pytest
import torch
from sklearn.metrics import (
    label_ranking_average_precision_score,
    ndcg_score,
    top_k_accuracy_score,
)
from torch import nn

from helpers import interview, scratch
from helpers.baselines.next_item import Popularity
from helpers.data import next_item
from helpers.metrics import ranking

# Wrong answers overflow and divide by zero.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def _cases(drill, count=50):
    rng = np.random.default_rng(2)
    return (*drill.cases, *(drill.random_case(rng) for _ in range(count)))


def test_drills_are_the_five_of_the_notebook():
    ids = [drill.id for drill in interview.drills(4)]
    assert ids == [f"4.{number}" for number in range(1, 6)]


def _in_keras_order(array):
    r, z, n = np.split(array, 3, axis=-1)
    return np.concatenate([z, r, n], axis=-1)


def test_gru_step_equals_keras():
    drill = interview.get("4.1")
    for x, h, W_x, W_h, b_x, b_h in _cases(drill, count=10):
        cell = keras.layers.GRUCell(len(W_h), reset_after=True, dtype="float64")
        cell.build((None, len(W_x)))
        weights = W_x, W_h, np.stack([b_x, b_h])
        cell.set_weights([_in_keras_order(array) for array in weights])
        output, _ = cell(x, h)
        got = drill.solution(x, h, W_x, W_h, b_x, b_h)
        np.testing.assert_allclose(got, output, rtol=1e-9, atol=1e-9)


def test_gru_step_equals_torch():
    drill = interview.get("4.1")
    for x, h, W_x, W_h, b_x, b_h in _cases(drill):
        cell = nn.GRUCell(len(W_x), len(W_h), dtype=torch.float64)
        with torch.no_grad():
            weights = (W_x.T, W_h.T, b_x, b_h)
            for parameter, weight in zip(cell.parameters(), weights, strict=True):
                parameter.copy_(torch.tensor(weight))
            expected = cell(torch.tensor(x), torch.tensor(h)).numpy()
        got = drill.solution(x, h, W_x, W_h, b_x, b_h)
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)


def test_gru_step_equals_the_courses_own():
    drill = interview.get("4.1")
    for x, h, W_x, W_h, b_x, b_h in _cases(drill):
        weights = scratch.GRUWeights(W_x, W_h, np.stack([b_x, b_h]))
        expected, _ = scratch.gru_step(x, h, weights)
        got = drill.solution(x, h, W_x, W_h, b_x, b_h)
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)


def test_gru_step_meets_huge_sums_of_both_signs_without_a_warning():
    drill = interview.get("4.1")
    extremes = []
    for x, h, W_x, W_h, b_x, b_h in _cases(drill):
        sums = x @ W_x + b_x + h @ W_h + b_h
        extremes += [sums.min(), sums.max()]
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            assert np.isfinite(drill.solution(x, h, W_x, W_h, b_x, b_h)).all()
    assert min(extremes) < -3000
    assert max(extremes) > 3000


def test_gru_step_keeps_the_state_where_z_is_1():
    x, h, W_x, W_h, b_x, b_h = interview.get("4.1").cases[0]
    b_x = b_x.copy()
    b_x[4:8] = 100.0  # the update gate's
    got = interview.get("4.1").solution(x, h, W_x, W_h, b_x, b_h)
    np.testing.assert_allclose(got, h)


def test_sliding_windows_equal_a_plain_loop():
    drill = interview.get("4.2")
    for items, size in _cases(drill):
        inputs, targets = drill.solution(items, size)
        pairs = [
            (items[end - size : end].tolist(), items[end])
            for end in range(size, len(items))
        ]
        assert inputs.shape == (len(pairs), size)
        assert inputs.tolist() == [window for window, _ in pairs]
        assert targets.tolist() == [target for _, target in pairs]
        assert inputs.dtype == targets.dtype == items.dtype


def test_sliding_windows_equal_the_courses_own():
    drill = interview.get("4.2")
    for items, size in _cases(drill):
        inputs, targets = drill.solution(items, size)
        expected = next_item.sliding_windows([items], size)
        assert inputs.tolist() == [window.tolist() for window in expected.sequences]
        assert targets.tolist() == expected.targets.tolist()


def test_sliding_windows_equal_keras():
    drill = interview.get("4.2")
    compared = 0
    for items, size in _cases(drill, count=10):
        if len(items) <= size:  # Keras refuses these
            continue
        batches = keras.utils.timeseries_dataset_from_array(
            items, items[size:], sequence_length=size, batch_size=100
        )
        [(windows, following)] = batches
        inputs, targets = drill.solution(items, size)
        np.testing.assert_array_equal(inputs, windows)
        np.testing.assert_array_equal(targets, following)
        compared += 1
    assert compared > 10


def test_sliding_windows_of_many_users_can_be_joined_and_written_to():
    drill = interview.get("4.2")
    results = [drill.solution(np.arange(1, length + 1), 3) for length in range(7)]
    assert [len(targets) for _, targets in results] == [0, 0, 0, 0, 1, 2, 3]
    inputs = np.concatenate([inputs for inputs, _ in results])
    assert inputs.shape == (6, 3)
    assert inputs.dtype.kind == "i"
    for part, _ in results:
        part[...] = 0  # PyTorch warns of arrays that are read-only


def _without_ties(case):
    scores, targets, _ = case
    tied = scores[:, 1:] == np.take_along_axis(scores, targets[:, None], axis=1)
    return tied.sum() == len(targets)


def test_ranking_scores_equal_scikit_learn():
    drill = interview.get("4.3")
    compared = 0
    for scores, targets, k in filter(_without_ties, _cases(drill, count=100)):
        real, items = scores[:, 1:], scores.shape[1] - 1
        if items < 3:  # scikit-learn takes two classes for another task
            continue
        labels = np.arange(1, items + 1)
        relevant = targets[:, None] == labels
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # every target is among the first k
            hits = top_k_accuracy_score(targets, real, k=k, labels=labels)
        reciprocals = [
            label_ranking_average_precision_score([row], [each])
            for row, each in zip(relevant, real, strict=True)
        ]
        cut = [value if value > 1 / (k + 0.5) else 0.0 for value in reciprocals]
        expected = (hits, ndcg_score(relevant, real, k=k), np.mean(cut))
        assert drill.solution(scores, targets, k) == pytest.approx(expected)
        compared += 1
    assert compared > 20


def test_ranking_scores_take_ties_as_scikit_learns_label_ranking_does():
    drill = interview.get("4.3")
    for scores, targets, _ in _cases(drill):
        real = scores[:, 1:]
        relevant = targets[:, None] == np.arange(1, scores.shape[1])
        expected = label_ranking_average_precision_score(relevant, real)
        got = drill.solution(scores, targets, real.shape[1])  # nothing is cut
        assert got[2] == pytest.approx(expected)


def test_ranking_scores_equal_the_courses_own():
    drill = interview.get("4.3")
    for scores, targets, k in _cases(drill):
        ranks = ranking.target_ranks(scores, targets)
        expected = [
            each(ranks, k) for each in (ranking.hit_rate, ranking.ndcg, ranking.mrr)
        ]
        got = drill.solution(scores, targets, k)
        assert got == pytest.approx(expected)
        assert {type(value) for value in got} == {float}


def test_ranking_scores_of_one_constant_score_are_the_worst():
    scores, targets = np.zeros((4, 11)), np.array([1, 4, 7, 10])
    assert interview.get("4.3").solution(scores, targets, 9) == (0.0, 0.0, 0.0)
    hits, _, mrr = interview.get("4.3").solution(scores, targets, 10)
    assert (hits, mrr) == (1.0, 0.1)


def test_ranking_scores_meet_ties_pads_and_both_sides_of_the_cut():
    kinds = set()
    for case in _cases(interview.get("4.3")):
        scores, targets, k = case
        ranks = ranking.target_ranks(scores, targets)
        own = np.take_along_axis(scores, targets[:, None], axis=1)[:, 0]
        kinds |= {"ties"} if not _without_ties(case) else {"no ties"}
        kinds |= {"pad first"} if (scores[:, 0] > own).any() else set()
        kinds |= {"pad last"} if (scores[:, 0] == -np.inf).any() else set()
        kinds |= {"at the cut"} if (ranks == k).any() else set()
        kinds |= {"beyond"} if (ranks > k).any() else set()
        kinds |= {"k is large"} if k > scores.shape[1] - 1 else set()
    assert len(kinds) == 7


def test_split_and_count_equals_the_courses_own():
    drill = interview.get("4.4")
    for histories, num_items in _cases(drill):
        train, inputs, targets, popularity = drill.solution(histories, num_items)
        split = next_item.leave_one_out(histories)
        pairs = [(train, split.train), (inputs, split.test.histories)]
        for got, expected in pairs:
            assert list(map(list, got)) == list(map(list, expected))
        np.testing.assert_array_equal(targets, split.test.targets)
        counted = Popularity(split.train, num_items).score_next([np.array([1])])[0]
        np.testing.assert_array_equal(popularity, counted)


def test_nothing_of_the_last_two_items_reaches_train_and_popularity():
    drill = interview.get("4.4")
    for histories, num_items in _cases(drill):
        others = [np.append(history[:-2], [1, 1]) for history in histories]
        train, _, _, popularity = drill.solution(histories, num_items)
        other_train, _, _, other_popularity = drill.solution(others, num_items)
        assert list(map(list, train)) == list(map(list, other_train))
        np.testing.assert_array_equal(popularity, other_popularity)


def test_recommend_equals_the_courses_own():
    drill = interview.get("4.5")
    for scores, seen, k in _cases(drill):
        items = len(scores) - 1
        left = items - len(set(seen.tolist()))
        expected = ranking.top_items(scores[None], items, removed=[seen])[0]
        got = drill.solution(scores, seen, k)
        assert got.tolist() == expected[: min(k, left)].tolist()
        assert got.dtype.kind == "i"


def test_recommend_meets_every_kind_of_user():
    kinds = set()
    for scores, seen, k in _cases(interview.get("4.5")):
        distinct = len(set(seen.tolist()))
        left = len(scores) - 1 - distinct
        kinds |= {"nothing seen"} if not distinct else set()
        kinds |= {"repeats"} if len(seen) > distinct else set()
        kinds |= {"nothing left"} if not left else set()
        kinds |= {"too few left"} if 0 < left < k else set()
        kinds |= {"ties"} if len(set(scores[1:])) < len(scores) - 1 else set()
        kinds |= {"pad first"} if scores[0] > scores[1:].max() else set()
        kinds |= {"negative"} if scores.max() < 0 else set()
    assert len(kinds) == 7


# Wrong answers as people write them, not as the drills do.


def _logistic(a):
    return 1 / (1 + np.exp(-a))


def _stable(a):
    return np.where(a >= 0, _logistic(np.abs(a)), 1 - _logistic(np.abs(a)))


def _gru(
    order="rzn",
    new="x_n + r * h_n",
    out="(1 - z) * n + z * h",
    b_h=1,
    b_x=1,
    sigmoid=_stable,
):
    def step(x, h, W_x, W_h, b_x, b_h):
        size = h.shape[1]
        names = {"np": np, "h": h}
        for k, name in enumerate(order):
            part = slice(k * size, (k + 1) * size)
            names[f"x_{name}"] = x @ W_x[:, part] + b_x[part] * with_b_x
            names[f"h_{name}"] = h @ W_h[:, part] + b_h[part] * with_b_h
            names[f"W_{name}"], names[f"b_{name}"] = W_h[:, part], b_h[part]
        for name in "rz":
            names[name] = sigmoid(names[f"x_{name}"] + names[f"h_{name}"])
        names["n"] = np.tanh(eval(new, names))
        return eval(out, names)

    with_b_x, with_b_h = b_x, b_h
    return step


def _windows(count, target="items[i + size]", stop="i + size"):
    def answer(items, size):
        inputs, targets = [], []
        for i in range(eval(count)):
            names = {"items": items, "size": size, "i": i}
            inputs.append(items[i : eval(stop, names)])
            targets.append(eval(target, names))
        width = len(inputs[0]) if inputs else size
        return np.array(inputs, int).reshape(-1, width), np.array(targets, int)

    return answer


def _lists_of_windows(items, size):
    inputs = [items[i : i + size] for i in range(len(items) - size)]
    return np.array(inputs), np.array([items[i + size] for i in range(len(inputs))])


def _strides(items, size):
    both = np.lib.stride_tricks.sliding_window_view(items, size + 1)
    return both[:, :size], both[:, size]


def _index_arithmetic(items, size):
    starts = np.arange(max(len(items) - size, 0))
    return items[starts[:, None] + np.arange(size)], items[size:]


def _jumps(items, size):
    ends = range(size, len(items), size)
    inputs = np.array([items[end - size : end] for end in ends], int)
    return inputs.reshape(-1, size), items[list(ends)]


def _figures(
    rank="1 + (others >= own).sum(1)",
    hit="rank <= k",
    dcg="hit / np.log2(1 + rank)",
    rr="hit / rank",
):
    def answer(scores, targets, k):
        own = scores[range(len(targets)), targets][:, None]
        others = scores.copy()
        others[range(len(targets)), targets] = -np.inf
        names = {"np": np, "own": own, "k": k, "scores": scores, "targets": targets}
        names |= {"everything": others.copy()}
        others[:, 0] = -np.inf
        names |= {"others": others}
        names["rank"] = eval(rank, names)
        names["hit"] = eval(hit, names)
        parts = (names["hit"], eval(dcg, names), eval(rr, names))
        return tuple(np.mean(part, dtype=float) for part in parts)

    return answer


_BY_SORT = (
    "np.argmax(1 + np.argsort(-scores[:, 1:], 1, kind='stable')"
    " == targets[:, None], 1) + 1"
)


def _recommend(
    rule="s = s.copy(); s[0] = -np.inf; s[seen] = -np.inf",
    order="np.argsort(-s, kind='stable')",
    pick="order[: min(k, np.isfinite(s).sum())]",
):
    def answer(scores, seen, k):
        names = {"np": np, "s": scores, "seen": seen, "k": k}
        exec(rule, names)
        names["order"] = eval(order, names)
        return eval(pick, names)

    return answer


def _cut_then_filter(scores, seen, k):
    best = np.argsort(-scores[1:], kind="stable")[:k] + 1
    return np.array([item for item in best if item not in seen], dtype=int)


def _python_sort(scores, seen, k):
    left = set(range(1, len(scores))) - set(seen.tolist())
    return sorted(left, key=lambda item: (-scores[item], item))[:k]


_BEFORE = "reset gate stands before the product"
_INSIDE = "target stands inside the window"

WRONG = [
    ("4.1", "`z` and `1 - z` are swapped", _gru(out="z * n + (1 - z) * h")),
    ("4.1", "`z` and `1 - z` are swapped", _gru(out="h + z * (n - h)")),
    ("4.1", _BEFORE, _gru(new="x_n + (r * h) @ W_n + b_n")),
    ("4.1", _BEFORE, _gru(new="x_n + (r * h) @ W_n")),
    ("4.1", "order update, reset, new, as Keras", _gru("zrn")),
    ("4.1", "order new, reset, update;", _gru("nrz")),
    ("4.1", "order reset, new, update;", _gru("rnz")),
    ("4.1", "outside of the reset gate", _gru(new="x_n + r * (h @ W_n) + b_n")),
    ("4.1", "no bias from `b_h`", _gru(new="x_n + r * (h @ W_n)")),
    ("4.1", "input's share as well", _gru(new="r * (x_n + h_n)")),
    ("4.1", "reset gate is not used", _gru(new="x_n + h_n")),
    ("4.1", "`b_h` is missing", _gru(b_h=0)),
    ("4.1", "`b_x` is missing", _gru(b_x=0)),
    ("4.1", "both biases are missing", _gru(b_x=0, b_h=0)),
    ("4.1", "old state is lost", _gru(out="(1 - z) * n")),
    ("4.1", "added in full", _gru(out="n + z * h")),
    ("4.1", "is NaN", _gru(sigmoid=lambda a: np.exp(a) / (np.exp(a) + 1))),
    ("4.2", "last window is missing", _windows("len(items) - size - 1")),
    ("4.2", "one window too many", _windows("len(items) - size + 1")),
    ("4.2", _INSIDE, _windows("len(items) - size + 1", "items[i + size - 1]")),
    ("4.2", _INSIDE, _windows("len(items) - size", "items[i + size - 1]")),
    ("4.2", "its own target", _windows("len(items) - size", stop="i + size + 1")),
    ("4.2", "skipped", _windows("len(items) - size - 1", "items[i + size + 1]")),
    ("4.2", "do not overlap", _jumps),
    ("4.2", "no window, and that is no error", _strides),
    ("4.2", "inputs have the shape (0,)", _lists_of_windows),
    ("4.3", "column 0 is counted", _figures("1 + (everything >= own).sum(1)")),
    ("4.3", "in favour of the model, so", _figures("1 + (others > own).sum(1)")),
    (
        "4.3",
        "in favour of the model, and column 0",
        _figures("1 + (everything > own).sum(1)"),
    ),
    ("4.3", "comes from a sort, so a tie", _figures(_BY_SORT)),
    ("4.3", "ranks start at 0", _figures("(others >= own).sum(1)")),
    ("4.3", "natural logarithm", _figures(dcg="hit / np.log(1 + rank)")),
    ("4.3", "logarithm of the rank", _figures(dcg="np.where(hit, 1/np.log2(rank), 0)")),
    ("4.3", "logarithm of rank + 2", _figures(dcg="hit / np.log2(rank + 2)")),
    ("4.3", "NDCG is not cut", _figures(dcg="1 / np.log2(rank + 1)")),
    ("4.3", "MRR is not cut", _figures(rr="1 / rank")),
    (
        "4.3",
        "NDCG and MRR are not cut",
        _figures(dcg="1 / np.log2(rank + 1)", rr="1 / rank"),
    ),
    ("4.3", "cut comes one place too early", _figures(hit="rank < k")),
    (
        "4.3",
        "divided by k",
        _figures(
            "1 + (others >= own).sum(1)",
            "(rank <= k) / k",
            "hit * k / np.log2(rank + 1)",
            "hit * k / rank",
        ),
    ),
    ("4.5", "pad is recommended; id 0", _recommend("s = s.copy(); s[seen] = -np.inf")),
    ("4.5", "seen items are recommended", _recommend("s = s.copy(); s[0] = -np.inf")),
    ("4.5", "pad and seen items are recommended", _recommend("pass")),
    ("4.5", "changed in place", _recommend("s[0] = -np.inf; s[seen] = -np.inf")),
    (
        "4.5",
        "changed in place",
        _recommend("s[0] = -np.inf; s[seen] = -np.inf", pick="order[:k]"),
    ),
    ("4.5", "larger id first", _recommend(order="np.argsort(s, kind='stable')[::-1]")),
    ("4.5", "fewer than k items are left", _recommend(pick="order[:k]")),
    (
        "4.5",
        "score of 0 does not rule",
        _recommend("s = s.copy(); s[0] = 0; s[seen] = 0", pick="order[:k]"),
    ),
    ("4.5", "after the cut", _cut_then_filter),
    (
        "4.5",
        "worst items",
        _recommend(
            "s = s.copy(); s[0] = np.inf; s[seen] = np.inf",
            "np.argsort(s, kind='stable')",
        ),
    ),
    (
        "4.5",
        "positions among the items left",
        _recommend("s = np.delete(s, np.append(seen, 0))", pick="order[:k]"),
    ),
]


@pytest.mark.parametrize(("drill_id", "words", "function"), WRONG)
def test_typical_wrong_answer_is_named(drill_id, words, function, capsys):
    assert not interview.check(drill_id, function)
    printed = capsys.readouterr().out
    assert printed.startswith(f"{drill_id} not yet: ")
    assert words in printed


OTHER_RIGHT = [
    ("4.1", _gru()),
    ("4.1", _gru(out="n + z * (h - n)")),
    ("4.2", _windows("len(items) - size")),
    ("4.2", _index_arithmetic),
    ("4.3", _figures()),
    ("4.3", _figures("1 + others.shape[1] - (others < own).sum(1)")),
    ("4.5", _recommend()),
    ("4.5", _python_sort),
]


@pytest.mark.parametrize(("drill_id", "function"), OTHER_RIGHT)
def test_another_right_answer_passes(drill_id, function, capsys):
    assert interview.check(drill_id, function), capsys.readouterr().out


def test_plain_sigmoid_is_exact_but_numpy_warns():
    with pytest.warns(RuntimeWarning, match="overflow encountered in exp"):
        assert interview.check("4.1", _gru(sigmoid=_logistic))


REPAIRS = {
    "train": ("train = [history[:-1]", "train = [history[:-2]"),
    "popularity": ("np.concatenate(histories)", "np.concatenate(known)"),
}
# What the counts are made from, as people repair them.
KNOWN = {
    "train": "train",
    "before": "[history[:-2] for history in histories]",
    "inputs": "test_inputs",
}
FIXES = ["-2", "train)", "[:", "slice", "concatenate"]


def _partly_repaired(names, known="before"):
    code = interview.stub("4.4")
    for name in names:
        old, new = REPAIRS[name]
        assert code.count(old) == 1
        code = code.replace(old, new.replace("known", KNOWN[known]))
    return _function(code)


def _function(code):
    namespace = {"np": np}  # all that a notebook's cell may rely on
    exec(code, namespace)
    return namespace["split_and_count"]


def _answer_about(function, capsys):
    interview.check("4.4", function)
    return capsys.readouterr().out


UNFINISHED = [
    ((), "before", "not attempted: this is still the code as given"),
    (("train",), "before", "one to go: training is right now, but the counts"),
    (("popularity",), "before", "one to go: the counts are right now, but training"),
    (("popularity",), "train", "one to go: the test no longer leaks into the counts"),
    (("popularity",), "inputs", "one to go: the test no longer leaks into the counts"),
    (("train", "popularity"), "inputs", "but they still know what validation"),
    (("train", "popularity"), "before", "passed"),
    (("train", "popularity"), "train", "passed"),
]


@pytest.mark.parametrize(("repaired", "known", "words"), UNFINISHED)
def test_each_repair_of_the_code_as_given_is_told_apart(repaired, known, words, capsys):
    answer = _answer_about(_partly_repaired(repaired, known), capsys)
    assert answer.startswith("4.4 ")
    assert words in answer
    assert not any(fix in answer for fix in FIXES)


def test_answers_to_all_unfinished_repairs_differ():
    sentences = [mistake.sentence for mistake in interview.get("4.4").mistakes[:4]]
    assert len(set(sentences)) == 4
    assert all(sentence.startswith("one to go: ") for sentence in sentences)


def test_code_as_given_raises_no_error():
    given = _partly_repaired(())
    for histories, num_items in _cases(interview.get("4.4")):
        train, inputs, targets, popularity = given(histories, num_items)
        assert len(train) == len(inputs) == len(targets) == len(histories)
        assert popularity.shape == (num_items + 1,)


def test_first_two_hints_of_the_debugging_drill_give_no_fix_away():
    for hint in interview.get("4.4").hints[:2]:
        assert not any(fix in hint for fix in FIXES)


# Each has all of the code repaired, and one thing wrong still, or again.
SLIPS = {
    "training loses one item too many": (
        "train = [history[:-2]",
        "train = [history[:-3]",
    ),
    "test's inputs have lost": (
        "test_inputs = [history[:-1]",
        "test_inputs = [history[:-2]",
    ),
    "asks for the item of validation": ("history[-1]", "history[-2]"),
    "largest id found": (", minlength=num_items + 1", ""),
    "lost the place of the pad": ("num_items + 1)", "num_items + 1)[1:]"),
    "once per item": ("concatenate(train)", "concatenate([*map(np.unique, train)])"),
    "shares": ("num_items + 1)", "num_items + 1) / sum(map(len, train))"),
}


@pytest.mark.parametrize("words", SLIPS)
def test_new_slip_in_the_repaired_code_is_named(words, capsys):
    code = inspect.getsource(interview.get("4.4").solution)
    old, new = SLIPS[words]
    # The signature and the docstring may hold the words as well.
    assert code.count(old) == 1
    answer = _answer_about(_function(code.replace(old, new)), capsys)
    assert answer.startswith("4.4 not yet: ")
    assert words in answer


@pytest.mark.parametrize("repaired", [(), ("train",), ("popularity",)])
def test_lost_item_of_the_test_is_named_beside_a_leak(repaired, capsys):
    code = interview.stub("4.4")
    for name in repaired:
        old, new = REPAIRS[name]
        code = code.replace(old, new.replace("known", KNOWN["before"]))
    code = code.replace("test_inputs = [history[:-1]", "test_inputs = [history[:-2]")
    assert "test's inputs have lost" in _answer_about(_function(code), capsys)
