"""The solutions of notebook 3 agree with Keras and with PyTorch."""

import inspect
import warnings
from itertools import combinations, product

import keras
import numpy as np
import pytest
import torch
from torch import nn

from helpers import interview

# Wrong answers overflow.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def _cases(drill, count=50):
    rng = np.random.default_rng(2)
    return (*drill.cases, *(drill.random_case(rng) for _ in range(count)))


def test_drills_are_the_five_of_the_notebook():
    ids = [drill.id for drill in interview.drills(3)]
    assert ids == [f"3.{number}" for number in range(1, 6)]


def test_lstm_step_equals_keras():
    drill = interview.get("3.1")
    for x, h, c, W_x, W_h, b in _cases(drill, count=10):
        cell = keras.layers.LSTMCell(len(W_h), dtype="float64")
        cell.build((None, len(W_x)))
        cell.set_weights([W_x, W_h, b])
        output, states = cell(x, [h, c])
        got = drill.solution(x, h, c, W_x, W_h, b)
        for array, expected in zip(got, states, strict=True):
            np.testing.assert_allclose(array, expected, rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(output, states[0])


def test_lstm_step_equals_torch():
    drill = interview.get("3.1")
    for x, h, c, W_x, W_h, b in _cases(drill):
        cell = nn.LSTMCell(len(W_x), len(W_h), dtype=torch.float64)
        weights = (W_x.T, W_h.T, b, np.zeros_like(b))
        with torch.no_grad():
            for parameter, weight in zip(cell.parameters(), weights, strict=True):
                parameter.copy_(torch.tensor(weight))
            states = cell(torch.tensor(x), (torch.tensor(h), torch.tensor(c)))
        got = drill.solution(x, h, c, W_x, W_h, b)
        for array, expected in zip(got, states, strict=True):
            np.testing.assert_allclose(array, expected.numpy(), rtol=1e-9, atol=1e-9)


def test_lstm_step_meets_huge_sums_of_both_signs_without_a_warning():
    drill = interview.get("3.1")
    extremes = []
    for x, h, c, W_x, W_h, b in _cases(drill):
        sums = x @ W_x + h @ W_h + b
        extremes += [sums.min(), sums.max()]
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            got = drill.solution(x, h, c, W_x, W_h, b)
        assert np.isfinite(got).all()
    assert min(extremes) < -3000
    assert max(extremes) > 3000


def _count_by_keras(vocab_size, embedding_dim, hidden_size, bidirectional):
    lstm = keras.layers.LSTM(hidden_size)
    layers = {
        "embedding": keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True),
        "lstm": keras.layers.Bidirectional(lstm) if bidirectional else lstm,
        "dropout": keras.layers.Dropout(0.5),
        "dense": keras.layers.Dense(1, activation="sigmoid"),
    }
    model = keras.Sequential([keras.Input((None,)), *layers.values()])
    counts = {name: layer.count_params() for name, layer in layers.items()}
    assert counts.pop("dropout") == 0
    return counts | {"total": model.count_params()}


def _count_by_torch(vocab_size, embedding_dim, hidden_size, bidirectional):
    width = (2 if bidirectional else 1) * hidden_size
    modules = {
        "embedding": nn.Embedding(vocab_size, embedding_dim, padding_idx=0),
        "lstm": nn.LSTM(embedding_dim, hidden_size, bidirectional=bidirectional),
        "dense": nn.Linear(width, 1),
    }
    counts = {
        name: sum(parameter.numel() for parameter in module.parameters())
        for name, module in modules.items()
    }
    return counts | {"total": sum(counts.values())}


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("sizes", [(1000, 32, 64), (20, 3, 5), (7, 4, 1)])
def test_count_model_parameters_equals_both_frameworks(sizes, bidirectional):
    count = interview.get("3.2").solution
    expected = _count_by_keras(*sizes, bidirectional)
    assert count(*sizes, bidirectional, "keras") == expected
    expected = _count_by_torch(*sizes, bidirectional)
    assert count(*sizes, bidirectional, "pytorch") == expected


def test_count_model_parameters_of_the_model_in_the_prompt():
    drill = interview.get("3.2")
    counts = {"embedding": 32_000, "lstm": 24_832, "dense": 65, "total": 56_897}
    assert drill.solution(1000, 32, 64) == counts
    assert drill.solution(1000, 32, 64, framework="pytorch")["total"] == 57_153
    for part in ("56,897", "57,153", "1.4"):
        assert part in drill.prompt


