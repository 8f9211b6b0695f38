"""The factor of a question that asks for a conversion of units, and the factor that a text multiplies by.

Two programs of one model can take the same wrong power of ten. `conversion` reads the two units from the
question ("How many millilitres are there in 7/5 of a litre?") and asks pint for their exact ratio;
`multiplied` gives what a text multiplies and divides by. `mathlm.grounding` compares the two. Nothing here
reads the amount, so nothing here can answer the question.

Contract: pure functions of text; they never raise. Exact: fractions, no floats.
Not covered: temperatures with offsets, questions in other words, factors inside brackets (they do not match).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

_FORMS = (
    re.compile(r"how (?:many|much) (?P<to>[a-z]+) (?:are|is)(?: there)? in [^?]*?(?P<of>[a-z]+)\s*\?", re.I),
    re.compile(
        r"(?:what is|convert|express|change) [^?]*?(?P<of>[a-z]+) (?:in|to|into|as) (?P<to>[a-z]+)\s*[?.]",
        re.I,
    ),
)
_FACTOR = re.compile(
    r"(?P<sign>[*/]?)\s*(?<![\w.])(?P<base>\d+(?:\.\d+)?)(?:\s*\^\s*(?P<power>-?\d{1,2})(?!\d))?"
)
_SUM = re.compile(r"\+|(?<=[\w)\]])\s*-")
"""An addition or a subtraction; `10**-3` is none."""
_DECADE = re.compile(r"decades?", re.I)


def conversion(question: str) -> Fraction | None:
    """How many of the asked unit one of the given unit is: 1000 from litres to millilitres; else None."""
    for form in _FORMS:
        if match := form.search(question):
            return _ratio(match["of"], match["to"])
    return None


def multiplied(text: str, amounts: Counter[Fraction]) -> Fraction | None:
    """The product of the factors of a text, `/ n` as 1/n; its first `amounts` are the quantity, no factors.

    None when a factor is nothing or too long to be one, and where something is added or subtracted.
    """
    if _SUM.search(text):
        return None
    left, product = Counter(amounts), Fraction(1)
    for sign, base, power in _factors(text):
        if left[base] > 0 and power == 1:
            left[base] -= 1
            continue
        if base == 0 or len(str(base)) > 20:
            return None
        product *= base ** (-power if sign == "/" else power)
    return product


def _factors(text: str) -> Iterator[tuple[str, Fraction, int]]:
    for match in _FACTOR.finditer(text):
        yield match["sign"], Fraction(match["base"]), int(match["power"] or 1)


@cache
def _ratio(source: str, target: str) -> Fraction | None:
    pint, registry = _registry()
    source, target = (_DECADE.sub("tenyears", name) for name in (source, target))
    try:
        one, two = (registry.Quantity(Fraction(n), source).to(target).magnitude for n in (1, 2))
    except (pint.errors.PintError, AssertionError, AttributeError, ValueError, TypeError, ArithmeticError):
        return None
    return Fraction(one) if two == 2 * one and one > 0 else None


@cache
def _registry() -> tuple[Any, Any]:
    """pint takes a third of a second to import; a decade is ten years here, not a step of a logarithm."""
    import pint

    registry: Any = pint.UnitRegistry(non_int_type=Fraction, cache_folder=None)
    registry.define("tenyears = 10 * year")
    return pint, registry
