"""Recurrent cells in NumPy alone, the gated ones forward and backward through time.

What the libraries hide, written out once. Every function follows the type of its input:
float32 to compare with the libraries, float64 to check gradients. Notebook 1 builds the
plain cell step by step.

Reference: P. Werbos (1990), "Backpropagation Through Time: What It Does and How to Do It",
Proceedings of the IEEE 78(10).
"""

from helpers.scratch.gradients import clip_by_global_norm, numerical_gradient
from helpers.scratch.gru import GRUWeights, gru_backward, gru_forward, gru_step
from helpers.scratch.lstm import LSTMWeights, lstm_backward, lstm_forward, lstm_step
from helpers.scratch.rnn import RNNWeights, rnn_backward, rnn_forward
from helpers.scratch.shared import sigmoid
