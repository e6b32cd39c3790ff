"""Meanings said in both languages, every answer checked by hand; and where words come from."""

from dataclasses import replace

import pytest

from helpers.data.phrases import detokenise, tokenise_english
from helpers.data.phrases.adjectives import (
    ADJECTIVES,
    FREQUENCY,
    IDIOMS,
    IN_CITY,
    MANNER,
    PREPOSITIONS,
    TIMES,
    WITH,
)
from helpers.data.phrases.generating import translate
from helpers.data.phrases.meanings import (
    Both,
    Clause,
    NounPhrase,
    Pronoun,
    Sentence,
)
from helpers.data.phrases.nouns import CITIES, NOUNS, PEOPLE
from helpers.data.phrases.verbs import BE, GIVING, HAVE, INTRANSITIVE, LIVE, TRANSITIVE

I, YOU, WE = Pronoun(1), Pronoun(2), Pronoun(1, plural=True)  # noqa: E741
HE, SHE, THEY = Pronoun(3), Pronoun(3, feminine=True), Pronoun(3, plural=True)
NAME = {name.english: name for name in (*PEOPLE, *CITIES)}
ADJECTIVE = {adjective.english: adjective for adjective in ADJECTIVES}
ADVERBS = {a.english: a for a in (*FREQUENCY, *MANNER, *sum(TIMES.values(), ()))}
PLACE = {preposition.english: preposition for preposition in PREPOSITIONS}
GIVE = {verb.name: verb for verb in GIVING}


def verb(name, has_object):
    verbs = TRANSITIVE if has_object else INTRANSITIVE
    return next(v for v in verbs if v.name == name)


def say(subject, name, target=None, **more):
    return Clause(subject, verb(name, target is not None), target, **more)


def doing(subject, name, **more):
    """A clause whose object is what a relative clause or a question is about."""
    return Clause(subject, verb(name, True), **more)


def some(noun, determiner="the", *adjectives, **more):
    described = tuple(ADJECTIVE[a] for a in adjectives)
    return NounPhrase(NOUNS[noun], determiner, adjectives=described, **more)


def many(noun, determiner="the", *adjectives, **more):
    return some(noun, determiner, *adjectives, plural=True, **more)


def kind_of(noun, *adjectives):
    plural = not NOUNS[noun].mass
    return some(noun, "bare", *adjectives, plural=plural, generic=True)


def is_(subject, adjective, **more):
    return Clause(subject, BE, adjective=ADJECTIVE[adjective], **more)


def there(thing, place, noun, **more):
    return Clause(
        None, BE, thing, places=((PLACE[place], some(noun)),), there=True, **more
    )


def give(name, subject, target, recipient, **more):
    return Clause(subject, GIVE[name], target, recipient=recipient, **more)


def about(noun, clause, gap, **more):
    return some(noun, relative=replace(clause, gap=gap), **more)


