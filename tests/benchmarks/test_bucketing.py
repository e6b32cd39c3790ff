"""What buckets are worth: one epoch of an LSTM over sentences, bucketed or packed."""

import time

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils.data import DataLoader

from helpers.data import BucketSampler, SequenceDataset, pad
from helpers.pytorch.classifier import SequenceClassifier
from helpers.pytorch.loading import loader
from helpers.pytorch.training import fit

SENTENCES, VOCABULARY, EMBEDDING, HIDDEN, BATCH = 8_454, 8_000, 100, 64, 32


class PackedClassifier(nn.Module):
    """The textbook's way: pad to the longest, pack, read the final state."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, EMBEDDING, padding_idx=0)
        self.rnn = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True)
        self.output = nn.Linear(HIDDEN, 2)

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(
            self.embedding(ids), lengths, batch_first=True, enforce_sorted=False
        )
        _, (state, _) = self.rnn(packed)
        return self.output(state[-1])


def make_dataset():
    rng = np.random.default_rng(0)
    lengths = rng.integers(8, 46, SENTENCES)
    sentences = [rng.integers(2, VOCABULARY, length) for length in lengths]
    return SequenceDataset(sentences, rng.integers(0, 2, SENTENCES))


def packed_batches(dataset):
    def collate(examples):
        sentences, targets = zip(*examples, strict=True)
        ids, lengths = map(torch.from_numpy, pad(sentences))
        return (ids, lengths), torch.tensor(np.array(targets))

    return DataLoader(dataset, BATCH, shuffle=True, collate_fn=collate)


def make_step(model):
    """A function that trains on some batches and returns the processor's seconds."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    options = {"loss": nn.CrossEntropyLoss(), "optimizer": optimizer, "epochs": 1}

    def train(batches):
        start = time.process_time()  # unlike the clock, deaf to what else is running
        fit(model, batches, **options)
        return time.process_time() - start

    return train


def test_buckets_train_at_least_twice_as_fast(capsys):
    torch.manual_seed(0)
    dataset = make_dataset()
    sampler = BucketSampler(dataset.lengths, BATCH, num_buckets=16)
    sizes = {"vocab_size": VOCABULARY, "embedding_dim": EMBEDDING}
    train = {
        "bucketed": make_step(SequenceClassifier(2, "lstm", HIDDEN, **sizes)),
        "packed": make_step(PackedClassifier()),
    }
    batches = {
        "bucketed": list(loader(dataset, sampler)),
        "packed": list(packed_batches(dataset)),
    }
    for name, step in train.items():
        step(batches[name][:5])  # to warm up
    # One epoch each, in turns of a fifth: a slow moment of the machine meets both.
    parts = [{n: train[n](batches[n][part::5]) for n in train} for part in range(5)]
    total = {name: sum(part[name] for part in parts) for name in train}
    ratio = np.median([part["packed"] / part["bucketed"] for part in parts])
    with capsys.disabled():
        shown = ", ".join(f"{name} {value:.2f} s" for name, value in total.items())
        print(f"\nan epoch: {shown}: {ratio:.1f}x")
    assert ratio >= 2
