"""English-French phrases: one recipe for notebook 5 and its long runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from helpers import runtime
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
from helpers.metrics.translation import alignment_error_rate, bleu, chrf, exact_match
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


def train(
    framework: str,
    corpus: Corpus,
    epochs: int,
    *,
    stop_after: int | None = None,
    seed: int = 0,
    model: Any = None,
    **arguments: Any,
) -> tuple[Any, Any]:
    """Train a translator; its best epoch by validation BLEU is what remains.

    Args:
        framework: ``"pytorch"`` or ``"keras"``.
        corpus: to train on.
        epochs: of one rise and fall of the learning rate.
        stop_after: how many of them are run; all if left out.
        seed: of the weights, the dropout and the batches.
        model: to start from, in place of a new one.
        **arguments: of ``Translator``, but for the sizes of the vocabularies.

    Returns:
        ``(model, history)``.
    """
    part = _PARTS[framework]
    runtime.seed_everything(seed)
    model = model or part.translator.Translator(
        **corpus.sizes, dropout=DROPOUT, **arguments
    )
    sampler = BucketSampler(
        corpus.encoded["train"].lengths, BATCH_SIZE, num_buckets=BUCKETS, seed=seed
    )
    asked = corpus.encoded["validation"], corpus.french, corpus.references("validation")
    best = {"mode": "max", "restore_best_weights": True, "patience": epochs}
    history = part.training.fit(
        model,
        part.loading.loader(corpus.encoded["train"], sampler),
        loss=part.translating.translation_loss(),
        optimizer=part.optimizer(model),
        schedule=one_cycle(RATE, epochs * len(sampler), WARM_UP),
        epochs=stop_after or epochs,
        clip_norm=CLIP_NORM,
        callbacks=[
            part.translating.BleuValidation(*asked),
            part.callbacks.EarlyStopping("val_bleu", **best),
        ],
    )
    return model, history


def write(framework: str, model: Any, corpus: Corpus, part: str, beam: int = 1) -> Any:
    """Translate a part of the corpus: ``(words, attention)``, one entry a sentence."""
    sources = corpus.encoded[part].sources
    written = _PARTS[framework].translating.translate(model, sources, beam=beam)
    words = [corpus.french.decode(tokens) for tokens in written.tokens]
    return words, written.attention


def scores(words: Sequence[Sequence[str]], pairs: Sequence[Pair]) -> dict[str, float]:
    """BLEU, chrF and exact match of translations."""
    references = [pair.target for pair in pairs]
    measures = {"bleu": bleu, "chrf": chrf, "exactmatch": exact_match}
    return {name: measure(words, references) for name, measure in measures.items()}


def forced_attention(model: Any, corpus: Corpus, part: str) -> list[np.ndarray]:
    """The attention of a PyTorch model over the sources, given the right targets.

    Gold alignments are of the reference: only where the model is given the reference, word
    by word, does a row of attention belong to a word of it.

    Returns:
        ``(target_steps, source_steps)`` a sentence, without the row of ``</s>``.
    """
    dataset, found = corpus.encoded[part], []
    whole = BucketSampler([1], 1)  # a pair alone: nothing to pad
    for example in (dataset[i] for i in range(len(dataset))):
        whole.boundaries = np.array([len(example[1]) + 1])
        inputs, _ = dataset.collate([example], whole)
        with torch.no_grad():
            (tensors,) = torch_training.move(
                (tuple(map(torch.as_tensor, inputs)),), model
            )
            weights = model.eval()(*tensors)[1]
        found.append(weights[0, :-1].cpu().numpy())
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
    right = total = 0
    for weights, pair in zip(attention, pairs, strict=True):
        links = set(noun_and_adjective_links(pair))
        rows = {t for t, _ in links}
        right += sum((t, int(weights[t].argmax())) in links for t in rows)
        total += len(rows)
    error = alignment_error_rate(attention, sure, possible)
    return {"aer": error, "precision_nouns_adjectives": right / total}


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
