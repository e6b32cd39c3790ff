import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.dynamics import linear_probe, remove_direction

modest = settings(max_examples=30, deadline=None, derandomize=True)


def draw(shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape) + 2, rng.normal(size=shape[-1]) * 5


@modest
@given(
    shape=st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple),
    seed=st.integers(0, 1000),
    at=st.none() | st.floats(-3, 3),
)
def test_only_the_component_along_the_direction_changes(shape, seed, at):
    states, direction = draw(shape, seed)
    removed = remove_direction(states, direction, at)
    assert removed.shape == states.shape
    unit = direction / np.linalg.norm(direction)
    before = states @ unit
    expected = before.mean() if at is None else at
    np.testing.assert_allclose(
        removed @ unit, np.full_like(before, expected), atol=1e-12
    )
    across = np.eye(shape[-1]) - np.outer(unit, unit)
    np.testing.assert_allclose(removed @ across, states @ across, atol=1e-12)


def test_the_mean_state_stays_and_twice_is_once():
    states, direction = draw((20, 6))
    once = remove_direction(states, direction)
    np.testing.assert_allclose(once.mean(axis=0), states.mean(axis=0))
    np.testing.assert_allclose(remove_direction(once, direction), once)


@pytest.mark.parametrize("length", [-1, 1e-200, 1e200])
def test_the_length_of_the_direction_does_not_matter(length):
    states, direction = draw((20, 6))
    expected = remove_direction(states, direction)
    np.testing.assert_allclose(remove_direction(states, direction * length), expected)


def test_a_unit_is_a_row_of_the_identity():
    states, _ = draw((10, 4))
    removed = remove_direction(states, np.eye(4)[2])
    np.testing.assert_allclose(removed[:, 2], states[:, 2].mean())
    np.testing.assert_array_equal(removed[:, [0, 1, 3]], states[:, [0, 1, 3]])


@pytest.mark.parametrize(
    ("given_type", "expected"),
    [("float32", "float32"), ("float64", "float64"), ("int64", "float64")],
)
def test_the_type_fits_the_model_and_the_input_is_left_as_it_was(given_type, expected):
    states = np.arange(6).reshape(3, 2).astype(given_type)
    removed = remove_direction(states, np.array([1.0, 0.0]))
    assert removed.dtype == expected
    assert removed.tolist() == [[2, 1], [2, 3], [2, 5]]
    assert states.tolist() == [[0, 1], [2, 3], [4, 5]]


def test_a_probe_reads_nothing_where_its_direction_was():
    rng = np.random.default_rng(0)
    states = rng.normal(size=(400, 5))
    targets = states @ np.array([1.0, -2, 0, 0, 1])
    train, test = slice(0, 200), slice(200, 400)
    arguments = targets[train], states[test], targets[test]
    probe = linear_probe(states[train], *arguments, kind="regression")
    gone = remove_direction(states, probe.direction)
    again = linear_probe(
        gone[train], targets[train], gone[test], targets[test], kind="regression"
    )
    assert probe.score > 0.99
    assert again.score < 0.05


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"direction": np.zeros(3)}, "^direction must not be all zeros"),
        ({"direction": np.ones((1, 3))}, r"^direction must be .* got \(1, 3\)"),
        ({"direction": np.ones(0)}, "^direction must be"),
        ({"direction": np.array([1, np.nan, 0])}, "^direction must hold finite"),
        ({"direction": np.ones(4)}, r"^states must .*\(\.\.\., 4\).* got \(2, 3\)"),
        ({"states": np.ones((0, 3))}, "^states must .* at least one"),
        ({"states": np.float64(1)}, "^states must"),
        ({"states": np.full((2, 3), np.nan)}, "^states must .* nan .* pads out"),
        ({"at": np.nan}, "^at must be a finite number"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changed, named):
    arguments = {"states": np.ones((2, 3)), "direction": np.ones(3)} | changed
    with pytest.raises(ValueError, match=named):
        remove_direction(**arguments)
