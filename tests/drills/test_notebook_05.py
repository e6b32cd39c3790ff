"""The solutions of notebook 5 agree with PyTorch, sacreBLEU and the course's own code."""

import inspect
from collections import Counter
from itertools import product

import numpy as np
import pytest
import torch
from sacrebleu import corpus_bleu
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence

from helpers import decoding, interview
from helpers.metrics import translation
from helpers.scratch import attention

# Wrong answers overflow and divide by zero.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def _cases(drill, count=50):
    rng = np.random.default_rng(2)
    return (*drill.cases, *(drill.random_case(rng) for _ in range(count)))


def test_drills_are_the_six_of_the_notebook():
    ids = [drill.id for drill in interview.drills(5)]
    assert ids == [f"5.{number}" for number in range(1, 7)]


def test_masked_attention_equals_torch():
    drill = interview.get("5.1")
    for query, keys, values, mask in _cases(drill):
        q, k, v, m = map(torch.tensor, (query, keys, values, mask))
        context, weights = drill.solution(query, keys, values, mask)
        steps = torch.eye(mask.shape[1], dtype=q.dtype).expand(len(q), -1, -1)
        for got, read in ((context, v), (weights, steps)):
            expected = F.scaled_dot_product_attention(
                q[:, None], k, read, attn_mask=m[:, None], scale=1.0
            )
            np.testing.assert_allclose(got, expected[:, 0], rtol=1e-9, atol=1e-9)


def test_masked_attention_equals_the_courses_own():
    drill = interview.get("5.1")
    for query, keys, values, mask in _cases(drill):
        scores = attention.dot_scores(query, keys)
        expected = attention.masked_softmax(scores, mask)
        context, weights = drill.solution(query, keys, values, mask)
        np.testing.assert_allclose(weights, expected, rtol=1e-9, atol=1e-12)
        expected = attention.attend(expected, values)
        np.testing.assert_allclose(context, expected, rtol=1e-9, atol=1e-12)


def test_masked_attention_gives_pads_exactly_0():
    drill = interview.get("5.1")
    for case in _cases(drill):
        _, weights = drill.solution(*case)
        assert (weights[~case[-1]] == 0).all()
        np.testing.assert_allclose(weights.sum(axis=1), 1)


def test_masked_attention_meets_every_kind_of_score():
    kinds = set()
    for query, keys, _, mask in _cases(interview.get("5.1")):
        scores = attention.dot_scores(query, keys)
        real = np.where(mask, scores, -np.inf).max(axis=1)
        pads = np.where(mask, -np.inf, scores).max(axis=1)
        kinds |= {"huge"} if real.max() > 3e4 else set()
        kinds |= {"far below 0"} if real.min() < -3e4 else set()
        kinds |= {"a pad far above"} if (pads - real > 1e4).any() else set()
        kinds |= {"plain"} if np.abs(scores).max() < 10 else set()
        kinds |= {"no pads"} if mask.all() else set()
        kinds |= {"holes"} if (mask[:, 1:] > mask[:, :-1]).any() else set()
        kinds |= {"one real word"} if (mask.sum(axis=1) == 1).any() else set()
    assert len(kinds) == 7


def test_shift_targets_equals_torch():
    drill = interview.get("5.2")
    for sentences, start, end in _cases(drill):
        rows = (
            [[start, *words] for words in sentences],
            [[*w, end] for w in sentences],
        )
        got = drill.solution(sentences, start, end)
        for array, wanted in zip(got, rows, strict=True):
            expected = pad_sequence(list(map(torch.tensor, wanted)), batch_first=True)
            np.testing.assert_array_equal(array, expected)
            assert array.dtype == np.int64


def test_target_is_what_is_read_next():
    drill = interview.get("5.2")
    for sentences, start, end in _cases(drill):
        before, after = drill.solution(sentences, start, end)
        assert (before[:, 0] == start).all()
        read_next = before[:, 1:]
        np.testing.assert_array_equal(np.where(read_next, after[:, :-1], 0), read_next)
        assert ((after == end).sum(axis=1) == 1).all()
        assert not (before == end).any()
        np.testing.assert_array_equal(before != 0, after != 0)


def test_shift_targets_meets_every_kind_of_batch():
    kinds = set()
    for sentences, start, end in _cases(interview.get("5.2")):
        lengths = set(map(len, sentences))
        kinds |= {"one length"} if len(lengths) == 1 else {"pads"}
        kinds |= {"empty"} if 0 in lengths else set()
        kinds |= {"all empty"} if lengths == {0} else set()
        kinds |= {"end below start"} if end < start else set()
        kinds |= {"a single sentence"} if len(sentences) == 1 else set()
        assert not {0, start, end} & {word for words in sentences for word in words}
    assert len(kinds) == 6


