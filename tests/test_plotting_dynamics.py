"""Figures of hidden states and of attention: legible at any length, and true to their data."""

from itertools import combinations, islice

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import same_color, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from scipy.spatial.distance import cosine

from helpers import plotting
from helpers.plotting import COLOURS
from helpers.plotting.style import SEQUENTIAL, looks
from helpers.plotting.words import shorten

pytestmark = pytest.mark.usefixtures("no_window")


def _split(text):
    return text.split()


SENTENCE = _split("the cat sat on the mat and the dog ran away .")
REVIEW = _split(
    "although the acting is not particularly distinguished and some of the dialogue is "
    "uninspired , the film remains a thoroughly entertaining piece of old-fashioned "
    "storytelling that , despite its length and unnecessary detours through melodrama , "
    "never loses sight of what matters : its characters , their disappointments and $5 "
    "or $6 jobs , and a quiet dignity of all ."
)[:60]
BRACKETS = list("(()(()))" * 5)
ENGLISH = _split("the black cat does not eat the red apples .")
FRENCH = _split("le chat noir ne mange pas les pommes rouges . </s>")
LONG_ENGLISH = _split(
    "do the two young women who live near the old river often bring their small "
    "children to our house ?"
)
LONG_FRENCH = _split(
    "est-ce que les deux jeunes femmes qui habitent près de la vieille rivière amènent "
    "souvent leurs petits enfants ici </s>"
)
SURE, POSSIBLE = {(0, 0), (1, 2), (2, 1)}, {(3, 3), (3, 4), (0, 0)}
THREE = ("the cat sat on the mat", "the dog ran in the park", "the cat ran on the mat")


def _states(steps, hidden_size, seed=0):
    rng = np.random.default_rng(seed)
    return np.tanh(np.cumsum(rng.normal(0, 0.4, (steps, hidden_size)), axis=0))


def _weights(target, source):
    scores = np.random.default_rng(0).random((len(target), len(source)))
    return scores / scores.sum(axis=1, keepdims=True)


def _panel(source=ENGLISH, target=FRENCH):
    return source, target, _weights(target, source)


def _gates(steps, hidden_size):
    names = ("input", "forget", "candidate", "output")
    states = {n: _states(steps, hidden_size, seed=i) for i, n in enumerate(names)}
    return {n: s if n == "candidate" else (s + 1) / 2 for n, s in states.items()}


def _paths(*names):
    paths = {}
    for i, name in enumerate(names):
        steps = np.random.default_rng(i).normal(size=(len(name.split()), 2))
        paths[name] = np.cumsum(steps, axis=0)
    return paths


def _pca(*names, equal=True):
    words = {name: name.split() for name in names}
    figure = plotting.visualize_hidden_state_pca
    return figure(_paths(*names), (0.634, 0.2), words, equal=equal)


def _attention_maps():
    panels = [_panel(), _panel(ENGLISH[:6], FRENCH[:7])]
    return plotting.attention_maps(panels, [(SURE, POSSIBLE), (set(), set())])


def _visualize_hidden_states():
    return plotting.visualize_hidden_states(_states(12, 16), SENTENCE)


def _visualize_hidden_state_pca():
    return _pca(*THREE)


def _visualize_gate_activations():
    return plotting.visualize_gate_activations(_gates(12, 16), SENTENCE)


def _compare_final_states():
    states = {name: _states(6, 16, seed=i)[-1] for i, name in enumerate(THREE)}
    return plotting.compare_final_states(states)


def _state_along_time():
    values = {"PyTorch": _states(12, 1)[:, 0], "Keras": _states(12, 1, seed=1)[:, 0]}
    return plotting.state_along_time(values, SENTENCE, "Logit")


def _probe_scatter():
    depth = np.repeat(np.arange(9.0), 8)
    read = np.concatenate([depth + 0.2, depth * 0 + 4])
    groups = ["trained"] * 72 + ["untrained"] * 72
    true = np.concatenate([depth, depth])
    return plotting.probe_scatter(true, read, "Depth", "Reading", groups)


