"""The solutions of notebook 2 agree with the course's helpers and with PyTorch."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from helpers import interview
from helpers.data.batching import pad
from helpers.data.vocabulary import Vocabulary

# Wrong answers overflow and divide by zero.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def _cases(drill, count=50):
    rng = np.random.default_rng(2)
    return (*drill.cases, *(drill.random_case(rng) for _ in range(count)))


def test_drills_are_the_five_of_the_notebook():
    ids = [drill.id for drill in interview.drills(2)]
    assert ids == [f"2.{number}" for number in range(1, 6)]


def test_build_vocabulary_equals_the_courses_own():
    drill = interview.get("2.1")
    for sentences, max_size in _cases(drill):
        got = drill.solution(sentences, max_size)
        if max_size > 2:  # the course's own refuses a vocabulary without words
            assert list(got) == Vocabulary.build(sentences, max_size=max_size).tokens
        assert list(got.values()) == list(range(len(got)))


def test_pad_and_mask_equals_the_courses_own():
    drill = interview.get("2.2")
    for (sequences,) in _cases(drill):
        padded, mask = drill.solution(sequences)
        expected, lengths = pad(sequences)
        np.testing.assert_array_equal(padded, expected)
        np.testing.assert_array_equal(mask.sum(axis=1), lengths)
        assert (padded.dtype, mask.dtype) == (np.int64, bool)
        assert [row[real].tolist() for row, real in zip(padded, mask, strict=True)] == (
            sequences
        )


def test_masked_mean_is_that_of_each_sequence_alone():
    drill = interview.get("2.3")
    for states, lengths in _cases(drill):
        got = drill.solution(states, lengths)
        alone = [
            state[:n].mean(axis=0) for state, n in zip(states, lengths, strict=True)
        ]
        np.testing.assert_allclose(got, alone, rtol=1e-10, atol=1e-10)


def test_cross_entropy_equals_torch():
    drill = interview.get("2.4")
    for logits, targets in _cases(drill):
        expected = F.cross_entropy(torch.tensor(logits), torch.tensor(targets)).item()
        got = drill.solution(logits, targets)
        assert got == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_cross_entropy_needs_no_pads_unlike_the_one_of_notebook_1():
    old, new = interview.get("1.6").solution, interview.get("2.4").solution
    for logits, targets in _cases(interview.get("2.4")):
        lengths = np.ones(len(logits), dtype=int)
        got = old(logits[:, None], targets[:, None], lengths)
        assert got == pytest.approx(new(logits, targets))
    assert "1.6" in interview.get("2.4").prompt


def test_encode_batch_equals_the_courses_own():
    drill = interview.get("2.5")
    for texts, ids, max_steps in _cases(drill):
        vocabulary = Vocabulary(list(ids)[2:])
        rows = [vocabulary.encode(text.split()[:max_steps]) for text in texts]
        got = drill.solution(texts, ids, max_steps)
        for array, expected in zip(got, pad(rows), strict=True):
            np.testing.assert_array_equal(array, expected)
            assert array.dtype == expected.dtype


def test_encode_batch_cuts_after_50_words_by_default():
    padded, lengths = interview.get("2.5").solution(["a " * 60, "a"], {"a": 2})
    assert padded.shape == (2, 50)
    assert lengths.tolist() == [50, 1]


# Wrong answers as people write them, not as the drills do.


def _count(sentences):
    return Counter(word for sentence in sentences for word in sentence)


def _rank(sentences):
    return sorted(sorted(_count(sentences)), key=lambda word: -_count(sentences)[word])


def _first_come_first_served(sentences, max_size):
    vocabulary = {"<pad>": 0, "<unk>": 1}
    for sentence in sentences:
        for word in sentence:
            if word not in vocabulary and len(vocabulary) < max_size:
                vocabulary[word] = len(vocabulary)
    return vocabulary


def _most_common(sentences, max_size):
    vocabulary = {"<pad>": 0, "<unk>": 1}
    for word, _ in _count(sentences).most_common(max_size - 2):
        vocabulary[word] = len(vocabulary)
    return vocabulary


def _ranked_set(sentences, max_size):
    words = [word for sentence in sentences for word in sentence]
    ranked = sorted(set(words), key=lambda word: -words.count(word))
    tokens = ["<pad>", "<unk>", *ranked[: max_size - 2]]
    return dict(zip(tokens, range(len(tokens)), strict=True))


def _plain_set(sentences, max_size):
    words = {word for sentence in sentences for word in sentence}
    tokens = ["<pad>", "<unk>", *words][:max_size]
    return {token: i for i, token in enumerate(tokens)}


def _reverse(sentences, max_size):
    items = _count(sentences).items()
    ranked = sorted(items, key=lambda item: (item[1], item[0]), reverse=True)
    tokens = ["<pad>", "<unk>", *(word for word, _ in ranked)][:max_size]
    return {token: i for i, token in enumerate(tokens)}


def _max_size_words(sentences, max_size):
    vocabulary = {"<pad>": 0, "<unk>": 1}
    vocabulary.update({w: i + 2 for i, w in enumerate(_rank(sentences)[:max_size])})
    return vocabulary


def _no_limit(sentences, max_size):
    return {t: i for i, t in enumerate(["<pad>", "<unk>", *_rank(sentences)])}


def _from_0(sentences, max_size):
    return {word: i for i, word in enumerate(_rank(sentences)[:max_size])}


def _from_1(sentences, max_size):
    words = _rank(sentences)[: max_size - 1]
    return {word: i + 1 for i, word in enumerate(words)}


def _over_unknown(sentences, max_size):
    vocabulary = {"<pad>": 0, "<unk>": 1}
    for i, word in enumerate(_rank(sentences)[: max_size - 2]):
        vocabulary[word] = i + 1
    return vocabulary


def _count_sentences(sentences, max_size):
    counts = Counter()
    for sentence in sentences:
        counts.update(set(sentence))
    tokens = ["<pad>", "<unk>", *sorted(counts, key=lambda w: (-counts[w], w))]
    return {token: i for i, token in enumerate(tokens[:max_size])}


def _no_unknown(sentences, max_size):
    return {t: i for i, t in enumerate(["<pad>", *_rank(sentences)][:max_size])}


def _filled(sequences, steps, dtype=np.int64, left=False):
    padded = np.zeros((len(sequences), steps), dtype)
    for i, ids in enumerate(sequences):
        if left:
            padded[i, steps - len(ids) :] = ids
        else:
            padded[i, : len(ids)] = ids
    return padded


def _longest(sequences):
    return max(len(ids) for ids in sequences)


def _mask(sequences, steps):
    return np.array([[j < len(ids) for j in range(steps)] for ids in sequences])


def _pad_left(sequences):
    padded = _filled(sequences, _longest(sequences), left=True)
    return padded, _mask(sequences, padded.shape[1])[:, ::-1]


def _pad_left_by_hand(sequences):
    steps = _longest(sequences)
    rows = [[0] * (steps - len(ids)) + ids for ids in sequences]
    return np.array(rows), _mask(sequences, steps)


def _mask_from_ids(sequences):
    padded = _filled(sequences, _longest(sequences))
    return padded, padded != 0


def _mask_inverted(sequences):
    padded = _filled(sequences, _longest(sequences))
    return padded, ~_mask(sequences, padded.shape[1])


def _mask_of_pads(sequences):
    padded = _filled(sequences, _longest(sequences))
    return padded, padded == 0


def _mask_of_numbers(sequences):
    padded = _filled(sequences, _longest(sequences))
    return padded, _mask(sequences, padded.shape[1]).astype(np.float32)


def _floats(sequences):
    padded = _filled(sequences, _longest(sequences), dtype=np.float32)
    return padded, _mask(sequences, padded.shape[1])


def _to(choose):
    def answer(sequences):
        steps = choose(sequences)
        return _filled(sequences, steps), _mask(sequences, steps)

    return answer


def _to_shortest(sequences):
    steps = min(len(ids) for ids in sequences)
    return np.array([ids[:steps] for ids in sequences]), _mask(sequences, steps)


def _weights(states, lengths):
    return (np.arange(states.shape[1])[None] < lengths[:, None])[..., None]


def _with_zeros(states, lengths):
    kept = states.copy()
    kept[~_weights(states, lengths)[..., 0]] = 0
    return kept


def _divide_by_steps(states, lengths):
    return _with_zeros(states, lengths).mean(axis=1)


def _multiply(states, lengths):
    weights = _weights(states, lengths).astype(float)
    return (states * weights).sum(axis=1) / weights.sum(axis=1)


def _sum(states, lengths):
    return np.stack([s[:n].sum(axis=0) for s, n in zip(states, lengths, strict=True)])


def _all_over_lengths(states, lengths):
    return np.einsum("bsw->bw", states) / lengths[:, None]


def _softmax(x, axis=-1, stable=True):
    e = np.exp(x - x.max(axis=axis, keepdims=True)) if stable else np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)


def _losses(logits, targets, axis=-1, offset=None):
    highest = logits.max(axis=axis, keepdims=True) if offset is None else offset
    sums = np.exp(logits - highest).sum(axis=axis, keepdims=True)
    every = highest + np.log(sums) - logits
    return every[range(len(targets)), targets]


def _naive(logits, targets):
    return -np.log(_softmax(logits, stable=False)[range(len(targets)), targets]).mean()


def _naive_log_sum(logits, targets):
    return np.mean(np.log(np.exp(logits).sum(1)) - logits[range(len(targets)), targets])


def _softmax_then_log(logits, targets):
    return -np.log(_softmax(logits)[range(len(targets)), targets]).mean()


def _one_hot(logits, targets):
    rows = np.eye(logits.shape[1])[targets]
    return -np.sum(rows * np.log(_softmax(logits))) / len(rows)


def _floor_added(logits, targets):
    return -np.log(_softmax(logits)[range(len(targets)), targets] + 1e-12).mean()


def _clipped(logits, targets):
    picked = _softmax(logits)[range(len(targets)), targets]
    return -np.log(np.clip(picked, 1e-9, 1)).mean()


WRONG = [
    ("2.1", "order of their first occurrence, which changes", _most_common),
    ("2.1", "order of their first occurrence; count", _first_come_first_served),
    ("2.1", "same count stand in the order of a set", _ranked_set),
    ("2.1", "words stand in the order of a set", _plain_set),
    ("2.1", "reverse alphabetical", _reverse),
    ("2.1", "`max_size` counts the words alone", _max_size_words),
    ("2.1", "`max_size` is not used", _no_limit),
    ("2.1", "start at 0", _from_0),
    ("2.1", "start at 1", _from_1),
    ("2.1", "start at 1", _over_unknown),
    ("2.1", "counts the sentences", _count_sentences),
    ("2.1", "`<unk>` is missing", _no_unknown),
    ("2.2", "pads stand on the left", _pad_left),
    ("2.2", "pads stand on the left", _pad_left_by_hand),
    ("2.2", "guessed from the ids", _mask_from_ids),
    ("2.2", "mask is inverted", _mask_inverted),
    ("2.2", "mask is inverted", _mask_of_pads),
    ("2.2", "mask holds numbers", _mask_of_numbers),
    ("2.2", "floating-point numbers", _floats),
    ("2.2", "length of the first", _to(lambda sequences: len(sequences[0]))),
    ("2.2", "length of the last", _to(lambda sequences: len(sequences[-1]))),
    ("2.2", "compares the ids", _to(lambda sequences: len(max(sequences)))),
    ("2.2", "shortest", _to_shortest),
    ("2.2", "nobody needs", _to(lambda sequences: _longest(sequences) + 1)),
    ("2.3", "divided by all steps", _divide_by_steps),
    ("2.3", "comes in from the pads", _multiply),
    ("2.3", "sum of the real states", _sum),
    ("2.3", "`lengths` is ignored", lambda states, lengths: np.mean(states, 1)),
    ("2.3", "pads are still in it", _all_over_lengths),
    ("2.3", "`np.nanmean`", lambda states, lengths: np.nanmean(states, 1)),
    ("2.4", "`np.exp` overflows", _naive),
    ("2.4", "`np.exp` overflows", _naive_log_sum),
    ("2.4", "underflows to 0, and its logarithm", _softmax_then_log),
    ("2.4", "underflows to 0, and its logarithm", _one_hot),
    ("2.4", "hides the underflow", _floor_added),
    ("2.4", "hides the underflow", _clipped),
    ("2.4", "sum of the losses", lambda x, y: _losses(x, y).sum()),
    ("2.4", "losses one by one", lambda x, y: _losses(x, y)),
    ("2.4", "over the batch", lambda x, y: _losses(x, y, axis=0).mean()),
    ("2.4", "minus is missing", lambda x, y: -_losses(x, y).mean()),
    ("2.4", "of the whole batch", lambda x, y: _losses(x, y, offset=x.max()).mean()),
]


@pytest.mark.parametrize(("drill_id", "words", "function"), WRONG)
def test_typical_wrong_answer_is_named(drill_id, words, function, capsys):
    assert not interview.check(drill_id, function)
    printed = capsys.readouterr().out
    assert printed.startswith(f"{drill_id} not yet: ")
    assert words in printed


OTHER_RIGHT = [
    (
        "2.1",
        lambda sentences, max_size: {
            token: i
            for i, token in enumerate(
                ["<pad>", "<unk>", *_rank(sentences)[: max_size - 2]]
            )
        },
    ),
    ("2.2", _to(_longest)),
    ("2.3", lambda states, lengths: _sum(states, lengths) / lengths[:, None]),
    ("2.4", lambda x, y: _losses(x, y).mean()),
]


@pytest.mark.parametrize(("drill_id", "function"), OTHER_RIGHT)
def test_another_right_answer_passes(drill_id, function, capsys):
    assert interview.check(drill_id, function), capsys.readouterr().out


REPAIRS = {
    "unknown": ("ids.get(word, 0)", "ids.get(word, 1)"),
    "lengths": ("for row in padded]", "for row in rows]"),
    "empty": ("in text.split()]", 'in text.split() or ["<unk>"]]'),
    "cut": ("    steps =", "    rows = [row[:max_steps] for row in rows]\n    steps ="),
}
CLUES = {  # in the message while more than one mistake is left, and for the last one
    "unknown": ("a word that `ids` does not hold", "looks like padding"),
    "lengths": ("a short text beside a long one", "the same length"),
    "empty": ("an empty text", "no real step"),
    "cut": ("more than `max_steps` words", "words that were cut off"),
}
VERDICTS = (
    "2.5 passed",
    "2.5 not yet: one to go",
    "2.5 not yet: two to go",
    "2.5 not yet: three to go",
    "2.5 not attempted: this is still the code as given",
)
FIXES = [repair for _, repair in REPAIRS.values()] + ["ids.get", "split", "in rows"]


def _partly_repaired(names):
    code = interview.stub("2.5")
    for name in names:
        old, new = REPAIRS[name]
        assert code.count(old) == 1
        code = code.replace(old, new)
    namespace = {"np": np}  # all that a notebook's cell may rely on
    exec(code, namespace)
    return namespace["encode_batch"]


@pytest.mark.parametrize("count", range(5))
def test_each_repair_of_the_code_as_given_is_told_apart(count, capsys):
    answers = set()
    subsets = list(combinations(REPAIRS, count))
    for repaired in subsets:
        interview.check("2.5", _partly_repaired(repaired))
        answer = capsys.readouterr().out
        answers.add(answer)
        left = REPAIRS.keys() - repaired
        assert VERDICTS[len(left)] in answer
        if 0 < len(left) < 4:
            named = {name for name in CLUES if CLUES[name][len(left) == 1] in answer}
            assert named == left
        assert not any(fix in answer for fix in FIXES)
    assert len(answers) == len(subsets)


def test_code_as_given_raises_no_error():
    given = _partly_repaired(())
    for texts, ids, max_steps in _cases(interview.get("2.5")):
        padded, lengths = given(texts, ids, max_steps)
        assert len(padded) == len(lengths) == len(texts)


def test_first_hint_of_the_debugging_drill_gives_no_fix_away():
    first_hint = interview.get("2.5").hints[0]
    assert not any(fix in first_hint for fix in FIXES)


# Each has all of the code repaired, and one thing wrong still, or again.
SLIPS = {
    "its one step holds the pad": (
        "    return",
        "    padded[[not text.split() for text in texts]] = 0\n    return",
    ),
    "unknown words are left out": (
        "in text.split() or",
        "in [word for word in text.split() if word in ids] or",
    ),
    "not cut at all": ("[:, :max_steps]", ""),
    "lose their beginning": ("row[:max_steps]", "row[-max_steps:]"),
    "padded to `max_steps`": (
        "steps = max(len(row) for row in rows)",
        "steps = max_steps",
    ),
}


@pytest.mark.parametrize("words", SLIPS)
def test_new_slip_in_the_repaired_code_is_named(words, capsys):
    code = interview.stub("2.5")
    for name, repair in REPAIRS.items():
        if not (name == "cut" and words == "not cut at all"):
            code = code.replace(*repair)
    assert code.count(SLIPS[words][0]) == 1
    namespace = {"np": np}
    exec(code.replace(*SLIPS[words]), namespace)
    assert not interview.check("2.5", namespace["encode_batch"])
    assert words in capsys.readouterr().out
