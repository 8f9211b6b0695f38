"""The requests that both clients send, and their settings."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import httpx

from mathlm.client.errors import StateExpired
from mathlm.client.exchange import Call, Reply
from mathlm.client.wire import State

KEY_VARIABLE = "MATHLM_API_KEY"
DEFAULT_URL = "http://127.0.0.1:8000"
TIMEOUT = httpx.Timeout(connect=10, read=1800, write=60, pool=None)
"""Seconds. A search may take long before its only answer, and a check may wait for its turn."""
STREAM_TIMEOUT = httpx.Timeout(connect=10, read=60, write=60, pool=None)
"""Streams say something every ten seconds."""
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=256)
LOST = (httpx.TransportError, httpx.DecodingError)
"""What httpx raises when there is no whole answer."""


def headers(key: str | None) -> dict[str, str]:
    """With the key that was given, else the environment's."""
    found = key if key is not None else os.environ.get(KEY_VARIABLE, "")
    return {"authorization": f"Bearer {found}"} if found else {}


def judge(
    source: str, statement: str | None, *, timeout: float, forbidden: Iterable[str], vacuity: bool
) -> Call:
    """A verdict on a source."""
    body = {
        "source": source,
        "statement": statement,
        "timeout": timeout,
        "forbidden": list(forbidden),
        "vacuity": vacuity,
    }
    return Call(path="/v1/judge", body=body)


def prove(statement: str, options: dict[str, Any], *, stream: bool = False) -> Call:
    """A search for a proof."""
    return _search("/v1/prove", {"statement": statement, **options}, stream=stream)


def solve(question: str, options: dict[str, Any], *, stream: bool = False) -> Call:
    """An answer to a question."""
    return _search("/v1/solve", {"question": question, **options}, stream=stream)


def goals(source: str, *, timeout: float, tactics: bool) -> Call:
    """The goals of a source."""
    return Call(path="/v1/goals", body={"source": source, "timeout": timeout, "tactics": tactics})


def step(state: State, tactic: str, *, timeout: float) -> Call:
    """A tactic at a state, on the server that keeps it."""
    body = {"state": state.id, "tactic": tactic, "timeout": timeout}
    return Call(path="/v1/goals/step", body=body, url=state.url)


def lost(error: Exception) -> Reply:
    """What a transport error comes to."""
    begun = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    return Reply(error=str(error) or type(error).__name__, begun=begun)


def expired(error: Exception) -> StateExpired | None:
    """A missing state is one that has expired, whichever of the two words the server has for it."""
    if isinstance(error, StateExpired):
        return error
    status = getattr(error, "status", None)
    return StateExpired(str(error), status=404) if status == 404 else None


def _search(path: str, body: dict[str, Any], *, stream: bool) -> Call:
    given = {name: value for name, value in body.items() if value is not None}
    return Call(path=path, body={**given, "stream": stream}, again=False, stream=stream)