CASES = [
    # tenses
    (
        say(some("girl"), "see", some("cat", "a")),
        "the girl sees a cat",
        "la fille voit un chat",
    ),
    (
        say(SHE, "see", some("dog"), tense="past"),
        "she saw the dog",
        "elle a vu le chien",
    ),
    (
        say(some("sister", "my"), "arrive", tense="past"),
        "my sister arrived",
        "ma sœur est arrivée",
    ),
    (
        say(many("girl"), "leave", tense="perfect"),
        "the girls have left",
        "les filles sont parties",
    ),
    (
        say(many("boy"), "go out", tense="past"),
        "the boys went out",
        "les garçons sont sortis",
    ),
    (
        say(I, "write", many("letter", "two"), tense="future"),
        "i will write two letters",
        "j'écrirai deux lettres",
    ),
    (
        say(YOU, "go to", some("market"), tense="past"),
        "you went to the market",
        "tu es allé au marché",
    ),
    (
        say(WE, "eat", some("egg", "a"), tense="progressive"),
        "we are eating an egg",
        "nous mangeons un œuf",
    ),
    (say(THEY, "play", tense="past_progressive"), "they were playing", "ils jouaient"),
    (
        say(HE, "know", some("queen"), tense="past"),
        "he knew the queen",
        "il connaissait la reine",
    ),
    (
        say(some("woman"), "sleep", adverb=ADVERBS["well"], tense="past"),
        "the woman slept well",
        "la femme a bien dormi",
    ),
    (
        say(HE, "sing", some("song", "a"), adverb=ADVERBS["often"]),
        "he often sings a song",
        "il chante souvent une chanson",
    ),
    (
        say(
            SHE, "read", some("book", "this"), time=ADVERBS["tomorrow"], tense="future"
        ),
        "she will read this book tomorrow",
        "elle lira ce livre demain",
    ),
    # adjectives and agreement
    (
        say(some("girl", "the", "small"), "drive", some("car", "a", "red")),
        "the small girl drives a red car",
        "la petite fille conduit une voiture rouge",
    ),
    (
        say(HE, "buy", some("car", "a", "small", "red")),
        "he buys a small red car",
        "il achète une petite voiture rouge",
    ),
    (
        say(SHE, "see", many("photo", "some", "old")),
        "she sees some old photos",
        "elle voit de vieilles photos",
    ),
    (
        say(SHE, "see", many("flower", "bare", "red")),
        "she sees red flowers",
        "elle voit des fleurs rouges",
    ),
    (
        say(some("man", "the", "old"), "work"),
        "the old man works",
        "le vieil homme travaille",
    ),
    (
        say(some("tree", "this", "beautiful"), "fall"),
        "this beautiful tree falls",
        "ce bel arbre tombe",
    ),
    (
        say(WE, "visit", some("museum", "the", "new")),
        "we visit the new museum",
        "nous visitons le nouveau musée",
    ),
    (is_(many("door"), "open"), "the doors are open", "les portes sont ouvertes"),
    (is_(some("soup"), "cold"), "the soup is cold", "la soupe est froide"),
    (is_(SHE, "happy", tense="past"), "she was happy", "elle était heureuse"),
    (
        is_(Both(some("boy"), some("girl")), "tired"),
        "the boy and the girl are tired",
        "le garçon et la fille sont fatigués",
    ),
    (Clause(SHE, HAVE, adjective=IDIOMS[0]), "she is hungry", "elle a faim"),
    (
        is_(some("mouse"), "small", than=some("elephant")),
        "the mouse is smaller than the elephant",
        "la souris est plus petite que l'éléphant",
    ),
    (
        is_(I, "intelligent", than=NAME["emma"]),
        "i am more intelligent than emma",
        "je suis plus intelligent qu'emma",
    ),
    (
        say(many("horse", "all"), "run"),
        "all the horses run",
        "tous les chevaux courent",
    ),
    (
        say(many("student", "many"), "hurry"),
        "many students hurry",
        "beaucoup d'étudiants se dépêchent",
    ),
    (say(some("child", "every"), "sleep"), "every child sleeps", "chaque enfant dort"),
    # determiners, elision, contraction
    (
        say(some("hero"), "follow", some("owl")),
        "the hero follows the owl",
        "le héros suit le hibou",
    ),
    (
        say(some("friend", "my"), "phone", some("doctor")),
        "my friend phones the doctor",
        "mon ami téléphone au médecin",
    ),
    (say(HE, "have", some("scarf", "my")), "he has my scarf", "il a mon écharpe"),
    (
        say(I, "answer", many("child")),
        "i answer the children",
        "je réponds aux enfants",
    ),
    (say(HE, "play", some("piano")), "he plays the piano", "il joue du piano"),
    (
        say(SHE, "drink", some("water", "bare")),
        "she drinks water",
        "elle boit de l'eau",
    ),
    (
        say(SHE, "buy", some("bread", "some", "good")),
        "she buys some good bread",
        "elle achète du bon pain",
    ),
    (
        say(SHE, "open", some("window", "none", owner=some("farmer"))),
        "she opens the farmer 's window",
        "elle ouvre la fenêtre du fermier",
    ),
    (
        say(some("dog", "none", owner=NAME["emma"]), "bite", some("wolf")),
        "emma 's dog bites the wolf",
        "le chien d'emma mord le loup",
    ),
    # liking
    (say(I, "love", kind_of("cat")), "i love cats", "j'aime les chats"),
    (
        say(I, "love", kind_of("cat"), negation="not"),
        "i do not love cats",
        "je n'aime pas les chats",
    ),
    (say(HE, "hate", kind_of("cheese")), "he hates cheese", "il déteste le fromage"),
    (
        say(YOU, "love", kind_of("bird", "small"), question="yes"),
        "do you love small birds ?",
        "aimes-tu les petits oiseaux ?",
    ),
    # negation
    (
        say(I, "see", some("cat", "a"), negation="not"),
        "i do not see a cat",
        "je ne vois pas de chat",
    ),
    (
        say(SHE, "have", many("apple", "any"), negation="not"),
        "she does not have any apples",
        "elle n'a pas de pommes",
    ),
    (
        say(SHE, "eat", some("egg", "a"), tense="past", negation="never"),
        "she never ate an egg",
        "elle n'a jamais mangé d'œuf",
    ),
    (
        say(many("girl"), "arrive", tense="perfect", negation="not"),
        "the girls have not arrived",
        "les filles ne sont pas arrivées",
    ),
    (
        say(WE, "drink", some("wine"), negation="not", tense="future"),
        "we will not drink the wine",
        "nous ne boirons pas le vin",
    ),
    (
        there(some("dog", "a"), "in", "garden", negation="not"),
        "there is not a dog in the garden",
        "il n'y a pas de chien dans le jardin",
    ),
    # questions
    (
        say(some("girl"), "see", some("dog"), question="yes"),
        "does the girl see the dog ?",
        "la fille voit-elle le chien ?",
    ),
    (
        say(SHE, "look at", some("dog"), question="yes"),
        "does she look at the dog ?",
        "regarde-t-elle le chien ?",
    ),
    (
        say(YOU, "sleep", question="yes", tense="past"),
        "did you sleep ?",
        "as-tu dormi ?",
    ),
    (
        say(many("brother", "your"), "leave", question="when", tense="future"),
        "when will your brothers leave ?",
        "quand tes frères partiront-ils ?",
    ),
    (
        Clause(SHE, LIVE, question="where"),
        "where does she live ?",
        "où habite-t-elle ?",
    ),
    (
        doing(SHE, "eat", question="what", tense="past"),
        "what did she eat ?",
        "qu'a-t-elle mangé ?",
    ),
    (
        say(None, "know", NAME["marie"], question="who"),
        "who knows marie ?",
        "qui connaît marie ?",
    ),
    (
        say(SHE, "have", some("dog", "a"), question="yes"),
        "does she have a dog ?",
        "a-t-elle un chien ?",
    ),
    (
        say(NAME["julie"], "hide", question="yes", tense="past"),
        "did julie hide ?",
        "julie s'est-elle cachée ?",
    ),
    (
        there(many("cat", "two"), "under", "table", question="yes"),
        "are there two cats under the table ?",
        "y a-t-il deux chats sous la table ?",
    ),
    # clitics
    (say(SHE, "see", HE), "she sees him", "elle le voit"),
    (say(HE, "see", THEY, tense="perfect"), "he has seen them", "il les a vus"),
    (say(I, "help", SHE, tense="past"), "i helped her", "je l'ai aidée"),
    (
        say(YOU, "listen to", I, negation="not"),
        "you do not listen to me",
        "tu ne m'écoutes pas",
    ),
    (say(SHE, "phone", HE, tense="past"), "she phoned him", "elle lui a téléphoné"),
    (
        give("give", HE, some("book", "a"), I),
        "he gives me a book",
        "il me donne un livre",
    ),
    (
        give("show", I, many("photo"), THEY, negation="not"),
        "i do not show them the photos",
        "je ne leur montre pas les photos",
    ),
    (
        give("offer", WE, some("flower", "a"), some("woman")),
        "we offer a flower to the woman",
        "nous offrons une fleur à la femme",
    ),
    (
        say(some("boy"), "follow", SHE, question="yes", tense="future"),
        "will the boy follow her ?",
        "le garçon la suivra-t-il ?",
    ),
    # modals and reflexives
    (say(SHE, "see", HE, modal="want"), "she wants to see him", "elle veut le voir"),
    (
        say(HE, "swim", modal="can", negation="not"),
        "he cannot swim",
        "il ne peut pas nager",
    ),
    (
        say(WE, "wash", some("car", "our"), modal="must"),
        "we must wash our car",
        "nous devons laver notre voiture",
    ),
    (say(THEY, "get up", tense="past"), "they got up", "ils se sont levés"),
    (say(SHE, "rest", negation="not"), "she does not rest", "elle ne se repose pas"),
    # relative clauses and places
    (
        say(about("girl", say(None, "sing"), "subject"), "read", some("book", "a")),
        "the girl who sings reads a book",
        "la fille qui chante lit un livre",
    ),
    (
        is_(
            about("letter", doing(HE, "write", tense="past"), "object", plural=True),
            "long",
        ),
        "the letters that he wrote are long",
        "les lettres qu'il a écrites sont longues",
    ),
    (
        is_(about("man", doing(many("child"), "see"), "object"), "sad"),
        "the man that the children see is sad",
        "l'homme que les enfants voient est triste",
    ),
    (
        Clause(NAME["paul"], LIVE, places=((IN_CITY, NAME["london"]),)),
        "paul lives in london",
        "paul habite à londres",
    ),
    (
        say(SHE, "dance", places=((WITH, HE),)),
        "she dances with him",
        "elle danse avec lui",
    ),
    (
        say(HE, "sleep", places=((PLACE["near"], some("river")),)),
        "he sleeps near the river",
        "il dort près de la rivière",
    ),
    (
        say(HE, "sleep", places=((PLACE["near"], some("lake")),)),
        "he sleeps near the lake",
        "il dort près du lac",
    ),
    (
        say(
            SHE,
            "wait for",
            NAME["lucas"],
            places=((PLACE["in front of"], some("school", "his")),),
        ),
        "she waits for lucas in front of his school",
        "elle attend lucas devant son école",
    ),
]


