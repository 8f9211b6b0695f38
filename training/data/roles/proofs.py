"""Roles of the prover that Lean must look at: next tactic, sketch, repair, judge steps; from accepted proofs.

    next tactic   the state before each tactic of the proof, as Lean prints it, and that tactic
    sketch        the proof with its arms, `have` bodies or last tactics as `sorry`; kept if it elaborates
    repair        another proof that Lean rejected, its message, and the accepted proof
    judge steps   the tactics up to one that Lean rejects there: yes for each accepted one, then no

Contract: every label is what Lean answered now. A proof that cannot be cut into tactics, or whose pieces Lean
does not accept one by one, gives no such lines. Infrastructure errors give none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mathlm.errors import InfraError
from mathlm.prompts import NO, YES, render_judge_steps, render_repair, render_sketch, render_tactic
from mathlm.types import Reason
from training.data.roles.attempts import role_line
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=10, memory_mb=2048, heartbeats=100_000, output_bytes=2_000)
OTHERS = ("by omega", "by simp", "by decide", "rfl", "by grind")
"""Proofs that are tried in the place of the accepted one; what Lean says of a failure is to be repaired."""
MESSAGE = 600
"""Characters of a message."""
_ARM = re.compile(r"^(\s*\| [^\n]*?=> ?)(?!\s*$)[^\n]+$", re.MULTILINE)
_HAVE = re.compile(r"^(\s*have\b[^\n]*?: [^\n]*? := )[^\n]+$", re.MULTILINE)

Step = dict[str, str]


def tactics(proof: str) -> list[str]:
    """The proof as tactics, one after the other; a term is one `exact`."""
    if not re.match(r"by\b", proof):
        return [f"exact {proof}"]
    body = proof[2:].strip("\n").rstrip()
    if "\n" not in body:
        return [part.strip() for part in _split(body) if part.strip()]
    if proof[2] != "\n":
        return []
    lines = [line for line in body.split("\n") if line.strip()]
    margin = len(lines[0]) - len(lines[0].lstrip())
    found: list[list[str]] = []
    for line in lines:
        rest = line[margin:]
        if line[:margin].strip():
            return []
        if found and rest[:1] in (" ", "|", "·", ")"):
            found[-1].append(rest)
        else:
            found.append([rest])
    return ["\n".join(part) for part in found]


def sketches(proof: str) -> Iterator[str]:
    """The proof with steps left open, the most telling first."""
    for pattern, hole in ((_HAVE, "by sorry"), (_ARM, "sorry")):
        made = pattern.sub(rf"\1{hole}", proof)
        if made != proof:
            yield made
    parts = tactics(proof)
    if len(parts) > 1:
        yield "by\n" + "\n".join("  " + part.replace("\n", "\n  ") for part in (*parts[:-1], "sorry"))


def from_proof(statement: str, proof: str, lean: LeanVerifier) -> Iterator[Step]:
    """All lines of one accepted proof."""
    try:
        yield from _steps(statement, tactics(proof), lean)
        yield from _sketch(statement, proof, lean)
        yield from _repair(statement, proof, lean)
    except InfraError:
        return  # says nothing about the proof


def _steps(statement: str, parts: Sequence[str], lean: LeanVerifier) -> Iterator[Step]:
    source = f"{statement} := by\n  sorry"
    holes = lean.goals(source, limits=LIMITS).holes
    if not parts or len(holes) != 1:
        return
    states = [holes[0].goals]
    for count in range(1, len(parts) + 1):
        answer = lean.step(source, hole=0, tactics=parts[:count], limits=LIMITS)
        if answer.error is not None:
            return
        states.append(answer.goals)
    if states[-1]:
        return
    for state, tactic in zip(states, parts, strict=False):
        yield role_line("tactic", render_tactic("\n\n".join(state)), tactic)
    yield role_line("judge_steps", render_judge_steps(statement, parts), "\n".join([YES] * len(parts)))
    last = parts[:-1]
    for other in (proof.removeprefix("by ") for proof in OTHERS):
        if other != parts[-1] and lean.step(source, hole=0, tactics=(*last, other), limits=LIMITS).error:
            marks = "\n".join([*[YES] * len(last), NO])
            yield role_line("judge_steps", render_judge_steps(statement, (*last, other)), marks)
            return


def _sketch(statement: str, proof: str, lean: LeanVerifier) -> Iterator[Step]:
    for made in sketches(proof):
        verdict = lean.check(f"{statement} := {made}", statement=f"{statement} := sorry", limits=LIMITS)
        if verdict.reason is Reason.SORRY:
            yield role_line("sketch", render_sketch(statement), made)
            return


def _repair(statement: str, proof: str, lean: LeanVerifier) -> Iterator[Step]:
    for other in OTHERS:
        if other == proof:
            continue
        verdict = lean.check(f"{statement} := {other}", statement=f"{statement} := sorry", limits=LIMITS)
        if verdict.reason is Reason.ELABORATION:
            yield role_line("repair", render_repair(statement, other, verdict.detail[:MESSAGE]), proof)
            return


def _split(body: str) -> list[str]:
    """At each `;` outside of brackets that is not part of `<;>`."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(body):
        depth += (char in "([{⟨") - (char in ")]}⟩")
        if char == ";" and depth == 0 and body[i - 1 : i + 2] != "<;>":
            parts.append(body[start:i])
            start = i + 1
    return [*parts, body[start:]]
