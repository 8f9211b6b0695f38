"""`mathlm.pipeline` with scripted model and verifiers: certificates of `solve`, search of `prove`."""

from __future__ import annotations

import threading

import pytest

from mathlm.errors import InfraError, UsageError
from mathlm.pipeline import MAX_QUESTION, Conclusion, SolveLimits, prove, solve
from mathlm.search import Part, SearchConfig
from mathlm.types import Certificate, ProofResult, Reason, SamplingParams, Status, Verdict
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.fake import FakeLeanVerifier, FakePythonVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
PARAMS = SamplingParams(max_tokens=100)
QUESTION = "What is gcd(12, 18)?"
ONE = "import math\nprint(math.gcd(12, 18))"
OTHER = "a, b = 12, 18\nwhile b: a, b = b, a % b\nprint(a)"
WRONG = "print(12 + 18)"
FORMAL = "theorem answer : Nat.gcd 12 18 = ANSWER"
PROVED = "theorem answer : Nat.gcd 12 18 = 6 := by decide"


def completion(program: str, formal: str | None = None) -> str:
    text = f"Greatest divisor.\n```python\n{program}\n```"
    return text if formal is None else f"{text}\n```lean\n{formal}\n```"


def run(
    completions: list[str],
    *,
    question: str = QUESTION,
    outputs: dict[str, str | Verdict] | None = None,
    equal: set[tuple[str, str]] | None = None,
    lean: FakeLeanVerifier | None = None,
) -> Conclusion:
    return solve(
        question,
        backend=FakeBackend({"Prove in Lean": ["by decide"], "": completions}),
        python=FakePythonVerifier(outputs or {ONE: "6\n", OTHER: "log\n6", WRONG: "30"}, equal=equal),
        lean=lean,
        samples=len(completions),
        params=PARAMS,
        limits=SolveLimits(program=LIMITS, comparison=LIMITS, lean=LIMITS),
    )


def test_two_independent_programs_certify() -> None:
    found = run([completion(ONE), completion(OTHER), completion(ONE), completion(OTHER)])
    assert found.solution.answer == "6"
    assert found.solution.certificate is Certificate.PYTHON
    assert found.solution.votes == {"6": 4}
    assert (found.solution.program, found.solution.second_program) == (ONE, OTHER)
    assert found.solution.reasoning == "Greatest divisor."
    assert found.answers == ("6", "6", "6", "6")


def test_the_programs_shown_confirm_each_other_and_the_first_prints_the_answer() -> None:
    blind, decimal = "print(6)", "import math\nprint(math.gcd(12, 18) / 1)"
    outputs: dict[str, str | Verdict] = {blind: "6", ONE: "6", OTHER: "6", decimal: "6.0"}
    texts = [completion(program) for program in (decimal, blind, blind, OTHER, ONE)]
    found = run(texts, outputs=outputs, equal={("6", "6.0")}).solution
    assert (found.answer, found.certificate) == ("6", Certificate.PYTHON)
    assert (found.program, found.second_program) == (OTHER, ONE)


def test_a_contested_answer_is_only_a_vote() -> None:
    lean = FakeLeanVerifier(lambda source: True)
    found = run([completion(ONE, FORMAL), completion(OTHER), completion(ONE), completion(WRONG)], lean=lean)
    assert found.solution.certificate is Certificate.VOTE
    assert found.solution.second_program is None
    assert found.solution.votes == {"6": 3, "30": 1}
    assert lean.sources == []


def test_methods_alternate_over_the_samples() -> None:
    backend = FakeBackend([completion(ONE)])
    limits = SolveLimits(program=LIMITS, comparison=LIMITS, lean=LIMITS)
    python = FakePythonVerifier({ONE: "6"})
    solve(QUESTION, backend=backend, python=python, lean=None, samples=4, params=PARAMS, limits=limits)
    assert ["another way" in prompt.text for prompt in backend.prompts] == [False, True, False, True]


def test_equal_programs_are_only_a_vote() -> None:
    assert run([completion(ONE), completion(ONE)]).solution.certificate is Certificate.VOTE


def test_a_single_answer_has_no_certificate() -> None:
    assert run([completion(ONE), "no program here"]).solution.certificate is Certificate.NONE


def test_a_tie_has_no_certificate() -> None:
    found = run([completion(ONE), completion(OTHER), completion(WRONG), completion(WRONG)])
    assert found.solution.certificate is Certificate.NONE


