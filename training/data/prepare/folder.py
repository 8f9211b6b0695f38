"""An output folder of `mathlm data`: made in steps that survive a kill, finished by its manifest.

While the work goes on, `.work/` holds what was asked for (`run.json`) and finished chunks; each is written
beside its name and renamed. The data files are put together at the end and `manifest.json` comes last: a
folder that has one is complete, and `verify` recomputes its hashes. The same command continues a stopped run;
another command in the same folder is refused.

Contract: one process at a time; nothing in the folder depends on time, machine or how often it was stopped.
Errors: UsageError with what to do.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mathlm import __version__
from mathlm.config import git_hash
from mathlm.errors import DataError, UsageError
from mathlm.records import read_jsonl, write_atomically, write_json

FORMAT = 1
MANIFEST = "manifest.json"
Json = dict[str, Any]


def code_version() -> Json:
    """The package's version and the commit that runs."""
    return {"version": __version__, "git": git_hash()}


class Folder:
    """An open output folder.

    Example: `with Folder(out, settings) as folder: folder.write("data-00000.jsonl", lines)`
    """

    def __init__(self, out: Path, settings: Json) -> None:
        self.out, self._work = out, out / ".work"
        self._wrote: dict[str, Json] = {}
        self.identity: Json = json.loads(
            json.dumps({"code": code_version(), "settings": settings}, default=str)
        )
        try:
            out.mkdir(parents=True, exist_ok=True)
            self._lock = (out / ".lock").open("w")
        except OSError as error:
            raise UsageError(f"cannot write {out} ({error.strerror}): choose another --out") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._claim()
        except BlockingIOError:
            self._lock.close()
            raise UsageError(f"{out} is in use by another run: wait for it, or use another --out") from None
        except BaseException:
            self._lock.close()
            raise

    @property
    def finished(self) -> Json | None:
        """The manifest of a complete folder."""
        path = self.out / MANIFEST
        return read_manifest(self.out) if path.exists() else None

    def chunk(self, number: int) -> list[Json] | None:
        """The records of a chunk that an earlier call finished."""
        path = self._chunk(number)
        return list(read_jsonl(path)) if path.exists() else None

    def keep_chunk(self, number: int, records: Iterable[Json]) -> None:
        """Put a finished chunk on the disk."""
        _write_lines(self._chunk(number), records)

    def write(self, name: str, records: Iterable[Json]) -> None:
        """Write one file of the result and note its hash for the manifest."""
        lines = _write_lines(self.out / name, records)
        self._wrote[name] = {"lines": lines, **_facts(self.out / name)}

    def write_text(self, name: str, text: str) -> None:
        """The same for a text."""
        write_atomically(self.out / name, lambda partial: partial.write_text(text, encoding="utf-8"))
        self._wrote[name] = _facts(self.out / name)

    def finish(self, facts: Json) -> Json:
        """Write the manifest and drop the chunks."""
        manifest = {"format": FORMAT, **self.identity, **facts, "files": self._wrote}
        write_json(self.out / MANIFEST, manifest)
        shutil.rmtree(self._work, ignore_errors=True)
        return read_manifest(self.out)

    def close(self) -> None:
        """Let go of the folder."""
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _chunk(self, number: int) -> Path:
        return self._work / f"chunk-{number:06d}.jsonl"

    def _claim(self) -> None:
        """Make sure that the folder is new, or belongs to this very command."""
        path = self._work / "run.json"
        before = self.finished
        if before is None and path.exists():
            before = json.loads(path.read_text("utf-8"))
        if before is None:
            visible = [p.name for p in self.out.iterdir() if not p.name.startswith(".")]
            if visible:
                raise UsageError(f"{self.out} has other files ({visible[0]}): choose another --out")
            self._work.mkdir(exist_ok=True)
            write_json(path, self.identity)
            return
        changed = sorted(_differences({k: before.get(k) for k in self.identity}, self.identity))
        if changed:
            raise UsageError(
                f"{self.out} was made with other settings ({', '.join(changed)}): "
                "repeat the old ones to continue it, or use another --out"
            )


def read_manifest(out: Path) -> Json:
    """The manifest of a folder. UsageError where there is none."""
    try:
        found = json.loads((out / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{out} is no finished data folder ({error}): make it with `mathlm data`") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or "files" not in found:
        raise DataError(f"{out / MANIFEST} is of another version: make the folder again")
    return found


def verify(out: Path) -> list[str]:
    """What is wrong with the files of a folder: empty when every hash of its manifest holds."""
    wrong = []
    for name, facts in read_manifest(out)["files"].items():
        path = out / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif _facts(path)["sha256"] != facts["sha256"]:
            wrong.append(f"{name} was changed")
    return wrong


def data_files(out: Path) -> list[Path]:
    """The data files of a folder, in order; a file is its own."""
    if out.is_file():
        return [out]
    names = [name for name in read_manifest(out)["files"] if name.startswith("data-")]
    return [out / name for name in sorted(names)]


def file_sha256(path: Path) -> str:
    """sha256 of a file, in hex. UsageError where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror}): name a readable file") from None


def shards(records: Iterator[Json], size: int) -> Iterator[tuple[str, Iterator[Json]]]:
    """(name, lines) of files of `size` lines each; at least one. Use each up before the next."""
    number, first = 0, next(records, None)
    while first is not None or number == 0:
        yield f"data-{number:05d}.jsonl", _take(first, records, size)
        number, first = number + 1, next(records, None)


def _take(first: Json | None, rest: Iterator[Json], size: int) -> Iterator[Json]:
    if first is None:
        return
    yield first
    for _ in range(size - 1):
        record = next(rest, None)
        if record is None:
            return
        yield record


def _write_lines(path: Path, records: Iterable[Json]) -> int:
    count = 0

    def write(partial: Path) -> None:
        nonlocal count
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
                count += 1

    write_atomically(path, write)
    return count


def _facts(path: Path) -> Json:
    return {"bytes": path.stat().st_size, "sha256": file_sha256(path)}


def _differences(before: Any, now: Any, name: str = "") -> list[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        keys = before.keys() | now.keys()
        return [x for k in keys for x in _differences(before.get(k), now.get(k), f"{name}.{k}".lstrip("."))]
    return [] if before == now else [name]
