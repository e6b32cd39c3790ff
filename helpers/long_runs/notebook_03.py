"""Long runs of notebook 3: product reviews with and without transfer; recurrent dropout."""

import time
from typing import Any

import numpy as np

from helpers import runtime
from helpers.baselines import tfidf_logistic_regression
from helpers.data import SequenceDataset, Vocabulary, pad, tokenise
from helpers.data.rated_texts import DOMAINS
from helpers.data.sentiment import load_sentiment, outside, texts_outside_tests
from helpers.keras import keras
from helpers.long_runs.recipe import FRAMEWORKS, Recipe, study
from helpers.long_runs.text import EMBEDDING_DIM, classes, train, word_arguments
from helpers.metrics import accuracy, mean_absolute_error

SEEDS = (0, 1, 2)
ALL_DOMAINS, PRODUCTS = Recipe(epochs=5, rate=3e-3), Recipe(epochs=8, rate=2e-3)
MODEL = {
    "cell": "lstm",
    "bidirectional": True,
    "readout": "mean_max",
    "dropout": 0.4,
    "embedding_dropout": 0.3,
    "word_dropout": 0.2,
    "with_rating": True,
}
RECURRENT_DROPOUT = ("0.0", "0.2", "0.4")


def products() -> dict[str, Any]:
    """Two classes: products alone against all domains first; tested once, three seeds."""
    return _with_and_without_transfer(2)


def five() -> dict[str, Any]:
    """The same with five ordered classes, and how many classes off an answer is."""
    return _with_and_without_transfer(5)


def recurrent() -> dict[str, Any]:
    """What recurrent dropout brings and costs: a plain Keras LSTM on products.

    Accuracy on the validation part at its best epoch of ten, and seconds an epoch.
    """
    splits = load_sentiment("products")
    vocabulary = Vocabulary.build(map(tokenise, splits.train.texts), min_count=2)
    parts = [part.encode(vocabulary) for part in (splits.train, splits.validation)]
    (x, y), held_out = [(pad(part.sequences)[0], part.targets) for part in parts]

    def tried(share: str, seed: int) -> dict[str, float]:
        model = _plain_lstm(len(vocabulary), float(share), seed)
        begun = time.perf_counter()
        options = {"epochs": 10, "validation_data": held_out, "verbose": 0}
        history = model.fit(x, y, 64, **options).history
        return {
            "validation_accuracy": max(history["val_accuracy"]),
            "seconds_an_epoch": (time.perf_counter() - begun) / 10,
        }

    return study(SEEDS, RECURRENT_DROPOUT, tried)


def prepare(num_classes: int) -> tuple[dict[str, Any], *tuple[SequenceDataset, ...]]:
    """Encode products and all domains; no text of a test part is learned from.

    Returns:
        The model's arguments; all domains together, the products' own texts, their test.
    """
    splits = {domain: load_sentiment(domain, num_classes) for domain in DOMAINS}
    products = splits.pop("products")
    own = everything = products.train + products.validation
    for other in splits.values():
        everything = everything + other.train + other.validation
    # The products' test may stand in another domain as well.
    everything = everything.subset(outside(everything.texts, products.test.texts))
    vocabulary = Vocabulary.build(map(tokenise, everything.texts), min_count=2)
    words = word_arguments(vocabulary, texts_outside_tests())
    parts = (everything, own, products.test)
    encoded = (part.encode(vocabulary, with_ratings=True) for part in parts)
    return MODEL | words | {"num_classes": num_classes}, *encoded


def _with_and_without_transfer(num_classes: int) -> dict[str, Any]:
    arguments, everything, own, test = prepare(num_classes)
    scores = {"test_accuracy_products": accuracy}
    if num_classes == 5:
        scores = {
            "test_accuracy_5class": accuracy,
            "test_mae_5class": mean_absolute_error,
        }

    def scored(answers: np.ndarray) -> dict[str, float]:
        return {name: score(test.targets, answers) for name, score in scores.items()}

    def trained(system: str, seed: int) -> dict[str, float]:
        framework = system.removeprefix("alone_")
        stages = [(own, PRODUCTS)]
        if framework == system:  # with transfer
            stages.insert(0, (everything, ALL_DOMAINS))
        model, _ = train(framework, seed, arguments, *stages)
        return scored(classes(framework, model, test))

    def counted(_: str, seed: int) -> dict[str, float]:
        splits = load_sentiment("products", num_classes)
        learned = splits.train + splits.validation
        tfidf = tfidf_logistic_regression(learned.texts, learned.labels)
        return scored(tfidf.predict(splits.test.texts))

    # The best model's figure has no variant in its name.
    systems = [variant + name for variant in ("alone_", "") for name in FRAMEWORKS]
    return study(SEEDS[:1], ["tfidf"], counted) | study(SEEDS, systems, trained)


def _plain_lstm(vocab_size: int, recurrent_dropout: float, seed: int) -> keras.Model:
    runtime.seed_everything(seed)
    lstm = keras.layers.LSTM(64, dropout=0.3, recurrent_dropout=recurrent_dropout)
    model = keras.Sequential(
        [
            keras.Input((None,)),
            keras.layers.Embedding(vocab_size, EMBEDDING_DIM, mask_zero=True),
            lstm,
            keras.layers.Dense(2),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(2e-3), loss, metrics=["accuracy"])
    return model


RUNS = (products, five, recurrent)
