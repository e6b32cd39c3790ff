"""An encoder and a decoder with attention between them, in PyTorch."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers.arguments import translator_config
from helpers.pytorch.readout import last_state, padding_mask


class Memory(NamedTuple):
    """What the decoder may look at: one encoded batch of sentences.

    Attributes:
        keys: ``(batch, source_steps, hidden_size)``, what queries are compared with.
        values: ``(batch, source_steps, hidden_size)``, what is looked up.
        mask: ``(batch, source_steps)``, True on real steps.
        state: ``(batch, hidden_size)``, the decoder's first state.
    """

    keys: Tensor
    values: Tensor
    mask: Tensor
    state: Tensor


class Translator(nn.Module):
    """Read a sentence in both directions, write another, look back at every step.

    Called as ``model(source, source_lengths, target_in)``: ids ``(batch, source_steps)``
    and ``(batch, target_steps)``, padded on the right with 0, and lengths ``(batch,)`` on
    the CPU. Returns ``(logits, attention)``: ``(batch, target_steps, target_vocab_size)``
    and ``(batch, target_steps, source_steps)``, exactly 0 on pads; attention is ``None``
    where there is none.

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
    ):
        """Make the layers; see the class for the arguments."""
        config = translator_config(locals())
        super().__init__()
        self.config, self.attention = config, attention
        self.source_embedding = _embedding(source_vocab_size, embedding_dim)
        self.target_embedding = _embedding(target_vocab_size, embedding_dim)
        self.encoder = nn.GRU(
            embedding_dim, hidden_size // 2, batch_first=True, bidirectional=True
        )
        self.bridge = nn.Linear(hidden_size, hidden_size)
        fed = hidden_size if attention == "additive" else 0
        self.decoder = nn.GRU(embedding_dim + fed, hidden_size, batch_first=True)
        self.keys = self.query = self.score = self.combine = None
        if attention is not None:
            self.keys = nn.Linear(hidden_size, hidden_size, bias=False)
            self.combine = nn.Linear(2 * hidden_size, hidden_size)
        if attention == "additive":
            self.query = nn.Linear(hidden_size, hidden_size)
            self.score = nn.Linear(hidden_size, 1, bias=False)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden_size, target_vocab_size)

    def forward(self, source: Tensor, source_lengths: Tensor, target_in: Tensor):
        """Teacher forcing: the right words so far are given; see the class for shapes."""
        memory = self.encode(source, source_lengths)
        vectors = self.dropout(self.target_embedding(target_in))
        if self.attention == "additive":
            states, contexts, weights = self._steps(vectors, memory)
        else:
            states, _ = self.decoder(vectors, memory.state[None].contiguous())
            contexts, weights = self._attend(states, memory)
        return self._logits(states, contexts), weights

    def encode(self, source: Tensor, lengths: Tensor) -> Memory:
        """``(batch, source_steps), (batch,)`` -> all that decoding needs of the source."""
        vectors = self.dropout(self.source_embedding(source))
        # Backwards, pads would come first: packing leaves them out.
        packed = pack_padded_sequence(
            vectors, lengths, batch_first=True, enforce_sorted=False
        )
        values, _ = pad_packed_sequence(
            self.encoder(packed)[0], batch_first=True, total_length=source.shape[1]
        )
        lengths = lengths.to(source.device)
        state = torch.tanh(self.bridge(last_state(values, lengths, bidirectional=True)))
        keys = values if self.keys is None else self.keys(values)
        return Memory(keys, values, padding_mask(lengths, source.shape[1]), state)

    def decode_step(self, tokens: Tensor, state: Tensor, memory: Memory):
        """Write one word more.

        Args:
            tokens: ``(batch,)``, the words before.
            state: ``(batch, hidden_size)``; ``memory.state`` at the start.
            memory: what :meth:`encode` returned.

        Returns:
            ``(log_probs, state, attention)``: ``(batch, target_vocab_size)``, the state to
            go on with, and ``(batch, source_steps)`` or ``None``.
        """
        vectors = self.dropout(self.target_embedding(tokens))[:, None]
        if self.attention == "additive":
            states, contexts, weights = self._steps(vectors, memory, state)
        else:
            states, _ = self.decoder(vectors, state[None].contiguous())
            contexts, weights = self._attend(states, memory)
        logits = self._logits(states, contexts)[:, 0]
        weights = None if weights is None else weights[:, 0]
        return logits.log_softmax(dim=-1), states[:, 0], weights

    def _steps(self, vectors: Tensor, memory: Memory, state: Tensor | None = None):
        """Additive attention: look, then step, once a word."""
        state = memory.state if state is None else state
        steps = []
        for t in range(vectors.shape[1]):
            # (batch, 1, hidden) + (batch, source_steps, hidden)
            mixed = torch.tanh(self.query(state)[:, None] + memory.keys)
            weights = masked_softmax(self.score(mixed)[..., 0], memory.mask)
            context = torch.bmm(weights[:, None], memory.values)
            fed = torch.cat([vectors[:, t : t + 1], context], dim=-1)
            _, state = self.decoder(fed, state[None].contiguous())
            state = state[0]
            steps.append((state, context[:, 0], weights))
        return (torch.stack(each, dim=1) for each in zip(*steps, strict=True))

    def _attend(self, states: Tensor, memory: Memory):
        """Dot attention: all steps look at once, after the decoder has run."""
        if self.attention is None:
            return None, None
        scores = torch.bmm(states, memory.keys.transpose(1, 2))
        weights = masked_softmax(scores, memory.mask[:, None])
        return torch.bmm(weights, memory.values), weights

    def _logits(self, states: Tensor, contexts: Tensor | None) -> Tensor:
        if contexts is not None:
            states = torch.tanh(self.combine(torch.cat([states, contexts], dim=-1)))
        return self.output(self.dropout(states))


def _embedding(vocab_size: int, embedding_dim: int) -> nn.Embedding:
    """Vectors of length 1 or so: PyTorch's own start at the root of ``embedding_dim``."""
    layer = nn.Embedding(vocab_size, embedding_dim, padding_idx=0)
    nn.init.normal_(layer.weight, std=embedding_dim**-0.5)
    with torch.no_grad():
        layer.weight[0] = 0
    return layer


def masked_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax over the last axis, in which masked entries are exactly 0.

    Args:
        scores: any shape.
        mask: True where an entry counts; at least one of each row.
    """
    return scores.masked_fill(~mask, -torch.inf).softmax(dim=-1)
