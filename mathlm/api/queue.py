"""A bounded queue of blocking work, with fair shares between clients.

Contract. `await queue.run(client, work, deadline=seconds)` runs `work(flag)` in one of `slots` threads and
gives its result, or raises what it raised. Clients take turns: each free slot goes to the client that was
served longest ago, so a client with one request waits for at most one request of each other client.
The deadline counts from the call to the answer, waiting included. When it passes, or the caller is cancelled
(the client went away), work that waits is dropped and work that runs sees `flag.is_set()`; its thread is free
again only when it returns, so work has to look at the flag or have limits of its own.
`start_all` takes several at once or none of them, for a batch.

Units: seconds. Errors: `QueueFull` (try again after `retry_after`), `DeadlinePassed`, `Stopping`.
All methods are called from the event loop's thread, but for the flag, which any thread may read.
Not covered: weights, and priorities within a client (first come, first served).
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import math
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from mathlm.errors import InfraError

T = TypeVar("T")
LINGER_SECONDS = 1.0
"""For short work to end by itself after nobody waits for it."""


class QueueFull(InfraError):
    """There is no room; `retry_after` is a guess of when there will be."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"the queue is full; try again in {retry_after} s")
        self.retry_after = retry_after


class DeadlinePassed(InfraError):
    """The time for this request was over before it was answered."""

    def __init__(self, seconds: float, *, waiting: bool) -> None:
        where = "in the queue" if waiting else "at work"
        super().__init__(f"timed out after {seconds:g} s {where}; nothing was decided, try again later")
        self.waiting = waiting


class Stopping(InfraError):
    """The server is being shut down."""

    def __init__(self) -> None:
        super().__init__("the server is shutting down; nothing was decided, send this again")


class Cancelled:
    """What work looks at to see whether somebody still waits for it. Thread-safe."""

    def __init__(self, seconds: float) -> None:
        self._event = threading.Event()
        self._until = time.monotonic() + seconds
        self._set_at = 0.0

    def set(self) -> None:
        if not self._event.is_set():
            self._set_at = time.monotonic()
            self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def is_over(self) -> bool:
        """Whether even a Lean process may be ended for it, which takes seconds to replace: a little later."""
        return self._event.is_set() and time.monotonic() >= self._set_at + LINGER_SECONDS

    def remaining(self) -> float:
        """Seconds to the deadline, at least 0."""
        return max(0.0, self._until - time.monotonic())


Work = Callable[[Cancelled], T]


class _Item:
    """One piece of work on its way."""

    def __init__(self, client: str, work: Work[Any], seconds: float, future: asyncio.Future[Any]) -> None:
        self.client, self.work, self.seconds, self.future = client, work, seconds, future
        self.flag = Cancelled(seconds)
        self.context = contextvars.copy_context()
        """The request's, so that what the work logs has its id."""
        self.began = time.monotonic()
        self.started = 0.0
        """When it was given to a thread; 0 while it waits."""
        self.timer: asyncio.TimerHandle | None = None


