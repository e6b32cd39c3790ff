"""BLEU and chrF against sacreBLEU, alignments against the definition and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU, CHRF

from helpers.metrics.translation import (
    alignment_error_rate,
    alignment_precision,
    bleu,
    chrf,
    exact_match,
)

PROPERTY = settings(max_examples=100, derandomize=True, deadline=None, database=None)
#: Few words, so that n-grams repeat; some are parts of others, one is Japanese.
WORDS = st.sampled_from(["the", "then", "cat", "a", ".", "é", "東京都"])
SENTENCES = st.lists(WORDS, max_size=9)
CORPORA = st.lists(st.tuples(SENTENCES, SENTENCES), min_size=1, max_size=4)
PLACES = st.tuples(st.integers(0, 3), st.integers(0, 3))
LINKS = st.sets(PLACES, max_size=6)
measures = pytest.mark.parametrize("measure", [bleu, chrf, exact_match])
alignments = pytest.mark.parametrize(
    "measure", [alignment_error_rate, alignment_precision]
)


@st.composite
def close_corpora(draw):
    """References, and hypotheses that differ from them in a word or two."""
    references = draw(st.lists(st.lists(WORDS, min_size=1), min_size=1, max_size=4))
    hypotheses = [list(words) for words in references]
    for words in hypotheses:
        for _ in range(draw(st.integers(0, 2))):
            place = draw(st.integers(0, len(words)))
            words[place : place + draw(st.integers(0, 1))] = draw(
                st.lists(WORDS, max_size=2)
            )
    return list(zip(hypotheses, references, strict=True))


def words_of(text):
    return text.split()


def split(corpus):
    return tuple(map(list, zip(*corpus, strict=True)))


def joined(sentences):
    return [" ".join(words) for words in sentences]


def sacrebleu(metric, hypotheses, references):
    return metric.corpus_score(joined(hypotheses), [joined(references)]).score


class TestBleu:
    @PROPERTY
    @given(st.one_of(CORPORA, close_corpora()), st.booleans())
    def test_it_equals_sacrebleu(self, corpus, smooth):
        hypotheses, references = split(corpus)
        method = "exp" if smooth else "none"
        metric = BLEU(tokenize="none", smooth_method=method, force=True)
        wanted = sacrebleu(metric, hypotheses, references)
        found = bleu(hypotheses, references, smooth=smooth)
        assert found == pytest.approx(wanted, abs=1e-6)
        assert type(found) is float

    def test_worked_by_hand(self):
        hypotheses = [words_of("the cat sat on the mat"), words_of("a dog")]
        references = [words_of("the cat sat on a mat"), words_of("a big dog ran")]
        # 7 of 8 words, 3 of 6 pairs, 2 of 4 triples, 1 of 3 fours; 8 words against 10.
        mean = (7 / 8 * 3 / 6 * 2 / 4 * 1 / 3) ** (1 / 4)
        found = bleu(hypotheses, references)
        assert found == pytest.approx(100 * math.exp(1 - 10 / 8) * mean, abs=1e-9)

    def test_an_n_gram_counts_as_often_as_the_reference_has_it(self):
        # Papineni's example: 2 of 7, smoothed 1/2 of 6, 1/4 of 5, 1/8 of 4.
        hypothesis, reference = ["the"] * 7, words_of("the cat is on the mat")
        mean = (2 / 7 * 1 / 12 * 1 / 20 * 1 / 32) ** (1 / 4)
        found = bleu([hypothesis], [reference], smooth=True)
        assert found == pytest.approx(100 * mean, abs=1e-9)
        assert bleu([hypothesis], [reference]) == 0

    def test_brevity_is_judged_on_the_corpus(self):
        words = words_of("the cat sat on the mat")
        short_and_long = [words[:5], [*words, "."]], [words, words]
        assert bleu(*short_and_long) == pytest.approx(
            100 * (11 / 12 * 9 / 10 * 7 / 8 * 5 / 6) ** (1 / 4), abs=1e-9
        )
        found = bleu([words[:5]] * 2, [words] * 2)
        assert found == pytest.approx(100 * math.exp(-1 / 5), abs=1e-9)

    def test_itself_scores_100_and_nothing_shared_0(self):
        words = words_of("the cat sat on the mat")
        assert bleu([words], [words]) == pytest.approx(100, abs=1e-12)
        for smooth in (False, True):
            assert bleu([["x"] * 6], [words], smooth=smooth) == 0
            assert bleu([[]], [words], smooth=smooth) == 0
            assert bleu([words[:3]], [words], smooth=smooth) == 0  # no four words


class TestChrf:
    @PROPERTY
    @given(st.one_of(CORPORA, close_corpora()))
    def test_it_equals_sacrebleu(self, corpus):
        hypotheses, references = split(corpus)
        wanted = sacrebleu(CHRF(), hypotheses, references)
        found = chrf(hypotheses, references)
        assert found == pytest.approx(wanted, abs=1e-6)
        assert type(found) is float

    def test_worked_by_hand(self):
        # "abc" of "abcd": 3/3 and 3/4, 2/2 and 2/3, 1/1 and 1/2; no n has more of both.
        precision, recall = 1, (3 / 4 + 2 / 3 + 1 / 2) / 3
        wanted = 100 * 5 * precision * recall / (4 * precision + recall)
        assert chrf([["abc"]], [["abcd"]]) == pytest.approx(wanted, abs=1e-9)
        assert chrf([["abcd"]], [["abc"]]) > wanted  # recall counts more

    def test_where_the_words_are_cut_does_not_matter(self):
        reference = [["the", "cats", "sat"]]
        wanted = chrf([["the", "cat", "sat"]], reference)
        for tokens in (["thecat", "sat"], [*"thecatsat"], ["the cat", " sat"]):
            assert chrf([tokens], reference) == wanted

    def test_itself_scores_100_and_nothing_shared_0(self):
        assert chrf([["a", "cat"]], [["a", "cat"]]) == pytest.approx(100, abs=1e-12)
        for hypothesis in (["dog"], [], [""]):
            assert chrf([hypothesis], [["a", "cat"]]) == 0
        assert chrf([["dog"]], [[]]) == 0


class TestExactMatch:
    def test_it_is_the_share_of_equal_sentences(self):
        references = [["a", "b"], ["c"], [], ["a", "b"]]
        found = exact_match([["a", "b"], ("c",), ["a"], ["a", "b", "c"]], references)
        assert found == 0.5
        assert type(found) is float
        assert exact_match(references, references) == 1
        assert exact_match([["b", "a"], ["a", "a", "b"]], [["a", "b"]] * 2) == 0


class TestSentences:
    @measures
    @pytest.mark.parametrize(
        ("hypotheses", "references", "name"),
        [
            (["the cat"], [["the", "cat"]], "hypotheses"),
            ([["the", "cat"]], ["the cat"], "references"),
            ([["a"], "the cat"], [["a"], ["b"]], "hypotheses"),
            ("the cat", [["the", "cat"]], "hypotheses"),
            (["the", "cat"], [["the", "cat"]], "hypotheses"),
        ],
    )
    def test_a_string_is_refused(self, measure, hypotheses, references, name):
        with pytest.raises(TypeError, match=f"^{name} must hold one list of tokens"):
            measure(hypotheses, references)

    @measures
    @pytest.mark.parametrize(
        ("hypotheses", "references", "numbers"),
        [
            ([], [], "0 and 0"),
            ([["a"]], [], "1 and 0"),
            ([["a"]], [["a"]] * 2, "1 and 2"),
        ],
    )
    def test_other_lengths_are_named(self, measure, hypotheses, references, numbers):
        message = f"^hypotheses and references must hold .*; got {numbers}$"
        with pytest.raises(ValueError, match=message):
            measure(hypotheses, references)


class TestAlignments:
    @PROPERTY
    @given(st.lists(st.tuples(LINKS, LINKS, LINKS), min_size=1, max_size=4))
    def test_the_definition_of_och_and_ney(self, corpus):
        # All sentences as one, with the places of sentence k moved apart from the others.
        drawn, sure, possible = (
            {(k, *link) for k, links in enumerate(part) for link in links}
            for part in split(corpus)
        )
        possible |= sure
        if drawn or sure:
            shared = len(drawn & sure) + len(drawn & possible)
            found = alignment_error_rate(*split(corpus))
            assert found == pytest.approx(1 - shared / (len(drawn) + len(sure)))
            assert -1e-12 <= found <= 1
            assert type(found) is float
        if drawn:
            found = alignment_precision(*split(corpus))
            assert found == pytest.approx(len(drawn & possible) / len(drawn))
            assert type(found) is float

    def test_worked_by_hand(self):
        drawn = [{(0, 0), (1, 1), (2, 1)}, {(0, 1)}]
        sure = [{(0, 0), (1, 2)}, {(0, 1), (1, 0)}]
        possible = [{(1, 1)}, set()]
        # Sure hits (0, 0) and (0, 1); possible ones those and (1, 1); 4 drawn, 4 sure.
        assert alignment_error_rate(drawn, sure, possible) == 1 - (2 + 3) / (4 + 4)
        assert alignment_precision(drawn, sure, possible) == 3 / 4

    def test_the_sure_links_and_any_possible_ones_are_free_of_error(self):
        sure, possible = [{(0, 0)}], [{(1, 1), (1, 2)}]
        for drawn in ({(0, 0)}, {(0, 0), (1, 1)}, {(0, 0), (1, 1), (1, 2)}):
            assert alignment_error_rate([drawn], sure, possible) == 0
        assert alignment_error_rate([set()], sure, possible) == 1
        assert alignment_error_rate([{(5, 5)}], sure, possible) == 1
        assert alignment_precision([{(5, 5)}], sure, possible) == 0

    @alignments
    def test_sure_links_need_not_be_repeated_as_possible(self, measure):
        drawn, sure = [{(0, 0), (1, 1)}], [{(0, 0)}]
        assert measure(drawn, sure, [set()]) == measure(drawn, sure, sure)

    @alignments
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_of_weights_each_row_links_its_largest(self, measure, dtype):
        weights = np.array(
            [[0.1, 0.7, 0.2], [0.5, 0, 0.5], [0, 0, 0], [0, 0, 1]], dtype
        )
        links = {(0, 1), (1, 0), (3, 2)}  # ties: the first; no weight at all: no link
        sure, possible = [{(0, 1), (1, 1)}], [{(3, 2), (2, 0)}]
        found = measure([weights], sure, possible)
        assert found == measure([links], sure, possible)
        wanted = {
            alignment_error_rate: 1 - (1 + 2) / (3 + 2),
            alignment_precision: 2 / 3,
        }
        assert found == pytest.approx(wanted[measure])

    @alignments
    def test_links_may_be_lists_or_an_array_and_may_repeat(self, measure):
        sure, possible = [{(0, 0)}], [{(1, 1), (0, 1)}]
        wanted = measure([{(0, 0), (1, 1), (2, 2)}], sure, possible)
        links = [[0, 0], [1, 1], [2, 2], [1, 1]]
        for drawn in (links, np.array(links), map(tuple, links)):
            assert measure([drawn], sure, [[(1, 1), (0, 1), (1, 1)]]) == wanted

    @alignments
    def test_other_lengths_are_named(self, measure):
        message = "^weights_or_links, sure and possible must .*; got 1, 2 and 1$"
        with pytest.raises(ValueError, match=message):
            measure([{(0, 0)}], [set(), set()], [set()])

    @alignments
    @pytest.mark.parametrize("count", [0, 1])
    def test_nothing_to_count_is_named(self, measure, count):
        nothing = [set()] * count
        with pytest.raises(ValueError, match=r"^weights_or_links .*at least one link"):
            measure(nothing, nothing, [{(0, 0)}] * count)

    @alignments
    def test_weights_that_are_no_array_are_not_taken_for_links(self, measure):
        with pytest.raises(TypeError, match=r"'float' object .* integer"):
            measure([[[0.9, 0.1], [0.2, 0.8]]], [{(0, 0)}], [set()])
