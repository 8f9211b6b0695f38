"""`mathlm.cli.views`: what a person sees of a result, and that its text cannot drive the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mathlm.cli.views import show_proof, show_solution, show_verdict
from mathlm.pipeline import Conclusion
from mathlm.types import (
    Certificate,
    Message,
    ProofResult,
    Reason,
    Solution,
    Status,
    TheoremVerdict,
    Verdict,
)

PROOF = ProofResult(
    statement="theorem answer : Nat.gcd 12 18 = 6",
    proof="by decide",
    status=Status.ACCEPTED,
    reason=None,
    axioms=("propext",),
    origin="automation: decide",
    attempts=1,
    toolchain="Lean X",
)


def solution(certificate: Certificate, **changes: str | None) -> Solution:
    fields: dict[str, str | None] = {"answer": "6", "program": "print(6)", "formal_statement": None} | changes
    return Solution(question="q", certificate=certificate, votes={"6": 2}, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("certificate", list(Certificate))
def test_each_certificate_is_named_and_explained(certificate: Certificate) -> None:
    shown = show_solution(Conclusion(solution=solution(certificate), answers=("6",)))
    assert f"certificate: {certificate}" in shown
    assert "print(6)" in shown and "6 (2)" in shown
    assert ("--turns" in shown) == (certificate in (Certificate.VOTE, Certificate.NONE))


def test_a_python_certificate_shows_both_programs() -> None:
    found = solution(Certificate.PYTHON, second_program="print(2 * 3)")
    shown = show_solution(Conclusion(solution=found, answers=("6", "6")))
    assert shown.index("print(6)") < shown.index("second program") < shown.index("print(2 * 3)")


def test_a_lean_certificate_shows_statement_axioms_and_toolchain() -> None:
    found = solution(Certificate.LEAN, formal_statement=PROOF.statement)
    shown = show_solution(Conclusion(solution=found, answers=("6",), proof=PROOF))
    for part in (
        PROOF.statement,
        "by decide",
        "beyond the library's: propext",
        "Lean X",
        "automation: decide",
    ):
        assert part in shown


def test_no_answer_says_what_to_do() -> None:
    shown = show_solution(Conclusion(solution=solution(Certificate.NONE, answer=None), answers=()))
    assert "--samples" in shown


def test_proved_and_not_proved() -> None:
    assert "by decide" in show_proof(PROOF)
    failed = ProofResult(statement="theorem t : 1 = 2", proof=None, status=Status.REJECTED,
                         reason=Reason.ELABORATION, detail="no proof found")  # fmt: skip
    assert "no proof found" in show_proof(failed) and "not proved" in show_proof(failed)


def test_where_there_is_no_terminal_a_long_proof_stays_on_its_line() -> None:
    long = "by first " + "| exact h " * 60
    shown = show_proof(replace(PROOF, proof=long))
    assert long in shown


def test_a_file_that_is_refused_as_a_whole_is_marked() -> None:
    theorem = TheoremVerdict(name="t", status=Status.ACCEPTED)
    refused = Verdict(
        status=Status.REJECTED, reason=Reason.PARSE, detail="cannot be read", theorems=(theorem,)
    )
    shown = show_verdict(refused)
    assert "✓ t" in shown and "✗ cannot be read" in shown
    assert "✗" not in show_verdict(Verdict(status=Status.ACCEPTED, theorems=(theorem,)))


def test_a_verdict_lists_theorems_and_messages() -> None:
    message = Message(severity="error", line=3, column=1, end_line=None, end_column=None, text="bad")
    theorem = TheoremVerdict(name="t", status=Status.REJECTED, reason=Reason.SORRY, axioms=("sorryAx",))
    verdict = Verdict(status=Status.REJECTED, reason=Reason.SORRY, theorems=(theorem,), messages=(message,))
    shown = show_verdict(verdict)
    for part in ("rejected: sorry", "✗ t", "sorryAx", "3:1: error: bad"):
        assert part in shown


def test_control_characters_and_markup_are_not_obeyed() -> None:
    found = solution(Certificate.VOTE, answer="[red]6[/red]\x1b[2J\x07")
    shown = show_solution(Conclusion(solution=found, answers=()))
    assert "\x1b[2J" not in shown and "\x07" not in shown
    assert "[red]6[/red]" in shown
