"""What the tests of cells, Jacobians and fixed points share."""

import numpy as np
import pytest

from helpers.dynamics import state_size
from helpers.scratch import GRUWeights, LSTMWeights, RNNWeights

MAKERS = {
    "rnn": RNNWeights.random,
    "gru": GRUWeights.random,
    "gru_before": lambda *sizes: GRUWeights.random(*sizes, reset_after=False),
    "lstm": LSTMWeights.random,
}


@pytest.fixture(params=MAKERS, scope="session")
def cell(request):
    return request.param


@pytest.fixture(scope="session")
def make():
    """Weights of a cell, a sequence of inputs, and a state; for an LSTM of both kinds."""

    def made(cell, steps=1, features=3, hidden_size=4, seed=0):
        weights = MAKERS[cell](features, hidden_size, seed)
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(steps, features))
        state = np.tanh(rng.normal(size=state_size(weights)))
        state[hidden_size:] *= 3  # a cell state may be large
        return weights, x, state

    return made
