"""Lean checks: cold start, warm rate with one and two workers, share spent outside Lean, memory, and the
ratio to one process per proof.

    python tests/bench/bench_lean.py [--checks 1000] [--mix small|all] [--soak 5000] [--fresh 3]

The proofs are made by `training.data.theorems`, each judged against its own statement: `small`
takes everyday ones, `all` every family, with linear systems that keep omega busy for 100 ms and more.
"Outside Lean" compares the time seen by the caller with the time inside the worker.
"""

from __future__ import annotations

import argparse
import statistics
import time
from random import Random

from training.data import theorem_families as families
from training.data.theorems import Conjecture, conjectures
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=4096, heartbeats=200_000, output_bytes=65_536)


SMALL = (
    families.commute,
    families.ring_identity,
    families.closed_arithmetic,
    families.logic,
    families.hypotheses_logic,
    families.lists,
    families.rewriting,
    families.witness,
    families.divides,
    families.function_value,
)


def small(count: int, seed: int) -> list[Conjecture]:
    """Everyday proofs: one short tactic or term each (omega, grind, decide, simp, rw, terms)."""
    rng = Random(seed)
    drawn = (SMALL[i % len(SMALL)](rng) for i in range(count))
    return [
        Conjecture(id=str(i), statement=f"theorem t {text}", proofs=tried)
        for i, (text, tried) in enumerate(drawn)
    ]


def proofs(count: int, mix: str) -> list[tuple[str, str | None]]:
    """(source, statement) pairs that Lean accepts, in a fixed order."""
    with LeanVerifier(workers=2) as lean:
        found: list[tuple[str, str | None]] = []
        seed = 100
        while len(found) < count:
            made = small(count, seed) if mix == "small" else conjectures(count, seed=seed)
            drawn = [(f"{c.statement} := {c.proofs[0]}", f"{c.statement} := sorry") for c in made]
            verdicts = lean.check_many(drawn, limits=LIMITS)
            found += [pair for pair, verdict in zip(drawn, verdicts, strict=True) if verdict.accepted]
            seed += 1
        return found[:count]


def cold_start() -> float:
    """Seconds from nothing to the first verdict."""
    began = time.perf_counter()
    with LeanVerifier(workers=1) as lean:
        assert lean.check("theorem t (a b : Nat) : a + b = b + a := by omega", limits=LIMITS).accepted
    return time.perf_counter() - began


def warm_rate(checks: list[tuple[str, str | None]], workers: int) -> float:
    """Checks per second of warm workers."""
    with LeanVerifier(workers=workers) as lean:
        lean.check_many(checks[: 40 * workers], limits=LIMITS)
        began = time.perf_counter()
        verdicts = lean.check_many(checks, limits=LIMITS)
        seconds = time.perf_counter() - began
        assert all(v.accepted for v in verdicts)
        return len(checks) / seconds


def outside_share(checks: list[tuple[str, str | None]]) -> float:
    """Share of a check's wall time that is not spent between the host's request and answer."""
    with LeanVerifier(workers=1) as lean:
        lean.check_many(checks[:40], limits=LIMITS)
        total = inside = 0.0
        for source, statement in checks:
            began = time.perf_counter()
            _, milliseconds = lean.check_timed(source, statement=statement, limits=LIMITS)
            total += time.perf_counter() - began
            inside += sum(milliseconds) / 1000
        return 1 - inside / total


def memory(checks: list[tuple[str, str | None]], soak: int) -> tuple[float, float]:
    """Resident MB of one worker after 500 checks and after `soak`."""
    with LeanVerifier(workers=1) as lean:
        repeated = [checks[i % len(checks)] for i in range(soak)]
        lean.check_many(repeated[:500], limits=LIMITS)
        (early,) = lean.pool.rss_mb()
        lean.check_many(repeated[500:], limits=LIMITS)
        (late,) = lean.pool.rss_mb()
        assert lean.pool.restarts == 0
        return early, late


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checks", type=int, default=1000)
    parser.add_argument("--mix", choices=("small", "all"), default="small", help="which proofs")
    parser.add_argument("--soak", type=int, default=5000)
    parser.add_argument("--fresh", type=int, default=3, help="processes started for the cold figures")
    args = parser.parse_args()
    cold = [cold_start() for _ in range(args.fresh)]
    print(
        f"cold start to first verdict   {statistics.median(cold):.2f} s (median of {args.fresh})", flush=True
    )
    checks = proofs(args.checks, args.mix)
    one = warm_rate(checks, 1)
    print(f"warm, one worker              {one:.1f} checks/s over {len(checks)} proofs", flush=True)
    two = warm_rate(checks, 2)
    print(f"warm, two workers             {two:.1f} checks/s, {two / one:.2f} times one", flush=True)
    print(
        f"one process per proof         {statistics.median(cold) * one:.0f} times slower than a warm worker"
    )
    print(f"time outside Lean             {100 * outside_share(checks[:300]):.1f} % of a check", flush=True)
    early, late = memory(checks, args.soak)
    print(
        f"resident after 500 checks     {early:.0f} MB; after {args.soak}: {late:.0f} MB ({late / early:.3f})"
    )


if __name__ == "__main__":
    main()
