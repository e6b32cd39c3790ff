"""Run a function under a time limit, on every platform and inside a kernel.

The function runs in a thread of its own; when its time is up, an exception is
raised inside that thread. Signals would be simpler, but Windows lacks the right one.
"""

import contextvars
import ctypes
import inspect
import linecache
import re
import textwrap
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from helpers.interview.comparing import settle

_STOP_ATTEMPTS = 100  # two seconds in all: a busy machine may let the thread wait
_STOP_PAUSE = 0.02  # seconds
_LONGEST_MESSAGE = 160
_LONGEST_LINE = 80


class TimeLimitError(Exception):
    """The function did not finish in time.

    Attributes:
        stopped: False when the function could not be stopped and still runs.
    """

    def __init__(self, stopped: bool) -> None:
        """Note whether the function was stopped."""
        super().__init__("the time limit is over")
        self.stopped = stopped


class _Stop(BaseException):
    """Raised inside the thread; a BaseException, so `except Exception` misses it."""


@dataclass(frozen=True)
class Outcome:
    """What a call led to: a settled value, or the exception that ended it."""

    value: Any = None
    error: BaseException | None = None


class _Call(threading.Thread):
    """One call, in a daemon thread: it never keeps the kernel alive."""

    def __init__(self, function: Callable[..., Any], arguments: tuple) -> None:
        super().__init__(daemon=True)
        self._function, self._arguments = function, arguments
        # In a notebook the context tells which cell the printed text belongs to.
        self._context = contextvars.copy_context()
        self.outcome = Outcome()

    def run(self) -> None:
        with suppress(_Stop):  # a second one may arrive while the first is handled
            try:
                # Settled here: a result's own methods are the learner's code too.
                value = settle(self._context.run(self._function, *self._arguments))
                self.outcome = Outcome(value)
            except BaseException as error:
                self.outcome = Outcome(error=error)

    def stop(self) -> bool:
        """Stop the thread; return whether it has ended."""
        for _ in range(_STOP_ATTEMPTS):  # a bare `except:` may swallow some
            if not self.is_alive():
                break
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self.ident), ctypes.py_object(_Stop)
            )
            self.join(_STOP_PAUSE)
        return not self.is_alive()


def run(function: Callable[..., Any], arguments: tuple, seconds: float) -> Outcome:
    """Call ``function(*arguments)`` and return what came of it, whatever it was.

    Raises:
        TimeLimitError: The call took longer than ``seconds``.
    """
    call = _Call(function, arguments)
    call.start()
    try:
        call.join(min(max(seconds, 0.0), threading.TIMEOUT_MAX))
    except BaseException:  # the learner interrupts the kernel: leave nothing running
        call.stop()
        raise
    if call.is_alive():
        raise TimeLimitError(stopped=call.stop())
    return call.outcome


def describe_error(error: BaseException, function: Callable[..., Any]) -> str:
    """Return the exception's type and message, and the line of ``function`` it left."""
    with suppress(Exception):  # str() of an exception may itself fail
        message = re.sub(r" at 0x[0-9a-fA-F]+", "", str(error))
        message = textwrap.shorten(message, _LONGEST_MESSAGE, placeholder=" …")
        text = f"{type(error).__name__}: {message}".removesuffix(": ")
        return text + _line_of(error, function)
    return type(error).__name__


def _line_of(error: BaseException, function: Callable[..., Any]) -> str:
    """Return where the error left the file of ``function``, as " (line 3: code)"."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    places = [
        (frame.f_code.co_filename, number)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if code and frame.f_code.co_filename == code.co_filename
    ]
    if not places:
        return ""
    text = linecache.getline(*places[-1])
    text = textwrap.shorten(text, _LONGEST_LINE, placeholder=" …")
    return f" (line {places[-1][1]}: {text})" if text else f" (line {places[-1][1]})"
