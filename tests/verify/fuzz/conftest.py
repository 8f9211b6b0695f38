"""How many cases the fuzz tests try, and the processes that they share.

`MATHLM_FUZZ_CASES` is the number of cases of all fuzz tests together (default 2,000); each takes its share.
With `-s` the outcomes are printed. For a long run:

    MATHLM_FUZZ_CASES=120000 python -m pytest -s --timeout=7200 tests/verify/fuzz
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.verify.fuzz.oracle import Judge, Kernel
from verify.kernel import KernelChecker
from verify.kernel import checker as checker_module
from verify.lean import embedded
from verify.lean.verifier import LeanVerifier
from verify.pool import Pool

CASES = int(os.environ.get("MATHLM_FUZZ_CASES", "2000"))
UNLIMITED = 10**9
RSS_MB = 8_000


def cases(share: float) -> Callable[[Any], Any]:
    """The settings of a test that tries this share of all cases."""
    return settings(
        max_examples=max(10, round(CASES * share)),
        deadline=None,
        database=None,
        print_blob=True,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier


@pytest.fixture(scope="module")
def counts() -> Iterator[Counter[str]]:
    counted: Counter[str] = Counter()
    yield counted
    for what, number in sorted(counted.items()):
        print(f"\n{number:8d}  {what}", end="")


@pytest.fixture(scope="module")
def judge(lean: LeanVerifier, counts: Counter[str]) -> Iterator[Judge]:
    """One judge process for all cases: it has to be the same one at the end."""
    with Pool(embedded.spawn_judge, size=1, recycle_after=UNLIMITED, recycle_rss_mb=RSS_MB) as pool:
        judge = Judge(pool, lean, counts)
        yield judge
        judge.still_well()


@pytest.fixture(scope="module")
def kernel(judge: Judge, counts: Counter[str]) -> Iterator[Kernel]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checker_module, "RECYCLE_AFTER", UNLIMITED)
        checker = KernelChecker()
    with checker:
        kernel = Kernel(checker, judge, counts)
        yield kernel
        kernel.still_well()