def _eigenvalue_plot():
    values = {"origin": [0.5 + 0.5j, 0.5 - 0.5j, 1.2], "positive": [-0.3, 0.2]}
    return plotting.eigenvalue_plot(values)


FIGURES = {
    function.__name__.removeprefix("_"): function
    for function in (
        _attention_maps,
        _visualize_hidden_states,
        _visualize_hidden_state_pca,
        _visualize_gate_activations,
        _compare_final_states,
        _state_along_time,
        _probe_scatter,
        _eigenvalue_plot,
    )
}
#: What strains them: long texts, one step, two units, several rows.
HARD = {
    "three panels of 20 words": lambda: plotting.attention_maps(
        [_panel(LONG_ENGLISH, LONG_FRENCH)] * 3
    ),
    "one word": lambda: plotting.attention_maps(
        [_panel(["cats"], ["chats"])], [({(0, 0)}, set())]
    ),
    "panels of one target token": lambda: plotting.attention_maps(
        [_panel(["I", "love", "cats"], ["ok"])] * 3
    ),
    "60 words, 64 units": lambda: plotting.visualize_hidden_states(
        _states(60, 64), REVIEW
    ),
    "120 brackets": lambda: plotting.state_along_time(
        {"depth": _states(120, 1)[:, 0]}, BRACKETS * 3
    ),
    "one step": lambda: plotting.visualize_hidden_states(_states(1, 2), ["cat"]),
    "gates of 60 words": lambda: plotting.visualize_gate_activations(
        {n: _gates(60, 64)[n] for n in ("forget", "candidate")}, REVIEW
    ),
    "path of 60 words": lambda: _pca(" ".join(REVIEW)),
    "path of one step": lambda: _pca("cat"),
    "seven final states": lambda: plotting.compare_final_states(
        {f"sentence {i} that goes on and on": _states(6, 64, i)[-1] for i in range(7)}
    ),
    "one final state": lambda: plotting.compare_final_states({"a": np.ones(2)}),
}


def test_every_figure_function_of_these_modules_is_drawn_here():
    modules = ("dynamics", "readings", "trajectories", "translating")
    wanted = {
        name
        for name, thing in vars(plotting).items()
        if getattr(thing, "__module__", "").endswith(modules)
    }
    assert wanted == set(FIGURES)


@pytest.mark.parametrize("draw", (FIGURES | HARD).values(), ids=FIGURES | HARD)
def test_a_figure_is_legible_and_its_axes_say_what_they_show(draw, drawn_texts):
    before = dict(mpl.rcParams)
    fig = draw()
    assert isinstance(fig, Figure)
    assert dict(mpl.rcParams) == before
    assert fig.get_figwidth() <= 10 + 1e-6
    assert fig.dpi == 100
    texts = drawn_texts(fig)
    for text, place in texts:
        assert text.get_fontsize() >= 8, text.get_text()
        inside = place.x0 > -1 and place.y0 > -1
        inside = inside and place.x1 < fig.bbox.x1 + 1 and place.y1 < fig.bbox.y1 + 1
        assert inside, text.get_text()
    for (one, place), (other, other_place) in combinations(texts, 2):
        apart = not place.padded(-1).overlaps(other_place.padded(-1))
        assert apart, (one.get_text(), other.get_text())
    for ax in fig.findobj(Axes):
        assert ax.get_ylabel()
        # A colour bar has one axis; words under stacked panels stand at the lowest.
        stacked = ax.get_shared_x_axes().get_siblings(ax)
        assert hasattr(ax, "_colorbar") or any(each.get_xlabel() for each in stacked)


def _by_label(ax):
    return {line.get_label(): line for line in ax.lines}


