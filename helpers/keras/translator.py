"""An encoder and a decoder with attention between them, in Keras."""

from typing import NamedTuple

import keras
from keras import KerasTensor, layers, ops

from helpers.arguments import translator_config
from helpers.keras.readout import last_state, padding_mask


class Memory(NamedTuple):
    """What the decoder may look at: one encoded batch of sentences.

    Attributes:
        keys: ``(batch, source_steps, hidden_size)``, what queries are compared with.
        values: ``(batch, source_steps, hidden_size)``, what is looked up.
        mask: ``(batch, source_steps)``, True on real steps.
        state: ``(batch, hidden_size)``, the decoder's first state.
    """

    keys: KerasTensor
    values: KerasTensor
    mask: KerasTensor
    state: KerasTensor


@keras.saving.register_keras_serializable(package="rnn_course")
class AttentionCell(layers.Layer):
    """A GRU cell that looks at a memory before each step, for ``keras.layers.RNN``.

    Its states are the GRU's, and the memory, which it hands on as it came. Its output is
    state, context and weights side by side: an ``RNN`` takes one tensor a step.
    """

    def __init__(self, hidden_size, **kwargs):
        """Make the layers."""
        super().__init__(**kwargs)
        self.hidden_size = hidden_size
        self.gru = layers.GRUCell(hidden_size)
        self.query = layers.Dense(hidden_size)
        self.score = layers.Dense(1, use_bias=False)
        self.state_size = [hidden_size, (None, hidden_size), (None, hidden_size), None]

    def build(self, input_shape):
        """All widths are known: make the weights."""
        self.gru.build((None, input_shape[-1] + self.hidden_size))
        self.query.build((None, self.hidden_size))
        self.score.build((None, None, self.hidden_size))
        self.built = True

    def call(self, vectors, states, training=False):
        """One step; see the class."""
        state, keys, values, mask = states
        # (batch, 1, hidden) + (batch, source_steps, hidden)
        mixed = ops.tanh(self.query(state)[:, None] + keys)
        weights = masked_softmax(self.score(mixed)[..., 0], mask)
        context = ops.matmul(weights[:, None], values)[:, 0]
        fed = ops.concatenate([vectors, context], axis=-1)
        state, _ = self.gru(fed, [state])
        output = ops.concatenate([state, context, weights], axis=-1)
        return output, [state, keys, values, mask]