def _returned_by_keras(batch, steps, hidden_size, sequences, state, bidirectional):
    layer = keras.layers.LSTM(
        hidden_size, return_sequences=sequences, return_state=state
    )
    if bidirectional:
        layer = keras.layers.Bidirectional(layer)
    x = np.random.default_rng(0).normal(size=(batch, steps, 2)).astype(np.float32)
    returned = layer(x)
    returned = returned if isinstance(returned, list | tuple) else [returned]
    return [np.array(array) for array in returned]


@pytest.mark.parametrize("switches", list(product([False, True], repeat=3)))
def test_output_shapes_equal_keras(switches):
    predict = interview.get("3.3").solution
    for sizes in [(2, 3, 4), (1, 1, 1)]:
        expected = [array.shape for array in _returned_by_keras(*sizes, *switches)]
        assert predict(*sizes, *switches) == expected
    if not switches[2]:
        assert predict(2, 3, 4, *switches[:2]) == predict(2, 3, 4, *switches)


def test_bidirectional_returns_the_forward_states_first():
    output, *states = _returned_by_keras(2, 3, 4, False, True, True)
    np.testing.assert_array_equal(states[0], output[:, :4])
    np.testing.assert_array_equal(states[2], output[:, 4:])


def test_every_combination_of_the_switches_is_a_fixed_case():
    drill = interview.get("3.3")
    combinations_tried = {case[3:] for case in drill.cases}
    assert combinations_tried == set(product([False, True], repeat=3))


@pytest.mark.parametrize(
    "rows",
    [
        ("###..", "#....", "####."),
        ("..###", "....#", ".####"),
        ("#.##.", ".#..#", "....."),
    ],
)
def test_run_masked_equals_keras(rows):
    rng = np.random.default_rng(0)
    mask = np.array([[sign == "#" for sign in row] for row in rows])
    x, state = rng.normal(size=(*mask.shape, 2)), rng.normal(size=(len(rows), 4))
    W_x, W_h, b = (rng.normal(size=size) for size in ((2, 4), (4, 4), 4))
    layer = keras.layers.SimpleRNN(4, return_state=True, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([W_x, W_h, b])
    _, expected = layer(x, mask=mask, initial_state=state)

    def step(x_t, state):
        return np.tanh(x_t @ W_x + state @ W_h + b)

    got = interview.get("3.4").solution(step, x, mask, state)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)


def test_run_masked_meets_every_kind_of_mask():
    kinds = set()
    for _, x, mask, state in _cases(interview.get("3.4")):
        for row in mask.astype(int):
            jumps = set(np.diff(row).tolist()) - {0}
            pads = {frozenset({-1}): "right", frozenset({1}): "left"}
            same = "all" if row.all() else "none"
            kinds.add(pads.get(frozenset(jumps), "holes") if jumps else same)
        kinds |= {"nan"} if np.isnan(x).any() else set()
        kinds |= {"square"} if len(state) == state.shape[1] > 1 else set()
        kinds |= {"zero"} if (state == 0).all() else set()
    assert kinds == {"right", "left", "holes", "all", "none", "nan", "square", "zero"}


def test_run_masked_does_not_warn_of_nan():
    drill = interview.get("3.4")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for case in _cases(drill):
            assert np.isfinite(drill.solution(*case)).all()


def test_predict_sentiment_equals_keras_own_padding():
    drill = interview.get("3.5")
    for model, text, ids, max_steps in _cases(drill):
        row = [ids.get(word, ids["<unk>"]) for word in text.lower().split()]
        padded = keras.utils.pad_sequences(
            [row], maxlen=max_steps, padding="post", truncating="post"
        )
        p = model(padded)[0, 0]
        label, confidence = drill.solution(model, text, ids, max_steps)
        assert label == ("negative", "positive")[int(p >= 0.5)]
        assert confidence == pytest.approx(max(p, 1 - p))