def test_output_that_was_cut_holds_no_answer() -> None:
    cut = ("9" * 50 + "\n") * 20
    outputs: dict[str, str | Verdict] = {
        ONE: cut[: LIMITS.output_bytes - 3],
        OTHER: cut[: LIMITS.output_bytes],
    }
    found = run([completion(ONE), completion(OTHER)], outputs=outputs)
    assert found.answers == (None, None)
    assert found.solution.certificate is Certificate.NONE


def test_no_answer_at_all() -> None:
    found = run(["nothing", completion("print(")])
    assert found.solution.answer is None
    assert found.solution.certificate is Certificate.NONE


def test_a_proof_gives_the_strongest_certificate() -> None:
    found = run([completion(ONE, FORMAL), completion(OTHER)], lean=FakeLeanVerifier({PROVED}))
    assert found.solution.certificate is Certificate.LEAN
    assert found.solution.second_program is None
    assert found.solution.formal_statement == "theorem answer : Nat.gcd 12 18 = 6"
    assert found.solution.proof == "by decide"
    assert found.proof is not None and found.proof.axioms == ("propext",)


@pytest.mark.parametrize(
    "completions",
    [
        [completion(ONE, "theorem answer : Nat.gcd 12 16 = ANSWER"), completion(OTHER)],
        [completion(ONE, "theorem answer : 12 + 18 = ANSWER + 24"), completion(OTHER)],
    ],
    ids=["about another question", "not an equation with ANSWER"],
)
def test_statements_that_prove_nothing_here_are_left_alone(completions: list[str]) -> None:
    lean = FakeLeanVerifier(lambda source: True)
    assert run(completions, lean=lean).solution.certificate is Certificate.PYTHON
    assert lean.sources == []


def test_an_unproved_statement_does_not_weaken_the_answer() -> None:
    found = run([completion(ONE, FORMAL), completion(OTHER)], lean=FakeLeanVerifier(set()))
    assert found.solution.certificate is Certificate.PYTHON
    assert found.solution.formal_statement is None


SOLVE_X = "Solve 12*x = 18*x + 6 for x."
X_ONE, X_OTHER = "x = 12 - 18\nprint(6 // x)", "print(6 // (12 - 18))"
X_FORMAL = "theorem answer : ∀ x : Int, 12*x = 18*x + 6 → x = ANSWER"


@pytest.mark.parametrize(("contradictory", "certified"), [(False, True), (True, False)])
def test_contradictory_hypotheses_certify_nothing(contradictory: bool, certified: bool) -> None:
    def proves(source: str) -> bool:
        return "x = (-1) :=" in source or contradictory

    outputs: dict[str, str | Verdict] = {X_ONE: "-1", X_OTHER: "-1"}
    completions = [completion(X_ONE, X_FORMAL), completion(X_OTHER)]
    found = run(completions, question=SOLVE_X, outputs=outputs, lean=FakeLeanVerifier(proves))
    assert (found.solution.certificate is Certificate.LEAN) == certified


def test_a_broken_sandbox_is_not_a_wrong_answer() -> None:
    broken = Verdict(status=Status.INFRA_ERROR, detail="no node")
    with pytest.raises(InfraError, match="no node"):
        run([completion(ONE), completion(OTHER)], outputs={ONE: broken, OTHER: broken})


