"""Safe unpacking of a `.tar.gz`, and the check of its npm integrity.

Contract: only plain files and folders below the target are written, with plain permissions; absolute
names, `..`, links and devices are errors; `._*` files (macOS metadata) are skipped.
Errors: RuntimeMissing for a bad archive; OSError (disk full) passes through.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from mathlm.errors import RuntimeMissing

CHUNK = 1 << 20
Advance = Callable[[int], None]
"""Told how many more bytes were handled."""


def integrity_of(path: Path) -> str:
    """npm's integrity string of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha512").digest()
    return f"sha512-{base64.b64encode(digest).decode()}"


def unpack(archive: Path, target: Path, advance: Advance, *, strip: int = 0) -> None:
    """Unpack `archive` into `target`, without the first `strip` parts of each name."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                _unpack_member(tar, member, target, strip, advance)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RuntimeMissing(f"{archive.name} is not a whole archive ({error}): fetch it again") from None


def _unpack_member(
    tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path, strip: int, advance: Advance
) -> None:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or "\\" in member.name or ":" in member.name:
        raise RuntimeMissing(f"the archive names a path outside its folder ({member.name}): do not use it")
    if not (member.isfile() or member.isdir()):
        raise RuntimeMissing(f"the archive holds a link or device ({member.name}): do not use it")
    parts = name.parts[strip:]
    if not parts or any(part.startswith("._") for part in parts):
        return
    path = target.joinpath(*parts)
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    source = tar.extractfile(member)
    assert source is not None
    with source, path.open("wb") as sink:
        while chunk := source.read(CHUNK):
            sink.write(chunk)
            advance(len(chunk))
