"""One recipe for all long runs: what is asked, in which order, and what is kept of it."""

from itertools import chain

import numpy as np
import pytest
import torch

from helpers.data import SequenceDataset
from helpers.long_runs.recipe import FRAMEWORKS, Recipe, in_order, study


def test_a_study_asks_every_system_with_every_seed_and_keeps_each_figure(capsys):
    asked = []

    def run(system, seed):
        asked.append((system, seed))
        return {"test_accuracy": seed + (system == "keras"), "loss": 1}

    found = study((2, 4), ("pytorch", "keras"), run)
    assert asked == [("pytorch", 2), ("keras", 2), ("pytorch", 4), ("keras", 4)]
    assert found == {
        "test_accuracy_pytorch": {"mean": 3.0, "each": [2.0, 4.0]},
        "test_accuracy_keras": {"mean": 4.0, "each": [3.0, 5.0]},
        "loss_pytorch": {"mean": 1.0, "each": [1.0, 1.0]},
        "loss_keras": {"mean": 1.0, "each": [1.0, 1.0]},
    }
    assert "seed 4, test_accuracy_keras: 5.0000" in capsys.readouterr().out


def test_both_frameworks_offer_the_same_modules():
    names = [set(vars(part)) for part in FRAMEWORKS.values()]
    assert names[0] == names[1]
    for part in FRAMEWORKS["pytorch"], FRAMEWORKS["keras"]:
        assert callable(part.classifier.SequenceClassifier)


@pytest.fixture
def dataset():
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(n, 3)).astype(np.float32) for n in range(2, 42)]
    return SequenceDataset(sequences, np.arange(40) % 2)


@pytest.mark.parametrize("framework", list(FRAMEWORKS))
def test_batches_hang_on_the_seed_and_the_recipe(framework, dataset):
    def lengths(seed, **changes):
        batches = Recipe(1, 1e-3, **{"batch_size": 8} | changes).batches(
            framework, dataset, seed
        )
        return [np.asarray(inputs[1]).tolist() for inputs, *_ in batches]

    assert lengths(0) == lengths(0) != lengths(1)
    assert sorted(chain.from_iterable(lengths(0))) == dataset.lengths.tolist()
    assert lengths(0) != lengths(0, num_buckets=1)
    assert max(map(len, lengths(0, num_buckets=1))) == 8


def test_the_rate_rises_and_falls_and_gradients_are_clipped(dataset):
    seen = []

    def watched(rate, steps):
        return lambda step: seen.append((rate, steps, step)) or 0.0

    recipe = Recipe(2, 3e-3, batch_size=8, schedule=watched)
    torch.manual_seed(0)
    model = FRAMEWORKS["pytorch"].classifier.SequenceClassifier(2, num_features=3)
    before = [parameter.clone() for parameter in model.parameters()]
    batches = recipe.batches("pytorch", dataset, 0)
    recipe.fit("pytorch", model, batches, loss=torch.nn.CrossEntropyLoss())
    steps = 2 * len(batches)
    assert seen == [(3e-3, steps, step) for step in range(steps)]
    for old, new in zip(before, model.parameters(), strict=True):
        torch.testing.assert_close(old, new)  # a rate of 0 moves nothing


def test_what_is_in_order_is_not_shuffled(dataset):
    assert not in_order("pytorch", dataset).batch_sampler.shuffle
    assert not in_order("keras", dataset).sampler.shuffle
