"""Traces recomputed from the weights are what the layers of both frameworks went through."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers import parity
from helpers.arguments import CELLS
from helpers.keras import classifier as keras_classifier
from helpers.keras import next_item as keras_next_item
from helpers.keras import tracing as keras_tracing
from helpers.keras import translator as keras_translator
from helpers.pytorch import classifier as torch_classifier
from helpers.pytorch import next_item as torch_next_item
from helpers.pytorch import tracing as torch_tracing
from helpers.pytorch import translator as torch_translator
from helpers.scratch import GRUWeights, LSTMWeights, RNNWeights
from helpers.scratch.traces import trace_cell, trace_stack

FEATURES, HIDDEN = 3, 4
LENGTHS = np.array([3, 1, 5, 2])
STEPS = max(LENGTHS)
TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
TRACING = {"pytorch": torch_tracing, "keras": keras_tracing}
WEIGHTS = {"rnn": RNNWeights, "lstm": LSTMWeights, "gru": GRUWeights}
NAMES = {
    "rnn": ("h",),
    "lstm": ("h", "c", "input", "forget", "candidate", "output"),
    "gru": ("h", "reset", "update", "candidate"),
}
KERAS_LAYERS = {
    "rnn": keras.layers.SimpleRNN,
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
}

frameworks = pytest.mark.parametrize("framework", TRACING)
cells = pytest.mark.parametrize("cell", CELLS)
gated = pytest.mark.parametrize("cell", ["lstm", "gru"])
dtypes = pytest.mark.parametrize("dtype", TOLERANCE)
depths = pytest.mark.parametrize("num_layers", [1, 2])
directions = pytest.mark.parametrize("bidirectional", [False, True])


def draw_batch(dtype="float32", lengths=LENGTHS, seed=0):
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(len(lengths), max(lengths), FEATURES)).astype(dtype)
    return inputs * real_steps(lengths)[:, :, None]


def real_steps(lengths, steps=None):
    return np.arange(steps or max(lengths)) < np.asarray(lengths)[:, None]


def torch_layer(cell, num_layers=1, bidirectional=False, dtype="float32", **options):
    """A layer whose weights are all far from 0, biases too."""
    kind = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell]
    options = {"batch_first": True, "bidirectional": bidirectional} | options
    layer = kind(FEATURES, HIDDEN, num_layers, **options).to(getattr(torch, dtype))
    rng = np.random.default_rng(1)
    for value in layer.parameters():
        value.data = torch.tensor(rng.normal(0, 0.7, value.shape), dtype=value.dtype)
    return layer


def keras_layer(cell, num_layers=1, bidirectional=False, dtype="float32", **options):
    """The same as a list of layers, with weights of their own."""
    rng, stack, width = np.random.default_rng(2), [], FEATURES
    options = {"return_sequences": True, "return_state": True} | options
    for _ in range(num_layers):
        layer = KERAS_LAYERS[cell](HIDDEN, dtype=dtype, **options)
        if bidirectional:
            layer = keras.layers.Bidirectional(layer, dtype=dtype)
        layer.build((None, None, width))
        layer.set_weights([rng.normal(0, 0.7, w.shape) for w in layer.get_weights()])
        stack.append(layer)
        width = HIDDEN * (1 + bidirectional)
    return stack


def own_torch(layer, inputs):
    """The layer's own last states, and every direction's final ones, through packing."""
    packed = pack_padded_sequence(
        torch.tensor(inputs),
        torch.tensor(LENGTHS),
        batch_first=True,
        enforce_sorted=False,
    )
    with torch.no_grad():
        states, final = layer(packed)
    final = final if isinstance(final, tuple) else (final,)
    states, _ = pad_packed_sequence(states, batch_first=True)
    return states.numpy(), [list(each.numpy()) for each in final]


def own_keras(stack, inputs):
    """The same, through masks."""
    states, final = inputs, [[], []]
    for layer in stack:
        states, *last = layer(states, mask=real_steps(LENGTHS))
        directions = 1 + isinstance(layer, keras.layers.Bidirectional)
        kinds = len(last) // directions
        for i, each in enumerate(last):
            final[i % kinds].append(np.asarray(each))
    return np.asarray(states), final


def make(framework, *args, **options):
    return {"pytorch": torch_layer, "keras": keras_layer}[framework](*args, **options)


def joined(traces):
    """The last layer's hidden states, both directions side by side."""
    last = max(name[0] for name in traces)
    return np.concatenate(
        [t["h"] for name, t in traces.items() if name[0] == last], axis=-1
    )


