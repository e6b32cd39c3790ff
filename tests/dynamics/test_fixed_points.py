import numpy as np
import pytest
from scipy.optimize import brentq

from helpers.dynamics import fixed_points, next_state, state_size, step_jacobian
from helpers.scratch import GRUWeights, LSTMWeights, RNNWeights
from helpers.scratch.shared import sigmoid

ZERO = np.zeros(1)


def diagonal(*slopes):
    """``h_i = tanh(w_i h_i)``: units that do not see each other."""
    size = len(slopes)
    return RNNWeights(
        np.zeros((1, size)), np.diag(slopes).astype(float), np.zeros(size)
    )


def without_recurrence(kind, hidden_size=3):
    """Gates and candidate depend on the input alone: the rest can be solved by hand."""
    weights = kind.random(2, hidden_size, seed=3)
    weights.W_h[:] = 0
    return weights


def starts(size, count=30, spread=1.0, seed=0):
    return np.random.default_rng(seed).uniform(-spread, spread, (count, size))


ROOT = brentq(lambda h: np.tanh(2 * h) - h, 0.5, 1.0, xtol=1e-15)


def test_a_steep_unit_has_three_points_and_the_middle_is_unstable():
    found = fixed_points(diagonal(2.0), ZERO, starts(1))
    np.testing.assert_allclose(found.points[:, 0], [-ROOT, 0, ROOT], rtol=0, atol=1e-7)
    assert found.stable.tolist() == [True, False, True]
    slopes = 2 * (1 - np.array([ROOT, 0, ROOT]) ** 2)
    np.testing.assert_allclose(found.eigenvalues[:, 0], slopes, atol=1e-6)
    assert found.eigenvalues.dtype == complex


def test_a_flat_unit_has_one_stable_point():
    found = fixed_points(diagonal(0.5), ZERO, starts(1, spread=5))
    np.testing.assert_allclose(found.points, [[0]], rtol=0, atol=1e-7)
    np.testing.assert_allclose(found.eigenvalues, [[0.5]], atol=1e-7)
    assert found.stable.tolist() == [True]


def test_a_negative_slope_flips_and_does_not_stand():
    found = fixed_points(diagonal(-2.0), ZERO, starts(1))
    np.testing.assert_allclose(found.points, [[0]], rtol=0, atol=1e-7)
    np.testing.assert_allclose(found.eigenvalues, [[-2]], atol=1e-6)
    assert not found.stable.any()


def test_two_steep_units_have_nine_points_in_order():
    found = fixed_points(diagonal(2.0, 2.0), ZERO, starts(2, 100))
    values = (-ROOT, 0, ROOT)
    expected = [(first, second) for first in values for second in values]
    np.testing.assert_allclose(found.points, expected, rtol=0, atol=1e-7)
    assert found.stable.tolist() == [True, False, True, *[False] * 3, True, False, True]


def test_one_direction_that_grows_makes_a_saddle():
    found = fixed_points(diagonal(0.5, 2.0), ZERO, np.zeros((1, 2)))
    np.testing.assert_allclose(found.eigenvalues, [[2, 0.5]])  # largest first
    assert not found.stable.any()


def test_a_turn_has_a_complex_pair():
    turn = 0.9 * np.array([[np.cos(1), np.sin(1)], [-np.sin(1), np.cos(1)]])
    weights = RNNWeights(np.zeros((1, 2)), turn, np.zeros(2))
    found = fixed_points(weights, ZERO, starts(2))
    assert found.points.shape == (1, 2)
    assert found.stable.all()
    np.testing.assert_allclose(np.abs(found.eigenvalues), 0.9, atol=1e-6)
    np.testing.assert_allclose(np.abs(np.angle(found.eigenvalues)), 1, atol=1e-6)


def test_an_lstm_without_recurrence_stands_where_it_gains_what_it_forgets():
    weights, x = without_recurrence(LSTMWeights), np.array([0.5, -1.0])
    i, f, g, o = np.split(x @ weights.W_x + weights.b, 4)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = i * g / (1 - f)
    found = fixed_points(weights, x, starts(6, 5, spread=3))
    expected = np.concatenate([o * np.tanh(c), c])
    np.testing.assert_allclose(found.points, [expected], rtol=0, atol=1e-6)
    wanted = [*sorted(f, reverse=True), 0, 0, 0]
    np.testing.assert_allclose(found.eigenvalues, [wanted], atol=1e-6)
    assert found.stable.all()


def test_the_cell_state_may_stand_far_beyond_1():
    weights = without_recurrence(LSTMWeights, 1)
    weights.W_x[:] = 0
    weights.b[:] = 50, 3, 50, 0  # i = g = 1, f = 0.95: c = 1 / (1 - f) = 21
    found = fixed_points(weights, np.zeros(2), starts(2, 3))
    expected = 1 / (1 - sigmoid(np.array(3.0)))
    np.testing.assert_allclose(found.points[:, 1], [expected], rtol=1e-6)


def test_a_gru_without_recurrence_stands_at_its_candidate():
    weights, x = without_recurrence(GRUWeights), np.array([0.5, -1.0])
    r, z, n = np.split(x @ weights.W_x + weights.b[0], 3)
    h_r, h_z, h_n = np.split(weights.b[1], 3)
    candidate = np.tanh(n + sigmoid(r + h_r) * h_n)
    found = fixed_points(weights, x, starts(3, 5))
    np.testing.assert_allclose(found.points, [candidate], rtol=0, atol=1e-6)
    z = sigmoid(z + h_z)
    np.testing.assert_allclose(found.eigenvalues, [sorted(z, reverse=True)], atol=1e-6)


