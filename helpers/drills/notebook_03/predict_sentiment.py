"""Drill 3.5: debug the prediction for a new text."""

from collections.abc import Callable
from itertools import combinations

import numpy as np

from helpers.interview.drill import Arguments, Drill, Mistake

Model = Callable[[np.ndarray], np.ndarray]
Prediction = tuple[str, float]


def predict_sentiment(
    model: callable, text: str, ids: dict[str, int], max_steps: int = 200
) -> tuple[str, float]:
    """Return "positive" or "negative", and the probability of this label.

    The training texts were put in lower case, split at spaces, and cut after
    max_steps words; unknown words became 1, and zeros filled up the right. The model
    takes ids (1, max_steps) and returns the probability of "positive", (1, 1).
    """
    words = text.lower().split()[:max_steps]
    row = [ids.get(word, 1) for word in words]
    padded = np.array([row + [0] * (max_steps - len(row))])
    p = float(model(padded)[0, 0])
    return ("positive", p) if p >= 0.5 else ("negative", 1 - p)


def _predict_sentiment_as_given(
    model: Model, text: str, ids: dict[str, int], max_steps: int = 200
) -> Prediction:
    row = [ids[word] for word in text.split() if word in ids]
    row = row[-max_steps:]
    padded = np.array([row + [0] * (max_steps - len(row))])
    p = float(model(padded)[0, 0])
    return ("positive" if p >= 0.5 else "negative"), p


def _predict_word_by_word(
    model: Model, text: str, ids: dict[str, int], max_steps: int = 200
) -> Prediction:
    row = np.zeros(max_steps, dtype=int)
    for place, word in enumerate(text.split()):
        if place < max_steps:
            known = word.lower() in ids
            row[place] = ids[word.lower()] if known else 1
    positive = float(model(row[None])[0, 0])
    if positive >= 0.5:
        return "positive", positive
    return "negative", 1.0 - positive


# Unknown words are lost in three ways: dropped, before the cut or after it, or zeroed.
_LOSSES = ("dropped", "dropped from the cut text", "zeroed")


def _with_mistakes(*left: str, lost: str = "dropped") -> Callable[..., Prediction]:
    """Make the code as given, with only the named mistakes left in it."""

    def answer(model, text, ids, max_steps):
        words = text.split() if "case" in left else text.lower().split()
        kept = slice(-max_steps, None) if "cut" in left else slice(max_steps)
        if "unknown" not in left:
            row = [ids.get(word, 1) for word in words][kept]
        elif lost == "zeroed":
            row = [ids.get(word, 0) for word in words][kept]
        elif lost == "dropped":
            row = [ids[word] for word in words if word in ids][kept]
        else:
            row = [ids[word] for word in words[kept] if word in ids]
        p = _probability(model, row + [0] * (max_steps - len(row)))
        label = "positive" if p >= 0.5 else "negative"
        return label, p if "confidence" in left else max(p, 1 - p)

    return answer


def _probability(model: Model, row: list[int]) -> float:
    return float(model(np.array([row], dtype=int))[0, 0])


def _with_row(
    change: Callable[[list[int], int], list[int]],
) -> Callable[..., Prediction]:
    """Make the answer that fits the ids of all words to the model in another way."""

    def answer(model, text, ids, max_steps):
        row = [ids.get(word, 1) for word in text.lower().split()]
        p = _probability(model, change(row, max_steps))
        return ("positive", p) if p >= 0.5 else ("negative", 1 - p)

    return answer


def _pads_on_the_left(row: list[int], max_steps: int) -> list[int]:
    row = row[:max_steps]
    return [0] * (max_steps - len(row)) + row


def _always_the_other(model, text, ids, max_steps):
    label, confidence = predict_sentiment(model, text, ids, max_steps)
    return label, confidence if label == "negative" else 1 - confidence


def _swapped(model, text, ids, max_steps):
    label, confidence = predict_sentiment(model, text, ids, max_steps)
    return {"positive": "negative", "negative": "positive"}[label], confidence


def _swapped_with_its_probability(model, text, ids, max_steps):
    label, confidence = _swapped(model, text, ids, max_steps)
    return label, 1 - confidence


def _model(lean: float = 0.0, seed: int | np.random.Generator = 0) -> Model:
    """Make a stand-in for a trained network: every word counts, and its place.

    It has no mask, so that the zeros and their side count as well.
    """
    weights = np.random.default_rng(seed).normal(0, 1, size=len(_IDS))

    def model(ids: np.ndarray) -> np.ndarray:
        places = 0.95 ** np.arange(ids.shape[1])
        scores = (weights[ids] * places).sum(axis=1, keepdims=True)
        return 0.5 * (1 + np.tanh(lean + scores / 4))

    return model


