"""The next-item models: equal in both frameworks, blind to pads, the same step by step."""

import keras
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from helpers import metrics, parity
from helpers.data import BucketSampler, every_prefix, leave_one_out, pad
from helpers.data.next_item import separate_prefixes
from helpers.keras import loading as keras_loading
from helpers.keras import next_item as keras_next_item
from helpers.keras import training as keras_training
from helpers.pytorch import loading as torch_loading
from helpers.pytorch import next_item as torch_next_item
from helpers.pytorch import training as torch_training

HALVES = {"pytorch": torch_next_item, "keras": keras_next_item}
ITEMS = 9
#: Histories of different lengths; the first is the one of the question.
HISTORIES = [np.array(h) for h in ([1, 3, 5, 2, 8], [9], [4, 4, 7, 1, 2, 6, 3])]


def _models(tie_weights=False, **arguments):
    arguments = {"embedding_dim": 4, "hidden_size": 6} | arguments
    pair = [
        half.NextItemModel(ITEMS, tie_weights=tie_weights, **arguments)
        for half in HALVES.values()
    ]
    parity.copy_weights(*pair)
    return dict(zip(HALVES, pair, strict=True))


both_ties = pytest.mark.parametrize("tie_weights", [False, True])
both_halves = pytest.mark.parametrize("name", list(HALVES))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(1, ITEMS), min_size=1, max_size=8), min_size=1, max_size=5
    ),
    st.booleans(),
    st.integers(1, 7),
    st.integers(1, 7),
)
def test_equal_weights_give_equal_logits(histories, tie_weights, width, hidden_size):
    models = _models(tie_weights, embedding_dim=width, hidden_size=hidden_size)
    batch = pad(histories)
    assert parity.output_difference(*models.values(), *batch) <= 1e-5
    other = torch_next_item.NextItemModel(
        ITEMS, width, hidden_size, tie_weights=tie_weights
    )
    parity.copy_weights(models["keras"], other)
    assert parity.output_difference(models["keras"], other, *batch) <= 1e-5


@both_ties
@both_halves
def test_logits_have_a_column_for_each_item_and_the_pad(name, tie_weights):
    (logits,) = parity.outputs(_models(tie_weights)[name], *pad(HISTORIES))
    assert logits.shape == (3, 7, ITEMS + 1)


@both_ties
@both_halves
def test_pads_change_nothing(name, tie_weights):
    model = _models(tie_weights)[name]
    items, lengths = pad(HISTORIES)
    (short,) = parity.outputs(model, items, lengths)
    (long,) = parity.outputs(model, *pad(HISTORIES, steps=20))
    for row, (before, after) in enumerate(zip(short, long, strict=True)):
        real = slice(lengths[row])
        np.testing.assert_allclose(after[real], before[real], atol=1e-6)


@both_ties
@both_halves
def test_streaming_equals_the_whole_sequence(name, tie_weights):
    model = _models(tie_weights)[name]
    if name == "pytorch":
        model.eval()
    for history in HISTORIES:
        (whole,) = parity.outputs(model, history[None], np.array([len(history)]))
        state = None
        for t, item in enumerate(history):
            click = torch.tensor([item]) if name == "pytorch" else np.array([item])
            logits, state = model.step(click, state)
            logits = keras.ops.convert_to_numpy(
                logits.detach() if name == "pytorch" else logits
            )
            np.testing.assert_allclose(logits, whole[:, t], atol=1e-5)


@both_ties
@both_halves
def test_scores_are_the_logits_at_each_last_item(name, tie_weights):
    model = _models(tie_weights)[name]
    scores = HALVES[name].score_next(model, HISTORIES)
    for row, history in zip(scores, HISTORIES, strict=True):
        (alone,) = parity.outputs(model, history[None], np.array([len(history)]))
        np.testing.assert_allclose(row, alone[0, -1], atol=1e-5)


@both_halves
def test_more_histories_than_a_batch_keep_their_order(name):
    model = _models()[name]
    few = HALVES[name].score_next(model, HISTORIES)
    many = HALVES[name].score_next(model, [*HISTORIES] * 20)
    np.testing.assert_allclose(many, np.tile(few, (20, 1)), atol=1e-6)


@both_halves
def test_nobody_at_all_gets_no_scores(name):
    assert HALVES[name].score_next(_models()[name], []).shape == (0, ITEMS + 1)


