"""Checks and generation on the machines of a Ray cluster.

`RayLean` has the calls of `verify.lean.verifier.LeanVerifier` that the loop needs, each made on an actor
that owns a verifier with one worker; `RayBackend` is a `model.generation.base.Backend` on actors that each
opened the checkpoint. An actor does one call at a time; a free one takes the next.
Contract: a call whose actor, process or machine is lost, or that does not come back, is made again on
another actor, and a new actor takes the place of the lost one wherever the cluster has room. After RETRIES
losses a check is an `infra_error` and any other call an InfraError: a lost machine never decides about
mathematics. What a verifier or a model itself raises comes back unchanged. Prompt i has the seed
`params.seed + i`, whoever takes it. Each machine needs mathlm installed and sees checkpoint folders under
the same path (a shared file system).
Errors: InfraError for a cluster that cannot be reached or offers no room, with what to do.
Not covered: the Python sandbox, which stays on the machine of the loop.
"""

from __future__ import annotations

import functools
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import ray
from ray import exceptions as lost

from mathlm.errors import InfraError
from mathlm.search.lean import Lean
from mathlm.types import Completion, Prompt, SamplingParams, Status, Verdict
from model.generation import load_backend
from model.generation.base import Backend
from verify.base import Limits
from verify.lean.protocol import GoalsAnswer, StepAnswer
from verify.lean.runtimes import EMBEDDED, LeanRuntime, choose
from verify.lean.verifier import LeanVerifier

RETRIES = 5
"""Actors that one call may lose before it is given up."""
START_SECONDS = 600.0
"""Wall time for an actor to be ready, and for a call to find a free one: Lean may have to be fetched."""
GRACE_SECONDS = 600.0
"""Wall time of a check beyond its own limits: starting a process, waiting for the judge."""
GENERATE_SECONDS = 7200.0
"""Wall time of one call to a model."""
CLOSE_SECONDS = 10.0
"""Wall time for actors to end what they own; then they are killed."""
KNOCK_SECONDS = 10.0
"""Wall time for a cluster to answer at all."""
CHUNK = 64
"""Prompts of one call to a model, at most."""
LOST = (
    lost.RayActorError, lost.WorkerCrashedError, lost.NodeDiedError, lost.ObjectLostError,
    lost.GetTimeoutError, lost.LocalRayletDiedError,
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
    """`size` actors that each own what `make` gives; see the module. `losses` counts lost actors."""

    def __init__(self, make: Callable[[], Any], *, size: int, gpus: float = 0) -> None:
        self._remote = ray.remote(num_cpus=1, num_gpus=gpus, scheduling_strategy="SPREAD")(_Owner)
        self._make = make
        self._free: queue.Queue[Any] = queue.Queue()
        self._all: set[Any] = set()
        self._ready: set[Any] = set()
        self._lock = threading.Lock()
        self._closed = False
        self.losses = 0
        for _ in range(size):
            self._start()

    def call(self, name: str, *positional: Any, seconds: float, **named: Any) -> Any:
        """The method's result, from whichever actor is free."""
        why = ""
        for _ in range(RETRIES):
            actor = self._take()
            try:
                result = ray.get(actor.call.remote(name, positional, named), timeout=seconds)
            except LOST as error:
                why = (str(error) or type(error).__name__).splitlines()[0]
                self._replace(actor)
                continue
            except lost.RayTaskError as error:
                self._free.put(actor)
                raise error.cause from None  # what the verifier or the model raised
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

    def _take(self) -> Any:
        try:
            return self._free.get(timeout=START_SECONDS)
        except queue.Empty:
            raise InfraError(
                f"no Ray worker was free in {START_SECONDS:.0f} s: see 'ray status', or lower --workers"
            ) from None

    def _replace(self, actor: Any) -> None:
        with self._lock:
            self.losses += 1
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
            try:
                with self._lock:  # so that `close` sees every actor that was begun
                    if self._closed:
                        return
                    actor = self._remote.remote(self._make)
                    self._all.add(actor)
                ray.get(actor.ready.remote(), timeout=START_SECONDS)
            except LOST:
                time.sleep(1.0)
                continue
            except Exception:
                return  # the connection was closed meanwhile
            with self._lock:
                self._ready.add(actor)
            self._free.put(actor)
            return


def _one_worker(runtime: str) -> LeanVerifier:
    return LeanVerifier(workers=1, runtime=choose("native" if runtime == "native" else "embedded"))


class RayLean:
    """Lean on `workers` actors: `with RayLean(workers=8) as lean: lean.check(source, limits=limits)`.

    `make` opens what an actor owns; it is told nothing, and must be picklable.
    """

    def __init__(
        self, *, workers: int, runtime: LeanRuntime = EMBEDDED, make: Callable[[], Lean] | None = None
    ) -> None:
        self.actors = Actors(make or functools.partial(_one_worker, runtime.name), size=workers)

    @functools.cached_property
    def toolchain(self) -> str:
        return str(self.actors.call("toolchain", seconds=START_SECONDS))

    def check(
        self,
        source: str,
        *,
        statement: str | None = None,
        limits: Limits,
        forbidden: frozenset[str] | tuple[str, ...] = (),
    ) -> Verdict:
        """See `LeanVerifier.check`."""
        try:
            verdict: Verdict = self.actors.call(
                "check",
                source,
                statement=statement,
                limits=limits,
                forbidden=forbidden,
                seconds=_wait(limits),
            )
        except InfraError as error:
            return Verdict(status=Status.INFRA_ERROR, detail=str(error))
        return verdict

    def goals(self, source: str, *, limits: Limits) -> GoalsAnswer:
        """See `LeanVerifier.goals`."""
        answer: GoalsAnswer = self.actors.call("goals", source, limits=limits, seconds=_wait(limits))
        return answer

    def step(self, source: str, *, hole: int, tactics: Sequence[str], limits: Limits) -> StepAnswer:
        """See `LeanVerifier.step`."""
        answer: StepAnswer = self.actors.call(
            "step", source, hole=hole, tactics=tuple(tactics), limits=limits, seconds=_wait(limits)
        )
        return answer

    def close(self) -> None:
        self.actors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class RayBackend:
    """A model on `actors` actors. Example: `with RayBackend(folder, actors=4) as backend: …`"""

    def __init__(self, folder: Path, *, actors: int, make: Callable[[], Backend] | None = None) -> None:
        self.name = folder.name
        self._size = actors
        gpus = 1 if ray.cluster_resources().get("GPU", 0) else 0
        self.actors = Actors(
            make or functools.partial(load_backend, str(folder.resolve())), size=actors, gpus=gpus
        )

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        """See `model.generation.base.Backend`."""
        size = max(1, min(CHUNK, -(-len(prompts) // self._size)))

        def chunk(start: int) -> list[Completion]:
            part = list(prompts[start : start + size])
            own = replace(params, seed=params.seed + start)
            found: list[Completion] = self.actors.call("generate", part, own, seconds=GENERATE_SECONDS)
            if progress is not None:
                progress(len(found))
            return found

        with ThreadPoolExecutor(self._size) as pool:
            return [c for found in pool.map(chunk, range(0, len(prompts), size)) for c in found]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.actors.close()


def _wait(limits: Limits) -> float:
    return 2 * limits.seconds + GRACE_SECONDS
