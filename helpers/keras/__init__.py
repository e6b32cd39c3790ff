"""The Keras half of the course; ``helpers.pytorch`` mirrors it name by name."""

from helpers import runtime

runtime.load_frameworks()  # torch before TensorFlow, quietly, whoever asks first

import keras  # noqa: E402
