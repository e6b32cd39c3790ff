import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.dynamics import memory_length, saturation
from helpers.scratch import GRUWeights, LSTMWeights, gru_forward, lstm_forward

modest = settings(max_examples=60, deadline=None, derandomize=True)


@pytest.fixture(autouse=True)
def no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@st.composite
def gates(draw):
    """Gates with pads at the end of sequences, each sequence at least one step long."""
    batch, steps, hidden_size = (draw(st.integers(1, top)) for top in (4, 6, 3))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    gate = rng.choice(
        [0, 0.05, 0.1, 0.3, 0.5, 0.9, 0.95, 1], (batch, steps, hidden_size)
    )
    for row, length in zip(gate, rng.integers(1, steps + 1, batch), strict=True):
        row[length:] = np.nan
    return gate


@modest
@given(gates(), st.sampled_from([(0.1, 0.9), (0.3, 0.3), (0, 1)]))
def test_shares_are_counted_one_by_one(gate, limits):
    low, high = limits
    shut, opened = saturation(gate, low, high)
    assert shut.shape == opened.shape == gate.shape[-1:]
    for unit in range(gate.shape[-1]):
        values = [value for value in gate[..., unit].ravel() if value == value]
        assert shut[unit] == sum(value < low for value in values) / len(values)
        assert opened[unit] == sum(value > high for value in values) / len(values)


@modest
@given(gates())
def test_memory_is_that_of_the_mean_gate_of_real_steps(gate):
    lengths = memory_length(gate)
    for unit, length in enumerate(lengths):
        values = gate[..., unit].ravel()
        mean = values[~np.isnan(values)].mean()
        if 0 < mean < 1:
            assert length == pytest.approx(-1 / np.log(mean))


def test_the_limits_of_saturation_have_defaults():
    shut, opened = saturation(np.array([[0.05], [0.1], [0.9], [0.95], [1.0]]))
    assert (shut.tolist(), opened.tolist()) == ([0.2], [0.4])


def test_units_may_have_pads_of_their_own():
    gate = np.array([[0.0, 1.0], [np.nan, 0.5], [0.5, np.nan]])
    shut, opened = saturation(gate)
    assert (shut.tolist(), opened.tolist()) == ([0.5, 0], [0, 0.5])


def test_known_memories_and_both_ends():
    forget = np.array([[0.0, np.exp(-1), 0.9, np.exp(-0.01), 1.0]])
    lengths = memory_length(np.repeat(forget, 4, axis=0))
    expected = [0, 1, -1 / np.log(0.9), 100, np.inf]
    np.testing.assert_allclose(lengths, expected)
    assert not np.signbit(lengths).any()


def test_float32_gates_do():
    gate = np.full((3, 2), 0.95, dtype="float32")
    np.testing.assert_allclose(memory_length(gate), -1 / np.log(0.95), rtol=1e-5)
    assert memory_length(np.ones((3, 2), "float32")).tolist() == [np.inf, np.inf]


def test_the_cell_of_an_lstm_falls_to_1_over_e_in_that_time():
    weights = LSTMWeights.random(1, 2)
    weights.W_x[:], weights.W_h[:], weights.b[:] = 0, 0, 0
    weights.b[2:4] = 3  # f = 0.95, and nothing is written
    x, start = np.zeros((1, 40, 1)), (np.zeros((1, 2)), np.ones((1, 2)))
    _, trace = lstm_forward(x, weights, start)
    lasting = memory_length(trace.f[0])
    steps = np.arange(1, 41)[:, None]
    np.testing.assert_allclose(trace.c[0], np.exp(-steps / lasting))


def test_the_update_gate_of_a_gru_is_its_forget_gate():
    weights = GRUWeights.random(1, 2)
    weights.W_x[:], weights.W_h[:], weights.b[:] = 0, 0, 0
    weights.b[0, 2:4] = 3  # z = 0.95, and the candidate is 0
    _, trace = gru_forward(np.zeros((1, 40, 1)), weights, np.ones((1, 2)))
    steps = np.arange(1, 41)[:, None]
    np.testing.assert_allclose(trace.h[0], np.exp(-steps / memory_length(trace.z[0])))


@pytest.mark.parametrize("measure", [saturation, memory_length])
@pytest.mark.parametrize(
    ("gate", "named"),
    [
        (np.array([[0.5, -0.7]]), r"must lie in \[0, 1\], or it is no gate; got -0.7"),
        (np.array([[0.5, 1.2]]), r"must lie in \[0, 1\].* to 1.2"),
        (np.array([[np.inf, 0.5]]), r"must lie in \[0, 1\]"),
        (np.array([[0.5, np.nan]]), "must have a step .* unit 1 has none"),
        (np.zeros(3), r"must be .* got \(3,\)"),
        (np.zeros((0, 3)), "must be .* at least one"),
    ],
)
def test_what_is_no_gate_is_refused_by_name(measure, gate, named):
    name = {saturation: "gate", memory_length: "forget"}[measure]
    with pytest.raises(ValueError, match=f"^{name} {named}"):
        measure(gate)


@pytest.mark.parametrize(("low", "high"), [(0.9, 0.1), (-0.1, 0.9), (0.1, 1.1)])
def test_limits_out_of_order_are_refused(low, high):
    with pytest.raises(ValueError, match=r"^low and high must"):
        saturation(np.full((2, 2), 0.5), low, high)
