"""Teachers for whole numbers: divisors, multiples, remainders, primes, digits, rounding, bases.

Every request may stand alone or after steps, and its operands may be expressions. Formal statements
are given for literal operands where core Lean decides them (`Nat.gcd`, `Nat.lcm`, `%`, `∣`, digits).
Not covered: primality of large numbers in Lean.
"""

from __future__ import annotations

import re

from training.data.problems.parse import Question, is_expression, is_integer, is_number, letters
from training.data.problems.program import Draft, Rule, Style, composed, form, script

_PLACES = ["units", "tens", "hundreds", "thousands"]
_GROUPS = ("thousands", "millions", "billions", "trillions")
PLACES = {name: power for power, name in enumerate(_PLACES)} | {
    f"{prefix}{group}": 3 * i + j
    for i, group in enumerate(_GROUPS, 1)
    for j, prefix in enumerate(("", "ten ", "hundred "))
}
SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
POWERS = {
    "integer": 0, "ten": 1, "one hundred": 2, "one thousand": 3, "ten thousand": 4,
    "one hundred thousand": 5, "one million": 6,
}  # fmt: skip
_DIGITS = "'0123456789abcdef'"


def _operands(q: Question, *texts: str) -> bool:
    """Whether the texts are expressions whose letters are all known."""
    return all(is_expression(t) and all(x in q.names for x in letters(t)) for t in texts)


def _alone(q: Question, *texts: str) -> bool:
    return not q.steps and is_integer(*texts)


def _gcd(m: re.Match[str], q: Question) -> Draft | None:
    a, b = m["x"], m["y"]
    reasoning = "Greatest common divisor."
    if _alone(q, a, b):
        first = f"from math import gcd\nprint(gcd({a}, {b}))"
        second = script(f"a, b = {a}, {b}", "while b: a, b = b, a % b", "print(a)")
        return Draft(reasoning=reasoning, programs=(first, second), statement=f"Nat.gcd {a} {b} = ANSWER")
    if not _operands(q, a, b):
        return None
    names = ("gcd", "igcd")
    return composed(q, reasoning, lambda s: [f"print({names[s.method]}({s(a)}, {s(b)}))"])


def _lcm(m: re.Match[str], q: Question) -> Draft | None:
    a, b = m["x"], m["y"]
    reasoning = "Least common multiple."
    if _alone(q, a, b):
        first = f"from math import lcm\nprint(lcm({a}, {b}))"
        second = f"from math import gcd\nprint({a} * {b} // gcd({a}, {b}))"
        return Draft(reasoning=reasoning, programs=(first, second), statement=f"Nat.lcm {a} {b} = ANSWER")
    if not _operands(q, a, b):
        return None
    names = ("lcm", "ilcm")
    return composed(q, reasoning, lambda s: [f"print({names[s.method]}({s(a)}, {s(b)}))"])


def _denominator(m: re.Match[str], q: Question) -> Draft | None:
    a, b = m["x"], m["y"]
    reasoning = "Least common multiple of the denominators."
    if not q.steps and all(re.fullmatch(r"-?\d+/\d+", t) for t in (a, b)):
        first = script(
            "from fractions import Fraction",
            "from math import lcm",
            f"print(lcm(Fraction('{a}').denominator, Fraction('{b}').denominator))",
        )
        second = f"from sympy import *\nprint(ilcm(S('{a}').q, S('{b}').q))"
        statement = f"Nat.lcm {a.split('/')[1]} {b.split('/')[1]} = ANSWER"
        return Draft(reasoning=reasoning, programs=(first, second), statement=statement)
    if not _operands(q, a, b):
        return None
    names = ("lcm", "ilcm")
    return composed(q, reasoning, lambda s: [f"print({names[s.method]}(S({s(a)}).q, S({s(b)}).q))"])


def _remainder(m: re.Match[str], q: Question) -> Draft | None:
    a, b = m["x"], m["y"]
    reasoning = "Remainder of a division."
    if _alone(q, a, b):
        programs = (f"print({a} % {b})", f"print({a} - {a} // {b} * {b})")
        return Draft(reasoning=reasoning, programs=programs, statement=f"{a} % {b} = ANSWER")
    if not _operands(q, a, b):
        return None
    ends = ("print({} % {})", "print(Mod({}, {}))")
    conclusion = _integral(f"{_bracket(a)} % {_bracket(b)} = ANSWER", a, b)
    return composed(
        q, reasoning, lambda s: [ends[s.method].format(_group(s(a)), _group(s(b)))], conclusion, integral=True
    )


def _group(code: str) -> str:
    """Brackets round an operator expression that will stand beside another operator."""
    return f"({code})" if re.search(r"[ *]", code) and not code.startswith("E(") else code


