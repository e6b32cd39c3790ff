import dataclasses

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, r2_score

from helpers.dynamics import Probe, linear_probe

UNITS = 8


def draw(examples=200, hidden_size=UNITS, noise=0.0, seed=0):
    """States of uneven spread, and a number that lies along a known direction of them."""
    rng = np.random.default_rng(seed)
    states = rng.normal(size=(examples, hidden_size)) * np.geomspace(
        0.01, 10, hidden_size
    )
    states += rng.normal(size=hidden_size)
    direction = np.random.default_rng(99).normal(size=hidden_size)
    direction /= np.linalg.norm(direction)
    targets = states @ direction + 3 + noise * rng.normal(size=examples)
    return states, targets, direction


def split(states, targets):
    half = len(states) // 2
    return states[:half], targets[:half], states[half:], targets[half:]


def test_a_number_along_a_line_is_read_and_its_direction_found():
    states, targets, direction = draw(2000)
    probe = linear_probe(*split(states, targets), kind="regression")
    assert probe.score > 0.999
    assert probe.direction @ direction > 0.999
    np.testing.assert_allclose(np.linalg.norm(probe.direction), 1)
    assert probe.control_mean < 0.05
    reversed_probe = linear_probe(*split(states, -targets), kind="regression")
    np.testing.assert_allclose(reversed_probe.direction, -probe.direction, atol=1e-12)


def scaled(train, test):
    centre, spread = train.mean(axis=0), train.std(axis=0)
    return (train - centre) / spread, (test - centre) / spread, spread


@pytest.mark.parametrize("kind", ["regression", "classification"])
def test_score_direction_and_controls_are_those_of_the_library_by_hand(kind):
    states, targets, _ = draw(60, noise=8.0)
    if kind == "classification":
        targets = (targets > np.median(targets)).astype(int)
    train, train_targets, test, test_targets = split(states, targets)
    train_scaled, test_scaled, spread = scaled(train, test)

    def by_hand(fitted_to):
        if kind == "regression":
            model = Ridge(alpha=1.0).fit(train_scaled, fitted_to)
            return r2_score(test_targets, model.predict(test_scaled)), model
        model = LogisticRegression(max_iter=1000).fit(train_scaled, fitted_to)
        return accuracy_score(test_targets, model.predict(test_scaled)), model

    probe = linear_probe(*split(states, targets), kind=kind, seeds=(3, 4, 5))
    score, model = by_hand(train_targets)
    np.testing.assert_allclose(probe.score, score)
    steepest = model.coef_.ravel() / spread
    np.testing.assert_allclose(probe.direction, steepest / np.linalg.norm(steepest))
    controls = [
        by_hand(np.random.default_rng(seed).permutation(train_targets))[0]
        for seed in (3, 4, 5)
    ]
    np.testing.assert_allclose(probe.control_mean, np.mean(controls))


def test_where_nothing_can_be_read_the_score_is_no_better_than_the_control():
    states, _, _ = draw(400)
    classes = np.random.default_rng(5).integers(0, 2, 400)
    probe = linear_probe(*split(states, classes), kind="classification")
    assert abs(probe.score - probe.control_mean) < 0.1
    assert abs(probe.score - 0.5) < 0.1


def test_two_classes_give_one_direction_towards_the_second():
    states, targets, _ = draw(600)
    classes = np.where(targets > np.median(targets), "up", "down")
    probe = linear_probe(*split(states, classes), kind="classification")
    assert probe.score > 0.9
    assert probe.direction.shape == (UNITS,)
    assert (states @ probe.direction)[classes == "up"].mean() > (
        states @ probe.direction
    )[classes == "down"].mean()
    assert probe.control_mean < 0.7


def test_more_classes_give_a_direction_each():
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 3, 300)
    states = rng.normal(size=(300, 4))
    states[np.arange(300), classes] += 6
    probe = linear_probe(*split(states, classes), kind="classification")
    assert probe.score > 0.95
    assert probe.direction.shape == (3, 4)
    np.testing.assert_allclose(np.linalg.norm(probe.direction, axis=1), 1)
    assert probe.direction.argmax(axis=1).tolist() == [0, 1, 2]


