"""The attack folders: what is in them, read strictly.

`tests/attacks/NAME/` holds
    candidate.lean   the source under attack; or
    export.ndjson    what a worker that was taken over sends to the judge
    edits.toml       optional, with candidate.lean: changes to its honest export, sent to the judge instead
    statement.lean   optional: the trusted statement
    first.lean       optional: a source that the same worker checks before; its verdict does not matter
    expected.toml    the expectation, with the keys of `Expected`
Errors: ValueError for a folder that is not like this.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from mathlm.types import Reason, Status
from verify.base import Limits

FOLDER = Path(__file__).resolve().parent
ROWS = range(1, 23)
"""Rows of the threat table: docs and issue call them by number."""
LEAN_SAYS = {Reason.PARSE, Reason.ELABORATION}
FILES = {"candidate.lean", "export.ndjson", "edits.toml", "statement.lean", "first.lean", "expected.toml"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """expected.toml.

    Example: `Expected(rows=(1,), idea="…", status=Status.REJECTED, reasons=(Reason.SORRY,))`
    """

    rows: tuple[int, ...]
    idea: str
    """One sentence."""
    status: Status
    reasons: tuple[Reason, ...] = ()
    """`reason` in the file: one, or a list where Lean may stop it in more than one way."""
    says: str = ""
    """A part of the verdict's detail. Required where Lean's own words are the reason: else a slip of the pen
    in the candidate would pass for a defence."""
    theorems: tuple[tuple[str, Status], ...] = ()
    """Verdicts of single theorems."""
    vacuous: bool | None = None
    seconds: float = 60.0
    memory_mb: int = 4096
    heartbeats: int = 200_000

    @property
    def limits(self) -> Limits:
        return Limits(
            seconds=self.seconds,
            memory_mb=self.memory_mb,
            heartbeats=self.heartbeats,
            output_bytes=20_000,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One change to an export: `find`, a regular expression that must match, is replaced once by `put`."""

    find: str
    put: str

    def apply(self, text: str) -> str:
        changed, count = re.subn(self.find, self.put, text, count=1, flags=re.MULTILINE)
        if count != 1 or changed == text:
            raise ValueError(f"{self.find!r} changes nothing in the export")
        return changed


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One folder."""

    name: str
    expected: Expected
    candidate: str | None
    export: str | None
    edits: tuple[Edit, ...]
    statement: str | None
    first: str | None


def read_expected(text: str) -> Expected:
    """expected.toml, strictly."""
    table = tomllib.loads(text)
    required = {"rows", "idea", "status"}
    known = {f.name for f in fields(Expected)} - {"reasons"} | {"reason"}
    if missing := required - table.keys():
        raise ValueError(f"expected.toml lacks {sorted(missing)}")
    if unknown := table.keys() - known:
        raise ValueError(f"expected.toml has the unknown keys {sorted(unknown)}")
    reason = table.pop("reason", [])
    reasons = tuple(Reason(r) for r in ([reason] if isinstance(reason, str) else reason))
    status = Status(table.pop("status"))
    theorems = tuple((name, Status(said)) for name, said in table.pop("theorems", {}).items())
    rows = tuple(table.pop("rows"))
    expected = Expected(rows=rows, status=status, reasons=reasons, theorems=theorems, **table)
    if (status is Status.REJECTED) != bool(reasons):
        raise ValueError("expected.toml: a rejection, and nothing else, has a `reason`")
    if not rows or not set(rows) <= set(ROWS):
        raise ValueError(f"expected.toml: rows are numbers of THREATS.md from 1 to 22, got {rows}")
    if not expected.idea:
        raise ValueError("expected.toml: `idea` is empty")
    if LEAN_SAYS & set(reasons) and not expected.says:
        raise ValueError("expected.toml: say with `says` which of Lean's complaints is meant")
    return expected


def read_case(folder: Path) -> Case:
    """One folder, strictly."""
    found = {path.name for path in folder.iterdir()}
    if unknown := found - FILES:
        raise ValueError(f"{folder.name}: unknown files {sorted(unknown)}")
    if "expected.toml" not in found:
        raise ValueError(f"{folder.name}: expected.toml is missing")
    if ("candidate.lean" in found) == ("export.ndjson" in found):
        raise ValueError(f"{folder.name}: either candidate.lean or export.ndjson is needed")
    if "edits.toml" in found and "candidate.lean" not in found:
        raise ValueError(f"{folder.name}: edits.toml needs a candidate.lean, whose export is edited")

    def text(name: str) -> str | None:
        return (folder / name).read_text("utf-8") if name in found else None

    try:
        edits = tomllib.loads(text("edits.toml") or "").get("edits", [])
        return Case(
            name=folder.name,
            expected=read_expected(text("expected.toml") or ""),
            candidate=text("candidate.lean"),
            export=text("export.ndjson"),
            edits=tuple(Edit(**edit) for edit in edits),
            statement=text("statement.lean"),
            first=text("first.lean"),
        )
    except (ValueError, TypeError) as error:
        raise ValueError(f"{folder.name}: {error}") from error


def read_cases(folder: Path = FOLDER) -> tuple[Case, ...]:
    """Every folder, by name."""
    folders = sorted(p for p in folder.iterdir() if p.is_dir() and p.name != "__pycache__")
    return tuple(read_case(path) for path in folders)
