"""`mathlm keys add|list|revoke`: the API keys of `mathlm serve`, in the same database.

The database is found as `mathlm serve` finds it: `--config`, `MATHLM_SERVE_*`, then `--data` or `--database`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mathlm.cli import output

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None)
Config = Annotated[Path | None, typer.Option("--config", help="Settings in a TOML file.")]
Data = Annotated[Path | None, typer.Option("--data", help="Folder of the records and the cache.")]
Database = Annotated[str | None, typer.Option("--database", help="URL of the database instead of it.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    concurrency: Annotated[int | None, typer.Option("--concurrency", min=1, help="Requests at once.")] = None,
    per_minute: Annotated[int | None, typer.Option("--per-minute", min=1, help="Requests a minute.")] = None,
    config: Config = None,
    data: Data = None,
    database: Database = None,
    as_json: output.Json = False,
) -> int:
    """Make a key. It is shown this once."""
    from mathlm.api import keys

    url = _url(config, data, database)
    made = keys.add(url, name, concurrency=concurrency, per_minute=per_minute)
    output.note(f"kept in {keys.place(url)}: it works on servers that use this database")
    output.emit({"key": made}, made, as_json=as_json)
    return output.ExitCode.OK


@app.command("list")
def show(
    config: Config = None, data: Data = None, database: Database = None, as_json: output.Json = False
) -> int:
    """Show the keys, without their secrets."""
    from mathlm.api import keys

    found = keys.all_keys(_url(config, data, database))
    lines = [f"{key['id']}  {'revoked' if key['revoked'] else 'good'}  {key['name']}" for key in found]
    output.emit(found, "\n".join(lines) or "there is no key yet: `mathlm keys add NAME`", as_json=as_json)
    return output.ExitCode.OK


@app.command("revoke")
def revoke(
    key: Annotated[str, typer.Argument(help="The id, as `mathlm keys list` shows it.")],
    config: Config = None,
    data: Data = None,
    database: Database = None,
) -> int:
    """Have a key no longer work; a server that runs knows within seconds."""
    from mathlm.api import keys

    keys.revoke(_url(config, data, database), key)
    output.note("revoked")
    return output.ExitCode.OK


def _url(config: Path | None, data: Path | None, database: str | None) -> str:
    from mathlm.api.settings import load

    return load(config, {"data": data, "database": database}).database_url()
