"""Forbidden premises: a proof that names one, anywhere in what it reaches, is refused; others are not.

What is forbidden is a constant, however the source came by it.
"""

from __future__ import annotations

import pytest

from mathlm.types import Reason, Status
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=4096, heartbeats=200_000, output_bytes=20_000)
STATEMENT = "theorem t (a b : Nat) : a + b = b + a := sorry"
HEAD = "theorem t (a b : Nat) : a + b = b + a := "
REFUSED = {
    "term mode": HEAD + "Nat.add_comm a b",
    "another spelling": HEAD + "a.add_comm b",
    "exact?": HEAD + "by exact?",
    "simp": HEAD + "by simp only [Nat.add_comm]",
    "rewriting": HEAD + "by rw [Nat.add_comm]",
    "an auxiliary lemma": f"theorem aux (a b : Nat) : a + b = b + a := Nat.add_comm a b\n{HEAD}aux a b",
    "a lemma in another's type": (
        "theorem same (a b : Nat) : Nat.add_comm a b = Nat.add_comm a b := rfl\n"
        f"{HEAD}by\n  have := same a b\n  omega"
    ),
    "a macro": f'macro "comm!" : term => `(Nat.add_comm _ _)\n{HEAD}comm!',
    "a lemma in `where`": (f"{HEAD}aux a b\nwhere\n  aux (a b : Nat) : a + b = b + a := Nat.add_comm a b"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_proof_that_uses_it_is_refused(lean: LeanVerifier, name: str) -> None:
    assert lean.check(REFUSED[name], statement=STATEMENT, limits=LIMITS).accepted
    verdict = lean.check(
        REFUSED[name], statement=STATEMENT, limits=LIMITS, forbidden=("Nat.le_refl", "Nat.add_comm")
    )
    assert (verdict.status, verdict.reason) == (Status.REJECTED, Reason.FORBIDDEN), verdict.detail
    assert verdict.theorems[0].rule == "premises"
    assert "`Nat.add_comm`" in verdict.theorems[0].detail


def test_the_declaration_that_names_it_is_shown(lean: LeanVerifier) -> None:
    verdict = lean.check(REFUSED["an auxiliary lemma"], limits=LIMITS, forbidden=frozenset({"Nat.add_comm"}))
    assert [theorem.status for theorem in verdict.theorems] == [Status.REJECTED, Status.REJECTED]
    assert "in `aux`" in verdict.theorems[1].detail
    assert (verdict.theorems[1].line, verdict.theorems[1].column) == (1, 8)


def test_other_proofs_are_accepted(lean: LeanVerifier) -> None:
    unused = f"theorem aside (a b : Nat) : a + b = b + a := Nat.add_comm a b\n{HEAD}by omega"
    for source in (HEAD + "by omega", HEAD + "by induction a <;> omega", unused):
        verdict = lean.check(source, statement=STATEMENT, limits=LIMITS, forbidden=("Nat.add_comm",))
        assert verdict.accepted, verdict.detail
        assert verdict.messages == () or source == unused


def test_text_of_that_name_is_no_use_of_it(lean: LeanVerifier) -> None:
    source = f'-- Nat.add_comm\n{HEAD}by\n  have _s := "Nat.add_comm"\n  omega'
    assert lean.check(source, statement=STATEMENT, limits=LIMITS, forbidden=("Nat.add_comm",)).accepted


def test_a_constant_of_the_source_of_that_name_is_not_the_library_s(lean: LeanVerifier) -> None:
    source = f"theorem Mine.add_comm (a b : Nat) : a + b = b + a := by omega\n{HEAD}Mine.add_comm a b"
    verdict = lean.check(source, statement=STATEMENT, limits=LIMITS, forbidden=("Mine.add_comm",))
    assert verdict.accepted
    (warning,) = [message for message in verdict.messages if message.severity == "warning"]
    assert "`Mine.add_comm` is not in the library" in warning.text and "#check" in warning.text


def test_names_of_any_form(lean: LeanVerifier) -> None:
    source = "theorem t (p q : Prop) : ¬(p ∨ q) ↔ ¬p ∧ ¬q := not_or"
    assert not lean.check(source, limits=LIMITS, forbidden=("not_or",)).accepted
    for name in ("", ".", "«»", "Nat.", "a b", "∀", "«term_+_»", "Nat..add_comm"):
        assert lean.check(source, limits=LIMITS, forbidden=(name,)).accepted, name


def test_the_prelude_s_constants_are_library_constants(lean: LeanVerifier) -> None:
    source = "import Mathlib\ntheorem t (a b : ℤ) (h : a ≡ b [ZMOD 5]) : b ≡ a [ZMOD 5] := Int.ModEq.symm h"
    assert lean.check(source, limits=LIMITS).accepted
    verdict = lean.check(source, limits=LIMITS, forbidden=("Int.ModEq.symm",))
    assert verdict.theorems[0].rule == "premises", verdict.detail


def test_two_kernels_change_nothing() -> None:
    with LeanVerifier(paranoid=True) as lean:
        forbidden = ("Nat.add_comm",)
        assert lean.check(HEAD + "by omega", limits=LIMITS, forbidden=forbidden).accepted
        verdict = lean.check(HEAD + "Nat.add_comm a b", limits=LIMITS, forbidden=forbidden)
        assert verdict.theorems[0].rule == "premises"


@pytest.mark.parametrize("name", ["_root_.Nat.add_comm", " Nat.add_comm "])
def test_a_name_may_be_written_in_full_or_with_blanks(lean: LeanVerifier, name: str) -> None:
    verdict = lean.check(REFUSED["term mode"], statement=STATEMENT, limits=LIMITS, forbidden=(name,))
    assert verdict.reason is Reason.FORBIDDEN
