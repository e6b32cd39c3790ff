"""Long runs of notebook 5: phrases, and captions of photographs (Multi30k), English to French.

Phrases: attention of each kind, both splits, mistakes, exposure bias. What attention learned
stays as a checkpoint.
"""

import time
from collections.abc import Sequence
from typing import Any

import torch

from helpers import runtime
from helpers.data import BucketSampler, Vocabulary
from helpers.data.multi30k import load_multi30k
from helpers.data.phrases import Pair
from helpers.data.translation import SPECIALS, encode_pairs
from helpers.long_runs import mistakes as wrongly
from helpers.long_runs.checkpoints import save
from helpers.long_runs.phrases import (
    LENGTHS,
    alignment_figures,
    forced_attention,
    load_corpus,
    scores,
    train,
    write,
)
from helpers.long_runs.store import mean
from helpers.metrics.translation import bleu
from helpers.pytorch.callbacks import EarlyStopping
from helpers.pytorch.loading import loader
from helpers.pytorch.training import fit
from helpers.pytorch.translating import BleuValidation, translate, translation_loss
from helpers.pytorch.translator import Translator
from helpers.schedules import one_cycle

SEEDS = (0,)
MODEL = {"embedding_dim": 256, "hidden_size": 256, "attention": "dot", "dropout": 0.4}
BATCH_SIZE, EPOCHS, RATE, DECAY, SMOOTHING = 64, 14, 2e-3, 0.01, 0.1
MIN_COUNT, MAX_STEPS, BEAM = 2, 50, 5


def multi30k() -> dict[str, Any]:
    """One model in PyTorch; validation BLEU picks the epoch; Test2016 is read once."""
    pairs = load_multi30k()
    languages = list(zip(*pairs.train, strict=True))
    source, target = (
        Vocabulary.build(sentences, min_count=MIN_COUNT, specials=SPECIALS)
        for sentences in languages
    )
    train, validation, test = (
        encode_pairs(part, source, target)
        for part in (pairs.train, pairs.validation, pairs.test)
    )
    runtime.seed_everything(SEEDS[0])
    model = Translator(len(source), len(target), **MODEL)
    sampler = BucketSampler(train.lengths, BATCH_SIZE, num_buckets=16)
    progress = _Progress(validation, target, [pair[1] for pair in pairs.validation])
    best = EarlyStopping("val_bleu", EPOCHS, mode="max", restore_best_weights=True)
    history = fit(
        model,
        loader(train, sampler),
        loss=translation_loss(SMOOTHING),
        optimizer=torch.optim.AdamW(model.parameters(), weight_decay=DECAY, fused=True),
        schedule=one_cycle(RATE, EPOCHS * len(sampler)),
        epochs=EPOCHS,
        clip_norm=1.0,
        callbacks=[progress, best],
    ).history
    references = [pair[1] for pair in pairs.test]
    figures = {"validation_bleu": max(history["val_bleu"])}
    for name, beam in {"": BEAM, "_greedy": 1}.items():
        written = translate(model, test.sources, beam=beam, max_steps=MAX_STEPS)
        words = [target.decode(tokens) for tokens in written.tokens]
        found = scores(words, references).items()
        figures |= {f"test_{k}_multi30k{name}_pytorch": value for k, value in found}
    return _recorded(figures)


class _Progress(BleuValidation):
    """Validation BLEU after each epoch, said aloud: the run takes an hour."""

    def __init__(self, held_out: Any, vocabulary: Any, references: Sequence) -> None:
        super().__init__(held_out, vocabulary, references)
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        super().on_epoch_end(epoch, logs)
        spent = time.perf_counter() - self.begun
        print(f"epoch {epoch + 1}: {logs} after {spent:.0f} s", flush=True)


HIDDEN, PHRASE_EPOCHS = 128, 16


