"""Four corpora of short texts, each rated by twenty people.

Sentences of movie reviews, product reviews and newspaper editorials, and tweets. The
rating is the mean of some twenty raters, from -4 (extremely negative) to 4.

Reference: C. J. Hutto and E. Gilbert (2014), "VADER: A Parsimonious Rule-based Model for
Sentiment Analysis of Social Media Text", ICWSM.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.arguments import check_choice
from helpers.data.fetch import Member, Source, fetch

_FOLDER = "additional_resources/hutto_ICWSM_2014.tar.gz!/hutto_ICWSM_2014"
DOMAINS = ("movies", "products", "tweets", "editorials")

SOURCE = Source(
    name="rated_texts",
    title="Rated movie reviews, product reviews, tweets and editorials",
    distribution="vaderSentiment",
    size=2_466_699,
    licence="MIT; cite Hutto and Gilbert 2014",
    members={
        "movies.txt": Member(
            f"{_FOLDER}/movieReviewSnippets_GroundTruth.txt",
            "c8293b0d942e90e223ea2c0955d969040d1a1be514a978b9af0698940bd13350",
        ),
        "products.txt": Member(
            f"{_FOLDER}/amazonReviewSnippets_GroundTruth.txt",
            "11a9807a0974a2506a2d3b4851eaf69b3d6d20688ce4923adda2312a4f6dd6c2",
        ),
        "tweets.txt": Member(
            f"{_FOLDER}/tweets_GroundTruth.txt",
            "dfbe7102e2f92579ed8b19df9a3822491880697c67adf712fb66e520cc05102f",
        ),
        "editorials.txt": Member(
            f"{_FOLDER}/nytEditorialSnippets_GroundTruth.txt",
            "7d8fbcce7dde5d716da53e78f4ef4be6b706e9ef1e1d51887e6d0ad4b69cc27e",
        ),
    },
    kind="sdist",
)


@dataclass(frozen=True)
class RatedTexts:
    """Texts of one domain with their ratings.

    Attributes:
        texts: as written, HTML entities decoded.
        ratings: ``(examples,)`` float32, the mean rating, -4 to 4.
        groups: ``(examples,)``, the review or article that a text is a sentence of. Texts
            of one group must not stand on both sides of a split.
    """

    texts: Sequence[str]
    ratings: np.ndarray
    groups: np.ndarray

    def __len__(self) -> int:
        """The number of texts."""
        return len(self.texts)


def load_rated_texts(domain: str) -> RatedTexts:
    """Load all texts of one domain, fetching the four corpora the first time.

    Args:
        domain: ``"movies"`` (10,605 texts), ``"products"`` (3,708), ``"tweets"`` (4,200)
            or ``"editorials"`` (5,190).

    Raises:
        DataError: not cached, and not to be had either.
        ValueError: there is no such domain.
    """
    check_choice("domain", domain, DOMAINS)
    path = fetch(SOURCE)[f"{domain}.txt"]
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    names, ratings, texts = zip(*rows, strict=True)
    return RatedTexts(
        # Twice: some texts were escaped twice, such as "R&amp;amp;B".
        [html.unescape(html.unescape(text)).strip() for text in texts],
        np.array(ratings, dtype=np.float32),
        # "12_3" is the third sentence of review 12; a tweet is a group of its own.
        np.array([int(name.split("_")[0]) for name in names]),
    )
