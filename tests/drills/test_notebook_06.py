"""The solutions of notebook 6 agree with PyTorch, scikit-learn and the course's own code."""

import inspect
from functools import partial

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.metrics.pairwise import cosine_similarity
from torch.autograd.functional import jacobian

from helpers import dynamics, interview
from helpers.scratch import LSTMWeights, RNNWeights
from helpers.scratch.traces import trace_cell

# Wrong answers divide by zero.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def _cases(drill, count=50):
    rng = np.random.default_rng(2)
    return (*drill.cases, *(drill.random_case(rng) for _ in range(count)))


def test_drills_are_the_five_of_the_notebook():
    names = [(drill.id, drill.solution.__name__) for drill in interview.drills(6)]
    assert names == [
        ("6.1", "gates_from_weights"),
        ("6.2", "shared_plane"),
        ("6.3", "jacobian_norms"),
        ("6.4", "probe_with_control"),
        ("6.5", "compare_final_states"),
    ]


def _torch_lstm(weights):
    hidden, features = weights[1].shape[1], weights[0].shape[1]
    lstm = torch.nn.LSTM(features, hidden, dtype=torch.float64)
    with torch.no_grad():
        for own, given in zip(lstm.parameters(), weights, strict=True):
            own.copy_(torch.tensor(given))
    return lstm


@torch.no_grad()
def test_states_from_the_weights_equal_torch():
    drill = interview.get("6.1")
    for x, *weights in _cases(drill):
        parts = drill.solution(x, *weights)
        lstm, state = _torch_lstm(weights), None
        for t, row in enumerate(torch.tensor(x)):
            _, state = lstm(row[None], state)
            for name, expected in zip("hc", state, strict=True):
                np.testing.assert_allclose(parts[name][t], expected[0], **CLOSE)


def test_gates_from_the_weights_equal_the_courses_own():
    drill = interview.get("6.1")
    names = {"i": "input", "f": "forget", "g": "candidate", "o": "output"}
    for x, weight_ih, weight_hh, bias_ih, bias_hh in _cases(drill):
        weights = LSTMWeights(weight_ih.T, weight_hh.T, bias_ih + bias_hh)
        trace = trace_cell(weights, x[None])
        parts = drill.solution(x, weight_ih, weight_hh, bias_ih, bias_hh)
        assert set(parts) == {*"ifgohc"}
        for name, part in parts.items():
            expected = trace[names.get(name, name)][0]
            np.testing.assert_allclose(part, expected, **CLOSE)


def test_gates_meet_every_kind_of_sequence():
    drill, kinds = interview.get("6.1"), set()
    for x, *weights in _cases(drill):
        parts = drill.solution(x, *weights)
        kinds |= {"one step"} if len(x) == 1 else {"several"}
        kinds |= {"one unit"} if weights[1].shape[1] == 1 else set()
        kinds |= {"square"} if weights[0].shape == weights[1].shape else set()
        kinds |= {"gate open"} if parts["f"].max() > 0.95 else set()
        kinds |= {"gate shut"} if parts["f"].min() < 0.05 else set()
        kinds |= {"cell beyond 1"} if np.abs(parts["c"]).max() > 1 else set()
        for bias in weights[2:]:
            assert np.abs(bias).max() > 0
    assert len(kinds) == 7


def _real(states, lengths):
    return [state[:n] for state, n in zip(states, lengths, strict=True)]


def test_shared_plane_equals_scikit_learn():
    drill = interview.get("6.2")
    for states, lengths in _cases(drill):
        sequences = _real(states, lengths)
        pca = PCA(2, svd_solver="full").fit(np.concatenate(sequences))
        largest = np.abs(pca.components_).argmax(axis=1)
        signs = np.sign(pca.components_[[0, 1], largest])
        paths, ratios = drill.solution(states, lengths)
        np.testing.assert_allclose(ratios, pca.explained_variance_ratio_, **CLOSE)
        for path, sequence in zip(paths, sequences, strict=True):
            expected = pca.transform(sequence) * signs
            np.testing.assert_allclose(path, expected, **CLOSE)


