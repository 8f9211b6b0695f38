"""Pickles of environments and proof states: a small JSON file that says how to make one again.

Contract. The file holds the chain of texts that lead to a state, never code or compiled data, and is replayed
when it is read: `{"format": "mathlm-repl-pickle", "version": 1, "toolchain": …, "kind": "env" | "proofState",
"index": …, "runs": [{"text", "index", "allTactics", "rootGoals"}, …]}`. It is written whole or not at all.
Errors: `SessionError` with what is wrong with the file. Not covered: pickles of the public REPL, which are
memory of another program.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from verify.lean.session import Run, SessionError

FORMAT = "mathlm-repl-pickle"
VERSION = 1
MAX_BYTES = 64 << 20


def read_file(path: str, what: str) -> str:
    """The text of a file of the user's."""
    try:
        with open(path, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SessionError(f"cannot read {what} {path}: it is no regular file")
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise SessionError(
            f"cannot read {what} {path}: {getattr(error, 'strerror', None) or error}"
        ) from None
    if len(data) > MAX_BYTES:
        raise SessionError(f"cannot read {what} {path}: it has more than {MAX_BYTES >> 20} MB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SessionError(f"cannot read {what} {path}: it is not UTF-8 (byte {error.start})") from None


def write(path: str, run: Run, index: int | None, toolchain: str) -> None:
    """Keep how an environment (`index` None) or a proof state is made."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "toolchain": toolchain,
        "kind": "env" if index is None else "proofState",
        "index": index,
        "runs": [
            {"text": r.text, "index": r.index, "allTactics": r.all_tactics, "rootGoals": r.root_goals}
            for r in run.chain()
        ],
    }
    data = json.dumps(document, ensure_ascii=False).encode("utf-8")
    if len(data) > MAX_BYTES:
        raise SessionError(f"cannot write the pickle {path}: it would have more than {MAX_BYTES >> 20} MB")
    try:
        _write_whole(Path(path), data)
    except (OSError, ValueError) as error:
        raise SessionError(
            f"cannot write the pickle {path}: {getattr(error, 'strerror', None) or error}"
        ) from None


def _write_whole(path: Path, data: bytes) -> None:
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def read(path: str, kind: str, toolchain: str) -> tuple[list[Run], int | None]:
    """The runs of a pickle, and which proof state of the last one it is."""
    text = read_file(path, "the pickle")
    try:
        return _parse(json.loads(text), kind, toolchain)
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        why = (
            str(error) if type(error) is ValueError else "it is damaged, or was not written by `mathlm repl`"
        )
        raise SessionError(f"cannot read the pickle {path}: {why}") from None


def _parse(document: Any, kind: str, toolchain: str) -> tuple[list[Run], int | None]:
    if document["format"] != FORMAT:
        raise TypeError("format")
    if document["version"] != VERSION:
        raise ValueError(f"it has version {document['version']!r}, this mathlm reads version {VERSION}")
    if document["toolchain"] != toolchain:
        raise ValueError(
            f"it was made with Lean {document['toolchain']!r}, here is {toolchain!r}; make it anew"
        )
    if document["kind"] != kind:
        raise ValueError(f"it holds {document['kind']!r}, not {kind!r}")
    runs = [
        Run(
            0, _typed(item["text"], str), None, _index(item["index"]),
            _typed(item["allTactics"], bool), _typed(item["rootGoals"], bool),
        )
        for item in document["runs"]
    ]  # fmt: skip
    index = _index(document["index"])
    if not runs or runs[0].index is not None or (index is None) != (kind == "env"):
        raise TypeError("runs")
    return runs, index


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    if isinstance(value, str):
        value.encode("utf-8")  # half a surrogate pair is a ValueError
    return value


def _index(value: Any) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise TypeError("index")
    return value
