"""What a search amounts to: the accepted proof, a disproof, or why there is neither."""

from __future__ import annotations

import re

from mathlm.errors import InfraError
from mathlm.extract import blank_comments
from mathlm.search.config import ALL
from mathlm.search.imports import NEEDED
from mathlm.search.search import Search
from mathlm.types import ProofResult, Reason, Status, Verdict

WITHOUT_MATHLIB = "ℕ, ℤ, ∑ and other words of Mathlib need `import Mathlib` on a line before the theorem\n"
OTHERWISE = (
    "Beware: the statement was read without `import Mathlib`, and a type that Lean does not know then "
    "(ℕ, Real, a misspelt one) is a variable that stands for any type."
)
_MATHLIBS = re.compile(r"[ℕℤℚℝℂ∑∏]|\b(?:Finset|Real|Polynomial|ZMod)\b")


def result(search: Search, refused: Verdict | None) -> ProofResult:
    """`refused` is the verdict on a statement that does not elaborate. Raises InfraError when all broke."""
    tried = [attempt.verdict for attempt in search.attempts]
    broke = bool(tried) and all(verdict.status is Status.INFRA_ERROR for verdict in tried)
    if broke and search.disproof is None:
        raise InfraError(f"Lean let every attempt down ({tried[-1].detail}): run 'mathlm doctor'")
    found = search.found
    status, reason, detail = _why_not(search, refused)
    if found is not None:
        status, reason = found.verdict.status, None
        notes = {NEEDED: bool(search.target.imports), OTHERWISE: search.reads_otherwise}
        said = [found.verdict.detail, *(text for text, holds in notes.items() if holds)]
        detail = "\n".join(filter(None, said))
    theorems = found.verdict.theorems if found is not None else ()
    if search.disproof is not None:
        tried = [attempt.verdict for attempt in search.refutations]
    last = refused or next((verdict for verdict in reversed(tried) if verdict.toolchain), None)
    return ProofResult(
        statement=search.target.text if found is not None else search.target.alone.text,
        proof=found.candidate.source if found is not None else None,
        status=status,
        reason=reason,
        axioms=tuple(sorted({axiom for theorem in theorems for axiom in theorem.axioms})),
        origin=found.candidate.origin if found is not None else None,
        attempts=len(search.attempts) + len(search.refutations),
        steps=search.steps,
        disproof=search.disproof,
        detail=detail,
        toolchain=last.toolchain if last is not None else search.lean.toolchain,
    )


def _why_not(search: Search, refused: Verdict | None) -> tuple[Status, Reason | None, str]:
    """Status, reason and words where there is no proof."""
    if refused is not None:
        errors = [f"{m.line}:{m.column}: {m.text}" for m in refused.messages if m.severity == "error"]
        why = "\n".join(errors) or refused.detail
        hint = WITHOUT_MATHLIB if _speaks_mathlib(search) else ""
        return refused.status, refused.reason, f"the statement does not elaborate: {hint}{why}"
    if search.disproof is not None:
        return (
            Status.REJECTED,
            Reason.ELABORATION,
            "the statement is false: its negation was proved (see disproof)",
        )
    tried = {attempt.verdict.status for attempt in search.attempts}
    count = len(search.attempts) + len(search.refutations)
    detail = f"no proof found in {count} attempts"
    if search.steps:
        detail += f" and {search.steps} tactic steps"
    wider = "" if search.config.parts == ALL else " --search all,"
    detail += f": try more --samples,{wider} or a longer --timeout"
    if search.seconds_left <= 0:
        detail = f"no proof found in {search.config.seconds:g} s, {count} attempts: allow more by --seconds"
    if not tried and search.seconds_left <= 0:
        return Status.TIMEOUT, None, detail
    if tried and Status.REJECTED not in tried:
        return Status.TIMEOUT if Status.TIMEOUT in tried else Status.RESOURCE, None, detail
    return Status.REJECTED, Reason.ELABORATION, detail


def _speaks_mathlib(search: Search) -> bool:
    """Whether the statement has Mathlib's words and imports nothing."""
    alone = search.target.alone
    return alone.below_mathlib != alone and _MATHLIBS.search(blank_comments(alone.theorem)) is not None
