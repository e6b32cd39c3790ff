"""The mistakes of notebook 5, trained: each lowers the loss, and none helps.

PyTorch, dot attention, the sizes of the question, four epochs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import torch
from torch.nn import functional as F

from helpers import runtime
from helpers.data.translation import Corpus
from helpers.long_runs.phrases import DROPOUT, RECIPE, write
from helpers.metrics.translation import bleu
from helpers.pytorch.forcing import OwnWords, forced_bleu
from helpers.pytorch.readout import last_state, padding_mask
from helpers.pytorch.translating import translation_loss
from helpers.pytorch.translator import Memory, Translator

RECIPE, LONG = replace(RECIPE, epochs=4), 40


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


def figures(
    corpus: Corpus,
    kind: type[Translator] = Translator,
    change: Callable | None = None,
    loss: Callable | None = None,
    ratio: Callable[[float], float] | None = None,
) -> dict[str, float]:
    """Train rightly or wrongly; the loss, and BLEU on the validation part.

    BLEU with the right words given, with its own, and with its own among pads.

    Args:
        corpus: to train on.
        kind: of model.
        change: what is done to each batch.
        loss: in place of the right one.
        ratio: share of the training done (0 to 1) -> share of teacher forcing.
    """
    runtime.seed_everything(0)
    model = kind(**corpus.sizes, attention="dot", dropout=DROPOUT)
    given = RECIPE.batches("pytorch", corpus.encoded["train"], seed=0)
    if change:
        given = Changed(given, change)
    if ratio:
        steps = RECIPE.epochs * len(given)
        given = OwnWords(given, model, lambda step: ratio(step / steps))
    logs = RECIPE.fit("pytorch", model, given, loss=loss or translation_loss()).history
    found = {"loss": logs["loss"][-1]}
    found["forced"] = forced_bleu(model, corpus, "validation")
    references = corpus.references("validation")
    found["bleu"] = bleu(write("pytorch", model, corpus, "validation"), references)
    append_pads(model, LONG)
    found["padded"] = bleu(write("pytorch", model, corpus, "validation"), references)
    return found


def append_pads(model: Translator, pads: int) -> None:
    """From now on the model sees so many pads more behind every batch of sources."""

    def encode(source: Any, lengths: Any) -> Memory:
        return type(model).encode(model, F.pad(source, (0, pads)), lengths)

    model.encode = encode
