"""What search asks of Lean: whole checks, goals, and tactic steps whose every end is a status.

`run` never raises: a step ends `accepted` (it ran; goals may be left), `rejected` (with Lean's error),
`timeout`, `resource` or `infra_error`. None of these judges a proof; `accepted` only says that it is worth
a judge's time.
Not covered: statements whose header has a `sorry` of its own (`opening` gives None).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mathlm.errors import InfraError, LimitHit
from mathlm.extract import Statement
from mathlm.types import Status, Verdict
from verify.base import Limits
from verify.lean.protocol import GoalsAnswer, LibraryAnswer, StepAnswer
from verify.lean.runtimes import LeanRuntime


class Lean(Protocol):
    """What is asked of `verify.lean.verifier.LeanVerifier`: thread-safe calls that block."""

    @property
    def toolchain(self) -> str: ...

    def check(
        self,
        source: str,
        *,
        statement: str | None = None,
        limits: Limits,
        forbidden: frozenset[str] | tuple[str, ...] = (),
    ) -> Verdict: ...

    def goals(self, source: str, *, limits: Limits) -> GoalsAnswer: ...

    def step(self, source: str, *, hole: int, tactics: Sequence[str], limits: Limits) -> StepAnswer: ...


class LibraryLean(Protocol):
    """The same, of what reads Lean's own library."""

    @property
    def runtime(self) -> LeanRuntime: ...

    @property
    def slots(self) -> int:
        """How many calls make progress at once."""

    def library(self, module: int, *, start: int = 0, limits: Limits) -> LibraryAnswer: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A `sorry` of a source: where tactics start."""

    source: str
    hole: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What tactics did at an opening.

    Example: `Step(status=Status.ACCEPTED, goals=("n : Nat\\n⊢ n + 0 = n",))`
    """

    status: Status
    goals: tuple[str, ...] = ()
    error: str = ""


def opening(target: Statement) -> Opening | None:
    """The `sorry` that stands for the theorem's proof; None where it is not the only one."""
    if "sorry" in target.header or "sorry" in target.theorem:
        return None
    return Opening(source=target.with_proof("by\n  sorry"))


def run(lean: Lean, at: Opening, tactics: Sequence[str], *, limits: Limits) -> Step:
    """The goals after the tactics, or why there are none. Workers remember the states they met."""
    try:
        answer = lean.step(at.source, hole=at.hole, tactics=tactics, limits=limits)
    except LimitHit as hit:
        return Step(status=Status.TIMEOUT if hit.timeout else Status.RESOURCE, error=str(hit))
    except InfraError as error:
        return Step(status=Status.INFRA_ERROR, error=str(error))
    if answer.error is not None:
        return Step(status=Status.REJECTED, error=answer.error)
    return Step(status=Status.ACCEPTED, goals=answer.goals)
