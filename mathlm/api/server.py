"""Running the application: uvicorn, and an end in which every accepted request is answered.

Contract. `run(settings)` serves until SIGTERM or SIGINT. Then nothing new is accepted, readiness says so, and
what is under way has `grace_seconds`; what is not done by then is answered 503 (Kimina: an `error` each). A
second Ctrl-C ends at once.
Errors: UsageError for an address that cannot be used.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from types import FrameType

import uvicorn

from mathlm.api import logs
from mathlm.api.app import create_app
from mathlm.api.service import Service
from mathlm.api.settings import Settings
from mathlm.errors import UsageError

BACKLOG = 2048
LAST_SECONDS = 5
"""For answers to go out after the grace."""


class Server(uvicorn.Server):
    """uvicorn's, which tells the service when the end has begun."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Remember the loop, which signals need."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal begins the end."""
        if self._loop is not None and not self._service.stopping:
            self._loop.call_soon_threadsafe(self._begin_end)
        super().handle_exit(sig, frame)

    def _begin_end(self) -> None:
        self._service.stop()
        grace = self._service.settings.grace_seconds
        asyncio.get_running_loop().call_later(grace, self._service.abandon)


def run(settings: Settings) -> None:
    """See the module."""
    logs.set_up(settings.log)
    taken = _listen(settings.host, settings.port)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # else whoever is on this machine chooses who they are
        timeout_graceful_shutdown=int(settings.grace_seconds) + LAST_SECONDS,
        h11_max_incomplete_event_size=65_536,
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"mathlm serves at http://{host}:{taken.getsockname()[1]}", file=sys.stderr, flush=True)
    before = {sign: signal.signal(sign, _asked_to_end) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        Server(config, app.state.service).run(sockets=[taken])
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _asked_to_end(number: int, frame: FrameType | None) -> None:
    """uvicorn raises a signal that it obeyed once more at the end, which would make it look like a crash."""


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        taken.close()
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"cannot listen on {host} port {port} ({why}): choose another by --host and --port"
        ) from None
    return taken
