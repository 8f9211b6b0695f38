"""Settings of the service: a TOML file, then the environment, then the flags; the later one wins.

Contract. `load(file, flags, environ)` gives checked `Settings`. In the file the keys are the
field names; in the environment they are `MATHLM_SERVE_` and the name in capitals (`MATHLM_SERVE_PORT=8000`);
`None` among the flags is as good as absent. Nothing here is read later again.
Errors: UsageError that names the setting and where it stood; unknown keys are refused in all three places.
Units: seconds, bytes and MB are in the names.
"""

from __future__ import annotations

import functools
import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from mathlm.config import DEFAULT_MODEL, cores
from mathlm.errors import UsageError

PREFIX = "MATHLM_SERVE_"


class Settings(BaseSettings):
    """What the service is told. Example: `Settings(port=8000, workers=2)`"""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    """0 takes a free one; the log says which."""
    workers: int = Field(default_factory=cores, ge=1, le=256)
    spare: int = Field(1, ge=0, le=256)
    """Lean processes kept ready for the place of one that ends, as after each block that may run code."""
    ray: str = ""
    """HOST:PORT of a Ray cluster whose machines check, or `auto` to start one on this machine."""
    runtime: Literal["auto", "native", "embedded"] = "auto"
    paranoid: bool = False
    model: str = DEFAULT_MODEL
    data: Path = Path("~/.local/share/mathlm")
    """Folder of the default database."""
    database: str = ""
    """SQLAlchemy's URL; empty is SQLite in the data folder."""
    key: str = ""
    """One key that is not in the database."""
    auth: bool | None = None
    """None: keys are needed unless the address is loopback and no key is set."""
    hosts: list[str] = []
    """Names in `Host` headers that are answered besides the address itself; `*` is any."""
    queue: int = Field(4096, ge=1)
    """Checks that may wait."""
    queue_per_client: int = Field(2048, ge=1)
    jobs: int = Field(1, ge=1, le=64)
    """Searches, solutions and chats at once."""
    job_queue: int = Field(64, ge=1)
    wait_seconds: float = Field(600, gt=0, le=86_400)
    """The longest wait in the queue."""
    max_seconds: float = Field(600, gt=0, le=86_400)
    """The longest time limit that a client may ask for."""
    memory_mb: int = Field(2048, ge=256)
    """Memory of one check."""
    body_bytes: int = Field(16_000_000, ge=1024)
    cache: int = Field(100_000, ge=0)
    """Verdicts that are kept in memory besides the database."""
    concurrency: int = Field(256, ge=1)
    """Requests of one client at once."""
    per_minute: int = Field(0, ge=0)
    """Requests of one client in a minute; 0 is any number."""
    grace_seconds: float = Field(20, ge=0, le=3600)
    """Time for what is under way when the server is told to end."""
    log: Literal["json", "text"] = "json"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def needs_key(self) -> bool:
        """Whether requests need a key."""
        return self.auth if self.auth is not None else bool(self.key) or not self.loopback

    def database_url(self) -> str:
        """Where the records are; the default's folder is made."""
        if self.database:
            return self.database
        folder = self.data.expanduser().absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UsageError(
                f"cannot make the data folder {folder} ({error.strerror}): name another by --data"
            ) from None
        return f"sqlite:///{folder / 'serve.sqlite3'}"


@functools.lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def load(
    file: Path | None = None, flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """See the module. `environ` is the process's own where it is not given."""
    _refuse_unknown(os.environ if environ is None else environ)
    if file is not None and not file.is_file():
        raise UsageError(f"cannot read the settings {file}: name a TOML file")

    class Loaded(Settings):
        """`Settings`, read from all three places."""

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

    given = {name: value for name, value in (flags or {}).items() if value is not None}
    try:
        return Loaded(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise UsageError(f"setting `{name}`: {first['msg']}; see `mathlm serve --help`") from None
    except ValueError as error:
        raise UsageError(f"the settings cannot be read ({error}): correct {file or PREFIX + '*'}") from None


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in environ:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() not in Settings.model_fields:
            raise UsageError(f"{name} is no setting of `mathlm serve`: correct or unset it")
