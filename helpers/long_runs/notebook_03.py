"""Long runs of notebook 3: product reviews with and without transfer; recurrent dropout."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers import runtime
from helpers.baselines import majority, tfidf_logistic_regression
from helpers.data import SequenceDataset, Vocabulary, pad, tokenise
from helpers.data.rated_texts import DOMAINS
from helpers.data.sentiment import load_sentiment, outside, texts_outside_tests
from helpers.data.word_vectors import train_word_vectors
from helpers.keras import keras
from helpers.long_runs.store import mean
from helpers.long_runs.text import SYSTEMS
from helpers.metrics import accuracy, mean_absolute_error

SEEDS = (0, 1, 2)
EMBEDDING_DIM, VECTOR_SCALE = 64, 0.5
#: Epochs and highest learning rate: on all domains, and then on products.
ALL_DOMAINS, PRODUCTS = (5, 3e-3), (8, 2e-3)
MODEL = {
    "cell": "lstm",
    "bidirectional": True,
    "readout": "mean_max",
    "dropout": 0.4,
    "embedding_dropout": 0.3,
    "word_dropout": 0.2,
    "with_rating": True,
}
RECURRENT_DROPOUT = (0.0, 0.2, 0.4)


@dataclass(frozen=True)
class Prepared:
    """The products' parts and all domains together, in ids of one vocabulary."""

    arguments: dict[str, Any]
    everything: SequenceDataset
    products: SequenceDataset
    test: SequenceDataset


def products() -> dict[str, Any]:
    """Two classes: products alone against all domains first; tested once, three seeds."""
    return _with_and_without_transfer(2, {"accuracy": accuracy})


def five() -> dict[str, Any]:
    """The same with five ordered classes, and how many classes off an answer is."""
    scores = {"accuracy": accuracy, "mae": mean_absolute_error}
    return _with_and_without_transfer(5, scores)


def recurrent() -> dict[str, Any]:
    """What recurrent dropout brings and costs: a plain Keras LSTM on products.

    Accuracy on the validation part at its best epoch of ten, and seconds an epoch.
    """
    splits = load_sentiment("products")
    vocabulary = Vocabulary.build(map(tokenise, splits.train.texts), min_count=2)
    parts = [part.encode(vocabulary) for part in (splits.train, splits.validation)]
    (x, y), held_out = [(pad(part.sequences)[0], part.targets) for part in parts]
    figures: dict[str, Any] = {}
    for share in RECURRENT_DROPOUT:
        best, seconds = [], []
        for seed in SEEDS:
            model = _plain_lstm(len(vocabulary), share, seed)
            begun = time.perf_counter()
            history = model.fit(
                x, y, 64, epochs=10, validation_data=held_out, verbose=0
            ).history
            seconds.append((time.perf_counter() - begun) / 10)
            best.append(max(history["val_accuracy"]))
        figures[f"validation_accuracy_{share}"] = mean(best)
        figures[f"seconds_an_epoch_{share}"] = mean(seconds)
        print(f"{share}: {np.mean(best):.4f}, {np.mean(seconds):.1f} s an epoch")
    return figures


def prepare(num_classes: int) -> Prepared:
    """Encode products and all domains; no text of a test part is learned from."""
    splits = {domain: load_sentiment(domain, num_classes) for domain in DOMAINS}
    own = splits["products"].train + splits["products"].validation
    everything = own
    for domain in DOMAINS:
        if domain != "products":
            everything = everything + splits[domain].train + splits[domain].validation
    # The products' test may stand in another domain as well.
    held_out = splits["products"].test.texts
    everything = everything.subset(outside(everything.texts, held_out))
    vocabulary = Vocabulary.build(map(tokenise, everything.texts), min_count=2)
    unlabelled = map(tokenise, texts_outside_tests())
    vectors = train_word_vectors(unlabelled, vocabulary, EMBEDDING_DIM)
    sizes = {"vocab_size": len(vocabulary), "embedding_dim": EMBEDDING_DIM}
    arguments = MODEL | sizes | {"num_classes": num_classes}
    return Prepared(
        arguments | {"embeddings": VECTOR_SCALE * vectors},
        everything.encode(vocabulary, with_ratings=True),
        own.encode(vocabulary, with_ratings=True),
        splits["products"].test.encode(vocabulary, with_ratings=True),
    )


def _with_and_without_transfer(
    num_classes: int, scores: dict[str, Any]
) -> dict[str, Any]:
    data = prepare(num_classes)
    figures = _baselines(num_classes, scores)
    for name, system in SYSTEMS.items():
        answers: dict[str, list] = {"alone": [], "transfer": []}
        for seed in SEEDS:
            for kind, found in answers.items():
                trained = system(seed, **data.arguments)
                if kind == "transfer":
                    trained.fit(data.everything, *ALL_DOMAINS)
                trained.fit(data.products, *PRODUCTS)
                found.append(trained.classes(data.test))
        for kind, score in ((k, s) for k in answers for s in scores):
            each = [scores[score](data.test.targets, a) for a in answers[kind]]
            # The best model's figure has no variant in its name.
            variant = "" if kind == "transfer" else f"_{kind}"
            figures[_figure(num_classes, score, f"{variant}_{name}")] = mean(each)
            print(f"{name}, {kind}, {score}: {np.mean(each):.4f}")
    return figures


def _baselines(num_classes: int, scores: dict[str, Any]) -> dict[str, Any]:
    splits = load_sentiment("products", num_classes)
    learn, test = splits.train + splits.validation, splits.test
    tfidf = tfidf_logistic_regression(learn.texts, learn.labels)
    answers = {
        "tfidf": tfidf.predict(test.texts),
        "majority": np.full(len(test), majority(learn.labels)),
    }
    return {
        _figure(num_classes, score, f"_{name}"): mean(
            [scores[score](test.labels, answer)]
        )
        for name, answer in answers.items()
        for score in scores
    }


def _figure(num_classes: int, score: str, rest: str) -> str:
    return f"test_{score}_{'5class' if num_classes == 5 else 'products'}{rest}"


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


RUNS = {
    "products": (products, SEEDS),
    "five": (five, SEEDS),
    "recurrent": (recurrent, SEEDS),
}
