"""The wires between Python and the Lean server, mirrored from `lean_workspace/MathLM/Repl.lean`.

Requests are plain dictionaries; answers are read strictly into the records below. An answer that does not
fit is a broken worker (`ProtocolError`), never a verdict; one that says what ran out is `Exhausted`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from mathlm.errors import LimitHit, WorkerDied
from mathlm.types import Message
from verify.base import Limits

Json = dict[str, Any]
CORE, PRELUDE = "core", "core+prelude"
"""Environments that verdicts name: the library alone, or with Mathlib's language (`import Mathlib`)."""
T = TypeVar("T")


class ProtocolError(WorkerDied):
    """The server answered something that this version does not understand."""


class Exhausted(LimitHit):
    """The request needs more than the process that should answer it has: stack, or a limit of the format."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TheoremFacts:
    """What the server found out about one theorem. Nothing here comes from messages.

    Example: `TheoremFacts(name="t", kind="theorem", statement="t : 1 = 1", constants=(("theorem", "t"),))`
    """

    name: str
    kind: str | None
    """`theorem`, `definition`, `axiom`, …; None when the source does not have the constant."""
    mismatch: str | None = None
    """The first constant that differs from the trusted statement."""
    axioms: tuple[str, ...] = ()
    own_axioms: tuple[str, ...] = ()
    """Those that neither the library nor the trusted statement has: never allowed, whatever their name."""
    constants: tuple[tuple[str, str], ...] = ()
    """(kind, name) of every constant of the source that the theorem reaches, itself included."""
    statement_constants: tuple[tuple[str, str], ...] = ()
    """The same for the constants that the trusted source adds and its statement reaches."""
    premises: tuple[tuple[str, str], ...] = ()
    """(library constant, constant of the source that names it) for each forbidden premise that is used."""
    kernel: str | None = None
    """The kernel's complaint on replay."""
    statement: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a source declares or uses something. Lines count from 1, columns from 0.

    Example: `Place(rule="options", name="debug.skipKernelTC", line=1, column=11)`
    """

    name: str
    line: int
    column: int
    rule: str = ""
    """`attributes` or `options` where one is used; empty where a constant is declared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Elaborated:
    """The answer of a worker to `check`: what a candidate's elaboration claims. None of it is trusted."""

    parse_error: bool
    messages: tuple[Message, ...]
    theorems: tuple[str, ...]
    """Full names of the theorems that the source states."""
    environment: str
    """`core`, `core+prelude` or `lean`: the library that the source starts from."""
    export: str
    """All that the theorems reach, as lean4export text."""
    export_error: str | None
    """Why there is no such text."""
    places: tuple[Place, ...] = ()
    """Where the exported constants are declared, and the attributes and options that the source uses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckAnswer:
    """What the judge found in the exported text, with the candidate's messages."""

    parse_error: bool
    messages: tuple[Message, ...]
    statement_messages: tuple[Message, ...] = ()
    theorems: tuple[TheoremFacts, ...] = ()
    places: tuple[Place, ...] = ()
    malformed: str | None = None
    """Why the exported text is none: the worker was taken over, or Lean's elaborator is broken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeaderError:
    """The head of the source asks for what the runtime lacks (`missing`) or must not have (`forbidden`)."""

    kind: Literal["missing", "forbidden"]
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Hole:
    """A `sorry` with its goals as Lean prints them. Lines count from 1, columns from 0."""

    goals: tuple[str, ...]
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalsAnswer:
    """The answer to `goals`."""

    holes: tuple[Hole, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StepAnswer:
    """The answer to `step`: the goals left (none: closed), or Lean's error."""

    goals: tuple[str, ...] = ()
    error: str | None = None


def check_request(source: str, limits: Limits) -> Json:
    return _request("check", source, limits)


def judge_request(
    claim: Elaborated,
    statement: str | None,
    limits: Limits,
    *,
    describe: bool,
    forbidden: frozenset[str] | tuple[str, ...] = (),
) -> Json:
    request: Json = {
        "op": "judge",
        "export": claim.export,
        "theorems": list(claim.theorems),
        "environment": claim.environment,
        "forbidden": sorted(name.strip().removeprefix("_root_.") for name in forbidden),
        "describe": int(describe),
        "heartbeats": limits.heartbeats,
        "output_bytes": limits.output_bytes,
    }
    return request if statement is None else {**request, "statement": statement}


def goals_request(source: str, limits: Limits) -> Json:
    return _request("goals", source, limits)


def step_request(source: str, hole: int, tactics: tuple[str, ...], limits: Limits) -> Json:
    return {**_request("step", source, limits), "hole": hole, "tactics": list(tactics)}


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryStatement:
    """A theorem of the library.

    Example: `LibraryStatement(name="Nat.add_comm", signature="Nat.add_comm (n m : Nat) : …", alias="17")`
    """

    name: str
    signature: str
    alias: str
    """Equal for theorems that say the same (see `canonical` in `lean_workspace/MathLM/Library.lean`)."""
    deprecated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryAnswer:
    """Theorem statements of one library module, or of a part of it."""

    modules: int
    """Number of modules; past the last, `module` is None."""
    module: str | None
    statements: tuple[LibraryStatement, ...]
    generated: tuple[str, ...]
    """Names of theorems that Lean made on the way, such as `f._simp_1`."""
    next: int | None
    """Where the next part starts; None after the last."""


def library_request(module: int, start: int) -> Json:
    """Ask for statements of the `module`-th library module from its `start`-th constant on."""
    return {"op": "library", "module": module, "start": start}


