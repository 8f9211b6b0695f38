"""Which gaps of a failing proof automation fills, and what the search does with it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlm.extract import MATHLIB, Statement
from mathlm.search import Part, SearchConfig
from mathlm.search import search as search_module
from mathlm.search.finish import LEMMAS, LONGEST, finished, shorter
from mathlm.search.search import FINISHING, Search
from mathlm.types import Attempt, Candidate, Reason, SamplingParams, Status, Verdict
from mathlm.watch import Watch
from verify.base import Limits
from verify.fake import FakeLeanVerifier
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=30, memory_mb=2048, heartbeats=200_000, output_bytes=10_000)
C = "first | rfl | omega | (simp_all; done) | grind"
"""The closers where there are no lemmas."""


NESTED = """\
  cases n with
  | zero => simp
  | succ n =>
    cases n with
    | zero => rfl
    | succ => rfl"""


def last(tactic: str) -> str:
    return f"(first | (({tactic}); done) | ({tactic}) <;> ({C}) | ({C}))"


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        ("by simp", f"by\n  all_goals {last('simp')}"),
        ("by intro x; simp", f"by\n  (try intro x)\n  all_goals {last('simp')}"),
        ("by\n  intro x\n  simp", f"by\n  (try intro x)\n  all_goals {last('simp')}"),
        (
            "by cases xs <;> intro <;> simp",
            f"by\n  all_goals (try cases xs) <;> (try intro) <;> {last('simp')}",
        ),
        ("by cases xs <;> rfl; simp", f"by\n  (try cases xs) <;> (try rfl)\n  all_goals {last('simp')}"),
        ("Eq.symm h", f"by\n  all_goals {last('exact Eq.symm h')}"),
        (
            "by\n  constructor\n  · intro h; simp\n    omega\n  · rfl",
            "by\n  (try constructor)\n  · (try intro h)\n    (try simp)\n    all_goals "
            f"{last('omega')}\n  · all_goals {last('rfl')}\n  all_goals ({C})",
        ),
        (
            "by induction n with | zero => simp | succ n ih => simp [ih]; omega",
            f"by\n  induction n with\n  | zero =>\n    all_goals {last('simp')}\n  | succ n ih =>\n"
            f"    (try simp [ih])\n    all_goals {last('omega')}\n  all_goals ({C})",
        ),
        (
            "by\n  cases n with\n  | zero => simp\n  | succ n =>\n    intro h\n    omega",
            f"by\n  cases n with\n  | zero =>\n    all_goals {last('simp')}\n  | succ n =>\n"
            f"    (try intro h)\n    all_goals {last('omega')}\n  all_goals ({C})",
        ),
        (
            "by\n  have h : 1 = 1 := by\n    simp\n  omega",
            f"by\n  try\n    have h : 1 = 1 := by\n      simp\n  all_goals {last('omega')}",
        ),
        (
            "by\n  have h : 1 = 1 := by\n    simp",
            f"by\n  try\n    have h : 1 = 1 := by\n      simp\n  all_goals ({C})",
        ),
        (
            "by simp only [A. b, h x, -c, ← d (e f), *, ↔_iff] at h",
            f"by\n  all_goals {last('simp only [h x, -c, ← d (e f), *] at h')}",
        ),
        ("by simp [a. b]; omega", f"by\n  (try simp)\n  all_goals {last('omega')}"),
        (
            "by rw [A. b]; nlinarith [sq_nonneg (a - b)]",
            f"by\n  (try rw [A. b])\n  all_goals {last('nlinarith [sq_nonneg (a - b)]')}",
        ),
        (
            "by intro x; have h : p := by simp",
            f"by\n  (try intro x)\n  all_goals {last('have h : p := by simp')}",
        ),
        ("by cases x <;>\n  simp", f"by\n  (try cases x)\n  all_goals {last('simp')}"),
        ("by\n  cases x\n  <;> simp", f"by\n  try\n    cases x\n    <;> simp\n  all_goals ({C})"),
        ("by simp <;>", f"by\n  all_goals {last('simp')}"),
        ("fun h =>\n  h.symm", None),
        (
            "by cases h; exact fun x => x",
            f"by\n  (try cases h)\n  all_goals {last('exact fun x => x')}",
        ),
        (
            "by cases h : a || b with | false => simp | true => omega",
            f"by\n  cases h : a || b with\n  | false =>\n    all_goals {last('simp')}\n  | true =>\n"
            f"    all_goals {last('omega')}\n  all_goals ({C})",
        ),
        (
            f"by\n{NESTED}",
            f"by\n  try\n{textwrap.indent(NESTED, '  ')}\n  all_goals ({C})",
        ),
        ("by " + "· " * 200 + "simp", None),
        ("by rw [xs[0]]", f"by\n  all_goals {last('rw [xs[0]]')}"),
        ("by simp -- [a; b]", None),
        ("by", f"by\n  all_goals ({C})"),
        ("by sorry", None),
        ("by first | rfl | simp", None),
        ("f where f := 1", None),
        ("by " + "simp; " * LONGEST, None),
    ],
)
def test_steps_are_kept_and_gaps_filled(proof: str, expected: str | None) -> None:
    assert finished(proof, lemmas=list) == expected


def test_closers_know_what_the_proof_means_and_what_retrieval_gave() -> None:
    found = ["List.length_append", "Nat.add_comm", "A.a", "A.b", "A.c", "A.d"]
    text = finished("by simp [List.lenght_append]", lemmas=lambda: found, forbidden=["A.a"])
    assert text is not None
    assert "(simp_all [List.length_append]; done) | grind [List.length_append]" in text
    best = [name for name in found if name != "A.a"][:LEMMAS]
    assert f"grind [{', '.join(best)}] | (simp_all; done) | grind)" in text
    assert "A.a" not in text


def test_a_step_that_names_a_forbidden_premise_is_left_out() -> None:
    text = finished("by intro x; rw [A.a]; simp <;> exact A.a", lemmas=list, forbidden=["A.a"])
    assert text == f"by\n  (try intro x)\n  all_goals {last('simp')}"
    assert finished("by exact A.a", lemmas=list, forbidden=["A.a"]) == f"by\n  all_goals ({C})"
    several = finished("by\n  have h : p := by\n    exact A.a\n  simp", lemmas=list, forbidden=["A.a"])
    assert several == f"by\n  all_goals {last('simp')}"


def test_a_case_distinction_that_names_a_forbidden_premise_is_left_out() -> None:
    proof = "by\n  simp\n  cases A.a with\n  | inl h => rfl"
    text = finished(proof, lemmas=list, forbidden=["A.a"])
    assert text == f"by\n  (try simp)\n  all_goals ({C})"
    assert "by\n  simp\n  grind" in shorter(proof, lemmas=list, forbidden=["A.a"])


def test_tactics_of_mathlib_close_where_it_is_imported() -> None:
    assert "linarith" not in (finished("by simp", lemmas=list) or "")
    assert "linarith" in (finished("by simp", lemmas=list, header=MATHLIB) or "")


def test_shorter_texts_have_one_closer_each_and_leave_nothing_out() -> None:
    proof = "by induction n with | zero => simp | succ n ih => simp [ih]"
    texts = list(shorter(proof, lemmas=lambda: ["A.b"]))
    assert texts[:4] == ["by rfl", "by omega", "by simp_all [A.b]", "by grind [A.b]"]
    assert "by\n  induction n with\n  | zero =>\n    omega\n  | succ n ih =>\n    omega" in texts
    assert (
        "by\n  induction n with\n  | zero =>\n    simp <;> omega\n  | succ n ih =>\n    simp [ih] <;> omega"
        in texts
    )
    assert not any(word in text for text in texts for word in ("try", "first", "all_goals", "done"))
    assert len(texts) == len(set(texts))
    assert list(shorter("by\n  cases A.a with\n  | inl => simp", lemmas=list, forbidden=["A.a"]))[:2] == [
        "by rfl",
        "by omega",
    ]
    barred = "by cases x with | inl a => exact A.a | inr b => simp"
    texts = list(shorter(barred, lemmas=list, forbidden=["A.a"]))
    assert "by\n  cases x with\n  | inl a =>\n    grind\n  | inr b =>\n    grind" in texts
    open_end = list(shorter("by\n  have h : p := by\n    simp", lemmas=list))
    assert "by\n  have h : p := by\n    simp\n  grind" in open_end
    steps = "by\n  have h : p := by\n    simp\n  intro x; rw [A.a]; simp"
    texts = list(shorter(steps, lemmas=list, forbidden=["A.a"]))
    assert "by\n  have h : p := by\n    simp\n  intro x\n  simp <;> grind" in texts


@given(st.text(alphabet="by simp;<>|·[](){}⟨⟩=>\n induction n with | zero => - ", max_size=80))
def test_no_text_stops_it(proof: str) -> None:
    text = finished(proof, lemmas=lambda: ["A.b"], forbidden=["A.c"])
    assert text is None or text.startswith("by\n  ")
    assert all(text.startswith("by") for text in shorter(proof, lemmas=lambda: ["A.b"]))


@given(st.lists(st.sampled_from(["intro x", "simp", "rw [h]", "omega", "cases n"]), min_size=1, max_size=5))
def test_each_step_is_there_once_in_its_order(steps: list[str]) -> None:
    text = finished("by " + "; ".join(steps), lemmas=list) or ""
    assert text.split("\n")[1:-1] == [f"  (try {step})" for step in steps[:-1]]
    assert text.endswith(f"\n  all_goals {last(steps[-1])}")


@pytest.mark.parametrize(
    ("theorem", "proof"),
    [
        (
            "theorem t (f : Nat → Nat) (h₀ : f 0 = 0) (h : ∀ n, f (n + 1) = f n + 2) (n : Nat) : f n = 2 * n",
            "by\n  induction n with\n  | zero => rfl\n  | succ n ih =>\n    simp [nothing, h nowhere]",
        ),
        ("theorem t (a b : Nat) (h : a < b) : a + 1 ≤ b ∧ b ≠ a", "by\n  constructor\n  · simp\n  · rfl"),
        ("theorem t (p q : Prop) (hp : p) : q ∨ p", "by intro x <;> right"),
        ("theorem t (a b : Nat) (h : a = b) : b = a", "by have h2 : b = b := by rfl"),
        ("theorem t (a b : Bool) : (a && b) = (b && a)", "by\n  cases a\n  <;> skip"),
        (
            "theorem t (xs : List Nat) : xs.length + 0 = xs.length",
            "by\n  have h : 1 = 2 := by\n    rfl\n  rfl",
        ),
    ],
)
def test_lean_reads_a_finished_proof(theorem: str, proof: str, lean: LeanVerifier) -> None:
    def accepted(text: str) -> bool:
        verdict = lean.check(f"{theorem} := {text}", statement=f"{theorem} := sorry", limits=LIMITS)
        return verdict.accepted

    text = finished(proof, lemmas=list)
    assert text is not None and accepted(text)
    assert not accepted(proof)


REFUSED = Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, detail="unsolved goals")


NO_STEPS = Statement(header="set_option a true\n", theorem="theorem t (n : Nat) : p")
"""A statement of whose proofs no tactic step is tried, so that the judge's own words count."""


