"""What stands in front of every route: names, keys, limits, sizes, headers, the log.

Contract. For each request, in this order, before any of its body is read:
    an id (the client's `X-Request-ID` where it is a plain one), which the answer and the log have
    421 for a `Host` that is not ours, and 403 for a page of another site: on loopback the browser of this
        machine is the way in for others (DNS rebinding)
    401 for a missing or a wrong key, where keys are needed; the pages and health are free
    429 for a client past its limits; 413 for a body that is too large, announced or not
Every answer has the security headers. A failure of ours is a 500 that tells nothing but the id.
`scope["state"]["client"]` is the client's id for the routes.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import re
import secrets
import time
from contextlib import nullcontext
from typing import Any

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mathlm.api import errors
from mathlm.api.keys import Client
from mathlm.api.limits import Throttle, TooMany
from mathlm.api.logs import REQUEST
from mathlm.api.service import Service
from mathlm.api.settings import is_loopback

PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
FREE = ("/", "/health", "/health/", "/health/live", "/health/ready", "/openapi.json", "/docs")
UNLIMITED = ("/health", "/metrics")
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
SECURITY = [(name.lower().encode(), value.encode()) for name, value in _SECURITY.items()]


class Guard:
    """The application with the module's checks in front. An ASGI application itself."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service, self._settings = app, service, service.settings
        self._prefix, self._numbers = secrets.token_hex(6), itertools.count(1)
        self._throttle = Throttle(
            concurrency=service.settings.concurrency, per_minute=service.settings.per_minute
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        name = given if PLAIN_ID.fullmatch(given) else f"{self._prefix}-{next(self._numbers)}"
        REQUEST.set(name)
        await _Exchange(self, scope, headers, name, send).run(receive)

    async def admit(self, scope: Scope, headers: Headers, path: str) -> Client | Response:
        """Who asks, or why they may not."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._is_for_us(host):
            return errors.answer(421, "this server does not answer for that host; start it with --allow-host")
        if origin is not None and origin.partition("://")[2].lower() != host.lower():
            return errors.answer(403, "pages of other sites may not use this server")
        peer = scope["client"][0] if scope.get("client") else "local"
        free = path in FREE or path.startswith("/static/")
        if not self._settings.needs_key or free:
            return Client(id=peer)
        key = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not key:
            return _unauthorized("Missing API key")
        known, client = self._service.keys.in_memory(key)
        if not known:
            client = await asyncio.to_thread(self._service.keys.find, key)
        return client or _unauthorized("Invalid API key")

    async def serve(self, scope: Scope, receive: Receive, send: Send, client: Client, path: str) -> None:
        """Let the request in."""
        scope.setdefault("state", {})["client"] = client.id
        free = path.startswith(UNLIMITED)
        try:
            with nullcontext() if free else self._throttle.admit(client):
                await self._app(scope, receive, send)
        except TooMany as error:
            kimina = path.rstrip("/") in errors.KIMINA_PATHS
            detail = "No available REPLs" if kimina else str(error)
            refused = errors.answer(429, detail, {"Retry-After": str(error.retry_after)})
            await refused(scope, receive, send)

    def note(self, scope: Scope, code: int, seconds: float, client: str) -> None:
        """Count and log an answer."""
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in ("GET", "POST", "HEAD") else "other"
        self._service.metrics.answered(route, method, code, seconds)
        fields: dict[str, Any] = {
            "method": method,
            "route": route,
            "code": code,
            "ms": round(seconds * 1000, 1),
            "client": client,
        }
        errors.log.info("answered", extra={"fields": fields})

    def _is_for_us(self, host: str) -> bool:
        return is_ours(self._settings.host, tuple(self._settings.hosts), host)

    @property
    def body_bytes(self) -> int:
        """The most that a body may have."""
        return self._settings.body_bytes


class _Exchange:
    """One request and its answer."""

    def __init__(self, guard: Guard, scope: Scope, headers: Headers, name: str, send: Send) -> None:
        self._guard, self._scope, self._headers, self._name = guard, scope, headers, name
        self._out = send
        self._began = time.monotonic()
        self._code = 0
        self._read = 0

    async def run(self, receive: Receive) -> None:
        client, path = "", self._scope["path"]
        self._in = receive
        try:
            found = await self._guard.admit(self._scope, self._headers, path)
            if isinstance(found, Client) and not self._fits():
                found = errors.answer(413, self._too_large())
            if isinstance(found, Client):
                client = found.id
                await self._guard.serve(self._scope, self._receive, self._send, found, path)
            else:
                await found(self._scope, receive, self._send)
        except Exception as error:
            errors.log.error("a request failed", exc_info=error)
            if self._code == 500:  # answered by the application, which raises all the same
                return
            if self._code:  # it has begun: all that is left is to break off
                raise
            await errors.answer(500, errors.BROKEN)(self._scope, receive, self._send)
        finally:
            self._guard.note(self._scope, self._code or 499, time.monotonic() - self._began, client)

    def _fits(self) -> bool:
        length = self._headers.get("content-length", "0")
        return length.isdigit() and int(length) <= self._guard.body_bytes

    def _too_large(self) -> str:
        return f"a request has at most {self._guard.body_bytes:,} bytes: send less at once"

    async def _receive(self) -> Message:
        message = await self._in()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._guard.body_bytes:
                raise HTTPException(413, self._too_large())
        return message

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._code = message["status"]
            headers = [*message["headers"], (b"x-request-id", self._name.encode()), *SECURITY]
            if not self._scope["path"].startswith("/static/"):
                headers.append((b"cache-control", b"no-store"))
            message["headers"] = headers
        await self._out(message)


def _unauthorized(detail: str) -> Response:
    return errors.answer(401, detail, {"WWW-Authenticate": "Bearer"})


@functools.lru_cache(maxsize=1024)
def is_ours(listening: str, named: tuple[str, ...], host: str) -> bool:
    """Whether a `Host` header names this server.

    On loopback only this machine's names do; elsewhere any does unless some are given.
    """
    own = {listening.lower(), *map(str.lower, named)}
    loopback = is_loopback(listening)
    if "*" in own or not (loopback or named):
        return True
    name = host.rpartition(":")[0] if re.search(r":\d*$", host) else host
    return name.lower() in own or (loopback and is_loopback(name))
