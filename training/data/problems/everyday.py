"""Teachers for everyday requests and for word problems written from a table of templates.

`TEMPLATES` is the one place where a word problem's text stands: the generator fills it, the teacher
reads it back. A `{name}` slot takes a capitalised word, `{thing}` a lower-case word, `{a}`, `{b}`, `{c}`
whole numbers. Not covered: word problems in free wording (see `gsm8k`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from training.data.problems.parse import Question
from training.data.problems.program import Draft, Rule, form, script


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A word problem. `formula` over a, b, c is Python and Lean (naturals) at once.

    Example: `Template(key="gain", text="{name} has {a} {thing} …", formula="a + b", kind="Add.")`
    """

    key: str
    text: str
    formula: str
    kind: str


_SUBJECT = "{name} has {a} {thing}"
TEMPLATES = tuple(
    Template(key=key, formula=formula, kind=kind, text=text)
    for key, formula, kind, text in (
        ("gain", "a + b", "Add.", _SUBJECT + " and buys {b} more. How many {thing} does {name} have now?"),
        ("loss", "a - b", "Subtract.", _SUBJECT + " and gives away {b}. How many {thing} are left?"),
        ("twice", "a + 2 * a", "Double, then add.",
         _SUBJECT + ". A friend has twice as many. How many {thing} do they have together?"),
        ("boxes", "a * b", "Multiply.", "A box holds {a} {thing}. How many {thing} are in {b} boxes?"),
        ("share", "a / b", "Divide.",
         "{name} shares {a} {thing} equally among {b} friends. How many does each friend get?"),
        ("left", "a % b", "Remainder.",
         "{a} {thing} are packed into boxes of {b}. How many {thing} are left over?"),
        ("travel", "a * b", "Speed times time.",
         "A train travels {a} kilometers per hour. How many kilometers does it go in {b} hours?"),
        ("change", "c - a * b", "Multiply, then subtract.",
         "A ticket costs {a} dollars. {name} buys {b} and pays with {c} dollars. What is the change?"),
        ("save", "b / a", "Divide.",
         "{name} saves {a} dollars each week. How many weeks does it take to save {b} dollars?"),
        ("area", "a * b", "Area of a rectangle.", "A rectangle is {a} long and {b} wide. What is its area?"),
        ("border", "2 * (a + b)", "Perimeter of a rectangle.",
         "A rectangle is {a} long and {b} wide. What is its perimeter?"),
        ("pages", "a + b + c", "Add.",
         "{name} reads {a} pages on Monday, {b} on Tuesday and {c} on Wednesday. How many is that in all?"),
    )
)  # fmt: skip


def _reader(template: Template) -> re.Pattern[str]:
    """The pattern that reads a filled template back; a slot used twice must hold the same word."""
    kinds = {"name": "[A-Z][a-z]+", "thing": "[a-z]+", "a": r"\d+", "b": r"\d+", "c": r"\d+"}
    pattern, seen = "", set()
    for literal, slot in re.findall(r"([^{]+)|\{(\w+)\}", template.text):
        if literal:
            pattern += re.escape(literal)
        elif slot in seen:
            pattern += f"(?P={slot})"
        else:
            pattern += f"(?P<{slot}>{kinds[slot]})"
            seen.add(slot)
    return re.compile(pattern)


_READERS = tuple((_reader(template), template) for template in TEMPLATES)


def teach(q: Question) -> Draft | None:
    """Word problems: works on the whole text, which is several sentences."""
    for pattern, template in _READERS:
        if m := pattern.fullmatch(q.text.strip()):
            return _word_problem(template, m)
    return None


def _word_problem(template: Template, m: re.Match[str]) -> Draft:
    numbers = {slot: m[slot] for slot in "abc" if slot in m.re.groupindex}
    code = template.formula.replace("/", "//")
    names, values = ", ".join(numbers), ", ".join(numbers.values())
    filled = re.sub(r"[abc]", lambda slot: numbers[slot.group()], code)
    return Draft(
        reasoning=template.kind,
        programs=(f"print({filled})", f"{names} = {values}\nprint({code})"),
        statement=f"{filled.replace('//', '/')} = ANSWER",
    )


