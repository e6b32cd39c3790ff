"""The corpus of phrases: sound, reproducible, split without leaks, made once."""

import importlib.metadata
import re
from collections import Counter

import pytest

from helpers.data import phrases
from helpers.data.fetch import DataError
from helpers.data.phrases import KINDS, detokenise, generating, load_phrases, store
from helpers.data.phrases.generating import generate
from helpers.data.phrases.nouns import NOUNS

VOWEL = "aeiouyàâéèêëîïôœ"
MUTE_H = r"h(?:omme|ôtel|ôpita|istoire|orloge|abit)"
ETRE = "arrivé|parti|allé|tombé|resté|revenu|sorti|entré|levé|réveillé|caché|arrêté"


@pytest.fixture(scope="module")
def pairs():
    return store.cached_pairs()


@pytest.fixture(scope="module")
def french(pairs):
    """All French sentences: tokens between spaces."""
    return [" ".join(pair.target) for pair in pairs]


@pytest.fixture(scope="module", params=["compositional", "random"])
def splits(request):
    return load_phrases(request.param)


@pytest.fixture
def few(tmp_path, monkeypatch):
    """An empty cache, and a corpus of a few pairs that counts how often it is made."""
    made = []
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path))
    monkeypatch.setattr(generating, "generate", lambda: made.append(1) or generate(20))
    return made


def matching(pattern, sentences):
    return [sentence for sentence in sentences if re.search(pattern, sentence)]


def test_some_twenty_thousand_distinct_sentences_of_every_kind(pairs):
    assert len({pair.source for pair in pairs}) == len(pairs) >= 18_000
    kinds = Counter(pair.kind for pair in pairs)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 300


def test_short_and_long_sentences(pairs):
    lengths = [len(pair.source) for pair in pairs]
    assert min(lengths) == 3
    assert 18 <= max(lengths) <= 22
    assert sum(length >= 12 for length in lengths) > 300


def test_the_same_seed_makes_the_same_pairs(pairs):
    assert generate(150) == list(pairs[:150])
    assert generate(150, seed=1) != list(pairs[:150])


def test_tokens_are_lower_case_words_or_a_final_question_mark(pairs):
    word = re.compile(r"'s|-?[^\W\d_A-Z]+(?:'[a-z]+)?'?|-t-(?:il|elle)")
    for pair in pairs:
        for side in (pair.source, pair.target):
            body = side[:-1] if side[-1] == "?" else side
            assert all(word.fullmatch(token) for token in body), side
        assert (pair.source[-1] == "?") == (pair.target[-1] == "?")


def test_what_must_be_elided_is(french):
    short = r"(?:^| )(?:le|la|je|me|te|se|ne|de|que)"
    assert not matching(rf"{short} (?:[{VOWEL}]|{MUTE_H})", french)


def test_nothing_else_is_elided(french):
    assert not matching(
        rf"\b[a-zà-ÿ]+' (?![{VOWEL}]|{MUTE_H}|emma|alice|arthur)", french
    )
    assert not matching(r"' (?:héros|hibou)", french)
    assert matching(r"(?:le|du) héros", french)


def test_articles_contract(french):
    assert not matching(r"\b(?:à|de) les? ", french)
    assert not matching(
        r"\b(?:ma|ta|sa|ce|beau|nouveau) (?:[aeiouéêœ]|homme|hôtel)", french
    )
    assert not matching(r"\bde (?:une?|des|du)\b", french)


def test_negated_indefinites_become_de(french):
    assert not matching(r"\b(?:pas|jamais) (?:une?|des)\b", french)
    assert len(matching(r"\bne .* pas de\b", french)) > 50


def test_negation_has_two_halves(french):
    for sentence in matching(r"\b(?:ne|n') ", french):
        assert re.search(r"\b(?:pas|jamais)\b", sentence), sentence


def test_participles_with_etre_agree(french):
    es, est, sont = r"\bes (?:pas )?", r"(?:pas |jamais )?", r"sont (?:pas |jamais )?"
    assert not matching(rf"\belle (?:s'|n'|ne s')? ?est {est}(?:{ETRE})\b", french)
    assert not matching(rf"\bil (?:s'|n'|ne s')? ?est {est}(?:{ETRE})(?:e|s)", french)
    assert not matching(rf"\bils (?:ne |se |ne se )?{sont}(?:{ETRE})(?!s\b)", french)
    assert not matching(rf"{es}(?:{ETRE})(?:e|s)", french)
    assert matching(r"\bils sont (?:partis|sortis)\b", french)


def test_participles_with_avoir_agree_with_a_clitic_before(french):
    seen = matching(r"\bles (?:a|ai|as|avons|ont) [^ ]+", french)
    participles = [
        re.search(r"\bles (?:a|ai|as|avons|ont) ([^ ]+)", s)[1] for s in seen
    ]
    others = {
        "-t-il",
        "-t-elle",
        "-tu",
        "-ils",
        "-elle",
        "-il",
        "-nous",
        "pas",
        "jamais",
    }
    assert len(participles) > 50
    assert not [p for p in participles if p not in others and not p.endswith("s")]


def test_plural_articles_have_plural_nouns(pairs):
    plural = {"les", "des", "ces", "mes", "tes", "ses", "nos", "leurs", "deux", "trois"}
    for pair in pairs:
        for i, j in pair.sure:
            if pair.source[i] in NOUNS and "?" not in pair.target[j]:
                assert pair.target[j - 1] not in plural, pair  # a singular English noun


def test_links_stay_within_the_sentences(pairs):
    for pair in pairs:
        assert pair.sure.isdisjoint(pair.possible)
        for i, j in pair.sure | pair.possible:
            assert 0 <= i < len(pair.source)
            assert 0 <= j < len(pair.target)


