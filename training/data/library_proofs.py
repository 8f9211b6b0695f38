"""The teacher of library proofs: train theorems of the core library, proved by templates.

For each theorem: state it, retrieve premises (never the theorem, what says the same, or anything held out),
try blocks of tactics (`training.data.library_tactics`) on the remembered proof state, those first that have
closed most per second so far, drop what the first that closes it can do without, and let both kernels judge
the whole. Theorems are drawn from all parts of the library in turn.

Output, append-only: fine-tuning lines in OUT, each proof with its retrieved premises in the prompt (best
last) and without; plain records `{"name", "module", "statement", "proof", "template", "premises_used"}` in
`OUT.proofs.jsonl`; what was tried, with attempts and seconds, in `OUT.tried.jsonl`: the same command again
goes on from there. `OUT.manifest.json` has counts, hashes and settings.
Errors: InfraError when Lean cannot be started or lets many theorems down in a row. Training only.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mathlm import library, prompts
from mathlm.config import git_hash
from mathlm.errors import InfraError
from mathlm.library import LibraryTheorem
from mathlm.premises import Premise, Retriever, offered
from mathlm.records import Records, write_json
from mathlm.search.premises import lines
from mathlm.types import Reason, Status, TrainingSample, Verdict, to_json
from training.data.library import held_out, restated, spread
from training.data.library_tactics import MANY, Block, blocks
from verify.base import Limits
from verify.lean.verifier import LeanVerifier
from verify.ordered import in_order

STEP = Limits(seconds=120, memory_mb=3000, heartbeats=20_000, output_bytes=500)
JUDGE = Limits(seconds=120, memory_mb=3000, heartbeats=200_000, output_bytes=2_000)
LONGEST = 400
"""Characters of a signature."""
ATTEMPTS = 80
"""Blocks tried on one theorem. Heartbeats bound each, since wall time says more about the machine."""
PATIENCE = 6.0
"""Seconds after which no further block is begun: of 286 theorems those that took longer were 4 % of what was
proved and five sixths of the time."""
JUDGED = 2
"""Blocks that close the goal which the judge may refuse before a theorem is given up."""
DOWN = 20
"""Theorems in a row that the machine may fail."""
PRIOR_SECONDS = 0.5
"""Weight of the first guess, one success in this time, against what was measured."""
SOURCE = "library-proofs"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of one theorem."""

    theorem: LibraryTheorem
    statement: str
    premises: tuple[Premise, ...]
    template: str | None = None
    block: Block | None = None
    """The block that the judge accepted, made as small as it can be."""
    attempts: int = 0
    seconds: float = 0.0
    infra: bool = False
    disagreement: bool = False


@dataclass(slots=True)
class Success:
    """How often and how quickly each template closed a goal. Thread-safe."""

    wins: Counter[str] = field(default_factory=Counter)
    spent: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, template: str, *, seconds: float, closed: bool) -> None:
        with self.lock:
            self.spent[template] += seconds  # type: ignore[assignment]
            self.wins[template] += closed

    def order(self, pairs: Sequence[tuple[str, Block]]) -> list[tuple[str, Block]]:
        """The pairs, most successes per second first; among equals as they came."""
        with self.lock:
            rate = {t: (self.wins[t] + 1) / (self.spent[t] + PRIOR_SECONDS) for t, _ in pairs}
        return sorted(pairs, key=lambda pair: -rate[pair[0]])


