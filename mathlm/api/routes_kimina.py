"""Kimina's routes, so that its clients work unchanged: `/api/check`, and the older `/verify`.

Contract. What a REPL says to each snippet, in the order asked; nothing is certified (`/v1/judge` does that).
Each snippet is a request of its own to the queue: a batch spreads over the workers, and one that times out,
crashes or asks for what is not there has its own `error`, with `timed out` in it where time was the cause.
Each starts on the environment that its imports choose. `reuse: false` takes a worker that has seen nothing.
Nulls are as good as absent in a request and left out of an answer.

Units: seconds; `memory_max` is MB, `cpu_max` percent of one core. Not covered: the infotree `full` (422).
"""

from __future__ import annotations

import json
import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.requests import Request

from mathlm.api import errors
from mathlm.api.queue import Cancelled, DeadlinePassed, Stopping, Work
from mathlm.api.service import Service, service_of
from mathlm.api.store import Record
from mathlm.errors import UsageError
from mathlm.types import Status
from verify.lean.repl import command_answer
from verify.lean.session import refusal
from verify.pool import Reply

Json = dict[str, Any]
router = APIRouter(tags=["kimina"])
Tree = Literal["full", "tactics", "original", "substantive"]
Seconds = Annotated[int | None, Field(ge=0, le=86_400, description="For each snippet, in seconds.")]
NAMESPACE = uuid.uuid4()
"""Of the workers' names: process ids come again after a restart of the server."""
CRASHED = "Lean ended while it worked on this, twice; nothing was decided"


class Snippet(BaseModel):
    """One Lean file."""

    id: str
    code: str


class CheckRequest(BaseModel):
    """What `/api/check` takes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"snippets": [{"id": "a", "code": "#check Nat"}], "timeout": 30}]}
    )
    snippets: Annotated[list[Snippet], Field(min_length=1)]
    timeout: Seconds = 30
    debug: bool | None = False
    reuse: bool | None = True
    infotree: Tree | None = None

    @model_validator(mode="after")
    def ids_are_unique(self) -> CheckRequest:
        """Answers are found by them."""
        if len({snippet.id for snippet in self.snippets}) < len(self.snippets):
            raise ValueError("`snippets` must have unique ids")
        return self


class Code(BaseModel):
    """One Lean file, as `/verify` names it."""

    custom_id: str | int
    proof: str | None = None
    code: str | None = None

    @model_validator(mode="after")
    def has_text(self) -> Code:
        """`proof` wins where both are there."""
        if self.proof is None and self.code is None:
            raise ValueError("give `proof` or `code`")
        return self


class VerifyRequest(BaseModel):
    """What `/verify` takes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"codes": [{"custom_id": "1", "proof": "#check Nat"}]}]}
    )
    codes: Annotated[list[Code], Field(min_length=1)]
    timeout: Seconds = 300
    infotree_type: Tree | None = None
    disable_cache: bool | None = False


@router.post("/api/check", responses={429: {"description": "No room: `Retry-After`"}})
@router.post("/api/check/", include_in_schema=False)
async def check(body: CheckRequest, request: Request) -> JSONResponse:
    """What Lean says to each snippet."""
    codes = [snippet.code for snippet in body.snippets]
    seconds = 30 if body.timeout is None else body.timeout
    ran = await _run(request, codes, seconds=seconds, reuse=body.reuse is not False, infotree=body.infotree)
    results: list[Json] = []
    for snippet, one in zip(body.snippets, ran, strict=True):
        result: Json = {"id": snippet.id, "time": one.seconds, **one.said}
        if body.debug:
            result["diagnostics"] = one.diagnostics
        results.append(result)
    return JSONResponse({"results": results})


@router.post("/verify", responses={429: {"description": "No room: `Retry-After`"}})
@router.post("/verify/", include_in_schema=False)
@router.post("/one_pass_verify_batch")
async def verify(body: VerifyRequest, request: Request) -> JSONResponse:
    """What Lean says to each snippet, in the words of Kimina's first server."""
    codes = [(code.proof if code.proof is not None else code.code) or "" for code in body.codes]
    seconds = 300 if body.timeout is None else body.timeout
    ran = await _run(
        request, codes, seconds=seconds, reuse=not body.disable_cache, infotree=body.infotree_type
    )
    results: list[Json] = []
    for code, one in zip(body.codes, ran, strict=True):
        said = one.said
        if "response" in said:
            said = {"response": {**said["response"], "time": one.seconds}}
        results.append({"custom_id": str(code.custom_id), **said})
    return JSONResponse({"results": results})


