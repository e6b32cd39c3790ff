"""The sampled softmax: with the correction it leads where the full one leads."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from helpers.pytorch.next_item import NextItemModel
from helpers.pytorch.sampled_softmax import ItemVectors, sampled_softmax_loss

ITEMS = 12
COUNTS = np.array([0, *2.0 ** np.arange(ITEMS)])
#: What people choose: items 1, 5 and 12 more often than others.
WANTED = torch.tensor([6.0, 1, 1, 1, 4, 1, 1, 1, 1, 1, 1, 9]) / 28
#: Two histories and their targets; the second is padded.
BATCH = torch.tensor([[1, 5, 9], [12, 3, 0]]), torch.tensor([3, 2])
TARGETS = torch.tensor([[5, 9, 2], [3, 7, 0]])


def _models():
    torch.manual_seed(0)
    arguments = {"embedding_dim": 4, "hidden_size": 5, "tie_weights": True}
    full, vectors = NextItemModel(ITEMS, **arguments), ItemVectors(ITEMS, **arguments)
    vectors.load_state_dict(full.state_dict())
    return full, vectors


def _learned(corrected):
    """One context for all: which distribution of items does the loss lead to?"""
    torch.manual_seed(0)
    table = torch.nn.Embedding(ITEMS + 1, 1)
    torch.nn.init.zeros_(table.weight)
    counts = np.array([0, *range(1, ITEMS + 1)])
    loss = sampled_softmax_loss(SimpleNamespace(embedding=table), counts, 5, corrected)
    optimizer = torch.optim.Adam(table.parameters(), lr=0.02)
    for _ in range(800):
        targets = torch.multinomial(WANTED, 256, replacement=True) + 1
        optimizer.zero_grad()
        loss(torch.ones(256, 1, 1), targets[:, None]).backward()
        optimizer.step()
    return table.weight[1:, 0].detach().softmax(dim=0)


def test_with_the_correction_the_optimum_is_that_of_the_full_softmax():
    distance = (_learned(corrected=True) - WANTED).abs().sum() / 2
    assert distance < 0.12  # of 1; what is left is noise


def test_without_it_popular_items_are_punished():
    wrong = WANTED / torch.arange(1, ITEMS + 1)
    learned = _learned(corrected=False)
    assert (learned - wrong / wrong.sum()).abs().sum() / 2 < 0.12
    assert (learned - WANTED).abs().sum() / 2 > 0.2


def test_pads_do_not_count():
    _, vectors = _models()
    loss = sampled_softmax_loss(vectors, COUNTS)
    values = []
    for steps in (3, 6):
        items = torch.nn.functional.pad(BATCH[0], (0, steps - 3))
        targets = torch.nn.functional.pad(TARGETS, (0, steps - 3))
        torch.manual_seed(0)
        values.append(loss(vectors(items, BATCH[1]), targets).item())
    assert values[0] == pytest.approx(values[1])


def test_the_target_is_never_its_own_rival():
    """Only one item is ever drawn, and it is the target: nothing is left to lose."""
    _, vectors = _models()
    counts = np.zeros(ITEMS + 1)
    counts[5] = 1
    loss = sampled_softmax_loss(vectors, counts, corrected=False)
    targets = torch.tensor([[5, 5, 5], [5, 5, 0]])
    assert loss(vectors(*BATCH), targets).item() == pytest.approx(0)


def test_an_item_never_counted_is_a_target_all_the_same():
    _, vectors = _models()
    counts = np.ones(ITEMS + 1)
    counts[[0, 5]] = 0
    assert torch.isfinite(
        sampled_softmax_loss(vectors, counts)(vectors(*BATCH), TARGETS)
    )
