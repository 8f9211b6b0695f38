"""The arrow up to the verdict: a question to a certified answer, a statement to a judged proof.

    solve   render -> generate -> extract -> run -> vote (-> rerank) -> certify
    prove   read -> elaborate -> search (`mathlm.search`: automation, render -> generate -> check, …)

`mathlm.evaluate` uses the same steps on many problems: `solve_prompts` and `conclude` are the two halves
of `solve`, `begin` and `deepen` those of the search inside `prove`.

Contract: limits are required; seconds are wall time. UsageError for a question or statement that cannot be
read; InfraError when the machine let every attempt down (an infra_error says nothing about mathematics and
is never counted as a rejection).
Source: majority voting over programs follows self-consistency (Wang et al. 2022) with a code interpreter.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mathlm import automation, extract
from mathlm.certify import Formal, Program, independent, is_answer, read_formal
from mathlm.errors import InfraError, UsageError
from mathlm.interpreter import Once, converse
from mathlm.prompts import METHODS, render_solve
from mathlm.rerank import Reranker
from mathlm.search import imports
from mathlm.search.attempts import first_accepted
from mathlm.search.config import Part, SearchConfig
from mathlm.search.lean import Lean
from mathlm.search.narrow import narrowed
from mathlm.search.premises import Retriever
from mathlm.search.result import result
from mathlm.search.run import begin, deepen
from mathlm.search.search import Search
from mathlm.types import (
    Candidate,
    Certificate,
    Completion,
    Prompt,
    ProofResult,
    SamplingParams,
    Solution,
    Status,
)
from mathlm.voting import Ballot, Python, vote
from mathlm.watch import NOBODY, Sample, Stage, Watch
from verify.base import Limits

if TYPE_CHECKING:
    from model.generation.base import Backend

MAX_QUESTION = 20_000
"""Characters of a question or statement."""
MAX_ANSWER = 2_000
"""Characters of a printed answer; longer output is no answer."""
_GAVE_UP = re.compile(r"maxHeartbeats|maximum recursion depth|deterministic\) timeout")
"""Where a proof ended at a limit of Lean's own: that says nothing about what it was to prove."""
CUT_MARGIN = 8
"""Bytes by which output that was cut may be shorter than the limit: half a character, a byte-order mark."""
DEFAULT_SEARCH = SearchConfig()
ANSWER_SEARCH = SearchConfig(parts=frozenset({Part.AUTOMATION, Part.WHOLE}), samples=2)
"""How `solve` searches for a proof of a formal statement: such statements are computations."""


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
    turns: int = 0,
    watch: Watch = NOBODY,
) -> Conclusion:
    """Answer a question by programs that agree; `lean=None` leaves out Lean certificates.

    A program that fails is corrected in at most `turns` turns; `rerank` chooses among the answers.
    """
    started = time.monotonic()
    python = Once(python)
    prompts = solve_prompts(question, samples=samples)
    watch.enter(Stage.GENERATING)
    completions = backend.generate(prompts, params)
    watch.enter(Stage.RUNNING)
    completions = converse(
        prompts,
        completions,
        backend=backend,
        python=python,
        params=params,
        limits=limits.program,
        turns=turns,
    )
    found = conclude(
        question, completions, backend=backend, python=python, lean=lean,
        params=params, limits=limits, workers=workers, rerank=rerank, watch=watch,
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
    watch: Watch = NOBODY,
) -> Conclusion:
    """What the completions support: programs are run, answers counted, the winner certified."""
    started = time.monotonic()
    drafts = [extract.solution(completion.text) for completion in completions]
    watch.check()
    answers = _run(drafts, python=python, limits=limits.program, watch=watch)
    watch.enter(Stage.COMPARING)
    ballot = vote(answers, python=python, limits=limits.comparison)
    if rerank is not None:
        ballot = rerank.ballot(question, completions, ballot)
    winner = ballot.winner
    if winner is None:
        solution = Solution(question=question, answer=None, certificate=Certificate.NONE)
        return Conclusion(solution=solution, answers=tuple(answers))
    watch.enter(Stage.PROVING)
    formal, proof = _prove_answer(
        question, drafts, ballot,
        backend=backend, lean=lean, params=params, limits=limits.lean, workers=workers,
        cancelled=watch.cancelled,
    )  # fmt: skip
    samples = sorted(winner.samples, key=lambda i: answers[i] != winner.answer)  # first what prints it so
    pair = None if formal else _confirming(question, drafts, ballot, samples)
    first, second = pair or (samples[0], None)
    solution = Solution(
        question=question,
        answer=winner.answer,
        certificate=_certificate(ballot, proved=formal is not None, confirmed=pair is not None),
        formal_statement=formal.statement if formal else None,
        program=drafts[first].program,
        second_program=None if second is None else drafts[second].program,
        reasoning=drafts[first].reasoning,
        votes=ballot.votes,
        proof=proof.proof if proof else None,
        seconds=time.monotonic() - started,
    )
    return Conclusion(solution=solution, answers=tuple(answers), proof=proof)


