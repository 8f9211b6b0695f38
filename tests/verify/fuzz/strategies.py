"""Texts that look like exports: grown from a grammar, or real exports that were damaged.

`grown(head)` adds random lines to the lines of a false statement, most of them well-formed, and claims that
one of the terms proves it. `damaged(bases, name)` changes real exports: rows swapped, doubled, left out,
numbers moved, names exchanged, the proof of one theorem put under the statement of another. Both may end with
damage to the text itself: characters, keys, odd spellings, control characters, long and deep lines.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.verify.fuzz import rows
from tests.verify.fuzz.rows import LEVELS, NAMES, TERMS, Row

LIBRARY = (
    "t a False True True.intro Eq Eq.refl Eq.rec Nat Nat.zero Nat.succ Nat.rec Nat.add Nat.beq Bool "
    "Bool.true String Char.ofNat List Quot Quot.mk Quot.sound Quot.lift propext Classical.choice Nonempty "
    "sorryAx id Lean.ofReduceBool Lean.reduceBool Lean.trustCompiler False.elim False.rec absurd And "
    "And.intro PUnit ULift Prod Prod.mk Exists"
)
KNOWN = LIBRARY.split()
KEYS = "true null app lam sort imax succ param ie in il thm def axiom"
SIGNS = '0 1 7 999 " { } [ ] , : \\ - -0 1e3 1.0 00'
ODD = " |\t|\r|\0|\x1f|\x7f|\u2028|\ud800|\\ud800|\\u0074|\\/|é|\U0001d53d|\n|\n\n"
PARTS = (
    '"__proto__":|"constructor":|"toString":|"thm":{}|"ie":0,|"name":1,|4294967296|9007199254740993|999999999'
)
LONG = ("[" * 3_000, '{"a":' * 50, "9" * 30, "x" * 5_000)
WORDS = (*KEYS.split(), *SIGNS.split(), *ODD.split("|"), *PARTS.split("|"), *LONG)
HUGE = (2**20, 2**31 - 1, 2**31, 2**32, 2**53, 999_999_999, 10**20)
GOOD_NUMERALS = ("0", "1", "2", "7", "4294967295", "4294967296", "9" * 60)
NUMERALS = (
    "0",
    "1",
    "2",
    "00",
    "-1",
    "1e3",
    "",
    "4294967296",
    "18446744073709551616",
    "9" * 60,
    "٣",
    "1_0",
    " 1",
)
CHANGES = (*["number"] * 8, *["name"] * 3, *["value"] * 4, "swap", "double", "drop")
BINDERS = ("default", "implicit", "strictImplicit", "instImplicit", "other", "", "__proto__")


class Growing:
    """A text under construction; an index is nearly always one that exists, and a proper one."""

    def __init__(self, draw: st.DrawFn, head: list[Row]) -> None:
        self.draw, self.rows = draw, list(head)
        self.names, self.levels, self.terms = (
            rows.count(head, NAMES) + 1,
            rows.count(head, LEVELS) + 1,
            rows.count(head, TERMS),
        )
        self.loose: list[int] = []
        for row in head:
            self._count(row)

    def _count(self, row: Row) -> None:
        """Note how many variables of a term are loose."""
        if TERMS not in row:
            return
        value = next(value for key, value in row.items() if key != TERMS)
        below = {
            key: self.loose[item]
            for key, item in (value.items() if isinstance(value, dict) else ())
            if key in rows.TERM_KEYS and isinstance(item, int) and 0 <= item < len(self.loose)
        }
        if "body" in below:
            below["body"] -= 1
        self.loose.append(row["bvar"] + 1 if "bvar" in row else max(0, *below.values(), 0))

    def rarely(self) -> bool:
        return self.draw(st.integers(0, 99)) == 61  # the ends of a range come more often than the rest

    def number(self, limit: int) -> int:
        return self.draw(st.integers(0, max(0, limit)))

    def index(self, size: int) -> int:
        """An index into a table; one in a hundred points elsewhere: to itself, ahead, below, far away."""
        if self.rarely():
            return self.draw(st.sampled_from((size, size + 1, -1, *HUGE)))
        return self.number(size - 1)

    def closed(self) -> int:
        """A term without loose variables, as a declaration's parts must be."""
        found = [i for i, loose in enumerate(self.loose) if loose == 0]
        return self.draw(st.sampled_from(found)) if found and not self.rarely() else self.term()

    def own_name(self) -> int:
        return self.name() if self.rarely() else 1 + self.number(self.names - 2)

    def fresh(self, size: int) -> int:
        return self.index(size) if self.rarely() else size

    def name(self) -> int:
        return self.index(self.names)

    def level(self) -> int:
        return self.index(self.levels)

    def term(self) -> int:
        return self.index(self.terms)

    def add_name(self, part: str | None = None) -> int:
        if part is None and self.number(4) == 0:
            row: Row = {"in": self.fresh(self.names), "num": {"pre": self.name(), "i": self.number(3)}}
        else:
            said = part if part is not None else self.draw(st.sampled_from(KNOWN))
            pre = 0 if part is not None else self.name()
            row = {"in": self.fresh(self.names), "str": {"pre": pre, "str": said}}
        self.rows.append(row)
        self.names += 1
        return self.names - 1

    def known(self) -> int:
        """The index of a name that the library has."""
        index = 0
        for part in self.draw(st.sampled_from(KNOWN)).split("."):
            self.rows.append({"in": self.names, "str": {"pre": index, "str": part}})
            index, self.names = self.names, self.names + 1
        return index

    def add_level(self) -> None:
        kind = self.draw(st.sampled_from(("succ", "max", "imax", "param")))
        value = {"succ": self.level, "param": self.name}.get(kind, lambda: [self.level(), self.level()])()
        self.rows.append({"il": self.fresh(self.levels), kind: value})
        self.levels += 1

    def add_term(self) -> None:
        kind = self.draw(st.sampled_from(("const", "app", "app", "app", "lam", "forallE", "bvar", "other")))
        if kind == "other":
            kind = self.draw(st.sampled_from(("sort", "letE", "proj", "natVal", "strVal")))
            kind = self.draw(st.sampled_from(("mdata", "fvar", "mvar"))) if self.rarely() else kind
        value: Any
        if kind == "const":
            used = [self.level() for _ in range(self.draw(st.sampled_from((0, 0, 1, 1, 2))))]
            value = {"name": self.known(), "us": used}
        elif kind == "app":
            value = {"fn": self.term(), "arg": self.term()}
        elif kind in ("lam", "forallE"):
            info = self.draw(st.sampled_from(BINDERS)) if self.rarely() else "default"
            value = {"name": self.name(), "type": self.term(), "body": self.term(), "binderInfo": info}
        elif kind == "letE":
            value = {"name": self.name(), "type": self.term(), "value": self.term(), "body": self.term()}
            value["nondep"] = self.draw(st.booleans())
        elif kind == "proj":
            value = {"typeName": self.known(), "idx": self.number(3), "struct": self.term()}
        elif kind == "natVal":
            value = self.draw(st.sampled_from(NUMERALS if self.rarely() else GOOD_NUMERALS))
        elif kind == "strVal":
            value = self.draw(st.text(max_size=8))
        else:
            value = self.number(3) if kind == "bvar" else self.level()
        self.rows.append({"ie": self.fresh(self.terms), kind: value})
        self._count(self.rows[-1])
        self.terms += 1

    def head(self, name: int | None = None, type_: int | None = None) -> Row:
        levels = [self.own_name() for _ in range(self.draw(st.sampled_from((0, 0, 0, 1, 2))))]
        name, type_ = self.own_name() if name is None else name, self.closed() if type_ is None else type_
        return {"name": name, "levelParams": levels, "type": type_}

    def add_declaration(self) -> None:
        kind = self.draw(st.sampled_from(rows.DECLARATIONS))
        own = self.add_name(self.draw(st.sampled_from(("a", "t", "b", "False", "propext", "Nat"))))
        body, safe = self.head(own), {"isUnsafe": self.number(9) == 9}
        if kind == "thm":
            body |= {"value": self.closed(), "all": [own]}
        elif kind == "def":
            hint = self.draw(st.sampled_from(("opaque", "abbrev", {"regular": 1}, {"regular": 2**32}, "x")))
            safety = self.draw(st.sampled_from(("safe", "safe", "safe", "unsafe", "partial")))
            body |= {"value": self.closed(), "hints": hint, "safety": safety, "all": [own]}
        elif kind == "axiom":
            body |= safe
        elif kind == "opaque":
            body |= {"value": self.closed(), **safe, "all": [own]}
        elif kind == "quot":
            body |= {"kind": self.draw(st.sampled_from(("type", "ctor", "lift", "ind", "sound")))}
        else:
            body = self.inductive(own, body)
        self.rows.append({kind: body})

    def inductive(self, own: int, head: Row) -> Row:
        flags = {"isRec": False, "isUnsafe": False, "isReflexive": False}
        counts = {"numParams": self.number(1), "numIndices": self.number(1)}
        ctor, rec = self.add_name("mk"), self.add_name("rec")
        kind = {**head, **counts, "all": [own], "ctors": [ctor], "numNested": self.number(1), **flags}
        made = {**self.head(ctor), "induct": own, "cidx": self.number(1), "numParams": counts["numParams"]}
        made |= {"numFields": self.number(2), "isUnsafe": False}
        rule = {"ctor": ctor, "nfields": self.number(2), "rhs": self.closed()}
        recursor = {
            **self.head(rec),
            "all": [own],
            **counts,
            "numMotives": 1,
            "numMinors": 1,
            "rules": [rule],
        }
        return {
            "types": [kind],
            "ctors": [made],
            "recs": [{**recursor, "k": self.number(1) == 1, "isUnsafe": False}],
        }


