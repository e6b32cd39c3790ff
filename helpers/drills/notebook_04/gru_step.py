"""Drill 4.1: one step of a GRU, in PyTorch's layout."""

import math
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Squash = Callable[[np.ndarray], np.ndarray]


def gru_step(
    x: np.ndarray,
    h: np.ndarray,
    W_x: np.ndarray,
    W_h: np.ndarray,
    b_x: np.ndarray,
    b_h: np.ndarray,
) -> np.ndarray:
    """Return the new h, (batch, hidden); parts: reset, update, new (the candidate).

    Shapes: x (batch, features), h (batch, hidden), W_x (features, 3 * hidden),
    W_h (hidden, 3 * hidden), b_x and b_h (3 * hidden,).
    """
    x_r, x_z, x_n = np.split(x @ W_x + b_x, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ W_h + b_h, 3, axis=1)
    # The sigmoid as a tanh: nothing overflows.
    r, z = (0.5 * (1 + np.tanh(gate / 2)) for gate in (x_r + h_r, x_z + h_z))
    n = np.tanh(x_n + r * h_n)
    return (1 - z) * n + z * h


def _sigmoid_of_one(number: float) -> float:
    if number >= 0:
        return 1 / (1 + math.exp(-number))
    return math.exp(number) / (1 + math.exp(number))


def _gru_step_by_loop(
    x: np.ndarray,
    h: np.ndarray,
    W_x: np.ndarray,
    W_h: np.ndarray,
    b_x: np.ndarray,
    b_h: np.ndarray,
) -> np.ndarray:
    batch, hidden = h.shape
    new = np.empty((batch, hidden))
    for row in range(batch):
        for unit in range(hidden):
            of_x, of_h = [], []
            for part in range(3):
                column = part * hidden + unit
                from_x, from_h = b_x[column], b_h[column]
                for feature in range(x.shape[1]):
                    from_x += x[row, feature] * W_x[feature, column]
                for other in range(hidden):
                    from_h += h[row, other] * W_h[other, column]
                of_x.append(from_x)
                of_h.append(from_h)
            r = _sigmoid_of_one(of_x[0] + of_h[0])
            z = _sigmoid_of_one(of_x[1] + of_h[1])
            candidate = math.tanh(of_x[2] + r * of_h[2])
            new[row, unit] = (1 - z) * candidate + z * h[row, unit]
    return new


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(values / 2))


@np.errstate(all="ignore")
def _overflowing_sigmoid(values: np.ndarray) -> np.ndarray:
    return np.exp(values) / (1 + np.exp(values))


def _unchanged(values: np.ndarray) -> np.ndarray:
    return values


def _in_parts(sums: np.ndarray) -> list[np.ndarray]:
    return np.split(sums, 3, axis=1)


def _reset_after(r, x_n, h_n, h, W_n, b_n):
    return x_n + r * h_n


def _blend(z, n, h):
    return (1 - z) * n + z * h


def _with(
    *,
    biases: str = "xh",
    recurrent: bool = True,
    parts: Callable[[np.ndarray], list[np.ndarray]] = _in_parts,
    order: str = "rzn",
    gate: Squash = _sigmoid,
    candidate: Squash = np.tanh,
    inside: Callable[..., np.ndarray] = _reset_after,
    state: Callable[..., np.ndarray] = _blend,
    result: Callable[[np.ndarray], Any] = _unchanged,
) -> Callable[..., Any]:
    """Make the answer in which one part is another."""

    def answer(x, h, W_x, W_h, b_x, b_h):
        b_x, b_h = b_x * ("x" in biases), b_h * ("h" in biases)
        W_h = W_h * recurrent
        of_x = dict(zip(order, parts(x @ W_x + b_x), strict=True))
        of_h = dict(zip(order, parts(h @ W_h + b_h), strict=True))
        r, z = (gate(of_x[name] + of_h[name]) for name in "rz")
        W_n, b_n = W_h[:, -h.shape[1] :], b_h[-h.shape[1] :]
        n = candidate(inside(r, of_x["n"], of_h["n"], h, W_n, b_n))
        return result(state(z, n, h))

    return answer