def test_greedy_decode_equals_the_courses_own():
    drill = interview.get("5.3")
    for step, state, start, end, max_steps in _cases(drill):

        def many(tokens, states, step=step):
            log_probs, new = step(tokens[0], states[0])
            return log_probs[None], new[None], None

        expected = decoding.greedy(
            many, state[None], 1, start=start, end=end, max_steps=max_steps
        )
        got = drill.solution(step, state, start, end, max_steps)
        assert got == expected.tokens[0]
        assert {type(token) for token in got} <= {int}


def test_step_of_greedy_decode_is_a_model():
    for step, state, start, _, _ in _cases(interview.get("5.3")):
        log_probs, new = step(start, state)
        assert np.exp(log_probs).sum() == pytest.approx(1)
        assert log_probs[start] < -20  # it is never written
        assert new.shape == state.shape
        np.testing.assert_array_equal(step(start, state)[0], log_probs)


def test_greedy_decode_calls_the_step_as_often_as_needed():
    drill = interview.get("5.3")
    for step, state, start, end, max_steps in _cases(drill):
        fed = []

        def counted(token, state, step=step, fed=fed):
            fed.append(token)
            return step(token, state)

        words = drill.solution(counted, state, start, end, max_steps)
        assert len(fed) == min(len(words) + 1, max_steps)
        assert fed == [start, *words][: len(fed)]


def test_greedy_decode_meets_every_kind_of_sentence():
    drill, kinds = interview.get("5.3"), set()
    for *model, max_steps in _cases(drill):
        words = drill.solution(*model, max_steps)
        further = drill.solution(*model, max_steps + 1)
        kinds |= {"empty"} if not words else set()
        kinds |= {"ends early"} if len(words) < max_steps - 1 else set()
        kinds |= {"ends in the last call"} if len(words) == max_steps - 1 else set()
        kinds |= {"end comes too late"} if words == further[:max_steps] else set()
        kinds |= {"cut off"} if len(further) > len(words) else set()
        kinds |= {"a word twice"} if len(set(words)) < len(words) else set()
        kinds |= {"word 0"} if 0 in words else set()
    assert len(kinds) == 7


def _without_ties(scores, log_probs):
    totals = scores[:, None] + log_probs
    return len(np.unique(totals)) == totals.size


def test_beam_step_equals_torch():
    drill = interview.get("5.4")
    compared = 0
    for scores, log_probs, beam in _cases(drill):
        if not _without_ties(scores, log_probs):  # torch.topk promises no order
            continue
        totals = torch.tensor(scores)[:, None] + torch.tensor(log_probs)
        best = totals.flatten().topk(min(beam, totals.numel()))
        rows, tokens, new_scores = drill.solution(scores, log_probs, beam)
        expected = torch.unravel_index(best.indices, totals.shape)
        np.testing.assert_array_equal(rows, expected[0])
        np.testing.assert_array_equal(tokens, expected[1])
        np.testing.assert_allclose(new_scores, best.values)
        compared += 1
    assert compared > 25


def test_beam_step_orders_ties_as_python_does():
    drill = interview.get("5.4")
    compared = 0
    for scores, log_probs, beam in _cases(drill):
        rows, tokens, new_scores = drill.solution(scores, log_probs, beam)
        places = np.ndindex(log_probs.shape)
        ranked = sorted((-(scores[r] + log_probs[r, t]), r, t) for r, t in places)
        got = zip(-new_scores, rows, tokens, strict=True)
        assert list(got) == ranked[:beam]
        compared += not _without_ties(scores, log_probs)
    assert compared > 10


def test_beam_steps_find_the_best_of_all_sentences_if_none_is_dropped():
    rng = np.random.default_rng(0)
    vocab, steps = 3, 4
    table = np.log(rng.dirichlet(np.ones(vocab), size=(steps, vocab)))
    sentences, scores = [(0,)], np.zeros(1)
    for step in range(steps):
        log_probs = table[step, [sentence[-1] for sentence in sentences]]
        rows, tokens, scores = interview.get("5.4").solution(scores, log_probs, 999)
        pairs = zip(rows, tokens, strict=True)
        sentences = [(*sentences[row], token) for row, token in pairs]

    def score(sentence):
        path = zip(table, (0, *sentence), sentence, strict=False)
        return sum(each[before, after] for each, before, after in path)

    expected = sorted(product(range(vocab), repeat=steps), key=score, reverse=True)
    assert [sentence[1:] for sentence in sentences] == expected


