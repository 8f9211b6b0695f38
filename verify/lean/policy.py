"""The rules on what a proof may use, read from a TOML file (`policy.toml` beside this file is the default).

Contract. `load(path)` reads a policy strictly: a missing or unknown key, a wrong type, or a rule that would
make a verdict unsound (`sorryAx` as an axiom, a kind that the kernel does not check) is a UsageError that
says what to write. `default()` is the shipped policy. Rules are named like their keys; `verify.lean.judge`
applies them.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from mathlm.errors import UsageError

SHIPPED = Path(__file__).resolve().with_name("policy.toml")
UNCHECKED_KINDS = frozenset({"unsafe", "partial", "opaque", "quotient"})
"""Kinds that the judge does not replay, so no policy can allow them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What a proof may use. `policy.toml` explains each rule.

    Example: `default()`
    """

    axioms: frozenset[str]
    kinds: frozenset[str]
    new_inductives: bool
    attributes: frozenset[str]
    options: frozenset[str]
    name: str = ""
    """The file's name, for verdicts; empty for the shipped policy."""

    @property
    def digest(self) -> str:
        """A name for what it says, the file's name left out."""
        said = [
            sorted(self.axioms), sorted(self.kinds), self.new_inductives, sorted(self.attributes),
            sorted(self.options),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def forbids_option(self, option: str) -> bool:
        return any(fnmatchcase(option, pattern) for pattern in self.options)


@cache
def default() -> Policy:
    """The shipped policy."""
    return _read(SHIPPED, name="")


def load(path: Path) -> Policy:
    """The policy of a file."""
    return _read(path, name=path.name)


def _read(path: Path, *, name: str) -> Policy:
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise UsageError(f"cannot read the policy {path}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"the policy {path} is not TOML: {error}") from None
    keys = {field.name for field in fields(Policy)} - {"name"}
    if wrong := sorted(keys ^ set(table)):
        what = "lacks" if wrong[0] in keys else "has the unknown key"
        raise UsageError(
            f"the policy {path} {what} `{wrong[0]}`: write each of {', '.join(sorted(keys))} once"
        )
    policy = Policy(
        axioms=_names(path, table, "axioms"),
        kinds=_names(path, table, "kinds"),
        new_inductives=_flag(path, table, "new_inductives"),
        attributes=_names(path, table, "attributes"),
        options=_names(path, table, "options"),
        name=name,
    )
    if "sorryAx" in policy.axioms:
        raise UsageError(
            f"the policy {path} allows `sorryAx`, which proves anything: remove it from `axioms`"
        )
    if missing := sorted(UNCHECKED_KINDS - policy.kinds):
        raise UsageError(
            f"the policy {path} allows the kind `{missing[0]}`, which the kernel does not check: "
            "add it to `kinds`"
        )
    return policy


def _names(path: Path, table: dict[str, Any], key: str) -> frozenset[str]:
    value = table[key]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"the policy {path} needs a list of strings for `{key}`, such as []")
    return frozenset(value)


def _flag(path: Path, table: dict[str, Any], key: str) -> bool:
    value = table[key]
    if not isinstance(value, bool):
        raise UsageError(f"the policy {path} needs true or false for `{key}`")
    return value
