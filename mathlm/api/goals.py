"""The proof states of `/v1/goals`: whose they are, how they are called, and how long they stay.

Contract. A state has an opaque name that nobody can guess, and that only its owner can use. It expires
`SECONDS` after its last use, or when its owner has more than `PER_CLIENT` or all have more than `STATES`;
the oldest go first. A name is signed, so that one that expired (`Expired`) is told from one that never was
(`Unknown`), also when nothing is kept of it. Each client has a Lean session of its own, for sources may run
code; at most `processes` have a process at a time. One that lost its process loses no state: it is made
again (see `verify.lean.session`), which the next step waits for.
All methods are thread-safe and block; soon after `stop` says so they raise `verify.process.Stopped`.
Nothing here judges: `/v1/judge` does.
Errors: `Unknown`, `Expired`, and those of `Session`.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mathlm.errors import UsageError
from verify.base import Limits
from verify.lean.session import Made, Session, SessionError
from verify.process import Stopped, WorkerProcess

SECONDS = 600.0
STATES, PER_CLIENT = 4096, 512
LOOK_SECONDS = 0.2
"""How often whoever waits for a session looks whether it is still wanted."""
CACHE = 128
"""States that a process holds ready."""
AGAIN = "send the source to /v1/goals again"


class Unknown(UsageError):
    """No state of this client was ever called so by this server."""

    def __init__(self) -> None:
        super().__init__(f"there is no such state: take one from /v1/goals, or {AGAIN}")


class Expired(UsageError):
    """The state was forgotten."""

    def __init__(self) -> None:
        super().__init__(f"this state has expired; {AGAIN}")


@dataclass(kw_only=True, slots=True, eq=False)
class _Client:
    session: Session
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held by whoever uses the session."""
    users: int = 0
    """Who hold the lock or wait for it."""
    names: OrderedDict[str, None] = field(default_factory=OrderedDict)
    """Its states, the one used longest ago first."""


@dataclass(kw_only=True, slots=True)
class _State:
    client: str
    number: int
    until: float


class GoalStates:
    """See the module. `clock` gives seconds."""

    def __init__(
        self,
        spawn: Callable[[], WorkerProcess],
        *,
        processes: int,
        seconds: float = SECONDS,
        states: int = STATES,
        per_client: int = PER_CLIENT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds = seconds
        self._spawn, self._processes, self._clock = spawn, processes, clock
        self._most, self._per_client = states, per_client
        self._key = secrets.token_bytes(32)
        self._book = threading.Lock()
        self._clients: OrderedDict[str, _Client] = OrderedDict()
        """The one that asked longest ago first."""
        self._states: OrderedDict[str, _State] = OrderedDict()
        """The one used longest ago first."""

    def __len__(self) -> int:
        """States that are kept."""
        return len(self._states)

    def open(
        self,
        client: str,
        source: str,
        *,
        limits: Limits,
        all_tactics: bool,
        stop: Callable[[], bool] | None = None,
    ) -> tuple[Made, list[str]]:
        """Elaborate a source; the names of its states (of each `sorry`, then of each tactic)."""
        with self._using(client, stop) as holder:
            made = holder.session.block(source, all_tactics=all_tactics, limits=limits)
            count = len(made.answer["sorries"]) + len(made.answer["tactics"])
            if count > self._per_client:
                kept = f"{count} states, at most {self._per_client} are kept"
                raise UsageError(f"this source has {kept}: leave `tactics` out, or send a part of it")
            return made, [self._name(client, holder, made.first_state + i) for i in range(count)]

    def step(
        self, client: str, name: str, tactic: str, *, limits: Limits, stop: Callable[[], bool] | None = None
    ) -> tuple[Made, str]:
        """Run a tactic on a state; the name of the state that it leaves."""
        with self._using(client, stop) as holder:
            number = self._number(client, name)
            try:
                holder.session.state(number)
            except SessionError:  # the session has forgotten it for newer ones
                self._drop(name)
                raise Expired from None
            made = holder.session.tactic(tactic, state=number, limits=limits)
            return made, self._name(client, holder, made.id)

    def close(self) -> None:
        """Forget everything and end the processes."""
        with self._book:
            clients = list(self._clients.values())
            self._clients.clear()
            self._states.clear()
        for holder in clients:
            holder.session.end()

    @contextmanager
    def _using(self, client: str, stop: Callable[[], bool] | None) -> Iterator[_Client]:
        """The client's session, for this thread alone."""
        with self._book:
            self._sweep()
            holder = self._clients.get(client)
            if holder is None:
                session = Session(spawn=self._spawn, cache=CACHE, remembered=4 * self._per_client)
                holder = self._clients[client] = _Client(session=session)
            self._clients.move_to_end(client)
            holder.users += 1
        try:
            with _held(holder.lock, stop):
                self._make_room(holder)
                holder.session.stop = stop
                try:
                    yield holder
                except (KeyError, TypeError, AttributeError):
                    holder.session.close()  # a candidate took the process over, or Lean is broken
                    raise SessionError(
                        "Lean's answer could not be read; it was started anew, go on"
                    ) from None
        finally:
            with self._book:
                holder.users -= 1

    def _make_room(self, holder: _Client) -> None:
        """End processes of clients that asked longest ago, unless they are at work."""
        with self._book:
            others = [x for x in self._clients.values() if x is not holder and x.session.pid is not None]
        for other in others[: max(0, len(others) + 1 - self._processes)]:
            if other.lock.acquire(blocking=False):
                try:
                    other.session.close()
                finally:
                    other.lock.release()

    def _name(self, client: str, holder: _Client, number: int) -> str:
        """A new name for a state of a client's session."""
        nonce = secrets.token_urlsafe(16)
        name = f"{nonce}.{self._signature(client, nonce)}"
        with self._book:
            self._states[name] = _State(client=client, number=number, until=self._clock() + self.seconds)
            holder.names[name] = None
            if len(holder.names) > self._per_client:
                self._forget(next(iter(holder.names)))
            if len(self._states) > self._most:
                self._forget(next(iter(self._states)))
        return name

    def _number(self, client: str, name: str) -> int:
        """The number of a state in its client's session; it stays for as long again."""
        nonce, _, signature = name.partition(".")
        expected = self._signature(client, nonce)
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode()):
            raise Unknown
        with self._book:
            self._sweep()
            state = self._states.get(name)
            if state is None:
                raise Expired
            state.until = self._clock() + self.seconds
            self._states.move_to_end(name)
            self._clients[client].names.move_to_end(name)
            return state.number

    def _signature(self, client: str, nonce: str) -> str:
        return hmac.digest(self._key, f"{nonce} {client}".encode("utf-8", "replace"), "sha256").hex()[:32]

    def _sweep(self) -> None:
        """Forget what is over; the book is held."""
        now = self._clock()
        while self._states and next(iter(self._states.values())).until <= now:
            self._forget(next(iter(self._states)))
        for client, holder in list(self._clients.items()):
            if not (holder.names or holder.users):
                holder.session.close()
                del self._clients[client]

    def _drop(self, name: str) -> None:
        with self._book:
            if name in self._states:
                self._forget(name)

    def _forget(self, name: str) -> None:
        client = self._clients.get(self._states.pop(name).client)
        if client is not None:
            client.names.pop(name, None)


@contextmanager
def _held(lock: threading.Lock, stop: Callable[[], bool] | None) -> Iterator[None]:
    """The lock, waited for no longer than somebody waits for us."""
    while not lock.acquire(timeout=LOOK_SECONDS):
        if stop is not None and stop():
            raise Stopped("nobody waits for this any more")
    try:
        yield
    finally:
        lock.release()
