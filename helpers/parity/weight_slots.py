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

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from helpers.keras import keras  # loaded there after torch, and quietly
from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.keras.next_item import NextItemModel as KerasNextItem
from helpers.keras.translator import AttentionCell
from helpers.keras.translator import Translator as KerasTranslator
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier
from helpers.pytorch.next_item import NextItemModel as TorchNextItem
from helpers.pytorch.translator import Translator as TorchTranslator
from helpers.scratch import GRUWeights, LSTMWeights, RNNWeights

Arrays = dict[str, np.ndarray]

_MODELS = (
    *(TorchClassifier, TorchNextItem, TorchTranslator),
    *(KerasClassifier, KerasNextItem, KerasTranslator),
)
#: The parts of those models, by name; Keras' models have another use for ``output``.
_PARTS = (
    *("embedding", "rnn", "gru", "projection", "output_layer", "output", "rating"),
    *("source_embedding", "target_embedding", "encoder", "bridge", "decoder"),
    *("keys", "query", "score", "combine"),
)

_RESET_BEFORE = "(reset_after=False)"  # stands in the message where two are no pair


class _TorchLayer:
    """``nn.Linear`` or ``nn.Embedding`` in canonical form."""

    def __init__(self, layer: nn.Module) -> None:
        self.layer = layer
        self.transposed = isinstance(layer, nn.Linear)

    def read(self) -> Arrays:
        named = self.layer.named_parameters()
        arrays = {name: value.detach().cpu().numpy() for name, value in named}
        if self.transposed:
            arrays["weight"] = arrays["weight"].T
        return arrays

    def write(self, arrays: Arrays) -> None:
        for name, value in self.layer.named_parameters():
            array = arrays[name]
            array = array.T if self.transposed and name == "weight" else array
            value.data.copy_(torch.tensor(array))


class _KerasLayer:
    """``Dense`` or ``Embedding`` in canonical form."""

    def __init__(self, layer: keras.layers.Layer) -> None:
        self.layer = layer

    def read(self) -> Arrays:
        return dict(zip(("weight", "bias"), self.layer.get_weights(), strict=False))

    def write(self, arrays: Arrays) -> None:
        self.layer.set_weights(list(arrays.values()))


class _TorchCell:
    """One direction of one layer of ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``."""

    _NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")

    def __init__(self, layer: nn.RNNBase, suffix: str) -> None:
        self.kind = layer.mode.removesuffix("_TANH").lower()  # rnn, rnn_relu, ...
        self.parameters = [getattr(layer, f"{name}_{suffix}") for name in self._NAMES]

    def read(self) -> Arrays:
        arrays = [value.detach().cpu().numpy().T for value in self.parameters]
        return {f"{self.kind}.{n}": a for n, a in zip(self._NAMES, arrays, strict=True)}

    def write(self, arrays: Arrays) -> None:
        for value, array in zip(self.parameters, arrays.values(), strict=True):
            value.data.copy_(torch.tensor(array.T))


class _KerasCell:
    """``SimpleRNN``, ``LSTM`` or ``GRU``: one layer in one direction."""

    _KINDS = {"SimpleRNN": "rnn", "LSTM": "lstm", "GRU": "gru", "GRUCell": "gru"}  # noqa: RUF012

    def __init__(self, layer: keras.layers.RNN) -> None:
        self.layer, self.kind = layer, self._KINDS[type(layer).__name__]
        if self.kind == "gru" and not layer.reset_after:
            self.kind += _RESET_BEFORE
        if self.kind == "rnn" and layer.activation is not keras.activations.tanh:
            self.kind += f"_{layer.activation.__name__}"  # PyTorch has tanh and relu

    def read(self) -> Arrays:
        kernel, recurrent, bias = self.layer.get_weights()
        arrays = [self._swap(a) for a in (kernel, recurrent, *_two_biases(bias))]
        names = _TorchCell._NAMES
        return {f"{self.kind}.{n}": a for n, a in zip(names, arrays, strict=True)}

    def write(self, arrays: Arrays) -> None:
        kernel, recurrent, *biases = [self._swap(array) for array in arrays.values()]
        bias = _own_biases(biases, self.kind)
        self.layer.set_weights([kernel, recurrent, bias])

    def _swap(self, array: np.ndarray) -> np.ndarray:
        """Exchange the GRU's first two gates: reset, update <-> update, reset."""
        if not self.kind.startswith("gru"):
            return array
        first, second, third = np.split(array, 3, axis=-1)
        return np.concatenate([second, first, third], axis=-1)