def _percent(m: re.Match[str], q: Question) -> Draft | None:
    p, n = m["p"], m["n"]
    head = "from fractions import Fraction\n"
    programs = (f"{head}print(Fraction({p} * {n}, 100))", f"{head}print({n} * Fraction('{p}') / 100)")
    return Draft(reasoning="Percentage.", programs=programs, statement=f"({p} * {n} / 100 : Rat) = ANSWER")


def _power(m: re.Match[str], q: Question) -> Draft | None:
    a, n = m["a"], m["n"]
    if int(n) > 200:
        return None
    base = f"({a})" if a.startswith("-") else a
    second = script("p = 1", f"for _ in range({n}): p *= {a}", "print(p)")
    return Draft(
        reasoning="Power.", programs=(f"print({base}**{n})", second), statement=f"({base} : Int)^{n} = ANSWER"
    )


def _sum_range(m: re.Match[str], q: Question) -> Draft | None:
    a, b = m["a"], m["b"]
    programs = (f"print(sum(range({a}, {b} + 1)))", f"print(({a} + {b}) * ({b} - {a} + 1) // 2)")
    return Draft(reasoning="Sum of a range.", programs=programs)


def _factorial(m: re.Match[str], q: Question) -> Draft | None:
    n = m["n"]
    first = f"from math import factorial\nprint(factorial({n}))"
    second = script("p = 1", f"for k in range(2, {n} + 1): p *= k", "print(p)")
    return Draft(reasoning="Factorial.", programs=(first, second))


def _choose(m: re.Match[str], q: Question) -> Draft | None:
    k, n = m["k"], m["n"]
    first = f"from math import comb\nprint(comb({n}, {k}))"
    second = f"from itertools import combinations\nprint(sum(1 for _ in combinations(range({n}), {k})))"
    return Draft(reasoning="Binomial coefficient.", programs=(first, second))


def _mean(m: re.Match[str], q: Question) -> Draft | None:
    a = m["a"]
    first = script("from fractions import Fraction", f"a = [{a}]", "print(Fraction(sum(a), len(a)))")
    second = f"from fractions import Fraction\nfrom statistics import mean\nprint(mean(map(Fraction, [{a}])))"
    return Draft(reasoning="Sum over count.", programs=(first, second))


def _digit_sum(m: re.Match[str], q: Question) -> Draft | None:
    n = m["n"]
    second = script(f"n, s = {n}, 0", "while n: n, d = divmod(n, 10); s += d", "print(s)")
    return Draft(reasoning="Sum of digits.", programs=(f"print(sum(map(int, '{n}')))", second))


def _divisors(m: re.Match[str], q: Question) -> Draft | None:
    n = m["n"]
    first = f"from sympy import *\nprint(divisor_count({n}))"
    second = f"print(sum({n} % d == 0 for d in range(1, {n} + 1)))"
    return Draft(reasoning="Count the divisors.", programs=(first, second))


RULES: tuple[Rule, ...] = (
    (form(r"(?:What is|Calculate|Find) (?P<p>\d+)(?:%| percent) of (?P<n>\d+)"), _percent),
    (form(r"(?:What is|Calculate) (?P<a>-?\d+) to the power of (?P<n>\d+)"), _power),
    (form(r"(?:What is|Find) the sum of the whole numbers from (?P<a>\d+) to (?P<b>\d+)"), _sum_range),
    (form(r"(?:What is|Calculate) (?P<n>\d{1,3})(?: factorial|!)"), _factorial),
    (
        form(r"(?:In h|H)ow many ways (?:are there to|can you) choose (?P<k>\d\d?) of (?P<n>\d\d?) \w+"),
        _choose,
    ),
    (form(r"(?:What is|Find) the (?:mean|average) of (?P<a>-?\d+(?:, -?\d+)*)"), _mean),
    (form(r"What is the sum of the digits of (?P<n>\d+)"), _digit_sum),
    (form(r"How many (?:positive )?divisors does (?P<n>\d{1,6}) have"), _divisors),
)
