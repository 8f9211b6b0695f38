"""What a caller hears while `solve` or `prove` is at work, and whether it still waits for the answer.

Contract. The functions of a `Watch` are called in the thread that works, in the order in which things happen.
Once `cancelled()` is true nothing new is begun, and the work ends with `Abandoned`; a check that runs ends at
its own limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mathlm.errors import Abandoned
from mathlm.types import Attempt, Verdict


class Stage(StrEnum):
    """What `solve` is at."""

    GENERATING = "generating"
    RUNNING = "running"
    COMPARING = "comparing"
    PROVING = "proving"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One of the programs that `solve` ran.

    Example: `Sample(number=1, program="print(6)", verdict=Verdict(status=…, output="6\\n"), answer="6")`
    """

    number: int
    """From 1, in the order of the prompts."""
    program: str | None
    verdict: Verdict | None
    """None where there is no program."""
    answer: str | None


def _ignore(_: object) -> None:
    """Nobody listens."""


def _stays() -> bool:
    """The caller waits to the end."""
    return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """Example: `Watch(attempt=lambda attempt: print(attempt.candidate.origin))`"""

    stage: Callable[[Stage], object] = _ignore
    sample: Callable[[Sample], object] = _ignore
    attempt: Callable[[Attempt], object] = _ignore
    """Each proof that was checked, of the statement or of its negation."""
    cancelled: Callable[[], bool] = _stays

    def enter(self, stage: Stage) -> None:
        """Begin a stage; raises Abandoned where nobody waits any longer."""
        self.check()
        self.stage(stage)

    def check(self) -> None:
        """Raise Abandoned where nobody waits any longer."""
        if self.cancelled():
            raise Abandoned("nobody waits for this any longer")


NOBODY = Watch()