def test_beam_step_meets_every_kind_of_beam():
    kinds = set()
    for scores, log_probs, beam in _cases(interview.get("5.4")):
        kinds |= {"ties"} if not _without_ties(scores, log_probs) else {"no ties"}
        kinds |= {"too few"} if log_probs.size < beam else set()
        kinds |= {"more than a row"} if log_probs.shape[1] < beam else set()
        kinds |= {"first step"} if len(scores) == 1 else set()
        kinds |= {"square"} if np.ptp(log_probs.shape) == 0 < len(scores) - 1 else set()
        kinds |= {"beam as hypotheses"} if 1 < beam == len(scores) else set()
        kinds |= {"underflow"} if np.exp(scores).max() == 0 else set()
    assert len(kinds) == 8


def _sacrebleu(hypotheses, references):
    texts = [[" ".join(tokens) for tokens in each] for each in (hypotheses, references)]
    options = {"tokenize": "none", "smooth_method": "none", "force": True}
    return corpus_bleu(texts[0], [texts[1]], **options).score


def test_bleu_equals_sacrebleu():
    drill = interview.get("5.5")
    scores = []
    for hypotheses, references in _cases(drill, count=150):
        got = drill.solution(hypotheses, references)
        assert got == pytest.approx(_sacrebleu(hypotheses, references), abs=1e-9)
        assert type(got) is float
        scores.append(got)
    assert sum(0 < score < 100 for score in scores) > 60
    assert {0.0, 100.0} <= {round(score, 9) for score in scores}


def test_bleu_equals_the_courses_own():
    drill = interview.get("5.5")
    for hypotheses, references in _cases(drill):
        expected = translation.bleu(hypotheses, references)
        assert drill.solution(hypotheses, references) == pytest.approx(expected)


def test_bleu_meets_every_kind_of_corpus():
    kinds = set()
    for hypotheses, references in _cases(interview.get("5.5")):
        c, r = (sum(map(len, corpus)) for corpus in (hypotheses, references))
        longest = max(map(len, hypotheses))
        kinds |= {"too short"} if c < r else {"too long"} if c > r else {"as long"}
        kinds |= {"no 4-grams"} if 0 < longest < 4 else set()
        kinds |= {"nothing at all"} if longest == 0 else set()
        kinds |= {"an empty one"} if 0 in map(len, hypotheses) and longest else set()
        kinds |= {"perfect"} if hypotheses == references and longest > 3 else set()
    assert len(kinds) == 7


def test_masked_loss_equals_torch():
    drill = interview.get("5.6")
    for logits, targets in _cases(drill):
        expected = F.cross_entropy(
            torch.tensor(logits).flatten(0, 1),
            torch.tensor(targets).flatten(),
            ignore_index=0,
        )
        got = drill.solution(logits, targets)
        assert got == pytest.approx(expected.item(), rel=1e-9)


def test_masked_loss_does_not_feel_the_pads():
    drill = interview.get("5.6")
    rng = np.random.default_rng(0)
    for logits, targets in _cases(drill):
        longer = np.concatenate([logits, rng.normal(0, 99, size=logits.shape)], axis=1)
        padded = np.pad(targets, ((0, 0), (0, targets.shape[1])))
        expected = drill.solution(logits, targets)
        assert drill.solution(longer, padded) == pytest.approx(expected, rel=1e-9)


# Wrong answers as people write them, not as the drills do.


def _softmax(scores, axis=-1):
    shares = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


def _unstable(scores):
    return np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)


def _attention(
    weights="softmax(np.where(mask, s, -np.inf))",
    context="np.einsum('bs,bsw->bw', w, values)",
    result="(c, w)",
):
    def answer(query, keys, values, mask):
        names = {"np": np, "softmax": _softmax, "unstable": _unstable}
        names |= {"query": query, "keys": keys, "values": values, "mask": mask}
        names["s"] = np.squeeze(keys @ query[..., None], -1)
        names["w"] = eval(weights, names)
        names["c"] = eval(context, names)
        return eval(result, names)

    return answer


def _with_an_axis_of_one_query(query, keys, values, mask):
    scores = query[:, None] @ keys.swapaxes(1, 2)
    weights = _softmax(np.where(mask[:, None], scores, -np.inf))
    return weights @ values, weights


