"""Proofs in Mathlib's style that the prelude accepts, and what its tactics refuse, with what they say.

The proofs are in `proofs/*.lean`, by subject; each theorem of a file must be accepted.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mathlm.types import Reason, Status
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=300, memory_mb=2048, heartbeats=400_000, output_bytes=65_536)
PROOFS = sorted((Path(__file__).parent / "proofs").glob("*.lean"))

PLAIN = re.compile(r":=\s*by\s+(?:intros;?\s*)?(?:omega|decide(?: \+kernel)?)\s*$")
"""What is no proof in Mathlib's style: one call of a decision procedure."""

REFUSED: dict[str, tuple[str, str]] = {
    "ring": ("(a b : ℤ) : (a + b) ^ 2 = a ^ 2 + b ^ 2 := by ring", "ring: the two sides are not equal"),
    "ring, subtraction": ("(a b : ℕ) : a - b + b = a := by ring", "ring: the two sides are not equal"),
    "ring_nf": ("(a b : ℕ) (h : a = b) : a * 2 = a := by ring_nf", "no progress"),
    "linarith": ("(x y : ℚ) (h : x ≤ y) : y ≤ x := by linarith", "linarith: no contradiction"),
    "linarith, products": ("(x : ℚ) (h : 2 ≤ x) : 4 ≤ x * x := by linarith", "linarith: no contradiction"),
    "nlinarith": ("(x : ℚ) : x ^ 2 < 0 := by nlinarith", "nlinarith: no contradiction"),
    "positivity": ("(x : ℚ) : 0 < x := by positivity", "positivity: the sign does not follow"),
    "gcongr": ("(a b : ℚ) (h : a ≤ b) : b ≤ a := by gcongr", "gcongr: no monotonicity step"),
    "norm_num": ("(x : ℕ) : x = 3 := by norm_num", "norm_num"),
    "norm_num, prime": (": Nat.Prime 91 := by norm_num", "⊢ False"),
    "norm_num, false": (": 2 ^ 10 = 1000 := by norm_num", "⊢ False"),
    "interval_cases, no bound": ("(x : ℕ) (h : 3 < x) : x = 9 := by interval_cases x", "no upper bound"),
    "interval_cases, ℚ": (
        "(x : ℚ) (h : x < 3) : x = 9 := by interval_cases x",
        "neither a natural number nor",
    ),
    "interval_cases, many": ("(x : ℕ) (h : x < 9000) : x = 9 := by interval_cases x", "possible values"),
    "interval_cases, open": (
        "(x : ℕ) (h : x < 2) : x = 0 := by\n  interval_cases x\n  rfl",
        "unsolved goals",
    ),
    "mod_cases": ("(x : ℕ) : x = 0 := by\n  mod_cases h : x % 2\n  rfl", "rfl"),
    "linear_combination": ("(a b : ℚ) (h : a = b) : a = 2 * b := by linear_combination h", "does not follow"),
    "field_simp": ("(a b : ℚ) : a / b * b = a := by field_simp", "unsolved goals"),
    "use": (": ∃ n : ℕ, n * 2 = 5 := by use 3", "unsolved goals"),
    "push_neg": ("(h : ¬∀ n : ℕ, n < 3) : False := by push_neg at h", "unsolved goals"),
    "by_contra!": (
        "(a b : ℤ) (h : a < b) : b < a := by\n  by_contra! h'\n  linarith",
        "linarith: no contradiction",
    ),
    "contrapose!": ("(a b : ℕ) : a = b → a < b := by\n  contrapose!\n  intro h\n  omega", "omega"),
    "tauto": ("(p q : Prop) (h : p ∨ q) : p := by tauto", "tauto: no propositional proof"),
    "aesop": ("(p q : Prop) (h : p) : q := by aesop", "aesop: its bounded search"),
    "fin_cases": ("(x : ℕ) (h : x ∈ ({1, 2} : Finset ℕ)) : x = 1 := by fin_cases h <;> rfl", "rfl"),
    "polyrith": ("(a b : ℚ) : a = b := by polyrith", "polyrith: the goal does not follow"),
    "split_ifs": ("(a b : ℤ) : (if a ≤ b then a else b) = a := by split_ifs", "unsolved goals"),
    "split_ifs, no if": ("(a b : ℤ) : a = b := by split_ifs with h", "split"),
    "simp_rw": ("(f : ℕ → ℕ) (h : ∀ n, f n = n) : ∀ n, n = 3 := by simp_rw [h]", "no progress"),
    "nth_rw": ("(a b : ℕ) (h : a = b) : a + a = 2 * b := by nth_rw 3 [h]", "rewrite"),
    "set": ("(x : ℤ) : x ^ 2 = x := by\n  set y := x ^ 2 with hy\n  linarith", "linarith: no contradiction"),
    "lift": ("(x : ℤ) : x = 3 := by\n  lift x to ℕ using h\n  rfl", "Unknown identifier `h`"),
    "choose": ("(h : ∃ n : ℕ, n = 3) : False := by choose f hf using h", "mismatch"),
    "apply_fun": (
        "(a b : ℕ) (h : a = b) : a = b + 1 := by\n  apply_fun Nat.succ at h\n  exact h",
        "mismatch",
    ),
    "convert": ("(f : ℕ → ℕ) (a b : ℕ) (h : f a = 5) : f b = 5 := by convert h", "⊢ b = a"),
    "congr!": ("(f : ℕ → ℕ) (a b : ℕ) : f a = f b := by congr!", "⊢ a = b"),
    "abel": ("(a b : ℤ) : a + b = a := by abel", "abel: the two sides are not equal as sums"),
    "bound": ("(x y : ℚ) : x < y := by bound", "bound: neither positivity"),
    "rel": ("(a b : ℚ) (h : a ≤ b) : b ≤ a := by rel [h]", "gcongr: no monotonicity step"),
    "existsi": (": ∃ n : ℕ, n * 2 = 5 := by\n  existsi 2\n  rfl", "rfl"),
    "triv": ("(p : Prop) : p := by triv", "⊢ p"),
    "itauto": ("(p q : Prop) (h : p → q) : q → p := by itauto", "tauto: no propositional proof"),
    "gcongr, strict power": ("(a b : ℚ) (h : a < b) : a ^ 2 < b ^ 2 := by gcongr", "gcongr: no monotonicity"),
    "gcongr, division": ("(a b c : ℚ) (h : a < b) : a / c < b / c := by gcongr", "gcongr: no monotonicity"),
    "decide": (": Nat.Prime 15 := by decide", "is false"),
}
LACKING: dict[str, tuple[str, str]] = {
    "ℝ": ("(x : ℝ) : x = x := rfl", "no real numbers"),
    "ℂ": ("(x : ℂ) : x = x := rfl", "no complex numbers"),
    "Real": ("(x : Real) : x = x := rfl", "Real"),
    "Real.sqrt": (": Real.sqrt 4 = 2 := by norm_num", "Real.sqrt"),
    "MeasureTheory": ("(μ : MeasureTheory.Measure ℚ) : μ = μ := rfl", "MeasureTheory.Measure"),
}


