"""One file out of an archive, or out of an archive inside an archive."""

import io
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.archives import DAMAGED, read_member

# Bytes that hardly compress: the last of them lie beyond two fifths of any archive.
NOISE = bytes(i * i * 7919 % 251 for i in range(3000))
FILES = {"folder/text.txt": "naïve café\n".encode(), "noise.bin": NOISE, "empty": b""}


def make_zip(contents):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return file.getvalue()


def make_tar(contents, compression=""):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{compression}") as archive:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


MAKERS = {
    "zip": make_zip,
    "tar": make_tar,
    "tar.gz": lambda contents: make_tar(contents, "gz"),
    "tar.bz2": lambda contents: make_tar(contents, "bz2"),
    "tar.xz": lambda contents: make_tar(contents, "xz"),
}
ARCHIVES = {kind: make(FILES) for kind, make in MAKERS.items()}
kinds = pytest.mark.parametrize("kind", MAKERS)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Read a member of an archive given as bytes; its name must not matter."""
    file = tmp_path_factory.mktemp("archives") / "download"

    def read(content, path):
        file.write_bytes(content)
        return read_member(file, path)

    return read


@kinds
@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_out_as_it_went_in(read, kind, name):
    assert read(ARCHIVES[kind], name) == FILES[name]


@kinds
@pytest.mark.parametrize("inner", MAKERS)
def test_a_file_of_an_archive_inside_comes_out(read, kind, inner):
    outer = MAKERS[kind]({"deep/inner": ARCHIVES[inner]})
    for name, content in FILES.items():
        assert read(outer, f"deep/inner!/{name}") == content


def test_archives_may_lie_three_deep(read):
    middle = make_zip({"inner": ARCHIVES["tar.xz"]})
    outer = make_tar({"middle.zip": middle}, "gz")
    assert read(outer, "middle.zip!/inner!/noise.bin") == NOISE


@kinds
def test_a_missing_file_is_a_key_error_that_names_it(read, kind):
    with pytest.raises(KeyError, match=r"nowhere\.txt"):
        read(ARCHIVES[kind], "nowhere.txt")


@kinds
@pytest.mark.parametrize("path", ["lost!/noise.bin", "inner!/lost"])
def test_a_missing_step_of_a_nested_path_is_a_key_error(read, kind, path):
    with pytest.raises(KeyError, match="lost"):
        read(MAKERS[kind]({"inner": ARCHIVES["tar.gz"]}), path)


def test_a_folder_is_not_a_file(read):
    with pytest.raises(KeyError, match="folder"):
        read(ARCHIVES["tar.gz"], "folder")


@pytest.mark.parametrize("content", [b"", b"<html>moved</html>", NOISE])
def test_what_is_no_archive_is_damaged(read, content):
    with pytest.raises(DAMAGED):
        read(content, "noise.bin")
    with pytest.raises(DAMAGED):
        read(make_zip({"inner": content}), "inner!/noise.bin")


@kinds
@settings(deadline=None)
@given(share=st.floats(0, 0.4))
def test_an_archive_cut_short_never_gives_a_file(read, kind, share):
    whole = ARCHIVES[kind]
    cut = whole[: int(share * len(whole))]
    with pytest.raises((*DAMAGED, KeyError)):
        read(cut, "noise.bin")


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.bz2", "tar.xz"])
def test_an_archive_overwritten_in_the_middle_is_damaged(read, kind):
    content = bytearray(ARCHIVES[kind])
    content[200:600] = b"\xff" * 400
    with pytest.raises(DAMAGED):
        read(bytes(content), "noise.bin")


@pytest.mark.parametrize(
    ("offset", "value"), [(8, 1), (10, 99)], ids=["encrypted", "unknown method"]
)
def test_a_zip_with_a_broken_directory_is_damaged(read, offset, value):
    content = bytearray(make_zip({"noise.bin": NOISE}))
    content[content.rindex(b"PK\x01\x02") + offset] = value
    with pytest.raises(DAMAGED):
        read(bytes(content), "noise.bin")


def test_reading_writes_nothing(tmp_path):
    archive = tmp_path / "archive"
    archive.write_bytes(make_tar({"inner": ARCHIVES["zip"]}, "gz"))
    read_member(archive, "inner!/noise.bin")
    assert list(tmp_path.iterdir()) == [archive]
