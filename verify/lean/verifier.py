"""`LeanVerifier`: sources in, verdicts out, on a pool of embedded Lean workers.

Contract. Methods are thread-safe and block; as many calls run at once as there are workers. A bad
candidate never raises: parse errors, forbidden tricks, endless loops and crashes are verdicts. `timeout` and
`resource` say that a limit was hit, `infra_error` that the machine failed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

from mathlm.errors import InfraError
from mathlm.types import Candidate, Status, Verdict
from verify.base import Limits
from verify.lean import embedded, protocol
from verify.lean.judge import judge
from verify.lean.protocol import GoalsAnswer, HeaderError, LibraryAnswer, StepAnswer
from verify.pool import Pool, Reply
from verify.process import WorkerProcess

DEFAULT_LIMITS = Limits(seconds=30, memory_mb=4096, heartbeats=200_000, output_bytes=65_536)
RECYCLE_AFTER = 20_000
RECYCLE_RSS_MB = 2_600


class LeanVerifier:
    """Checks Lean 4 sources. Workers start on first use and are killed by `close`."""

    def __init__(
        self, *, workers: int = 1, spawn: Callable[[], WorkerProcess] = embedded.spawn, spare: int = 0
    ) -> None:
        self._pool = Pool(
            spawn, size=workers, spare=spare, recycle_after=RECYCLE_AFTER, recycle_rss_mb=RECYCLE_RSS_MB
        )

    @property
    def pool(self) -> Pool:
        """The workers, for figures (`rss_mb()`, `restarts`)."""
        return self._pool

    @property
    def toolchain(self) -> str:
        """What judges here, as every verdict names it."""
        return "Lean 4.28.0-pre (38f3c0c45b8d), WebAssembly, core"

    def warm(self) -> None:
        """Start the workers in the background: a cold start takes seconds that others can use."""
        self._pool.warm()

    def check(
        self, source: str, *, statement: str | None = None, limits: Limits, describe: bool = False
    ) -> Verdict:
        """The verdict on a file; with `statement`, on whether it proves every theorem stated there.

        `describe` fills in the theorems' statements as Lean prints them, which costs milliseconds.
        """
        request = protocol.check_request(source, statement, limits, describe=describe)
        reply = self._pool.run(request, limits=limits)
        return self._verdict(reply, challenged=statement is not None)

    def check_timed(
        self, source: str, *, statement: str | None = None, limits: Limits
    ) -> tuple[Verdict, float]:
        """The verdict, and the milliseconds between request and answer inside the worker (0 if none came)."""
        reply = self._pool.run(protocol.check_request(source, statement, limits), limits=limits)
        milliseconds = float(reply.answer["ms"]) if reply.answer is not None else 0.0
        return self._verdict(reply, challenged=statement is not None), milliseconds

    def check_many(
        self,
        requests: Sequence[tuple[str, str | None]],
        *,
        limits: Limits,
        progress: Callable[[int], None] | None = None,
    ) -> list[Verdict]:
        """Verdicts for (source, statement) pairs, in order."""
        messages = (protocol.check_request(source, statement, limits) for source, statement in requests)
        replies = self._pool.map(messages, limits=limits, progress=progress)
        return [
            self._verdict(reply, challenged=statement is not None)
            for reply, (_, statement) in zip(replies, requests, strict=True)
        ]

    def verify(self, candidate: Candidate, *, limits: Limits) -> Verdict:
        """The verdict on a proof candidate: its source, against its formal statement."""
        if candidate.kind != "proof" or candidate.formal_statement is None:
            raise ValueError("LeanVerifier checks proofs of a formal statement, got a candidate without one")
        return self.check(candidate.source, statement=candidate.formal_statement, limits=limits)

    def goals(self, source: str, *, limits: Limits) -> GoalsAnswer:
        """The goals at each `sorry`. Raises InfraError when the limits are hit or a library is missing."""
        answer = protocol.read_goals(self._answer(protocol.goals_request(source, limits), limits))
        if isinstance(answer, HeaderError):
            raise InfraError(judge(answer, challenged=False).detail)
        return answer

    def step(self, source: str, *, hole: int, tactics: Sequence[str], limits: Limits) -> StepAnswer:
        """The goals after running `tactics` at the `hole`-th `sorry` of the source (for search only)."""
        request = protocol.step_request(source, hole, tuple(tactics), limits)
        return protocol.read_step(self._answer(request, limits))

    def library(self, module: int, *, start: int = 0, limits: Limits) -> LibraryAnswer:
        """Theorem statements of the `module`-th library module, from its `start`-th constant on."""
        return protocol.read_library(self._answer(protocol.library_request(module, start), limits))

    def close(self) -> None:
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _answer(self, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
        reply = self._pool.run(request, limits=limits)
        if reply.answer is None:
            raise InfraError(reply.detail)
        return reply.answer

    def _verdict(self, reply: Reply, *, challenged: bool) -> Verdict:
        if reply.answer is None:
            verdict = Verdict(status=reply.status or Status.INFRA_ERROR, detail=reply.detail)
        else:
            try:
                verdict = judge(protocol.read_check(reply.answer), challenged=challenged)
            except protocol.ProtocolError as error:
                verdict = Verdict(status=Status.INFRA_ERROR, detail=str(error))
        return Verdict(
            status=verdict.status,
            reason=verdict.reason,
            detail=verdict.detail,
            messages=verdict.messages,
            theorems=verdict.theorems,
            seconds=reply.seconds,
            toolchain=self.toolchain,
        )
