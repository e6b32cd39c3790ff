"""What a notebook shows of the code itself: two columns, tables, failures, results."""

import ast
import inspect
import math
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
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
    heads = "".join(f'<th style="{_CELL}">{name}</th>' for name in columns)
    cells = "".join(
        f'<td style="{_CELL}">{_highlighted(objects)}</td>'
        for objects in columns.values()
    )
    html = f'<table style="{_TABLE}"><tr>{heads}</tr><tr>{cells}</tr></table>'
    plain = "\n".join(
        f"{name}: {', '.join(_full_name(each) for each in objects)}"
        for name, objects in columns.items()
    )
    _display(html, plain)


def source_without_docstrings(thing: Any) -> str:
    """The source of an object, comments kept, docstrings left out, not indented."""
    source = textwrap.dedent(inspect.getsource(thing))
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first, *rest = node.body
            # A docstring that shares its line with code stays.
            alone = not source.splitlines()[first.lineno - 1][
                : first.col_offset
            ].strip()
            alone = alone and rest and rest[0].lineno > first.end_lineno
            if ast.get_docstring(node) is not None and alone:
                # A blank line after the docstring goes with it.
                end = first.end_lineno
                end += end < len(lines) and not (lines[end] or "").strip()
                lines[first.lineno - 1 : end] = [None] * (end - first.lineno + 1)
    return "\n".join(line for line in lines if line is not None)


def differences(text: str) -> None:
    """Display what differs between the frameworks, and why.

    Args:
        text: a row a line, ``aspect | PyTorch | Keras | why it matters``; a line that begins
            with ``|`` goes on with the row above. `` `code` `` is set as code.

    Raises:
        ValueError: a row has not four entries.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    rows: list[str] = []
    for line in lines:
        if line.startswith("|") and rows:
            rows[-1] += line
        else:
            rows.append(line)
    entries = [[entry.strip() for entry in row.split("|")] for row in rows]
    head = ("", "PyTorch", "Keras", "Why it matters")
    for row in entries:
        if len(row) != len(head):
            raise ValueError(f"text: a row must have {len(head)} entries; got {row!r}")
    table(head, entries, widths=(15, 25, 25, 35))


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

    def line(entries: Sequence[str], tag: str) -> str:
        cells = (f'<{tag} style="{_CELL}">{_with_code(e)}</{tag}>' for e in entries)
        return f"<tr>{''.join(cells)}</tr>"

    columns = "".join(f'<col style="width:{width}%">' for width in widths)
    lines = "".join([line(head, "th"), *(line(row, "td") for row in rows)])
    html = f"<colgroup>{columns}</colgroup>{lines}"
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
        f'<tr><td style="{_CELL}"><code>{name}</code></td>'
        f'<td style="{_CELL}">{value:.3f}</td></tr>'
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


def _with_code(text: str) -> str:
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return html.replace("\n", "<br>")
