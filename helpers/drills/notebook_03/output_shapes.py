"""Drill 3.3: say what Keras' LSTM layer returns."""

from collections.abc import Callable

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Shapes = list[tuple[int, ...]]


def output_shapes(
    batch: int,
    steps: int,
    hidden_size: int,
    return_sequences: bool,
    return_state: bool,
    bidirectional: bool = False,
) -> list[tuple[int, ...]]:
    """Return the shape of each array that Keras' LSTM layer returns, in its order.

    With bidirectional, the layer stands inside Bidirectional, which joins the outputs
    of both directions along the last axis (its default).
    """
    directions = 2 if bidirectional else 1
    width = directions * hidden_size
    output = (batch, steps, width) if return_sequences else (batch, width)
    states = 2 * directions if return_state else 0
    return [output] + states * [(batch, hidden_size)]


def _shapes_of_arrays(
    batch: int,
    steps: int,
    hidden_size: int,
    return_sequences: bool,
    return_state: bool,
    bidirectional: bool = False,
) -> Shapes:
    outputs, states = [], []
    for _direction in ["forward", "backward"] if bidirectional else ["forward"]:
        every_h = [np.zeros((batch, hidden_size)) for _ in range(steps)]
        last_c = np.zeros((batch, hidden_size))
        outputs.append(np.stack(every_h, axis=1) if return_sequences else every_h[-1])
        if return_state:
            states += [every_h[-1], last_c]
    return [array.shape for array in (np.concatenate(outputs, axis=-1), *states)]


def _changed(change: Callable[..., Shapes]) -> Callable[..., Shapes]:
    """Make the answer from the right output and states, and from the arguments."""

    def answer(
        batch, steps, hidden_size, return_sequences, return_state, bidirectional
    ):
        arguments = batch, steps, hidden_size, return_sequences, return_state
        output, *states = output_shapes(*arguments, bidirectional)
        return change(output, states, *arguments, bidirectional)

    return answer


def _each(change: Callable[[tuple[int, ...]], tuple]) -> Callable[..., Shapes]:
    """Make the answer that changes every shape in the same way."""
    return lambda *arguments: [change(shape) for shape in output_shapes(*arguments)]


def _split_directions(output, states, n, t, h, sequences, state, both):
    return [(*output[:-1], h)] * (2 if both else 1) + states


def _every_combination() -> tuple[Arguments, ...]:
    sizes = [
        (3, 5, 4),
        (2, 6, 3),
        (4, 3, 8),
        (5, 2, 7),
        (8, 10, 2),
        (6, 4, 5),
        (7, 9, 6),
        (32, 200, 64),
    ]
    flags = [
        (sequences, state, both)
        for both in (False, True)
        for state in (False, True)
        for sequences in (False, True)
    ]
    return tuple((*sizes[k], *flags[k]) for k in (0, 3, 7, 1, 6, 4, 2, 5))


def _random_layer(rng: np.random.Generator) -> Arguments:
    sizes = rng.integers(1, 10, size=3).tolist()
    return (*sizes, *(rng.random(3) < 0.5).tolist())


