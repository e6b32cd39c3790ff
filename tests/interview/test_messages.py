"""Each fault of the learner's function has a message of its own."""

import numpy as np
import pytest

from helpers.interview import check, get


def test_pass_is_reported_with_the_counts(ask, make_drill):
    expected = "9.1 passed: 2 fixed and 7 random cases.\n"
    assert ask(make_drill().solution, random_cases=7) == (True, expected)


def _raise(error):
    raise error


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda values, factor: _raise(NotImplementedError("your turn")), "raises Not"),
        (lambda values, factor: None, "returns None"),
        (lambda values, factor: ..., "returns Ellipsis"),
    ],
)
def test_not_attempted(answer, function, words):
    assert f"9.1 not attempted: the function {words}" in answer(function)


def test_framework_without_an_implementation_is_an_attempt(answer):
    def learner(values, factor):
        raise NotImplementedError("softmax not implemented for 'Long'")

    assert "stops with NotImplementedError: softmax" in answer(learner)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda v, f: [[1.0, 2.0], [3.0]], "your result is ragged"),
        (lambda v, f: (v, v[0]), "your result is a tuple of 2, expected one array"),
        (lambda v, f: {1}, "not an array of numbers; got set"),
        (lambda v, f: "text", "not an array of numbers; got str"),
        (lambda v, f: {"a": v}, "not an array of numbers; got dict"),
        (lambda v, f: (row for row in v), "not an array of numbers; got generator"),
        (lambda v, f: (v * f).T, "your result has shape (2, 3), expected (3, 2)"),
        (lambda v, f: (v * f).astype(int), "holds integers (int"),
        (lambda v, f: v * f > 0, "holds booleans (bool), expected floating"),
        (lambda v, f: v * np.nan, "has NaN or infinity, first at [0, 0]"),
        (lambda v, f: v + np.inf, "has NaN or infinity, first at [0, 0]"),
        (
            lambda v, f: v * f + [0, 0.25],
            "your result[0] is [2.0, 2.25], expected [2.0, 2.0]; "
            "the largest difference is 0.25.",
        ),
    ],
)
def test_wrong_result_is_described(answer, function, words):
    printed = answer(function)
    assert words in printed
    assert "with values of shape (3, 2) and factor 2.0, " in printed


def test_rounded_zeros_have_no_sign(answer):
    printed = answer(lambda v, f: np.full_like(v, -1e-9))
    assert "your result[0] is [0.0, 0.0], expected" in printed


def test_a_later_case_is_named(answer):
    printed = answer(lambda v, f: v * f if f == 2 else v + 1)
    assert "with values [[0" not in printed
    assert "values of shape (2, 2) and factor 3.0, your result[0] is" in printed


def test_a_branch_without_return_counts_as_an_attempt(answer):
    printed = answer(lambda v, f: v * f if f == 2 else None)
    assert "not an array of numbers; got NoneType" in printed


def test_known_mistake_comes_before_the_general_message(answer, make_drill):
    for mistake in make_drill().mistakes:
        printed = answer(mistake.function)
        assert printed == f"9.1 not yet: {mistake.sentence}\n"


def test_mistake_is_named_only_if_it_explains_further_cases(answer):
    def adds_only_to_threes(values, factor):
        return values + factor if len(values) == 3 else values * factor

    printed = answer(adds_only_to_threes)
    assert "adds" not in printed
    assert "your result[0] is" in printed


def test_exception_is_reported_with_its_line(answer):
    def learner(values, factor):
        return values @ np.ones(17)

    printed = answer(learner)
    assert "it stops with ValueError: " in printed
    assert "return values @ np.ones(17))" in printed
    assert "Traceback" not in printed


def test_addresses_are_left_out(answer):
    assert " at 0x" not in answer(lambda v, f: _raise(ValueError(object())))


@pytest.mark.parametrize(
    ("function", "accepted"),
    [
        (lambda values: values, "(values)"),
        (lambda values, factor, extra: values, "(values, factor, extra)"),
    ],
)
def test_wrong_signature(answer, function, accepted):
    printed = answer(function)
    expected = f"(values, factor); yours is a function of {accepted}."
    assert printed == f"9.1 needs a function of {expected}\n"


@pytest.mark.parametrize("value", [np.ones(2), None, 3])
def test_result_of_a_call_is_not_a_function(answer, value):
    printed = answer(value)
    assert f"got {type(value).__name__}" in printed
    assert "without calling scale" in printed


@pytest.mark.parametrize("drill_id", ["1.999", "99.1", "drill", "", 1.1, None])
def test_unknown_id_lists_the_known_ones(drill_id):
    with pytest.raises(ValueError, match=r"known ones are '1\.1'") as caught:
        check(drill_id, len)
    assert repr(drill_id) in str(caught.value)
    with pytest.raises(ValueError, match="unknown drill id"):
        get(drill_id)