def test_units_count_alike_whatever_their_scale():
    states, targets, _ = draw(noise=1.0)
    factors = np.geomspace(1e-4, 1e4, UNITS)
    first = linear_probe(*split(states, targets), kind="regression")
    second = linear_probe(*split(states * factors, targets), kind="regression")
    np.testing.assert_allclose(first.score, second.score)
    np.testing.assert_allclose(first.control_mean, second.control_mean)


def test_many_units_fit_noise_on_train_but_the_score_is_of_test():
    rng = np.random.default_rng(0)
    states, targets = rng.normal(size=(80, 60)), rng.normal(size=80)
    probe = linear_probe(*split(states, targets), kind="regression")
    assert probe.score < 0.2


def test_states_that_say_nothing_give_a_direction_of_zeros():
    targets = np.arange(10.0)
    probe = linear_probe(*split(np.ones((10, 3)), targets), kind="regression")
    assert probe.direction.tolist() == [0, 0, 0]


def test_the_same_seeds_give_the_same_and_train_is_left_as_it_was():
    states, targets, _ = draw(noise=3.0)
    before = states.copy(), targets.copy()
    results = [
        linear_probe(*split(states, targets), kind="regression", seeds=seeds)
        for seeds in ([1], [1], [2])
    ]
    assert results[0].control_mean == results[1].control_mean
    assert results[0].control_mean != results[2].control_mean
    np.testing.assert_array_equal(before[0], states)
    np.testing.assert_array_equal(before[1], targets)


def test_a_probe_cannot_be_changed():
    probe = Probe(0.9, np.ones(1), 0.1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        probe.score = 1.0


NAN = np.array([[0.0, np.nan], [0.0, 0.0]])


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"kind": "ridge"}, "^kind must be one of regression, classification"),
        ({"seeds": ()}, "^seeds must"),
        ({"train_states": NAN}, "^train_states must .* nan"),
        ({"test_states": NAN}, "^test_states must .* nan"),
        ({"train_states": np.zeros(2)}, "^train_states must be"),
        (
            {"test_states": np.zeros((2, 3))},
            r"^test_states must be .*hidden_size\) = \(any, 2\); got \(2, 3\)",
        ),
        (
            {"train_targets": np.zeros(3)},
            r"^train_targets must be \(examples\) = \(2\); got \(3,\)",
        ),
        (
            {"test_targets": np.zeros((2, 1))},
            r"^test_targets must be \(examples\) = \(2\); got \(2, 1\)",
        ),
        ({"train_targets": np.array([0, np.nan])}, "^train_targets must .* nan"),
        ({"train_targets": np.array(["a", "b"])}, "^train_targets must be numbers"),
        ({"train_targets": np.ones(2)}, "^train_targets must .* two different"),
        ({"test_targets": np.ones(2)}, "^test_targets must .* two different"),
        (
            {"kind": "classification", "train_targets": np.array([0.5, 1.5])},
            "^train_targets must be classes",
        ),
        (
            {"kind": "classification", "train_targets": np.array(["a", "a"])},
            "^train_targets must .* two different",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changed, named):
    arguments = {
        "train_states": np.eye(2),
        "train_targets": np.arange(2.0),
        "test_states": np.eye(2),
        "test_targets": np.arange(2.0),
        "kind": "regression",
    }
    with pytest.raises(ValueError, match=named):
        linear_probe(**(arguments | changed))


def test_a_test_set_of_one_class_is_scored():
    states, targets, _ = draw()
    classes = (targets > np.median(targets)).astype(int)
    wanted = classes[100:] == 1
    probe = linear_probe(
        states[:100],
        classes[:100],
        states[100:][wanted],
        classes[100:][wanted],
        kind="classification",
    )
    assert probe.score > 0.8
