"""Copy weights between scratch, PyTorch and Keras, any way, and compare what comes out.

How each library keeps its weights stands in ``helpers.parity.weight_slots``.
"""

from typing import Any

import numpy as np
import torch
from torch import nn

from helpers.parity.weight_slots import Slot, weight_slots
from helpers.pytorch.training import move

#: Shares that act in training only: two models may differ in them and be a pair.
_TRAINING_ONLY = {"dropout", "embedding_dropout", "word_dropout"}


def copy_weights(source: Any, target: Any) -> None:
    """Give ``target`` the weights of ``source``; afterwards both compute the same.

    Args:
        source: a mirrored model, or a layer: ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``,
            ``nn.Linear``, ``nn.Embedding``, or the Keras layer of that kind (a recurrent
            one may be wrapped in ``Bidirectional``), or the weights of a cell in
            ``helpers.scratch``. Keras layers must be built.
        target: its counterpart in either framework.

    Raises:
        TypeError: one of the two is none of these.
        ValueError: they are no pair; ``target`` is left as it was.
    """
    _check_config(source, target)
    given, wanted = dict(weight_slots(source)), dict(weight_slots(target))
    differing = _shapes(given) ^ _shapes(wanted)
    if differing:
        raise ValueError(
            "source and target are no pair: they differ in the shapes of "
            + ", ".join(f"{name} {shape}" for name, shape in sorted(differing))
        )
    for name, (_, write) in wanted.items():
        write(given[name][0])


def outputs(model: Any, *inputs: np.ndarray) -> list[np.ndarray]:
    """What a model of either framework answers in evaluation mode.

    Args:
        model: ``model(*inputs)`` in PyTorch, ``model(inputs)`` in Keras.
        *inputs: the model's arguments as arrays.

    Returns:
        Its outputs, one array each; an output that is ``None`` is left out.
    """
    if not isinstance(model, nn.Module):
        result = model(inputs if len(inputs) > 1 else inputs[0], training=False)
        return [np.asarray(each) for each in _as_list(result)]
    model.eval()
    with torch.no_grad():
        (tensors,) = move((tuple(map(torch.as_tensor, inputs)),), model)
        return [each.cpu().numpy() for each in _as_list(model(*tensors))]


def output_difference(first: Any, second: Any, *inputs: np.ndarray) -> float:
    """The largest absolute difference between two models' outputs on the same inputs."""
    pairs = zip(outputs(first, *inputs), outputs(second, *inputs), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def _shapes(slots: dict[str, Slot]) -> set[tuple[str, tuple[int, ...]]]:
    return {
        (f"{slot}.{name}", array.shape)
        for slot, (arrays, _) in slots.items()
        for name, array in arrays.items()
    }


def _as_list(result: Any) -> list[Any]:
    several = result if isinstance(result, tuple | list) else [result]
    return [each for each in several if each is not None]


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
