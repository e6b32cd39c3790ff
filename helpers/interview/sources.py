"""The text of a solution, and the stub the learner starts from."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from helpers.interview.drill import Drill
from helpers.interview.registry import get

_TO_DO = '    raise NotImplementedError("your turn")'


def solution_source(drill: Drill) -> str:
    """Return the solution's source without decorators or a final line break."""
    lines, node = _lines_and_node(drill.solution)
    return "\n".join(lines[node.lineno - 1 : node.end_lineno])


def stub(drill_id: str) -> str:
    """Return the learner's starting point: signature, docstring and a to-do line.

    In a drill in debugging, the code to be repaired stands in place of the to-do line.
    The text is a whole notebook cell, so it ends without a line break. The lines
    are the drill's own, hence already formatted.
    """
    drill = get(drill_id)
    lines, node = _lines_and_node(drill.solution)
    # Drill insists on a docstring, so the first statement of the body is one.
    docstring = node.body[0]
    body = [_TO_DO] if drill.buggy is None else _body(drill.buggy)
    return "\n".join([*lines[node.lineno - 1 : docstring.end_lineno], *body])


def _body(function: Callable[..., Any]) -> list[str]:
    """Return the lines below a function's signature and docstring."""
    lines, node = _lines_and_node(function)
    first = node.body[0]
    begin = first.lineno - 1 if ast.get_docstring(node) is None else first.end_lineno
    return lines[begin : node.end_lineno]


def _lines_and_node(function: Callable[..., Any]) -> tuple[list[str], ast.FunctionDef]:
    source = textwrap.dedent(inspect.getsource(function))
    return source.splitlines(), ast.parse(source).body[0]
