"""The arrow up to the verdict: a question to a certified answer, a statement to a judged proof.

    solve   render -> generate -> extract -> run -> vote (-> rerank) -> certify
    prove   read -> elaborate -> automation, then render -> generate -> extract -> check

`mathlm.evaluate` uses the same steps on many problems: `solve_prompts` and `conclude` are the two halves
of `solve`, `first_accepted` the search inside `prove`.

Contract: limits are required; seconds are wall time. UsageError for a question or statement that cannot be
read; InfraError when the machine let every attempt down (an infra_error says nothing about mathematics and
is never counted as a rejection). Not covered: tactic-by-tactic search, repair from Lean's messages.
Source: majority voting over programs follows self-consistency (Wang et al. 2022) with a code interpreter.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Protocol

from mathlm import automation, extract
from mathlm.certify import Formal, Program, independent, is_answer, read_formal
from mathlm.errors import InfraError, UsageError
from mathlm.prompts import METHODS, render_prove, render_solve
from mathlm.rerank import Reranker
from mathlm.types import (
    Attempt,
    Candidate,
    Certificate,
    Completion,
    Prompt,
    ProofResult,
    Reason,
    SamplingParams,
    Solution,
    Status,
    Verdict,
)
from mathlm.voting import Ballot, Python, vote
from verify.base import Limits

if TYPE_CHECKING:
    from model.generation.base import Backend

MAX_QUESTION = 20_000
"""Characters of a question or statement."""
MAX_ANSWER = 2_000
"""Characters of a printed answer; longer output is no answer."""
CUT_MARGIN = 8
"""Bytes by which output that was cut may be shorter than the limit: half a character, a byte-order mark."""
PROOF_SAMPLES = 2
"""Proofs that the model may try for a formal statement of `solve`."""


class Lean(Protocol):
    """What is asked of `verify.lean.verifier.LeanVerifier`: a thread-safe check that blocks."""

    def check(self, source: str, *, statement: str | None = None, limits: Limits) -> Verdict: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SolveLimits:
    """Limits of each kind of check in `solve`: a program, a comparison of two answers, a Lean proof."""

    program: Limits
    comparison: Limits
    lean: Limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """A solution with what it was drawn from."""

    solution: Solution
    answers: tuple[str | None, ...]
    """What the program of each sample printed; None where there is no answer."""
    proof: ProofResult | None = None
    """The proof behind a `lean` certificate: its axioms, toolchain and origin."""


def solve(
    question: str,
    *,
    backend: Backend,
    python: Python,
    lean: Lean | None,
    samples: int,
    params: SamplingParams,
    limits: SolveLimits,
    workers: int = 1,
    rerank: Reranker | None = None,
) -> Conclusion:
    """Answer a question by programs that agree; `lean=None` leaves out Lean certificates."""
    started = time.monotonic()
    prompts = solve_prompts(question, samples=samples)
    completions = backend.generate(prompts, params)
    found = conclude(
        question, completions, backend=backend, python=python, lean=lean,
        params=params, limits=limits, workers=workers, rerank=rerank,
    )  # fmt: skip
    return replace(found, solution=replace(found.solution, seconds=time.monotonic() - started))


def solve_prompts(question: str, *, samples: int) -> list[Prompt]:
    """One prompt a sample, the methods in turn."""
    _check_size(question, "question")
    return [render_solve(question, method=i % len(METHODS)) for i in range(samples)]


def conclude(
    question: str,
    completions: Sequence[Completion],
    *,
    backend: Backend | None,
    python: Python,
    lean: Lean | None,
    params: SamplingParams,
    limits: SolveLimits,
    workers: int = 1,
    rerank: Reranker | None = None,
) -> Conclusion:
    """What the completions support: programs are run, answers counted, the winner certified."""
    started = time.monotonic()
    drafts = [extract.solution(completion.text) for completion in completions]
    answers = _run(drafts, python=python, limits=limits.program)
    ballot = vote(answers, python=python, limits=limits.comparison)
    if rerank is not None:
        ballot = rerank.ballot(question, completions, ballot)
    winner = ballot.winner
    if winner is None:
        solution = Solution(question=question, answer=None, certificate=Certificate.NONE)
        return Conclusion(solution=solution, answers=tuple(answers))
    formal, proof = _prove_answer(
        question, drafts, ballot,
        backend=backend, lean=lean, params=params, limits=limits.lean, workers=workers,
    )  # fmt: skip
    draft = drafts[next(i for i in winner.samples if answers[i] == winner.answer)]
    solution = Solution(
        question=question,
        answer=winner.answer,
        certificate=Certificate.LEAN if formal else _weaker_certificate(question, drafts, ballot),
        formal_statement=formal.statement if formal else None,
        program=draft.program,
        reasoning=draft.reasoning,
        votes=ballot.votes,
        proof=proof.proof if proof else None,
        seconds=time.monotonic() - started,
    )
    return Conclusion(solution=solution, answers=tuple(answers), proof=proof)


def _run(drafts: Sequence[extract.Draft], *, python: Python, limits: Limits) -> list[str | None]:
    """Last line that each draft's program prints; None where there is none."""
    positions = [i for i, draft in enumerate(drafts) if draft.program is not None]
    verdicts = python.run_many([drafts[i].program or "" for i in positions], limits=limits)
    if verdicts and all(verdict.status is Status.INFRA_ERROR for verdict in verdicts):
        raise InfraError(f"no program could be run ({verdicts[0].detail}): run 'mathlm doctor'")
    answers: list[str | None] = [None] * len(drafts)
    for i, verdict in zip(positions, verdicts, strict=True):
        if len(verdict.output.encode("utf-8", "replace")) + CUT_MARGIN > limits.output_bytes:
            continue  # what looks like the last line may be a piece of another
        lines = [line.strip() for line in verdict.output.splitlines() if line.strip()]
        if verdict.accepted and lines and is_answer(lines[-1]) and len(lines[-1]) <= MAX_ANSWER:
            answers[i] = lines[-1]
    return answers


