"""Theorems of the core library to be proved without themselves: the held-out benchmark, and training's own.

Lines `{"id", "statement", "forbidden"}` for `mathlm eval prove`: the library's name, the statement as
`theorem t …`, and what a proof must not use (the theorem, those that say the same, what Lean made of them).
The theorems are from the test split, or (`test=False`, for `mathlm loop`) none of them is, nor says the same
as one that is; one of each meaning, spread over the parts of the library, and such that the statement
as printed, read back, still is what the library says: `exact @NAME ..` proves it.
Errors: InfraError when Lean cannot be started, or breaks on a statement twice. Not covered: the prelude's
theorems.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from mathlm.errors import InfraError, LimitHit
from mathlm.library import PRELUDE, LibraryTheorem, forbidden, same_meaning
from mathlm.premises import offered
from mathlm.records import write_atomically
from mathlm.types import Status, TrainingSample, to_json
from training.data.library import held_out, restated, spread
from training.data.split import is_test
from verify.base import Limits
from verify.lean.verifier import LeanVerifier
from verify.ordered import in_order

LIMITS = Limits(seconds=30, memory_mb=3000, heartbeats=200_000, output_bytes=4_000)
LONGEST = 400
"""Characters of a signature; longer ones are mostly about generated code."""
AT_ONCE = 64

Line = dict[str, object]


def benchmark(
    theorems: Sequence[LibraryTheorem],
    count: int,
    *,
    seed: int,
    lean: LeanVerifier,
    test: bool = True,
    progress: Callable[[int], None] | None = None,
) -> list[Line]:
    """`count` lines, or as many as there are; the same for the same library and seed."""
    groups = same_meaning(theorems)
    found = drawn(
        theorems, count, lambda theorem: f"intros; exact @{theorem.name} ..",
        seed=seed, lean=lean, test=test, progress=progress,
    )  # fmt: skip
    return [{"id": t.name, "statement": text, "forbidden": forbidden(t, groups)} for t, text in found]


def drawn(
    theorems: Sequence[LibraryTheorem],
    count: int,
    by: Callable[[LibraryTheorem], str],
    *,
    seed: int,
    lean: LeanVerifier,
    test: bool,
    progress: Callable[[int], None] | None = None,
) -> list[tuple[LibraryTheorem, str]]:
    """`count` theorems of one side of the split with their statements, which these tactics prove."""
    candidates = _candidates(theorems, seed, test=test)
    found: list[tuple[LibraryTheorem, str]] = []
    while len(found) < count and (some := list(islice(candidates, AT_ONCE))):
        found += proved(some, by, lean=lean)
        if progress is not None:
            progress(min(len(found), count))
    return found[:count]


def proved(
    pairs: Sequence[tuple[LibraryTheorem, str]], by: Callable[[LibraryTheorem], str], *, lean: LeanVerifier
) -> list[tuple[LibraryTheorem, str]]:
    """The theorems with statements that the judge sees proved by these tactics. Raises InfraError.

    A tactic step comes first: a judge that met a statement which it cannot parse is replaced, which takes
    seconds, and many statements are printed so that they do not read back.
    """

    def reads_back(pair: tuple[LibraryTheorem, str]) -> bool:
        theorem, text = pair
        try:
            step = lean.step(f"{text} := by\n  sorry", hole=0, tactics=[by(theorem)], limits=LIMITS)
        except (InfraError, LimitHit):
            return True
        return step.error is None and not step.goals

    readable = list(in_order(reads_back, pairs, threads=lean.pool.size))
    pairs = [pair for pair, reads in zip(pairs, readable, strict=True) if reads]
    requests = [(f"{text} := by {by(theorem)}", f"{text} := sorry") for theorem, text in pairs]
    verdicts = lean.check_many(requests, limits=LIMITS)
    if broken := [verdict for verdict in verdicts if verdict.status is Status.INFRA_ERROR]:
        raise InfraError(f"Lean let a statement down ({broken[0].detail}): run 'mathlm doctor'")
    return [pair for pair, verdict in zip(pairs, verdicts, strict=True) if verdict.accepted]


def write(lines: Sequence[Line] | Sequence[TrainingSample], out: Path) -> None:
    """The lines as a file, whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(to_json(line), ensure_ascii=False) + "\n" for line in lines)
    write_atomically(out, lambda partial: partial.write_text(text, encoding="utf-8"))


def _candidates(
    theorems: Sequence[LibraryTheorem], seed: int, *, test: bool
) -> Iterator[tuple[LibraryTheorem, str]]:
    """Theorems of one side of the split with their statements, one of each meaning."""
    kept_back = held_out(theorems)
    core = [
        t
        for t in offered(theorems)
        if t.module != PRELUDE and (is_test(t.name) if test else t.name not in kept_back)
    ]
    seen: set[str] = set()
    for theorem in spread(core, seed, longest=LONGEST):
        statement = restated(theorem)
        if statement is not None and theorem.alias not in seen:
            seen.add(theorem.alias)
            yield theorem, statement