def _random_text(rng: np.random.Generator) -> Arguments:
    words = [*_WORDS, *map(str.capitalize, _WORDS), "unseen", "NEWER"]
    text = " ".join(rng.choice(words, size=rng.integers(0, 12)))
    lean = float(rng.uniform(-1, 1))
    return _model(lean, seed=rng), text, _IDS, int(rng.choice([1, 3, 5, 8, 200]))


_WORDS = ["the", "film", "is", "not", "good", "but", "long"]
_IDS = {token: i for i, token in enumerate(["<pad>", "<unk>", *_WORDS])}

# What is left to find: the input that shows it, and the mistake itself.
_CLUES = {
    "case": (
        "a text with capital letters",
        "a word with a capital letter is still another word than in training.",
    ),
    "unknown": (
        "a word that `ids` does not hold",
        "a word that `ids` does not hold still reaches the model as nothing at all.",
    ),
    "cut": (
        "a text of more than `max_steps` words",
        "of a long text, the model still reads another part than in training.",
    ),
    "confidence": (
        "a text that the model finds negative",
        "for a negative text, the confidence is still that of the other label.",
    ),
}

_LABELS = (
    'the two labels are swapped now; the model returns the probability of "positive".'
)


def _sentence(left: tuple[str, ...]) -> str:
    """Say how many mistakes are left, and where to look, but not what to write."""
    if len(left) == 1:
        return f"one to go: {_CLUES[left[0]][1]}"
    *first, last = (_CLUES[name][0] for name in left)
    count = {2: "two", 3: "three", 4: "four"}[len(left)]
    return f"{count} to go: try {', '.join(first)} and {last}."


def _unfinished() -> tuple[Mistake, ...]:
    """Return every partial repair, and the code as given with other lost words."""
    return tuple(
        Mistake(_sentence(left), _with_mistakes(*left, lost=lost))
        for count in (1, 2, 3, 4)
        for left in combinations(_CLUES, count)
        for lost in (_LOSSES if "unknown" in left else _LOSSES[:1])
        if count < 4 or lost != "dropped"  # as given, which is no attempt
    )


DRILL = Drill(
    id="3.5",
    title="debug this",
    level="core",
    minutes=12,
    prompt=(
        "The network is trained, and a colleague has written the function that the "
        "web page calls: a text comes in, a label and its probability go out. The "
        "docstring says how the training texts were prepared. This code runs, and is "
        "wrong. Find the four mistakes. All of them are typical of published answers, "
        "and none raises an error. Please repair them, and tell me for each which "
        "texts suffer. I ask because a model that is good in the notebook and poor on "
        "the web page nearly always reads its texts in another way there."
    ),
    solution=predict_sentiment,
    specification=_predict_word_by_word,
    hints=(
        "Do not read, try. Take each promise of the docstring in turn, and make the "
        "shortest text that puts it to the test. A model that prints the ids it gets "
        "shows you most of it.",
        "One mistake each: in how a word is looked up, in what becomes of a word that "
        "nobody knows, in which end of a long text is lost, and in the number that "
        "comes with a negative label.",
        "Start from `text.lower().split()[:max_steps]`, and give unknown words "
        "`ids.get(word, 1)`. With a negative label, return `1 - p`.",
    ),
    cases=(
        (_model(-1.0), "The film is good", _IDS, 6),
        (_model(-0.5), "the plot is GOOD but long and not good", _IDS, 5),
        (_model(1.0), "Not good but the acting is good and the film is long", _IDS, 4),
        (_model(-1.0), "long film but good film is the film", _IDS, 5),
        (_model(-1.0), "the awful film is awful", _IDS, 8),
        (_model(1.0), "The unseen Film is not long", _IDS, 200),
        (_model(1.0), "the film is good", _IDS, 200),
        (_model(-1.0), "but Not long " * 70, _IDS, 200),
        (_model(-0.5), "", _IDS, 3),
        (_model(0.5), "Good film", _IDS, 1),
    ),
    random_case=_random_text,
    buggy=_predict_sentiment_as_given,
    mistakes=(
        *_unfinished(),
        Mistake(
            "long texts are not cut at all now; the model takes `max_steps` ids.",
            _with_row(lambda row, steps: row + [0] * (steps - len(row))),
        ),
        Mistake(
            "the zeros stand on the left now, as Keras' `pad_sequences` puts them by "
            "default; in training they stood on the right.",
            _with_row(_pads_on_the_left),
        ),
        Mistake(
            "short texts are not filled up now; the model takes `max_steps` ids.",
            _with_row(lambda row, steps: row[:steps]),
        ),
        Mistake(
            "the confidence is right for negative texts now, but it is that of the "
            "other label for positive ones.",
            _always_the_other,
        ),
        Mistake(_LABELS, _swapped),
        Mistake(_LABELS, _swapped_with_its_probability),
    ),
)