def _weaker_certificate(question: str, drafts: Sequence[extract.Draft], ballot: Ballot) -> Certificate:
    """`python`, `vote` or `none` for the winner; see `mathlm.certify`."""
    if ballot.winner is None or ballot.tied or len(ballot.winner.samples) < 2:
        return Certificate.NONE
    programs = [
        Program(method=i % len(METHODS), source=drafts[i].program or "") for i in ballot.winner.samples
    ]
    sure = not (ballot.uncertain or ballot.contested)
    confirmed = sure and independent(question, programs)
    return Certificate.PYTHON if confirmed else Certificate.VOTE


def _prove_answer(
    question: str,
    drafts: Sequence[extract.Draft],
    ballot: Ballot,
    *,
    backend: Backend | None,
    lean: Lean | None,
    params: SamplingParams,
    limits: Limits,
    workers: int,
) -> tuple[Formal | None, ProofResult | None]:
    """A formal statement of the winner's samples that Lean proves, if there is one."""
    winner = ballot.winner
    if lean is None or winner is None or ballot.contested or len(winner.samples) < min(2, len(drafts)):
        return None, None
    texts = dict.fromkeys(drafts[i].formal_statement for i in winner.samples)
    for formal in dict.fromkeys(read_formal(question, text, winner.answer) for text in texts):
        if formal is None:
            continue
        result = prove(
            formal.statement, backend=backend, lean=lean,
            samples=PROOF_SAMPLES, params=params, limits=limits, workers=workers,
        )  # fmt: skip
        if result.proof is not None and not _is_vacuous(formal, result.proof, lean=lean, limits=limits):
            return formal, result
    return None, None


def _is_vacuous(formal: Formal, proof: str, *, lean: Lean, limits: Limits) -> bool:
    """Whether the statement would hold for another answer too: then it says nothing about this one."""
    if formal.probe is None:
        return False
    probe = extract.Statement(header="", theorem=formal.probe)
    proofs = [Candidate(kind="proof", source=proof, origin="probe")]
    proofs += [tactic.candidate for tactic in automation.REFUTERS]
    tries = ((candidate, limits) for candidate in proofs)
    return any(
        attempt.verdict.status is not Status.REJECTED
        for attempt in first_accepted(probe, tries, lean=lean, workers=1)
    )


def prove(
    statement: str,
    *,
    backend: Backend | None,
    lean: Lean,
    samples: int,
    params: SamplingParams,
    limits: Limits,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    rerank: Reranker | None = None,
) -> ProofResult:
    """Find a proof that the verifier accepts: quick automation first, then the model beside the rest."""
    started = time.monotonic()
    target = read_target(statement)
    refused = elaborate(target, lean=lean, limits=limits)
    attempts: list[Attempt] = []
    if refused is None:
        quick = automation.candidates(automation.quick(target.header), limits)
        attempts += first_accepted(target, quick, lean=lean, workers=workers, progress=progress)
        if not attempts[-1].verdict.accepted:
            slow = automation.candidates(automation.slow(target.theorem, target.header), limits)
            proofs = model_proofs(target, backend=backend, samples=samples, params=params)
            if rerank is not None:
                proofs = rerank.proofs(target.header + target.theorem, proofs)
            beside = _alternate(((proof, limits) for proof in proofs), slow)
            attempts += first_accepted(target, beside, lean=lean, workers=workers, progress=progress)
    return replace(_result(target, refused, attempts), seconds=time.monotonic() - started)


