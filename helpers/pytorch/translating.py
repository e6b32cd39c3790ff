"""Training a translator and writing with it, in PyTorch."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from helpers.decoding import Decoded
from helpers.decoding.writing import write_all
from helpers.metrics.validation import BleuLogs
from helpers.pytorch.callbacks import Callback
from helpers.pytorch.translator import Memory, Translator


def translation_loss(label_smoothing: float = 0.0) -> Callable[..., Tensor]:
    """Cross-entropy, the mean over real target tokens; pads do not count.

    Args:
        label_smoothing: the share of the target spread over all tokens.

    Returns:
        The loss of a translator's ``(logits, attention)`` and of targets
        ``(batch, target_steps)``.
    """

    def loss(outputs: tuple[Tensor, Tensor | None], targets: Tensor) -> Tensor:
        logits = outputs[0].flatten(0, 1)
        options = {"ignore_index": 0, "label_smoothing": label_smoothing}
        return F.cross_entropy(logits, targets.flatten(), **options)

    return loss


@torch.no_grad()
def translate(
    model: Translator,
    sources: Sequence[np.ndarray],
    *,
    beam: int = 1,
    max_steps: int = 50,
    batch_size: int = 64,
) -> Decoded:
    """Write a translation of each source.

    Args:
        model: whose target vocabulary has ``<s>`` at 2 and ``</s>`` at 3.
        sources: at least one, each ``(steps,)`` ids with at least one step.
        beam: 1 is greedy search.
        max_steps: how many tokens at most, the end counted.
        batch_size: how many sentences are written together.

    Returns:
        Tokens, attention and log-probabilities in the order of ``sources``.

    Raises:
        ValueError: there is no source, or one has no token (encode an empty text as one
            ``<unk>``).
    """
    model.eval()
    device = next(model.parameters()).device

    def encode(source, lengths):
        source = torch.from_numpy(source).to(device)
        memory = model.encode(source, torch.from_numpy(lengths))
        return memory.state, memory

    def step(tokens, state):
        hidden, memory = state
        tokens = torch.from_numpy(tokens).to(device)
        log_probs, hidden, weights = model.decode_step(tokens, hidden, memory)
        weights = None if weights is None else weights.cpu().numpy()
        return log_probs.cpu().numpy(), (hidden, memory), weights

    def reorder(state, rows):
        rows = torch.from_numpy(rows).to(device)
        return state[0][rows], Memory(*(part[rows] for part in state[1]))

    limits = {"beam": beam, "max_steps": max_steps, "batch_size": batch_size}
    return write_all(encode, step, reorder, sources, **limits)


class BleuValidation(BleuLogs, Callback):
    """After each epoch, log the BLEU of greedy translations of held-out sentences.

    The logs get ``val_bleu``.

    Args:
        held_out: the pairs.
        vocabulary: of the language written, with ``specials=SPECIALS``.
        references: the tokens of each target, as they were before they became ids.

    Raises:
        ValueError: the vocabulary has no ``<s>`` and ``</s>`` where they belong.
    """

    def answers(self, sources: Sequence[np.ndarray]) -> list[list[int]]:
        """Translate every sentence."""
        return translate(self.model, sources).tokens