def test_every_word_is_linked_and_every_noun_surely(pairs):
    for pair in pairs:
        links = pair.sure | pair.possible
        assert {i for i, _ in links} == set(range(len(pair.source))), pair
        assert {j for _, j in links} == set(range(len(pair.target))), pair
        nouns = {i for i, word in enumerate(pair.source) if word in NOUNS}
        assert nouns <= {i for i, _ in pair.sure}, pair


def test_no_english_sentence_stands_in_two_parts(splits, pairs):
    parts = [{p.source for p in part} for part in _parts(splits)]
    assert sum(map(len, parts)) == len(set().union(*parts)) <= len(pairs)
    assert sum(map(len, parts)) > 0.99 * len(pairs)


def test_every_word_of_validation_and_test_occurs_in_training(splits):
    for side in ("source", "target"):
        known = {word for pair in splits.train for word in getattr(pair, side)}
        for part in (splits.validation, splits.test):
            assert {word for pair in part for word in getattr(pair, side)} <= known


def test_a_split_depends_on_its_seed_only():
    assert load_phrases("random", seed=3) == load_phrases("random", seed=3)
    assert load_phrases("random", seed=3) != load_phrases("random", seed=4)
    first, second = (load_phrases("compositional", seed).held_out for seed in (3, 4))
    assert first != second


def test_training_never_has_what_is_held_out():
    splits = load_phrases("compositional")
    assert len(splits.held_out) > 500
    for pair in splits.train:
        assert splits.held_out.isdisjoint(pair.combinations)
    for part in (splits.validation, splits.test):
        assert all(not splits.held_out.isdisjoint(p.combinations) for p in part)
    in_test, in_validation = (
        {c for p in part for c in p.combinations} & splits.held_out
        for part in (splits.test, splits.validation)
    )
    assert {relation for relation, _, _ in in_test} == {"adjective", "object"}
    assert len(in_test - in_validation) > 0.9 * len(in_test)


def test_held_out_adjectives_stand_beside_their_nouns_in_no_training_sentence():
    splits = load_phrases("compositional")
    held = {
        (first, noun) for kind, first, noun in splits.held_out if kind == "adjective"
    }
    for pair in splits.train:
        beside = set(zip(pair.source, pair.source[1:], strict=False))
        assert beside.isdisjoint(held), pair
    seen = {b for p in splits.test for b in zip(p.source, p.source[1:], strict=False)}
    assert len(seen & held) > 50


def test_both_halves_of_what_is_held_out_occur_in_training():
    splits = load_phrases("compositional")
    known = {c for pair in splits.train for c in pair.combinations}
    firsts = {(relation, first) for relation, first, _ in known}
    nouns = {(relation, noun) for relation, _, noun in known}
    for relation, first, noun in splits.held_out:
        assert (relation, first) in firsts
        assert (relation, noun) in nouns


def test_a_random_split_loses_no_pair(pairs):
    splits = load_phrases("random")
    assert {pair for part in _parts(splits) for pair in part} == set(pairs)
    assert splits.held_out == frozenset()
    assert len(splits.test) > 1.5 * len(splits.validation) > 0.06 * len(pairs)


def test_the_corpus_is_made_once(few, capsys):
    assert not store.is_cached()
    first = store.cached_pairs()
    assert store.is_cached()
    assert store.cached_pairs() == first
    assert few == [1]
    assert capsys.readouterr().out.count("once") == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("elle", "il", 1),
        lambda text: "",
        lambda text: "no json\n" + text,
        lambda text: text.replace("pyrealb 3", "pyrealb 2", 1),
        lambda text: re.sub("generator ....", "generator 0000", text, count=1),
    ],
    ids=["cut", "changed", "empty", "no json", "other pyrealb", "other generator"],
)
def test_a_damaged_or_old_file_is_made_again(few, tmp_path, damage):
    first = store.cached_pairs()
    path = tmp_path / "phrases" / store.FILE_NAME
    text = path.read_text(encoding="utf-8")
    path.write_text(damage(text), encoding="utf-8")
    assert not store.is_cached()
    assert few == [1]  # to ask makes nothing
    assert store.cached_pairs() == first
    assert few == [1, 1]
    assert path.read_text(encoding="utf-8") == text
    assert [file.name for file in path.parent.iterdir()] == [store.FILE_NAME]


def test_an_unwritable_cache_is_an_error_that_names_the_file(few, tmp_path):
    (tmp_path / "phrases").write_text("a file where the folder should be")
    with pytest.raises(DataError, match="phrases cannot be written"):
        store.cached_pairs()


def test_without_pyrealb_the_error_says_what_to_install(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(DataError, match="pip install"):
        load_phrases()


def test_bad_arguments():
    with pytest.raises(ValueError, match="split must be one of compositional, random"):
        load_phrases("lexical")
    for seed in (-1, 1.5, "0", True):
        with pytest.raises(ValueError, match="seed"):
            load_phrases(seed=seed)
    with pytest.raises(ValueError, match="size"):
        generate(0)


def test_two_answers_are_an_error_that_names_the_sentence(monkeypatch):
    answers = iter(("oui", "non"))

    def fickle(sentence):
        return phrases.Pair(
            ("a", "b", "c"), (next(answers),), frozenset(), frozenset(), "past", ()
        )

    monkeypatch.setattr(generating, "translate", fickle)
    with pytest.raises(ValueError, match="'a b c' has two answers: 'oui' and 'non'"):
        generate(2)


def test_readable_sentences_have_no_loose_marks(pairs):
    for pair in pairs[:500]:
        text = detokenise(pair.target)
        assert not re.search(r"' | -|  ", text), text


def _parts(splits):
    return splits.train, splits.validation, splits.test
