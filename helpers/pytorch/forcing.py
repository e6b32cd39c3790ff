"""Teacher forcing: what a translator answers to right words, and its own words for some.

PyTorch alone: the experiments are of notebook 5 and its long runs.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
from torch import Tensor

from helpers.data.batching import BucketSampler
from helpers.data.translation import START_ID, Corpus
from helpers.metrics.translation import bleu
from helpers.pytorch.loading import loader
from helpers.pytorch.training import move
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


def forced_attention(model: Translator, corpus: Corpus, part: str) -> list[np.ndarray]:
    """The attention over the sources, given the right targets.

    Gold alignments are of the reference: only where the model is given the reference, word
    by word, does a row of attention belong to a word of it.

    Returns:
        ``(target_steps, source_steps)`` a sentence, without the row of ``</s>``.
    """
    return [attention for _, attention in _forced(model, corpus, part)]


def forced_bleu(model: Translator, corpus: Corpus, part: str) -> float:
    """BLEU of the likeliest word after each *right* beginning: no translation score."""
    written = [likeliest.tolist() for likeliest, _ in _forced(model, corpus, part)]
    return bleu(written, [target.tolist() for target in corpus.encoded[part].targets])


@torch.no_grad()
def _forced(
    model: Translator, corpus: Corpus, part: str
) -> list[tuple[np.ndarray, np.ndarray]]:
    """The likeliest words and the attention of each sentence, given the right words."""
    dataset = corpus.encoded[part]
    sampler = BucketSampler(dataset.lengths, 64, shuffle=False)
    found = [None] * len(dataset)
    batches = zip(sampler.batches(0), loader(dataset, sampler), strict=True)
    for rows, batch in batches:
        logits, attention = model.eval()(*move(batch, model)[0])
        answers = logits.argmax(dim=-1).cpu().numpy(), attention.cpu().numpy()
        for row, words, weights in zip(rows, *answers, strict=True):
            source, target = dataset[row]
            found[row] = words[: len(target)], weights[: len(target), : len(source)]
    return found
