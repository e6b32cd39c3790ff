"""A drill in debugging starts from code that runs and is wrong."""

import warnings

import numpy as np
import pytest

from helpers.interview import Mistake, sources, stub


def _adds_and_drops(values, factor):
    """Not for the learner to see."""
    # Comments stay.
    summed = values + factor
    return np.log(summed[1:] * 0)


def _adds_alone(values, factor):
    with np.errstate(divide="ignore"):
        return np.log((values + factor) * 0)


@pytest.fixture
def debugging(make_drill):
    """Make a drill whose code has two mistakes; one repair of them is known."""
    known = Mistake("one to go", _adds_alone)
    others = make_drill().mistakes
    return make_drill(buggy=_adds_and_drops, mistakes=(known, *others))


def test_stub_is_the_code_under_the_solutions_head(debugging, monkeypatch):
    monkeypatch.setattr(sources, "get", lambda drill_id: debugging)
    assert stub("9.1").splitlines() == [
        "def scale(values: np.ndarray, factor: float) -> np.ndarray:",
        '    """Return values (n, 2) times the factor."""',
        "    # Comments stay.",
        "    summed = values + factor",
        "    return np.log(summed[1:] * 0)",
    ]


def test_code_as_given_is_not_attempted(answer, debugging):
    expected = (
        "9.1 not attempted: this is still the code as given, or behaves just like it; "
        "find its mistakes.\n"
    )
    assert answer(_adds_and_drops, debugging) == expected


def test_partial_repair_is_an_attempt(answer, debugging):
    assert answer(_adds_alone, debugging) == "9.1 not yet: one to go\n"
    assert "not yet: with values" in answer(lambda v, f: v + f + 1, debugging)


def test_to_do_line_and_solution_count_as_ever(ask, answer, debugging):
    def learner(values, factor):
        raise NotImplementedError

    assert "not attempted: the function raises" in answer(learner, debugging)
    assert ask(debugging.solution, debugging)[0]


def test_code_to_be_repaired_warns_nobody(answer, debugging, make_drill):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answer(_adds_and_drops, debugging)
        assert not caught
        answer(_adds_and_drops, make_drill())  # elsewhere, warnings are a clue
        assert caught
