"""What a drill consists of."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

LEVELS = ("warm-up", "core", "stretch")

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Mistake:
    """A plausible wrong answer, and the one sentence that puts it right.

    Attributes:
        sentence: Names the mistake and says what to do instead.
        function: The wrong answer itself; it takes the solution's arguments.
    """

    sentence: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Drill:
    """One coding task, as an interviewer would set it.

    Attributes:
        id: "1.2" is the second drill of notebook 1.
        title: A few words.
        level: One of ``LEVELS``.
        minutes: The time an interviewer would allow.
        prompt: The task, as it is said aloud.
        solution: The reference answer, vectorised and documented.
        specification: The slow, obvious answer every check compares against.
        hints: A nudge, the idea, almost the code.
        cases: Fixed argument tuples, edge cases among them.
        random_case: Makes one argument tuple from a generator.
        mistakes: Wrong answers a check recognises; earlier ones take precedence.
        tolerance: The difference allowed, both absolute and relative.
        buggy: The code to be repaired, for a drill in debugging. Its body stands in
            the stub in place of a to-do line.
    """

    id: str
    title: str
    level: str
    minutes: int
    prompt: str
    solution: Callable[..., Any]
    specification: Callable[..., Any]
    hints: tuple[str, str, str]
    cases: tuple[Arguments, ...]
    random_case: Callable[[np.random.Generator], Arguments]
    mistakes: tuple[Mistake, ...]
    tolerance: float = 1e-6
    buggy: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        """Refuse an incomplete drill where it is written, not where it is used."""
        for field, rule, holds in _RULES:
            if not holds(self):
                raise ValueError(f"drill {self.id!r}: {field} must be {rule}")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the arguments, in order."""
        return _parameters(self.solution)


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_id(value: object) -> bool:
    form = r"[1-9][0-9]*\.[1-9][0-9]*"
    return isinstance(value, str) and re.fullmatch(form, value) is not None


def _is_tuple_of(value: object, kind: type, least: int) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) >= least
        and all(isinstance(item, kind) for item in value)
    )


def _is_documented_function(value: object) -> bool:
    return inspect.isfunction(value) and _is_text(value.__doc__)


def _can_be_stub(drill: Drill) -> bool:
    """Whether the faulty code, if any, may stand under the solution's first lines."""
    function = drill.buggy
    return function is None or (
        inspect.isfunction(function)
        and function.__name__ != "<lambda>"
        and _parameters(function) == drill.parameters
    )


def _has_cases(drill: Drill) -> bool:
    count = len(drill.parameters)
    return _is_tuple_of(drill.cases, tuple, 1) and all(
        len(case) == count for case in drill.cases
    )


# Tested in this order, so a later rule may rely on an earlier one.
_RULES: tuple[tuple[str, str, Callable[[Drill], bool]], ...] = (
    ("id", 'a string such as "1.2"', lambda d: _is_id(d.id)),
    ("title", "text", lambda d: _is_text(d.title)),
    ("level", f"one of {', '.join(LEVELS)}", lambda d: d.level in LEVELS),
    (
        "minutes",
        "a positive whole number",
        lambda d: isinstance(d.minutes, int) and d.minutes > 0,
    ),
    ("prompt", "text", lambda d: _is_text(d.prompt)),
    (
        "solution",
        "a function with a docstring",
        lambda d: _is_documented_function(d.solution),
    ),
    (
        "specification",
        "a function of the solution's parameters",
        lambda d: (
            callable(d.specification) and _parameters(d.specification) == d.parameters
        ),
    ),
    (
        "hints",
        "a tuple of exactly three texts",
        lambda d: (
            _is_tuple_of(d.hints, str, 3)
            and len(d.hints) == 3
            and all(map(_is_text, d.hints))
        ),
    ),
    ("cases", "a tuple of argument tuples, at least one", _has_cases),
    (
        "random_case",
        "a function of a random generator",
        lambda d: callable(d.random_case),
    ),
    (
        "mistakes",
        "a tuple of at least four Mistakes",
        lambda d: _is_tuple_of(d.mistakes, Mistake, 4),
    ),
    ("tolerance", "a number that is not negative", lambda d: d.tolerance >= 0),
    ("buggy", "None or a function of the solution's parameters", _can_be_stub),
)
