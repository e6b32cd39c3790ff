"""Copy weights between PyTorch and Keras, both ways, and compare what comes out.

Every layer is read into, and written from, one canonical form: kernels as ``(inputs,
outputs)``, gates in PyTorch's order, two biases a cell. What differs between the libraries
stands here and nowhere else:

- PyTorch keeps kernels as ``(outputs, inputs)``, Keras as ``(inputs, outputs)``.
- LSTM gates come as input, forget, cell, output in both; GRU gates as reset, update, new
  in PyTorch and as update, reset, new in Keras.
- PyTorch adds two bias vectors in every cell. Keras has one in ``SimpleRNN`` and ``LSTM``,
  and two in ``GRU``, whose default ``reset_after=True`` is PyTorch's only convention.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from helpers.keras import keras  # loaded there after torch, and quietly
from helpers.keras.classifier import SequenceClassifier as KerasClassifier
from helpers.pytorch.classifier import SequenceClassifier as TorchClassifier

Arrays = dict[str, np.ndarray]

#: Shares that act in training only: two models may differ in them and be a pair.
_TRAINING_ONLY = {"dropout", "embedding_dropout", "word_dropout"}


def copy_weights(source: Any, target: Any) -> None:
    """Give ``target`` the weights of ``source``; afterwards both compute the same.

    Args:
        source: a mirrored model, or a layer: ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``,
            ``nn.Linear``, ``nn.Embedding``, or the Keras layer of that kind (a recurrent
            one may be wrapped in ``Bidirectional``). Keras layers must be built.
        target: its counterpart in either framework.

    Raises:
        TypeError: one of the two is none of these.
        ValueError: they are no pair; ``target`` is left as it was.
    """
    _check_config(source, target)
    given = {name: slot.read() for name, slot in _slots(source)}
    slots = dict(_slots(target))
    differing = _shapes(given) ^ _shapes({n: slot.read() for n, slot in slots.items()})
    if differing:
        raise ValueError(
            "source and target are no pair: they differ in the shapes of "
            + ", ".join(f"{name} {shape}" for name, shape in sorted(differing))
        )
    for name, slot in slots.items():
        slot.write(given[name])


def outputs(model: Any, *inputs: np.ndarray) -> list[np.ndarray]:
    """What a model of either framework answers in evaluation mode.

    Args:
        model: ``model(*inputs)`` in PyTorch, ``model(inputs)`` in Keras.
        *inputs: the model's arguments as arrays.

    Returns:
        Its outputs, one array each.
    """
    if isinstance(model, nn.Module):
        model.eval()
        with torch.no_grad():
            result = model(*(torch.as_tensor(x) for x in inputs))
    else:
        result = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    results = result if isinstance(result, tuple | list) else [result]
    return [np.asarray(each) for each in results]


def output_difference(first: Any, second: Any, *inputs: np.ndarray) -> float:
    """The largest absolute difference between two models' outputs on the same inputs."""
    pairs = zip(outputs(first, *inputs), outputs(second, *inputs), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


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

    _KINDS = {"SimpleRNN": "rnn", "LSTM": "lstm", "GRU": "gru"}  # noqa: RUF012

    def __init__(self, layer: keras.layers.RNN) -> None:
        self.layer, self.kind = layer, self._KINDS[type(layer).__name__]
        if self.kind == "gru" and not layer.reset_after:
            raise ValueError("a Keras GRU needs reset_after=True to match PyTorch")
        if self.kind == "rnn" and layer.activation is not keras.activations.tanh:
            self.kind += f"_{layer.activation.__name__}"  # PyTorch has tanh and relu

    def read(self) -> Arrays:
        kernel, recurrent, bias = self.layer.get_weights()
        biases = list(bias) if self.kind == "gru" else [bias, np.zeros_like(bias)]
        arrays = [self._swap(array) for array in (kernel, recurrent, *biases)]
        names = _TorchCell._NAMES
        return {f"{self.kind}.{n}": a for n, a in zip(names, arrays, strict=True)}

    def write(self, arrays: Arrays) -> None:
        kernel, recurrent, *biases = [self._swap(array) for array in arrays.values()]
        bias = np.stack(biases) if self.kind == "gru" else sum(biases)
        self.layer.set_weights([kernel, recurrent, bias])

    def _swap(self, array: np.ndarray) -> np.ndarray:
        """Exchange the GRU's first two gates: reset, update <-> update, reset."""
        if self.kind != "gru":
            return array
        first, second, third = np.split(array, 3, axis=-1)
        return np.concatenate([second, first, third], axis=-1)


def _slots(model: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The parts of a model that hold weights, under the same names in both frameworks."""
    if isinstance(model, TorchClassifier | KerasClassifier):
        output = model.output_layer if hasattr(model, "output_layer") else model.output
        parts = {"embedding": model.embedding, "rnn": model.rnn, "output": output}
        for name, part in (parts | {"rating": model.rating}).items():
            if part is not None:
                yield from _slots(part, f"{name}.")
    elif isinstance(model, nn.RNNBase):
        directions = ("", "_reverse")[: 1 + model.bidirectional]
        for layer in range(model.num_layers):
            for direction in directions:
                cell = _TorchCell(model, f"l{layer}{direction}")
                yield f"{prefix}{layer}{direction}", cell
    elif isinstance(model, list):  # a stack of Keras layers
        for depth, layer in enumerate(model):
            for name, slot in _slots(layer):
                yield f"{prefix}{name.replace('0', str(depth), 1)}", slot
    elif isinstance(model, keras.layers.Bidirectional):
        yield f"{prefix}0", _KerasCell(model.forward_layer)
        yield f"{prefix}0_reverse", _KerasCell(model.backward_layer)
    elif type(model).__name__ in _KerasCell._KINDS:
        yield f"{prefix}0", _KerasCell(model)
    elif isinstance(model, nn.Linear | nn.Embedding):
        yield f"{prefix}0", _TorchLayer(model)
    elif isinstance(model, keras.layers.Dense | keras.layers.Embedding):
        yield f"{prefix}0", _KerasLayer(model)
    else:
        raise TypeError(f"cannot copy weights of a {type(model).__name__}")


def _shapes(arrays: dict[str, Arrays]) -> set[tuple[str, tuple[int, ...]]]:
    return {
        (f"{slot}.{name}", array.shape)
        for slot, named in arrays.items()
        for name, array in named.items()
    }


def _check_config(source: Any, target: Any) -> None:
    """Two mirrored models must have been made with the same arguments."""
    first, second = getattr(source, "config", None), getattr(target, "config", None)
    if first is None or second is None:
        return
    for name in sorted((first.keys() | second.keys()) - _TRAINING_ONLY):
        if first.get(name) != second.get(name):
            raise ValueError(
                f"source and target are no pair: {name} is {first.get(name)!r} in the "
                f"source and {second.get(name)!r} in the target"
            )
