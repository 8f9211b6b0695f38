"""API keys: made once, shown once, kept as hashes, each with limits of its own.

Contract. A key is `mathlm_ID_SECRET`; ID finds its row, and SECRET has 256 bits of chance, which is why a
plain SHA-256 is enough to keep. `find` answers from memory for `FRESH_SECONDS`, so a revoked key works
that long. The one key of the settings has no row; its id is `static`.
Errors: UsageError for an empty name, and for an id that is not there.
Not covered: keys that end by themselves.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from mathlm.api.store import KEYS, connect, digest, reading
from mathlm.errors import UsageError

FRESH_SECONDS = 5.0
REMEMBERED = 10_000
STATIC = "static"


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """Who may ask, and how much. Example: `Client(id="3f9a", concurrency=8)`"""

    id: str
    concurrency: int | None = None
    """Requests at once; None: what the settings say."""
    per_minute: int | None = None


class Keys:
    """Looks keys up. Thread-safe."""

    def __init__(self, engine: sql.Engine, *, static: str = "") -> None:
        self._engine = engine
        self._static = digest(static) if static else None
        self._known: dict[str, tuple[float, Client | None]] = {}
        self._lock = threading.Lock()

    def in_memory(self, key: str) -> tuple[bool, Client | None]:
        """Whether the answer is known without the database, and the answer."""
        hashed = digest(key)
        if self._static is not None and hmac.compare_digest(hashed, self._static):
            return True, Client(id=STATIC)
        with self._lock:
            until, client = self._known.get(hashed, (0.0, None))
        return time.monotonic() < until, client

    def find(self, key: str) -> Client | None:
        """The client that a key belongs to; None for a key that is not good. Waits for the database."""
        known, client = self.in_memory(key)
        if known:
            return client
        client = self._read(key)
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[digest(key)] = (time.monotonic() + FRESH_SECONDS, client)
        return client

    def _read(self, key: str) -> Client | None:
        parts = key.split("_")
        if len(parts) != 3 or parts[0] != "mathlm" or "\0" in key:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(sql.select(KEYS).where(KEYS.c.id == parts[1])).first()
        if row is None or row.revoked or not hmac.compare_digest(row.hash, digest(key)):
            return None
        return Client(id=row.id, concurrency=row.concurrency, per_minute=row.per_minute)


def add(url: str, name: str, *, concurrency: int | None = None, per_minute: int | None = None) -> str:
    """A new key, which nobody can read again."""
    if not name.strip():
        raise UsageError("the name is empty: say whose key it is, such as `mathlm keys add alice`")
    made = f"mathlm_{secrets.token_hex(6)}_{secrets.token_hex(32)}"
    row = {
        "id": made.split("_")[1],
        "name": name,
        "hash": digest(made),
        "at": time.time(),
        "concurrency": concurrency,
        "per_minute": per_minute,
        "revoked": False,
    }
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(sql.insert(KEYS), row)
    engine.dispose()
    return made


def place(url: str) -> str:
    """The database in words that may be shown: without its password."""
    return sql.make_url(url).render_as_string(hide_password=True)


def all_keys(url: str) -> list[dict[str, Any]]:
    """What is known of each key."""
    engine = connect(url)
    columns = [column for column in KEYS.c if column.name != "hash"]
    with engine.connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(sql.select(*columns).order_by(KEYS.c.at))]
    engine.dispose()
    return rows


def revoke(url: str, name: str) -> None:
    """Have a key, named by its id, no longer work."""
    engine = connect(url)
    with engine.begin() as connection:
        done = connection.execute(sql.update(KEYS).where(KEYS.c.id == name).values(revoked=True))
    engine.dispose()
    if done.rowcount != 1:
        raise UsageError(f"there is no key with the id {name!r}: see `mathlm keys list`")
