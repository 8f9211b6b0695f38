"""Lean checks while workers and judges are killed: is a request lost, a verdict wrong, a process left over?

    python tests/bench/soak_lean.py [--checks 10000] [--seed 0] [--workers 2] [--kill-every 100]
        [--seconds N] [--json]

Most requests are small true and false proofs whose verdicts are known; some are endless loops, candidates
that exhaust memory or the stack or flood standard error, and attacks. A thread kills (SIGKILL) a worker or
judge for about every hundredth request, while others are under way. An `infra_error` is honest where a
request's process was killed twice; it is counted apart, as are timeouts of requests that have an end. Exit
code 1 where a request was lost, a verdict wrong, a process left over, or memory grew by more than `GROWTH`
(in runs of at least `MANY` checks).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from bench_lean import small

from mathlm.errors import InfraError
from mathlm.types import Status
from verify.base import Limits
from verify.lean.verifier import LeanVerifier
from verify.process import _resident_mb

PATIENT = Limits(seconds=120, memory_mb=3072, heartbeats=200_000, output_bytes=65_536)
SHORT = Limits(seconds=2, memory_mb=3072, heartbeats=200_000, output_bytes=65_536)
TIGHT = Limits(seconds=60, memory_mb=1400, heartbeats=200_000, output_bytes=65_536)
TRUE = "\ntheorem t : 1 = 1 := rfl"
GROWTH = 1.2
MANY = 1000
HONEST, FALSE, ATTACK = "true", "false", "attack"
LOOP, MEMORY, STACK, FLOOD = "loop", "memory", "stack", "flood"
PERCENT = {FALSE: 20, LOOP: 1, MEMORY: 1, STACK: 1, FLOOD: 1, ATTACK: 2}
"""Of a hundred requests; the rest are true."""
SPECIAL = {
    LOOP: ("partial def f (n : Nat) : Nat := f (n + 1)\n#eval f 0" + TRUE,),
    MEMORY: (
        "#eval (Array.replicate 2000000000 0).size" + TRUE,
        "def f : Nat → List Nat → Nat | 0, [] => 0 | 0, _ :: _ => 1 | n + 1, l => f n (n :: l)\n"
        "#eval f 1000000000 []" + TRUE,
    ),
    STACK: (
        "def f : Nat → Nat | 0 => 0 | n + 1 => f n + 1\n#eval f 10000000" + TRUE,
        "theorem t : " + "¬ " * 30_000 + "False := sorry",
    ),
    FLOOD: (
        'partial def f (n : Nat) : Nat := f (dbgTrace "flood flood flood" fun _ => n + 1)\n#eval f 0' + TRUE,
    ),
    ATTACK: (
        "axiom cheat : False\ntheorem t : 1 = 2 := cheat.elim",
        "theorem t : 1 = 2 := sorryAx _ false",
        "set_option debug.skipKernelTC true in\ntheorem t : 1 = 2 := by decide +kernel",
        "local instance : OfNat Nat 2 := ⟨1⟩\ntheorem t : 1 = 2 := rfl",
        "#eval IO.Process.exit 0\ntheorem t : 1 = 2 := rfl",
    ),
}
EXPECTED = {
    HONEST: {Status.ACCEPTED},
    FALSE: {Status.REJECTED},
    LOOP: {Status.TIMEOUT},
    MEMORY: {Status.RESOURCE},
    STACK: {Status.RESOURCE},
    FLOOD: {Status.TIMEOUT, Status.RESOURCE},
    ATTACK: {Status.REJECTED, Status.RESOURCE},
}
SLOW = {MEMORY, STACK, HONEST, FALSE, ATTACK}
"""Kinds that a loaded machine may not finish in their time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One request. Example: `Job(kind="true", source="theorem …", statement="theorem …", limits=PATIENT)`."""

    kind: str
    source: str
    statement: str
    limits: Limits


@dataclass(kw_only=True)
class Report:
    """What happened. Memory in MB: median of the first and of the last tenth of the readings."""

    checks: int
    """Requests sent."""
    seconds: float = 0.0
    answered: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    infra_errors: int = 0
    late: int = 0
    """Timeouts of requests that were not endless."""
    outcomes: dict[str, int] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)
    left_over: list[int] = field(default_factory=list)
    parent_mb: tuple[float, float] = (0.0, 0.0)
    largest_worker_mb: tuple[float, float] = (0.0, 0.0)

    @property
    def ok(self) -> bool:
        sizes = (self.parent_mb, self.largest_worker_mb)
        flat = self.checks < MANY or all(late <= early * GROWTH for early, late in sizes)
        return (
            self.answered == self.checks and not self.lost and not self.wrong and not self.left_over and flat
        )


def jobs(count: int, seed: int, honest: list[tuple[str, str]]) -> Iterator[Job]:
    """The requests, in a fixed order."""
    rng = Random(seed)
    kinds = [kind for kind, percent in PERCENT.items() for _ in range(percent)]
    for _ in range(count):
        draw = rng.randrange(100)
        kind = kinds[draw] if draw < len(kinds) else HONEST
        if kind == HONEST:
            source, statement = rng.choice(honest)
            yield Job(kind=kind, source=source, statement=statement, limits=PATIENT)
        elif kind == FALSE:
            source, statement = false(rng, honest)
            yield Job(kind=kind, source=source, statement=statement, limits=PATIENT)
        else:
            statement = "theorem t : 1 = 2 := sorry" if kind == ATTACK else "theorem t : 1 = 1 := sorry"
            limits = {LOOP: SHORT, FLOOD: SHORT, MEMORY: TIGHT}.get(kind, PATIENT)
            yield Job(kind=kind, source=rng.choice(SPECIAL[kind]), statement=statement, limits=limits)


def false(rng: Random, honest: list[tuple[str, str]]) -> tuple[str, str]:
    """A false equation with a true one's tactic, or the proof of another statement."""
    if rng.random() < 0.5:
        a, b = rng.randrange(100), rng.randrange(100)
        statement = f"theorem t (n : Nat) : n + {a} + {b} = n + {a + b + 1}"
        return f"{statement} := by {rng.choice(('omega', 'simp', 'decide', 'rfl'))}", f"{statement} := sorry"
    return rng.choice(honest)[0], "theorem t (p q : Prop) (h : p ∨ q) : p ∧ q := sorry"


