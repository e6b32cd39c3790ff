"""A recurrent classifier of sequences, in PyTorch."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers.arguments import classifier_config
from helpers.pytorch.readout import padding_mask, read_out

_LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
_UNKNOWN = 1  # the id of <unk>


class SequenceClassifier(nn.Module):
    """Embed (ids only), run a recurrent network, read out, classify.

    Called as ``model(inputs, lengths)``. ``inputs`` is ``(batch, steps, num_features)``
    floats or ``(batch, steps)`` ids, padded on the right with 0; ``lengths`` is ``(batch,)``,
    on the CPU. Returns logits ``(batch, num_classes)``, or ``(logits, rating)`` with
    rating ``(batch, 1)`` where ``with_rating`` is set. Pads change nothing.

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
    ):
        """Make the layers; see the class for the arguments."""
        config = classifier_config(locals())
        super().__init__()
        self.config = config
        self.readout, self.word_dropout = readout, word_dropout
        self.embedding = None
        if vocab_size:
            self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=0)
        if embeddings is not None:
            self.embedding.weight.data.copy_(torch.as_tensor(embeddings))
        self.embedding_dropout = nn.Dropout(embedding_dropout)
        self.rnn = _LAYERS[cell](
            num_features or embedding_dim,
            hidden_size,
            num_layers,
            batch_first=True,
            bidirectional=bidirectional,
            dropout=dropout if num_layers > 1 else 0.0,
        )
        self.dropout = nn.Dropout(dropout)
        width = hidden_size * (1 + bidirectional) * (1 + (readout == "mean_max"))
        self.output = nn.Linear(width, num_classes)
        self.rating = nn.Linear(width, 1) if with_rating else None

    def forward(self, inputs: Tensor, lengths: Tensor):
        """``(batch, steps[, num_features]), (batch,)`` -> logits ``(batch, num_classes)``."""
        states = self.states(inputs, lengths)
        # (batch, steps, width) -> (batch, width)
        summary = read_out(states, lengths, self.readout, self.rnn.bidirectional)
        summary = self.dropout(summary)
        if self.rating is None:
            return self.output(summary)
        return self.output(summary), self.rating(summary)

    def states(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        """The last layer's states: ``(batch, steps, hidden_size * directions)``."""
        vectors = self._embed(inputs, lengths)
        if not self.rnn.bidirectional:
            # Pads come after all that is read: no harm.
            return self.rnn(vectors)[0]
        # Backwards, pads would come first: packing leaves them out.
        packed = pack_padded_sequence(
            vectors, lengths, batch_first=True, enforce_sorted=False
        )
        states, _ = pad_packed_sequence(
            self.rnn(packed)[0], batch_first=True, total_length=inputs.shape[1]
        )
        return states

    def _embed(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        if self.embedding is None:
            return inputs
        if self.training and self.word_dropout:
            real = padding_mask(lengths.to(inputs.device), inputs.shape[1])
            dropped = torch.rand(inputs.shape, device=inputs.device) < self.word_dropout
            inputs = inputs.masked_fill(real & dropped, _UNKNOWN)
        return self.embedding_dropout(self.embedding(inputs))
