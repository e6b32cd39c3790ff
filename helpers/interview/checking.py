"""Check a learner's function against a drill, and answer in one message."""

import copy
import inspect
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.interview.comparing import difference, settle, show
from helpers.interview.drill import Arguments, Drill
from helpers.interview.registry import get
from helpers.interview.running import Outcome, TimeLimitError, describe_error, run

_FURTHER_CASES = 5  # tried after a failure, to be sure which mistake it is


@dataclass(frozen=True)
class _Trial:
    """One call: its arguments as given, what came of it, which arguments it changed."""

    case: Arguments
    outcome: Outcome
    changed: tuple[str, ...]


def check(
    drill_id: str,
    function: Callable[..., Any],
    *,
    random_cases: int = 25,
    seconds: float = 5.0,
) -> bool:
    """Test a function against a drill, print one answer, return whether it passed.

    Args:
        drill_id: Such as "1.1".
        function: The learner's function; whatever it does, the notebook goes on.
        random_cases: How many cases to add to the fixed ones; the same every run.
        seconds: The time limit for all cases together.

    Raises:
        ValueError: No drill has this id.
    """
    drill = get(drill_id)
    cases = (*drill.cases, *_random_cases(drill, random_cases))
    try:
        complaint = _misuse(drill, function) or _fault(drill, function, cases, seconds)
    except TimeLimitError as error:
        complaint = _too_slow(error, seconds)
    counts = f"{len(drill.cases)} fixed and {random_cases} random cases"
    print(f"{drill.id} {complaint or f'passed: {counts}.'}")
    return complaint is None


def _random_cases(drill: Drill, count: int) -> list[Arguments]:
    rng = np.random.default_rng(list(drill.id.encode()))
    return [drill.random_case(rng) for _ in range(count)]


def _misuse(drill: Drill, function: Any) -> str | None:
    """Say why this is not a function the drill can call at all."""
    if not callable(function):
        name = drill.solution.__name__
        return (
            f"needs the function itself, but got {type(function).__name__}: "
            f'write interview.check("{drill.id}", {name}), without calling {name}.'
        )
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some compiled functions have none: just try
        return None
    try:
        signature.bind(*drill.parameters)
    except TypeError:
        accepted = ", ".join(signature.parameters)
        wanted = ", ".join(drill.parameters)
        return f"needs a function of ({wanted}); yours is a function of ({accepted})."
    return None


def _fault(
    drill: Drill,
    function: Callable[..., Any],
    cases: tuple[Arguments, ...],
    seconds: float,
) -> str | None:
    """Run the cases up to the first fault and describe it; None if there is none."""
    deadline = time.monotonic() + seconds
    trials: list[_Trial] = []
    for case in cases:
        trials.append(_try(drill, function, case, deadline - time.monotonic()))
        if len(trials) == 1 and (excuse := _not_attempted(trials[0].outcome)):
            return f"not attempted: {excuse}"
        complaint = _complaint(drill, function, trials[-1])
        if complaint:
            break
    else:
        return None
    try:
        trials += [
            _try(drill, function, case, deadline - time.monotonic())
            for case in cases[len(trials) :][:_FURTHER_CASES]
        ]
    except TimeLimitError as error:
        return f"{_too_slow(error, seconds)} Before that, {complaint}."
    sentence = _known_mistake(drill, trials, seconds)
    return f"not yet: {sentence or complaint + '.'}"


def _try(
    drill: Drill, function: Callable[..., Any], case: Arguments, seconds: float
) -> _Trial:
    """Call a function on copies, so that it cannot spoil the case for the next one."""
    copies = copy.deepcopy(case)
    outcome = run(function, copies, seconds)
    changed = tuple(
        name
        for name, before, after in zip(drill.parameters, case, copies, strict=True)
        if _changed(before, after)
    )
    return _Trial(case, outcome, changed)


def _changed(before: Any, after: Any) -> bool:
    try:
        return difference(settle(after), settle(before), tolerance=0.0) is not None
    except Exception:  # what stands there now cannot even be read
        return True


def _not_attempted(outcome: Outcome) -> str | None:
    """Recognise an untouched stub. Frameworks raise NotImplementedError as well."""
    error = outcome.error
    if isinstance(error, NotImplementedError) and str(error) in ("", "your turn"):
        return "the function raises NotImplementedError; put your answer there."
    if error is None and outcome.value is None:
        return "the function returns None; if the code is there, a return is missing."
    if outcome.value is ...:
        return "the function returns Ellipsis, the three dots."
    return None


def _complaint(drill: Drill, function: Callable[..., Any], trial: _Trial) -> str | None:
    """Say what is wrong with one call, on which input; None if nothing is."""
    given = f"with {_describe_case(drill, trial.case)}"
    if trial.outcome.error is not None:
        return f"{given}, it stops with {describe_error(trial.outcome.error, function)}"
    if trial.changed:
        names = " and ".join(trial.changed)
        return f"{given}, it changes its input {names}; work on a copy"
    expected = settle(drill.specification(*copy.deepcopy(trial.case)))
    found = difference(trial.outcome.value, expected, drill.tolerance)
    return f"{given}, {found}" if found else None


def _describe_case(drill: Drill, case: Arguments) -> str:
    return " and ".join(map(_describe_argument, drill.parameters, case))


def _describe_argument(name: str, value: Any) -> str:
    """Show numbers and short rows themselves, larger arrays by their shape."""
    if not isinstance(value, np.ndarray | int | float | list | tuple | str):
        return f"{name} ({type(value).__name__})"
    if isinstance(value, np.ndarray) and (value.ndim > 1 or value.size > 8):
        return f"{name} of shape {value.shape}"
    text = show(value) if isinstance(value, np.ndarray) else repr(value)
    return f"{name} {text if len(text) <= 60 else text[:57] + '...'}"


def _known_mistake(drill: Drill, trials: list[_Trial], seconds: float) -> str | None:
    """Name the mistake that reproduces every trial, if there is one."""
    for mistake in drill.mistakes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the learner's own are enough
            if all(
                _alike(trial, _try(drill, mistake.function, trial.case, seconds), drill)
                for trial in trials
            ):
                return mistake.sentence
    return None


def _alike(trial: _Trial, other: _Trial, drill: Drill) -> bool:
    """Whether two calls ended alike: same exception type, or same result."""
    if type(trial.outcome.error) is not type(other.outcome.error):
        return False
    values = trial.outcome.value, other.outcome.value
    return trial.changed == other.changed and not difference(*values, drill.tolerance)


def _too_slow(error: TimeLimitError, seconds: float) -> str:
    end = "" if error.stopped else " It still runs: restart the kernel to end it."
    return f"not finished within {seconds:g} seconds: is there an endless loop?{end}"
