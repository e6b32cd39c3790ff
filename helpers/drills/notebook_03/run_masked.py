"""Drill 3.4: run a recurrent network over a masked batch."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Step = Callable[[np.ndarray, np.ndarray], np.ndarray]


def run_masked(
    step: callable, x: np.ndarray, mask: np.ndarray, state: np.ndarray
) -> np.ndarray:
    """Return the state of each row after the last step, (batch, hidden_size).

    Args:
        step: A function of x[:, t] and the states so far; returns the new states.
        x: Inputs, (batch, steps, features); where mask is False, even NaN.
        mask: Which steps are real, (batch, steps) bool; elsewhere a state stays.
        state: The states before the first step, (batch, hidden_size).
    """
    for t in range(x.shape[1]):
        state = np.where(mask[:, t, None], step(x[:, t], state), state)
    return state


def _run_row_by_row(
    step: Step, x: np.ndarray, mask: np.ndarray, state: np.ndarray
) -> np.ndarray:
    final = np.empty_like(state)
    for row in range(len(x)):
        current = state[[row]]
        for t in range(x.shape[1]):
            if mask[row, t]:
                current = step(x[[row], t], current)
        final[row] = current[0]
    return final


def _every_state(step: Step, x: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Return the states after every step, (steps, batch, hidden), without a mask."""
    states = []
    for t in range(x.shape[1]):
        state = step(x[:, t], state)
        states.append(state)
    return np.stack(states)


def _with_update(
    update: Callable[..., np.ndarray],
) -> Callable[..., np.ndarray]:
    """Make the answer with another rule for one step, from (real, new, old)."""

    def answer(step, x, mask, state):
        for t in range(x.shape[1]):
            state = update(mask[:, t], step(x[:, t], state), state)
        return state

    return answer


def _choose(real: np.ndarray, new: np.ndarray, old: np.ndarray) -> np.ndarray:
    return np.where(real[:, None], new, old)


def _zero_the_input(step, x, mask, state):
    return _every_state(step, np.where(mask[:, :, None], x, 0.0), state)[-1]


def _multiply_the_input(step, x, mask, state):
    return _every_state(step, x * mask[:, :, None], state)[-1]


def _up_to(choose: Callable[[np.ndarray], int]) -> Callable[..., np.ndarray]:
    """Make the answer that runs the whole batch over the same number of steps."""

    def answer(step, x, mask, state):
        steps = choose(mask.sum(axis=1))
        return _every_state(step, x[:, :steps], state)[-1] if steps else state

    return answer


def _read_at_the_length(step, x, mask, state):
    lengths = mask.sum(axis=1)
    return _every_state(step, x, state)[lengths - 1, np.arange(len(x))]


def _read_at_the_length_or_keep(step, x, mask, state):
    # With its first state in front, a row of length 0 keeps that.
    states = np.concatenate([state[None], _every_state(step, x, state)])
    return states[mask.sum(axis=1), np.arange(len(x))]


def _read_at_the_last_real_step(step, x, mask, state):
    last = x.shape[1] - 1 - np.argmax(mask[:, ::-1], axis=1)
    return _every_state(step, x, state)[last, np.arange(len(x))]


def _until_the_first_pad(step, x, mask, state):
    return run_masked(step, x, np.logical_and.accumulate(mask, axis=1), state)


def _cell(features: int, hidden_size: int, rng: np.random.Generator) -> Step:
    """Make a plain recurrent step with a bias, so that a zero input is felt."""
    W_x = rng.normal(0, 0.8, size=(features, hidden_size))
    W_h = rng.normal(0, 0.8, size=(hidden_size, hidden_size))
    b = rng.normal(0, 0.8, size=hidden_size)

    def step(x_t: np.ndarray, state: np.ndarray) -> np.ndarray:
        return np.tanh(x_t @ W_x + state @ W_h + b)

    return step


def _masked_batch(
    *rows: str,
    features: int = 2,
    hidden_size: int = 4,
    nan: bool = False,
    zero_state: bool = False,
    seed: int | np.random.Generator = 0,
) -> Arguments:
    """Make a batch from rows such as "##.": a real step is "#", a masked one "."."""
    rng = np.random.default_rng(seed)
    mask = np.array([[sign == "#" for sign in row] for row in rows])
    x = rng.normal(size=(*mask.shape, features))
    if nan:
        x[~mask] = np.nan
    state = rng.uniform(-1, 1, size=(len(rows), hidden_size))
    if zero_state:
        state[:] = 0.0
    return _cell(features, hidden_size, rng), x, mask, state


def _random_batch(rng: np.random.Generator) -> Arguments:
    batch, steps, features, hidden_size = rng.integers(1, 6, size=4).tolist()
    kind = rng.integers(3)
    rows = []
    for _ in range(batch):
        length = int(rng.integers(0, steps + 1))
        row = "#" * length + "." * (steps - length)
        rows.append([row, row[::-1], "".join(rng.permutation(list(row)))][kind])
    nan, zero_state = (rng.random(2) < (0.3, 0.2)).tolist()
    return _masked_batch(
        *rows,
        features=features,
        hidden_size=hidden_size,
        nan=nan,
        zero_state=zero_state,
        seed=rng,
    )


