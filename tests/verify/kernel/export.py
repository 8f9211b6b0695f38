"""Writes exports (lean4export's NDJSON 3.1) from terms built with Python functions, for the kernel's tests.

A term is a function of the export it is written to and of the number of binders around it; binders take a
Python function from the variable to the body:

    lam(NAT, lambda n: app(c("Nat.succ"), n))        fun n : Nat => Nat.succ n
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

Term = Callable[["Export", int], int]
Level = Callable[["Export"], int]


class Export:
    """One text with its own indices. Example: `Export().thm("t", TRUE, c("True.intro")).text()`."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self._names: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._counts = {"in": 0, "il": 0, "ie": -1}

    def text(self) -> str:
        return "".join(json.dumps(line) + "\n" for line in self.lines)

    def add(self, tag: str, item: dict[str, Any]) -> int:
        """The index of a name, level or expression; written down when it is new."""
        key = tag + json.dumps(item, sort_keys=True)
        if key not in self._seen:
            self._counts[tag] += 1
            self._seen[key] = self._counts[tag]
            self.lines.append({**item, tag: self._counts[tag]})
        return self._seen[key]

    def name(self, dotted: str) -> int:
        index = 0
        for part in dotted.split(".") if dotted else []:
            index = self.add("in", {"str": {"pre": index, "str": part}})
        return index

    def names(self, dotted: Sequence[str]) -> list[int]:
        return [self.name(one) for one in dotted]

    def head(self, name: str, levels: Sequence[str], type_: Term) -> dict[str, Any]:
        return {"name": self.name(name), "levelParams": self.names(levels), "type": type_(self, 0)}

    def raw(self, line: dict[str, Any]) -> Export:
        self.lines.append(line)
        return self

    def axiom(self, name: str, type_: Term, *, levels: Sequence[str] = (), unsafe: bool = False) -> Export:
        return self.raw({"axiom": {**self.head(name, levels, type_), "isUnsafe": unsafe}})

    def thm(self, name: str, type_: Term, value: Term, *, levels: Sequence[str] = ()) -> Export:
        body = {**self.head(name, levels, type_), "value": value(self, 0), "all": [self.name(name)]}
        return self.raw({"thm": body})

    def define(
        self,
        name: str,
        type_: Term,
        value: Term,
        *,
        levels: Sequence[str] = (),
        hints: Any = "abbrev",
        safety: str = "safe",
    ) -> Export:
        body = {**self.head(name, levels, type_), "value": value(self, 0), "all": [self.name(name)]}
        return self.raw({"def": {**body, "hints": hints, "safety": safety}})

    def opaque(self, name: str, type_: Term, value: Term) -> Export:
        body = {**self.head(name, (), type_), "value": value(self, 0), "all": [self.name(name)]}
        return self.raw({"opaque": {**body, "isUnsafe": False}})

    def quot(self, name: str, kind: str, levels: Sequence[str], type_: Term) -> Export:
        return self.raw({"quot": {**self.head(name, levels, type_), "kind": kind}})

    def inductive(
        self,
        name: str,
        type_: Term,
        ctors: Sequence[tuple[str, int, Term]],
        rec_type: Term,
        rules: Sequence[Term],
        *,
        levels: Sequence[str] = (),
        rec_levels: Sequence[str] = (),
        params: int = 0,
        indices: int = 0,
        is_rec: bool = False,
        k: bool = False,
    ) -> Export:
        """One type with its constructors (name, fields, type) and its recursor's rules in that order."""
        safe: dict[str, Any] = {"isUnsafe": False}
        own, names = self.name(name), [self.name(ctor) for ctor, _, _ in ctors]
        counts = {"numParams": params, "numIndices": indices}
        kind = {**counts, "all": [own], "ctors": names, "numNested": 0, "isRec": is_rec, "isReflexive": False}
        made = [
            {
                **self.head(ctor, levels, t),
                **safe,
                "induct": own,
                "cidx": i,
                "numParams": params,
                "numFields": n,
            }
            for i, (ctor, n, t) in enumerate(ctors)
        ]
        rec = {
            **self.head(f"{name}.rec", rec_levels, rec_type),
            **safe,
            **counts,
            "all": [own],
            "numMotives": 1,
            "numMinors": len(ctors),
            "k": k,
            "rules": [
                {"ctor": ctor, "nfields": fields, "rhs": rule(self, 0)}
                for ctor, (_, fields, _), rule in zip(names, ctors, rules, strict=True)
            ],
        }
        types = [{**self.head(name, levels, type_), **safe, **kind}]
        return self.raw({"inductive": {"types": types, "ctors": made, "recs": [rec]}})


