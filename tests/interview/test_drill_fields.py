"""An incomplete drill is refused where it is written."""

import pytest

from helpers.interview import Mistake


def _of_other_parameters(values):
    return values


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "one"}, "id must be"),
        ({"id": 1.1}, "id must be"),
        ({"title": ""}, "title must be"),
        ({"level": "hard"}, "level must be one of warm-up, core, stretch"),
        ({"minutes": 0}, "minutes must be"),
        ({"prompt": None}, "prompt must be"),
        ({"solution": lambda values, factor: values}, "solution must be"),
        ({"specification": lambda other: other}, "specification must be"),
        ({"hints": ("a", "b")}, "hints must be a tuple of exactly three"),
        ({"hints": ("a", "b", "c", "d")}, "hints must be"),
        ({"cases": ()}, "cases must be"),
        ({"cases": ((1,),)}, "cases must be"),
        ({"random_case": None}, "random_case must be"),
        (
            {"mistakes": (Mistake("off", len),) * 3},
            "mistakes must be a tuple of at least four",
        ),
        ({"tolerance": -1.0}, "tolerance must be"),
        ({"buggy": "code"}, "buggy must be None or a function of the solution"),
        ({"buggy": lambda values, factor: values}, "buggy must be"),
        ({"buggy": _of_other_parameters}, "buggy must be"),
    ],
)
def test_incomplete_drill_is_refused(changes, message, make_drill):
    with pytest.raises(ValueError, match=message):
        make_drill(**changes)
