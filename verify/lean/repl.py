"""The leanprover-community REPL's JSON, on a `Session`: a request's text in, an answer's dictionary out.

Contract. `blocks(stream)` gives the requests of a byte stream, which are separated by blank lines; the last
needs none. `Repl.answer(block)` never raises for anything that a client sends: what is wrong is
`{"message": …}`, and the next request is answered as if nothing had happened. Keys come in the public
REPL's order (descending), empty lists are left out, lines count from 1 and columns from 0, in code points.
Unlike there, a request that is no JSON does not end the program, and pickles hold sources (see
`verify.lean.pickled`).
Beyond the public fields: `timeout` (seconds) is obeyed; `gc` and `incrementality` are accepted and change
nothing. Source of the shapes: `REPL/JSON.lean` and `REPL/Main.lean` of leanprover-community/repl.
Not covered: `declarations`, `setOptions` and the infotree `full`, which are refused by name.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from mathlm.errors import MathlmError
from verify.base import Limits
from verify.lean import pickled
from verify.lean.session import DEFAULT_LIMITS, Made, Session, SessionError

Json = dict[str, Any]
MAX_BLOCK_BYTES = 64 << 20
MAX_SECONDS = 86_400.0
WHITESPACE = " \t\r\n"
_BLANK = WHITESPACE.encode()
COMMENTS = (b"#", b"--")
UNSUPPORTED = ("declarations", "setOptions")
TREES = ("tactics", "original", "substantive")
WANTED = (
    "a request has `cmd`, `path`, `tactic` with `proofState`, `pickleTo` with `env` or `proofState`, "
    "`unpickleEnvFrom` or `unpickleProofStateFrom`"
)


class TooLong(bytes):
    """The beginning of a block that is longer than `MAX_BLOCK_BYTES`; the rest was passed over."""


def blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The requests of a stream, each as soon as its blank line has come; comments are left out."""
    lines: list[bytes] = []
    size = 0
    while line := stream.readline(MAX_BLOCK_BYTES):
        if line.strip(_BLANK):
            size += len(line)
            if size <= MAX_BLOCK_BYTES:
                lines.append(line)
        else:
            yield from _block(lines, size)
            lines, size = [], 0
    yield from _block(lines, size)


def _block(lines: list[bytes], size: int) -> Iterator[bytes]:
    block = b"".join(lines)
    if size > MAX_BLOCK_BYTES:
        yield TooLong(block[:100])
    elif block and not block.startswith(COMMENTS):
        yield block


