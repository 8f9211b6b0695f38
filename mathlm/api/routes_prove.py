"""`POST /v1/prove`: a proof of a Lean statement, as `mathlm prove --json` gives it.

With `stream: true`, or `Accept: text/event-stream`, each attempt comes as it is judged (`event: attempt`),
then the same document (`event: result`), or why there is none (`event: error`). A client that goes away
ends the search. Every attempt and the result are recorded (`/v1/records`) before they are sent. Seconds are
wall time, `seconds` of the search and `timeout` of one check; larger ones than the server allows are cut
down to what it does.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from mathlm import pipeline
from mathlm.api import errors, streams
from mathlm.api.queue import Cancelled
from mathlm.api.service import Service, service_of
from mathlm.api.stoppable import Stoppable
from mathlm.api.store import Record
from mathlm.cli.options import DEFAULT_PROOFS, DEFAULT_SECONDS, DEFAULT_TIMEOUT, sampling, search
from mathlm.cli.output import MAX_SEED
from mathlm.search.config import OF_MODEL, SearchConfig
from mathlm.types import Attempt, Reason, Status, to_json
from mathlm.watch import Watch
from verify.lean.vacuity import vacuous

router = APIRouter(tags=["prove"])
MAX_SAMPLES = 256
SLACK_SECONDS = 30.0
"""What the start of a process and the last check may take besides."""


class ProveRequest(BaseModel):
    """What is to be proved."""

    model_config = ConfigDict(
        extra="forbid",  # a misspelt field must not be taken for one that was left out
        json_schema_extra={"examples": [{"statement": "theorem t (a b : Nat) : a + b = b + a"}]},
    )
    statement: Annotated[
        str, Field(max_length=pipeline.MAX_QUESTION, description="theorem NAME BINDERS : TYPE")
    ]
    samples: Annotated[int, Field(ge=1, le=MAX_SAMPLES, description="Proofs that the model writes.")] = (
        DEFAULT_PROOFS
    )
    seconds: Annotated[float, Field(gt=0, le=86_400, description="Seconds for the whole search.")] = (
        DEFAULT_SECONDS
    )
    timeout: Annotated[float, Field(gt=0, le=3600, description="Seconds for one check.")] = DEFAULT_TIMEOUT
    search: Annotated[
        str,
        Field(
            max_length=200,
            description="Parts: automation, whole, mend, finish, resume, repair, best-first, sketch, "
            "premises, mathlib, disprove, critic; or `all`, and `-PART` after it.",
        ),
    ] = "all"
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    stream: Annotated[bool, Field(description="Answer with server-sent events.")] = False


class ProveAnswer(BaseModel):
    """A proof, or why there is none."""

    statement: Annotated[
        str, Field(description="What the proof stands below; it may begin with an import that was not given.")
    ]
    proof: str | None
    status: Status
    reason: Reason | None
    axioms: list[str]
    origin: str | None
    attempts: int
    steps: int
    disproof: str | None
    detail: str
    vacuous: bool | None
    toolchain: str
    seconds: float


@router.post("/v1/prove", response_model=ProveAnswer, responses={**streams.ON_STREAM, **errors.REFUSED})
async def prove(body: ProveRequest, request: Request) -> Response | dict[str, Any]:
    """Find a proof that the judge accepts, or a proof that the statement is false."""
    service = service_of(request)
    pipeline.read_target(body.statement)
    seconds = min(body.seconds, service.settings.max_seconds)
    config = search(body.search, samples=body.samples, seconds=seconds)
    if config.parts & OF_MODEL:
        await asyncio.to_thread(service.tools.engine)
    deadline = service.settings.wait_seconds + seconds + SLACK_SECONDS
    client = service.client(request)

    def streamed(flag: Cancelled, tell: streams.Tell) -> None:
        watch = _watch(service, client, body, flag, lambda made: tell(streams.event("attempt", made)))
        tell(streams.event("result", document(service, client, body, config, watch, flag)))

    if streams.wants_stream(request, body.stream):
        return streams.respond(request, streamed, queue=service.jobs, client=client, deadline=deadline)

    def work(flag: Cancelled) -> dict[str, Any]:
        watch = _watch(service, client, body, flag, lambda made: None)
        return document(service, client, body, config, watch, flag)

    return await service.run(request, work, deadline=deadline, queue=service.jobs)


def _watch(
    service: Service,
    client: str,
    body: ProveRequest,
    flag: Cancelled,
    tell: Callable[[dict[str, Any]], object],
) -> Watch:
    """Records each attempt, then tells of it."""
    numbers = itertools.count(1)

    def attempted(attempt: Attempt) -> None:
        made = attempt_document(next(numbers), attempt)
        record = Record(
            client=client,
            kind="attempt",
            status=attempt.verdict.status,
            reason=attempt.verdict.reason,
            seconds=attempt.verdict.seconds,
            source=attempt.candidate.source,
            statement=body.statement,
            document=made,
        )
        service.record_from_work(record)
        tell(made)

    return Watch(attempt=attempted, cancelled=flag.is_set)


def attempt_document(number: int, attempt: Attempt) -> dict[str, Any]:
    """One attempt, as the events have it."""
    verdict = errors.without_evidence(attempt.verdict)
    return {
        "number": number,
        "origin": attempt.candidate.origin,
        "source": attempt.candidate.source,
        "status": verdict.status,
        "reason": verdict.reason,
        "detail": verdict.detail,
        "seconds": verdict.seconds,
    }


def document(
    service: Service, client: str, body: ProveRequest, config: SearchConfig, watch: Watch, flag: Cancelled
) -> dict[str, Any]:
    """The result as `mathlm prove --json` prints it, recorded."""
    asks = bool(config.parts & OF_MODEL)
    limits = service.limits(min(body.timeout, service.settings.max_seconds))
    lean = Stoppable(service.lean, flag.is_over)
    result = pipeline.prove(
        body.statement,
        backend=service.tools.engine().bound(watch.cancelled) if asks else None,
        lean=lean,
        config=config,
        retriever=service.tools.retriever() if asks else None,
        params=sampling(body.seed, body.samples, proofs=True),
        limits=limits,
        watch=watch,
    )
    if result.proof is not None:
        result = replace(result, vacuous=vacuous(lean, result.statement, limits=limits))
    made: dict[str, Any] = to_json(result)
    record = Record(
        client=client,
        kind="prove",
        status=result.status,
        reason=result.reason,
        seconds=result.seconds,
        source=result.proof or "",
        statement=result.statement,
        document=made,
    )
    service.record_from_work(record)
    return made
