"""The prelude's definitions on concrete instances, decided true and false by computation.

Each line is a proposition and whether it holds in Mathlib; Lean must decide it so (`decide`, in the kernel).
Where the prelude's definition is written otherwise than Mathlib's, these tables say that they mean the same.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mathlm.types import Status
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=120, memory_mb=2048, heartbeats=400_000, output_bytes=65_536)

PROVED = Path(__file__).with_name("instances.lean")
"""Propositions that no algorithm decides, each with its proof."""

TABLES: dict[str, dict[str, bool]] = {
    "Nat.Prime": {
        "Nat.Prime 0": False, "Nat.Prime 1": False, "Nat.Prime 2": True, "Nat.Prime 3": True,
        "Nat.Prime 4": False,
        "Nat.Prime 9": False, "Nat.Prime 91": False, "Nat.Prime 97": True, "Nat.Prime 7919": True,
        "Nat.Prime (2 ^ 13 - 1)": True, "Nat.Prime (2 ^ 11 - 1)": False,
    },
    "factorial": {"0! = 1": True, "5! = 120": True, "5! = 121": False, "(3)! + 1 = 7": True,
        "10! = 3628800": True},
    "choose": {
        "Nat.choose 5 2 = 10": True, "Nat.choose 2 5 = 0": True, "Nat.choose 0 0 = 1": True,
        "Nat.choose 10 3 = 120": True, "Nat.choose 5 2 = 11": False,
    },
    "Even, Odd": {
        "Even 0": True, "Even 7": False, "Odd 7": True, "Odd 0": False, "Even (-4 : ℤ)": True,
        "Odd (-3 : ℤ)": True,
        "Odd (4 : ℤ)": False, "IsSquare 49": True, "IsSquare 50": False,
    },
    "digits": {
        "Nat.digits 10 123 = [3, 2, 1]": True, "Nat.digits 2 6 = [0, 1, 1]": True,
        "Nat.digits 10 0 = []": True,
        "Nat.digits 1 3 = [1, 1, 1]": True, "Nat.digits 0 5 = [5]": True, "Nat.digits 10 12 = [1, 2]": False,
        "Nat.ofDigits 10 [3, 2, 1] = 123": True, "Nat.ofDigits 10 [1, 2] = 12": False,
    },
    "sqrt, log": {
        "Nat.sqrt 0 = 0": True, "Nat.sqrt 15 = 3": True, "Nat.sqrt 16 = 4": True, "Nat.sqrt 17 = 5": False,
        "Nat.sqrt 1000000 = 1000": True, "Nat.log 2 1000 = 9": True, "Nat.log 10 999 = 2": True,
        "Nat.log 1 9 = 0": True, "Nat.clog 2 9 = 4": True, "Nat.clog 2 8 = 4": False,
    },
    "divisors": {
        "Nat.divisors 12 = {1, 2, 3, 4, 6, 12}": True, "Nat.divisors 0 = ∅": True,
        "6 ∈ Nat.divisors 12": True,
        "5 ∈ Nat.divisors 12": False, "Nat.properDivisors 6 = {1, 2, 3}": True,
        "12 ∈ Nat.properDivisors 12": False,
        "Nat.primeFactors 60 = {2, 3, 5}": True, "Nat.minFac 91 = 7": True, "Nat.minFac 0 = 2": True,
    },
    "totient, fib, valuation": {
        "φ 12 = 4": True, "φ 1 = 1": True, "φ 7 = 7": False, "Nat.fib 10 = 55": True, "Nat.fib 2 = 2": False,
        "padicValNat 2 48 = 4": True, "padicValNat 3 48 = 2": False, "padicValNat 5 0 = 0": True,
    },
    "Coprime": {"Nat.Coprime 8 9": True, "Nat.Coprime 8 6": False, "Nat.Coprime 0 1": True,
        "Nat.Coprime 0 0": False},
    "ModEq": {
        "17 ≡ 3 [MOD 7]": True, "17 ≡ 4 [MOD 7]": False, "5 ≡ 5 [MOD 0]": True, "5 ≡ 6 [MOD 0]": False,
        "-1 ≡ 6 [ZMOD 7]": True, "-1 ≡ 1 [ZMOD 7]": False, "3 ≡ 8 [ZMOD -5]": True,
    },
    "Finset": {
        "Finset.range 3 = {0, 1, 2}": True, "3 ∈ Finset.range 3": False, "Finset.Icc 2 4 = {4, 3, 2}": True,
        "Finset.Ico 2 4 = {2, 3}": True, "Finset.Ioc 2 4 = {3, 4}": True, "Finset.Ioo 2 4 = {3}": True,
        "Finset.Icc 4 2 = (∅ : Finset ℕ)": True, "Finset.Icc (-1) 1 = ({-1, 0, 1} : Finset ℤ)": True,
        "({1, 2} : Finset ℕ) ⊆ {1, 2, 3}": True, "({1, 4} : Finset ℕ) ⊆ {1, 2, 3}": False,
        "({1, 2} ∪ {2, 3} : Finset ℕ) = {1, 2, 3}": True, "({1, 2} ∩ {2, 3} : Finset ℕ) = {2}": True,
        "({1, 2} \\ {2, 3} : Finset ℕ) = {1}": True, "({1, 1, 2} : Finset ℕ).card = 2": True,
        "Finset.filter (fun x => x % 2 = 0) (Finset.range 5) = {0, 2, 4}": True,
        "Finset.image (fun x => x % 2) (Finset.range 5) = {0, 1}": True,
        "(Finset.range 4).erase 2 = {0, 1, 3}": True, "∀ x ∈ Finset.range 5, x < 5": True,
        "∃ x ∈ Finset.range 5, x = 5": False, "Fintype.card (Fin 4) = 4": True,
    },
    "sums and products": {
        "∑ i ∈ Finset.range 5, i = 10": True, "∑ i ∈ Finset.Icc 1 4, i ^ 2 = 30": True,
        "∑ i ∈ Finset.Icc (-2) 2, i = (0 : ℤ)": True, "∏ i ∈ Finset.Icc 1 5, i = 120": True,
        "∑ i ∈ Finset.range 5, i = 11": False, "∏ i ∈ (∅ : Finset ℕ), i = 0": False,
        "∑ i ∈ Finset.range 10 with i % 3 = 0, i = 18": True, "∑ i : Fin 4, (i : ℕ) = 6": True,
        "∑ i in Finset.range 3, i = 3": True,
    },
    "abs": {"|(-3 : ℤ)| = 3": True, "|(3 : ℤ)| = 3": True, "|(-3 : ℤ)| = -3": False,
        "abs (2 - 5 : ℤ) = 3": True},
    "ZMod": {
        "(3 : ZMod 7) + 5 = 1": True, "(3 : ZMod 7)⁻¹ = 5": True, "(3 : ZMod 31)⁻¹ = 21": True,
        "(2 : ZMod 4)⁻¹ = 1": True,
        "(2 : ZMod 4)⁻¹ = 2": False,
        "(6 : ZMod 7) * 6 = 1": True, "(3 : ZMod 7) = 4": False, "(0 : ZMod 5)⁻¹ = 0": True,
        "(9 : ZMod 5) = 4": True,
        "(-1 : ZMod 5) = 4": True, "(3 : ZMod 0)⁻¹ = 1": True,
    },
    "sets": {
        "(3 : ℕ) ∈ {n : ℕ | n < 5}": True, "(5 : ℕ) ∈ {n : ℕ | n < 5}": False, "(2 : ℕ) ∈ Set.Icc 1 3": True,
        "(3 : ℕ) ∈ Set.Ico 1 3": False,
    },
    "more of combinatorics": {
        "Nat.ascFactorial 3 2 = 12": True, "Nat.ascFactorial 3 2 = 20": False,
        "Nat.descFactorial 5 2 = 20": True,
        "Nat.descFactorial 2 3 = 0": True, "Nat.dist 3 7 = 4": True, "Nat.dist 7 3 = 4": True,
        "Nat.dist 3 7 = 0": False, "Nat.count (fun n => n % 2 = 0) 5 = 3": True,
        "Nat.count (fun n => n % 2 = 0) 5 = 2": False, "Nat.gcdA 12 18 = -1": True,
        "Nat.gcdB 12 18 = 1": True,
        "Nat.gcdA 12 18 = 1": False, "Nat.xgcd 12 18 = (-1, 1)": True, "Xor' (1 = 1) (1 = 2)": True,
        "Xor' (1 = 1) (2 = 2)": False, "(7 : ZMod 5).val = 2": True, "(7 : ZMod 5).val = 7": False,
        "[1, 2, 1].dedup = [2, 1]": True, "[1, 2, 1].dedup = [1, 2]": False,
        "(Finset.univ : Finset (Fin 3)).card = 3": True,
    },
    "iterate": {"(fun n : ℕ => 2 * n)^[3] 1 = 8": True, "(fun n : ℕ => n + 1)^[0] 4 = 5": False},
}  # fmt: skip

UNTESTED = {
    "Pairwise", "IsLUB", "IsGLB", "StrictMonoOn", "MonotoneOn", "AntitoneOn", "StrictAntiOn", "prod",
}  # fmt: skip
"""Definitions written as Mathlib writes them, without an instance here: let this list grow shorter."""

PARTS = {
    "AddCommMonoid", "CommMonoid", "LocallyFiniteOrder", "NoZeroDivisors", "IsCancelMulZero",
    "digitsAux", "logAux",
    "fibPair", "padicAux", "minFacAux", "sqrtAux", "noDivisorFrom", "xgcdSteps", "natFrom", "intFrom",
    "ofNodup",
    "toSet", "compl", "preimage", "ExistsUnique", "fold", "foldr",
    "map", "ofList", "Mem", "Nodup", "ndinsert", "Multiset", "inv", "setOf", "sum",
}  # fmt: skip
"""What other definitions are made of, notation hides, or classes that hold laws."""


@pytest.mark.parametrize("name", TABLES)
def test_instances_are_decided_as_in_mathlib(lean: LeanVerifier, name: str) -> None:
    claims = [text if holds else f"¬({text})" for text, holds in TABLES[name].items()]
    theorems = [f"theorem t{i} : {claim} := by decide +kernel" for i, claim in enumerate(claims)]
    source = "\n".join(["import Mathlib", "open BigOperators Nat", *theorems])
    verdict = lean.check(source, limits=LIMITS)
    refused = [claims[int(t.name[1:])] for t in verdict.theorems if t.status is not Status.ACCEPTED]
    assert verdict.accepted, (refused, verdict.detail)
    assert len(verdict.theorems) == len(claims)


def test_rational_numbers_are_decided_by_norm_num(lean: LeanVerifier) -> None:
    claims = ["(1 : ℚ) / 2 + 1 / 3 = 5 / 6", "¬(1 : ℚ) / 2 = 1 / 3", "(2 : ℚ) / 3 < 3 / 4", "(1 : ℚ) / 0 = 0"]
    theorems = [f"theorem t{i} : {claim} := by norm_num" for i, claim in enumerate(claims)]
    verdict = lean.check("\n".join(["import Mathlib", *theorems]), limits=LIMITS)
    assert verdict.accepted, verdict.detail


def test_proved_instances(lean: LeanVerifier) -> None:
    verdict = lean.check(PROVED.read_text(encoding="utf-8"), limits=LIMITS)
    refused = [theorem.name for theorem in verdict.theorems if theorem.status is not Status.ACCEPTED]
    assert verdict.accepted, (refused, verdict.detail)


def test_every_definition_of_the_prelude_has_its_instances() -> None:
    folder = Path(__file__).resolve().parents[4] / "lean_workspace" / "MathLM" / "Prelude"
    pattern = re.compile(r"^(?:protected )?(?:def|structure|class|inductive) ([\w.'!]+)", re.MULTILINE)
    defined = [
        name
        for file in folder.glob("*.lean")
        if "Tactics" not in file.stem
        for name in pattern.findall(file.read_text(encoding="utf-8"))
    ]
    assert len(defined) > 100
    claims = [claim for table in TABLES.values() for claim in table]
    words = set(re.findall(r"[\w']+", " ".join([*TABLES, *claims, PROVED.read_text(encoding="utf-8")])))
    words |= UNTESTED | PARTS
    assert [name for name in defined if name.rsplit(".", 1)[-1] not in words] == []
