"""False statements: the negation is built safely, and proved by automation or by the model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mathlm.extract import read_statement
from mathlm.pipeline import prove
from mathlm.search import Part, SearchConfig
from mathlm.search.disprove import negated
from mathlm.types import ProofResult, Reason, SamplingParams, Status
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=30, memory_mb=2048, heartbeats=200_000, output_bytes=65_536)
PARAMS = SamplingParams(max_tokens=200)


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier


def disprove(
    statement: str, lean: LeanVerifier, *, backend: FakeBackend | None = None, parts: tuple[Part, ...] = ()
) -> ProofResult:
    config = SearchConfig(parts=frozenset({Part.DISPROVE, *parts}), samples=2)
    return prove(statement, backend=backend, lean=lean, params=PARAMS, limits=LIMITS, config=config)


@pytest.mark.parametrize(
    ("statement", "negation"),
    [
        ("theorem t (n : Nat) : n ^ 2 = 2 * n", "theorem t_is_false : ¬ (∀ (n : Nat), (n ^ 2 = 2 * n))"),
        ("theorem t : 2 + 2 = 5", "theorem t_is_false : ¬ (2 + 2 = 5)"),
        ("theorem «a: b» (n : Nat) : n = 1", "theorem «a: b_is_false» : ¬ (∀ (n : Nat), (n = 1))"),
        ("theorem a.b.{u, v} {α : Type u} (x y : α) : x = y",
         "theorem a.b_is_false.{u, v} : ¬ (∀ {α : Type u} (x y : α), (x = y))"),
        ("theorem t (n : Nat) /- : -/ : n = 0", "theorem t_is_false : ¬ (∀ (n : Nat) /- : -/, (n = 0))"),
    ],
)  # fmt: skip
def test_the_text_of_a_negation(statement: str, negation: str) -> None:
    target = negated(read_statement(statement))
    assert target is not None and target.theorem == negation


@pytest.mark.parametrize(
    "statement",
    [
        "theorem t : 2 + 2 = 5",
        "theorem t (n : Nat) (h : 2 < n) : n ^ 2 < 20",
        "theorem t (a b : Int) : a * b = a + b",
        "theorem t : ∀ x : Int, x ≤ x * x - 1",
        "theorem t (p q : Prop) : p → q",
        "namespace A\nabbrev B (n : Nat) : Prop := n < 3\ntheorem t : B 5",
    ],
)
def test_a_false_statement_is_rejected_with_a_disproof(statement: str, lean: LeanVerifier) -> None:
    result = disprove(statement, lean)
    assert (result.status, result.reason, result.proof) == (Status.REJECTED, Reason.ELABORATION, None)
    assert result.disproof is not None and "is_false : ¬ (" in result.disproof
    assert "is false" in result.detail and result.attempts > 0
    assert lean.check(result.disproof, limits=LIMITS).accepted  # anyone can check it again


@pytest.mark.parametrize(
    "statement",
    [
        "theorem t (n : Nat) : n < n + 1",
        "variable (n : Nat)\ntheorem t : n = 0",  # the negation would be about every n
        "theorem t (x y : α) : x = y",  # and here about every type
        "theorem t (n : Nat := 3) : n = 3",
        # a hole in the header, and hypotheses that the negation's text lacks
        "example : 1 = 1 := by admit\nvariable (n : Nat) (h : n < 0)\ninclude h\ntheorem t : n = 5",
    ],
)
def test_what_is_true_or_not_plainly_negated_is_left_alone(statement: str, lean: LeanVerifier) -> None:
    assert disprove(statement, lean).disproof is None


def test_the_model_may_disprove(lean: LeanVerifier) -> None:
    backend = FakeBackend({"t_is_false": ["fun h => absurd (h (fun x => x + 1) 0) (by simp)"], "": ["rfl"]})
    statement = "theorem t (f : Nat → Nat) (n : Nat) : f n = n"
    result = disprove(statement, lean, backend=backend, parts=(Part.WHOLE,))
    assert result.disproof is not None and "x + 1" in result.disproof
