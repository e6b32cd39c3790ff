"""Every state and every gate of a recurrent layer or model, in Keras."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import KerasTensor, activations, layers, ops

from helpers.scratch import GRUWeights, LSTMWeights, RNNWeights
from helpers.scratch.cells import Weights
from helpers.scratch.traces import Trace, check_ids, trace_stack, traced_parts

_KINDS = {
    layers.SimpleRNN: RNNWeights,
    layers.LSTM: LSTMWeights,
    layers.GRU: GRUWeights,
}
#: What the scratch cells compute; a layer may be without an entry, but not differ in it.
_WANTED = {
    "activation": activations.tanh,
    "recurrent_activation": activations.sigmoid,
    "reset_after": True,
    "stateful": False,
}


def trace(
    model: keras.Model,
    inputs: KerasTensor | np.ndarray,
    lengths: KerasTensor | np.ndarray,
) -> dict[str, Trace]:
    """Trace a model's recurrent layers over what the model itself feeds them.

    Nothing is dropped out.

    Args:
        model: ``SequenceClassifier``, ``NextItemModel``, or ``Translator`` for its encoder.
        inputs: the model's inputs, items or source, as it takes them.
        lengths: ``(batch,)``, the numbers of real steps.

    Returns:
        See :func:`trace_layer`.

    Raises:
        TypeError: the model is none of these.
        ValueError: an id is unknown, or as :func:`trace_layer`.
    """
    embedding, layer, name = traced_parts(model)
    vectors, table = _array(inputs), getattr(model, embedding)
    if table is not None:
        check_ids(name, vectors, table.input_dim)
        vectors = _array(table(vectors))
    return trace_layer(getattr(model, layer), vectors, lengths)


def trace_layer(
    layer: layers.Layer | Sequence[layers.Layer],
    inputs: KerasTensor | np.ndarray,
    lengths: KerasTensor | np.ndarray | None = None,
) -> dict[str, Trace]:
    """Trace all layers and directions of a recurrent layer, from states of zeros.

    Args:
        layer: a built ``SimpleRNN`` (tanh), ``LSTM``, ``GRU`` or ``Bidirectional`` of those;
            or a list of such layers, each on top of the one before.
        inputs: ``(batch, steps, features)``, padded on the right.
        lengths: ``(batch,)``, the numbers of real steps; all are real if left out.

    Returns:
        One trace a layer and direction, by name: ``"0"``, ``"0_reverse"``, ``"1"``, ...

    Raises:
        TypeError: the layer is none of these.
        ValueError: it is not built or computes something else, such as a GRU with
            ``reset_after=False``; the inputs or lengths do not fit.
    """
    weights = layer_weights(layer)
    lengths = None if lengths is None else _array(lengths)
    return trace_stack(weights, _array(inputs), lengths)


def layer_weights(layer: layers.Layer | Sequence[layers.Layer]) -> dict[str, Weights]:
    """The weights of a recurrent layer, copied into the form of ``helpers.scratch``.

    Args:
        layer: see :func:`trace_layer`.

    Returns:
        By layer and direction; the names are those of :func:`trace_layer`.

    Raises:
        TypeError: the layer is none of these.
        ValueError: it is not built, or computes something else.
    """
    stack = list(layer) if isinstance(layer, list | tuple) else [layer]
    for below in stack[:-1]:
        if getattr(below, "merge_mode", "concat") != "concat":
            raise ValueError(
                "layer must have merge_mode='concat' below another; got "
                f"{below.merge_mode!r}"
            )
    weights = {}
    for depth, each in enumerate(stack):
        if isinstance(each, layers.Bidirectional):
            weights[f"{depth}"] = _cell_weights(each.forward_layer)
            backward = _cell_weights(each.backward_layer, reverse=True)
            weights[f"{depth}_reverse"] = backward
        else:
            weights[f"{depth}"] = _cell_weights(each)
    return weights


def _cell_weights(layer: layers.RNN, reverse: bool = False) -> Weights:
    """One direction; the GRU's gates change from update, reset to reset, update."""
    _check_layer(layer, reverse)
    W_x, W_h, *bias = layer.get_weights()
    if type(layer) is not layers.GRU:
        b = bias[0] if bias else np.zeros(W_x.shape[1], W_x.dtype)
        return _KINDS[type(layer)](W_x, W_h, b)
    b = bias[0] if bias else np.zeros((2, W_x.shape[1]), W_x.dtype)
    return GRUWeights(*map(_swap, (W_x, W_h, b)))


def _swap(array: np.ndarray) -> np.ndarray:
    first, second, third = np.split(array, 3, axis=-1)
    return np.concatenate([second, first, third], axis=-1)


def _check_layer(layer: Any, reverse: bool) -> None:
    if type(layer) not in _KINDS:  # a subclass may compute anything
        raise TypeError(
            "layer must be SimpleRNN, LSTM, GRU, or Bidirectional of one; got "
            f"{type(layer).__name__}"
        )
    for name, wanted in (_WANTED | {"go_backwards": reverse}).items():
        value = getattr(layer, name, wanted)
        if value != wanted:
            wanted, value = (getattr(v, "__name__", v) for v in (wanted, value))
            raise ValueError(f"layer must have {name}={wanted}; got {value}")
    if not layer.built:
        raise ValueError("layer must be built: call it once, or its build method")


def _array(values: KerasTensor | np.ndarray) -> np.ndarray:
    return ops.convert_to_numpy(values)