def test_shared_plane_equals_the_courses_own():
    drill = interview.get("6.2")
    for states, lengths in _cases(drill):
        sequences = _real(states, lengths)
        basis = dynamics.shared_pca(sequences)
        paths, ratios = drill.solution(states, lengths)
        np.testing.assert_allclose(ratios, basis.explained_variance_ratio, **CLOSE)
        for path, expected in zip(paths, basis.paths(sequences), strict=True):
            np.testing.assert_allclose(path, expected, **CLOSE)


def test_shared_plane_feels_neither_pads_nor_the_order_of_sequences():
    drill = interview.get("6.2")
    for states, lengths in _cases(drill):
        pads = np.arange(states.shape[1]) >= lengths[:, None]
        changed = np.where(pads[:, :, None], 99.0, states)
        expected, ratios = drill.solution(states, lengths)
        paths, again = drill.solution(changed[::-1], lengths[::-1])
        np.testing.assert_allclose(again, ratios)
        for path, before in zip(paths, expected[::-1], strict=True):
            np.testing.assert_allclose(path, before, **CLOSE)


def test_shared_plane_meets_every_kind_of_batch():
    kinds = set()
    for states, lengths in _cases(interview.get("6.2")):
        pads = states[np.arange(states.shape[1]) >= lengths[:, None]]
        kinds |= {"no pads"} if len(pads) == 0 else set()
        kinds |= {"zero pads"} if len(pads) and not pads.any() else set()
        kinds |= {"other pads"} if pads.any() else set()
        kinds |= {"one step"} if 1 in lengths else set()
        kinds |= {"one sequence"} if len(lengths) == 1 else set()
        kinds |= {"few states"} if lengths.sum() <= states.shape[2] else set()
        kinds |= {"two units"} if states.shape[2] == 2 else set()
        assert lengths.sum() >= 4
    assert len(kinds) == 7


def _inputs(states, W_h):
    """What a cell whose input weights are the identity must read to go through these."""
    before = np.concatenate([np.zeros_like(states[:1]), states[:-1]])
    return np.arctanh(states) - before @ W_h


def _last(h, rest, W_h):
    for row in rest:
        h = torch.tanh(row + h @ W_h)
    return h


def test_jacobian_norms_equal_torch():
    drill = interview.get("6.3")
    for states, W_h in _cases(drill, count=20):
        rows = torch.tensor(_inputs(states, W_h))
        for t, norm in enumerate(drill.solution(states, W_h)):
            last = partial(_last, rest=rows[t + 1 :], W_h=torch.tensor(W_h))
            matrix = jacobian(last, torch.tensor(states[t]))
            expected = torch.linalg.matrix_norm(matrix, ord=2)
            assert norm == pytest.approx(expected.item(), rel=1e-9, abs=1e-12)


def test_jacobian_norms_equal_the_courses_own():
    drill = interview.get("6.3")
    for states, W_h in _cases(drill):
        hidden = len(W_h)
        weights = RNNWeights(np.eye(hidden), W_h, np.zeros(hidden))
        expected = dynamics.jacobian_norms(weights, _inputs(states, W_h))
        np.testing.assert_allclose(drill.solution(states, W_h), expected, rtol=1e-9)


def test_jacobian_norms_meet_every_kind_of_path():
    drill, kinds, first = interview.get("6.3"), set(), []
    for states, W_h in _cases(drill):
        norms = drill.solution(states, W_h)
        first.append(norms[0])
        kinds |= {"one step"} if len(states) == 1 else set()
        kinds |= {"one unit"} if len(W_h) == 1 else set()
        kinds |= {"as many"} if len(states) == len(W_h) > 1 else set()
        kinds |= {"grows, then fades"} if norms[0] < 1 < norms.max() else set()
    assert len(kinds) == 4
    fading, growing = np.less(first, 0.3).sum(), np.greater(first, 3).sum()
    assert min(fading, growing) > 8


def test_probe_and_control_equal_scikit_learn():
    drill = interview.get("6.4")
    for train, targets, test, test_targets, order in _cases(drill):
        got = drill.solution(train, targets, test, test_targets, order)
        for score, fitted in zip(got, (targets, targets[order]), strict=True):
            readings = LinearRegression().fit(train, fitted).predict(test)
            expected = r2_score(test_targets, readings)
            assert score == pytest.approx(expected, rel=1e-8, abs=1e-9)
            assert type(score) is float