def search(accepts: str, parts: frozenset[Part]) -> Search:
    def judge(source: str) -> Verdict | bool:
        return accepts in source or REFUSED

    return Search(
        target=Statement(header="", theorem="theorem t : p"), lean=FakeLeanVerifier(judge), backend=None,
        params=SamplingParams(max_tokens=9, temperature=1.0), limits=LIMITS, config=SearchConfig(parts=parts),
    )  # fmt: skip


def origins(made: Search) -> list[str]:
    return [attempt.candidate.origin for attempt in made.attempts]


def test_a_failing_proof_of_the_model_is_finished_once() -> None:
    made = search("nothing does", frozenset({Part.FINISH}))
    assert made.check_texts(["by skip; simp"], "model") is None
    assert origins(made) == ["model", "model, finished"]
    made = search("all_goals", frozenset({Part.FINISH}))
    found = made.check_texts(["by skip; simp"], "model")
    assert found is not None and found.candidate.origin == "model, finished"


def test_automation_is_not_finished_and_nothing_where_the_part_is_off() -> None:
    made = search("all_goals", frozenset({Part.FINISH}))
    made.check([(Candidate(kind="proof", source="by skip; simp", origin="automation: simp"), LIMITS)])
    assert origins(made) == ["automation: simp"]
    off = search("all_goals", frozenset({Part.MEND}))
    assert off.check_texts(["by skip; simp"], "model") is None and origins(off) == ["model"]


