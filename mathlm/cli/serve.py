"""`mathlm serve`: the HTTP service, on this machine's own address unless told otherwise.

Settings come from `--config FILE`, then the environment (`MATHLM_SERVE_*`), then the flags, the later one
wins; see `mathlm.api.settings` for all of them. Ends with 0 when it was asked to end (SIGTERM, Ctrl-C).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mathlm.cli import options
from mathlm.cli.output import note

Flag = typer.Option


def serve(
    config: Annotated[Path | None, Flag("--config", help="Settings in a TOML file.")] = None,
    host: Annotated[str | None, Flag("--host", help="Address to listen on.  [default: 127.0.0.1]")] = None,
    port: Annotated[
        int | None, Flag("--port", min=0, max=65535, help="0 takes a free one.  [default: 8000]")
    ] = None,
    workers: Annotated[
        int | None, Flag("--workers", min=1, max=256, help="Checks at once.  [default: a core each]")
    ] = None,
    runtime: Annotated[options.Runtime | None, Flag("--runtime", help="Which Lean.  [default: auto]")] = None,
    ray: Annotated[
        str | None, Flag("--ray", help="Check on a Ray cluster: its HOST:PORT, or auto to start one here.")
    ] = None,
    paranoid: Annotated[bool | None, Flag("--paranoid", help="A second kernel must agree.")] = None,
    model: Annotated[str | None, Flag("--model", help="A shipped model, or a checkpoint folder.")] = None,
    no_model: Annotated[bool, Flag("--no-model", help="Serve only what needs no model.")] = False,
    data: Annotated[Path | None, Flag("--data", help="Folder of the records and the cache.")] = None,
    database: Annotated[
        str | None, Flag("--database", help="URL instead of it: postgresql+psycopg://USER@HOST/NAME")
    ] = None,
    key: Annotated[
        str | None, Flag("--key", help="One API key; better MATHLM_SERVE_KEY, or `mathlm keys add`.")
    ] = None,
    auth: Annotated[
        bool | None, Flag("--auth/--no-auth", help="Ask for keys.  [default: unless the address is loopback]")
    ] = None,
    allow_host: Annotated[
        list[str] | None, Flag("--allow-host", help="A further name of this server. Repeatable.")
    ] = None,
    grace: Annotated[
        float | None, Flag("--grace", min=0, help="Seconds for what is under way at the end.  [default: 20]")
    ] = None,
    log: Annotated[str | None, Flag("--log", help="json or text.  [default: json]")] = None,
) -> int:
    """Serve checking, proving and solving over HTTP."""
    from mathlm.api.server import run
    from mathlm.api.settings import load

    flags = {
        "host": host, "port": port, "workers": workers, "ray": ray, "runtime": runtime, "paranoid": paranoid,
        "model": "" if no_model else model, "data": data, "database": database, "key": key, "auth": auth,
        "hosts": allow_host or None, "grace_seconds": grace, "log": log,
    }  # fmt: skip
    settings = load(config, flags)
    if not settings.loopback and not settings.needs_key:
        note(f"anybody who reaches {settings.host} may use this server: keys are switched off")
    run(settings)
    return 0