@pytest.mark.parametrize("gain", [1, 4])
def test_every_point_stands_still_and_stability_is_what_a_run_shows(make, cell, gain):
    weights, x, _ = make(cell, hidden_size=4)
    weights.W_h *= gain
    x = x[0]
    found = fixed_points(weights, x, starts(state_size(weights), 10))
    assert (found.speeds <= 1e-12).all()
    assert found.speeds.shape == found.stable.shape == (len(found.points),)
    for point, spectrum, stable in zip(
        found.points, found.eigenvalues, found.stable, strict=True
    ):
        np.testing.assert_allclose(next_state(weights, x, point), point, atol=2e-6)
        moduli = np.abs(np.linalg.eigvals(step_jacobian(weights, x, point)))
        np.testing.assert_allclose(np.abs(spectrum), sorted(moduli)[::-1])
        near = point + 1e-4 * starts(len(point), 5)
        for _ in range(1000):
            near = next_state(weights, x, near)
        left = np.linalg.norm(near - point, axis=1) > 2e-4
        assert (left.any() and not stable) or (not left.any() and stable)


def test_the_speed_is_half_the_squared_step(make, cell):
    weights, x, _ = make(cell, hidden_size=4)
    weights.W_h *= 4
    found = fixed_points(weights, x[0], starts(state_size(weights)), tolerance=10.0)
    moved = next_state(weights, x[0], found.points) - found.points
    expected = (moved**2).sum(axis=1) / 2
    np.testing.assert_allclose(found.speeds, expected, rtol=1e-6, atol=1e-25)


def test_no_search_runs_away_to_where_any_state_stands():
    # An update gate that opens with h: without a bound, q falls to 0 as h grows.
    weights = GRUWeights(
        np.zeros((1, 6)),
        np.hstack([np.zeros((2, 2)), 8 * np.eye(2), -3 * np.ones((2, 2))]),
        np.zeros((2, 6)),
    )
    given = np.array([[0.9, 0.8], [3.0, 3.0], [5.0, 0.1], [-0.5, 9.0]])
    found = fixed_points(weights, ZERO, given, tolerance=1e-9)
    assert (np.abs(found.points) <= 1).all()
    for point in found.points:
        np.testing.assert_allclose(next_state(weights, ZERO, point), point, atol=1e-4)


def test_slow_points_need_a_wider_tolerance():
    # The bias has just pushed two fixed points together at -0.41; they are gone, and the
    # state creeps past where they were.
    weights = RNNWeights(np.zeros((1, 1)), np.array([[1.2]]), np.array([0.07]))
    strict = fixed_points(weights, ZERO, np.array([[-0.3]]))
    loose = fixed_points(weights, ZERO, np.array([[-0.3]]), tolerance=1e-2)
    assert strict.points.shape == strict.eigenvalues.shape == (0, 1)
    assert strict.speeds.shape == strict.stable.shape == (0,)
    assert loose.points.shape == (1, 1)
    assert 1e-12 < loose.speeds[0] < 1e-2


def test_points_closer_than_apart_are_one():
    weights = diagonal(2.0)
    assert len(fixed_points(weights, ZERO, starts(1), apart=0.9).points) == 3
    merged = fixed_points(weights, ZERO, starts(1), apart=1.5)
    # Either the middle one, or the two outer ones: both are right.
    assert len(merged.points) == (1 if merged.points[0] > -0.5 else 2)


def test_of_a_slow_point_and_a_standing_one_the_standing_one_stays():
    weights = RNNWeights(np.zeros((1, 1)), np.array([[1.2]]), np.array([0.07]))
    given = np.array([[-0.3], [0.9]])  # the first ends where the state only creeps
    both = fixed_points(weights, ZERO, given, tolerance=1e-2)
    merged = fixed_points(weights, ZERO, given, tolerance=1e-2, apart=3)
    assert len(both.points) == 2
    np.testing.assert_array_equal(merged.points, both.points[1:])
    assert merged.speeds[0] < 1e-20 < both.speeds[0]


def test_order_and_number_do_not_hang_on_the_starts():
    weights = diagonal(2.0, 0.5, 3.0)
    first = fixed_points(weights, ZERO, starts(3, 80, seed=1))
    second = fixed_points(weights, ZERO, starts(3, 80, seed=2)[::-1])
    np.testing.assert_allclose(first.points, second.points, rtol=0, atol=1e-6)
    assert first.stable.tolist() == second.stable.tolist()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"x": np.zeros((1, 1))}, "^x must"),
        ({"starts": np.zeros(1)}, r"^starts must .* = \(any, 1\); got \(1,\)"),
        ({"starts": np.zeros((0, 1))}, "^starts must .* at least one"),
        ({"starts": np.array([[np.nan]])}, "^starts must hold finite"),
        ({"tolerance": 0}, "^tolerance must be above 0; got 0"),
        ({"tolerance": np.nan}, "^tolerance must"),
        ({"apart": -1.0}, "^apart must be above 0; got -1"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changed, named):
    arguments = {"x": ZERO, "starts": np.zeros((1, 1))} | changed
    with pytest.raises(ValueError, match=named):
        fixed_points(diagonal(2.0), **arguments)
