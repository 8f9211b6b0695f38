"""From facts to a verdict: the definition of "this exact statement is proved".

A theorem is accepted when all of this holds, in this order:
1. the source has the constant under its full name, and it is a theorem;
2. its universe parameters and type, and every definition that the statement reaches, are those of the
   trusted statement, which was elaborated on its own from the untouched library;
3. no reached constant is an axiom beyond those of the policy (propext, Quot.sound and Classical.choice), nor
   `sorryAx`; an axiom that the policy names must be the library's, or the trusted statement's as it is there;
4. no reached constant is of a kind that the policy forbids (unsafe, partial, opaque), and none is an
   inductive type that the trusted statement does not have (without a trusted statement, the file's own
   inductive types count as stated, but for those of the kinds that the embedded kernel is known to get wrong:
   see MathLM/Facts.lean);
5. the kernel accepts all reached constants when they are replayed on top of the untouched library;
6. no reached declaration names, in its type or its value, a library constant that the caller forbids
   (`forbidden`; what the library builds on such a constant itself may be used);
7. the source uses no attribute and sets no option that the policy forbids;
8. the source elaborated without an error. (Messages can only reject, never accept.)
Each refusal names its rule and, where the source has one, the place.

What the facts rest on: a judge process that never ran the candidate's code. It read the declarations as text,
strictly, elaborated the trusted statement itself, and had the kernel check each declaration on top of the
untouched library. From the process that ran the candidate come only messages, which can only reject.

Without a trusted statement the file itself says which theorems it has and what they say, through a process
that its own code may have taken over: then a verdict is about the statements that the judge prints with it,
and about nothing else. Who checks a stranger's file gives a statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mathlm.types import Message, Reason, Status, TheoremVerdict, Verdict
from verify.lean.policy import Policy
from verify.lean.protocol import CheckAnswer, HeaderError, Place, TheoremFacts

RISKY_INDUCTIVE = frozenset({"nested inductive", "inductive of an unclear sort"})
"""Shapes that bugs of older kernels need: only the trusted statement may bring them along."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why a theorem is refused.

    Example: `Refusal(reason=Reason.AXIOM, rule="axioms", detail="it rests on `cheat`", name="cheat")`
    """

    reason: Reason
    rule: str
    detail: str
    name: str = ""
    """The constant whose declaration breaks the rule."""
    place: Place | None = None


def judge(answer: CheckAnswer | HeaderError, *, challenged: bool, policy: Policy) -> Verdict:
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
    theorems = tuple(_judge_theorem(facts, answer, challenged, policy) for facts in answer.theorems)
    worst = next((t for t in theorems if t.status is not Status.ACCEPTED), None)
    if worst is not None:
        return Verdict(
            status=worst.status,
            reason=worst.reason,
            detail=f"{worst.name}: {worst.detail}",
            messages=answer.messages,
            theorems=theorems,
        )
    error = _first_error(answer.messages)
    if error is not None or not theorems:
        detail = _shown(error) if error is not None else "the file states no theorem, so nothing is certified"
        return Verdict(
            status=Status.REJECTED,
            reason=_failed_reason(answer),
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
            f"`import {error.what}`: the Lean that comes with mathlm has Init, Std and Lean, and a prelude "
            "for Mathlib. Remove the import, or check the file with --runtime native and that library (see "
            "lean_workspace/README.md)"
        ),
    )


def _judge_theorem(
    facts: TheoremFacts, answer: CheckAnswer, challenged: bool, policy: Policy
) -> TheoremVerdict:
    error = _first_error(answer.messages)
    refusal = _refusal(facts, challenged, policy)
    if refusal is None and error is None:
        refusal = _use_refusal(answer.places, policy)
    if refusal is None:
        return TheoremVerdict(
            name=facts.name, status=Status.ACCEPTED, axioms=facts.axioms, statement=facts.statement
        )
    if error is not None and (refusal.reason is Reason.SORRY or facts.kind is None):
        # An error leaves `sorryAx`, or nothing, where the proof would be: say it in Lean's words.
        reason, rule, detail = _failed_reason(answer), "errors", _shown(error)
        place: Place | None = Place(name=facts.name, line=error.line, column=error.column)
    else:
        place = refusal.place or _declared(refusal.name or facts.name, answer.places)
        reason, rule = refusal.reason, refusal.rule
        where = f"{place.line}:{place.column}: " if place else ""
        detail = f"{where}{refusal.detail} (rule: {rule})"
    return TheoremVerdict(
        name=facts.name,
        status=Status.REJECTED,
        reason=reason,
        axioms=facts.axioms,
        statement=facts.statement,
        detail=detail,
        rule=rule,
        line=place.line if place else None,
        column=place.column if place else None,
    )


def _refusal(facts: TheoremFacts, challenged: bool, policy: Policy) -> Refusal | None:
    """The first rule that the theorem breaks."""
    if facts.kind is None:
        detail = "the source does not prove it; keep the name of the statement"
        return Refusal(reason=Reason.STATEMENT_MISMATCH, rule="name", detail=detail)
    if facts.kind != "theorem":
        detail = f"the source has a constant of that name, but it is a(n) {facts.kind}"
        return Refusal(reason=Reason.STATEMENT_MISMATCH, rule="theorem", detail=detail)
    if facts.mismatch is not None:
        detail = f"`{facts.mismatch}` is not what the statement says"
        return Refusal(reason=Reason.STATEMENT_MISMATCH, rule="statement", detail=detail, name=facts.mismatch)
    if "sorryAx" in facts.axioms:
        return Refusal(reason=Reason.SORRY, rule="sorry", detail="the proof rests on `sorry`")
    if extra := sorted(set(facts.axioms) - policy.axioms | set(facts.own_axioms)):
        detail = f"the proof rests on the axiom(s) {', '.join(extra)}"
        return Refusal(reason=Reason.AXIOM, rule="axioms", detail=detail, name=extra[0])
    stated = {name for _, name in facts.statement_constants}
    for kind, name in facts.constants:
        detail = f"the proof uses the {kind} declaration `{name}`"
        if kind in policy.kinds:
            return Refusal(reason=Reason.FORBIDDEN, rule="kinds", detail=detail, name=name)
        if kind in RISKY_INDUCTIVE and name not in stated:
            return Refusal(reason=Reason.FORBIDDEN, rule="known_kernel_bugs", detail=detail, name=name)
        if kind == "inductive" and challenged and not policy.new_inductives and name not in stated:
            return Refusal(reason=Reason.FORBIDDEN, rule="new_inductives", detail=detail, name=name)
    if facts.kernel is not None:
        return Refusal(reason=Reason.KERNEL, rule="kernel", detail=facts.kernel)
    for premise, user in facts.premises:
        through = f", in `{user}`" if user != facts.name else ""
        detail = f"the proof uses the forbidden premise `{premise}`{through}"
        return Refusal(reason=Reason.FORBIDDEN, rule="premises", detail=detail, name=user)
    return None


def _use_refusal(places: Iterable[Place], policy: Policy) -> Refusal | None:
    """The first attribute or option in the source that the policy forbids."""
    for place in places:
        if place.rule == "attributes" and place.name in policy.attributes:
            detail = f"the source uses the attribute `{place.name}`"
        elif place.rule == "options" and policy.forbids_option(place.name):
            detail = f"the source sets the option `{place.name}`"
        else:
            continue
        return Refusal(reason=Reason.FORBIDDEN, rule=place.rule, detail=detail, place=place)
    return None


def _declared(name: str, places: Iterable[Place]) -> Place | None:
    return next((place for place in places if place.name == name and not place.rule), None)


def _failed_reason(answer: CheckAnswer) -> Reason:
    return Reason.PARSE if answer.parse_error else Reason.ELABORATION


def _first_error(messages: Iterable[Message]) -> Message | None:
    return next((m for m in messages if m.severity == "error"), None)


def _shown(message: Message) -> str:
    return f"{message.line}:{message.column}: {message.text}"
