"""`POST /v1/solve`: an answer and its certificate, as `mathlm solve --json` gives it.

With `stream: true`, or `Accept: text/event-stream`, each stage (`event: stage`) and each program's output
(`event: attempt`) comes as it happens, then the same document (`event: result`), or why there is none
(`event: error`). A client that goes away ends the work. Programs and the result are recorded
(`/v1/records`, the certificate as the status) before they are sent. `timeout` is seconds of one program or
check.
"""

from __future__ import annotations

import asyncio
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
from mathlm.cli.options import DEFAULT_SAMPLES, DEFAULT_TIMEOUT, sampling, solve_limits
from mathlm.cli.output import MAX_SEED
from mathlm.types import Certificate, to_json
from mathlm.watch import Sample, Watch

router = APIRouter(tags=["solve"])
MAX_SAMPLES = 64
TURNS = 1
"""Times that a failing program may be corrected."""


class SolveRequest(BaseModel):
    """What is asked."""

    model_config = ConfigDict(
        extra="forbid",  # a misspelt field must not be taken for one that was left out
        json_schema_extra={"examples": [{"question": "What is the greatest common divisor of 84 and 126?"}]},
    )
    question: Annotated[str, Field(max_length=pipeline.MAX_QUESTION, description="The question, in words.")]
    samples: Annotated[int, Field(ge=1, le=MAX_SAMPLES, description="Programs that the model writes.")] = (
        DEFAULT_SAMPLES
    )
    timeout: Annotated[float, Field(gt=0, le=3600, description="Seconds for one program or check.")] = (
        DEFAULT_TIMEOUT
    )
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    stream: Annotated[bool, Field(description="Answer with server-sent events.")] = False


class SolveAnswer(BaseModel):
    """An answer, and what stands behind it."""

    question: str
    answer: str | None
    certificate: Certificate
    formal_statement: str | None
    program: str | None
    second_program: str | None
    reasoning: str
    votes: dict[str, int]
    proof: str | None
    seconds: float
    axioms: list[str]
    toolchain: str
    origin: str | None


@router.post("/v1/solve", response_model=SolveAnswer, responses={**streams.ON_STREAM, **errors.REFUSED})
async def solve(body: SolveRequest, request: Request) -> Response | dict[str, Any]:
    """Answer a question by programs that agree, with a Lean proof where there is one."""
    service = service_of(request)
    pipeline.solve_prompts(body.question, samples=body.samples)
    await asyncio.to_thread(service.tools.engine)
    deadline = service.settings.wait_seconds + service.settings.max_seconds
    client = service.client(request)

    def streamed(flag: Cancelled, tell: streams.Tell) -> None:
        def sampled(sample: Sample) -> None:
            made = _record_sample(service, client, sample)
            tell(streams.event("attempt", made))

        watch = Watch(
            stage=lambda stage: tell(streams.event("stage", {"stage": stage})),
            sample=sampled,
            cancelled=flag.is_set,
        )
        tell(streams.event("result", document(service, client, body, watch, flag)))

    if streams.wants_stream(request, body.stream):
        return streams.respond(request, streamed, queue=service.jobs, client=client, deadline=deadline)

    def work(flag: Cancelled) -> dict[str, Any]:
        watch = Watch(sample=lambda sample: _record_sample(service, client, sample), cancelled=flag.is_set)
        return document(service, client, body, watch, flag)

    return await service.run(request, work, deadline=deadline, queue=service.jobs)


def _record_sample(service: Service, client: str, sample: Sample) -> dict[str, Any]:
    made = sample_document(sample)
    verdict = sample.verdict
    record = Record(
        client=client,
        kind="program",
        status="none" if verdict is None else verdict.status,
        reason=None if verdict is None else verdict.reason,
        seconds=0.0 if verdict is None else verdict.seconds,
        source=sample.program or "",
        document=made,
    )
    service.record_from_work(record)
    return made


def sample_document(sample: Sample) -> dict[str, Any]:
    """One program, as the events have it."""
    verdict = None if sample.verdict is None else errors.without_evidence(sample.verdict)
    return {
        "number": sample.number,
        "program": sample.program,
        "output": verdict.output if verdict is not None else "",
        "answer": sample.answer,
        "status": verdict.status if verdict is not None else None,
        "detail": verdict.detail if verdict is not None else "the model wrote no program",
    }


def document(
    service: Service, client: str, body: SolveRequest, watch: Watch, flag: Cancelled
) -> dict[str, Any]:
    """The result as `mathlm solve --json` prints it, recorded."""
    found = pipeline.solve(
        body.question,
        backend=service.tools.engine().bound(watch.cancelled),
        python=service.tools.python(),
        lean=Stoppable(service.lean, flag.is_over),
        samples=body.samples,
        params=sampling(body.seed, body.samples, proofs=False),
        limits=solve_limits(min(body.timeout, service.settings.max_seconds)),
        turns=TURNS,
        watch=watch,
    )
    proof = found.proof
    evidence = {
        "axioms": list(proof.axioms) if proof else [],
        "toolchain": proof.toolchain if proof else "",
        "origin": proof.origin if proof else None,
    }
    made: dict[str, Any] = to_json(found.solution) | evidence
    record = Record(
        client=client,
        kind="solve",
        status=found.solution.certificate,
        seconds=found.solution.seconds,
        source=body.question,
        document=made,
    )
    service.record_from_work(record)
    return made
