"""Drill 1.2: one step of a plain recurrent network."""

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake


def rnn_step(
    x: np.ndarray, state: np.ndarray, W_x: np.ndarray, W_h: np.ndarray, b: np.ndarray
) -> np.ndarray:
    """Return the new state of a plain recurrent network, (batch, hidden_size).

    Shapes: x (batch, features), state (batch, hidden_size), W_x (features,
    hidden_size), W_h (hidden_size, hidden_size), b (hidden_size,).
    """
    return np.tanh(x @ W_x + state @ W_h + b)


def _rnn_step_by_loop(
    x: np.ndarray, state: np.ndarray, W_x: np.ndarray, W_h: np.ndarray, b: np.ndarray
) -> np.ndarray:
    new = np.empty_like(state)
    for row in range(len(x)):
        for unit in range(len(b)):
            total = b[unit]
            for feature in range(x.shape[1]):
                total += x[row, feature] * W_x[feature, unit]
            for other in range(len(b)):
                total += state[row, other] * W_h[other, unit]
            new[row, unit] = np.tanh(total)
    return new


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def _step(
    batch: int,
    features: int,
    hidden_size: int,
    *,
    first: bool = False,
    scale: float = 1.0,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make the arguments of one step; before the first one, the state is zero."""
    rng = np.random.default_rng(seed)
    state = rng.uniform(-1, 1, size=(batch, hidden_size))
    return (
        rng.normal(0, scale, size=(batch, features)),
        np.zeros_like(state) if first else state,
        rng.normal(0, 0.7, size=(features, hidden_size)),
        rng.normal(0, 0.7, size=(hidden_size, hidden_size)),
        rng.normal(0, 0.7, size=hidden_size),
    )


def _random_step(rng: np.random.Generator) -> Arguments:
    batch, features, hidden_size = rng.integers(1, 6, size=3).tolist()
    first = bool(rng.random() < 0.2)
    return _step(batch, features, hidden_size, first=first, seed=rng)


DRILL = Drill(
    id="1.2",
    title="one recurrent step",
    level="warm-up",
    minutes=5,
    prompt=(
        "Let us start at the whiteboard. A plain recurrent network has one rule: the "
        "new state is made from this step's input and from the old state. I give you "
        "a batch of inputs, the old states and the weights. Please write one step, "
        "for the whole batch at once. Rows are examples, so the weights stand on the "
        "right."
    ),
    solution=rnn_step,
    specification=_rnn_step_by_loop,
    hints=(
        "Write down the shape of each argument and that of the result. Which products "
        "lead there?",
        "Two matrix products have the shape (batch, hidden_size), one for the input "
        "and one for the old state. Add both and the bias, then squash the sum once.",
        "`np.tanh` of the sum of `x @ W_x`, `state @ W_h` and `b`.",
    ),
    cases=(
        _step(batch=3, features=2, hidden_size=4),
        _step(batch=3, features=2, hidden_size=3),
        _step(batch=2, features=4, hidden_size=2, first=True),
        _step(batch=1, features=3, hidden_size=5),
        _step(batch=4, features=3, hidden_size=3),
        _step(batch=2, features=3, hidden_size=4, scale=30.0),
        _step(batch=5, features=1, hidden_size=1),
        _step(batch=1, features=1, hidden_size=1, first=True),
    ),
    random_case=_random_step,
    mistakes=(
        Mistake(
            "the sum is not squashed, so the state can grow without limit; return its "
            "`np.tanh`.",
            lambda x, state, W_x, W_h, b: x @ W_x + state @ W_h + b,
        ),
        Mistake(
            "the bias is missing; add `b` to the sum before the tanh.",
            lambda x, state, W_x, W_h, b: np.tanh(x @ W_x + state @ W_h),
        ),
        Mistake(
            "the old state is not used, so the network remembers nothing; add "
            "`state @ W_h` to the sum.",
            lambda x, state, W_x, W_h, b: np.tanh(x @ W_x + b),
        ),
        Mistake(
            "`W_h` is transposed; rows are examples here, so write `state @ W_h` as it "
            "stands.",
            lambda x, state, W_x, W_h, b: np.tanh(x @ W_x + state @ W_h.T + b),
        ),
        Mistake(
            "`state * W_h` multiplies entry by entry; every new unit reads all old "
            "ones, which is the matrix product `state @ W_h`.",
            lambda x, state, W_x, W_h, b: np.tanh(x @ W_x + state * W_h + b),
        ),
        Mistake(
            "the weights stand on the left, as for column vectors; rows are examples "
            "here, so write `x @ W_x` and `state @ W_h`.",
            lambda x, state, W_x, W_h, b: np.tanh(W_x @ x + W_h @ state + b),
        ),
        Mistake(
            "this squashes with the sigmoid, into 0 to 1; a plain recurrent step uses "
            "`np.tanh`, into -1 to 1.",
            lambda x, state, W_x, W_h, b: _sigmoid(x @ W_x + state @ W_h + b),
        ),
        Mistake(
            "input and state are squashed apart; add up everything first, then take "
            "one tanh of the sum.",
            lambda x, state, W_x, W_h, b: np.tanh(x @ W_x) + np.tanh(state @ W_h + b),
        ),
        Mistake(
            "the bias is added after the tanh; it belongs inside, with the two "
            "products.",
            lambda x, state, W_x, W_h, b: np.tanh(x @ W_x + state @ W_h) + b,
        ),
        Mistake(
            "the old state is added on top, as in a residual network; it enters only "
            "through `state @ W_h`.",
            lambda x, state, W_x, W_h, b: state + np.tanh(x @ W_x + state @ W_h + b),
        ),
    ),
)
