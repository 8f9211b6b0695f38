"""What is mended in a failing proof, what is not, and what the search does with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlm.extract import Statement
from mathlm.search import Part, SearchConfig
from mathlm.search.mend import leave_out, mended, variables
from mathlm.search.premises import SPREAD
from mathlm.search.search import ROUNDS, Search
from mathlm.types import Candidate, Reason, SamplingParams, Status, Verdict
from mathlm.watch import Watch
from verify.base import Limits
from verify.fake import FakeLeanVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
LEMMAS = ["List.length_append", "List.length_reverse", "Nat.add_comm"]
THEOREM = (
    "theorem t.{u, v} {α : Type u} [BEq α] (xs ys : List α) (h : xs = ys) (p : α → Bool) {a : α} "
    "(g : (List.map f xs).length = 3) (hp : Even 2) : (0 : Nat) = (xs \\ ys : List α).length"
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
        ("by exact foo_bar_baz", unknown("foo_bar_baz"), None),
        ("by exact h_pos", unknown("h_pos"), None),
        ("by rw [h₁.symm]", unknown("h₁.symm"), None),
        ("by cases zs <;> cases b <;> simp", unknown("zs", "b"), "by cases a <;> cases p <;> simp"),
        ("by cases zs <;> simp [a.length]", unknown("zs"), "by cases p <;> simp [a.length]"),
        ("by simp [zs.length]", unknown("zs.length"), "by simp [a.length]"),
        ("by cases k' <;> exact k'.le", unknown("k'", "k'.le"), "by cases a <;> exact p.le"),
        ("by simp", "the proof uses the forbidden premise `A.b`", "by simp [-A.b]"),
        ("by simp [c] at h; grind", "forbidden premise `A.b`", "by simp [-A.b, c] at h; grind [-A.b]"),
        (
            "by simp[c]; simpa\n  [d] using e",
            "forbidden premise `A.b`",
            "by simp [-A.b, c]; simpa [-A.b, d] using e",
        ),
        (
            "by simp +arith (disch := omega) [c]",
            "forbidden premise `A.b`",
            "by simp +arith (disch := omega) [-A.b, c]",
        ),
        ("by simp +contextual only [c]", "forbidden premise `A.b`", None),
        ("by simp\n only [c]", "forbidden premise `A.b`", None),
        ("by simp? at h", "forbidden premise `A.b`", None),
        ("by simp", "forbidden premise `A.b._simp_1`", "by simp [-A.b]"),
        ("by simp", "forbidden premise `A.b._simp_1_2`", "by simp [-A.b]"),
        ("by simp only [c]", "the proof uses the forbidden premise `A.b`", None),
        ("by simp [A.b]", "the proof uses the forbidden premise `A.b`", None),
        ("by exact A.b.symm; simp", "the proof uses the forbidden premise `A.b`", None),
        ("by simp [A.b']", "the proof uses the forbidden premise `A.b`", "by simp [-A.b, A.b']"),
        ("by grind [-A.b]", "`A.b` is not marked with the `[grind]` attribute", "by grind"),
        (
            "by simp [-A.b]; grind +x [-A.b, c]; grind <;> simp [-A.b]",
            "`A.b` is not marked with the `[grind]` attribute",
            "by simp [-A.b]; grind +x [c]; grind <;> simp [-A.b]",
        ),
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


def test_only_what_the_statement_binds_before_its_colon_is_a_variable() -> None:
    assert variables(THEOREM) == ["a", "p", "ys", "xs", "α"]
    assert variables("theorem t : 1 = 1") == []
    assert variables("theorem t (s t : Finset Nat) : (s \\ t : Finset Nat) = s") == ["t", "s"]
    assert variables("theorem t_is_false : ¬ (∀ (n : Nat), n = 0)") == []


@given(st.lists(st.sampled_from(["simp", "simp_all [c]", "grind +r", "simp only [c]", "rfl", "h.simp"])))
def test_each_tactic_that_looks_for_premises_leaves_it_out(tactics: list[str]) -> None:
    proof = "by " + "; ".join(tactics)
    erased = leave_out(proof, "A.b") or proof
    assert erased.count("-A.b") == sum(tactic in ("simp", "simp_all [c]", "grind +r") for tactic in tactics)
    assert erased.replace(" [-A.b]", "").replace("-A.b, ", "") == proof


@given(st.text(alphabet="abx. ‘'\\[](){}:;=∀¬∧⦃⟨→\n`", max_size=60), st.text(max_size=40))
def test_no_text_stops_it(proof: str, theorem: str) -> None:
    for said in (
        unknown("a", "A.b", "x'"),
        "forbidden premise `a\\1`",
        "`a\\` is not marked with the `[grind]` attribute",
    ):
        mended(proof, said, lemmas=lambda: ["A.x\\1"], theorem=f"theorem t {theorem} (\\g<0> b : a)")


def rejected(source: str) -> Verdict:
    """What the judge says in these tests: the proof's last word is unknown."""
    name = source.rsplit(" ", 1)[-1]
    return Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, detail=unknown(name))