@both_halves
def test_an_empty_history_gets_the_fallback(name):
    model, popularity = _models()[name], np.arange(ITEMS + 1)
    histories = [HISTORIES[0], np.array([], dtype=int)]
    scores = HALVES[name].score_next(model, histories, popularity)
    np.testing.assert_array_equal(scores[1], popularity)
    alone = HALVES[name].score_next(model, histories[:1])
    np.testing.assert_allclose(scores[0], alone[0], atol=1e-6)


@both_halves
def test_an_empty_history_without_a_fallback_is_refused(name):
    with pytest.raises(ValueError, match=r"fallback must say .* history 1"):
        HALVES[name].score_next(_models()[name], [HISTORIES[0], np.array([], int)])


@pytest.mark.parametrize("wrong", [0, ITEMS + 1, -1])
@both_halves
def test_an_unknown_item_is_refused(name, wrong):
    model = _models()[name]
    message = f"items from 1 to {ITEMS}; history 1 has {wrong}"
    with pytest.raises(ValueError, match=message):
        HALVES[name].score_next(model, [HISTORIES[0], np.array([wrong])])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_items": 0}, "num_items must be a whole number >= 1"),
        ({"embedding_dim": 0}, "embedding_dim must be"),
        ({"hidden_size": 1.5}, "hidden_size must be"),
        ({"dropout": 1.0}, "dropout must be at least 0 and below 1"),
    ],
)
@both_halves
def test_a_wrong_argument_is_named(name, arguments, message):
    with pytest.raises(ValueError, match=message):
        HALVES[name].NextItemModel(**{"num_items": ITEMS} | arguments)


def test_a_pair_that_is_none_is_refused():
    tied, untied = _models(True)["pytorch"], _models(False)["keras"]
    with pytest.raises(ValueError, match="tie_weights is True in the source"):
        parity.copy_weights(tied, untied)


def test_tied_weights_are_one_matrix():
    models = _models(True)
    own = sum(p.numel() for p in models["pytorch"].parameters())
    expected = (ITEMS + 1) * 4 + 3 * (4 * 6 + 6 * 6 + 2 * 6) + 6 * 4 + 4
    assert own == models["keras"].count_params() == expected


def test_the_parameters_of_an_untied_model():
    models = _models(False)
    own = sum(p.numel() for p in models["pytorch"].parameters())
    expected = (ITEMS + 1) * 4 + 3 * (4 * 6 + 6 * 6 + 2 * 6) + (6 + 1) * (ITEMS + 1)
    assert own == models["keras"].count_params() == expected


@both_ties
def test_no_tensor_is_made_on_a_fixed_device(tie_weights):
    with torch.device("meta"):
        model = torch_next_item.NextItemModel(ITEMS, tie_weights=tie_weights)
    items = torch.ones(2, 5, dtype=torch.int64, device="meta")
    lengths = torch.tensor([5, 2])
    assert model(items, lengths).device.type == "meta"
    logits, state = model.step(items[:, 0])
    assert model.step(items[:, 1], state)[0].device.type == logits.device.type == "meta"


def test_the_last_state_is_read_on_the_device_of_the_items():
    with torch.device("meta"):
        model = torch_next_item.NextItemModel(ITEMS)
    items = torch.ones(2, 5, dtype=torch.int64, device="meta")
    assert model.last(items, torch.tensor([5, 2])).shape == (2, ITEMS + 1)