def _attention_in_a_loop(query, keys, values, mask):
    context, weights = [], np.zeros(mask.shape)
    for b, real in enumerate(mask):
        weights[b, real] = _softmax(keys[b, real] @ query[b])
        context.append(weights[b] @ values[b])
    return np.stack(context), weights


def _shift(read="[start, *s]", written="[*s, end]", steps="max(map(len, rows))"):
    def answer(sentences, start, end):
        results = []
        for template in (read, written):
            rows = [
                eval(template, {"s": s, "start": start, "end": end}) for s in sentences
            ]
            padded = np.zeros((len(rows), eval(steps, {"rows": rows})), dtype=int)
            for filled, row in zip(padded, rows, strict=True):
                filled[: len(row)] = row
            results.append(padded)
        return tuple(results)

    return answer


def _slices(sentences, start, end):
    whole, _ = _shift("[start, *s, end]")(sentences, start, end)
    return whole[:, :-1], whole[:, 1:]


def _slices_without_the_end(sentences, start, end):
    before, after = _slices(sentences, start, end)
    return np.where(before == end, 0, before), after


def _unshifted(sentences, start, end):
    whole, _ = _shift("[start, *s, end]")(sentences, start, end)
    return whole, whole


def _end_behind_the_pads(sentences, start, end):
    words, _ = _shift("s")(sentences, start, end)
    column = np.ones((len(words), 1), dtype=int)
    return np.hstack([column * start, words]), np.hstack([words, column * end])


def _pads_in_front(sentences, start, end):
    steps = max(map(len, sentences)) + 1
    pads = [[0] * (steps - 1 - len(words)) for words in sentences]
    pairs = list(zip(pads, sentences, strict=True))
    before = [[*pad, start, *words] for pad, words in pairs]
    return np.array(before), np.array([[*pad, *words, end] for pad, words in pairs])


def _inserted(sentences, start, end):
    for words in sentences:
        words.insert(0, start)
    return _shift("s", "[*s[1:], end]")(sentences, start, end)


def _filled_with_end(sentences, start, end):
    before, after = _shift()(sentences, start, end)
    after[after == 0] = end
    return before, after


def _floats(sentences, start, end):
    return tuple(array.astype(np.float32) for array in _shift()(sentences, start, end))


def _greedy(
    feed="token",
    carry="new",
    body="if token == end: break\n    words.append(token)",
    begin="",
    rounds="max_steps",
    choose="log_probs.argmax()",
    result="words",
):
    code = f"""
def answer(step, state, start, end, max_steps):
    last, words = start, [{begin}]
    for _ in range({rounds}):
        log_probs, new = step(last, state)
        token = int({choose})
        last, state = {feed}, {carry}
        BODY
    return {result}
"""
    code = code.replace("BODY", body.replace("\n", "\n    "))
    namespace = {"np": np}
    exec(code, namespace)
    return namespace["answer"]


def _greedy_while(step, state, start, end, max_steps):
    words = [start]
    while words[-1] != end and len(words) <= max_steps:
        log_probs, state = step(words[-1], state)
        words.append(np.argmax(log_probs))
    return words[1:-1]


def _greedy_while_checked(step, state, start, end, max_steps):
    words = [start]
    while words[-1] != end and len(words) <= max_steps:
        log_probs, state = step(words[-1], state)
        words.append(np.argmax(log_probs))
    return np.array([word for word in words[1:] if word != end])


def _sampling(step, state, start, end, max_steps):
    rng, token, words = np.random.default_rng(), start, []
    for _ in range(max_steps):
        log_probs, state = step(token, state)
        token = int(rng.choice(len(log_probs), p=np.exp(log_probs)))
        if token == end:
            break
        words.append(token)
    return words


def _beam(
    totals="scores[:, None] + log_probs",
    best="np.argsort(-flat, kind='stable')[:beam]",
    rows="best // vocab",
    tokens="best % vocab",
    new="flat[best]",
):
    def answer(scores, log_probs, beam):
        names = {"np": np, "scores": scores, "log_probs": log_probs, "beam": beam}
        names["hypotheses"], names["vocab"] = log_probs.shape
        names["totals"] = eval(totals, names)
        names["flat"] = names["totals"].ravel()
        names["best"] = eval(best, names)
        names["rows"], names["tokens"] = eval(rows, names), eval(tokens, names)
        return names["rows"], names["tokens"], eval(new, names)

    return answer


