"""Figures are complete, legible, in the course's colours, and show what they are given."""

from itertools import combinations
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import same_color, to_hex, to_rgb
from matplotlib.figure import Figure
from sklearn.metrics import confusion_matrix

from helpers import plotting
from helpers.metrics import reliability
from helpers.plotting import COLOURS

pytestmark = pytest.mark.usefixtures("no_window")
#: Modules of ``helpers.plotting`` whose figures test_plotting_dynamics.py draws.
ELSEWHERE = {
    *("dynamics", "planes", "readings", "trajectories", "translating"),
}
RESULTS = {
    "PyTorch, LSTM": (0.97, 0.95, 0.985),
    "Keras, LSTM": (1.0, 0.98, 1.0),
    "logistic regression on means": (0.9, 0.8, 0.95),
}
TARGETS = np.array([0, 0, 1, 1, 2, 2])
PREDICTIONS = {
    "PyTorch": np.array([0, 0, 1, 2, 2, 2]),
    "Keras": np.array([1, 0, 1, 1, 0, 2]),
}


def _history(epochs=6, validation=True, metric="accuracy"):
    """What Keras' ``fit`` returns, as far as a figure reads it."""
    curves = {"loss": np.linspace(1, 0.2, epochs), metric: np.linspace(0, 1, epochs)}
    if validation:
        curves |= {f"val_{name}": 0.9 * curve for name, curve in curves.items()}
    history = {name: list(curve) for name, curve in curves.items()}
    return SimpleNamespace(epoch=list(range(epochs)), history=history)


def _pipeline():
    steps = ("sentence", "tokens", "embedding", "bi-LSTM", "logits")
    details = ("'so good'", "(batch, steps)", "(batch, steps, 64)", "", "(batch, 2)")
    return plotting.pipeline(steps, details)


def _learning_curves():
    histories = {"PyTorch": _history(), "Keras": _history(9)}
    return plotting.learning_curves(histories, title="Japanese Vowels")


def _wrong_and_right():
    wrong = {"output[:, -1]": [0.5, 0.5, 0.5], "mean over pads": [0.4, 0.5, 0.5]}
    right = {"last real step": [0.5, 0.6, 0.9]}
    return plotting.wrong_and_right(wrong, right, "Accuracy", chance=0.5)


def _lines():
    curves = {"RNN": [1.0, 0.1, 0.01], "LSTM": [1.0, 0.9, 0.8], "GRU": [1.0, 0.8, 0.7]}
    bar = ("float32", 1e-3)
    return plotting.lines(curves, "Steps back", "Gradient", log=True, bar=bar)


def _accuracy_bars():
    return plotting.accuracy_bars(RESULTS, chance=1 / 9)


def _accuracy_by_group():
    rng = np.random.default_rng(0)
    groups = ["1 to 10 words", "11 to 20 words", "over 20 words"] * 40
    correct = {name: rng.random(120) < 0.8 for name in ("PyTorch", "Keras")}
    return plotting.accuracy_by_group(correct, groups, "Length")


def _reliability_curves():
    rng = np.random.default_rng(0)
    chance = rng.uniform(0.5, 1, 400)
    targets = (rng.random(400) > chance).astype(int)
    curve = reliability(targets, np.stack([chance, 1 - chance], axis=1), bins=8)
    return plotting.reliability_curves({"PyTorch": curve, "TF-IDF": curve})


def _confusion_matrices():
    labels = ["negative", "neutral", "positive"]
    return plotting.confusion_matrices(TARGETS, PREDICTIONS, labels)


def _ranking_bars():
    panels = {
        "all films": {"PyTorch": (0.12, 0.1, 0.14), "popularity": (0.05, 0.04, 0.07)},
        "seen removed": {"PyTorch": (0.2, 0.17, 0.22), "popularity": (0.0, 0.0, 0.0)},
    }
    return plotting.ranking_bars(panels, "HR@10")


def _item_map():
    points = np.random.default_rng(0).normal(size=(60, 2))
    groups = {"Horror": [0, 1, 2], "War": [3, 4]}
    names = ("First direction", "Second direction")
    return plotting.item_map(points, groups, {0: "Alien (1979)"}, names)


FIGURES = {
    function.__name__.removeprefix("_"): function
    for function in (
        _pipeline,
        _learning_curves,
        _lines,
        _wrong_and_right,
        _accuracy_bars,
        _confusion_matrices,
        _accuracy_by_group,
        _reliability_curves,
        _ranking_bars,
        _item_map,
    )
}
every_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
every_plot = pytest.mark.parametrize(
    "draw", [draw for draw in FIGURES.values() if draw is not _pipeline]
)


