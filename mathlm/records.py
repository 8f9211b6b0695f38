"""JSON files: the append-only store of attempts, strict reading of data lines, atomic writing.

Contract: `Records.append` returns once the lines are on the disk, so what was reported done stays
done after `kill -9`; a last line that such a kill tore is cut off on open. Readers say which line of
which file is wrong. One process writes a store at a time (a second one is refused).
Errors: DataError with `path:line`, UsageError for a file that cannot be opened.
Not covered: Windows (no `flock`).
"""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mathlm.errors import DataError, UsageError

CHUNK = 1 << 16
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Records:
    """An append-only JSON-lines file.

    Example: `with Records(out / "samples.jsonl") as store: store.append({"id": "q1", "sample": 0})`
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            raise UsageError(f"cannot write {path} ({error.strerror}): choose another folder") from None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise UsageError(f"{path} is in use by another run: wait for it, or use another folder") from None
        self._end = _cut_torn_line(self._descriptor)

    def append(self, *records: dict[str, Any]) -> None:
        """Write the records, one line each, and wait until they are on the disk.

        If that fails (full disk), none of them is in the file.
        """
        lines = [json.dumps(record, ensure_ascii=False, allow_nan=False) for record in records]
        data = "".join(f"{line}\n" for line in lines).encode("utf-8")
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            os.fsync(self._descriptor)
        except BaseException:
            os.ftruncate(self._descriptor, self._end)
            raise
        self._end += len(data)

    def read(self) -> Iterator[dict[str, Any]]:
        """All records, oldest first."""
        return read_jsonl(self.path)

    def keys(self, *names: str) -> set[tuple[Any, ...]]:
        """The values of these fields in every record: what a resumed run need not do again."""
        return {tuple(record[name] for name in names) for record in read_jsonl(self.path, required=names)}

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _cut_torn_line(descriptor: int) -> int:
    """Cut what follows the last newline; returns the size that is left."""
    end = os.fstat(descriptor).st_size
    keep = end
    while keep > 0:
        start = max(0, keep - CHUNK)
        found = os.pread(descriptor, keep - start, start).rfind(b"\n")
        if found >= 0:
            keep = start + found + 1
            break
        keep = start
    if keep < end:
        os.ftruncate(descriptor, keep)
    return keep


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside `path`, then rename it; on failure `path` is as before."""
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        write(partial)
        with partial.open("rb") as stream:
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """`value` as indented JSON, atomically."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
    write_atomically(path, lambda partial: partial.write_text(text, encoding="utf-8"))


def read_jsonl(path: Path, *, required: Iterable[str] = ()) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file (also `.gz`), one by one; blank lines are skipped."""
    fields = tuple(required)
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield _parse(line, fields, f"{path}:{number}")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{path} is not a whole gzip file ({error}): get it again") from None
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror}): name a readable file") from None


def line_number(path: Path, index: int) -> int:
    """Line number of record `index` (from 0), for an error message: `read_jsonl` skips blank lines."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        return [number for number, line in enumerate(stream, 1) if line.strip()][index]


def _parse(line: bytes, fields: tuple[str, ...], where: str) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
        if b"\\u" in line and _LONE_SURROGATE.search(json.dumps(record, ensure_ascii=False)):
            raise DataError(f"{where}: half a surrogate pair (\\ud800 to \\udfff) is no text: remove it")
    except UnicodeDecodeError as error:
        raise DataError(f"{where}: not UTF-8 (byte {error.start} of the line): save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: not JSON ({error}): each line must be one JSON object") from None
    if not isinstance(record, dict):
        raise DataError(f"{where}: expected a JSON object, got {type(record).__name__}")
    if missing := [name for name in fields if name not in record]:
        raise DataError(f"{where}: field {missing[0]!r} is missing: every line needs {', '.join(fields)}")
    return record