class Teacher:
    """Proves one theorem at a time; several threads may ask it."""

    def __init__(
        self, theorems: Sequence[LibraryTheorem], retriever: Retriever, *, lean: LeanVerifier
    ) -> None:
        if lean.second is None:
            raise ValueError("proofs that are released need both kernels: LeanVerifier(paranoid=True)")
        self._lean = lean
        self._retriever = retriever
        self._groups = library.same_meaning(theorems)
        self._held_out = held_out(theorems)
        self.success = Success()

    def todo(self, theorems: Sequence[LibraryTheorem], seed: int) -> Iterator[LibraryTheorem]:
        """The theorems that may be trained on, from all parts of the library in turn, one of each meaning."""
        seen: set[str] = set()
        core = [t for t in offered(theorems) if t.name not in self._held_out and t.module != library.PRELUDE]
        for theorem in spread(core, seed, longest=LONGEST):
            if theorem.alias not in seen and restated(theorem) is not None:
                seen.add(theorem.alias)
                yield theorem

    def prove(self, theorem: LibraryTheorem) -> Outcome:
        """Try the most promising blocks until one is accepted."""
        started = time.monotonic()
        statement = restated(theorem) or ""
        forbidden = library.forbidden(theorem, self._groups)
        premises = self._retriever.retrieve(statement, k=MANY, exclude=self._held_out.union(forbidden))
        search = _Search(self._lean, statement, tuple(forbidden), self.success)
        try:
            found = search.run(blocks(statement, [p.name for p in premises]))
        except InfraError:
            found, search.infra = None, True
        return Outcome(
            theorem=theorem,
            statement=statement,
            premises=tuple(premises),
            template=found[0] if found else None,
            block=found[1] if found else None,
            attempts=search.attempts,
            seconds=time.monotonic() - started,
            infra=search.infra,
            disagreement=search.disagreement,
        )


class _Search:
    """The attempts on one statement."""

    def __init__(
        self, lean: LeanVerifier, statement: str, forbidden: tuple[str, ...], success: Success
    ) -> None:
        self._lean, self._statement, self._forbidden, self._success = lean, statement, forbidden, success
        self.attempts = 0
        self.infra = False
        self.disagreement = False

    def run(self, pairs: Sequence[tuple[str, Block]]) -> tuple[str, Block] | None:
        if self._goals([]) is None:
            return None  # what Lean printed does not read back
        refused, barred = 0, set[str]()
        until = time.monotonic() + PATIENCE
        for template, block in self._success.order(pairs)[:ATTEMPTS]:
            if refused >= JUDGED or time.monotonic() > until:
                return None
            if barred & automation_in(block.text):
                continue
            began = time.monotonic()
            closed = self._closes(block)
            self._success.add(template, seconds=time.monotonic() - began, closed=closed)
            if not closed:
                continue
            smallest = self._smallest(block)
            verdict = self._judged(smallest)
            if verdict.accepted:
                return template, smallest
            if verdict.reason is Reason.FORBIDDEN:  # simp or grind knows the theorem itself
                barred |= automation_in(smallest.text)
            else:
                refused += 1
        return None

    def _smallest(self, block: Block) -> Block:
        """The block without what it can do without: a change that still closes the goal is kept."""
        for other in block.simpler():
            if self._closes(other):
                return self._smallest(other)
        return block

    def _closes(self, block: Block) -> bool:
        self.attempts += 1
        return self._goals([block.text]) == 0

    def _goals(self, tactics: list[str]) -> int | None:
        """Goals left after the tactics; None for an error, or where a limit was hit."""
        try:
            answer = self._lean.step(
                f"{self._statement} := by\n  sorry", hole=0, tactics=tactics, limits=STEP
            )
        except InfraError:
            self.infra = True
            return None
        return None if answer.error is not None else len(answer.goals)

    def _judged(self, block: Block) -> Verdict:
        verdict = self._lean.check(
            f"{self._statement} := by {block.text}",
            statement=f"{self._statement} := sorry",
            limits=JUDGE,
            forbidden=self._forbidden,
        )
        self.infra |= verdict.status is Status.INFRA_ERROR
        self.disagreement |= any(theorem.rule == "kernels" for theorem in verdict.theorems)
        return verdict


def automation_in(tactics: str) -> set[str]:
    """Those of `simp` and `grind` that use all they know of the library: `simp only` does not."""
    return set(re.findall(r"\b(simp|grind)(?:_all|a)?\b(?! only)", tactics))


