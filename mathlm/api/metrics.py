"""What Prometheus reads at `/metrics`.

Contract. One registry for each application. Labels come from fixed sets (route templates, statuses), never
from what a client sent, so that nobody can make series without end.
Units: seconds and bytes, as the names say.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from mathlm.api.queue import Queue

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Processes(Protocol):
    """Lean's processes: a `verify.pool.Pool`, or the actors of a cluster."""

    restarts: int

    def rss_mb(self) -> list[float]:
        """MB of each process, as far as it is known here."""


class Metrics:
    """The figures of one application."""

    def __init__(self, queues: Mapping[str, Queue], pools: Mapping[str, Processes]) -> None:
        self.registry = registry = CollectorRegistry()
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}  # looking them up takes long
        self.requests = Counter(
            "mathlm_requests", "Requests answered.", ("route", "method", "code"), registry=registry
        )
        self.latency = Histogram(
            "mathlm_request_seconds",
            "From a request's head to its answer's end.",
            ("route",),
            buckets=BUCKETS,
            registry=registry,
        )
        self.wait = Histogram(
            "mathlm_queue_wait_seconds", "Waiting in a queue.", ("queue",), buckets=BUCKETS, registry=registry
        )
        self.verdicts = Counter(
            "mathlm_verdicts", "Verdicts and checks answered.", ("status",), registry=registry
        )
        self.cache = Counter("mathlm_cache_lookups", "Verdicts looked up.", ("result",), registry=registry)
        length = Gauge("mathlm_queue_length", "Requests that wait.", ("queue",), registry=registry)
        running = Gauge("mathlm_queue_running", "Requests at work.", ("queue",), registry=registry)
        restarts = Gauge("mathlm_worker_restarts", "Lean processes replaced.", ("pool",), registry=registry)
        memory = Gauge("mathlm_worker_memory_bytes", "Of all processes.", ("pool",), registry=registry)
        for name, queue in queues.items():
            length.labels(name).set_function(queue.__len__)
            running.labels(name).set_function(partial(getattr, queue, "running"))
            queue.waited = self.wait.labels(name).observe
        for name, pool in pools.items():
            restarts.labels(name).set_function(partial(getattr, pool, "restarts"))
            memory.labels(name).set_function(partial(_memory, pool))

    def looked_up(self, *, hit: bool) -> None:
        """A verdict was looked for in the cache."""
        self.cache.labels("hit" if hit else "miss").inc()

    def judged(self, status: str) -> None:
        """A verdict, or a check's end, was answered."""
        self.verdicts.labels(status).inc()

    def answered(self, route: str, method: str, code: int, seconds: float) -> None:
        """A request was answered."""
        if (series := self._series.get((route, method, code))) is None:
            series = (self.requests.labels(route, method, str(code)), self.latency.labels(route))
            self._series[route, method, code] = series
        series[0].inc()
        series[1].observe(seconds)

    def text(self) -> bytes:
        """In Prometheus's text format."""
        return generate_latest(self.registry)


def _memory(pool: Processes) -> float:
    return 2**20 * sum(pool.rss_mb())
