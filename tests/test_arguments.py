"""The checks of a classifier's arguments."""

import re

import numpy as np
import pytest

from helpers.arguments import CELLS, READOUTS, classifier_config

FEATURES = {
    "self": object(),
    "num_classes": 9,
    "cell": "lstm",
    "hidden_size": 64,
    "num_features": 12,
    "vocab_size": None,
    "embedding_dim": None,
    "num_layers": 1,
    "bidirectional": False,
    "readout": "last",
    "dropout": 0.0,
    "embedding_dropout": 0.0,
    "word_dropout": 0.0,
    "embeddings": None,
}
IDS = FEATURES | {"num_features": None, "vocab_size": 20, "embedding_dim": 5}


def assert_refused(arguments, *parts):
    with pytest.raises(ValueError, match=re.escape(parts[0])) as caught:
        classifier_config(arguments)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("arguments", [FEATURES, IDS], ids=["features", "ids"])
def test_the_config_rebuilds_the_model(arguments):
    config = classifier_config(arguments)
    left_out = arguments.keys() - config.keys()
    assert left_out == {"self", "embeddings"}
    assert config == {name: arguments[name] for name in config}


def test_the_config_leaves_out_what_only_a_constructor_has():
    given = IDS | {"__class__": object, "kwargs": {}, "embeddings": np.ones((20, 5))}
    assert classifier_config(given) == classifier_config(IDS)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("readout", READOUTS)
def test_every_cell_goes_with_every_readout(cell, readout):
    config = classifier_config(FEATURES | {"cell": cell, "readout": readout})
    assert (config["cell"], config["readout"]) == (cell, readout)


@pytest.mark.parametrize("value", ["LSTM", "", None, 1])
@pytest.mark.parametrize(
    ("name", "allowed"),
    [("cell", "rnn, lstm, gru"), ("readout", "last, mean, max, mean_max")],
)
def test_a_wrong_choice_is_named_with_those_allowed(name, allowed, value):
    message = f"{name} must be one of {allowed}; got {value!r}"
    assert_refused(FEATURES | {name: value}, message)


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "2"])
@pytest.mark.parametrize(
    ("base", "name"),
    [
        (FEATURES, "num_classes"),
        (FEATURES, "hidden_size"),
        (FEATURES, "num_layers"),
        (FEATURES, "num_features"),
        (IDS, "vocab_size"),
        (IDS, "embedding_dim"),
    ],
)
def test_a_wrong_size_is_named(base, name, value):
    message = f"{name} must be a whole number >= 1; got {value!r}"
    assert_refused(base | {name: value}, message)


def test_a_missing_embedding_dim_is_named():
    assert_refused(IDS | {"embedding_dim": None}, "embedding_dim must be", "None")


@pytest.mark.parametrize("name", ["dropout", "embedding_dropout", "word_dropout"])
@pytest.mark.parametrize("value", [-0.1, 1.0, float("nan"), "0.5", None])
def test_a_wrong_share_is_named(name, value):
    assert_refused(IDS | {name: value}, f"{name} must be", f"got {value!r}")


@pytest.mark.parametrize("name", ["dropout", "embedding_dropout", "word_dropout"])
@pytest.mark.parametrize("value", [0, 0.5, 0.99])
def test_a_right_share_is_kept(name, value):
    assert classifier_config(IDS | {name: value})[name] == value


@pytest.mark.parametrize(
    ("num_features", "vocab_size"), [(None, None), (12, 20)], ids=["neither", "both"]
)
def test_one_kind_of_input_is_needed(num_features, vocab_size):
    wrong = {"num_features": num_features, "vocab_size": vocab_size}
    assert_refused(
        IDS | wrong,
        "exactly one of num_features",
        f"num_features={num_features}, vocab_size={vocab_size}",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("embedding_dim", 5),
        ("embeddings", np.ones((20, 5))),
        ("embedding_dropout", 0.1),
        ("word_dropout", 0.1),
    ],
)
def test_float_input_takes_no_argument_of_an_embedding(name, value):
    assert_refused(FEATURES | {name: value}, f"{name} needs vocab_size")


@pytest.mark.parametrize("shape", [(20, 6), (19, 5), (5, 20), (100,)])
def test_embeddings_of_another_shape_are_refused(shape):
    assert_refused(
        IDS | {"embeddings": np.ones(shape)},
        "embeddings must be (vocab_size, embedding_dim) = (20, 5)",
        f"got {shape}",
    )