def _run(
    drafts: Sequence[extract.Draft], *, python: Python, limits: Limits, watch: Watch
) -> list[str | None]:
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
    ran = dict(zip(positions, verdicts, strict=True))
    for i, (draft, answer) in enumerate(zip(drafts, answers, strict=True)):
        watch.sample(Sample(number=i + 1, program=draft.program, verdict=ran.get(i), answer=answer))
    return answers


def _confirming(
    question: str, drafts: Sequence[extract.Draft], ballot: Ballot, samples: Sequence[int]
) -> tuple[int, int] | None:
    """Two samples of the winner whose programs are enough for `python`; see `mathlm.certify`."""
    if _is_guess(ballot) or ballot.uncertain or ballot.contested:
        return None
    programs = [Program(method=i % len(METHODS), source=drafts[i].program or "") for i in samples]
    places = independent(question, programs)
    return None if places is None else (samples[places[0]], samples[places[1]])


def _certificate(ballot: Ballot, *, proved: bool, confirmed: bool) -> Certificate:
    if proved:
        return Certificate.LEAN
    if confirmed:
        return Certificate.PYTHON
    return Certificate.NONE if _is_guess(ballot) else Certificate.VOTE


def _is_guess(ballot: Ballot) -> bool:
    """Whether no other sample stands behind the winner, or as many stand behind another answer."""
    return ballot.winner is None or ballot.tied or len(ballot.winner.samples) < 2


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
    cancelled: Callable[[], bool],
) -> tuple[Formal | None, ProofResult | None]:
    """A formal statement of the winner's samples that Lean proves, if there is one."""
    winner = ballot.winner
    if lean is None or winner is None or ballot.contested or len(winner.samples) < min(2, len(drafts)):
        return None, None
    texts = dict.fromkeys(drafts[i].formal_statement for i in winner.samples)
    for formal in dict.fromkeys(read_formal(question, text, winner.answer) for text in texts):
        if formal is None:
            continue
        proved = prove(
            formal.statement, backend=backend, lean=lean, params=params, limits=limits,
            config=ANSWER_SEARCH, workers=workers, watch=Watch(cancelled=cancelled),
        )  # fmt: skip
        if proved.proof is not None and not _is_vacuous(formal, proved.proof, lean=lean, limits=limits):
            return formal, proved
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
        attempt.verdict.status is not Status.REJECTED or _GAVE_UP.search(attempt.verdict.detail)
        for attempt in first_accepted(probe, tries, lean=lean, workers=1)
    )


def prove(
    statement: str,
    *,
    backend: Backend | None,
    lean: Lean,
    params: SamplingParams,
    limits: Limits,
    config: SearchConfig = DEFAULT_SEARCH,
    retriever: Callable[[], Retriever] | None = None,
    workers: int = 1,
    watch: Watch = NOBODY,
    forbidden: frozenset[str] | tuple[str, ...] = (),
    rerank: Reranker | None = None,
) -> ProofResult:
    """Find a proof that the verifier accepts, or a proof that there is none; see `mathlm.search`.

    `forbidden` names library constants that no proof may use. Raises Abandoned once `watch` is cancelled.
    """
    started = time.monotonic()
    search = Search(
        target=imports.offer(read_target(statement), config, frozenset(forbidden)), lean=lean,
        backend=backend, params=params, limits=limits, config=config, retriever=retriever,
        forbidden=frozenset(forbidden), workers=workers, watch=watch, rerank=rerank,
    )  # fmt: skip
    refused = imports.settle(search)
    search.started = time.monotonic()  # the processes are there now: their start is not the search's time
    if refused is None:
        begin(search)
        deepen(search)
        search.shorten()
        _show_plainly(search)
    watch.check()
    return replace(result(search, refused), seconds=time.monotonic() - started)


def _show_plainly(search: Search) -> None:
    """The accepted proof without alternatives that fail, and without an import that it does not need."""
    if (found := search.found) is None:
        return
    search.attempts[-1] = found = narrowed(search, search.target, found.candidate) or found
    alone = imports.without(search, search.target, found.candidate)
    if alone is not None and alone.verdict.accepted:
        search.target, search.attempts[-1] = search.target.alone, alone


def read_target(statement: str) -> extract.Statement:
    """The theorem in the user's text, refused when it is too long to be one."""
    _check_size(statement, "statement")
    return extract.read_statement(statement)


def _check_size(text: str, what: str) -> None:
    if not text.strip():
        raise UsageError(f"the {what} is empty: write one")
    if len(text) > MAX_QUESTION:
        size = f"{len(text):,} characters, at most {MAX_QUESTION:,} are read"
        raise UsageError(f"the {what} has {size}: shorten it")
