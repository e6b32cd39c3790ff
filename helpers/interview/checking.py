"""Check a learner's function against a drill, and answer in one message."""

import copy
import inspect
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np

from helpers.interview.comparing import difference, settle, show
from helpers.interview.drill import Arguments, Drill
from helpers.interview.registry import get
from helpers.interview.running import Outcome, TimeLimitError, describe_error
from helpers.interview.trials import Trial, attempt, reproduces

_FURTHER_CASES = 5  # tried after a failure, to be sure which mistake it is


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
    # Code to be repaired may warn, of overflow for instance; the answer says it all.
    silence = warnings.catch_warnings(action="ignore") if drill.buggy else nullcontext()
    try:
        with silence:
            complaint = _misuse(drill, function) or _fault(
                drill, function, cases, seconds
            )
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
    trials: list[Trial] = []
    for case in cases:
        trials.append(attempt(drill, function, case, deadline - time.monotonic()))
        if len(trials) == 1 and (excuse := _not_attempted(trials[0].outcome)):
            return f"not attempted: {excuse}"
        complaint = _complaint(drill, function, trials[-1])
        if complaint:
            break
    else:
        return None
    try:
        trials += [
            attempt(drill, function, case, deadline - time.monotonic())
            for case in cases[len(trials) :][:_FURTHER_CASES]
        ]
    except TimeLimitError as error:
        return f"{_too_slow(error, seconds)} Before that, {complaint}."
    if drill.buggy and reproduces(drill, drill.buggy, trials, seconds):
        return (
            "not attempted: this is still the code as given, or behaves just like it; "
            "find its mistakes."
        )
    sentence = _known_mistake(drill, trials, seconds)
    return f"not yet: {sentence or complaint + '.'}"


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


def _complaint(drill: Drill, function: Callable[..., Any], trial: Trial) -> str | None:
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


def _known_mistake(drill: Drill, trials: list[Trial], seconds: float) -> str | None:
    """Name the mistake that reproduces every trial, if there is one."""
    for mistake in drill.mistakes:
        if reproduces(drill, mistake.function, trials, seconds):
            return mistake.sentence
    return None


def _too_slow(error: TimeLimitError, seconds: float) -> str:
    end = "" if error.stopped else " It still runs: restart the kernel to end it."
    return f"not finished within {seconds:g} seconds: is there an endless loop?{end}"