def test_probe_feels_neither_a_shift_nor_a_scale():
    drill = interview.get("6.4")
    for train, targets, test, test_targets, order in _cases(drill):
        expected = drill.solution(train, targets, test, test_targets, order)
        moved = (
            drill.solution(train + 7, targets, test + 7, test_targets, order),
            drill.solution(train, targets * -3 + 5, test, test_targets * -3 + 5, order),
        )
        for got in moved:
            np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-6)


def test_probe_meets_every_kind_of_split():
    drill, kinds = interview.get("6.4"), set()
    for train, targets, test, test_targets, order in _cases(drill):
        probe, control = drill.solution(train, targets, test, test_targets, order)
        kinds |= {"perfect"} if probe > 1 - 1e-9 else set()
        kinds |= {"reads little"} if probe < 0.5 else set()
        kinds |= {"control below 0"} if control < 0 else set()
        kinds |= {"control is the probe"} if control == probe else set()
        far = abs(test_targets.mean()) > 2 * test_targets.std()
        kinds |= {"targets far from 0"} if far else set()
        kinds |= {"one unit"} if train.shape[1] == 1 else set()
        kinds |= {"more test"} if len(test) > len(train) else set()
        kinds |= {"as much test"} if len(test) == len(train) else set()
        assert sorted(order) == list(range(len(train)))
        # Fewer examples than weights fit without an error, in more than one way.
        assert len(train) > train.shape[1] + 3
    assert len(kinds) == 8


def test_compare_final_states_equals_scikit_learn():
    drill = interview.get("6.5")
    for states, lengths in _cases(drill):
        final = np.stack([state[-1] for state in _real(states, lengths)])
        got = drill.solution(states, lengths)
        np.testing.assert_allclose(got, cosine_similarity(final), **CLOSE)


def test_compare_final_states_feels_neither_pads_nor_size():
    drill = interview.get("6.5")
    rng = np.random.default_rng(0)
    for states, lengths in _cases(drill):
        longer = np.concatenate([states, rng.normal(0, 9, size=states.shape)], axis=1)
        sizes = rng.uniform(0.5, 5, size=(len(states), 1, 1))
        expected = drill.solution(states, lengths)
        np.testing.assert_allclose(drill.solution(longer * sizes, lengths), expected)
        np.testing.assert_allclose(expected.diagonal(), 1)


def test_pads_of_the_comparison_drift_to_one_point():
    compared = 0
    for states, lengths in _cases(interview.get("6.5")):
        # Every step over a pad goes half the way to it.
        points = [
            2 * sequence[t] - sequence[t - 1]
            for sequence, length in zip(states, lengths, strict=True)
            for t in range(length, len(sequence))
        ]
        for point in points:
            np.testing.assert_allclose(point, points[0], **CLOSE)
        compared += len(points) > 1
    assert compared > 25


# Wrong answers as people write them, not as the drills do.


def _gates(
    sums="weight_ih @ x[t] + bias_ih + weight_hh @ h + bias_hh",
    order="i, f, g, o",
    squash="sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)",
    shown="np.tanh(c)",
    kept="i, f, g, o, h, c",
    after="",
):
    code = f"""
def answer(x, weight_ih, weight_hh, bias_ih, bias_hh):
    h = c = np.zeros(len(bias_ih) // 4)
    parts = {{name: [] for name in "ifgohc"}}
    for t in range(len(x)):
        raw = {order} = ({sums}).reshape(4, -1)
        i, f, g, o = {squash}
        c = c * f + g * i
        h = {shown} * o
        {after or "pass"}
        for name, part in zip("ifgohc", ({kept})):
            parts[name].append(part)
    return {{name: np.array(part) for name, part in parts.items()}}
"""
    namespace = {"np": np, "sigmoid": lambda z: 0.5 + 0.5 * np.tanh(0.5 * z)}
    exec(code, namespace)
    return namespace["answer"]


_AGAIN = (
    "raw = (weight_ih @ x[t] + weight_hh @ h + bias_ih + bias_hh).reshape(4, -1); "
    "i, f, g, o = sigmoid(raw[0]), sigmoid(raw[1]), np.tanh(raw[2]), sigmoid(raw[3])"
)


