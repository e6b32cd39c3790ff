"""The explorer of hidden states, without a browser: what it shows after each change."""

import io
import subprocess
import sys
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.formatters import format_display_data
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from helpers.page import explorer as module
from helpers.page.explorer import PLAIN, Explorer, Reading
from helpers.page.explorer_figure import MOST_UNITS, explorer_figure

pytestmark = pytest.mark.usefixtures("no_window")

TEXT = "the film is not good ."
CLOUD = np.random.default_rng(9).normal(size=(40, 2))
LONG = ["although", "unquestionably", "$5", "old-fashioned", ","] * 8
VIEW = "application/vnd.jupyter.widget-view+json"
#: Variances from small to large, but for units 1 and 4.
SCALES = np.array([0.1, 0.9, 0.2, 0.3, 0.8, 0.4])


def _reading(words, hidden_size=6, curve=True):
    rng = np.random.default_rng(len(words))
    walk = np.cumsum(rng.choice([-1.0, 1.0], (len(words), hidden_size)), axis=0)
    states = np.resize(SCALES, hidden_size) * walk / len(words)
    path = states @ rng.normal(size=(hidden_size, 2))
    curve = np.arange(len(words)) ** 1.5 if curve else None
    return Reading(words, states, path, (0.634, 0.2), curve, "Logit")


def read(text):
    words = text.split()
    if not words:
        raise ValueError("text must hold a word; got ''")
    if "<b>" in words:
        raise ValueError("unknown word: '<b>'")
    return _reading(words, hidden_size=3 if "small" in words else 6)


# What was read


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"words": ["a", "b"]}, "words must name each of the 3 steps; got 2"),
        ({"states": np.ones(3)}, "states must be a finite matrix"),
        ({"states": np.full((3, 4), np.nan)}, "states must be a finite matrix"),
        ({"path": np.ones((3, 3))}, r"path must be finite and \(3, 2\); got \(3, 3\)"),
        ({"path": np.ones((2, 2))}, r"path .*\(2, 2\)"),
        ({"path": np.full((3, 2), np.inf)}, "path must be finite"),
        ({"explained": (0.5,)}, r"explained must be finite and \(2,\)"),
        ({"curve": np.ones(2)}, r"curve must be finite and \(3,\); got \(2,\)"),
        ({"curve": [1.0, np.nan, 2.0]}, "curve must be finite"),
        ({"curve_label": ""}, "curve_label must say"),
    ],
)
def test_a_reading_names_what_is_wrong(change, message):
    good = {
        "words": ["a", "b", "c"],
        "states": np.ones((3, 4)),
        "path": np.ones((3, 2)),
        "explained": (0.5, 0.2),
        "curve": np.ones(3),
        "curve_label": "Depth",
    }
    Reading(*good.values())
    with pytest.raises(ValueError, match=message):
        Reading(**good | change)


def test_a_reading_needs_no_curve_and_takes_lists():
    reading = Reading(("a", "b"), [[1], [2]], [[1, 2], [3, 4]], [0.5, 0.2])
    assert reading.curve is None
    assert reading.words == ["a", "b"]
    assert reading.states.shape == (2, 1)
    assert reading.path.shape == (2, 2)


# The picture


