"""Training a translator and writing with it, in Keras."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from helpers.decoding import Decoded
from helpers.decoding.writing import write_all
from helpers.keras.translator import Memory, Translator
from helpers.metrics.validation import BleuLogs


@keras.saving.register_keras_serializable(package="rnn_course")
class TokenLoss(keras.losses.Loss):
    """Cross-entropy, the mean over real target tokens; pads do not count."""

    def __init__(self, label_smoothing=0.0, name="token_loss", **kwargs):
        """Remember the share of the target spread over all tokens."""
        super().__init__(name=name, **{"reduction": None} | kwargs)
        self.label_smoothing = label_smoothing

    def call(self, y_true, y_pred):
        """``(batch, steps)`` and logits ``(batch, steps, vocab)`` -> one number."""
        real = ops.cast(ops.not_equal(y_true, 0), y_pred.dtype)
        cross_entropy = ops.sparse_categorical_crossentropy(
            y_true, y_pred, from_logits=True
        )
        spread = -ops.mean(ops.log_softmax(y_pred), axis=-1)
        mixed = cross_entropy + self.label_smoothing * (spread - cross_entropy)
        return ops.sum(mixed * real) / ops.sum(real)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "label_smoothing": self.label_smoothing}


def translation_loss(label_smoothing: float = 0.0) -> keras.losses.Loss:
    """Cross-entropy, the mean over real target tokens; pads do not count.

    Args:
        label_smoothing: the share of the target spread over all tokens.

    Returns:
        The loss of a translator's logits ``(batch, target_steps, target_vocab_size)`` and of
        targets ``(batch, target_steps)``.
    """
    return TokenLoss(label_smoothing)


def translate(
    model: Translator,
    sources: Sequence[np.ndarray],
    *,
    beam: int = 1,
    max_steps: int = 50,
    batch_size: int = 64,
) -> Decoded:
    """Write a translation of each source.

    Args:
        model: whose target vocabulary has ``<s>`` at 2 and ``</s>`` at 3.
        sources: at least one, each ``(steps,)`` ids with at least one step.
        beam: 1 is greedy search.
        max_steps: how many tokens at most, the end counted.
        batch_size: how many sentences are written together.

    Returns:
        Tokens, attention and log-probabilities in the order of ``sources``.

    Raises:
        ValueError: there is no source, or one has no token (encode an empty text as one
            ``<unk>``).
    """
    read, decode_step = _compiled(model)

    def encode(source, lengths):
        memory = read(source, lengths)
        return memory.state, memory

    def step(tokens, state):
        hidden, memory = state
        log_probs, hidden, weights = decode_step(tokens.astype("int64"), hidden, memory)
        return log_probs, (hidden, memory), weights

    def reorder(state, rows):
        hidden, memory = state
        return ops.take(hidden, rows, axis=0), Memory(
            *(ops.take(part, rows, axis=0) for part in memory)
        )

    limits = {"beam": beam, "max_steps": max_steps, "batch_size": batch_size}
    return write_all(encode, step, reorder, sources, **limits)


class BleuValidation(BleuLogs, keras.callbacks.Callback):
    """After each epoch, log the BLEU of greedy translations of held-out sentences.

    The logs get ``val_bleu``.

    Args:
        held_out: the pairs.
        vocabulary: of the language written, with ``specials=SPECIALS``.
        references: the tokens of each target, as they were before they became ids.

    Raises:
        ValueError: the vocabulary has no ``<s>`` and ``</s>`` where they belong.
    """

    def answers(self, sources: Sequence[np.ndarray]) -> list[list[int]]:
        """Translate every sentence."""
        return translate(self.model, sources).tokens


def _compiled(model: Translator):
    """``encode`` and ``decode_step`` as graphs for all shapes, made once a model.

    Eager, a word costs fifty calls to write, and as many to read.
    """
    if not hasattr(model, "_graphs"):
        width = model.config["hidden_size"]
        wide = tf.TensorSpec((None, None, width), "float32")
        state = tf.TensorSpec((None, width), "float32")
        memory = Memory(wide, wide, tf.TensorSpec((None, None), "bool"), state)
        row = tf.TensorSpec((None,), "int64")
        sentences = (tf.TensorSpec((None, None), "int64"), row)
        model._graphs = (
            tf.function(model.encode, input_signature=sentences),
            tf.function(model.decode_step, input_signature=(row, state, memory)),
        )
    return model._graphs