def _plane(
    fitted="np.concatenate(real)",
    centre="rows.mean(0)",
    directions="np.linalg.svd(rows - centre)[2][:2]",
    sign="[[1 if max(d, key=abs) > 0 else -1] for d in directions]",
    path="(each - centre) @ axes.T",
    drawn="real",
    ratio="s[:2] ** 2 / (s**2).sum()",
):
    def answer(states, lengths):
        names = {"np": np, "states": states}
        names["real"] = _real(states, lengths)
        names["rows"] = rows = eval(fitted, names)
        names["centre"] = eval(centre, names)
        names["s"] = np.linalg.svd(rows - names["centre"], compute_uv=False)
        names["directions"] = eval(directions, names)
        names["axes"] = np.array(eval(sign, names)) * names["directions"]
        paths = [eval(path, names | {"each": each}) for each in eval(drawn, names)]
        return paths, eval(ratio, names)

    return answer


def _plane_of_each(states, lengths):
    found = [_plane()(each[None], [len(each)]) for each in _real(states, lengths)]
    return [paths[0] for paths, _ in found], np.array([ratios for _, ratios in found])


def _plane_by_scikit_learn(states, lengths):
    real = _real(states, lengths)
    pca = PCA(2).fit(np.concatenate(real))
    places = np.abs(pca.components_).argmax(axis=1)
    signs = np.sign(pca.components_[[0, 1], places])
    return [pca.transform(each) * signs for each in real], pca.explained_variance_ratio_


_OWN_MEAN = "np.concatenate([each - each.mean(0) for each in real])"
_ALL_STEPS = "states.reshape(-1, states.shape[2])"


def _norms(
    factor="np.diag(1 - states[k] ** 2) @ W_h.T",
    first="t + 1",
    order="product = factor @ product",
    norm="np.linalg.svd(product)[1][0]",
    result="norms",
):
    code = f"""
def answer(states, W_h):
    norms = []
    for t in range(len(states)):
        product = np.identity(W_h.shape[0])
        for k in range({first}, len(states)):
            factor = {factor}
            {order}
        norms.append({norm})
    return {result}
"""
    namespace = {"np": np}
    exec(code, namespace)
    return namespace["answer"]


def _one_too_many_backwards(states, W_h):
    product, norms = np.eye(len(W_h)), []
    for t in reversed(range(len(states))):
        product = product @ np.diag(1 - states[t] ** 2) @ W_h.T
        norms.insert(0, np.linalg.norm(product, 2))
    return norms


def _probe(
    fit="ones(train_states)",
    read="ones(test_states)",
    score="1 - ((t - p) ** 2).mean() / t.var()",
    control="(train_states, train_targets[order], test_states, test_targets)",
    result="(probe, control)",
):
    def answer(train_states, train_targets, test_states, test_targets, order):
        given = {"train_states": train_states, "train_targets": train_targets}
        given |= {"test_states": test_states, "test_targets": test_targets}
        scores = []
        for values in (tuple(given.values()), eval(control, given | {"order": order})):
            names = dict(zip(given, values, strict=True))
            names |= {"np": np, "ones": lambda s: np.insert(s, 0, 1.0, axis=1)}
            weights = np.linalg.pinv(eval(fit, names)) @ names["train_targets"]
            names |= {"p": eval(read, names) @ weights, "t": names["test_targets"]}
            scores.append(eval(score, names))
        return eval(result, {"probe": scores[0], "control": scores[1]})

    return answer


def _probe_by_scikit_learn(
    train_states, train_targets, test_states, test_targets, order
):
    return tuple(
        LinearRegression().fit(train_states, targets).score(test_states, test_targets)
        for targets in (train_targets, train_targets[order])
    )


def _scored_on_train(train_states, train_targets, test_states, test_targets, order):
    return tuple(
        LinearRegression().fit(train_states, targets).score(train_states, targets)
        for targets in (train_targets, train_targets[order])
    )


def _without_intercept(train_states, train_targets, test_states, test_targets, order):
    model = LinearRegression(fit_intercept=False)
    return tuple(
        model.fit(train_states, targets).score(test_states, test_targets)
        for targets in (train_targets, train_targets[order])
    )


