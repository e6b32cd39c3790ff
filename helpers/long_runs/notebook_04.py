"""Long runs of notebook 4: next films in both frameworks, a leak, sampled negatives."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor
from torch.nn import functional as F

from helpers.baselines import Markov, Popularity, RepeatLast
from helpers.data import every_prefix, leave_one_out, load_movielens, sliding_windows
from helpers.data.dataset import SequenceDataset
from helpers.data.next_item import HeldOut, Split
from helpers.long_runs.next_item import STEPS, SYSTEMS, in_pytorch, means, measure
from helpers.long_runs.store import mean
from helpers.pytorch.next_item import NextItemModel, score_next
from helpers.pytorch.sampled_softmax import ItemVectors, sampled_softmax_loss

SEEDS = (0, 1, 2)
WINDOW, WINDOWS_A_BATCH = 5, 1024
#: How many of the last items a model may see; 1,000 is more than anybody has.
HISTORY_LENGTHS = (1, 2, 5, 10, 20, 50, 100, 1000)
NEGATIVES = 100


def next_item() -> dict[str, Any]:
    """Both frameworks and the baselines by leave-one-out; tested once, three seeds."""
    split, num_items = _movielens()
    baselines = {
        "popularity": Popularity(split.train, num_items),
        "repeat": RepeatLast(num_items),
        "markov": Markov(split.train, num_items),
    }
    figures: dict[str, Any] = {}
    for name, baseline in baselines.items():
        figures |= means([measure(baseline.score_next, split.test)], name)
    for name, (train, score) in SYSTEMS.items():
        each = []
        for seed in SEEDS:
            begun = time.perf_counter()
            model = train(split.train, num_items, seed)
            seconds = time.perf_counter() - begun
            each.append(measure(lambda h, m=model, s=score: s(m, h), split.test))
            print(f"{name}, seed {seed}: {seconds:.0f} s, {each[-1]}")
        figures |= means(each, name)
    return figures


def leak() -> dict[str, Any]:
    """One question, two training sets: with and without what came after it.

    Half of the users are asked about one random place in their history each. A random
    split of prefixes learns from the rest of that history, before and after. An honest
    one stops at the question. The other users are learned from whole; of these, the random
    split gets fewer, so that both learn from equally many films.
    """
    histories, num_items = load_movielens().histories, load_movielens().num_items
    each: dict[str, list[dict[str, float]]] = {"random_split": [], "in_time": []}
    for seed in SEEDS:
        trains, questions = _with_and_without_future(histories, seed)
        for name, train in trains.items():
            model = in_pytorch(train, num_items, seed)
            found = measure(lambda h, m=model: score_next(m, h), questions)
            each[name].append(found)
            print(f"{name}, seed {seed}: {found}")
    return {k: v for n, f in each.items() for k, v in means(f, f"{n}_pytorch").items()}


def sampled_softmax() -> dict[str, Any]:
    """100 negatives a batch, drawn by popularity, with the log-Q correction and without."""
    split, num_items = _movielens()
    figures: dict[str, Any] = {}
    for name, corrected in {"corrected": True, "uncorrected": False}.items():
        each, seconds = [], []
        for seed in SEEDS:
            counts = Popularity(split.train, num_items).counts
            begun = time.perf_counter()
            model = in_pytorch(
                split.train,
                num_items,
                seed,
                kind=ItemVectors,
                loss=lambda m, c=counts, k=corrected: sampled_softmax_loss(
                    m, c, NEGATIVES, k
                ),
            )
            seconds.append(time.perf_counter() - begun)
            each.append(measure(lambda h, m=model: score_next(m, h), split.test))
            print(f"{name}, seed {seed}: {seconds[-1]:.0f} s, {each[-1]}")
        figures |= means(each, f"{name}_pytorch")
        figures[f"seconds_{name}"] = mean(seconds)
    return figures


def history() -> dict[str, Any]:
    """How much history helps: every prefix against windows of five, and shorter ones."""
    split, num_items = _movielens()
    windows = sliding_windows(split.train, WINDOW)
    each: dict[str, list[dict[str, float]]] = {}
    for seed in SEEDS:
        model = in_pytorch(split.train, num_items, seed)
        for length in HISTORY_LENGTHS:
            found = _with_last(model, split.test, length)
            each.setdefault(f"last{length}", []).append(found)
        model = in_pytorch(
            windows,
            num_items,
            seed,
            kind=LastOnly,
            loss=lambda _: F.cross_entropy,
            batch_size=WINDOWS_A_BATCH,
        )
        each.setdefault("windows", []).append(_with_last(model, split.test, WINDOW))
        print(f"seed {seed}: { {name: f[-1]['hr10'] for name, f in each.items()} }")
    return {k: v for n, f in each.items() for k, v in means(f, f"{n}_pytorch").items()}


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
        "random_split": _join(_all_but_one(asked, places), every_prefix(fewer, STEPS)),
        "in_time": every_prefix([*befores, *others], STEPS),
    }, questions


def _all_but_one(
    histories: Sequence[np.ndarray], places: Sequence[int]
) -> SequenceDataset:
    """Every prefix of the histories is an example, but one a user."""
    parts = []
    for items, place in zip(histories, places, strict=True):
        part = every_prefix([items], STEPS)
        piece, step = divmod(place - 1, STEPS)
        part.targets[piece] = part.targets[piece].copy()
        part.targets[piece][step] = 0
        parts.append(part)
    return _join(*parts)


def _join(*parts: SequenceDataset) -> SequenceDataset:
    sequences = [sequence for part in parts for sequence in part.sequences]
    return SequenceDataset(sequences, np.concatenate([part.targets for part in parts]))


RUNS = {
    "next_item": (next_item, SEEDS),
    "leak": (leak, SEEDS),
    "sampled_softmax": (sampled_softmax, SEEDS),
    "history": (history, SEEDS),
}
