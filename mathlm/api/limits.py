"""How much one client may ask: requests at once, and requests in a minute.

Contract. `with throttle.admit(client)` raises `TooMany` with the seconds after which to try again. The minute
is a bucket that fills evenly, so a client that was quiet may ask for a minute's worth at once.
Called from the event loop's thread only. Clients that are gone are forgotten.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mathlm.api.keys import Client

MANY = 10_000


class TooMany(Exception):
    """This client has to wait."""

    def __init__(self, what: str, retry_after: int) -> None:
        super().__init__(f"too many requests {what}; try again in {retry_after} s")
        self.retry_after = retry_after


class Throttle:
    """Counts; `concurrency` and `per_minute` (0: any number) hold where a key does not say."""

    def __init__(self, *, concurrency: int, per_minute: int) -> None:
        self._concurrency, self._per_minute = concurrency, per_minute
        self._running: dict[str, int] = {}
        self._buckets: dict[str, tuple[float, float]] = {}
        """By client, what was left at a moment."""

    @contextmanager
    def admit(self, client: Client) -> Iterator[None]:
        """One request of the client, from here to the end of the block."""
        name = client.id
        most = self._concurrency if client.concurrency is None else client.concurrency
        if self._running.get(name, 0) >= most:
            raise TooMany("at once", 1)
        self._take(name, self._per_minute if client.per_minute is None else client.per_minute)
        self._running[name] = self._running.get(name, 0) + 1
        try:
            yield
        finally:
            self._running[name] -= 1
            if not self._running[name]:
                del self._running[name]

    def _take(self, name: str, per_minute: int) -> None:
        if not per_minute:
            return
        now = time.monotonic()
        left, then = self._buckets.get(name, (float(per_minute), now))
        left = min(per_minute, left + (now - then) * per_minute / 60)
        if left < 1:
            raise TooMany("in a minute", math.ceil((1 - left) * 60 / per_minute))
        if len(self._buckets) >= MANY:  # those that were not heard of for a minute are full again
            self._buckets = {n: bucket for n, bucket in self._buckets.items() if now - bucket[1] < 60}
        self._buckets[name] = (left - 1, now)
