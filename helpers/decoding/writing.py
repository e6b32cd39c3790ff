"""Whole lists of sentences through a decoder; knows no framework."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from helpers.data.batching import sorted_batches
from helpers.data.translation import END_ID, START_ID
from helpers.decoding.search import Decoded, Reorder, Step, beam_search, greedy


def write_all(
    encode: Callable[[np.ndarray, np.ndarray], Any],
    step: Step,
    reorder: Reorder,
    sources: Sequence[np.ndarray],
    *,
    beam: int,
    max_steps: int,
    batch_size: int,
) -> Decoded:
    """Write a translation of each source, in batches of similar length.

    Args:
        encode: padded sources ``(rows, steps)`` and lengths ``(rows,)`` -> the state before
            the first token.
        step: the model, as ``helpers.decoding`` describes it.
        reorder: ``reorder(state, rows)``, as described there.
        sources: at least one, each ``(steps,)`` ids with at least one step.
        beam: 1 is greedy search.
        max_steps: how many tokens at most, the end counted.
        batch_size: how many sentences are written together.

    Returns:
        Tokens, attention and log-probabilities in the order of ``sources``.

    Raises:
        ValueError: there is no source, or one has no token (encode an empty text as one
            ``<unk>``).
    """
    if len(sources) == 0:
        raise ValueError("sources must hold at least one sentence; got none")
    if not all(map(len, sources)):
        raise ValueError("sources must all have a token; an empty text is one <unk>")
    limits = {"start": START_ID, "end": END_ID, "max_steps": max_steps}
    found: list[tuple] = [()] * len(sources)
    for rows, source, lengths in sorted_batches(sources, batch_size):
        state, size = encode(source, lengths), len(rows)
        if beam == 1:
            written = greedy(step, state, size, **limits)
        else:
            written = beam_search(
                step, state, size, reorder=reorder, beam=beam, **limits
            )
        attention = written.attention or [None] * size
        each = zip(written.tokens, attention, written.log_probs, strict=True)
        for row, one in zip(rows, each, strict=True):
            found[row] = one
    tokens, attention, log_probs = map(list, zip(*found, strict=True))
    return Decoded(tokens, None if attention[0] is None else attention, log_probs)
