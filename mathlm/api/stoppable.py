"""Lean for one piece of work: what runs ends soon after nobody waits for it any more.

`Stoppable(lean, stop)` makes the calls of `mathlm.search.lean.Lean`, each with `stop`; one that was ended so
raises `verify.process.Stopped`, which no search takes for an answer. The process that it ran on is replaced.
Not covered: the judge's part of a check, which ends at its own limits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mathlm.types import Verdict
from verify.base import Limits
from verify.lean.protocol import GoalsAnswer, StepAnswer
from verify.lean.verifier import LeanVerifier

if TYPE_CHECKING:
    from mathlm.cluster.lean import RayLean


class Stoppable:
    """See the module."""

    def __init__(self, lean: LeanVerifier | RayLean, stop: Callable[[], bool]) -> None:
        self._lean, self._stop = lean, stop

    @property
    def toolchain(self) -> str:
        """See `LeanVerifier.toolchain`."""
        return self._lean.toolchain

    def check(
        self,
        source: str,
        *,
        statement: str | None = None,
        limits: Limits,
        describe: bool = False,
        forbidden: frozenset[str] | tuple[str, ...] = (),
    ) -> Verdict:
        """See `LeanVerifier.check`."""
        return self._lean.check(
            source,
            statement=statement,
            limits=limits,
            describe=describe,
            forbidden=forbidden,
            stop=self._stop,
        )

    def goals(self, source: str, *, limits: Limits) -> GoalsAnswer:
        """See `LeanVerifier.goals`."""
        return self._lean.goals(source, limits=limits, stop=self._stop)

    def step(self, source: str, *, hole: int, tactics: Sequence[str], limits: Limits) -> StepAnswer:
        """See `LeanVerifier.step`."""
        return self._lean.step(source, hole=hole, tactics=tactics, limits=limits, stop=self._stop)