@pytest.mark.parametrize("text", ["good " * 300, "good", ""])
def test_predict_sentiment_gives_the_model_200_ids_by_default(text):
    seen = []

    def model(ids):
        seen.append(ids)
        return np.array([[0.25]])

    got = interview.get("3.5").solution(model, text, {"good": 2})
    assert got == ("negative", 0.75)
    [ids] = seen
    assert ids.shape == (1, 200)
    assert ids.dtype.kind == "i"


# Wrong answers as people write them, not as the drills do.


def _logistic(z):
    return 1 / (1 + np.exp(-z))


def _stable(z):
    return np.where(z >= 0, _logistic(np.abs(z)), 1 - _logistic(np.abs(z)))


def _lstm(
    order="ifgo",
    sigmoid=_stable,
    candidate=np.tanh,
    cell="f * c + i * g",
    out="o * np.tanh(new)",
    recurrent=1,
    bias=1,
):
    def step(x, h, c, W_x, W_h, b):
        n = h.shape[1]
        z = np.concatenate([x, recurrent * h, bias * np.ones((len(x), 1))], axis=1)
        z = z @ np.vstack([W_x, W_h, b])
        part = {name: z[:, k * n : (k + 1) * n] for k, name in enumerate(order)}
        names = {"np": np, "c": c, "g": candidate(part["g"])}
        names |= {name: sigmoid(part[name]) for name in "ifo"}
        names["new"] = eval(cell, names)
        return eval(out, names), names["new"]

    return step


def _cell_first(x, h, c, W_x, W_h, b):
    h, c = _lstm()(x, h, c, W_x, W_h, b)
    return c, h


def _model_counts(bias, *, dense=lambda h, d: d * h + 1, blocks=4, rows=0):
    def count(V, E, H, bidirectional, framework):
        d = 1 + bidirectional
        n = bias[framework]
        lstm = d * blocks * (E * H + H * H + n * H)
        parts = [(V + rows) * E, lstm, dense(H, d)]
        names = ("embedding", "lstm", "dense", "total")
        return dict(zip(names, [*parts, sum(parts)], strict=True))

    def answer(vocab_size, embedding_dim, hidden_size, bidirectional, framework):
        return count(vocab_size, embedding_dim, hidden_size, bidirectional, framework)

    return answer


_BIAS = {"keras": 1, "pytorch": 2}


def _shapes(output, states):
    def answer(
        batch, steps, hidden_size, return_sequences, return_state, bidirectional
    ):
        shape = output(batch, steps, hidden_size, return_sequences, bidirectional)
        if not return_state:
            return [shape]
        return [shape, *states(batch, steps, hidden_size, bidirectional)]

    return answer


def _right_output(n, t, h, sequences, both):
    h = h * (1 + both)
    return (n, t, h) if sequences else (n, h)


def _right_states(n, t, h, both):
    return [(n, h)] * (4 if both else 2)


def _without_batch(n, t, h, sequences, both):
    return _right_output(n, t, h, sequences, both)[1:]


def _states_without_batch(n, t, h, both):
    return [(h,)] * (4 if both else 2)


def _zero_state(step, x, mask, state):
    for t in range(x.shape[1]):
        state = step(x[:, t], state)
        state[~mask[:, t]] = 0
    return state


def _zero_input(step, x, mask, state):
    x = x.copy()
    x[~mask] = 0
    for t in range(x.shape[1]):
        state = step(x[:, t], state)
    return state


def _blend(step, x, mask, state):
    for t in range(x.shape[1]):
        m = mask[:, t : t + 1].astype(float)
        state = m * step(x[:, t], state) + (1 - m) * state
    return state


def _longest(step, x, mask, state):
    for t in range(max(mask.sum(axis=1))):
        state = step(x[:, t], state)
    return state


def _shortest(step, x, mask, state):
    for t in range(min(mask.sum(axis=1))):
        state = step(x[:, t], state)
    return state


def _at_length(step, x, mask, state):
    every = []
    for t in range(x.shape[1]):
        state = step(x[:, t], state)
        every.append(state)
    lengths = mask.sum(axis=1)
    return np.stack(every, axis=1)[np.arange(len(x)), lengths - 1]


def _from_zeros(step, x, mask, state):
    state = state * 0
    for t in range(x.shape[1]):
        state = np.where(mask[:, t][:, None], step(x[:, t], state), state)
    return state


def _unequal_axes(step, x, mask, state):
    for t in range(x.shape[1]):
        state = np.where(mask[:, t], step(x[:, t], state), state)
    return state