@pytest.mark.parametrize(
    ("clause", "english", "french"), CASES, ids=[c[1] for c in CASES]
)
def test_a_checked_answer(clause, english, french):
    pair = translate(Sentence("case", clause))
    assert " ".join(pair.source) == english
    assert detokenise(pair.target) == french


def test_two_clauses_and_a_relative_clause():
    home = Clause(None, LIVE, places=((IN_CITY, NAME["paris"]),))
    girl = some("girl", "the", "small", relative=replace(home, gap="subject"))
    first = say(girl, "read", some("book", "a", "heavy"))
    pair = translate(
        Sentence("joined", first, "and", say(some("brother", "her"), "sleep"))
    )
    assert detokenise(pair.source) == (
        "the small girl who lives in paris reads a heavy book and her brother sleeps"
    )
    assert detokenise(pair.target) == (
        "la petite fille qui habite à paris lit un livre lourd et son frère dort"
    )


def test_because_is_elided_before_a_vowel():
    first, second = say(SHE, "sleep"), is_(SHE, "tired")
    pair = translate(Sentence("joined", first, "because", second))
    assert detokenise(pair.source) == "she sleeps because she is tired"
    assert detokenise(pair.target) == "elle dort parce qu'elle est fatiguée"


def links(clause):
    """The links of a clause as words: ``{"cat chat"}``; sure ones, possible ones."""
    pair = translate(Sentence("case", clause))
    return [
        {f"{pair.source[i]} {pair.target[j]}" for i, j in found}
        for found in (pair.sure, pair.possible)
    ]


