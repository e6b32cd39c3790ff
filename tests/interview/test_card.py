"""A card shows the question and folds the answers."""

import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpers import interview
from helpers.interview.card import card_html

DRILLS = list(interview.drills())
ROOT = Path(__file__).parents[2]


class _Outline(HTMLParser):
    """Note each summary with its depth, and check that every tag is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.summaries, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1] == "summary":
            self.summaries.append((data, self.open.count("details")))


def _outline(page):
    outline = _Outline()
    outline.feed(page)
    assert outline.open == []
    return outline


@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.id)
def test_hints_open_one_at_a_time_and_the_solution_is_folded(drill):
    page = card_html(drill)
    expected = [("Hint 1", 1), ("Hint 2", 2), ("Hint 3", 3), ("Solution", 1)]
    outline = _outline(page)
    assert outline.summaries == expected
    assert f"def {drill.solution.__name__}(" in outline.text
    for part in ("<style", "<script", "http"):
        assert part not in page


def test_text_is_escaped_and_backticks_become_code():
    prompt = "Is `a < b` & so on?\n\n<b>Go</b>"
    page = card_html(replace(DRILLS[0], prompt=prompt))
    assert "<p>Is <code>a &lt; b</code> &amp; so on?</p>" in page
    assert "<p>&lt;b&gt;Go&lt;/b&gt;</p>" in page


def test_card_displays_one_output_and_returns_none(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: shown.append((a, k)))
    drill = interview.get("1.1")
    assert interview.card("1.1") is None
    [((bundle,), options)] = shown
    assert options == {"raw": True}
    assert bundle["text/html"] == card_html(drill)
    for part in (drill.id, drill.title, drill.level, str(drill.minutes), drill.prompt):
        assert part in bundle["text/plain"]
    for part in (*drill.hints, "np.arange"):
        assert part not in bundle["text/plain"]


def test_module_lists_every_drill():
    command = [sys.executable, "-m", "helpers.interview"]
    result = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = result.stdout.splitlines()
    assert len(lines) == len(DRILLS)
    for line, drill in zip(lines, DRILLS, strict=True):
        assert line.split() == [
            drill.id,
            drill.level,
            str(drill.minutes),
            "min",
            *drill.title.split(),
        ]
