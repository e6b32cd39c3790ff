"""Drill 6.1: every gate of an LSTM, from its weights."""

import math
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Parts = dict[str, np.ndarray]
Squash = Callable[[np.ndarray], np.ndarray]


def gates_from_weights(
    x: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return the parts i, f, g, o, h, c of an LSTM at each step, (steps, hidden) each.

    The weights hold four blocks of rows: i, f, g, o. Both states start from zero.
    Shapes: x (steps, features), weight_ih (4 * hidden, features), weight_hh
    (4 * hidden, hidden), bias_ih and bias_hh (4 * hidden,).
    """
    h = c = np.zeros(weight_hh.shape[1])
    steps = []
    for x_t in x:
        sums = weight_ih @ x_t + bias_ih + weight_hh @ h + bias_hh
        i, f, g, o = np.split(sums, 4)
        i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
        g = np.tanh(g)
        c = f * c + i * g
        h = o * np.tanh(c)
        steps.append((i, f, g, o, h, c))
    return dict(zip("ifgohc", np.stack(steps, axis=1), strict=True))


def _sigmoid_of_one(number: float) -> float:
    return 1 / (1 + math.exp(-number))


def _gates_number_by_number(
    x: np.ndarray,
    weight_ih: np.ndarray,
    weight_hh: np.ndarray,
    bias_ih: np.ndarray,
    bias_hh: np.ndarray,
) -> Parts:
    hidden = weight_hh.shape[1]
    parts = {name: np.zeros((len(x), hidden)) for name in "ifgohc"}
    for t in range(len(x)):
        for unit in range(hidden):
            for block, name in enumerate("ifgo"):
                row = block * hidden + unit
                total = bias_ih[row] + bias_hh[row] + sum(weight_ih[row] * x[t])
                if t > 0:
                    total += sum(weight_hh[row] * parts["h"][t - 1])
                squash = math.tanh if name == "g" else _sigmoid_of_one
                parts[name][t, unit] = squash(total)
            i, f, g, o = (parts[name][t, unit] for name in "ifgo")
            before = parts["c"][t - 1, unit] if t > 0 else 0.0
            parts["c"][t, unit] = f * before + i * g
            parts["h"][t, unit] = o * math.tanh(parts["c"][t, unit])
    return parts


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def _unchanged(values: Any) -> Any:
    return values


_SQUASH = {"i": _sigmoid, "f": _sigmoid, "g": np.tanh, "o": _sigmoid}


def _with(
    *,
    biases: str = "ih",
    recurrent: bool = True,
    order: str = "ifgo",
    shown: Squash = np.tanh,
    raw: bool = False,
    result: Callable[[Parts], Any] = _unchanged,
    **squash: Squash,
) -> Callable[..., Any]:
    """Make the answer in which one part is another; `squash` has a part's own."""

    def answer(x, weight_ih, weight_hh, bias_ih, bias_hh):
        h = c = np.zeros(weight_hh.shape[1])
        b = bias_ih * ("i" in biases) + bias_hh * ("h" in biases)
        steps = []
        for x_t in x:
            read = weight_ih @ x_t + recurrent * (weight_hh @ h) + b
            sums = dict(zip(order, np.split(read, 4), strict=True))
            gates = {n: (_SQUASH | squash)[n](sums[n]) for n in "ifgo"}
            c = gates["f"] * c + gates["i"] * gates["g"]
            h = gates["o"] * shown(c)
            kept = sums if raw else gates
            steps.append([*(kept[name] for name in "ifgo"), h, c])
        return result(dict(zip("ifgohc", np.stack(steps, axis=1), strict=True)))

    return answer


def _from_the_state_after(x, weight_ih, weight_hh, bias_ih, bias_hh):
    parts = gates_from_weights(x, weight_ih, weight_hh, bias_ih, bias_hh)
    sums = x @ weight_ih.T + parts["h"] @ weight_hh.T + bias_ih + bias_hh
    blocks = zip("ifgo", np.split(sums, 4, axis=1), strict=True)
    return parts | {name: _SQUASH[name](block) for name, block in blocks}


_NAMES = {"i": "input", "f": "forget", "g": "candidate", "o": "output"}


def _order_sentence(order: str) -> str:
    names = ", ".join(_NAMES[name] for name in order)
    return (
        f"the four blocks are read in the order {names}; in PyTorch they stand in the "
        "order input, forget, candidate, output."
    )


def _sequence(
    steps: int, features: int, hidden: int, seed: int | np.random.Generator = 0
) -> Arguments:
    """Make one sequence and the weights of an LSTM, two biases among them."""
    rng = np.random.default_rng(seed)
    shapes = (4 * hidden, features), (4 * hidden, hidden), 4 * hidden, 4 * hidden
    weights = (rng.normal(0, 0.7, size=shape) for shape in shapes)
    return rng.normal(size=(steps, features)), *weights


def _random_sequence(rng: np.random.Generator) -> Arguments:
    return _sequence(*rng.integers(1, 6, size=3).tolist(), seed=rng)


_TANH = (
    "takes a tanh, so it can be negative; a gate lets a part through, between 0 and 1, "
    "which is a sigmoid."
)

DRILL = Drill(
    id="6.1",
    title="gates from the weights",
    level="core",
    minutes=10,
    prompt=(
        "PyTorch's LSTM returns its states and keeps its gates to itself. I give you one "
        "sequence and the weights as PyTorch keeps them: four blocks of rows, for input "
        "gate, forget gate, candidate and output gate, and two biases. Please return "
        "all of it at every step, as a dict: `i`, `f`, `g`, `o`, and the states `h` and "
        "`c`. The gates of a step are those that made its state. The sums are moderate, "
        "so a plain sigmoid will do. I ask because many a published figure of gates "
        "shows hidden states. One look at the range tells: what falls below 0 is no "
        "gate."
    ),
    solution=gates_from_weights,
    specification=_gates_number_by_number,
    hints=(
        "Which state does a gate read, the one before its step or the one after? From "
        "that follows whether you need a loop.",
        "Go step by step. One sum, of two products and two biases, is cut into four "
        "blocks. Three are gates and take a sigmoid, the candidate takes a tanh. Update "
        "`c`, then `h`, and keep all six before the next step overwrites them.",
        "`sums = weight_ih @ x_t + bias_ih + weight_hh @ h + bias_hh`, and `i, f, g, o = "
        "np.split(sums, 4)`. Then `c = f * c + i * g` and `h = o * np.tanh(c)`, with `g` "
        "squashed already. Append `(i, f, g, o, h, c)` to a list and stack it along "
        "`axis=1`.",
    ),
    cases=(
        _sequence(steps=4, features=2, hidden=3),
        _sequence(steps=3, features=3, hidden=4, seed=1),
        _sequence(steps=5, features=4, hidden=2, seed=2),
        _sequence(steps=4, features=4, hidden=4, seed=3),
        _sequence(steps=2, features=1, hidden=5, seed=4),
        _sequence(steps=6, features=3, hidden=1, seed=5),
        _sequence(steps=1, features=2, hidden=3, seed=6),
        _sequence(steps=1, features=1, hidden=1),
    ),
    random_case=_random_sequence,
    mistakes=(
        Mistake(
            "the gates of a step are made from the state after it; they read the state "
            "before, which is zero at the first step.",
            _from_the_state_after,
        ),
        Mistake(
            "what stands under `h` is the cell; `h` is the part of it that the output "
            "gate shows, `o * np.tanh(c)`.",
            _with(result=lambda parts: parts | {"h": parts["c"]}),
        ),
        Mistake(
            "the four sums come back as they are; return them squashed, as the states "
            "need them.",
            _with(raw=True),
        ),
        Mistake(f"every gate {_TANH}", _with(i=np.tanh, f=np.tanh, o=np.tanh)),
        *(
            Mistake(f"the {_NAMES[name]} gate {_TANH}", _with(**{name: np.tanh}))
            for name in "ifo"
        ),
        Mistake(
            "a sigmoid stands on the candidate, so it can only add to the cell; it "
            "takes a tanh, between -1 and 1.",
            _with(g=_sigmoid),
        ),
        Mistake("the candidate is not squashed; take its tanh.", _with(g=_unchanged)),
        Mistake(
            "`h` shows the cell without a tanh; it is `o * np.tanh(c)`.",
            _with(shown=_unchanged),
        ),
        *(
            Mistake(
                f"`{missing}` is missing; PyTorch adds two biases, so the sums need both.",
                _with(biases=biases),
            )
            for missing, biases in (("bias_hh", "i"), ("bias_ih", "h"))
        ),
        Mistake("both biases are missing; add them to the sums.", _with(biases="")),
        Mistake(
            "the state before is not used, so every step is a first one; add "
            "`weight_hh @ h`.",
            _with(recurrent=False),
        ),
        *(
            Mistake(_order_sentence("".join(order)), _with(order="".join(order)))
            for order in permutations("ifgo")
            if "".join(order) != "ifgo"
        ),
    ),
)
