"""`mathlm data roles`: attempts and generators -> one file of lines for each role, with a manifest.

What only rearranges verdicts comes first; then, where a Lean verifier is given, the proofs that it must look
at, `BATCH` at a time, each batch kept on the disk. `data-ROLE.jsonl` is ready for `data mix` and `train sft`.

Contract: the same inputs, settings, code and toolchain give the same bytes, but for checks at a time limit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from training.data.prepare.folder import Folder, Json, file_sha256
from training.data.roles import answers, attempts, generated, proofs, statements
from training.data.roles.attempts import Proved
from verify.lean.verifier import LeanVerifier

BATCH = 20
"""Theorems between two writes."""
ROLES = (
    "solve", "words", "solve_lean", "prove", "repair", "sketch", "tactic", "formalise", "informalise",
    "judge_outcome", "judge_steps", "compare", "augment", "conjecture",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class RolesConfig:
    """What to make lines of. Example: `RolesConfig(out=Path("roles"), proofs=(Path("theorems.jsonl"),))`."""

    out: Path
    solutions: tuple[Path, ...] = ()
    """`samples.jsonl` of `mathlm eval solve`."""
    proofs: tuple[Path, ...] = ()
    """`samples.jsonl` of `mathlm eval prove`, files of `mathlm data theorems`."""
    count: int = 1000
    """Lines of each role that generators make."""
    seed: int = 0


def make(
    config: RolesConfig, *, lean: LeanVerifier | None, progress: Callable[[int], None] | None = None
) -> Json:
    """Write the lines of all roles; returns the manifest."""
    settings = {
        "solutions": [{"file": p.name, "sha256": file_sha256(p)} for p in config.solutions],
        "proofs": [{"file": p.name, "sha256": file_sha256(p)} for p in config.proofs],
        "count": config.count,
        "seed": config.seed,
        "toolchain": None if lean is None else lean.toolchain,
    }
    with Folder(config.out, settings) as folder:
        if folder.finished is not None:
            return folder.finished
        proved = list(chain.from_iterable(map(attempts.proved, config.proofs)))
        by_role: dict[str, dict[str, Json]] = defaultdict(dict)
        for line in chain(_without_lean(config, proved), _with_lean(config, proved, lean, folder, progress)):
            by_role[line["source"].removeprefix("role/")].setdefault(line["id"], line)
        for role in sorted(by_role):
            folder.write(f"data-{role}.jsonl", by_role[role].values())
        return folder.finish({"lines": {role: len(found) for role, found in sorted(by_role.items())}})


def _without_lean(config: RolesConfig, proved: Sequence[Proved]) -> Iterator[Json]:
    yield from answers.from_solutions(chain.from_iterable(map(attempts.solved, config.solutions)))
    yield from answers.from_proofs(proved)
    yield from statements.of_theorems(proved)
    yield from generated.augmentations(config.count, seed=config.seed)
    yield from generated.worked(config.count, seed=config.seed)


def _with_lean(
    config: RolesConfig,
    proved: Sequence[Proved],
    lean: LeanVerifier | None,
    folder: Folder,
    progress: Callable[[int], None] | None,
) -> Iterator[Json]:
    if lean is None:
        return
    accepted = iter(dict.fromkeys((a.statement, a.proof) for a in proved if a.accepted))
    number = 0
    while batch := list(islice(accepted, BATCH)):
        records = folder.chunk(number)
        if records is None:
            records = [line for pair in batch for line in proofs.from_proof(*pair, lean)]
            folder.keep_chunk(number, records)
        yield from records
        number += 1
        if progress is not None:
            progress(number * BATCH)
    records = folder.chunk(number)
    if records is None:
        records = list(statements.of_questions(config.count, seed=config.seed, lean=lean))
        folder.keep_chunk(number, records)
    yield from records
