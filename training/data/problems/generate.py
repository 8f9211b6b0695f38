"""Our own problems, reproducible from a seed, with no data file.

Contract: `generate(n, seed)` yields n problems with ids `gen-{seed}-{i}`; problem i depends on the seed
and on i alone, so a longer run begins with the shorter one. Texts may repeat between problems (there
are only so many small questions), ids do not. Every answer is by construction (see `families`).
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from mathlm.types import Problem
from training.data.problems import families, families_algebra, families_daily

FAMILIES = families.FAMILIES + families_daily.FAMILIES + families_algebra.FAMILIES


def generate(n: int, seed: int) -> Iterator[Problem]:
    """`n` problems, the families in turn."""
    for i in range(n):
        family = FAMILIES[i % len(FAMILIES)]
        text, answer = family(Random(f"{seed}/{i}"))
        yield Problem(id=f"gen-{seed}-{i}", kind="solve", text=text, answer=answer)
