"""One request until it is answered: which server, when again, and what to make of a failure.

`exchange(call, servers, policy)` is a generator without any input or output, so that the sync and the async
client share it: it yields `Send` (do this request, send back a `Reply`) or seconds to sleep (send back
None), and returns the reply that counts.

Contract. A server without room (429, or 503 with `Retry-After`) is asked again when it says, for at most
`policy.patience` seconds in all; a server that cannot be reached, or breaks, is asked `policy.retries` times
more, others first. A request that a server may have begun (`again=False`: searches) is not sent twice.
Other 4xx are refusals at once.
Errors: `RequestRefused`, `KeyRefused`, `StateExpired`, `ServerFailed`.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

from mathlm.client.errors import KeyRefused, RequestRefused, ServerFailed, StateExpired
from mathlm.client.servers import Server, Servers

SHORTEST_REST, LONGEST_REST = 0.05, 60.0
"""Bounds of what a `Retry-After` is taken for, in seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A request, whoever answers it. Example: `Call(path="/v1/judge", body={"source": "…"})`"""

    path: str
    body: Mapping[str, Any]
    again: bool = True
    """It may be sent again after the connection broke."""
    url: str | None = None
    """The only server that can answer it."""
    stream: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """How long a client goes on."""

    retries: int = 4
    """Times that a failure (not a busy server) is tried again."""
    patience: float = 300.0
    """Seconds that a request may wait for busy servers, in all."""
    first_wait: float = 0.25
    """Seconds before the first new try of the only server; twice as much before each further one."""
    rest: float = 5.0
    """Seconds that a server is left alone after a failure, at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Do this request."""

    server: Server
    call: Call


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer, or why there is none. Of a stream that has begun, `text` is empty."""

    status: int | None = None
    headers: Mapping[str, str] | None = None
    text: str = ""
    error: str = ""
    """What the transport said where there is no status."""
    begun: bool = True
    """Without a status: the request may have reached the server."""


def exchange(
    call: Call, servers: Servers, policy: Policy
) -> Generator[Send | float, Reply | None, tuple[Server, Reply]]:
    """See the module. The server that is returned is still taken: the caller gives it back."""
    ends = time.monotonic() + policy.patience
    failures = 0
    reply = Reply(error="it rests after a failure")
    while True:
        taken = servers.take(call.url)
        if isinstance(taken, float):
            if time.monotonic() + taken > ends:
                raise _given_up(reply, servers)
            yield taken + random.uniform(0, min(taken, 1.0) / 4)  # clients that failed together part
            continue
        answered = False
        rest = 0.0
        try:
            sent = yield Send(server=taken, call=call)
            assert sent is not None
            reply = sent
            answered = reply.status is not None and reply.status < 300
            if answered:
                return taken, reply
            if reply.status is not None and reply.status < 500 and not busy(reply):
                raise _refusal(taken.url, reply)
            failures += not busy(reply)
            rest = _rest(reply, policy, failures, alone=len(servers) == 1 or call.url is not None)
        finally:
            if not answered:
                servers.give_back(taken, rest=rest)
        waited = reply.status == 429  # it was never begun; a 503 may come from the midst of the work
        lost = not waited and reply.begun and not call.again
        if failures > policy.retries or lost or time.monotonic() > ends:
            raise _given_up(reply, servers)


def busy(reply: Reply) -> bool:
    """Whether the server has no room now; a 503 that does not say when to come again is a failure."""
    return reply.status == 429 or (reply.status == 503 and "retry-after" in (reply.headers or {}))


def detail(reply: Reply) -> str:
    """What the server said was wrong: FastAPI's `detail`, or the start of whatever it sent."""
    try:
        said = json.loads(reply.text)["detail"]
    except (ValueError, KeyError, TypeError):
        return reply.text.strip()[:200]
    if isinstance(said, list):
        return "; ".join(
            f"{'.'.join(map(str, item.get('loc', ())[1:]))}: {item.get('msg', '')}" for item in said
        )
    return str(said)


def _rest(reply: Reply, policy: Policy, failures: int, *, alone: bool) -> float:
    """Seconds that this server is left alone; one that has no others beside it is soon tried again."""
    if busy(reply):
        return min(max(retry_after(reply), SHORTEST_REST), LONGEST_REST)
    return min(policy.rest, policy.first_wait * 2 ** (failures - 1)) if alone else policy.rest


def retry_after(reply: Reply) -> float:
    """The header's seconds; 1 where it is missing or a date."""
    try:
        return max(0.0, float((reply.headers or {}).get("retry-after", "")))
    except ValueError:
        return 1.0


def _refusal(url: str, reply: Reply) -> RequestRefused:
    said, status = detail(reply), reply.status or 0
    if status in (401, 403):
        hint = "set MATHLM_API_KEY, or give the client a key"
        return KeyRefused(f"{url} refused the key ({said or status}): {hint}", status=status)
    if status == 410:
        return StateExpired(f"{url}: {said}", status=status)
    if status == 404:
        hint = "it may be of another version, or run without a model"
        return RequestRefused(f"{url} does not have that ({said or status}): {hint}", status=status)
    if status == 413:
        return RequestRefused(f"{url} takes no text so long: split it", status=status)
    return RequestRefused(f"{url} refused the request (HTTP {status}): {said}", status=status)


def _given_up(reply: Reply, servers: Servers) -> ServerFailed:
    names = ", ".join(servers.urls)
    if busy(reply):
        message = f"{names}: still too busy ({detail(reply)}); try later, or name more servers"
    elif reply.status is not None:
        message = f"{names}: failed with HTTP {reply.status} ({detail(reply)}); see the server's log"
    else:
        message = f"{names}: no answer ({reply.error}); see whether the server runs and the address is right"
    return ServerFailed(message, status=reply.status)
