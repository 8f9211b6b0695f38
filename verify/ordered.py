"""Calls in parallel, results in order.

`in_order(call, items, threads=…)` yields `call(item)` for each item, in the order of the items, computed by
`threads` threads that draw items ahead of the consumer. What a call raises is raised after the results before
it have been yielded. Leaving the loop early stops the drawing; calls under way end by themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(
    call: Callable[[T], R],
    items: Iterable[T],
    *,
    threads: int,
    progress: Callable[[int], None] | None = None,
) -> Iterator[R]:
    """The results; `progress` is told the number of finished calls, one call at a time."""
    return _Calls(call, items, threads, progress).results()


class _Calls(Generic[T, R]):
    """The shared state: threads draw items and lay down results."""

    def __init__(
        self,
        call: Callable[[T], R],
        items: Iterable[T],
        threads: int,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._call = call
        self._items = enumerate(items)
        self._threads = threads
        self._progress = progress
        self._draw = threading.Lock()
        self._changed = threading.Condition()
        self._done: dict[int, R] = {}
        self._finished = 0
        self._ended_threads = 0
        self._error: BaseException | None = None
        self._stopped = False

    def work(self) -> None:
        """Body of each thread: until the items are used up, an error, or a stop."""
        try:
            while not self._stopped:
                with self._draw:
                    drawn = next(self._items, None)
                if drawn is None:
                    break
                index, item = drawn
                result = self._call(item)
                with self._changed:
                    self._done[index] = result
                    self._finished += 1
                    if self._progress is not None:
                        self._progress(self._finished)
                    self._changed.notify_all()
        except BaseException as error:
            self._error = error
            self._stopped = True
        finally:
            with self._changed:
                self._ended_threads += 1
                self._changed.notify_all()

    def results(self) -> Iterator[R]:
        """The results in order; the threads start with the first `next`."""
        for number in range(self._threads):
            threading.Thread(target=self.work, name=f"in-order-{number}", daemon=True).start()
        index = 0
        try:
            while True:
                with self._changed:
                    while index not in self._done and self._ended_threads < self._threads:
                        self._changed.wait()
                    if index not in self._done:
                        if self._error is not None:
                            raise self._error
                        return
                    result = self._done.pop(index)
                yield result
                index += 1
        finally:
            self._stopped = True
