"""The theorems of Lean's library (Init, Std) and of the prelude, read from the runtime itself and kept.

`theorems(lean)` lists them all, about 50,000, from a file beside the runtime; the first call makes that file,
which reads some 900 modules and takes one to two minutes. Signatures are as Lean prints them:
`Nat.add_comm (n m : Nat) : n + m = m + n`. Those of the prelude have the module `Mathlib`: a source has to
import it to see them.

The file's folder is named by a hash of the runtime and its sources and appears whole or not at all.
Errors: InfraError when Lean cannot be started; RuntimeMissing when the cache folder cannot be written.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verify.base import Limits

if TYPE_CHECKING:
    from mathlm.search.lean import LibraryLean
    from verify.lean.protocol import LibraryAnswer
    from verify.lean.runtimes import LeanRuntime

LIMITS = Limits(seconds=120, memory_mb=2048, heartbeats=1_000_000, output_bytes=1 << 24)
PRELUDE = "Mathlib"
"""The module of the prelude's theorems."""
PREFIX = "lean-library-"
FILE = "theorems.jsonl"
KEPT = 2
Progress = Callable[[int, int], None]
"""Told how many modules of how many are done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryTheorem:
    """A public theorem.

    Example: `LibraryTheorem(name="Nat.add_comm", module="Init.Data.Nat.Basic", signature="…", alias="17")`
    """

    name: str
    module: str
    signature: str
    alias: str
    """Equal for theorems that say the same (`canonical` in `lean_workspace/MathLM/Library.lean`)."""
    deprecated: bool = False
    parts: tuple[str, ...] = ()
    """Theorems that Lean made of this one, such as `Nat.add_comm._simp_1`."""


def read(lean: LibraryLean, *, progress: Progress | None = None) -> Iterator[LibraryTheorem]:
    """All theorems, module by module, from the runtime; as many modules at once as Lean has workers."""
    from verify.ordered import in_order

    first = _module(lean, 0)
    total = first[0].modules
    tell = None if progress is None else lambda done: progress(done + 1, total)
    others = in_order(lambda index: _module(lean, index), range(1, total), threads=lean.slots, progress=tell)
    yield from _theorems(first)
    for answers in others:
        yield from _theorems(answers)


def theorems(lean: LibraryLean, *, progress: Progress | None = None) -> list[LibraryTheorem]:
    """All theorems, from the file that was kept, made first where it is missing."""
    return load(folder(lean, progress=progress))


def load(folder: Path) -> list[LibraryTheorem]:
    """The theorems kept in a folder."""
    with (folder / FILE).open(encoding="utf-8") as file:
        rows = map(json.loads, file)
        return [LibraryTheorem(**{**row, "parts": tuple(row["parts"])}) for row in rows]


def folder(lean: LibraryLean, *, progress: Progress | None = None) -> Path:
    """Where the theorems are kept, read first where they are not."""
    return kept(
        folder_name(lean.runtime),
        FILE,
        lambda folder: _write(read(lean, progress=progress), folder / FILE),
        prefix=PREFIX,
    )


def kept(name: str, file: str, make: Callable[[Path], None], *, prefix: str) -> Path:
    """The cache folder `name`, filled by `make` where it has no `file`. Of the folders with that prefix the
    newest stay: the others are of other versions of mathlm."""
    from verify.runtime import cache

    final = cache.cache_dir() / name
    if (final / file).is_file():
        return final
    with cache.locked(name, lambda: None):
        if (final / file).is_file():  # another process made it meanwhile
            return final
        with cache.staging(name) as staged:
            prepared = staged / name
            prepared.mkdir()
            make(prepared)
            cache.publish(name, prepared)
    found = [path for path in cache.cache_dir().glob(f"{prefix}*") if path.is_dir()]
    for old in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def is_ready(runtime: LeanRuntime) -> bool:
    """Whether the theorems are kept already."""
    from verify.runtime import cache

    return (cache.cache_dir() / folder_name(runtime) / FILE).is_file()


def folder_name(runtime: LeanRuntime) -> str:
    """Name of the runtime's folder in the cache: another for other sources or another Lean."""
    from verify.lean.image import image_name

    digest = hashlib.sha256(f"{runtime.toolchain}\0{image_name()}".encode())
    return PREFIX + digest.hexdigest()[:16]


def same_meaning(theorems: Iterable[LibraryTheorem]) -> dict[str, list[LibraryTheorem]]:
    """The theorems by what they say, in the order given: alias key -> theorems."""
    groups: dict[str, list[LibraryTheorem]] = {}
    for theorem in theorems:
        groups.setdefault(theorem.alias, []).append(theorem)
    return groups


def forbidden(theorem: LibraryTheorem, groups: dict[str, list[LibraryTheorem]]) -> list[str]:
    """What its proof must not use: itself, those that say the same, and what Lean made of them."""
    same = [other for other in groups[theorem.alias] if other.name != theorem.name]
    return [name for t in [theorem, *same] for name in (t.name, *t.parts)]


def _module(lean: LibraryLean, index: int) -> list[LibraryAnswer]:
    answers: list[LibraryAnswer] = []
    start: int | None = 0
    while start is not None:
        answers.append(lean.library(index, start=start, limits=LIMITS))
        start = answers[-1].next
    return answers


def _theorems(answers: list[LibraryAnswer]) -> Iterator[LibraryTheorem]:
    """A module's theorems; what Lean made of one is filed under the longest name that it starts with."""
    stated = {s.name: s for answer in answers for s in answer.statements}
    parts: dict[str, list[str]] = {}
    for made in (name for answer in answers for name in answer.generated):
        owner = made
        while owner and owner not in stated:
            owner = owner.rpartition(".")[0]
        parts.setdefault(owner, []).append(made)
    for name, s in stated.items():
        yield LibraryTheorem(
            name=name,
            module=answers[0].module or "",
            signature=s.signature,
            alias=s.alias,
            deprecated=s.deprecated,
            parts=tuple(parts.get(name, ())),
        )


def _write(theorems: Iterable[LibraryTheorem], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for theorem in theorems:
            file.write(json.dumps(dataclasses.asdict(theorem), ensure_ascii=False) + "\n")
