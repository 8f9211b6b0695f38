"""From facts to a verdict: the definition of "this exact statement is proved".

A theorem is accepted when all of this holds, in this order:
1. the source has the constant under its full name, and it is a theorem;
2. its universe parameters and type, and every definition that the statement reaches, are those of the
   trusted statement, which was elaborated on its own from the untouched library;
3. no reached constant is an axiom beyond propext, Quot.sound and Classical.choice, nor `sorryAx`;
4. no reached constant is unsafe, partial or opaque, and none is an inductive type that the trusted
   statement does not have (without a trusted statement, the file's own inductive types count as stated);
5. the kernel accepts all reached constants when they are replayed on top of the untouched library;
6. the source elaborated without an error. (Messages can only reject, never accept.)

What the facts rest on: a judge process that never ran the candidate's code. It read the declarations as text,
strictly, elaborated the trusted statement itself, and had the kernel check each declaration on top of the
untouched library. From the process that ran the candidate come only messages, which can only reject.

Without a trusted statement the file itself says which theorems it has and what they say, through a process
that its own code may have taken over: then a verdict is about the statements that the judge prints with it,
and about nothing else. Who checks a stranger's file gives a statement.
"""

from __future__ import annotations

from collections.abc import Iterable

from mathlm.types import Message, Reason, Status, TheoremVerdict, Verdict
from verify.lean.protocol import CheckAnswer, HeaderError, TheoremFacts

ALLOWED_AXIOMS = frozenset({"propext", "Quot.sound", "Classical.choice"})
FORBIDDEN_KINDS = frozenset({"unsafe", "partial", "opaque", "quotient"})


def judge(answer: CheckAnswer | HeaderError, *, challenged: bool) -> Verdict:
    """The verdict on a source; `challenged` says that it had to prove a trusted statement."""
    if isinstance(answer, HeaderError):
        return _header_verdict(answer)
    if answer.malformed is not None:
        return Verdict(
            status=Status.REJECTED,
            reason=Reason.FORBIDDEN,
            detail=f"what the source adds to Lean is not well formed ({answer.malformed})",
            messages=answer.messages,
        )
    statement_error = _first_error(answer.statement_messages)
    if challenged and (statement_error is not None or not answer.theorems):
        detail = (
            f"the statement itself does not elaborate: {_shown(statement_error)}"
            if statement_error is not None
            else "the statement file states no theorem; write `theorem NAME : TYPE := sorry`"
        )
        return Verdict(
            status=Status.REJECTED,
            reason=Reason.ELABORATION,
            detail=detail,
            messages=answer.statement_messages,
        )
    error = _first_error(answer.messages)
    failed_reason = Reason.PARSE if answer.parse_error else Reason.ELABORATION
    theorems = tuple(_judge_theorem(facts, error, failed_reason, challenged) for facts in answer.theorems)
    worst = next((t for t in theorems if t.status is not Status.ACCEPTED), None)
    if worst is not None:
        return Verdict(
            status=worst.status,
            reason=worst.reason,
            detail=f"{worst.name}: {worst.detail}",
            messages=answer.messages,
            theorems=theorems,
        )
    if error is not None or not theorems:
        detail = _shown(error) if error is not None else "the file states no theorem, so nothing is certified"
        return Verdict(
            status=Status.REJECTED,
            reason=failed_reason,
            detail=detail,
            messages=answer.messages,
            theorems=theorems,
        )
    return Verdict(status=Status.ACCEPTED, messages=answer.messages, theorems=theorems)


def _header_verdict(error: HeaderError) -> Verdict:
    if error.kind == "forbidden":
        return Verdict(status=Status.REJECTED, reason=Reason.FORBIDDEN, detail=error.what)
    return Verdict(
        status=Status.INFRA_ERROR,
        detail=(
            f"`import {error.what}`: the embedded Lean has only Init, Std and Lean. Remove the import, or "
            "check the file on a machine with a Lean toolchain and that library"
        ),
    )


def _judge_theorem(
    facts: TheoremFacts, error: Message | None, failed_reason: Reason, challenged: bool
) -> TheoremVerdict:
    found = _refusal(facts, challenged)
    if found is not None and error is not None and (found[0] is Reason.SORRY or facts.kind is None):
        # An error leaves `sorryAx`, or nothing, where the proof would be: say it in Lean's words.
        found = (failed_reason, _shown(error))
    reason, detail = found or (None, "")
    return TheoremVerdict(
        name=facts.name,
        status=Status.REJECTED if reason else Status.ACCEPTED,
        reason=reason,
        axioms=facts.axioms,
        statement=facts.statement,
        detail=detail,
    )


def _refusal(facts: TheoremFacts, challenged: bool) -> tuple[Reason, str] | None:
    """The first rule that the theorem breaks."""
    if facts.kind is None:
        return Reason.STATEMENT_MISMATCH, "the source does not prove it; keep the name of the statement"
    if facts.kind != "theorem":
        return (
            Reason.STATEMENT_MISMATCH,
            f"the source has a constant of that name, but it is a(n) {facts.kind}",
        )
    if facts.mismatch is not None:
        return Reason.STATEMENT_MISMATCH, f"`{facts.mismatch}` is not what the statement says"
    if "sorryAx" in facts.axioms:
        return Reason.SORRY, "the proof rests on `sorry`"
    if extra := sorted(set(facts.axioms) - ALLOWED_AXIOMS):
        return Reason.AXIOM, f"the proof rests on the axiom(s) {', '.join(extra)}"
    stated = {name for _, name in facts.statement_constants}
    for kind, name in facts.constants:
        if kind in FORBIDDEN_KINDS or (kind == "inductive" and challenged and name not in stated):
            return Reason.FORBIDDEN, f"the proof uses the {kind} declaration `{name}`"
    if facts.kernel is not None:
        return Reason.KERNEL, facts.kernel
    return None


def _first_error(messages: Iterable[Message]) -> Message | None:
    return next((m for m in messages if m.severity == "error"), None)


def _shown(message: Message) -> str:
    return f"{message.line}:{message.column}: {message.text}"
