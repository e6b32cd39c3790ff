"""English-French phrases: one recipe for notebook 5 and its long runs."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from helpers import runtime
from helpers.data.phrases import load_phrases
from helpers.data.translation import Corpus, make_corpus
from helpers.keras import keras
from helpers.long_runs.recipe import FRAMEWORKS, Recipe
from helpers.metrics import bleu, chrf, exact_match
from helpers.pytorch.callbacks import EarlyStopping
from helpers.schedules import one_cycle

HIDDEN_SHARE, DROPOUT = 0.3, 0.1
RECIPE = Recipe(16, 5e-3, num_buckets=16, schedule=partial(one_cycle, warm_up=0.1))
MEASURES = {"bleu": bleu, "chrf": chrf, "exactmatch": exact_match}


def load_corpus(split: str = "compositional") -> Corpus:
    """The phrases, their vocabularies and their ids; some names are hidden in training."""
    phrases = load_phrases(split)
    parts = {part: getattr(phrases, part) for part in ("train", "validation", "test")}
    tokens = {n: [(p.source, p.target) for p in part] for n, part in parts.items()}
    return make_corpus(tokens, hidden=phrases.first_names, share=HIDDEN_SHARE)


def train(
    framework: str,
    corpus: Corpus,
    recipe: Recipe = RECIPE,
    *,
    seed: int = 0,
    loss: Any = None,
    **arguments: Any,
) -> tuple[Any, Any]:
    """Train a new translator; its best epoch by validation BLEU is what remains.

    Args:
        framework: ``"pytorch"`` or ``"keras"``.
        corpus: to train on.
        recipe: how.
        seed: of the weights, the dropout and the batches.
        loss: in place of the plain one.
        **arguments: of ``Translator``, but for the sizes of the vocabularies.

    Returns:
        ``(model, history)``.
    """
    part = FRAMEWORKS[framework]
    runtime.seed_everything(seed)
    arguments = {"dropout": DROPOUT} | arguments
    model = part.translator.Translator(**corpus.sizes, **arguments)
    asked = corpus.encoded["validation"], corpus.french, corpus.references("validation")
    stopping = {"pytorch": EarlyStopping, "keras": keras.callbacks.EarlyStopping}
    best = {"mode": "max", "restore_best_weights": True, "patience": recipe.epochs}
    history = recipe.fit(
        framework,
        model,
        recipe.batches(framework, corpus.encoded["train"], seed),
        loss=loss or part.translating.translation_loss(),
        callbacks=[
            part.translating.BleuValidation(*asked),
            stopping[framework]("val_bleu", **best),
        ],
    )
    return model, history


def write(
    framework: str, model: Any, corpus: Corpus, part: str, **search: int
) -> list[list[str]]:
    """Translate a part of the corpus into words; ``search`` goes to ``translate``."""
    sources = corpus.encoded[part].sources
    written = FRAMEWORKS[framework].translating.translate(model, sources, **search)
    return [corpus.french.decode(tokens) for tokens in written.tokens]


def scores(
    words: Sequence[Sequence[str]], references: Sequence[Sequence[str]]
) -> dict[str, float]:
    """BLEU, chrF and exact match of translations."""
    return {name: measure(words, references) for name, measure in MEASURES.items()}
