"""What goes to the judge and what a cheap step settles; the parts and the budget of a search."""

from __future__ import annotations

import time

import pytest

from mathlm.errors import UsageError
from mathlm.extract import Statement, read_statement
from mathlm.pipeline import prove
from mathlm.search import Part, SearchConfig
from mathlm.search.attempts import attempt
from mathlm.search.best_first import State, proof
from mathlm.search.config import ALL, read_parts
from mathlm.search.result import result
from mathlm.search.run import begin
from mathlm.search.search import Search
from mathlm.search.sketch import as_theorem
from mathlm.types import Candidate, SamplingParams, Status, Verdict
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.fake import FakeLeanVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
TARGET = Statement(header="", theorem="theorem t : p")


def status(lean: FakeLeanVerifier, source: str, target: Statement = TARGET) -> Status:
    candidate = Candidate(kind="proof", source=source, origin="model")
    return attempt(target, candidate, lean=lean, limits=LIMITS).verdict.status


def test_a_step_that_fails_spares_the_judge() -> None:
    lean = FakeLeanVerifier(set())
    assert status(lean, "by simp") is Status.REJECTED
    assert (lean.sources, lean.tried) == ([], ["theorem t : p := by simp"])


def test_a_step_that_closes_the_goal_is_not_enough() -> None:
    lean = FakeLeanVerifier(set(), credulous=True)
    assert status(lean, "by simp") is Status.REJECTED
    assert lean.sources == ["theorem t : p := by simp"]


@pytest.mark.parametrize(
    "source", ["f 0 where f := g", "by simp\n\nend A", "by run_tac foo", "by native_decide"]
)
def test_what_needs_a_file_or_runs_code_goes_to_the_judge(source: str) -> None:
    lean = FakeLeanVerifier(set())
    status(lean, source)
    assert (len(lean.sources), lean.tried) == (1, [])


def test_a_broken_step_says_nothing_and_a_limit_is_no_rejection() -> None:
    broken = FakeLeanVerifier(lambda source: Verdict(status=Status.INFRA_ERROR, detail="died"))
    assert status(broken, "by simp") is Status.INFRA_ERROR
    assert len(broken.sources) == 1
    slow = FakeLeanVerifier(lambda source: Verdict(status=Status.TIMEOUT))
    assert status(slow, "by simp") is Status.TIMEOUT
    assert slow.sources == []


def test_parts_are_named_added_and_left_out() -> None:
    assert read_parts("whole, best-first") == {Part.WHOLE, Part.BEST_FIRST}
    assert read_parts("all,-sketch") == ALL - {Part.SKETCH}
    with pytest.raises(UsageError, match="no part 'magic'"):
        read_parts("all,magic")


@pytest.mark.parametrize("field", ["samples", "rounds", "expansions", "width", "seconds", "budget"])
def test_a_search_that_cannot_be_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        SearchConfig(**{field: -1})  # type: ignore[arg-type]


def test_the_budget_bounds_what_the_model_is_asked() -> None:
    backend = FakeBackend(["by nothing"])
    config = SearchConfig(parts=frozenset({Part.WHOLE, Part.SKETCH}), samples=16, budget=5)
    prove(
        "theorem t : 1 = 2", backend=backend, lean=FakeLeanVerifier(set()), config=config,
        params=SamplingParams(max_tokens=20), limits=LIMITS,
    )  # fmt: skip
    assert len(backend.prompts) == 5


def test_priority_is_normalised_by_length() -> None:
    long = State(goals=("g",), tactics=("a", "b"), logprob=-4.0, tokens=8)
    short = State(goals=("h",), tactics=("c",), logprob=-2.0, tokens=2)
    assert long.priority > short.priority


def test_texts_that_are_put_together() -> None:
    assert proof(("intro n", "first\n| rfl\n| simp")) == "by\n  intro n\n  first\n  | rfl\n  | simp"
    goal = "n m : Nat\nh : 0 <\n  n\n⊢ n ≠ 0"
    assert as_theorem(goal) == "theorem step (n m : Nat) (h : 0 < n) : n ≠ 0"


def test_time_that_was_over_before_anything_was_tried_is_no_rejection() -> None:
    target = read_statement("theorem t : 1 = 2")
    search = Search(
        target=target, lean=FakeLeanVerifier(set()), backend=None, params=SamplingParams(max_tokens=20),
        limits=LIMITS, config=SearchConfig(seconds=1), started=time.monotonic() - 2,
    )  # fmt: skip
    begin(search)
    found = result(search, None)
    assert (found.status, found.attempts) == (Status.TIMEOUT, 0)


def test_a_disproof_counts_though_every_proof_broke() -> None:
    broke = Verdict(status=Status.INFRA_ERROR, detail="killed")

    def answer(source: str) -> bool | Verdict:
        return True if "_is_false" in source or "mathlm_negates" in source else broke

    config = SearchConfig(parts=frozenset({Part.WHOLE, Part.DISPROVE}), samples=1)
    found = prove(
        "theorem t : 1 = 2", backend=FakeBackend(["by magic"]), lean=FakeLeanVerifier(answer), config=config,
        params=SamplingParams(max_tokens=20), limits=LIMITS,
    )  # fmt: skip
    assert found.status is Status.REJECTED and found.disproof is not None