def _bracket(expression: str) -> str:
    """Brackets round anything but a letter or a natural number, for Lean."""
    return expression if re.fullmatch(r"[a-z]|\d+", expression) else f"({expression})"


def _integral(conclusion: str, *operands: str) -> str | None:
    """None where an operand has a division: over Int it would be another one."""
    return None if any(re.search("[/.]", operand) for operand in operands) else conclusion


def _divides(m: re.Match[str], q: Question) -> Draft | None:
    """`Is 7 a factor of 91?` in its wordings; group x divides group y."""
    a, b = (m["x"], m["y"]) if "x" in m.re.groupindex else ("2", m["y"])
    reasoning = "Divisibility."
    if _alone(q, a, b):
        statement = f"decide ({a} ∣ {b}) = ANSWER"
        programs = (f"print({b} % {a} == 0)", f"from math import gcd\nprint(gcd({a}, {b}) == {a})")
        return Draft(reasoning=reasoning, programs=programs, statement=statement)
    if not _operands(q, a, b):
        return None
    ends = ("print({1} % {0} == 0)", "print(gcd({0}, {1}) == {0})")
    conclusion = _integral(f"decide ({_bracket(a)} ∣ {_bracket(b)}) = ANSWER", a, b)
    return composed(q, reasoning, lambda s: [_fill(ends[s.method], s, a, b)], conclusion, integral=True)


def _fill(template: str, s: Style, a: str, b: str) -> str:
    grouped = (_group(s(a)), _group(s(b))) if s.method == 0 else (s(a), s(b))
    return template.format(*grouped)


def _prime(m: re.Match[str], q: Question) -> Draft | None:
    n, no = m["x"], "not " if m["kind"] == "composite" else ""
    reasoning = "Primality test."
    if _alone(q, n):
        first = f"from sympy import *\nprint({no}isprime({n}))"
        second = script(
            "from math import isqrt",
            f"n = {n}",
            f"print({no}all(n % d for d in range(2, isqrt(n) + 1)))",
        )
        return Draft(reasoning=reasoning, programs=(first, second))
    if not _operands(q, n):
        return None
    ends = ("isprime({0})", "primefactors({0}) == [{0}]")
    return composed(q, reasoning, lambda s: [f"print({no}{ends[s.method].format(s(n))})"])


def _prime_factors(m: re.Match[str], q: Question) -> Draft | None:
    n = m["x"]
    reasoning = "Distinct prime factors."
    if _alone(q, n):
        first = f"from sympy import *\nprint(*primefactors({n}), sep=', ')"
        second = script(
            f"n, d, f = {n}, 2, []",
            "while d * d <= n:",
            "    if n % d: d += 1",
            "    else: n //= d; f += [d]",
            "print(*sorted({*f, n}), sep=', ')",
        )
        return Draft(reasoning=reasoning, programs=(first, second))
    if not _operands(q, n):
        return None
    ends = ("primefactors({})", "factorint({})")
    return composed(q, reasoning, lambda s: [f"print(*{ends[s.method].format(s(n))}, sep=', ')"])


def _place(m: re.Match[str], q: Question) -> Draft | None:
    n, power = m["x"], PLACES.get(m["place"])
    if power is None:
        return None
    reasoning = "One digit of a number."
    ten = f"10**{power}"
    if _alone(q, n):
        first, second = f"print({n} // {ten} % 10)", f"print(str({n})[-{power + 1}])"
        return Draft(
            reasoning=reasoning, programs=(first, second), statement=f"{n} / 10^{power} % 10 = ANSWER"
        )
    if not _operands(q, n):
        return None
    ends = ("print({} // {} % 10)", "print(str({})[-{}])")
    last = (ten, power + 1)

    def finish(s: Style) -> list[str]:
        value = _group(s(n)) if s.method == 0 else s(n)
        return [ends[s.method].format(value, last[s.method])]

    conclusion = _integral(f"{_bracket(n)} / 10^{power} % 10 = ANSWER", n)
    return composed(q, reasoning, finish, conclusion, integral=True)


def _round_places(m: re.Match[str], q: Question) -> Draft | None:
    word = m["k"]
    if not word.isdecimal() and word not in SMALL:
        return None
    places = int(word) if word.isdecimal() else SMALL.index(word)
    return _round(q, m["x"], f"10**{places}", f"Round to {places} decimal places.", places=True)


def _round_nearest(m: re.Match[str], q: Question) -> Draft | None:
    word = m["k"]
    if word.isdecimal() and set(word[1:]) <= {"0"} and word[0] == "1":
        unit = word
    elif word in POWERS:
        unit = f"10**{POWERS[word]}"
    else:
        return None
    reasoning = "Round to an integer." if unit in ("1", "10**0") else "Round to a power of ten."
    return _round(q, m["x"], unit, reasoning, places=False)


