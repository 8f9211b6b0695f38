"""Lean on the actors of a Ray cluster, each of which owns a verifier with one worker and one judge.

`RayLean` has the calls of `verify.lean.verifier.LeanVerifier` that search, the loop and the service make. A
check whose machine is lost is made again on another; after several losses it is an `infra_error`.
Units: seconds. Errors: see `mathlm.cluster.actors`.
Not covered: the Python sandbox and tactic stepping of the service, which stay on its own machine.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Self

from mathlm.cluster.actors import START_SECONDS, Actors
from mathlm.errors import InfraError
from mathlm.search.lean import Lean
from mathlm.types import Status, Verdict
from verify.base import Limits
from verify.lean.protocol import GoalsAnswer, LibraryAnswer, StepAnswer
from verify.lean.runtimes import EMBEDDED, LeanRuntime, choose
from verify.lean.verifier import LeanVerifier
from verify.pool import Reply

GRACE_SECONDS = 600.0
"""Wall time of a check beyond its own limits: starting a process, waiting for the judge."""


def _one_worker(runtime: str, paranoid: bool) -> LeanVerifier:
    chosen = choose("native" if runtime == "native" else "embedded")
    lean = LeanVerifier(workers=1, runtime=chosen, paranoid=paranoid)
    lean.warm()
    return lean


class RayLean:
    """Lean on `workers` actors: `with RayLean(workers=8) as lean: lean.check(source, limits=limits)`.

    `make` opens what an actor owns; it is told nothing, and must be picklable.
    """

    def __init__(
        self,
        *,
        workers: int,
        runtime: LeanRuntime = EMBEDDED,
        paranoid: bool = False,
        make: Callable[[], Lean] | None = None,
    ) -> None:
        self.runtime = runtime
        self.actors = Actors(make or functools.partial(_one_worker, runtime.name, paranoid), size=workers)

    @property
    def slots(self) -> int:
        """How many calls make progress at once."""
        return self.actors.size

    @property
    def pools(self) -> Mapping[str, Actors]:
        """For figures."""
        return {"actor": self.actors}

    @functools.cached_property
    def toolchain(self) -> str:
        """See `LeanVerifier.toolchain`. The first time it waits until an actor is there."""
        return str(self.actors.call("toolchain", seconds=START_SECONDS))

    def warm(self) -> None:
        """Nothing: actors start by themselves."""

    def check(
        self,
        source: str,
        *,
        statement: str | None = None,
        limits: Limits,
        describe: bool = False,
        forbidden: frozenset[str] | tuple[str, ...] = (),
        stop: Callable[[], bool] | None = None,
    ) -> Verdict:
        """See `LeanVerifier.check`."""
        try:
            verdict: Verdict = self.actors.call(
                "check",
                source,
                statement=statement,
                limits=limits,
                describe=describe,
                forbidden=forbidden,
                stop=stop,
                seconds=_wait(limits),
            )
        except InfraError as error:
            return Verdict(status=Status.INFRA_ERROR, detail=str(error))
        return verdict

    def block(
        self,
        source: str,
        *,
        limits: Limits,
        infotree: str = "",
        fresh: bool = False,
        stop: Callable[[], bool] | None = None,
    ) -> Reply:
        """See `LeanVerifier.block`."""
        try:
            reply: Reply = self.actors.call(
                "block",
                source,
                limits=limits,
                infotree=infotree,
                fresh=fresh,
                stop=stop,
                seconds=_wait(limits),
            )
        except InfraError as error:
            return Reply(status=Status.INFRA_ERROR, detail=str(error))
        return reply

    def goals(self, source: str, *, limits: Limits, stop: Callable[[], bool] | None = None) -> GoalsAnswer:
        """See `LeanVerifier.goals`."""
        answer: GoalsAnswer = self.actors.call(
            "goals", source, limits=limits, stop=stop, seconds=_wait(limits)
        )
        return answer

    def step(
        self,
        source: str,
        *,
        hole: int,
        tactics: Sequence[str],
        limits: Limits,
        stop: Callable[[], bool] | None = None,
    ) -> StepAnswer:
        """See `LeanVerifier.step`."""
        tried = tuple(tactics)
        answer: StepAnswer = self.actors.call(
            "step", source, hole=hole, tactics=tried, limits=limits, stop=stop, seconds=_wait(limits)
        )
        return answer

    def library(self, module: int, *, start: int = 0, limits: Limits) -> LibraryAnswer:
        """See `LeanVerifier.library`."""
        answer: LibraryAnswer = self.actors.call(
            "library", module, start=start, limits=limits, seconds=_wait(limits)
        )
        return answer

    def close(self) -> None:
        self.actors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _wait(limits: Limits) -> float:
    return 2 * limits.seconds + GRACE_SECONDS