DRILL = Drill(
    id="3.3",
    title="what the layer returns",
    level="core",
    minutes=6,
    prompt=(
        "`return_sequences`, `return_state`, `Bidirectional`: in Keras, three switches "
        "decide what an LSTM layer gives you. Please write the function that predicts "
        "it: a list with the shape of each returned array, in Keras' order, even if "
        "there is only one. The output comes first. The states follow: `h` and `c`; "
        "with `Bidirectional`, first those of the forward layer, then those of the "
        "backward one. I ask because most errors with stacked LSTMs and decoders are "
        "these shapes, and I would like you to know them without trying."
    ),
    solution=output_shapes,
    specification=_shapes_of_arrays,
    hints=(
        "Take the switches one at a time. Which of them changes the output, which the "
        "number of arrays, and which both?",
        "A state is what is left after the last step, so it never has an axis of "
        "steps. `Bidirectional` joins the two outputs, and leaves the states of the "
        "two layers apart.",
        "The output is `(batch, steps, width)` or `(batch, width)`, with `width` "
        "doubled for `Bidirectional`. Behind it come 2 or 4 times "
        "`(batch, hidden_size)`, if at all.",
    ),
    cases=(
        *_every_combination(),
        (1, 1, 1, True, True, True),
        (1, 7, 2, False, True, True),
    ),
    random_case=_random_layer,
    mistakes=(
        Mistake(
            "the batch is left out; it is the first axis of every shape.",
            _each(lambda shape: shape[1:]),
        ),
        Mistake(
            "the batch stands as None, as in a summary; here you know it, so put the "
            "number.",
            _each(lambda shape: (None, *shape[1:])),
        ),
        Mistake(
            "a single array has its shape in a list as well; return `[shape]`.",
            _changed(
                lambda output, states, *_: [output, *states] if states else output
            ),
        ),
        Mistake(
            "with `return_sequences`, the states get an axis of steps; a state is that "
            "after the last step alone, `(batch, hidden_size)`.",
            _changed(
                lambda output, states, n, t, h, sequences, *_: [
                    output,
                    *((n, t, h) if sequences else (n, h) for _ in states),
                ]
            ),
        ),
        Mistake(
            "the states have an axis of steps; a state is that after the last step "
            "alone, `(batch, hidden_size)`.",
            _changed(
                lambda output, states, n, t, h, *_: [
                    output,
                    *((n, t, h),) * len(states),
                ]
            ),
        ),
        Mistake(
            "with `Bidirectional`, two states of twice the width come back; the states "
            "are not joined: there are four of `(batch, hidden_size)`.",
            _changed(
                lambda output, states, n, t, h, sequences, state, both: [
                    output,
                    *([(n, 2 * h)] * 2 if state and both else states),
                ]
            ),
        ),
        Mistake(
            "with `Bidirectional`, the states are twice as wide; only the output is "
            "joined, and each state stays `(batch, hidden_size)`.",
            _changed(
                lambda output, states, n, t, h, sequences, state, both: [
                    output,
                    *((n, 2 * h if both else h) for _ in states),
                ]
            ),
        ),
        Mistake(
            "with `Bidirectional`, `h` and `c` come back once only; each direction has "
            "its own, which makes four states.",
            _changed(lambda output, states, *_: [output, *states[:2]]),
        ),
        Mistake(
            "`return_sequences` is ignored; with it, the output has a state for every "
            "step, `(batch, steps, width)`.",
            _changed(
                lambda output, states, *_: [(output[0], output[-1]), *states],
            ),
        ),
        Mistake(
            "the output always has an axis of steps; without `return_sequences`, only "
            "the last step comes back.",
            _changed(
                lambda output, states, n, t, *_: [(n, t, output[-1]), *states],
            ),
        ),
        Mistake(
            "`return_sequences` is read the wrong way round; with it, every step comes "
            "back, without it only the last.",
            lambda batch, steps, hidden_size, sequences, state, both: output_shapes(
                batch, steps, hidden_size, not sequences, state, both
            ),
        ),
        Mistake(
            "with `Bidirectional`, the output keeps the width of one direction; both "
            "are joined, which makes `2 * hidden_size`.",
            _changed(
                lambda output, states, n, t, h, *_: [(*output[:-1], h), *states],
            ),
        ),
        Mistake(
            "with `Bidirectional`, the two outputs stand apart; by default they are "
            "joined into one of `2 * hidden_size`.",
            _changed(_split_directions),
        ),
        Mistake(
            "there is one state per direction; an LSTM has two, `h` and `c`.",
            _changed(
                lambda output, states, *_: [output, *states[: len(states) // 2]],
            ),
        ),
        Mistake(
            "`return_state` is ignored; with it, `h` and `c` follow the output.",
            _changed(lambda output, states, *_: [output]),
        ),
        Mistake(
            "with `return_state`, the output is missing; the states do not replace it, "
            "they follow it.",
            _changed(lambda output, states, *_: states or [output]),
        ),
        Mistake(
            "`bidirectional` is ignored; it doubles the width of the output and the "
            "number of states.",
            lambda batch, steps, hidden_size, sequences, state, both: output_shapes(
                batch, steps, hidden_size, sequences, state
            ),
        ),
        Mistake(
            "the steps stand first; in Keras the batch does.",
            _each(
                lambda shape: (
                    (shape[1], shape[0], shape[2]) if len(shape) == 3 else shape
                )
            ),
        ),
    ),
)