def _legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def _words(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def _points(ax):
    return {c.get_label(): c.get_offsets().tolist() for c in ax.collections}


# Attention maps


def _maps(fig):
    return [ax for ax in fig.axes if ax.get_xlabel() == "Source"]


def test_attention_is_drawn_cell_by_cell_on_one_scale():
    weights = [_weights(FRENCH, ENGLISH), _weights(FRENCH[:7], ENGLISH[:6])]
    fig = _attention_maps()
    maps = _maps(fig)
    sides = []
    for ax, expected in zip(maps, weights, strict=True):
        [image] = ax.images
        np.testing.assert_array_equal(image.get_array(), expected)
        assert image.get_clim() == (0, 1)
        assert _words(ax.xaxis) == ENGLISH[: expected.shape[1]]
        assert _words(ax.yaxis) == FRENCH[: expected.shape[0]]
        assert ax.yaxis_inverted()  # the first target token stands on top
        box = ax.get_window_extent()
        sides += [box.width / expected.shape[1], box.height / expected.shape[0]]
    np.testing.assert_allclose(sides, sides[0], rtol=1e-6)
    [bar] = [ax for ax in fig.axes if ax.get_ylabel() == "Attention"]
    assert bar.get_ylim() == (0, 1)


def test_gold_links_are_rings_and_a_sure_one_is_not_drawn_as_possible_too():
    fig = _attention_maps()
    first, second = _maps(fig)
    rings = {}
    for ring in first.collections:
        assert len(ring.get_facecolors()) == 0
        if same_color(ring.get_edgecolors()[0], COLOURS["PyTorch"]):
            dashed = ring.get_linestyles()[0][1] is not None
            rings[dashed] = {(int(y), int(x)) for x, y in ring.get_offsets()}
    assert rings == {False: SURE, True: POSSIBLE - SURE}
    assert not second.collections
    [legend] = fig.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["gold link, sure", "gold link, possible"]
    assert not plotting.attention_maps([_panel()]).legends


@pytest.mark.parametrize(
    ("count", "words", "columns"), [(1, 10, 1), (3, 10, 3), (5, 6, 3), (3, 20, 2)]
)
def test_panels_stand_in_reading_order_fewer_in_a_row_where_they_are_long(
    count, words, columns
):
    source = ["word"] * words
    panels = [_panel(source, [f"mot {i}"] * words) for i in range(count)]
    maps = _maps(plotting.attention_maps(panels))
    corners = [ax.get_position().corners()[1] for ax in maps]  # the upper left ones
    for i, (x, y) in enumerate(corners):
        row, column = divmod(i, columns)
        assert x == pytest.approx(corners[column][0])
        assert y == pytest.approx(corners[row * columns][1])
        assert set(_words(maps[i].yaxis)) == {f"mot {i}"}
    assert len({round(x, 6) for x, _ in corners}) == min(count, columns)


def test_attention_reads_in_grey():
    shades = SEQUENTIAL(np.linspace(0, 1, 64))[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(shades) < 0).all()
    assert shades[0] > 0.85
    assert shades[-1] < 0.05


@pytest.mark.parametrize(
    ("panels", "gold", "message"),
    [
        ([], None, "panels must hold at least one"),
        ([(ENGLISH, FRENCH, np.zeros((10, 11)))], None, r"panels\[0\].*\(11, 10\)"),
        ([_panel(), (["a"], ["b"], [[np.nan]])], None, r"panels\[1\].*NaN"),
        ([(["a"], ["b"], [[1.2]])], None, r"panels\[0\].*\[0, 1\]"),
        ([(["a"], ["b"], [[-0.2]])], None, r"panels\[0\].*\[0, 1\]"),
        ([_panel(["a"] * 80, ["b"])], None, "80 source tokens"),
        ([_panel()], [], "gold must hold the links of each of the 1"),
        ([_panel()], [({(11, 0)}, set())], r"gold\[0\].*\(11, 0\)"),
        ([_panel()], [({(-1, 0)}, set())], r"gold\[0\].*\(-1, 0\)"),
        ([_panel()], [(set(), {(0, -1)})], r"gold\[0\].*\(0, -1\)"),
    ],
)
def test_what_is_no_attention_is_refused(panels, gold, message):
    with pytest.raises(ValueError, match=message):
        plotting.attention_maps(panels, gold)


# Hidden states and gates


def test_hidden_states_are_drawn_unit_by_unit_around_zero():
    states = _states(12, 16)
    above, below, *_ = _visualize_hidden_states().axes
    [image] = above.images
    np.testing.assert_array_equal(image.get_array(), states.T)
    assert image.get_clim() == (-np.abs(states).max(), np.abs(states).max())
    middle = image.get_cmap()(0.5)
    assert min(middle[:3]) > 0.95  # zero is white
    chosen = sorted(np.argsort(states.var(axis=0))[-5:])
    assert _legend(below) == [f"unit {unit}" for unit in chosen]
    for unit in chosen:
        line = _by_label(below)[f"unit {unit}"]
        np.testing.assert_array_equal(line.get_ydata(), states[:, unit])
    assert above.get_xlim() == below.get_xlim() == (-0.5, 11.5)
    assert _words(below.xaxis) == SENTENCE
    np.testing.assert_array_equal(below.get_xticks(), range(12))


def test_a_map_of_states_has_its_title_and_few_units_are_all_drawn():
    fig = plotting.visualize_hidden_states(_states(9, 2), title="LSTM")
    assert _legend(fig.axes[1]) == ["unit 0", "unit 1"]
    assert fig.axes[0].get_title() == "LSTM"


def test_lines_stand_below_the_cells_of_their_step():
    fig = _visualize_hidden_states()
    fig.draw_without_rendering()
    above, below = (ax.get_window_extent() for ax in fig.axes[:2])
    assert above.x0 == pytest.approx(below.x0)
    assert above.x1 == pytest.approx(below.x1)
    assert above.y0 > below.y1


@pytest.mark.parametrize("steps", [1, 13, 41, 60, 120])
def test_a_word_stands_at_its_own_step_whether_or_not_some_are_left_out(steps):
    labels = [f"word{i}" for i in range(steps)]
    fig = plotting.state_along_time({"depth": np.zeros(steps)}, labels)
    [ax] = fig.axes
    places = ax.get_xticks()
    assert _words(ax.xaxis) == [labels[int(place)] for place in places]
    assert len(places) == steps if steps <= 41 else 20 <= len(places) <= 50
    ticks = {*places, *ax.get_xticks(minor=True)}
    assert ticks == set(range(steps))


def test_words_are_turned_only_where_they_have_no_room():
    def rotation(labels):
        fig = plotting.state_along_time({"depth": np.zeros(len(labels))}, labels)
        return {label.get_rotation() for label in fig.axes[0].get_xticklabels()}

    assert rotation(SENTENCE[:6]) == {0}
    assert rotation(REVIEW[:20]) == {90}
    assert rotation(BRACKETS * 3) == {0}  # turned brackets could not be told apart


def test_a_price_is_no_formula_and_a_long_word_is_cut():
    labels = ["$5", "$x$", "x" * 40]
    fig = plotting.visualize_hidden_states(_states(3, 2), labels)
    assert _words(fig.axes[1].xaxis) == ["$5", "$x$", "x" * 17 + "…"]
    assert not any(t.get_parse_math() for t in fig.axes[1].get_xticklabels())
    assert shorten("x" * 18) == "x" * 18


def test_states_that_are_all_zero_are_drawn():
    fig = plotting.visualize_hidden_states(np.zeros((3, 4)))
    assert fig.axes[0].images[0].get_clim() == (-1, 1)


def test_gates_share_a_scale_and_the_signed_candidate_stands_last():
    gates = _gates(12, 16)
    fig = _visualize_gate_activations()
    maps = [ax for ax in fig.axes if ax.get_ylabel() == "Unit"]
    assert [ax.get_title() for ax in maps] == ["input", "forget", "output", "candidate"]
    for ax in maps:
        [image] = ax.images
        np.testing.assert_array_equal(image.get_array(), gates[ax.get_title()].T)
        low = -1 if ax.get_title() == "candidate" else 0
        assert image.get_clim() == (low, 1)
    tops = [ax.get_position().y1 for ax in maps]
    assert tops == sorted(tops, reverse=True)
    bars = [ax.get_ylabel() for ax in fig.axes if ax not in maps]
    assert bars == ["Gate", "Candidate"]
    assert _words(maps[-1].xaxis) == SENTENCE


def test_gates_without_a_candidate_have_one_bar():
    gates = {"reset": np.full((4, 3), 0.25), "update": np.ones((4, 3))}
    fig = plotting.visualize_gate_activations(gates)
    assert [ax.get_ylabel() for ax in fig.axes] == ["Unit", "Unit", "Gate"]


def test_a_candidate_keeps_its_scale_even_where_it_is_positive():
    fig = plotting.visualize_gate_activations({"candidate": np.full((4, 3), 0.25)})
    assert fig.axes[0].images[0].get_clim() == (-1, 1)


HOLED = np.array([[0.1, np.nan]])


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plotting.visualize_hidden_states(HOLED), "states must be.*pads"),
        (lambda: plotting.visualize_hidden_states(np.zeros(3)), r"states must.*\(3,\)"),
        (lambda: plotting.visualize_hidden_states(np.zeros((0, 3))), "states must be"),
        (lambda: plotting.visualize_hidden_states(np.ones((2, 3)), ["a"]), "labels"),
        (lambda: plotting.visualize_gate_activations({}), "gates must hold"),
        (lambda: plotting.visualize_gate_activations({"c": [[1.5]]}), r"\['c'\].*1.5"),
        (lambda: plotting.visualize_gate_activations({"input": HOLED}), r"gates\["),
        (
            lambda: plotting.visualize_gate_activations(
                {"a": [[0.5]], "b": [[0.5, 1]]}
            ),
            "one shape",
        ),
        (
            lambda: plotting.visualize_gate_activations({"a": [[0.5]]}, ["x", "y"]),
            "labels",
        ),
        (lambda: plotting.compare_final_states({}), "states must hold 1 to 12"),
        (
            lambda: plotting.compare_final_states({str(i): [1.0] for i in range(13)}),
            "got 13",
        ),
        (lambda: plotting.compare_final_states({"a": [1], "b": [1, 2]}), "one length"),
        (lambda: plotting.compare_final_states({"a": [np.nan]}), "states must be a"),
    ],
)
def test_what_are_no_states_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_final_states_are_rows_and_cosines_are_those_of_scipy():
    states = np.stack([_states(6, 16, seed=i)[-1] for i in range(3)])
    fig = _compare_final_states()
    left, right = [ax for ax in fig.axes if ax.get_title()]
    np.testing.assert_array_equal(left.images[0].get_array(), states)
    assert _words(left.yaxis) == [f"{name}  {i}" for i, name in enumerate(THREE, 1)]
    written = {text.get_position(): text.get_text() for text in right.texts}
    assert len(written) == 9
    for (column, row), text in written.items():
        value = 1 - cosine(states[row], states[column])
        assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.00501)
        assert right.images[0].get_array()[row, column] == pytest.approx(value)
    assert right.images[0].get_clim() == (-1, 1)


