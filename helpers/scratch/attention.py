"""Attention in NumPy: scores, a softmax that skips pads, and a weighted mean.

A query is one vector a sequence, ``(batch, units)``, as at one step of a decoder, or one at
every step, ``(batch, target_steps, units)``; scores, weights and context follow suit. The
einsum's ``...`` stands for the axis that is there or not.

References: D. Bahdanau, K. Cho and Y. Bengio (2015), "Neural Machine Translation by Jointly
Learning to Align and Translate", ICLR; M.-T. Luong, H. Pham and C. Manning (2015), "Effective
Approaches to Attention-based Neural Machine Translation", EMNLP, for the dot product.
"""

import numpy as np

from helpers.scratch.shared import check_shape


def dot_scores(query: np.ndarray, keys: np.ndarray, scale: float = 1.0) -> np.ndarray:
    """Luong's score: how much a query and a key point the same way.

    Args:
        query: ``(batch, units)`` or ``(batch, target_steps, units)``.
        keys: ``(batch, source_steps, units)``.
        scale: a factor of all scores; a transformer takes ``1 / sqrt(units)``.

    Returns:
        ``(batch, source_steps)`` or ``(batch, target_steps, source_steps)``.

    Raises:
        ValueError: an argument has the wrong shape.
    """
    check_shape("keys", keys, {"batch": None, "source_steps": None, "units": None})
    _check_per_query("query", query, len(keys), {"units": keys.shape[2]})
    return np.einsum("b...u,bsu->b...s", query, keys) * scale


def additive_scores(
    query: np.ndarray,
    keys: np.ndarray,
    W_query: np.ndarray,
    W_keys: np.ndarray,
    v: np.ndarray,
) -> np.ndarray:
    """Bahdanau's score, a small network: ``v · tanh(query W_query + key W_keys)``.

    Args:
        query: ``(batch, query_units)`` or ``(batch, target_steps, query_units)``.
        keys: ``(batch, source_steps, key_units)``.
        W_query: ``(query_units, units)``.
        W_keys: ``(key_units, units)``.
        v: ``(units,)``.

    Returns:
        ``(batch, source_steps)`` or ``(batch, target_steps, source_steps)``.

    Raises:
        ValueError: an argument has the wrong shape.
    """
    check_shape("keys", keys, {"batch": None, "source_steps": None, "key_units": None})
    _check_per_query("query", query, len(keys), {"query_units": None})
    check_shape("v", v, {"units": None})
    for name, W, read in (("query", W_query, query), ("keys", W_keys, keys)):
        axes = {f"units of {name}": read.shape[-1], "units": len(v)}
        check_shape(f"W_{name}", W, axes)
    query, keys = query @ W_query, keys @ W_keys
    if query.ndim == 3:
        keys = keys[:, None]  # (batch, 1, source_steps, units)
    return np.tanh(query[..., None, :] + keys) @ v


def masked_softmax(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Weights that sum to 1 over the real source steps, and are 0 on pads.

    Args:
        scores: ``(batch, source_steps)`` or ``(batch, target_steps, source_steps)``; of any
            size, since only differences to the largest real one are exponentiated.
        mask: ``(batch, source_steps)``, True on real steps.

    Returns:
        Weights in the shape of ``scores``; all 0 where a sequence has no real step.

    Raises:
        ValueError: an argument has the wrong shape.
    """
    check_shape("mask", mask, {"batch": None, "source_steps": None})
    _check_per_query("scores", scores, len(mask), {"source_steps": mask.shape[1]})
    if scores.ndim == 3:
        mask = mask[:, None]
    scores = np.where(mask, scores, -np.inf)
    highest = scores.max(axis=-1, keepdims=True)
    # With no real step the highest is -inf, and -inf minus -inf would be NaN.
    exponentials = np.exp(scores - np.where(highest == -np.inf, 0, highest))
    total = exponentials.sum(axis=-1, keepdims=True)
    return exponentials / np.where(total == 0, 1, total)


def attend(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The context: the mean of the values, weighted.

    Args:
        weights: ``(batch, source_steps)`` or ``(batch, target_steps, source_steps)``.
        values: ``(batch, source_steps, units)``.

    Returns:
        ``(batch, units)`` or ``(batch, target_steps, units)``.

    Raises:
        ValueError: an argument has the wrong shape.
    """
    check_shape("values", values, {"batch": None, "source_steps": None, "units": None})
    _check_per_query("weights", weights, len(values), {"source_steps": values.shape[1]})
    return np.einsum("b...s,bsu->b...u", weights, values)


def softmax_backward(d_weights: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Through :func:`masked_softmax`: pads weigh 0, so nothing flows to their scores.

    Args:
        d_weights: the gradient of the loss with respect to the weights.
        weights: what the softmax returned, of the same shape.

    Returns:
        The gradient of the scores, in that shape.
    """
    return weights * (d_weights - (weights * d_weights).sum(axis=-1, keepdims=True))


def dot_attention_backward(
    d_context: np.ndarray,
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    weights: np.ndarray,
    scale: float = 1.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Back through :func:`attend`, :func:`masked_softmax` and :func:`dot_scores`.

    Args:
        d_context: the gradient of the loss with respect to the context.
        query: as given to :func:`dot_scores`; so are ``keys`` and ``scale``.
        keys: see there. Where they are the values as well, add the two gradients.
        values: as given to :func:`attend`.
        weights: what :func:`masked_softmax` returned.
        scale: see there.

    Returns:
        ``(d_query, d_keys, d_values)``.
    """
    single = query.ndim == 2
    if single:  # a sequence of one query
        d_context, query, weights = (x[:, None] for x in (d_context, query, weights))
    d_scores = softmax_backward(d_context @ values.swapaxes(1, 2), weights) * scale
    d_query, d_keys = d_scores @ keys, d_scores.swapaxes(1, 2) @ query
    d_values = weights.swapaxes(1, 2) @ d_context
    return d_query[:, 0] if single else d_query, d_keys, d_values


def _check_per_query(
    name: str, array: np.ndarray, batch: int, last: dict[str, int | None]
) -> None:
    """Check for ``(batch, last)`` or ``(batch, target_steps, last)``."""
    steps = {"target_steps": None} if np.ndim(array) == 3 else {}
    check_shape(name, array, {"batch": batch} | steps | last)
