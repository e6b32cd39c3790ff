"""Long runs of notebook 4: next films in both frameworks, a leak, sampled negatives."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Any

import numpy as np
from torch import Tensor
from torch.nn import functional as F

from helpers import runtime
from helpers.baselines import Markov, Popularity
from helpers.data import every_prefix, leave_one_out, load_movielens, sliding_windows
from helpers.data.dataset import SequenceDataset
from helpers.data.next_item import HeldOut, Split
from helpers.keras.next_item import next_item_loss as keras_loss
from helpers.long_runs.recipe import FRAMEWORKS, Recipe, study
from helpers.metrics import hit_rate, ndcg, target_ranks
from helpers.pytorch.next_item import NextItemModel, next_item_loss, score_next
from helpers.pytorch.sampled_softmax import ItemVectors, sampled_softmax_loss

SEEDS = (0, 1, 2)
WINDOW = 5
#: How many of the last items a model may see; 1,000 is more than anybody has.
HISTORY_LENGTHS = (1, 2, 5, 10, 20, 50, 100, 1000)
NEGATIVES = 100
#: Chosen on validation items; the notebook trains with the same.
MODEL = {"embedding_dim": 64, "hidden_size": 128, "dropout": 0.3, "tie_weights": True}
STEPS, RECIPE = 100, Recipe(epochs=15, rate=5e-3, batch_size=32)
MEASURES = {"hr10": hit_rate, "ndcg10": ndcg}


def next_item() -> dict[str, Any]:
    """Both frameworks and the baselines by leave-one-out; tested once, three seeds."""
    split, num_items = _movielens()
    baselines = {"popularity": Popularity, "markov": Markov}

    def counted(system: str, _: int) -> dict[str, float]:
        baseline = baselines[system](split.train, num_items)
        return measure(baseline.score_next, split.test)

    def trained(framework: str, seed: int) -> dict[str, float]:
        score = FRAMEWORKS[framework].next_item.score_next
        model = train(framework, split.train, num_items, seed)
        return measure(partial(score, model), split.test)

    found = study(SEEDS[:1], baselines, counted)
    return found | study(SEEDS, FRAMEWORKS, trained)


def leak() -> dict[str, Any]:
    """One question, two training sets: with and without what came after it.

    Half of the users are asked about one random place in their history each. A random
    split of prefixes learns from the rest of that history, before and after. An honest
    one stops at the question. The other users are learned from whole; of these, the random
    split gets fewer, so that both learn from equally many films.
    """
    movielens = load_movielens()

    def trained(system: str, seed: int) -> dict[str, float]:
        learned, questions = _with_and_without_future(movielens.histories, seed)
        model = train("pytorch", learned[system], movielens.num_items, seed)
        return measure(partial(score_next, model), questions)

    return study(SEEDS, ("random_split_pytorch", "in_time_pytorch"), trained)


def sampled_softmax() -> dict[str, Any]:
    """100 negatives a batch, drawn by popularity, with the log-Q correction and without."""
    split, num_items = _movielens()
    counts = Popularity(split.train, num_items).counts
    options = {"counts": counts, "negatives": NEGATIVES}

    def trained(system: str, seed: int) -> dict[str, float]:
        corrected = {"corrected": system == "corrected_pytorch"}
        loss = partial(sampled_softmax_loss, **options, **corrected)
        made = {"kind": ItemVectors, "loss": loss}
        model = train("pytorch", split.train, num_items, seed, **made)
        return measure(partial(score_next, model), split.test)

    return study(SEEDS, ("corrected_pytorch", "uncorrected_pytorch"), trained)


def history() -> dict[str, Any]:
    """How much history helps: every prefix against windows of five, and shorter ones."""
    split, num_items = _movielens()
    windows = sliding_windows(split.train, WINDOW)
    one_answer = {"kind": LastOnly, "loss": lambda model: F.cross_entropy}
    one_answer["recipe"] = replace(RECIPE, batch_size=1024)

    def trained(framework: str, seed: int) -> dict[str, float]:
        model = train(framework, split.train, num_items, seed)
        asked = {f"_last{n}": (model, n) for n in HISTORY_LENGTHS}
        model = train(framework, windows, num_items, seed, **one_answer)
        asked["_windows"] = (model, WINDOW)
        return {
            f"{figure}{name}": value
            for name, (model, length) in asked.items()
            for figure, value in _with_last(model, split.test, length).items()
        }

    return study(SEEDS, ["pytorch"], trained)


class LastOnly(NextItemModel):
    """A model that answers at the last item alone, as one example a window wants it."""

    def forward(self, items: Tensor, lengths: Tensor) -> Tensor:
        """``(batch, steps), (batch,)`` -> logits ``(batch, num_items + 1)``."""
        return self.last(items, lengths)


def _movielens() -> tuple[Split, int]:
    movielens = load_movielens()
    return leave_one_out(movielens.histories), movielens.num_items


def _with_last(model: NextItemModel, test: HeldOut, length: int) -> dict[str, float]:
    """Figures where the model sees the last items alone; seen ones are all removed."""
    return measure(lambda h: score_next(model, [x[-length:] for x in h]), test)


def _with_and_without_future(
    histories: Sequence[np.ndarray], seed: int
) -> tuple[dict[str, SequenceDataset], HeldOut]:
    """The two training sets of :func:`leak`, and the questions."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(histories))
    asked, others = (
        [histories[user] for user in half] for half in np.array_split(order, 2)
    )
    places = [int(rng.integers(1, len(h))) for h in asked]
    befores = [h[:place] for h, place in zip(asked, places, strict=True)]
    afters = [h[place:] for h, place in zip(asked, places, strict=True)]
    # What comes after the question is spare; as much is left out of the others.
    spare = np.cumsum([len(h) for h in others]) > sum(map(len, afters))
    fewer = [h for h, kept in zip(others, spare, strict=True) if kept]
    questions = HeldOut(befores, np.array([h[0] for h in afters]))
    return {
        "random_split_pytorch": _all_but_one(asked, places, fewer),
        "in_time_pytorch": every_prefix([*befores, *others], STEPS),
    }, questions