def test_a_final_state_of_zeros_has_no_direction():
    fig = plotting.compare_final_states({"none": np.zeros(4), "some": np.ones(4)})
    [right] = [ax for ax in fig.axes if ax.get_title() == "Cosine"]
    assert [text.get_text() for text in right.texts] == ["0.00", "0.00", "0.00", "1.00"]


# Paths


def _written(ax):
    """Word -> the points it is written at."""
    found = {}
    for text in ax.texts:
        assert isinstance(text, Annotation)
        if text.get_text():
            found.setdefault(text.get_text(), []).append(tuple(text.xy))
    return found


def test_paths_are_drawn_each_in_its_look_from_start_to_end():
    ax = _visualize_hidden_state_pca().axes[0]
    paths, lines = _paths(*THREE), _by_label(ax)
    for name, path in paths.items():
        np.testing.assert_array_equal(lines[name].get_xydata(), path)
    for look in ("get_color", "get_linestyle", "get_marker"):
        assert len({getattr(lines[name], look)() for name in THREE}) == 3
    marked = [tuple(point) for c in ax.collections for point in c.get_offsets()]
    ends = [tuple(path[i]) for path in paths.values() for i in (0, -1)]
    assert marked == ends
    assert _legend(ax) == [*THREE, "start", "end"]
    assert ax.get_xlabel() == "PC 1 (63 % of variance)"
    assert ax.get_ylabel() == "PC 2 (20 % of variance)"


