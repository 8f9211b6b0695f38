"""Statements that we make ourselves, each with proofs to try: the first that is accepted is the answer.

Families cover what core Lean can prove without Mathlib (linear arithmetic, closed numerals, remainders,
propositional logic, functions given by equations, witnesses, lists, rewriting, small inductions) and, under
`import Mathlib`, contest-like statements with Mathlib's notation and tactics. A family draws a statement and
names candidate proofs, shortest first; nothing is kept unless Lean accepts it and the second kernel agrees
(`build`). The wording of binders and numbers is random, so that a model learns to read
the statement.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from mathlm.errors import UsageError
from mathlm.extract import MATHLIB
from mathlm.prompts import render_prove
from mathlm.records import Records
from mathlm.types import Reason, Status, TrainingSample, to_json
from training.data import (
    theorem_families,
    theorem_families_algebra,
    theorem_families_contest,
    theorem_families_mathlib,
    theorem_families_sequences,
)
from training.data.split import content_id, is_test
from verify.base import Limits
from verify.lean.paranoid import RULE
from verify.lean.verifier import LeanVerifier

logger = logging.getLogger(__name__)

LIMITS = Limits(seconds=20, memory_mb=2048, heartbeats=200_000, output_bytes=2_000)
FAMILIES = (
    *(("", family) for family in theorem_families.FAMILIES),
    *((MATHLIB, family) for family in theorem_families_mathlib.FAMILIES),
    *((MATHLIB, family) for family in theorem_families_algebra.FAMILIES),
    *((MATHLIB, family) for family in theorem_families_contest.FAMILIES),
    *((MATHLIB, family) for family in theorem_families_sequences.FAMILIES),
)
"""The header of a family's statements, and the family."""
DRY = 10_000
"""Draws in a row that may give what was there before."""
BATCH = 200
"""Statements between two writes: what a stopped run may lose."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conjecture:
    """A statement with proofs to try.

    Example: `Conjecture(id="thm-4be1a7b0c2d3e4f5", statement="theorem t : 2 + 2 = 4", proofs=("rfl",))`
    """

    id: str
    statement: str
    proofs: tuple[str, ...]


def conjectures(count: int, *, seed: int, families: Collection[str] = ()) -> Iterator[Conjecture]:
    """`count` different statements, the same for the same seed; of all families, or of those that are named.

    The id is made of the statement without its name, so that equal statements share a side of the split.
    Small families may run dry: UsageError after DRY draws without a new statement.
    """
    chosen = [pair for pair in FAMILIES if not families or pair[1].__name__ in families]
    names = sorted({family.__name__ for _, family in FAMILIES})
    if unknown := sorted(set(families).difference(names)):
        raise UsageError(f"there is no family {', '.join(unknown)}: choose from {', '.join(names)}")
    rng = Random(seed)
    seen: set[str] = set()
    again = 0
    while len(seen) < count:
        header, family = rng.choice(chosen)
        statement, proofs = family(rng)
        if statement in seen:
            again += 1
            if again == DRY:
                raise UsageError(
                    f"{DRY:,} draws gave nothing new after {len(seen)} statements: ask for fewer"
                )
        else:
            again = 0
            seen.add(statement)
            name = rng.choice(("t", "foo", "ex", "h", "main", "claim", "lem", "thm", "aux", "result"))
            name += rng.choice(("", "", "_1", "_2", "'", f"{rng.randint(1, 99)}"))
            yield Conjecture(
                id=content_id("thm", statement),
                statement=f"{header}theorem {name} {statement}",
                proofs=proofs,
            )


def build(
    items: Sequence[Conjecture],
    *,
    lean: LeanVerifier,
    out: Path,
    source: str = "theorems",
    progress: Callable[[int], None] | None = None,
) -> dict[str, int]:
    """Append the first accepted proof of each statement to `out` as SFT lines; skip ids that are there.

    Ids of the test split (`training.data.split`) are left out.
    Released proofs need both kernels, so `lean` must be paranoid. Returns counts: `written`, `unproved`,
    `infra` (checks that said nothing and are tried again by a rerun), `disagreements` (of the kernels).
    """
    if lean.second is None:
        raise ValueError("proofs that are released need both kernels: LeanVerifier(paranoid=True)")
    counts = {"written": 0, "unproved": 0, "infra": 0, "disagreements": 0}
    with Records(out) as store:
        done = store.keys("id")
        todo = [item for item in items if (item.id,) not in done and not is_test(item.id)]
        finished = len(items) - len(todo)
        for start in range(0, len(todo), BATCH):
            batch = todo[start : start + BATCH]
            proofs = _first_accepted(batch, lean, counts)
            samples = [
                TrainingSample(
                    id=item.id, prompt=render_prove(item.statement).text, answer=proof, source=source
                )
                for item, proof in zip(batch, proofs, strict=True)
                if proof is not None
            ]
            store.append(*map(to_json, samples))
            counts["written"] += len(samples)
            finished += len(batch)
            if progress is not None:
                progress(finished)
    return counts


def _first_accepted(
    batch: Sequence[Conjecture], lean: LeanVerifier, counts: dict[str, int]
) -> list[str | None]:
    """For each statement its first accepted proof. One round of checks per rank of candidate."""
    found: list[str | None] = [None] * len(batch)
    open_ = list(range(len(batch)))
    rank = 0
    while open_:
        tried = [i for i in open_ if rank < len(batch[i].proofs)]
        requests = [
            (f"{batch[i].statement} := {batch[i].proofs[rank]}", f"{batch[i].statement} := sorry")
            for i in tried
        ]
        for i, verdict in zip(tried, lean.check_many(requests, limits=LIMITS), strict=True):
            if verdict.accepted:
                found[i] = batch[i].proofs[rank]
            elif verdict.status is Status.INFRA_ERROR:
                counts["infra"] += 1
            elif verdict.reason is Reason.KERNEL and any(t.rule == RULE for t in verdict.theorems):
                counts["disagreements"] += 1
                logger.error("%s := %s\n%s", batch[i].statement, batch[i].proofs[rank], verdict.detail)
        rank += 1
        open_ = [i for i in tried if found[i] is None]
    counts["unproved"] += sum(proof is None for proof in found)
    return found
