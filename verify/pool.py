"""A pool of worker processes that survives crashes, hangs and memory hogs.

Contract. `Pool.run(message, limits=…)` blocks until a free worker has answered and returns a `Reply`;
callers are threads, at most `size` of them are served at once. Workers start on first use.
    answered            status None, `answer` set
    no answer in time   TIMEOUT; not retried, the worker is killed
    over the memory     retried once on a fresh worker unless this one was fresh; then RESOURCE
    died                retried once on a fresh worker; then INFRA_ERROR
A killed worker is replaced in the background; `spare` workers beyond `size` are kept warm for that moment.
A worker is replaced after `recycle_after` answers, above `recycle_rss_mb` MB, or when its answer says
`"recycle": true` (its host noticed that a candidate changed its state).

Units: seconds of wall time from hand-over to the answer, waiting for a worker excluded; MB = 2**20 bytes.
Errors: `InfraError` when a worker cannot be started (with its evidence) and after `close`. One that is killed
while it starts is tried again, `START_TRIES` times in all.
No process outlives the pool: `close`, the context manager, garbage collection and the interpreter's exit
each kill what is left (see `WorkerProcess`). Not covered: fairness among waiting callers.
"""

from __future__ import annotations

import dataclasses
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from mathlm.errors import InfraError, WorkerDied
from mathlm.types import Status
from verify.base import Limits
from verify.ordered import in_order
from verify.process import MemoryExceeded, NotReady, WorkerProcess, WorkerTimeout

START_TRIES = 10
"""A worker that is killed while it starts is tried so often: a start takes seconds, and what kills workers
every few seconds on a slow machine must not be taken for a fault of the worker."""
START_SECONDS = 90.0
"""No new try after so long."""