CASES = {
    "short": (_reading(TEXT.split()), 3, (0, 3, 5), CLOUD),
    "first step": (_reading(TEXT.split()), 0, (0,), None),
    "40 words": (_reading(LONG), 22, (0, 3, 5), CLOUD),
    "40 words, last": (_reading(LONG), 39, range(6), CLOUD),
    "one step": (_reading(["good"]), 0, (0, 3, 5), CLOUD),
    "long words": (_reading(["antidisestablishmentarianism"] * 5), 4, (0, 1), None),
    "two units": (_reading(TEXT.split(), 2, curve=False), 5, (0, 1), None),
    "one unit": (_reading(TEXT.split(), 1), 5, (0,), None),
    "most units": (_reading(LONG, 64), 5, range(50, 50 + MOST_UNITS), CLOUD),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_picture_is_legible(case, drawn_texts):
    before = dict(plt.rcParams)
    fig = explorer_figure(*case)
    assert dict(plt.rcParams) == before
    assert tuple(fig.get_size_inches()) == (9.5, 4.2)
    assert fig.dpi == 100
    texts = drawn_texts(fig)
    for text, place in texts:
        assert text.get_fontsize() >= 8, text.get_text()
        inside = place.x0 > -1 and place.y0 > -1
        inside = inside and place.x1 < fig.bbox.x1 + 1 and place.y1 < fig.bbox.y1 + 1
        assert inside, text.get_text()
    outside = [(t, p) for t, p in texts if not isinstance(t, Annotation)]
    for (one, place), (other, other_place) in combinations(outside, 2):
        apart = not place.padded(-1).overlaps(other_place.padded(-1))
        assert apart, (one.get_text(), other.get_text())
    for ax in fig.findobj(Axes):
        assert ax.get_ylabel()


def test_long_words_leave_the_panels_their_height():
    fig = explorer_figure(_reading(["antidisestablishmentarianism"] * 40), 3, range(6))
    fig.draw_without_rendering()
    assert min(ax.get_window_extent().height for ax in fig.axes) > 110  # pixels


def _lines(ax):
    return {line.get_label(): line for line in ax.lines}


def _legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize("step", range(6))
def test_the_path_is_drawn_up_to_the_step_and_pale_after_it(step):
    reading = _reading(TEXT.split())
    plane = explorer_figure(reading, step, [0], CLOUD).axes[0]
    read_so_far, later = (_lines(plane)[n] for n in ("read so far", "still to come"))
    np.testing.assert_array_equal(read_so_far.get_xydata(), reading.path[: step + 1])
    np.testing.assert_array_equal(later.get_xydata(), reading.path[step:])
    assert read_so_far.get_linestyle() != later.get_linestyle()
    assert read_so_far.get_color() != later.get_color()
    assert read_so_far.get_zorder() > later.get_zorder()
    dots = {each.get_label(): each.get_offsets() for each in plane.collections}
    np.testing.assert_array_equal(dots.pop("other texts"), CLOUD)
    np.testing.assert_array_equal(dots.pop("start"), reading.path[:1])
    [now] = dots.values()
    np.testing.assert_array_equal(now, reading.path[step : step + 1])
    [word] = [text for text in plane.texts if isinstance(text, Annotation)]
    assert word.get_text() == reading.words[step]
    assert word.xy == pytest.approx(reading.path[step])
    assert plane.get_xlabel() == "PC 1 (63 % of variance)"
    assert plane.get_ylabel() == "PC 2 (20 % of variance)"
    assert plane.get_aspect() == 1


def test_without_other_texts_none_are_named():
    assert "other texts" in _legend(explorer_figure(*CASES["short"]).axes[0])
    assert "other texts" not in _legend(explorer_figure(*CASES["first step"]).axes[0])


def test_units_and_curve_stand_over_the_words_and_mark_the_step():
    reading = _reading(TEXT.split())
    _, units, curve = explorer_figure(reading, 3, [5, 0], CLOUD).axes
    assert _legend(units) == ["unit 5", "unit 0"]
    drawn = _lines(units)
    for unit in (5, 0):
        line = drawn[f"unit {unit}"]
        np.testing.assert_array_equal(line.get_xdata(), range(6))
        np.testing.assert_array_equal(line.get_ydata(), reading.states[:, unit])
    looks = {(each.get_linestyle(), each.get_marker()) for each in drawn.values()}
    assert len(looks) >= 3  # two units and the axis
    np.testing.assert_array_equal(curve.lines[0].get_ydata(), reading.curve)
    assert curve.get_ylabel() == "Logit"
    assert [label.get_text() for label in curve.get_xticklabels()] == reading.words
    for ax in (units, curve):
        upright = [line for line in ax.lines if list(line.get_ydata()) == [0, 1]]
        assert [list(line.get_xdata()) for line in upright] == [[3, 3]] * 2
        assert ax.get_xlim() == (-0.5, 5.5)


def test_without_a_curve_the_units_have_the_room():
    with_curve = explorer_figure(*CASES["short"])
    without = explorer_figure(*CASES["two units"])
    assert len(with_curve.axes) == 3
    assert len(without.axes) == 2
    low, high = (
        fig.axes[1].get_window_extent().height
        for fig in (with_curve, without)
        if fig.draw_without_rendering() is None
    )
    assert high > 1.8 * low


@pytest.mark.parametrize("words", [TEXT.split(), ["a", "antidisestablishmentarianism"]])
def test_the_slider_moves_no_axes(words):
    places = set()
    for step in {0, len(words) // 2, len(words) - 1}:
        fig = explorer_figure(_reading(words), step, [0, 1], CLOUD)
        fig.draw_without_rendering()
        corners = [ax.get_window_extent().extents.round(3).tolist() for ax in fig.axes]
        limits = [(*ax.get_xlim(), *ax.get_ylim()) for ax in fig.axes]
        places.add(repr((corners, np.round(limits, 6).tolist())))
    assert len(places) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"step": -1}, "step must be from 0 to 5; got -1"),
        ({"step": 6}, "step must be from 0 to 5; got 6"),
        ({"units": []}, "units must hold 1 to 8 units; got 0"),
        ({"units": [0] * 9}, "units must hold 1 to 8 units; got 9"),
        ({"units": [6]}, r"units must be from 0 to 5; got \[6\]"),
        ({"units": [-1]}, r"units must be from 0 to 5; got \[-1\]"),
        ({"backdrop": np.ones((4, 3))}, r"backdrop .*\(4, 3\)"),
        ({"backdrop": np.ones(2)}, r"backdrop .*\(2,\)"),
        ({"backdrop": np.full((4, 2), np.nan)}, "backdrop must be finite"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_leaves_no_figure(change, message):
    good = {"reading": _reading(TEXT.split()), "step": 0, "units": [0]}
    with pytest.raises(ValueError, match=message):
        explorer_figure(**good | change)
    assert not plt.get_fignums()


# The widget


@pytest.fixture
def drawn(monkeypatch):
    """What is drawn, noted instead: words, step, units and backdrop of each time."""
    calls = []

    def note(reading, step, units, backdrop=None):
        calls.append((" ".join(reading.words), step, list(units), backdrop))
        fig = plt.figure(figsize=(3, 0.3))
        fig.text(0, 0, f"{reading.words} {step} {units}", fontsize=5)
        return fig

    monkeypatch.setattr(module, "explorer_figure", note)
    return calls


@pytest.fixture
def explorer(drawn):
    made = Explorer(read, TEXT, CLOUD, "Walks & <talks>")
    [first] = drawn
    assert first == (TEXT, 5, [1, 4, 5], CLOUD)
    drawn.clear()
    return made


def test_it_starts_at_the_end_with_the_liveliest_units(explorer):
    assert (explorer.step.min, explorer.step.value, explorer.step.max) == (0, 5, 5)
    variances = explorer.reading.states.var(axis=0)
    assert set(explorer.units.value) == set(np.argsort(variances)[-3:])
    assert [label for label, _ in explorer.units.options] == [
        f"unit {i}" for i in range(6)
    ]
    assert explorer.text.value == TEXT
    assert not explorer.text.continuous_update
    assert explorer.message.value == ""
    assert "Walks &amp; &lt;talks&gt;" in explorer.widget.children[0].value


def test_the_picture_is_the_figure_as_png_and_no_figure_stays_open():
    explorer = Explorer(read, TEXT, CLOUD)
    explorer.step.value = 2
    assert not plt.get_fignums()
    png = bytes(explorer.picture.value)
    assert png == module._png(explorer_figure(read(TEXT), 2, [1, 4, 5], CLOUD))
    assert png.startswith(b"\x89PNG")
    assert plt.imread(io.BytesIO(png), "png").shape[:2] == (420, 950)
    assert explorer.picture.format == "png"


def test_everything_is_laid_out(explorer):
    def parts(widget):
        return [widget, *(p for c in getattr(widget, "children", ()) for p in parts(c))]

    names = ("text", "message", "step", "units", "picture")
    shown = parts(explorer.widget)
    assert all(getattr(explorer, name) in shown for name in names)
    assert shown.index(explorer.message) == shown.index(explorer.text) + 1
    untitled = Explorer(read, TEXT).widget
    assert len(untitled.children) == len(explorer.widget.children) - 1


def test_slider_and_units_redraw_once(explorer, drawn):
    seen = {bytes(explorer.picture.value)}
    explorer.step.value = 2
    seen.add(bytes(explorer.picture.value))
    explorer.units.value = (0, 3)
    seen.add(bytes(explorer.picture.value))
    assert len(seen) == 3
    assert drawn == [(TEXT, 2, [1, 4, 5], CLOUD), (TEXT, 2, [0, 3], CLOUD)]


@pytest.mark.parametrize(
    "text", ["a dog", "one", "a much longer text than the first it was , and so on"]
)
def test_another_text_is_drawn_once_at_its_own_end(explorer, drawn, text):
    explorer.step.value = 1
    explorer.units.value = (0, 3)
    drawn.clear()
    explorer.text.value = text
    last = len(text.split()) - 1
    assert drawn == [(text, last, [0, 3], CLOUD)]
    assert (explorer.step.value, explorer.step.max) == (last, last)
    assert explorer.reading.words == text.split()


@pytest.mark.parametrize(
    ("picked", "kept"), [((0, 1, 5), [0, 1]), ((2,), [2]), ((4, 5), [0, 1, 2])]
)
def test_units_stay_picked_where_the_next_model_has_them(explorer, drawn, picked, kept):
    explorer.units.value = picked
    drawn.clear()
    explorer.text.value = "a small text"
    assert len(explorer.units.options) == 3
    assert drawn == [("a small text", 2, kept, CLOUD)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "text must hold a word; got &#x27;&#x27;."),
        ("the <b> film", "unknown word: &#x27;&lt;b&gt;&#x27;."),
    ],
)
def test_a_refused_text_is_answered_in_words_and_the_picture_stays(
    explorer, drawn, text, said
):
    before, reading = explorer.picture.value, explorer.reading
    explorer.text.value = text
    assert said in explorer.message.value
    assert 'role="alert"' in explorer.message.value
    assert drawn == []
    assert explorer.picture.value == before
    assert explorer.reading is reading
    assert explorer.step.max == 5
    explorer.step.value = 3  # the text before is still there to be explored
    assert drawn == [(TEXT, 3, [1, 4, 5], CLOUD)]
    assert said in explorer.message.value
    explorer.text.value = "a dog"
    assert explorer.message.value == ""
    assert drawn[1:] == [("a dog", 1, [1, 4, 5], CLOUD)]


