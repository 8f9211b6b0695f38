"""Items -> the SFT file: every program runs in the sandbox, and only what gives the gold answer is kept.

`out` is a folder: `samples.jsonl` (lines of `TrainingSample`), `dropped.jsonl` (id, source, reason,
question, completion) and `manifest.json` (counts per source and reason, sha256 of the
samples, of this package's code, limits).
The first two only grow; a run that was stopped continues where it ended, with a half-written last line
cut off. A sample's id is `PROBLEM#METHOD`; its prompt is `render_solve(question, method=METHOD)`.

Contract: reasons are `no_teacher`, `no_program`, `wrong_answer`, or the verdict's reason or status.
An infrastructure error says nothing about a sample: it is counted in the result, not written, and tried
again by the next run. Limits hold for each program and each comparison.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from mathlm import extract
from mathlm.prompts import render_solve
from mathlm.records import Records, write_json
from mathlm.types import Status, TrainingSample, Verdict, to_json
from training.data.problems.sources import Item
from verify.base import Limits

BATCH = 256
"""Items between two writes: what a stopped run may lose."""
SAMPLES, DROPPED, MANIFEST = "samples.jsonl", "dropped.jsonl", "manifest.json"
Counts = dict[str, dict[str, int]]
_UNWRITTEN = (None, str(Status.INFRA_ERROR))


class ProgramVerifier(Protocol):
    """What `build` needs of `verify.python.verifier.PythonVerifier`."""

    def run_many(self, programs: Sequence[str], *, limits: Limits) -> list[Verdict]: ...

    def equivalent_many(self, pairs: Sequence[tuple[str, str]], *, limits: Limits) -> list[Verdict]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Attempt:
    """One method's completion of one item; method -1 stands for an item without completion."""

    id: str
    item: Item
    method: int
    program: str | None


def build(
    items: Iterable[Item],
    *,
    verifier: ProgramVerifier,
    limits: Limits,
    out: Path,
    progress: Callable[[int], None] | None = None,
) -> Counts:
    """Verifies and writes what is not there yet; returns counts per source of kept and of each reason.

    `progress` is called with the number of items finished so far.
    """
    infra: Counter[str] = Counter()
    finished = 0
    remaining = iter(items)
    with Records(out / SAMPLES) as samples, Records(out / DROPPED) as dropped:
        done = {key for store in (samples, dropped) for (key,) in store.keys("id")}
        while batch := list(islice(remaining, BATCH)):
            fresh = {a.id: a for item in batch for a in _attempts(item) if a.id not in done}
            attempts = list(fresh.values())  # a generated text may come up again, with its id
            outcomes = list(zip(attempts, _judge(attempts, verifier, limits), strict=True))
            samples.append(*(to_json(_sample(a)) for a, reason in outcomes if reason is None))
            dropped.append(*(_dropped(a, reason) for a, reason in outcomes if reason not in _UNWRITTEN))
            infra.update(a.item.source for a, reason in outcomes if reason == Status.INFRA_ERROR)
            done.update(a.id for a, _ in outcomes)
            finished += len(batch)
            if progress is not None:
                progress(finished)
        counts = _counts(samples, dropped)
    _write_manifest(out, counts, limits)
    for source, number in infra.items():
        counts.setdefault(source, {})[str(Status.INFRA_ERROR)] = number
    return counts


def _attempts(item: Item) -> Iterator[_Attempt]:
    if not item.completions:
        yield _Attempt(id=item.problem.id, item=item, method=-1, program=None)
    for method, text in enumerate(item.completions):
        program = extract.solution(text).program
        yield _Attempt(id=f"{item.problem.id}#{method}", item=item, method=method, program=program)


def _judge(attempts: list[_Attempt], verifier: ProgramVerifier, limits: Limits) -> list[str | None]:
    """Per attempt None when it may be kept, else the reason why not."""
    reasons: list[str | None] = [
        "no_teacher" if a.method < 0 else "no_program" if a.program is None else None for a in attempts
    ]
    runnable = [i for i, reason in enumerate(reasons) if reason is None]
    ran = verifier.run_many([attempts[i].program or "" for i in runnable], limits=limits)
    pairs: list[tuple[int, tuple[str, str]]] = []
    for i, verdict in zip(runnable, ran, strict=True):
        reasons[i] = _reason(verdict)
        gold = attempts[i].item.problem.answer
        if verdict.accepted and gold is not None:
            pairs.append((i, (verdict.output.strip(), gold)))
        elif verdict.accepted:
            reasons[i] = "no_gold_answer"
    compared = verifier.equivalent_many([pair for _, pair in pairs], limits=limits)
    for (i, _), verdict in zip(pairs, compared, strict=True):
        reasons[i] = _reason(verdict)
    return reasons


def _reason(verdict: Verdict) -> str | None:
    return None if verdict.accepted else str(verdict.reason or verdict.status)


def _sample(attempt: _Attempt) -> TrainingSample:
    return TrainingSample(
        id=attempt.id,
        prompt=render_solve(attempt.item.problem.text, method=attempt.method).text,
        answer=attempt.item.completions[attempt.method],
        source=attempt.item.source,
    )


def _dropped(attempt: _Attempt, reason: str | None) -> dict[str, str | None]:
    """With the question and the completion: a wrong answer teaches judging."""
    text = attempt.item.completions[attempt.method] if attempt.method >= 0 else None
    facts = {"id": attempt.id, "source": attempt.item.source, "reason": reason}
    return {**facts, "question": attempt.item.problem.text, "completion": text}


def _counts(samples: Records, dropped: Records) -> Counts:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in samples.read():
        counts[line["source"]]["kept"] += 1
    for line in dropped.read():
        counts[line["source"]][line["reason"]] += 1
    return {source: dict(sorted(counter.items())) for source, counter in sorted(counts.items())}


def _write_manifest(out: Path, counts: Counts, limits: Limits) -> None:
    code = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        code.update(file.read_bytes())
    manifest = {
        "samples": sum(counter.get("kept", 0) for counter in counts.values()),
        "sha256": hashlib.sha256((out / SAMPLES).read_bytes()).hexdigest(),
        "code_sha256": code.hexdigest(),
        "limits": to_json(limits),
        "counts": counts,
    }
    write_json(out / MANIFEST, manifest)
