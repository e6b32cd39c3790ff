"""The nouns: English and French lemmas by category, and what can be done to them.

A French lemma that pyrealb gives both genders is masculine here, unless ``:f`` follows.
"""

from helpers.data.phrases.lexemes import Name, Noun

_CATEGORIES = {
    "person": """girl fille, boy garçon, woman femme, man homme, child enfant, baby bébé,
        brother frère, sister soeur, mother mère, father père, son fils, daughter fille,
        aunt tante, uncle oncle, friend ami, neighbour voisin, teacher professeur,
        doctor médecin, student étudiant, baker boulanger, farmer fermier, singer chanteur,
        king roi, queen reine, prince prince, princess princesse, soldier soldat,
        nurse infirmier:f, lawyer avocat, writer écrivain, painter peintre, actor acteur,
        waiter serveur, tourist touriste, captain capitaine, pilot pilote, thief voleur,
        judge juge, hero héros, lady dame, husband mari""",
    "animal": """cat chat, dog chien, horse cheval, bird oiseau, cow vache, duck canard,
        hen poule, rabbit lapin, mouse souris, wolf loup, fox renard, bear ours, lion lion,
        elephant éléphant, tiger tigre, monkey singe, pig cochon, goat chèvre,
        snake serpent, frog grenouille, bee abeille, spider araignée, donkey âne,
        owl hibou, squirrel écureuil, turtle tortue""",
    "food": """apple pomme, orange orange, egg oeuf, cake gâteau, sandwich sandwich,
        pear poire, carrot carotte, tomato tomate, strawberry fraise, cherry cerise,
        sausage saucisse, pizza pizza, biscuit biscuit, mushroom champignon, onion oignon,
        banana banane, lemon citron""",
    "mass": """bread pain, cheese fromage, meat viande, rice riz, butter beurre,
        chocolate chocolat, soup soupe, honey miel, ham jambon, sugar sucre, salt sel""",
    "drink": """water eau, milk lait, coffee café, tea thé, wine vin, beer bière,
        juice jus""",
    "idea": "story histoire, song chanson, lesson leçon, film film, poem poème",
    "thing": """book livre, letter lettre, newspaper journal, novel roman, map carte,
        photo photo,
        door porte, window fenêtre, box boîte, bottle bouteille, suitcase valise, bag sac,
        shirt chemise, dress robe, hat chapeau, coat manteau, shoe chaussure, jacket veste,
        skirt jupe, scarf écharpe, glove gant, car voiture, bus autobus, train train,
        bike vélo, boat bateau, plane avion, lorry camion, table table, chair chaise,
        bed lit, lamp lampe, clock horloge, mirror miroir, computer ordinateur,
        phone téléphone, radio radio, piano piano, guitar guitare, violin violon, key clé,
        cup tasse, plate assiette, glass verre, knife couteau, fork fourchette,
        ball balle, toy jouet, doll poupée, flower fleur, tree arbre, stone pierre,
        pencil crayon, umbrella parapluie, ring bague, gift cadeau, ladder échelle,
        candle bougie""",
    "place": """house maison, garden jardin, school école, market marché, kitchen cuisine,
        park parc, village village, beach plage, forest forêt, river rivière, bridge pont,
        street rue, church église, museum musée, restaurant restaurant, hotel hôtel,
        hospital hôpital, station gare, airport aéroport, library bibliothèque,
        castle château, island île, mountain montagne, farm ferme, bank banque,
        shop magasin, theatre théâtre, bedroom chambre, lake lac, field champ,
        factory usine""",
}
#: What is more than its category says: tag -> English nouns.
_TAGS = {
    "single": "mother father husband",
    "family": "brother sister mother father son daughter aunt uncle husband",
    "owned": """brother sister mother father son daughter aunt uncle husband friend child
        teacher doctor neighbour lawyer cat dog horse rabbit house garden school farm shop
        village bedroom kitchen""",
    "readable": "book letter newspaper poem novel story",
    "writable": "letter poem novel story song book",
    "listenable": "song story radio singer teacher",
    "learnable": "song poem lesson",
    "openable": "door window box bottle suitcase bag letter",
    "wearable": "shirt dress hat coat jacket skirt scarf ring",
    "clothes": "shirt dress hat coat shoe jacket skirt scarf glove",
    "vehicle": "car bus train bike boat plane lorry",
    "drivable": "car bus train lorry",
    "portable": """book letter newspaper box bottle suitcase bag hat coat shoe scarf glove
        key cup plate glass knife fork ball toy doll flower pencil umbrella ring gift lamp
        photo map candle""",
    "small": "key ring glove hat umbrella bag book pencil letter phone photo suitcase ball",
    "fragile": "cup plate glass bottle mirror window lamp toy chair doll",
    "machine": "car bus bike boat plane lorry clock computer phone radio lamp toy piano",
    "washable": "shirt dress skirt coat car window cup plate glass knife fork bike bottle",
    "cleanable": "table window car mirror bike lamp kitchen house bedroom church shop",
    "heavy": "box suitcase bag table chair stone ladder",
    "instrument": "piano guitar violin",
    "hard": "ball stone",
    "built": "house bridge castle boat school church",
    "drawable": """house tree flower castle boat cat dog horse bird bridge mountain girl
        king queen lion elephant rabbit garden""",
    "sent": "letter gift photo book flower",
    "crossed": "street river bridge forest field village lake",
    "visited": """museum castle church village island hospital school farm factory library
        theatre""",
    "reached": """market school beach museum restaurant hospital station airport library
        castle theatre church bank farm village hotel park""",
    "building": """house school church museum restaurant hotel hospital station library
        castle bank shop theatre""",
    "home": "house castle village hotel",
    "inside": """house garden school kitchen park village forest street church museum
        restaurant hotel hospital station library castle shop theatre bedroom field factory
        """,
    "upon": "beach bridge island bed chair",
    "container": "box bag suitcase",
    "dish": "soup cake sandwich coffee tea pizza",
}


def _read_nouns() -> dict[str, Noun]:
    tags = {tag: names.split() for tag, names in _TAGS.items()}
    nouns = {}
    for category, table in _CATEGORIES.items():
        for entry in table.split(","):
            english, french = entry.split()
            french, _, gender = french.partition(":")
            more = (tag for tag, names in tags.items() if english in names)
            every = frozenset({category, english, *more})
            nouns[english] = Noun(english, french, every, gender or "m")
    return nouns


NOUNS = _read_nouns()
_WOMEN, _MEN = "marie sophie emma julie alice", "paul lucas thomas louis arthur"
PEOPLE = (
    *(Name(name, name, True) for name in _WOMEN.split()),
    *(Name(name, name, False) for name in _MEN.split()),
)
_CITIES = """paris paris, london londres, rome rome, berlin berlin, lyon lyon,
    madrid madrid, geneva genève, brussels bruxelles"""
CITIES = tuple(Name(*pair.split(), False) for pair in _CITIES.split(","))
