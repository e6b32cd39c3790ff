"""Drill 1.5: one step of backpropagation through time."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Gradients = dict[str, np.ndarray]


def rnn_step_backward(
    d_state: np.ndarray,
    x: np.ndarray,
    previous: np.ndarray,
    state: np.ndarray,
    W_x: np.ndarray,
    W_h: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return the loss's gradients by name: "x", "previous", "W_x", "W_h" and "b".

    Shapes: x (batch, features); d_state, previous and state (batch, hidden_size);
    W_x (features, hidden_size), W_h (hidden_size, hidden_size), b (hidden_size,).
    """
    d_sum = d_state * (1 - state**2)
    return {
        "x": d_sum @ W_x.T,
        "previous": d_sum @ W_h.T,
        "W_x": x.T @ d_sum,
        "W_h": previous.T @ d_sum,
        "b": d_sum.sum(axis=0),
    }


def _backward_by_loop(
    d_state: np.ndarray,
    x: np.ndarray,
    previous: np.ndarray,
    state: np.ndarray,
    W_x: np.ndarray,
    W_h: np.ndarray,
) -> Gradients:
    named = {"x": x, "previous": previous, "W_x": W_x, "W_h": W_h, "b": W_h[0]}
    gradients = {name: np.zeros_like(array) for name, array in named.items()}
    for row, unit in np.ndindex(state.shape):
        d_sum = d_state[row, unit] * (1 - state[row, unit] ** 2)
        for i in range(x.shape[1]):
            gradients["x"][row, i] += d_sum * W_x[i, unit]
            gradients["W_x"][i, unit] += d_sum * x[row, i]
        for j in range(previous.shape[1]):
            gradients["previous"][row, j] += d_sum * W_h[j, unit]
            gradients["W_h"][j, unit] += d_sum * previous[row, j]
        gradients["b"][unit] += d_sum
    return gradients


def _with_slope(
    slope: Callable[[np.ndarray], np.ndarray | float],
) -> Callable[..., Gradients]:
    """Make the answer that takes another derivative of the squashing function."""

    def answer(d_state, x, previous, state, W_x, W_h):
        d_sum = d_state * slope(state)
        # The true derivative is 1 where the state is 0.
        return rnn_step_backward(d_sum, x, previous, np.zeros_like(state), W_x, W_h)

    return answer


def _with_part(name: str, part: Callable[..., np.ndarray]) -> Callable[..., Gradients]:
    """Make the answer that is wrong in one gradient, computed from d_sum."""

    def answer(d_state, x, previous, state, W_x, W_h):
        right = rnn_step_backward(d_state, x, previous, state, W_x, W_h)
        d_sum = d_state * (1 - state**2)
        return right | {name: part(d_sum, previous, state, W_h)}

    return answer


def _with_means(d_state, x, previous, state, W_x, W_h):
    right = rnn_step_backward(d_state, x, previous, state, W_x, W_h)
    return right | {name: right[name] / len(x) for name in ("W_x", "W_h", "b")}


def _step(
    batch: int,
    features: int,
    hidden_size: int,
    *,
    first: bool = False,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Run one step forward, with a random bias, and make a gradient to go back with.

    Before the first step, the state is zero.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(batch, features))
    previous = rng.uniform(-1, 1, size=(batch, hidden_size))
    if first:
        previous[:] = 0.0
    W_x = rng.normal(0, 0.6, size=(features, hidden_size))
    W_h = rng.normal(0, 0.6, size=(hidden_size, hidden_size))
    b = rng.normal(0, 0.6, size=hidden_size)
    state = np.tanh(x @ W_x + previous @ W_h + b)
    return rng.normal(size=state.shape), x, previous, state, W_x, W_h


def _random_step(rng: np.random.Generator) -> Arguments:
    batch, features, hidden_size = rng.integers(1, 6, size=3).tolist()
    first = bool(rng.random() < 0.2)
    return _step(batch, features, hidden_size, first=first, seed=rng)


DRILL = Drill(
    id="1.5",
    title="one step of backpropagation through time",
    level="stretch",
    minutes=15,
    prompt=(
        "Suppose there were no autograd. A plain recurrent step has computed "
        "`state = tanh(x @ W_x + previous @ W_h + b)`, and the gradient of the loss "
        "with respect to this new state, `d_state`, has come back to you. Please take "
        "it one step further back: I want the gradients of the input, the previous "
        "state and all three weights, in a dict under the names `x`, `previous`, "
        "`W_x`, `W_h` and `b`. The loss is already that of the whole batch."
    ),
    solution=rnn_step_backward,
    specification=_backward_by_loop,
    hints=(
        "Go back in two stages: first through the tanh to the sum inside it, then "
        "from the sum to each of its parts.",
        "The derivative of tanh is 1 minus its result squared, and `state` is that "
        "result. Behind it, each gradient is one matrix product; the shapes leave "
        "only one choice of factors and transposes.",
        "With `d_sum = d_state * (1 - state**2)`: inputs get `d_sum` times a weight "
        "transposed, weights get an input transposed times `d_sum`, and the bias sums "
        "`d_sum` over the batch.",
    ),
    cases=(
        _step(batch=3, features=2, hidden_size=4),
        _step(batch=2, features=3, hidden_size=2),
        _step(batch=4, features=3, hidden_size=3, first=True),
        _step(batch=1, features=2, hidden_size=3),
        _step(batch=5, features=1, hidden_size=2),
        _step(batch=1, features=1, hidden_size=1, first=True),
    ),
    random_case=_random_step,
    mistakes=(
        Mistake(
            "the derivative of tanh is missing; multiply `d_state` by `1 - state**2` "
            "before anything else.",
            _with_slope(lambda state: 1.0),
        ),
        Mistake(
            "the tanh is taken twice; `state` is its result already, so the derivative "
            "is `1 - state**2`.",
            _with_slope(lambda state: 1 - np.tanh(state) ** 2),
        ),
        Mistake(
            "`state * (1 - state)` is the derivative of the sigmoid; that of tanh is "
            "`1 - state**2`.",
            _with_slope(lambda state: state * (1 - state)),
        ),
        Mistake(
            "the bias gradient is averaged over the batch; every row has used the same "
            "bias, so sum over the batch.",
            _with_part("b", lambda d_sum, previous, state, W_h: d_sum.mean(axis=0)),
        ),
        Mistake(
            "the bias gradient still has a row per example; every row has used the "
            "same bias, so sum over the batch.",
            _with_part("b", lambda d_sum, previous, state, W_h: d_sum),
        ),
        Mistake(
            "the gradient of `W_h` uses the new state; what `W_h` was multiplied by is "
            "`previous`.",
            _with_part("W_h", lambda d_sum, previous, state, W_h: state.T @ d_sum),
        ),
        Mistake(
            "the gradient of `previous` goes through `W_h` as on the way forward; on "
            "the way back it needs `W_h.T`.",
            _with_part("previous", lambda d_sum, previous, state, W_h: d_sum @ W_h),
        ),
        Mistake(
            "the gradients of the weights are divided by the batch size; the loss has "
            "seen to that, so sum over the rows.",
            _with_means,
        ),
    ),
)