class Queue:
    """See the module."""

    def __init__(
        self,
        *,
        slots: int,
        bound: int,
        per_client: int | None = None,
        at_once: int | None = None,
        name: str = "queue",
    ) -> None:
        if slots < 1 or bound < 1:
            raise ValueError("a queue needs at least 1 slot and room for 1")
        self.slots, self.bound = slots, bound
        self.per_client = per_client or bound
        """The most that one client may have waiting."""
        self.at_once = at_once or slots
        """The most that one client may have at work."""
        self.running = 0
        self._at_work: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[_Item]] = OrderedDict()
        """By client, the one whose turn is next first."""
        self._length = 0
        self._items: set[_Item] = set()
        self._stopping = False
        self._mean = 1.0  # seconds that work took of late
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix=name)
        self.waited: Callable[[float], object] = lambda seconds: None
        """Told for each piece of work how many seconds it waited."""

    def __len__(self) -> int:
        """How many wait."""
        return self._length

    @property
    def idle(self) -> bool:
        """Whether nothing waits or runs."""
        return not self._items and not self.running

    async def run(self, client: str, work: Work[T], *, deadline: float) -> T:
        """The result of `work`, within `deadline` seconds from now."""
        (future,) = self.start_all(client, [work], deadline=deadline)
        result: T = await future
        return result

    def start_all(self, client: str, works: Sequence[Work[T]], *, deadline: float) -> list[asyncio.Future[T]]:
        """Put all of them in the queue, or none where there is no room.

        Cancel a future to withdraw its work.
        """
        if self._stopping:
            raise Stopping
        mine = len(self._waiting.get(client, ()))
        free = min(self.bound - self._length, self.per_client - mine) + max(0, self.slots - self.running)
        if len(works) > free:
            raise QueueFull(self._retry_after())
        loop = asyncio.get_running_loop()
        futures = []
        for work in works:
            item = _Item(client, work, deadline, loop.create_future())
            item.future.add_done_callback(functools.partial(self._left, item))
            item.timer = loop.call_later(deadline, self._expire, item)
            self._items.add(item)
            self._waiting.setdefault(client, deque()).append(item)
            self._length += 1
            futures.append(item.future)
        self._serve()
        return futures

    def stop(self) -> None:
        """Take nothing new; what is here goes on."""
        self._stopping = True

    def abandon(self) -> None:
        """Answer everything that is not done with `Stopping`."""
        self._stopping = True
        for item in list(self._items):
            if not item.future.done():
                item.future.set_exception(Stopping())

    def close(self) -> None:
        """Let go of the threads; those that still work end with their work."""
        self.abandon()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _retry_after(self) -> int:
        return min(60, max(1, math.ceil(self._length * self._mean / self.slots)))

    def _serve(self) -> None:
        """Give free slots to those who wait, a client at a time."""
        loop = asyncio.get_running_loop()
        while self.running < self.slots and (client := self._next()) is not None:
            items = self._waiting[client]
            item = items.popleft()
            self._length -= 1
            if items:
                self._waiting.move_to_end(client)
            else:
                del self._waiting[client]
            item.started = time.monotonic()
            self.waited(item.started - item.began)
            self.running += 1
            self._at_work[client] += 1
            self._threads.submit(item.context.run, self._work, loop, item)

    def _next(self) -> str | None:
        """Whose turn it is."""
        for client in self._waiting:
            if self._at_work[client] < self.at_once:
                return client
        return None

    def _work(self, loop: asyncio.AbstractEventLoop, item: _Item) -> None:
        """Body of a thread."""
        result, error = None, None
        try:
            if not item.flag.is_set():
                result = item.work(item.flag)
        except BaseException as raised:
            error = raised
        try:
            loop.call_soon_threadsafe(self._finish, item, result, error)
        except RuntimeError:  # the loop has ended: nobody waits
            return

    def _finish(self, item: _Item, result: Any, error: BaseException | None) -> None:
        self.running -= 1
        self._at_work[item.client] -= 1
        if not self._at_work[item.client]:
            del self._at_work[item.client]
        self._mean += (time.monotonic() - item.started - self._mean) / 20
        if not item.future.done():
            if error is None:
                item.future.set_result(result)
            else:
                item.future.set_exception(error)
        if not self._threads._shutdown:
            self._serve()

    def _expire(self, item: _Item) -> None:
        if not item.future.done():
            item.future.set_exception(DeadlinePassed(item.seconds, waiting=not item.started))

    def _left(self, item: _Item, _: asyncio.Future[Any]) -> None:
        """The future is done, by whatever way: nobody waits for this work any longer."""
        item.flag.set()
        self._items.discard(item)
        if item.timer is not None:
            item.timer.cancel()
        if item.started == 0:
            items = self._waiting.get(item.client)
            if items is not None and item in items:
                items.remove(item)
                self._length -= 1
                if not items:
                    del self._waiting[item.client]
