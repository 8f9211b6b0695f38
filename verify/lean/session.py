"""A Lean session: command blocks on top of earlier ones, tactics on top of proof states, on its own worker.

Contract. Every environment and proof state is named by how it was made: the chain of texts that lead to it
(`Run`). The worker only caches what runs left. Where it lost something (it crashed, ran out of time or
memory, or the cache was full), the chain is run again on demand, so an id stays good as long as the
session knows it. It knows the last `remembered` environments and as many proof states; the worker holds what
`cache` states need, and is replaced when it uses more than `RECYCLE_SHARE` of the memory limit.
Nothing here is certified: the candidate's own code runs in the process that answers. `LeanVerifier` judges.

Units: seconds of wall time for one run, the start of a worker excluded; a run that is made again has as long.
Errors: `SessionError`, whose text is meant for the client, after which the session goes on; RuntimeMissing
when Lean cannot be fetched. Not thread-safe. Not covered: runs whose result differs when repeated (a proof
state that depends on the clock); such a state is refused when it cannot be found again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

from mathlm.errors import MathlmError, WorkerDied
from verify.base import Limits
from verify.lean import embedded
from verify.process import MemoryExceeded, Stopped, WorkerProcess, WorkerTimeout

CACHE = 512
REMEMBERED = 100_000
RECYCLE_SHARE = 0.85
DEFAULT_LIMITS = Limits(seconds=60, memory_mb=3072, heartbeats=200_000, output_bytes=1 << 20)
"""Heartbeats are the candidate's own to set (`set_option maxHeartbeats`)."""

T = TypeVar("T")


class SessionError(MathlmError):
    """Something that the client is told and can go on from."""


class SessionCrashed(SessionError):
    """Lean ended in the midst of a request, twice. The text has its last words, which may name paths."""


class _Lost(Exception):
    """The worker does not have what a run builds on."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """How a block's environment, or a tactic's proof state, is made.

    Example: `Run(number=0, text="def f := 1")`, and a tactic on its second proof state:
    `Run(number=1, text="rfl", parent=first, index=1)`
    """

    number: int
    """Its name on the worker."""
    text: str = field(repr=False)
    parent: Run | None = field(default=None, repr=False)
    index: int | None = None
    """For a tactic, which proof state of the parent it runs on; None for a block."""
    all_tactics: bool = False
    root_goals: bool = False

    def chain(self) -> Iterator[Run]:
        """This run and what it builds on, first to last."""
        runs: list[Run] = []
        run: Run | None = self
        while run is not None:
            runs.append(run)
            run = run.parent
        return reversed(runs)

    def request(self, output_bytes: int) -> dict[str, Any]:
        request: dict[str, Any] = {"id": self.number, "text": self.text, "output_bytes": output_bytes}
        if self.parent is not None:
            request["base"] = self.parent.number
        if self.index is not None:
            return {**request, "op": "tactic", "index": self.index}
        flags = {"all_tactics": int(self.all_tactics), "root_goals": int(self.root_goals)}
        return {**request, **flags, "op": "block"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A new environment or proof state (`id`), what Lean said, and the first id of the run's proof states."""

    id: int
    answer: dict[str, Any]
    first_state: int


