"""The application: routes, errors, the guard in front, and the life of the service behind them.

Contract. `create_app(settings)` starts nothing; the processes start with the application's lifespan and end
with it. `app.state.service` is the `Service`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from mathlm import __version__
from mathlm.api import (
    errors,
    routes_goals,
    routes_health,
    routes_judge,
    routes_kimina,
    routes_openai,
    routes_pages,
    routes_prove,
    routes_records,
    routes_solve,
)
from mathlm.api.guard import Guard
from mathlm.api.service import Service
from mathlm.api.settings import Settings

STATIC = Path(__file__).resolve().with_name("static")
ROUTES = (
    routes_judge, routes_kimina, routes_health, routes_pages, routes_records,
    routes_prove, routes_solve, routes_goals, routes_openai,
)  # fmt: skip


def create_app(settings: Settings) -> FastAPI:
    """See the module."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await service.start()
        try:
            yield
        finally:
            await service.close()

    app = FastAPI(
        title="mathlm",
        version=__version__,
        description="Checks Lean proofs, finds them, and solves questions; every answer has a certificate.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses={
            400: {"description": "The body is no JSON text"},
            401: {"description": "A key is missing or wrong"},
            403: {"description": "A page of another site asks"},
            413: {"description": "The request is too large"},
            421: {"description": "The `Host` is not this server's"},
            429: {"description": "No room, or past a limit: `Retry-After`"},
            503: {"description": "Not now: `Retry-After`"},
        },
    )
    app.state.service = service
    errors.add_handlers(app)
    for module in ROUTES:
        app.include_router(module.router)
    if STATIC.is_dir():
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Guard, service=service)
    return app