def test_an_adjective_changes_sides_and_keeps_its_link():
    sure, possible = links(say(HE, "buy", some("car", "a", "small", "red")))
    assert sure == {
        "he il",
        "buys achète",
        "a une",
        "small petite",
        "red rouge",
        "car voiture",
    }
    assert possible == set()


def test_auxiliaries_and_negation_are_possible():
    sure, possible = links(
        say(SHE, "see", some("cat", "a"), tense="past", negation="not")
    )
    assert sure == {"she elle", "see vu", "a de", "cat chat"}
    assert possible == {"did a", "not n'", "not pas"}


def test_an_auxiliary_alone_goes_with_the_verb():
    sure, possible = links(say(SHE, "look for", HE, tense="future"))
    assert sure == {"she elle", "look cherchera"}
    assert possible == {"will cherchera", "for cherchera", "him le"}


def test_a_generic_article_goes_with_the_noun():
    sure, possible = links(say(I, "love", kind_of("cat")))
    assert sure == {"i j'", "love aime", "cats chats"}
    assert possible == {"cats les"}


def test_a_contraction_goes_with_both_its_words():
    sure, possible = links(say(some("friend", "my"), "go to", some("market")))
    assert sure == {"my mon", "friend ami", "goes va", "market marché"}
    assert possible == {"to au", "the au"}