def _rows_at_once(step, x, mask, state):
    state = state.copy()
    for t in range(x.shape[1]):
        real = mask[:, t]
        state[real] = step(x[real, t], state[real])
    return state


WRONG = [
    ("3.1", "order input, forget, output, candidate;", _lstm("ifog")),
    ("3.1", "order forget, input, candidate, output;", _lstm("figo")),
    ("3.1", "order input, candidate, forget, output;", _lstm("igfo")),
    ("3.1", "order input, output, forget, candidate;", _lstm("iofg")),
    ("3.1", "sigmoid stands on the candidate", _lstm(candidate=_stable)),
    ("3.1", "tanh on the cell is missing", _lstm(out="o * new")),
    ("3.1", "input gate is missing", _lstm(cell="f * c + g")),
    ("3.1", "forget gate is missing", _lstm(cell="c + i * g")),
    ("3.1", "from the old cell", _lstm(out="o * np.tanh(c)")),
    ("3.1", "old `h` is not used", _lstm(recurrent=0)),
    ("3.1", "bias is missing", _lstm(bias=0)),
    ("3.1", "swapped", _cell_first),
    ("3.1", "is NaN", _lstm(sigmoid=lambda z: np.exp(z) / (np.exp(z) + 1))),
    ("3.2", "one bias is counted", _model_counts({"keras": 1, "pytorch": 1})),
    ("3.2", "two biases are counted", _model_counts({"keras": 2, "pytorch": 2})),
    ("3.2", "three blocks", _model_counts(_BIAS, blocks=3)),
    ("3.2", "Dense has no bias", _model_counts(_BIAS, dense=lambda h, d: d * h)),
    ("3.2", "reads both directions", _model_counts(_BIAS, dense=lambda h, d: h + 1)),
    ("3.2", "row of the pads is left out", _model_counts(_BIAS, rows=-1)),
    ("3.3", "batch is left out", _shapes(_without_batch, _states_without_batch)),
    (
        "3.3",
        "the states have an axis of steps",
        _shapes(_right_output, lambda n, t, h, both: [(n, t, h)] * (2 + 2 * both)),
    ),
    (
        "3.3",
        "the states are twice as wide",
        _shapes(
            _right_output, lambda n, t, h, both: [(n, h + both * h)] * (2 + 2 * both)
        ),
    ),
    (
        "3.3",
        "two states of twice the width",
        _shapes(_right_output, lambda n, t, h, both: [(n, h + both * h)] * 2),
    ),
    (
        "3.3",
        "come back once only",
        _shapes(_right_output, lambda n, t, h, both: [(n, h), (n, h)]),
    ),
    (
        "3.3",
        "`return_sequences` is ignored",
        _shapes(lambda n, t, h, s, both: (n, h + both * h), _right_states),
    ),
    ("3.4", "sets the state to zero", _zero_state),
    ("3.4", "inputs are set to zero", _zero_input),
    ("3.4", "NaN comes in", _blend),
    ("3.4", "runs to its longest row", _longest),
    ("3.4", "stops at its shortest row", _shortest),
    ("3.4", "at index length - 1", _at_length),
    ("3.4", "starts from zeros", _from_zeros),
    ("3.4", "lies along the units", _unequal_axes),
]


@pytest.mark.parametrize(("drill_id", "words", "function"), WRONG)
def test_typical_wrong_answer_is_named(drill_id, words, function, capsys):
    assert not interview.check(drill_id, function)
    printed = capsys.readouterr().out
    assert printed.startswith(f"{drill_id} not yet: ")
    assert words in printed


OTHER_RIGHT = [
    ("3.1", _lstm()),
    ("3.2", _model_counts(_BIAS)),
    ("3.3", _shapes(_right_output, _right_states)),
    ("3.4", _rows_at_once),
]


@pytest.mark.parametrize(("drill_id", "function"), OTHER_RIGHT)
def test_another_right_answer_passes(drill_id, function, capsys):
    assert interview.check(drill_id, function), capsys.readouterr().out


def test_plain_sigmoid_is_exact_but_numpy_warns():
    with pytest.warns(RuntimeWarning, match="overflow encountered in exp"):
        assert interview.check("3.1", _lstm(sigmoid=_logistic))


