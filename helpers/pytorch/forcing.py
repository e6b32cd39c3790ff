"""Teacher forcing with a ratio: some sentences go on from the model's own words.

PyTorch alone: the experiment is a long run of notebook 5.
"""

from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor

from helpers.data.translation import START_ID
from helpers.pytorch.translator import Translator


class OwnWords:
    """Batches in which some sentences are given the model's own words, not the right ones.

    Drawn once a sentence, not once a step: a sentence that mixes right words with own ones
    is a beginning that the model will never meet.

    Args:
        batches: ``((source, lengths, target_in), target_out)`` of tensors.
        model: writes the words, as it stands at that moment.
        ratio: ``step -> share`` of the sentences that are given the right words; 1 is plain
            teacher forcing. Steps count from 0 over all epochs.
        seed: of the draws.

    Reference: S. Bengio et al. (2015), "Scheduled Sampling for Sequence Prediction with
    Recurrent Neural Networks", NeurIPS; there once a token.
    """

    def __init__(
        self,
        batches: Iterable,
        model: Translator,
        ratio: Callable[[int], float],
        seed: int = 0,
    ) -> None:
        """Remember what is drawn from."""
        self.batches, self.model, self.ratio = batches, model, ratio
        self.generator = torch.Generator().manual_seed(seed)
        self.step = 0

    def __len__(self) -> int:
        """The number of batches an epoch."""
        return len(self.batches)

    def __iter__(self) -> Iterator:
        """The batches of the next epoch."""
        for (source, lengths, given), wanted in self.batches:
            draws = torch.rand(len(given), generator=self.generator)
            rows = (draws >= self.ratio(self.step)).nonzero()[:, 0]
            self.step += 1
            if len(rows):
                own = own_words(self.model, source[rows], lengths[rows], given.shape[1])
                given = given.clone()
                given[rows] = own.to(given.device)
            yield (source, lengths, given), wanted


@torch.no_grad()
def own_words(model: Translator, source: Tensor, lengths: Tensor, steps: int) -> Tensor:
    """What a model would be given if it wrote by itself.

    Args:
        model: is used in evaluation mode, and left in the mode it was in.
        source: ``(batch, source_steps)`` ids.
        lengths: ``(batch,)``.
        steps: how many tokens to return.

    Returns:
        ``(batch, steps)``: ``<s>``, and then the likeliest word after each of its words.
    """
    training = model.training
    model.eval()
    source = source.to(next(model.parameters()).device)
    memory = model.encode(source, lengths)
    state, tokens = memory.state, torch.full_like(source[:, 0], START_ID)
    given = [tokens]
    for _ in range(steps - 1):
        log_probs, state, _ = model.decode_step(tokens, state, memory)
        tokens = log_probs.argmax(dim=-1)
        given.append(tokens)
    model.train(training)
    return torch.stack(given, dim=1)
