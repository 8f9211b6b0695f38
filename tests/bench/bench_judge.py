"""What judging costs, and how often the second kernel agrees with Lean's.

    python tests/bench/bench_judge.py [--generated 1000] [--core 1000] [--mix small|all] [--cache FILE]

Over proofs that Lean accepts, generated ones (`training.data`) and proofs of core-library theorems
(`core_proofs.py`), prints: the median time in the worker and in the judge (statement elaborated, text read,
kernel run, facts found); for each kind of proof how often the second kernel agrees, declines and disagrees,
and its median and 99th percentile of time. `--cache` keeps the core-library proofs that were found: the
search takes half an hour. Ends with 1 where the kernels disagree.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter
from pathlib import Path

from bench_lean import LIMITS, proofs
from core_proofs import core_proofs

from verify.kernel import KernelAnswer, KernelVerdict
from verify.lean import protocol
from verify.lean.paranoid import SecondOpinion
from verify.lean.protocol import Elaborated
from verify.lean.verifier import LeanVerifier

OUTCOMES = {
    KernelVerdict.ACCEPTED: "agree",
    KernelVerdict.DECLINED: "decline",
    KernelVerdict.REJECTED: "disagree",
}


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


def asked(
    lean: LeanVerifier, second: SecondOpinion, source: str, statement: str | None
) -> KernelAnswer | None:
    """The second kernel's answer on a proof; None where Lean did not come so far, which is no agreement."""
    reply = lean.pool.run(protocol.check_request(source, LIMITS), limits=LIMITS)
    claim = protocol.read_elaborated(reply.answer) if reply.answer is not None else None
    if not isinstance(claim, Elaborated):
        return None
    return second.judge(claim, statement, LIMITS, describe=False)[1]


def second_kernel(kind: str, checks: list[tuple[str, str | None]]) -> bool:
    """Print one line on the proofs of that kind; whether there was no disagreement."""
    counts: Counter[str] = Counter()
    spent = []
    with LeanVerifier(workers=1) as lean:
        second = SecondOpinion(lean.judges)
        try:
            for source, statement in checks:
                answer = asked(lean, second, source, statement)
                outcome = "no answer" if answer is None else OUTCOMES[answer.verdict]
                counts[outcome] += 1
                if answer is None or not answer.accepted:
                    why = "" if answer is None else f"{answer.declaration}: {answer.rule}: {answer.reason}"
                    print(f"{outcome}: {source!r}: {why[:300]}", flush=True)
                else:
                    spent.append(answer.milliseconds)
        finally:
            second.close()
    print(
        f"{kind:<14}second kernel agrees on {counts['agree']} of {len(checks)} "
        f"({100 * counts['agree'] / len(checks):.2f} %), declines {counts['decline']}, "
        f"disagrees {counts['disagree']}, no answer {counts['no answer']}; "
        f"median {statistics.median(spent):.2f} ms, p99 {statistics.quantiles(spent, n=100)[98]:.1f} ms",
        flush=True,
    )
    return counts["disagree"] == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generated", type=int, default=1000)
    parser.add_argument("--core", type=int, default=1000)
    parser.add_argument("--mix", choices=("small", "all"), default="all", help="which generated proofs")
    parser.add_argument("--cache", type=Path, help="file that keeps the core-library proofs found")
    args = parser.parse_args()
    agreed = True
    if args.core:
        agreed &= second_kernel("core library", core_proofs(args.core, cache=args.cache))
    if args.generated:
        checks = proofs(args.generated, args.mix)
        agreed &= second_kernel("generated", checks)
        worker, judge = judged(checks[:300])
        print(f"median in the worker {worker:.1f} ms, in the judge {judge:.1f} ms")
    sys.exit(0 if agreed else 1)


if __name__ == "__main__":
    main()