def test_the_pronoun_of_a_question_repeats_the_subject():
    sure, possible = links(say(some("girl"), "see", some("dog"), question="yes"))
    assert {"girl fille", "see voit", "dog chien", "? ?"} <= sure
    assert possible == {"does voit", "girl -elle"}


def test_an_owner_changes_sides():
    owned = some("dog", "none", owner=some("woman"))
    sure, possible = links(say(owned, "sleep"))
    assert sure == {"the la", "woman femme", "dog chien", "sleeps dort"}
    assert possible == {"'s de", "dog le"}


def combinations_of(clause):
    found = translate(Sentence("case", clause)).combinations
    return {" ".join(combination) for combination in found}


def test_combinations_are_verbs_with_objects_and_adjectives_with_nouns():
    clause = say(some("girl", "the", "small"), "look at", many("dog", "two", "big"))
    assert combinations_of(clause) == {
        "object look at dog",
        "adjective small girl",
        "adjective big dog",
    }


def test_combinations_reach_into_relative_clauses_predicates_and_owners():
    book = about("book", doing(SHE, "read"), "object")
    owned = some("dog", "none", owner=some("man", "the", "old"))
    assert combinations_of(is_(book, "long")) == {
        "object read book",
        "adjective long book",
    }
    assert combinations_of(say(owned, "sleep")) == {"adjective old man"}
    assert combinations_of(is_(some("cat"), "small", than=some("dog"))) == {
        "adjective small cat",
        "adjective small dog",
    }
    assert combinations_of(say(Both(some("man"), some("boy")), "eat", some("egg"))) == {
        "object eat egg"
    }


def test_what_pyrealb_cannot_say_is_an_error_that_names_the_sentence():
    unknown = replace(NOUNS["cat"], french="chatte inconnue")
    clause = say(NounPhrase(unknown), "sleep")
    with pytest.raises(ValueError, match=r"chatte inconnue.*sleep"):
        translate(Sentence("case", clause))


def test_a_tree_with_an_odd_word_is_an_error_that_names_the_sentence():
    unknown = replace(NAME["marie"], french="r2d2")
    with pytest.raises(ValueError, match="'r2d2' in the sentence 'r2d2 dort'"):
        translate(Sentence("case", say(unknown, "sleep")))


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
