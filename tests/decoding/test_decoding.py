"""Searches against slow specifications, on tables that know every history."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.decoding import Decoded, beam_search, greedy

PROPERTY = settings(max_examples=60, derandomize=True, deadline=None, database=None)
STATES = 7


class Table:
    """Log-probabilities by source, hidden state and token before.

    The hidden state counts along the history, so that two hypotheses that end in the same
    token still differ. Kinds: ``"random"``; ``"ties"``, small whole numbers;
    ``"holes"``, where some tokens are forbidden.
    """

    def __init__(self, seed=0, sentences=3, vocab=4, start=2, end=3, kind="random"):
        rng = np.random.default_rng(seed)
        shape = (sentences, STATES, vocab, vocab)
        scores = rng.normal(0, 2, shape)
        self.log_probs = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
        if kind == "ties":
            self.log_probs = -rng.integers(1, 4, shape).astype(float)
        if kind == "holes":
            self.log_probs[rng.random(shape) < 0.4] = -np.inf
            self.log_probs[..., rng.integers(vocab)] = -1.0
        self.attention = rng.random((sentences, STATES, 5))
        self.vocab, self.ends = vocab, {"start": start, "end": end}
        self.batches = []

    def state(self, sentences=None):
        sentences = range(len(self.log_probs)) if sentences is None else sentences
        return {"source": np.array(sentences), "hidden": np.zeros(len(sentences), int)}

    def step(self, tokens, state):
        source, hidden = state["source"], (3 * state["hidden"] + tokens + 1) % STATES
        assert tokens.shape == source.shape
        self.batches.append(tokens.tolist())
        log_probs = self.log_probs[source, hidden, tokens]
        state = {"source": source, "hidden": hidden}
        return log_probs, state, self.attention[source, hidden]

    @staticmethod
    def reorder(state, rows):
        return {name: part[rows] for name, part in state.items()}

    def replay(self, source, written):
        """Log-probability and attention of what was written, one token after another."""
        hidden, token, total, seen = 0, self.ends["start"], 0.0, []
        for following in written:
            hidden = (3 * hidden + token + 1) % STATES
            total += float(self.log_probs[source, hidden, token, following])
            seen.append(self.attention[source, hidden])
            token = following
        return total, seen

    def score(self, source, written):
        return self.replay(source, written)[0] / len(written)

    def greedy(self, max_steps, sentences=None):
        state = self.state(sentences)
        size = len(state["source"])
        return greedy(self.step, state, size, max_steps=max_steps, **self.ends)

    def beam(self, max_steps, sentences=None, **options):
        state = self.state(sentences)
        options |= self.ends | {"max_steps": max_steps, "reorder": self.reorder}
        return beam_search(self.step, state, len(state["source"]), **options)


@st.composite
def tables(draw, kinds=("random", "ties", "holes"), most=5):
    vocab = draw(st.integers(2, most))
    return Table(
        seed=draw(st.integers(0, 10_000)),
        sentences=draw(st.integers(1, 4)),
        vocab=vocab,
        start=draw(st.integers(0, vocab - 1)),
        end=draw(st.integers(0, vocab - 1)),
        kind=draw(st.sampled_from(kinds)),
    )


def slow_greedy(model, source, max_steps):
    written = ()
    while len(written) < max_steps and written[-1:] != (model.ends["end"],):
        ahead = [(*written, token) for token in range(model.vocab)]
        written = max(ahead, key=lambda each: model.replay(source, each)[0])
    return written


def slow_beam(model, source, max_steps, beam):
    """No early stop, no state carried along."""
    still_open, ended = [()], []
    for _ in range(max_steps):
        ahead = [(*one, token) for one in still_open for token in range(model.vocab)]
        chances = {one: model.replay(source, one)[0] for one in ahead}
        ahead = [one for one in ahead if chances[one] > -np.inf]
        ahead = sorted(ahead, key=lambda one: -chances[one])[:beam]
        ended += [one for one in ahead if one[-1] == model.ends["end"]]
        still_open = [one for one in ahead if one[-1] != model.ends["end"]]
    return max(ended or still_open[:1], key=lambda one: model.score(source, one))


def exhaustive(model, source, max_steps):
    """The best of all sentences that end in time; of all that do not, where none does."""
    end = model.ends["end"]
    others = [token for token in range(model.vocab) if token != end]
    ended = [
        (*words, end)
        for length in range(max_steps)
        for words in itertools.product(others, repeat=length)
    ]
    cut = list(itertools.product(others, repeat=max_steps))
    possible = [one for one in ended if model.replay(source, one)[0] > -np.inf]
    return max(possible or cut, key=lambda one: model.score(source, one))


def assert_written(model, found, wanted):
    """Tokens, log-probabilities and attention are those of ``wanted``, ends included."""
    replayed = [model.replay(*each) for each in enumerate(wanted)]
    words = [[token for token in one if token != model.ends["end"]] for one in wanted]
    assert found.tokens == words
    assert found.log_probs == pytest.approx([total for total, _ in replayed], abs=1e-9)
    for own, attention, (_, seen) in zip(words, found.attention, replayed, strict=True):
        assert attention.shape == (len(own), 5)
        np.testing.assert_array_equal(attention, np.reshape(seen, (-1, 5))[: len(own)])


def assert_same(found, other):
    assert found.tokens == other.tokens
    assert found.log_probs == other.log_probs
    for own, theirs in zip(found.attention, other.attention, strict=True):
        np.testing.assert_array_equal(own, theirs)


def row_of(found, i):
    return Decoded(*([part[i]] for part in vars(found).values()))


def fixed(rows, attention=None):
    """A model that knows its place: ``rows[i]`` after ``i`` tokens, the last one for ever."""

    def step(tokens, state):
        now = np.minimum(state, len(rows) - 1)
        return np.asarray(rows, float)[now], state + 1, attention

    return step


def run_both(step, size=1, **options):
    """Greedy, and a beam of three, over a state that counts."""
    options = {"start": 2, "end": 3, "max_steps": 6} | options
    state = np.zeros(size, int)
    return (
        greedy(step, state, size, **options),
        beam_search(
            step, state, size, reorder=lambda s, rows: s[rows], beam=3, **options
        ),
    )


class TestGreedy:
    @PROPERTY
    @given(tables(), st.integers(1, 6))
    def test_it_takes_the_likeliest_token_of_every_step(self, model, max_steps):
        wanted = [slow_greedy(model, i, max_steps) for i in range(len(model.log_probs))]
        assert_written(model, model.greedy(max_steps), wanted)

    @PROPERTY
    @given(tables(), st.integers(1, 6))
    def test_a_batch_equals_one_by_one(self, model, max_steps):
        together = model.greedy(max_steps)
        for i in range(len(model.log_probs)):
            assert_same(model.greedy(max_steps, [i]), row_of(together, i))

    def test_an_ended_row_is_fed_its_end_and_not_read(self):
        fed = []

        def step(tokens, state):
            fed.append(tokens.tolist())
            log_probs = np.log(np.full((2, 4), 0.25))
            log_probs[0, 3] = log_probs[1, 0] = -0.1
            log_probs[tokens == 3] = np.nan
            return log_probs, state, None

        found = greedy(step, None, 2, start=2, end=3, max_steps=4)
        assert found.tokens == [[], [0, 0, 0, 0]]
        assert found.log_probs == pytest.approx([-0.1, -0.4])
        assert fed == [[2, 2], [3, 0], [3, 0], [3, 0]]

    def test_it_stops_when_the_last_row_has_ended(self):
        model = Table(seed=3, vocab=4, sentences=8)
        longest = max(map(len, model.greedy(50).tokens))
        assert 2 < longest < 49
        assert len(model.batches) == longest + 1
        assert model.batches[0] == [2] * 8
        assert all(len(batch) == 8 for batch in model.batches)


class TestBeamSearch:
    @PROPERTY
    @given(tables(), st.integers(1, 6))
    def test_a_beam_of_1_is_greedy(self, model, max_steps):
        found = model.beam(max_steps, beam=1)
        assert_same(found, model.greedy(max_steps))

    @PROPERTY
    @given(tables(("random", "holes"), most=3), st.integers(1, 4))
    def test_a_beam_wide_enough_finds_the_best_of_all(self, model, max_steps):
        width = model.vocab**max_steps
        found = model.beam(max_steps, beam=width)
        sources = range(len(model.log_probs))
        wanted = [exhaustive(model, i, max_steps) for i in sources]
        assert_written(model, found, wanted)

    @PROPERTY
    @given(tables(), st.integers(1, 7), st.integers(1, 6))
    def test_stopping_early_loses_nothing(self, model, max_steps, beam):
        sources = range(len(model.log_probs))
        wanted = [slow_beam(model, i, max_steps, beam) for i in sources]
        found = model.beam(max_steps, beam=beam)
        assert_written(model, found, wanted)

    @PROPERTY
    @given(tables(), st.integers(1, 6), st.integers(1, 5))
    def test_a_batch_equals_one_by_one(self, model, max_steps, beam):
        together = model.beam(max_steps, beam=beam)
        for i in range(len(model.log_probs)):
            assert_same(model.beam(max_steps, [i], beam=beam), row_of(together, i))

    def test_it_finds_what_greedy_walks_past(self):
        # 0 is likelier than 1 at first, but all that follows it is unlikely.
        after = {
            2: [0.6, 0.4, 0, 0],
            0: [0.3, 0.3, 0.3, 0.1],
            1: [0, 0.1, 0, 0.9],
        }

        def step(tokens, state):
            with np.errstate(divide="ignore"):
                return np.log([after[int(token)] for token in tokens]), state, None

        options = {"start": 2, "end": 3, "max_steps": 3}
        assert greedy(step, None, 1, **options).tokens == [[0, 0, 0]]
        found = beam_search(step, [], 1, reorder=lambda s, _: s, beam=2, **options)
        assert found.tokens == [[1]]
        assert found.log_probs == pytest.approx([np.log(0.4 * 0.9)])
        assert found.attention is None

    @pytest.mark.parametrize(
        ("at_once", "words"),
        [
            (-0.8, [0, 0]),  # -0.8 / 1, and -2.1 / 3
            (-0.6, []),  # -0.6 / 1, and -2.1 / 3
        ],
    )
    def test_the_mean_decides_between_short_and_long(self, at_once, words):
        # Ended at once: length 1. Ended after two words: -2.1, length 3.
        step = fixed([[-0.7, -9, -9, at_once], [-0.7, -9, -9, -9], [-9, -9, -9, -0.7]])
        options = {"start": 2, "end": 3, "max_steps": 3}
        found = beam_search(
            step, np.zeros(1, int), 1, reorder=lambda s, rows: s[rows], **options
        )
        assert found.tokens == [words]
        assert found.log_probs == pytest.approx([-2.1 if words else at_once])

    def test_by_default_5_are_kept(self):
        model = Table(vocab=9, sentences=4)
        model.log_probs[..., 3] = -99
        model.beam(3)
        assert list(map(len, model.batches)) == [4, 20, 20]

    @pytest.mark.parametrize(("max_steps", "rows"), [(20, [3, 3]), (40, [3, 7])])
    def test_a_sentence_is_left_when_nothing_open_can_win(self, max_steps, rows):
        # Sentences 0 and 2 may end at once, with log 0.9 = -0.105. What goes on has log 0.05
        # = -3.0 at most: of 20 steps that is a mean of -0.15 or worse, of 40 steps -0.075.
        quick = np.log([0.05, 0.05, 1e-9, 0.9])
        slow = np.log([0.5, 0.4, 0.09, 0.01])
        sizes = []

        def step(tokens, state):
            sizes.append(len(tokens))
            return np.where((state == 1)[:, None], slow, quick), state, None

        options = {"start": 2, "end": 3, "max_steps": max_steps, "beam": 3}
        found = beam_search(
            step, np.array([0, 1, 0]), 3, reorder=lambda s, rows: s[rows], **options
        )
        assert found.tokens[0] == found.tokens[2] == []
        assert sizes[:2] == rows

    def test_an_ended_hypothesis_is_never_fed(self):
        model = Table(seed=5, vocab=5, sentences=6, kind="ties")
        model.beam(8, beam=4)
        assert all(3 not in batch for batch in model.batches)
        assert max(map(len, model.batches)) <= 6 * 4


class TestBoth:
    def test_a_model_that_ends_at_once_writes_nothing(self):
        step = fixed([[-9, -9, -9, -0.1]], attention=np.ones((1, 7)))
        for found in run_both(step):
            assert found.tokens == [[]]
            assert found.log_probs == [-0.1]
            assert found.attention[0].shape == (0, 7)

    def test_a_model_that_never_ends_is_cut(self):
        for found in run_both(fixed([[-0.5, -1, -2, -np.inf]]), size=2):
            assert found.tokens == [[0] * 6] * 2
            assert found.log_probs == [-3.0, -3.0]

    def test_one_that_ends_wins_over_a_likelier_one_that_does_not(self):
        step = fixed([[-0.01, -9, -9, -5]])
        first, second = run_both(step)
        assert first.tokens == [[0] * 6]
        assert second.tokens == [[0] * 5]

    def test_the_last_step_may_be_the_end(self):
        rows = [[-0.1, -9, -9, -9]] * 2 + [[-9, -9, -9, -0.1]]
        for found in run_both(fixed(rows), max_steps=3):
            assert found.tokens == [[0, 0]]
            assert found.log_probs == pytest.approx([-0.3])

    def test_of_equals_the_smaller_id_comes_first(self):
        step = fixed([[-2, -1, -1, -3], [-9, -9, -9, -1]])
        for found in run_both(step):
            assert found.tokens == [[1]]

    def test_of_equals_the_first_found_wins(self):
        step = fixed([[-2, -1, -9, -1], [-9, -9, -9, -1]])
        first, second = run_both(step)
        assert first.tokens == [[1]]
        assert second.tokens == [[]]  # -1 / 1 at the first step, -2 / 2 at the second

    def test_tokens_are_plain_numbers(self):
        for found in run_both(fixed(np.float32([[-0.5, -1, -2, -3]]))):
            assert {type(token) for token in found.tokens[0]} == {int}
            assert {type(value) for value in found.log_probs} == {float}

    def test_log_probabilities_add_up_in_double_precision(self):
        row = np.log(np.full(4, 0.25, np.float32))
        row[3] = -np.inf

        def step(tokens, state):
            return np.tile(row, (len(tokens), 1)), state, None

        for found in run_both(step, max_steps=1000):
            assert found.log_probs == pytest.approx([1000 * float(row[0])], rel=1e-13)

    def test_attention_may_be_left_out(self):
        for found in run_both(fixed([[-0.5, -1, -2, -3]])):
            assert found.attention is None


class TestErrors:
    @pytest.mark.parametrize("name", ["batch_size", "max_steps", "beam"])
    @pytest.mark.parametrize("value", [0, -1])
    def test_a_number_below_1_is_named(self, name, value):
        options = {"batch_size": 1, "max_steps": 3, "beam": 2} | {name: value}
        options |= {"start": 2, "end": 3}
        step, state = fixed([[-1.0] * 4]), np.zeros(1, int)
        message = f"^{name} must be at least 1; got {value}"
        with pytest.raises(ValueError, match=message):
            beam_search(step, state, reorder=lambda s, rows: s[rows], **options)
        if name != "beam":
            del options["beam"]
            with pytest.raises(ValueError, match=message):
                greedy(step, state, **options)

    @pytest.mark.parametrize(
        ("log_probs", "message"),
        [
            (np.full(4, -1.0), r"^step must .* \(rows, vocab\), 1 rows; got \(4,\)"),
            (np.full((2, 4), -1.0), r"^step must return .* 1 rows; got \(2, 4\)"),
            ([[-1, 2.5, 0, 1]], r"^step must .* as in logits.* are \[2\.5\]"),
            ([[-1, np.nan, -2, -3]], "^step must return log-probabilities: no NaN"),
            ([[-np.inf] * 4], "^step must .* possible in every row"),
        ],
    )
    def test_what_is_no_log_probability_is_refused(self, log_probs, message):
        with pytest.raises(ValueError, match=message):
            run_both(lambda tokens, state: (np.array(log_probs), state, None))

    def test_rounding_above_0_passes(self):
        step = fixed([[-np.inf, -np.inf, -np.inf, 1e-7]])
        assert [found.tokens for found in run_both(step)] == [[[]], [[]]]
