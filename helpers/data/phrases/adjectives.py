"""Adjectives, adverbs and prepositions."""

from dataclasses import dataclass

from helpers.data.phrases.lexemes import Adjective

_BEFORE = """
small petit | person animal thing place food
big grand | animal thing place
old vieux | person animal thing building
young jeune | person animal
beautiful beau | person animal clothes drawable instrument place song story
pretty joli | girl woman lady princess clothes bird flower song house garden village
good bon | food mass drink readable song film restaurant hotel doctor teacher singer
bad mauvais | readable song film restaurant hotel actor
new nouveau | thing building teacher neighbour student
"""
_AFTER = """
red rouge | clothes vehicle flower chair box pencil bag umbrella ball
blue bleu | clothes vehicle chair box pencil bag umbrella plate
green vert | clothes vehicle chair bottle box pencil bag frog apple door
black noir | clothes vehicle cat dog horse chair box bag umbrella hen
white blanc | clothes vehicle cat dog horse plate house cup rabbit hen
yellow jaune | clothes vehicle flower bird pencil bag
grey gris | clothes vehicle cat horse mouse stone donkey wolf
happy heureux | person
sad triste | person story song film dog
tired fatigué | person animal
ill malade | person animal
intelligent intelligent | person dog monkey
rich riche | person
famous célèbre | writer painter actor singer museum castle novel song king
kind gentil | person
shy timide | person
proud fier | person
brave courageux | person dog
lazy paresseux | person cat donkey
polite poli | person
curious curieux | person animal
strong fort | person bear horse lion coffee
weak faible | person animal
calm calme | person animal village lake
dangerous dangereux | animal knife street bridge mountain
wild sauvage | animal island
heavy lourd | heavy bag book coat
light léger | bag coat suitcase jacket
expensive cher | clothes vehicle machine instrument restaurant hotel ring
clean propre | washable cleanable beach street
dirty sale | washable cleanable clothes street
cold froid | soup water milk coffee tea beer bedroom house
hot chaud | soup water milk coffee tea
sweet sucré | coffee tea orange apple cake juice strawberry
fresh frais | bread egg cheese milk butter tomato
ripe mûr | apple pear banana tomato strawberry cherry
empty vide | bottle glass box bag street house museum train bus suitcase
full plein | bottle glass box bag restaurant train bus suitcase hotel
open ouvert | door window box museum bank shop library letter
closed fermé | door window museum bank shop library restaurant
round rond | table mirror plate box
broken cassé | fragile clock computer phone radio
long long | dress skirt coat letter novel story poem street bridge film scarf lesson
quiet tranquille | village street garden beach hotel island
modern moderne | building computer car kitchen
French français | person mass book song film restaurant car newspaper
English anglais | person book song film newspaper car garden
Italian italien | person film song car shoe restaurant
"""
_IDIOMS = "hungry faim, thirsty soif, cold froid, sleepy sommeil"
_NOT_COMPARED = """open closed broken empty full French English Italian new ill wild
    good bad"""
_NOT_ATTRIBUTIVE = "ill tired"


def _read(line: str, before: bool) -> Adjective:
    words, tags = line.split("|")
    english, french = words.split()
    return Adjective(
        english,
        french,
        frozenset(tags.split()),
        before=before,
        attributive=english not in _NOT_ATTRIBUTIVE.split(),
        compared=english not in _NOT_COMPARED.split(),
    )


ADJECTIVES = (
    *(_read(line, True) for line in _BEFORE.strip().splitlines()),
    *(_read(line, False) for line in _AFTER.strip().splitlines()),
)
IDIOMS = tuple(
    Adjective(*pair.split(), frozenset({"person"}), idiom=True, compared=False)
    for pair in _IDIOMS.split(",")
)


@dataclass(frozen=True)
class Adverb:
    """An adverb, or a few words that stand at the end like one."""

    english: str
    french: str


@dataclass(frozen=True)
class Preposition:
    """A preposition, with the tags of the nouns after it."""

    english: str
    french: str
    tags: frozenset[str]


FREQUENCY = (Adverb("often", "souvent"), Adverb("always", "toujours"))
#: Adverb -> the verbs it goes with.
MANNER = {
    Adverb("well", "bien"): "sleep sing dance work swim cook",
    Adverb("badly", "mal"): "sleep sing dance work cook",
    Adverb("slowly", "lentement"): "run swim work dance",
    Adverb("quickly", "rapidement"): "run swim leave work",
}
#: Tense -> what may end a sentence in it.
TIMES = {
    "present": (Adverb("every day", "chaque jour"), Adverb("here", "ici")),
    "past": (
        *(Adverb("yesterday", "hier"), Adverb("this morning", "ce matin")),
        Adverb("today", "aujourd'hui"),
    ),
    "future": (Adverb("tomorrow", "demain"), Adverb("this evening", "ce soir")),
    "progressive": (Adverb("now", "maintenant"), Adverb("here", "ici")),
}
PREPOSITIONS = tuple(
    Preposition(english, french, frozenset(tags.split()))
    for english, french, tags in (
        ("in", "dans", "inside"),
        ("on", "sur", "upon"),
        ("under", "sous", "tree table bed bridge umbrella"),
        ("behind", "derrière", "building tree car door"),
        ("in front of", "devant", "building door mirror window"),
        ("near", "près de", "building river lake tree window door forest park market"),
    )
)
WITH = Preposition("with", "avec", frozenset({"person"}))
FOR = Preposition("for", "pour", frozenset({"person"}))
TO = Preposition("to", "à", frozenset({"person"}))
IN_CITY = Preposition("in", "à", frozenset({"city"}))
