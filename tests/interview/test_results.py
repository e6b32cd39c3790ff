"""Results may be tensors, lists, or several arrays at once."""

import numpy as np
import pytest

from helpers.interview import Mistake


class _Tensor:
    """Refuses to become an array in the order PyTorch does."""

    def __init__(self, array, detached=False):
        self.array, self.detached = array, detached

    def detach(self):
        return _Tensor(self.array, detached=True)

    def cpu(self):
        return self

    def numpy(self):
        assert self.detached
        return self.array

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("use detach().cpu().numpy()")


class _EagerTensor:
    """Has numpy() and nothing else, as TensorFlow's do."""

    def __init__(self, array):
        self.array = array

    def numpy(self):
        return self.array


@pytest.mark.parametrize("kind", [_Tensor, _EagerTensor, np.ndarray.tolist])
def test_tensors_and_lists_count_as_arrays(ask, answer, kind):
    assert ask(lambda v, f: kind(v * f))[0]
    assert "largest difference" in answer(lambda v, f: kind(v * f - 1))


def test_result_in_a_reused_buffer_is_kept_as_it_was(answer):
    buffer = np.empty((9, 2))

    def learner(values, factor):
        buffer[: len(values)] = values + factor
        return buffer[: len(values)]

    assert "adds" in answer(learner)


def step(values: np.ndarray, factor: float) -> tuple[np.ndarray, dict]:
    """Return values (n, 2) doubled, and named parts."""
    return values * 2, {"sum": values.sum(), "count": len(values), "all": [values, "x"]}


TUPLE_MISTAKES = (
    Mistake("the cell comes second", lambda values, factor: step(values, factor)[::-1]),
    Mistake("values twice", lambda values, factor: (values, *step(values, factor))),
    Mistake("values alone", lambda values, factor: values * 2),
    Mistake("nothing is doubled", lambda values, factor: step(values / 2, factor)),
)


def _changed_part(**parts):
    def learner(values, factor):
        doubled, named = step(values, factor)
        return [doubled, named | parts]

    return learner


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda v, f: v.sum(0), "should be a tuple of 2; got one array of shape (2,)"),
        (lambda v, f: (v, v, v), "should be a tuple of 2; got 3"),
        (lambda v, f: (v * 2, v), "result[1] should be a dict with the keys sum, coun"),
        (_changed_part(more=1), "result[1] should be a dict with the keys"),
        (_changed_part(count=7), "result[1]['count'] is 7, expected 3"),
        (_changed_part(count=3.0), "result[1]['count'] holds floating-point numbers"),
        (_changed_part(all=[1.0, "x"]), "result[1]['all'][0] has shape ()"),
        (_changed_part(all=[np.ones((3, 2)), 5]), "[1] is not text; got int"),
        (_changed_part(all=[np.ones((3, 2)), "y"]), "['all'][1] is 'y', expected 'x'"),
    ],
)
def test_several_results_are_compared_one_by_one(
    ask, answer, function, words, make_drill
):
    drill = make_drill(solution=step, specification=step, mistakes=TUPLE_MISTAKES)
    assert ask(step, drill)[0]
    assert ask(_changed_part(), drill)[0]
    assert words in answer(function, drill)
    for mistake in TUPLE_MISTAKES:
        assert mistake.sentence in answer(mistake.function, drill)
