"""Failing proofs of the model, the most promising first, with Lean's words on them.

The prefilter's step says that a proof fails, not where; those that are worth a second look are checked
whole once, for Lean's messages with their places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mathlm.search.search import Search
from mathlm.types import Attempt, Candidate, Message, Reason, Status

MAX_ERROR = 600
"""Characters of Lean's words that a prompt shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A proof that does not elaborate.

    Example: `Failure(proof="by\\n  simp\\n  omega", error="omega could not …", line=2)`
    """

    proof: str
    error: str
    line: int
    """Line of the proof, from 0, where Lean stops first."""

    @property
    def kept(self) -> float:
        """Part of the proof before the first error."""
        return self.line / max(1, self.proof.count("\n") + 1)


def failures(search: Search, *, origins: Sequence[str], count: int) -> list[Failure]:
    """At most `count` failing proofs of these origins, those that get furthest first."""
    rejected = [
        attempt.candidate.source
        for attempt in search.attempts
        if attempt.candidate.origin in origins and attempt.verdict.status is Status.REJECTED
        if attempt.verdict.reason in (Reason.ELABORATION, Reason.PARSE)
    ]
    found: list[Failure] = []
    for proof in dict.fromkeys(rejected):
        if len(found) >= 2 * count or search.over:
            break
        failure = look(search, proof)
        if failure is not None:
            found.append(failure)
    return sorted(found, key=lambda failure: -failure.kept)[:count]


def look(search: Search, proof: str) -> Failure | None:
    """The proof with Lean's words; None when Lean says nothing (a limit was hit, the machine failed)."""
    target = search.target
    verdict = search.lean.check(
        target.with_proof(proof), statement=target.challenge, limits=search.within(search.limits),
        forbidden=search.forbidden,
    )  # fmt: skip
    if verdict.accepted:  # a step saw less than the file
        candidate = Candidate(kind="proof", source=proof, origin="model")
        search.attempts.append(Attempt(candidate=candidate, verdict=verdict))
    errors = [message for message in verdict.messages if message.severity == "error"]
    if verdict.status is not Status.REJECTED or not errors:
        return None
    above = target.with_proof("").count("\n") + 1
    first = min(message.line for message in errors)
    return Failure(proof=proof, error=words(errors), line=max(0, first - above))


def words(errors: Sequence[Message]) -> str:
    """What Lean says, as prompts for repair show it: the errors' texts, cut."""
    text = "\n".join(error.text.strip() for error in errors)
    return text if len(text) <= MAX_ERROR else text[:MAX_ERROR] + " […]"
