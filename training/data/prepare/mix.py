"""`mathlm data mix`: one training file out of several folders or files, in given proportions.

A part is `PATH[=WEIGHT]`: a folder that `mathlm data` made, or a JSON-lines file. With a size, part i gets
`size * weight / all weights` lines; without one, the mix is as large as it can be without repeating a line.
A part that is too small gives each of its lines several times, up to `repeats` passes.

Order: `shuffled` by the seed, or a curriculum: ascending (or, with a `-` in front, descending) by the length
of the line or by one of its fields, ties shuffled. `training.packing` shuffles again; a curriculum is for
trainers that read in order.

Contract: the same parts, settings and code give the same bytes. In memory are 20 bytes for each line.
Not covered: gzip files (lines are read by their place in the file).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from mathlm.errors import DataError, UsageError
from training.data.prepare.folder import Folder, Json, data_files, file_sha256

DATA = "data-00000.jsonl"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Example: `Part(path=Path("clean/gsm8k"), weight=2.0)`."""

    path: Path
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise UsageError(f"{self.path}: a weight is a number above 0, got {self.weight:g}")


def read_part(text: str) -> Part:
    """From `PATH[=WEIGHT]`."""
    path, mark, weight = text.rpartition("=")
    if not mark:
        return Part(path=_there(text))
    try:
        return Part(path=_there(path), weight=float(weight))
    except ValueError:
        raise UsageError(f"{text!r}: write PATH or PATH=WEIGHT, for instance clean/gsm8k=2") from None


def mix(
    parts: Sequence[Part],
    out: Path,
    *,
    size: int | None = None,
    repeats: float = 1.0,
    order: str = "shuffled",
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Json:
    """Write the mix; returns its manifest."""
    if not parts:
        raise UsageError("give at least one part")
    if repeats < 1:
        raise UsageError(f"--repeats is a number of passes, at least 1, got {repeats:g}")
    tables = [_Table(part, order) for part in parts]
    described = [
        {
            "path": str(p.path),
            "weight": p.weight,
            "files": {f.name: file_sha256(f) for f in t.files},
            "lines": len(t),
        }
        for p, t in zip(parts, tables, strict=True)
    ]
    settings = {"parts": described, "size": size, "repeats": repeats, "order": order, "seed": seed}
    with Folder(out, settings) as folder:
        if folder.finished is not None:
            return folder.finished
        shares = _shares(parts, [len(table) for table in tables], size, repeats)
        rng = np.random.default_rng(seed)
        chosen = [_choose(len(table), share, rng) for table, share in zip(tables, shares, strict=True)]
        which = np.repeat(np.arange(len(parts)), shares)
        places = np.concatenate(chosen)
        keys = np.concatenate([table.keys[found] for table, found in zip(tables, chosen, strict=True)])
        shuffled = rng.permutation(len(which))
        if order != "shuffled":
            shuffled = shuffled[np.argsort(keys[shuffled], kind="stable")]
        folder.write(DATA, _lines(tables, which[shuffled], places[shuffled], progress))
        counts = [{"path": str(p.path), "lines": share} for p, share in zip(parts, shares, strict=True)]
        return folder.finish({"parts": counts, "lines": int(sum(shares))})


class _Table:
    """Where each line of a part is, and its key in the order."""

    def __init__(self, part: Part, order: str) -> None:
        self.files = data_files(part.path)
        if any(path.suffix == ".gz" for path in self.files):
            raise UsageError(f"{part.path}: unpack it first (gunzip), lines are read by their place")
        files, starts, keys = [], [], []
        for number, path in enumerate(self.files):
            with path.open("rb") as stream:
                start = 0
                for line in stream:
                    if line.strip():
                        files.append(number)
                        starts.append(start)
                        keys.append(_key(line, order, path, len(starts)))
                    start += len(line)
        if not starts:
            raise DataError(f"{part.path} has no lines: leave it out")
        self._file: npt.NDArray[np.int32] = np.array(files, dtype=np.int32)
        self._start: npt.NDArray[np.int64] = np.array(starts, dtype=np.int64)
        self.keys: npt.NDArray[np.float64] = np.array(keys, dtype=np.float64)
        self._open: dict[int, BinaryIO] = {}

    def __len__(self) -> int:
        return len(self._start)

    def line(self, place: int) -> Json:
        number = int(self._file[place])
        stream = self._open.get(number) or self._open.setdefault(number, self.files[number].open("rb"))
        stream.seek(int(self._start[place]))
        found: Json = json.loads(stream.readline())
        return found

    def close(self) -> None:
        for stream in self._open.values():
            stream.close()
        self._open.clear()


def _lines(
    tables: list[_Table], which: Any, places: Any, progress: Callable[[int], None] | None
) -> Iterator[Json]:
    try:
        for done, (table, place) in enumerate(zip(which, places, strict=True), 1):
            yield tables[table].line(place)
            if progress is not None and done % 1000 == 0:
                progress(done)
    finally:
        for one in tables:
            one.close()


def _key(line: bytes, order: str, path: Path, number: int) -> float:
    """The place in a curriculum. DataError where the line has no such number."""
    if order == "shuffled":
        return 0.0
    sign, name = (-1.0, order[1:]) if order.startswith("-") else (1.0, order)
    if name == "length":
        return sign * len(line)
    try:
        return sign * float(json.loads(line)[name])
    except (KeyError, TypeError, ValueError):
        raise DataError(
            f"{path}:{number}: no number in the field {name!r}: order by length, or by a field of all lines"
        ) from None


def _shares(parts: Sequence[Part], lines: list[int], size: int | None, repeats: float) -> list[int]:
    """Lines of each part. UsageError where a part would have to be repeated too often."""
    total = sum(part.weight for part in parts)
    if size is None:
        size = int(min(repeats * n * total / part.weight for n, part in zip(lines, parts, strict=True)))
    ends = np.floor(np.cumsum([part.weight for part in parts]) * size / total + 1e-9).astype(int)
    shares = [int(n) for n in np.diff(ends, prepend=0)]
    for part, n, share in zip(parts, lines, shares, strict=True):
        if share > repeats * n + 1:
            raise UsageError(
                f"{part.path} has {n:,} lines and would have to give {share:,}: lower --lines or its weight, "
                f"or allow --repeats {share / n:.1f}"
            )
    return shares


def _choose(lines: int, share: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Places of `share` lines, each as often as any other, give or take one."""
    passes = [rng.permutation(lines) for _ in range(-(-share // lines))]
    return np.concatenate([*passes, np.array([], dtype=np.int64)])[:share].astype(np.int64)


def _there(text: str) -> Path:
    path = Path(text)
    if not path.exists():
        raise UsageError(f"cannot read {text}: name a folder of `mathlm data` or a JSON-lines file")
    return path
