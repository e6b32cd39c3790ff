"""A GRU that predicts the next item of a history, in Keras."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import KerasTensor, layers, ops

from helpers.arguments import next_item_config
from helpers.data.next_item import score_histories
from helpers.keras.readout import last_state
from helpers.metrics.validation import RankingLogs


@keras.saving.register_keras_serializable(package="rnn_course")
class NextItemModel(keras.Model):
    """Embed items, run a GRU, and score every item as the next one, at every step.

    Called as ``model((items, lengths))``. ``items`` is ``(batch, steps)`` ids, 1 to
    ``num_items``, padded on the right with 0; ``lengths`` is ``(batch,)``. Returns logits
    ``(batch, steps, num_items + 1)``; column 0 is the pad's and no recommendation. Pads
    come after all that is read, so they change nothing.

    Args:
        num_items: how many items there are.
        embedding_dim: the width of an embedded item.
        hidden_size: the width of the state.
        dropout: on the states, in training.
        tie_weights: whether the items' vectors are the output matrix too. A linear map
            from ``hidden_size`` to ``embedding_dim`` then comes before it.

    Raises:
        ValueError: naming the argument at fault.

    References: B. Hidasi et al. (2016), "Session-based Recommendations with Recurrent
    Neural Networks", ICLR; O. Press and L. Wolf (2017), "Using the Output Embedding to
    Improve Language Models", EACL, for tied weights.
    """

    #: What is traced: the embedding, the layer that reads it, and the input's name.
    traced = ("embedding", "gru", "items")

    def __init__(
        self,
        num_items,
        embedding_dim=64,
        hidden_size=128,
        dropout=0.0,
        tie_weights=False,
        **kwargs,
    ):
        """Make the layers; see the class for the arguments."""
        config = next_item_config(locals())
        super().__init__(**kwargs)
        self.config, self.num_items = config, num_items
        # Called with `reverse=True`, this layer multiplies by its own vectors.
        self.embedding = layers.ReversibleEmbedding(
            num_items + 1,
            embedding_dim,
            # Small, as the vectors may be the output matrix too: logits start near 0.
            embeddings_initializer=keras.initializers.RandomNormal(stddev=0.1),
        )
        self.gru = layers.GRU(hidden_size, return_sequences=True)
        self.dropout = layers.Dropout(dropout)
        self.projection = layers.Dense(embedding_dim) if tie_weights else None
        self.output_layer = None if tie_weights else layers.Dense(num_items + 1)
        self._build_layers(embedding_dim, hidden_size)

    def call(self, inputs, training=False):
        """``(batch, steps), (batch,)`` -> logits ``(batch, steps, num_items + 1)``."""
        items, _ = inputs
        return self._logits(self.states(items), training)

    def states(self, items: KerasTensor) -> KerasTensor:
        """What the GRU knows after each item: ``(batch, steps, hidden_size)``."""
        return self.gru(self.embedding(items))

    def last(self, items: KerasTensor, lengths: KerasTensor) -> KerasTensor:
        """The logits after each history's last item: ``(batch, num_items + 1)``."""
        return self._logits(last_state(self.states(items), lengths))

    def step(
        self, items: KerasTensor, state: KerasTensor | None = None
    ) -> tuple[KerasTensor, KerasTensor]:
        """One item more: ``(batch,)`` and the state before, ``(batch, hidden_size)``.

        Returns:
            ``(logits, state)``: ``(batch, num_items + 1)`` and the state to carry on.
        """
        vectors = self.embedding(items)
        if state is None:
            state = ops.zeros((len(vectors), self.gru.units))
        output, _ = self.gru.cell(vectors, [state])
        return self._logits(output), output

    def _logits(self, states, training=False):
        states = self.dropout(states, training=training)
        if self.projection is None:
            return self.output_layer(states)
        return self.embedding(self.projection(states), reverse=True)

    def _build_layers(self, embedding_dim, hidden_size):
        """All widths are known now: make the weights, so that they can be counted."""
        self.embedding.build()
        self.gru.build((None, None, embedding_dim))
        for layer in (self.projection, self.output_layer):
            if layer is not None:
                layer.build((None, hidden_size))
        self.built = True

    def get_config(self):
        """The constructor's arguments, for saving as ``.keras``."""
        return {**super().get_config(), **self.config}


def next_item_loss() -> keras.losses.Loss:
    """Cross-entropy, the mean over the steps that have a target.

    Logits are ``(batch, steps, num_items + 1)``, targets ``(batch, steps)`` items, 0 where
    there is none.
    """
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)


def score_next(
    model: NextItemModel,
    histories: Sequence[np.ndarray],
    fallback: np.ndarray | None = None,
) -> np.ndarray:
    """Score every item as the next one of every history.

    Args:
        model: of any size.
        histories: one array of items a user, 1 to ``num_items``.
        fallback: ``(num_items + 1,)``, the scores for an empty history, such as popularity.

    Returns:
        ``(users, num_items + 1)``.

    Raises:
        ValueError: a history holds anything but items, or is empty without ``fallback``.
    """
    # One graph for all shapes: run eagerly, each step would cost a dozen Python calls.
    shapes = tf.TensorSpec((None, None), "int64"), tf.TensorSpec((None,), "int64")
    last = tf.function(model.last, input_signature=shapes)
    return score_histories(last, histories, model.num_items, fallback)


class RankingValidation(RankingLogs, keras.callbacks.Callback):
    """After each epoch, log HR@10 and NDCG@10 of held-out questions, by full ranking.

    The logs get ``val_hr10`` and ``val_ndcg10``; seen items are not removed.

    Args:
        held_out: the questions.
    """

    def answers(self, histories: Sequence[np.ndarray]) -> np.ndarray:
        """Score all items for every question."""
        return score_next(self.model, histories)
