"""`mathlm.automation`: the portfolio as data."""

from __future__ import annotations

from mathlm.automation import CASES, PRELUDE, QUICK, candidates, quick, slow, variables
from mathlm.extract import imports_mathlib
from verify.base import Limits


def test_names_and_proofs_are_there_once() -> None:
    portfolio = (*QUICK, *slow("theorem t (a b c : Nat) : a = b"))
    assert (
        len({tactic.name for tactic in portfolio})
        == len({tactic.proof for tactic in portfolio})
        == len(portfolio)
    )
    assert all(tactic.proof.startswith("by ") for tactic in portfolio)


def test_variables_are_the_bound_natural_numbers() -> None:
    assert variables("theorem t (a b : Nat) (x : Int) (h : a < b) (n : Nat) (f : Nat → Nat) : a = n") == [
        "a",
        "b",
        "n",
    ]
    assert variables("theorem t : ∀ n : Nat, n = n") == []


def test_cases_cover_the_range_they_state() -> None:
    proof = next(
        tactic.proof for tactic in slow("theorem t (k : Nat) : k = k") if tactic.name == "cases of k"
    )
    assert proof.count("k = ") == CASES
    assert f"k = {CASES - 1} " in proof


def test_the_tighter_limits_hold() -> None:
    wide = Limits(seconds=1000, memory_mb=100, heartbeats=10**9, output_bytes=100)
    tight = Limits(seconds=1, memory_mb=100, heartbeats=5, output_bytes=100)
    for candidate, limits in candidates(QUICK, wide):
        assert limits.seconds < 1000 and limits.heartbeats < 10**9
        assert candidate.origin.startswith("automation: ")
    assert all((limits.seconds, limits.heartbeats) == (1, 5) for _, limits in candidates(QUICK, tight))


def test_the_preludes_tactics_are_tried_where_mathlib_is_imported() -> None:
    header = "import Mathlib\nopen Nat\n"
    assert imports_mathlib(header) and not imports_mathlib("open Nat\n")
    assert quick(header) == (*QUICK, *PRELUDE) and quick("") == QUICK
    theorem = "theorem t (n : ℕ) (a : ℤ) (h : a % 3 = 1) : a ^ 2 % 3 = 1"
    names = [tactic.name for tactic in slow(theorem, header)]
    assert {"induction n, sums", "interval_cases a", "a modulo 3"} <= set(names)
    assert len(names) == len(set(names)) > len(slow(theorem))
