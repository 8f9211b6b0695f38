"""What `mathlm eval` asks and judges: questions (`SolveTask`) and statements (`ProveTask`).

Contract: `prompts` gives what a row's samples answer; `judge` gives the row's lines for `samples.jsonl`, a
line a sample and then one for the problem. InfraError when the machine let a row down, UsageError when the
row's text is no problem.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mathlm import automation, extract, pipeline
from mathlm.errors import InfraError
from mathlm.evaluate import EvalConfig
from mathlm.interpreter import Once, converse
from mathlm.rerank import Reranker
from mathlm.search import Part, disprove, imports, whole
from mathlm.search.attempts import attempt
from mathlm.search.narrow import narrowed
from mathlm.search.premises import Retriever
from mathlm.search.search import ROUNDS, Search
from mathlm.types import Attempt, Candidate, Completion, Prompt, SamplingParams, Status, to_json
from mathlm.voting import Python

if TYPE_CHECKING:
    from model.generation.base import Backend

MESSAGES = 2_000
"""Characters of Lean's errors that are kept with a sample: what a repair is learned from."""

Row = dict[str, Any]
_UNPROVED: Row = {
    "kind": "problem", "proved": False, "automation": None, "model": None, "search": None, "proof": None,
    "needs_import": None, "disproof": None,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class SolveTask:
    """`{"id", "question", "answer"}` -> one line a sample, then the answer with its certificate.

    Formal statements are proved by automation only: the model is busy with the next batch meanwhile.
    `backend` corrects failing programs, `run.turns` times, beside the one that samples: give both the same
    `SharedBackend`.
    """

    run: EvalConfig
    python: Python
    lean: pipeline.Lean | None
    backend: Backend | None = None
    rerank: Reranker | None = None
    fields: tuple[str, ...] = ("id", "question", "answer")

    def prompts(self, row: Row) -> list[Prompt]:
        return pipeline.solve_prompts(row["question"], samples=self.run.samples)

    def judge(self, row: Row, completions: Sequence[Completion]) -> list[Row]:
        python = Once(self.python)
        if self.backend is not None and self.run.turns and completions:
            completions = converse(
                self.prompts(row), completions, backend=self.backend, python=python,
                params=_own_seed(self.run, row), limits=self.run.limits.program, turns=self.run.turns,
            )  # fmt: skip
        found = pipeline.conclude(
            row["question"], completions, backend=None, python=python, lean=self.lean,
            params=self.run.params, limits=self.run.limits, rerank=self.rerank,
        )  # fmt: skip
        gold = str(row["answer"])
        distinct = list(dict.fromkeys(a for a in (*found.answers, found.solution.answer) if a is not None))
        pairs = [(answer, gold) for answer in distinct]
        verdicts = self.python.equivalent_many(pairs, limits=self.run.limits.comparison) if pairs else []
        if any(verdict.status is Status.INFRA_ERROR for verdict in verdicts):
            raise InfraError("an answer could not be compared with the gold answer")
        right = {answer for answer, verdict in zip(distinct, verdicts, strict=True) if verdict.accepted}
        lines: list[Row] = [
            {"kind": "sample", "sample": i, "text": c.text, "answer": a, "correct": a in right}
            for i, (c, a) in enumerate(zip(completions, found.answers, strict=True))
        ]
        solution = to_json(found.solution)
        extra = {key: str(row[key]) for key in ("module", "split") if key in row}
        tail = {"gold": gold, "correct": found.solution.answer in right}
        return [*lines, {"kind": "problem", **extra, **solution, **tail}]

    def unreadable(self, why: str) -> Row:
        return {
            "kind": "problem",
            "status": "unreadable",
            "detail": why,
            "correct": False,
            "certificate": "none",
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class ProveTask:
    """`{"id", "statement"}` -> one line a model sample, then what automation, samples and search proved.

    Automation and all samples are judged whatever the others found; other parts try what is left unproved.
    `backend` serves these parts, beside the one that samples: give both the same `SharedBackend`.
    A line may have `forbidden`, a list of library constants that none of its proofs may use.
    """

    run: EvalConfig
    lean: pipeline.Lean
    backend: Backend | None = None
    retriever: Callable[[], Retriever] | None = None
    rerank: Reranker | None = None
    fields: tuple[str, ...] = ("id", "statement")

    def prompts(self, row: Row) -> list[Prompt]:
        search = self._search(row)
        samples = self.run.samples if search.has(Part.WHOLE) else 0
        return whole.prompts(search.target.showings, search, samples=samples)

    def judge(self, row: Row, completions: Sequence[Completion]) -> list[Row]:
        started = time.monotonic()
        search = self._search(row)
        refused = imports.settle(search)
        search.started = time.monotonic()  # as in `pipeline.prove`
        if refused is not None:
            why = {"status": refused.status, "reason": refused.reason, "detail": refused.detail}
            return [to_json({**_UNPROVED, **why})]
        found = self._automation(search)
        lines = list(self._samples(search, completions))
        proofs = [line["proof"] for line in lines if line["correct"]]
        if found is None and not proofs:
            if search.has(Part.DISPROVE):
                disprove.by_automation(search)
            pipeline.deepen(search)
        deeper = search.found if found is None and not proofs else None
        by = found or deeper
        if by is not None:
            by = narrowed(search, search.target, by.candidate) or by
        first = by.candidate.source if by is not None else next(iter(proofs), None)
        problem: Row = {
            **_UNPROVED,
            "statement": search.target.text,
            "proved": first is not None,
            "automation": found.candidate.origin.removeprefix("automation: ") if found else None,
            "model": proofs[0] if proofs else None,
            "search": deeper.candidate.origin if deeper else None,
            "status": Status.ACCEPTED if first is not None else _unproved(search),
            "proof": first,
            "needs_import": self._needs_import(search, first),
            "disproof": search.disproof,
            "checks": len(search.attempts) + len(search.refutations),
            "steps": search.steps,
            "seconds": time.monotonic() - started,
        }
        return [to_json(line) for line in (*lines, problem)]

    def unreadable(self, why: str) -> Row:
        return {**_UNPROVED, "status": "unreadable", "detail": why}

    def _search(self, row: Row) -> Search:
        """The same for the same row, whichever thread asks: its seed is made from the row's id."""
        forbidden, config = frozenset(row.get("forbidden", ())), self.run.search
        return Search(
            target=imports.offer(pipeline.read_target(row["statement"]), config, forbidden),
            params=_own_seed(self.run, row), limits=self.run.limits.lean, config=config, lean=self.lean,
            backend=self.backend, retriever=self.retriever, forbidden=forbidden, rerank=self.rerank,
        )  # fmt: skip

    def _needs_import(self, search: Search, proof: str | None) -> bool | None:
        """Whether the proof needs an `import Mathlib` that its statement has not; None if nobody knows."""
        if proof is None or not search.target.imports:
            return None if proof is None else False
        alone = imports.without(
            search, search.target, Candidate(kind="proof", source=proof, origin=whole.ORIGIN)
        )
        if alone is None or alone.verdict.status not in (Status.ACCEPTED, Status.REJECTED):
            return None
        return not alone.verdict.accepted

    def _automation(self, search: Search) -> Attempt | None:
        target = search.target
        if not search.has(Part.AUTOMATION):
            return None
        portfolio = (*automation.quick(target.preamble), *automation.slow(target.theorem, target.preamble))
        found = search.check(automation.candidates(portfolio, search.limits))
        if not search.attempts:
            raise InfraError("the time was over before the first tactic was tried: allow more by --seconds")
        if all(attempt.verdict.status is Status.INFRA_ERROR for attempt in search.attempts):
            raise InfraError(search.attempts[-1].verdict.detail)
        return found

    def _samples(self, search: Search, completions: Sequence[Completion]) -> Iterator[Row]:
        """A line for each sample; equal proofs are checked once. One that kills Lean is an infra_error.

        Where a sample was corrected, `proof` is what was accepted, `written` what the model wrote, and
        `origin` says how. Corrections end after the seconds of the search, of which they have their own.
        """
        attempts: dict[str, Attempt] = {}
        left = search.config.seconds

        def judge(candidate: Candidate) -> Attempt:
            if candidate.source not in attempts:
                attempts[candidate.source] = attempt(
                    search.target, candidate, lean=self.lean, limits=search.limits_of(candidate),
                    forbidden=search.forbidden,
                )  # fmt: skip
                search.attempts.append(attempts[candidate.source])
            return attempts[candidate.source]

        for i, completion in enumerate(completions):
            line: Row = {"kind": "sample", "sample": i, "proof": extract.proof(completion.text)}
            if line["proof"] is None:
                judged = {"status": None, "reason": None, "detail": "no proof in the completion"}
                yield {**line, "correct": False, **judged, "messages": ""}
                continue
            tried = judge(Candidate(kind="proof", source=line["proof"], origin=whole.ORIGIN))
            better, began = tried, time.monotonic()
            for _ in range(ROUNDS):
                corrected = search.correct(better)
                late = time.monotonic() - began >= left
                if corrected is None or (late and corrected.source not in attempts):
                    break
                better = judge(corrected)
            left -= time.monotonic() - began
            if better is not tried and better.verdict.accepted:
                line |= {"proof": better.candidate.source, "written": line["proof"]}
                line |= {"origin": better.candidate.origin}
            if better.verdict.status in (Status.ACCEPTED, Status.INFRA_ERROR):
                tried = better  # what broke while it was corrected is no rejection
            verdict = tried.verdict
            errors = [m for m in verdict.messages if m.severity == "error"]
            said = "\n".join(f"{m.line}:{m.column}: {m.text}" for m in errors)[:MESSAGES]
            judged = {"status": verdict.status, "reason": verdict.reason, "detail": verdict.detail}
            yield {**line, "correct": verdict.accepted, **judged, "messages": said}


def _own_seed(run: EvalConfig, row: Row) -> SamplingParams:
    """The run's sampling with a seed of this problem's own, which its id decides."""
    own = int.from_bytes(hashlib.sha256(row["id"].encode()).digest()[:4])
    return replace(run.params, seed=run.params.seed + own)


def _unproved(search: Search) -> Status:
    """What stands for a statement without a proof: rejected only if some attempt, or no proof at all, was."""
    tried = {attempt.verdict.status for attempt in search.attempts}
    for status in (Status.REJECTED, Status.TIMEOUT, Status.RESOURCE, Status.INFRA_ERROR):
        if status in tried and search.disproof is None:
            return status
    return Status.REJECTED