def _top_of_each(cut):
    def answer(scores, log_probs, beam):
        found = [
            (scores[row] + each[token], row, token)
            for row, each in enumerate(log_probs)
            for token in np.argsort(-each, kind="stable")[:beam]
        ]
        if cut:
            found.sort(key=lambda one: (-one[0], one[1], one[2]))
            found = found[:beam]
        totals, rows, tokens = zip(*found, strict=True)
        return list(rows), list(tokens), list(totals)

    return answer


def _greedy_rows(scores, log_probs, beam):
    tokens = log_probs.argmax(axis=1)
    rows = np.arange(len(scores))
    return rows, tokens, scores + log_probs[rows, tokens]


def _beam_in_place(scores, log_probs, beam):
    log_probs += scores[:, None]
    best = np.argsort(-log_probs, axis=None, kind="stable")[:beam]
    rows, tokens = np.unravel_index(best, log_probs.shape)
    return rows, tokens, log_probs[rows, tokens]


def _heap(scores, log_probs, beam):
    places = np.ndindex(log_probs.shape)
    ranked = sorted(places, key=lambda at: (-scores[at[0]] - log_probs[at], at))[:beam]
    rows, tokens = map(np.array, zip(*ranked, strict=True))
    return rows, tokens, scores[rows] + log_probs[rows, tokens]


def _ngrams(tokens, n):
    return [tuple(tokens[i : i + n]) for i in range(len(tokens) + 1 - n)]


def _bleu(
    match="sum((Counter(ours) & Counter(theirs)).values())",
    total="len(ours)",
    zero="if 0 in matches: return 0.0",
    mean="np.exp(np.mean(np.log(np.array(matches) / totals)))",
    brevity="1.0 if c > r else np.exp(1 - r / c)",
    scale="100",
    most=4,
):
    code = f"""
def answer(hypotheses, references):
    matches, totals = [], []
    for n in range(1, {most} + 1):
        matches.append(0)
        totals.append(0)
        for hypothesis, reference in zip(hypotheses, references):
            ours, theirs = ngrams(hypothesis, n), ngrams(reference, n)
            matches[-1] += {match}
            totals[-1] += {total}
    {zero}
    c = len([token for tokens in hypotheses for token in tokens])
    r = len([token for tokens in references for token in tokens])
    return {scale} * ({brevity}) * {mean}
"""
    namespace = {"np": np, "Counter": Counter, "ngrams": _ngrams}
    exec(code, namespace)
    return namespace["answer"]


def _mean_of_sentences(hypotheses, references):
    each = [
        _bleu()([ours], [theirs])
        for ours, theirs in zip(hypotheses, references, strict=True)
    ]
    return sum(each) / len(each)


def _joined(hypotheses, references):
    return _bleu()([sum(hypotheses, [])], [sum(references, [])])  # noqa: RUF017


_UNCLIPPED = "sum(gram in theirs for gram in ours)"
_PADS = "pads' scores are set to 0, and the exponential"

