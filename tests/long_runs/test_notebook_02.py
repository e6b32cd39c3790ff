"""What the long runs of notebook 2 prepare; the runs themselves are too long for a test."""

import itertools

import numpy as np
import pytest
import torch

from helpers.data import SequenceDataset
from helpers.data.sentiment import load_sentiment
from helpers.data.tokenising import normalise
from helpers.long_runs import notebook_02, text
from helpers.long_runs.recipe import Recipe
from helpers.metrics import accuracy


@pytest.fixture(scope="module")
def pool():
    splits = load_sentiment("movies")
    return (splits.train + splits.validation).subset(np.arange(600))


def test_a_rung_keeps_the_ideas_below_it():
    names, arguments = zip(*notebook_02.rungs(), strict=True)
    assert names == tuple(notebook_02.RUNGS)
    assert arguments[0] == {"cell": "rnn"}
    assert arguments[3] == {"cell": "gru", "bidirectional": True}
    for below, above in itertools.pairwise(arguments[2:]):
        assert below.items() <= above.items()


def test_each_seed_holds_out_another_fifth(pool):
    parts = [notebook_02._halves(pool, seed) for seed in (0, 1)]
    for train, other in parts:
        assert (len(train), len(other)) == (480, 120)
        assert not set(train.texts) & set(other.texts)
    assert parts[0][1].texts != parts[1][1].texts


def test_vectors_and_vocabulary_never_see_what_is_held_out(pool, monkeypatch):
    train, other = notebook_02._halves(pool, 0)
    seen = []

    def watch(sentences, vocabulary, dim):
        seen.extend(" ".join(sentence) for sentence in sentences)
        return np.zeros((len(vocabulary), dim), np.float32)

    monkeypatch.setattr(text, "train_word_vectors", watch)
    _, learned, asked = notebook_02.prepare(train, other)
    held_out = {normalise(text) for text in other.texts}
    assert not held_out & {normalise(text) for text in seen}
    assert len(seen) > 10_000
    trained = set(np.concatenate(learned.sequences))
    assert {i for ids in asked.sequences for i in ids} - trained <= {1}


def test_a_curve_has_the_accuracy_on_the_other_set_after_each_epoch(monkeypatch):
    rng = np.random.default_rng(0)
    ids = [rng.integers(2, 20, n) for n in rng.integers(2, 9, 130)]
    labels = np.array([int(each[0] > 10) for each in ids])
    learned, other = (
        SequenceDataset(ids[a:b], labels[a:b], labels[a:b].astype(np.float32))
        for a, b in ((0, 100), (100, 130))
    )
    words = {"vocab_size": 20, "embedding_dim": 8, "embeddings": None}
    monkeypatch.setattr(notebook_02, "RECIPE", Recipe(epochs=3, rate=1e-2))
    curve = notebook_02.validation_curve(
        (words, learned, other), {"cell": "rnn", "hidden_size": 8}, seed=0
    )
    arguments = {"num_classes": 2, "cell": "rnn", "hidden_size": 8, **words}
    stages = (learned, notebook_02.RECIPE)
    model, _ = text.train("pytorch", 0, arguments, stages)
    last = accuracy(other.targets, text.classes("pytorch", model, other))
    assert len(curve) == 3
    assert curve[-1] == pytest.approx(last)


def test_the_loss_counts_the_rating_where_there_is_one():
    logits, labels = torch.zeros(2, 2), torch.tensor([0, 1])
    targets = (labels, torch.tensor([1.0, -1.0]))
    alone = text.torch_loss(logits, targets)
    both = text.torch_loss((logits, torch.zeros(2, 1)), targets)
    assert alone == pytest.approx(np.log(2), abs=1e-6)
    assert both == pytest.approx(np.log(2) + text.RATING_WEIGHT, abs=1e-6)
