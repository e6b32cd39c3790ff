"""English-French phrases: one recipe for notebook 5 and its long runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from helpers import parity, runtime
from helpers.data import BucketSampler, Vocabulary
from helpers.data.phrases import Pair, load_phrases
from helpers.data.phrases.adjectives import ADJECTIVES
from helpers.data.phrases.nouns import NOUNS, PEOPLE
from helpers.data.phrases.verbs import INTRANSITIVE, TRANSITIVE
from helpers.data.translation import (
    SPECIALS,
    TranslationDataset,
    encode_pairs,
    hide_words,
)
from helpers.keras import keras
from helpers.keras import loading as keras_loading
from helpers.keras import training as keras_training
from helpers.keras import translating as keras_translating
from helpers.keras import translator as keras_translator
from helpers.metrics.translation import (
    alignment_error_rate,
    alignment_precision,
    bleu,
    chrf,
    exact_match,
)
from helpers.pytorch import callbacks as torch_callbacks
from helpers.pytorch import loading as torch_loading
from helpers.pytorch import training as torch_training
from helpers.pytorch import translating as torch_translating
from helpers.pytorch import translator as torch_translator
from helpers.schedules import one_cycle

FIRST_NAMES = frozenset(name.english for name in PEOPLE)
HIDDEN_SHARE = 0.3
BATCH_SIZE, BUCKETS, RATE, WARM_UP, DECAY, DROPOUT = 64, 16, 5e-3, 0.1, 0.01, 0.1
CLIP_NORM = 1.0
#: Groups of sentences by the number of English tokens, both ends included.
LENGTHS = {"to5": (1, 5), "6to8": (6, 8), "9to12": (9, 12), "from13": (13, 99)}


@dataclass(frozen=True)
class Corpus:
    """A split of the phrases, in words and in ids.

    Attributes:
        english: the vocabulary of the source, from the training part.
        french: that of the target.
        pairs: part -> its pairs, names not hidden.
        encoded: part -> the same in ids; in training a share of the names is hidden.
    """

    english: Vocabulary
    french: Vocabulary
    pairs: Mapping[str, Sequence[Pair]]
    encoded: Mapping[str, TranslationDataset]

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes of both vocabularies, as a ``Translator`` takes them."""
        sizes = len(self.english), len(self.french)
        return dict(zip(("source_vocab_size", "target_vocab_size"), sizes, strict=True))

    def references(self, part: str) -> list[tuple[str, ...]]:
        """The French tokens of a part."""
        return [pair.target for pair in self.pairs[part]]


def load_corpus(split: str = "compositional") -> Corpus:
    """The phrases, their vocabularies and their ids."""
    phrases = load_phrases(split)
    pairs = {part: getattr(phrases, part) for part in ("train", "validation", "test")}
    tokens = {n: [(p.source, p.target) for p in part] for n, part in pairs.items()}
    tokens["train"] = hide_words(tokens["train"], FIRST_NAMES, HIDDEN_SHARE)
    english, french = (
        Vocabulary.build(sentences, specials=SPECIALS)
        for sentences in zip(*tokens["train"], strict=True)
    )
    encoded = {
        name: encode_pairs(part, english, french) for name, part in tokens.items()
    }
    return Corpus(english, french, pairs, encoded)


def batches(framework: str, corpus: Corpus, seed: int = 0) -> Any:
    """The training part in batches of similar targets, for ``fit``."""
    dataset = corpus.encoded["train"]
    sampler = BucketSampler(dataset.lengths, BATCH_SIZE, num_buckets=BUCKETS, seed=seed)
    return _PARTS[framework].loading.loader(dataset, sampler)


def fit(
    framework: str,
    model: Any,
    batches: Any,
    epochs: int,
    *,
    loss: Any = None,
    callbacks: Sequence[Any] = (),
) -> Any:
    """Train a translator by the recipe; returns what the framework's ``fit`` returns.

    Args:
        framework: ``"pytorch"`` or ``"keras"``.
        model: to train.
        batches: of one epoch, with a length.
        epochs: of one rise and fall of the learning rate.
        loss: in place of the right one.
        callbacks: of the framework.
    """
    part = _PARTS[framework]
    return part.training.fit(
        model,
        batches,
        loss=loss or part.translating.translation_loss(),
        optimizer=part.optimizer(model),
        schedule=one_cycle(RATE, epochs * len(batches), WARM_UP),
        epochs=epochs,
        clip_norm=CLIP_NORM,
        callbacks=callbacks,
    )


