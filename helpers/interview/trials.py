"""Try a function on a drill's cases, and compare how two functions behave."""

import copy
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpers.interview.comparing import difference, settle
from helpers.interview.drill import Arguments, Drill
from helpers.interview.running import Outcome, run


@dataclass(frozen=True)
class Trial:
    """One call: its arguments as given, what came of it, which arguments it changed."""

    case: Arguments
    outcome: Outcome
    changed: tuple[str, ...]


def attempt(
    drill: Drill, function: Callable[..., Any], case: Arguments, seconds: float
) -> Trial:
    """Call a function on copies, so that it cannot spoil the case for the next one.

    Raises:
        TimeLimitError: The call took longer than ``seconds``.
    """
    copies = copy.deepcopy(case)
    outcome = run(function, copies, seconds)
    changed = tuple(
        name
        for name, before, after in zip(drill.parameters, case, copies, strict=True)
        if _changed(before, after)
    )
    return Trial(case, outcome, changed)


def reproduces(
    drill: Drill, function: Callable[..., Any], trials: list[Trial], seconds: float
) -> bool:
    """Whether a function behaves in every trial as the one that was tried."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the learner's own are enough
        return all(
            _alike(trial, attempt(drill, function, trial.case, seconds), drill)
            for trial in trials
        )


def _changed(before: Any, after: Any) -> bool:
    try:
        return difference(settle(after), settle(before), tolerance=0.0) is not None
    except Exception:  # what stands there now cannot even be read
        return True


def _alike(trial: Trial, other: Trial, drill: Drill) -> bool:
    """Whether two calls ended alike: same exception type, or same result."""
    if type(trial.outcome.error) is not type(other.outcome.error):
        return False
    values = trial.outcome.value, other.outcome.value
    return trial.changed == other.changed and not difference(*values, drill.tolerance)
