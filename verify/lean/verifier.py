"""`LeanVerifier`: sources in, verdicts out, on a pool of Lean workers.

Contract. Methods are thread-safe and block; as many calls run at once as there are workers. A bad
candidate never raises: parse errors, forbidden tricks, endless loops and crashes are verdicts. `timeout` and
`resource` say that a limit was hit, `infra_error` that a process died twice; neither judges the candidate.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from mathlm.errors import InfraError, LimitHit
from mathlm.types import Candidate, Status, Verdict
from verify.base import Limits
from verify.lean import policy, protocol
from verify.lean.judge import judge
from verify.lean.paranoid import SecondOpinion, agreed
from verify.lean.protocol import (
    CheckAnswer,
    Elaborated,
    GoalsAnswer,
    HeaderError,
    LibraryAnswer,
    StepAnswer,
)
from verify.lean.runtimes import EMBEDDED, LeanRuntime
from verify.ordered import in_order
from verify.pool import Pool, Reply

DEFAULT_LIMITS = Limits(seconds=30, memory_mb=2048, heartbeats=200_000, output_bytes=65_536)
JUDGE_RECYCLE_AFTER = 20_000
RECYCLE_RSS_MB = 1_800


class LeanVerifier:
    """Checks Lean 4 sources. Processes start on first use and are killed by `close`.

    Workers elaborate candidates; a judge for every two of them decides (see `verify.lean.judge`). With
    `paranoid` a second, independent kernel must agree (see `verify.lean.paranoid`). `rules` other than the
    shipped policy are named in every verdict.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        runtime: LeanRuntime = EMBEDDED,
        spare: int = 0,
        paranoid: bool = False,
        rules: policy.Policy | None = None,
    ) -> None:
        self.runtime = runtime
        self._rules = rules or policy.default()
        worn = RECYCLE_RSS_MB + runtime.library_mb
        self._pool = Pool(
            runtime.spawn,
            size=workers,
            spare=spare,
            recycle_after=runtime.checks_per_worker,
            recycle_rss_mb=worn,
        )
        self._judges = Pool(
            runtime.spawn_judge,
            size=1 if paranoid else (workers + 1) // 2,
            recycle_after=JUDGE_RECYCLE_AFTER,
            recycle_rss_mb=worn,
        )
        self._second = SecondOpinion(self._judges) if paranoid else None

    @property
    def pool(self) -> Pool:
        """The workers, for figures (`rss_mb()`, `restarts`)."""
        return self._pool

    @property
    def judges(self) -> Pool:
        """The judges, for figures."""
        return self._judges

    @property
    def slots(self) -> int:
        """How many checks make progress at once: workers go on while judges judge."""
        return self._pool.size + self._judges.size

    @property
    def pools(self) -> Mapping[str, Pool]:
        """All processes, for figures."""
        return {"worker": self._pool, "judge": self._judges}

    @property
    def second(self) -> SecondOpinion | None:
        """The second kernel, for figures."""
        return self._second

    @property
    def toolchain(self) -> str:
        """What judges here, as verdicts name it; those from the prelude say `core+prelude`."""
        return self._toolchain(protocol.CORE)

    def _toolchain(self, environment: str) -> str:
        kernels = "" if self._second is None else ", two kernels"
        rules = f", policy {self._rules.name}" if self._rules.name else ""
        prelude = "+prelude" if environment == protocol.PRELUDE else ""
        return self.runtime.toolchain + prelude + kernels + rules

    def warm(self, *, judges: bool = True) -> None:
        """Start the processes in the background: a cold start takes seconds that others can use.

        `judges=False` leaves them to the first check, where it is not sure that there will be one.
        """
        self._pool.warm()
        if judges:
            self._judges.warm()

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
        """The verdict on a file; with `statement`, on whether it proves every theorem stated there.

        `describe` fills in the theorems' statements as Lean prints them, which costs milliseconds.
        `forbidden` names library constants (in full, as Lean prints them) that no proof may use.
        Soon after `stop` says so, the worker is killed and `verify.process.Stopped` raised.
        """
        return self.check_timed(
            source, statement=statement, limits=limits, describe=describe, forbidden=forbidden, stop=stop
        )[0]

    def check_timed(
        self,
        source: str,
        *,
        statement: str | None = None,
        limits: Limits,
        describe: bool = False,
        forbidden: frozenset[str] | tuple[str, ...] = (),
        stop: Callable[[], bool] | None = None,
    ) -> tuple[Verdict, tuple[float, float]]:
        """The verdict, and the milliseconds inside the worker and inside the judge (0 if none answered)."""
        self._judges.warm()
        limits = self._with_library(limits)
        elaborated = self._pool.run(protocol.check_request(source, limits), limits=limits, stop=stop)
        try:
            claim = self._claim(elaborated)
        except _NoClaim as ended:
            named = self._named(ended.verdict, elaborated.seconds, protocol.CORE)
            return named, (_milliseconds(elaborated), 0.0)
        if self._second is None:
            request = protocol.judge_request(claim, statement, limits, describe=describe, forbidden=forbidden)
            judged = self._judges.run(request, limits=limits)
            verdict = self._judged(claim, judged, challenged=statement is not None)
        else:
            judged, answer = self._second.judge(
                claim, statement, limits, describe=describe, forbidden=forbidden
            )
            verdict = agreed(self._judged(claim, judged, challenged=statement is not None), answer)
        seconds = elaborated.seconds + judged.seconds
        named = self._named(verdict, seconds, protocol.environment(judged.answer))
        return named, (_milliseconds(elaborated), _milliseconds(judged))

    def check_many(
        self,
        requests: Sequence[tuple[str, str | None]],
        *,
        limits: Limits,
        progress: Callable[[int], None] | None = None,
    ) -> list[Verdict]:
        """Verdicts for (source, statement) pairs, in order."""

        def one(request: tuple[str, str | None]) -> Verdict:
            return self.check(request[0], statement=request[1], limits=limits)

        return list(in_order(one, requests, threads=self.slots, progress=progress))

    def verify(self, candidate: Candidate, *, limits: Limits) -> Verdict:
        """The verdict on a proof candidate: its source, against its formal statement."""
        if candidate.kind != "proof" or candidate.formal_statement is None:
            raise ValueError("LeanVerifier checks proofs of a formal statement, got a candidate without one")
        return self.check(candidate.source, statement=candidate.formal_statement, limits=limits)

    def goals(self, source: str, *, limits: Limits, stop: Callable[[], bool] | None = None) -> GoalsAnswer:
        """The goals at each `sorry`. Raises LimitHit at a limit, InfraError for a missing library."""
        answer = protocol.read_goals(self._answer(protocol.goals_request(source, limits), limits, stop))
        if isinstance(answer, HeaderError):
            raise InfraError(judge(answer, challenged=False, policy=self._rules).detail)
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
        """The goals after running `tactics` at the `hole`-th `sorry` of the source (for search only).

        Raises LimitHit when the limits are hit.
        """
        request = protocol.step_request(source, hole, tuple(tactics), limits)
        return protocol.read_step(self._answer(request, limits, stop))

    def library(self, module: int, *, start: int = 0, limits: Limits) -> LibraryAnswer:
        """Theorem statements of the `module`-th library module, from its `start`-th constant on."""
        return protocol.read_library(self._answer(protocol.library_request(module, start), limits))

    def block(
        self,
        source: str,
        *,
        limits: Limits,
        all_tactics: bool = False,
        infotree: str = "",
        fresh: bool = False,
        stop: Callable[[], bool] | None = None,
    ) -> Reply:
        """What the REPL says to a file on its own (see `verify.lean.repl.command_answer`); certifies nothing.

        `fresh` takes a worker that has seen nothing before.
        """
        request = {
            "op": "block", "id": 0, "text": source, "all_tactics": int(all_tactics), "root_goals": 0,
            "infotree": infotree, "output_bytes": limits.output_bytes,
        }  # fmt: skip
        forget = {"op": "forget", "runs": [0]}
        limits = self._with_library(limits)
        return self._pool.run(request, limits=limits, fresh=fresh, after=forget, stop=stop)

    def close(self) -> None:
        self._pool.close()
        self._judges.close()
        if self._second is not None:
            self._second.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _answer(
        self, request: dict[str, Any], limits: Limits, stop: Callable[[], bool] | None = None
    ) -> dict[str, Any]:
        reply = self._pool.run(request, limits=self._with_library(limits), stop=stop)
        if reply.answer is None and reply.status in (Status.TIMEOUT, Status.RESOURCE):
            raise LimitHit(reply.detail, timeout=reply.status is Status.TIMEOUT)
        if reply.answer is None:
            raise InfraError(reply.detail)
        return reply.answer

    def _with_library(self, limits: Limits) -> Limits:
        return dataclasses.replace(limits, memory_mb=limits.memory_mb + self.runtime.library_mb)

    def _claim(self, reply: Reply) -> Elaborated:
        """What a worker claims; raises `_NoClaim` with the verdict where there is nothing to judge."""
        if reply.answer is None:
            raise _NoClaim(_unanswered(reply))
        try:
            claim = protocol.read_elaborated(reply.answer)
        except protocol.Exhausted as error:
            raise _NoClaim(Verdict(status=Status.RESOURCE, detail=str(error))) from None
        except protocol.ProtocolError as error:
            raise _NoClaim(Verdict(status=Status.INFRA_ERROR, detail=str(error))) from None
        if isinstance(claim, HeaderError):
            raise _NoClaim(judge(claim, challenged=False, policy=self._rules))
        if claim.export_error is not None:
            answer = CheckAnswer(
                parse_error=claim.parse_error, messages=claim.messages, malformed=claim.export_error
            )
            raise _NoClaim(judge(answer, challenged=False, policy=self._rules))
        return claim

    def _judged(self, claim: Elaborated, reply: Reply, *, challenged: bool) -> Verdict:
        if reply.answer is None:
            return _unanswered(reply)
        try:
            return judge(protocol.read_judged(claim, reply.answer), challenged=challenged, policy=self._rules)
        except protocol.Exhausted as error:
            return Verdict(status=Status.RESOURCE, detail=str(error))
        except protocol.ProtocolError as error:
            return Verdict(status=Status.INFRA_ERROR, detail=str(error))

    def _named(self, verdict: Verdict, seconds: float, environment: str) -> Verdict:
        return dataclasses.replace(verdict, seconds=seconds, toolchain=self._toolchain(environment))


class _NoClaim(Exception):
    """A worker's answer that is a verdict already."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.detail)
        self.verdict = verdict


def _unanswered(reply: Reply) -> Verdict:
    return Verdict(status=reply.status or Status.INFRA_ERROR, detail=reply.detail)


def _milliseconds(reply: Reply) -> float:
    """Time inside the process, as its host says; 0 where it says nothing readable."""
    said = reply.answer.get("ms") if reply.answer is not None else None
    return float(said) if isinstance(said, int | float) else 0.0