_TEST_SHUFFLED = "(train_states, train_targets, test_states, test_targets[order])"
_BOTH_SHUFFLED = (
    "(train_states[order], train_targets[order], test_states, test_targets)"
)
_STATES_SHUFFLED = "(train_states[order], train_targets, test_states, test_targets)"

WRONG = [
    ("6.1", "from the state after it", _gates(after=_AGAIN)),
    ("6.1", "under `h` is the cell", _gates(kept="i, f, g, o, c, c")),
    ("6.1", "sums come back as they are", _gates(kept="*raw, h, c")),
    (
        "6.1",
        "every gate takes a tanh",
        _gates(squash="np.tanh(i), np.tanh(f), np.tanh(g), np.tanh(o)"),
    ),
    (
        "6.1",
        "output gate takes a tanh",
        _gates(squash="sigmoid(i), sigmoid(f), np.tanh(g), np.tanh(o)"),
    ),
    (
        "6.1",
        "sigmoid stands on the candidate",
        _gates(squash="sigmoid(i), sigmoid(f), sigmoid(g), sigmoid(o)"),
    ),
    (
        "6.1",
        "candidate is not squashed",
        _gates(squash="sigmoid(i), sigmoid(f), g, sigmoid(o)"),
    ),
    ("6.1", "without a tanh", _gates(shown="c")),
    (
        "6.1",
        "`bias_hh` is missing",
        _gates("weight_ih @ x[t] + weight_hh @ h + bias_ih"),
    ),
    (
        "6.1",
        "`bias_ih` is missing",
        _gates("weight_ih @ x[t] + weight_hh @ h + bias_hh"),
    ),
    ("6.1", "both biases", _gates("weight_ih @ x[t] + weight_hh @ h")),
    (
        "6.1",
        "every step is a first one",
        _gates("weight_ih @ x[t] + bias_ih + bias_hh"),
    ),
    ("6.1", "input, output, candidate, forget;", _gates(order="i, o, g, f")),
    ("6.1", "input, forget, output, candidate;", _gates(order="i, f, o, g")),
    ("6.2", "to each sequence by itself", _plane_of_each),
    ("6.2", "by its own mean", _plane(path="(each - each.mean(0)) @ axes.T")),
    (
        "6.2",
        "by its own mean",
        _plane(_OWN_MEAN, path="(each - each.mean(0)) @ axes.T"),
    ),
    ("6.2", "states are not centred", _plane(centre="0 * rows[0]")),
    (
        "6.2",
        "fitted to states that are not centred",
        _plane(
            directions="np.linalg.svd(rows)[2][:2]",
            ratio="(q := np.linalg.svd(rows)[1] ** 2)[:2] / q.sum()",
        ),
    ),
    ("6.2", "not before the projection", _plane(path="each @ axes.T")),
    ("6.2", "pads help to fit", _plane(_ALL_STEPS)),
    ("6.2", "pads help to fit", _plane(_ALL_STEPS, drawn="states")),
    ("6.2", "run on over the pads", _plane(drawn="states")),
    (
        "6.2",
        "columns of the SVD's third result",
        _plane(directions="np.linalg.svd(rows - centre)[2][:, :2].T"),
    ),
    ("6.2", "turn each so that", _plane(sign="1")),
    (
        "6.2",
        "largest absolute value",
        _plane(sign="[[1 if max(d) > 0 else -1] for d in directions]"),
    ),
    ("6.2", "singular values; variance", _plane(ratio="s[:2] / s.sum()")),
    ("6.2", "sum to 1 always", _plane(ratio="s[:2] ** 2 / (s[:2] ** 2).sum()")),
    ("6.2", "sums of squares, not shares", _plane(ratio="s[:2] ** 2")),
    ("6.3", "wrong order", _norms(order="product = product @ factor")),
    ("6.3", "wrong order", _norms("W_h @ np.diag(1 - states[k] ** 2)")),
    (
        "6.3",
        "norms of single steps",
        _norms(order="product = factor if k == t + 1 else product"),
    ),
    (
        "6.3",
        "only a bound",
        _norms(order="product = product * np.linalg.norm(factor, 2)"),
    ),
    ("6.3", "one factor is too many", _norms(first="t")),
    ("6.3", "one factor is too many", _one_too_many_backwards),
    ("6.3", "state before the step", _norms("np.diag(1 - states[k - 1] ** 2) @ W_h.T")),
    ("6.3", "not `1 - h`.", _norms("np.diag(1 - states[k]) @ W_h.T")),
    (
        "6.3",
        "tanh is taken once more",
        _norms("np.diag(np.cosh(states[k])**-2) @ W_h.T"),
    ),
    ("6.3", "slope of tanh is missing", _norms("W_h.T")),
    ("6.3", "Frobenius", _norms(norm="np.linalg.norm(product)")),
    (
        "6.3",
        "Frobenius",
        _norms(norm="np.linalg.norm(product) if t + 1 < len(states) else 1.0"),
    ),
    ("6.3", "largest eigenvalue", _norms(norm="max(abs(np.linalg.eigvals(product)))")),
    ("6.3", "transpose stands", _norms("np.diag(1 - states[k] ** 2) @ W_h")),
    ("6.3", "scales the columns", _norms("W_h.T @ np.diag(1 - states[k] ** 2)")),
    ("6.3", "turn them round", _norms(result="norms[::-1]")),
    ("6.4", "that of the train states", _scored_on_train),
    ("6.4", "intercept is missing", _without_intercept),
    ("6.4", "intercept is missing", _probe("train_states", "test_states")),
    (
        "6.4",
        "read without it",
        _probe(read="np.insert(test_states, 0, 0, axis=1)"),
    ),
    ("6.4", "test targets are shuffled", _probe(control=_TEST_SHUFFLED)),
    ("6.4", "shuffled alike", _probe(control=_BOTH_SHUFFLED)),
    ("6.4", "states are put in the new order", _probe(control=_STATES_SHUFFLED)),
    (
        "6.4",
        "mean of the train targets",
        _probe(score="1 - sum((t - p)**2) / sum((t - train_targets.mean())**2)"),
    ),
    ("6.4", "targets' squares", _probe(score="1 - sum((t - p)**2) / sum(t**2)")),
    ("6.4", "this is the correlation", _probe(score="np.corrcoef(p, t)[1, 0]")),
    ("6.4", "squared correlation", _probe(score="np.corrcoef(p, t)[1, 0] ** 2")),
    ("6.4", "variance that is left", _probe(score="((t - p) ** 2).mean() / t.var()")),
    (
        "6.4",
        "below 0 are cut off",
        _probe(result="(max(probe, 0.0), max(control, 0.0))"),
    ),
    ("6.4", "control does not come back", _probe(result="probe")),
]


