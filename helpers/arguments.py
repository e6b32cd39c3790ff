"""Checks of model arguments, shared by the PyTorch and the Keras half of the course.

Both halves take the same arguments and refuse the same ones with the same words.
"""

from collections.abc import Sequence
from numbers import Real
from typing import Any

CELLS = ("rnn", "lstm", "gru")
READOUTS = ("last", "mean", "max", "mean_max")


def check_choice(name: str, value: Any, allowed: Sequence[Any]) -> None:
    """Raise a ``ValueError`` where ``value`` is not among ``allowed``."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}; got {value!r}")


def check_positive(**values: Any) -> None:
    """Raise a ``ValueError`` where a value is not a whole number of at least 1."""
    for name, value in values.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} must be a whole number >= 1; got {value!r}")


def check_at_least(least: float, **values: float) -> None:
    """Raise a ``ValueError`` where a value is below ``least``."""
    for name, value in values.items():
        if not value >= least:
            raise ValueError(f"{name} must be at least {least}; got {value!r}")


def check_between(least: float, most: float, **values: float) -> None:
    """Raise a ``ValueError`` where a value is not from ``least`` to ``most``."""
    for name, value in values.items():
        if not least <= value <= most:
            raise ValueError(f"{name} must be from {least} to {most}; got {value!r}")


def check_share(**values: float) -> None:
    """Raise a ``ValueError`` where a value is not in [0, 1)."""
    for name, value in values.items():
        if not isinstance(value, Real) or not 0 <= value < 1:
            raise ValueError(f"{name} must be at least 0 and below 1; got {value!r}")


def classifier_config(given: dict[str, Any]) -> dict[str, Any]:
    """Check the arguments of a ``SequenceClassifier``, and keep those that rebuild it.

    Args:
        given: the constructor's ``locals()``.

    Returns:
        Every argument but the pretrained ``embeddings``: a saved model holds its weights.

    Raises:
        ValueError: naming the argument, what came and what is allowed.
    """
    _check_classifier(given)
    left_out = ("self", "__class__", "kwargs", "embeddings")
    return {name: value for name, value in given.items() if name not in left_out}


def next_item_config(given: dict[str, Any]) -> dict[str, Any]:
    """Check the arguments of a ``NextItemModel``, and keep those that rebuild it.

    Args:
        given: the constructor's ``locals()``.

    Raises:
        ValueError: naming the argument, what came and what is allowed.
    """
    sizes = ("num_items", "embedding_dim", "hidden_size")
    check_positive(**{name: given[name] for name in sizes})
    check_share(dropout=given["dropout"])
    names = (*sizes, "dropout", "tie_weights")
    return {name: given[name] for name in names}


def translator_config(given: dict[str, Any]) -> dict[str, Any]:
    """Check the arguments of a ``Translator``, and keep those that rebuild it.

    Args:
        given: the constructor's ``locals()``.

    Raises:
        ValueError: naming the argument, what came and what is allowed.
    """
    sizes = ("source_vocab_size", "target_vocab_size", "embedding_dim", "hidden_size")
    check_positive(**{name: given[name] for name in sizes})
    if given["hidden_size"] % 2:
        raise ValueError(
            "hidden_size must be even, half of it a direction of the encoder; got "
            f"{given['hidden_size']!r}"
        )
    if given["attention"] is not None:
        check_choice("attention", given["attention"], ("additive", "dot"))
    check_share(dropout=given["dropout"])
    return {name: given[name] for name in (*sizes, "attention", "dropout")}


def _check_classifier(arguments: dict[str, Any]) -> None:
    check_choice("cell", arguments["cell"], CELLS)
    check_choice("readout", arguments["readout"], READOUTS)
    sizes = ("num_classes", "hidden_size", "num_layers")
    check_positive(**{name: arguments[name] for name in sizes})
    shares = ("dropout", "embedding_dropout", "word_dropout")
    check_share(**{name: arguments[name] for name in shares})
    num_features, vocab_size = arguments["num_features"], arguments["vocab_size"]
    if (num_features is None) == (vocab_size is None):
        raise ValueError(
            "exactly one of num_features (float input) and vocab_size (ids) is needed; "
            f"got num_features={num_features!r}, vocab_size={vocab_size!r}"
        )
    if vocab_size is None:
        _check_no_embedding_arguments(arguments)
        check_positive(num_features=num_features)
    else:
        check_positive(vocab_size=vocab_size, embedding_dim=arguments["embedding_dim"])
        _check_embeddings(arguments)


def _check_no_embedding_arguments(arguments: dict[str, Any]) -> None:
    for name in ("embedding_dim", "embeddings"):
        if arguments[name] is not None:
            raise ValueError(f"{name} needs vocab_size: float input is not embedded")
    for name in ("embedding_dropout", "word_dropout"):
        if arguments[name]:
            raise ValueError(f"{name} needs vocab_size: float input has no words")


def _check_embeddings(arguments: dict[str, Any]) -> None:
    embeddings = arguments["embeddings"]
    wanted = (arguments["vocab_size"], arguments["embedding_dim"])
    if embeddings is not None and tuple(embeddings.shape) != wanted:
        raise ValueError(
            f"embeddings must be (vocab_size, embedding_dim) = {wanted}; "
            f"got {tuple(embeddings.shape)}"
        )