def test_a_finished_proof_gets_fewer_heartbeats() -> None:
    made = search("nothing does", frozenset({Part.FINISH}))
    limits = [
        made.limits_of(Candidate(kind="proof", source="p", origin=o)) for o in ("model", "model, finished")
    ]
    assert [some.heartbeats for some in limits] == [LIMITS.heartbeats, FINISHING]


@pytest.mark.parametrize(("short", "given"), [("grind", "by grind"), ("nothing", None)])
def test_a_finished_proof_is_given_in_short_where_lean_agrees(short: str, given: str | None) -> None:
    def judge(source: str) -> Verdict | bool:
        return "all_goals" in source or source.endswith(f"by {short}") or REFUSED

    made = replace(search("", frozenset({Part.FINISH})), lean=FakeLeanVerifier(judge))
    found = made.check_texts(["by skip; simp"], "model")
    made.shorten()
    assert found is not None and made.found is not None
    assert made.found.candidate.source == (given or found.candidate.source)
    assert made.found.candidate.origin == "model, finished"


def test_what_the_model_proved_itself_is_not_shortened() -> None:
    made = search("by simp", frozenset({Part.FINISH}))
    made.check_texts(["by simp"], "model")
    made.shorten()
    assert origins(made) == ["model"]


@pytest.mark.parametrize("how", ["nobody waits", "ten seconds are over"])
def test_shortening_ends(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = search("all_goals", frozenset({Part.FINISH}))
    assert made.check_texts(["by skip; simp"], "model") is not None
    if how == "nobody waits":
        made.watch = Watch(cancelled=lambda: True)
    else:
        monkeypatch.setattr(search_module, "SHORTENING", 0.0)
    made.shorten()
    assert origins(made) == ["model", "model, finished"]


def test_what_was_tried_for_a_shorter_text_counts_and_the_proof_stays_the_last() -> None:
    told: list[Attempt] = []
    made = search("all_goals", frozenset({Part.FINISH}))
    made.watch = Watch(attempt=told.append)
    found = made.check_texts(["by skip; simp"], "model")
    made.shorten()
    assert made.found is found and len(made.attempts) == len(told) > 10
    assert all(not attempt.verdict.accepted for attempt in made.attempts[:-1])


def test_a_finished_proof_that_is_mended_is_not_finished_again_and_keeps_its_limits() -> None:
    def judge(source: str) -> Verdict:
        detail = "forbidden premise `A.b`" if "all_goals" in source and "-A.b" not in source else "no"
        return Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, detail=detail)

    made = replace(
        search("", frozenset({Part.FINISH, Part.MEND})), lean=FakeLeanVerifier(judge), target=NO_STEPS
    )
    made.check_texts(["by skip; simp"], "model")
    assert origins(made) == ["model", "model, finished", "model, finished, mended"]
    assert made.limits_of(made.attempts[-1].candidate).heartbeats == FINISHING


def test_what_is_quick_is_checked_before_what_looks_far() -> None:
    def judge(source: str) -> Verdict:
        detail = "Unknown identifier `q`" if source.endswith("cases q") else "no"
        return Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, detail=detail)

    made = replace(
        search("", frozenset({Part.FINISH, Part.MEND})), lean=FakeLeanVerifier(judge), target=NO_STEPS
    )
    made.check_texts(["by simp", "by cases q"], "model")
    assert origins(made)[2:4] == ["model, mended", "model, finished"]
