"""Sketches: a proof whose hard steps are `sorry`; each of these is proved apart, and all is put together
again.

An open step is tried as Lean has it (a tactic step at that `sorry`, with its hypotheses): automation first,
then the model, to which the goal is shown as a theorem of its own. One step that stays open ends a sketch.
Source: DeepSeek-Prover-V2 (arXiv:2504.21801, section 2), subgoal decomposition; one level deep here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mathlm import automation
from mathlm.errors import InfraError
from mathlm.prompts import render_sketch
from mathlm.search import whole
from mathlm.search.config import Part
from mathlm.search.lean import Lean, Opening
from mathlm.search.search import Search
from mathlm.types import Status
from verify.lean.protocol import GoalsAnswer, Hole

ORIGIN = "model: sketch"
MAX_HOLES = 8
"""Open steps of a sketch that is worked on."""


def sketch(search: Search) -> None:
    """Draw sketches and fill them, one after the other."""
    prompt = render_sketch(search.target.shown, premises=search.lemmas)
    for text in whole.proofs(search.ask([prompt] * search.config.sketches)):
        if search.over:
            return
        filled = fill(search, text)
        if filled is not None and search.check_texts([filled], ORIGIN):
            return


def fill(search: Search, text: str) -> str | None:
    """The sketch with a proof at each `sorry`; None when one stays open or Lean refuses the sketch."""
    source = search.target.with_proof(text)
    above = search.target.with_proof("")
    answer = goals(search.lean, source, search)
    if "sorry" not in text or "sorry" in above or answer is None or not 1 <= len(answer.holes) <= MAX_HOLES:
        return None
    if any(message.severity == "error" for message in answer.messages):
        return None
    found: list[str] = []
    for number, hole in enumerate(answer.holes):
        proof = close(search, Opening(source=source, hole=number), hole)
        if proof is None:
            return None
        found.append(proof)
    for hole, proof in reversed(list(zip(answer.holes, found, strict=True))):
        source = replace_hole(search, source, hole, proof)
    return source.removeprefix(above)


def close(search: Search, at: Opening, hole: Hole) -> str | None:
    """A proof of an open step: what follows `:=` were it a theorem."""
    portfolio = automation.quick(search.target.preamble) if search.has(Part.AUTOMATION) else ()
    for proof in (tactic.proof for tactic in portfolio):
        if search.over:
            return None
        if closes(search, at, hole, proof):
            return proof
    if not hole.goals:
        return None
    theorem = as_theorem(hole.goals[0])
    prompts = whole.prompts((theorem,), search, samples=search.config.width)
    for proof in whole.proofs(search.ask(prompts)):
        if search.over:
            return None
        if "sorry" not in proof and closes(search, at, hole, proof):
            return proof
    return None


def closes(search: Search, at: Opening, hole: Hole, proof: str) -> bool:
    """Whether the proof leaves only the goals that the `sorry` left too."""
    step = search.step(at, (f"exact {proof}",))
    return step.status is Status.ACCEPTED and len(step.goals) < max(1, len(hole.goals))


def replace_hole(search: Search, source: str, hole: Hole, proof: str) -> str:
    """The source with the proof in place of a `sorry`, which is a term or a tactic."""
    start, end = _offset(source, hole.line, hole.column), _offset(source, hole.end_line, hole.end_column)
    margin = " " * (hole.column + 2)
    body = proof.replace("\n", f"\n{margin}")
    as_term = f"{source[:start]}(by sorry){source[end:]}"
    answer = goals(search.lean, as_term, search)
    is_term = answer is not None and all(message.severity != "error" for message in answer.messages)
    text = f"({body})" if is_term else f"exact ({body})"
    return source[:start] + text + source[end:]


def goals(lean: Lean, source: str, search: Search) -> GoalsAnswer | None:
    """The holes of a source; None when Lean cannot say."""
    try:
        return lean.goals(source, limits=search.within(search.limits))
    except InfraError:
        return None


_HYPOTHESIS = re.compile(r"^(?P<names>[^\s:⊢][^:⊢\n]*?) : (?P<type>.+)$", re.S)


def as_theorem(goal: str) -> str:
    """A printed goal as `theorem step BINDERS : TYPE`, for a prompt only: it need not be valid Lean.

    Example: `n : Nat\\nh : 0 < n\\n⊢ n ≠ 0` gives `theorem step (n : Nat) (h : 0 < n) : n ≠ 0`.
    """
    context, _, conclusion = goal.partition("⊢")
    binders = [f"({h['names']} : {' '.join(h['type'].split())})" for h in _hypotheses(context)]
    return " ".join(["theorem step", *binders, f": {' '.join(conclusion.split())}"])


def _hypotheses(context: str) -> Iterator[re.Match[str]]:
    """Each `names : type` of a context; a line that is indented goes on from the one before."""
    entries = re.split(r"\n(?=\S)", context.rstrip())
    return (found for entry in entries if (found := _HYPOTHESIS.match(entry)) is not None)


def _offset(source: str, line: int, column: int) -> int:
    """Position of a place as Lean counts it: lines from 1, columns from 0."""
    lines = source.split("\n")
    return sum(len(text) + 1 for text in lines[: line - 1]) + column