_NAMES = {"r": "reset", "z": "update", "n": "new"}


def _order_sentence(order: str) -> str:
    names = ", ".join(_NAMES[name] for name in order)
    if order == "zrn":
        names += ", as Keras keeps them"
    return (
        f"the three parts are read in the order {names}; here, as in PyTorch, they "
        "stand in the order reset, update, new."
    )


def _step(
    batch: int,
    features: int,
    hidden: int,
    *,
    first: bool = False,
    scale: float = 1.0,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make the arguments of one step; before the first one, the state is zero."""
    rng = np.random.default_rng(seed)
    h = rng.uniform(-1, 1, size=(batch, hidden))
    return (
        rng.normal(0, scale, size=(batch, features)),
        np.zeros_like(h) if first else h,
        rng.normal(0, 0.7, size=(features, 3 * hidden)),
        rng.normal(0, 0.7, size=(hidden, 3 * hidden)),
        rng.normal(0, 0.7, size=3 * hidden),
        rng.normal(0, 0.7, size=3 * hidden),
    )


def _random_step(rng: np.random.Generator) -> Arguments:
    batch, features, hidden = rng.integers(1, 6, size=3).tolist()
    first = bool(rng.random() < 0.2)
    scale = float(rng.choice([1.0, 1.0, 3000.0]))
    return _step(batch, features, hidden, first=first, scale=scale, seed=rng)


_RESET_BEFORE = (
    "the reset gate stands before the product, as in the paper; in PyTorch it "
    "multiplies what comes out of the product, bias included."
)

DRILL = Drill(
    id="4.1",
    title="one GRU step",
    level="core",
    minutes=10,
    prompt=(
        "Please write one step of a GRU, for a whole batch at once, exactly as PyTorch "
        "computes it. The columns of the weights are three parts: reset, update, new. "
        "There are two biases, one with the input and one with the state. The reset "
        "gate acts on the state's share of the candidate, after the product and its "
        "bias. The update gate says how much of the old state is kept. The sums may be "
        "in the thousands; the result must stay exact. I ask because papers and "
        "frameworks disagree on all three points: the order, the place of the reset, "
        "and which way round the update gate goes. Copy weights from one to another, "
        "and nothing fails. The model is just worse."
    ),
    solution=gru_step,
    specification=_gru_step_by_loop,
    hints=(
        "In an LSTM, input and state can be added up at once. Here they cannot, for "
        "one of the three parts. Which one, and why?",
        "Take the two sums apart, each with its own bias, and split each into three. "
        "Reset and update are sigmoids of input plus state. The candidate is a tanh, "
        "in which the reset gate scales the state's share alone. The new state lies "
        "between the candidate and the old one.",
        "`n = np.tanh(x_n + r * h_n)`, with `h_n` the last third of `h @ W_h + b_h`, "
        "and then `(1 - z) * n + z * h`. The sigmoid of `a` is also "
        "`0.5 * (1 + np.tanh(a / 2))`, which never overflows.",
    ),
    cases=(
        _step(batch=3, features=2, hidden=4),
        _step(batch=3, features=3, hidden=3),
        _step(batch=2, features=4, hidden=2, first=True),
        _step(batch=1, features=3, hidden=5),
        _step(batch=2, features=3, hidden=4, scale=3000.0),
        _step(batch=3, features=2, hidden=3, scale=30.0),
        _step(batch=5, features=1, hidden=1),
        _step(batch=1, features=1, hidden=1, first=True),
    ),
    random_case=_random_step,
    mistakes=(
        Mistake(
            "`z` and `1 - z` are swapped; here the update gate says how much of the "
            "old state is kept, so `z` belongs to `h`.",
            _with(state=lambda z, n, h: z * n + (1 - z) * h),
        ),
        Mistake(
            _RESET_BEFORE,
            _with(inside=lambda r, x_n, h_n, h, W_n, b_n: x_n + (r * h) @ W_n + b_n),
        ),
        Mistake(
            _RESET_BEFORE,
            _with(inside=lambda r, x_n, h_n, h, W_n, b_n: x_n + (r * h) @ W_n),
        ),
        Mistake(
            "the candidate's bias from `b_h` stands outside of the reset gate; `r` "
            "multiplies the product and this bias.",
            _with(inside=lambda r, x_n, h_n, h, W_n, b_n: x_n + r * (h_n - b_n) + b_n),
        ),
        Mistake(
            "the candidate has no bias from `b_h`; `r` multiplies the product and its "
            "bias.",
            _with(inside=lambda r, x_n, h_n, h, W_n, b_n: x_n + r * (h_n - b_n)),
        ),
        Mistake(
            "the reset gate multiplies the input's share as well; it acts on the "
            "state's share alone.",
            _with(inside=lambda r, x_n, h_n, h, W_n, b_n: r * (x_n + h_n)),
        ),
        Mistake(
            "the reset gate multiplies the input's share; it acts on the state's.",
            _with(inside=lambda r, x_n, h_n, h, W_n, b_n: r * x_n + h_n),
        ),
        Mistake(
            "the reset gate is not used; it scales the state's share of the candidate.",
            _with(inside=lambda r, x_n, h_n, h, W_n, b_n: x_n + h_n),
        ),
        Mistake(
            "both biases are missing; `b_x` belongs to the input's sum, `b_h` to the "
            "state's.",
            _with(biases=""),
        ),
        Mistake(
            "the bias `b_h` is missing; add it to `h @ W_h`.",
            _with(biases="x"),
        ),
        Mistake(
            "the bias `b_x` is missing; add it to `x @ W_x`.",
            _with(biases="h"),
        ),
        Mistake(
            "the product `h @ W_h` is missing, so gates and candidate know nothing of "
            "the past.",
            _with(recurrent=False),
        ),
        Mistake(
            "the old state is lost: the candidate is scaled by `1 - z`, but `z * h` is "
            "missing.",
            _with(state=lambda z, n, h: (1 - z) * n),
        ),
        Mistake(
            "the candidate is added in full, so the state can grow beyond 1; it takes "
            "the share `1 - z` that the old state leaves.",
            _with(state=lambda z, n, h: n + z * h),
        ),
        Mistake(
            "this is the candidate; the update gate has still to blend it with the old "
            "state.",
            _with(state=lambda z, n, h: n),
        ),
        Mistake(
            "the new state is squashed once more; it lies between -1 and 1 already.",
            _with(state=lambda z, n, h: np.tanh((1 - z) * n + z * h)),
        ),
        Mistake(
            "a sigmoid stands on the candidate, so the state can never become "
            "negative; the candidate takes `np.tanh`.",
            _with(candidate=_sigmoid),
        ),
        Mistake(
            "the candidate is not squashed, so one large input can swamp the state; "
            "take its `np.tanh`.",
            _with(candidate=_unchanged),
        ),
        Mistake(
            "the gates take a tanh, so they can turn a sign round; a gate lets through "
            "a part between 0 and 1, which is a sigmoid.",
            _with(gate=np.tanh),
        ),
        Mistake(
            "`np.exp` of a large sum is infinite, and infinity divided by infinity is "
            "NaN; write the sigmoid so that no large number is exponentiated.",
            _with(gate=_overflowing_sigmoid),
        ),
        Mistake(
            "two results come back, as from an LSTM; a GRU has one state, so return "
            "`h` alone.",
            _with(result=lambda h: (h, h)),
        ),
        Mistake(
            "every third column is taken for a part; each part is one block of columns "
            "side by side, as `np.split` cuts them.",
            _with(parts=lambda sums: [sums[:, k::3] for k in range(3)]),
        ),
        *(
            Mistake(_order_sentence("".join(order)), _with(order="".join(order)))
            for order in permutations("rzn")
            if "".join(order) != "rzn"
        ),
    ),
)