def search(lean: FakeLeanVerifier, **others: Any) -> Search:
    made = Search(
        target=Statement(header="", theorem="theorem t (a b c d e : Nat) : p"), lean=lean, backend=None,
        params=SamplingParams(max_tokens=9, temperature=1.0), limits=LIMITS,
        config=SearchConfig(parts=frozenset({Part.MEND})),
    )  # fmt: skip
    return replace(made, **others)


def judge(accepts: str) -> Callable[[str], Verdict | bool]:
    return lambda source: source.endswith(accepts) or rejected(source)


def sources(made: Search) -> list[str]:
    return [attempt.candidate.source for attempt in made.attempts]


NAMED = "f where g := "
"""A proof that the step cannot see, so that the judge's own words count."""


def test_what_comes_of_mending_is_an_attempt_of_its_own_and_accepted_last() -> None:
    made = search(FakeLeanVerifier(judge("cases e")))
    found = made.check_texts([f"{NAMED}cases q", f"{NAMED}cases r"], "model")
    assert found is not None and (found.candidate.source, found.candidate.origin) == (
        f"{NAMED}cases e",
        "model, mended",
    )
    assert sources(made) == [f"{NAMED}cases q", f"{NAMED}cases r", f"{NAMED}cases e"]


def test_nothing_is_mended_once_a_proof_is_found_or_where_the_part_is_off() -> None:
    made = search(FakeLeanVerifier(judge("cases r")))
    assert made.check_texts([f"{NAMED}cases q", f"{NAMED}cases r"], "model") is not None
    assert len(made.attempts) == 2
    off = search(FakeLeanVerifier(judge("cases e")), config=SearchConfig(parts=frozenset({Part.WHOLE})))
    assert off.check_texts([f"{NAMED}cases q"], "model") is None and len(off.attempts) == 1


def test_mending_ends_and_says_so_once() -> None:
    def endless(source: str) -> Verdict:
        return Verdict(
            status=Status.REJECTED, reason=Reason.FORBIDDEN, detail=f"forbidden premise `A.x{len(source)}`"
        )

    made = search(FakeLeanVerifier(endless))
    assert made.check_texts([f"{NAMED}by simp"], "model") is None
    assert len(made.attempts) == ROUNDS + 1
    assert {attempt.candidate.origin for attempt in made.attempts} == {"model", "model, mended"}


@pytest.mark.parametrize("status", [Status.TIMEOUT, Status.INFRA_ERROR, Status.RESOURCE])
def test_what_says_nothing_about_the_proof_is_not_mended(status: Status) -> None:
    made = search(FakeLeanVerifier(lambda source: Verdict(status=status, detail=unknown("q"))))
    made.check_texts([f"{NAMED}cases q"], "model")
    assert len(made.attempts) == 1


def test_nobody_who_left_is_mended_for() -> None:
    left = Watch(cancelled=lambda: bool(made.attempts))
    made = search(FakeLeanVerifier(judge("cases e")))
    made = replace(made, watch=left)
    made.check_texts([f"{NAMED}cases q"], "model")
    assert len(made.attempts) == 1


def test_mending_keeps_to_the_time_of_the_search() -> None:
    def slow(source: str) -> Verdict:
        time.sleep(0.3)
        return rejected(source)

    config = SearchConfig(parts=frozenset({Part.MEND}), seconds=0.2)
    made = search(FakeLeanVerifier(slow), config=config)
    made.check_texts([f"{NAMED}cases q"], "model")
    assert len(made.attempts) == 1


def test_premises_are_asked_for_once_for_all_proofs() -> None:
    class Shelf:
        calls = 0

        def retrieve(self, statement: str, *, k: int, exclude: frozenset[str]) -> Sequence[object]:
            self.calls += 1
            assert k == SPREAD * SearchConfig().premises
            return []

    shelf = Shelf()
    made = search(
        FakeLeanVerifier(judge("never")), workers=4, retriever=lambda: shelf,
        config=SearchConfig(parts=frozenset({Part.MEND, Part.PREMISES})),
    )  # fmt: skip
    candidates = [Candidate(kind="proof", source=f"{NAMED}by rw A.b{i}", origin="model") for i in range(8)]
    made.check((candidate, LIMITS) for candidate in candidates)
    assert shelf.calls == 1
