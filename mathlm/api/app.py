"""The application: routes, errors, and the life of the service behind them.

Contract. `create_app(settings)` starts nothing; the processes start with the application's lifespan and end
with it. `app.state.service` is the `Service`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from mathlm import __version__
from mathlm.api import errors, routes_health, routes_judge
from mathlm.api.service import Service
from mathlm.api.settings import Settings

ROUTES = (routes_health, routes_judge)


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
    )
    app.state.service = service
    errors.add_handlers(app)
    for module in ROUTES:
        app.include_router(module.router)
    return app
