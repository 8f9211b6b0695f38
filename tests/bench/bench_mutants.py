"""Mutants of exported proofs before both kernels: what Lean refuses, the second kernel must not accept.

    python tests/bench/bench_mutants.py [--mutants 20000] [--each 40] [--seed 1] [--cache FILE]

The proofs are true generated theorems, or those in `--cache` (see `core_proofs.py`). Each mutant changes one
or two lines of a proof's exported text: arguments, functions, constants against others of as many universes,
literals, universe levels, indices of bound variables, binders, let values, fields, the type or the value of a
declaration. Prints a table of verdicts. Ends with 1, and the mutant, where Lean refuses what the second
kernel accepts (unsound) or the second kernel refuses what Lean accepts (incomplete).
Not counted against a kernel: text that the judge calls malformed, declined answers, limits hit.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from bench_lean import proofs

from verify.base import Limits
from verify.kernel import KernelChecker
from verify.lean import protocol
from verify.lean.protocol import CheckAnswer, Elaborated
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=20, memory_mb=4096, heartbeats=100_000, output_bytes=2_000)
LONGEST = 60_000
"""Characters of a proof's text; longer ones cost time and are not other in kind."""
Row = dict[str, Any]


def read(text: str) -> list[Row]:
    return [json.loads(line) for line in text.splitlines()]


