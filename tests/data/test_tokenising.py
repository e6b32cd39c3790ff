"""From a text to tokens, by one rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import tokenise
from helpers.data.tokenising import normalise

# What the rule is about, denser than in any text.
TRICKY = "aBz3019:;=-^o'()[]dDpP/\\|*<&.!?_ ,\n\t\"…’‘“”–—$%#@İΣßﬁÉe\u0301\u0307😀\u200d\ufe0f"
texts = st.text() | st.text(TRICKY)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I don't like it", ["i", "don't", "like", "it"]),
        ("rock'n'roll", ["rock'n'roll"]),
        ("'quoted'", ["quoted"]),
        ("the actors' best", ["the", "actors", "best"]),
        ("a well-made, state-of-the-art film", "a well-made , state-of-the-art film"),
        ("so - so", ["so", "-", "so"]),
        ("R&D at AT&T", ["r&d", "at", "at&t"]),
        ("what the f*ck", ["what", "the", "f*ck"]),
        ("snake_case", ["snake", "case"]),
        ("Really?No,thanks.", "really ? no , thanks ."),
        ('(He said: "50% off; $5")', '( he said : " 50 % off ; $ 5 " )'),
        ("@you #fun a/b", ["you", "fun", "a", "b"]),
        ("MP3s in 2004", ["mp3s", "in", "2004"]),
    ],
)
def test_words_and_punctuation(text, tokens):
    assert tokenise(text) == (tokens.split() if isinstance(tokens, str) else tokens)


@pytest.mark.parametrize(
    ("typographic", "plain"),
    [
        ("don’t", "don't"),
        ("rock‘n’roll", "rock'n'roll"),
        ("“good”", '"good"'),
        ("well–made", "well-made"),
        ("and so on…", "and so on..."),
    ],
)
def test_typographic_signs_are_read_as_plain_ones(typographic, plain):
    assert tokenise(typographic) == tokenise(plain)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("no.", ["no", "."]),
        ("no..", ["no", "..."]),
        ("no...", ["no", "..."]),
        ("no........", ["no", "..."]),
        ("no…", ["no", "..."]),
        ("no!", ["no", "!"]),
        ("no!!", ["no", "!!"]),
        ("no!!!!", ["no", "!!"]),
        ("no?!?!", ["no", "?!"]),
        ("no?", ["no", "?"]),
        ("no,,", ["no", ",", ","]),
    ],
)
def test_runs_of_dots_and_marks_are_one_short_token(text, tokens):
    assert tokenise(text) == tokens


@pytest.mark.parametrize(
    "emoticon", [":)", ":-)", ":(", ":'(", ";)", ":]", "=)", ":/", ":|", ":*", "<3"]
)
def test_an_emoticon_is_one_token(emoticon):
    assert tokenise(emoticon) == [emoticon]
    assert tokenise(f"nice {emoticon} film") == ["nice", emoticon, "film"]
    assert tokenise(f"Nice!{emoticon}") == ["nice", "!", emoticon]


@pytest.mark.parametrize(
    ("text", "token"), [(":D", ":d"), (":-P", ":-p"), (";D", ";d"), (":-))", ":-))")]
)
def test_an_emoticon_of_letters_is_lower_case(text, token):
    assert tokenise(text) == [token]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("at 10:30", ["at", "10", ":", "30"]),
        ("at :30", ["at", ":", "30"]),
        ("note:(see below)", "note : ( see below )"),
        ("topic:drama", ["topic", ":", "drama"]),
        ("1<3", ["1", "3"]),
    ],
)
def test_a_colon_in_a_time_or_a_list_is_no_emoticon(text, tokens):
    assert tokenise(text) == (tokens.split() if isinstance(tokens, str) else tokens)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("😀", ["😀"]),
        ("great😀😀!", ["great", "😀", "😀", "!"]),
        ("€5 — ok", ["€", "5", "—", "ok"]),
    ],
)
def test_every_other_sign_is_a_token(text, tokens):
    assert tokenise(text) == tokens


@pytest.mark.parametrize("text", ["", " ", "\n\t \r\n", "\u00a0\u2003", "_", "~ ^ @"])
def test_a_text_without_words_and_signs_has_no_tokens(text):
    assert tokenise(text) == []


@pytest.mark.parametrize("text", [None, 3, 2.5, b"bytes", ["a", "list"]])
def test_what_is_no_string_is_refused(text):
    with pytest.raises(TypeError, match=f"text must be.*{type(text).__name__}"):
        tokenise(text)


def test_a_letter_and_its_accent_are_one_letter():
    assert tokenise("cafe\u0301") == tokenise("caf\u00e9") == ["caf\u00e9"]


@pytest.mark.parametrize("text", ["GREAT", "Great", "great", "gREAT"])
def test_case_does_not_matter(text):
    assert tokenise(text) == ["great"]


@settings(deadline=None)
@given(texts)
def test_no_token_is_empty_or_holds_space(text):
    for token in tokenise(text):
        assert token
        assert token.split() == [token]


@settings(deadline=None)
@given(texts)
def test_tokenising_joined_tokens_changes_nothing(text):
    tokens = tokenise(text)
    assert tokenise(" ".join(tokens)) == tokens


@settings(deadline=None)
@given(st.lists(st.text(TRICKY)))
def test_texts_apart_are_tokenised_apart(parts):
    apart = [token for part in parts for token in tokenise(part)]
    assert tokenise("\n".join(parts)) == apart


@pytest.mark.parametrize(
    "text", ["So good!", "so  good", "SO GOOD...", "(so) 'good'", "ｓｏ\tgood"]
)
def test_case_space_and_punctuation_do_not_count_when_normalised(text):
    assert normalise(text) == "so good"


def test_other_words_count_when_normalised():
    assert normalise("so good") != normalise("so god")
    assert normalise("no good") != normalise("nogood")


@settings(deadline=None)
@given(texts)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
