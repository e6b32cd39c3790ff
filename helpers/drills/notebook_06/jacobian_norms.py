"""Drill 6.3: how far a step still acts on the last state."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Matrices = Callable[[np.ndarray, np.ndarray], np.ndarray]


def jacobian_norms(states: np.ndarray, W_h: np.ndarray) -> np.ndarray:
    """Return the spectral norm of d h_T / d h_t at every step t, (steps,).

    A step is h_t = tanh(x_t @ W_x + h_{t-1} @ W_h + b); states[t] is the state after
    it, and h_T the last one. A spectral norm is the largest factor by which a matrix
    stretches a vector. At the last step it is 1.
    Shapes: states (steps, hidden), W_h (hidden, hidden).
    """
    product, norms = np.eye(len(W_h)), [1.0]
    for h in states[:0:-1]:  # from the last step back to the second
        product = product @ ((1 - h**2)[:, None] * W_h.T)
        norms.append(np.linalg.norm(product, ord=2))
    return np.array(norms[::-1])


def _norms_entry_by_entry(states: np.ndarray, W_h: np.ndarray) -> np.ndarray:
    steps, hidden = states.shape
    norms = np.ones(steps)
    for t in range(steps):
        jacobian = np.eye(hidden)  # d h_t / d h_t
        for later in range(t + 1, steps):
            new = np.zeros((hidden, hidden))
            for i in range(hidden):
                for j in range(hidden):
                    slope = 1 - states[later, i] ** 2
                    new[i, j] = slope * sum(W_h[:, i] * jacobian[:, j])
            jacobian = new
        norms[t] = np.sqrt(np.linalg.eigvalsh(jacobian.T @ jacobian)[-1])
    return norms


def _slope(h: np.ndarray) -> np.ndarray:
    return 1 - h**2


def _factor(slope: np.ndarray, W_h: np.ndarray) -> np.ndarray:
    return slope[:, None] * W_h.T


def _join(product: np.ndarray, factor: np.ndarray) -> np.ndarray:
    return product @ factor


def _spectral(matrix: np.ndarray) -> float:
    return np.linalg.norm(matrix, ord=2)


def _with(
    *,
    slope: Callable[[np.ndarray], np.ndarray] = _slope,
    factor: Matrices = _factor,
    join: Matrices = _join,
    measure: Callable[[np.ndarray], float] = _spectral,
    before: bool = False,
    last: float | None = 1.0,
    result: Callable[[np.ndarray], np.ndarray] = lambda norms: norms,
) -> Callable[..., np.ndarray]:
    """Make the answer in which one part is another; `last` None measures that as well."""

    def answer(states, W_h):
        product = np.eye(len(W_h))
        norms = [measure(product) if last is None else last]
        for t in reversed(range(1, len(states))):
            h = states[t - 1] if before else states[t]
            product = join(product, factor(slope(h), W_h))
            norms.append(measure(product))
        return result(np.array(norms[::-1]))

    return answer


def _one_factor_too_many(states, W_h):
    return jacobian_norms(np.concatenate([states[:1], states]), W_h)[:-1]


def _from_the_first(states, W_h):
    product, norms = np.eye(len(W_h)), [1.0]
    for h in states[1:]:
        product = _factor(_slope(h), W_h) @ product
        norms.append(_spectral(product))
    return np.array(norms)


def _path(
    steps: int, hidden: int, scale: float = 1.0, seed: int | np.random.Generator = 0
) -> Arguments:
    """Make states and recurrent weights; of scale 1, the norms neither fade nor grow."""
    rng = np.random.default_rng(seed)
    states = rng.uniform(-0.9, 0.9, size=(steps, hidden))
    return states, rng.normal(0, 1.3 * scale / np.sqrt(hidden), size=(hidden, hidden))


def _random_path(rng: np.random.Generator) -> Arguments:
    steps, hidden = rng.integers(1, 8), rng.integers(1, 6)
    return _path(int(steps), int(hidden), float(rng.choice([0.5, 1.0, 2.0])), rng)


DRILL = Drill(
    id="6.3",
    title="how far a step still acts",
    level="stretch",
    minutes=12,
    prompt=(
        "Gradients of a plain recurrent network vanish or explode. Please measure it on "
        "one sequence: for every step `t` the spectral norm of the Jacobian of the last "
        "state by the state after step `t`. You get all the states and the recurrent "
        "weights. That is enough, for tanh can be differentiated from its own result. "
        "The weights multiply from the right, as in `h @ W_h`. No framework, please, "
        "and one matrix product a step. I ask because all talk of vanishing gradients, "
        "and few can write down what it is that vanishes."
    ),
    solution=jacobian_norms,
    specification=_norms_entry_by_entry,
    hints=(
        "What is the Jacobian of one step, entry by entry? With `h @ W_h`, which entry "
        "of the weights leads from unit `j` to unit `i`?",
        "The derivative of tanh is 1 minus its result squared, and the result is the "
        "state after the step. Each of its entries scales one row of the transposed "
        "weights. By the chain rule the factors multiply, the last step on the left: go "
        "backwards, and every step adds one on the right.",
        "Start from `product = np.eye(len(W_h))`, with norm 1. For each state `h`, from "
        "the last back to the second: `product = product @ ((1 - h**2)[:, None] * "
        "W_h.T)`, and `np.linalg.norm(product, ord=2)` is the next norm. Turn the list "
        "round at the end.",
    ),
    cases=(
        _path(steps=5, hidden=3),
        _path(steps=4, hidden=4, seed=1),
        _path(steps=6, hidden=2, seed=2),
        _path(steps=7, hidden=5, scale=0.5, seed=3),
        _path(steps=5, hidden=5, scale=2.0, seed=4),
        _path(steps=3, hidden=3, seed=5),
        _path(steps=2, hidden=4, seed=6),
        _path(steps=5, hidden=1, seed=7),
        (np.zeros((4, 2)), np.array([[0.0, 1.0], [-2.0, 0.0]])),
        _path(steps=1, hidden=3, seed=8),
    ),
    random_case=_random_path,
    mistakes=(
        Mistake(
            "the factors stand in the wrong order; the chain rule puts the last step on "
            "the left, or, if each factor is transposed, on the right.",
            _with(join=lambda product, factor: factor @ product),
        ),
        Mistake(
            "these are the norms of single steps; multiply the Jacobians of all steps "
            "after `t`.",
            _with(join=lambda product, factor: factor),
        ),
        Mistake(
            "the norms of the steps are multiplied, which is only a bound from above; "
            "multiply the matrices, then take the norm.",
            _with(join=lambda product, factor: product * _spectral(factor)),
        ),
        Mistake(
            "one factor is too many: the state after step `t` does not go through step "
            "`t` again, so at the last step nothing is left to multiply.",
            _one_factor_too_many,
        ),
        Mistake(
            "the slope of tanh is taken at the state before the step; its result is the "
            "state after it.",
            _with(before=True),
        ),
        Mistake(
            "the slope of tanh is `1 - h**2`, not `1 - h`.",
            _with(slope=lambda h: 1 - h),
        ),
        Mistake(
            "tanh is taken once more; the states are its results already, so its slope "
            "is `1 - h**2`.",
            _with(slope=lambda h: 1 - np.tanh(h) ** 2),
        ),
        Mistake(
            "the slope of tanh is missing; it scales the rows of each step's Jacobian.",
            _with(slope=np.ones_like),
        ),
        *(
            Mistake(
                "this is the Frobenius norm, the default of `np.linalg.norm`; the "
                "spectral norm has `ord=2`.",
                _with(measure=np.linalg.norm, last=last),
            )
            for last in (1.0, None)
        ),
        Mistake(
            "this is the largest eigenvalue, which says nothing of a single product; "
            "the spectral norm is the largest singular value.",
            _with(measure=lambda matrix: np.abs(np.linalg.eigvals(matrix)).max()),
        ),
        Mistake(
            "`W_h` multiplies from the right, so its transpose stands in the Jacobian.",
            _with(factor=lambda slope, W_h: slope[:, None] * W_h),
        ),
        Mistake(
            "the slope scales the columns; it belongs to the state after the step, so it "
            "scales the rows.",
            _with(factor=lambda slope, W_h: slope * W_h.T),
        ),
        Mistake(
            "these are the Jacobians by the first state, growing forwards; asked is the "
            "last state by each.",
            _from_the_first,
        ),
        Mistake(
            "the norms stand in the order they were computed, from the last step back; "
            "turn them round.",
            _with(result=lambda norms: norms[::-1]),
        ),
    ),
)