def before(trace, name):
    """A part one step earlier in the order of reading; zeros at the start."""
    result = np.zeros_like(trace[name])
    for row, length in enumerate(trace.lengths):
        part = trace[name][row, :length]
        if trace.reverse:
            result[row, : length - 1] = part[1:]
        else:
            result[row, 1:length] = part[:-1]
    return result


def assert_same_trace(first, second, tolerance):
    assert (first.cell, first.names) == (second.cell, second.names)
    assert first.reverse == second.reverse
    np.testing.assert_array_equal(first.lengths, second.lengths)
    np.testing.assert_allclose(first.inputs, second.inputs, rtol=0, atol=tolerance)
    for name in first.names:
        np.testing.assert_allclose(
            first[name], second[name], rtol=0, atol=tolerance, err_msg=name
        )


@frameworks
@cells
@depths
@directions
@dtypes
def test_states_are_the_layers_own(framework, cell, num_layers, bidirectional, dtype):
    layer = make(framework, cell, num_layers, bidirectional, dtype)
    inputs, tolerance = draw_batch(dtype), TOLERANCE[dtype]
    own = {"pytorch": own_torch, "keras": own_keras}[framework]
    states, final = own(layer, inputs)
    traces = TRACING[framework].trace_layer(layer, inputs, LENGTHS)

    suffixes = ("", "_reverse")[: 1 + bidirectional]
    assert list(traces) == [f"{d}{s}" for d in range(num_layers) for s in suffixes]
    real = real_steps(LENGTHS)
    np.testing.assert_allclose(
        joined(traces)[real], states[real], rtol=0, atol=tolerance
    )
    rows = np.arange(len(LENGTHS))
    for i, (name, trace) in enumerate(traces.items()):
        assert trace.reverse == name.endswith("_reverse")
        assert trace.cell == cell
        assert trace.names == NAMES[cell]
        assert {trace[part].dtype.name for part in trace.names} == {dtype}
        end = 0 if trace.reverse else LENGTHS - 1
        for part, layers_final in zip(("h", "c"), final, strict=False):
            if part in trace.names:
                np.testing.assert_allclose(
                    trace[part][rows, end], layers_final[i], rtol=0, atol=tolerance
                )


@frameworks
@cells
@directions
def test_states_recombine_from_the_gates(framework, cell, bidirectional):
    layer = make(framework, cell, 2, bidirectional, "float64")
    traces = TRACING[framework].trace_layer(layer, draw_batch("float64"), LENGTHS)
    weights = TRACING[framework].layer_weights(layer)
    assert list(weights) == list(traces)
    for name, trace in traces.items():
        real, h = real_steps(LENGTHS), before(trace, "h")
        if cell == "lstm":
            c = trace["forget"] * before(trace, "c")
            c = c + trace["input"] * trace["candidate"]
            pairs = [(c, "c"), (trace["output"] * np.tanh(trace["c"]), "h")]
        elif cell == "gru":
            kept = trace["update"] * h
            pairs = [((1 - trace["update"]) * trace["candidate"] + kept, "h")]
        else:
            own = weights[name]
            pairs = [(np.tanh(trace.inputs @ own.W_x + h @ own.W_h + own.b), "h")]
        for expected, part in pairs:
            np.testing.assert_allclose(
                trace[part][real], expected[real], rtol=0, atol=1e-12
            )


