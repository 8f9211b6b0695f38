"""Lean's calls end when nobody waits, each of them, and only after short work had time to end by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mathlm.api.queue import LINGER_SECONDS, Cancelled
from mathlm.api.stoppable import Stoppable
from tests.mathlm.api.serving import ENDLESS, TRIVIAL
from verify.base import Limits
from verify.lean.verifier import LeanVerifier
from verify.process import Stopped

LIMITS = Limits(seconds=300, memory_mb=2048, heartbeats=400_000, output_bytes=65_536)
SOURCE = f"{ENDLESS}\ntheorem t : 1 = 1 := by\n  sorry"
CALLS: dict[str, Callable[[Stoppable], Any]] = {
    "check": lambda lean: lean.check(SOURCE, limits=LIMITS),
    "goals": lambda lean: lean.goals(SOURCE, limits=LIMITS),
    "step": lambda lean: lean.step(SOURCE, hole=0, tactics=("rfl",), limits=LIMITS),
}


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        assert verifier.check(TRIVIAL, limits=LIMITS).accepted
        yield verifier


@pytest.mark.parametrize("name", CALLS)
def test_what_runs_is_ended(lean: LeanVerifier, name: str) -> None:
    flag = Cancelled(600)
    threading.Timer(0.5, flag.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        CALLS[name](Stoppable(lean, flag.is_over))
    assert 0.5 + LINGER_SECONDS <= time.monotonic() - began < 60


def test_short_work_ends_by_itself(lean: LeanVerifier) -> None:
    assert lean.check(TRIVIAL, limits=LIMITS).accepted  # the worker is there again
    flag, before = Cancelled(600), lean.pool.restarts
    flag.set()
    assert Stoppable(lean, flag.is_over).check(TRIVIAL, limits=LIMITS).accepted
    assert lean.pool.restarts == before