WRONG = [
    ("5.1", "mask is not used", _attention("softmax(s)")),
    ("5.1", "after the softmax", _attention("softmax(s) * mask")),
    ("5.1", "after the softmax", _attention("np.where(mask, softmax(s), 0)")),
    ("5.1", _PADS, _attention("softmax(s * mask)")),
    ("5.1", _PADS, _attention("softmax(np.where(mask, s, 0))")),
    ("5.1", "their weights as well", _attention("softmax(s * mask) * mask")),
    ("5.1", "over the batch", _attention("softmax(np.where(mask, s, -np.inf), 0)")),
    ("5.1", "`np.exp` overflows", _attention("unstable(np.where(mask, s, -np.inf))")),
    (
        "5.1",
        "`np.exp` overflows",
        _attention("(e := np.exp(s) * mask) / e.sum(1, keepdims=True)"),
    ),
    (
        "5.1",
        "before the pads are hidden",
        _attention("(e := softmax(s) * mask) / e.sum(1, keepdims=True)"),
    ),
    ("5.1", "not low enough", _attention("softmax(np.where(mask, s, -1e4))")),
    ("5.1", "not low enough", _attention("softmax(s - (1 - mask) * 1e4)")),
    ("5.1", "mask is inverted", _attention("softmax(np.where(mask, -np.inf, s))")),
    (
        "5.1",
        "as in a transformer",
        _attention("softmax(np.where(mask, s * query.shape[1] ** -0.5, -np.inf))"),
    ),
    ("5.1", "mean of the keys", _attention(context="(w[..., None] * keys).sum(1)")),
    ("5.1", "number of steps", _attention(context="(w[..., None] * values).mean(1)")),
    ("5.1", "do not come back", _attention(result="c")),
    ("5.1", "swapped", _attention(result="(w, c)")),
    ("5.1", "one query too many", _with_an_axis_of_one_query),
    ("5.2", "input and target are the same", _unshifted),
    ("5.2", "input and target are the same", _shift(written="[start, *s]")),
    ("5.2", "short sentences still have", _slices),
    ("5.2", "`end` stands in the input", _shift("[start, *s, end]")),
    (
        "5.2",
        "`end` stands in the input",
        _shift("[start, *s, end]", steps="max(map(len, rows))"),
    ),
    ("5.2", "`start` stands in the target", _shift(written="[start, *s, end]")),
    ("5.2", "`end` is missing", _shift(written="s")),
    ("5.2", "`start` is missing", _shift("s")),
    ("5.2", "after the pads", _end_behind_the_pads),
    ("5.2", "pads stand on the left", _pads_in_front),
    ("5.2", "filled up with `end`", _filled_with_end),
    ("5.2", "nothing but pads", _shift(steps="max(map(len, rows)) + 1")),
    ("5.2", "floating-point", _floats),
    ("5.2", "changes its input sentences", _inserted),
    (
        "5.3",
        "`end` is part",
        _greedy(body="words.append(token)\n    if token == end: break"),
    ),
    ("5.3", "begins with `start`", _greedy(begin="start")),
    ("5.3", "state is not carried on", _greedy(carry="state")),
    ("5.3", "`start` is fed at every step, so", _greedy(feed="start")),
    ("5.3", "`start` and the first state", _greedy(feed="start", carry="state")),
    ("5.3", "goes on after its `end`; stop", _greedy(body="words.append(token)")),
    ("5.3", "goes on after it", _greedy(body="if token != end: words.append(token)")),
    ("5.3", "a word is missing", _greedy_while),
    ("5.3", "a word is missing", _greedy(rounds="max_steps - 1")),
    ("5.3", "once too often", _greedy(rounds="max_steps + 1")),
    ("5.3", "least likely", _greedy(choose="(-log_probs).argmax()")),
    (
        "5.3",
        "filled up to `max_steps`",
        _greedy(result="(words + [0] * max_steps)[:max_steps]"),
    ),
    (
        "5.3",
        "thrown away",
        _greedy(
            body="words.append(token)\n    if token == end: return words[:-1]",
            result="None",
        ),
    ),
    ("5.4", "best of each hypothesis are kept", _top_of_each(cut=False)),
    ("5.4", "goes on with its own best token", _greedy_rows),
    ("5.4", "scores so far are forgotten", _beam("log_probs")),
    (
        "5.4",
        "added too late",
        _beam("log_probs", new="scores[rows] + log_probs[rows, tokens]"),
    ),
    ("5.4", "lack the scores so far", _beam(new="log_probs[rows, tokens]")),
    ("5.4", "scores are multiplied", _beam("scores[:, None] * log_probs")),
    (
        "5.4",
        "scores are multiplied",
        _beam("scores[:, None] * log_probs", "np.argsort(flat, kind='stable')[:beam]"),
    ),
    ("5.4", "lie along the tokens", _beam("scores + log_probs")),
    ("5.4", "wrong width", _beam(rows="best // beam", tokens="best % beam")),
    (
        "5.4",
        "wrong width",
        _beam(rows="best // hypotheses", tokens="best % hypotheses"),
    ),
    (
        "5.4",
        "wrong width",
        _beam(rows="best // beam", tokens="best % beam", new="totals[rows, tokens]"),
    ),
    (
        "5.4",
        "rows and tokens are swapped",
        _beam(rows="best % vocab", tokens="best // vocab"),
    ),
    ("5.4", "places in the flat array", _beam(tokens="best")),
    (
        "5.4",
        "larger row or token",
        _beam(best="np.argsort(flat, kind='stable')[::-1][:beam]"),
    ),
    ("5.4", "best stands last", _beam(best="np.argsort(flat, kind='stable')[-beam:]")),
    (
        "5.4",
        "worst continuations",
        _beam(best="np.argsort(flat, kind='stable')[:beam]"),
    ),
    ("5.4", "are probabilities", _beam(new="np.exp(flat[best])")),
    ("5.4", "changes its input log_probs", _beam_in_place),
    ("5.5", "not clipped", _bleu(_UNCLIPPED)),
    ("5.5", "each n-gram counts once, however", _bleu("len({*ours} & {*theirs})")),
    (
        "5.5",
        "each n-gram counts once, in the matches",
        _bleu("len({*ours} & {*theirs})", "len({*ours})"),
    ),
    ("5.5", "which is recall", _bleu(total="len(theirs)")),
    ("5.5", "brevity penalty is missing", _bleu(brevity="1")),
    ("5.5", "above 1", _bleu(brevity="np.exp(1 - r / c)")),
    ("5.5", "wrong way", _bleu(brevity="1 if c < r else np.exp(1 - c / r)")),
    ("5.5", "is c / r", _bleu(brevity="min(1, c / r)")),
    ("5.5", "mean of the sentences' BLEU", _mean_of_sentences),
    ("5.5", "arithmetic", _bleu(mean="np.mean(np.array(matches) / totals)")),
    (
        "5.5",
        "arithmetic",
        _bleu(
            zero="",
            mean="np.mean(np.array(matches) / np.maximum(totals, 1))",
            brevity="1.0 if c > r else np.exp(1 - r / max(c, 1e-9))",
        ),
    ),
    (
        "5.5",
        "fourth root is missing",
        _bleu(mean="np.prod(np.array(matches) / totals)"),
    ),
    ("5.5", "only n-grams up to n = 3", _bleu(most=3)),
    ("5.5", "between 0 and 1", _bleu(scale="1")),
    ("5.5", "sentences are joined", _joined),
    (
        "5.5",
        "smoothed",
        _bleu(
            zero="matches, totals = [m + 1 for m in matches], [t + 1 for t in totals]",
            brevity="1.0 if c > r else np.exp(1 - r / max(c, 1e-9))",
        ),
    ),
    (
        "5.5",
        "0 is divided by 0",
        _bleu(
            zero="", mean="np.prod([m / t for m, t in zip(matches, totals)]) ** 0.25"
        ),
    ),
]


