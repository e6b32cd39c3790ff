"""Every state and every gate of a recurrent layer or model, in PyTorch."""

from typing import Any

import numpy as np
from torch import Tensor, nn

from helpers.scratch import GRUWeights, LSTMWeights, RNNWeights
from helpers.scratch.cells import Weights
from helpers.scratch.traces import Trace, check_ids, trace_stack, traced_parts

_MODES = {"RNN_TANH": RNNWeights, "LSTM": LSTMWeights, "GRU": GRUWeights}


def trace(
    model: nn.Module, inputs: Tensor | np.ndarray, lengths: Tensor | np.ndarray
) -> dict[str, Trace]:
    """Trace a model's recurrent layers over what the model itself feeds them.

    Nothing is dropped out, whether the model is in training or not, and its mode stays.

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
        check_ids(name, vectors, table.num_embeddings)
        vectors = _array(table.weight)[vectors]
    return trace_layer(getattr(model, layer), vectors, lengths)


def trace_layer(
    layer: nn.RNNBase,
    inputs: Tensor | np.ndarray,
    lengths: Tensor | np.ndarray | None = None,
) -> dict[str, Trace]:
    """Trace all layers and directions of a recurrent layer, from states of zeros.

    Args:
        layer: ``nn.RNN`` (tanh), ``nn.LSTM`` or ``nn.GRU``.
        inputs: as the layer takes them: ``(batch, steps, features)``, or ``(steps, batch,
            features)`` without ``batch_first``; padded at the end.
        lengths: ``(batch,)``, the numbers of real steps; all are real if left out.

    Returns:
        One trace a layer and direction, by name: ``"0"``, ``"0_reverse"``, ``"1"``, ... The
        batch comes first in all.

    Raises:
        TypeError: the layer is none of these.
        ValueError: it has relu or ``proj_size``; the inputs or lengths do not fit.
    """
    weights = layer_weights(layer)
    inputs = _array(inputs)
    if not layer.batch_first and inputs.ndim == 3:
        inputs = inputs.swapaxes(0, 1)
    return trace_stack(weights, inputs, None if lengths is None else _array(lengths))


def layer_weights(layer: nn.RNNBase) -> dict[str, Weights]:
    """The weights of a recurrent layer, copied into the form of ``helpers.scratch``.

    Args:
        layer: ``nn.RNN`` (tanh), ``nn.LSTM`` or ``nn.GRU``.

    Returns:
        By layer and direction; the names are those of :func:`trace_layer`.

    Raises:
        TypeError: the layer is none of these.
        ValueError: it has relu or ``proj_size``.
    """
    _check_layer(layer)
    directions = ("", "_reverse")[: 1 + layer.bidirectional]
    return {
        f"{depth}{direction}": _cell_weights(layer, f"l{depth}{direction}")
        for depth in range(layer.num_layers)
        for direction in directions
    }


def _cell_weights(layer: nn.RNNBase, suffix: str) -> Weights:
    """Kernels turned to ``(inputs, outputs)``; gates are in the scratch order already."""
    W_x, W_h = (
        _array(getattr(layer, f"{name}_{suffix}")).T.copy()
        for name in ("weight_ih", "weight_hh")
    )
    b = np.zeros((2, W_x.shape[1]), W_x.dtype)
    if layer.bias:
        names = ("bias_ih", "bias_hh")
        b = np.stack([_array(getattr(layer, f"{name}_{suffix}")) for name in names])
    # The reset gate acts on the second bias alone; elsewhere both are only ever added.
    return _MODES[layer.mode](W_x, W_h, b if layer.mode == "GRU" else b.sum(axis=0))


def _check_layer(layer: Any) -> None:
    if not isinstance(layer, nn.RNN | nn.LSTM | nn.GRU):
        kind = type(layer).__name__
        raise TypeError(f"layer must be nn.RNN, nn.LSTM or nn.GRU; got {kind}")
    if layer.mode not in _MODES:
        raise ValueError(
            f"layer must have nonlinearity='tanh'; got {layer.nonlinearity!r}"
        )
    if layer.proj_size:
        raise ValueError(f"layer must have proj_size=0; got {layer.proj_size}")


def _array(values: Tensor | np.ndarray) -> np.ndarray:
    if isinstance(values, Tensor):
        return values.detach().cpu().numpy()
    return np.asarray(values)
