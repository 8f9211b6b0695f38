"""Two kernels: Lean's own, in the judge, and the independent one of `verify.kernel`, on the same text.

Contract. `SecondOpinion.judge` has the judge find its facts and hand out, as text, what it replayed and what
the second kernel must know of the library; the second kernel checks that. `agreed` turns their answers
into one verdict:
    accepted by both        accepted
    refused by the second   REJECTED, reason kernel, and the detail says that the kernels disagree
    declined by the second  RESOURCE: it does not support something, or was given too few steps
    no answer               TIMEOUT or INFRA_ERROR
The library is handed out in parts: the judge remembers what the second kernel has. One request is under way
at a time, and one that is refused is asked again with the whole library, in case either process was restarted
in between.
"""

from __future__ import annotations

import dataclasses
import threading
from typing import Any

from mathlm.types import Reason, Status, Verdict
from verify.base import Limits
from verify.kernel.checker import KernelAnswer, KernelChecker, KernelVerdict
from verify.lean import protocol
from verify.lean.protocol import Elaborated
from verify.pool import Pool, Reply

NEW, ALL = "new", "all"
RULE = "kernels"
"""The rule that a theorem breaks on which the kernels disagree, or that only one has checked."""
STALE_LIBRARY = ("environment", "literal", "internal")
"""Rules of the second kernel that may mean that it, or the judge, was restarted."""
FAILURES: dict[str | None, Status] = {
    "timeout": Status.TIMEOUT,
    "infra_error": Status.INFRA_ERROR,
    "protocol": Status.INFRA_ERROR,
    "internal": Status.INFRA_ERROR,
}
"""Rules of the second kernel that say something about the machine, not about the proof."""


class SecondOpinion:
    """The pair of kernels. Thread-safe; processes start on first use and are killed by `close`."""

    def __init__(self, judges: Pool) -> None:
        self._judges = judges
        self._kernel = KernelChecker()
        self._turn = threading.Lock()

    @property
    def kernel(self) -> KernelChecker:
        """The second kernel, for figures."""
        return self._kernel

    def judge(
        self,
        claim: Elaborated,
        statement: str | None,
        limits: Limits,
        *,
        describe: bool,
        forbidden: frozenset[str] | tuple[str, ...] = (),
    ) -> tuple[Reply, KernelAnswer | None]:
        """The judge's reply, and the second kernel's answer (None where there is nothing for it to check)."""
        request = protocol.judge_request(claim, statement, limits, describe=describe, forbidden=forbidden)
        with self._turn:
            reply, answer = self._ask({**request, "library": NEW}, limits)
            if answer is not None and (
                answer.verdict is KernelVerdict.REJECTED or answer.rule in STALE_LIBRARY
            ):
                reply, answer = self._ask({**request, "library": ALL}, limits)
        return reply, answer

    def close(self) -> None:
        self._kernel.close()

    def _ask(self, request: dict[str, Any], limits: Limits) -> tuple[Reply, KernelAnswer | None]:
        reply = self._judges.run(request, limits=limits)
        if reply.answer is None or "theorems" not in reply.answer:
            return reply, None
        library, claims = reply.answer.get("export"), reply.answer.get("claims")
        if not isinstance(library, str) or not isinstance(claims, str):
            reason = f"the library could not be handed out: {reply.answer.get('export_error')}"
            return reply, KernelAnswer(verdict=KernelVerdict.DECLINED, reason=reason)
        return reply, self._kernel.check(claims, library, None, limits)


def agreed(verdict: Verdict, answer: KernelAnswer | None) -> Verdict:
    """The verdict of both kernels; `verdict` is the judge's."""
    if not verdict.accepted or (answer is not None and answer.accepted):
        return verdict
    if answer is not None and answer.verdict is KernelVerdict.REJECTED:
        detail = (
            f"THE KERNELS DISAGREE: Lean's accepts `{answer.declaration}`, the second refuses it "
            f"({answer.rule}: {answer.reason}). Please report this proof"
        )
        status, reason = Status.REJECTED, Reason.KERNEL
    else:
        why = answer.reason if answer is not None else "it was not asked"
        detail = f"Lean's kernel accepts it, the second kernel declined: {why}. Try without --paranoid"
        status, reason = FAILURES.get(answer.rule if answer is not None else None, Status.RESOURCE), None
    theorems = tuple(
        dataclasses.replace(theorem, status=status, reason=reason, detail=detail, rule=RULE)
        for theorem in verdict.theorems
    )
    return dataclasses.replace(verdict, status=status, reason=reason, detail=detail, theorems=theorems)
