"""What a notebook shows of the code itself: two columns, tables, failures, results."""

import ast
import inspect
import math
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from helpers import runtime

RESULTS_MIME = "application/vnd.rnn-course.results+json"
_RESULT_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+){2,}")

# Styles stand inline: GitHub strips style sheets, and colours must hold in a dark theme.
_TABLE = "table-layout:fixed; width:100%; border-collapse:collapse"
_CELL = "text-align:left; vertical-align:top; padding:6px; white-space:normal"
_PRE = (
    "margin:0; padding:8px; overflow-x:auto; font-size:11px; line-height:1.4; "
    "background:#F7F7F7; color:#222; border-radius:4px"
)


def show_source(pytorch: Any, keras: Any) -> None:
    """Display the real source of two objects, or lists of objects, in two columns.

    Docstrings are left out: they say the same on both sides.

    Args:
        pytorch: a class, function or method; or a list of them.
        keras: its mirror.
    """
    columns = {"PyTorch": _as_list(pytorch), "Keras": _as_list(keras)}
    html = _row("th", columns) + _row("td", map(_highlighted, columns.values()))
    plain = "\n".join(
        f"{name}: {', '.join(map(_full_name, things))}"
        for name, things in columns.items()
    )
    _display(f'<table style="{_TABLE}">{html}</table>', plain)


def source_without_docstrings(thing: Any) -> str:
    """The source of an object, comments kept, docstrings left out, not indented."""
    source = textwrap.dedent(inspect.getsource(thing))
    lines = source.splitlines()
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    dropped = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, kinds) and ast.get_docstring(node) and len(node.body) > 1:
            docstring, after = node.body[:2]
            start, end = docstring.lineno - 1, docstring.end_lineno
            before = lines[start][: docstring.col_offset].strip()
            # A docstring that shares its line with code stays.
            if not before and after.lineno > end:
                # A blank line after the docstring goes with it.
                if not lines[end].strip():
                    end += 1
                dropped.update(range(start, end))
    return "\n".join(line for i, line in enumerate(lines) if i not in dropped)


def differences(text: str) -> None:
    """Display what differs between the frameworks, and why.

    Args:
        text: a row a line, ``aspect | PyTorch | Keras | why it matters``; a line that begins
            with ``|`` goes on with the row above. `` `code` `` is set as code.

    Raises:
        ValueError: a row has not four entries.
    """
    joined = re.sub(r"\n\s*\|", "|", text.strip())
    lines = filter(str.strip, joined.splitlines())
    rows = [[entry.strip() for entry in line.split("|")] for line in lines]
    head = ("", "PyTorch", "Keras", "Why it matters")
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"text: a row must have {len(head)} entries; got {row!r}")
    table(head, rows, widths=(15, 25, 25, 35))


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int] | None = None,
) -> None:
    """Display a table; `` `code` `` in an entry is set as code, a line break as one.

    Args:
        head: the heading of each column.
        rows: as many entries each.
        widths: of the columns, in per cent; by default all are equal.
    """
    widths = widths or [100 // len(head)] * len(head)
    columns = "".join(f'<col style="width:{width}%">' for width in widths)
    html = f"<colgroup>{columns}</colgroup>{_row('th', map(_with_code, head))}"
    html += "".join(_row("td", map(_with_code, row)) for row in rows)
    plain = "\n".join(" | ".join(row).replace("\n", ", ") for row in (head, *rows))
    _display(f'<table style="{_TABLE}">{html}</table>', plain)


def show_failure(call: Callable[[], Any]) -> None:
    """Run something that fails on purpose; print the error's type and first line.

    Args:
        call: a function without arguments, such as a ``lambda``.

    Raises:
        AssertionError: it did not fail.
    """
    try:
        call()
    except Exception as error:
        first_line = (str(error).strip().splitlines() or [""])[0]
        print(f"{type(error).__name__}: {first_line}")
        return
    raise AssertionError("this call was expected to fail, and did not")


def record(results: Mapping[str, float]) -> None:
    """Display the notebook's results, and store them in the same output for machines.

    Args:
        results: ``<split>_<metric>[_<variant>]_<system>`` -> figure, such as
            ``test_accuracy_pytorch``; without a variant it is the notebook's best model.

    Raises:
        ValueError: a name is not of that form, or a figure not a number.
    """
    for name, value in results.items():
        if not _RESULT_NAME.fullmatch(name):
            raise ValueError(
                f"results: {name!r} is not of the form split_metric_[variant_]system"
            )
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise ValueError(f"results: {name!r} must be a number; got {value!r}")
    rounded = {name: round(float(value), 6) for name, value in results.items()}
    rows = "".join(
        _row("td", (f"<code>{name}</code>", f"{value:.3f}"))
        for name, value in rounded.items()
    )
    ran = f"Ran in {runtime.elapsed():.0f} s on {runtime.machine()}."
    plain = "\n".join([*(f"{k} {v:.3f}" for k, v in rounded.items()), ran])
    _display(f"<table>{rows}</table><p>{ran}</p>", plain, {RESULTS_MIME: rounded})


def _display(html: str, plain: str, more: Mapping[str, Any] | None = None) -> None:
    from IPython.display import display

    display({"text/html": html, "text/plain": plain, **(more or {})}, raw=True)


def _as_list(things: Any) -> list[Any]:
    return list(things) if isinstance(things, list | tuple) else [things]


def _highlighted(things: Sequence[Any]) -> str:
    code = "\n\n".join(source_without_docstrings(each) for each in things)
    spans = highlight(code, PythonLexer(), HtmlFormatter(nowrap=True, noclasses=True))
    return f'<pre style="{_PRE}">{spans}</pre>'


def _full_name(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def _row(tag: str, cells: Iterable[str]) -> str:
    """A row of a table, its cells already HTML."""
    row = "".join(f'<{tag} style="{_CELL}">{cell}</{tag}>' for cell in cells)
    return f"<tr>{row}</tr>"


def _with_code(text: str) -> str:
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return html.replace("\n", "<br>")
