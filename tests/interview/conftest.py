"""A small drill to check functions against."""

import numpy as np
import pytest

from helpers.interview import Drill, Mistake, check, checking


def scale(values: np.ndarray, factor: float) -> np.ndarray:
    """Return values (n, 2) times the factor."""
    return values * factor


def _random_case(rng):
    return rng.normal(size=(rng.integers(1, 4), 2)), 2.0


def _scale_in_place(values, factor):
    values *= factor
    return values


PARTS = {
    "id": "9.1",
    "title": "scale",
    "level": "core",
    "minutes": 1,
    "prompt": "Scale it.",
    "solution": scale,
    "specification": scale,
    "hints": ("a", "b", "c"),
    "cases": ((np.ones((3, 2)), 2.0), (np.zeros((2, 2)), 3.0)),
    "random_case": _random_case,
    "mistakes": (
        Mistake("adds", lambda values, factor: values + factor),
        Mistake("drops a row", lambda values, factor: values[1:] * factor),
        Mistake("too far", lambda values, factor: values[99]),
        Mistake("works in place", _scale_in_place),
    ),
}


@pytest.fixture
def make_drill():
    """Make the drill, with some of its parts changed."""
    return lambda **changes: Drill(**PARTS | changes)


@pytest.fixture
def ask(monkeypatch, capsys, make_drill):
    """Check a function against a drill; return the verdict and what was printed."""

    def run_check(function, drill=None, **options):
        monkeypatch.setattr(checking, "get", lambda drill_id: drill or make_drill())
        passed = check("9.1", function, **options)
        return passed, capsys.readouterr().out

    return run_check


@pytest.fixture
def answer(ask):
    """Check a function that must fail; return the one line that was printed."""

    def failing_check(function, drill=None, **options):
        passed, printed = ask(function, drill, **options)
        assert passed is False
        assert printed.startswith("9.1 ")
        assert printed.count("\n") == 1
        return printed

    return failing_check
