"""The prelude as an environment: what selects it, what verdicts say of it, what it rests on."""

from __future__ import annotations

import pytest

from mathlm.types import Reason, Status
from verify.base import Limits
from verify.kernel.checker import KernelChecker
from verify.lean.vacuity import vacuous
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=300, memory_mb=2048, heartbeats=400_000, output_bytes=65_536)
ALLOWED = {"propext", "Quot.sound", "Classical.choice"}
HEADER = "import Mathlib\nimport Aesop\nset_option maxHeartbeats 0\nopen BigOperators Real Nat Topology Rat\n"
STATEMENT = "theorem t (n : ℕ) : ∑ k ∈ Finset.range n, (2 * k + 1) = n ^ 2"
PROOF = """ := by
  induction n with
  | zero => rfl
  | succ n ih => rw [Finset.sum_range_succ, ih]; ring"""


def test_it_adds_no_axiom_and_no_sorry(lean: LeanVerifier) -> None:
    reply = lean.pool.run({"op": "prelude"}, limits=LIMITS)
    assert reply.answer is not None, reply.detail
    kinds = [kind for kind, _ in reply.answer["constants"]]
    assert len(kinds) > 1000 and kinds.count("theorem") > 500
    assert set(reply.answer["axioms"]) <= ALLOWED and not reply.answer["missing"]
    assert "axiom" not in kinds and "sorry" not in kinds


def test_a_published_header_selects_it_and_the_verdict_says_so(lean: LeanVerifier) -> None:
    verdict = lean.check(HEADER + STATEMENT + PROOF, statement=f"{HEADER}{STATEMENT} := sorry", limits=LIMITS)
    assert verdict.accepted, verdict.detail
    assert verdict.toolchain.endswith("core+prelude")
    assert any(m.severity == "info" and "prelude" in m.text for m in verdict.messages)


def test_without_the_import_it_is_not_there(lean: LeanVerifier) -> None:
    verdict = lean.check("theorem t : Nat.Prime 2 := by decide", limits=LIMITS)
    assert verdict.reason is Reason.ELABORATION and verdict.toolchain.endswith("core")


@pytest.mark.parametrize(
    "header", ["import Mathlib.Data.Nat.Prime.Basic\n", "import Mathlib.Tactic\n", "import Batteries\n"]
)
def test_parts_of_mathlib_select_it_too(lean: LeanVerifier, header: str) -> None:
    verdict = lean.check(f"{header}theorem t : Nat.Prime 2 := by norm_num", limits=LIMITS)
    assert verdict.accepted, verdict.detail


@pytest.mark.parametrize(
    "header",
    [
        "/- a comment, import Lean -/ import   Mathlib -- another\n\nimport Aesop\nopen Nat\n",
        "import Mathlib\r\nopen Nat\r\n",
        "module\npublic import Mathlib.Tactic\n",
        "module\nimport all Mathlib\n",
        "import Mathlib open Nat\n",
        "import «Mathlib»\n",
    ],
    ids=["comments", "carriage returns", "public", "module", "one line", "quoted"],
)
def test_plain_headers_and_others_select_it(lean: LeanVerifier, header: str) -> None:
    verdict = lean.check(f"{header}theorem t : Nat.Prime 2 := by norm_num", limits=LIMITS)
    assert verdict.accepted, verdict.detail
    assert verdict.toolchain.endswith("core+prelude")


@pytest.mark.parametrize(
    ("head", "line"), [("import Mathlib\nimport\n", 2), ("import Mathlib\nopen Nat\nimport Lean\n", 3)]
)
def test_a_broken_or_late_import_is_an_error_at_its_line(lean: LeanVerifier, head: str, line: int) -> None:
    verdict = lean.check(f"{head}theorem t : 1 = 1 := rfl", limits=LIMITS)
    assert verdict.status is Status.REJECTED
    assert {m.line for m in verdict.messages if m.severity == "error"} & {line, line + 1}


def test_a_name_that_only_begins_like_mathlib_is_missing(lean: LeanVerifier) -> None:
    verdict = lean.check("import Mathlib2\ntheorem t : True := trivial", limits=LIMITS)
    assert verdict.status is Status.INFRA_ERROR and "Mathlib2" in verdict.detail


def test_it_does_not_go_with_leans_own_modules(lean: LeanVerifier) -> None:
    verdict = lean.check("import Mathlib\nimport Lean\ntheorem t : True := trivial", limits=LIMITS)
    assert verdict.status is Status.INFRA_ERROR and "together with" in verdict.detail


def test_a_statement_of_the_prelude_is_not_proved_with_own_definitions(lean: LeanVerifier) -> None:
    statement = "import Mathlib\ntheorem t : Nat.Prime 4 := sorry"
    cheat = "def Nat.Prime (_ : Nat) : Prop := True\ntheorem t : Nat.Prime 4 := trivial"
    verdict = lean.check(cheat, statement=statement, limits=LIMITS)
    assert verdict.status is Status.REJECTED


def test_a_core_statement_with_own_definitions_is_not_proved_with_the_preludes(lean: LeanVerifier) -> None:
    statement = "def Nat.Prime (n : Nat) : Prop := n = 4\ntheorem t : ¬Nat.Prime 7 := sorry"
    source = "import Mathlib\ntheorem t : ¬Nat.Prime 7 := by decide"
    verdict = lean.check(source, statement=statement, limits=LIMITS)
    assert verdict.status is Status.REJECTED


def test_a_proof_may_use_the_prelude_for_a_core_statement(lean: LeanVerifier) -> None:
    statement = "theorem t (a b : Int) : 2 * a * b ≤ a ^ 2 + b ^ 2 := sorry"
    source = f"import Mathlib\n{statement.removesuffix('sorry')}by nlinarith [sq_nonneg (a - b)]"
    verdict = lean.check(source, statement=statement, limits=LIMITS)
    assert verdict.accepted, verdict.detail
    assert verdict.toolchain.endswith("core+prelude")


def test_a_false_claim_decided_without_the_kernel_is_refused(lean: LeanVerifier) -> None:
    verdict = lean.check("import Mathlib\ntheorem t : Nat.Prime 91 := by decide +kernel", limits=LIMITS)
    assert verdict.status is Status.REJECTED


def test_both_kernels_accept_a_proof_in_it() -> None:
    with LeanVerifier(workers=1, paranoid=True) as paranoid:
        verdict = paranoid.check(HEADER + STATEMENT + PROOF, limits=LIMITS)
    assert verdict.accepted, verdict.detail
    assert verdict.toolchain.endswith("core+prelude, two kernels")


def test_the_second_kernel_accepts_all_of_it_but_its_inductive_types(lean: LeanVerifier) -> None:
    reply = lean.pool.run({"op": "prelude", "kernel": 1}, limits=LIMITS)
    assert reply.answer is not None and "export_error" not in reply.answer, reply.detail
    with KernelChecker() as kernel:
        answer = kernel.check(reply.answer["claims"], reply.answer["export"], None, LIMITS)
    assert answer.accepted, (answer.declaration, answer.rule, answer.reason)


def test_contradictory_hypotheses_are_noticed_in_it_too(lean: LeanVerifier) -> None:
    statement = "import Mathlib\ntheorem v (n : ℕ) (h : n < 3) (k : 5 < n) : n = 100"
    assert vacuous(lean, statement, limits=LIMITS) is True
    assert vacuous(lean, "import Mathlib\ntheorem v (n : ℕ) : n = n", limits=LIMITS) is False
