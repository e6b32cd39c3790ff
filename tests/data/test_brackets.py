"""Bracket strings are what they say, and their depths are counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.brackets import VOCABULARY, bracket_strings, depths


def is_balanced(text):
    """Slow and obvious: take out inner pairs until none is left."""
    while "()" in text:
        text = text.replace("()", "")
    return text == ""


def text_of(sequence):
    return "".join(VOCABULARY.decode(sequence))


def _where(strings, target):
    return strings.subset(np.flatnonzero(strings.targets == target)).sequences


def test_targets_are_right_and_half_and_half():
    strings = bracket_strings(400, seed=1)
    found = [is_balanced(text_of(each)) for each in strings.sequences]
    np.testing.assert_array_equal(found, strings.targets)
    assert strings.targets.mean() == 0.5


def test_lengths_are_all_the_even_ones_in_the_range():
    strings = bracket_strings(600, shortest=4, longest=10, seed=2)
    assert set(strings.lengths) == {4, 6, 8, 10}


def test_both_kinds_of_mistake_occur():
    strings = bracket_strings(400, shortest=8, longest=8, seed=3)
    spoilt = [text_of(s) for s in _where(strings, 0)]
    even = np.mean([text.count("(") == text.count(")") for text in spoilt])
    assert 0.35 < even < 0.65  # as many of both brackets, in the wrong order
    assert all(abs(t.count("(") - t.count(")")) in (0, 2) for t in spoilt)


def test_all_balanced_strings_are_equally_likely():
    strings = bracket_strings(4000, shortest=6, longest=6, seed=4)
    texts = [text_of(s) for s in _where(strings, 1)]
    names, counts = np.unique(texts, return_counts=True)
    assert len(names) == 5  # the third Catalan number
    assert counts.min() > 330  # 400 expected, deviation 18


def test_a_seed_is_a_data_set():
    first, again, other = (bracket_strings(20, seed=s) for s in (5, 5, 6))
    assert list(map(text_of, first.sequences)) == list(map(text_of, again.sequences))
    assert list(map(text_of, first.sequences)) != list(map(text_of, other.sequences))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("()", [1, 0]),
        ("(()", [1, 2, 1]),
        ("())(", [1, 0, -1, -1]),
        (")((", [-1, -1, -1]),
        ("((()))", [1, 2, 3, 2, 1, 0]),
    ],
)
def test_depths(text, expected):
    assert depths(VOCABULARY.encode(list(text))).tolist() == expected


@given(st.text("()", min_size=1, max_size=30))
def test_a_string_is_balanced_where_its_last_depth_is_zero(text):
    assert (depths(VOCABULARY.encode(list(text)))[-1] == 0) == is_balanced(text)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"count": 0}, "count"),
        ({"count": 2, "shortest": 3}, "shortest"),
        ({"count": 2, "shortest": 0}, "shortest"),
        ({"count": 2, "longest": 7}, "longest"),
        ({"count": 2, "shortest": 8, "longest": 6}, "in order"),
    ],
)
def test_bad_arguments_are_named(arguments, name):
    with pytest.raises(ValueError, match=name):
        bracket_strings(**arguments)


def test_another_id_has_no_depth():
    with pytest.raises(ValueError, match=r"sequence.*got 1"):
        depths(np.array([2, 1, 3]))
