"""What each part of the search is worth: a file of statements under a list of configurations, in one table.

    python tests/bench/ablate_search.py FILE.jsonl [--configs "automation;automation,whole;all;all,-repair"]
        [--model NAME] [--samples N] [--seconds S] [--limit N] [--header "import Mathlib"] [--workers N]

FILE has lines `{"id", "statement"}` and may have `forbidden`, as for `mathlm eval prove`. A configuration is
what `mathlm prove --search` takes. For each it prints the statements proved, those found false, those that
the machine let down, proofs checked, tactic steps, seconds (wall time, all on this machine, one statement
after the other) and which part found how many proofs. Seconds compare only within one run.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from mathlm import pipeline
from mathlm.cli import options
from mathlm.cli.options import Runtime
from mathlm.errors import InfraError
from mathlm.types import ProofResult, Status

DEFAULT = (
    "automation;whole;automation,whole;all;all,-premises;all,-mathlib;all,-mend;all,-finish;all,-resume;all,-repair;all,-best-first;"
    "all,-sketch"
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--configs", default=DEFAULT)
    parser.add_argument("--model", default="mathlm-mini")
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--header", default="")
    parser.add_argument("--workers", type=int, default=1, help="checks of one statement at once")
    args = parser.parse_args()
    lines = args.file.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()][: args.limit]
    header = f"{args.header}\n" if args.header else ""
    backend = options.backend(args.model)
    print(f"{len(rows)} statements of {args.file.name}, {args.model}, {args.samples} samples")
    print(f"{'search':<28} proved false broken checks  steps seconds  by")
    with options.lean(args.workers, Runtime.EMBEDDED) as lean:
        lean.check("theorem t : 1 = 1 := rfl", limits=options.lean_limits(60))  # started before the clock is
        for parts in args.configs.split(";"):
            config = options.search(parts, samples=args.samples, seconds=args.seconds)
            opened = options.retriever(lean, config)
            results: list[ProofResult] = []
            broken = 0
            for line in rows:
                try:
                    results.append(
                        pipeline.prove(
                            header + line["statement"], backend=backend, lean=lean, config=config,
                            retriever=opened, forbidden=tuple(line.get("forbidden", ())),
                            params=options.sampling(args.seed, args.samples, proofs=True),
                            limits=options.lean_limits(20), workers=args.workers,
                        )
                    )  # fmt: skip
                except InfraError:
                    broken += 1
            print(row(parts, results, broken), flush=True)


def row(parts: str, results: list[ProofResult], broken: int) -> str:
    """One line of the table."""
    found = [result for result in results if result.status is Status.ACCEPTED]
    by = Counter("automation" if r.origin and r.origin.startswith("auto") else r.origin for r in found)
    false = sum(result.disproof is not None for result in results)
    checks, steps = sum(r.attempts for r in results), sum(r.steps for r in results)
    seconds = sum(r.seconds for r in results)
    names = ", ".join(f"{name} {count}" for name, count in by.most_common())
    return (
        f"{parts:<28} {len(found):>6} {false:>5} {broken:>6} {checks:>6} {steps:>6} {seconds:>7.0f}  {names}"
    )


if __name__ == "__main__":
    main()