@gated
def test_gates_follow_the_formulas_of_the_documentation(cell):
    """Each gate by itself, from PyTorch's parameters and PyTorch's own states."""
    layer = torch_layer(cell, dtype="float64")
    x = torch.tensor(draw_batch("float64", lengths=[6, 6]))
    with torch.no_grad():
        h = nn.functional.pad(layer(x)[0], (0, 0, 1, 0))[:, :-1]
        from_x = (x @ layer.weight_ih_l0.T + layer.bias_ih_l0).split(HIDDEN, dim=2)
        from_h = (h @ layer.weight_hh_l0.T + layer.bias_hh_l0).split(HIDDEN, dim=2)
    expected = {}
    if cell == "lstm":
        names = ("input", "forget", "candidate", "output")
        for name, a, b in zip(names, from_x, from_h, strict=True):
            expected[name] = (
                torch.tanh(a + b) if name == "candidate" else torch.sigmoid(a + b)
            )
    else:
        expected["reset"] = torch.sigmoid(from_x[0] + from_h[0])
        expected["update"] = torch.sigmoid(from_x[1] + from_h[1])
        expected["candidate"] = torch.tanh(from_x[2] + expected["reset"] * from_h[2])
    trace = torch_tracing.trace_layer(layer, x)["0"]
    for name, gate in expected.items():
        np.testing.assert_allclose(trace[name], gate, atol=1e-12, err_msg=name)


@frameworks
@gated
def test_gates_are_no_hidden_states(framework, cell):
    layer = make(framework, cell, 2, True)
    candidates, real = [], real_steps(LENGTHS)
    for trace in TRACING[framework].trace_layer(layer, draw_batch(), LENGTHS).values():
        for name in trace.gates:
            gate = trace[name][real]
            assert 0 < gate.min() < 0.5 < gate.max() < 1
            assert np.abs(gate - trace["h"][real]).max() > 0.1
        candidates.append(trace["candidate"][real])
        rest = set(trace.names) - set(trace.gates)
        assert rest == {"h", "candidate"} | ({"c"} if cell == "lstm" else set())
    assert -1 < np.min(candidates) < 0 < np.max(candidates) < 1


@cells
@directions
def test_both_frameworks_give_the_same_trace(cell, bidirectional):
    in_torch = torch_layer(cell, 2, bidirectional)
    in_keras = keras_layer(cell, 2, bidirectional)
    parity.copy_weights(in_torch, in_keras)
    inputs = draw_batch()
    first = torch_tracing.trace_layer(in_torch, torch.tensor(inputs), LENGTHS)
    second = keras_tracing.trace_layer(in_keras, keras.ops.array(inputs), LENGTHS)
    assert list(first) == list(second)
    for name, trace in first.items():
        assert_same_trace(trace, second[name], 1e-5)


@frameworks
@cells
@pytest.mark.filterwarnings("error:invalid value", "error:overflow")
def test_pads_are_nan_and_change_nothing(framework, cell):
    layer = make(framework, cell, 2, True)
    trace_layer = TRACING[framework].trace_layer
    inputs, real = draw_batch(), real_steps(LENGTHS)
    expected = trace_layer(layer, inputs, LENGTHS)
    for trace in expected.values():
        for array in (trace.inputs, *trace.parts.values()):
            np.testing.assert_array_equal(np.isnan(array).any(axis=-1), ~real)
            np.testing.assert_array_equal(np.isnan(array).all(axis=-1), ~real)
    more = np.concatenate([inputs, inputs], axis=1)
    for rubbish in (7.0, np.nan, np.inf):
        more[~real_steps(LENGTHS, more.shape[1])] = rubbish
        for name, trace in trace_layer(layer, more, LENGTHS).items():
            for part in trace.names:
                assert np.isnan(trace[part][:, STEPS:]).all()
                np.testing.assert_allclose(
                    trace[part][:, :STEPS], expected[name][part], atol=1e-6
                )


@frameworks
@cells
def test_a_batch_of_one_and_a_sequence_of_one_step(framework, cell):
    """Each sequence alone, without pads or lengths, as in the batch."""
    layer = make(framework, cell, 2, True)
    inputs = draw_batch()
    together = TRACING[framework].trace_layer(layer, inputs, LENGTHS)
    for row, length in enumerate(LENGTHS):
        alone = inputs[row : row + 1, :length]
        for name, trace in TRACING[framework].trace_layer(layer, alone).items():
            assert trace.lengths.tolist() == [length]
            for part in trace.names:
                assert trace[part].shape == (1, length, HIDDEN)
                np.testing.assert_allclose(
                    trace[part][0], together[name][part][row, :length], atol=1e-6
                )


