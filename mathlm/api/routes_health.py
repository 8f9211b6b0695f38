"""`/health` as Kimina has it, liveness, and readiness apart from it."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.requests import Request

from mathlm.api.errors import answer
from mathlm.api.service import service_of

router = APIRouter(tags=["health"])


@router.get("/health")
@router.get("/health/", include_in_schema=False)
@router.get("/health/live")
async def live() -> dict[str, str]:
    """The server runs."""
    return {"status": "ok"}


@router.get("/health/ready", responses={503: {"description": "Lean starts, or the server ends"}})
async def ready(request: Request) -> JSONResponse:
    """The server takes work: Lean has answered once, and nobody told the server to end."""
    service = service_of(request)
    if service.stopping:
        return answer(503, "the server is shutting down")
    if not service.ready:
        return answer(503, "Lean is starting")
    return JSONResponse({"status": "ok"})