def test_arrows_point_along_the_path():
    name = "one two three four"
    [path] = _paths(name).values()
    ax = _pca(name).axes[0]
    arrows = [text for text in ax.texts if not text.get_text()]
    assert len(arrows) == 3
    for arrow, step in zip(arrows, np.diff(path, axis=0), strict=True):
        way = np.subtract(arrow.xy, arrow.xyann)
        np.testing.assert_allclose(
            way / np.linalg.norm(way), step / np.linalg.norm(step)
        )


def test_every_word_of_a_short_path_stands_at_its_step():
    words = list("abcdefghijklmno")
    circle = np.exp(2j * np.pi * np.arange(15) / 15)
    path = np.stack([circle.real, circle.imag], axis=1)
    fig = plotting.visualize_hidden_state_pca({"x": path}, (0.5, 0.5), {"x": words})
    expected = {word: [tuple(p)] for word, p in zip(words, path, strict=True)}
    [ax] = fig.axes
    assert _written(ax) == expected
    fig.draw_without_rendering()
    ends = np.stack([path[:-1], path[1:]])
    line = [ends[0] + share * (ends[1] - ends[0]) for share in np.linspace(0, 1, 21)]
    for text in ax.texts:
        box = text.get_window_extent() if text.get_text() else None
        for x, y in ax.transData.transform(np.concatenate(line)):
            assert box is None or not box.contains(x, y), text.get_text()


