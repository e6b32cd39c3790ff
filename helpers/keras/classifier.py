"""A recurrent classifier of sequences, in Keras."""

import keras
from keras import layers, ops

from helpers.arguments import classifier_config
from helpers.keras.readout import padding_mask, read_out

_LAYERS = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}
_UNKNOWN = 1  # the id of <unk>


@keras.saving.register_keras_serializable(package="rnn_course")
class SequenceClassifier(keras.Model):
    """Embed (ids only), run a recurrent network, read out, classify.

    Called as ``model((inputs, lengths))``. ``inputs`` is ``(batch, steps, num_features)``
    floats or ``(batch, steps)`` ids, padded on the right with 0; ``lengths`` is ``(batch,)``.
    Returns logits ``(batch, num_classes)``, or ``(logits, rating)`` with rating
    ``(batch, 1)`` where ``with_rating`` is set. Pads change nothing.

    Args:
        num_classes: the number of logits; 1 is one binary logit.
        cell: ``"rnn"`` (tanh), ``"lstm"`` or ``"gru"``.
        hidden_size: the width of the state, a direction.
        num_features: the width of float input; or
        vocab_size: the number of ids. Exactly one of the two.
        embedding_dim: the width of an embedded id.
        num_layers: how many recurrent layers are stacked.
        bidirectional: whether each layer also runs from the last real step to the first.
        readout: ``"last"``, ``"mean"``, ``"max"`` or ``"mean_max"``.
        dropout: between layers and before the output, in training.
        embedding_dropout: on the embedded vectors, in training.
        word_dropout: the share of words replaced by ``<unk>``, in training.
        embeddings: ``(vocab_size, embedding_dim)``, pretrained vectors to start from.
        with_rating: whether a second output predicts a number.

    Raises:
        ValueError: naming the argument at fault.
    """

    #: What is traced: the embedding, the layer that reads it, and the input's name.
    traced = ("embedding", "rnn", "inputs")

    def __init__(
        self,
        num_classes,
        cell="rnn",
        hidden_size=64,
        num_features=None,
        vocab_size=None,
        embedding_dim=None,
        num_layers=1,
        bidirectional=False,
        readout="last",
        dropout=0.0,
        embedding_dropout=0.0,
        word_dropout=0.0,
        embeddings=None,
        with_rating=False,
        **kwargs,
    ):
        """Make the layers; see the class for the arguments."""
        config = classifier_config(locals())
        super().__init__(**kwargs)
        self.config = config
        self.readout, self.word_dropout = readout, word_dropout
        self.bidirectional = bidirectional
        self.embedding = None
        if vocab_size:
            self.embedding = layers.Embedding(vocab_size, embedding_dim)
            self.embedding.build()
        if embeddings is not None:
            self.embedding.set_weights([embeddings])
        self.embedding_dropout = layers.Dropout(embedding_dropout)
        self.rnn = []
        for _ in range(num_layers):
            layer = _LAYERS[cell](hidden_size, return_sequences=True)
            self.rnn.append(layers.Bidirectional(layer) if bidirectional else layer)
        self.dropout = layers.Dropout(dropout)
        self.output_layer = layers.Dense(num_classes)
        self.rating = layers.Dense(1) if with_rating else None
        self._words = keras.random.SeedGenerator()
        self._build_layers(num_features or embedding_dim)

    def call(self, inputs, training=False):
        """``(batch, steps[, num_features]), (batch,)`` -> logits ``(batch, num_classes)``."""
        _, lengths = inputs
        states = self.states(inputs, training)
        # (batch, steps, width) -> (batch, width)
        summary = read_out(states, lengths, self.readout, self.bidirectional)
        summary = self.dropout(summary, training=training)
        if self.rating is None:
            return self.output_layer(summary)
        return self.output_layer(summary), self.rating(summary)

    def states(self, inputs, training=False):
        """The last layer's states: ``(batch, steps, hidden_size * directions)``."""
        inputs, lengths = inputs
        mask = padding_mask(lengths, ops.shape(inputs)[1])
        states = self._embed(inputs, mask, training)
        for depth, layer in enumerate(self.rnn):
            if depth:
                states = self.dropout(states, training=training)
            # Backwards, pads would come first: the mask skips them.
            # Forwards they do no harm, and a layer is faster unmasked.
            states = layer(states, mask=mask if self.bidirectional else None)
        return states

    def _embed(self, inputs, mask, training):
        if self.embedding is None:
            return inputs
        if training and self.word_dropout:
            draws = keras.random.uniform(ops.shape(inputs), seed=self._words)
            dropped = ops.logical_and(mask, draws < self.word_dropout)
            inputs = ops.where(dropped, ops.cast(_UNKNOWN, inputs.dtype), inputs)
        return self.embedding_dropout(self.embedding(inputs), training=training)

    def _build_layers(self, width):
        """All widths are known now: make the weights, so that they can be counted."""
        hidden_size = self.config["hidden_size"] * (1 + self.bidirectional)
        for layer in self.rnn:
            layer.build((None, None, width))
            width = hidden_size
        summary = width * (1 + (self.readout == "mean_max"))
        for layer in (self.output_layer, self.rating):
            if layer is not None:
                layer.build((None, summary))
        self.built = True

    def get_config(self):
        """The constructor's arguments, for saving as ``.keras``."""
        return {**super().get_config(), **self.config}
