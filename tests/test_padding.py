"""The padding contract: what stands behind the last real step changes no output."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from helpers import parity
from helpers.arguments import CELLS, READOUTS
from helpers.data import pad
from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier

MODELS = {"pytorch": TorchClassifier, "keras": KerasClassifier}
TOLERANCE = 1e-5
#: The same draws every run; a failure is shown as found, since shrinking takes minutes.
PROPERTY = settings(derandomize=True, deadline=None, phases=[Phase.generate])

KINDS = st.fixed_dictionaries(
    {
        "cell": st.sampled_from(CELLS),
        "bidirectional": st.booleans(),
        "readout": st.sampled_from(READOUTS),
        "num_layers": st.integers(1, 2),
    }
)


@pytest.mark.parametrize("framework", MODELS)
@settings(PROPERTY, max_examples=12)
@given(
    kind=KINDS,
    lengths=st.lists(st.integers(1, 8), min_size=1, max_size=4),
    more=st.integers(1, 9),
    seed=st.integers(0, 2**16),
)
def test_appended_pads_change_no_output(framework, kind, lengths, more, seed):
    rng = np.random.default_rng(seed)
    model = MODELS[framework](num_classes=2, hidden_size=5, num_features=3, **kind)
    sequences = [rng.normal(size=(length, 3)) for length in lengths]
    short, true_lengths = pad(sequences)
    long, _ = pad(sequences, steps=max(lengths) + more)
    (expected,) = parity.outputs(model, short, true_lengths)
    (padded,) = parity.outputs(model, long, true_lengths)
    np.testing.assert_allclose(padded, expected, atol=TOLERANCE)
    # Not even what stands on the pads matters.
    rubbish = np.where(long == 0, 7.0, long).astype("float32")
    (outputs,) = parity.outputs(model, rubbish, true_lengths)
    np.testing.assert_allclose(outputs, expected, atol=TOLERANCE)


@pytest.mark.parametrize("framework", MODELS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_appended_pads_change_no_output_for_ids(framework, bidirectional):
    sizes = {"num_classes": 2, "vocab_size": 9, "embedding_dim": 4, "hidden_size": 5}
    model = MODELS[framework](cell="gru", bidirectional=bidirectional, **sizes)
    sequences = [np.array([3, 1, 4]), np.array([5]), np.array([2, 8])]
    (expected,) = parity.outputs(model, *pad(sequences))
    (padded,) = parity.outputs(model, *pad(sequences, steps=20))
    np.testing.assert_allclose(padded, expected, atol=TOLERANCE)