def phrases() -> dict[str, Any]:
    """Dot attention on the compositional split, in both frameworks, tested once."""
    return _trained("compositional", ("dot", "pytorch"), ("dot", "keras"))


def kinds_of_attention() -> dict[str, Any]:
    """No attention in PyTorch, additive in both frameworks, with the same recipe."""
    return _trained(
        "compositional",
        (None, "pytorch"),
        ("additive", "pytorch"),
        ("additive", "keras"),
    )


def random_phrases() -> dict[str, Any]:
    """The random split: combinations of the test may have been seen."""
    return _trained("random", ("additive", "pytorch"))


def _trained(split: str, *systems: tuple[str | None, str]) -> dict[str, Any]:
    """Train and test each ``(attention, framework)``; PyTorch's models stay as checkpoints."""
    corpus, figures = load_corpus(split), {}
    for attention, framework in systems:
        model, history = train(
            framework, corpus, PHRASE_EPOCHS, attention=attention, hidden_size=HIDDEN
        )
        name = framework if attention == "dot" else f"{attention or 'none'}_{framework}"
        name = name if split == "compositional" else f"{split}_{framework}"
        words, _ = write(framework, model, corpus, "test")
        tested = _tested(words, corpus.pairs["test"].pairs)
        figures |= _recorded({f"test_{key}_{name}": v for key, v in tested.items()})
        best = max(history.history["val_bleu"])
        figures |= _recorded({f"validation_bleu_{name}": best})
        if attention and framework == "pytorch" and split == "compositional":
            weights = forced_attention(model, corpus, "test")
            found = alignment_figures(weights, corpus.pairs["test"]).items()
            figures |= _recorded({f"{key}_{attention}": v for key, v in found})
            save(model, attention)
    return figures


def mistakes() -> dict[str, Any]:
    """What each of three mistakes does to the loss, and to what the model writes."""
    return _compared(
        right={},
        not_shifted={"change": wrongly.not_shifted},
        pads_counted={"change": wrongly.padded, "loss": wrongly.counts_pads},
        not_masked={"kind": wrongly.Unmasked},
    )


def teacher_forcing() -> dict[str, Any]:
    """Right words for half of the sentences, or for fewer and fewer.

    Right words for all is the right model of :func:`mistakes`.
    """
    return _compared(
        half={"ratio": lambda done: 0.5},
        decaying={"ratio": lambda done: 1 - 0.5 * done},
    )


def _compared(**ways: dict[str, Any]) -> dict[str, Any]:
    """Train in each way; what came of it, by name."""
    corpus, figures = load_corpus(), {}
    for name, arguments in ways.items():
        model, loss = wrongly.train(corpus, **arguments)
        found = wrongly.figures(model, loss, corpus).items()
        figures |= _recorded({f"{key}_{name}": value for key, value in found})
    return figures


def _tested(words: Sequence[Sequence[str]], pairs: Sequence[Pair]) -> dict[str, float]:
    """The scores of translations, and BLEU by the length of the source."""
    figures = scores(words, [pair.target for pair in pairs])
    for label, (first, last) in LENGTHS.items():
        chosen = [i for i, p in enumerate(pairs) if first <= len(p.source) <= last]
        each = [words[i] for i in chosen], [pairs[i].target for i in chosen]
        figures[f"bleu_{label}"] = bleu(*each)
    return figures


def _recorded(figures: dict[str, float]) -> dict[str, Any]:
    """Say the figures aloud, and give them the form of the record; one seed each."""
    for key, value in figures.items():
        print(f"{key}: {value:.3f}", flush=True)
    return {key: mean([value]) for key, value in figures.items()}


RUNS = {
    "multi30k": (multi30k, SEEDS),
    "phrases": (phrases, SEEDS),
    "kinds_of_attention": (kinds_of_attention, SEEDS),
    "random_phrases": (random_phrases, SEEDS),
    "mistakes": (mistakes, SEEDS),
    "teacher_forcing": (teacher_forcing, SEEDS),
}
