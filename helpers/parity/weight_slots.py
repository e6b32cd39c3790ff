"""Layers of NumPy, PyTorch and Keras in one canonical form.

That form has kernels as ``(inputs, outputs)``, gates in PyTorch's order, and two biases a
cell. What differs between the libraries stands here and nowhere else:

- PyTorch keeps kernels as ``(outputs, inputs)``, Keras as ``(inputs, outputs)``.
- LSTM gates come as input, forget, cell, output in both; GRU gates as reset, update, new
  in PyTorch and as update, reset, new in Keras.
- PyTorch adds two bias vectors in every cell. Keras has one in ``SimpleRNN`` and ``LSTM``,
  and two in ``GRU``, whose default ``reset_after=True`` is PyTorch's only convention.
  Where a cell has one, the second of the canonical form is 0.
- A GRU with ``reset_after=False`` is another kind of cell; Keras and scratch have it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from helpers.keras import keras  # loaded there after torch, and quietly
from helpers.keras.translator import AttentionCell
from helpers.scratch.cells import CELL_NAMES

Arrays = dict[str, np.ndarray]
#: The arrays of a part in canonical form, and what gives the part others of that form.
Slot = tuple[Arrays, Callable[[Arrays], None]]

#: The parts of a model, by name; Keras' models have another use for ``output``.
_PARTS = (
    *("embedding", "rnn", "gru", "projection", "output_layer", "output", "rating"),
    *("source_embedding", "target_embedding", "encoder", "bridge", "decoder"),
    *("keys", "query", "score", "combine"),
)
_KERAS_CELLS = {"SimpleRNN": "rnn", "LSTM": "lstm", "GRU": "gru", "GRUCell": "gru"}
_CELL_ARRAYS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def _torch_slot(parameters: dict[str, nn.Parameter], transposed: bool = True) -> Slot:
    """Of a PyTorch layer, or of one direction of a recurrent one."""

    def turned(array: np.ndarray) -> np.ndarray:
        return array.T if transposed else array

    def write(arrays: Arrays) -> None:
        for name, value in parameters.items():
            value.data.copy_(torch.tensor(turned(arrays[name])))

    arrays = {n: turned(p.detach().cpu().numpy()) for n, p in parameters.items()}
    return arrays, write


def _torch_cell(layer: nn.RNNBase, suffix: str) -> Slot:
    """Of one direction of one layer of ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``."""
    kind = layer.mode.removesuffix("_TANH").lower()  # rnn, rnn_relu, ...
    parameters = {
        f"{kind}.{name}": getattr(layer, f"{name}_{suffix}") for name in _CELL_ARRAYS
    }
    return _torch_slot(parameters)


def _keras_layer(layer: keras.layers.Layer) -> Slot:
    """Of a ``Dense`` or ``Embedding``."""
    arrays = dict(zip(("weight", "bias"), layer.get_weights(), strict=False))
    return arrays, lambda given: layer.set_weights(list(given.values()))


def _keras_cell(layer: keras.layers.RNN) -> Slot:
    """Of a ``SimpleRNN``, ``LSTM`` or ``GRU``: one layer in one direction."""
    kind = _KERAS_CELLS[type(layer).__name__]
    if kind == "rnn" and layer.activation is not keras.activations.tanh:
        kind += f"_{layer.activation.__name__}"  # PyTorch has tanh and relu

    def swapped(arrays: list[np.ndarray]) -> list[np.ndarray]:
        """Exchange the GRU's first two gates: reset, update <-> update, reset."""
        if kind != "gru":
            return arrays
        parts = [np.split(array, 3, axis=-1) for array in arrays]
        return [np.concatenate([b, a, c], axis=-1) for a, b, c in parts]

    def write(*arrays: np.ndarray) -> None:
        layer.set_weights(swapped(arrays))

    return _cell_slot(layer, kind, swapped(layer.get_weights()), write)


def _scratch_cell(weights: Any) -> Slot:
    """Of the NumPy weights of a cell."""

    def write(*arrays: np.ndarray) -> None:
        weights.W_x, weights.W_h, weights.b = map(np.copy, arrays)

    return _cell_slot(weights, CELL_NAMES[type(weights)], vars(weights).values(), write)


def _cell_slot(
    cell: Any, kind: str, own: Iterable[np.ndarray], write: Callable[..., None]
) -> Slot:
    """Of a cell with one bias or two: of one, the second of the canonical form is 0."""
    kernel, recurrent, bias = own
    two = bias.ndim == 2
    if not getattr(cell, "reset_after", True):
        kind += "(reset_after=False)"  # stands in the message where two are no pair
    biases = bias if two else (bias, np.zeros_like(bias))
    names = [f"{kind}.{name}" for name in _CELL_ARRAYS]

    def write_own(arrays: Arrays) -> None:
        kernel, recurrent, *biases = arrays.values()
        write(kernel, recurrent, np.stack(biases) if two else sum(biases))

    return dict(zip(names, (kernel, recurrent, *biases), strict=True)), write_own


def weight_slots(model: Any, prefix: str = "") -> Iterator[tuple[str, Slot]]:
    """The parts of a model that hold weights, under the same names in all libraries.

    Args:
        model: see :func:`helpers.parity.copy_weights`.
        prefix: of the names.

    Yields:
        ``(name, (arrays, write))``: its arrays, and ``write(arrays)``, which sets others.

    Raises:
        TypeError: the model is of no known kind.
    """
    if hasattr(model, "config"):  # one of the course's models
        for name in _PARTS:
            part = getattr(model, name, None)
            if part is not None:
                yield from weight_slots(part, f"{name.removesuffix('_layer')}.")
    elif isinstance(model, nn.RNNBase):
        directions = ("", "_reverse")[: 1 + model.bidirectional]
        for layer in range(model.num_layers):
            for direction in directions:
                name = f"{layer}{direction}"
                yield f"{prefix}{name}", _torch_cell(model, f"l{name}")
    elif isinstance(model, list):  # a stack of Keras layers
        for depth, layer in enumerate(model):
            for name, slot in weight_slots(layer):
                yield f"{prefix}{name.replace('0', str(depth), 1)}", slot
    elif isinstance(getattr(model, "cell", None), AttentionCell):
        yield from weight_slots(model.cell.gru, prefix)
    elif isinstance(model, keras.layers.Bidirectional):
        yield f"{prefix}0", _keras_cell(model.forward_layer)
        yield f"{prefix}0_reverse", _keras_cell(model.backward_layer)
    elif type(model).__name__ in _KERAS_CELLS:
        yield f"{prefix}0", _keras_cell(model)
    elif isinstance(model, nn.Linear | nn.Embedding):
        turned = isinstance(model, nn.Linear)
        yield f"{prefix}0", _torch_slot(dict(model.named_parameters()), turned)
    elif isinstance(model, keras.layers.Dense | keras.layers.Embedding):
        yield f"{prefix}0", _keras_layer(model)
    elif type(model) in CELL_NAMES:
        yield f"{prefix}0", _scratch_cell(model)
    else:
        raise TypeError(f"cannot copy weights of a {type(model).__name__}")
