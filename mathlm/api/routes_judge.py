"""`POST /v1/judge`: the verdict on a Lean source, as `mathlm check --json` gives it.

Contract. `accepted` and `rejected` are kept and given again (`cached: true`) to whoever asks the same of the
same judge: source, statement, forbidden constants, vacuity, toolchain, policy, limits. Other statuses say
nothing about mathematics and are judged anew. `id` names the record, which is committed before the answer.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from mathlm.api import errors
from mathlm.api.queue import Cancelled
from mathlm.api.service import Service, service_of
from mathlm.api.stoppable import Stoppable
from mathlm.api.store import Record
from mathlm.types import Reason, Status, Verdict, to_json
from verify.base import Limits
from verify.lean.protocol import PRELUDE
from verify.lean.vacuity import vacuous

router = APIRouter(tags=["judge"])
MAX_SOURCE = 1_000_000
SETTLED = (Status.ACCEPTED, Status.REJECTED)


class JudgeRequest(BaseModel):
    """What is to be judged."""

    model_config = ConfigDict(
        extra="forbid",  # a misspelt field must not be taken for one that was left out
        json_schema_extra={
            "examples": [
                {"source": "theorem t (n : Nat) : n + 0 = n := rfl"},
                {
                    "source": "theorem t : 1 + 1 = 2 := by decide",
                    "statement": "theorem t : 1 + 1 = 2 := sorry",
                    "timeout": 10,
                },
            ]
        },
    )
    source: Annotated[str, Field(min_length=1, max_length=MAX_SOURCE, description="A Lean file.")]
    statement: Annotated[
        str | None, Field(max_length=MAX_SOURCE, description="Trusted statements, each ending in `:= sorry`.")
    ] = None
    timeout: Annotated[float, Field(gt=0, le=86_400, description="Seconds.")] = 30
    forbidden: Annotated[
        list[str], Field(max_length=1000, description="Library constants that no proof may use.")
    ] = []
    vacuity: Annotated[bool, Field(description="Ask whether the hypotheses contradict each other.")] = True


class MessageAnswer(BaseModel):
    """A message of Lean; lines count from 1, columns from 0."""

    severity: str
    line: int
    column: int
    end_line: int | None
    end_column: int | None
    text: str


class TheoremAnswer(BaseModel):
    """The verdict on one theorem."""

    name: str
    status: Status
    reason: Reason | None
    axioms: list[str]
    statement: str
    detail: str
    rule: str | None
    line: int | None
    column: int | None
    vacuous: bool | None


class JudgeAnswer(BaseModel):
    """The verdict."""

    status: Status
    reason: Reason | None
    detail: str
    seconds: float
    toolchain: str
    messages: list[MessageAnswer]
    theorems: list[TheoremAnswer]
    limits: dict[str, float]
    cached: bool
    id: str


@router.post("/v1/judge", response_model=JudgeAnswer)
async def judge(body: JudgeRequest, request: Request) -> Response:
    """Judge the theorems of a Lean source, against a trusted statement where there is one."""
    service = service_of(request)
    limits = service.limits(min(body.timeout, service.settings.max_seconds))
    key = cache_key(service, body, limits)
    kept = await service.store.kept(key)
    service.metrics.looked_up(hit=kept is not None)
    if kept is None:
        deadline = service.settings.wait_seconds + 2 * limits.seconds

        def work(flag: Cancelled) -> dict[str, Any]:
            return document(service, body, limits, flag)

        made = await service.run(request, work, deadline=deadline)
        text = json.dumps(made)
    else:
        made, text = json.loads(kept), kept
    service.metrics.judged(made["status"])
    record = Record(
        client=service.client(request),
        kind="judge",
        status=made["status"],
        reason=made["reason"],
        seconds=made["seconds"],
        cached=kept is not None,
        source=body.source,
        statement=body.statement,
        document=text,
        cache_key=key if made["status"] in SETTLED else None,
    )
    (name,) = await service.record([record])
    more = f', "cached": {"false" if kept is None else "true"}, "id": "{name}"}}'
    return Response(text[:-1] + more, media_type="application/json")


def cache_key(service: Service, body: JudgeRequest, limits: Limits) -> str:
    """What a verdict depends on, as one name."""
    what = [body.source, body.statement, sorted(body.forbidden), body.vacuity]
    given = (limits.seconds, limits.memory_mb, limits.heartbeats, limits.output_bytes)
    return hashlib.sha256(json.dumps([service.judge, what, given]).encode()).hexdigest()


def document(service: Service, body: JudgeRequest, limits: Limits, flag: Cancelled) -> dict[str, Any]:
    """The verdict as `mathlm check --json` prints it."""
    lean = Stoppable(service.lean, flag.is_over)
    verdict = lean.check(
        body.source,
        statement=body.statement,
        limits=limits,
        describe=True,
        forbidden=tuple(body.forbidden),
    )
    verdict = errors.without_evidence(verdict)
    if body.vacuity:
        verdict = _with_vacuity(lean, verdict, limits, flag)
    made: dict[str, Any] = {**to_json(verdict), "limits": to_json(limits)}
    del made["output"]  # of programs, not of proofs
    return made


def _with_vacuity(lean: Stoppable, verdict: Verdict, limits: Limits, flag: Cancelled) -> Verdict:
    header = "import Mathlib\n" if PRELUDE in verdict.toolchain else ""
    theorems = tuple(
        replace(theorem, vacuous=vacuous(lean, f"{header}theorem {theorem.statement}", limits=limits))
        if theorem.status is Status.ACCEPTED and not flag.is_set()
        else theorem
        for theorem in verdict.theorems
    )
    return replace(verdict, theorems=theorems)