@pytest.mark.parametrize(("drill_id", "words", "function"), WRONG)
def test_typical_wrong_answer_is_named(drill_id, words, function, capsys):
    assert not interview.check(drill_id, function)
    printed = capsys.readouterr().out
    assert printed.startswith(f"{drill_id} not yet: ")
    assert words in printed


def test_sampling_is_caught_though_no_two_runs_agree(capsys):
    assert not interview.check("5.3", _sampling)
    assert capsys.readouterr().out.startswith("5.3 not yet: with step (function) and ")


OTHER_RIGHT = [
    ("5.1", _attention()),
    ("5.1", _attention("softmax(s + (1 - mask) * -1e9)")),
    ("5.1", _attention("softmax(np.where(mask, s, -1e9))")),
    ("5.1", _attention_in_a_loop),
    ("5.2", _shift()),
    ("5.2", _slices_without_the_end),
    ("5.3", _greedy()),
    ("5.3", _greedy(choose="np.exp(log_probs).argmax()")),
    ("5.3", _greedy_while_checked),
    ("5.4", _beam()),
    ("5.4", _top_of_each(cut=True)),
    ("5.4", _heap),
    ("5.5", _bleu()),
    ("5.5", _bleu(brevity="min(1, np.exp(1 - r / c))")),
    ("5.5", translation.bleu),
]


@pytest.mark.parametrize(("drill_id", "function"), OTHER_RIGHT)
def test_another_right_answer_passes(drill_id, function, capsys):
    if function is translation.bleu:  # it has a third argument

        def function(hypotheses, references):
            return translation.bleu(hypotheses, references)

    assert interview.check(drill_id, function), capsys.readouterr().out


REPAIRS = {
    "largest": ("logits.max(axis=1", "logits.max(axis=-1"),
    "sum": ("sum(axis=1", "sum(axis=-1"),
    "mean": ("-np.mean(picked * real)", "-np.sum(picked * real) / real.sum()"),
}
# The mean of real steps, as people write it.
MEANS = [
    "-np.sum(picked * real) / real.sum()",
    "-picked[real].mean()",
    "-np.average(picked, weights=real)",
    "-(picked * real).sum() / np.count_nonzero(targets)",
]
FIXES = ["axis", "real.sum", "[real]", "-1"]


def _partly_repaired(*names, **others):
    code = interview.stub("5.6")
    for name in names:
        old, new = REPAIRS[name]
        assert code.count(old) == 1
        code = code.replace(old, others.get(name, new))
    return _function(code)


