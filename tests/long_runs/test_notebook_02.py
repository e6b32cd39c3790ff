"""What the long runs of notebook 2 prepare; the runs themselves are too long for a test."""

import itertools

import numpy as np
import pytest
import torch

from helpers.data.sentiment import load_sentiment
from helpers.data.tokenising import normalise
from helpers.long_runs import notebook_02, text


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

    monkeypatch.setattr(notebook_02, "train_word_vectors", watch)
    data = notebook_02.prepare(train, other)
    held_out = {normalise(text) for text in other.texts}
    assert not held_out & {normalise(text) for text in seen}
    assert len(seen) > 10_000
    trained = set(np.concatenate(data.train.sequences))
    assert {i for ids in data.other.sequences for i in ids} - trained <= {1}


def test_the_loss_counts_the_rating_where_there_is_one():
    logits, labels = torch.zeros(2, 2), torch.tensor([0, 1])
    targets = (labels, torch.tensor([1.0, -1.0]))
    alone = text.torch_loss(logits, targets)
    both = text.torch_loss((logits, torch.zeros(2, 1)), targets)
    assert alone == pytest.approx(np.log(2), abs=1e-6)
    assert both == pytest.approx(np.log(2) + text.RATING_WEIGHT, abs=1e-6)
