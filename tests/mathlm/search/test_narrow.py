"""Proofs with alternatives, narrowed to the one that works."""

from __future__ import annotations

from typing import Any

import pytest

from mathlm.extract import Statement
from mathlm.search import SearchConfig
from mathlm.search.narrow import narrowed
from mathlm.search.search import Search
from mathlm.types import Candidate, SamplingParams
from mathlm.watch import Watch
from verify.base import Limits
from verify.fake import FakeLeanVerifier

TARGET = Statement(header="", theorem="theorem t : p")


def search(lean: FakeLeanVerifier, **named: Any) -> Search:
    return Search(
        target=TARGET, lean=lean, backend=None, params=SamplingParams(max_tokens=9, temperature=1.0),
        limits=Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000), config=SearchConfig(),
        **named,
    )  # fmt: skip


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
    found = narrowed(search(lean), TARGET, proof(f"{before}first {tries(100)}{after}"))
    assert found is not None and found.verdict.accepted
    assert found.candidate == proof(f"{before}exact ⟨{right}, by decide⟩{after}")
    assert len(lean.tried) <= 9


def test_what_has_no_alternatives_stays() -> None:
    lean = FakeLeanVerifier(lambda source: True)
    assert narrowed(search(lean), TARGET, proof("by first | omega | simp")) is None
    assert lean.tried == lean.sources == []


def test_nothing_is_claimed_where_none_of_them_works_alone() -> None:
    lean = FakeLeanVerifier(lambda source: "first" in source and "⟨3," in source and "⟨4," in source)
    assert narrowed(search(lean), TARGET, proof(f"by first {tries(9)}")) is None


def test_a_models_alternatives_stay() -> None:
    lean = FakeLeanVerifier(lambda source: True)
    text = f"by first {tries(9)}"
    written = Candidate(kind="proof", source=text, origin="model")
    assert narrowed(search(lean), TARGET, written) is None and lean.tried == []


def test_what_is_forbidden_stays_forbidden() -> None:
    lean = FakeLeanVerifier(lambda source: "⟨2," in source)
    assert narrowed(search(lean, forbidden=frozenset({"secret"})), TARGET, proof(f"by first {tries(9)}"))
    assert lean.forbidden == [("secret",)]


def test_nothing_is_begun_once_nobody_waits() -> None:
    lean = FakeLeanVerifier(lambda source: True)
    gone = search(lean, watch=Watch(cancelled=lambda: True))
    assert narrowed(gone, TARGET, proof(f"by first {tries(9)}")) is None
    assert lean.tried == lean.sources == []
