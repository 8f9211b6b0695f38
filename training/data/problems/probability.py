"""Teachers for letters drawn without replacement: the chance of a sequence, of a set of counts.

Sequence: a product of fractions that shrinks with every draw, against falling factorials. Counts:
binomials against listing every combination.
Not covered: drawing with replacement.
"""

from __future__ import annotations

import re

from training.data.problems.parse import Question
from training.data.problems.program import Draft, script

_BAG = r"(?P<bag>[a-z]+|\{[a-z]: \d+(?:, [a-z]: \d+)*\})"
_N = r"(?P<n>\w+) letters picked without replacement from "
_EVENT = r"prob of (?P<kind>picking|sequence) (?P<event>[a-z0-9, ]+?)"
_FORMS = (
    re.compile(rf"(?:What is|Calculate|Give) {_EVENT} when {_N}{_BAG}[.?]"),
    re.compile(rf"{_N}{_BAG}\. (?:What is|Calculate|Give) {_EVENT}[.?]"),
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


def teach(q: Question) -> Draft | None:
    """Works on the whole text: the bag and the event may come in either order."""
    m = next((found for pattern in _FORMS if (found := pattern.fullmatch(q.text.strip()))), None)
    if m is None or (n := _NUMBERS.get(m["n"].lower())) is None:
        return None
    bag = m["bag"]
    counter = f"'{bag}'" if bag[0] != "{" else bag[1:-1].replace(": ", "=")
    return _sequence(counter, m["event"]) if m["kind"] == "sequence" else _counts(counter, m["event"], n)


def _sequence(counter: str, event: str) -> Draft:
    first = script(
        "from collections import Counter",
        "from fractions import Fraction",
        f"d, p = Counter({counter}), Fraction(1)",
        f"for c in '{event}': p *= Fraction(d[c], d.total()); d[c] -= 1",
        "print(p)",
    )
    second = script(
        "from collections import Counter",
        "from math import perm, prod",
        "from fractions import Fraction",
        f"d, s = Counter({counter}), '{event}'",
        "print(Fraction(prod(perm(d[c], s.count(c)) for c in {*s}), perm(d.total(), len(s))))",
    )
    return Draft(reasoning="Draw letter by letter.", programs=(first, second))


def _counts(counter: str, event: str, n: int) -> Draft | None:
    pairs = re.findall(r"(\d+) ([a-z])\b", event)
    if not pairs or sum(int(k) for k, _ in pairs) != n:
        return None
    wanted = ", ".join(f"{letter}={k}" for k, letter in pairs)
    first = script(
        "from collections import Counter",
        "from math import comb, prod",
        "from fractions import Fraction",
        f"d, e = Counter({counter}), dict({wanted})",
        f"print(Fraction(prod(comb(d[c], e[c]) for c in e), comb(d.total(), {n})))",
    )
    second = script(
        "from collections import Counter",
        "from itertools import combinations",
        "from fractions import Fraction",
        f"a = [*map(Counter, combinations(Counter({counter}).elements(), {n}))]",
        f"print(Fraction(a.count(Counter({wanted})), len(a)))",
    )
    return Draft(reasoning="Count the combinations.", programs=(first, second))
