"""Our own problems, reproducible from a seed, with no data file.

Contract: `generate(n, seed)` yields n problems; problem i depends on the seed and on i alone, so a longer
run begins with the shorter one. The id is made of the text, so that equal texts, of other seeds too, share
a side of the test split; where a text comes up again, its id does too. Every answer is by
construction (see `families`).
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from mathlm.types import Problem
from training.data.problems import families, families_algebra, families_daily, families_larger
from training.data.split import content_id

FAMILIES = families.FAMILIES + families_daily.FAMILIES + families_algebra.FAMILIES + families_larger.FAMILIES


def generate(n: int, seed: int) -> Iterator[Problem]:
    """`n` problems, the families in turn."""
    for i in range(n):
        family = FAMILIES[i % len(FAMILIES)]
        text, answer = family(Random(f"{seed}/{i}"))
        yield Problem(id=content_id("gen", text), kind="solve", text=text, answer=answer)
