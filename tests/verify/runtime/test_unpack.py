"""Unpacking writes plain files below its target and nothing else."""

from __future__ import annotations

import io
import stat
import tarfile
from pathlib import Path

import pytest

from mathlm.errors import RuntimeMissing
from tests.verify.runtime.npm_registry import tarball
from verify.runtime.unpack import integrity_of, unpack


def archive_of(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "archive.tgz"
    path.write_bytes(data)
    return path


def test_names_are_stripped_and_macos_metadata_skipped(tmp_path: Path) -> None:
    data = tarball({"package/a/b.txt": b"b", "package/a/._b.txt": b"meta", "package/._a/c.txt": b"meta"})
    sizes: list[int] = []
    unpack(archive_of(tmp_path, data), tmp_path / "out", sizes.append, strip=1)
    assert [p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*")] == [
        "a",
        "a/b.txt",
    ]
    assert sizes == [1]


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "a\\..\\x", "C:x"])
def test_a_name_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    archive = archive_of(tmp_path, tarball({name: b"x"}))
    with pytest.raises(RuntimeMissing, match="outside its folder"):
        unpack(archive, tmp_path / "out", lambda size: None)
    assert list(tmp_path.iterdir()) == [archive]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(RuntimeMissing, match="a link or device"):
        unpack(archive_of(tmp_path, buffer.getvalue()), tmp_path / "out", lambda size: None)


def test_permissions_of_the_archive_are_not_taken(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        info = tarfile.TarInfo("program")
        info.mode = 0o6777
        tar.addfile(info)
    unpack(archive_of(tmp_path, buffer.getvalue()), tmp_path / "out", lambda size: None)
    assert not stat.S_IMODE((tmp_path / "out/program").stat().st_mode) & 0o7111


@pytest.mark.parametrize("cut", [0, 5, 60])
def test_an_archive_that_is_cut_is_refused(tmp_path: Path, cut: int) -> None:
    data = tarball({"a": b"".join(i.to_bytes(4, "big") for i in range(5000))})
    with pytest.raises(RuntimeMissing, match="not a whole archive"):
        unpack(archive_of(tmp_path, data[:cut]), tmp_path / "out", lambda size: None)


def test_integrity_is_written_as_npm_writes_it(tmp_path: Path) -> None:
    expected = (
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
    )
    assert integrity_of(archive_of(tmp_path, b"")) == expected