@st.composite
def grown(draw: st.DrawFn, head: list[Row]) -> str:
    """The lines of a false statement, random lines, and the claim that one of the terms is its proof."""
    text = Growing(draw, _without_axioms(draw, head)[:-1])
    for _ in range(draw(st.integers(1, 12))):
        kind = text.number(9)
        if kind == 9:
            text.add_declaration()
        elif kind == 8:
            text.add_level()
        elif kind == 7:
            text.add_name()
        else:
            text.add_term()
    claim = copy.deepcopy(head[-1])
    claim["thm"]["value"] = text.closed()
    text.rows.append(claim)
    return draw(spoilt(text.rows)) if text.number(5) == 3 else rows.write(text.rows)


@st.composite
def damaged(draw: st.DrawFn, bases: Mapping[str, list[Row]], name: str) -> str:
    """The export of the false statement `name`, with a proof taken from somewhere, after some damage."""
    text = _without_axioms(draw, bases[name])
    if draw(st.booleans()):
        other = copy.deepcopy(bases[draw(st.sampled_from(sorted(bases)))])
        claim = text.pop()
        text = rows.joined(text, other)
        taken = text.pop()["thm"]
        claim["thm"]["value"] = taken["value"] if draw(st.booleans()) else _some(draw, text)
        text.append(claim)
    for _ in range(draw(st.integers(0, 3))):
        _change(draw, text)
    return draw(spoilt(text)) if draw(st.integers(0, 5)) == 3 else rows.write(text)


