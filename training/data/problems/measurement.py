"""Teachers for measures: conversion of units and times of day.

Both programs go through the base unit (metre, gram, litre, second, month) and call quantities by their units:
so each unit has one spelling, beside its name. One goes in steps, the other at once, with fractions. Times of
day go through `datetime` and through minutes since midnight.
Not covered: units outside the metric system; days in a month.
"""

from __future__ import annotations

import re
from fractions import Fraction

from training.data.problems.parse import Question
from training.data.problems.program import Draft, Rule, form, script

_PREFIXES = {"kilo": "k", "": "", "centi": "c", "milli": "m", "micro": "u", "nano": "n"}
_POWERS = {"kilo": 3, "": 0, "centi": -2, "milli": -3, "micro": -6, "nano": -9}
_OTHER = {
    "tonne": ("gram", 6, 1), "minute": ("second", 0, 60), "hour": ("second", 0, 3600),
    "day": ("second", 0, 86400), "week": ("second", 0, 604800), "month": ("month", 0, 1),
    "year": ("month", 0, 12), "decade": ("month", 0, 120), "century": ("month", 0, 1200),
    "millennium": ("month", 0, 12000),
}  # fmt: skip

Unit = tuple[str, int, int]
"""Base unit, power of ten, factor: one unit is factor * 10**power bases."""


def _units() -> dict[str, Unit]:
    """Every spelling of a unit."""
    units: dict[str, Unit] = {}
    for base in ("meter", "gram", "litre", "second"):
        for prefix, power in _POWERS.items():
            for name in (prefix + base, prefix + base + "s", _PREFIXES[prefix] + base[0]):
                units[name] = (base, power, 1)
    for name, unit in _OTHER.items():
        units |= {name: unit, name + "s": unit}
    return units | {"t": units["tonne"], "centuries": units["century"], "millennia": units["millennium"]}


UNITS = _units()
_BASES = {"meter": "base_m", "gram": "base_g", "litre": "base_l", "second": "base_s", "month": "base_months"}
"""Names of base quantities in programs; `m` or `months` may be the name of the given one."""
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ("", "", "twenty", "thirty", "fourty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CARDINALS = {name: i for i, name in enumerate(_ONES)} | {
    ten + ("" if i == 0 else f"-{_ONES[i]}"): 10 * t + i
    for t, ten in enumerate(_TENS)
    if ten
    for i in range(10)
}
_CARDINALS |= {name.replace("fourty", "forty"): n for name, n in _CARDINALS.items()} | {"fourteeen": 14}
_PARTS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "fifteenth": 15, "sixteenth": 16, "eighteenth": 18, "twentieth": 20,
}  # fmt: skip


def _amount(text: str) -> tuple[str, str] | None:
    """The number of a quantity as code for each method: decimals, `48/5`, `three quarters`."""
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return f"Decimal('{text}')", f"Fraction('{text}')"
    if re.fullmatch(r"\d+/\d+", text):
        return f"Fraction('{text}')", "Fraction({}, {})".format(*text.split("/"))
    words = text.split()
    if len(words) != 2 or words[0] not in _CARDINALS or (part := words[1].removesuffix("s")) not in _PARTS:
        return None
    top, bottom = _CARDINALS[words[0]], _PARTS[part]
    return f"Fraction('{top}/{bottom}')", f"Fraction({top}, {bottom})"


def _sizes(source: Unit, target: Unit) -> tuple[str, str]:
    """Code that goes from one unit to its base, and from the base to another: one spelling of each unit."""
    codes = []
    for (_, power, factor), up, down in ((source, "*", "/"), (target, "/", "*")):
        code = f" {up} {factor}" if factor > 1 or not power else ""
        codes.append(code + (f" {up if power > 0 else down} 10**{abs(power)}" if power else ""))
    return codes[0], codes[1]


def _convert(m: re.Match[str], q: Question) -> Draft | None:
    amount, source, target = _amount(m["x"].strip()), UNITS.get(m["from"]), UNITS.get(m["to"])
    if q.steps or amount is None or source is None or target is None or source[0] != target[0]:
        return None
    ratio = Fraction(10) ** (source[1] - target[1]) * source[2] / target[2]
    if 1 not in (ratio.numerator, ratio.denominator):
        return None
    there, back = _sizes(source, target)
    base = _BASES[source[0]]
    lines = f"{m['from']} = {amount[0]}", f"{base} = {m['from']}{there}", f"{m['to']} = {base}{back}"
    exact = not amount[0].startswith("Decimal")
    first = script(
        f"from {'fractions' if exact else 'decimal'} import {'Fraction' if exact else 'Decimal'}",
        *lines,
        f"print({m['to']})" if exact else f'print(f"{{{m["to"]}:f}}")',
    )
    second = script(
        "from fractions import Fraction",
        f"{m['from']} = {amount[1]}",
        f"{m['to']} = {m['from']}{there}{back}",
        f"print({m['to']})",
    )
    return Draft(reasoning="Convert units.", programs=(first, second))


def _midnight(hour: str, minute: str, half: str) -> str:
    """Code for minutes since midnight, with the hour as it stands in the question."""
    hours = f"({int(hour)} % 12 + 12)" if half == "PM" else f"{int(hour)} % 12"
    return f"{hours} * 60 + {int(minute)}"


def _between(m: re.Match[str], q: Question) -> Draft | None:
    start, end = (f"{m[f'h{i}']}:{m[f'm{i}']} {m[f'p{i}']}" for i in (1, 2))
    first = script(
        "from datetime import datetime",
        f"a, b = (datetime.strptime(t, '%I:%M %p') for t in ('{start}', '{end}'))",
        "print((b - a).seconds // 60)",
    )
    a, b = (_midnight(m[f"h{i}"], m[f"m{i}"], m[f"p{i}"]) for i in (1, 2))
    second = f"print(({b} - ({a})) % 1440)"
    return Draft(reasoning="Minutes between two times.", programs=(first, second))


def _shift(m: re.Match[str], q: Question) -> Draft | None:
    sign = "-" if m["way"] == "before" else "+"
    time = f"{m['h']}:{m['m']} {m['p']}"
    first = script(
        "from datetime import datetime, timedelta",
        f"t = datetime.strptime('{time}', '%I:%M %p') {sign} timedelta(minutes={m['n']})",
        "print(t.strftime('%I:%M %p').lstrip('0'))",
    )
    second = script(
        f"t = ({_midnight(m['h'], m['m'], m['p'])} {sign} {m['n']}) % 1440",
        "h, m = divmod(t, 60)",
        """print(f"{(h - 1) % 12 + 1}:{m:02d} {'PM' if h > 11 else 'AM'}")""",
    )
    return Draft(reasoning="Clock time.", programs=(first, second))


def _clock(i: str) -> str:
    return rf"(?P<h{i}>\d+):(?P<m{i}>\d\d) (?P<p{i}>[AP]M)"


_QUANTITY = r"(?P<x>[-\d./]+|[a-z-]+ [a-z-]+)(?: of an?)? ?(?P<from>[a-z]+)"
RULES: tuple[Rule, ...] = (
    (form(f"How many minutes are there between {_clock('1')} and {_clock('2')}"), _between),
    (form(rf"What is (?P<n>\d+) minutes (?P<way>before|after) {_clock('')}"), _shift),
    (form(f"How many (?P<to>[a-z]+) are there in {_QUANTITY}"), _convert),
    (form(f"What is {_QUANTITY} in (?P<to>[a-z]+)"), _convert),
    (form(f"Convert {_QUANTITY} to (?P<to>[a-z]+)"), _convert),
)
