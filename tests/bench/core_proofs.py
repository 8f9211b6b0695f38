"""Proofs of core-library theorems, found by automation: what `bench_judge.py` shows to both kernels.

`core_proofs(count, seed=…, cache=…)` draws theorems of Init and Std, in turn from each part of the library
(List, Array, Nat, Int, Fin, BitVec, String, Option, Bool, …), states each under a name of its own, and keeps
what a portfolio of tactics proves: (source, statement) pairs that Lean accepts, in a fixed order. The library
that is installed has no bodies of theorems, so its own proofs cannot be had; the statements are its own.

Where `simp` or `grind` knows the theorem, the proof may rest on it. With `cache` (a file) what was found is
read back, and what is found anew is added.
Units: none. Errors: InfraError when Lean cannot be started.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

from mathlm.library import PRELUDE, LibraryTheorem, theorems
from training.data.library import restated, spread
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

Pair = tuple[str, str | None]

LIMITS = Limits(seconds=8, memory_mb=3000, heartbeats=100_000, output_bytes=2_000)
NAME = "core_proof"
AT_ONCE = 64
LONGEST = 400
"""Characters of a signature; longer ones are mostly about generated code."""
PORTFOLIOS = (
    (
        "intros; omega",
        "{induction} <;> grind",
        "intros; grind",
        "{induction} <;> simp_all",
        "intros; simp_all",
    ),
    ("intros; bv_decide", "intros; grind", "intros; decide", "{cases} <;> simp_all", "intros; simp"),
    ("{induction} <;> simp_all", "intros; omega", "{cases} <;> grind", "intros; simp", "intros; rfl"),
    ("intros; rfl", "{cases} <;> rfl", "intros; simp_all", "{induction} <;> grind", "intros; ext; simp"),
)


def candidate(theorem: LibraryTheorem, seed: int) -> Pair | None:
    """The theorem with a portfolio for its proof, and its statement; None where its name is printed oddly."""
    stated = restated(theorem, NAME)
    if stated is None:
        return None
    variable = re.search(r"\((\w+)[ \w]* : (?!.* = .*\))", theorem.signature)
    name = variable[1] if variable else "x"
    portfolio = Random(f"{seed} {theorem.name}").choice(PORTFOLIOS)
    tactics = [t.format(induction=f"induction {name}", cases=f"cases {name}") for t in portfolio]
    proof = " ".join(f"| ({tactic})" for tactic in tactics)
    return f"{stated} := by first {proof}", f"{stated} := sorry"


def core_proofs(count: int, *, seed: int = 1, cache: Path | None = None) -> list[Pair]:
    """`count` pairs that Lean accepts."""
    found: list[Pair] = []
    tried = 0
    if cache is not None and cache.exists():
        for line in cache.read_text().splitlines():
            row = json.loads(line)
            tried = max(tried, row["place"] + 1)
            found.append((row["source"], row["statement"]))
    if len(found) >= count:
        return found[:count]
    with LeanVerifier(workers=2) as lean:
        core = [theorem for theorem in theorems(lean) if theorem.module != PRELUDE]
        drawn = list(spread(core, seed, longest=LONGEST))
        while len(found) < count and tried < len(drawn):
            some = drawn[tried : tried + AT_ONCE]
            made = [(tried + i, pair) for i, t in enumerate(some) if (pair := candidate(t, seed)) is not None]
            verdicts = lean.check_many([pair for _, pair in made], limits=LIMITS)
            kept = [one for one, verdict in zip(made, verdicts, strict=True) if verdict.accepted]
            tried += len(some)
            found += [pair for _, pair in kept]
            if cache is not None:
                _remember(cache, kept)
    return found[:count]


def _remember(cache: Path, kept: list[tuple[int, Pair]]) -> None:
    with cache.open("a") as out:
        for place, (source, statement) in kept:
            out.write(json.dumps({"place": place, "source": source, "statement": statement}) + "\n")