@pytest.mark.parametrize(("drill_id", "words", "function"), WRONG)
def test_typical_wrong_answer_is_named(drill_id, words, function, capsys):
    assert not interview.check(drill_id, function)
    printed = capsys.readouterr().out
    assert printed.startswith(f"{drill_id} not yet: ")
    assert words in printed


OTHER_RIGHT = [
    ("6.1", _gates()),
    ("6.2", _plane()),
    ("6.2", _plane_by_scikit_learn),
    ("6.3", _norms()),
    ("6.3", _norms("W_h * (1 - states[k] ** 2)", order="product = product @ factor")),
    ("6.3", _norms(norm="np.sqrt(np.linalg.eigvalsh(product.T @ product).max())")),
    ("6.4", _probe()),
    ("6.4", _probe(score="1 - ((t - p)**2).sum() / ((t - t.mean())**2).sum()")),
    ("6.4", _probe_by_scikit_learn),
]


@pytest.mark.parametrize(("drill_id", "function"), OTHER_RIGHT)
def test_another_right_answer_passes(drill_id, function, capsys):
    assert interview.check(drill_id, function), capsys.readouterr().out


REPAIRS = {
    "read": ("states[:, -1]", "states[np.arange(len(states)), lengths - 1]"),
    "norm": (
        "np.linalg.norm(final)",
        "np.linalg.norm(final, axis=1, keepdims=True)",
    ),
}
# Each repair as people write it as well.
READS = [
    REPAIRS["read"][1],
    "np.array([rows[n - 1] for rows, n in zip(states, lengths)])",
    "np.take_along_axis(states, lengths[:, None, None] - 1, axis=1)[:, 0]",
]
NORMS = [
    REPAIRS["norm"][1],
    "np.linalg.norm(final, axis=-1)[:, None]",
    "np.sqrt((final ** 2).sum(1, keepdims=True))",
]
FIXES = ["axis", "keepdims", "- 1", "arange"]


