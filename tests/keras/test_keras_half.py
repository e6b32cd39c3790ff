"""What is particular to the Keras half; parity and padding have tests of their own."""

import keras
import numpy as np
import pytest

from helpers.data import BucketSampler, SequenceDataset
from helpers.keras.classifier import SequenceClassifier
from helpers.keras.loading import loader
from helpers.keras.training import evaluate, fit, predict

LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def make_dataset(lengths):
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(length, 1)).astype("float32") for length in lengths]
    return SequenceDataset(sequences, np.array([int(s.sum() > 0) for s in sequences]))


def make_model(**more):
    keras.utils.set_random_seed(0)
    return SequenceClassifier(2, "gru", 6, num_features=1, **more)


def train(model, batches, **options):
    optimizer = keras.optimizers.Adam(0.02)
    return fit(
        model, batches, loss=LOSS, optimizer=optimizer, **{"epochs": 2} | options
    )


@pytest.mark.parametrize(
    ("lengths", "shuffle"),
    [([10, 10, 20], False), ([10, 10, 20], True), ([10, 10, 10], True)],
)
def test_fit_takes_buckets_of_any_lengths(lengths, shuffle):
    """Keras infers shapes from the first two batches: 10, 10, 20 alone would stop it."""
    dataset = make_dataset([length for length in lengths for _ in range(2)])
    sampler = BucketSampler(dataset.lengths, 2, shuffle=shuffle)
    history = train(make_model(), loader(dataset, sampler), epochs=2)
    assert len(history.history["loss"]) == 2


def test_keras_itself_still_dies_of_10_10_20():
    """If this fails, Keras has mended it, and the sampler's swap may go."""

    class Plain(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            steps = (10, 10, 20)[index]
            inputs = np.zeros((2, steps, 1), "float32"), np.array([steps, steps])
            return inputs, np.array([0, 1])

    model = make_model()
    model.compile("adam", LOSS)
    with pytest.raises(Exception, match="shape"):
        model.fit(Plain(), verbose=0)


def test_epochs_follow_the_sampler():
    dataset = make_dataset(range(2, 30))
    sampler = BucketSampler(dataset.lengths, 4, seed=3)
    batches, seen = loader(dataset, sampler), []

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append([batches[i][0][1].tolist() for i in range(len(batches))])

    train(make_model(), batches, callbacks=[Watch()], epochs=3)
    expected = [
        [dataset.lengths[batch].tolist() for batch in sampler.batches(epoch)]
        for epoch in range(3)
    ]
    assert seen == expected


def test_training_lowers_the_loss_and_predicts_in_order():
    dataset = make_dataset([2, 3, 4, 5, 6] * 12)
    model = make_model(dropout=0.1)
    train_batches = loader(dataset, BucketSampler(dataset.lengths, 8))
    history = train(model, train_batches, epochs=12, metrics=["accuracy"])
    assert history.history["loss"][-1] < 0.6 * history.history["loss"][0]
    batches = loader(dataset, BucketSampler(dataset.lengths, 7, shuffle=False))
    logits = predict(model, batches)
    expected = (logits.argmax(axis=1) == dataset.targets).mean()
    assert evaluate(model, batches)["accuracy"] == pytest.approx(expected, abs=1e-6)
    assert expected > 0.85
    with pytest.raises(ValueError, match="shuffle=False"):
        predict(model, train_batches)


def test_the_schedule_is_asked_before_every_step():
    dataset, asked = make_dataset([3, 4, 5, 6] * 4), []

    def schedule(step):
        asked.append(step)
        return 0.1 / (1 + step)

    model = make_model()
    batches = loader(dataset, BucketSampler(dataset.lengths, 4))
    train(model, batches, schedule=schedule)
    assert asked == list(range(2 * len(batches)))
    rate = float(model.optimizer.learning_rate)
    assert rate == pytest.approx(0.1 / (2 * len(batches)))


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_saved_model_answers_as_before(tmp_path, bidirectional):
    vectors = np.random.default_rng(0).normal(size=(9, 3)).astype("float32")
    model = SequenceClassifier(
        2,
        "lstm",
        vocab_size=9,
        embedding_dim=3,
        embeddings=vectors,
        bidirectional=bidirectional,
    )
    np.testing.assert_array_equal(model.embedding.get_weights()[0], vectors)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    batch = (np.array([[1, 2, 3], [4, 0, 0]]), np.array([3, 1]))
    np.testing.assert_allclose(loaded(batch), model(batch), atol=1e-6)
    assert loaded.config == model.config


def test_word_dropout_replaces_words_in_training_only():
    model = SequenceClassifier(2, vocab_size=9, embedding_dim=3, word_dropout=0.5)
    seen = []
    embed = model.embedding.call
    model.embedding.call = lambda ids: (seen.append(np.array(ids)), embed(ids))[1]
    batch = (np.full((8, 40), 5), np.full((8,), 30))
    model(batch, training=True)
    model(batch, training=False)
    trained, evaluated = seen
    assert 0.4 < (trained[:, :30] == 1).mean() < 0.6
    assert (trained[:, 30:] == 5).all()
    assert (evaluated == 5).all()


def test_every_weight_exists_before_the_first_call():
    model = make_model()
    # GRU: 3 gates of (1 input + 6 states + 2 biases) x 6; output: (6 + 1) x 2
    assert model.count_params() == 3 * (1 + 6 + 2) * 6 + 7 * 2
