"""A check ends and stays harmless, whatever the learner's function does."""

import threading

import numpy as np
import pytest


def test_changed_input_is_named(answer):
    def learner(values, factor):
        values += 1
        return (values - 1) * factor

    assert "changes its input values; work on a copy" in answer(learner)


def test_changed_input_does_not_reach_the_next_case(answer, make_drill):
    drill = make_drill()
    seen = []

    def learner(values, factor):
        seen.append(values.copy())
        values[:] = 7
        return values

    for _ in range(2):
        answer(learner, drill)
    assert (drill.cases[0][0] == 1).all()
    assert (drill.cases[1][0] == 0).all()
    half = len(seen) // 2
    for first, again in zip(seen[:half], seen[half:], strict=True):
        np.testing.assert_array_equal(first, again)


def _raise(error):
    raise error


class _Unprintable(Exception):  # noqa: N818
    def __str__(self):
        raise RuntimeError


class _Treacherous:
    def __array__(self, dtype=None, copy=None):
        raise SystemExit


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda v, f: _raise(SystemExit(1)), "SystemExit: 1"),
        (lambda v, f: _raise(KeyboardInterrupt), "KeyboardInterrupt"),
        (lambda v, f: _raise(GeneratorExit("x")), "GeneratorExit: x"),
        (lambda v, f: _raise(_Unprintable), "_Unprintable"),
        (lambda v, f: _Treacherous(), "SystemExit"),
    ],
)
def test_nothing_escapes(answer, function, words):
    assert f"it stops with {words}" in answer(function)


def test_endless_recursion_is_an_exception(answer):
    def learner(values, factor):
        return learner(values, factor)

    assert "RecursionError" in answer(learner)


def _endless(values, factor):
    while True:
        pass


def _endless_and_stubborn(values, factor):
    try:
        while True:
            pass
    except BaseException:
        pass
    while True:
        pass


def _endless_after_two(values, factor):
    return values * factor if len(values) == 3 else _endless(values, factor)


@pytest.mark.parametrize(
    "function", [_endless, _endless_and_stubborn, _endless_after_two]
)
def test_endless_loop_is_stopped(answer, function):
    printed = answer(function, seconds=0.3)
    assert printed == (
        "9.1 not finished within 0.3 seconds: is there an endless loop?\n"
    )


def test_endless_loop_after_a_failure_tells_both(answer):
    def learner(values, factor):
        return values - 1 if len(values) == 3 else _endless(values, factor)

    printed = answer(learner, seconds=1)
    assert "not finished within 1 seconds" in printed
    assert "Before that, with values of shape (3, 2)" in printed


def test_call_that_cannot_be_stopped_is_admitted(answer):
    released = threading.Event()
    # Waiting inside the interpreter itself, it hears of nothing else.
    printed = answer(lambda v, f: released.wait(), seconds=0.1)
    released.set()
    assert "It still runs: restart the kernel" in printed


def test_random_cases_are_the_same_every_run(ask):
    def recorder(record):
        def learner(values, factor):
            record.append(values)
            return values * factor

        return learner

    first, again = [], []
    ask(recorder(first))
    ask(recorder(again))
    assert len(first) == len(again) == 27
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_learners_prints_still_show(ask):
    def learner(values, factor):
        print("seen", factor)
        return values * factor

    passed, printed = ask(learner, random_cases=0)
    assert passed
    assert printed.startswith("seen 2.0\nseen 3.0\n9.1 passed")
