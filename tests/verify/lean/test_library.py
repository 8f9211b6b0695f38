"""The listing of the library as the real Lean gives it: statements, alias keys, the prelude last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from verify.base import Limits
from verify.lean.protocol import LibraryStatement
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=4096, heartbeats=200_000, output_bytes=20_000)


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier


def test_library_statements(lean: LeanVerifier) -> None:
    parts = [lean.library(index, limits=LIMITS) for index in range(40)]
    assert parts[0].modules > 800
    assert lean.library(parts[0].modules, limits=LIMITS).module is None
    found = {s.name: s for part in parts for s in part.statements}
    assert all(s.signature.startswith(name) for name, s in found.items())


def test_what_says_the_same_has_one_key(lean: LeanVerifier) -> None:
    index = next(i for i in range(10) if lean.library(i, limits=LIMITS).module == "Init.Core")
    found: dict[str, LibraryStatement] = {}
    start: int | None = 0
    while start is not None:
        part = lean.library(index, start=start, limits=LIMITS)
        found |= {s.name: s for s in part.statements}
        start = part.next
    same = (("or_comm", "Or.comm"), ("iff_of_eq", "propext"), ("iff_false_left", "iff_false_right"))
    assert all(found[one].alias == found[other].alias for one, other in same)
    assert found["or_comm"].alias != found["and_comm"].alias


def test_prelude_statements_come_last(lean: LeanVerifier) -> None:
    last = lean.library(lean.library(0, limits=LIMITS).modules - 1, limits=LIMITS)
    assert last.module == "Mathlib" and last.next == 100
    assert any("ℕ" in s.signature for s in last.statements)