def test_words_of_a_long_path_are_thinned():
    name = " ".join(f"{i:02d}-is-a-long-word" for i in range(60))
    fig = _pca(name)
    fig.draw_without_rendering()
    ax, [path] = fig.axes[0], _paths(name).values()
    written = _written(ax)
    assert 8 <= len(written) <= 15
    assert {"00", "59"} <= {word[:2] for word in written}
    for word, [place] in written.items():
        assert place == tuple(path[int(word[:2])])


def test_a_word_at_the_edge_stays_in_the_axes():
    paths, words = {"x": np.array([[0, 0], [1, 1]])}, {"x": ["W" * 18] * 2}
    fig = plotting.visualize_hidden_state_pca(paths, (0.5, 0.5), words, equal=False)
    fig.draw_without_rendering()
    [ax] = fig.axes
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text()]
    assert len(boxes) == 2
    for box in boxes:
        assert (box.min >= ax.bbox.min).all()
        assert (box.max <= ax.bbox.max).all()


def test_words_do_not_move_the_axes_in_which_they_found_their_places():
    """Not even words so long that the layout would make room for them."""
    fig = _visualize_hidden_state_pca()
    [ax] = fig.axes
    fig.draw_without_rendering()
    before = ax.get_position().bounds
    for text in ax.texts:
        text.set_text(text.get_text() and "W" * 30)
    assert set(_written(ax)) == {"W" * 30}
    fig.draw_without_rendering()
    assert ax.get_position().bounds == pytest.approx(before)