def _all_but_one(
    histories: Sequence[np.ndarray],
    places: Sequence[int],
    others: Sequence[np.ndarray] = (),
) -> SequenceDataset:
    """Every prefix is an example, but one a user; every prefix of the others, too."""
    made = every_prefix([*histories, *others], STEPS)
    first = 0
    for items, place in zip(histories, places, strict=True):
        piece, step = divmod(place - 1, STEPS)
        targets = made.targets[first + piece].copy()
        targets[step] = 0
        made.targets[first + piece] = targets
        first += ceil((len(items) - 1) / STEPS)
    return made


def train(
    framework: str,
    learned: Sequence[np.ndarray] | SequenceDataset,
    num_items: int,
    seed: int,
    *,
    kind: type | None = None,
    loss: Callable[[Any], Any] | None = None,
    recipe: Recipe = RECIPE,
) -> Any:
    """Train by the recipe.

    Args:
        framework: ``"pytorch"`` or ``"keras"``.
        learned: histories, or examples made of them.
        num_items: how many items there are.
        seed: of the weights, the dropout and the batches.
        kind: a model whose ``forward`` returns something else.
        loss: makes another loss, of the model.
        recipe: another one.
    """
    runtime.seed_everything(seed)
    if not isinstance(learned, SequenceDataset):
        learned = every_prefix(learned, STEPS)
    model = (kind or FRAMEWORKS[framework].next_item.NextItemModel)(num_items, **MODEL)
    own = next_item_loss if framework == "pytorch" else keras_loss()
    batches = recipe.batches(framework, learned, seed)
    recipe.fit(framework, model, batches, loss=loss(model) if loss else own)
    return model


def measure(
    score_next: Callable[[Sequence[np.ndarray]], np.ndarray], held_out: HeldOut
) -> dict[str, float]:
    """All figures of one system, by full ranking.

    Args:
        score_next: histories -> ``(users, num_items + 1)``.
        held_out: the questions.

    Returns:
        ``test_hr10`` and ``test_ndcg10``, and the same with ``_unseen``: seen items removed.
    """
    scores = score_next(held_out.histories)
    figures = {}
    for variant, removed in {"": None, "_unseen": held_out.histories}.items():
        ranks = target_ranks(scores, held_out.targets, removed)
        for name, each in MEASURES.items():
            figures[f"test_{name}{variant}"] = each(ranks, 10)
    return figures


RUNS = (next_item, leak, sampled_softmax, history)
