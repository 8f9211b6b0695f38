"""`KernelChecker`: exported declarations in, a second opinion out, on a pool of small Node workers.

Contract. `check(candidate, trusted, target, limits)` says whether every declaration of `candidate`
type-checks on top of `trusted`, both texts in lean4export's NDJSON format 3.1 (see `check.cjs` for what is
read). Methods are thread-safe and block. Whatever goes wrong here (no answer in time, too much memory, a
crash, a broken answer) is `declined`, never `accepted`; nothing is raised for a bad candidate.

Workers keep what they were told to trust: one pool serves one library.
Units: seconds of wall time; a step is one visit of a part of a term, some 3 million a second.
Errors: RuntimeMissing when there is no Node.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mathlm.errors import InfraError, RuntimeMissing
from verify import runtime
from verify.base import Limits
from verify.pool import Pool, Reply
from verify.process import WorkerProcess

FOLDER = Path(__file__).resolve().parent
READY_SECONDS = 30.0
RECYCLE_AFTER = 20_000
RECYCLE_RSS_MB = 1_500
STEPS_PER_HEARTBEAT = 100
"""Lean's default of 200 000 heartbeats is 20 million steps, some seven seconds."""


class KernelVerdict(enum.StrEnum):
    """What the second kernel says. Only `ACCEPTED` is a yes."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True, slots=True)
class KernelAnswer:
    """The answer on one candidate.

    Example: `KernelAnswer(verdict=KernelVerdict.REJECTED, declaration="t", rule="value-type",
    reason="the value has not the declared type", steps=812, milliseconds=1.7)`
    """

    verdict: KernelVerdict
    declaration: str | None = None
    """The declaration that was not accepted; after acceptance the target."""
    rule: str | None = None
    """The rule behind a verdict that is not `accepted`, such as "application" or "budget"."""
    reason: str = ""
    axioms: tuple[str, ...] = ()
    """Denied axioms that the candidate reaches; not empty after acceptance only where they were allowed."""
    steps: int = 0
    milliseconds: float = 0.0
    """Time inside the worker; 0 when no answer came."""

    @property
    def accepted(self) -> bool:
        return self.verdict is KernelVerdict.ACCEPTED


def command() -> list[str]:
    """argv of a worker, which may read its own scripts and nothing else. Errors: RuntimeMissing."""
    shared = (FOLDER.parent / "sandbox.cjs", FOLDER.parent / "wire.cjs")
    return [*runtime.locked_down_node(read=(FOLDER, *shared)), str(FOLDER / "host.cjs")]


def spawn() -> WorkerProcess:
    """A worker that is not started yet."""
    return WorkerProcess(command(), name="kernel", ready_seconds=READY_SECONDS)


class KernelChecker:
    """Checks exported declarations. Workers start on first use and are killed by `close`."""

    def __init__(self, *, workers: int = 1, spawn: Callable[[], WorkerProcess] = spawn) -> None:
        self._pool = Pool(
            spawn, size=workers, recycle_after=RECYCLE_AFTER, recycle_rss_mb=RECYCLE_RSS_MB, spare=0
        )

    @property
    def pool(self) -> Pool:
        """The workers, for figures (`rss_mb()`, `restarts`)."""
        return self._pool

    def warm(self) -> None:
        """Start the workers in the background."""
        self._pool.warm()

    def check(
        self,
        candidate: str,
        trusted: str,
        target: str | None,
        limits: Limits,
        *,
        allowed_axioms: Sequence[str] = (),
    ) -> KernelAnswer:
        """The answer on `candidate`; with `target` (a dotted name), only if it declares that."""
        message = {
            "op": "check",
            "trusted": trusted,
            "candidate": candidate,
            "target": target,
            "steps": limits.heartbeats * STEPS_PER_HEARTBEAT,
            "allowed": list(allowed_axioms),
        }
        try:
            return _read(self._pool.run(message, limits=limits))
        except RuntimeMissing:
            raise
        except InfraError as error:
            return KernelAnswer(verdict=KernelVerdict.DECLINED, rule="infra_error", reason=str(error))

    def close(self) -> None:
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _read(reply: Reply) -> KernelAnswer:
    if reply.answer is None:
        status = reply.status.value if reply.status is not None else "no answer"
        return KernelAnswer(verdict=KernelVerdict.DECLINED, rule=status, reason=reply.detail)
    try:
        return _answer(reply.answer)
    except (KeyError, TypeError, ValueError) as error:
        reason = f"the worker's answer is not readable: {error!r}"
        return KernelAnswer(verdict=KernelVerdict.DECLINED, rule="protocol", reason=reason)


def _answer(wire: dict[str, Any]) -> KernelAnswer:
    return KernelAnswer(
        verdict=KernelVerdict(wire["verdict"]),
        declaration=wire["declaration"],
        rule=wire["rule"],
        reason=wire["reason"],
        axioms=tuple(wire["axioms"]),
        steps=int(wire["steps"]),
        milliseconds=float(wire["ms"]),
    )
