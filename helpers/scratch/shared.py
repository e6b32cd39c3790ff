"""What the cells share: their weights, the sigmoid, checks of shapes, sums over time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np


def sigmoid(z: np.ndarray) -> np.ndarray:
    """``1 / (1 + exp(-z))``, for any ``z`` without overflow."""
    e = np.exp(-np.abs(z))  # at most 1, whatever the sign of z
    return np.where(z >= 0, 1, e) / (1 + e)


@dataclass
class CellWeights:
    """The weights of a cell, or their gradients.

    Attributes:
        parts: how many parts are fused in the last axis of each array.
        W_x: ``(features, parts * hidden_size)``, for the input.
        W_h: ``(hidden_size, parts * hidden_size)``, for the state before.
        b: ``(parts * hidden_size,)``, the bias.
    """

    parts: ClassVar[int] = 1
    W_x: np.ndarray
    W_h: np.ndarray
    b: np.ndarray

    @classmethod
    def random(
        cls,
        features: int,
        hidden_size: int,
        seed: int = 0,
        dtype: str = "float64",
        biases: tuple[int, ...] = (),
    ) -> Self:
        """Small random weights: normal, with deviation ``1 / sqrt(hidden_size)``.

        Args:
            features: the width of the input.
            hidden_size: the width of the state.
            seed: of the draws.
            dtype: of the arrays.
            biases: axes of ``b`` before its last.
        """
        fused, rng = cls.parts * hidden_size, np.random.default_rng(seed)
        shapes = (features, fused), (hidden_size, fused), (*biases, fused)
        spread = hidden_size**-0.5
        return cls(*(rng.normal(0, spread, shape).astype(dtype) for shape in shapes))


def check_shape(name: str, array: np.ndarray, axes: Mapping[str, int | None]) -> None:
    """Raise a ``ValueError`` where an array has another shape.

    Args:
        name: of the argument, for the message.
        array: to check.
        axes: the size of each axis by its name; ``None`` allows any.
    """
    shape, wanted = np.shape(array), tuple(axes.values())
    if len(shape) != len(wanted) or any(
        size not in (None, own) for own, size in zip(shape, wanted, strict=True)
    ):
        sizes = ", ".join("any" if size is None else str(size) for size in wanted)
        raise ValueError(f"{name} must be ({', '.join(axes)}) = ({sizes}); got {shape}")


def check_arrays(weights: CellWeights) -> None:
    """Raise a ``ValueError`` where the arrays of a cell do not fit together."""
    features, hidden_size = len(weights.W_x), len(weights.W_h)
    fused = {f"{weights.parts} * hidden_size": weights.parts * hidden_size}
    check_shape("weights.W_h", weights.W_h, {"hidden_size": hidden_size} | fused)
    check_shape("weights.W_x", weights.W_x, {"features": features} | fused)
    biases = {"biases": 2} if getattr(weights, "reset_after", False) else {}
    check_shape("weights.b", weights.b, biases | fused)


def check_forward(x: np.ndarray, weights: CellWeights) -> None:
    """Raise a ``ValueError`` where the weights and ``x`` do not fit together.

    Args:
        x: ``(batch, steps, features)``, with at least one step.
        weights: of the cell.
    """
    check_arrays(weights)
    check_shape("x", x, {"batch": None, "steps": None, "features": len(weights.W_x)})
    if not x.shape[1]:
        raise ValueError(f"x must have at least one step; got {x.shape}")


def check_backward(d_states: np.ndarray, trace: Any, weights: CellWeights) -> None:
    """Raise a ``ValueError`` where one of them does not fit the pass forward.

    Args:
        d_states: of the shape of the states.
        trace: ``LSTMTrace`` or ``GRUTrace``.
        weights: of the cell.
    """
    check_forward(trace.x, weights)
    axes = ("batch", "steps", "hidden_size")
    check_shape("d_states", d_states, dict(zip(axes, trace.h.shape, strict=True)))


def state_or_zeros(
    name: str, state: np.ndarray | None, batch: int, like: np.ndarray
) -> np.ndarray:
    """Check a state ``(batch, hidden_size)``; zeros where there is none.

    Args:
        name: of the argument, for the message.
        state: the state, or ``None``.
        batch: how many sequences there are.
        like: an array with ``hidden_size`` rows and the type of the zeros: ``W_h``.
    """
    if state is None:
        return np.zeros((batch, len(like)), like.dtype)
    check_shape(name, state, {"batch": batch, "hidden_size": len(like)})
    return state


def shifted(initial: np.ndarray, states: np.ndarray) -> np.ndarray:
    """The state before every step, from the state after every step.

    Args:
        initial: ``(batch, hidden_size)``, before the first step.
        states: ``(batch, steps, hidden_size)``.
    """
    return np.concatenate([initial[:, None], states[:, :-1]], axis=1)


def kernel_gradient(inputs: np.ndarray, d_sums: np.ndarray) -> np.ndarray:
    """The gradient of a kernel that every step uses: one ``inputs.T @ d_sums`` a step.

    Args:
        inputs: ``(batch, steps, inputs)``, what the kernel was multiplied with.
        d_sums: ``(batch, steps, outputs)``, the gradient of the products.

    Returns:
        ``(inputs, outputs)``, summed over batch and steps.
    """
    return np.tensordot(inputs, d_sums, axes=((0, 1), (0, 1)))
