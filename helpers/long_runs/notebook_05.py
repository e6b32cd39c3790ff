"""Long runs of notebook 5: phrases, and captions of photographs (Multi30k), English to French.

Phrases: attention of each kind, both splits, mistakes, exposure bias. What attention learned
stays as a checkpoint.
"""

from collections.abc import Sequence
from typing import Any

from helpers.data.multi30k import load_multi30k
from helpers.data.translation import Corpus, make_corpus
from helpers.long_runs import mistakes as wrongly
from helpers.long_runs.checkpoints import save
from helpers.long_runs.phrases import load_corpus, scores, train, write
from helpers.long_runs.recipe import FRAMEWORKS, Recipe, study
from helpers.metrics.translation import bleu
from helpers.pytorch.translating import translation_loss

SEEDS = (0,)
MODEL = {"embedding_dim": 256, "hidden_size": 256, "attention": "dot", "dropout": 0.4}
CAPTIONS = Recipe(epochs=14, rate=2e-3, num_buckets=16)
#: Groups of sentences by the number of English tokens, both ends included.
LENGTHS = {"to5": (1, 5), "6to8": (6, 8), "9to12": (9, 12), "from13": (13, 99)}


def multi30k() -> dict[str, Any]:
    """One model in PyTorch; validation BLEU picks the epoch; Test2016 is read once."""
    loaded = load_multi30k()
    corpus = make_corpus(vars(loaded), min_count=2)
    loss = translation_loss(label_smoothing=0.1)

    def tested(framework: str, seed: int) -> dict[str, float]:
        made = {"seed": seed, "loss": loss, **MODEL}
        model, history = train(framework, corpus, CAPTIONS, **made)
        found = {"validation_bleu": max(history.history["val_bleu"])}
        for name, beam in {"": 5, "_greedy": 1}.items():
            words = write(framework, model, corpus, "test", beam=beam)
            for measure, value in scores(words, corpus.references("test")).items():
                found[f"test_{measure}_multi30k{name}"] = value
        return found

    return study(SEEDS, ["pytorch"], tested)


def phrases() -> dict[str, Any]:
    """Dot attention on the compositional split, in both frameworks, tested once."""
    return _trained("compositional", {"pytorch": "dot", "keras": "dot"})


def kinds_of_attention() -> dict[str, Any]:
    """No attention in PyTorch, additive in both frameworks, with the same recipe."""
    systems = {"none_pytorch": None}
    systems |= {f"additive_{framework}": "additive" for framework in FRAMEWORKS}
    return _trained("compositional", systems)


def random_phrases() -> dict[str, Any]:
    """The random split: combinations of the test may have been seen."""
    return _trained("random", {"random_pytorch": "additive"})


def _trained(split: str, systems: dict[str, str | None]) -> dict[str, Any]:
    """Train and test each kind of attention; PyTorch's models stay as checkpoints."""
    corpus = load_corpus(split)

    def tested(system: str, seed: int) -> dict[str, float]:
        attention, framework = systems[system], system.rpartition("_")[2]
        made = {"attention": attention, "hidden_size": 128, "seed": seed}
        model, history = train(framework, corpus, **made)
        if attention and framework == "pytorch" and split == "compositional":
            save(model, attention)
        figures = _by_length(write(framework, model, corpus, "test"), corpus)
        return figures | {"validation_bleu": max(history.history["val_bleu"])}

    return study(SEEDS, systems, tested)


def _by_length(words: Sequence[Sequence[str]], corpus: Corpus) -> dict[str, float]:
    """The scores of translations of the test, and BLEU by the length of the source."""
    found = scores(words, corpus.references("test"))
    both = list(zip(words, corpus.tokens["test"], strict=True))
    for label, (first, last) in LENGTHS.items():
        chosen = [each for each in both if first <= len(each[1][0]) <= last]
        right = [target for _, (_, target) in chosen]
        found[f"bleu_{label}"] = bleu([written for written, _ in chosen], right)
    return {f"test_{name}": value for name, value in found.items()}


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
    corpus = load_corpus()
    return study(SEEDS, ways, lambda way, _: wrongly.figures(corpus, **ways[way]))


RUNS = (
    phrases,
    kinds_of_attention,
    random_phrases,
    mistakes,
    teacher_forcing,
    multi30k,
)
