"""`import Mathlib` above the proofs of a statement that imports nothing: more tactics, the same statement.

    offer     before anything is asked of Lean, so that prompts can be written
    settle    the statement elaborates, and states below the import what it states without; else no import
    withdraw  an accepted proof that stands without the import is given without it

The judge reads the statement as it was given, without the import, and a proof's theorem must state just that.
Not where constants are forbidden: the import may have a forbidden theorem under another name.
"""

from __future__ import annotations

from mathlm.errors import InfraError
from mathlm.extract import Statement
from mathlm.search.attempts import attempt
from mathlm.search.config import Part, SearchConfig
from mathlm.search.lean import Lean
from mathlm.search.search import Search
from mathlm.types import Attempt, Candidate, Reason, Status, Verdict
from verify.base import Limits

NEEDED = "the proof stands below `import Mathlib`; the statement was read without it"


def offer(target: Statement, config: SearchConfig, forbidden: frozenset[str]) -> Statement:
    """The statement as it is to be proved, where the import changes nothing that it says."""
    return target.below_mathlib if Part.MATHLIB in config.parts and not forbidden else target


def settle(search: Search) -> Verdict | None:
    """None when the statement makes sense to Lean, without the import if need be; else why it makes none."""
    refused = elaborate(search.target, lean=search.lean, limits=search.limits)
    if refused is None or not search.target.imports:
        return refused
    search.target = search.target.alone
    return elaborate(search.target, lean=search.lean, limits=search.limits)


def elaborate(target: Statement, *, lean: Lean, limits: Limits) -> Verdict | None:
    """None when the statement makes sense to Lean; else the verdict that says why not."""
    verdict = lean.check(target.with_proof("sorry"), statement=target.challenge, limits=limits)
    if verdict.status is Status.INFRA_ERROR:
        raise InfraError(f"Lean could not check the statement ({verdict.detail}): run 'mathlm doctor'")
    return None if verdict.reason is Reason.SORRY else verdict


def withdraw(search: Search, proof: Candidate) -> Attempt | None:
    """This accepted proof without the import, where it is accepted so too; the search has no import then."""
    if not search.target.imports:
        return None
    alone = search.target.alone
    tried = attempt(alone, proof, lean=search.lean, limits=search.limits, forbidden=search.forbidden)
    if not tried.verdict.accepted:
        return None
    search.target = alone
    return tried
