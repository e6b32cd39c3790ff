"""Word vectors from counts: which words keep the same company?

Positive pointwise mutual information of the words inside a window, and a truncated
singular value decomposition. On a small corpus this comes close to word2vec, takes
seconds, and needs no download.

Reference: O. Levy, Y. Goldberg and I. Dagan (2015), "Improving Distributional Similarity
with Lessons Learned from Word Embeddings", TACL 3.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD

from helpers.arguments import check_between
from helpers.data.vocabulary import PAD_ID, UNKNOWN_ID, Vocabulary

_WINDOW = 5  # words to either side that count as company; the nearer, the more
_SMOOTHING = 0.75  # of the context's frequency; without it, rare contexts win


def train_word_vectors(
    sentences: Iterable[Sequence[str]], vocabulary: Vocabulary, dim: int
) -> np.ndarray:
    """Vectors for every token of a vocabulary.

    Args:
        sentences: lists of tokens; pass no sentence of a test set.
        vocabulary: whose tokens get vectors.
        dim: the width of a vector.

    Returns:
        ``(vocab_size, dim)`` float32 with a deviation of 1. ``<pad>`` and every token that
        keeps no company have the zero vector.

    Raises:
        ValueError: ``dim`` is not below the size of the vocabulary.
    """
    check_between(1, len(vocabulary) - 1, dim=dim)
    encoded = [vocabulary.encode(sentence) for sentence in sentences]
    counts = _count_pairs(encoded, len(vocabulary), _WINDOW)
    svd = TruncatedSVD(dim, random_state=0)
    vectors = svd.fit_transform(_positive_information(counts))
    # Directions that carry much would drown the others: take the root of their weight.
    vectors /= np.sqrt(svd.singular_values_)
    return (vectors / vectors.std()).astype(np.float32)


def _count_pairs(
    encoded: Sequence[np.ndarray], size: int, window: int
) -> sparse.csr_matrix:
    """``(size, size)``: how often two tokens meet; a pair k apart counts 1 / k."""
    # A gap of pads between sentences keeps pairs inside a sentence.
    gap = np.full(window, PAD_ID)
    ids = np.concatenate([part for sentence in encoded for part in (sentence, gap)])
    counts = sparse.csr_matrix((size, size))
    for distance in range(1, window + 1):
        left, right = ids[:-distance], ids[distance:]
        real = (np.minimum(left, right) > UNKNOWN_ID) & (left != right)
        weights = np.full(real.sum(), 1 / distance)
        pairs = sparse.coo_matrix((weights, (left[real], right[real])), (size, size))
        counts = counts + pairs + pairs.T
    return counts.tocsr()


def _positive_information(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """``max(0, log p(word, context) / (p(word) p(context)))``, sparse."""
    words = np.asarray(counts.sum(axis=1)).ravel()
    contexts = words**_SMOOTHING
    pairs = counts.tocoo()
    expected = words[pairs.row] * contexts[pairs.col] / contexts.sum()
    information = np.maximum(np.log(pairs.data / expected), 0)
    return sparse.csr_matrix((information, (pairs.row, pairs.col)), counts.shape)