class _Ran:
    """How one snippet ended: `said` is `{"response": …}` or `{"error": …}`."""

    def __init__(self, reply: Reply | BaseException, seconds: float) -> None:
        self.status: str = Status.INFRA_ERROR
        self.seconds = 0.0
        self.diagnostics = {"repl_uuid": "", "cpu_max": 0.0, "memory_max": 0.0}
        if isinstance(reply, BaseException):
            timed_out = isinstance(reply, DeadlinePassed)
            self.status = Status.TIMEOUT if timed_out else Status.INFRA_ERROR
            known = isinstance(reply, DeadlinePassed | Stopping)
            if not known:
                errors.log.error("a snippet failed", exc_info=reply)
            self.said: Json = {"error": str(reply) if known else errors.NOT_NOW}
            return
        self.seconds = reply.seconds
        if reply.answer is None:
            self.status = str(reply.status)
            self.said = {"error": _unanswered(reply, seconds)}
            return
        self.diagnostics = {
            "repl_uuid": str(uuid.uuid5(NAMESPACE, str(reply.worker))),
            "cpu_max": 100 * reply.cpu_seconds / max(reply.seconds, 1e-6),
            "memory_max": reply.rss_mb,
        }
        self._read(reply.answer)

    def _read(self, answer: Json) -> None:
        if "exhausted" in answer:
            self.status = Status.RESOURCE
            self.said = {"error": f"Lean ended: {answer['exhausted']}; try smaller commands"}
            return
        if (refused := refusal(answer)) is not None:
            self.status = "refused"
            self.said = {"error": refused}
            return
        try:
            self.said = {"response": command_answer(answer, env=0, first_state=0)}
            json.dumps(self.said, allow_nan=False)
            self.status = "answered"
        except (
            KeyError,
            TypeError,
            AttributeError,
            ValueError,
        ) as error:  # a candidate took the process over
            errors.log.error("a worker's answer cannot be read", exc_info=error)
            self.said = {"error": "Lean's answer cannot be read; nothing was decided"}


def _unanswered(reply: Reply, seconds: float) -> str:
    if reply.status is Status.TIMEOUT:
        return f"Lean REPL command timed out in {seconds:.1f} seconds"
    if reply.status is Status.RESOURCE:
        return f"Lean REPL ended: {reply.detail}"
    errors.log.error("a snippet's workers ended: %s", reply.detail)
    return CRASHED


async def _run(
    request: Request, codes: list[str], *, seconds: float, reuse: bool, infotree: Tree | None
) -> list[_Ran]:
    service = service_of(request)
    if infotree == "full":
        raise UsageError("`infotree`: `full` is not supported here: ask for tactics, original or substantive")
    seconds = min(seconds, service.settings.max_seconds)
    if seconds == 0:
        replies: list[Reply | BaseException] = [Reply(status=Status.TIMEOUT) for _ in codes]
    else:
        works = [_work(service, code, seconds, reuse, infotree or "") for code in codes]
        deadline = service.settings.wait_seconds + seconds
        replies = await service.run_all(request, works, deadline=deadline)
    if all(isinstance(reply, Stopping) for reply in replies):
        raise Stopping
    ran = [_Ran(reply, seconds) for reply in replies]
    for one in ran:
        service.metrics.judged(one.status)
    await service.record(
        [
            Record(
                client=service.client(request),
                kind="check",
                status=one.status,
                seconds=one.seconds,
                source=code,
                document=one.said,
            )
            for code, one in zip(codes, ran, strict=True)
        ]
    )
    return ran


def _work(service: Service, code: str, seconds: float, reuse: bool, infotree: str) -> Work[Reply]:
    limits = service.limits(seconds)

    def work(flag: Cancelled) -> Reply:
        return service.lean.block(code, limits=limits, infotree=infotree, fresh=not reuse, stop=flag.is_over)

    return work
