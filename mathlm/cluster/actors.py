"""Actors of a Ray cluster: each owns something with methods, and a free one takes the next call.

Contract. `with cluster(address):` connects; `Actors(make, size=…)` keeps `size` actors that each own what
`make` gives; an actor does one call at a time. A call whose actor, process or machine is lost, or that does
not come back, is made again on another actor, and a new actor takes the place of the lost one wherever the
cluster has room. After RETRIES losses the call is an InfraError: a lost machine never decides about
mathematics. What the owned thing itself raises comes back unchanged. Each machine needs mathlm installed.
Units: seconds of wall time. Errors: InfraError for a cluster that cannot be reached or offers no room, with
what to do.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import ray
from ray import exceptions as lost

from mathlm.errors import InfraError
from verify.process import Stopped

RETRIES = 5
"""Actors that one call may lose before it is given up."""
START_SECONDS = 600.0
"""Wall time for an actor to be ready, and for a call to find a free one: Lean may have to be fetched."""
CLOSE_SECONDS = 10.0
"""Wall time for actors to end what they own; then they are killed."""
KNOCK_SECONDS = 10.0
"""Wall time for a cluster to answer at all."""
STOP_SECONDS = 0.1
"""How often a call looks whether it is still wanted."""
LOST = (
    lost.RayActorError, lost.WorkerCrashedError, lost.NodeDiedError, lost.ObjectLostError,
    lost.GetTimeoutError, lost.LocalRayletDiedError, lost.OutOfMemoryError, lost.RaySystemError,
)  # fmt: skip


@contextmanager
def cluster(address: str) -> Iterator[int]:
    """Connect to the cluster, or start one on this machine for `auto`; gives the number of model actors.

    That is one for each GPU, or one for each machine where there is none.
    """
    where = "local" if address == "auto" else address
    _knock(where)
    started: dict[str, Any] = {"include_dashboard": False} if where == "local" else {}
    try:
        ray.init(address=where, log_to_driver=False, logging_level="warning", **started)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise InfraError(f"the Ray cluster at {address} refused ({error}): look at 'ray status'") from None
    try:
        machines = sum(node["Alive"] for node in ray.nodes())
        yield int(ray.cluster_resources().get("GPU", 0)) or machines
    finally:
        ray.shutdown()


def has_gpus() -> bool:
    """Whether the connected cluster has any."""
    return bool(ray.cluster_resources().get("GPU", 0))


def _knock(address: str) -> None:
    """Raise InfraError at once where nobody answers; Ray itself takes minutes and then ends the process."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if address == "local":
        return
    try:
        socket.create_connection((host, int(port)), timeout=KNOCK_SECONDS).close()
    except (OSError, ValueError) as error:
        raise InfraError(
            f"no Ray cluster at {address} ({error}): start one with 'ray start --head' and give HOST:PORT, "
            "or use --ray auto"
        ) from None


class _Owner:
    """Runs in an actor: owns a verifier or a model and calls its methods."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._owned = make()

    def ready(self) -> bool:
        return True

    def call(self, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        found = getattr(self._owned, name)
        return found(*positional, **named) if callable(found) else found


class Actors:
    """See the module. `restarts` counts the actors that were lost, and those ended because nobody waited."""

    def __init__(self, make: Callable[[], Any], *, size: int, gpus: float = 0) -> None:
        self._remote = ray.remote(num_cpus=1, num_gpus=gpus, scheduling_strategy="SPREAD")(_Owner)
        self._make = make
        self._free: queue.Queue[Any] = queue.Queue()
        self._all: set[Any] = set()
        self._ready: set[Any] = set()
        self._lock = threading.Lock()
        self._closed = False
        self.size = size
        self.restarts = 0
        for _ in range(size):
            self._start()

    def rss_mb(self) -> list[float]:
        """Nothing: memory on other machines is not asked for (see `verify.pool.Pool.rss_mb`)."""
        return []

    def call(
        self,
        name: str,
        *positional: Any,
        seconds: float,
        stop: Callable[[], bool] | None = None,
        **named: Any,
    ) -> Any:
        """The method's result, from whichever actor is free.

        Soon after `stop` says so the actor is replaced and `verify.process.Stopped` raised.
        """
        why = ""
        for _ in range(RETRIES):
            actor = self._take(stop)
            try:
                asked = actor.call.remote(name, positional, named)
                if stop is not None and not _wait(asked, stop, seconds):
                    raise Stopped("nobody waits for this any more")
                result = ray.get(asked, timeout=0 if stop is not None else seconds)
            except LOST as error:
                why = (str(error) or type(error).__name__).splitlines()[0]
                self._replace(actor)
                continue
            except lost.RayTaskError as error:
                self._free.put(actor)
                raise error.cause from None  # what the verifier or the model raised
            except BaseException:  # `Stopped`, or what cannot be sent: the actor may be at work still
                self._replace(actor)
                raise
            self._free.put(actor)
            return result
        raise InfraError(f"{RETRIES} Ray workers were lost in one call ({why}): look at 'ray status'")

    def close(self) -> None:
        """End all actors, and what they own."""
        with self._lock:
            self._closed = True
            ending, ready = list(self._all), list(self._ready)
        closing = [actor.call.remote("close", (), {}) for actor in ready]
        if closing:
            ray.wait(closing, num_returns=len(closing), timeout=CLOSE_SECONDS)
        for actor in ending:
            ray.kill(actor)

    def _take(self, stop: Callable[[], bool] | None) -> Any:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._closed:
                raise InfraError("the Ray workers were closed")
            if stop is not None and stop():
                raise Stopped("nobody waits for this any more")
            with suppress(queue.Empty):
                return self._free.get(timeout=STOP_SECONDS)
        raise InfraError(
            f"no Ray worker was free in {START_SECONDS:.0f} s: see 'ray status', or lower --workers"
        )

    def _replace(self, actor: Any) -> None:
        with self._lock:
            self.restarts += 1
            self._all.discard(actor)
            self._ready.discard(actor)
        with suppress(Exception):  # it is lost already, or ends now
            ray.kill(actor)
        self._start()

    def _start(self) -> None:
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        """Offer a new actor once it answers; ones that do not are tried again, somewhere else."""
        while True:
            actor = None
            try:
                with self._lock:  # so that `close` sees every actor that was begun
                    if self._closed:
                        return
                    actor = self._remote.remote(self._make)
                    self._all.add(actor)
                ray.get(actor.ready.remote(), timeout=START_SECONDS)
            except LOST:
                with self._lock:
                    self._all.discard(actor)
                with suppress(Exception):  # it may be lost already
                    ray.kill(actor)
                time.sleep(1.0)
                continue
            except Exception:
                return  # the connection was closed meanwhile
            with self._lock:
                self._ready.add(actor)
            self._free.put(actor)
            return


def _wait(asked: Any, stop: Callable[[], bool], seconds: float) -> bool:
    """Wait until the call has ended or its time is over; False when `stop` came first."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ray.wait([asked], timeout=STOP_SECONDS)[0]:
            return True
        if stop():
            return False
    return True
