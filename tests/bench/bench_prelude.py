"""What the prelude is worth on a file of statements in Mathlib's language, and what it costs.

    python tests/bench/bench_prelude.py FILE.jsonl [--elaborate] [--automation core|prelude] [--limit N]
    python tests/bench/bench_prelude.py --warm

FILE has lines `{"id", "statement"}` and perhaps `"header"`.
`--elaborate` prints how many statements elaborate with their header (`import Mathlib` where a line has none),
in two groups: those that mention real or complex numbers, and the others; each failure with Lean's words.
`--automation` prints which statements the portfolio proves without a model: `core` as the file has them,
without a header; `prelude` with `import Mathlib` before them.
`--warm` checks everyday proofs, which need no prelude, with and without `import Mathlib` in turn on one warm
worker and prints the median of the ratios of their processor times (worker and judge; Linux only).
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from pathlib import Path

from bench_lean import small

from mathlm import automation, extract, pipeline
from mathlm.types import Reason
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

HEADER = "import Mathlib\n"
REALS = re.compile(r"ℝ|ℂ|Real|Complex|NNReal")
LIMITS = Limits(seconds=60, memory_mb=2048, heartbeats=400_000, output_bytes=65_536)

Row = dict[str, str]


def elaborate(rows: list[Row]) -> None:
    groups: dict[str, list[tuple[str, str | None]]] = {"reals or complex numbers": [], "neither": []}
    with LeanVerifier(workers=1) as lean:
        for row in rows:
            group = groups["reals or complex numbers" if REALS.search(row["statement"]) else "neither"]
            text = f"{row.get('header', HEADER)}\n\n{row['statement']} := by sorry"
            verdict = lean.check(text, statement=text, limits=LIMITS)
            understood = verdict.reason is Reason.SORRY
            errors = [m.text for m in verdict.messages if m.severity == "error"]
            why = None if understood else (errors or [verdict.detail])[0].splitlines()[0]
            group.append((row["id"], why))
    for name, items in groups.items():
        failed = [(key, why) for key, why in items if why is not None]
        print(f"{name}: {len(items) - len(failed)} of {len(items)} elaborate")
        for key, why in failed:
            print(f"    {key}: {why}")


def prove(rows: list[Row], environment: str) -> None:
    header = HEADER if environment == "prelude" else ""
    proved = 0
    with LeanVerifier(workers=1) as lean:
        for row in rows:
            began = time.monotonic()
            target = extract.read_statement(header + row["statement"])
            portfolio = (*automation.quick(target.header), *automation.slow(target.theorem, target.header))
            attempts = pipeline.first_accepted(
                target, automation.candidates(portfolio, LIMITS), lean=lean, workers=1
            )
            found = attempts[-1] if attempts[-1].verdict.accepted else None
            proved += found is not None
            by = found.candidate.origin if found else f"no ({len(attempts)} attempts)"
            print(f"    {row['id']}: {by}, {time.monotonic() - began:.1f} s", flush=True)
    print(f"automation, {environment}: {proved} of {len(rows)}")


def processor_ms(pids: list[int]) -> float:
    """Processor time of all threads of the processes so far."""
    nanoseconds = 0
    for pid in pids:
        for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            nanoseconds += int(file.read_text().split()[0])
    return nanoseconds / 1e6


def warm(count: int = 232) -> None:
    """Paired checks: every proof without the import and with it."""
    ratios, rows = [], []
    with LeanVerifier(workers=1) as lean:

        def spent(source: str, statement: str) -> float | None:
            before = processor_ms(lean.pool.pids() + lean.judges.pids())
            if not lean.check(source, statement=statement, limits=LIMITS).accepted:
                return None
            return processor_ms(lean.pool.pids() + lean.judges.pids()) - before

        for index, made in enumerate(small(count, 100)):
            source, statement = f"{made.statement} := {made.proofs[0]}", f"{made.statement} := sorry"
            pair = (spent(source, statement), spent(HEADER + source, HEADER + statement))
            if index >= 40 and pair[0] and pair[1]:
                rows.append(pair)
                ratios.append(pair[1] / pair[0])
    core, prelude = (statistics.median(x) for x in zip(*rows, strict=True))
    print(f"{len(rows)} proofs: {core:.1f} ms, with import Mathlib {prelude:.1f} ms (medians)")
    print(f"median of the ratios: {statistics.median(ratios):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--warm", action="store_true")
    parser.add_argument("--elaborate", action="store_true")
    parser.add_argument("--automation", choices=("core", "prelude"))
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    if options.warm:
        warm()
    if options.file is None:
        return
    rows = [
        json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    rows = rows[: options.limit]
    if options.elaborate:
        elaborate(rows)
    if options.automation:
        prove(rows, options.automation)


if __name__ == "__main__":
    main()