def _round(q: Question, x: str, unit: str, reasoning: str, *, places: bool) -> Draft | None:
    """Halves go away from zero, as the sources round. A numeral `unit` is copied from the question."""
    scale, back = (f"* {unit}", f"/ {unit}") if places else (f"/ {unit}", f"* {unit}")
    if not q.steps and is_number(x) and "/" not in x:
        first = script(
            "from decimal import *",
            f"x = (Decimal('{x}') {scale}).quantize(Decimal(1), ROUND_HALF_UP)",
            f'print(f"{{x {back}:f}}")',
        )
        second = script(
            "from fractions import Fraction",
            f"x = Fraction('{x}') {scale}",
            f"print(int(x + Fraction(1 if x > 0 else -1, 2)) {back})",
        )
        return Draft(reasoning=reasoning, programs=(first, second))
    if not _operands(q, x):
        return None

    def finish(s: Style) -> list[str]:
        value = f"X = S({s(x)}) {scale}"
        whole = ("int(X + sign(X) / 2)", "sign(X) * floor(abs(X) + S.Half)")[s.method]
        return [value, f"print(Float({whole} {back}))" if places else f"print({whole} {back})"]

    return composed(q, reasoning, finish)


def _to_base(value: str, base: int) -> tuple[str, str]:
    """Two programs that write an integer expression in a base up to 16."""
    loop = script(
        f"n = {value}",
        "m, s = abs(n), ''",
        f"while m: m, d = divmod(m, {base}); s = {_DIGITS}[d] + s",
        "print('-' * (n < 0) + (s or '0'))",
    )
    library = script(
        "from sympy.ntheory import digits",
        f"n = {value}",
        f"print('-' * (n < 0) + ''.join({_DIGITS}[d] for d in digits(abs(n), {base})[1:]))",
    )
    return loop, library


def _base_conversion(m: re.Match[str], q: Question) -> Draft | None:
    if q.steps:
        return None
    programs = _to_base(f"int('{m['x']}', {m['from']})", int(m["to"]))
    return Draft(reasoning="Read in one base, write in another.", programs=programs)


def _base_sum(m: re.Match[str], q: Question) -> Draft | None:
    base = m["base"]
    if q.steps:
        return None
    programs = _to_base(f"int('{m['x']}', {base}) {m['op']} int('{m['y']}', {base})", int(base))
    return Draft(reasoning="Arithmetic in a base.", programs=programs)


_OF = "(?:What is|Calculate|Find) the"
_DIVISOR = "(?:greatest|highest) common (?:divisor|factor)"
_MULTIPLE = "(?:least|lowest|smallest) common multiple"
_NUMERAL = "-?[0-9a-f]+"
_IN_BASE = rf"(?P<x>{_NUMERAL}) \(base (?P<from>\d+)\) (?:to|in) base (?P<to>\d+)"
RULES: tuple[Rule, ...] = (
    (form(f"{_OF} {_DIVISOR} of <X> and <Y>"), _gcd),
    (form("Find the largest number that divides both <X> and <Y>"), _gcd),
    (form(f"{_OF} {_MULTIPLE} of <X> and <Y>"), _lcm),
    (form("Find the smallest positive number that both <X> and <Y> divide"), _lcm),
    (form(f"{_OF} common denominator of <X> and <Y>"), _denominator),
    (form(f"{_OF} remainder when <X> is divided by <Y>"), _remainder),
    (form("What is left over when <X> is divided by <Y>"), _remainder),
    (form("Is <X> a factor of <Y>"), _divides),
    (form("Is <Y> divisible by <X>"), _divides),
    (form("Does <X> divide <Y>"), _divides),
    (form("Is <Y> a multiple of <X>"), _divides),
    (form("Is <Y> even"), _divides),
    (form("Is <X> (?:a )?(?P<kind>prime|composite)(?: number)?"), _prime),
    (form("(?:What are|List|Find) the prime factors of <X>"), _prime_factors),
    (form("What is the (?P<place>[a-z ]+) digit of <X>"), _place),
    (form(r"Round <X> to (?P<k>\w+) (?:decimal places?|dps?)"), _round_places),
    (form(r"What is <X> rounded to (?P<k>\w+) (?:decimal places?|dps?)"), _round_places),
    (form(r"Round <X> to the nearest (?P<k>[\w ]+)"), _round_nearest),
    (form(r"What is <X> rounded to the nearest (?P<k>[\w ]+)"), _round_nearest),
    (form(f"(?:Convert |What is |Write )?{_IN_BASE}"), _base_conversion),
    (form(rf"In base (?P<base>\d+), what is (?P<x>{_NUMERAL}) (?P<op>[-+]) (?P<y>{_NUMERAL})"), _base_sum),
)  # fmt: skip
