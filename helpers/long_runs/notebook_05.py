"""Long runs of notebook 5: phrases, and captions of photographs (Multi30k), English to French.

Phrases: attention of each kind, both splits, exposure bias. The first leaves a checkpoint.
"""

import time
from collections.abc import Sequence
from typing import Any

import torch

from helpers import runtime
from helpers.data import BucketSampler, Vocabulary
from helpers.data.multi30k import load_multi30k
from helpers.data.translation import SPECIALS, encode_pairs
from helpers.long_runs import mistakes as wrongly
from helpers.long_runs.checkpoints import save
from helpers.long_runs.phrases import (
    LENGTHS,
    Corpus,
    alignment_figures,
    forced_attention,
    load_corpus,
    scores,
    train,
    write,
)
from helpers.long_runs.store import mean
from helpers.metrics.translation import bleu, chrf, exact_match
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
    figures = {"validation_bleu": mean([max(history["val_bleu"])])}
    for name, beam in {"": BEAM, "_greedy": 1}.items():
        written = translate(model, test.sources, beam=beam, max_steps=MAX_STEPS)
        words = [target.decode(tokens) for tokens in written.tokens]
        for measure in (bleu, chrf, exact_match):
            key = f"test_{measure.__name__.replace('_', '')}_multi30k{name}_pytorch"
            figures[key] = mean([measure(words, references)])
            print(f"{key}: {figures[key]['mean']:.3f}")
    return figures


class _Progress(BleuValidation):
    """Validation BLEU after each epoch, said aloud: the run takes half an hour."""

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
        figures |= _tested(name, model, corpus, history)
        if attention and framework == "pytorch" and split == "compositional":
            figures |= _alignment(model, corpus, attention)
            save(model, attention)
    return figures


def mistakes() -> dict[str, Any]:
    """What each of three mistakes does to the loss, and to what the model writes."""
    corpus, found = load_corpus(), {}
    wrong = {
        "right": {},
        "not_shifted": {"change": wrongly.not_shifted},
        "pads_counted": {"change": wrongly.padded, "loss": wrongly.counts_pads},
        "not_masked": {"kind": wrongly.Unmasked},
    }
    for name, arguments in wrong.items():
        model, loss = wrongly.train(corpus, **arguments)
        for key, value in wrongly.figures(model, loss, corpus).items():
            found[f"{key}_{name}"] = mean([value])
            print(f"{key}_{name}: {value:.3f}", flush=True)
    return found


def teacher_forcing() -> dict[str, Any]:
    """Right words for half of the sentences, or for fewer and fewer.

    Right words for all is the right model of :func:`mistakes`.
    """
    corpus, found = load_corpus(), {}
    ratios = {"half": lambda done: 0.5, "decaying": lambda done: 1 - 0.5 * done}
    for name, ratio in ratios.items():
        model, loss = wrongly.train(corpus, ratio=ratio)
        for key, value in wrongly.figures(model, loss, corpus).items():
            found[f"{key}_{name}"] = mean([value])
            print(f"{key}_{name}: {value:.3f}", flush=True)
    return found


def _tested(name: str, model: Any, corpus: Corpus, history: Any) -> dict[str, Any]:
    """The test, once; and BLEU by the length of the source."""
    framework = name.rsplit("_", 1)[-1]
    pairs = corpus.pairs["test"]
    words, _ = write(framework, model, corpus, "test")
    figures = {f"test_{key}_{name}": v for key, v in scores(words, pairs).items()}
    for label, (first, last) in LENGTHS.items():
        chosen = [i for i, p in enumerate(pairs) if first <= len(p.source) <= last]
        each = [words[i] for i in chosen], [pairs.pairs[i].target for i in chosen]
        figures[f"test_bleu_{label}_{name}"] = bleu(*each)
    figures[f"validation_bleu_{name}"] = max(history.history["val_bleu"])
    for key, value in figures.items():
        print(f"{key}: {value:.3f}", flush=True)
    return {key: mean([value]) for key, value in figures.items()}


def _alignment(model: Any, corpus: Corpus, name: str) -> dict[str, Any]:
    """How far attention is an alignment: AER, and precision on nouns and adjectives."""
    attention = forced_attention(model, corpus, "test")
    figures = alignment_figures(attention, corpus.pairs["test"])
    for key, value in figures.items():
        print(f"{key}_{name}: {value:.3f}", flush=True)
    return {f"{key}_{name}": mean([value]) for key, value in figures.items()}


RUNS = {
    "multi30k": (multi30k, SEEDS),
    "phrases": (phrases, SEEDS),
    "kinds_of_attention": (kinds_of_attention, SEEDS),
    "random_phrases": (random_phrases, SEEDS),
    "mistakes": (mistakes, SEEDS),
    "teacher_forcing": (teacher_forcing, SEEDS),
}