@cells
def test_reading_backwards_is_reading_the_reversed_sequence(cell):
    weights = WEIGHTS[cell].random(FEATURES, HIDDEN)
    inputs = draw_batch("float64")
    backwards = trace_cell(weights, inputs, LENGTHS, reverse=True)
    for row, length in enumerate(LENGTHS):
        turned = trace_cell(weights, inputs[row : row + 1, :length][:, ::-1])
        for part in turned.names:
            np.testing.assert_allclose(
                backwards[part][row, :length], turned[part][0, ::-1], atol=1e-12
            )


@frameworks
def test_an_update_gate_of_one_keeps_the_state(framework):
    """An input of 1 writes ``tanh(1)``; whatever else comes is not let in."""
    kernel = {"reset": 0.0, "update": -100.0, "candidate": 1.0}
    bias = {"reset": 0.0, "update": 50.0, "candidate": 0.0}
    if framework == "pytorch":
        layer, order = nn.GRU(1, 1, batch_first=True), ("reset", "update", "candidate")
        for value in layer.parameters():
            value.data.zero_()
        layer.weight_ih_l0.data[:, 0] = torch.tensor([kernel[name] for name in order])
        layer.bias_ih_l0.data[:] = torch.tensor([bias[name] for name in order])
    else:
        layer, order = keras.layers.GRU(1), ("update", "reset", "candidate")
        layer.build((None, None, 1))
        biases = [[bias[name] for name in order], [0.0] * 3]
        arrays = [[kernel[name] for name in order]], np.zeros((1, 3)), biases
        layer.set_weights([np.array(array) for array in arrays])
    inputs = np.array([1.0, 0.0, -1.0, 0.3], "float32").reshape(1, 4, 1)
    trace = TRACING[framework].trace_layer(layer, inputs)["0"]
    np.testing.assert_allclose(trace["update"][0, :, 0], [0, 1, 1, 1], atol=1e-6)
    np.testing.assert_allclose(trace["reset"], 0.5)
    np.testing.assert_allclose(trace["h"], np.tanh(1), rtol=1e-6)


@frameworks
@cells
def test_layers_without_biases(framework, cell):
    options = {"pytorch": {"bias": False}, "keras": {"use_bias": False}}[framework]
    layer = make(framework, cell, bidirectional=True, **options)
    own = {"pytorch": own_torch, "keras": own_keras}[framework]
    states, _ = own(layer, draw_batch())
    traces = TRACING[framework].trace_layer(layer, draw_batch(), LENGTHS)
    real = real_steps(LENGTHS)
    np.testing.assert_allclose(joined(traces)[real], states[real], atol=1e-5)


@cells
def test_steps_may_come_first_in_pytorch(cell):
    layer = torch_layer(cell, 2, True)
    expected = torch_tracing.trace_layer(layer, draw_batch(), LENGTHS)
    layer.batch_first = False
    traces = torch_tracing.trace_layer(layer, draw_batch().swapaxes(0, 1), LENGTHS)
    for name, trace in traces.items():
        assert_same_trace(trace, expected[name], 0)


@frameworks
@cells
def test_weights_are_copies(framework, cell):
    layer = make(framework, cell, 1, True)
    weights = TRACING[framework].layer_weights(layer)
    old = {(n, k): v.copy() for n, w in weights.items() for k, v in vars(w).items()}
    if framework == "pytorch":
        for value in layer.parameters():
            value.data.add_(1)
    else:
        for variable in layer[0].trainable_variables:
            variable.value.assign_add(np.ones(variable.shape, "float32"))
    for (name, key), value in old.items():
        np.testing.assert_array_equal(getattr(weights[name], key), value)
    later = TRACING[framework].layer_weights(layer)
    assert not np.array_equal(later["0"].W_x, weights["0"].W_x)


# Models: what a model feeds its recurrent layer goes in.

DROPOUT = {"dropout": 0.5, "embedding_dropout": 0.5, "word_dropout": 0.5}
WORDS = {"vocab_size": 9, "embedding_dim": 3, **DROPOUT}
FLOATS = {"num_features": FEATURES, "dropout": 0.5}