def read_target(statement: str) -> extract.Statement:
    """The theorem in the user's text, refused when it is too long to be one."""
    _check_size(statement, "statement")
    return extract.read_statement(statement)


def elaborate(target: extract.Statement, *, lean: Lean, limits: Limits) -> Verdict | None:
    """None when the statement makes sense to Lean; else the verdict that says why not."""
    verdict = lean.check(target.challenge, statement=target.challenge, limits=limits)
    if verdict.status is Status.INFRA_ERROR:
        raise InfraError(f"Lean could not check the statement ({verdict.detail}): run 'mathlm doctor'")
    return None if verdict.reason is Reason.SORRY else verdict


def model_proofs(
    target: extract.Statement, *, backend: Backend | None, samples: int, params: SamplingParams
) -> list[Candidate]:
    """Different proofs that the model writes for the theorem, in the order of their first appearance."""
    if backend is None or samples < 1:
        return []
    completions = backend.generate([render_prove(target.theorem)] * samples, params)
    texts = dict.fromkeys(extract.proof(completion.text) for completion in completions)
    return [Candidate(kind="proof", source=text, origin="model") for text in texts if text is not None]


def first_accepted(
    target: extract.Statement,
    candidates: Iterable[tuple[Candidate, Limits]],
    *,
    lean: Lean,
    workers: int,
    progress: Callable[[int], None] | None = None,
) -> list[Attempt]:
    """Check the proofs, `workers` at a time, until one is accepted; that one is last in the list."""

    def check(candidate: Candidate, limits: Limits) -> Attempt:
        source = target.with_proof(candidate.source)
        verdict = lean.check(source, statement=target.challenge, limits=limits)
        return Attempt(candidate=candidate, verdict=verdict)

    queue = iter(candidates)
    attempts: list[Attempt] = []
    pool = ThreadPoolExecutor(workers)
    try:
        running: set[Future[Attempt]] = {pool.submit(check, *c) for c in islice(queue, workers)}
        while running and not (attempts and attempts[-1].verdict.accepted):
            done, running = wait(running, return_when=FIRST_COMPLETED)
            attempts += sorted((future.result() for future in done), key=lambda a: a.verdict.accepted)
            running |= {pool.submit(check, *c) for c in islice(queue, len(done))}
            if progress is not None:
                progress(len(done))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # a check that runs on ends at its own limit
    return attempts


def _result(target: extract.Statement, refused: Verdict | None, attempts: list[Attempt]) -> ProofResult:
    """What the attempts amount to: the accepted one, or why there is none."""
    verdict = refused or attempts[-1].verdict
    found = attempts[-1].candidate if refused is None and verdict.accepted else None
    tried = [attempt.verdict.status for attempt in attempts]
    if tried and all(status is Status.INFRA_ERROR for status in tried):
        raise InfraError(f"Lean let every attempt down ({verdict.detail}): run 'mathlm doctor'")
    status, reason, detail = verdict.status, verdict.reason, verdict.detail
    if refused is not None:
        errors = [f"{m.line}:{m.column}: {m.text}" for m in verdict.messages if m.severity == "error"]
        detail = "the statement does not elaborate: " + ("\n".join(errors) or verdict.detail)
    elif found is None:
        status, reason = Status.REJECTED, Reason.ELABORATION
        detail = f"no proof found in {len(attempts)} attempts: try more --samples or a longer --timeout"
        if Status.REJECTED not in tried:
            status, reason = Status.TIMEOUT if Status.TIMEOUT in tried else Status.RESOURCE, None
    axioms = sorted({axiom for theorem in verdict.theorems for axiom in theorem.axioms}) if found else ()
    return ProofResult(
        statement=target.header + target.theorem,
        proof=found.source if found else None,
        status=status,
        reason=reason,
        axioms=tuple(axioms),
        origin=found.origin if found else None,
        attempts=len(attempts),
        detail=detail,
        toolchain=verdict.toolchain,
    )


def _alternate(
    *rows: Iterable[tuple[Candidate, Limits]],
) -> Iterable[tuple[Candidate, Limits]]:
    """One of each row in turn."""
    return (item for item in chain.from_iterable(zip_longest(*rows)) if item is not None)


def _check_size(text: str, what: str) -> None:
    if not text.strip():
        raise UsageError(f"the {what} is empty: write one")
    if len(text) > MAX_QUESTION:
        size = f"{len(text):,} characters, at most {MAX_QUESTION:,} are read"
        raise UsageError(f"the {what} has {size}: shorten it")
