"""Server-sent events: an answer that comes in parts while its work goes on in a thread.

Contract. `respond` puts the work in a queue and answers with what it `tell`s, each part at once, and a
comment every `KEEP_ALIVE_SECONDS`, so that nobody between takes the connection for dead. When the client
goes away the work's flag is set. What the work raises becomes the last part, as the caller's `failed` writes
it: the status line was sent long before. A queue without room is refused before, as any other request is.
Units: seconds. Source of the format: the HTML standard, section 9.2.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse

from mathlm.api import errors
from mathlm.api.queue import Cancelled, Queue
from mathlm.errors import CheckpointError, InfraError, UsageError

KEEP_ALIVE_SECONDS = 10.0
LOOK_SECONDS = 1.0
"""How often it is looked whether the client is still there."""
MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Nothing between may keep parts back."""
ON_STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}}
"""What OpenAPI says of a route that may answer with events."""
log = logging.getLogger("mathlm.serve")

Tell = Callable[[str], None]
Work = Callable[[Cancelled, Tell], None]


def wants_stream(request: Request, asked: bool) -> bool:
    """Whether the client asked for events, in the body or by its `Accept` header."""
    return asked or MEDIA_TYPE in request.headers.get("accept", "")


def event(name: str | None, data: object) -> str:
    """One part. Example: `event("result", {"a": 1})` is `event: result`, `data: {"a": 1}`, a blank line."""
    head = "" if name is None else f"event: {name}\n"
    # in ASCII, for there are clients who take U+2028 for the end of a line
    text = data if isinstance(data, str) else json.dumps(data)
    return f"{head}data: {text}\n\n"


def explain(request: Request, error: BaseException) -> JSONResponse:
    """The answer that an error would be, had nothing been sent yet."""
    if isinstance(error, UsageError) and not isinstance(error, CheckpointError):
        return errors.answer(422, str(error))
    if isinstance(error, InfraError):
        return errors.infra(request, error)
    log.error("a stream failed", exc_info=error)
    return errors.answer(500, errors.BROKEN)


def detail(response: JSONResponse) -> str:
    """The words of an error's answer."""
    return str(json.loads(bytes(response.body))["detail"])


def failed(request: Request, error: BaseException) -> str:
    """The last part of a stream whose work broke."""
    return event("error", {"detail": detail(explain(request, error))})


def respond(
    request: Request,
    work: Work,
    *,
    queue: Queue,
    client: str,
    deadline: float,
    failed: Callable[[Request, BaseException], str] = failed,
) -> StreamingResponse:
    """See the module. Raises what the queue raises."""
    loop = asyncio.get_running_loop()
    parts: asyncio.Queue[str | None] = asyncio.Queue()

    def put(part: str | None) -> None:
        try:
            loop.call_soon_threadsafe(parts.put_nowait, part)
        except RuntimeError:  # the loop has ended: nobody listens
            return

    (future,) = queue.start_all(client, [lambda flag: work(flag, put)], deadline=deadline)
    future.add_done_callback(lambda _: parts.put_nowait(None))

    async def body() -> AsyncIterator[str]:
        try:
            async for part in _parts(request, parts, future):
                yield part
            if not future.cancelled() and (error := future.exception()) is not None:
                yield failed(request, error)
        finally:
            future.cancel()  # sets the work's flag where it still runs

    return StreamingResponse(body(), media_type=MEDIA_TYPE, headers=HEADERS)


async def _parts(
    request: Request, parts: asyncio.Queue[str | None], future: asyncio.Future[Any]
) -> AsyncIterator[str]:
    """What the work tells until it ends, or the client does."""
    silent = 0.0
    while True:
        try:
            part = await asyncio.wait_for(parts.get(), LOOK_SECONDS)
        except TimeoutError:
            if await request.is_disconnected():
                future.cancel()
                return
            silent += LOOK_SECONDS
            if silent >= KEEP_ALIVE_SECONDS:
                silent = 0.0
                yield ": keep-alive\n\n"
            continue
        if part is None:
            return
        silent = 0.0
        yield part
