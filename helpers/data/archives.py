"""Take one file out of an archive without installing or running anything of it."""

import io
import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path

#: What a damaged archive, or one without the file, may raise.
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError)
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
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as opened:
            return opened.read(path)
    file.seek(0)
    with tarfile.open(fileobj=file) as opened:
        member = opened.extractfile(path)
        if member is None:
            raise KeyError(f"{path!r} is a folder, not a file")
        return member.read()
