"""The text of a solution, and the stub the learner starts from."""

import ast
import inspect
import textwrap

from helpers.interview.drill import Drill
from helpers.interview.registry import get

_TO_DO = '    raise NotImplementedError("your turn")'


def solution_source(drill: Drill) -> str:
    """Return the solution's source without decorators or a final line break."""
    lines, node = _lines_and_node(drill)
    return "\n".join(lines[node.lineno - 1 : node.end_lineno])


def stub(drill_id: str) -> str:
    """Return the learner's starting point: signature, docstring and a to-do line.

    The text is a whole notebook cell, so it ends without a line break. The lines
    are the solution's own, hence already formatted.
    """
    lines, node = _lines_and_node(get(drill_id))
    # Drill insists on a docstring, so the first statement of the body is one.
    docstring = node.body[0]
    return "\n".join([*lines[node.lineno - 1 : docstring.end_lineno], _TO_DO])


def _lines_and_node(drill: Drill) -> tuple[list[str], ast.FunctionDef]:
    source = textwrap.dedent(inspect.getsource(drill.solution))
    return source.splitlines(), ast.parse(source).body[0]
