"""The verbs: English, French, who does it, to what, and flags."""

from helpers.data.phrases.lexemes import Verb

_TRANSITIVE = """
see | voir | person animal | person animal thing place | moment
find | trouver | person animal | person animal portable food | moment
look for | chercher | person animal | person animal portable food |
look at | regarder | person animal | person animal thing place |
listen to | écouter | person | listenable person |
wait for | attendre | person | person vehicle |
hear | entendre | person animal | person animal vehicle song | moment
love | aimer | person | person animal food mass drink place song book flower | state liking
like | aimer | person animal | animal food mass drink place song book dress | state liking
hate | détester | person animal | person animal food mass drink vehicle | state liking
adore | adorer | person | person animal food mass drink song | state liking
prefer | préférer | person | animal food mass drink place clothes | state liking
know | connaître | person | person song story | state
have | avoir | person | animal vehicle portable clothes instrument | state
help | aider | person | person |
thank | remercier | person | person |
invite | inviter | person | person |
follow | suivre | person animal | person animal vehicle |
meet | rencontrer | person | person | moment
kiss | embrasser | person | person |
hide | cacher | person | portable |
carry | porter | person | heavy portable |
wear | porter | person | wearable | state
eat | manger | person | food mass |
eat | manger | animal | meat bread apple carrot cheese biscuit egg |
drink | boire | person | drink |
drink | boire | animal | water milk |
prepare | préparer | person | dish |
buy | acheter | person | food mass drink portable clothes vehicle |
sell | vendre | person | food mass drink portable clothes vehicle |
choose | choisir | person | food portable clothes vehicle instrument |
take | prendre | person | portable vehicle |
lose | perdre | person | small | moment
break | casser | person animal | fragile |
repair | réparer | person | machine |
wash | laver | person | washable |
clean | nettoyer | person | cleanable |
open | ouvrir | person | openable |
close | fermer | person | openable |
read | lire | person | readable | same
write | écrire | person | writable |
receive | recevoir | person | sent | moment
draw | dessiner | person | drawable |
paint | peindre | person | drawable |
build | construire | person | built |
visit | visiter | person | visited city |
cross | traverser | person animal | crossed |
drive | conduire | person | drivable |
sing | chanter | person | song |
learn | apprendre | person | learnable |
understand | comprendre | person | person story lesson letter poem | moment
forget | oublier | person | person small lesson | moment
touch | toucher | person animal | animal portable clothes tree |
push | pousser | person animal | person vehicle chair table |
throw | lancer | person | hard |
catch | attraper | person animal | animal ball | moment
feed | nourrir | person | animal baby child |
admire | admirer | person | person drawable place | state
protect | protéger | person animal | person animal house village |
lift | soulever | person | heavy |
bite | mordre | dog cat horse snake wolf monkey spider | person animal |
enter | entrer dans | person animal | building | etre moment
go to | aller à | person | reached city | etre
arrive at | arriver à | person | reached | etre
live in | habiter dans | person animal | home | state
play | jouer de | person | instrument |
phone | téléphoner à | person | person |
obey | obéir à | person animal | person |
speak to | parler à | person | person animal |
answer | répondre à | person | person |
"""
_INTRANSITIVE = """
sleep | dormir | person animal |
run | courir | person animal |
swim | nager | person dog duck frog bear turtle |
laugh | rire | person |
smile | sourire | person |
cry | pleurer | person |
dance | danser | person |
sing | chanter | person bird |
work | travailler | person |
travel | voyager | person |
play | jouer | person animal |
jump | sauter | person animal |
shout | crier | person |
cook | cuisiner | person |
snore | ronfler | person |
arrive | arriver | person animal vehicle | etre
leave | partir | person animal vehicle | etre
fall | tomber | person animal portable | etre moment
stay | rester | person animal | etre
come back | revenir | person animal | etre
go out | sortir | person animal | etre
die | mourir | person animal | etre moment
get up | se lever | person | moment
wake up | se réveiller | person animal | moment
rest | se reposer | person animal |
hide | se cacher | person animal |
hurry | se dépêcher | person |
stop | s'arrêter | person animal vehicle | moment
"""
_GIVING = """
give | donner | person | portable food |
show | montrer | person | portable machine clothes |
send | envoyer | person | sent |
bring | apporter | person | portable food |
lend | prêter | person | portable clothes |
sell | vendre | person | portable vehicle |
offer | offrir | person | flower gift book ring scarf |
"""


def _read_verbs(table: str) -> tuple[Verb, ...]:
    return tuple(_read_verb(line) for line in table.strip().splitlines())


def _read_verb(line: str) -> Verb:
    english, french, subjects, *objects, flags = (p.strip() for p in line.split("|"))
    english, _, particle = english.partition(" ")
    reflexive = french.startswith(("se ", "s'"))
    french, _, preposition = (
        french.removeprefix("se ").removeprefix("s'").partition(" ")
    )
    return Verb(
        english,
        french,
        frozenset(subjects.split()),
        frozenset(objects[0].split() if objects else ()),
        particle,
        preposition,
        reflexive,
        frozenset(flags.split()),
    )


TRANSITIVE = _read_verbs(_TRANSITIVE)
INTRANSITIVE = _read_verbs(_INTRANSITIVE)
GIVING = _read_verbs(_GIVING)
BE = Verb("be", "être", frozenset(), flags=frozenset({"state"}))
HAVE = Verb("be", "avoir", frozenset(), flags=frozenset({"state"}))  # to be hungry
LIVE = Verb("live", "habiter", frozenset({"person"}), flags=frozenset({"state"}))
