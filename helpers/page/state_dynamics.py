"""From a text to the figures of its hidden states: the whole pipeline, in either framework."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import nn

from helpers import plotting
from helpers.arguments import check_choice
from helpers.data.tokenising import tokenise
from helpers.data.vocabulary import UNKNOWN, Vocabulary
from helpers.dynamics import shared_pca
from helpers.keras import keras
from helpers.keras import tracing as keras_tracing
from helpers.pytorch import tracing as torch_tracing
from helpers.scratch.traces import Trace


@dataclass(frozen=True, eq=False)
class TracedText:
    """What a model went through while it read one text.

    Attributes:
        words: what was read at each step, ``<unk>`` where the word is not known.
        trace: of the top layer, forwards; a batch of this one text, without pads.
    """

    words: list[str]
    trace: Trace

    @property
    def states(self) -> np.ndarray:
        """The hidden states, ``(steps, hidden_size)``."""
        return self["h"]

    @property
    def gates(self) -> dict[str, np.ndarray]:
        """Gates and candidate by name, each ``(steps, hidden_size)``; none of a plain cell."""
        return {name: self[name] for name in self.trace.names if name not in ("h", "c")}

    def __getitem__(self, name: str) -> np.ndarray:
        """The part called ``name``, ``(steps, hidden_size)``; see ``Trace``."""
        return self.trace[name][0]


def trace_text(
    text: str,
    vocabulary: Vocabulary,
    model: Any,
    *,
    split: Callable[[str], list[str]] = tokenise,
    unknown: str = "map",
) -> TracedText:
    """Read one text with a model of either framework, and keep every state and gate.

    Args:
        text: to read. Empty, it is one ``<unk>``.
        vocabulary: of the model.
        model: a model of the course, fed ids or, where it takes floats, one-hot vectors; or
            a bare recurrent layer, fed one-hot vectors.
        split: text -> tokens.
        unknown: ``"map"`` reads a word outside the vocabulary as ``<unk>``; ``"refuse"``
            does not read on.

    Raises:
        TypeError: the model is none of these.
        ValueError: a word is unknown and refused, or ``unknown`` is neither of the two.
    """
    check_choice("unknown", unknown, ("map", "refuse"))
    tokens = split(text)
    strange = [token for token in tokens if token not in vocabulary]
    if strange and unknown == "refuse":
        raise ValueError(f"text must hold known words alone; got {strange[0]!r}")
    words = [t if t in vocabulary else UNKNOWN for t in tokens] or [UNKNOWN]
    traces = _traced(model, vocabulary.encode(tokens)[None], len(vocabulary))
    top = max((n for n in traces if not n.endswith("_reverse")), key=int)
    return TracedText(words, traces[top])


def analyze_rnn_dynamics(text: str, vocabulary: Vocabulary, model: Any) -> np.ndarray:
    """The whole pipeline for one text: read it, print its shape, draw states, gates and path.

    Args:
        text: see :func:`trace_text`, as for all other arguments.
        vocabulary: of the model.
        model: of either framework.

    Returns:
        The hidden states, ``(steps, hidden_size)``.
    """
    read = trace_text(text, vocabulary, model)
    print(f"Text:   {text!r}")
    print(f"Steps:  {len(read.words)}, of which unknown: {read.words.count(UNKNOWN)}")
    print(f"States: {read.states.shape} = (steps, hidden_size)")
    plotting.visualize_hidden_states(read.states, read.words)
    if read.gates:
        plotting.visualize_gate_activations(read.gates, read.words)
    _draw_paths({text: read})
    return read.states


def compare_sequences(
    texts: Sequence[str],
    vocabulary: Vocabulary,
    model: Any,
    *,
    unknown: str = "map",
) -> dict[str, np.ndarray]:
    """Draw the paths of several texts in one basis, and their last states side by side.

    Args:
        texts: up to 12 different ones.
        vocabulary: see :func:`trace_text`, as for all other arguments.
        model: of either framework.
        unknown: ``"map"`` or ``"refuse"``.

    Returns:
        The hidden states of each text, ``(steps, hidden_size)``.

    Raises:
        ValueError: two texts are equal, or as :func:`trace_text`.
    """
    if len(set(texts)) < len(texts):
        raise ValueError("texts must differ: a figure names each by its words")
    read = {
        text: trace_text(text, vocabulary, model, unknown=unknown) for text in texts
    }
    states = {text: each.states for text, each in read.items()}
    _draw_paths(read)
    plotting.compare_final_states({text: each[-1] for text, each in states.items()})
    return states


def _draw_paths(read: dict[str, TracedText]) -> None:
    """One basis for all that stand in the figure."""
    basis = shared_pca([each.states for each in read.values()])
    plotting.visualize_hidden_state_pca(
        {text: basis.project(each.states) for text, each in read.items()},
        basis.explained_variance_ratio,
        {text: each.words for text, each in read.items()},
    )


def _traced(model: Any, ids: np.ndarray, vocab_size: int) -> dict[str, Trace]:
    """Trace a model over ids ``(1, steps)``, or over one-hot vectors where it takes floats."""
    in_torch = isinstance(model, nn.Module)
    tracing = torch_tracing if in_torch else keras_tracing
    one_hot = np.eye(vocab_size, dtype=np.float32)[ids]
    layer_kinds = (nn.RNNBase, keras.layers.RNN, keras.layers.Bidirectional)
    if isinstance(model, layer_kinds):
        if in_torch and not model.batch_first:
            one_hot = one_hot.swapaxes(0, 1)  # such a layer takes its steps first
        return tracing.trace_layer(model, one_hot)
    takes_floats = getattr(model, "config", {}).get("num_features") is not None
    return tracing.trace(model, one_hot if takes_floats else ids, np.array([ids.size]))
