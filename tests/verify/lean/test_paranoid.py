"""Both kernels must agree, and a disagreement is never silent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mathlm.types import Reason, Status, TheoremVerdict, Verdict
from verify.base import Limits
from verify.kernel.checker import KernelAnswer, KernelVerdict
from verify.lean.paranoid import agreed
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=4096, heartbeats=200_000, output_bytes=20_000)
PROOFS = (
    "theorem t (a b c : Nat) : a + b + c = c + b + a := by omega",
    "theorem t (x y : Int) : (x + y) ^ 2 = x ^ 2 + 2 * x * y + y ^ 2 := by grind",
    "theorem t : Nat.gcd 84 126 = 42 := by decide",
    "theorem t (l : List Nat) : (l ++ []).length = l.length := by simp",
    "theorem t (p q : Prop) : p ∧ q → q ∧ p := fun ⟨a, b⟩ => ⟨b, a⟩",
    "theorem t (n : Nat) : n * 0 = 0 := by induction n <;> simp",
)


@pytest.fixture(scope="module")
def paranoid() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1, paranoid=True) as lean:
        yield lean


@pytest.mark.parametrize("proof", PROOFS)
def test_both_accept_honest_proofs(paranoid: LeanVerifier, proof: str) -> None:
    statement = proof.partition(" := ")[0] + " := sorry"
    verdict = paranoid.check(proof, statement=statement, limits=LIMITS)
    assert verdict.accepted, verdict.detail
    assert verdict.toolchain.endswith("two kernels")


def test_a_false_proof_is_refused_as_ever(paranoid: LeanVerifier) -> None:
    verdict = paranoid.check("theorem t : (1 : Nat) + 1 = 3 := by decide +kernel", limits=LIMITS)
    assert verdict.reason in (Reason.KERNEL, Reason.ELABORATION)


def test_own_types_are_declined_not_accepted(paranoid: LeanVerifier) -> None:
    source = "inductive Two | a | b\ntheorem t : Two.a ≠ Two.b := by simp"
    verdict = paranoid.check(source, limits=LIMITS)
    assert verdict.status is Status.RESOURCE
    assert "second kernel declined" in verdict.detail


def test_declarations_that_the_proof_does_not_use_are_not_asked_about(paranoid: LeanVerifier) -> None:
    junk = "theorem junk : (1 : Nat) + 1 = 3 := by decide +kernel\ninductive Foo | a\n"
    statement = PROOFS[0].partition(" := ")[0] + " := sorry"
    assert paranoid.check(junk + PROOFS[0], statement=statement, limits=LIMITS).accepted


@pytest.mark.parametrize("process", ["judge", "kernel"])
def test_a_killed_process_is_told_everything_again(paranoid: LeanVerifier, process: str) -> None:
    assert paranoid.check(PROOFS[0], limits=LIMITS).accepted
    assert paranoid.second is not None
    pool = paranoid.judges if process == "judge" else paranoid.second.kernel.pool
    for worker in list(pool._workers):
        worker.kill()
    assert paranoid.check(PROOFS[1], limits=LIMITS).accepted


def accepted() -> Verdict:
    theorem = TheoremVerdict(name="t", status=Status.ACCEPTED)
    return Verdict(status=Status.ACCEPTED, theorems=(theorem,))


def test_a_disagreement_is_loud() -> None:
    no = KernelAnswer(verdict=KernelVerdict.REJECTED, declaration="t", rule="value-type", reason="wrong")
    verdict = agreed(accepted(), no)
    assert verdict.reason is Reason.KERNEL
    assert "DISAGREE" in verdict.detail and {t.rule for t in verdict.theorems} == {"kernels"}
    assert verdict.theorems[0].status is Status.REJECTED


def test_a_second_opinion_that_was_not_given_is_not_a_yes() -> None:
    declined = KernelAnswer(verdict=KernelVerdict.DECLINED, reason="budget")
    for answer in (None, declined):
        verdict = agreed(accepted(), answer)
        assert verdict.status is Status.RESOURCE
        assert verdict.theorems[0].status is not Status.ACCEPTED


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("timeout", Status.TIMEOUT),
        ("infra_error", Status.INFRA_ERROR),
        ("internal", Status.INFRA_ERROR),
        ("budget", Status.RESOURCE),
    ],
)
def test_a_failure_of_the_machine_is_not_a_verdict(rule: str, status: Status) -> None:
    failed = KernelAnswer(verdict=KernelVerdict.DECLINED, rule=rule, reason="gone")
    assert agreed(accepted(), failed).status is status


def test_a_refusal_of_the_judge_stands() -> None:
    yes = KernelAnswer(verdict=KernelVerdict.ACCEPTED)
    refused = Verdict(status=Status.REJECTED, reason=Reason.SORRY)
    assert agreed(refused, yes) is refused
