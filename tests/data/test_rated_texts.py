"""The four rated corpora, as their authors gave them away."""

import re

import numpy as np
import pytest

from helpers.data import load_rated_texts, rated_texts

COUNTS = {"movies": 10_605, "products": 3_708, "tweets": 4_200, "editorials": 5_190}
GROUPS = {"movies": 10_605, "products": 300, "tweets": 4_200, "editorials": 498}


@pytest.fixture(scope="module")
def corpora():
    return {domain: load_rated_texts(domain) for domain in COUNTS}


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    """Return a function that puts lines in the place of the tweets."""

    def write(*lines):
        path = tmp_path / "tweets.txt"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        monkeypatch.setattr(rated_texts, "fetch", lambda source: {path.name: path})

    return write


def test_there_are_four_domains():
    assert set(rated_texts.DOMAINS) == set(COUNTS)


@pytest.mark.parametrize(("domain", "count"), COUNTS.items())
def test_the_number_of_texts(corpora, domain, count):
    corpus = corpora[domain]
    assert len(corpus) == count
    assert len(corpus.texts) == count
    assert corpus.ratings.shape == corpus.groups.shape == (count,)


@pytest.mark.parametrize(("domain", "count"), GROUPS.items())
def test_the_number_of_reviews_and_articles(corpora, domain, count):
    assert len(np.unique(corpora[domain].groups)) == count


@pytest.mark.parametrize("domain", COUNTS)
def test_a_rating_is_a_finite_float32_from_minus_4_to_4(corpora, domain):
    ratings = corpora[domain].ratings
    assert ratings.dtype == np.float32
    assert np.isfinite(ratings).all()
    assert (np.abs(ratings) <= 4).all()
    assert ratings.min() < -2 < 2 < ratings.max()


@pytest.mark.parametrize("domain", COUNTS)
def test_no_text_holds_an_html_entity(corpora, domain):
    left = [t for t in corpora[domain].texts if re.search(r"&(\w+|#\d+|#x\w+);", t)]
    assert left == []


@pytest.mark.parametrize("domain", COUNTS)
def test_no_text_is_empty_or_has_space_around_it(corpora, domain):
    for text in corpora[domain].texts:
        assert text
        assert text == text.strip()


def test_the_first_product_review_has_its_rating(corpora):
    products = corpora["products"]
    assert products.texts[0].startswith("troubleshooting ad-2500 and ad-2600")
    assert products.ratings[0] == np.float32(-0.9)
    assert products.groups[0] == products.groups[1] == 1


@pytest.mark.parametrize("domain", ["books", "Movies", "", None])
def test_an_unknown_domain_is_named(domain):
    with pytest.raises(ValueError, match=re.escape(f"got {domain!r}")) as caught:
        load_rated_texts(domain)
    for known in COUNTS:
        assert known in str(caught.value)


def test_a_line_becomes_a_text_a_rating_and_a_group(made_up):
    made_up("12_3\t-1.25\tno good", "12_4\t0\tfine", "7\t4\tSUPER :)")
    loaded = load_rated_texts("tweets")
    assert loaded.texts == ["no good", "fine", "SUPER :)"]
    assert loaded.ratings.tolist() == [-1.25, 0, 4]
    assert loaded.groups.tolist() == [12, 12, 7]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("&quot;so&quot;, it&#39;s &lt;3", '"so", it\'s <3'),
        ("AT&T; R&D", "AT&T; R&D"),
        ("  space around &nbsp;", "space around"),
    ],
)
def test_entities_are_decoded_and_space_around_is_cut(made_up, written, meant):
    made_up(f"1\t0.5\t{written}")
    assert load_rated_texts("tweets").texts == [meant]
