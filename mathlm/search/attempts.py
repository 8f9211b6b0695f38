"""Candidates -> attempts: each proof is tried as a tactic step, and judged whole only when that closes the
goal.

A step starts from the statement's elaborated state, which the workers remember, and stops at the first
error: a proof that fails costs a fraction of a whole check. A step that
breaks says nothing, so the whole check is made; so it is where a proof needs a file around it (`where`,
more commands) or runs code, which no later request may meet.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import islice

from mathlm.extract import Statement
from mathlm.search.lean import Lean, opening, run
from mathlm.types import Attempt, Candidate, Reason, Status, Verdict
from mathlm.watch import NOBODY, Watch
from verify.base import Limits

_NEEDS_A_FILE = re.compile(r"\b(where|termination_by|decreasing_by)\b|\n[a-zA-Z#@]")
_RUNS_CODE = re.compile(
    r"\bimport\s+Lean\b|IO|Task|nsafe|macro|syntax|elab(?![A-Za-z])|(?<![a-z.])eval|eval%|native|run_|simproc"
    r"|@\[|spawn|extern|implemented|initialize|print|guard|attribute|uset|ptr|lcProof"
)
"""As `effectWords` in lean_workspace/MathLM/Header.lean, with what is exempted there."""
_NEEDS_ITS_OPTIONS = re.compile(r"\bset_option\b|\.\{|\b(?:Type|Sort) [a-z]|\blet rec\b|\n\S")
"""What a step does not see as the file would: options, universes, recursion, the first column."""
_AT_A_PLACE = re.compile(r"<input>:\d+:\d+:")


def first_accepted(
    target: Statement,
    candidates: Iterable[tuple[Candidate, Limits]],
    *,
    lean: Lean,
    workers: int,
    watch: Watch = NOBODY,
    forbidden: frozenset[str] | tuple[str, ...] = (),
) -> list[Attempt]:
    """Check the proofs, `workers` at a time, until one is accepted; that one is last in the list.

    `watch` is told of each as it is done; nothing more is begun once it is cancelled.
    """

    def check(candidate: Candidate, limits: Limits) -> Attempt:
        return attempt(target, candidate, lean=lean, limits=limits, forbidden=forbidden)

    queue = iter(candidates)
    attempts: list[Attempt] = []
    pool = ThreadPoolExecutor(workers)
    try:
        running: set[Future[Attempt]] = {pool.submit(check, *c) for c in islice(queue, workers)}
        while running and not (attempts and attempts[-1].verdict.accepted):
            done, running = wait(running, return_when=FIRST_COMPLETED)
            ended = sorted((future.result() for future in done), key=lambda a: a.verdict.accepted)
            attempts += ended
            for told in ended:
                watch.attempt(told)
            more = 0 if watch.cancelled() else len(done)
            running |= {pool.submit(check, *c) for c in islice(queue, more)}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # a check that runs on ends at its own limit
    return attempts


def attempt(
    target: Statement,
    candidate: Candidate,
    *,
    lean: Lean,
    limits: Limits,
    forbidden: frozenset[str] | tuple[str, ...] = (),
) -> Attempt:
    """One proof, tried as a step and then judged."""
    started = time.monotonic()
    verdict = prefilter(target, candidate.source, lean=lean, limits=limits)
    if verdict is not None:
        verdict = replace(verdict, seconds=time.monotonic() - started)
    else:
        source = target.with_proof(candidate.source)
        verdict = lean.check(source, statement=target.challenge, limits=limits, forbidden=forbidden)
    return Attempt(candidate=candidate, verdict=verdict)


def prefilter(target: Statement, proof: str, *, lean: Lean, limits: Limits) -> Verdict | None:
    """Why a proof cannot be one; None when only a whole check can say."""
    at = opening(target)
    if at is None or _NEEDS_A_FILE.search(proof) or _RUNS_CODE.search(target.preamble + proof):
        return None
    if "set_option" in target.header or _NEEDS_ITS_OPTIONS.search(proof):
        return None
    step = run(lean, at, (f"exact {proof}",), limits=limits)
    if step.status is Status.REJECTED:
        parsed = _AT_A_PLACE.match(step.error) is None
        reason = Reason.ELABORATION if parsed else Reason.PARSE
        return Verdict(status=Status.REJECTED, reason=reason, detail=step.error, toolchain=lean.toolchain)
    if step.status in (Status.TIMEOUT, Status.RESOURCE):
        return Verdict(status=step.status, detail=step.error, toolchain=lean.toolchain)
    return None
