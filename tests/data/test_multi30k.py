"""Multi30k's loader, on a made-up copy of a few pairs; nothing is fetched here."""

import gzip
import hashlib
from dataclasses import replace

import pytest

from helpers.data import DataError, multi30k
from helpers.data.fetch import Member, fetch, is_cached

URL = multi30k.SOURCE.distribution

ENGLISH = ["A man's hat.", "Two dogs, one T-shirt!", "", "She doesn’t run."]
FRENCH = [
    "Le chapeau d’un homme.",
    "Deux chiens, un T-shirt !",
    "",
    "Elle ne court pas.",
]


@pytest.fixture
def copy(tmp_path, monkeypatch, offline):
    """A filled cache of four pairs a part."""
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path))
    folder = tmp_path / "multi30k"
    folder.mkdir()
    members = {}
    for name in multi30k._SHA256:
        lines = ENGLISH if ".en." in name else FRENCH
        content = gzip.compress("\n".join(lines).encode(), mtime=0)
        (folder / name).write_bytes(content)
        members[name] = Member(name, hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(multi30k, "SOURCE", replace(multi30k.SOURCE, members=members))
    return folder


@pytest.fixture
def delivered(copy, monkeypatch):
    """Whatever is asked for arrives as it lay in the copy; the list of what was."""
    right = {path.name: path.read_bytes() for path in copy.iterdir()}
    asked = []

    def deliver(self, url, output_file, pooch, **kwargs):
        asked.append(url)
        with open(output_file, "wb") as file:
            file.write(right[url.rpartition("/")[2]])

    monkeypatch.setattr("pooch.HTTPDownloader.__call__", deliver)
    return asked


def test_pairs_are_tokenised_lower_case_and_in_order(copy, offline):
    loaded = multi30k.load_multi30k()
    assert loaded.train == loaded.validation == loaded.test
    assert loaded.train == [
        (["a", "man", "'s", "hat", "."], ["le", "chapeau", "d'", "un", "homme", "."]),
        (
            ["two", "dogs", ",", "one", "t-shirt", "!"],
            ["deux", "chiens", ",", "un", "t-shirt", "!"],
        ),
        (["she", "doesn't", "run", "."], ["elle", "ne", "court", "pas", "."]),
    ]
    assert offline == []
    assert is_cached(multi30k.SOURCE)


@pytest.mark.parametrize("damage", ["missing", "wrong"])
def test_offline_and_not_cached_is_one_clear_error(copy, damage):
    path = copy / "train.fr.gz"
    path.unlink() if damage == "missing" else path.write_bytes(b"cut off")
    assert not is_cached(multi30k.SOURCE)
    with pytest.raises(DataError) as caught:
        multi30k.load_multi30k()
    for said in ("Multi30k", "python -m helpers.data multi30k", str(copy.parent)):
        assert said in str(caught.value)
    assert not path.exists() or path.read_bytes() == b"cut off"


def test_a_fetch_says_what_how_large_and_under_which_terms(copy, delivered, capsys):
    for path in list(copy.iterdir()):
        path.unlink()
    fetched = multi30k.load_multi30k()
    printed = capsys.readouterr()
    assert printed.err == ""
    said = printed.out.splitlines()[0]
    for part in ("Fetching Multi30k", "1.3 MB", "research use", "Elliott"):
        assert part in said
    assert printed.out.count("Fetching") == 1
    assert "0/6 [" in printed.out  # the progress bar
    assert sorted(delivered) == sorted(f"{URL}/{name}" for name in multi30k._SHA256)
    assert multi30k.load_multi30k() == fetched
    assert capsys.readouterr() == ("", "")
    assert len(delivered) == 6


@pytest.mark.parametrize("damage", ["missing", "wrong"])
def test_only_what_is_missing_or_damaged_is_fetched(copy, delivered, damage):
    path = copy / "val.fr.gz"
    right = path.read_bytes()
    path.unlink() if damage == "missing" else path.write_bytes(b"cut off")
    paths = fetch(multi30k.SOURCE)
    assert delivered == [f"{URL}/val.fr.gz"]
    assert path.read_bytes() == right
    assert set(paths.values()) == set(copy.iterdir())
    assert all(path.name == name for name, path in paths.items())


def test_a_download_with_the_wrong_hash_keeps_nothing(copy, monkeypatch):
    path = copy / "val.en.gz"
    path.unlink()

    def deliver(self, url, output_file, pooch, **kwargs):
        with open(output_file, "wb") as file:
            file.write(b"something else")

    monkeypatch.setattr("pooch.HTTPDownloader.__call__", deliver)
    with pytest.raises(DataError, match="could not be fetched"):
        multi30k.load_multi30k()
    assert not path.exists()
    assert sorted(f.name for f in copy.iterdir()) == sorted(
        set(multi30k._SHA256) - {"val.en.gz"}
    )


def test_the_pins_are_of_one_commit_and_name_every_part():
    assert multi30k._COMMIT in URL
    names = {
        f"{name}.{language}.gz"
        for name in multi30k._PARTS.values()
        for language in ("en", "fr")
    }
    assert set(multi30k._SHA256) == names
    assert all(len(sha256) == 64 for sha256 in multi30k._SHA256.values())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("L'homme s'assoit", ["l'", "homme", "s'", "assoit"]),
        ("qu’est-ce", ["qu'", "est-ce"]),
        ("", []),
    ],
)
def test_elided_words_stand_alone(text, tokens):
    assert multi30k.split_french(text) == tokens
