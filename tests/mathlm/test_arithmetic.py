"""`mathlm.arithmetic`: what is read from a statement, and that each kind of text proves what it is for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlm.arithmetic import read, texts
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=30, memory_mb=3072, heartbeats=200_000, output_bytes=65_536)


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier


PROVED = [
    ("differences", "(a b c : ℚ) (h : a + b + c = 1) : a ^ 2 + b ^ 2 + c ^ 2 ≥ 1 / 3"),
    ("differences", "(a b : ℚ) (ha : 0 ≤ a) (hb : 0 ≤ b) : (a + b) ^ 3 ≤ 4 * (a ^ 3 + b ^ 3)"),
    ("squares", ": ∀ x y : ℚ, x ^ 2 + y ^ 2 + 1 ≥ x * y + x + y"),
    ("squares", "(x : ℤ) : x ^ 2 - 6 * x + 10 > 0"),
    ("squares", "(x : ℤ) (h : x ^ 3 = 27) : x = 3"),
    ("two inequalities", "(x : ℚ) (hx : 0 ≤ x) (h : x ^ 2 = 9) : x = 3"),
    (
        "products and squares",
        "(a b c : ℚ) (ha : 0 < a) (hb : b > 0) (hc : 0 < c) : (a + b) * (b + c) * (c + a) ≥ 8 * a * b * c",
    ),
    ("fourth powers", "(a b c d : ℚ) : (a ^ 2 + b ^ 2) * (c ^ 2 + d ^ 2) ≥ (a * c + b * d) ^ 2"),
    ("a common denominator", "(a b : ℚ) (ha : 0 < a) (hb : 0 < b) : a / b + b / a ≥ 2"),
    ("powers modulo 30", "(n : ℤ) : 30 ∣ n ^ 5 - n"),
    ("powers modulo 8", "(n : ℕ) (h : n % 2 = 1) : 8 ∣ n ^ 2 - 1"),
    ("powers modulo 8", "(a b c : ℤ) : (a ^ 2 + b ^ 2 + c ^ 2) % 8 ≠ 7"),
    ("powers modulo 3", "(x y : ℤ) (h : 3 ∣ x ^ 2 + y ^ 2) : 3 ∣ x ∧ 3 ∣ y"),
    ("powers modulo 3", ": ¬ ∃ x y : ℤ, x ^ 2 = 3 * y + 2"),
    ("witnesses", ": ∃ x y : ℤ, 7 * x + 5 * y = 1"),
    ("witnesses", ": ∃ n : ℕ, 0 < n ∧ n ^ 2 % 100 = 69"),
    ("instances", "(a b : ℤ) (h : ∀ x : ℤ, (x + 3) * (x - 5) = x ^ 2 + a * x + b) : a = -2 ∧ b = -15"),
    ("instances", "(f : ℤ → ℤ) (h : ∀ x y, f (x + y) = f x + f y) : f 0 = 0"),
    ("induction n from a bound", "(n : ℕ) (h : 5 ≤ n) : n ^ 2 < 2 ^ n"),
    ("induction n from a bound", ": ∀ n ≥ 4, 2 ^ n < Nat.factorial n"),
    (
        "induction n behind ∀",
        "(f : ℕ → ℤ) (h₀ : f 0 = 2) (h : ∀ n, f (n + 1) = 3 * f n - 2) : ∀ n, f n = 3 ^ n + 1",
    ),
    ("cases of absolute values", "(x : ℚ) (h : |x - 3| = 4) : x = 7 ∨ x = -1"),
    ("absolute values", "(x : ℚ) (h : |2 * x - 1| < 5) : -2 < x ∧ x < 3"),
    ("divisors", "(a b c : ℤ) (h₀ : a ∣ b) (h₁ : a ∣ c) : a ∣ 2 * b - 3 * c"),
]


@pytest.mark.parametrize(("name", "statement"), PROVED)
def test_each_text_proves_what_it_is_for(name: str, statement: str, lean: LeanVerifier) -> None:
    theorem = f"theorem t {statement}"
    proof = texts(theorem)[name]
    verdict = lean.check(f"import Mathlib\n\n{theorem} := by {proof}", limits=LIMITS)
    assert verdict.accepted, verdict.messages


def test_what_is_read() -> None:
    found = read("theorem t (a b : ℚ) (n : Nat) : ∀ x y : ℤ, ∀ k ≥ 3, x = y → n = k → x = 1 ∧ y = 1")
    assert found.variables == (
        ("a", "Rat"), ("b", "Rat"), ("n", "Nat"), ("x", "Int"), ("y", "Int"), ("k", "")
    )  # fmt: skip
    assert found.begin == "intro x y; intro k h_bound; intro h_0 h_1; "
    assert found.goal == "x = 1 ∧ y = 1"
    negated = read("theorem t : ¬ ∃ x y : ℤ, x * y = 7 → x = y")
    assert (negated.begin, negated.goal) == ("rintro ⟨x, y, h_not⟩; ", "False")


@settings(max_examples=300, deadline=None)
@given(st.text("∀∃¬∧∨→↔=≤≥<>|∣%^*+-/()⟨⟩:,; \nabnx₁'.0123456789ℕℤℚ"))
def test_any_text_can_be_read(text: str) -> None:
    found = texts(f"theorem t {text}")
    assert all(isinstance(proof, str) and proof for proof in found.values())


@pytest.mark.parametrize(
    "text", ["∀ " + "a" * 18_000, "∀ " + "a " * 9_000, "(h : " * 3_000, "| x " * 4_000, " = " * 6_000]
)
def test_long_texts_are_read_in_no_time(text: str) -> None:
    texts(f"theorem t : {text}")  # what takes for ever here hangs the test