_FAILED = {"error", "ms", "recycle"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """How one request ended.

    Example: `Reply(answer={"ok": True}, seconds=0.002)`
    """

    answer: dict[str, Any] | None = None
    status: Status | None = None
    """None when answered; else TIMEOUT, RESOURCE or INFRA_ERROR."""
    detail: str = ""
    seconds: float = 0.0
    """Wall time of the last attempt."""
    retried: bool = False
    worker: int = 0
    """Process id of the worker of the last attempt."""
    rss_mb: float = 0.0
    """Its resident memory after the answer."""
    cpu_seconds: float = 0.0
    """What it worked in that time, on all cores together; 0 where the system does not say."""


class Pool:
    """At most `size` requests at once, each on a worker of its own. Thread-safe."""

    def __init__(
        self,
        spawn: Callable[[], WorkerProcess],
        *,
        size: int,
        recycle_after: int,
        recycle_rss_mb: int,
        spare: int = 0,
    ) -> None:
        if size < 1 or recycle_after < 1 or recycle_rss_mb < 1 or spare < 0:
            raise ValueError("size, recycle_after and recycle_rss_mb must be at least 1 and spare at least 0")
        self.size = size
        self.restarts = 0
        """Workers that were replaced: crashed, killed or recycled."""
        self.checks = 0
        """Requests that were answered."""
        self._spawn = spawn
        self._recycle_after = recycle_after
        self._recycle_rss_mb = recycle_rss_mb
        self._spare = spare
        self._slots = threading.Semaphore(size)
        self._changed = threading.Condition()
        self._closed = False
        self._workers: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._busy = 0
        self._starting = 0
        self._waiting = 0
        self._wanted = 0  # the most workers in use at once so far
        self._failure: Exception | None = None

    def run(
        self,
        message: dict[str, Any],
        *,
        limits: Limits,
        fresh: bool = False,
        after: dict[str, Any] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Reply:
        """Have one request answered; see the module for what each status means.

        `fresh` asks for a worker that has answered nothing before; `after` is sent to the worker behind an
        answer, to clear up. Soon after `stop` says so, `Stopped` is raised and the worker killed.
        """
        with self._slots:
            worker = self._acquire()
            try:
                if fresh and worker.answered:
                    worker.kill()
                    self._forget(worker)
                    worker = self._fresh()
                reply, again = self._attempt(worker, message, limits, retried=False, stop=stop)
                if again:
                    self._forget(worker)
                    worker = self._fresh()
                    reply, _ = self._attempt(worker, message, limits, retried=True, stop=stop)
                if after is not None and worker.alive:
                    self._attempt(worker, after, limits, retried=True, stop=None)
                return reply
            finally:
                self._hand_back(worker)

    def map(
        self,
        messages: Iterable[dict[str, Any]],
        *,
        limits: Limits,
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[Reply]:
        """The replies in the order of the messages, computed by as many threads as there are workers.

        `progress` is called with the number of finished requests, one call at a time. Messages are
        drawn ahead of the consumer; leaving the loop early stops that.
        """
        return in_order(
            lambda message: self.run(message, limits=limits), messages, threads=self.size, progress=progress
        )

    def rss_mb(self) -> list[float]:
        """Resident memory of each running worker, in MB."""
        with self._changed:
            workers = list(self._workers)
        return [worker.rss_mb() for worker in workers]

    def warm(self) -> None:
        """Start all workers in the background, so that the first requests find them ready."""
        with self._changed:
            if not self._closed:
                self._wanted = self.size
                self._refill()

    def pids(self) -> list[int]:
        """Process ids of the running workers."""
        with self._changed:
            return [worker.pid for worker in self._workers if worker.pid is not None]

    def close(self) -> None:
        """Kill every worker. Requests under way and later ones raise `InfraError`."""
        with self._changed:
            self._closed = True
            workers = list(self._workers)
            self._workers.clear()
            self._idle.clear()
            self._changed.notify_all()
        for worker in workers:
            worker.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _attempt(
        self,
        worker: WorkerProcess,
        message: dict[str, Any],
        limits: Limits,
        *,
        retried: bool,
        stop: Callable[[], bool] | None,
    ) -> tuple[Reply, bool]:
        """One try on one worker: the reply, and whether a retry on a fresh worker may change it."""
        was_fresh = worker.answered == 0
        began, worked = time.monotonic(), worker.cpu_seconds()
        try:
            answer = worker.request(message, seconds=limits.seconds, memory_mb=limits.memory_mb, stop=stop)
            seconds = time.monotonic() - began
            rss_mb = self._note_answer(worker, answer)
            # an answer that is nothing but an error tells of the process: another may do better
            again = not retried and "error" in answer and set(answer) <= _FAILED
            if again:
                worker.kill()
            worked = max(0.0, worker.cpu_seconds() - worked)
            reply = Reply(answer=answer, seconds=seconds, retried=retried)
            return dataclasses.replace(
                reply, worker=worker.pid or 0, rss_mb=rss_mb, cpu_seconds=worked
            ), again
        except WorkerTimeout as error:
            status, detail, again = Status.TIMEOUT, str(error), False
        except MemoryExceeded as error:
            status, detail, again = Status.RESOURCE, str(error), not was_fresh
        except WorkerDied as error:
            self._require_open()
            status, detail, again = Status.INFRA_ERROR, str(error), not retried
        seconds = time.monotonic() - began
        return Reply(status=status, detail=detail, seconds=seconds, retried=retried), again

    def _note_answer(self, worker: WorkerProcess, answer: dict[str, Any]) -> float:
        """Count the answer; end the worker when it is worn. Returns its memory in MB."""
        with self._changed:
            self.checks += 1
        worn = worker.answered >= self._recycle_after or answer.get("recycle") is True
        rss_mb = worker.rss_mb()
        if worn or rss_mb > self._recycle_rss_mb:
            worker.kill()
        return rss_mb

    def _require_open(self) -> None:
        if self._closed:
            raise InfraError("the worker pool is closed; make a new one")

    def _acquire(self) -> WorkerProcess:
        """An idle worker; starts one in the background when there are too few, and waits for the first."""
        with self._changed:
            self._waiting += 1
            try:
                if self._starting == 0:
                    self._failure = None
                while True:
                    self._require_open()
                    self._drop_dead()
                    self._refill()
                    if self._idle:
                        self._busy += 1
                        return self._idle.pop()
                    if self._failure is not None and self._starting == 0:
                        raise self._failure
                    self._changed.wait()
            finally:
                self._waiting -= 1

    def _fresh(self) -> WorkerProcess:
        """A worker that has answered nothing yet: an idle one, or one started here and now."""
        with self._changed:
            self._drop_dead()
            for index, worker in enumerate(self._idle):
                if worker.answered == 0:
                    return self._idle.pop(index)
        return self._start()

    def _start(self) -> WorkerProcess:
        """Start a worker and wait until it is ready. `close` may come at any moment in between.

        One that somebody kills before it is ready is no failure of what it runs: another one is started.
        """
        tries, began = 1, time.monotonic()
        while True:
            try:
                return self._start_once()
            except WorkerDied as error:
                self._require_open()
                killed = error.exit_status == -signal.SIGKILL and not isinstance(error, NotReady)
                if not killed or tries == START_TRIES or time.monotonic() - began > START_SECONDS:
                    raise
            tries += 1

    def _start_once(self) -> WorkerProcess:
        try:
            worker = self._spawn()
            with self._changed:
                self._require_open()
                self._workers.add(worker)
            try:
                worker.start()
            except BaseException:
                with self._changed:
                    self._workers.discard(worker)
                raise
            with self._changed:
                closed = self._closed
            if closed:
                worker.kill()
                self._require_open()
            return worker
        except OSError as error:
            raise InfraError(f"a worker could not be started: {error}; run `mathlm doctor`") from error

    def _start_idle(self) -> None:
        """Body of the background threads: one more idle worker, or a failure for those who wait."""
        worker, failure = None, None
        try:
            worker = self._start()
        except Exception as error:
            failure = error
        with self._changed:
            self._starting -= 1
            if worker is not None and not self._closed:
                self._idle.append(worker)
            self._failure = failure
            self._changed.notify_all()

    def _forget(self, worker: WorkerProcess) -> None:
        with self._changed:
            if worker in self._workers:
                self._workers.remove(worker)
                self.restarts += 1

    def _drop_dead(self) -> None:
        """Forget idle workers that were killed meanwhile. Called with the lock held."""
        for worker in [worker for worker in self._idle if not worker.alive]:
            worker.kill()  # frees its descriptors
            self._idle.remove(worker)
            self._workers.discard(worker)
            self.restarts += 1

    def _hand_back(self, worker: WorkerProcess) -> None:
        """Make a live worker idle; replace a dead one in the background."""
        alive = worker.alive
        if not alive:
            self._forget(worker)
        with self._changed:
            self._busy -= 1
            if not self._closed:
                if alive:
                    self._idle.append(worker)
                self._refill()
            self._changed.notify_all()

    def _refill(self) -> None:
        """Start workers up to the number in use so far plus the spare ones. Called with the lock held.

        After a failed start nothing is tried until the failure has been told to a caller.
        """
        self._wanted = max(self._wanted, min(self.size, self._busy + self._waiting))
        missing = self._wanted + self._spare - (self._busy + len(self._idle) + self._starting)
        if self._failure is not None:
            return
        for _ in range(missing):
            self._starting += 1
            try:
                threading.Thread(target=self._start_idle, name="worker-start", daemon=True).start()
            except RuntimeError as error:  # no more threads: nobody may wait for this one
                self._starting -= 1
                self._failure = InfraError(f"a worker could not be started: {error}; use fewer workers")
                self._changed.notify_all()
                return
