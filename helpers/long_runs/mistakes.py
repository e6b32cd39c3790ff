"""The mistakes of notebook 5, trained: each lowers the loss, and none helps.

PyTorch, dot attention, the sizes of the question, four epochs.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch.nn import functional as F

from helpers import runtime
from helpers.data import BucketSampler
from helpers.long_runs.phrases import (
    BATCH_SIZE,
    DROPOUT,
    Corpus,
    batches,
    fit,
    write,
)
from helpers.metrics.translation import bleu
from helpers.pytorch.forcing import OwnWords
from helpers.pytorch.loading import loader
from helpers.pytorch.readout import last_state, padding_mask
from helpers.pytorch.translator import Memory, Translator

EPOCHS, LONG = 4, 40


class Unpacked(Translator):
    """The encoder runs over pads: backwards, it starts from what they leave behind."""

    def encode(self, source, lengths):
        """As in most answers."""
        states, _ = self.encoder(self.dropout(self.source_embedding(source)))
        end = torch.full_like(lengths, source.shape[1]).to(source.device)
        last = last_state(states, end, bidirectional=True)
        mask = padding_mask(lengths.to(source.device), source.shape[1])
        return Memory(self.keys(states), states, mask, torch.tanh(self.bridge(last)))


class Unmasked(Unpacked):
    """The decoder may look at pads, too."""

    def encode(self, source, lengths):
        """As in most answers."""
        memory = super().encode(source, lengths)
        return memory._replace(mask=torch.ones_like(memory.mask))


class Changed:
    """Batches changed on their way by ``change``."""

    def __init__(self, batches: Iterable, change: Callable) -> None:
        """Remember both."""
        self.batches, self.change = batches, change

    def __len__(self) -> int:
        """The number of batches an epoch."""
        return len(self.batches)

    def __iter__(self) -> Iterator:
        """The batches of the next epoch."""
        return (self.change(*inputs, wanted) for inputs, wanted in self.batches)


def not_shifted(source, lengths, given, wanted):
    """The decoder is given the word that it has to write."""
    return (source, lengths, wanted), wanted


def padded(source, lengths, given, wanted):
    """All sentences have 40 words, most of them pads."""
    more = (0, LONG - wanted.shape[1])
    return (source, lengths, F.pad(given, more)), F.pad(wanted, more)


def counts_pads(outputs, targets):
    """Cross-entropy of every position, pads too."""
    return F.cross_entropy(outputs[0].flatten(0, 1), targets.flatten())


def train(
    corpus: Corpus,
    kind: type[Translator] = Translator,
    change: Callable | None = None,
    loss: Callable | None = None,
    ratio: Callable[[float], float] | None = None,
    epochs: int = EPOCHS,
) -> tuple[Translator, float]:
    """Train a model rightly or wrongly; return it with its last loss.

    Args:
        corpus: to train on.
        kind: of model.
        change: what is done to each batch.
        loss: in place of the right one.
        ratio: share of the training done (0 to 1) -> share of teacher forcing.
        epochs: how many.
    """
    runtime.seed_everything(0)
    model = kind(**corpus.sizes, attention="dot", dropout=DROPOUT)
    given = batches("pytorch", corpus)
    if change:
        given = Changed(given, change)
    if ratio:
        steps = epochs * len(given)
        given = OwnWords(given, model, lambda step: ratio(step / steps))
    history = fit("pytorch", model, given, epochs, loss=loss)
    return model, history.history["loss"][-1]


def figures(model: Translator, loss: float, corpus: Corpus) -> dict[str, float]:
    """Loss, and BLEU on validation: words given, own words, and own words among pads."""
    references = corpus.references("validation")
    found = {"loss": loss, "forced": forced_bleu(model, corpus, "validation")}
    found["bleu"] = bleu(write("pytorch", model, corpus, "validation")[0], references)
    append_pads(model, LONG)
    found["padded"] = bleu(write("pytorch", model, corpus, "validation")[0], references)
    return found


def append_pads(model: Translator, pads: int) -> None:
    """From now on the model sees so many pads more behind every batch of sources."""

    def encode(source: Any, lengths: Any) -> Memory:
        return type(model).encode(model, F.pad(source, (0, pads)), lengths)

    model.encode = encode


@torch.no_grad()
def forced_bleu(model: Translator, corpus: Corpus, part: str) -> float:
    """BLEU of the likeliest word after each *right* beginning: no translation score."""
    dataset = corpus.encoded[part]
    sampler = BucketSampler(dataset.lengths, BATCH_SIZE, shuffle=False)
    written, wanted = [], []
    for inputs, targets in loader(dataset, sampler):
        best = model.eval()(*inputs)[0].argmax(dim=-1)
        for row, right in zip(best.tolist(), targets.tolist(), strict=True):
            size = sum(token > 0 for token in right) - 1  # without the end
            written.append(row[:size])
            wanted.append(right[:size])
    return bleu(written, wanted)
