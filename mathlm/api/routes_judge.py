"""`POST /v1/judge`: the verdict on a Lean source, as `mathlm check --json` gives it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request

from mathlm.api.queue import Cancelled
from mathlm.api.service import service_of
from mathlm.types import Status, to_json
from verify.base import Limits
from verify.lean.protocol import PRELUDE
from verify.lean.vacuity import vacuous
from verify.lean.verifier import LeanVerifier

router = APIRouter(tags=["judge"])
MAX_SOURCE = 1_000_000


class JudgeRequest(BaseModel):
    """What is to be judged."""

    source: Annotated[str, Field(min_length=1, max_length=MAX_SOURCE)]
    statement: Annotated[str | None, Field(max_length=MAX_SOURCE)] = None
    timeout: Annotated[float, Field(gt=0, le=86_400)] = 30
    forbidden: list[str] = []
    vacuity: bool = True


@router.post("/v1/judge")
async def judge(body: JudgeRequest, request: Request) -> dict[str, Any]:
    """Judge the theorems of a Lean source, against a trusted statement where there is one."""
    service = service_of(request)
    limits = service.limits(min(body.timeout, service.settings.max_seconds))

    def work(flag: Cancelled) -> dict[str, Any]:
        return document(service.lean, body, limits)

    return await service.run(request, work, deadline=service.settings.wait_seconds + 2 * limits.seconds)


def document(lean: LeanVerifier, body: JudgeRequest, limits: Limits) -> dict[str, Any]:
    """The verdict as `mathlm check --json` prints it."""
    verdict = lean.check(
        body.source, statement=body.statement, limits=limits, describe=True, forbidden=tuple(body.forbidden)
    )
    if body.vacuity:
        header = "import Mathlib\n" if PRELUDE in verdict.toolchain else ""
        theorems = tuple(
            replace(theorem, vacuous=vacuous(lean, f"{header}theorem {theorem.statement}", limits=limits))
            if theorem.status is Status.ACCEPTED
            else theorem
            for theorem in verdict.theorems
        )
        verdict = replace(verdict, theorems=theorems)
    made: dict[str, Any] = {**to_json(verdict), "limits": to_json(limits)}
    del made["output"]  # of programs, not of proofs
    return made