def param(name: str) -> Level:
    return lambda out: out.add("il", {"param": out.name(name)})


def zero(out: Export) -> int:
    return 0


def succ(level: Level) -> Level:
    return lambda out: out.add("il", {"succ": level(out)})


def lmax(a: Level, b: Level) -> Level:
    return lambda out: out.add("il", {"max": [a(out), b(out)]})


def imax(a: Level, b: Level) -> Level:
    return lambda out: out.add("il", {"imax": [a(out), b(out)]})


def c(name: str, *levels: Level) -> Term:
    def write(out: Export, depth: int) -> int:
        return out.add("ie", {"const": {"name": out.name(name), "us": [level(out) for level in levels]}})

    return write


def sort(level: Level) -> Term:
    return lambda out, depth: out.add("ie", {"sort": level(out)})


def app(fn: Term, *args: Term) -> Term:
    def write(out: Export, depth: int) -> int:
        index = fn(out, depth)
        for arg in args:
            index = out.add("ie", {"app": {"fn": index, "arg": arg(out, depth)}})
        return index

    return write


def bvar(index: int) -> Term:
    """A raw variable; loose where there are not enough binders."""
    return lambda out, depth: out.add("ie", {"bvar": index})


def _variable(level: int) -> Term:
    return lambda out, depth: out.add("ie", {"bvar": depth - level - 1})


def _binder(kind: str, type_: Term, body: Callable[[Term], Term]) -> Term:
    def write(out: Export, depth: int) -> int:
        item = {"name": out.name("x"), "type": type_(out, depth), "binderInfo": "default"}
        item["body"] = body(_variable(depth))(out, depth + 1)
        return out.add("ie", {kind: item})

    return write


def lam(type_: Term, body: Callable[[Term], Term]) -> Term:
    return _binder("lam", type_, body)


def pi(type_: Term, body: Callable[[Term], Term]) -> Term:
    return _binder("forallE", type_, body)


def arrow(*types: Term) -> Term:
    """a -> b -> c."""
    if len(types) == 1:
        return types[0]
    return pi(types[0], lambda _: arrow(*types[1:]))


def let(type_: Term, value: Term, body: Callable[[Term], Term]) -> Term:
    def write(out: Export, depth: int) -> int:
        item = {"name": out.name("x"), "type": type_(out, depth), "value": value(out, depth)}
        item |= {"body": body(_variable(depth))(out, depth + 1), "nondep": False}
        return out.add("ie", {"letE": item})

    return write


def proj(name: str, field: int, struct: Term) -> Term:
    def write(out: Export, depth: int) -> int:
        item = {"typeName": out.name(name), "idx": field, "struct": struct(out, depth)}
        return out.add("ie", {"proj": item})

    return write


def nat(value: int) -> Term:
    return lambda out, depth: out.add("ie", {"natVal": str(value)})


def string(value: str) -> Term:
    return lambda out, depth: out.add("ie", {"strVal": value})


def mdata(term: Term) -> Term:
    return lambda out, depth: out.add("ie", {"mdata": {"expr": term(out, depth), "data": {"k": [1.5]}}})