REPAIRS = {
    "case": ("text.split()", "text.lower().split()"),
    "unknown": ("[ids[word] for word in text.split() if word in ids]", None),
    "cut": ("[-max_steps:]", "[:max_steps]"),
    "confidence": ('"negative"), p', '"negative"), max(p, 1 - p)'),
}
UNKNOWN = "[ids.get(word, 1) for word in text.split()]"
ZEROED = "[ids.get(word, 0) for word in text.split()]"
CLUES = {  # in the message while more than one mistake is left, and for the last one
    "case": ("capital letters", "a capital letter"),
    "unknown": ("a word that `ids` does not hold", "as nothing at all"),
    "cut": ("more than `max_steps` words", "another part than in training"),
    "confidence": ("the model finds negative", "that of the other label"),
}
VERDICTS = (
    "3.5 passed",
    "3.5 not yet: one to go",
    "3.5 not yet: two to go",
    "3.5 not yet: three to go",
    "3.5 not attempted: this is still the code as given",
)
FIXES = ["lower", "ids.get", "max_steps]", "1 - p", "max(", "<unk>", "first"]


def _partly_repaired(names, unknown=UNKNOWN):
    code = interview.stub("3.5")
    # The words' loop goes first: another repair changes a part of it.
    for name in sorted(names, key=lambda name: name != "unknown"):
        old, new = REPAIRS[name]
        assert code.count(old) == 1
        code = code.replace(old, new or unknown)
    return _function(code)


def _function(code):
    namespace = {"np": np}  # all that a notebook's cell may rely on
    exec(code, namespace)
    return namespace["predict_sentiment"]


def _answer_about(function, capsys):
    interview.check("3.5", function)
    return capsys.readouterr().out


def _named(answer, count):
    return {name for name in CLUES if CLUES[name][count == 1] in answer}


@pytest.mark.parametrize("count", range(5))
def test_each_repair_of_the_code_as_given_is_told_apart(count, capsys):
    answers = set()
    subsets = list(combinations(REPAIRS, count))
    for repaired in subsets:
        answer = _answer_about(_partly_repaired(repaired), capsys)
        answers.add(answer)
        left = REPAIRS.keys() - repaired
        assert VERDICTS[len(left)] in answer
        if 0 < len(left) < 4:
            assert _named(answer, len(left)) == left
        assert not any(fix in answer for fix in FIXES)
    assert len(answers) == len(subsets)


@pytest.mark.parametrize("count", range(4))
def test_unknown_words_as_pads_are_no_repair(count, capsys):
    for repaired in combinations(REPAIRS.keys() - {"unknown"}, count):
        function = _partly_repaired(("unknown", *repaired), unknown=ZEROED)
        answer = _answer_about(function, capsys)
        left = REPAIRS.keys() - repaired
        words = ("one", "two", "three", "four")[len(left) - 1]
        assert f"3.5 not yet: {words} to go" in answer
        assert _named(answer, len(left)) == left


def test_code_as_given_raises_no_error():
    given = _partly_repaired(())
    for case in _cases(interview.get("3.5")):
        label, confidence = given(*case)
        assert label in ("negative", "positive")
        assert 0 <= confidence <= 1


def test_first_hint_of_the_debugging_drill_gives_no_fix_away():
    first_hint = interview.get("3.5").hints[0]
    assert not any(fix in first_hint for fix in FIXES)


# Each has all of the code repaired, and one thing wrong still, or again.
SLIPS = {
    "not cut at all": ("[:max_steps]", ""),
    "zeros stand on the left": (
        "row + [0] * (max_steps - len(row))",
        "[0] * (max_steps - len(row)) + row",
    ),
    "not filled up": (" + [0] * (max_steps - len(row))", ""),
    "right for negative texts": ('("positive", p)', '("positive", 1 - p)'),
    "labels are swapped": (">= 0.5", "< 0.5"),
}


@pytest.mark.parametrize("words", SLIPS)
def test_new_slip_in_the_repaired_code_is_named(words, capsys):
    code = inspect.getsource(interview.get("3.5").solution)
    old, new = SLIPS[words]
    assert code.count(old) == 1
    answer = _answer_about(_function(code.replace(old, new)), capsys)
    assert answer.startswith("3.5 not yet: ")
    assert words in answer