def test_a_word_is_written_once_at_a_point_that_sequences_share_and_again_elsewhere():
    one = np.array([[0.0, 0], [1, 0], [2, 1]])
    other = np.array([[0.0, 0], [1, 0], [2, -1]])
    labels = {"one": ["the", "cat", "sat"], "other": ["the", "cat", "the"]}
    paths = {"one": one, "other": other}
    fig = plotting.visualize_hidden_state_pca(paths, (0.9, 0.1), labels)
    written = {word: len(at) for word, at in _written(fig.axes[0]).items()}
    assert written == {"the": 2, "cat": 1, "sat": 1}


def test_distances_are_equal_on_both_axes_unless_asked_otherwise():
    def unit_lengths(equal):
        paths = _paths("one two three")
        fig = plotting.visualize_hidden_state_pca(paths, (0.5, 0.2), equal=equal)
        fig.draw_without_rendering()
        origin, right, up = fig.axes[0].transData.transform([(0, 0), (1, 0), (0, 1)])
        return right[0] - origin[0], up[1] - origin[1]

    across, upward = unit_lengths(True)
    assert across == pytest.approx(upward)
    across, upward = unit_lengths(False)
    assert across != pytest.approx(upward, rel=0.05)


def test_paths_without_labels_have_no_words_and_one_step_has_no_start():
    paths = {"a": np.zeros((1, 2)), "b": np.ones((1, 2))}
    ax = plotting.visualize_hidden_state_pca(paths, (0, 0)).axes[0]
    assert _written(ax) == {}
    assert _legend(ax) == ["a", "b", "end"]
    assert len(ax.collections) == 2


@pytest.mark.parametrize(
    ("paths", "explained", "labels", "message"),
    [
        ({}, (0.5, 0.2), None, "paths must hold"),
        ({"a": np.zeros((0, 2))}, (0.5, 0.2), None, "paths must hold"),
        ({"a": np.zeros((3, 16))}, (0.5, 0.2), None, r"\['a'\].*\(3, 16\)"),
        ({"a": np.full((3, 2), np.nan)}, (0.5, 0.2), None, r"\['a'\].*pads"),
        ({"a": np.zeros((3, 2))}, (0.5,), None, "explained"),
        ({"a": np.zeros((3, 2))}, (0.5, 0.2), {"b": "xyz"}, "labels.*'a'"),
        ({"a": np.zeros((3, 2))}, (0.5, 0.2), {"a": "xy"}, r"labels\['a'\].*3.*2"),
    ],
)
def test_what_are_no_paths_is_refused(paths, explained, labels, message):
    with pytest.raises(ValueError, match=message):
        plotting.visualize_hidden_state_pca(paths, explained, labels)


def test_a_figure_of_paths_has_its_title():
    path = {"a": np.eye(3, 2)}
    fig = plotting.visualize_hidden_state_pca(path, (0.5, 0.2), title="One basis")
    assert fig.axes[0].get_title() == "One basis"


# Readings


def test_readings_stand_above_their_words_in_their_framework_s_colour():
    [ax] = _state_along_time().axes
    lines = _by_label(ax)
    for seed, name in enumerate(("PyTorch", "Keras")):
        np.testing.assert_array_equal(
            lines[name].get_ydata(), _states(12, 1, seed=seed)[:, 0]
        )
        assert same_color(lines[name].get_color(), COLOURS[name])
    assert lines["PyTorch"].get_linestyle() != lines["Keras"].get_linestyle()
    assert _legend(ax) == ["PyTorch", "Keras"]
    assert _words(ax.xaxis) == SENTENCE
    assert ax.get_ylabel() == "Logit"


def test_a_single_reading_needs_no_legend_and_zero_is_marked():
    [ax] = plotting.state_along_time({"depth": [2.0, 3.0]}).axes
    assert ax.get_legend() is None
    drawn = [list(line.get_ydata()) for line in ax.lines]
    assert drawn == [[0, 0], [2, 3]]