def read_library(answer: Json) -> LibraryAnswer:
    _header_error(answer)
    try:
        modules = _typed(answer["modules"], int)
        if "module" not in answer:
            return LibraryAnswer(modules=modules, module=None, statements=(), generated=(), next=None)
        items = answer["statements"]
        return LibraryAnswer(
            modules=modules,
            module=_typed(answer["module"], str),
            statements=tuple(_library_statement(item) for item in items if "statement" in item),
            generated=tuple(_typed(item["name"], str) for item in items if "statement" not in item),
            next=answer["next"] if answer["next"] < answer["constants"] else None,
        )
    except (KeyError, TypeError) as error:
        raise ProtocolError(f"cannot read the Lean server's answer: {error!r}") from error


def _library_statement(item: Json) -> LibraryStatement:
    return LibraryStatement(
        name=_typed(item["name"], str),
        signature=_typed(item["statement"], str),
        alias=_typed(item["alias"], str),
        deprecated=_typed(item["deprecated"], bool),
    )


def _request(op: str, source: str, limits: Limits) -> Json:
    return {"op": op, "source": source, "heartbeats": limits.heartbeats, "output_bytes": limits.output_bytes}


def read_elaborated(answer: Json) -> Elaborated | HeaderError:
    if (header := _header_error(answer)) is not None:
        return header
    try:
        error = answer.get("export_error")
        return Elaborated(
            parse_error=_typed(answer["parse_error"], bool),
            messages=_messages(answer["messages"]),
            theorems=tuple(_typed(name, str) for name in answer["theorems"]),
            environment=_typed(answer["environment"], str),
            export=_typed(answer.get("export", ""), str),
            export_error=None if error is None else _typed(error, str),
            places=tuple(_place(item) for item in [*answer["used"], *answer["places"]]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"cannot read the Lean server's answer: {error!r}") from error


def read_judged(claim: Elaborated, answer: Json) -> CheckAnswer | HeaderError:
    """What the judge says of a claim."""
    if "malformed" in answer:
        return CheckAnswer(
            parse_error=claim.parse_error, messages=claim.messages, malformed=str(answer["malformed"])
        )
    if (header := _header_error(answer)) is not None:
        return header
    try:
        return CheckAnswer(
            parse_error=claim.parse_error,
            messages=claim.messages + tuple(_not_in_library(name) for name in answer["not_in_library"]),
            places=claim.places,
            statement_messages=_messages(answer.get("statement_messages", [])),
            theorems=tuple(_facts(item) for item in answer["theorems"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"cannot read the judge's answer: {error!r}") from error


def environment(judged: Json | None) -> str:
    """The environment that the judge worked in; Lean's own modules count as core."""
    return PRELUDE if judged is not None and judged.get("environment") == PRELUDE else CORE


def read_goals(answer: Json) -> GoalsAnswer | HeaderError:
    if (header := _header_error(answer)) is not None:
        return header
    try:
        holes = tuple(Hole(**{**item, "goals": tuple(item["goals"])}) for item in answer["holes"])
        return GoalsAnswer(holes=holes, messages=_messages(answer["messages"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"cannot read the Lean server's answer: {error!r}") from error


def read_step(answer: Json) -> StepAnswer:
    _header_error(answer)
    if "failed" in answer:
        return StepAnswer(error=str(answer["failed"]))
    try:
        return StepAnswer(goals=tuple(_typed(goal, str) for goal in answer["goals"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"cannot read the Lean server's answer: {error!r}") from error


def _header_error(answer: Json) -> HeaderError | None:
    if "exhausted" in answer:
        raise Exhausted(f"not checked to the end: {answer['exhausted']}; try smaller lemmas")
    if "error" in answer:
        raise ProtocolError(f"the Lean server failed: {answer['error']}", evidence=str(answer["error"]))
    if "missing_import" in answer:
        return HeaderError(kind="missing", what=str(answer["missing_import"]))
    if "forbidden" in answer:
        return HeaderError(kind="forbidden", what=str(answer["forbidden"]))
    return None


def _messages(items: list[Json]) -> tuple[Message, ...]:
    return tuple(
        Message(
            severity=item["severity"],
            line=item["line"],
            column=item["column"],
            end_line=item.get("end_line"),
            end_column=item.get("end_column"),
            text=item["text"],
        )
        for item in items
    )


def _not_in_library(name: Any) -> Message:
    text = (
        f"the forbidden premise `{_typed(name, str)}` is not in the library that this was checked with, so "
        "nothing is forbidden by it: write the full name, as `#check` prints it"
    )
    return Message(severity="warning", line=1, column=0, end_line=None, end_column=None, text=text)


def _place(item: Json) -> Place:
    return Place(
        name=_typed(item["name"], str),
        line=_typed(item["line"], int),
        column=_typed(item["column"], int),
        rule=_typed(item.get("rule", ""), str),
    )


def _facts(item: Json) -> TheoremFacts:
    if not _typed(item["found"], bool):
        return TheoremFacts(name=item["name"], kind=None)
    return TheoremFacts(
        name=_typed(item["name"], str),
        kind=_typed(item["kind"], str),
        mismatch=item["mismatch"],
        axioms=tuple(_typed(name, str) for name in item["axioms"]),
        own_axioms=tuple(_typed(name, str) for name in item["own_axioms"]),
        constants=tuple((kind, name) for kind, name in item["constants"]),
        statement_constants=tuple((kind, name) for kind, name in item["statement_constants"]),
        premises=tuple((premise, user) for premise, user in item["premises"]),
        kernel=item["kernel"],
        statement=item["statement"],
    )


def _typed(value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}, got {value!r}")
    return value