def train(
    framework: str, corpus: Corpus, epochs: int, *, seed: int = 0, **arguments: Any
) -> tuple[Any, Any]:
    """Train a new translator; its best epoch by validation BLEU is what remains.

    Args:
        framework: ``"pytorch"`` or ``"keras"``.
        corpus: to train on.
        epochs: how many.
        seed: of the weights, the dropout and the batches.
        **arguments: of ``Translator``, but for the sizes of the vocabularies.

    Returns:
        ``(model, history)``.
    """
    part = _PARTS[framework]
    runtime.seed_everything(seed)
    model = part.translator.Translator(**corpus.sizes, dropout=DROPOUT, **arguments)
    asked = corpus.encoded["validation"], corpus.french, corpus.references("validation")
    best = {"mode": "max", "restore_best_weights": True, "patience": epochs}
    callbacks = [
        part.translating.BleuValidation(*asked),
        part.callbacks.EarlyStopping("val_bleu", **best),
    ]
    each_epoch = batches(framework, corpus, seed)
    return model, fit(framework, model, each_epoch, epochs, callbacks=callbacks)


def write(framework: str, model: Any, corpus: Corpus, part: str, beam: int = 1) -> Any:
    """Translate a part of the corpus: ``(words, attention)``, one entry a sentence."""
    sources = corpus.encoded[part].sources
    written = _PARTS[framework].translating.translate(model, sources, beam=beam)
    words = [corpus.french.decode(tokens) for tokens in written.tokens]
    return words, written.attention


def scores(
    words: Sequence[Sequence[str]], references: Sequence[Sequence[str]]
) -> dict[str, float]:
    """BLEU, chrF and exact match of translations."""
    measures = {"bleu": bleu, "chrf": chrf, "exactmatch": exact_match}
    return {name: measure(words, references) for name, measure in measures.items()}


def forced_attention(model: Any, corpus: Corpus, part: str) -> list[np.ndarray]:
    """The attention of a PyTorch model over the sources, given the right targets.

    Gold alignments are of the reference: only where the model is given the reference, word
    by word, does a row of attention belong to a word of it.

    Returns:
        ``(target_steps, source_steps)`` a sentence, without the row of ``</s>``.
    """
    dataset = corpus.encoded[part]
    sampler = BucketSampler(dataset.lengths, BATCH_SIZE, shuffle=False)
    found: list[Any] = [None] * len(dataset)
    batches = torch_loading.loader(dataset, sampler)
    for rows, (inputs, _) in zip(sampler.batches(0), batches, strict=True):
        _, attention = parity.outputs(model, *inputs)
        for row, weights in zip(rows, attention, strict=True):
            source, target = dataset[row]
            found[row] = weights[: len(target), : len(source)]
    return found


def noun_and_adjective_links(pair: Pair) -> list[tuple[int, int]]:
    """The sure links ``(target, source)`` of a pair's nouns and adjectives."""
    return [(t, s) for s, t in pair.sure if _is_noun_or_adjective(pair.source[s])]


def alignment_figures(
    attention: Sequence[np.ndarray], pairs: Sequence[Pair]
) -> dict[str, float]:
    """AER, and the precision on nouns and adjectives.

    Args:
        attention: ``(target_steps, source_steps)`` a pair.
        pairs: with their gold links.
    """
    sure, possible = (
        [{(t, s) for s, t in getattr(pair, kind)} for pair in pairs]
        for kind in ("sure", "possible")
    )
    wanted = [set(noun_and_adjective_links(pair)) for pair in pairs]
    drawn = [
        {(t, int(weights[t].argmax())) for t, _ in links}
        for weights, links in zip(attention, wanted, strict=True)
    ]
    return {
        "aer": alignment_error_rate(attention, sure, possible),
        "precision_nouns_adjectives": alignment_precision(drawn, wanted, wanted),
    }


def _is_noun_or_adjective(word: str) -> bool:
    stems = (word.removesuffix(e) + r for e, r in _PLURALS if word.endswith(e))
    return word in _IRREGULAR or any(stem in _LEMMAS for stem in stems)


_VERBS = {verb.english.split()[0] for verb in (*TRANSITIVE, *INTRANSITIVE)}
_LEMMAS = {*NOUNS, *(each.english.lower() for each in ADJECTIVES)} - _VERBS
_PLURALS = (("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe"))
_IRREGULAR = {"women", "men", "children", "mice"}
_PARTS = {
    "pytorch": SimpleNamespace(
        translator=torch_translator,
        translating=torch_translating,
        loading=torch_loading,
        training=torch_training,
        callbacks=torch_callbacks,
        optimizer=lambda model: torch.optim.AdamW(
            model.parameters(), weight_decay=DECAY, fused=True
        ),
    ),
    "keras": SimpleNamespace(
        translator=keras_translator,
        translating=keras_translating,
        loading=keras_loading,
        training=keras_training,
        callbacks=keras.callbacks,
        optimizer=lambda model: keras.optimizers.AdamW(weight_decay=DECAY),
    ),
}
