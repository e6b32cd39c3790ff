"""What holds for all three cells: their check, and their parts under full names."""

import numpy as np
import pytest

from helpers.scratch import GRUWeights, LSTMWeights, RNNWeights
from helpers.scratch.cells import CELL_NAMES, check_weights, forward_parts
from helpers.scratch.shared import shifted

X = np.random.default_rng(0).normal(size=(2, 5, 3))
CELLS = (RNNWeights, LSTMWeights, GRUWeights)
every_cell = pytest.mark.parametrize("kind", CELLS)


@every_cell
def test_each_cell_is_known_with_the_width_of_its_matrices(kind):
    weights = kind.random(3, 4)
    check_weights(weights)
    assert weights.W_h.shape == (4, kind.parts * 4)
    assert set(CELL_NAMES) == set(CELLS)


@every_cell
def test_other_weights_are_refused_by_name(kind):
    weights = kind.random(3, 4)
    subclass = type("Other", (kind,), {})(*vars(weights).values())
    for wrong, named in ((weights.W_x, "ndarray"), (kind, "type"), (subclass, "Other")):
        for refuse in (check_weights, lambda wrong: forward_parts(X, wrong)):
            with pytest.raises(TypeError, match=rf"^weights must be .* got {named}$"):
                refuse(wrong)


def test_a_plain_cell_has_a_state_alone():
    weights = RNNWeights.random(3, 4)
    parts = forward_parts(X, weights)
    assert list(parts) == ["h"]
    before = shifted(np.zeros((2, 4)), parts["h"])
    sums = X @ weights.W_x + before @ weights.W_h + weights.b
    np.testing.assert_allclose(parts["h"], np.tanh(sums))


def test_the_parts_of_an_lstm_keep_its_equations():
    weights = LSTMWeights.random(3, 4)
    parts = forward_parts(X, weights)
    names = ["h", "c", "input", "forget", "candidate", "output"]
    assert list(parts) == names
    h, c, i, f, g, o = (parts[name] for name in names)
    before = shifted(np.zeros((2, 4)), h), shifted(np.zeros((2, 4)), c)
    sums = X @ weights.W_x + before[0] @ weights.W_h + weights.b
    of_i, of_f, of_g, of_o = np.split(sums, 4, axis=-1)
    for gate, own in ((i, of_i), (f, of_f), (o, of_o)):
        np.testing.assert_allclose(gate, 1 / (1 + np.exp(-own)))
    np.testing.assert_allclose(g, np.tanh(of_g))
    np.testing.assert_allclose(c, f * before[1] + i * g)
    np.testing.assert_allclose(h, o * np.tanh(c))


@pytest.mark.parametrize("reset_after", [True, False])
def test_the_parts_of_a_gru_keep_its_equations(reset_after):
    weights = GRUWeights.random(3, 4, reset_after=reset_after)
    parts = forward_parts(X, weights)
    names = ["h", "reset", "update", "candidate"]
    assert list(parts) == names
    h, r, z, n = (parts[name] for name in names)
    before = shifted(np.zeros((2, 4)), h)
    read, kept = X @ weights.W_x, before @ weights.W_h
    gates = (
        read[..., :8] + kept[..., :8] + weights.b[..., :8].reshape(-1, 8).sum(axis=0)
    )
    np.testing.assert_allclose(np.concatenate([r, z], -1), 1 / (1 + np.exp(-gates)))
    np.testing.assert_allclose(h, (1 - z) * n + z * before)