class Repl:
    """A client's REPL."""

    def __init__(self, session: Session, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._session, self._limits = session, limits

    def answer(self, block: bytes) -> Json:
        """The answer to one request."""
        try:
            if isinstance(block, TooLong):
                raise SessionError(
                    f"Could not parse JSON:\nmore than {MAX_BLOCK_BYTES >> 20} MB in one request"
                )
            return self._answer(_Request(_parse(block)))
        except (MathlmError, OSError) as error:
            return {"message": str(error)}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self._session.close()  # a candidate took the process over, or Lean is broken
            return {"message": f"Lean's answer cannot be read ({error!r}); it was started anew, go on"}

    def _answer(self, request: _Request) -> Json:
        limits = request.limits(self._limits)
        if request.has("tactic"):
            made = self._session.tactic(
                request.text("tactic"), state=request.natural("proofState"), limits=limits
            )
            return _step(made)
        if request.has("pickleTo"):
            return self._pickle(request, limits)
        if request.has("unpickleEnvFrom"):
            runs, _ = self._unpickled(request.text("unpickleEnvFrom"), "env")
            run = self._session.restore(runs, limits=limits)
            return {"env": self._session.add_environment(run)}
        if request.has("unpickleProofStateFrom"):
            if (env := request.maybe_natural("env")) is not None:
                self._session.environment(env)
            runs, index = self._unpickled(request.text("unpickleProofStateFrom"), "proofState")
            run = self._session.restore(runs, limits=limits)
            return _step(self._session.show(run, index or 0, limits=limits))
        if request.has("cmd"):
            return self._command(request.text("cmd"), request, limits)
        if request.has("path"):
            return self._command(pickled.read_file(request.text("path"), "the file"), request, limits)
        _refuse(WANTED)

    def _command(self, text: str, request: _Request, limits: Limits) -> Json:
        for name in UNSUPPORTED:
            if request.given(name):
                raise SessionError(f"`{name}` is not supported here: leave it out")
        infotree = request.text("infotree") if request.has("infotree") else ""
        if infotree == "full":
            raise SessionError(f"`infotree`: `full` is not supported here: ask for {', '.join(TREES)}")
        made = self._session.block(
            text,
            env=request.maybe_natural("env"),
            all_tactics=request.flag("allTactics"),
            root_goals=request.flag("rootGoals"),
            infotree=infotree if infotree in TREES else "",
            limits=limits,
        )
        return command_answer(made.answer, env=made.id, first_state=made.first_state)

    def _pickle(self, request: _Request, limits: Limits) -> Json:
        path = request.text("pickleTo")
        if request.has("env"):
            env = request.natural("env")
            run = self._session.environment(env)
            self._session.start()
            pickled.write(path, run, None, self._session.toolchain)
            return {"env": env}
        run, index = self._session.state(request.natural("proofState"))
        made = self._session.show(run, index, limits=limits)
        pickled.write(path, run, index, self._session.toolchain)
        return _step(made)

    def _unpickled(self, path: str, kind: str) -> tuple[list[Any], int | None]:
        self._session.start()
        return pickled.read(path, kind, self._session.toolchain)


def command_answer(answer: Json, *, env: int, first_state: int) -> Json:
    """The public answer to a command, from what a worker said; its proof states count from `first_state`."""
    after = first_state + len(answer["sorries"])
    return _filled(
        tactics=[_tactic(item, after + place) for place, item in enumerate(answer["tactics"])],
        sorries=[_sorry(item, first_state + place) for place, item in enumerate(answer["sorries"])],
        messages=[_message(item) for item in answer["messages"]],
        infotree=answer["infotree"],
        env=env,
    )


def _parse(block: bytes) -> Json:
    try:
        value = json.loads(block.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise SessionError(f"Could not parse JSON:\nnot UTF-8 (byte {error.start})") from None
    except RecursionError:
        raise SessionError("Could not parse JSON:\nnested too deeply") from None
    except ValueError as error:
        hint = "; separate requests by a blank line" if "Extra data" in str(error) else ""
        raise SessionError(f"Could not parse JSON:\n{error}{hint}") from None
    if not isinstance(value, dict):
        _refuse("a request is a JSON object")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _refuse(why: str) -> NoReturn:
    raise SessionError(f"Could not parse as a valid JSON command:\n{why}")


class _Request:
    """The fields of a request, checked. Null is as good as absent."""

    def __init__(self, fields: Json) -> None:
        self._fields = fields

    def has(self, name: str) -> bool:
        return self._fields.get(name) is not None

    def given(self, name: str) -> bool:
        """Whether a field asks for something."""
        return self._fields.get(name) not in (None, False, "", [])

    def text(self, name: str) -> str:
        value = self._fields.get(name)
        if not isinstance(value, str):
            _refuse(f"`{name}` must be a string")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            _refuse(f"`{name}` has half of a surrogate pair")
        return value

    def natural(self, name: str) -> int:
        value = self._fields.get(name)
        if type(value) is not int or value < 0:
            _refuse(f"`{name}` must be a natural number")
        return value

    def maybe_natural(self, name: str) -> int | None:
        return self.natural(name) if self.has(name) else None

    def flag(self, name: str) -> bool:
        value = self._fields.get(name)
        if value is not None and type(value) is not bool:
            _refuse(f"`{name}` must be true or false")
        return value is True

    def limits(self, limits: Limits) -> Limits:
        value = self._fields.get("timeout")
        if value is None:
            return limits
        if type(value) not in (int, float) or not 0 < value <= MAX_SECONDS:
            _refuse(f"`timeout` must be a number of seconds, at most {MAX_SECONDS:g}")
        return dataclasses.replace(limits, seconds=float(value))


def _position(line: int, column: int) -> Json:
    return {"line": line, "column": column}


def _trimmed(text: str) -> str:
    return text.strip(WHITESPACE)


def _message(item: Json) -> Json:
    answer: Json = {"severity": item["severity"], "pos": _position(item["line"], item["column"])}
    if "end_line" in item:
        answer["endPos"] = _position(item["end_line"], item["end_column"])
    return {**answer, "data": _trimmed(item["text"])}


def _goals(item: Json) -> str:
    return _trimmed("\n".join(item["goals"])) or "no goals"


def _sorry(item: Json, state: int) -> Json:
    """Inside a tactic there is no position (line 0)."""
    start, end = _position(item["line"], item["column"]), _position(item["end_line"], item["end_column"])
    answer: Json = {"proofState": state}
    if item["line"]:
        answer["pos"] = start
    answer["goal"] = _goals(item)
    if item["line"]:
        answer["endPos"] = end
    return answer


def _tactic(item: Json, state: int) -> Json:
    return {
        "usedConstants": item["used"],
        "tactic": item["tactic"],
        "proofState": state,
        "pos": _position(item["line"], item["column"]),
        "goals": _goals(item),
        "endPos": _position(item["end_line"], item["end_column"]),
    }


def _step(made: Made) -> Json:
    answer = made.answer
    sorries = [_sorry(item, made.first_state + place) for place, item in enumerate(answer.get("sorries", ()))]
    return {
        **_filled(traces=[_trimmed(text) for text in answer.get("traces", ())], sorries=sorries),
        "proofStatus": answer["status"],
        "proofState": made.id,
        **_filled(messages=[_message(item) for item in answer.get("messages", ())]),
        "goals": answer["goals"],
    }


def _filled(**fields: Any) -> Json:
    """The fields but for empty lists."""
    return {name: value for name, value in fields.items() if value != []}
