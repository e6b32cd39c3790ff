import numpy as np
import pytest
import torch
from torch import nn

from helpers.data import BucketSampler, SequenceDataset
from helpers.pytorch.callbacks import Callback, EarlyStopping
from helpers.pytorch.classifier import SequenceClassifier
from helpers.pytorch.loading import loader
from helpers.pytorch.training import accuracy, evaluate, fit, predict


@pytest.fixture
def dataset():
    """Does the sum of the sequence lie above 0?"""
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(rng.integers(2, 9), 1)) for _ in range(60)]
    sequences = [sequence.astype("float32") for sequence in sequences]
    return SequenceDataset(sequences, np.array([int(s.sum() > 0) for s in sequences]))


@pytest.fixture
def batches(dataset):
    return loader(dataset, BucketSampler(dataset.lengths, 8, num_buckets=3))


@pytest.fixture
def model():
    torch.manual_seed(0)
    return SequenceClassifier(2, "gru", 8, num_features=1)


def train(model, batches, validation=None, rate=0.01, **options):
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    options = {"epochs": 3, "metrics": {"accuracy": accuracy}} | options
    loss = options.pop("loss", nn.CrossEntropyLoss())
    return fit(model, batches, validation, loss=loss, optimizer=optimizer, **options)


def test_training_lowers_the_loss(model, batches):
    history = train(model, batches, batches, epochs=12)
    assert history.epoch == list(range(12))
    assert set(history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert history.history["loss"][-1] < 0.5 * history.history["loss"][0]
    assert history.history["val_accuracy"][-1] > 0.9
    assert not model.training


def test_means_count_examples_and_not_batches(model, dataset):
    sampler = BucketSampler(dataset.lengths, 7, shuffle=False)
    scores = evaluate(model, loader(dataset, sampler), loss=nn.CrossEntropyLoss())
    logits = torch.tensor(predict(model, loader(dataset, sampler)))
    expected = nn.CrossEntropyLoss()(logits, torch.tensor(dataset.targets))
    assert scores["loss"] == pytest.approx(expected.item(), abs=1e-5)


def test_predictions_come_in_the_order_of_the_data_set(model, dataset):
    sampler = BucketSampler(dataset.lengths, 7, shuffle=False)
    logits = predict(model, loader(dataset, sampler))
    for sequence, row in list(zip(dataset.sequences, logits, strict=True))[:10]:
        alone = model(torch.tensor(sequence)[None], torch.tensor([len(sequence)]))
        np.testing.assert_allclose(alone[0].detach(), row, atol=1e-5)


def test_predictions_from_shuffled_batches_are_refused(model, batches):
    with pytest.raises(ValueError, match="shuffle=False"):
        predict(model, batches)


def test_clipping_bounds_every_step(model, batches):
    """With plain SGD at rate 1, a step is as long as its clipped gradient."""
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    steps, before = [], [nn.utils.parameters_to_vector(model.parameters()).detach()]

    def measure(logits, targets):
        now = nn.utils.parameters_to_vector(model.parameters()).detach()
        steps.append((now - before[0]).norm().item())
        before[0] = now
        return torch.tensor(0.0)

    loss = nn.CrossEntropyLoss()
    options = {"epochs": 1, "clip_norm": 0.01, "metrics": {"step": measure}}
    fit(model, batches, loss=loss, optimizer=optimizer, **options)
    assert max(steps) == pytest.approx(0.01, rel=1e-3)


def test_the_schedule_is_asked_before_every_step(model, batches):
    asked, rates = [], []
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)

    def schedule(step):
        asked.append(step)
        return 0.1 / (1 + step)

    def rate(logits, targets):
        rates.append(optimizer.param_groups[0]["lr"])
        return torch.tensor(0.0)

    options = {"epochs": 2, "schedule": schedule, "metrics": {"rate": rate}}
    fit(model, batches, loss=nn.CrossEntropyLoss(), optimizer=optimizer, **options)
    assert asked == list(range(2 * len(batches)))
    assert rates == pytest.approx([0.1 / (1 + step) for step in asked])


def test_gradients_do_not_pile_up(model, dataset):
    """Two epochs over one batch at rate 0 have the same gradient."""
    sampler = BucketSampler(dataset.lengths, 100, num_buckets=1)
    norms = []

    class Norm(Callback):
        def on_epoch_end(self, epoch, logs):
            gradients = [p.grad.norm() for p in self.model.parameters()]
            norms.append(torch.stack(gradients).norm().item())

    train(model, loader(dataset, sampler), rate=0.0, epochs=2, callbacks=[Norm()])
    assert norms[0] == pytest.approx(norms[1])


def test_early_stopping_restores_the_best_weights(model, batches):
    losses = iter([3.0, 1.0, 2.0, 2.5, 0.1])
    kept = []

    class Fake(Callback):
        def on_epoch_end(self, epoch, logs):
            logs["val_loss"] = next(losses)
            kept.append([p.detach().clone() for p in self.model.parameters()])

    stop = EarlyStopping(patience=2, restore_best_weights=True)
    history = train(model, batches, epochs=9, callbacks=[Fake(), stop])
    assert history.epoch == [0, 1, 2, 3]
    assert stop.best_epoch == 1
    for now, best in zip(model.parameters(), kept[1], strict=True):
        torch.testing.assert_close(now.detach(), best)


def test_early_stopping_names_a_missing_value(model, batches):
    with pytest.raises(ValueError, match="val_f1"):
        train(model, batches, callbacks=[EarlyStopping("val_f1")])


def test_sample_weights_reach_the_loss(model):
    batch = ((torch.randn(2, 3, 1), torch.tensor([3, 2])), torch.tensor([0, 1]))
    weights = torch.tensor([0.0, 2.0])
    given = []

    def loss(logits, targets, weight):
        given.append(weight)
        losses = nn.functional.cross_entropy(logits, targets, reduction="none")
        return (losses * weight).mean()

    train(model, [(*batch, weights)], loss=loss, epochs=1)
    torch.testing.assert_close(given[0], weights)


def test_accuracy_of_one_logit_and_of_several():
    logits = torch.tensor([[2.0], [-1.0], [3.0], [-0.5]])
    assert accuracy(logits, torch.tensor([1, 0, 0, 0])).item() == 0.75
    logits = torch.tensor([[2.0, 1.0, 0.0], [0.0, 1.0, 2.0]])
    assert accuracy(logits, torch.tensor([0, 1])).item() == 0.5
