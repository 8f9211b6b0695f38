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
    (
        "products",
        "(a b c : ℚ) (_ : 0 < a) (_ : 0 < b) (_ : 0 < c) (h : a * b * c = 1) (_ : a ≤ b) (_ : b ≤ c) : a ≤ 1",
    ),
    ("inverses", "(x : ℚ) (h : 0 < x) : x + 1 / x ≥ 2"),
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


WORDS = (
    "(a b : ℚ) ", "(n : ℕ) ", "(x y : ℤ) ", "(h : 3 ≤ n) ", "(h : x > 2) ", "(f : ℤ → ℤ) ",
    "(h : ∀ x y, f x = y) ", "(h : ∀ n : ℕ, f n = n) ", ": ", "∀ n ≥ 3, ", "∀ x : ℤ, ", "∀ x y, ",
    "∃ x y : ℕ, ", "¬ ∃ n : ℤ, ", "¬∃ (x : ℤ), ", "x ^ 2 ", "n ^ 3 % 7 ", "|x - 3| ", "a / b ", "1 / x ",
    "= ", "≤ ", "∣ ", "→ ", "∧ ", "∨ ", "5 ", "+ ", "-- c\n", "/- ", "-/ ", "(", ")", "⟨", "|", "₁", "'",
    "n! ",
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_any_text_can_be_read(text: str) -> None:
    found = texts(f"theorem t {text}")
    assert all(isinstance(proof, str) and proof for proof in found.values())
    assert len(set(found.values())) == len(found)
    assert sum(map(len, found.values())) < 100_000


def test_comments_say_nothing() -> None:
    theorem = "theorem t (n : ℤ) -- any n > 3, n ^ 5\n (h : n ^ 2 = 9) : n = 3 ∨ n = -3"
    assert read(theorem).goal == "n = 3 ∨ n = -3"
    assert not any("0 < n" in proof or "n ^ 5" in proof for proof in texts(theorem).values())


def test_what_is_to_be_shown_is_not_taken_for_given() -> None:
    positive = "(by grind : 0 < x)"
    assert positive not in texts("theorem t (x y : ℝ) (h : x ^ 3 = 8) : x > 0")["squares"]
    assert "products and squares" not in texts("theorem t (x y : ℝ) (h : x ^ 3 = 8) : x > 0 ∧ y > 0")
    assert positive in texts("theorem t (x y : ℝ) (h : x > 0) (k : 0 < y) : x ^ 3 > 0")["products"]
    assert positive in texts("theorem t : ∀ x y : ℝ, 0 < x → 0 < y → x ^ 3 > 0")["products"]


LONG = (
    "∀ " + "a" * 18_000, "∀ " + "a " * 9_000, "(h : " * 3_000, "| x " * 4_000, " = " * 6_000,
    "(h : ∀ x, f x = x) " * 900, "x ^ 2 + " * 2_000,
)  # fmt: skip


@pytest.mark.parametrize("text", LONG)
def test_long_texts_are_read_in_no_time(text: str) -> None:
    texts(f"theorem t : {text}")  # what takes for ever here hangs the test
