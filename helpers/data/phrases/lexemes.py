"""What a word of the corpus is: an English lemma, a French lemma, and how it is used."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Noun:
    """A noun.

    Attributes:
        english: the lemma.
        french: the lemma as pyrealb spells it.
        tags: its category, such as ``"animal"``, and what can be done to it.
        gender: the French one where pyrealb's lexicon leaves it open.
    """

    english: str
    french: str
    tags: frozenset[str]
    gender: str = "m"

    @property
    def mass(self) -> bool:
        """Whether it has no plural: bread, water."""
        return not self.tags.isdisjoint({"mass", "drink"})


@dataclass(frozen=True)
class Name:
    """A person or a city: no determiner."""

    english: str
    french: str
    feminine: bool


@dataclass(frozen=True)
class Adjective:
    """An adjective.

    Attributes:
        english: the lemma.
        french: the lemma.
        tags: of the nouns it describes.
        before: whether the French one stands before its noun.
        attributive: whether it may stand beside a noun at all.
        idiom: whether French has the noun: to be hungry, avoir faim.
        compared: whether it has a comparative.
    """

    english: str
    french: str
    tags: frozenset[str]
    before: bool = False
    attributive: bool = True
    idiom: bool = False
    compared: bool = True


@dataclass(frozen=True)
class Verb:
    """A verb, with what may stand before and after it.

    Attributes:
        english: the lemma.
        french: the lemma.
        subjects: tags of its subjects.
        objects: tags of its objects; none for an intransitive verb.
        particle: English words after the verb: ``"up"``, ``"for"``.
        preposition: French word between verb and object.
        reflexive: whether the French verb has ``se``.
        flags: ``"state"`` (past is imparfait, no progressive), ``"moment"`` (no
            progressive), ``"liking"`` (a bare object is generic), ``"etre"``, ``"same"``
            (the English past looks like the present).
    """

    english: str
    french: str
    subjects: frozenset[str]
    objects: frozenset[str] = frozenset()
    particle: str = ""
    preposition: str = ""
    reflexive: bool = False
    flags: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What tells it from every other verb: ``"look for"``."""
        return f"{self.english} {self.particle}".strip()
