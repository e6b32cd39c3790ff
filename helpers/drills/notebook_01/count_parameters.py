"""Drill 1.4: count a recurrent layer's parameters."""

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake


def count_parameters(cell: str, features: int, hidden_size: int, framework: str) -> int:
    """Return how many numbers one recurrent layer learns.

    Args:
        cell: "rnn", "lstm" or "gru".
        features: Size of each step's input.
        hidden_size: Size of the state.
        framework: "pytorch" or "keras", with default settings.
    """
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[cell]
    biases = 2 if framework == "pytorch" or cell == "gru" else 1
    return gates * hidden_size * (features + hidden_size + biases)


def _count_array_by_array(
    cell: str, features: int, hidden_size: int, framework: str
) -> int:
    gates = {
        "rnn": ["state"],
        "lstm": ["input gate", "forget gate", "candidate", "output gate"],
        "gru": ["reset gate", "update gate", "candidate"],
    }
    count = 0
    for _gate in gates[cell]:
        count += np.empty((features, hidden_size)).size
        count += np.empty((hidden_size, hidden_size)).size
        count += np.empty(hidden_size).size
        if framework == "pytorch" or (framework == "keras" and cell == "gru"):
            count += np.empty(hidden_size).size
    return count


_GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def _biases(cell: str, framework: str) -> int:
    return 2 if framework == "pytorch" or cell == "gru" else 1


def _random_layer(rng: np.random.Generator) -> Arguments:
    cell = str(rng.choice(list(_GATES)))
    features, hidden_size = rng.integers(1, 65, size=2).tolist()
    return cell, features, hidden_size, str(rng.choice(["pytorch", "keras"]))


DRILL = Drill(
    id="1.4",
    title="count the parameters",
    level="core",
    minutes=8,
    prompt=(
        "How many parameters has a recurrent layer? Do not guess: please write the "
        "function. It gets the kind of cell, plain, LSTM or GRU, the number of "
        "features, the size of the state, and the framework, PyTorch or Keras, with "
        "its default settings. Yes, the framework matters: for an LSTM from 32 to "
        "64, the two differ by 256. Tell me where those come from."
    ),
    solution=count_parameters,
    specification=_count_array_by_array,
    hints=(
        "Count for the plain cell first: which arrays stand in "
        "`tanh(x @ W_x + state @ W_h + b)`, and how large is each?",
        "The other cells repeat these arrays, once per gate and once for the "
        "candidate. The frameworks differ in the bias alone: PyTorch always keeps "
        "two, one beside each product.",
        "The blocks are 1, 4 and 3, each of `hidden_size` times `features + "
        "hidden_size + biases`. Keras keeps one bias, but two for its GRU, whose "
        "default is `reset_after=True`.",
    ),
    cases=(
        ("lstm", 32, 64, "pytorch"),
        ("gru", 3, 5, "keras"),
        ("lstm", 32, 64, "keras"),
        ("rnn", 3, 5, "keras"),
        ("gru", 7, 4, "pytorch"),
        ("rnn", 3, 5, "pytorch"),
        ("gru", 8, 8, "keras"),
        ("lstm", 300, 1, "keras"),
        ("lstm", 1, 300, "pytorch"),
        ("rnn", 1, 1, "keras"),
    ),
    random_case=_random_layer,
    mistakes=(
        Mistake(
            "one bias is counted everywhere; PyTorch keeps two for every cell, and "
            "Keras two for its GRU.",
            lambda cell, n, h, framework: _GATES[cell] * h * (n + h + 1),
        ),
        Mistake(
            "two biases are counted everywhere; Keras keeps one for the plain cell and "
            "the LSTM.",
            lambda cell, n, h, framework: _GATES[cell] * h * (n + h + 2),
        ),
        Mistake(
            "an LSTM is counted with three blocks, one per gate; its candidate has "
            "weights as well, which makes four.",
            lambda cell, n, h, framework: (
                (1 if cell == "rnn" else 3) * h * (n + h + _biases(cell, framework))
            ),
        ),
        Mistake(
            "a GRU is counted with two blocks, one per gate; its candidate has weights "
            "as well, which makes three.",
            lambda cell, n, h, framework: (
                (2 if cell == "gru" else _GATES[cell])
                * h
                * (n + h + _biases(cell, framework))
            ),
        ),
        Mistake(
            "a GRU in Keras is counted with one bias; its default, `reset_after=True`, "
            "keeps two.",
            lambda cell, n, h, framework: (
                _GATES[cell] * h * (n + h + (2 if framework == "pytorch" else 1))
            ),
        ),
        Mistake(
            "the recurrent weights are missing; every block also has a matrix of "
            "`hidden_size` times `hidden_size`.",
            lambda cell, n, h, framework: (
                _GATES[cell] * h * (n + _biases(cell, framework))
            ),
        ),
        Mistake(
            "the input weights are missing; every block also has a matrix of "
            "`features` times `hidden_size`.",
            lambda cell, n, h, framework: (
                _GATES[cell] * h * (h + _biases(cell, framework))
            ),
        ),
        Mistake(
            "the biases are missing; every block has one or two of `hidden_size` "
            "numbers.",
            lambda cell, n, h, framework: _GATES[cell] * h * (n + h),
        ),
        Mistake(
            "every cell is counted like the plain one; an LSTM repeats its weights "
            "four times, a GRU three times.",
            lambda cell, n, h, framework: h * (n + h + _biases(cell, framework)),
        ),
    ),
)