def _without_axioms(draw: st.DrawFn, text: list[Row]) -> list[Row]:
    """A copy, as a rule without its axioms, so that a kernel has to refuse the proof."""
    kept = draw(st.integers(0, 7)) == 3
    return copy.deepcopy([row for row in text if kept or "axiom" not in row])


def _some(draw: st.DrawFn, text: list[Row]) -> int:
    return draw(st.integers(0, rows.count(text, TERMS) - 1))


def _change(draw: st.DrawFn, text: list[Row]) -> None:
    """One change of a row, or of the order of rows."""
    at = draw(st.integers(0, len(text) - 1))
    how = draw(st.sampled_from(CHANGES))
    if how == "number":
        own = draw(st.integers(0, 19)) == 7  # the row's own index, which nothing but a refusal follows
        holders = [(holder, key) for holder, key in rows.numbers(text[at]) if own or key not in rows.TABLES]
        if holders:
            holder, key = holders[draw(st.integers(0, len(holders) - 1))]
            near = (holder[key] + 1, max(0, holder[key] - 1), 0, draw(st.integers(0, holder[key] + 1)))
            holder[key] = draw(st.sampled_from(HUGE if draw(st.integers(0, 29)) == 7 else near))
    elif how == "name":
        named = [row["str"] for row in text if "str" in row]
        draw(st.sampled_from(named))["str"] = draw(st.sampled_from(KNOWN))
    elif how == "swap":
        other = draw(st.integers(0, len(text) - 1))
        text[at], text[other] = text[other], text[at]
    elif how == "double":
        text.insert(at, text[draw(st.integers(0, len(text) - 1))])
    elif how == "drop" and len(text) > 1:
        del text[at]
    elif "thm" in text[-1]:
        text[-1]["thm"]["value"] = _some(draw, text) if rows.count(text, TERMS) else 0


@st.composite
def spoilt(draw: st.DrawFn, text: list[Row]) -> str:
    """The rows as text, damaged as text: words put in, keys in another order, bytes flipped."""
    how = draw(st.sampled_from(("word", "word", "keys", "ascii", "spaces", "flip", "ends")))
    lines = rows.write(text).split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    if how == "word":
        start = draw(st.integers(0, len(line)))
        lines[at] = line[:start] + draw(st.sampled_from(WORDS)) + line[start + draw(st.integers(0, 4)) :]
    elif how == "keys" and line:
        items = list(json.loads(line).items())
        lines[at] = json.dumps(dict(reversed(items)), separators=(",", ":"))
    elif how == "ascii" and line:
        lines[at] = "".join(
            f"\\u{ord(c):04x}" if c.isalpha() and draw(st.integers(0, 9)) == 0 else c for c in line
        )
    elif how == "spaces" and line:
        lines[at] = json.dumps(json.loads(line))
    elif how == "flip":
        data = bytearray("\n".join(lines).encode())
        for _ in range(draw(st.integers(1, 3))):
            data[draw(st.integers(0, len(data) - 1))] ^= 1 << draw(st.integers(0, 7))
        return data.decode("utf-8", "replace")
    elif how == "ends":
        return draw(st.sampled_from(("", "\n", "\r\n"))).join(lines[: at + 1])
    return "\n".join(lines)