def build(
    theorems: Sequence[LibraryTheorem],
    retriever: Retriever,
    *,
    lean: LeanVerifier,
    out: Path,
    count: int,
    seed: int,
    seconds: float | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Try the first `count` theorems of this seed, for at most `seconds`; returns the figures of this run."""
    teacher = Teacher(theorems, retriever, lean=lean)
    started = time.monotonic()
    figures: Counter[str] = Counter()
    shapes: Counter[str] = Counter()
    with (
        Records(out) as samples,
        Records(_beside(out, "proofs")) as proofs,
        Records(_beside(out, "tried")) as tried,
    ):
        done = {name for (name,) in tried.keys("name")}
        drawn = [t for _, t in zip(range(count), teacher.todo(theorems, seed), strict=False)]
        queue = (
            t
            for t in drawn
            if t.name not in done and (seconds is None or time.monotonic() - started < seconds)
        )
        down = 0
        for outcome in in_order(teacher.prove, queue, threads=lean.pool.size):
            down = down + 1 if outcome.infra and outcome.block is None else 0
            if down >= DOWN:
                raise InfraError(f"Lean failed on {DOWN} theorems in a row: run 'mathlm doctor'")
            _store(outcome, samples, proofs, tried)
            figures.update(
                tried=1, proved=outcome.block is not None, attempts=outcome.attempts,
                infra=outcome.infra, disagreements=outcome.disagreement,
            )  # fmt: skip
            if outcome.template is not None:
                shapes[outcome.template] += 1
            if progress is not None:
                progress(len(done) + figures["tried"])
    report = _report(figures, shapes, time.monotonic() - started)
    _write_manifest(out, report, count=count, seed=seed, lean=lean)
    return report


def samples_of(outcome: Outcome) -> list[TrainingSample]:
    """The proof as fine-tuning samples: with the premises that have room, its own first, and without."""
    if outcome.block is None:
        return []
    answer, name = f"by {outcome.block.text}", outcome.theorem.name
    lemmas = lines(outcome.premises, statement=outcome.statement, needed=outcome.block.lemmas)
    shown = {"premises": lemmas, "bare": []} if lemmas else {"bare": []}
    return [
        TrainingSample(
            id=f"{name}/{kind}", prompt=prompts.render_prove(outcome.statement, premises=some).text,
            answer=answer, source=SOURCE,
        )
        for kind, some in shown.items()
    ]  # fmt: skip


def _store(outcome: Outcome, samples: Records, proofs: Records, tried: Records) -> None:
    """Samples, record, and last the mark that the theorem is done. What a stopped run left of the first two
    comes again with the same id."""
    if outcome.block is not None:
        samples.append(*map(to_json, samples_of(outcome)))
        proofs.append(
            {
                "name": outcome.theorem.name,
                "module": outcome.theorem.module,
                "statement": outcome.statement,
                "proof": f"by {outcome.block.text}",
                "template": outcome.template,
                "premises_used": list(outcome.block.lemmas),
            }
        )
    if outcome.block is not None or not outcome.infra:
        tried.append(
            {
                "name": outcome.theorem.name,
                "proved": outcome.block is not None,
                "attempts": outcome.attempts,
                "seconds": round(outcome.seconds, 3),
            }
        )


def _report(figures: Counter[str], shapes: Counter[str], seconds: float) -> dict[str, Any]:
    minutes = max(seconds, 1e-9) / 60
    return {
        "tried": figures["tried"],
        "proved": figures["proved"],
        "attempts": figures["attempts"],
        "infra": figures["infra"],
        "disagreements": figures["disagreements"],
        "seconds": round(seconds, 1),
        "attempts_per_second": round(figures["attempts"] / minutes / 60, 1),
        "proved_per_minute": round(figures["proved"] / minutes, 1),
        "templates": dict(shapes.most_common()),
    }


def _write_manifest(out: Path, report: dict[str, Any], *, count: int, seed: int, lean: LeanVerifier) -> None:
    files = [out, _beside(out, "proofs"), _beside(out, "tried")]
    write_json(
        out.with_name(f"{out.name.removesuffix('.jsonl')}.manifest.json"),
        {
            "files": {path.name: _digest(path) for path in files},
            "count": count,
            "seed": seed,
            "toolchain": lean.toolchain,
            "library": library.folder_name(lean.runtime),
            "git": git_hash(),
            "last_run": report,
        },
    )


def _digest(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "lines": data.count(b"\n")}


def _beside(out: Path, what: str) -> Path:
    return out.with_name(f"{out.name.removesuffix('.jsonl')}.{what}.jsonl")