def _by_label(ax):
    return {line.get_label(): line for line in ax.lines}


def _ticks(ax):
    low, high = ax.get_xlim()
    return [tick for tick in ax.get_xticks() if low <= tick <= high]


def test_every_figure_function_is_drawn_here():
    functions = {
        name
        for name, thing in vars(plotting).items()
        if callable(thing)
        and getattr(thing, "__module__", "").startswith(plotting.__name__)
        and thing.__module__.rpartition(".")[2] not in ELSEWHERE
    }
    assert {name for name in functions if not name.startswith("_")} == set(FIGURES)


@every_figure
def test_a_figure_comes_back_and_global_settings_stay(draw):
    before = dict(mpl.rcParams)
    assert isinstance(draw(), Figure)
    assert dict(mpl.rcParams) == before


@every_figure
def test_every_text_lies_inside_the_figure(draw, drawn_texts):
    fig = draw()
    texts = drawn_texts(fig)
    assert texts
    for text, place in texts:
        inside = place.x0 > -1 and place.y0 > -1
        inside = inside and place.x1 < fig.bbox.x1 + 1 and place.y1 < fig.bbox.y1 + 1
        assert inside, text.get_text()


@every_figure
def test_no_text_covers_another(draw, drawn_texts):
    for (one, place), (other, other_place) in combinations(drawn_texts(draw()), 2):
        assert not place.padded(-1).overlaps(other_place.padded(-1)), (
            one.get_text(),
            other.get_text(),
        )


@every_plot
def test_both_axes_say_what_they_show(draw):
    axes = draw().axes
    for ax in axes:
        assert ax.get_xlabel()
        names = {label.get_text() for label in ax.get_yticklabels()}
        # Rows named after systems say it themselves, at the first of several panels.
        systems = (set(RESULTS), {"PyTorch", "popularity"}, set())
        assert ax.get_ylabel() or names in systems[: 2 + (ax is not axes[0])]


@pytest.mark.parametrize("draw", [_learning_curves, _lines, _wrong_and_right])
def test_every_line_is_in_a_legend(draw):
    fig = draw()
    legends = [ax.get_legend() for ax in fig.axes if ax.get_legend()]
    named = {text.get_text() for legend in legends for text in legend.get_texts()}
    assert named == {label for ax in fig.axes for label in _by_label(ax)}
    assert len(named) == 4


def test_curves_have_their_framework_s_colour_and_validation_is_dashed():
    for ax, metric in zip(_learning_curves().axes, ("loss", "accuracy"), strict=True):
        lines = _by_label(ax)
        assert len(lines) == 4
        for label, line in lines.items():
            name, kind = label.split(", ")
            assert same_color(line.get_color(), COLOURS[name])
            assert line.get_linestyle() == {"training": "-", "validation": "--"}[kind]
            history = _history(len(line.get_xdata()))
            key = metric if kind == "training" else f"val_{metric}"
            np.testing.assert_array_equal(line.get_ydata(), history.history[key])
            np.testing.assert_array_equal(line.get_xdata()[:2], [1, 2])
        assert ax.get_ylabel() == metric.capitalize()


def test_curves_of_a_model_with_another_name_share_one_colour():
    fig = plotting.learning_curves({"LSTM": _history(), "GRU": _history()})
    for ax in fig.axes:
        colours = {label: line.get_color() for label, line in _by_label(ax).items()}
        assert colours["LSTM, training"] == colours["LSTM, validation"]
        assert colours["GRU, training"] != colours["LSTM, training"]


def test_each_name_keeps_one_colour_whatever_was_logged():
    """A history without the metric leaves no gap that the next one would fall into."""
    histories = {"LSTM": _history(metric="hr10")}
    histories |= {name: _history() for name in ("GRU", "Keras", "RNN")}
    left, right = map(_by_label, plotting.learning_curves(histories).axes)
    assert "LSTM, training" not in right
    for label, line in right.items():
        assert same_color(line.get_color(), left[label].get_color())
    own = {name: left[f"{name}, training"].get_color() for name in histories}
    assert len(set(own.values())) == len(own)
    assert own["Keras"] == COLOURS["Keras"]
    assert not {own["LSTM"], own["GRU"], own["RNN"]} & set(COLOURS.values())


def test_a_dozen_other_names_all_have_a_colour():
    histories = {f"model {number}": _history() for number in range(12)}
    for ax in plotting.learning_curves(histories).axes:
        colours = {to_hex(line.get_color()).upper() for line in ax.lines}
        assert len(colours) == 4
        assert not colours & set(COLOURS.values())