@keras.saving.register_keras_serializable(package="rnn_course")
class Translator(keras.Model):
    """Read a sentence in both directions, write another, look back at every step.

    Called as ``model((source, source_lengths, target_in))``: ids ``(batch, source_steps)``
    and ``(batch, target_steps)``, padded on the right with 0, and lengths ``(batch,)``.
    Returns ``(logits, attention)``: ``(batch, target_steps, target_vocab_size)`` and
    ``(batch, target_steps, source_steps)``, exactly 0 on pads; attention is ``None`` where
    there is none.

    Args:
        source_vocab_size: the number of ids of the language read.
        target_vocab_size: the number of ids of the language written.
        embedding_dim: the width of an embedded word, in both.
        hidden_size: the width of the decoder's state; the encoder has half a direction.
        attention: ``"additive"``: before each step, from the state before, and fed into
            the step (Bahdanau et al. 2015). ``"dot"``: after all steps, from the states
            (Luong et al. 2015). ``None``: the decoder sees the encoder's last state alone.
        dropout: on embedded words and before the output, in training.

    Raises:
        ValueError: naming the argument at fault.
    """

    #: What is traced: the embedding, the layer that reads it, and the input's name.
    traced = ("source_embedding", "encoder", "source")

    def __init__(
        self,
        source_vocab_size,
        target_vocab_size,
        embedding_dim=64,
        hidden_size=128,
        attention="additive",
        dropout=0.0,
        **kwargs,
    ):
        """Make the layers; see the class for the arguments."""
        config = translator_config(locals())
        super().__init__(**kwargs)
        self.config, self.attention = config, attention
        self.source_embedding = _embedding(source_vocab_size, embedding_dim)
        self.target_embedding = _embedding(target_vocab_size, embedding_dim)
        self.encoder = layers.Bidirectional(
            layers.GRU(hidden_size // 2, return_sequences=True)
        )
        self.bridge = layers.Dense(hidden_size, activation="tanh")
        self.keys = self.combine = None
        if attention is not None:
            self.keys = layers.Dense(hidden_size, use_bias=False)
            self.combine = layers.Dense(hidden_size, activation="tanh")
        if attention == "additive":
            self.decoder = layers.RNN(AttentionCell(hidden_size), return_sequences=True)
        else:
            self.decoder = layers.GRU(hidden_size, return_sequences=True)
        self.dropout = layers.Dropout(dropout)
        self.output_layer = layers.Dense(target_vocab_size)
        self._build_layers(embedding_dim, hidden_size)

    @property
    def query(self):
        """The map from states to queries; it lives in the decoder's cell."""
        return self.decoder.cell.query if self.attention == "additive" else None

    @property
    def score(self):
        """The map from mixed queries and keys to scores; it lives there, too."""
        return self.decoder.cell.score if self.attention == "additive" else None

    def call(self, inputs, training=False):
        """Teacher forcing: the right words so far are given; see the class for shapes."""
        source, source_lengths, target_in = inputs
        memory = self.encode(source, source_lengths, training)
        vectors = self.target_embedding(target_in)
        vectors = self.dropout(vectors, training=training)
        states, contexts, weights = self._decode(vectors, memory.state, memory)
        return self._logits(states, contexts, training), weights

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **kwargs):
        """Of the logits alone: attention has no right answer."""
        return super().compute_loss(x, y, y_pred[0], sample_weight, **kwargs)

    def encode(self, source, lengths, training=False) -> Memory:
        """``(batch, source_steps), (batch,)`` -> all that decoding needs of the source."""
        mask = padding_mask(lengths, ops.shape(source)[1])
        vectors = self.dropout(self.source_embedding(source), training=training)
        # Backwards, pads would come first: the mask skips them.
        values = self.encoder(vectors, mask=mask)
        state = self.bridge(last_state(values, lengths, bidirectional=True))
        keys = values if self.keys is None else self.keys(values)
        return Memory(keys, values, mask, state)

    def decode_step(self, tokens, state, memory: Memory):
        """Write one word more.

        Args:
            tokens: ``(batch,)``, the words before.
            state: ``(batch, hidden_size)``; ``memory.state`` at the start.
            memory: what :meth:`encode` returned.

        Returns:
            ``(log_probs, state, attention)``: ``(batch, target_vocab_size)``, the state to
            go on with, and ``(batch, source_steps)`` or ``None``.
        """
        vectors = self.target_embedding(tokens)[:, None]
        states, contexts, weights = self._decode(vectors, state, memory)
        logits = self._logits(states, contexts)[:, 0]
        weights = None if weights is None else weights[:, 0]
        return ops.log_softmax(logits), states[:, 0], weights

    def _decode(self, vectors, state, memory: Memory):
        """``(batch, target_steps, embedding_dim)`` -> states, contexts and weights."""
        if self.attention == "additive":
            mask = ops.cast(memory.mask, vectors.dtype)  # states are numbers
            states = [state, memory.keys, memory.values, mask]
            steps = self.decoder(vectors, initial_state=states)
            width = self.config["hidden_size"]
            # Slices, not `ops.split`: it wants to know the number of source steps.
            weights = steps[..., 2 * width :]
            return steps[..., :width], steps[..., width : 2 * width], weights
        states = self.decoder(vectors, initial_state=state)
        if self.attention is None:
            return states, None, None
        scores = ops.matmul(states, ops.transpose(memory.keys, (0, 2, 1)))
        weights = masked_softmax(scores, memory.mask[:, None])
        return states, ops.matmul(weights, memory.values), weights

    def _logits(self, states, contexts, training=False):
        if contexts is not None:
            states = self.combine(ops.concatenate([states, contexts], axis=-1))
        return self.output_layer(self.dropout(states, training=training))

    def _build_layers(self, embedding_dim, hidden_size):
        """All widths are known now: make the weights, so that they can be counted."""
        self.source_embedding.build()
        self.target_embedding.build()
        self.encoder.build((None, None, embedding_dim))
        self.decoder.build((None, None, embedding_dim))
        self.bridge.build((None, hidden_size))
        self.output_layer.build((None, hidden_size))
        if self.attention is not None:
            self.keys.build((None, None, hidden_size))
            self.combine.build((None, None, 2 * hidden_size))
        self.built = True

    def get_config(self):
        """The constructor's arguments, for saving as ``.keras``."""
        return {**super().get_config(), **self.config}


def _embedding(vocab_size: int, embedding_dim: int) -> layers.Embedding:
    """Vectors of length 1 or so."""
    start = keras.initializers.RandomNormal(stddev=embedding_dim**-0.5)
    return layers.Embedding(vocab_size, embedding_dim, embeddings_initializer=start)


def masked_softmax(scores: KerasTensor, mask: KerasTensor) -> KerasTensor:
    """Softmax over the last axis, in which masked entries are exactly 0.

    Args:
        scores: any shape.
        mask: True (or 1) where an entry counts; at least one of each row.
    """
    scores = ops.where(mask, scores, -float("inf"))
    # Written out: `ops.softmax` warns of a sentence with a single word.
    parts = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True))
    return parts / ops.sum(parts, axis=-1, keepdims=True)
