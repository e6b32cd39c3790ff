"""What the tests of the gated cells share."""

import numpy as np
import pytest

#: How far scratch and a library may be apart, by the type of the numbers: states,
#: gradients.
TOLERANCES = {"float64": (1e-10, 1e-8), "float32": (1e-5, 1e-5)}


@pytest.fixture(scope="session")
def assert_states():
    """Check states, which lie in (-1, 1), and their type."""
    return lambda own, other: _assert_close(own, other, relative=False, which=0)


@pytest.fixture(scope="session")
def assert_gradients():
    """Check arrays pair by pair; gradients add up over time, so beyond 1 relatively."""

    def check(own, other):
        for ours, theirs in zip(own, other, strict=True):
            _assert_close(ours, theirs, relative=True, which=1)

    return check


def _assert_close(own, other, relative, which):
    other = np.asarray(other)
    assert own.dtype == other.dtype
    tolerance = TOLERANCES[own.dtype.name][which]
    rtol = tolerance if relative else 0
    np.testing.assert_allclose(own, other, rtol=rtol, atol=tolerance)


@pytest.fixture(scope="session")
def draw_gradient():
    """A gradient for every state, or one for the last alone."""

    def draw(states, reads, seed):
        d_states = np.random.default_rng(seed).normal(size=states.shape)
        if reads == "last":
            d_states[:, :-1] = 0
        return d_states.astype(states.dtype)

    return draw
