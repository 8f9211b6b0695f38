"""Which server is asked next: the one with the fewest open requests among those that do not rest.

Contract. Thread-safe. `take` counts the request as open until `give_back`. A server that failed, or that
said when it has room again, rests so long; when all rest, `take` says how long to wait instead.
Errors: UsageError for an address that is none. Units: seconds of `time.monotonic`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from mathlm.errors import UsageError


@dataclass
class Server:
    """One address, and how it does."""

    url: str
    open: int = 0
    rests_until: float = 0.0


class Servers:
    """See the module. Example: `Servers(["http://a:8000", "http://b:8000"])`"""

    def __init__(self, urls: Sequence[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        if not urls:
            raise UsageError("no server is named: give at least one URL, such as http://127.0.0.1:8000")
        self._servers = [Server(url=read_url(url)) for url in dict.fromkeys(urls)]
        self._clock = clock
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._servers)

    @property
    def urls(self) -> list[str]:
        """The addresses, as they were given."""
        return [server.url for server in self._servers]

    def take(self, only: str | None = None) -> Server | float:
        """A server to ask, or the seconds after which one has rested; `only` names the one that may be."""
        with self._lock:
            now = self._clock()
            allowed = [server for server in self._servers if only in (None, server.url)]
            ready = [server for server in allowed if server.rests_until <= now]
            if not allowed:
                raise UsageError(f"this client does not know {only}: step states where they were made")
            if not ready:
                return min(server.rests_until for server in allowed) - now
            chosen = min(ready, key=lambda server: server.open)
            chosen.open += 1
            return chosen

    def give_back(self, server: Server, *, rest: float = 0.0) -> None:
        """The request has ended; the server rests for so many seconds."""
        with self._lock:
            server.open -= 1
            if rest > 0:
                server.rests_until = max(server.rests_until, self._clock() + rest)


def read_url(url: str) -> str:
    """The address without a slash at its end."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{url!r} is no server's address: write it as http://HOST:PORT")
    return url.rstrip("/")