def write(rows: list[Row]) -> str:
    return "".join(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n" for row in rows)


def kind_of(row: Row) -> str:
    return next(key for key in row if key not in ("in", "il", "ie"))


def earlier(rng: Random, index: int) -> int:
    """An index below, mostly a near one."""
    return (
        max(0, index - 1 - int(rng.expovariate(0.2))) if rng.random() < 0.7 else rng.randrange(max(1, index))
    )


def mutate(rows: list[Row], rng: Random) -> bool:
    """Change one line; False where this one offers nothing to change."""
    row = rng.choice(rows)
    kind = kind_of(row)
    change: Callable[..., None] | None = CHANGES.get(kind)
    if change is None:
        return False
    before = json.dumps(row)
    change(rows, row, rng)
    return json.dumps(row) != before


def _app(rows: list[Row], row: Row, rng: Random) -> None:
    part = row["app"]
    if rng.random() < 0.15:
        part["fn"], part["arg"] = part["arg"], part["fn"]
    else:
        part[rng.choice(("fn", "arg", "arg"))] = earlier(rng, row["ie"])


def _binder(rows: list[Row], row: Row, rng: Random) -> None:
    kind = kind_of(row)
    if rng.random() < 0.15:
        changed = {"ie": row["ie"], "forallE" if kind == "lam" else "lam": row[kind]}
        row.clear()
        row.update(changed)
    else:
        row[kind][rng.choice(("type", "body"))] = earlier(rng, row["ie"])


def _const(rows: list[Row], row: Row, rng: Random) -> None:
    part = row["const"]
    levels = sum("il" in other for other in rows) + 1
    if part["us"] and rng.random() < 0.5:
        part["us"][rng.randrange(len(part["us"]))] = rng.randrange(levels)
        return
    others = [r["const"]["name"] for r in rows if "const" in r and len(r["const"]["us"]) == len(part["us"])]
    part["name"] = rng.choice(others)


def _sort(rows: list[Row], row: Row, rng: Random) -> None:
    row["sort"] = rng.randrange(sum("il" in other for other in rows) + 1)


def _bvar(rows: list[Row], row: Row, rng: Random) -> None:
    row["bvar"] = max(0, row["bvar"] + rng.choice((-2, -1, 1, 2)))


def _nat(rows: list[Row], row: Row, rng: Random) -> None:
    value = int(row["natVal"])
    row["natVal"] = str(rng.choice((0, 1, value + 1, max(0, value - 1), 2 * value, 2**64, 2**32 - 1)))


def _str(rows: list[Row], row: Row, rng: Random) -> None:
    row["strVal"] = rng.choice(("", row["strVal"] + "a", "é", "\U0001f600"))


def _let(rows: list[Row], row: Row, rng: Random) -> None:
    part = row["letE"]
    part[rng.choice(("type", "value", "body"))] = earlier(rng, row["ie"])


def _proj(rows: list[Row], row: Row, rng: Random) -> None:
    part = row["proj"]
    if rng.random() < 0.5:
        part["idx"] = rng.randrange(4)
    elif rng.random() < 0.5:
        part["struct"] = earlier(rng, row["ie"])
    else:
        part["typeName"] = rng.choice([r["const"]["name"] for r in rows if "const" in r])


def _level(rows: list[Row], row: Row, rng: Random) -> None:
    kind = kind_of(row)
    if kind == "succ":
        row["succ"] = rng.randrange(row["il"])
    elif rng.random() < 0.4:
        changed = {"il": row["il"], "imax" if kind == "max" else "max": row[kind]}
        row.clear()
        row.update(changed)
    else:
        row[kind][rng.randrange(2)] = rng.randrange(row["il"])


def _declaration(rows: list[Row], row: Row, rng: Random) -> None:
    kind = kind_of(row)
    terms = [other["ie"] for other in rows[: rows.index(row)] if "ie" in other]
    choice = rng.random()
    if choice < 0.1:
        row[kind]["levelParams"] = row[kind]["levelParams"][1:] or row[kind]["levelParams"] * 2
    elif choice < 0.4:
        row[kind]["type"] = rng.choice(terms)
    else:
        row[kind]["value"] = rng.choice(terms)


CHANGES: dict[str, Callable[..., None]] = {
    "app": _app,
    "lam": _binder,
    "forallE": _binder,
    "const": _const,
    "sort": _sort,
    "bvar": _bvar,
    "natVal": _nat,
    "strVal": _str,
    "letE": _let,
    "proj": _proj,
    "succ": _level,
    "max": _level,
    "imax": _level,
    "thm": _declaration,
    "def": _declaration,
}


class Pair:
    """The two kernels, without the agreement between them."""

    def __init__(self, lean: LeanVerifier, second: KernelChecker) -> None:
        self._lean = lean
        self._second = second

    def elaborate(self, source: str) -> Elaborated | None:
        reply = self._lean.pool.run(protocol.check_request(source, LIMITS), limits=LIMITS)
        claim = protocol.read_elaborated(reply.answer) if reply.answer is not None else None
        return claim if isinstance(claim, Elaborated) else None

    def ask(self, claim: Elaborated, *, library: str | None) -> tuple[str, str]:
        """Verdicts of Lean and of the second kernel. Without `library` the latter knows what it needs."""
        request = protocol.judge_request(claim, None, LIMITS, describe=False)
        if library is not None:
            request = {**request, "library": library}
        reply = self._lean.judges.run(request, limits=LIMITS)
        if reply.answer is None:
            return f"({reply.status})", "not asked"
        answer = protocol.read_judged(claim, reply.answer)
        if not isinstance(answer, CheckAnswer) or answer.malformed is not None:
            return "malformed", "not asked"
        good = bool(answer.theorems) and all(f.kind and f.kernel is None for f in answer.theorems)
        text, trusted = reply.answer.get("claims", claim.export), reply.answer.get("export", "")
        said = self._second.check(text, trusted, None, LIMITS)
        return "accepts" if good else "refuses", f"{said.verdict.value}" + (
            f" ({said.rule})" if said.verdict.value == "declined" else ""
        )

    def compare(self, claim: Elaborated) -> tuple[str, str]:
        """The verdicts on a mutant. What its theorem does not reach is no matter for the second kernel."""
        lean, second = self.ask(claim, library=None)
        if (lean, second) != ("accepts", "accepted") and lean == "accepts":
            lean, second = self.ask(claim, library="all")
        return lean, second


def run(args: argparse.Namespace) -> int:
    """The number of disagreements."""
    rng = Random(args.seed)
    if args.cache is not None:
        sources = [json.loads(line)["source"] for line in args.cache.read_text().splitlines()]
    else:
        sources = [source for source, _ in proofs(args.mutants // args.each + 1, "all")]
    rng.shuffle(sources)
    table: Counter[tuple[str, str]] = Counter()
    wrong = 0
    with LeanVerifier(workers=1) as lean, KernelChecker() as second:
        pair = Pair(lean, second)
        for source in sources:
            claim = pair.elaborate(source)
            if claim is None or len(claim.export) > LONGEST:
                continue
            if pair.ask(claim, library="all") != ("accepts", "accepted"):
                continue
            for _ in range(args.each):
                rows = read(claim.export)
                made = [mutate(rows, rng) for _ in range(rng.choice((1, 1, 2)))]
                if not any(made):
                    continue
                verdicts = pair.compare(dataclasses.replace(claim, export=write(rows)))
                table[verdicts] += 1
                if verdicts in (("refuses", "accepted"), ("accepts", "rejected")):
                    wrong += 1
                    print(f"Lean {verdicts[0]}, second {verdicts[1]}: {source!r}\n{write(rows)}", flush=True)
            if table.total() >= args.mutants:
                break
    for (ours, other), count in sorted(table.items()):
        print(f"Lean {ours:<12} second kernel {other:<28} {count}")
    print(f"{table.total()} mutants, {wrong} disagreements")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=40, help="mutants of one proof")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="proofs to start from, as bench_judge.py keeps them")
    sys.exit(1 if run(parser.parse_args()) else 0)


if __name__ == "__main__":
    main()
