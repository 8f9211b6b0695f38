"""Which verified samples are trained on, which problems may be rolled out, which conjectures are kept."""

from __future__ import annotations

from typing import Any

import pytest

from mathlm.prompts import render_conjecture
from mathlm.types import Status, Verdict
from training.conjecture import Proposal, lessons, sift
from training.rollout import StrictPython, normal
from training.select import Rollout, pass_rates, reward, select
from verify.base import Limits
from verify.fake import FakeLeanVerifier, FakePythonVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)


def proofs(key: str, *texts: str | None, prompt: str = "plain") -> list[dict[str, Any]]:
    """Samples of a statement: accepted ones by their text, None for a refused one."""
    return [
        {"kind": "sample", "id": key, "sample": i, "proof": text, "correct": text is not None,
         "prompt": prompt, "status": "accepted" if text else "rejected"}
        for i, text in enumerate(texts)
    ]  # fmt: skip


def rollout(*records: dict[str, Any], window: tuple[float, float] = (0.0, 0.75)) -> Rollout:
    problems = {record["id"]: {"id": record["id"], "question": "What is gcd(12, 18)?"} for record in records}
    return Rollout(records=records, problems=problems, window=window)


def kept(*rollouts: Rollout, keep: int = 2) -> list[tuple[str, str]]:
    return [(s.prompt, s.answer) for s in select(rollouts, keep=keep).samples]


def test_short_proofs_first_equal_ones_once() -> None:
    records = proofs("a", "by  omega", "by omega", "by simp; omega", "by omega\n", "rfl", None, None, None)
    assert kept(rollout(*records)) == [("plain", "rfl"), ("plain", "by omega")]
    assert kept(rollout(*records), keep=9)[2] == ("plain", "by simp; omega")


def test_prompts_take_turns() -> None:
    records = [*proofs("a", "rfl", "by rfl", None), *proofs("a", "by omega", prompt="lemmas")]
    assert kept(rollout(*records), keep=2) == [("lemmas", "by omega"), ("plain", "rfl")]


def test_the_same_sample_of_two_problems_is_kept_once() -> None:
    assert len(kept(rollout(*proofs("a", "rfl", None), *proofs("b", "rfl", None)))) == 1


def test_too_easy_and_never_solved_problems_are_left_out() -> None:
    easy, hard = proofs("easy", "rfl", "rfl", "rfl", "rfl"), proofs("hard", None, None)
    edge = proofs("edge", "by edge", "by edge", "by edge", None)
    selection = select([rollout(*easy, *hard, *edge)], keep=2)
    assert [s.id for s in selection.samples] == ["edge-0"]
    assert selection.counts["outside the window"] == 4


def test_what_was_hard_once_stays_when_it_is_learnt() -> None:
    first, second = rollout(*proofs("a", None, None)), rollout(*proofs("a", "rfl", "rfl"))
    assert kept(first, second) == [("plain", "rfl")]
    assert kept(second, second) == []


def test_an_infra_error_is_no_verdict() -> None:
    broken = {**proofs("a", None)[0], "status": "infra_error"}
    assert reward(broken) is None and reward(proofs("a", None)[0]) == 0 and reward(proofs("a", "x")[0]) == 1
    records = [*proofs("a", "rfl", None), broken, broken]
    assert pass_rates(records) == {"a": 0.5}
    assert select([rollout(*records)], keep=1).counts["infra_error"] == 2
    assert pass_rates([broken]) == {} and kept(rollout(broken)) == []


def test_programs_must_be_right_and_use_the_question_s_numbers() -> None:
    def sample(program: str, *, correct: bool) -> dict[str, Any]:
        text = f"Greatest common divisor.\n```python\n{program}\n```"
        return {"kind": "sample", "id": "q", "text": text, "answer": "6", "correct": correct, "prompt": "p"}

    good = sample("import math\nprint(math.gcd(12, 18))", correct=True)
    records = [good, sample("print(6)", correct=True), sample("print(12 - 18)", correct=False)]
    selection = select([rollout(*records)], keep=5)
    assert [s.answer for s in selection.samples] == [good["text"]]
    assert selection.counts["right, but not from the question's numbers"] == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("theorem a (x : ℕ) : x = x", "theorem b.c  (x : Nat) :\n x = x := by sorry", True),
        ("theorem Nat.foo.{u} (x : Nat) : x = x", "theorem t (x : Nat) : x = x", True),
        ("theorem t(x : Nat) : x = x", "theorem t (x : Nat) : x = x", True),
        ("theorem t (x : Nat) : x = x", "theorem t (x : Int) : x = x", False),
        ("What is  2 + 2?", "what is 2 + 2?", True),
        ("What is 2 + 2?", "What is 22?", False),
    ],
)
def test_what_counts_as_the_same_problem(one: str, other: str, same: bool) -> None:
    assert (normal(one) == normal(other)) is same


def test_conjectures_are_sifted_with_a_reason_each() -> None:
    broken = Verdict(status=Status.INFRA_ERROR, detail="gone")

    def proves(source: str) -> bool | Verdict:
        if "7 = 7" in source:
            return broken
        return ("exfalso" in source and "False" in source) or source.endswith(
            ("1 = 1 := rfl", "2 < 3 := by decide")
        )

    seed = "open Nat\ntheorem s (n : Nat) : n = n"
    texts = [
        "theorem x (n : Nat) : n + 1 > n", "theorem y (n : Nat) :  n + 1 > n", "theorem s : 5 = 5", "hello",
        "theorem e : 1 = 1", "theorem d : 2 < 3", "theorem f (h : False) : 0 = 1", "theorem b : nonsense",
        "theorem i : 7 = 7", "import Lean\ntheorem h : 8 = 8", "theorem l (n : Nat) : n * 1 = n",
    ]  # fmt: skip
    rows, counts = sift(
        [Proposal(text=text, seed=seed) for text in texts], known={normal("theorem z : 5 = 5")},
        lean=FakeLeanVerifier(proves, broken=["nonsense"]), limits=LIMITS, prefix="conjecture-01",
    )  # fmt: skip
    assert counts == {
        "kept": 2, "known": 2, "no statement": 2, "trivial": 2, "contradictory hypotheses": 1,
        "does not elaborate": 1, "infra_error": 1,
    }  # fmt: skip
    assert [row["id"] for row in rows] == ["conjecture-01-0", "conjecture-01-1"]
    assert rows[1]["statement"] == "open Nat\ntheorem conjecture_01_1 (n : Nat) : n * 1 = n"
    (first, _) = lessons(rows)
    assert first.prompt == render_conjecture(seed).text and first.answer.startswith(
        "theorem conjecture_01_0 (n"
    )


def test_a_program_that_could_not_be_run_stops_its_problem() -> None:
    from mathlm.errors import InfraError

    python = StrictPython(
        python=FakePythonVerifier({"a": "1", "b": Verdict(status=Status.INFRA_ERROR, detail="no sandbox")})
    )
    assert [v.output for v in python.run_many(["a"], limits=LIMITS)] == ["1"]
    with pytest.raises(InfraError, match=r"1 of 2 programs.*no sandbox"):
        python.run_many(["a", "b"], limits=LIMITS)