@pytest.mark.parametrize(("question", "message"), [("  ", "empty"), ("x" * (MAX_QUESTION + 1), "20,000")])
def test_questions_that_cannot_be_read(question: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run([completion(ONE)], question=question)


THEOREM = "theorem t (a b : Nat) : a + b = b + a"
CONFIG = SearchConfig(parts=frozenset({Part.AUTOMATION, Part.WHOLE}), samples=4)


def find(
    lean: FakeLeanVerifier, *, proofs: list[str] | None = None, statement: str = THEOREM, workers: int = 1
) -> ProofResult:
    backend = None if proofs is None else FakeBackend(proofs)
    return prove(
        statement, backend=backend, lean=lean, config=CONFIG, params=PARAMS, limits=LIMITS, workers=workers
    )


def test_automation_proves_before_the_model_is_asked() -> None:
    backend = FakeBackend(["by simp"])
    lean = FakeLeanVerifier({f"{THEOREM} := by omega"})
    result = prove(THEOREM, backend=backend, lean=lean, config=CONFIG, params=PARAMS, limits=LIMITS)
    assert (result.proof, result.origin) == ("by omega", "automation: omega")
    assert (result.status, result.axioms, result.toolchain) == (Status.ACCEPTED, ("propext",), "fake Lean")
    assert backend.prompts == []


def test_the_model_proves_what_automation_does_not() -> None:
    result = find(
        FakeLeanVerifier({f"{THEOREM} := Nat.add_comm a b"}),
        proofs=["by wrong", "```lean\nNat.add_comm a b\n```"],
    )
    assert (result.proof, result.origin) == ("Nat.add_comm a b", "model")


def test_every_attempt_is_checked_against_the_trusted_statement() -> None:
    seen: list[str | None] = []

    class Recording(FakeLeanVerifier):
        def check(
            self,
            source: str,
            *,
            statement: str | None = None,
            limits: Limits,
            forbidden: frozenset[str] | tuple[str, ...] = (),
        ) -> Verdict:
            seen.append(statement)
            return super().check(source, statement=statement, limits=limits, forbidden=forbidden)

    find(Recording(set(), credulous=True), proofs=["by a"])
    assert len(seen) > 1 and set(seen) == {f"{THEOREM} := sorry"}


def test_every_attempt_is_checked_for_forbidden_premises() -> None:
    lean = FakeLeanVerifier(set(), credulous=True)
    prove(
        THEOREM, backend=FakeBackend(["by a"]), lean=lean, config=CONFIG, params=PARAMS, limits=LIMITS,
        forbidden=("Nat.add_comm",),
    )  # fmt: skip
    of_statement, *of_attempts = lean.forbidden
    assert of_statement == () and set(of_attempts) == {("Nat.add_comm",)}
    assert any("by a" in source for source in lean.sources)


def test_nothing_found_says_how_much_was_tried() -> None:
    result = find(FakeLeanVerifier(set()), proofs=["by a", "by b", "by a", ""])
    assert (result.status, result.reason, result.proof) == (Status.REJECTED, Reason.ELABORATION, None)
    assert f"{result.attempts} attempts" in result.detail and "--samples" in result.detail


def test_a_statement_that_does_not_elaborate_is_rejected_with_leans_message() -> None:
    result = find(FakeLeanVerifier(set(), broken=["foo"]), statement="theorem t : foo = 1")
    assert (result.status, result.reason, result.attempts) == (Status.REJECTED, Reason.ELABORATION, 0)
    assert "1:0: unknown identifier" in result.detail


def test_header_lines_stay_in_front() -> None:
    statement = "open Nat\ntheorem t : succ 1 = 2 := by sorry"
    result = find(FakeLeanVerifier({"open Nat\ntheorem t : succ 1 = 2 := by decide"}), statement=statement)
    assert result.origin == "automation: decide"


def test_attempts_that_died_are_not_rejections() -> None:
    broken = Verdict(status=Status.INFRA_ERROR, detail="killed twice")
    with pytest.raises(InfraError, match="killed twice"):
        find(FakeLeanVerifier(lambda source: broken))


@pytest.mark.parametrize("status", [Status.TIMEOUT, Status.RESOURCE])
def test_limits_that_were_hit_are_no_rejection(status: Status) -> None:
    result = find(FakeLeanVerifier(lambda source: Verdict(status=status)))
    assert (result.status, result.reason) == (status, None)


def test_workers_check_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=5)

    def proves(source: str) -> bool:
        if meeting.n_waiting or "by rfl" in source or "by decide" in source or "omega" in source:
            meeting.wait()
        return True

    assert find(FakeLeanVerifier(proves), workers=2).status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("detail", "certificate"),
    [
        ("1:2: omega could not prove the goal", Certificate.LEAN),
        ("1:2: maximum recursion depth has been reached", Certificate.PYTHON),
        ("1:2: (deterministic) timeout at `whnf`, maximum number of heartbeats", Certificate.PYTHON),
    ],
)
def test_a_probe_that_gave_up_shows_nothing(detail: str, certificate: Certificate) -> None:
    question, formal = "Solve 3*x = 12 for x.", "theorem answer : ∀ x : Int, 3*x = 12 → x = ANSWER"
    gave_up = Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, detail=detail)
    lean = FakeLeanVerifier(lambda source: gave_up if "(4 + 1)" in source else True, credulous=True)
    first, second = "print(12 // 3)", "x = 0\nwhile 3*x != 12: x += 1\nprint(x)"
    found = run(
        [completion(first, formal), completion(second)], question=question,
        outputs={first: "4", second: "4"}, lean=lean,
    )  # fmt: skip
    assert found.solution.certificate is certificate
