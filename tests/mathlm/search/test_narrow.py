"""Proofs with alternatives, narrowed to the one that works."""

from __future__ import annotations

import pytest

from mathlm.extract import Statement
from mathlm.search.narrow import narrowed
from mathlm.types import Candidate
from verify.base import Limits
from verify.fake import FakeLeanVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
TARGET = Statement(header="", theorem="theorem t : p")


def proof(text: str) -> Candidate:
    return Candidate(kind="proof", source=text, origin="automation: witnesses")


def tries(count: int) -> str:
    return " ".join(f"| exact ⟨{i}, by decide⟩" for i in range(count))


@pytest.mark.parametrize("right", [0, 1, 57, 99])
@pytest.mark.parametrize(
    ("before", "after"), [("by ", ""), ("by (intro x; ", ")"), ("by\n  intro h\n  ", "")]
)
def test_the_one_that_works_is_left(right: int, before: str, after: str) -> None:
    lean = FakeLeanVerifier(lambda source: f"⟨{right}, by decide⟩" in source)
    found = narrowed(TARGET, proof(f"{before}first {tries(100)}{after}"), lean=lean, limits=LIMITS)
    assert found is not None and found.verdict.accepted
    assert found.candidate == proof(f"{before}exact ⟨{right}, by decide⟩{after}")
    assert len(lean.tried) <= 9


def test_what_has_no_alternatives_stays() -> None:
    lean = FakeLeanVerifier(lambda source: True)
    assert narrowed(TARGET, proof("by first | omega | simp"), lean=lean, limits=LIMITS) is None
    assert lean.tried == lean.sources == []


def test_nothing_is_claimed_where_none_of_them_works_alone() -> None:
    lean = FakeLeanVerifier(lambda source: "first" in source and "⟨3," in source and "⟨4," in source)
    assert narrowed(TARGET, proof(f"by first {tries(9)}"), lean=lean, limits=LIMITS) is None
