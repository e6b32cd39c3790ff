"""Labels, and splits that nobody may change by accident."""

import functools
import hashlib
import re
from collections import Counter, defaultdict

import numpy as np
import pytest

from helpers.data import load_rated_texts, load_sentiment
from helpers.data.sentiment import (
    CLASS_NAMES,
    LabelledTexts,
    five_classes,
    polarity,
    texts_outside_tests,
)
from helpers.data.tokenising import normalise

PARTS = ("train", "validation", "test")
NEUTRAL = {"movies": 0, "products": 0.5, "tweets": 0, "editorials": 0.5}
#: Sizes of training, validation and test, and how many texts stand in no part.
SIZES = {
    ("movies", 2): ((7607, 846, 2114), 1),
    ("movies", 5): ((7644, 846, 2114), 1),
    ("products", 2): ((2090, 294, 593), 8),
    ("products", 5): ((2598, 365, 737), 8),
    ("tweets", 2): ((2917, 329, 840), 110),
    ("tweets", 5): ((2921, 329, 840), 110),
    ("editorials", 2): ((2077, 297, 596), 0),
    ("editorials", 5): ((3630, 523, 1037), 0),
}
CLASS_COUNTS = {
    "movies": [3451, 1625, 533, 1368, 3627],
    "products": [579, 655, 723, 568, 1175],
    "tweets": [513, 525, 768, 1066, 1218],
    "editorials": [362, 1421, 2220, 986, 201],
}
TEST_HASHES = {
    "movies": "218b72f68a6891af9d4af36ce62c0d954ddf3eae6df641c484c134cadf46bd1c",
    "products": "29e8d063ad1d4b3548c4feaa18bd7878a44c66eaed4788a436539cd14ef55e2f",
}
domains = pytest.mark.parametrize("domain", NEUTRAL)
both_numbers = pytest.mark.parametrize("num_classes", [2, 5])
rated_texts = functools.cache(load_rated_texts)


@functools.cache
def parts(domain, num_classes):
    splits = load_sentiment(domain, num_classes)
    return {part: getattr(splits, part) for part in PARTS}


@functools.cache
def texts_of(domain, num_classes, part):
    """The normalised texts of a part, as a list that keeps the order."""
    return [normalise(text) for text in parts(domain, num_classes)[part].texts]


@pytest.mark.parametrize(("chosen", "expected"), SIZES.items())
def test_the_sizes_of_the_parts(chosen, expected):
    sizes, _ = expected
    assert tuple(len(part) for part in parts(*chosen).values()) == sizes


def test_movies_have_10568_decided_texts_and_a_fifth_of_them_is_the_test():
    decided = (polarity(rated_texts("movies").ratings) >= 0).sum()
    assert decided == 10_568
    assert len(load_sentiment("movies").test) == 2_114


def test_products_have_2985_decided_texts():
    assert (polarity(rated_texts("products").ratings, 0.5) >= 0).sum() == 2_985


@pytest.mark.parametrize(("chosen", "expected"), SIZES.items())
def test_only_texts_that_stand_in_another_part_are_left_out(chosen, expected):
    domain, num_classes = chosen
    _, missing = expected
    rated = rated_texts(domain)
    wanted = np.ones(len(rated), dtype=bool)
    if num_classes == 2:
        wanted = polarity(rated.ratings, NEUTRAL[domain]) >= 0
    left_out = Counter(t for t, kept in zip(rated.texts, wanted, strict=True) if kept)
    for part in parts(domain, num_classes).values():
        left_out.subtract(part.texts)
    assert min(left_out.values()) == 0
    assert left_out.total() == missing
    # With five classes all texts are in the parts, the undecided ones as well.
    kept = {*texts_of(domain, 5, "validation"), *texts_of(domain, 5, "test")}
    assert {normalise(text) for text in left_out.elements()} <= kept


@pytest.mark.parametrize(("domain", "sha256"), TEST_HASHES.items())
def test_the_split_is_the_one_that_results_were_made_with(domain, sha256):
    content = "\n".join(texts_of(domain, 2, "test"))
    assert hashlib.sha256(content.encode()).hexdigest() == sha256


@domains
@both_numbers
@pytest.mark.parametrize("other_number", [2, 5])
def test_no_text_stands_in_two_parts(domain, num_classes, other_number):
    sets = [set(texts_of(domain, num_classes, part)) for part in PARTS]
    others = [set(texts_of(domain, other_number, part)) for part in PARTS]
    for i, some in enumerate(sets):
        for j, other in enumerate(others):
            assert i == j or not some & other


@domains
def test_both_numbers_of_classes_share_one_split(domain):
    for part in PARTS:
        with_five = Counter(parts(domain, 5)[part].texts)
        assert Counter(parts(domain, 2)[part].texts) <= with_five


@both_numbers
@pytest.mark.parametrize("domain", ["products", "editorials"])
def test_no_review_or_article_stands_in_two_parts(domain, num_classes):
    rated = rated_texts(domain)
    groups_of = defaultdict(set)
    for text, group in zip(rated.texts, rated.groups.tolist(), strict=True):
        groups_of[text].add(group)
    seen = {}
    for name, part in parts(domain, num_classes).items():
        # A text of two reviews does not tell which of them it was taken from.
        sure = [groups_of[text] for text in part.texts if len(groups_of[text]) == 1]
        assert len(sure) > 0.95 * len(part)
        for (group,) in sure:
            assert seen.setdefault(group, name) == name
    assert len(seen) > 0.95 * len(np.unique(rated.groups))


