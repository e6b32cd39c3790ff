"""What training on every prefix at once is worth, against one example a prefix."""

import time

import numpy as np
import torch
from torch.nn import functional as F

from helpers.data import BucketSampler, every_prefix
from helpers.data.next_item import separate_prefixes
from helpers.pytorch.loading import loader
from helpers.pytorch.next_item import NextItemModel, next_item_loss
from helpers.pytorch.training import fit

ITEMS, USERS, STEPS = 1_682, 32, 100


class OnePrefix(NextItemModel):
    """One example a prefix: only the last logits are asked for."""

    def forward(self, items, lengths):
        return self.last(items, lengths)


def _seconds(kind, dataset, loss, batch_size):
    """The processor's, for one epoch."""
    torch.manual_seed(0)
    model = kind(ITEMS, tie_weights=True)
    batches = loader(dataset, BucketSampler(dataset.lengths, batch_size))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    begun = time.process_time()
    fit(model, batches, loss=loss, optimizer=optimizer, epochs=1)
    return time.process_time() - begun


def test_every_prefix_at_once_is_at_least_five_times_faster(capsys):
    rng = np.random.default_rng(0)
    histories = [rng.integers(1, ITEMS + 1, STEPS + 1) for _ in range(USERS)]
    together = every_prefix(histories, STEPS)
    apart = separate_prefixes(histories, STEPS)
    assert len(apart) == sum(map(len, together.targets)) == USERS * STEPS
    _seconds(NextItemModel, together, next_item_loss, 32)  # to warm up
    once = _seconds(NextItemModel, together, next_item_loss, 32)
    one_by_one = _seconds(OnePrefix, apart, F.cross_entropy, 256)
    with capsys.disabled():
        shown = f"{once:.2f} s at once, {one_by_one:.2f} s one by one"
        print(f"\n{len(apart):,} prefixes: {shown}: {one_by_one / once:.1f}x")
    assert one_by_one >= 5 * once