def test_a_probe_is_drawn_group_by_group_beside_the_line_of_equality():
    [ax] = _probe_scatter().axes
    points = _points(ax)
    depth = np.repeat(np.arange(9.0), 8)
    assert points["trained"] == [[d, d + 0.2] for d in depth]
    assert points["untrained"] == [[d, 4.0] for d in depth]
    assert _legend(ax) == ["equal", "trained", "untrained"]
    [line] = ax.lines
    assert (line.get_xy1(), line.get_slope()) == ((0, 0), 1)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Depth", "Reading")


def test_eigenvalues_are_drawn_in_the_plane_and_those_not_inside_are_counted():
    fig = plotting.eigenvalue_plot(
        {"origin": [0.5 + 0.5j, -1, 1.2], "b": np.array([0.3])}
    )
    fig.draw_without_rendering()
    [ax] = fig.axes
    points = _points(ax)
    assert points["origin (2 of 3 not inside)"] == [[0.5, 0.5], [-1, 0], [1.2, 0]]
    assert points["b (0 of 1 not inside)"] == [[0.3, 0]]
    circle = _by_label(ax)["unit circle"].get_xydata()
    np.testing.assert_allclose(np.linalg.norm(circle, axis=1), 1)
    origin, right, up = ax.transData.transform([(0, 0), (1, 0), (0, 1)])
    assert right[0] - origin[0] == pytest.approx(up[1] - origin[1])


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plotting.state_along_time({}), "values must hold"),
        (lambda: plotting.state_along_time({"a": [[1, 2]]}), "values must hold"),
        (lambda: plotting.state_along_time({"a": []}), "values must hold"),
        (lambda: plotting.state_along_time({"a": [1], "b": [1, 2]}), "one length"),
        (lambda: plotting.state_along_time({"a": [1, 2]}, ["x"]), "labels"),
        (
            lambda: plotting.probe_scatter([1, 2], [1], "x", "y", ["a", "a"]),
            "equally long",
        ),
        (
            lambda: plotting.probe_scatter([1], [1], "x", "y", ["a", "b"]),
            "equally long",
        ),
        (lambda: plotting.eigenvalue_plot({}), "eigenvalues"),
        (lambda: plotting.eigenvalue_plot({"a": np.array([])}), "eigenvalues"),
    ],
)
def test_what_are_no_readings_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_no_two_of_many_series_look_the_same():
    many = [(look["color"], look["marker"]) for look in islice(looks(), 42)]
    assert len(set(many)) == 42
    assert all(to_rgba(colour)[3] == 1 for colour, _ in many)


def test_states_in_plane_draws_every_point_once():
    rng = np.random.default_rng(0)
    cloud, stable = rng.normal(size=(50, 2)), np.array([[1.0, 2.0]])
    marked = {"stable": stable, "not stable": np.empty((0, 2))}
    fig = plotting.states_in_plane(cloud, (0.7, 0.1), marked, "Fixed points")
    [ax] = fig.axes
    drawn = {each.get_label(): each.get_offsets() for each in ax.collections}
    assert list(drawn) == ["states", "stable"]  # an empty group has no mark
    np.testing.assert_array_equal(drawn["states"], cloud)
    np.testing.assert_array_equal(drawn["stable"], stable)
    assert ax.get_xlabel() == "PC 1 (70 % of variance)"
    assert ax.get_title() == "Fixed points"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"cloud": np.ones((3, 3))}, "cloud"),
        ({"cloud": np.full((3, 2), np.nan)}, "cloud"),
        ({"explained": (0.5,)}, "explained"),
        ({"marked": {"a": np.ones(2)}}, "marked"),
    ],
)
def test_states_in_plane_names_what_is_wrong(change, name):
    good = {"cloud": np.ones((3, 2)), "explained": (0.5, 0.2), "marked": {}}
    with pytest.raises(ValueError, match=name):
        plotting.states_in_plane(**(good | change))
