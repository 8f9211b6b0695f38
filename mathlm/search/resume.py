"""Truncate and resume: a failing proof is cut before its first error, and the model goes on from there.

The prompt is that of a whole proof with the part that works as the beginning of the answer, so a model that
was trained on whole proofs can do it. The part is tried as a tactic step first: it must run and leave a
goal.
Source: DeepSeek-Prover-V1.5 (arXiv:2408.08152, section 3.1), without the tactic state as a comment.
"""

from __future__ import annotations

import textwrap

from mathlm.prompts import render_prove
from mathlm.search import whole
from mathlm.search.failures import failures
from mathlm.search.lean import opening
from mathlm.search.search import Search
from mathlm.types import Prompt, Status

ORIGIN = "model: resume"


def resume(search: Search) -> None:
    """Continue the failing proofs that get furthest."""
    at = opening(search.target)
    if at is None:
        return
    beginnings: list[str] = []
    for failure in failures(search, origins=(whole.ORIGIN,), count=search.config.resumes):
        works = beginning(failure.proof, failure.line)
        if works is None or search.over:
            continue
        step = search.step(at, (textwrap.dedent(works),))
        if step.status is Status.ACCEPTED and step.goals:
            beginnings.append(f"by\n{works}\n")
    prompt = render_prove(search.target.shown)
    starts = [start for start in dict.fromkeys(beginnings) for _ in range(search.config.width)]
    prompts = [Prompt(text=prompt.text + start, stop=prompt.stop) for start in starts]
    completions = search.ask(prompts)
    proofs = [
        start + c.text.rstrip() for start, c in zip(starts, completions, strict=True) if c and c.text.strip()
    ]
    search.check_texts(proofs, ORIGIN)


def beginning(proof: str, line: int) -> str | None:
    """The whole tactics of a `by` block that end before a line (from 0); None where there are none."""
    lines = proof.rstrip().split("\n")
    if lines[0].strip() != "by" or line < 2 or line >= len(lines):
        return None
    margin = len(lines[1]) - len(lines[1].lstrip())
    starts = [
        i for i in range(1, line + 1) if len(lines[i]) - len(lines[i].lstrip()) <= margin and lines[i].strip()
    ]
    last = starts[-1]  # the error lies in the tactic that starts here
    return "\n".join(lines[1:last]) if last > 1 else None
