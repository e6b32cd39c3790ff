"""The solutions of notebook 1 agree with the frameworks."""

from itertools import combinations

import keras
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from helpers import interview

TORCH_LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
KERAS_LAYERS = {
    "rnn": keras.layers.SimpleRNN,
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
}


def _cases(drill, count=50):
    rng = np.random.default_rng(2)
    return (*drill.cases, *(drill.random_case(rng) for _ in range(count)))


def test_rnn_step_equals_torch():
    drill = interview.get("1.2")
    for x, state, W_x, W_h, b in _cases(drill):
        cell = nn.RNNCell(len(W_x), len(W_h), dtype=torch.float64)
        weights = (W_x.T, W_h.T, b, np.zeros_like(b))
        with torch.no_grad():
            for parameter, weight in zip(cell.parameters(), weights, strict=True):
                parameter.copy_(torch.tensor(weight))
            expected = cell(torch.tensor(x), torch.tensor(state)).numpy()
        got = drill.solution(x, state, W_x, W_h, b)
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10)


def test_clip_by_global_norm_equals_torch():
    drill = interview.get("1.3")
    for gradients, max_norm in _cases(drill):
        parameters = [nn.Parameter(torch.tensor(each)) for each in gradients]
        for parameter in parameters:
            parameter.grad = parameter.detach().clone()
        nn.utils.clip_grad_norm_(parameters, max_norm)
        got = drill.solution(gradients, max_norm)
        for each, parameter in zip(got, parameters, strict=True):
            # PyTorch adds 1e-6 to the norm.
            np.testing.assert_allclose(each, parameter.grad.numpy(), rtol=1e-5)


@pytest.mark.parametrize("cell", TORCH_LAYERS)
@pytest.mark.parametrize(
    ("features", "hidden_size"), [(32, 64), (3, 5), (5, 3), (1, 1)]
)
def test_count_parameters_equals_both_frameworks(cell, features, hidden_size):
    count = interview.get("1.4").solution
    layer = TORCH_LAYERS[cell](features, hidden_size)
    expected = sum(parameter.numel() for parameter in layer.parameters())
    assert count(cell, features, hidden_size, "pytorch") == expected

    keras_layer = KERAS_LAYERS[cell](hidden_size)
    keras_layer.build((None, None, features))
    expected = keras_layer.count_params()
    assert count(cell, features, hidden_size, "keras") == expected


def test_count_parameters_of_the_lstm_in_the_prompt():
    count = interview.get("1.4").solution
    assert count("lstm", 32, 64, "keras") == 24_832
    assert count("lstm", 32, 64, "pytorch") == 25_088


@pytest.mark.parametrize("seed", range(5))
def test_rnn_step_backward_equals_autograd(seed):
    rng = np.random.default_rng(seed)
    batch, features, hidden_size = rng.integers(1, 7, size=3)
    shapes = {
        "x": (batch, features),
        "previous": (batch, hidden_size),
        "W_x": (features, hidden_size),
        "W_h": (hidden_size, hidden_size),
        "b": (hidden_size,),
    }
    leaves = {
        name: torch.tensor(rng.normal(size=shape), requires_grad=True)
        for name, shape in shapes.items()
    }
    x, previous, W_x, W_h, b = leaves.values()
    state = torch.tanh(x @ W_x + previous @ W_h + b)
    d_state = torch.tensor(rng.normal(size=state.shape))
    state.backward(d_state)

    tensors = (d_state, x, previous, state, W_x, W_h)
    arrays = [tensor.detach().numpy() for tensor in tensors]
    got = interview.get("1.5").solution(*arrays)
    assert got.keys() == leaves.keys()
    for name, leaf in leaves.items():
        expected = leaf.grad.numpy()
        np.testing.assert_allclose(got[name], expected, rtol=1e-10, atol=1e-10)


def test_rnn_step_backward_gets_states_of_a_real_step():
    for _, x, previous, state, W_x, W_h in _cases(interview.get("1.5")):
        # What the bias must have been is the same in every row.
        b = np.arctanh(state) - x @ W_x - previous @ W_h
        np.testing.assert_allclose(b, np.broadcast_to(b[0], b.shape), atol=1e-6)


def test_mean_cross_entropy_equals_torch():
    drill = interview.get("1.6")
    for logits, targets, lengths in _cases(drill):
        pads = np.arange(logits.shape[1]) >= lengths[:, None]
        labels = torch.tensor(np.where(pads, -100, targets))
        expected = F.cross_entropy(
            torch.tensor(logits).flatten(0, 1), labels.flatten(), ignore_index=-100
        )
        got = drill.solution(logits, targets, lengths)
        assert got == pytest.approx(expected.item(), rel=1e-6, abs=1e-6)


REPAIRS = {
    "overflow": (
        "    log_sums",
        "    logits = logits - logits.max(axis=-1, keepdims=True)\n    log_sums",
    ),
    "mask": ("<=", "<"),
    "mean": ("np.mean(picked[:, :, 0] * real)", "np.mean(picked[:, :, 0][real])"),
}
VERDICTS = (
    "1.6 not attempted: this is still the code as given",
    "two to go",
    "one to go",
    "1.6 passed",
)


@pytest.mark.parametrize("count", range(4))
def test_each_repair_of_the_code_as_given_is_told_apart(count, capsys):
    answers = set()
    subsets = list(combinations(REPAIRS, count))
    for subset in subsets:
        code = interview.stub("1.6")
        for old, new in map(REPAIRS.get, subset):
            assert code.count(old) == 1
            code = code.replace(old, new)
        namespace = {"np": np}  # all that a notebook's cell may rely on
        exec(code, namespace)
        interview.check("1.6", namespace["mean_cross_entropy"])
        answers.add(capsys.readouterr().out)
    assert len(answers) == len(subsets)
    for answer in answers:
        assert VERDICTS[count] in answer
