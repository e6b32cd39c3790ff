"""Train against a few items instead of all: for catalogues of millions."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from helpers.pytorch.next_item import NextItemModel


class ItemVectors(NextItemModel):
    """A model whose answer is the vector to be compared with the items' own."""

    def forward(self, items: Tensor, lengths: Tensor) -> Tensor:
        """``(batch, steps), (batch,)`` -> ``(batch, steps, embedding_dim)``."""
        return self.projection(self.dropout(self.states(items)))


def sampled_softmax_loss(
    model: NextItemModel,
    counts: np.ndarray,
    negatives: int = 100,
    corrected: bool = True,
) -> Callable[[Tensor, Tensor], Tensor]:
    """Cross-entropy of the target among a few items drawn in proportion to ``counts``.

    A popular item is drawn as a negative more often than its share of the softmax. To
    subtract ``log Q``, the logarithm of how often it is drawn, from each logit makes up
    for it.

    Args:
        model: its items' vectors are the output matrix.
        counts: ``(num_items + 1,)``, how often each item occurs in training.
        negatives: how many are drawn, the same for the whole batch.
        corrected: whether to subtract ``log Q``.

    Returns:
        The loss of vectors ``(batch, steps, embedding_dim)`` and targets ``(batch, steps)``,
        the mean over the steps that have a target.

    Reference: X. Yi et al. (2019), "Sampling-Bias-Corrected Neural Modeling for Large
    Corpus Item Recommendations", RecSys.
    """
    weights = torch.from_numpy(counts / counts.sum())
    drawn_with = weights.to(model.embedding.weight)
    log_q = drawn_with.clamp_min(1e-9).log()

    def loss(vectors: Tensor, targets: Tensor) -> Tensor:
        real = targets > 0
        vectors, targets = vectors[real], targets[real]
        drawn = torch.multinomial(drawn_with, negatives, replacement=True)
        table = model.embedding.weight
        positive = (vectors * table[targets]).sum(dim=1, keepdim=True)
        negative = vectors @ table[drawn].T
        if corrected:
            positive = positive - log_q[targets][:, None]
            negative = negative - log_q[drawn]
        hits = drawn == targets[:, None]  # the target is no negative
        logits = torch.cat([positive, negative.masked_fill(hits, -torch.inf)], dim=1)
        return F.cross_entropy(logits, torch.zeros_like(targets))

    return loss
