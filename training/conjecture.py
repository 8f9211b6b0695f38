"""Conjectures: the model states new theorems near proved ones, and Lean says which are worth a try.

A statement is kept when it parses (`extract.read_statement`), is new (its normal text, see
`training.rollout`), elaborates, is not closed at once by `rfl`, `decide` or `trivial`, and its hypotheses
do not contradict each other as far as a short search sees. The next round rolls it out; samples of it are
trained on, and it stays in the game, while its pass rate is in WINDOW.
Source: Self-play Theorem Prover (STP, arXiv:2502.00212), section 3.
Contract: `sift` counts every text under exactly one word; an infra_error drops the text and is counted.
Not covered: whether a statement is interesting.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mathlm import extract
from mathlm.errors import InfraError, UsageError
from mathlm.extract import Statement
from mathlm.pipeline import read_target
from mathlm.prompts import render_conjecture
from mathlm.search.attempts import attempt
from mathlm.search.imports import elaborate
from mathlm.search.lean import Lean
from mathlm.types import Candidate, Completion, SamplingParams, Status, TrainingSample
from model.generation.base import Backend
from training.rollout import normal
from verify.base import Limits

Row = dict[str, Any]

WINDOW = (0.0, 0.25)
"""Pass rates of a conjecture that is worth training on: above the first, at most the second."""
AT_ONCE = ("rfl", "by decide", "by trivial")
CONTRADICTIONS = ("omega", "simp_all", "grind")
SECONDS = 8.0
"""Wall time of each proof that is tried at once."""
_NAME = re.compile(r"^theorem\s+\S+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A text of the model's and the proved statement that it was made from."""

    text: str
    seed: str


def propose(seeds: Sequence[str], *, count: int, backend: Backend, params: SamplingParams) -> list[Proposal]:
    """`count` texts, the seeds in turn; none without a seed."""
    asked = [seeds[i % len(seeds)] for i in range(count)] if seeds else []
    prompts = [render_conjecture(seed) for seed in asked]
    completions: list[Completion] = backend.generate(prompts, params) if prompts else []
    return [Proposal(text=c.text, seed=seed) for c, seed in zip(completions, asked, strict=True)]


def sift(
    proposals: Iterable[Proposal],
    *,
    known: Iterable[str],
    lean: Lean,
    limits: Limits,
    prefix: str,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Row], Counter[str]]:
    """Rows `{"id", "statement", "seed"}` of what is kept, ids `PREFIX-0`, …; `known` are normal texts."""
    seen, counts = set(known), Counter[str]()
    rows: list[Row] = []
    for proposal in proposals:
        target, why = _read(proposal, name=f"{prefix}_{len(rows)}".replace("-", "_"))
        if target is not None and normal(target.theorem) in seen:
            target, why = None, "known"
        if target is not None:
            seen.add(normal(target.theorem))
            why = _judged(target, lean=lean, limits=limits)
        counts[why] += 1
        if target is not None and why == "kept":
            text = target.header + target.theorem
            rows.append({"id": f"{prefix}-{len(rows)}", "statement": text, "seed": proposal.seed})
        if progress is not None:
            progress(1)
    return rows, counts


def _read(proposal: Proposal, *, name: str) -> tuple[Statement | None, str]:
    """The statement under its new name and the seed's header, or why there is none."""
    try:
        target = read_target(proposal.text)
        header = extract.read_statement(proposal.seed).header
    except UsageError:
        return None, "no statement"
    if target.header.strip() not in ("", header.strip()):
        return None, "no statement"
    return Statement(header=header, theorem=_NAME.sub(f"theorem {name}", target.theorem.strip())), ""


def _judged(target: Statement, *, lean: Lean, limits: Limits) -> str:
    """`kept`, or why not."""
    quick = replace(limits, seconds=min(SECONDS, limits.seconds))
    try:
        if elaborate(target, lean=lean, limits=limits) is not None:
            return "does not elaborate"
        for verdict in _proofs(target, AT_ONCE, lean=lean, limits=quick):
            if verdict is Status.INFRA_ERROR:
                return "infra_error"
            if verdict is Status.ACCEPTED:
                return "trivial"
        contradictions = [f"by intros; exfalso; {tactic}" for tactic in CONTRADICTIONS]
        if Status.ACCEPTED in _proofs(target, contradictions, lean=lean, limits=quick):
            return "contradictory hypotheses"
    except InfraError:
        return "infra_error"
    return "kept"


def _proofs(target: Statement, proofs: Iterable[str], *, lean: Lean, limits: Limits) -> Iterator[Status]:
    """How each of these proofs ends."""
    for proof in proofs:
        candidate = Candidate(kind="proof", source=proof, origin="conjecture")
        yield attempt(target, candidate, lean=lean, limits=limits).verdict.status


def lessons(rows: Iterable[Row]) -> list[TrainingSample]:
    """What teaches the model to conjecture: seeds with the conjectures that proved to be worth it."""
    return [
        TrainingSample(
            id=f"{row['id']}-stated",
            prompt=render_conjecture(row["seed"]).text,
            answer=extract.read_statement(row["statement"]).theorem,
            source="conjecture",
        )
        for row in rows
    ]
