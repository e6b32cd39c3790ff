"""What the callbacks of both halves log after an epoch; knows no framework.

Each half joins these with its own callback, and says how its model answers.
"""

from collections.abc import Sequence

from helpers.data.next_item import HeldOut
from helpers.data.translation import TranslationDataset, check_specials
from helpers.data.vocabulary import Vocabulary
from helpers.metrics.ranking import hit_rate, ndcg, target_ranks
from helpers.metrics.translation import bleu


class RankingLogs:
    """Log HR@10 and NDCG@10 of held-out questions, by full ranking.

    A callback adds ``answers(histories)`` -> scores ``(users, num_items + 1)``.

    Args:
        held_out: the questions.
    """

    def __init__(self, held_out: HeldOut) -> None:
        """Remember the questions."""
        super().__init__()
        self.held_out = held_out

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Rank all items for every question."""
        scores = self.answers(self.held_out.histories)
        ranks = target_ranks(scores, self.held_out.targets)
        logs["val_hr10"], logs["val_ndcg10"] = hit_rate(ranks, 10), ndcg(ranks, 10)


class BleuLogs:
    """Log the BLEU of greedy translations of held-out sentences.

    A callback adds ``answers(sources)`` -> the tokens of each translation.

    Args:
        held_out: the pairs.
        vocabulary: of the language written, with ``specials=SPECIALS``.
        references: the tokens of each target, as they were before they became ids.

    Raises:
        ValueError: the vocabulary has no ``<s>`` and ``</s>`` where they belong.
    """

    def __init__(
        self,
        held_out: TranslationDataset,
        vocabulary: Vocabulary,
        references: Sequence[Sequence[str]],
    ) -> None:
        """Remember the questions."""
        check_specials(vocabulary=vocabulary)
        super().__init__()
        self.held_out, self.vocabulary = held_out, vocabulary
        self.references = references

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Translate, and compare."""
        written = self.answers(self.held_out.sources)
        words = [self.vocabulary.decode(tokens) for tokens in written]
        logs["val_bleu"] = bleu(words, self.references)
