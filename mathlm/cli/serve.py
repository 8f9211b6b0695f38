"""`mathlm serve`: the HTTP service, on this machine's own address unless told otherwise.

Settings come from `--config FILE`, then the environment (`MATHLM_SERVE_*`), then the flags; see
`mathlm.api.settings`. Ends with 0 when it was asked to end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    config: Annotated[Path | None, typer.Option("--config", help="Settings in a TOML file.")] = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port (8000).")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=256, help="Checks at once.")] = None,
    runtime: Annotated[str | None, typer.Option("--runtime", help="auto, native or embedded.")] = None,
    model: Annotated[str | None, typer.Option("--model", help="A shipped model, or a folder.")] = None,
    database: Annotated[str | None, typer.Option("--database", help="SQLAlchemy URL of the store.")] = None,
) -> int:
    """Serve checking, proving and solving over HTTP."""
    import uvicorn

    from mathlm.api.app import create_app
    from mathlm.api.settings import load

    flags = {
        "host": host, "port": port, "workers": workers, "runtime": runtime, "model": model,
        "database": database,
    }  # fmt: skip
    settings = load(config, flags)
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port)
    return 0
