"""What judging costs: Lean's kernel in a process of its own, and the second kernel.

    python tests/bench/bench_judge.py [--proofs 2000] [--mix small|all]

Prints, over proofs that Lean accepts: the median time in the worker and in the judge (statement elaborated,
text read, kernel run, facts found); with the second kernel how often it accepts, declines and disagrees, its
median time, and checks per second with one worker and one judge.
"""

from __future__ import annotations

import argparse
import statistics
import time

from bench_lean import LIMITS, proofs

from mathlm.types import Status
from verify.lean.verifier import LeanVerifier


def judged(checks: list[tuple[str, str | None]]) -> tuple[float, float]:
    """Median milliseconds in the worker and in the judge."""
    with LeanVerifier(workers=1) as lean:
        lean.check_many(checks[:100], limits=LIMITS)
        spent = []
        for source, statement in checks:
            verdict, milliseconds = lean.check_timed(source, statement=statement, limits=LIMITS)
            assert verdict.accepted, verdict.detail
            spent.append(milliseconds)
    worker, judge = zip(*spent, strict=True)
    return statistics.median(worker), statistics.median(judge)


def second(checks: list[tuple[str, str | None]]) -> tuple[dict[str, int], float, float]:
    """Counts of verdicts, the median milliseconds of the second kernel, and checks per second."""
    counts = {"agree": 0, "decline": 0, "disagree": 0}
    with LeanVerifier(workers=1, paranoid=True) as lean:
        assert lean.second is not None
        spent: list[float] = []
        ask = lean.second.kernel.check

        def timed(*args: object, **options: object) -> object:
            answer = ask(*args, **options)  # type: ignore[arg-type]
            spent.append(answer.milliseconds)
            return answer

        lean.second.kernel.check = timed  # type: ignore[assignment,method-assign]
        lean.check_many(checks[:100], limits=LIMITS)
        spent.clear()
        began = time.perf_counter()
        for (source, _), verdict in zip(checks, lean.check_many(checks, limits=LIMITS), strict=True):
            if verdict.accepted:
                counts["agree"] += 1
            elif verdict.status is Status.RESOURCE:
                counts["decline"] += 1
                print(f"declined: {source!r}: {verdict.detail[:200]}")
            else:
                counts["disagree"] += 1
                print(f"DISAGREEMENT: {source!r}: {verdict.detail[:300]}")
        seconds = time.perf_counter() - began
    return counts, statistics.median(spent), len(checks) / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proofs", type=int, default=2000)
    parser.add_argument("--mix", choices=("small", "all"), default="all", help="which proofs")
    args = parser.parse_args()
    checks = proofs(args.proofs, args.mix)
    worker, judge = judged(checks[:500])
    print(f"median in the worker          {worker:.1f} ms", flush=True)
    print(f"median in the judge           {judge:.1f} ms", flush=True)
    counts, kernel, rate = second(checks)
    total = sum(counts.values())
    print(
        f"second kernel                 agrees on {counts['agree']} of {total} "
        f"({100 * counts['agree'] / total:.2f} %), declines {counts['decline']}, "
        f"disagrees {counts['disagree']}"
    )
    print(f"median in the second kernel   {kernel:.2f} ms")
    print(f"with both kernels             {rate:.1f} checks/s, one worker and one judge")


if __name__ == "__main__":
    main()
