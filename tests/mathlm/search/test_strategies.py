"""Each strategy on the real Lean with a scripted model: it proves what the other parts do not.

One Lean worker serves all tests here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from mathlm.pipeline import prove
from mathlm.prompts import Domain
from mathlm.rerank import How, Reranker
from mathlm.search import Part, SearchConfig
from mathlm.types import ProofResult, SamplingParams, Status
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=30, memory_mb=2048, heartbeats=200_000, output_bytes=65_536)
PARAMS = SamplingParams(max_tokens=200, temperature=0.7)
SMALL = SearchConfig(samples=2, width=2, rounds=2, repairs=2, resumes=1, expansions=6, sketches=1)
MODEL = frozenset({Part.WHOLE, Part.MEND, Part.RESUME, Part.REPAIR, Part.BEST_FIRST, Part.SKETCH})

BOTH = "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ p"
INDUCTION = "fun n => by induction n with | zero => rfl | succ n ih => rw [%s]"
SKETCH = "by\n  have left : p := by\n    sorry\n  have right : q ∧ p := sorry\n  exact ⟨left, right⟩"
STEP = "theorem step (p q : Prop) (hp : p) (hq : q)"
CONSTANT = "theorem t (f : Nat → Nat) (h : ∀ n, f (n + 1) = f n) : ∀ n, f n = f 0"


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier


def search(
    lean: LeanVerifier,
    statement: str,
    script: Mapping[str, Sequence[str]],
    parts: frozenset[Part],
    **others: Any,
) -> ProofResult:
    config = replace(SMALL, parts=parts, expansions=others.pop("expansions", SMALL.expansions))
    return prove(
        statement, backend=FakeBackend(script), lean=lean, params=PARAMS, limits=LIMITS, config=config,
        **others,
    )  # fmt: skip


SCRIPTS: dict[Part, tuple[str, str, dict[str, list[str]]]] = {
    Part.WHOLE: (BOTH, "model", {"Prove in": ["by simp", "⟨hp, hq, hp⟩"], "": ["nonsense"]}),
    Part.MEND: (
        "theorem t (flag : Bool) : (!!flag) = flag",
        "model, mended",
        {"Prove in": ["by cases b <;> rfl"], "": ["nonsense"]},
    ),
    Part.FINISH: (
        "theorem t (f : Nat → Nat) (h : ∀ n, f (n + 1) = f n) (n : Nat) : f n = f 0",
        "model, finished",
        {"Prove in": ["by induction n <;> rfl"], "": ["nonsense"]},
    ),
    Part.RESUME: (
        CONSTANT,
        "model: resume",
        {
            "assistant\nby\n  intro n\n  induction n": ["  nonsense"],
            "assistant\nby\n  intro n\n": ["  induction n with\n  | zero => rfl\n  | succ => simp [*]"],
            "Prove in": ["by\n  intro n\n  simp [h]"],
            "": ["nonsense"],
        },
    ),
    Part.REPAIR: (
        CONSTANT,
        "model: repair 2",
        {
            "Unknown identifier `hh`": [INDUCTION % "h, g"],
            "Unknown identifier `g`": [INDUCTION % "h, ih"],
            "Prove in": [INDUCTION % "hh, ih"],
            "": ["nonsense"],
        },
    ),
    Part.BEST_FIRST: (
        BOTH,
        "model: best-first",
        {
            "tactic state": ["refine ⟨?_, ?_, ?_⟩", "first\n| assumption\n| omega"],
            "": ["nonsense"],
        },
    ),
    Part.SKETCH: (
        BOTH,
        "model: sketch",
        {
            "Sketch a proof": [SKETCH],
            f"{STEP} : p<": ["hq", "hp"],
            f"{STEP} (left : p) : q ∧ p": ["by\n  constructor\n  · exact hq\n  · exact left"],
            "": ["nonsense"],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("part", SCRIPTS)
def test_a_part_proves_what_the_others_do_not(part: Part, lean: LeanVerifier) -> None:
    statement, origin, script = SCRIPTS[part]
    needed = frozenset({Part.WHOLE, part})  # resume and repair learn from whole proofs
    result = search(lean, statement, script, needed)
    assert (result.status, result.origin) == (Status.ACCEPTED, origin), result.detail
    assert result.proof is not None and "sorry" not in result.proof
    if part is not Part.WHOLE:
        assert search(lean, statement, script, MODEL - {part}).proof is None


def test_a_tactic_that_never_looked_for_a_premise_need_not_leave_it_out(lean: LeanVerifier) -> None:
    statement = "theorem t (p : Nat → Prop) (xs : List Nat) (h : p (xs.map id).length) : p xs.length"
    parts, forbidden = frozenset({Part.WHOLE, Part.MEND}), frozenset({"List.map_id_fun"})
    found = search(lean, statement, {"": ["by simp at h; grind"]}, parts, forbidden=forbidden)
    assert (found.origin, found.proof) == ("model, mended", "by simp [-List.map_id_fun] at h; grind")


def test_a_finished_proof_is_shown_in_short(lean: LeanVerifier) -> None:
    statement, origin, script = SCRIPTS[Part.FINISH]
    result = search(lean, statement, script, frozenset({Part.WHOLE, Part.FINISH}))
    assert (result.origin, result.proof) == (origin, "by\n  induction n <;> simp_all")


class LikesRefine:
    """A reward model that knows which step leads on."""

    def score(self, items: Sequence[tuple[str, str]], *, domain: Domain) -> list[float]:
        assert domain is Domain.STEPS and all(statement == BOTH for statement, _ in items)
        return [5.0 if "refine" in proof else -5.0 for _, proof in items]


def test_the_critic_chooses_the_state_that_is_expanded(lean: LeanVerifier) -> None:
    script = {
        "this : p": ["nonsense"],
        "⊢ q": ["all_goals assumption"],
        "tactic state": ["have := hp", "refine ⟨?_, ?_, ?_⟩"],
        "": ["nonsense"],
    }
    rerank = Reranker(scorer=LikesRefine(), how=How.BOTH)
    parts = frozenset({Part.BEST_FIRST, Part.CRITIC})
    found = search(lean, BOTH, script, parts, rerank=rerank, expansions=2)
    assert (found.status, found.origin) == (Status.ACCEPTED, "model: best-first"), found.detail
    assert search(lean, BOTH, script, parts - {Part.CRITIC}, rerank=rerank, expansions=2).proof is None