def _repaired(*names, **others):
    code = interview.stub("6.5")
    for name in names:
        old, new = REPAIRS[name]
        assert code.count(old) == 1
        code = code.replace(old, others.get(name, new))
    return _function(code)


def _function(code):
    namespace = {"np": np}  # all that a notebook's cell may rely on
    exec(code, namespace)
    return namespace["compare_final_states"]


def _answer_about(function, capsys):
    interview.check("6.5", function)
    return capsys.readouterr().out


UNFINISHED = [
    ((), "not attempted: this is still the code as given"),
    (("norm",), "not yet: one to go: append more pads"),
    (("read",), "not yet: one to go: compare a state with itself"),
    (("read", "norm"), "passed"),
]


@pytest.mark.parametrize(("repaired", "words"), UNFINISHED)
def test_each_repair_of_the_code_as_given_is_told_apart(repaired, words, capsys):
    answer = _answer_about(_repaired(*repaired), capsys)
    assert answer.startswith(f"6.5 {words}")
    assert not any(fix in answer for fix in FIXES)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("norm", NORMS)
def test_each_way_to_repair_counts(read, norm, capsys):
    whole = _repaired("read", "norm", read=read, norm=norm)
    assert "passed" in _answer_about(whole, capsys)
    assert "one to go: append" in _answer_about(_repaired("norm", norm=norm), capsys)
    assert "one to go: compare" in _answer_about(_repaired("read", read=read), capsys)


def test_code_as_given_raises_no_error_and_is_wrong_twice():
    drill, given = interview.get("6.5"), _repaired()
    for states, lengths in _cases(drill):
        assert np.isfinite(given(states, lengths)).all()
    states = np.array([[[3.0, 0.0], [0.0, 4.0]], [[0.0, 3.0], [0.0, 3.0]]])
    lengths = np.array([1, 2])
    np.testing.assert_allclose(drill.solution(states, lengths), np.eye(2))
    np.testing.assert_allclose(given(states, lengths), [[0.64, 0.48], [0.48, 0.36]])


def test_first_two_hints_of_the_debugging_drill_give_no_fix_away():
    for hint in interview.get("6.5").hints[:2]:
        assert not any(fix in hint for fix in FIXES)


# Each has a part of the code repaired in another wrong way.
SLIPS = [
    ("read", "one step too late", "states[np.arange(len(states)), lengths]"),
    ("read", "last step of the longest", "states[:, max(lengths) - 1]"),
    (
        "read",
        "mean of the real steps",
        "np.stack([each[:n].mean(0) for each, n in zip(states, lengths)])",
    ),
    ("norm", "dot products", "1"),
    ("norm", "those of the units", "np.linalg.norm(final, axis=0)"),
]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("name", "words", "slip"), SLIPS)
def test_new_slip_is_named_with_what_is_left(name, words, slip, whole, capsys):
    others = tuple(REPAIRS) if whole else (name,)
    answer = _answer_about(_repaired(*others, **{name: slip}), capsys)
    assert answer.startswith("6.5 not yet: ")
    assert words in answer
    left = "a pad is still read" if name == "norm" else "norms are still not right"
    assert (left in answer) == (not whole)


@pytest.mark.parametrize(
    ("words", "old", "new"),
    [
        ("one norm alone", "unit @ unit.T", "unit @ final.T"),
        ("makes a correlation", "unit @ unit.T", "np.corrcoef(final)"),
        ("this is the distance", "unit @ unit.T", "1 - unit @ unit.T"),
    ],
)
def test_new_slip_in_the_last_line_is_named(words, old, new, capsys):
    code = inspect.getsource(interview.get("6.5").solution)
    assert code.count(old) == 1
    answer = _answer_about(_function(code.replace(old, new)), capsys)
    assert answer.startswith("6.5 not yet: ")
    assert words in answer
