"""The two halves mirror each other: names, arguments, batches, training."""

import inspect

import keras
import numpy as np
import pytest
import torch
from torch import nn

from helpers import keras as keras_half
from helpers import parity
from helpers import pytorch as torch_half
from helpers.data import BucketSampler, SequenceDataset
from helpers.keras import classifier as keras_classifier
from helpers.keras import loading as keras_loading
from helpers.keras import next_item as keras_next_item
from helpers.keras import readout as keras_readout
from helpers.keras import tracing as keras_tracing
from helpers.keras import training as keras_training
from helpers.keras import translating as keras_translating
from helpers.keras import translator as keras_translator
from helpers.pytorch import classifier as torch_classifier
from helpers.pytorch import loading as torch_loading
from helpers.pytorch import next_item as torch_next_item
from helpers.pytorch import readout as torch_readout
from helpers.pytorch import tracing as torch_tracing
from helpers.pytorch import training as torch_training
from helpers.pytorch import translating as torch_translating
from helpers.pytorch import translator as torch_translator

PAIRS = [
    (torch_classifier.SequenceClassifier, keras_classifier.SequenceClassifier),
    (torch_next_item.NextItemModel, keras_next_item.NextItemModel),
    (torch_next_item.RankingValidation, keras_next_item.RankingValidation),
    (torch_next_item.score_next, keras_next_item.score_next),
    (torch_translator.Translator, keras_translator.Translator),
    (torch_translating.translate, keras_translating.translate),
    (torch_translating.translation_loss, keras_translating.translation_loss),
    (torch_translating.BleuValidation, keras_translating.BleuValidation),
    (torch_loading.loader, keras_loading.loader),
    (torch_training.fit, keras_training.fit),
    (torch_training.predict, keras_training.predict),
    (torch_readout.read_out, keras_readout.read_out),
    (torch_readout.last_state, keras_readout.last_state),
    (torch_readout.padding_mask, keras_readout.padding_mask),
    (torch_tracing.trace, keras_tracing.trace),
    (torch_tracing.trace_layer, keras_tracing.trace_layer),
    (torch_tracing.layer_weights, keras_tracing.layer_weights),
]
#: What one framework needs and the other has no word for.
KERAS_ONLY = {"kwargs", "jit_compile", "loss_weights"}


@pytest.mark.parametrize(("in_torch", "in_keras"), PAIRS, ids=lambda x: x.__name__)
def test_both_halves_take_the_same_arguments(in_torch, in_keras):
    first = {n: p.default for n, p in inspect.signature(in_torch).parameters.items()}
    second = {n: p.default for n, p in inspect.signature(in_keras).parameters.items()}
    assert first == {n: d for n, d in second.items() if n not in KERAS_ONLY}
    assert in_torch.__name__ == in_keras.__name__


@pytest.mark.parametrize(
    ("half", "other"), [(torch_half, "helpers.keras"), (keras_half, "helpers.pytorch")]
)
def test_neither_half_imports_the_other(half, other):
    folder = inspect.getfile(half).removesuffix("__init__.py")
    from pathlib import Path

    for path in Path(folder).glob("*.py"):
        assert f"import {other}" not in path.read_text()
        assert f"from {other}" not in path.read_text()


@pytest.fixture
def dataset():
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(rng.integers(3, 20), 4)) for _ in range(50)]
    sequences = [sequence.astype("float32") for sequence in sequences]
    return SequenceDataset(sequences, rng.integers(0, 3, 50))


def test_both_see_the_same_batches_in_the_same_order(dataset):
    def sampler():
        return BucketSampler(dataset.lengths, 8, seed=1)

    in_torch = torch_loading.loader(dataset, sampler())
    in_keras = keras_loading.loader(dataset, sampler())
    for _ in range(2):
        in_keras.on_epoch_begin()
        for i, ((inputs, lengths), targets) in enumerate(in_torch):
            (other_inputs, other_lengths), other_targets = in_keras[i]
            np.testing.assert_array_equal(inputs, other_inputs)
            np.testing.assert_array_equal(lengths, other_lengths)
            np.testing.assert_array_equal(targets, other_targets)


@pytest.mark.parametrize("clip_norm", [None, 0.1])
def test_equal_weights_and_batches_give_equal_losses(dataset, clip_norm):
    """A GRU has two biases in both frameworks, so plain SGD keeps the two in step."""
    arguments = {"num_classes": 3, "cell": "gru", "hidden_size": 8, "num_features": 4}
    in_torch = torch_classifier.SequenceClassifier(**arguments)
    in_keras = keras_classifier.SequenceClassifier(**arguments)
    parity.copy_weights(in_torch, in_keras)
    validation = BucketSampler(dataset.lengths, 16, shuffle=False)
    options = {"epochs": 4, "clip_norm": clip_norm}
    first = torch_training.fit(
        in_torch,
        torch_loading.loader(dataset, BucketSampler(dataset.lengths, 8)),
        torch_loading.loader(dataset, validation),
        loss=nn.CrossEntropyLoss(),
        optimizer=torch.optim.SGD(in_torch.parameters(), lr=0.1),
        metrics={"accuracy": torch_training.accuracy},
        **options,
    )
    second = keras_training.fit(
        in_keras,
        keras_loading.loader(dataset, BucketSampler(dataset.lengths, 8)),
        keras_loading.loader(dataset, validation),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.SGD(0.1),
        metrics=["accuracy"],
        **options,
    )
    assert first.history.keys() == second.history.keys()
    for name, values in first.history.items():
        np.testing.assert_allclose(
            values, second.history[name], atol=1e-5, err_msg=name
        )