def test_no_other_error_is_swallowed(drawn):
    def broken(text):
        if text != TEXT:
            raise KeyError(text)
        return read(text)

    explorer = Explorer(broken, TEXT)
    before = explorer.picture.value
    with pytest.raises(KeyError, match="a dog"):
        explorer.text.value = "a dog"
    assert explorer.picture.value == before
    assert explorer.message.value == ""


def test_a_first_text_or_backdrop_that_is_wrong_is_no_explorer():
    with pytest.raises(ValueError, match="must hold a word"):
        Explorer(read, "")
    with pytest.raises(ValueError, match="backdrop"):
        Explorer(read, TEXT, np.ones((2, 3)))


@pytest.mark.parametrize("picked", [(), range(MOST_UNITS + 1)])
def test_too_few_or_too_many_units_are_answered_in_words(drawn, picked):
    explorer = Explorer(lambda text: _reading(text.split(), 12), TEXT)
    before = explorer.picture.value
    explorer.units.value = tuple(picked)
    assert "Pick 1 to 8 units." in explorer.message.value
    assert explorer.picture.value == before
    explorer.units.value = tuple(range(MOST_UNITS))
    assert explorer.message.value == ""
    assert explorer.picture.value != before


@pytest.mark.parametrize("hidden_size", [1, 2, 3])
def test_a_model_of_few_units_can_be_explored(drawn, hidden_size):
    explorer = Explorer(lambda text: _reading(text.split(), hidden_size), "a dog")
    assert drawn == [("a dog", 1, list(explorer.units.value), None)]
    assert list(explorer.units.value) == list(range(hidden_size))


