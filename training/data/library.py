"""Theorem statements of the core Lean library, read from the installed runtime itself.

`statements(lean)` yields every public theorem of Init and Std as (name, module, signature), about 50,000 in
a minute or two. Signatures are as Lean prints them: `Nat.add_comm (n m : Nat) : n + m = m + n`.
The test split (`training.data.split`) is by name and is never written as training text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mathlm.records import write_atomically
from training.data.split import is_test
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=120, memory_mb=2048, heartbeats=1_000_000, output_bytes=1 << 24)


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryTheorem:
    """Example: `LibraryTheorem(name="Nat.add_comm", module="Init.Data.Nat.Basic", signature="…")`"""

    name: str
    module: str
    signature: str


def statements(
    lean: LeanVerifier, *, progress: Callable[[int, int], None] | None = None
) -> Iterator[LibraryTheorem]:
    """All statements, module by module; `progress` gets (modules done, modules)."""
    index = 0
    while True:
        start: int | None = 0
        while start is not None:
            part = lean.library(index, start=start, limits=LIMITS)
            if part.module is None:
                return
            for name, signature in part.statements:
                yield LibraryTheorem(name=name, module=part.module, signature=signature)
            start = part.next
        index += 1
        if progress is not None:
            progress(index, part.modules)


def training_texts(theorems: Iterable[LibraryTheorem], *, longest: int) -> Iterator[dict[str, str]]:
    """Pre-training lines `{"id","text"}` outside the test split, of up to `longest` characters."""
    for theorem in theorems:
        text = f"theorem {' '.join(theorem.signature.split())}"
        if not is_test(theorem.name) and len(text) <= longest:
            yield {"id": theorem.name, "text": text}


def write_texts(theorems: Iterable[LibraryTheorem], out: Path, *, longest: int) -> int:
    """Write `training_texts` to a file, whole or not at all; returns the number of lines."""
    out.parent.mkdir(parents=True, exist_ok=True)
    count = 0

    def write(partial: Path) -> None:
        nonlocal count
        with partial.open("w", encoding="utf-8") as file:
            for line in training_texts(theorems, longest=longest):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1

    write_atomically(out, write)
    return count
