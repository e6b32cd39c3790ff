"""The metrics agree with the libraries that others trust."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score
from sklearn.metrics import mean_absolute_error as sklearn_mae

from helpers.metrics import (
    accuracy,
    accuracy_interval,
    mean_absolute_error,
    reliability,
)


@pytest.mark.parametrize("size", [1, 2, 37, 1000])
def test_accuracy_agrees_with_sklearn(size):
    rng = np.random.default_rng(size)
    targets, predictions = rng.integers(0, 3, (2, size))
    result = accuracy(targets, predictions)
    assert type(result) is float
    assert result == pytest.approx(accuracy_score(targets, predictions), abs=1e-12)


def test_accuracy_takes_lists():
    assert accuracy([0, 1, 1, 2], [0, 1, 2, 2]) == 0.75


@pytest.mark.parametrize(
    ("targets", "predictions"),
    [([0, 1], [0]), ([0, 1], [[0, 1]]), ([], [])],
    ids=["too few", "another shape", "empty"],
)
def test_accuracy_refuses_what_it_cannot_compare(targets, predictions):
    with pytest.raises(ValueError, match="predictions must have the shape of targets"):
        accuracy(np.array(targets), np.array(predictions))


@pytest.mark.parametrize("count", [1, 2, 10, 370, 25_000])
@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.97, 1])
def test_the_interval_agrees_with_scipy(share, count):
    right = round(share * count)
    expected = binomtest(right, count).proportion_ci(method="wilson")
    low, high = accuracy_interval(right / count, count)
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert 0 <= low < high <= 1
    assert type(low) is type(high) is float


@pytest.mark.parametrize(
    ("share", "count", "message"),
    [
        (-0.1, 10, "share must be from 0 to 1; got -0.1"),
        (1.1, 10, "share must be from 0 to 1; got 1.1"),
        (float("nan"), 10, "share must be from 0 to 1; got nan"),
        (0.5, 0, "count must be at least 1; got 0"),
    ],
)
def test_a_wrong_argument_is_named(share, count, message):
    with pytest.raises(ValueError, match=message):
        accuracy_interval(share, count)


@pytest.mark.parametrize("bins", [1, 4, 10])
def test_reliability_agrees_with_scikit_learn(bins):
    rng = np.random.default_rng(bins)
    confidence = rng.permutation(np.linspace(0.5, 1, 400))
    targets = (rng.random(400) < confidence**2).astype(int)
    curve = reliability(targets, np.stack([1 - confidence, confidence], 1), bins)
    accuracy, mean = calibration_curve(
        targets, confidence, n_bins=bins, strategy="quantile"
    )
    assert np.allclose(curve.confidence, mean, atol=2e-3)
    assert np.allclose(curve.accuracy, accuracy, atol=0.03)
    assert curve.counts.tolist() == [400 // bins] * bins


def test_the_calibration_error_is_the_mean_gap():
    sure = np.array([[0.0, 1.0]] * 10)
    assert reliability(np.array([1] * 7 + [0] * 3), sure, 1).error == pytest.approx(0.3)
    assert reliability(np.ones(10, int), sure, 2).error == 0
    # Bins of three and of two: the larger one weighs more.
    uneven = reliability(np.array([0, 0, 0, 1, 1]), sure[:5], 2)
    assert uneven.counts.tolist() == [3, 2]
    assert uneven.error == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("shape", "bins", "name"),
    [((3, 2), 1, "probabilities"), ((4,), 1, "probabilities"), ((4, 2), 5, "bins")],
)
def test_reliability_names_the_argument_at_fault(shape, bins, name):
    with pytest.raises(ValueError, match=f"^{name} must"):
        reliability(np.zeros(4, int), np.full(shape, 0.5), bins)


def test_the_mean_absolute_error_agrees_with_sklearn():
    targets, predictions = np.random.default_rng(0).integers(0, 5, (2, 200))
    expected = sklearn_mae(targets, predictions)
    assert mean_absolute_error(targets, predictions) == pytest.approx(expected)
    with pytest.raises(ValueError, match="predictions must have the shape"):
        mean_absolute_error(targets, predictions[:9])


@pytest.mark.parametrize("count", range(1, 400, 7))
def test_an_interval_holds_its_share_at_both_ends(count):
    assert accuracy_interval(0.0, count)[0] == 0.0
    assert accuracy_interval(1.0, count)[1] == 1.0
    low, high = accuracy_interval(1 / count, count)
    assert low <= 1 / count <= high
