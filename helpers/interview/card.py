"""Show a drill in a notebook: the question, three hints and the folded solution."""

import html
import re

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from helpers.interview.drill import Drill
from helpers.interview.registry import get
from helpers.interview.sources import solution_source

# Everything is styled inline: GitHub strips style sheets. The text takes its colour
# from the page, light or dark; the code brings both its colours along.
_FRAME = "border: 1px solid #8c959f; border-radius: 6px; padding: 0.5em 1em;"
_NESTED = "margin: 0.4em 0 0 1em;"
_CODE = "background: #f8f8f8; color: #1f2328; padding: 0.6em; overflow-x: auto"


def card(drill_id: str) -> None:
    """Display a drill as one output: HTML for notebooks, plain text elsewhere."""
    from IPython.display import display

    drill = get(drill_id)
    bundle = {"text/html": card_html(drill), "text/plain": card_text(drill)}
    display(bundle, raw=True)


def card_text(drill: Drill) -> str:
    """Return the heading and the prompt, without hints and solution."""
    return f"{_heading(drill)}\n{_facts(drill)}\n\n{drill.prompt}"


def card_html(drill: Drill) -> str:
    """Return the whole card as self-contained HTML."""
    return (
        f'<div style="{_FRAME}">'
        f"<p><strong>{_inline(_heading(drill))}</strong><br>{_facts(drill)}</p>"
        f"<blockquote>{_paragraphs(drill.prompt)}</blockquote>"
        f"{_hints(drill)}"
        f"{_folded('Solution', _code(solution_source(drill)))}"
        "</div>"
    )


def _heading(drill: Drill) -> str:
    return f"Drill {drill.id}: {drill.title}"


def _facts(drill: Drill) -> str:
    return f"{drill.level}, {drill.minutes} minute{'s' if drill.minutes > 1 else ''}"


def _hints(drill: Drill) -> str:
    """Fold each hint inside the one before it, so that they open one at a time."""
    nested = ""
    for number, hint in reversed(list(enumerate(drill.hints, start=1))):
        nested = _folded(f"Hint {number}", _paragraphs(hint) + nested)
    return nested


def _folded(summary: str, content: str) -> str:
    return (
        f"<details><summary>{summary}</summary>"
        f'<div style="{_NESTED}">{content}</div></details>'
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>" for part in re.split(r"\n\s*\n", text))


def _inline(text: str) -> str:
    """Escape a text, and set what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text.strip()))


def _code(source: str) -> str:
    formatter = HtmlFormatter(noclasses=True, nobackground=True, prestyles=_CODE)
    return highlight(source, PythonLexer(), formatter)
