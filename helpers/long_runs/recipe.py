"""What every long run is made of: seeds x systems x train x measure, in either framework."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import torch

from helpers.data import BucketSampler
from helpers.keras import keras
from helpers.long_runs.store import mean
from helpers.schedules import one_cycle

_PARTS = ("classifier", "loading", "next_item", "training", "translating", "translator")
#: The modules of each half of the course, by the names that both share.
FRAMEWORKS = {
    framework: SimpleNamespace(
        **{name: import_module(f"helpers.{framework}.{name}") for name in _PARTS}
    )
    for framework in ("pytorch", "keras")
}


@dataclass(frozen=True)
class Recipe:
    """How a model is trained: AdamW, batches of similar lengths, a rate by step.

    Attributes:
        epochs: how many.
        rate: the highest learning rate.
        batch_size: examples a batch.
        num_buckets: of similar lengths.
        decay: of the weights.
        clip_norm: the largest norm of all gradients together.
        schedule: ``(rate, steps) -> (step -> rate)``.
    """

    epochs: int
    rate: float
    batch_size: int = 64
    num_buckets: int = 8
    decay: float = 0.01
    clip_norm: float = 1.0
    schedule: Callable[[float, int], Callable[[int], float]] = one_cycle

    def batches(self, framework: str, dataset: Any, seed: int) -> Any:
        """The batches of one epoch, shuffled anew in each."""
        sizes = {"batch_size": self.batch_size, "num_buckets": self.num_buckets}
        sampler = BucketSampler(dataset.lengths, **sizes, seed=seed)
        return FRAMEWORKS[framework].loading.loader(dataset, sampler)

    def fit(self, framework: str, model: Any, batches: Any, **more: Any) -> Any:
        """Train; ``more`` goes to the framework's ``fit``, which says what is returned."""
        if framework == "pytorch":
            options = {"lr": self.rate, "weight_decay": self.decay, "fused": True}
            optimizer = torch.optim.AdamW(model.parameters(), **options)
        else:
            optimizer = keras.optimizers.AdamW(self.rate, weight_decay=self.decay)
        return FRAMEWORKS[framework].training.fit(
            model,
            batches,
            optimizer=optimizer,
            epochs=self.epochs,
            clip_norm=self.clip_norm,
            schedule=self.schedule(self.rate, self.epochs * len(batches)),
            **more,
        )


def in_order(framework: str, dataset: Any, batch_size: int = 128) -> Any:
    """Batches that are not shuffled, as ``predict`` wants them."""
    sampler = BucketSampler(dataset.lengths, batch_size, shuffle=False)
    return FRAMEWORKS[framework].loading.loader(dataset, sampler)


def study(
    seeds: Sequence[int],
    systems: Iterable[str],
    run: Callable[[str, int], dict[str, float]],
) -> dict[str, Any]:
    """Train and measure each system with each seed; say what comes of it.

    Args:
        seeds: of the repetitions.
        systems: their names.
        run: ``(system, seed)`` -> name of a figure -> its value.

    Returns:
        ``<figure>_<system>`` -> the mean over seeds, and each.
    """
    found: dict[str, list[float]] = {}
    for seed in seeds:
        for system in systems:
            for figure, value in run(system, seed).items():
                name = f"{figure}_{system}"
                found.setdefault(name, []).append(float(value))
                print(f"seed {seed}, {name}: {value:.4f}", flush=True)
    return {name: mean(values) for name, values in found.items()}
