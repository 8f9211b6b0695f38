"""An export as rows (one dictionary a line): reading, writing, joining two, and what a theorem in it says.

Used to damage exports where a text editor would not reach: a row's numbers, a theorem's value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
NAMES, LEVELS, TERMS = TABLES = "in", "il", "ie"
NAME_KEYS = {"name", "pre", "typeName", "induct", "ctor", "param"}
NAME_LISTS = {"levelParams", "all", "ctors"}
LEVEL_KEYS = {"succ", "sort"}
LEVEL_LISTS = {"max", "imax", "us"}
TERM_KEYS = {"fn", "arg", "type", "body", "value", "struct", "rhs"}
DECLARATIONS = ("thm", "def", "axiom", "opaque", "quot", "inductive")


def read(text: str) -> list[Row]:
    return [json.loads(line) for line in text.splitlines()]


def write(rows: list[Row]) -> str:
    return "".join(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n" for row in rows)


def count(rows: list[Row], table: str) -> int:
    return sum(table in row for row in rows)


def moved(value: Any, names: int, levels: int, terms: int, key: str = "") -> Any:
    """A part of a row with all its indices moved up; 0 stays what it is among names and levels."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, dict):
        return {k: moved(v, names, levels, terms, k) for k, v in value.items()}
    if isinstance(value, list):
        return [moved(item, names, levels, terms, key) for item in value]
    if key in NAME_KEYS | NAME_LISTS | {NAMES}:
        return value + names if value else 0
    if key in LEVEL_KEYS | LEVEL_LISTS | {LEVELS}:
        return value + levels if value else 0
    return value + terms if key in TERM_KEYS | {TERMS} else value


def joined(first: list[Row], second: list[Row]) -> list[Row]:
    """Both texts in one, the second with its indices behind those of the first."""
    names, levels, terms = count(first, NAMES), count(first, LEVELS), count(first, TERMS)
    return [*first, *(moved(row, names, levels, terms) for row in second if "meta" not in row)]


def numbers(value: Any) -> Iterator[tuple[Any, Any]]:
    """(holder, key) of every number below a row."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(item, int) and not isinstance(item, bool):
            yield value, key
        else:
            yield from numbers(item)


def names(rows: list[Row]) -> list[str]:
    """The dotted name of each index (parts are not quoted)."""
    found = [""]
    for row in rows:
        if NAMES in row:
            part = row.get("str") or row["num"]
            before = found[part["pre"]]
            found.append(f"{before}.{part.get('str', part.get('i'))}" if before else str(part.get("str")))
    return found


def shown(rows: list[Row], term: int) -> str:
    """A term as text: equal terms, and no others, have equal texts."""
    terms = [row for row in rows if TERMS in row]
    levels = [{"zero": 0}, *(row for row in rows if LEVELS in row)]
    known = names(rows)

    def level(index: int) -> str:
        kind, value = next((k, v) for k, v in levels[index].items() if k != LEVELS)
        if kind == "param":
            return known[value]
        below = value if isinstance(value, list) else [] if kind == "zero" else [value]
        return f"{kind}({','.join(map(level, below))})"

    def show(index: int) -> str:
        kind, value = next((k, v) for k, v in terms[index].items() if k != TERMS)
        if kind == "sort":
            return f"Sort {level(value)}"
        if kind == "const":
            return f"{known[value['name']]}{{{','.join(level(u) for u in value['us'])}}}"
        if not isinstance(value, dict):
            return f"{kind} {value}"
        inner = [show(value[key]) for key in ("fn", "arg", "type", "value", "struct", "body") if key in value]
        extra = f"{known[value['typeName']]}.{value['idx']}" if kind == "proj" else ""
        return f"{kind}{extra}({','.join(inner)})"

    return show(term)


def statement(rows: list[Row], name: str) -> set[str]:
    """What each declaration of that name says."""
    known = names(rows)
    bodies = [row[kind] for row in rows for kind in ("thm", "def") if kind in row]
    return {shown(rows, body["type"]) for body in bodies if known[body["name"]] == name}
