"""Tokens to ids and back, the same in every run."""

import json
import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import Vocabulary, vocabulary

SENTENCES = [["b", "a", "c"], ["c", "b", "😀"], ["c", "d"]]
tokens = st.text(min_size=1).filter(lambda token: token not in ("<pad>", "<unk>"))
sentences = st.lists(st.lists(st.sampled_from("abcdef") | tokens))


def test_pad_unk_specials_and_then_the_most_frequent_tokens():
    built = Vocabulary.build(SENTENCES, specials=("<s>", "</s>"))
    assert built.tokens == ["<pad>", "<unk>", "<s>", "</s>", "c", "b", "a", "d", "😀"]
    assert built.specials == ("<s>", "</s>")
    assert len(built) == 9


def test_the_reserved_ids():
    assert (vocabulary.PAD_ID, vocabulary.UNKNOWN_ID) == (0, 1)
    assert Vocabulary([]).tokens == ["<pad>", "<unk>"]


@settings(deadline=None)
@given(sentences)
def test_ids_follow_frequency_and_then_the_alphabet(sentences):
    counts = Counter(token for sentence in sentences for token in sentence)
    words = Vocabulary.build(sentences).tokens[2:]
    assert set(words) == set(counts)
    ranks = [(-counts[word], word) for word in words]
    assert ranks == sorted(ranks)


@settings(deadline=None)
@given(st.data())
def test_the_order_of_sentences_and_tokens_does_not_matter(data):
    given = data.draw(sentences)
    order = data.draw(st.permutations(given))
    turned = [sentence[::-1] for sentence in order]
    assert Vocabulary.build(turned).tokens == Vocabulary.build(given).tokens


def test_sentences_may_come_from_a_generator():
    built = Vocabulary.build(tuple(sentence) for sentence in SENTENCES)
    assert built.tokens == Vocabulary.build(SENTENCES).tokens


def test_no_sentences_give_the_reserved_ids_only():
    assert Vocabulary.build([]).tokens == ["<pad>", "<unk>"]
    assert Vocabulary.build([[], []], specials=["<s>"]).tokens[2:] == ["<s>"]


@pytest.mark.parametrize(
    ("min_count", "words"), [(1, "cbad😀"), (2, "cb"), (3, "c"), (4, "")]
)
def test_rarer_tokens_than_min_count_are_unknown(min_count, words):
    built = Vocabulary.build(SENTENCES, min_count=min_count)
    assert built.tokens[2:] == list(words)


@pytest.mark.parametrize("specials", [(), ("<s>", "</s>")])
@pytest.mark.parametrize("room", range(1, 8))
def test_max_size_counts_every_id(specials, room):
    max_size = 2 + len(specials) + room
    built = Vocabulary.build(SENTENCES, max_size=max_size, specials=specials)
    assert built.tokens[2 + len(specials) :] == list("cbad😀")[:room]
    assert len(built) == min(max_size, 2 + len(specials) + 5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_count": 0}, "min_count must be at least 1; got 0"),
        ({"max_size": 2}, "max_size must be above 2.*got 2"),
        ({"max_size": 0}, "max_size must be above 2.*got 0"),
        ({"max_size": 3, "specials": ["<s>"]}, "max_size must be above 3.*<s>.*got 3"),
    ],
)
def test_limits_that_leave_no_room_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Vocabulary.build(SENTENCES, **options)


def test_a_special_in_the_text_has_one_id_and_takes_no_room():
    text = [["<pad>", "<s>", "<unk>", "<s>", "<pad>", "a"], ["<s>", "<pad>"]]
    built = Vocabulary.build(text, specials=["<s>"], max_size=4)
    assert built.tokens == ["<pad>", "<unk>", "<s>", "a"]
    assert built.encode(["<s>", "a"]).tolist() == [2, 3]


@pytest.mark.parametrize(
    ("words", "specials", "twice"),
    [
        (["a", "b", "a"], [], "a"),
        (["<pad>"], [], "<pad>"),
        (["<unk>"], [], "<unk>"),
        (["a", "<s>"], ["<s>"], "<s>"),
        ([], ["<s>", "<s>"], "<s>"),
        ([], ["<pad>"], "<pad>"),
    ],
)
def test_a_token_may_not_have_two_ids(words, specials, twice):
    with pytest.raises(ValueError, match=f"'{twice}' occurs twice"):
        Vocabulary(words, specials)


def test_ids_are_int64_of_one_dimension():
    ids = Vocabulary(["good", "film"]).encode(["film", "good", "film"])
    assert ids.tolist() == [3, 2, 3]
    assert ids.dtype == np.int64


def test_unknown_words_become_unk():
    known = Vocabulary(["good"])
    assert known.encode(["a", "good", "one"]).tolist() == [1, 2, 1]
    assert known.encode(["all", "unknown", "😀"]).tolist() == [1, 1, 1]
    assert known.decode([1, 2, 1]) == ["<unk>", "good", "<unk>"]


@pytest.mark.parametrize("nothing", [[], ()])
def test_no_tokens_become_one_unk(nothing):
    ids = Vocabulary(["good"]).encode(nothing)
    assert ids.tolist() == [1]
    assert ids.dtype == np.int64


@settings(deadline=None)
@given(st.lists(tokens, min_size=1))
def test_decoding_gives_the_encoded_tokens_back(sentence):
    built = Vocabulary.build([sentence], specials=["<s>"])
    assert built.decode(built.encode(sentence)) == sentence


def test_ten_thousand_words_each_have_their_id():
    words = [f"word-{i}" for i in range(10_000)]
    large = Vocabulary(words)
    assert len(large) == 10_002
    assert large.encode(words).tolist() == list(range(2, 10_002))
    assert large.decode(range(2, 10_002)) == words


def test_a_token_is_in_the_vocabulary_or_not():
    known = Vocabulary(["good"], ["<s>"])
    for token in ("good", "<s>", "<pad>", "<unk>"):
        assert token in known
    assert "goo" not in known


def test_decoding_leaves_pads_out():
    assert Vocabulary(["a", "b"]).decode([2, 0, 3, 0, 0]) == ["a", "b"]
    assert Vocabulary(["a"]).decode([]) == []


@pytest.mark.parametrize("wrong", [-1, 4, 10**9])
def test_decoding_an_id_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match=f"from 0 to 3; got {wrong}"):
        Vocabulary(["a", "b"]).decode(np.array([2, wrong]))


def test_a_string_is_not_a_list_of_tokens():
    with pytest.raises(TypeError, match="'good film'"):
        Vocabulary(["good"]).encode("good film")
    with pytest.raises(TypeError, match="'good film'"):
        Vocabulary.build([["fine"], "good film"])
    with pytest.raises(TypeError, match="not a string"):
        Vocabulary.build("good film")


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_gives_the_same_ids(hash_seed):
    tied = [[f"{letter}{i}" for i in range(9)] for letter in "zyxé😀"]
    code = (
        "import json, runpy, sys; "
        "build = runpy.run_path(sys.argv[1])['Vocabulary'].build; "
        "print(json.dumps(build(json.loads(sys.argv[2])).tokens))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code, vocabulary.__file__, json.dumps(tied)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert json.loads(printed) == Vocabulary.build(tied).tokens