@domains
@both_numbers
def test_the_parts_have_alike_shares_of_every_class(domain, num_classes):
    counts = [
        np.bincount(part.labels, minlength=num_classes)
        for part in parts(domain, num_classes).values()
    ]
    shares = np.array([count / count.sum() for count in counts])
    assert np.ptp(shares, axis=0).max() < 0.03


@domains
@both_numbers
def test_a_label_comes_from_the_rating(domain, num_classes):
    for part in parts(domain, num_classes).values():
        assert part.labels.shape == part.ratings.shape == (len(part.texts),)
        assert part.labels.dtype == np.int64
        assert part.ratings.dtype == np.float32
        assert set(part.labels.tolist()) == set(range(num_classes))
        for label in range(num_classes - 1):
            below = part.ratings[part.labels <= label].max()
            assert below < part.ratings[part.labels > label].min()


@domains
def test_two_classes_are_negative_and_positive_without_the_neutral(domain):
    for part in parts(domain, 2).values():
        assert (part.ratings[part.labels == 0] < 0).all()
        assert (part.ratings[part.labels == 1] > 0).all()
        assert (np.abs(part.ratings) >= NEUTRAL[domain]).all()


@domains
@both_numbers
def test_a_text_has_its_own_rating(domain, num_classes):
    rated = rated_texts(domain)
    known = set(zip(rated.texts, rated.ratings.tolist(), strict=True))
    for part in parts(domain, num_classes).values():
        assert set(zip(part.texts, part.ratings.tolist(), strict=True)) <= known


@pytest.mark.parametrize(("domain", "counts"), CLASS_COUNTS.items())
def test_the_counts_of_the_five_classes(domain, counts):
    labels = [part.labels for part in parts(domain, 5).values()]
    assert np.bincount(np.concatenate(labels)).tolist() == counts
    assert len(CLASS_NAMES) == 5


@pytest.mark.parametrize("num_classes", [3, 0, None, "2"])
def test_another_number_of_classes_is_refused(num_classes):
    with pytest.raises(ValueError, match=re.escape(f"2 or 5; got {num_classes!r}")):
        load_sentiment("movies", num_classes)


def test_an_unknown_domain_is_named():
    with pytest.raises(ValueError, match="'books'"):
        load_sentiment("books")


def test_texts_for_pretraining_are_in_no_test():
    for_pretraining = texts_outside_tests()
    tests = {text for domain in NEUTRAL for text in texts_of(domain, 5, "test")}
    assert not {normalise(text) for text in for_pretraining} & tests
    learn = Counter(
        text
        for domain in NEUTRAL
        for part in ("train", "validation")
        for text in parts(domain, 5)[part].texts
        if normalise(text) not in tests
    )
    assert Counter(for_pretraining) == learn
    assert len(for_pretraining) == 18_856


@pytest.mark.parametrize(
    ("rating", "neutral", "expected"),
    [
        (4, 0, 1),
        (1e-6, 0, 1),
        (0, 0, -1),
        (-0.0, 0, -1),
        (-1e-6, 0, 0),
        (-4, 0, 0),
        (0.5, 0.5, 1),
        (0.49, 0.5, -1),
        (0, 0.5, -1),
        (-0.49, 0.5, -1),
        (-0.5, 0.5, 0),
    ],
)
def test_polarity_is_the_sign_of_a_decided_rating(rating, neutral, expected):
    found = polarity(np.array([rating], dtype=np.float32), neutral)
    assert found.tolist() == [expected]
    assert found.dtype == np.int64


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        (-4, 0),
        (-1.51, 0),
        (-1.5, 0),
        (-0.51, 1),
        (-0.5, 1),
        (0, 2),
        (0.49, 2),
        (0.5, 3),
        (1.49, 3),
        (1.5, 4),
        (4, 4),
    ],
)
def test_a_rating_on_an_edge_belongs_to_the_stronger_class(rating, expected):
    found = five_classes(np.array([rating], dtype=np.float32))
    assert found.tolist() == [expected]
    assert found.dtype == np.int64


def test_a_sum_of_two_sets_is_one_after_the_other():
    first = LabelledTexts(["a"], np.array([1]), np.array([2], dtype=np.float32))
    second = LabelledTexts(["b", "c"], np.array([0, 1]), np.float32([-1, 3]))
    both = first + second
    assert len(both) == 3
    assert both.texts == ["a", "b", "c"]
    assert both.labels.tolist() == [1, 0, 1]
    assert both.ratings.tolist() == [2, -1, 3]
    assert both.ratings.dtype == np.float32
    assert first.texts == ["a"]


def test_a_subset_keeps_texts_labels_and_ratings_together():
    products = parts("products", 5)["train"]
    chosen = products.subset(np.array([2000, 5, 5]))
    assert len(chosen) == 3
    assert chosen.texts == [products.texts[i] for i in (2000, 5, 5)]
    assert chosen.labels.tolist() == products.labels[[2000, 5, 5]].tolist()
    assert chosen.ratings.tolist() == products.ratings[[2000, 5, 5]].tolist()
