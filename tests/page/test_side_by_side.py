"""What a notebook shows of the code is the real code; what it records is checked."""

import ast
import functools
import html
import json
import re
import textwrap

import pytest

from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.page import side_by_side
from helpers.page.side_by_side import source_without_docstrings as shown_source
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier


@pytest.fixture
def shown(monkeypatch):
    """The mime bundles that were displayed."""
    bundles = []

    def display(bundle, raw=False):
        assert raw is True
        bundles.append(bundle)

    monkeypatch.setattr("IPython.display.display", display)
    return bundles


def _text(page):
    """The text of a page, tags dropped, entities resolved."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def _cells(page, tag):
    return re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", page, flags=re.DOTALL)


class Counter:
    """A class with every kind of docstring."""

    # This comment stays.
    start = 3  # and this one

    def double(self):
        """Twice the start.

        Several lines.
        """
        return 2 * self.start

    def triple(self):
        """Three times the start."""

        def times(factor):
            """The nested docstring goes, too."""
            text = """This text is
            no docstring."""
            return factor * self.start * len(text.splitlines()) // 2

        return times(3)

    @staticmethod
    def less(one, other):
        return one < other and "<b>" != "&amp;"


def only_a_docstring():
    """This is the whole body."""


def with_defaults(
    factor=2,
):
    """The head has several lines."""
    return factor


# fmt: off
def one_line(): return "no docstring"
def docstring_on_the_line_of_the_head(): "Short."; return 4  # noqa: E702
def docstring_before_a_semicolon():
    """Short."""; return 5  # noqa: E702
# fmt: on


async def asynchronous():
    """Not needed."""
    return 6


def _executed(thing):
    namespace = {}
    exec(shown_source(thing), namespace)
    return namespace[thing.__name__]


def _docstrings(thing):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    tree = ast.parse(shown_source(thing))
    return [ast.get_docstring(n) for n in ast.walk(tree) if isinstance(n, kinds)]


def test_a_class_without_docstrings_does_the_same():
    rebuilt, original = _executed(Counter)(), Counter()
    assert rebuilt.double() == original.double() == 6
    assert rebuilt.triple() == original.triple() == 9
    assert rebuilt.less(1, 2) is original.less(1, 2) is True
    assert _docstrings(Counter) == [None] * 5
    source = shown_source(Counter)
    for kept in ("# This comment stays.", "start = 3  # and this one", "no docstring."):
        assert kept in source
    assert "class Counter:\n    # This comment stays." in source


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (with_defaults, 2),
        (only_a_docstring, None),
        (one_line, "no docstring"),
        (docstring_on_the_line_of_the_head, 4),
        (docstring_before_a_semicolon, 5),
    ],
)
def test_a_function_shown_does_the_same(function, value):
    assert _executed(function)() == function() == value


@pytest.mark.parametrize("thing", [with_defaults, asynchronous, Counter.triple])
def test_functions_lose_their_docstrings(thing):
    assert set(_docstrings(thing)) == {None}
    assert thing.__doc__ is not None


def test_methods_are_not_indented_whether_bound_or_not():
    expected = "def double(self):\n    return 2 * self.start"
    assert shown_source(Counter.double) == expected
    assert shown_source(Counter().double) == expected


def test_a_decorated_function_keeps_its_decorator():
    @functools.cache
    def cached():
        """Gone."""
        return 1

    expected = "@functools.cache\ndef cached():\n    return 1"
    assert shown_source(cached) == expected


@pytest.mark.parametrize("thing", [TorchClassifier, KerasClassifier])
def test_the_course_s_models_lose_docstrings_and_nothing_else(thing):
    def code(source):
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(
                node
            ):
                del node.body[0]
        return ast.dump(tree)

    from inspect import getsource

    full = textwrap.dedent(getsource(thing))
    assert code(shown_source(thing)) == code(full)
    assert set(_docstrings(thing)) == {None}
    comments = re.findall(r"^\s*(# .*)$", full, flags=re.MULTILINE)
    assert [each for each in comments if each not in shown_source(thing)] == []


def test_both_sources_stand_side_by_side_escaped(shown):
    side_by_side.show_source(TorchClassifier.forward, Counter.less)
    [bundle] = shown
    page = bundle["text/html"]
    assert _cells(page, "th") == ["PyTorch", "Keras"]
    assert [_text(cell).strip() for cell in _cells(page, "td")] == [
        shown_source(TorchClassifier.forward),
        shown_source(Counter.less),
    ]
    assert "&lt;b&gt;" in page
    assert "&amp;amp;" in page
    assert not re.search(r"<(style|script|b)\b", page)
    assert bundle["text/plain"] == (
        f"PyTorch: {TorchClassifier.__module__}.SequenceClassifier.forward\n"
        f"Keras: {__name__}.Counter.less"
    )


@pytest.mark.parametrize("kind", [list, tuple])
def test_several_objects_share_a_column(shown, kind):
    side_by_side.show_source(kind([with_defaults, Counter().double]), one_line)
    [bundle] = shown
    left, right = (_text(cell).strip() for cell in _cells(bundle["text/html"], "td"))
    assert left == f"{shown_source(with_defaults)}\n\n{shown_source(Counter.double)}"
    assert right == shown_source(one_line)
    assert (
        f"{__name__}.with_defaults, {__name__}.Counter.double" in bundle["text/plain"]
    )


def test_differences_are_a_table_with_code_and_escaped_text(shown):
    side_by_side.differences(
        """
        biases | `bias_ih`, `bias_hh` | one <b>
            | `a < b` & parameters differ

        masks | lengths | `mask_zero` | pads
        """
    )
    [bundle] = shown
    page = bundle["text/html"]
    assert _cells(page, "th") == ["", "PyTorch", "Keras", "Why it matters"]
    assert _cells(page, "td") == [
        *("biases", "<code>bias_ih</code>, <code>bias_hh</code>", "one &lt;b&gt;"),
        "<code>a &lt; b</code> &amp; parameters differ",
        *("masks", "lengths", "<code>mask_zero</code>", "pads"),
    ]
    assert [len(_cells(row, "td")) for row in _cells(page, "tr")] == [0, 4, 4]
    lines = bundle["text/plain"].splitlines()
    assert lines[2:] == ["masks | lengths | `mask_zero` | pads"]


@pytest.mark.parametrize("row", ["a", "a | b | c", "a | b | c | d | e"])
def test_differences_refuse_a_row_without_four_entries(shown, row):
    with pytest.raises(ValueError, match="4 entries"):
        side_by_side.differences(f"a | b | c | d\n{row}")
    assert shown == []


def test_a_failure_is_one_line_of_type_and_message(capsys):
    def fail():
        raise ValueError("\nlengths must be positive\nand more")

    side_by_side.show_failure(fail)
    assert capsys.readouterr().out == "ValueError: lengths must be positive\n"
    side_by_side.show_failure(lambda: {}["key"])
    assert capsys.readouterr().out == "KeyError: 'key'\n"


def test_a_failure_without_a_message_is_its_type(capsys):
    def fail():
        raise RuntimeError

    side_by_side.show_failure(fail)
    assert capsys.readouterr().out.split() == ["RuntimeError:"]


def test_what_does_not_fail_is_reported(capsys):
    with pytest.raises(AssertionError, match="expected to fail"):
        side_by_side.show_failure(lambda: None)
    assert capsys.readouterr().out == ""


def test_a_record_is_one_display_for_readers_and_machines(shown, monkeypatch):
    monkeypatch.setattr("helpers.runtime.elapsed", lambda: 61.6)
    side_by_side.record(
        {
            "test_accuracy_pytorch": 0.97027213,
            "probe_depth_r2_keras": 1,
            "a_b_c": -0.12345678,
        }
    )
    [bundle] = shown
    assert set(bundle) == {"text/html", "text/plain", side_by_side.RESULTS_MIME}
    results = bundle[side_by_side.RESULTS_MIME]
    expected = {
        "test_accuracy_pytorch": 0.970272,
        "probe_depth_r2_keras": 1.0,
        "a_b_c": -0.123457,
    }
    assert results == pytest.approx(expected, abs=1e-12)
    assert json.loads(json.dumps(results, allow_nan=False)) == results
    plain = bundle["text/plain"].splitlines()
    assert plain[:2] == ["test_accuracy_pytorch 0.970", "probe_depth_r2_keras 1.000"]
    assert re.fullmatch(r"Ran in 62 s on \d+ cores, .+\.", plain[-1])
    assert plain[-1] in bundle["text/html"]
    assert "<code>test_accuracy_pytorch</code>" in bundle["text/html"]
    assert ">0.970<" in bundle["text/html"]


@pytest.mark.parametrize(
    "name",
    [
        "accuracy",
        "test_accuracy",
        "Test_accuracy_keras",
        "test-accuracy-keras",
        "test_accuracy_",
        "_test_accuracy_keras",
        "test__accuracy_keras",
        "test_accuracy keras",
        "test_accuracy_keras\n",
        "",
    ],
)
def test_a_record_refuses_a_name_of_another_form(shown, name):
    with pytest.raises(ValueError, match="is not of the form"):
        side_by_side.record({"test_accuracy_keras": 0.5, name: 0.5})
    assert shown == []


@pytest.mark.parametrize(
    "value",
    [True, "0.97", None, [0.97], float("nan"), float("inf"), -float("inf")],
)
def test_a_record_refuses_what_is_no_finite_number(shown, value):
    with pytest.raises(ValueError, match=r"test_accuracy_keras.*number"):
        side_by_side.record({"test_accuracy_keras": value})
    assert shown == []


def test_a_line_break_in_an_entry_is_one_in_the_table(shown):
    side_by_side.table(("Film", "Year"), [("Alien\n<1979>", "`x`\ny")])
    (output,) = shown
    assert "Alien<br>&lt;1979&gt;" in output["text/html"]
    assert output["text/plain"].endswith("Alien, <1979> | `x`, y")
