"""Drill 3.2: count the parameters of a whole text classifier."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Counts = dict[str, int]


def count_model_parameters(
    vocab_size: int,
    embedding_dim: int,
    hidden_size: int,
    bidirectional: bool = False,
    framework: str = "keras",
) -> dict[str, int]:
    """Return how many numbers Embedding -> LSTM -> Dropout -> Dense(1) learns.

    The keys are "embedding", "lstm", "dense" and "total". The vocabulary includes
    "<pad>"; framework is "keras" or "pytorch", with default settings.
    """
    directions = 2 if bidirectional else 1
    biases = 2 if framework == "pytorch" else 1
    counts = {
        "embedding": vocab_size * embedding_dim,
        "lstm": directions * 4 * hidden_size * (embedding_dim + hidden_size + biases),
        "dense": directions * hidden_size + 1,
    }
    return counts | {"total": sum(counts.values())}


def _count_array_by_array(
    vocab_size: int,
    embedding_dim: int,
    hidden_size: int,
    bidirectional: bool = False,
    framework: str = "keras",
) -> Counts:
    lstm, width = 0, 0
    for _direction in ["forward", "backward"] if bidirectional else ["forward"]:
        for _block in ["input gate", "forget gate", "candidate", "output gate"]:
            lstm += np.empty((embedding_dim, hidden_size)).size
            lstm += np.empty((hidden_size, hidden_size)).size
            lstm += np.empty(hidden_size).size
            if framework == "pytorch":
                lstm += np.empty(hidden_size).size
        width += hidden_size
    embedding = np.empty((vocab_size, embedding_dim)).size
    dense = np.empty((width, 1)).size + np.empty(1).size
    total = embedding + lstm + dense
    return {"embedding": embedding, "lstm": lstm, "dense": dense, "total": total}


def _biases_by_default(framework: str) -> int:
    return 2 if framework == "pytorch" else 1


def _with(
    *,
    rows: int = 0,
    blocks: int = 4,
    inputs: bool = True,
    recurrent: bool = True,
    biases: Callable[[str], int] = _biases_by_default,
    one_lstm: bool = False,
    narrow_dense: bool = False,
    outputs: int = 1,
    dense_bias: bool = True,
) -> Callable[..., Counts]:
    """Make the answer that counts one thing in another way."""

    def answer(vocab_size, embedding_dim, hidden_size, bidirectional, framework):
        directions = 2 if bidirectional else 1
        read = inputs * embedding_dim + recurrent * hidden_size + biases(framework)
        width = hidden_size if narrow_dense else directions * hidden_size
        return _with_total(
            embedding=(vocab_size + rows) * embedding_dim,
            lstm=(1 if one_lstm else directions) * blocks * hidden_size * read,
            dense=outputs * (width + dense_bias),
        )

    return answer


def _with_total(**counts: int) -> Counts:
    return counts | {"total": sum(counts.values())}


def _one_wide_lstm(vocab_size, embedding_dim, hidden_size, bidirectional, framework):
    width = hidden_size * (2 if bidirectional else 1)
    return count_model_parameters(
        vocab_size, embedding_dim, width, bidirectional=False, framework=framework
    )


def _total_without_embedding(*arguments):
    counts = count_model_parameters(*arguments)
    return counts | {"total": counts["lstm"] + counts["dense"]}


def _random_model(rng: np.random.Generator) -> Arguments:
    vocab_size, embedding_dim, hidden_size = rng.integers(2, 65, size=3).tolist()
    bidirectional = bool(rng.random() < 0.5)
    framework = str(rng.choice(["keras", "pytorch"]))
    return vocab_size, embedding_dim, hidden_size, bidirectional, framework


DRILL = Drill(
    id="3.2",
    title="count the whole model",
    level="warm-up",
    minutes=8,
    prompt=(
        "Here is the usual text classifier: Embedding, LSTM, Dropout, Dense with one "
        "output. Please write the function that predicts the numbers of its summary: "
        "a dict with `embedding`, `lstm`, `dense` and `total`. In drill 1.4 you "
        "counted a single layer. New are the layers around it, and `Bidirectional`. "
        "A vocabulary of 1,000, an embedding of 32 and an LSTM of 64 give 56,897 in "
        "Keras and 57,153 in PyTorch. I ask because a number that surprises you in "
        "the summary is the cheapest bug report you will ever get."
    ),
    solution=count_model_parameters,
    specification=_count_array_by_array,
    hints=(
        "Go through the model layer by layer. Which arrays does each keep, and how "
        "large are they? One of the four layers keeps none.",
        "The embedding is a table with a row per id, that of the pads included. An "
        "LSTM has four blocks, and the frameworks differ in their biases alone. "
        "Bidirectional is two such LSTMs side by side. What does Dense read then?",
        "With `directions` 1 or 2 and `biases` 1 in Keras, 2 in PyTorch: the LSTM has "
        "`directions * 4 * hidden_size * (embedding_dim + hidden_size + biases)`, and "
        "Dense has `directions * hidden_size + 1`.",
    ),
    cases=(
        (1000, 32, 64, False, "keras"),
        (1000, 32, 64, False, "pytorch"),
        (20, 3, 5, True, "keras"),
        (20, 5, 3, True, "pytorch"),
        (50, 8, 8, False, "keras"),
        (10_000, 100, 128, True, "keras"),
        (7, 4, 1, True, "pytorch"),
        (2, 1, 1, False, "pytorch"),
    ),
    random_case=_random_model,
    mistakes=(
        Mistake(
            "one bias is counted everywhere; PyTorch keeps two for each block of an "
            "LSTM.",
            _with(biases=lambda framework: 1),
        ),
        Mistake(
            "two biases are counted everywhere; Keras keeps one for each block of an "
            "LSTM.",
            _with(biases=lambda framework: 2),
        ),
        Mistake(
            "the frameworks are swapped: Keras keeps one bias for each block, PyTorch "
            "two.",
            _with(biases=lambda framework: 3 - _biases_by_default(framework)),
        ),
        Mistake(
            "the LSTM's biases are missing; each block has one of `hidden_size` "
            "numbers in Keras, and two in PyTorch.",
            _with(biases=lambda framework: 0),
        ),
        Mistake(
            "the LSTM is counted with three blocks, one per gate; its candidate has "
            "weights as well, which makes four.",
            _with(blocks=3),
        ),
        Mistake(
            "the LSTM is counted like a plain recurrent layer; it has four blocks of "
            "weights.",
            _with(blocks=1),
        ),
        Mistake(
            "the LSTM's recurrent weights are missing; each block also has a matrix of "
            "`hidden_size` times `hidden_size`.",
            _with(recurrent=False),
        ),
        Mistake(
            "the LSTM's input weights are missing; each block also has a matrix of "
            "`embedding_dim` times `hidden_size`.",
            _with(inputs=False),
        ),
        Mistake(
            "Dense has no bias here; its one output has one.",
            _with(dense_bias=False),
        ),
        Mistake(
            "Dense has two outputs here; one probability needs one output.",
            _with(outputs=2),
        ),
        Mistake(
            "behind a bidirectional LSTM, Dense reads both directions; its width is "
            "`2 * hidden_size` then.",
            _with(narrow_dense=True),
        ),
        Mistake(
            "a bidirectional LSTM is two LSTMs, one per direction; here only one of "
            "them is counted.",
            _with(one_lstm=True),
        ),
        Mistake(
            "`bidirectional` is ignored; there are two LSTMs then, and Dense reads "
            "both.",
            _with(one_lstm=True, narrow_dense=True),
        ),
        Mistake(
            "both directions are counted as one LSTM of twice the width; they are two "
            "of `hidden_size` that do not read each other's states.",
            _one_wide_lstm,
        ),
        Mistake(
            "the row of the pads is left out of the embedding; it is kept in the table "
            "like any other, even when it is masked.",
            _with(rows=-1),
        ),
        Mistake(
            "the embedding has a row too many; `vocab_size` includes the pads already.",
            _with(rows=1),
        ),
        Mistake(
            "the total leaves the embedding out; it is learnt as well, and often the "
            "largest part.",
            _total_without_embedding,
        ),
    ),
)
