"""Words with which a source may run code: the worker that met them answers no other request."""

from __future__ import annotations

import pytest

from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=2048, heartbeats=200_000, output_bytes=10_000)


@pytest.mark.parametrize(("tactic", "ended"), [("exact rfl", 0), ("exact (unsafe rfl)", 1)])
def test_a_step_that_may_run_code_ends_its_worker(lean: LeanVerifier, tactic: str, ended: int) -> None:
    before = lean.pool.restarts
    lean.step("theorem t : 1 = 1 := by\n  sorry", hole=0, tactics=(tactic,), limits=LIMITS)
    lean.step("theorem t : 2 = 2 := by\n  sorry", hole=0, tactics=("exact rfl",), limits=LIMITS)
    assert lean.pool.restarts == before + ended


@pytest.mark.parametrize(
    ("source", "ended"),
    [
        ("def Clause.eval (n : Nat) := n\ntheorem t : Clause.eval 1 = 1 := rfl", 0),
        ("theorem relabel_interval : 1 = 1 := rfl", 0),
        ("#eval 1", 1),
        ("def a := 1 #eval a", 1),
        ("theorem t : 1 = 1 := eval% rfl", 1),
        ("def a := 'a.eval% 1", 1),
        ('elab "x" : term => return .lit (.natVal 1)', 1),
        ('def a := \'abelab "x" : term => return .lit (.natVal 1)', 1),
        ("def a := 0oelab_rules : term | _ => return .lit (.natVal 1)", 1),
        ('theorem t : 1 = 1 := id ..macro "x" : term => `(1)', 1),
        ('def a := \'a.macro "x" : term => `(1)', 1),
        ("example : IO Nat := pure 1", 1),
    ],
)
def test_words_that_may_run_code_end_a_worker_but_for_parts_of_names(
    lean: LeanVerifier, source: str, ended: int
) -> None:
    before = lean.pool.restarts
    lean.check(source, limits=LIMITS)
    lean.check("theorem t : 2 = 2 := rfl", limits=LIMITS)
    assert lean.pool.restarts == before + ended


def test_a_block_that_may_run_code_ends_its_worker(lean: LeanVerifier) -> None:
    plain, code = "theorem t : 1 = 1 := rfl", 'run_cmd Lean.logInfo m!"x"'
    first, second = (lean.block(plain, limits=LIMITS) for _ in range(2))
    assert first.answer is not None and first.worker == second.worker
    ended = lean.block(code, limits=LIMITS)
    assert ended.answer is not None and ended.answer["recycle"] is True
    assert lean.block(plain, limits=LIMITS).worker != ended.worker