# What is stored


def test_a_page_that_cannot_run_shows_one_sentence(explorer):
    data, metadata = format_display_data(explorer)
    assert metadata == {}
    view = data.pop(VIEW)
    assert view["model_id"] == explorer.widget.model_id
    assert data == {"text/plain": PLAIN}
    assert "JupyterLab" in PLAIN
    assert "\n" not in PLAIN


@pytest.mark.parametrize(
    ("imported", "absent"),
    [
        ("helpers", {"ipywidgets", "matplotlib", "numpy", "torch", "tensorflow"}),
        ("helpers.page.explorer", {"torch", "tensorflow", "keras"}),
    ],
)
def test_no_more_is_imported_than_needed(imported, absent):
    code = f"import sys, {imported}; print(*{absent!r} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []


def test_a_word_at_any_edge_stays_inside_the_plane():
    corners = np.array([(0, 0), (0, 9), (12, 0), (12, 9)], float)
    reading = Reading(["incomprehensible"] * 4, np.eye(4), corners, (0.5, 0.5))
    for step in range(4):
        fig = explorer_figure(reading, step, [0])
        fig.draw_without_rendering()
        [word] = fig.findobj(Annotation)
        place, frame = word.get_window_extent(), word.axes.get_window_extent()
        assert (place.min >= frame.min).all()
        assert (place.max <= frame.max).all()
