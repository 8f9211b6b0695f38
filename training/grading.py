"""The verifier as the reward of reinforcement learning: 1 accepted, 0 refused, None without a verdict.

`SolveGrader` takes lines `{"id", "question", "answer"}`: a completion is right when its program prints an
answer equal to the gold one. `ProveGrader` takes `{"id", "statement"}`: right when Lean accepts the proof.
A completion without program or proof is wrong. A program or proof that ran out of time or memory has no
verdict on mathematics, but the model can write a quicker one: it is wrong too. Only infra_error is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mathlm import extract, pipeline
from mathlm.prompts import render_prove
from mathlm.types import Completion, Prompt, Status, Verdict
from mathlm.voting import Python
from verify.base import Limits

Row = dict[str, Any]


class ManyLean(Protocol):
    """What is asked of `verify.lean.verifier.LeanVerifier`."""

    def check_many(self, requests: Sequence[tuple[str, str | None]], *, limits: Limits) -> list[Verdict]: ...


def reward(verdict: Verdict) -> float | None:
    """The reward of one verdict."""
    return None if verdict.status is Status.INFRA_ERROR else float(verdict.accepted)


@dataclass(frozen=True, kw_only=True, slots=True)
class SolveGrader:
    """Example: `SolveGrader(python=PythonVerifier(workers=2), limits=limits)`"""

    python: Python
    limits: Limits
    fields: tuple[str, ...] = ("id", "question", "answer")

    def prompts(self, row: Row, count: int) -> list[Prompt]:
        return pipeline.solve_prompts(row["question"], samples=count)

    def grade(self, rows: Sequence[Row], completions: Sequence[Completion]) -> list[float | None]:
        programs = [extract.solution(completion.text).program for completion in completions]
        rewards: list[float | None] = [0.0] * len(completions)
        ran = [i for i, program in enumerate(programs) if program is not None]
        verdicts = self.python.run_many([programs[i] or "" for i in ran], limits=self.limits)
        printed: dict[int, str] = {}
        for i, verdict in zip(ran, verdicts, strict=True):
            lines = [line.strip() for line in verdict.output.splitlines() if line.strip()]
            if verdict.status is Status.INFRA_ERROR:
                rewards[i] = None
            elif verdict.accepted and lines and len(lines[-1]) <= pipeline.MAX_ANSWER:
                printed[i] = lines[-1]
        pairs = [(answer, str(rows[i]["answer"])) for i, answer in printed.items()]
        compared = self.python.equivalent_many(pairs, limits=self.limits) if pairs else []
        for i, verdict in zip(printed, compared, strict=True):
            rewards[i] = reward(verdict)
        return rewards


@dataclass(frozen=True, kw_only=True, slots=True)
class ProveGrader:
    """Example: `ProveGrader(lean=LeanVerifier(workers=2), limits=limits)`"""

    lean: ManyLean
    limits: Limits
    fields: tuple[str, ...] = ("id", "statement")

    def prompts(self, row: Row, count: int) -> list[Prompt]:
        return [render_prove(pipeline.read_target(row["statement"]).shown)] * count

    def grade(self, rows: Sequence[Row], completions: Sequence[Completion]) -> list[float | None]:
        rewards: list[float | None] = [0.0] * len(completions)
        requests: dict[int, tuple[str, str | None]] = {}
        for i, (row, completion) in enumerate(zip(rows, completions, strict=True)):
            if (proof := extract.proof(completion.text)) is not None:
                target = pipeline.read_target(row["statement"])
                requests[i] = (target.with_proof(proof), target.challenge)
        verdicts = self.lean.check_many(list(requests.values()), limits=self.limits) if requests else []
        for i, verdict in zip(requests, verdicts, strict=True):
            rewards[i] = reward(verdict)
        return rewards
