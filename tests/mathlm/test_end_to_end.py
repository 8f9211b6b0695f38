"""The arrow on the real embedded runtimes: real programs, real proofs, a scripted model.

One Lean and one Python worker serve all tests here; their cold start takes most of the time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mathlm import automation
from mathlm.certify import read_formal
from mathlm.cli.app import main
from mathlm.cli.options import solve_limits
from mathlm.pipeline import Conclusion, first_accepted, prove, read_target, solve
from mathlm.search import Part, SearchConfig
from mathlm.types import Certificate, Reason, SamplingParams, Status
from model.generation.fake import FakeBackend
from verify.lean.verifier import LeanVerifier
from verify.python.verifier import PythonVerifier

LIMITS = solve_limits(30)
PARAMS = SamplingParams(max_tokens=200)
CONFIG = SearchConfig(parts=frozenset({Part.AUTOMATION, Part.WHOLE}), samples=4)


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier


@pytest.fixture(scope="module")
def python() -> Iterator[PythonVerifier]:
    with PythonVerifier(workers=1) as verifier:
        yield verifier


def ask(
    question: str, completions: list[str], *, python: PythonVerifier, lean: LeanVerifier | None
) -> Conclusion:
    return solve(
        question, backend=FakeBackend(completions), python=python, lean=lean,
        samples=len(completions), params=PARAMS, limits=LIMITS,
    )  # fmt: skip


def fenced(program: str, formal: str | None = None) -> str:
    lean = "" if formal is None else f"\n```lean\ntheorem answer : {formal}\n```"
    return f"Compute.\n```python\n{program}\n```{lean}"


QUESTIONS = [
    (
        "What is gcd(12, 18)?",
        [fenced("from math import gcd\nprint(gcd(12, 18))", "Nat.gcd 12 18 = ANSWER"),
         fenced("a, b = 12, 18\nwhile b: a, b = b, a % b\nprint(a)")],
        "6", Certificate.LEAN,
    ),
    (
        "What is 6 divided by -8?",
        [fenced("from fractions import Fraction\nprint(Fraction(6, -8))", "(6 / -8 : Rat) = ANSWER"),
         fenced("from sympy import *\nprint(S('6') / S('-8'))")],
        "-3/4", Certificate.LEAN,
    ),
    (
        "Solve 12*x = 18*x + 6 for x.",
        [fenced("from sympy import *\nx = symbols('x')\nprint(*solve(Eq(12*x, 18*x + 6), x))",
                "∀ x : Int, 12*x = 18*x + 6 → x = ANSWER"),
         fenced("f = lambda x: 12*x - (18*x + 6)\nprint(f(0) // (f(0) - f(1)))")],
        "-1", Certificate.LEAN,
    ),
    (
        "Expand (x + 3)*(x - 5) + 7.",
        [fenced("from sympy import *\nx = symbols('x')\nprint(expand((x + 3)*(x - 5) + 7))"),
         fenced("from sympy import *\nprint(Poly(S('(x + 3)*(x - 5) + 7')).as_expr())")],
        "x**2 - 2*x - 8", Certificate.PYTHON,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "completions", "answer", "certificate"), QUESTIONS)
def test_solve(
    question: str,
    completions: list[str],
    answer: str,
    certificate: Certificate,
    python: PythonVerifier,
    lean: LeanVerifier,
) -> None:
    found = ask(question, completions, python=python, lean=lean)
    assert (found.solution.answer, found.solution.certificate) == (answer, certificate)


def test_a_contradictory_formal_statement_is_not_a_certificate(
    python: PythonVerifier, lean: LeanVerifier
) -> None:
    question = "Suppose 2*x + 4*x = 6*x + 5. What is 2*x + 4*x - 6*x?"
    statement = "∀ x : Int, 2*x + 4*x = 6*x + 5 → 2*x + 4*x - 6*x = 5 → x = ANSWER"
    programs = ["print(2*2 + 4*2 - 6*2 + 0*5)", "x = 3\nprint(2*x + 4*x - 6*x)"]
    assert read_formal(question, f"theorem answer : {statement}", "0") is not None  # refused by the probe
    found = ask(question, [fenced(programs[0], statement), fenced(programs[1])], python=python, lean=lean)
    assert found.solution.answer == "0"
    assert found.solution.certificate is not Certificate.LEAN


@pytest.mark.parametrize(
    ("theorem", "proof"),
    [
        ("theorem t (a b : Nat) : a + b = b + a", "automation: omega"),
        ("theorem t : 2 ^ 8 % 5 = 1", "automation: decide"),
        ("theorem t (n : Nat) : 3 ∣ 2 ^ (2 * n + 1) + 1", "automation: induction n"),
        (
            "theorem t (a b : Nat) (h : 1 ≤ a ∧ a ≤ 9) (g : 10 * a = a * b + a) : b = 9",
            "automation: cases of a",
        ),
        ("open Nat\ntheorem t (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry", "automation: simp_all"),
    ],
)
def test_automation_proves(theorem: str, proof: str, lean: LeanVerifier) -> None:
    result = prove(theorem, backend=None, lean=lean, params=PARAMS, limits=LIMITS.lean)
    assert (result.status, result.origin) == (Status.ACCEPTED, proof)
    assert result.toolchain.startswith("Lean")


def test_the_model_proves_beside_automation(lean: LeanVerifier) -> None:
    theorem = "theorem t (f : Nat → Nat) (h : ∀ n, f (n + 1) = f n) : ∀ n, f n = f 0"
    backend = FakeBackend(
        ["by sorry", "fun n => by induction n with | zero => rfl | succ n ih => rw [h, ih]"]
    )
    result = prove(theorem, backend=backend, lean=lean, config=CONFIG, params=PARAMS, limits=LIMITS.lean)
    assert (result.status, result.origin) == (Status.ACCEPTED, "model")


def test_a_false_theorem_is_not_proved(lean: LeanVerifier) -> None:
    backend = FakeBackend(["by sorry", "sorryAx _", "by native_decide", "by trivial\naxiom cheat : False"])
    result = prove(
        "theorem t : 2 + 2 = 5", backend=backend, lean=lean, config=CONFIG, params=PARAMS, limits=LIMITS.lean
    )
    assert result.proof is None and result.status is Status.REJECTED


def test_a_statement_that_lean_does_not_know(lean: LeanVerifier) -> None:
    result = prove("theorem t : Nat.nonsense = 1", backend=None, lean=lean, params=PARAMS, limits=LIMITS.lean)
    assert (result.reason, result.attempts) == (Reason.ELABORATION, 0)
    assert "nonsense" in result.detail


def test_every_quick_tactic_is_known_to_this_lean(lean: LeanVerifier) -> None:
    """A tactic that this runtime lacks would only ever cost time: it must at least parse."""
    theorem = "theorem t (n : Nat) : n + 0 = n ∧ (n = 1 → n = 2)"
    for tactic in (*automation.QUICK, *automation.slow(theorem)):
        target = read_target(theorem)
        (attempt,) = first_accepted(target, [(tactic.candidate, LIMITS.lean)], lean=lean, workers=1)
        assert attempt.verdict.reason is Reason.ELABORATION, (tactic.name, attempt.verdict)


def test_check_and_prove_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.lean"
    file.write_text("theorem t (a : Nat) : a + 0 = a := by rfl\n", encoding="utf-8")
    challenge = tmp_path / "c.lean"
    challenge.write_text("theorem t (a : Nat) : a + 0 = a := sorry\n", encoding="utf-8")
    assert main(["check", str(file), "--statement", str(challenge), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "accepted" and document["theorems"][0]["name"] == "t"
    assert set(document) >= {"status", "reason", "messages", "theorems", "toolchain", "seconds"}

    assert main(["prove", "theorem t (a b : Nat) : a + b = b + a", "--no-model", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["proof"], document["origin"]) == ("by omega", "automation: omega")