@both_halves
def test_dropout_acts_in_training_only(name):
    model = _models(dropout=0.5)[name]
    first, second = (parity.outputs(model, *pad(HISTORIES))[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    if name == "pytorch":
        batch = tuple(map(torch.from_numpy, pad(HISTORIES)))
        drawn = [model.train()(*batch).detach().numpy() for _ in range(2)]
    else:
        drawn = [np.asarray(model(pad(HISTORIES), training=True)) for _ in range(2)]
    assert np.abs(drawn[0] - drawn[1]).max() > 1e-3


def test_scores_are_made_in_evaluation_mode():
    model = _models(dropout=0.5)["pytorch"].train()
    first, second = (torch_next_item.score_next(model, HISTORIES) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@both_ties
def test_saved_models_load_safely(tmp_path, tie_weights):
    models, batch = _models(tie_weights), pad(HISTORIES)
    first = models["pytorch"]
    torch.save(
        {"config": first.config, "weights": first.state_dict()}, tmp_path / "m.pt"
    )
    saved = torch.load(tmp_path / "m.pt", weights_only=True)
    again = torch_next_item.NextItemModel(**saved["config"])
    again.load_state_dict(saved["weights"])
    assert parity.output_difference(first, again, *batch) == 0
    models["keras"].save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras", safe_mode=True)
    assert parity.output_difference(models["keras"], loaded, *batch) <= 1e-6


def _losses(logits, targets):
    in_torch = torch_next_item.next_item_loss(
        torch.from_numpy(logits), torch.from_numpy(targets)
    )
    return float(in_torch), float(keras_next_item.next_item_loss()(targets, logits))


def test_the_loss_is_the_mean_over_the_steps_with_a_target():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(3, 4, ITEMS + 1)).astype("float32")
    targets = np.array([[3, 9, 0, 0], [1, 2, 3, 4], [5, 0, 0, 0]])
    expected = np.mean(
        [
            float(F.cross_entropy(torch.from_numpy(row), torch.tensor(item)))
            for rows, items in zip(logits, targets, strict=True)
            for row, item in zip(rows, items, strict=True)
            if item
        ]
    )
    np.testing.assert_allclose(_losses(logits, targets), expected, rtol=1e-5)


def test_all_prefixes_at_once_cost_what_they_cost_one_by_one():
    """One pass over a sequence scores the same predictions as one example a prefix."""
    model = _models()["pytorch"].eval()
    together = every_prefix(HISTORIES, steps=4)
    apart = separate_prefixes(HISTORIES, steps=4)
    items, lengths = pad(together.sequences)
    targets, _ = pad(together.targets)
    with torch.no_grad():
        logits = model(torch.from_numpy(items), torch.from_numpy(lengths))
        first = torch_next_item.next_item_loss(logits, torch.from_numpy(targets))
        last = model.last(*map(torch.from_numpy, pad(apart.sequences)))
        second = F.cross_entropy(last, torch.from_numpy(apart.targets))
    torch.testing.assert_close(first, second)


@both_ties
def test_both_frameworks_train_in_step(tie_weights):
    """A GRU has two biases in both, so plain SGD keeps them together."""
    models = _models(tie_weights)
    rng = np.random.default_rng(0)
    histories = [rng.integers(1, ITEMS + 1, rng.integers(2, 15)) for _ in range(40)]
    train = every_prefix(histories, steps=8)
    options = {"epochs": 3, "clip_norm": 0.5}
    first = torch_training.fit(
        models["pytorch"],
        torch_loading.loader(train, BucketSampler(train.lengths, 8)),
        loss=torch_next_item.next_item_loss,
        optimizer=torch.optim.SGD(models["pytorch"].parameters(), lr=0.5),
        **options,
    )
    second = keras_training.fit(
        models["keras"],
        keras_loading.loader(train, BucketSampler(train.lengths, 8)),
        loss=keras_next_item.next_item_loss(),
        optimizer=keras.optimizers.SGD(0.5),
        **options,
    )
    losses = first.history["loss"]
    assert losses[-1] < losses[0]
    np.testing.assert_allclose(losses, second.history["loss"], atol=1e-5)


@both_halves
def test_ranking_is_validated_after_each_epoch(name):
    model, train = _models()[name], every_prefix(HISTORIES, steps=8)
    held_out = leave_one_out(HISTORIES).validation
    sampler = BucketSampler(train.lengths, 8)
    loading, training, optimizer = {
        "pytorch": lambda: (
            torch_loading,
            torch_training,
            torch.optim.SGD(model.parameters(), lr=0.1),
        ),
        "keras": lambda: (keras_loading, keras_training, keras.optimizers.SGD(0.1)),
    }[name]()
    loss = HALVES[name].next_item_loss
    history = training.fit(
        model,
        loading.loader(train, sampler),
        loss=loss if name == "pytorch" else loss(),
        optimizer=optimizer,
        epochs=2,
        callbacks=[HALVES[name].RankingValidation(held_out)],
    ).history
    scores = HALVES[name].score_next(model, held_out.histories)
    ranks = metrics.target_ranks(scores, held_out.targets)
    assert len(history["val_hr10"]) == len(history["loss"]) == 2
    assert history["val_hr10"][-1] == metrics.hit_rate(ranks, 10) == 1.0
    assert history["val_ndcg10"][-1] == metrics.ndcg(ranks, 10) < 1.0


def test_the_pad_has_no_vector_in_pytorch_and_is_never_read_in_either():
    model = torch_next_item.NextItemModel(ITEMS)
    assert not model.embedding.weight[0].any()
    assert model.embedding.weight[1:].std() < 0.2
