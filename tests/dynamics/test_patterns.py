"""A pattern is the slope of each unit; without it no line reads the target."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from helpers.dynamics import linear_pattern, linear_probe, remove_direction


@pytest.fixture
def redundant():
    """Eight units that all carry one number, each with noise of its own."""
    rng = np.random.default_rng(0)
    targets = rng.normal(size=600)
    slopes = np.array([1.0, -1.0, 2.0, 0.5, -0.5, 1.5, 1.0, -2.0])
    return targets[:, None] * slopes + 0.1 * rng.normal(size=(600, 8)), targets


def test_pattern_equals_least_squares(redundant):
    states, targets = redundant
    expected = LinearRegression().fit(targets[:, None], states).coef_[:, 0]
    np.testing.assert_allclose(linear_pattern(states, targets), expected, rtol=1e-10)


def test_states_without_the_pattern_cannot_be_read(redundant):
    states, targets = redundant
    left = remove_direction(states, linear_pattern(states, targets))
    probe = linear_probe(
        left[:400], targets[:400], left[400:], targets[400:], kind="regression"
    )
    assert probe.score < 0.05


def test_states_without_the_probes_direction_still_can():
    """One unit is precise, seven are noisy copies: the probe reads the one."""
    rng = np.random.default_rng(1)
    targets = rng.normal(size=600)
    noise = np.array([0.01] + 7 * [0.5]) * rng.normal(size=(600, 8))
    states = targets[:, None] + noise
    halves = slice(400), slice(400, None)
    whole = [(states[half], targets[half]) for half in halves]
    direction = linear_probe(*whole[0], *whole[1], kind="regression").direction
    left = remove_direction(states, direction)
    cut = [(left[half], targets[half]) for half in halves]
    assert linear_probe(*cut[0], *cut[1], kind="regression").score > 0.9


@pytest.mark.parametrize(
    ("states", "targets", "name"),
    [
        (np.ones((3, 2)), [1.0, 2.0], "targets"),
        (np.ones((3, 2)), [1.0, 1.0, 1.0], "targets"),
        (np.ones((3, 2)), [1.0, np.nan, 2.0], "targets"),
        (np.full((3, 2), np.nan), [1.0, 2.0, 3.0], "states"),
        (np.ones(3), [1.0, 2.0, 3.0], "states"),
    ],
)
def test_bad_arguments_are_named(states, targets, name):
    with pytest.raises(ValueError, match=name):
        linear_pattern(states, targets)
