"""Drill 1.1: pick the state at each sequence's last real step."""

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake


def last_valid_state(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return each sequence's state at its last real step.

    Args:
        states: Hidden states of a right-padded batch, (batch, steps, hidden_size).
        lengths: Number of real steps in each sequence, at least 1, (batch,).

    Returns:
        The last real states, (batch, hidden_size).
    """
    return states[np.arange(len(states)), lengths - 1]


def _last_valid_state_by_loop(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    batch, _, hidden_size = states.shape
    last = np.empty((batch, hidden_size))
    for row in range(batch):
        last[row] = states[row, lengths[row] - 1]
    return last


def _last_nonzero_state(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    nonzero = (states != 0).any(axis=2)
    from_the_end = np.argmax(nonzero[:, ::-1], axis=1)
    return states[np.arange(len(states)), states.shape[1] - 1 - from_the_end]


def _mean_of_real_states(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    real = np.arange(states.shape[1]) < lengths[:, None]
    return (states * real[:, :, None]).sum(axis=1) / lengths[:, None]


def _padded_batch(
    lengths: list[int],
    steps: int,
    *,
    zero_pads: bool = False,
    zero_last_state: bool = False,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make states (batch, steps, 2) and lengths (batch,).

    The states on the pads are not zero unless asked for: a network goes on computing
    there. A real state may well be zero, after a ReLU for instance.
    """
    rng = np.random.default_rng(seed)
    states = rng.uniform(-1, 1, size=(len(lengths), steps, 2))
    ends = np.array(lengths)
    if zero_pads:
        states[np.arange(steps) >= ends[:, None]] = 0.0
    if zero_last_state:
        states[0, ends[0] - 1] = 0.0
    return states, ends


def _random_padded_batch(rng: np.random.Generator) -> Arguments:
    batch, steps = rng.integers(1, 6), rng.integers(1, 8)
    lengths = rng.integers(1, steps + 1, size=batch).tolist()
    zero_pads, zero_last_state = rng.random(2) < (0.5, 0.2)
    return _padded_batch(
        lengths,
        int(steps),
        zero_pads=zero_pads,
        zero_last_state=zero_last_state,
        seed=rng,
    )


DRILL = Drill(
    id="1.1",
    title="the last valid state",
    level="warm-up",
    minutes=5,
    prompt=(
        "A batch of sentences, padded on the right to the same length, has gone "
        "through a recurrent network. You have the state after every step, pads "
        "included, and the true length of each sentence. The classifier must read "
        "each sentence's state at its last real step. Please write the function that "
        "picks these states, without a Python loop."
    ),
    solution=last_valid_state,
    specification=_last_valid_state_by_loop,
    hints=(
        "Take one sequence of length 3. At which index along the steps does its last "
        "real state stand?",
        "You need one step per row, and a different one in each. NumPy pairs two "
        "integer arrays of the same length: the first picks rows, the second picks "
        "steps.",
        "The rows are `np.arange(batch)`, the steps are `lengths - 1`; index `states` "
        "with both at once.",
    ),
    cases=(
        _padded_batch([3, 1, 4], steps=5),
        _padded_batch([4, 2, 3], steps=4, zero_pads=True),
        _padded_batch([3, 2], steps=5, zero_pads=True, zero_last_state=True),
        _padded_batch([4, 4, 4], steps=4),
        _padded_batch([2, 2, 2], steps=5),
        _padded_batch([3], steps=6),
        _padded_batch([1, 1], steps=3),
        _padded_batch([1], steps=1),
    ),
    random_case=_random_padded_batch,
    mistakes=(
        Mistake(
            "`states[:, -1]` reads after the padding, where the network has gone on "
            "computing; read each row at its own index `lengths - 1`.",
            lambda states, lengths: states[:, -1],
        ),
        Mistake(
            "off by one: a sequence of length n ends at index n - 1; subtract 1 from "
            "`lengths`.",
            lambda states, lengths: states[np.arange(len(states)), lengths],
        ),
        Mistake(
            "`states[:, lengths - 1]` pairs every row with every length; put "
            "`np.arange(batch)` in place of the colon, so that row i meets length i.",
            lambda states, lengths: states[:, lengths - 1],
        ),
        Mistake(
            "every row is read at the last step of the longest sequence; give each "
            "row its own index `lengths - 1`.",
            lambda states, lengths: states[:, lengths.max() - 1],
        ),
        Mistake(
            "the end is guessed from values that are not zero, but a real state may "
            "be zero and a state on a pad need not be; trust `lengths`.",
            _last_nonzero_state,
        ),
        Mistake(
            "this averages the real states; the task asks for the last one alone.",
            _mean_of_real_states,
        ),
        Mistake(
            "this is the state after the first step; read the one at `lengths - 1`.",
            lambda states, lengths: states[:, 0],
        ),
        Mistake(
            "negative indices count back from the end of the padded row, not of the "
            "sequence; count from the front, with `lengths - 1`.",
            lambda states, lengths: states[np.arange(len(states)), -lengths],
        ),
    ),
)
