"""From the states of all steps to one vector a sequence, pads left out."""

import torch
from torch import Tensor


def padding_mask(lengths: Tensor, steps: int) -> Tensor:
    """True on real steps, False on pads: ``(batch,)`` -> ``(batch, steps)``."""
    return torch.arange(steps, device=lengths.device) < lengths[:, None]


def last_state(states: Tensor, lengths: Tensor, bidirectional: bool = False) -> Tensor:
    """Each sequence's state at its last real step.

    A bidirectional layer has read everything at two places: its forward half at the last
    real step, its backward half at step 0.

    Args:
        states: ``(batch, steps, width)``; both directions side by side where there are two.
        lengths: ``(batch,)``, on the device of ``states``.
        bidirectional: whether the second half of ``width`` ran backwards.

    Returns:
        ``(batch, width)``.
    """
    rows = torch.arange(len(states), device=states.device)
    last = states[rows, lengths - 1]
    if not bidirectional:
        return last
    forward, _ = last.chunk(2, dim=-1)
    _, backward = states[:, 0].chunk(2, dim=-1)
    return torch.cat([forward, backward], dim=-1)


def mean_state(states: Tensor, lengths: Tensor) -> Tensor:
    """The mean over real steps: ``(batch, steps, width) -> (batch, width)``."""
    mask = padding_mask(lengths, states.shape[1])[:, :, None]
    return (states * mask).sum(dim=1) / lengths[:, None]


def max_state(states: Tensor, lengths: Tensor) -> Tensor:
    """The largest value over real steps: ``(batch, steps, width) -> (batch, width)``."""
    mask = padding_mask(lengths, states.shape[1])[:, :, None]
    return states.masked_fill(~mask, -torch.inf).amax(dim=1)


def read_out(
    states: Tensor, lengths: Tensor, kind: str, bidirectional: bool = False
) -> Tensor:
    """Summarise a sequence by its ``"last"``, ``"mean"``, ``"max"`` or ``"mean_max"`` state.

    Args:
        states: ``(batch, steps, width)``.
        lengths: ``(batch,)``.
        kind: the read-out; ``"mean_max"`` joins both.
        bidirectional: whether the second half of ``width`` ran backwards.

    Returns:
        ``(batch, width)``, or ``(batch, 2 * width)`` for ``"mean_max"``.
    """
    lengths = lengths.to(states.device)
    if kind == "last":
        return last_state(states, lengths, bidirectional)
    if kind == "mean":
        return mean_state(states, lengths)
    if kind == "max":
        return max_state(states, lengths)
    both = [mean_state(states, lengths), max_state(states, lengths)]
    return torch.cat(both, dim=-1)
