"""How tight the prelude's notation binds: each claim is true as Mathlib reads it, false as misread."""

from __future__ import annotations

from mathlm.types import Status
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=120, memory_mb=2048, heartbeats=400_000, output_bytes=65_536)

PARSES: dict[str, str | None] = {
    "2 ^ 3 ! = 64": "(2 ^ 3)! = 64",
    "2 * 3 ! = 12": "(2 * 3)! = 12",
    "∑ i ∈ Finset.range 3, i + 10 = 13": "(∑ i ∈ Finset.range 3, (i + 10)) = 13",
    "2 * ∑ i ∈ Finset.range 3, i + 1 = 7": "2 * (∑ i ∈ Finset.range 3, (i + 1)) = 7",
    "∏ i ∈ Finset.Icc 1 3, i + 1 = 7": "(∏ i ∈ Finset.Icc 1 3, (i + 1)) = 7",
    "∑ i ∈ Finset.range 6 with i % 2 = 0, i + 1 = 7": "(∑ i ∈ Finset.range 6 with i % 2 = 0, (i + 1)) = 7",
    "∑ i ∈ Finset.range 3, i * i = 5": None,
    "|(2 : ℤ) - 5| * 2 - 7 = -1": "abs (((2 : ℤ) - 5) * 2 - 7) = -1",
    "(3 : ℤ) ∣ |(-6 : ℤ)|": None,
    "|(-3 : ℤ)| ∣ 6": None,
    "2 ^ 3 - 1 = 7": "2 ^ (3 - 1) = 7",
    "-2 ^ 2 = (-4 : ℤ)": "(-2) ^ 2 = (-4 : ℤ)",
    "¬ 2 ∣ 3 ∨ 2 ∣ 4": "¬(2 ∣ 3 ∨ 2 ∣ 4)",
    "5 + 9 ≡ 2 + 5 [MOD 7]": None,
    "(fun n : ℕ => n + 1)^[2] 3 * 2 = 10": "(fun n : ℕ => n + 1)^[2] (3 * 2) = 10",
}
"""The claim, and the other reading; `None` where that one is no sentence."""


def test_notation_binds_as_in_mathlib(lean: LeanVerifier) -> None:
    claims = [*PARSES, *(f"¬({other})" for other in PARSES.values() if other)]
    theorems = [f"theorem t{i} : {claim} := by decide +kernel" for i, claim in enumerate(claims)]
    verdict = lean.check("\n".join(["import Mathlib", "open Nat", *theorems]), limits=LIMITS)
    refused = [claims[int(t.name[1:])] for t in verdict.theorems if t.status is not Status.ACCEPTED]
    assert verdict.accepted, (refused, verdict.detail)
    assert len(verdict.theorems) == len(claims)
