"""A GRU that predicts the next item of a history, in PyTorch."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.arguments import next_item_config
from helpers.data.next_item import score_histories
from helpers.metrics.validation import RankingLogs
from helpers.pytorch.callbacks import Callback
from helpers.pytorch.readout import last_state


class NextItemModel(nn.Module):
    """Embed items, run a GRU, and score every item as the next one, at every step.

    Called as ``model(items, lengths)``. ``items`` is ``(batch, steps)`` ids, 1 to
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
    ):
        """Make the layers; see the class for the arguments."""
        config = next_item_config(locals())
        super().__init__()
        self.config, self.num_items = config, num_items
        self.embedding = nn.Embedding(num_items + 1, embedding_dim, padding_idx=0)
        # Small, as the vectors may be the output matrix too: logits start near 0.
        nn.init.normal_(self.embedding.weight[1:], std=0.1)
        self.gru = nn.GRU(embedding_dim, hidden_size, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.projection = nn.Linear(hidden_size, embedding_dim) if tie_weights else None
        self.output = None if tie_weights else nn.Linear(hidden_size, num_items + 1)

    def forward(self, items: Tensor, lengths: Tensor) -> Tensor:
        """``(batch, steps), (batch,)`` -> logits ``(batch, steps, num_items + 1)``."""
        return self._logits(self.states(items))

    def states(self, items: Tensor) -> Tensor:
        """What the GRU knows after each item: ``(batch, steps, hidden_size)``."""
        return self.gru(self.embedding(items))[0]

    def last(self, items: Tensor, lengths: Tensor) -> Tensor:
        """The logits after each history's last item: ``(batch, num_items + 1)``."""
        lengths = lengths.to(items.device)
        return self._logits(last_state(self.states(items), lengths))

    def step(self, items: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """One item more: ``(batch,)`` and the state before, ``(batch, hidden_size)``.

        Returns:
            ``(logits, state)``: ``(batch, num_items + 1)`` and the state to carry on.
        """
        vectors = self.embedding(items)[:, None]
        _, state = self.gru(vectors, None if state is None else state[None])
        return self._logits(state[0]), state[0]

    def _logits(self, states: Tensor) -> Tensor:
        states = self.dropout(states)
        if self.projection is None:
            return self.output(states)
        return F.linear(self.projection(states), self.embedding.weight)


def next_item_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy, the mean over the steps that have a target.

    Args:
        logits: ``(batch, steps, num_items + 1)``.
        targets: ``(batch, steps)`` items; 0 where there is none.
    """
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=0)


@torch.no_grad()
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
    model.eval()
    device = next(model.parameters()).device

    def last(items: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        items = torch.from_numpy(items).to(device)
        return model.last(items, torch.from_numpy(lengths)).cpu().numpy()

    return score_histories(last, histories, model.num_items, fallback)


class RankingValidation(RankingLogs, Callback):
    """After each epoch, log HR@10 and NDCG@10 of held-out questions, by full ranking.

    The logs get ``val_hr10`` and ``val_ndcg10``; seen items are not removed.

    Args:
        held_out: the questions.
    """

    def answers(self, histories: Sequence[np.ndarray]) -> np.ndarray:
        """Score all items for every question."""
        return score_next(self.model, histories)
