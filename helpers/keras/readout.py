"""From the states of all steps to one vector a sequence, pads left out."""

from keras import KerasTensor, ops


def padding_mask(lengths: KerasTensor, steps: int) -> KerasTensor:
    """True on real steps, False on pads: ``(batch,)`` -> ``(batch, steps)``."""
    return ops.arange(steps, dtype="int32") < ops.cast(lengths, "int32")[:, None]


def last_state(
    states: KerasTensor, lengths: KerasTensor, bidirectional: bool = False
) -> KerasTensor:
    """Each sequence's state at its last real step.

    A bidirectional layer has read everything at two places: its forward half at the last
    real step, its backward half at step 0.

    Args:
        states: ``(batch, steps, width)``; both directions side by side where there are two.
        lengths: ``(batch,)``.
        bidirectional: whether the second half of ``width`` ran backwards.

    Returns:
        ``(batch, width)``.
    """
    index = ops.cast(lengths, "int32")[:, None, None] - 1
    last = ops.take_along_axis(states, index, axis=1)[:, 0]
    if not bidirectional:
        return last
    forward, _ = ops.split(last, 2, axis=-1)
    _, backward = ops.split(states[:, 0], 2, axis=-1)
    return ops.concatenate([forward, backward], axis=-1)


def mean_state(states: KerasTensor, lengths: KerasTensor) -> KerasTensor:
    """The mean over real steps: ``(batch, steps, width) -> (batch, width)``."""
    mask = padding_mask(lengths, ops.shape(states)[1])[:, :, None]
    total = ops.sum(states * ops.cast(mask, states.dtype), axis=1)
    return total / ops.cast(lengths, states.dtype)[:, None]


def max_state(states: KerasTensor, lengths: KerasTensor) -> KerasTensor:
    """The largest value over real steps: ``(batch, steps, width) -> (batch, width)``."""
    mask = padding_mask(lengths, ops.shape(states)[1])[:, :, None]
    return ops.max(ops.where(mask, states, -float("inf")), axis=1)


def read_out(
    states: KerasTensor, lengths: KerasTensor, kind: str, bidirectional: bool = False
) -> KerasTensor:
    """Summarise a sequence by its ``"last"``, ``"mean"``, ``"max"`` or ``"mean_max"`` state.

    Args:
        states: ``(batch, steps, width)``.
        lengths: ``(batch,)``.
        kind: the read-out; ``"mean_max"`` joins both.
        bidirectional: whether the second half of ``width`` ran backwards.

    Returns:
        ``(batch, width)``, or ``(batch, 2 * width)`` for ``"mean_max"``.
    """
    if kind == "last":
        return last_state(states, lengths, bidirectional)
    if kind == "mean":
        return mean_state(states, lengths)
    if kind == "max":
        return max_state(states, lengths)
    both = [mean_state(states, lengths), max_state(states, lengths)]
    return ops.concatenate(both, axis=-1)
