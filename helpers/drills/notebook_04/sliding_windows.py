"""Drill 4.2: cut one history into windows and the item that follows each."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Arrays = tuple[np.ndarray, np.ndarray]


def sliding_windows(items: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return every window of a sequence of ids, and the item that follows each.

    Args:
        items: The ids in order of time, (length,); the length may even be 0.
        size: How many items a window holds, at least 1.

    Returns:
        The inputs, (windows, size), and the targets, (windows,); windows may be 0.
    """
    if len(items) <= size:
        return np.zeros((0, size), dtype=items.dtype), items[:0]
    # A view would be read-only.
    windows = np.lib.stride_tricks.sliding_window_view(items, size + 1).copy()
    return windows[:, :-1], windows[:, -1]


def _slide_item_by_item(items: np.ndarray, size: int) -> Arrays:
    inputs, targets = [], []
    for place, target in enumerate(items):
        if place >= size:
            targets.append(target)
            inputs.append([items[place - size + step] for step in range(size)])
    shape = (len(targets), size)
    return np.array(inputs, dtype=int).reshape(shape), np.array(targets, dtype=int)


def _by_loop(
    count: Callable[[int, int], int],
    target: Callable[[int, int], int],
    *,
    start: Callable[[int], int] = lambda place: place,
    width: Callable[[int], int] = lambda size: size,
) -> Callable[..., Arrays]:
    """Make the answer with another number of windows, other targets or other places."""

    def answer(items, size):
        places = [start(place) for place in range(count(len(items), size))]
        inputs = [items[place : place + width(size)] for place in places]
        targets = [items[target(place, size)] for place in places]
        return _as_arrays(inputs, targets, width(size))

    return answer


def _as_arrays(inputs: list[np.ndarray], targets: list[int], width: int) -> Arrays:
    stacked = np.array(inputs, dtype=int).reshape(len(inputs), width)
    return stacked, np.array(targets, dtype=int)


def _without_overlap(items: np.ndarray, size: int) -> Arrays:
    inputs, targets = sliding_windows(items, size)
    return inputs[::size], targets[::size]


def _then(
    change: Callable[[np.ndarray, np.ndarray], Any],
) -> Callable[..., Any]:
    """Make the answer that changes the right one afterwards."""
    return lambda items, size: change(*sliding_windows(items, size))


def _all_windows(items: np.ndarray, size: int) -> Arrays:
    return _windows_or_none(items, size), items[size:]


def _shifted_windows(items: np.ndarray, size: int) -> Arrays:
    windows = _windows_or_none(items, size)
    return windows[:-1], windows[1:]


def _windows_or_none(items: np.ndarray, size: int) -> np.ndarray:
    if len(items) < size:
        return np.zeros((0, size), dtype=int)
    return np.lib.stride_tricks.sliding_window_view(items, size)


def _flat_if_short(items: np.ndarray, size: int) -> Arrays:
    inputs, targets = sliding_windows(items, size)
    return inputs if len(inputs) else np.array([]), targets


def _none_if_short(items: np.ndarray, size: int) -> Arrays | None:
    return sliding_windows(items, size) if len(items) > size else None


def _fails_if_short(items: np.ndarray, size: int) -> Arrays:
    windows = np.lib.stride_tricks.sliding_window_view(items, size + 1)
    return windows[:, :-1], windows[:, -1]


def _fails_below_the_size(items: np.ndarray, size: int) -> Arrays:
    windows = np.lib.stride_tricks.sliding_window_view(items, size)
    return windows[:-1], items[size:]


def _padded_if_short(items: np.ndarray, size: int) -> Arrays:
    missing = max(size + 1 - len(items), 0)
    return sliding_windows(np.pad(items, (missing, 0)), size)


def _with_every_prefix(items: np.ndarray, size: int) -> Arrays:
    padded = np.pad(items, (size - 1, 0))
    return sliding_windows(padded, size)


def _history(
    length: int, size: int, seed: int | np.random.Generator = 0, highest: int = 50
) -> Arguments:
    rng = np.random.default_rng(seed)
    return rng.integers(1, highest + 1, size=length), size


def _random_history(rng: np.random.Generator) -> Arguments:
    length, size = int(rng.integers(0, 13)), int(rng.integers(1, 6))
    return _history(length, size, seed=rng, highest=int(rng.choice([3, 50])))


_TOO_SHORT = (
    "a history of no more than `size` items has no window, and that is no error; return "
    "arrays of the shapes (0, size) and (0,)."
)

