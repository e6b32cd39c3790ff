"""Compare two results, and say in words what differs first."""

from typing import Any

import numpy as np

_KINDS = {
    "b": "booleans",
    "i": "integers",
    "u": "integers",
    "f": "floating-point numbers",
    "c": "complex numbers",
    "U": "text",
}
_LONGEST_ROW = 12  # entries shown at most


def settle(value: Any) -> Any:
    """Copy a result out of its owner's hands.

    Tensors, arrays and plain numbers become NumPy arrays; tuples, lists and dicts
    keep their structure; None and Ellipsis stay what they are.
    """
    if value is None or value is ...:
        return value
    if isinstance(value, dict):
        return {key: settle(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        items = [settle(item) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if hasattr(value, "detach"):  # a PyTorch tensor, perhaps with a gradient
        value = value.detach().cpu()
    if hasattr(value, "numpy"):  # any framework's tensor
        value = value.numpy()
    return np.array(value)


def difference(
    got: Any, expected: Any, tolerance: float, name: str = "your result"
) -> str | None:
    """Say what first distinguishes two settled results; None if nothing does."""
    if expected is None:
        return None if got is None else f"{name} should be None"
    if not isinstance(expected, dict | list | tuple):
        return _array_difference(got, expected, tolerance, name)
    if isinstance(expected, list) and isinstance(got, np.ndarray) and got.ndim:
        got = list(got)
    complaint = _structure_difference(got, expected, name)
    if complaint:
        return complaint
    keys = expected if isinstance(expected, dict) else range(len(expected))
    for key in keys:
        part = f"{name}[{key!r}]"
        complaint = difference(got[key], expected[key], tolerance, part)
        if complaint:
            return complaint
    return None


def show(array: np.ndarray) -> str:
    """Return an array on one line, rounded and shortened."""
    text = np.array2string(
        array,
        separator=", ",
        threshold=_LONGEST_ROW,
        edgeitems=2,
        # Adding zero turns -0.0 into 0.0.
        formatter={"float_kind": lambda number: str(round(float(number), 4) + 0.0)},
    )
    return " ".join(text.split()).replace("[ ", "[")


def _structure_difference(
    got: Any, expected: dict | list | tuple, name: str
) -> str | None:
    """Compare the number of results, or their names, but not the results."""
    if isinstance(expected, dict):
        if isinstance(got, dict) and got.keys() == expected.keys():
            return None
        return f"{name} should be a dict with the keys {', '.join(map(str, expected))}"
    wanted = f"{name} should be a {type(expected).__name__} of {len(expected)}"
    if not isinstance(got, list | tuple):
        return f"{wanted}; got {_type_name(got)}"
    return None if len(got) == len(expected) else f"{wanted}; got {len(got)}"


def _type_name(value: Any) -> str:
    """Name the type a value had before it was settled."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return type(value.item()).__name__
    if isinstance(value, np.ndarray) and value.dtype == object:
        return "an array of objects"
    if isinstance(value, np.ndarray):
        return f"one array of shape {value.shape}"
    return type(value).__name__


def _array_difference(
    got: Any, expected: np.ndarray, tolerance: float, name: str
) -> str | None:
    """Compare type, shape, kind, finiteness and values, in this order."""
    expected = np.asarray(expected)
    if expected.dtype == object:  # an argument such as a function: nothing to compare
        return None
    try:
        array = np.asarray(got)
    except ValueError:
        if isinstance(got, tuple):
            return f"{name} is a tuple of {len(got)}, expected one array"
        return f"{name} is ragged: its rows differ in length, so it is not an array"
    kind, expected_kind = (_KINDS.get(a.dtype.kind) for a in (array, expected))
    if kind is None or (kind == "text") != (expected_kind == "text"):
        wanted = "text" if expected_kind == "text" else "an array of numbers"
        return f"{name} is not {wanted}; got {_type_name(got)}"
    if array.shape != expected.shape:
        return f"{name} has shape {array.shape}, expected {expected.shape}"
    if array.size == 0:  # without entries there is no kind to speak of
        return None
    if kind != expected_kind:
        return f"{name} holds {kind} ({array.dtype}), expected {expected_kind}"
    return _value_difference(array, expected, tolerance, name)


def _value_difference(
    got: np.ndarray, expected: np.ndarray, tolerance: float, name: str
) -> str | None:
    """Compare two arrays of one shape and kind."""
    if got.dtype.kind not in "fc":
        wrong = got != expected
    else:
        broken = ~np.isfinite(got) & np.isfinite(expected)
        if broken.any():
            place = _place(np.argwhere(broken)[0])
            return f"{name} has NaN or infinity, first at {place}; none is expected"
        wrong = ~np.isclose(got, expected, tolerance, tolerance, equal_nan=True)
    if not wrong.any():
        return None
    index = np.argwhere(wrong)[0]
    # Show the whole row, unless it is too long to be seen at a glance.
    short = got.ndim > 0 and got.shape[-1] <= _LONGEST_ROW
    index = index[:-1] if short else index
    row = tuple(index)
    return (
        f"{name}{_place(index)} is {show(got[row])}, "
        f"expected {show(expected[row])}; {_extent(got, expected, wrong)}"
    )


def _place(index: np.ndarray) -> str:
    return str(index.tolist()) if len(index) else ""


def _extent(got: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> str:
    """Say how far two arrays are apart: the largest difference, where one exists."""
    if got.dtype.kind in "iufc":
        wide = np.result_type(got, expected, np.float64)
        gaps = np.abs(got[wrong].astype(wide) - expected[wrong].astype(wide))
        if np.isfinite(gaps).all():
            return f"the largest difference is {gaps.max():.3g}"
    return f"{wrong.sum()} of {wrong.size} entries differ"
