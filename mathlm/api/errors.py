"""Errors as answers: `{"detail": …}` with the status that tells a client whether to come again.

Contract. 422 bad input, 429 no room (`Retry-After`), 499 the client went away, 503 not now
(`Retry-After`), 500 a fault of ours. An answer never holds a path, the environment, a stack trace, or
what was sent: what a person needs to find the cause is in the log, under the request's id.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.requests import Request

from mathlm.api.queue import DeadlinePassed, QueueFull, Stopping
from mathlm.api.service import ClientGone
from mathlm.api.tools import NoModel
from mathlm.errors import CheckpointError, InfraError, LimitHit, UsageError
from mathlm.types import Status, Verdict
from verify.lean.session import SessionCrashed, SessionError

KIMINA_PATHS = ("/api/check", "/verify", "/one_pass_verify_batch")
NO_JSON = "the body must be a JSON object: send it with the header Content-Type: application/json"
BROKEN = "something went wrong on the server; it was logged under this answer's X-Request-ID"
NOT_NOW = "Lean could not be asked just now; try again"
CRASHED = "a worker process ended while it worked on this, twice; nothing was decided, send it again"


class Refusal(BaseModel):
    """Why a request was refused: in words, or field by field."""

    detail: str | list[dict[str, Any]]


REFUSED: dict[int | str, dict[str, Any]] = {422: {"model": Refusal, "description": "Bad input"}}
"""What OpenAPI says of a route that refuses in words too."""
log = logging.getLogger("mathlm.serve")


def answer(status: int, detail: object, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error's answer."""
    return JSONResponse({"detail": detail}, status_code=status, headers=headers)


def add_handlers(app: FastAPI) -> None:
    """Have the application answer errors as the module says."""

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # without FastAPI's `input`, which sends the whole body back, and may not even be text
        kept = [{name: item[name] for name in ("type", "loc", "msg")} for item in error.errors()]
        for item in kept:
            if item["type"] == "model_attributes_type" and list(item["loc"]) == ["body"]:
                item["msg"] = NO_JSON
        return answer(422, kept)

    @app.exception_handler(UsageError)
    async def refused(request: Request, error: UsageError) -> JSONResponse:
        if isinstance(error, CheckpointError):  # our model, not what was sent
            log.error("the model is broken", exc_info=error)
            return answer(500, BROKEN)
        return answer(422, str(error))

    @app.exception_handler(InfraError)
    async def failed(request: Request, error: InfraError) -> JSONResponse:
        return infra(request, error)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        return answer(500, BROKEN)


def without_evidence(verdict: Verdict) -> Verdict:
    """The verdict; what ended a process stays in the log, for it may name paths of this machine."""
    if verdict.status is not Status.INFRA_ERROR:
        return verdict
    log.error("a check failed: %s", verdict.detail)
    return replace(verdict, detail=CRASHED)


def of_session(error: SessionError) -> str:
    """The same for an error of a session."""
    if not isinstance(error, SessionCrashed):
        return str(error)
    log.error("a session's process ended: %s", error)
    return CRASHED


def infra(request: Request, error: InfraError) -> JSONResponse:
    """The answer to a failure that says nothing about what was asked."""
    if isinstance(error, QueueFull):
        kimina = request.url.path.rstrip("/") in KIMINA_PATHS
        detail = "No available REPLs" if kimina else str(error)
        return answer(429, detail, {"Retry-After": str(error.retry_after)})
    if isinstance(error, ClientGone):
        return answer(499, str(error))
    if isinstance(error, DeadlinePassed | Stopping):
        return answer(503, str(error), {"Retry-After": "1"})
    if isinstance(error, NoModel):  # not sooner or later either
        return answer(503, str(error))
    if isinstance(error, LimitHit):
        return answer(422, str(error))
    log.error("a request failed", exc_info=error)
    return answer(503, NOT_NOW, {"Retry-After": "5"})
