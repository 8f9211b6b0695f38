"""`import Mathlib` above the proofs of a statement that imports nothing: more tactics, the same statement.

    offer     before anything is asked of Lean, so that prompts can be written
    settle    the statement elaborates, and states below the import what it states without; else no import
    without   an accepted proof, judged without the import

The judge reads the statement as it was given, without the import, and a proof's theorem must state just that.
Not where constants are forbidden: the import may have a forbidden theorem under another name.
Not covered: a proof that the import breaks, as by what `simp` knows then; it counts as failed.
"""

from __future__ import annotations

import time

from mathlm.errors import InfraError
from mathlm.extract import Statement
from mathlm.search.attempts import attempt
from mathlm.search.config import Part, SearchConfig
from mathlm.search.lean import Lean
from mathlm.search.search import SHORTENING, Search
from mathlm.types import Attempt, Candidate, Reason, Status, Verdict
from verify.base import Limits

NO_SUCH_IMPORT = "`import "
"""Begins what the judge says of a module that is not there (`verify.lean.judge`)."""
NEEDED = "the proof stands below `import Mathlib`; the statement was read without it"


def offer(target: Statement, config: SearchConfig, forbidden: frozenset[str]) -> Statement:
    """The statement with the import above its proofs, where that is wanted; `settle` says if it may be."""
    return target.below_mathlib if Part.MATHLIB in config.parts and not forbidden else target


def settle(search: Search) -> Verdict | None:
    """None when the statement makes sense to Lean, without the import if need be; else why it makes none.

    A Lean that has nothing to import is no failure of the machine. Raises InfraError for one: what is proved
    without the import then would be called unproved for want of it.
    """
    if search.target.imports:
        below = read(search.target, lean=search.lean, limits=search.limits)
        if below.reason is Reason.SORRY:
            return None
        if below.status is Status.INFRA_ERROR and not below.detail.startswith(NO_SUCH_IMPORT):
            raise InfraError(f"Lean could not check the statement ({below.detail}): run 'mathlm doctor'")
        search.target = search.target.alone
        refused = elaborate(search.target, lean=search.lean, limits=search.limits)
        search.reads_otherwise = refused is None and below.reason is Reason.STATEMENT_MISMATCH
        return refused
    return elaborate(search.target, lean=search.lean, limits=search.limits)


def elaborate(target: Statement, *, lean: Lean, limits: Limits) -> Verdict | None:
    """None when the statement makes sense to Lean; else the verdict that says why not."""
    verdict = read(target, lean=lean, limits=limits)
    if verdict.status is Status.INFRA_ERROR:
        raise InfraError(f"Lean could not check the statement ({verdict.detail}): run 'mathlm doctor'")
    return None if verdict.reason is Reason.SORRY else verdict


def read(target: Statement, *, lean: Lean, limits: Limits) -> Verdict:
    """The verdict on the statement with a `sorry` for its proof: `SORRY` is the best that can be had."""
    return lean.check(target.with_proof("sorry"), statement=target.challenge, limits=limits)


def without(search: Search, target: Statement, proof: Candidate) -> Attempt | None:
    """The proof as it is judged without the import; None where there is none, or nobody waits for this."""
    limits = search.spare(time.monotonic() + SHORTENING)
    if not target.imports or limits is None:
        return None
    return attempt(target.alone, proof, lean=search.lean, limits=limits, forbidden=search.forbidden)