def draw_ids(size=9):
    rng = np.random.default_rng(0)
    return rng.integers(1, size, (len(LENGTHS), STEPS)) * real_steps(LENGTHS)


def own_states(model, method, *inputs):
    """What ``states`` or ``encode`` of either model gives for arrays."""
    if isinstance(model, nn.Module):
        inputs = tuple(map(torch.tensor, inputs))
    elif method == "states" and len(inputs) == 2:
        inputs = (inputs,)
    with torch.no_grad():
        result = getattr(model, method)(*inputs)
    return (result.values if method == "encode" else result).numpy()


def make_models(kind, **arguments):
    """The PyTorch model in training mode, the Keras model with the same weights."""
    modules = {
        "SequenceClassifier": (torch_classifier, keras_classifier),
        "NextItemModel": (torch_next_item, keras_next_item),
        "Translator": (torch_translator, keras_translator),
    }[kind]
    in_torch, in_keras = (getattr(each, kind)(**arguments) for each in modules)
    parity.copy_weights(in_torch, in_keras)
    return in_torch.train(), in_keras


def assert_traces_of_both(in_torch, in_keras, inputs, method, *more):
    """Both traces agree with each other and with what each model's ``method`` gives."""
    tensors = [torch.tensor(each) for each in (inputs, LENGTHS)]
    first = torch_tracing.trace(in_torch, *tensors)
    assert all(module.training for module in in_torch.modules())  # as it was
    second = keras_tracing.trace(in_keras, inputs, LENGTHS)
    assert list(first) == list(second)
    for name, trace in first.items():
        assert_same_trace(trace, second[name], 1e-5)
    real = real_steps(LENGTHS)
    in_torch.eval()
    for model, traces in ((in_torch, first), (in_keras, second)):
        states = own_states(model, method, inputs, *more)
        np.testing.assert_allclose(joined(traces)[real], states[real], atol=1e-5)


@cells
@pytest.mark.parametrize(
    ("read", "bidirectional"),
    [(WORDS, False), (WORDS, True), (FLOATS, False)],
    ids=["words", "words-both-ways", "floats"],
)
def test_classifiers(cell, bidirectional, read):
    models = make_models(
        "SequenceClassifier",
        num_classes=2,
        cell=cell,
        hidden_size=HIDDEN,
        num_layers=2,
        bidirectional=bidirectional,
        **read,
    )
    inputs = draw_ids() if read is WORDS else draw_batch()
    assert_traces_of_both(*models, inputs, "states", LENGTHS)


@pytest.mark.parametrize("tie_weights", [False, True])
def test_next_item_models(tie_weights):
    sizes = {"num_items": 8, "embedding_dim": 3, "hidden_size": HIDDEN, "dropout": 0.5}
    models = make_models("NextItemModel", **sizes, tie_weights=tie_weights)
    assert_traces_of_both(*models, draw_ids(), "states")


@pytest.mark.parametrize("attention", ["additive", None])
def test_encoders_of_translators(attention):
    models = make_models(
        "Translator",
        source_vocab_size=9,
        target_vocab_size=6,
        embedding_dim=3,
        hidden_size=2 * HIDDEN,
        attention=attention,
        dropout=0.5,
    )
    assert_traces_of_both(*models, draw_ids(), "encode", LENGTHS)


# Errors name what is wrong.

CELL = GRUWeights.random(FEATURES, HIDDEN)
BATCH = draw_batch("float64")


@pytest.mark.parametrize(
    ("inputs", "lengths", "named"),
    [
        (BATCH[0], None, "inputs must be"),
        (BATCH[..., :2], None, "inputs must be"),
        (BATCH[:0], None, "inputs must not be empty"),
        (BATCH[:, :0], None, "inputs must not be empty"),
        (np.where(BATCH[0, 2, 1] == BATCH, np.nan, BATCH), LENGTHS, "inputs .* finite"),
        (BATCH, LENGTHS[:3], "lengths must be"),
        (BATCH, LENGTHS * [1, 0, 1, 1], "lengths must be"),
        (BATCH, LENGTHS + 1, "lengths must be"),
        (BATCH, LENGTHS / 1, "lengths must be"),
    ],
)
def test_wrong_inputs_are_refused(inputs, lengths, named):
    with pytest.raises(ValueError, match=named):
        trace_cell(CELL, inputs, lengths)


