"""What is mended in a failing proof, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlm.extract import Statement
from mathlm.search.attempts import attempt
from mathlm.search.mend import ROUNDS, leave_out, mended, variables
from mathlm.types import Candidate, Status, Verdict
from verify.base import Limits
from verify.fake import FakeLeanVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
LEMMAS = ["List.length_append", "List.length_reverse", "Nat.add_comm"]
THEOREM = (
    "theorem t.{u} {α : Type u} [BEq α] (xs ys : List α) (h : xs = ys) (p : α → Bool) {a : α} "
    "(g : (List.map f xs).length = 3) : xs = ys"
)


def unknown(*names: str) -> str:
    return "\n".join(f"Unknown identifier `{name}`" for name in names)


@pytest.mark.parametrize(
    ("proof", "said", "expected"),
    [
        (
            "by simp [List.length_apend]",
            "Unknown constant `List.length_apend`",
            "by simp [List.length_append]",
        ),
        ("by rw [Nat.ad_com, List.map]", unknown("Nat.ad_com"), "by rw [Nat.add_comm, List.map]"),
        ("by cases zs <;> cases b <;> simp", unknown("zs", "b"), "by cases a <;> cases p <;> simp"),
        ("by cases zs <;> cases a <;> simp", unknown("zs"), "by cases p <;> cases a <;> simp"),
        ("by simp", "the proof uses the forbidden premise `A.b`", "by simp [-A.b]"),
        ("by simp [c] at h; grind", "forbidden premise `A.b`", "by simp [-A.b, c] at h; grind [-A.b]"),
        ("by simp only [c]", "the proof uses the forbidden premise `A.b`", None),
        ("by simp [A.b]", "the proof uses the forbidden premise `A.b`", None),
        ("by simp [A.b']", "the proof uses the forbidden premise `A.b`", "by simp [-A.b, A.b']"),
        ("by omega", "omega could not prove the goal", None),
        ("by cases foo", "", None),
    ],
)
def test_what_lean_complains_about_is_replaced(proof: str, said: str, expected: str | None) -> None:
    assert mended(proof, said, lemmas=lambda: LEMMAS, theorem=THEOREM) == expected


def test_without_lemmas_their_names_stay() -> None:
    said = unknown("Nat.ad_com")
    assert mended("by rw [Nat.ad_com]", said, lemmas=list, theorem=THEOREM) is None


def test_lemmas_are_asked_for_only_when_one_is_missing() -> None:
    def never() -> list[str]:
        raise AssertionError

    assert mended("by cases b", unknown("b"), lemmas=never, theorem=THEOREM) == "by cases a"


def test_hypotheses_are_no_variables() -> None:
    assert variables(THEOREM) == ["a", "p", "ys", "xs", "α"]
    assert variables("theorem t : 1 = 1") == []


@given(st.lists(st.sampled_from(["simp", "simp_all [c]", "grind", "simp only [c]", "rfl", "h.simp"])))
def test_each_tactic_that_looks_for_premises_leaves_it_out(tactics: list[str]) -> None:
    proof = "by " + "; ".join(tactics)
    erased = leave_out(proof, "A.b") or proof
    assert erased.count("-A.b") == sum(tactic in ("simp", "simp_all [c]", "grind") for tactic in tactics)
    assert erased.replace(" [-A.b]", "").replace("-A.b, ", "") == proof


def check(lean: FakeLeanVerifier, source: str, *answers: str | None) -> tuple[Status, str, str]:
    given = iter(answers)
    candidate = Candidate(kind="proof", source=source, origin="model")
    target = Statement(header="", theorem="theorem t : p")
    tried = attempt(target, candidate, lean=lean, limits=LIMITS, mend=lambda proof, said: next(given, None))
    return tried.verdict.status, tried.candidate.source, tried.candidate.origin


def test_a_mended_proof_stands_only_if_it_is_one() -> None:
    lean = FakeLeanVerifier({"theorem t : p := by c"})
    assert check(lean, "by a", "by b", "by c") == (Status.ACCEPTED, "by c", "model, mended")
    assert check(lean, "by a", "by b") == (Status.REJECTED, "by a", "model")
    assert check(lean, "by c", "by b") == (Status.ACCEPTED, "by c", "model")


def test_mending_ends() -> None:
    lean = FakeLeanVerifier(set())
    assert check(lean, "by a", *(f"by a{i}" for i in range(99)))[0] is Status.REJECTED
    assert len(lean.tried) == ROUNDS + 1


def test_what_says_nothing_about_the_proof_is_not_mended() -> None:
    lean = FakeLeanVerifier(lambda source: Verdict(status=Status.TIMEOUT))
    assert check(lean, "by a", "by b")[0] is Status.TIMEOUT
    assert len(lean.tried) == 1