class _ScratchCell:
    """The NumPy weights of a cell; gates in PyTorch's order."""

    _KINDS = {RNNWeights: "rnn", LSTMWeights: "lstm", GRUWeights: "gru"}  # noqa: RUF012

    def __init__(self, weights: RNNWeights | LSTMWeights | GRUWeights) -> None:
        self.weights, self.kind = weights, self._KINDS[type(weights)]
        if self.kind == "gru" and not weights.reset_after:
            self.kind += _RESET_BEFORE

    def read(self) -> Arrays:
        arrays = (self.weights.W_x, self.weights.W_h, *_two_biases(self.weights.b))
        names = _TorchCell._NAMES
        return {f"{self.kind}.{n}": a for n, a in zip(names, arrays, strict=True)}

    def write(self, arrays: Arrays) -> None:
        kernel, recurrent, *biases = arrays.values()
        self.weights.W_x, self.weights.W_h = kernel.copy(), recurrent.copy()
        self.weights.b = _own_biases(biases, self.kind)


def _two_biases(bias: np.ndarray) -> list[np.ndarray]:
    """The two biases of the canonical form: ``bias`` has both, or the first alone."""
    return list(bias) if bias.ndim == 2 else [bias, np.zeros_like(bias)]


def _own_biases(biases: list[np.ndarray], kind: str) -> np.ndarray:
    """Back from that form; only a GRU that resets after the product needs both."""
    return np.stack(biases) if kind == "gru" else sum(biases)


def weight_slots(model: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The parts of a model that hold weights, under the same names in all libraries.

    Args:
        model: see :func:`helpers.parity.copy_weights`.
        prefix: of the names.

    Yields:
        ``(name, slot)``; ``slot.read()`` gives its arrays, ``slot.write(arrays)`` sets them.

    Raises:
        TypeError: the model is of no known kind.
    """
    if isinstance(model, _MODELS):
        for name in _PARTS:
            part = getattr(model, name, None)
            if part is not None:
                yield from weight_slots(part, f"{name.removesuffix('_layer')}.")
    elif isinstance(model, nn.RNNBase):
        directions = ("", "_reverse")[: 1 + model.bidirectional]
        for layer in range(model.num_layers):
            for direction in directions:
                cell = _TorchCell(model, f"l{layer}{direction}")
                yield f"{prefix}{layer}{direction}", cell
    elif isinstance(model, list):  # a stack of Keras layers
        for depth, layer in enumerate(model):
            for name, slot in weight_slots(layer):
                yield f"{prefix}{name.replace('0', str(depth), 1)}", slot
    elif isinstance(getattr(model, "cell", None), AttentionCell):
        yield from weight_slots(model.cell.gru, prefix)
    elif isinstance(model, keras.layers.Bidirectional):
        yield f"{prefix}0", _KerasCell(model.forward_layer)
        yield f"{prefix}0_reverse", _KerasCell(model.backward_layer)
    elif type(model).__name__ in _KerasCell._KINDS:
        yield f"{prefix}0", _KerasCell(model)
    elif isinstance(model, nn.Linear | nn.Embedding):
        yield f"{prefix}0", _TorchLayer(model)
    elif isinstance(model, keras.layers.Dense | keras.layers.Embedding):
        yield f"{prefix}0", _KerasLayer(model)
    elif type(model) in _ScratchCell._KINDS:
        yield f"{prefix}0", _ScratchCell(model)
    else:
        raise TypeError(f"cannot copy weights of a {type(model).__name__}")
