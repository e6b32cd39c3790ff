"""Fetching: with the real pip, from a folder of tiny archives instead of the network."""

import hashlib
import io
import os
import re
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs
import pytest

from helpers.data import DataError, cache_folder
from helpers.data import __main__ as command
from helpers.data import fetch as fetching
from helpers.data.fetch import Member, Source, fetch, is_cached

FILES = {"train.txt": b"1,2,3\n" * 500, "test.txt": b"4,5,6\n" * 500}


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def files_below(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@dataclass
class Shop:
    """A data set, the archive that carries it, and the file that pins it."""

    source: Source
    archive: Path
    sources: Path

    def pin(self, *digests, versions=("1.0", "1.1")):
        lines = [
            f"fake-vowels=={version} --hash=sha256:{digest}\n"
            for version, digest in zip(versions, digests, strict=False)
        ]
        text = "".join(["# pinned\n\n", *lines])
        self.sources.write_text(text, encoding="utf-8")


def write_wheel(path, files=FILES):
    version = path.name.split("-")[1]
    info = f"fake_vowels-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: fake-vowels\nVersion: {version}\n"
    contents = {f"fake_vowels/{name}": data for name, data in files.items()} | {
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in (*contents, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in (contents | {f"{info}/RECORD": record.encode()}).items():
            wheel.writestr(name, data)


def tar_gz(contents):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, data in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


SETUP = b"""
import os, pathlib
pathlib.Path(os.environ["RNN_COURSE_DATA"]).with_name("ran").touch()
raise SystemExit("setup.py ran")
"""


def write_sdist(path, inner):
    """Write a source distribution with an archive inside; its setup.py leaves a trace."""
    contents = {
        "PKG-INFO": b"Metadata-Version: 2.1\nName: fake-vowels\nVersion: 1.0\n",
        "setup.py": SETUP,
        "extra/vowels.tar.gz": inner,
    }
    path.write_bytes(tar_gz({f"fake_vowels-1.0/{n}": c for n, c in contents.items()}))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "the cache"
    monkeypatch.setenv("RNN_COURSE_DATA", str(folder))
    return folder


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """Let pip find one wheel, and nothing else."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    index = tmp_path / "index"
    index.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", index.as_uri())

    wheel = index / "fake_vowels-1.0-py3-none-any.whl"
    write_wheel(wheel)
    source = Source(
        name="fake",
        title="Fake Vowels",
        distribution="fake-vowels",
        size=1_234_567,
        licence="free to all",
        members={
            name: Member(f"fake_vowels/{name}", sha256(content))
            for name, content in FILES.items()
        },
    )
    made = Shop(source, wheel, tmp_path / "sources.txt")
    made.pin(sha256(wheel.read_bytes()))
    monkeypatch.setattr(fetching, "SOURCES", made.sources)
    return made


@pytest.fixture
def sdist_shop(shop):
    """Return a function that adds a source distribution with the given inner archive."""

    def add(inner):
        sdist = shop.archive.with_name("fake_vowels-1.0.tar.gz")
        write_sdist(sdist, inner)
        shop.pin(sha256(sdist.read_bytes()))
        outer = "extra/vowels.tar.gz"
        members = {
            name: Member(f"{outer}!/vowels/{name}", sha256(content))
            for name, content in FILES.items()
        }
        return replace(shop.source, members=members, kind="sdist")

    return add


@pytest.fixture
def downloaded(shop, monkeypatch):
    """Hand over a copy of the wheel without pip; return the list of harms done to it."""
    harms = []

    def download(source, requirement, scratch):
        copy = scratch / shop.archive.name
        copy.write_bytes(shop.archive.read_bytes())
        for harm in harms:
            harm(copy)
        return copy

    monkeypatch.setattr(fetching, "_download", download)
    return harms


@pytest.fixture
def no_pip(monkeypatch):
    """Return a function that makes every later start of a process an error."""

    def refuse(*arguments, **options):
        raise AssertionError(f"a process was started: {arguments}")

    return lambda: monkeypatch.setattr(subprocess, "Popen", refuse)


def fails_once(source):
    """Fetch in vain; return the message and the error behind it."""
    with pytest.raises(DataError) as caught:
        fetch(source)
    message = str(caught.value)
    assert message.count("could not be fetched") == 1
    assert message.startswith(source.title)
    assert "python -m helpers.data" in message
    assert str(cache_folder()) in message
    return message, caught.value.__cause__


def assert_right(paths):
    assert {name: path.read_bytes() for name, path in paths.items()} == FILES


def test_a_fetch_brings_every_file(shop, cache):
    paths = fetch(shop.source)
    assert_right(paths)
    assert files_below(cache) == sorted(paths.values())


INNER = tar_gz({f"vowels/{name}": content for name, content in FILES.items()})


def test_a_source_distribution_is_fetched_and_nothing_of_it_runs(
    sdist_shop, cache, tmp_path
):
    paths = fetch(sdist_shop(INNER))
    assert_right(paths)
    assert files_below(cache) == sorted(paths.values())
    assert not (tmp_path / "ran").exists()


@pytest.fixture
def second(shop):
    """A later version of the wheel, with the line ends of another system."""
    wheel = shop.archive.with_name("fake_vowels-1.1-py3-none-any.whl")
    write_wheel(wheel, {n: c.replace(b"\n", b"\r\n") for n, c in FILES.items()})
    first = sha256(shop.archive.read_bytes())
    shop.pin(first, sha256(wheel.read_bytes()))
    return wheel


@pytest.mark.parametrize(
    "harm", [Path.unlink, lambda path: truncate(path)], ids=["gone", "cut short"]
)
def test_where_the_first_version_is_not_to_be_had_the_second_serves(
    shop, second, cache, harm
):
    harm(shop.archive)
    assert_right(fetch(shop.source))


def test_the_first_version_is_preferred(shop, second, cache):
    second.unlink()
    assert_right(fetch(shop.source))


def test_where_no_version_is_to_be_had_every_reason_is_given(shop, second, cache):
    shop.archive.unlink()
    truncate(second)
    message, _ = fails_once(shop.source)
    assert "fake-vowels==1.0" in message
    assert "does not match its pinned hash" in message
    assert files_below(cache) == []


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        (INNER[: len(INNER) // 2], "fake_vowels-1.0.tar.gz is damaged"),
        (tar_gz({"vowels/train.txt": FILES["train.txt"]}), "vowels/test.txt"),
        (
            tar_gz({f"vowels/{name}": b"changed" for name in FILES}),
            "vowels.tar.gz!/vowels/train.txt in fake_vowels-1.0.tar.gz "
            "does not match its pinned hash",
        ),
    ],
    ids=["cut short", "missing", "changed"],
)
def test_a_wrong_archive_inside_a_source_distribution_keeps_nothing(
    sdist_shop, cache, inner, reason
):
    message, _ = fails_once(sdist_shop(inner))
    assert reason in message
    assert files_below(cache) == []


def test_a_fetch_says_what_it_fetches(shop, cache, downloaded, capsys):
    fetch(shop.source)
    printed = capsys.readouterr().out
    for part in ("Fake Vowels", "1.2 MB", "free to all"):
        assert part in printed


def test_a_second_fetch_starts_no_pip_and_says_nothing(shop, cache, no_pip, capsys):
    first = fetch(shop.source)
    shop.archive.unlink()
    no_pip()
    capsys.readouterr()
    assert fetch(shop.source) == first
    assert_right(first)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"4,5,6\n", None], ids=["cut short", "lost"])
def test_a_damaged_cached_file_is_fetched_again(shop, cache, downloaded, content):
    folder = cache / shop.source.name
    folder.mkdir(parents=True)
    for name, right in FILES.items():
        (folder / name).write_bytes(right)
    assert is_cached(shop.source)
    if content is None:
        (folder / "test.txt").unlink()
    else:
        (folder / "test.txt").write_bytes(content)
    assert not is_cached(shop.source)
    assert_right(fetch(shop.source))


def truncate(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def garble(path):
    """Overwrite the compressed bytes of the first file of an archive."""
    with zipfile.ZipFile(path) as opened:
        first = opened.infolist()[0]
    content = bytearray(path.read_bytes())
    start = first.header_offset + 30 + len(first.filename)
    content[start : start + first.compress_size] = b"\xff" * first.compress_size
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda shop: shop.archive.unlink(), "pip could not download it"),
        (lambda shop: shop.pin("0" * 64), "does not match its pinned hash"),
        (lambda shop: truncate(shop.archive), "does not match its pinned hash"),
        (
            lambda shop: shop.sources.write_text("fake-vowels==1.0\n", "utf-8"),
            "Hashes are required",
        ),
    ],
    ids=["offline", "wrong hash", "truncated", "no hash"],
)
def test_what_pip_refuses_is_not_kept(shop, cache, harm, reason):
    harm(shop)
    message, _ = fails_once(shop.source)
    assert reason in message
    assert files_below(cache) == []


@pytest.mark.parametrize("harm", [truncate, garble])
def test_an_archive_damaged_after_the_download_is_not_kept(
    shop, cache, downloaded, harm
):
    downloaded.append(harm)
    message, _ = fails_once(shop.source)
    assert f"{shop.archive.name} is damaged" in message
    assert files_below(cache) == []


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (
            Member("fake_vowels/test.txt", "0" * 64),
            "fake_vowels/test.txt in fake_vowels-1.0-py3-none-any.whl "
            "does not match its pinned hash",
        ),
        (Member("fake_vowels/moved.txt", "0" * 64), "fake_vowels/moved.txt"),
    ],
    ids=["wrong hash", "missing"],
)
def test_one_wrong_member_keeps_no_member(shop, cache, downloaded, member, reason):
    members = {**shop.source.members, "test.txt": member}
    message, _ = fails_once(replace(shop.source, members=members))
    assert reason in message
    assert files_below(cache) == []


def test_a_cache_below_a_regular_file_is_reported(shop, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    monkeypatch.setenv("RNN_COURSE_DATA", str(file / "below"))
    before = files_below(tmp_path)
    message, cause = fails_once(shop.source)
    assert isinstance(cause, OSError)
    assert str(cause) in message
    assert file.read_text(encoding="utf-8") == "mine"
    assert files_below(tmp_path) == before


@pytest.mark.parametrize(("owner", "function"), [(Path, "mkdir"), (os, "replace")])
def test_an_unwritable_cache_is_reported(
    shop, cache, downloaded, monkeypatch, owner, function
):
    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied", "the folder")

    monkeypatch.setattr(owner, function, refuse)
    message, _ = fails_once(shop.source)
    assert "Permission denied" in message
    assert "the folder" in message
    assert files_below(cache) == []


def test_an_interrupt_ends_pip_and_leaves_nothing(shop, cache, monkeypatch):
    processes = []

    def interrupt(pip, scratch, size):
        assert pip.poll() is None
        processes.append(pip)
        raise KeyboardInterrupt

    monkeypatch.setattr(fetching, "_show_progress", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch(shop.source)
    [pip] = processes
    assert pip.returncode not in (None, 0)
    assert files_below(cache) == []


def test_progress_survives_a_folder_that_pip_removes(tmp_path, monkeypatch):
    (tmp_path / "archive.whl").write_bytes(b"12345")
    (tmp_path / "pip-unpack").mkdir()
    scandir = os.scandir

    def scan(path):
        if Path(path).name == "pip-unpack":
            Path(path).rmdir()
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)
    assert fetching._largest_file(tmp_path) == 5


def test_an_unknown_distribution_is_named(shop, cache):
    with pytest.raises(ValueError, match=r"'nowhere' has no line in sources\.txt"):
        fetch(replace(shop.source, distribution="nowhere"))
    assert files_below(cache) == []


def test_the_cache_folder_is_the_one_chosen(monkeypatch):
    monkeypatch.setenv("RNN_COURSE_DATA", str(Path("~") / "course"))
    assert cache_folder() == Path.home() / "course"


@pytest.mark.parametrize("chosen", [None, ""])
def test_the_cache_folder_is_the_users_by_default(monkeypatch, chosen):
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    if chosen is not None:
        monkeypatch.setenv("RNN_COURSE_DATA", chosen)
    folder = cache_folder()
    assert "rnn-interview-course" in folder.parts
    assert folder.is_relative_to(platformdirs.user_cache_dir())


def pinned_lines():
    lines = fetching.SOURCES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_every_distribution_is_pinned_with_its_hash():
    assert pinned_lines()
    for line in pinned_lines():
        assert re.fullmatch(r"[\w.-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}", line), line


def test_every_data_set_has_a_first_and_a_second_version():
    pinned = [line.partition("==")[0] for line in pinned_lines()]
    for source in command.SOURCES:
        assert pinned.count(source.distribution) == 2


@pytest.fixture
def one_source(shop, cache, monkeypatch):
    """The command with one small pinned set beside Multi30k."""
    monkeypatch.setattr(command, "SOURCES", (shop.source,))
    return shop


def listed(capsys):
    """What the command says of each set, under its title."""
    printed = capsys.readouterr().out.splitlines()
    return dict(line.split(": ", maxsplit=1) for line in printed if ": " in line)


def test_list_fetches_nothing(one_source, cache, no_pip, capsys):
    no_pip()
    assert command.main(["--list"]) == 0
    printed = capsys.readouterr().out
    assert f"Cache folder: {cache}" in printed
    assert "Fake Vowels: not cached; 1.2 MB; free to all" in printed
    assert files_below(cache) == []


def test_the_list_has_multi30k_with_its_terms_and_the_phrases(cache, capsys):
    assert command.main(["--list"]) == 0
    said = listed(capsys)
    assert len(said) == 1 + 5  # the cache folder comes first
    assert "nothing to fetch" in said["English-French phrases"]
    captions = said["Multi30k English-French"]
    for part in ("not cached;", "1.3 MB", "research use", "for a long run only"):
        assert part in captions
    assert "python -m helpers.data multi30k" in captions
    assert files_below(cache) == []


def test_the_command_fetches_and_list_then_says_cached(
    one_source, cache, downloaded, offline, capsys
):
    assert command.main([]) == 0
    assert is_cached(one_source.source)
    capsys.readouterr()
    assert command.main(["--list"]) == 0
    said = listed(capsys)
    assert said["Fake Vowels"].startswith("cached;")
    assert said["Multi30k English-French"].startswith("not cached;")
    assert offline == []


def test_a_set_asked_for_is_fetched_alone(one_source, cache, no_pip, offline, capsys):
    no_pip()
    assert command.main(["multi30k"]) == 1
    assert offline
    assert "Multi30k English-French is not in the cache" in capsys.readouterr().err
    assert files_below(cache) == []
    offline.clear()
    assert command.main(["--list", "multi30k"]) == 0
    assert offline == []


def test_an_unknown_set_is_refused(one_source, cache, capsys):
    with pytest.raises(SystemExit):
        command.main(["multi31k"])
    assert "choose from" in capsys.readouterr().err
    assert files_below(cache) == []


def test_the_command_reports_a_failure_and_goes_on(
    one_source, cache, downloaded, monkeypatch, capsys
):
    lost = replace(
        one_source.source,
        name="lost",
        title="Lost Vowels",
        members={"lost.txt": Member("fake_vowels/lost.txt", "0" * 64)},
    )
    monkeypatch.setattr(command, "SOURCES", (lost, one_source.source))
    assert command.main([]) == 1
    printed = capsys.readouterr()
    assert "Lost Vowels is not in the cache" in printed.err
    assert "Lost Vowels is not in the cache" not in printed.out
    assert is_cached(one_source.source)
