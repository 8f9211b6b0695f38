"""What must hold of every text: no false claim is accepted, and the process that read it lives on as it was.

`Judge` asks Lean's kernel (a judge process), `Kernel` the second one. Both keep one process for all cases,
ask it from time to time for something that it must accept, and compare its memory with that of the start.
"""

from __future__ import annotations

import dataclasses
from collections import Counter

from mathlm.types import Status, Verdict
from tests.verify.fuzz import rows
from tests.verify.fuzz.bases import FALSE, HONEST, SOURCES, STATEMENTS
from verify.base import Limits
from verify.kernel import KernelChecker, KernelVerdict
from verify.lean import protocol
from verify.lean.judge import judge as judged
from verify.lean.policy import default
from verify.lean.protocol import CheckAnswer, Elaborated
from verify.lean.verifier import LeanVerifier
from verify.pool import Pool, Reply

LIMITS = Limits(seconds=60, memory_mb=8_000, heartbeats=200_000, output_bytes=20_000)
WELL_EVERY = 1_000
SETTLED = 300
"""Cases after which a process has reached its size."""
GROWTH_MB = 150.0
CLAIM = Elaborated(
    parse_error=False, messages=(), theorems=("t",), environment="core", export="", export_error=None
)


class Judge:
    """A judge process that is asked about many texts."""

    def __init__(self, pool: Pool, lean: LeanVerifier, counts: Counter[str]) -> None:
        self._pool, self._lean, self.counts = pool, lean, counts
        self._asked, self._settled = 0, 0.0
        self.bases = {name: rows.read(self.export(source)) for name, source in SOURCES.items()}
        """The exports of all sources."""
        assert self.accepts(HONEST, rows.write(self.bases[HONEST]))
        self._pid = pool.pids()

    def export(self, source: str) -> str:
        reply = self._lean.pool.run(protocol.check_request(source, LIMITS), limits=LIMITS)
        assert reply.answer is not None, reply.detail
        claim = protocol.read_elaborated(reply.answer)
        assert isinstance(claim, Elaborated) and claim.export_error is None, claim
        return claim.export

    def ask(self, text: str, statement: str, **more: str) -> Reply:
        request = protocol.judge_request(
            dataclasses.replace(CLAIM, export=text), statement, LIMITS, describe=False
        )
        return self._pool.run({**request, **more}, limits=LIMITS)

    def verdict(self, name: str, text: str, strategy: str) -> Verdict | None:
        """The verdict on `text` as the proof of the statement `name`; None where a limit was passed."""
        reply = self.ask(text, STATEMENTS[name])
        assert reply.answer is not None and not reply.retried, (reply.status, reply.detail)
        verdict, outcome = None, "resource"
        try:
            answer = protocol.read_judged(CLAIM, reply.answer)
            assert isinstance(answer, CheckAnswer)
            verdict = judged(answer, challenged=True, policy=default())
            outcome = "malformed" if answer.malformed else str(verdict.reason or verdict.status)
        except protocol.Exhausted:
            pass
        self.counts[f"judge, {strategy}: {outcome}"] += 1
        return verdict

    def accepts(self, name: str, text: str) -> bool:
        verdict = self.verdict(name, text, "as it is")
        return verdict is not None and verdict.accepted

    def text(self, name: str, text: str, strategy: str) -> None:
        """One case: `text` does not prove the false statement `name`."""
        verdict = self.verdict(name, text, strategy)
        assert verdict is None or verdict.status is Status.REJECTED, verdict
        self._asked += 1
        if self._asked == SETTLED:
            (self._settled,) = self._pool.rss_mb()
        if self._asked % WELL_EVERY == 0:
            self.still_well()

    def still_well(self) -> None:
        """The same process accepts an honest proof, and has not grown."""
        assert self.accepts(HONEST, rows.write(self.bases[HONEST]))
        assert (self._pool.pids(), self._pool.restarts) == (self._pid, 0)
        (now,) = self._pool.rss_mb()
        self.counts["judge, MB at the end"] = round(now)
        if self._settled:
            self.counts["judge, MB at the start"] = round(self._settled)
            assert now < self._settled + GROWTH_MB


class Kernel:
    """A process of the second kernel that is asked about many texts."""

    def __init__(self, checker: KernelChecker, judge: Judge, counts: Counter[str]) -> None:
        self.checker, self.judge, self.counts = checker, judge, counts
        self._asked, self._settled = 0, 0.0
        for name in SOURCES:
            reply = judge.ask(rows.write(judge.bases[name]), STATEMENTS[name], library="all")
            assert reply.answer is not None and isinstance(reply.answer["export"], str), reply
            answer = checker.check(rows.write(judge.bases[name]), reply.answer["export"], "t", LIMITS)
            assert answer.accepted is (name not in FALSE), (name, answer)
        self._pid = checker.pool.pids()
        self._says = {name: rows.statement(judge.bases[name], "t") for name in FALSE}

    def text(self, name: str, text: str, strategy: str) -> None:
        """One case: `text` is not accepted where its `t` says what the false statement `name` says."""
        answer = self.checker.check(text, "", "t", LIMITS)
        self.counts[f"kernel, {strategy}: {answer.verdict} {answer.rule or ''}"] += 1
        assert answer.rule not in {"internal", "protocol", "infra_error", "timeout", "resource"}, answer
        if answer.accepted:
            assert not self._says[name] & rows.statement(rows.read(text), "t"), text
        self._asked += 1
        if self._asked == SETTLED:
            (self._settled,) = self.checker.pool.rss_mb()
        if self._asked % WELL_EVERY == 0:
            self.still_well()

    def still_well(self) -> None:
        """The same process accepts an honest proof, and has not grown."""
        answer = self.checker.check(rows.write(self.judge.bases[HONEST]), "", "t", LIMITS)
        assert answer.verdict is KernelVerdict.ACCEPTED, answer
        assert (self.checker.pool.pids(), self.checker.pool.restarts) == (self._pid, 0)
        (now,) = self.checker.pool.rss_mb()
        self.counts["kernel, MB at the end"] = round(now)
        if self._settled:
            self.counts["kernel, MB at the start"] = round(self._settled)
            assert now < self._settled + GROWTH_MB
