import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from helpers.dynamics import shared_pca

modest = settings(max_examples=30, deadline=None, derandomize=True)


def draw(lengths, hidden_size, seed=0):
    """Sequences around different places, with units of different spread."""
    rng = np.random.default_rng(seed)
    spread = 1.0 + np.arange(hidden_size)
    return [
        rng.normal(size=hidden_size) + rng.normal(size=(steps, hidden_size)) * spread
        for steps in lengths
    ]


@modest
@given(
    lengths=st.lists(st.integers(1, 12), min_size=1, max_size=4),
    hidden_size=st.integers(1, 8),
    seed=st.integers(0, 1000),
    data=st.data(),
)
def test_the_basis_is_the_library_s(lengths, hidden_size, seed, data):
    states = draw(lengths, hidden_size, seed)
    rows = np.concatenate(states)
    most = min(len(rows) - 1, hidden_size)
    assume(most > 0)  # the library needs two steps
    components = data.draw(st.integers(1, most))
    basis = shared_pca(states, components)
    library = PCA(components, svd_solver="full").fit(rows)
    np.testing.assert_allclose(basis.mean, library.mean_, atol=1e-12)
    np.testing.assert_allclose(basis.components, library.components_, atol=1e-7)
    np.testing.assert_allclose(
        basis.explained_variance_ratio, library.explained_variance_ratio_, atol=1e-12
    )
    for path, each in zip(basis.paths(states), states, strict=True):
        np.testing.assert_allclose(path, library.transform(each), atol=1e-6)


def test_one_basis_keeps_what_separate_ones_lose():
    states = draw([6, 9], 5)
    states[1] = states[1] + 20
    basis = shared_pca(states)
    near, far = basis.paths(states)
    assert np.linalg.norm(near.mean(axis=0) - far.mean(axis=0)) > 20
    # With every component, distances between states of different sequences stay.
    near, far = shared_pca(states, 5).paths(states)
    np.testing.assert_allclose(
        np.linalg.norm(near[2] - far[3]), np.linalg.norm(states[0][2] - states[1][3])
    )


def test_a_sequence_that_was_not_fitted_is_drawn_in_the_same_plane():
    fitted, other = draw([10], 4), draw([3], 4, seed=1)[0]
    basis = shared_pca(fitted)
    expected = (other - fitted[0].mean(axis=0)) @ basis.components.T
    np.testing.assert_allclose(basis.project(other), expected)


@pytest.mark.parametrize("hidden_size", [2, 7])
@pytest.mark.parametrize(
    "lengths", [[1], [1, 1], [30]], ids=["one step", "two equal", "many equal"]
)
def test_states_that_do_not_vary_explain_nothing(hidden_size, lengths):
    state = np.random.default_rng(0).normal(size=hidden_size) * 1e3 + 0.1
    states = [np.tile(state, (steps, 1)) for steps in lengths]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        basis = shared_pca(states)
        paths = basis.paths(states)
    assert basis.explained_variance_ratio.tolist() == [0, 0]
    for path, steps in zip(paths, lengths, strict=True):
        np.testing.assert_allclose(path, np.zeros((steps, 2)), atol=1e-9)
    np.testing.assert_allclose(
        basis.components @ basis.components.T, np.eye(2), atol=1e-12
    )


def test_two_steps_of_many_units_lie_on_a_line():
    basis = shared_pca(draw([2], 6))
    np.testing.assert_allclose(basis.explained_variance_ratio, [1, 0], atol=1e-12)
    np.testing.assert_allclose(
        basis.components @ basis.components.T, np.eye(2), atol=1e-12
    )


def test_two_units_keep_everything_and_small_variance_counts():
    states = [1 + 1e-6 * each for each in draw([5, 3], 2)]
    basis = shared_pca(states)
    np.testing.assert_allclose(basis.explained_variance_ratio.sum(), 1)
    back = basis.paths(states)[0] @ basis.components + basis.mean
    np.testing.assert_allclose(back, states[0], rtol=0, atol=1e-12)


def test_the_sign_does_not_hang_on_the_order_of_the_sequences():
    states = draw([5, 8, 2], 4)
    first, second = shared_pca(states), shared_pca(states[::-1])
    np.testing.assert_allclose(first.components, second.components, atol=1e-12)
    largest = np.abs(first.components).argmax(axis=1)
    assert (first.components[[0, 1], largest] > 0).all()


def test_long_sequences_cost_no_square_of_their_length():
    basis = shared_pca([np.random.default_rng(0).normal(size=(100_000, 3))])
    assert basis.components.shape == (2, 3)


@pytest.mark.parametrize(
    ("states", "components", "named"),
    [
        ([], 2, "^states must hold at least one sequence"),
        (
            [np.zeros((3, 4)), np.zeros((3, 5))],
            2,
            r"^states\[1\] must be .* = \(any, 4\); got \(3, 5\)",
        ),
        ([np.zeros((3, 4)), np.zeros(4)], 2, r"^states\[1\] must be .* got \(4,\)"),
        ([np.zeros((0, 4))], 2, r"^states\[0\] must .* at least one"),
        ([np.zeros((2, 2, 4))], 2, r"^states\[0\] must"),
        ([np.zeros((3, 4))], 5, "^components must be from 1 to 4; got 5"),
        ([np.zeros((3, 4))], 0, "^components must"),
        ([np.zeros((3, 1))], 2, "^components must"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(states, components, named):
    with pytest.raises(ValueError, match=named):
        shared_pca(states, components)


def test_pads_are_refused_and_their_place_is_named():
    states = draw([4, 3], 2)
    states[1][2:] = np.nan
    with pytest.raises(ValueError, match=r"^states\[1\] .* nan at \(2, 0\).*pads out"):
        shared_pca(states)
    basis = shared_pca(states[:1])
    with pytest.raises(ValueError, match=r"^states must .* nan"):
        basis.project(states[1])
    with pytest.raises(ValueError, match=r"^states must .* = \(any, 2\); got \(1, 3\)"):
        basis.project(np.zeros((1, 3)))
