"""The corpus of phrases: sound, checked by hand, split without leaks; typed English."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from helpers.data import phrases
from helpers.data.fetch import DataError
from helpers.data.phrases import detokenise, load_phrases, tokenise_english

#: Phenomenon, English and French, each checked by hand.
CHECKED = (
    ("present", "this thief breaks the cup", "ce voleur casse la tasse"),
    ("present", "she learns a poem here", "elle apprend un poème ici"),
    ("past", "his sister worked", "sa sœur a travaillé"),
    ("past", "these snakes bit the lady", "ces serpents ont mordu la dame"),
    ("future", "the singers will rest", "les chanteurs se reposeront"),
    ("future", "she will fall", "elle tombera"),
    (
        "perfect",
        "the doctor has helped the nurses",
        "le médecin a aidé les infirmières",
    ),
    ("perfect", "she has painted the castle", "elle a peint le château"),
    ("progressive", "the donkey was arriving", "l'âne arrivait"),
    (
        "progressive",
        "the ladies are building the house",
        "les dames construisent la maison",
    ),
    ("adjective", "julie takes this new suitcase", "julie prend cette nouvelle valise"),
    (
        "adjective",
        "five french sons listened to the polite tourist",
        "cinq fils français ont écouté le touriste poli",
    ),
    ("negation", "she will not sell any newspapers", "elle ne vendra pas de journaux"),
    (
        "negation",
        "the uncle has not spoken to thomas",
        "l'oncle n'a pas parlé à thomas",
    ),
    (
        "negation",
        "a waiter does not follow a captain",
        "un serveur ne suit pas de capitaine",
    ),
    (
        "question",
        "has a baker bought his cake ?",
        "un boulanger a-t-il acheté son gâteau ?",
    ),
    ("question", "what did she draw ?", "qu'a-t-elle dessiné ?"),
    ("question", "where does she live ?", "où habite-t-elle ?"),
    ("clitic", "my aunt will sell her this letter", "ma tante lui vendra cette lettre"),
    ("clitic", "a monkey never eats them", "un singe ne les mange jamais"),
    ("clitic", "you followed them", "tu les as suivis"),
    ("liking", "i adored the strong nurse", "j'adorais l'infirmière forte"),
    ("liking", "my brother hates pears", "mon frère déteste les poires"),
    ("partitive", "five spiders eat meat", "cinq araignées mangent de la viande"),
    (
        "partitive",
        "an elephant does not drink any good cold milk",
        "un éléphant ne boit pas de bon lait froid",
    ),
    ("partitive", "you prepared some coffee", "tu as préparé du café"),
    (
        "place",
        "the students enter the hospitals",
        "les étudiants entrent dans les hôpitaux",
    ),
    ("place", "i will cook under this tree", "je cuisinerai sous cet arbre"),
    (
        "giving",
        "three ladies will show many pianos to marie",
        "trois dames montreront beaucoup de pianos à marie",
    ),
    (
        "giving",
        "a student will show his computer to the painter",
        "un étudiant montrera son ordinateur au peintre",
    ),
    ("reflexive", "the mice have hidden", "les souris se sont cachées"),
    ("reflexive", "the thief has rested", "le voleur s'est reposé"),
    ("reflexive", "she does not rest", "elle ne se repose pas"),
    ("reflexive", "they got up", "ils se sont levés"),
    ("modal", "a prince must phone you", "un prince doit te téléphoner"),
    ("modal", "your mother wants to drive a train", "ta mère veut conduire un train"),
    ("description", "they were not sleepy", "ils n'avaient pas sommeil"),
    ("description", "the foxes are big", "les renards sont grands"),
    ("description", "she is hungry", "elle a faim"),
    (
        "comparison",
        "the ball is smaller than the clocks",
        "la balle est plus petite que les horloges",
    ),
    (
        "comparison",
        "she will be sadder than the man",
        "elle sera plus triste que l'homme",
    ),
    (
        "existence",
        "there is not a boy behind the house",
        "il n'y a pas de garçon derrière la maison",
    ),
    (
        "existence",
        "there are some captains near the restaurant",
        "il y a des capitaines près du restaurant",
    ),
    (
        "possession",
        "arthur listened to louis 's lawyer",
        "arthur a écouté l'avocat de louis",
    ),
    (
        "possession",
        "she has read the boy 's letters",
        "elle a lu les lettres du garçon",
    ),
    ("both", "thomas and sophie will smile", "thomas et sophie souriront"),
    (
        "both",
        "the princess and the doctors will go out",
        "la princesse et les médecins sortiront",
    ),
    (
        "relative",
        "the uncle who lived in geneva will be cold",
        "l'oncle qui habitait à genève aura froid",
    ),
    (
        "relative",
        "a nurse opens the door that they closed",
        "une infirmière ouvre la porte qu'ils ont fermée",
    ),
    (
        "joined",
        "marie prepares the good tea here and he always crosses the lake",
        "marie prépare le bon thé ici et il traverse toujours le lac",
    ),
    (
        "joined",
        "the prince builds an expensive boat but the teacher loves small apples",
        "le prince construit un bateau cher mais le professeur aime les petites pommes",
    ),
)
#: Nouns that are not a verb or an adjective too, in the singular.
SINGULAR = frozenset(
    [
        "girl",
        "boy",
        "woman",
        "man",
        "child",
        "dog",
        "cat",
        "horse",
        "bird",
        "mouse",
        "book",
        "letter",
        "car",
        "house",
        "tree",
        "garden",
        "table",
        "door",
        "window",
        "school",
        "doctor",
        "farmer",
        "teacher",
        "king",
        "queen",
        "egg",
        "apple",
    ]
)
VOWEL = "aeiouyàâéèêëîïôœ"
MUTE_H = r"h(?:omme|ôtel|ôpita|istoire|orloge|abit)"
ETRE = "arrivé|parti|allé|tombé|resté|revenu|sorti|entré|levé|réveillé|caché|arrêté"


@pytest.fixture(scope="module")
def pairs():
    return phrases._read()[1]


@pytest.fixture(scope="module")
def by_source(pairs):
    return {" ".join(pair.source): pair for pair in pairs}


@pytest.fixture(scope="module")
def french(pairs):
    """All French sentences: tokens between spaces."""
    return [" ".join(pair.target) for pair in pairs]


@pytest.fixture(scope="module", params=["compositional", "random"])
def splits(request):
    return load_phrases(request.param)


def matching(pattern, sentences):
    return [sentence for sentence in sentences if re.search(pattern, sentence)]


def test_some_twenty_thousand_distinct_sentences_of_every_kind(pairs):
    assert len({pair.source for pair in pairs}) == len(pairs) == 20_000
    kinds = Counter(pair.kind for pair in pairs)
    assert set(kinds) == {kind for kind, *_ in CHECKED}
    assert min(kinds.values()) >= 300


def test_short_and_long_sentences(pairs):
    lengths = [len(pair.source) for pair in pairs]
    assert min(lengths) == 3
    assert 18 <= max(lengths) <= 22
    assert sum(length >= 12 for length in lengths) > 300


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
            if pair.source[i] in SINGULAR and "?" not in pair.target[j]:
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
        nouns = {i for i, word in enumerate(pair.source) if word in SINGULAR}
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


def test_a_damaged_file_is_an_error_that_names_it(monkeypatch, tmp_path):
    content = bytearray(phrases.FILE.read_bytes())
    content[len(content) // 2] ^= 1
    for name, damaged in {"changed": content, "cut": content[:-20]}.items():
        file = tmp_path / f"{name}.xz"
        file.write_bytes(damaged)
        monkeypatch.setattr(phrases, "FILE", file)
        with pytest.raises(DataError, match=rf"{name}\.xz is damaged"):
            phrases._read.__wrapped__()
    monkeypatch.setattr(phrases, "FILE", tmp_path / "gone.xz")
    with pytest.raises(DataError, match=r"phrases are missing.*gone\.xz"):
        phrases._read.__wrapped__()


def test_a_split_of_another_name_is_refused():
    with pytest.raises(ValueError, match="split must be one of compositional, random"):
        load_phrases("lexical")


def test_a_wheel_of_the_course_brings_the_phrases(tmp_path):
    root = Path(__file__).parents[2]
    copy = tmp_path / "course"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, copy)
    shutil.copytree(
        root / "helpers", copy / "helpers", ignore=shutil.ignore_patterns("__pycache__")
    )
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [*pip, "--no-index", "--wheel-dir", str(tmp_path), str(copy)],
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    count = "from helpers.data import load_phrases; print(len(load_phrases().train))"
    done = subprocess.run(
        [sys.executable, "-c", count],
        cwd=tmp_path / "installed",
        env=os.environ | {"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout.strip() == "17291", done.stderr


def test_readable_sentences_have_no_loose_marks(pairs):
    for pair in pairs[:500]:
        text = detokenise(pair.target)
        assert not re.search(r"' | -|  ", text), text


@pytest.mark.parametrize(
    ("kind", "english", "french"), CHECKED, ids=[english for _, english, _ in CHECKED]
)
def test_an_answer_checked_by_hand(by_source, kind, english, french):
    pair = by_source[english]
    assert pair.kind == kind
    assert detokenise(pair.target) == french


@pytest.mark.parametrize(
    ("english", "sure", "possible"),
    [
        # An adjective changes sides and keeps its link.
        (
            "the prince builds an expensive boat but the teacher loves small apples",
            "the le, prince prince, builds construit, an un, expensive cher, boat bateau,"
            " but mais, the le, teacher professeur, loves aime, small petites,"
            " apples pommes",
            "apples les",
        ),
        # Auxiliaries, negation, and the article that it changes.
        (
            "a waiter does not follow a captain",
            "a un, waiter serveur, follow suit, a de, captain capitaine",
            "does suit, not ne, not pas",
        ),
        # The pronoun of a reflexive verb; an auxiliary alone goes with the verb.
        (
            "the singers will rest",
            "the les, singers chanteurs, rest reposeront",
            "will reposeront, rest se",
        ),
        # A generic article goes with the noun.
        (
            "my brother hates pears",
            "my mon, brother frère, hates déteste, pears poires",
            "pears les",
        ),
        # A contraction goes with both its words.
        (
            "a student will show his computer to the painter",
            "a un, student étudiant, show montrera, his son, computer ordinateur,"
            " painter peintre",
            "will montrera, to au, the au",
        ),
        # The pronoun of a question repeats the subject.
        (
            "has a baker bought his cake ?",
            "a un, baker boulanger, bought acheté, his son, cake gâteau, ? ?",
            "has a, baker -t-il",
        ),
        # An owner changes sides.
        (
            "she has read the boy 's letters",
            "she elle, read lu, letters lettres, boy garçon",
            "has a, the du, 's du, letters les",
        ),
    ],
)
def test_links_checked_by_hand(by_source, english, sure, possible):
    pair = by_source[english]
    for links, expected in ((pair.sure, sure), (pair.possible, possible)):
        words = sorted(f"{pair.source[i]} {pair.target[j]}" for i, j in links)
        assert words == sorted(expected.split(", "))


def test_combinations_are_verbs_with_objects_and_adjectives_with_nouns(by_source):
    def combinations(english):
        return {" ".join(each) for each in by_source[english].combinations}

    assert combinations(
        "the prince builds an expensive boat but the teacher loves small apples"
    ) == {
        "object build boat",
        "adjective expensive boat",
        "object love apple",
        "adjective small apple",
    }
    assert combinations("a nurse opens the door that they closed") == {
        "object open door",
        "object close door",
    }
    assert combinations("the ball is smaller than the clocks") == {
        "adjective small ball",
        "adjective small clock",
    }


def test_the_lists_are_of_words_in_the_corpus(pairs, splits):
    words = {word for pair in pairs for word in pair.source}
    assert splits.first_names <= words
    assert {"emma", "paul"} <= splits.first_names
    assert splits.nouns_and_adjectives <= words
    assert SINGULAR | {"women", "mice", "knives", "small"} & words <= (
        splits.nouns_and_adjectives
    )
    verbs = {"sees", "eat", "sleep", "works", "the", "never"}
    assert splits.nouns_and_adjectives.isdisjoint(verbs | splits.first_names)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I love cats", "i love cats"),
        ("I don't love cats.", "i do not love cats"),
        ("Does the girl see the dog?", "does the girl see the dog ?"),
        ("He can't swim!", "he cannot swim"),
        ("He can not swim", "he cannot swim"),
        ("She\u2019s tired, but they aren't.", "she is tired but they are not"),
        ("I'm happy and we'll sleep", "i am happy and we will sleep"),
        ("They've seen Emma's dog", "they have seen emma 's dog"),
        ("She won't come back??", "she will not come back ?"),
        ("", ""),
    ],
)
def test_typed_english_becomes_the_tokens_of_the_corpus(text, tokens):
    assert tokenise_english(text) == tokens.split()


def test_text_that_is_no_text():
    with pytest.raises(TypeError, match="text"):
        tokenise_english(None)


def test_a_readable_sentence():
    assert detokenise(["la", "regarde", "-t-elle", "?"]) == "la regarde-t-elle ?"
    assert (
        detokenise(["j'", "ai", "l'", "œuf", "aujourd'hui"]) == "j'ai l'œuf aujourd'hui"
    )
    assert detokenise(["emma", "'s", "dog"]) == "emma's dog"
    assert detokenise([]) == ""


def _parts(splits):
    return splits.train, splits.validation, splits.test
