"""Drill 4.4: find the leaks in a split that leaves the last items out."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Histories = list[np.ndarray]
Split = tuple[Histories, Histories, np.ndarray, np.ndarray]


def split_and_count(
    histories: list[np.ndarray], num_items: int
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray, np.ndarray]:
    """Return (train, test_inputs, test_targets, popularity).

    Each history, in order of time, has at least 3 items. The last is the test's
    target, all before it the test's input. The last but one is for validation, all
    before it for training. Popularity, (num_items + 1,), counts ids in training.
    """
    train = [history[:-2] for history in histories]
    test_inputs = [history[:-1] for history in histories]
    test_targets = np.array([history[-1] for history in histories])
    popularity = np.bincount(np.concatenate(train), minlength=num_items + 1)
    return train, test_inputs, test_targets, popularity


def _split_and_count_as_given(histories: Histories, num_items: int) -> Split:
    train = [history[:-1] for history in histories]
    test_inputs = [history[:-1] for history in histories]
    test_targets = np.array([history[-1] for history in histories])
    popularity = np.bincount(np.concatenate(histories), minlength=num_items + 1)
    return train, test_inputs, test_targets, popularity


def _split_item_by_item(histories: Histories, num_items: int) -> Split:
    train, test_inputs, test_targets = [], [], []
    popularity = np.zeros(num_items + 1, dtype=int)
    for history in histories:
        *before, validation, target = history.tolist()
        for item in before:
            popularity[item] += 1
        train.append(np.array(before))
        test_inputs.append(np.array([*before, validation]))
        test_targets.append(target)
    return train, test_inputs, np.array(test_targets), popularity


def _count(histories: Histories, num_items: int) -> np.ndarray:
    return np.bincount(np.concatenate(histories), minlength=num_items + 1)


def _count_users(histories: Histories, num_items: int) -> np.ndarray:
    return _count([np.unique(history) for history in histories], num_items)


def _count_to_the_largest(histories: Histories, num_items: int) -> np.ndarray:
    return np.bincount(np.concatenate(histories))


def _count_without_the_pad(histories: Histories, num_items: int) -> np.ndarray:
    return _count(histories, num_items)[1:]


def _shares(histories: Histories, num_items: int) -> np.ndarray:
    counts = _count(histories, num_items)
    return counts / counts.sum()


def _with(
    *,
    train: slice = slice(-2),
    inputs: slice = slice(-1),
    target: int = -1,
    counted: slice = slice(-2),
    count: Callable[[Histories, int], np.ndarray] = _count,
) -> Callable[..., Split]:
    """Make the answer that cuts the histories at other places, or counts otherwise."""

    def answer(histories, num_items):
        return (
            [history[train] for history in histories],
            [history[inputs] for history in histories],
            np.array([history[target] for history in histories]),
            count([history[counted] for history in histories], num_items),
        )

    return answer


def _histories(
    *lengths: int, num_items: int, seed: int | np.random.Generator = 0
) -> Arguments:
    rng = np.random.default_rng(seed)
    return [rng.integers(1, num_items + 1, size=n) for n in lengths], num_items


def _random_histories(rng: np.random.Generator) -> Arguments:
    lengths = rng.integers(3, 9, size=rng.integers(1, 6)).tolist()
    return _histories(*lengths, num_items=int(rng.integers(3, 25)), seed=rng)


DRILL = Drill(
    id="4.4",
    title="find the leaks",
    level="core",
    minutes=8,
    prompt=(
        "A colleague splits what users watched, the usual way: each one's last film is "
        "for the test, the last but one for validation, and the rest for training. The "
        "popularity of the films comes along, as a baseline and for sampling. The "
        "docstring says what was agreed. This code runs, and is wrong. Two leaks are "
        "in it: something is known that should have been kept back. Neither raises an "
        "error. Please repair them, and tell me for each which figure would have come "
        "out too good. I ask because a leak never looks like a mistake. It looks like "
        "a better model."
    ),
    solution=split_and_count,
    specification=_split_item_by_item,
    hints=(
        "Do not read, try. Make one history of 5 different items. Which of them may "
        "each of the four results know?",
        "Go through the results one by one. For each, ask on which day it would have "
        "been computed, and whether its items had been watched by then. One leak is "
        "in a list of histories, the other in the counts.",
        "`train` is `history[:-2]` for each history, and `popularity` counts what is "
        "in `train`, not in `histories`. The test's inputs and targets are right as "
        "they stand.",
    ),
    cases=(
        ([np.array([1, 2, 3, 4, 5]), np.array([6, 7, 8, 1])], 9),
        _histories(6, 4, 5, num_items=12),
        _histories(8, 3, num_items=4),
        _histories(3, 3, 3, num_items=20),
        _histories(7, num_items=6),
        ([np.array([2, 2, 2, 2, 2])], 2),
        ([np.array([3, 3, 1, 2]), np.array([1, 3, 3, 3])], 3),
        ([np.array([1, 2, 3])], 3),
    ),
    random_case=_random_histories,
    buggy=_split_and_count_as_given,
    mistakes=(
        Mistake(
            "one to go: the counts are right now, but training still sees what "
            "validation will ask for.",
            _with(train=slice(-1)),
        ),
        Mistake(
            "one to go: training is right now, but the counts still know what "
            "validation and the test will ask for.",
            _with(counted=slice(None)),
        ),
        Mistake(
            "one to go: training is right now, and the counts no longer know the test, "
            "but they still know what validation will ask for.",
            _with(counted=slice(-1)),
        ),
        Mistake(
            "one to go: the test no longer leaks into the counts, but training and "
            "counts still know what validation will ask for.",
            _with(train=slice(-1), counted=slice(-1)),
        ),
        *(
            Mistake(
                "training loses one item too many now; only the last two are kept "
                "back.",
                _with(train=slice(-3), counted=counted),
            )
            for counted in (slice(-2), slice(-3))
        ),
        Mistake(
            "the counts lose one item too many now; only the last two are kept back.",
            _with(counted=slice(-3)),
        ),
        *(
            Mistake(
                "the test's inputs have lost their last item; at the time of the test, "
                "everything before the target is known, the item for validation "
                "included.",
                _with(inputs=slice(-2), train=train, counted=counted),
            )
            for train, counted in (
                (slice(-2), slice(-2)),
                (slice(-2), slice(None)),
                (slice(-1), slice(-2)),
                (slice(-1), slice(-1)),
                (slice(-1), slice(None)),
            )
        ),
        *(
            Mistake(
                "the test asks for the item of validation now; its target is the last "
                "item.",
                _with(target=-2, inputs=inputs),
            )
            for inputs in (slice(-1), slice(-2))
        ),
        Mistake(
            "the counts end with the largest id found in training now; there are "
            "`num_items + 1` of them, whatever training holds.",
            _with(count=_count_to_the_largest),
        ),
        Mistake(
            "the counts have lost the place of the pad; id i belongs at index i.",
            _with(count=_count_without_the_pad),
        ),
        Mistake(
            "the counts hold each user once per item now; count every occurrence.",
            _with(count=_count_users),
        ),
        Mistake(
            "the counts are shares now; return whole numbers.",
            _with(count=_shares),
        ),
    ),
)
