"""The server's documents as records, and its event streams.

Contract. The readers take what `mathlm serve` sends and raise `ServerFailed` for anything else, with what
to do; they never guess. Unknown fields are left out, so that a newer server can say more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from mathlm.client.errors import ServerFailed
from mathlm.types import Certificate, Message, ProofResult, Reason, Solution, Status, TheoremVerdict, Verdict

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A verdict, and what the server says about it.

    Example: `Judged(verdict=verdict, cached=True, record="17")`
    """

    verdict: Verdict
    cached: bool = False
    record: str | None = None
    """Id of the server's record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Solved:
    """A solution, and what its Lean proof rests on.

    Example: `Solved(solution=solution, axioms=(), toolchain="Lean …", origin="automation: decide")`
    """

    solution: Solution
    axioms: tuple[str, ...] = ()
    toolchain: str = ""
    origin: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """A proof state that one server keeps for a while."""

    id: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalPlace:
    """A `sorry` or a tactic with the goals before it. Lines count from 1, columns from 0."""

    state: State | None
    line: int
    column: int
    end_line: int
    end_column: int
    goals: tuple[str, ...]
    tactic: str | None = None
    """None at a `sorry`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Goals:
    """What a source leaves open, and what its tactics met. `expires` is the states' age limit in seconds."""

    messages: tuple[Message, ...]
    sorries: tuple[GoalPlace, ...]
    tactics: tuple[GoalPlace, ...]
    expires: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Stepped:
    """What a tactic did. `error` is Lean's; None when it ran. Nothing here is certified."""

    state: State | None
    goals: tuple[str, ...]
    status: str
    messages: tuple[Message, ...]
    error: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something on the way: `attempt` or `stage` with its data, or `result` with the record.

    Example: `Event(name="attempt", data={"number": 1, "origin": "automation: rfl", …})`
    """

    name: str
    data: Json = field(default_factory=dict)
    proof: ProofResult | None = None
    """Of the result of `prove_events`."""
    solved: Solved | None = None
    """Of the result of `solve_events`."""


class EventReader:
    """Server-sent events from lines: `feed` gives an event when its empty line has come."""

    def __init__(self) -> None:
        self._name = "message"
        self._data: list[str] = []

    def feed(self, line: str) -> Event | None:
        """The event that this line ends; raises `ServerFailed` for the server's own `error` event."""
        if line.startswith("event:"):
            self._name = line[6:].strip()
        elif line.startswith("data:"):
            self._data.append(line[5:].removeprefix(" "))
        if line or not self._data:
            return None
        name, data = self._name, _object("\n".join(self._data))
        self._name, self._data = "message", []
        if name == "error":
            raise ServerFailed(f"the server gave up: {data.get('detail', 'it did not say why')}")
        return Event(name=name, data=data)


def read_judged(text: str) -> Judged:
    """The answer of `/v1/judge`."""
    document = _object(text)
    record = document.get("id")
    return Judged(
        verdict=_read(verdict, document),
        cached=bool(document.get("cached", False)),
        record=None if record is None else str(record),
    )


def read_proof(text: str) -> ProofResult:
    """The answer of `/v1/prove`."""
    return _read(proof, _object(text))


def read_solved(text: str) -> Solved:
    """The answer of `/v1/solve`."""
    return _read(solved, _object(text))


def read_goals(text: str, *, url: str) -> Goals:
    """The answer of `/v1/goals`, from the server at `url`."""

    def goals(document: Json) -> Goals:
        return Goals(
            messages=_messages(document["messages"]),
            sorries=tuple(_place(item, url) for item in document["sorries"]),
            tactics=tuple(_place(item, url) for item in document["tactics"]),
            expires=float(document["expires"]),
        )

    return _read(goals, _object(text))


def read_step(text: str, *, url: str) -> Stepped:
    """The answer of `/v1/goals/step`, from the server at `url`."""

    def step(document: Json) -> Stepped:
        messages = _messages(document["messages"])
        errors = [message.text for message in messages if message.severity == "error"]
        failed = errors or document.get("state") is None
        return Stepped(
            state=_state(document.get("state"), url),
            goals=tuple(document["goals"]),
            status=str(document["status"]),
            messages=messages,
            error=("\n".join(errors) or str(document["status"]).removeprefix("Error: ")) if failed else None,
        )

    return _read(step, _object(text))


def result_event(event: Event, path: str) -> Event:
    """The event, with its record where it is the result of that route."""
    if event.name != "result":
        return event
    if path == "/v1/prove":
        return Event(name=event.name, data=event.data, proof=_read(proof, event.data))
    return Event(name=event.name, data=event.data, solved=_read(solved, event.data))


def verdict(document: Json) -> Verdict:
    reason = document.get("reason")
    return Verdict(
        status=Status(document["status"]),
        reason=None if reason is None else Reason(reason),
        detail=str(document.get("detail", "")),
        seconds=float(document.get("seconds", 0.0)),
        toolchain=str(document.get("toolchain", "")),
        messages=_messages(document.get("messages", [])),
        theorems=tuple(_theorem(item) for item in document.get("theorems", [])),
    )


def proof(document: Json) -> ProofResult:
    reason = document.get("reason")
    known = _known(ProofResult, document)
    return ProofResult(
        **known
        | {
            "status": Status(document["status"]),
            "reason": None if reason is None else Reason(reason),
            "axioms": tuple(document.get("axioms", ())),
        }
    )


def solved(document: Json) -> Solved:
    known = _known(Solution, document)
    solution = Solution(**known | {"certificate": Certificate(document["certificate"])})
    return Solved(
        solution=solution,
        axioms=tuple(document.get("axioms", ())),
        toolchain=str(document.get("toolchain", "")),
        origin=document.get("origin"),
    )


def _theorem(item: Json) -> TheoremVerdict:
    reason = item.get("reason")
    return TheoremVerdict(
        **_known(TheoremVerdict, item)
        | {
            "status": Status(item["status"]),
            "reason": None if reason is None else Reason(reason),
            "axioms": tuple(item.get("axioms", ())),
        }
    )


def _messages(items: list[Json]) -> tuple[Message, ...]:
    return tuple(Message(**_known(Message, item)) for item in items)


def _place(item: Json, url: str) -> GoalPlace:
    known = _known(GoalPlace, item)
    return GoalPlace(**known | {"state": _state(item.get("state"), url), "goals": tuple(item["goals"])})


def _state(name: Any, url: str) -> State | None:
    return None if name is None else State(id=str(name), url=url)


def _known(record: type[Any], document: Json) -> Json:
    names = {each.name for each in fields(record)}
    return {name: value for name, value in document.items() if name in names}


def _object(text: str) -> Json:
    try:
        document = json.loads(text)
    except ValueError:
        raise ServerFailed(f"the server's answer is no JSON ({text[:80]!r}): is it `mathlm serve`?") from None
    if not isinstance(document, dict):
        raise ServerFailed("the server's answer is no JSON object: is it `mathlm serve`?")
    return document


def _read(reader: Callable[[Json], T], document: Json) -> T:
    try:
        return reader(document)
    except (KeyError, TypeError, ValueError) as error:
        raise ServerFailed(
            f"the server's answer is not as expected ({error!r}): use a client of the server's version"
        ) from error