class Killer:
    """Kills a random worker or judge for every `every`-th request, and measures memory in between."""

    def __init__(self, lean: LeanVerifier, seed: int, every: int) -> None:
        self.kills: Counter[str] = Counter()
        self.seen: set[int] = set()
        self.memory: list[tuple[float, float]] = []
        self._lean, self._rng, self._every = lean, Random(seed), every
        self._requests = 0
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="killer", daemon=True)
        self._thread.start()

    def count(self) -> None:
        """Say that a request begins."""
        with self._changed:
            self._requests += 1
            self._changed.notify()

    def _run(self) -> None:
        done = 0
        while not self._stopped:
            if self._requests // self._every > done:
                time.sleep(self._rng.uniform(0, 0.05))  # not always at the same point of the request
            found = [(pid, "worker") for pid in self._lean.pool.pids()]
            found += [(pid, "judge") for pid in self._lean.judges.pids()]
            self.seen |= {pid for pid, _ in found}
            sizes = [_resident_mb(pid) for pid, _ in found]
            self.memory.append((_resident_mb(os.getpid()), max(sizes, default=0.0)))
            if found and self._requests // self._every > done:
                done += 1
                pid, kind = self._rng.choice(found)
                try:
                    os.kill(pid, signal.SIGKILL)
                    self.kills[kind] += 1
                except ProcessLookupError:
                    self.kills["gone already"] += 1
            with self._changed:
                self._changed.wait(0.25)

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join()


def alive(seen: set[int]) -> list[int]:
    """Processes that belong to us or to a group of one of those that were seen."""
    own = os.getpid()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == own or int(fields[2]) in seen:
            found.append(int(folder.name))
    return found


def soak(checks: int, *, seed: int, workers: int, kill_every: int, seconds: float) -> Report:
    """Run the requests under fire."""
    report = Report(checks=0)
    outcomes: Counter[str] = Counter()
    lock = threading.Lock()
    with LeanVerifier(workers=workers, spare=1) as lean:
        drawn = [(f"{c.statement} := {c.proofs[0]}", f"{c.statement} := sorry") for c in small(300, seed)]
        verdicts = lean.check_many(drawn, limits=PATIENT)
        honest = [pair for pair, verdict in zip(drawn, verdicts, strict=True) if verdict.accepted]
        assert len(honest) > 200, "too few of the honest proofs are accepted in peace"
        killer = Killer(lean, seed, kill_every)

        def one(job: Job) -> None:
            if time.monotonic() > end:
                return
            with lock:
                report.checks += 1
            killer.count()
            try:
                verdict = lean.check(job.source, statement=job.statement, limits=job.limits)
            except InfraError as error:
                with lock:
                    report.lost.append(f"{job.kind}: {error}")
                return
            with lock:
                report.answered += 1
                outcomes[f"{job.kind}: {verdict.status}"] += 1
                if verdict.status is Status.INFRA_ERROR:
                    report.infra_errors += 1
                elif verdict.status is Status.TIMEOUT and job.kind in SLOW:
                    report.late += 1
                elif verdict.status not in EXPECTED[job.kind]:
                    report.wrong.append(
                        f"{job.kind}: {verdict.status} {verdict.detail[:200]} {job.source[:200]}"
                    )

        began = time.monotonic()
        end = began + seconds
        try:
            with ThreadPoolExecutor(workers + 1) as threads:
                for done, _ in enumerate(threads.map(one, jobs(checks, seed, honest)), 1):
                    if done % 500 == 0:
                        print(f"{done}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        finally:
            killer.stop()
        report.seconds = time.monotonic() - began
        report.restarts = {"workers": lean.pool.restarts, "judges": lean.judges.restarts}
    time.sleep(1)
    report.left_over = alive(killer.seen)
    report.outcomes, report.kills = dict(sorted(outcomes.items())), dict(killer.kills)
    tenth = max(1, len(killer.memory) // 10)
    early, late = killer.memory[:tenth], killer.memory[-tenth:]
    sizes = [
        tuple(round(statistics.median(column)) for column in zip(*part, strict=True))
        for part in (early, late)
    ]
    report.parent_mb = (sizes[0][0], sizes[1][0])
    report.largest_worker_mb = (sizes[0][1], sizes[1][1])
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checks", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill-every", type=int, default=100, help="requests for each kill")
    parser.add_argument(
        "--seconds", type=float, default=math.inf, help="send no more requests after this long"
    )
    parser.add_argument("--json", action="store_true", help="the report as one JSON document")
    args = parser.parse_args()
    report = soak(
        args.checks,
        seed=args.seed,
        workers=args.workers,
        kill_every=args.kill_every,
        seconds=args.seconds,
    )
    document = {"ok": report.ok, **asdict(report)}
    if args.json:
        print(json.dumps(document))
    else:
        for key, value in document.items():
            print(f"{key:20} {value}")
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
