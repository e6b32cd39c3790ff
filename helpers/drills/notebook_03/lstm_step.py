"""Drill 3.1: one step of an LSTM, in Keras' layout."""

import math
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Arrays = tuple[np.ndarray, np.ndarray]
Squash = Callable[[np.ndarray], np.ndarray]


def lstm_step(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    W_x: np.ndarray,
    W_h: np.ndarray,
    b: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the new (h, c); blocks: input gate, forget gate, candidate, output gate.

    Shapes: x (batch, features), h and c (batch, hidden), W_x (features, 4 * hidden),
    W_h (hidden, 4 * hidden), b (4 * hidden,).
    """
    i, f, g, o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    # The sigmoid as a tanh: nothing overflows.
    i, f, o = (0.5 * (1 + np.tanh(gate / 2)) for gate in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


def _sigmoid_of_one(number: float) -> float:
    if number >= 0:
        return 1 / (1 + math.exp(-number))
    return math.exp(number) / (1 + math.exp(number))


def _lstm_step_by_loop(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    W_x: np.ndarray,
    W_h: np.ndarray,
    b: np.ndarray,
) -> Arrays:
    batch, hidden = h.shape
    new_h, new_c = np.empty((batch, hidden)), np.empty((batch, hidden))
    for row in range(batch):
        for unit in range(hidden):
            sums = []
            for block in range(4):
                column = block * hidden + unit
                total = b[column]
                for feature in range(x.shape[1]):
                    total += x[row, feature] * W_x[feature, column]
                for other in range(hidden):
                    total += h[row, other] * W_h[other, column]
                sums.append(total)
            i, f, o = (_sigmoid_of_one(sums[block]) for block in (0, 1, 3))
            new_c[row, unit] = f * c[row, unit] + i * math.tanh(sums[2])
            new_h[row, unit] = o * math.tanh(new_c[row, unit])
    return new_h, new_c


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(values / 2))


@np.errstate(all="ignore")
def _overflowing_sigmoid(values: np.ndarray) -> np.ndarray:
    return np.exp(values) / (1 + np.exp(values))


def _unchanged(values: np.ndarray) -> np.ndarray:
    return values


def _in_blocks(sums: np.ndarray) -> list[np.ndarray]:
    return np.split(sums, 4, axis=1)


def _all_sums(x, h, c, W_x, W_h, b):
    return x @ W_x + h @ W_h + b


def _new_cell(i, f, g, c):
    return f * c + i * g


def _new_state(o, new, old):
    return o * np.tanh(new)


def _with(
    *,
    sums: Callable[..., np.ndarray] = _all_sums,
    blocks: Callable[[np.ndarray], list[np.ndarray]] = _in_blocks,
    order: str = "ifgo",
    gate: Squash = _sigmoid,
    candidate: Squash = np.tanh,
    cell: Callable[..., np.ndarray] = _new_cell,
    state: Callable[..., np.ndarray] = _new_state,
    result: Callable[[np.ndarray, np.ndarray], Any] = lambda h, c: (h, c),
) -> Callable[..., Any]:
    """Make the answer in which one part is another."""

    def answer(x, h, c, W_x, W_h, b):
        parts = blocks(sums(x, h, c, W_x, W_h, b))
        named = dict(zip(order, parts, strict=True))
        i, f, o = (gate(named[name]) for name in "ifo")
        new = cell(i, f, candidate(named["g"]), c)
        return result(state(o, new, c), new)

    return answer


_NAMES = {"i": "input", "f": "forget", "g": "candidate", "o": "output"}


def _order_sentence(order: str) -> str:
    names = ", ".join(_NAMES[name] for name in order)
    return (
        f"the four blocks are read in the order {names}; in Keras they stand in the "
        "order input, forget, candidate, output."
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
    """Make the arguments of one step; before the first one, both states are zero."""
    rng = np.random.default_rng(seed)
    h = rng.uniform(-1, 1, size=(batch, hidden))
    c = rng.normal(0, 1.5, size=(batch, hidden))
    return (
        rng.normal(0, scale, size=(batch, features)),
        np.zeros_like(h) if first else h,
        np.zeros_like(c) if first else c,
        rng.normal(0, 0.7, size=(features, 4 * hidden)),
        rng.normal(0, 0.7, size=(hidden, 4 * hidden)),
        rng.normal(0, 0.7, size=4 * hidden),
    )


def _random_step(rng: np.random.Generator) -> Arguments:
    batch, features, hidden = rng.integers(1, 6, size=3).tolist()
    first = bool(rng.random() < 0.2)
    scale = float(rng.choice([1.0, 1.0, 3000.0]))
    return _step(batch, features, hidden, first=first, scale=scale, seed=rng)


DRILL = Drill(
    id="3.1",
    title="one LSTM step",
    level="core",
    minutes=10,
    prompt=(
        "Please write one step of an LSTM, for a whole batch at once. The weights come "
        "as Keras keeps them: four blocks of columns, in the order input gate, forget "
        "gate, candidate, output gate. Return the new `h` and the new `c`. The sums "
        "may be in the thousands. The result must stay exact all the same, and NumPy "
        "should have no overflow to warn of. I ask because everyone has seen the "
        "diagram. Who can write the four lines knows what each gate is for."
    ),
    solution=lstm_step,
    specification=_lstm_step_by_loop,
    hints=(
        "Start as in a plain recurrent step: one sum of two products and a bias. It is "
        "four times as wide. What becomes of each quarter?",
        "Three quarters are gates, between 0 and 1; the candidate lies between -1 and "
        "1. The cell keeps a part of its old value and takes in a part of the "
        "candidate. The new `h` is a part of the squashed new cell.",
        "`c = f * c + i * np.tanh(g)` and `h = o * np.tanh(c)`, with `i, f, g, o` from "
        "`np.split(sums, 4, axis=1)`. The sigmoid of `z` is also "
        "`0.5 * (1 + np.tanh(z / 2))`, which never overflows.",
    ),
    cases=(
        _step(batch=3, features=2, hidden=4),
        _step(batch=2, features=3, hidden=2),
        _step(batch=2, features=3, hidden=4, scale=3000.0),
        _step(batch=4, features=3, hidden=3),
        _step(batch=2, features=4, hidden=2, first=True),
        _step(batch=1, features=3, hidden=5),
        _step(batch=5, features=1, hidden=1),
        _step(batch=1, features=1, hidden=1, first=True),
    ),
    random_case=_random_step,
    mistakes=(
        Mistake(
            "a sigmoid stands on the candidate, so the cell can never go down by it; "
            "the candidate takes `np.tanh`, into -1 to 1.",
            _with(candidate=_sigmoid),
        ),
        Mistake(
            "the candidate is not squashed, so one large input can swamp the cell; "
            "take its `np.tanh`.",
            _with(candidate=_unchanged),
        ),
        Mistake(
            "the gates take a tanh, so they can turn a sign round; a gate lets through "
            "a part between 0 and 1, which is a sigmoid.",
            _with(gate=np.tanh),
        ),
        Mistake(
            "the tanh on the cell is missing; the output gate multiplies the squashed "
            "cell, `o * np.tanh(c)`.",
            _with(state=lambda o, new, old: o * new),
        ),
        Mistake(
            "`h` is made from the old cell; update `c` first, then take `h` from it.",
            _with(state=lambda o, new, old: o * np.tanh(old)),
        ),
        Mistake(
            "the input gate is missing, so every candidate goes into the cell in full; "
            "add `i * g`.",
            _with(cell=lambda i, f, g, c: f * c + g),
        ),
        Mistake(
            "the forget gate is missing, so the cell can only pile up; keep `f * c`.",
            _with(cell=lambda i, f, g, c: c + i * g),
        ),
        Mistake(
            "the old cell is not used, so nothing is remembered beyond `h`; add "
            "`f * c`.",
            _with(cell=lambda i, f, g, c: i * g),
        ),
        Mistake(
            "the input gate is taken to be `1 - f`, as in a GRU; an LSTM computes it "
            "from a block of its own.",
            _with(cell=lambda i, f, g, c: f * c + (1 - f) * g),
        ),
        Mistake(
            "the output gate is missing; `h` is `o * np.tanh(c)`.",
            _with(state=lambda o, new, old: np.tanh(new)),
        ),
        Mistake(
            "the old `h` is not used; add `h @ W_h` to the sums.",
            _with(sums=lambda x, h, c, W_x, W_h, b: x @ W_x + b),
        ),
        Mistake(
            "the bias is missing; add `b` to the sums.",
            _with(sums=lambda x, h, c, W_x, W_h, b: x @ W_x + h @ W_h),
        ),
        Mistake(
            "the sums read the old cell; `W_h` belongs to `h`, and `c` enters only "
            "behind the forget gate.",
            _with(sums=lambda x, h, c, W_x, W_h, b: x @ W_x + c @ W_h + b),
        ),
        Mistake(
            "the two results are swapped; return `h` first, then `c`.",
            _with(result=lambda h, c: (c, h)),
        ),
        Mistake(
            "this is `h` alone; the next step needs the cell as well, so return "
            "`(h, c)`.",
            _with(result=lambda h, c: h),
        ),
        Mistake(
            "`np.exp` of a large sum is infinite, and infinity divided by infinity is "
            "NaN; write the sigmoid so that no large number is exponentiated.",
            _with(gate=_overflowing_sigmoid),
        ),
        Mistake(
            "every fourth column is taken for a gate; each gate is one block of "
            "columns side by side, as `np.split` cuts them.",
            _with(blocks=lambda sums: [sums[:, k::4] for k in range(4)]),
        ),
        *(
            Mistake(_order_sentence("".join(order)), _with(order="".join(order)))
            for order in permutations("ifgo")
            if "".join(order) != "ifgo"
        ),
    ),
)