_ZERO_INPUT = (
    "the masked inputs are set to zero and the step is run all the same, which changes "
    "the state; on a masked step the state must stay as it is."
)
_AT_THE_LENGTH = (
    "the state is read at index length - 1, as if all pads stood on the right; the mask "
    "may have its pads on the left, or holes, so keep the state step by step."
)

DRILL = Drill(
    id="3.4",
    title="a mask by hand",
    level="core",
    minutes=10,
    prompt=(
        "In Keras, `mask_zero=True` makes a mask, and the LSTM obeys it. Please show "
        "me what it does with it. I give you one step of a recurrent network as a "
        "function, a batch of inputs, the mask and the states to start from. Where the "
        "mask is false, the state of that row stays what it was. Return the states "
        "after the last step. Loop over the steps, but not over the rows. Do not count "
        "on pads on the right: they may stand on the left, or in the middle. I ask "
        "because few people who switch the mask on can say what it does."
    ),
    solution=run_masked,
    specification=_run_row_by_row,
    hints=(
        "At one step, some rows are real and some are not. What should the state of "
        "each kind be afterwards?",
        "Run the step for all rows, then choose row by row between its new state and "
        "its old one. To choose is not to multiply: NaN times 0 is NaN.",
        "In the loop over t, `np.where(mask[:, t, None], new, state)`, with `new` what "
        "the step returns. The None gives each row one entry, which spreads over its "
        "units.",
    ),
    cases=(
        _masked_batch("###..", "#....", "####."),
        _masked_batch("..###", "....#", ".####"),
        _masked_batch("#.##.", ".#..#", "##.#."),
        _masked_batch("##..", "...#", "#.#.", nan=True),
        _masked_batch("#..#", "##..", "..##", hidden_size=3),
        _masked_batch("...", "#.#", "###", zero_state=True),
        _masked_batch("####", "####"),
        _masked_batch(".....", "....."),
        _masked_batch(".##..#", features=3),
        _masked_batch("#", ".", features=1, hidden_size=1, nan=True),
    ),
    random_case=_random_batch,
    mistakes=(
        Mistake(
            "the mask is ignored; where it is False, keep the row's old state.",
            lambda step, x, mask, state: _every_state(step, x, state)[-1],
        ),
        Mistake(
            "the mask is inverted: it is True on the real steps, and these must be "
            "computed.",
            _with_update(lambda real, new, old: _choose(~real, new, old)),
        ),
        Mistake(
            "a masked step sets the state to zero, so a pad wipes out all that was "
            "read; keep the old state instead.",
            _with_update(lambda real, new, old: np.where(real[:, None], new, 0.0)),
        ),
        Mistake(
            "a masked step sets the state to zero, and NaN times 0 is NaN besides; "
            "keep the old state, and choose with `np.where`.",
            _with_update(lambda real, new, old: new * real[:, None]),
        ),
        Mistake(
            "NaN comes in from the masked inputs, for NaN times 0 is NaN; choose "
            "between new and old state with `np.where` instead of multiplying.",
            _with_update(
                lambda real, new, old: new * real[:, None] + old * ~real[:, None]
            ),
        ),
        Mistake(
            "a masked step puts the row back to its first state; keep the state it had "
            "one step before.",
            lambda step, x, mask, state: _with_update(
                lambda real, new, old: _choose(real, new, state)
            )(step, x, mask, state),
        ),
        Mistake(_ZERO_INPUT, _zero_the_input),
        Mistake(_ZERO_INPUT, _multiply_the_input),
        Mistake(
            "the whole batch stops at its shortest row; the other rows have real steps "
            "left.",
            _up_to(min),
        ),
        Mistake(
            "the whole batch runs to its longest row; shorter rows must keep their "
            "state meanwhile.",
            _up_to(max),
        ),
        Mistake(
            "a step counts only if it is real in every row; choose for each row by "
            "itself.",
            _with_update(lambda real, new, old: new if real.all() else old),
        ),
        Mistake(
            "a step counts for all rows as soon as it is real in one; choose for each "
            "row by itself.",
            _with_update(lambda real, new, old: new if real.any() else old),
        ),
        Mistake(_AT_THE_LENGTH, _read_at_the_length),
        Mistake(_AT_THE_LENGTH, _read_at_the_length_or_keep),
        Mistake(
            "a row ends here at its first masked step; real steps may follow, and "
            "they count.",
            _until_the_first_pad,
        ),
        Mistake(
            "the state is read at the last real step, but masked steps before it have "
            "changed it; keep the old state on each of them.",
            _read_at_the_last_real_step,
        ),
        Mistake(
            "every row starts from zeros; start from `state`.",
            lambda step, x, mask, state: run_masked(
                step, x, mask, np.zeros_like(state)
            ),
        ),
        Mistake(
            "`mask[:, t]` has one entry per row, but lies along the units here; write "
            "`mask[:, t, None]`, so that it stands upright.",
            _with_update(np.where),
        ),
    ),
)
