"""What the routes share: Lean, the queues, the settings, and how a request waits for its work.

Contract. A route asks for work by `await service.run(request, work, deadline=seconds)`, which is
`service.queue.run` for the request's client and ends early when that client goes away. Checks go to
`service.queue`, long work (search, solutions, chats) to `service.jobs`, so that neither starves the other.
Work is a blocking callable with a `Cancelled` flag (see `mathlm.api.queue`).

Units: seconds. Errors: `ClientGone`, and those of the queue; `mathlm.api.errors` makes answers of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request

from mathlm import __version__
from mathlm.api.keys import Keys
from mathlm.api.metrics import Metrics
from mathlm.api.queue import Queue, Work
from mathlm.api.settings import Settings
from mathlm.api.store import Record, Store
from mathlm.api.tools import Tools
from mathlm.errors import InfraError, MathlmError, UsageError
from verify.base import Limits
from verify.lean import policy
from verify.lean.runtimes import choose
from verify.lean.verifier import LeanVerifier

if TYPE_CHECKING:
    from mathlm.cluster.lean import RayLean

T = TypeVar("T")
log = logging.getLogger("mathlm.serve")
HEARTBEATS = 400_000
OUTPUT_BYTES = 65_536
RECORD_SECONDS = 60.0
SHARE = 4
"""A client may take this part of the places where long work waits."""
PROBE = "theorem probe : 1 + 1 = 2 := rfl"


class ClientGone(InfraError):
    """The client closed its connection before it was answered."""


class Service:
    """See the module. `start` and `close` are called by the application's lifespan."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._held = ExitStack()
        self.lean = _open_lean(settings, self._held)
        self.queue = Queue(
            slots=self.lean.slots,
            bound=settings.queue,
            per_client=settings.queue_per_client,
            name="check",
        )
        self.jobs = Queue(
            slots=settings.jobs,
            bound=settings.job_queue,
            per_client=max(1, settings.job_queue // SHARE),
            name="job",
        )
        self.tools = Tools(settings, self.lean)
        self.judge = (
            f"{__version__}, {self.lean.toolchain}, {self.lean.runtime.build}, {policy.default().digest}"
        )
        """All that a verdict depends on besides the request."""
        self.store = Store(settings.database_url(), memory=settings.cache)
        self.metrics = Metrics(
            {
                "check": self.queue,
                "job": self.jobs,
                "text": self.tools.texts,
                "step": self.tools.steps,
            },
            self.lean.pools,
        )
        self.keys = Keys(self.store.engine, static=settings.key)
        self.ready = False
        """Whether a worker and a judge have answered once."""
        self.stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._probe: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the processes; `ready` becomes true when they have answered."""
        self._loop = asyncio.get_running_loop()
        self.lean.warm()
        self._probe = asyncio.create_task(self._try_lean())

    async def _try_lean(self) -> None:
        while not self.ready and not self.stopping:
            try:
                verdict = await asyncio.to_thread(self.lean.check, PROBE, limits=self.limits(60))
                self.ready = verdict.accepted
            except MathlmError as error:  # such as a process that could not be started: it may be later
                log.error("Lean cannot be started", exc_info=error)
            if not self.ready:
                await asyncio.sleep(1)

    def stop(self) -> None:
        """Take no new work; what is under way goes on."""
        self.stopping = True
        self.queue.stop()
        self.jobs.stop()
        self.tools.stop()

    def abandon(self) -> None:
        """Answer what is still under way as not done."""
        self.queue.abandon()
        self.jobs.abandon()
        self.tools.abandon()

    async def close(self) -> None:
        """End everything."""
        self.stop()
        if self._probe is not None:
            self._probe.cancel()
        self.queue.close()
        self.jobs.close()
        self.tools.let_go()
        await asyncio.to_thread(self.tools.close)
        await asyncio.to_thread(self._held.close)
        await asyncio.to_thread(self.store.close)

    def limits(self, seconds: float) -> Limits:
        """The limits of one check."""
        return Limits(
            seconds=seconds,
            memory_mb=self.settings.memory_mb,
            heartbeats=HEARTBEATS,
            output_bytes=OUTPUT_BYTES,
        )

    def client(self, request: Request) -> str:
        """Who asks: the key's id, or the peer's address where no key is needed."""
        known = getattr(request.state, "client", None)
        return str(known) if known is not None else request.client.host if request.client else "local"

    def owner(self, request: Request) -> str | None:
        """Whose records may be seen; None is everybody's, where no key is needed."""
        return self.client(request) if self.settings.needs_key else None

    async def record(self, records: Sequence[Record]) -> list[str]:
        """Keep what is about to be answered; the ids of the records."""
        return await self.store.add(records)

    def record_from_work(self, record: Record) -> None:
        """The same for work in a thread, which waits until it is committed."""
        assert self._loop is not None  # there is no work before the start
        kept = asyncio.run_coroutine_threadsafe(self.record([record]), self._loop)
        try:
            kept.result(RECORD_SECONDS)
        except TimeoutError:
            kept.cancel()
            raise InfraError("the records cannot be written: the database takes too long") from None

    async def run(self, request: Request, work: Work[T], *, deadline: float, queue: Queue | None = None) -> T:
        """The result of `work`. Raises `ClientGone` as soon as the client is."""
        (result,) = await self.run_all(request, [work], deadline=deadline, queue=queue)
        if isinstance(result, BaseException):
            raise result
        return result

    async def run_all(
        self, request: Request, works: Sequence[Work[T]], *, deadline: float, queue: Queue | None = None
    ) -> list[T | BaseException]:
        """For each work its result, or what it raised. None is started where there is no room for all."""
        futures = (queue or self.queue).start_all(self.client(request), works, deadline=deadline)
        together = asyncio.gather(*futures, return_exceptions=True)
        gone = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait((together, gone), return_when=asyncio.FIRST_COMPLETED)
            if not together.done():
                raise ClientGone("the client went away")
            return list(together.result())
        finally:
            gone.cancel()
            for future in futures:
                future.cancel()
            if not together.done():
                together.cancel()


def _open_lean(settings: Settings, held: ExitStack) -> LeanVerifier | RayLean:
    """Lean on this machine, or on a cluster; `held` closes it."""
    runtime = choose(settings.runtime)
    if not settings.ray:
        here = LeanVerifier(
            workers=settings.workers, runtime=runtime, spare=settings.spare, paranoid=settings.paranoid
        )
        return held.enter_context(here)
    try:
        from mathlm.cluster.actors import cluster
        from mathlm.cluster.lean import RayLean
    except ImportError:
        raise UsageError("--ray needs Ray: pip install 'mathlm[ray]'") from None
    held.enter_context(cluster(settings.ray))
    return held.enter_context(RayLean(workers=settings.workers, runtime=runtime, paranoid=settings.paranoid))


async def _gone(request: Request) -> None:
    """Returns when the client has closed its connection. The body has been read before."""
    while True:
        message: Any = await request.receive()
        if message["type"] == "http.disconnect":
            return


def service_of(request: Request) -> Service:
    """The service of a request's application."""
    service: Service = request.app.state.service
    return service