class _Table(Generic[T]):
    """Things by number, counted up; the oldest are forgotten beyond `size`."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: OrderedDict[int, T] = OrderedDict()
        self.next = 0

    def add(self, item: T) -> int:
        number, self.next = self.next, self.next + 1
        self._items[number] = item
        if len(self._items) > self._size:
            self._items.popitem(last=False)
        return number

    def get(self, number: int) -> T | None:
        return self._items.get(number)


class Session:
    """One client's environments and proof states. The worker starts with `start` or on first use."""

    def __init__(
        self,
        *,
        spawn: Callable[[], WorkerProcess] = embedded.spawn,
        cache: int = CACHE,
        remembered: int = REMEMBERED,
    ) -> None:
        if cache < 2 or remembered < 1:
            raise ValueError("a session needs a cache of at least 2 and at least 1 remembered state")
        self.toolchain = ""
        """Lean's version, once a worker has started."""
        self.rebuilt = 0
        """Runs that were made again."""
        self._spawn, self._cache = spawn, cache
        self._worker: WorkerProcess | None = None
        self._held: OrderedDict[int, int] = OrderedDict()
        """Runs that the worker has, oldest use first, and how many states each counts for."""
        self.stop: Callable[[], bool] | None = None
        """Soon after it says so, the request under way ends in `verify.process.Stopped`."""
        self._ended = False
        self._numbers = 0
        self._environments = _Table[Run](remembered)
        self._states = _Table[tuple[Run, int]](remembered)

    @property
    def pid(self) -> int | None:
        """Process id of the worker, if one runs."""
        return self._worker.pid if self._worker is not None else None

    def rss_mb(self) -> float:
        """Resident memory of the worker, in MB."""
        return self._worker.rss_mb() if self._worker is not None else 0.0

    def start(self) -> None:
        """Start the worker now rather than with the first request."""
        self._running()

    def block(
        self,
        text: str,
        *,
        env: int | None = None,
        all_tactics: bool = False,
        root_goals: bool = False,
        infotree: str = "",
        limits: Limits = DEFAULT_LIMITS,
    ) -> Made:
        """Elaborate a block on top of `env`, or where its header says. `id` is the new environment.

        `infotree` is `tactics`, `original` or `substantive`: which tactics the answer has as a tree.
        """
        parent = None if env is None else self.environment(env)
        run = Run(self._number(), text, parent, None, all_tactics, root_goals)
        answer = self._make(run, limits, infotree)
        first = self._states.next
        for index in range(len(answer["sorries"]) + len(answer["tactics"])):
            self._states.add((run, index))
        return Made(id=self._environments.add(run), answer=answer, first_state=first)

    def tactic(self, text: str, *, state: int, limits: Limits = DEFAULT_LIMITS) -> Made:
        """Run a tactic on a proof state. `id` is the proof state that it leaves."""
        parent, index = self.state(state)
        run = Run(self._number(), text, parent, index)
        answer = self._make(run, limits)
        if "failed" in answer:
            raise SessionError(f"Lean error:\n{answer['failed']}")
        first = self._states.next
        for place in range(len(answer["sorries"])):
            self._states.add((run, place))
        return Made(id=self._states.add((run, len(answer["sorries"]))), answer=answer, first_state=first)

    def show(self, run: Run, index: int, *, limits: Limits = DEFAULT_LIMITS) -> Made:
        """Goals and status of a proof state, under a new id."""

        def ask() -> dict[str, Any]:
            self._prepare(run, limits)
            return self._ask({"op": "state", "base": run.number, "index": index}, limits)

        answer = self._surely(ask, limits)
        return Made(id=self._states.add((run, index)), answer=answer, first_state=self._states.next)

    def environment(self, env: int) -> Run:
        """How an environment was made."""
        if (run := self._environments.get(env)) is None:
            raise SessionError("Unknown environment.")
        return run

    def state(self, state: int) -> tuple[Run, int]:
        """How a proof state was made: the run, and which of its proof states it is."""
        if (found := self._states.get(state)) is None:
            raise SessionError("Unknown proof state.")
        return found

    def restore(self, steps: list[Run], *, limits: Limits = DEFAULT_LIMITS) -> Run:
        """Runs of another session, made again here, each on top of the one before; the last of them."""
        run: Run | None = None
        for step in steps:
            run = Run(self._number(), step.text, run, step.index, step.all_tactics, step.root_goals)
        if run is None:
            raise SessionError("there is nothing to restore")
        self._surely(lambda: self._prepare(run, limits), limits)
        return run

    def add_environment(self, run: Run) -> int:
        """A new id for an environment."""
        return self._environments.add(run)

    def end(self) -> None:
        """Kill the worker; requests from now on, and one that is under way, fail."""
        self._ended = True
        self.close()

    def close(self) -> None:
        """Kill the worker. A later request starts another."""
        self._held.clear()
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _make(self, run: Run, limits: Limits, infotree: str = "") -> dict[str, Any]:
        def make() -> dict[str, Any]:
            if run.parent is not None:
                self._prepare(run.parent, limits)
            return self._execute(run, limits, infotree)

        return self._surely(make, limits)

    def _surely(self, work: Callable[[], T], limits: Limits) -> T:
        """Try again once on a fresh worker when it went away or lost something."""
        if self.rss_mb() > RECYCLE_SHARE * limits.memory_mb:
            self.close()
        try:
            return work()
        except (WorkerDied, _Lost):
            self.close()
        try:
            return work()
        except WorkerDied as error:
            self.close()
            raise SessionCrashed(f"Lean ended while it worked on this, twice: {error}") from None
        except _Lost:
            raise SessionError(
                "this state could not be made again: its commands gave another result"
            ) from None

    def _prepare(self, run: Run, limits: Limits) -> None:
        """Have the worker hold what `run` left."""
        missing = []
        ancestor: Run | None = run
        self._running()
        while ancestor is not None and ancestor.number not in self._held:
            missing.append(ancestor)
            ancestor = ancestor.parent
        for again in reversed(missing):
            answer = self._execute(again, limits)
            self.rebuilt += 1
            if "failed" in answer:
                raise _Lost
        self._held.move_to_end(run.number)

    def _execute(self, run: Run, limits: Limits, infotree: str = "") -> dict[str, Any]:
        if run.parent is not None and run.parent.number in self._held:
            self._held.move_to_end(run.parent.number)
        answer = self._ask({**run.request(limits.output_bytes), "infotree": infotree}, limits)
        if "failed" not in answer:
            self._held[run.number] = 1 + len(answer["sorries"]) + len(answer.get("tactics", ()))
            self._free(limits)
        return answer

    def _free(self, limits: Limits) -> None:
        """Let the worker forget the least used runs when it holds too many, a quarter at a time."""
        count = sum(self._held.values())
        if count <= self._cache or len(self._held) == 1:
            return
        dropped = []
        newest = next(reversed(self._held))
        for number, weight in list(self._held.items()):
            if count <= self._cache * 3 // 4 or number == newest:
                break
            dropped.append(number)
            count -= weight
            del self._held[number]
        self._ask({"op": "forget", "runs": dropped}, limits)

    def _running(self) -> WorkerProcess:
        if self._worker is not None and not self._worker.alive:
            self.close()
        if self._ended:
            raise SessionError("this session has ended")
        if self._worker is None:
            self._worker = self._spawn()
            self.toolchain = str(self._worker.start().get("version", ""))
        return self._worker

    def _ask(self, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
        worker = self._running()
        try:
            answer = worker.request(
                request, seconds=limits.seconds, memory_mb=limits.memory_mb, stop=self.stop
            )
        except WorkerTimeout:
            self.close()
            raise SessionError(f"Lean REPL command timed out in {limits.seconds:g} seconds") from None
        except MemoryExceeded:
            self.close()
            raise SessionError(
                f"Lean REPL command used more than {limits.memory_mb} MB; raise the memory limit"
            ) from None
        except (KeyboardInterrupt, Stopped):
            self.close()
            raise
        if "exhausted" in answer:
            self.close()
            raise SessionError(f"Lean ended: {answer['exhausted']}; try smaller commands")
        if "lost" in answer:
            raise _Lost
        if (refused := refusal(answer)) is not None:
            raise SessionError(refused)
        return answer


def refusal(answer: dict[str, Any]) -> str | None:
    """Why a worker did not do what it was asked, for the client; None where it did."""
    for key in ("error", "missing_import", "forbidden"):
        if key in answer:
            return _refusal(key, str(answer[key]))
    return None


def _refusal(key: str, what: str) -> str:
    if key == "missing_import":
        return (
            f"unknown module prefix '{what.split('.')[0]}': no directory or file for `import {what}`; the "
            "embedded Lean has Init, Std and Lean, and a prelude for Mathlib. It needs a native Lean"
        )
    return f"this source may not use {what}" if key == "forbidden" else what