DRILL = Drill(
    id="4.2",
    title="sliding windows",
    level="warm-up",
    minutes=6,
    prompt=(
        "A model is to predict the next film from the last few. Here is what one user "
        "watched, as an array of ids in order of time. Please cut it into training "
        "pairs: a window of `size` items, and the item that follows. The windows "
        "overlap: each starts one item after the one before. Do it without a Python "
        "loop. A history may be too short for a single pair; then return arrays of "
        "the shapes `(0, size)` and `(0,)`, so that the results of all users can be "
        "joined. I ask because here an index that is off by one either loses the most "
        "recent film, or shows the model its answer."
    ),
    solution=sliding_windows,
    specification=_slide_item_by_item,
    hints=(
        "Take 5 items and windows of 3. Write the pairs down by hand. How many are "
        "there, and at which index does each target stand?",
        "Window i holds the items i to i + size - 1, and its target is item i + size. "
        "So there are `len(items) - size` pairs. A window together with its target is "
        "a window of `size + 1`.",
        "`np.lib.stride_tricks.sliding_window_view(items, size + 1)` has one pair per "
        "row, the target in the last column. It fails on short histories, so see to "
        "those first.",
    ),
    cases=(
        (np.array([11, 12, 13, 14, 15, 16, 17]), 3),
        _history(length=10, size=4),
        _history(length=6, size=2, highest=3),
        _history(length=5, size=4),
        _history(length=5, size=1),
        _history(length=2, size=1),
        (np.array([8, 8, 8, 8]), 2),
        _history(length=3, size=3),
        _history(length=2, size=5),
        _history(length=1, size=1),
        _history(length=0, size=2),
        _history(length=9, size=3),
    ),
    random_case=_random_history,
    mistakes=(
        Mistake(
            "the last window is missing, and with it the most recent item; there are "
            "`len(items) - size` windows.",
            _by_loop(lambda n, size: n - size - 1, lambda i, size: i + size),
        ),
        Mistake(
            "the first window is missing; the windows start at index 0.",
            _by_loop(
                lambda n, size: n - size - 1,
                lambda i, size: i + size,
                start=lambda i: i + 1,
            ),
        ),
        Mistake(
            "there is one window too many, and no item follows it; there are "
            "`len(items) - size` pairs, not one more.",
            _by_loop(lambda n, size: n - size + 1, lambda i, size: i + size),
        ),
        Mistake(
            "the last window has no target; there is one input too many, so leave out "
            "the window that ends with the last item.",
            _all_windows,
        ),
        *(
            Mistake(
                "the target stands inside the window, so the model only has to copy "
                "it; the target is the item after the window, at index `i + size`.",
                _by_loop(count, lambda i, size: i + size - 1),
            )
            for count in (lambda n, size: n - size, lambda n, size: n - size + 1)
        ),
        Mistake(
            "the window holds its own target as the last item, so the model only has "
            "to copy it; a window has `size` items.",
            _by_loop(
                lambda n, size: n - size,
                lambda i, size: i + size,
                width=lambda size: size + 1,
            ),
        ),
        Mistake(
            "one item is skipped between window and target; the target stands at index "
            "`i + size`.",
            _by_loop(lambda n, size: n - size - 1, lambda i, size: i + size + 1),
        ),
        Mistake(
            "the target is a whole window, shifted by one; the task asks for the one "
            "item that follows.",
            _shifted_windows,
        ),
        Mistake(
            "the windows do not overlap, so most pairs are lost; each starts one item "
            "after the one before.",
            _without_overlap,
        ),
        Mistake(
            "the two results are swapped; return the inputs first, then the targets.",
            _then(lambda inputs, targets: (targets, inputs)),
        ),
        Mistake(
            "the targets have an axis too many; their shape is `(windows,)`.",
            _then(lambda inputs, targets: (inputs, targets[:, None])),
        ),
        Mistake(
            "the ids are floating-point numbers, and an embedding cannot look those "
            "up; keep the type of `items`.",
            _then(lambda inputs, targets: (inputs.astype(float), targets)),
        ),
        Mistake(
            "the ids are floating-point numbers, and an embedding cannot look those "
            "up; keep the type of `items`.",
            _then(lambda inputs, targets: (inputs * 1.0, targets * 1.0)),
        ),
        Mistake(
            "without any window, the inputs have the shape (0,); make it (0, size), "
            "so that they can be joined with those of other users.",
            _flat_if_short,
        ),
        Mistake(_TOO_SHORT, _fails_if_short),
        Mistake(_TOO_SHORT, _fails_below_the_size),
        Mistake(_TOO_SHORT, _none_if_short),
        Mistake(
            "a short history is filled up with pads here; the task asks for full "
            "windows only, so it has none.",
            _padded_if_short,
        ),
        Mistake(
            "windows with pads stand in front; the task asks for full windows only.",
            _with_every_prefix,
        ),
    ),
)
