"""Theorem statements of the core Lean library as training text, and the test split of the library.

A theorem is held out when its name is in the test split (`training.data.split`), and so is every theorem that
says the same as one of these: no training data may hold either.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from mathlm.library import LibraryTheorem
from mathlm.records import write_atomically
from training.data.split import is_test


def held_out(theorems: Iterable[LibraryTheorem]) -> frozenset[str]:
    """Names of the test theorems, of those that say the same, and of what Lean made of either."""
    theorems = list(theorems)
    tested = {t.alias for t in theorems if is_test(t.name)}
    return frozenset(name for t in theorems if t.alias in tested for name in (t.name, *t.parts))


def training_texts(theorems: Iterable[LibraryTheorem], *, longest: int) -> Iterator[dict[str, str]]:
    """Pre-training lines `{"id","text"}` without what is held out, of up to `longest` characters."""
    theorems = list(theorems)
    kept_back = held_out(theorems)
    for theorem in theorems:
        text = f"theorem {' '.join(theorem.signature.split())}"
        if theorem.name not in kept_back and len(text) <= longest:
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