def test_curves_without_validation_are_drawn_alone():
    histories = {"Keras": _history(validation=False, metric="hr10")}
    for ax in plotting.learning_curves(histories, metric="hr10").axes:
        assert set(_by_label(ax)) == {"Keras, training"}


@pytest.mark.parametrize("epochs", [1, 2, 3, 7, 40])
def test_epochs_are_counted_in_whole_numbers(epochs):
    curves = plotting.learning_curves({"PyTorch": _history(epochs)})
    values = [0.5] * epochs
    trap = plotting.wrong_and_right({"wrong": values}, {"right": values}, "Accuracy")
    for ax in (*curves.axes, *trap.axes):
        ticks = _ticks(ax)
        assert ticks
        assert all(float(tick).is_integer() for tick in ticks)


def test_a_single_epoch_can_be_seen():
    for ax in plotting.learning_curves({"PyTorch": _history(1)}).axes:
        assert all(line.get_marker() not in ("", "None") for line in ax.lines)


def test_the_trap_shows_every_curve_and_the_chance_level():
    wrong = {f"wrong {number}": [0.1 * number] * 9 for number in range(6)}
    right = {"right": [0.5, 0.9]}
    lines = _by_label(
        plotting.wrong_and_right(wrong, right, "Accuracy", chance=0.11).axes[0]
    )
    assert set(lines) == {*wrong, *right, "chance"}
    assert list(lines["chance"].get_ydata()) == [0.11, 0.11]
    for kind, style, curves in (("wrong", "--", wrong), ("right", "-", right)):
        for label, values in curves.items():
            assert list(lines[label].get_ydata()) == values
            assert lines[label].get_linestyle() == style
            assert same_color(lines[label].get_color(), COLOURS[kind])
    assert "chance" not in _by_label(
        plotting.wrong_and_right(wrong, right, "Accuracy").axes[0]
    )


def test_lines_show_the_values_and_the_bar_each_in_its_own_look():
    ax = _lines().axes[0]
    found = _by_label(ax)
    assert list(found["RNN"].get_ydata()) == [1.0, 0.1, 0.01]
    assert list(found["RNN"].get_xdata()) == [0, 1, 2]
    assert list(found["float32"].get_ydata()) == [1e-3, 1e-3]
    assert ax.get_yscale() == "log"
    for look in ("get_color", "get_linestyle", "get_marker"):
        assert (
            len({getattr(found[name], look)() for name in ("RNN", "LSTM", "GRU")}) == 3
        )


def test_more_lines_than_looks_are_drawn_or_refused():
    curves = {f"curve {number}": [0.0, number] for number in range(9)}
    try:
        fig = plotting.lines(curves, "Step", "Value")
    except ValueError:
        return
    assert set(_by_label(fig.axes[0])) == set(curves)


def test_bars_show_the_values_they_are_given():
    ax = _accuracy_bars().axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[::-1] == list(RESULTS)  # the first stands on top
    printed = {text.get_text() for text in ax.texts}
    [intervals] = ax.collections
    pairs = zip(names, ax.patches, intervals.get_segments(), strict=True)
    for name, bar, interval in pairs:
        value, low, high = RESULTS[name]
        np.testing.assert_allclose(
            [bar.get_width(), *interval[:, 0]], [value, low, high]
        )
        colour = COLOURS.get(name.split(",")[0], COLOURS["baseline"])
        assert same_color(bar.get_facecolor(), colour)
        assert f"{value:.3f}" in printed
    assert [1 / 9, 1 / 9] in [list(line.get_xdata()) for line in ax.lines]


def test_matrices_show_counts_and_leave_zeros_blank():
    fig = _confusion_matrices()
    for ax, (name, predicted) in zip(fig.axes, PREDICTIONS.items(), strict=True):
        assert ax.get_title() == name
        counts = confusion_matrix(TARGETS, predicted)
        np.testing.assert_array_equal(ax.collections[0].get_array(), counts)
        written = {t.get_position(): t.get_text() for t in ax.texts if t.get_text()}
        assert written == {
            (column + 0.5, row + 0.5): str(count)
            for (row, column), count in np.ndenumerate(counts)
            if count
        }


# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def _lab(colour, vision):
    """CIELAB coordinates, white point D65, of an sRGB colour as somebody sees it."""
    srgb = np.array(to_rgb(colour))
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(VISION[vision] @ linear, 0, 1)
    ratio = xyz / TO_XYZ.sum(axis=1)
    x, y, z = np.where(
        ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * 841 / 108 + 4 / 29
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _distance(one, other, vision="full"):
    return np.linalg.norm(_lab(one, vision) - _lab(other, vision))


def test_the_distance_of_colours_agrees_with_published_values():
    np.testing.assert_allclose(
        _lab("#FF0000", "full"), [53.24, 80.09, 67.20], atol=0.02
    )
    # Red and green of equal lightness: far apart, but not to everyone.
    assert _distance("#CC3311", "#228833") > 80
    assert _distance("#CC3311", "#228833", "deuteranopia") < 30


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("pair", [("PyTorch", "Keras"), ("right", "wrong")])
def test_colours_differ_to_every_eye(pair, vision):
    assert _distance(*(COLOURS[name] for name in pair), vision) > 40


def test_ranking_bars_show_each_value_in_its_panel():
    fig = _ranking_bars()
    assert [ax.get_title() for ax in fig.axes] == ["all films", "seen removed"]
    # The first system stands on top, and the baseline has the baseline's colour.
    for ax, values in zip(fig.axes, ([0.05, 0.12], [0.0, 0.2]), strict=True):
        assert [bar.get_width() for bar in ax.patches] == values
        assert same_color(ax.patches[0].get_facecolor(), COLOURS["baseline"])
        assert same_color(ax.patches[1].get_facecolor(), COLOURS["PyTorch"])
        shown = {text.get_text() for text in ax.texts}
        assert shown == {f"{value:.3f}" for value in values}
    assert fig.axes[0].get_xlim() == fig.axes[1].get_xlim()


def test_an_item_map_marks_the_members_of_each_group():
    ax = _item_map().axes[0]
    sizes = {c.get_label(): len(c.get_offsets()) for c in ax.collections}
    assert sizes == {"other": 55, "Horror": 3, "War": 2}
    (name,) = ax.texts
    assert name.get_text() == "Alien (1979)"
    assert tuple(name.xy) == tuple(ax.collections[1].get_offsets()[0])


def test_an_item_map_without_others_does_not_name_them():
    names = ("First direction", "Second direction")
    ax = plotting.item_map(np.eye(2), {"War": [0, 1]}, {}, names).axes[0]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["War"]


def test_a_group_may_be_measured_by_another_share():
    fig = plotting.accuracy_by_group(
        {"PyTorch": np.array([True, False])}, ["a", "b"], "Length", ylabel="HR@10"
    )
    assert fig.axes[0].get_ylabel() == "HR@10"


def test_curves_of_a_metric_of_validation_alone_have_a_legend_of_their_own():
    history = SimpleNamespace(
        epoch=[0, 1], history={"loss": [7.0, 6.0], "val_hr10": [0.05, 0.1]}
    )
    left, right = plotting.learning_curves({"Keras": history}, metric="hr10").axes
    assert [text.get_text() for text in left.get_legend().get_texts()] == [
        "Keras, training"
    ]
    assert [text.get_text() for text in right.get_legend().get_texts()] == [
        "Keras, validation"
    ]
    assert right.get_ylabel() == "HR@10"
    assert all(ax.get_legend() is None for ax in _learning_curves().axes[1:])


@pytest.mark.parametrize(
    ("metric", "name"), [("bleu", "BLEU"), ("ndcg10", "NDCG@10"), ("recall", "Recall")]
)
def test_a_metric_is_written_as_its_readers_know_it(metric, name):
    fig = plotting.learning_curves({"Keras": _history(metric=metric)}, metric=metric)
    assert [ax.get_ylabel() for ax in fig.axes] == ["Loss", name]


def test_a_series_of_neither_framework_has_a_colour_of_its_own():
    names = ("PyTorch", "Keras", "PyTorch, no attention", "word for word")
    fig = plotting.learning_curves({name: _history() for name in names})
    colours = {line.get_label(): line.get_color() for line in fig.axes[0].lines}
    assert len({colours[f"{name}, training"] for name in names}) == len(names)
    assert colours["Keras, training"] == COLOURS["Keras"]
    assert colours["word for word, training"] == colours["word for word, validation"]


def test_a_framework_keeps_its_colour_among_lines():
    fig = plotting.lines(
        {"Keras": [1, 2], "other": [2, 1], "PyTorch": [3, 3]}, "x", "y"
    )
    drawn = _by_label(fig.axes[0])
    for name in ("Keras", "PyTorch"):
        assert drawn[name].get_color() == COLOURS[name]
    assert drawn["other"].get_color() not in COLOURS.values()
