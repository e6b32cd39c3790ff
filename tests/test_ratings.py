"""A rating beside the class: from the data set to the loss, the same in both frameworks."""

import keras
import numpy as np
import pytest
import torch
from torch import nn

from helpers import parity
from helpers.data import BucketSampler, SequenceDataset, stratified_split
from helpers.keras import training as keras_training
from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.keras.loading import loader as keras_loader
from helpers.pytorch import training as torch_training
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier
from helpers.pytorch.loading import loader as torch_loader

WEIGHT = 0.3
KERAS_LOSSES = [keras.losses.SparseCategoricalCrossentropy(from_logits=True), "mse"]


def torch_loss(outputs, targets):
    (logits, rating), (labels, ratings) = outputs, targets
    error = nn.functional.mse_loss(rating[:, 0], ratings)
    return nn.functional.cross_entropy(logits, labels) + WEIGHT * error


@pytest.fixture
def dataset():
    rng = np.random.default_rng(0)
    sequences = [rng.integers(2, 30, rng.integers(2, 9)) for _ in range(50)]
    ratings = np.array([s.mean() / 10 for s in sequences], dtype=np.float32)
    return SequenceDataset(sequences, (ratings > 1.6).astype(int), ratings)


@pytest.fixture
def sampler(dataset):
    return BucketSampler(dataset.lengths, 7, num_buckets=3, shuffle=False)


@pytest.fixture
def models():
    arguments = {"vocab_size": 30, "embedding_dim": 4, "with_rating": True}
    models = (TorchClassifier(2, **arguments), KerasClassifier(2, **arguments))
    parity.copy_weights(*models)
    return models


def fit_both(models, dataset, sampler, epochs):
    torch_model, keras_model = models
    in_torch = torch_training.fit(
        torch_model,
        torch_loader(dataset, sampler),
        loss=torch_loss,
        optimizer=torch.optim.SGD(torch_model.parameters(), lr=0.0),
        epochs=epochs,
        metrics={"accuracy": torch_training.accuracy},
    )
    in_keras = keras_training.fit(
        keras_model,
        keras_loader(dataset, sampler),
        loss=KERAS_LOSSES,
        loss_weights=[1.0, WEIGHT],
        optimizer=keras.optimizers.SGD(0.0),
        epochs=epochs,
        metrics=[["accuracy"], []],
    )
    return in_torch, in_keras


def test_a_target_is_a_class_and_a_rating(dataset):
    _, (label, rating) = dataset[3]
    assert label == dataset.targets[3]
    assert rating == dataset.ratings[3]


def test_parts_of_a_data_set_keep_their_ratings(dataset):
    rest, held = stratified_split(dataset, 0.3)
    for part in (rest, held, dataset.subset([4, 2])):
        means = [sequence.mean() / 10 for sequence in part.sequences]
        assert np.allclose(part.ratings, means)


def test_a_rating_too_few_is_an_error():
    with pytest.raises(ValueError, match=r"ratings .* got 1 ratings for 2 sequences"):
        SequenceDataset([[1], [2]], np.array([0, 1]), np.array([0.5]))


def test_both_loaders_give_the_same_pairs(dataset, sampler):
    for index, in_torch in enumerate(torch_loader(dataset, sampler)):
        in_keras = keras_loader(dataset, sampler)[index]
        for one, other in zip(in_torch[1], in_keras[1], strict=True):
            assert np.array_equal(one, other)
        assert in_torch[1][1].dtype == torch.float32


def test_both_frameworks_agree_on_loss_and_accuracy(models, dataset, sampler):
    in_torch, in_keras = fit_both(models, dataset, sampler, epochs=1)
    for name in ("loss", "accuracy"):
        expected = in_keras.history[name]
        assert in_torch.history[name] == pytest.approx(expected, abs=1e-5)


def test_both_frameworks_predict_classes_and_ratings_in_order(models, dataset, sampler):
    fit_both(models, dataset, sampler, epochs=1)
    in_torch = torch_training.predict(models[0], torch_loader(dataset, sampler))
    in_keras = keras_training.predict(models[1], keras_loader(dataset, sampler))
    assert [output.shape for output in in_torch] == [(50, 2), (50, 1)]
    for one, other in zip(in_torch, in_keras, strict=True):
        assert np.allclose(one, other, atol=1e-5)
    alone = torch.tensor(dataset.sequences[9])[None], torch.tensor([len(dataset[9][0])])
    assert np.allclose(models[0](*alone)[1].detach(), in_torch[1][9], atol=1e-5)