@pytest.mark.parametrize("file", PROOFS, ids=lambda file: file.stem)
def test_proofs_are_accepted(lean: LeanVerifier, file: Path) -> None:
    verdict = lean.check(file.read_text(encoding="utf-8"), limits=LIMITS)
    refused = {
        theorem.name: theorem.detail for theorem in verdict.theorems if theorem.status is not Status.ACCEPTED
    }
    assert verdict.accepted, refused or verdict.detail
    assert verdict.toolchain.endswith("core+prelude")


def test_there_are_two_hundred_of_them_beyond_omega_and_decide() -> None:
    texts = [file.read_text(encoding="utf-8") for file in PROOFS]
    proofs = [part for text in texts for part in text.split("\ntheorem ")[1:]]
    plain = [proof for proof in proofs if PLAIN.search(proof)]
    assert len(proofs) - len(plain) >= 200


@pytest.mark.parametrize("name", REFUSED)
def test_a_tactic_that_fails_says_so(lean: LeanVerifier, name: str) -> None:
    text, fragment = REFUSED[name]
    verdict = lean.check(f"import Mathlib\ntheorem t {text}", limits=LIMITS)
    assert verdict.reason is Reason.ELABORATION
    assert fragment in "\n".join(m.text for m in verdict.messages if m.severity == "error")


@pytest.mark.parametrize("name", LACKING)
def test_what_the_prelude_lacks_is_named(lean: LeanVerifier, name: str) -> None:
    text, fragment = LACKING[name]
    verdict = lean.check(f"import Mathlib\nopen Real Nat\ntheorem t {text}", limits=LIMITS)
    assert verdict.reason is Reason.ELABORATION
    assert fragment in "\n".join(m.text for m in verdict.messages if m.severity == "error")