def _function(code):
    namespace = {"np": np}  # all that a notebook's cell may rely on
    exec(code, namespace)
    return namespace["masked_loss"]


def _answer_about(function, capsys):
    interview.check("5.6", function)
    return capsys.readouterr().out


_LARGEST = "not yet: one repair is half done: the sum of the exponentials runs over"
_SUM = "not yet: one repair is half done: the largest logit is that of the right"

UNFINISHED = [
    ((), "not attempted: this is still the code as given"),
    (("mean",), "not yet: one to go: turn the logarithms"),
    (("largest", "sum"), "not yet: one to go: add a column of pads"),
    (("sum", "mean"), _LARGEST),
    (("largest", "mean"), _SUM),
    (("sum",), _LARGEST),
    (("largest",), _SUM),
    (("largest", "sum", "mean"), "passed"),
]


@pytest.mark.parametrize(("repaired", "words"), UNFINISHED)
def test_each_repair_of_the_code_as_given_is_told_apart(repaired, words, capsys):
    answer = _answer_about(_partly_repaired(*repaired), capsys)
    assert answer.startswith(f"5.6 {words}")
    half = "half done" in answer
    assert ("; and a column of pads" in answer) == (half and "mean" not in repaired)
    assert not any(fix in answer for fix in FIXES if not (half and fix == "axis"))


@pytest.mark.parametrize("mean", MEANS)
def test_each_way_to_repair_the_mean_counts(mean, capsys):
    answer = _answer_about(_partly_repaired("mean", mean=mean), capsys)
    assert "one to go: turn the logarithms" in answer
    whole = _partly_repaired("largest", "sum", "mean", mean=mean)
    assert "passed" in _answer_about(whole, capsys)


def test_softmax_may_be_repaired_with_axis_2(capsys):
    axes = {"largest": "logits.max(axis=2", "sum": "sum(axis=2"}
    whole = _partly_repaired("largest", "sum", "mean", **axes)
    assert "passed" in _answer_about(whole, capsys)


def test_answers_to_all_unfinished_repairs_differ():
    sentences = [mistake.sentence for mistake in interview.get("5.6").mistakes[:6]]
    assert len(set(sentences)) == 6


def test_code_as_given_raises_no_error_and_is_wrong_twice():
    drill = interview.get("5.6")
    given = _partly_repaired()
    for logits, targets in _cases(drill):
        assert np.isfinite(given(logits, targets))
    logits, targets = np.zeros((1, 3, 4)), np.array([[2, 3, 0]])
    assert drill.solution(logits, targets) == pytest.approx(np.log(4))
    assert given(logits, targets) == pytest.approx(np.log(3) * 2 / 3)


def test_first_two_hints_of_the_debugging_drill_give_no_fix_away():
    for hint in interview.get("5.6").hints[:2]:
        assert not any(fix in hint for fix in FIXES)


# Each has all of the code repaired, and one thing wrong still, or again.
SLIPS = {
    "pads count as targets": (MEANS[0], "-np.mean(picked)"),
    "divided by the number of sentences": (
        MEANS[0],
        "-(picked * real).sum() / len(targets)",
    ),
    "each sentence's mean": (
        MEANS[0],
        "-((picked * real).sum(axis=1) / real.sum(axis=1)).mean()",
    ),
    "sum of the losses; divide": (MEANS[0], "-picked[real].sum()"),
    "one by one": (MEANS[0], "-picked * real"),
    "minus is lost": (MEANS[0], "picked[real].mean()"),
    "`np.exp` overflows": ("logits - logits.max(axis=-1, keepdims=True)", "logits"),
    "largest logit of the whole batch": (
        "logits.max(axis=-1, keepdims=True)",
        "logits.max()",
    ),
    "over steps and vocabulary": (
        ".sum(axis=-1, keepdims=True)",
        ".sum(axis=(1, 2), keepdims=True)",
    ),
    "over the batch now": ("axis=-1, keepdims", "axis=0, keepdims"),
    "underflows to 0, and its logarithm": (
        "shifted - log_sums",
        "np.log(np.exp(shifted) / np.exp(log_sums))",
    ),
}


@pytest.mark.parametrize("words", SLIPS)
def test_new_slip_in_the_repaired_code_is_named(words, capsys):
    code = inspect.getsource(interview.get("5.6").solution)
    old, new = SLIPS[words]
    assert code.count(old) == (2 if old.startswith("axis") else 1)
    answer = _answer_about(_function(code.replace(old, new)), capsys)
    assert answer.startswith("5.6 not yet: ")
    assert words in answer