def test_wrong_weights_are_refused():
    with pytest.raises(TypeError, match=r"weights must be .* got ndarray"):
        trace_cell(CELL.W_x, BATCH)
    with pytest.raises(ValueError, match=r"weights.W_h must be finite"):
        trace_cell(GRUWeights(CELL.W_x, CELL.W_h * np.inf, CELL.b), BATCH)
    with pytest.raises(ValueError, match=r"weights.b must be"):
        trace_cell(RNNWeights(CELL.W_x[:, :4], CELL.W_h[:, :4], np.zeros(3)), BATCH)
    for names in ((), ("1",), ("0_reverse",), ("0", "2"), ("0", "1", "x_reverse")):
        with pytest.raises(ValueError, match="weights must be named"):
            trace_stack(dict.fromkeys(names, CELL), BATCH)


def test_a_trace_refuses_a_part_it_has_not():
    with pytest.raises(KeyError, match=r"h, reset, update, candidate .*'forget'"):
        trace_cell(CELL, BATCH)["forget"]


def build(layer):
    layer.build((None, None, FEATURES))
    return layer


LSTM = keras.layers.LSTM


@pytest.mark.parametrize(
    ("framework", "layer", "error", "named"),
    [
        ("pytorch", nn.RNN(3, 4, nonlinearity="relu"), ValueError, "nonlinearity"),
        ("pytorch", nn.LSTM(3, 4, proj_size=2), ValueError, "proj_size"),
        ("pytorch", nn.Linear(3, 4), TypeError, "Linear"),
        ("pytorch", nn.LSTMCell(3, 4), TypeError, "LSTMCell"),
        ("keras", LSTM(4), ValueError, "built"),
        ("keras", build(LSTM(4, activation="relu")), ValueError, "activation=tanh"),
        (
            "keras",
            build(LSTM(4, recurrent_activation="relu")),
            ValueError,
            "recurrent_activation=sigmoid; got relu",
        ),
        (
            "keras",
            build(keras.layers.GRU(4, reset_after=False)),
            ValueError,
            "reset_after=True",
        ),
        ("keras", build(LSTM(4, go_backwards=True)), ValueError, "go_backwards"),
        ("keras", LSTM(4, stateful=True), ValueError, "stateful"),
        ("keras", build(keras.layers.Dense(4)), TypeError, "Dense"),
        (
            "keras",
            [
                build(keras.layers.Bidirectional(LSTM(4), merge_mode="sum")),
                build(LSTM(4)),
            ],
            ValueError,
            "merge_mode",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_layers_that_compute_something_else_are_refused(framework, layer, error, named):
    for function in ("layer_weights", "trace_layer"):
        arguments = (BATCH,) if function == "trace_layer" else ()
        with pytest.raises(error, match=named):
            getattr(TRACING[framework], function)(layer, *arguments)


@frameworks
def test_models_refuse_wrong_input(framework):
    tracing = TRACING[framework]
    models = make_models("NextItemModel", num_items=8, embedding_dim=3, hidden_size=4)
    model = dict(zip(TRACING, models, strict=True))[framework]
    with pytest.raises(TypeError, match="'lengths'"):
        tracing.trace(model, draw_ids())
    for wrong in (draw_ids() * 0 + 9, draw_ids() - 1, draw_ids() / 1, draw_ids()[0]):
        with pytest.raises(ValueError, match="items must be"):
            tracing.trace(model, wrong, LENGTHS)
    with pytest.raises(ValueError, match="lengths must be"):
        tracing.trace(model, draw_ids(), LENGTHS * 0)
    with pytest.raises(TypeError, match=r"model must be .* GRU"):
        tracing.trace(model.gru, draw_batch(), LENGTHS)


def test_traces_need_no_framework():
    code = "import sys, helpers.scratch.traces; print({'torch', 'keras'} & set(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert answer.stdout.strip() == "set()"
