"""Theorem statements of the core Lean library: training text, the test split, draws from all its parts.

A theorem is held out when its name is in the test split (`training.data.split`), and so is every theorem that
says the same as one of these: no training data may hold either.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest
from pathlib import Path
from random import Random

from mathlm.library import LibraryTheorem
from mathlm.records import write_atomically
from training.data.split import is_test


def held_out(theorems: Iterable[LibraryTheorem]) -> frozenset[str]:
    """Names of the test theorems, of those that say the same, and of what Lean made of either."""
    theorems = list(theorems)
    tested = {t.alias for t in theorems if is_test(t.name)}
    return frozenset(name for t in theorems if t.alias in tested for name in (t.name, *t.parts))


def part_of(theorem: LibraryTheorem) -> str:
    """`List` for Init.Data.List.Basic, `Std.Tactic` for Std.Tactic.Do."""
    words = theorem.module.split(".")
    return words[2] if words[1:2] == ["Data"] and len(words) > 2 else ".".join(words[:2])


def spread(theorems: Iterable[LibraryTheorem], seed: int, *, longest: int) -> Iterator[LibraryTheorem]:
    """The theorems with signatures of up to `longest` characters, in a random order that takes from each part
    of the library in turn."""
    rng = Random(seed)
    parts: dict[str, list[LibraryTheorem]] = {}
    for theorem in theorems:
        if len(theorem.signature) <= longest:
            parts.setdefault(part_of(theorem), []).append(theorem)
    for part in parts.values():
        rng.shuffle(part)
    turns = zip_longest(*(parts[name] for name in sorted(parts)))
    return (theorem for theorem in chain.from_iterable(turns) if theorem is not None)


def restated(theorem: LibraryTheorem, name: str = "t") -> str | None:
    """`theorem NAME BINDERS : TYPE` on one line; None where the library's name is printed oddly."""
    if not theorem.signature.startswith(theorem.name):
        return None
    rest = theorem.signature[len(theorem.name) :]
    space = "" if rest.startswith(".{") else " "
    return f"theorem {name}{space}{' '.join(rest.split())}"


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
