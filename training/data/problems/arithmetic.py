"""Teachers for arithmetic: two numbers in words, expressions, roots to the nearest integer, surds.

Integers stay Python integers; decimals are `Decimal` in one program and `Fraction` in the other; an
expression with division goes through sympy in one and through exact fractions in the other.
Formal statements are over Int, or over Rat where there is a division or a decimal.
"""

from __future__ import annotations

import re

from training.data.problems.parse import Question, is_expression, is_integer, letters
from training.data.problems.program import EXPANDED, Draft, Rule, Teach, composed, form, script

_NAMES = {"+": "Sum", "-": "Difference", "*": "Product"}
_ROOTS = ("square", "cube", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_DEGREES = {name: degree for degree, name in enumerate(_ROOTS, 2)} | {"third": 3}


def binary(a: str, operator: str, b: str, *, absolute: bool = False) -> Draft:
    """One operation on two numbers written in the question."""
    if operator == "/":
        return _quotient(a, b)
    call = "print(abs({}))" if absolute else "print({})"
    exact = call.format(f"Fraction('{a}') {operator} Fraction('{b}')")
    second = f"from fractions import Fraction\n{exact}"
    name = "Distance" if absolute else _NAMES[operator]
    statement: str | None
    if is_integer(a, b):
        first = call.format(f"{a} {operator} {b}")
        statement = f"Int.natAbs ({a} - {b}) = ANSWER" if absolute else f"({a} {operator} {b} : Int) = ANSWER"
    else:
        value = f"Decimal('{a}') {operator} Decimal('{b}')"
        value = f"abs({value})" if absolute else value
        first = f'from decimal import Decimal\nprint(f"{{{value}:f}}")'
        statement = None if absolute else f"({a} {operator} {b} : Rat) = ANSWER"
    return Draft(reasoning=f"{name} of two numbers.", programs=(first, second), statement=statement)


def _quotient(a: str, b: str) -> Draft:
    first = f"from fractions import Fraction\nprint(Fraction('{a}') / Fraction('{b}'))"
    rational = "" if is_integer(a, b) else ", rational=True"
    second = f"from sympy import *\nprint(S('{a} / ({b})'{rational}))"
    statement = f"({a} / {b} : Rat) = ANSWER"
    return Draft(reasoning="Quotient of two numbers.", programs=(first, second), statement=statement)


def expression(text: str) -> Draft:
    """An arithmetic expression copied as it stands."""
    if "/" in text or "." in text:
        rational = ", rational=True" if "." in text else ""
        first = f"from sympy import *\nprint(S('{text}'{rational}))"
        second = script(
            "import re",
            "from fractions import Fraction",
            f"""print(eval(re.sub(r'[\\d.]+', r"Fraction('\\g<0>')", '{text}')))""",
        )
        statement = None if "**" in text else f"({text} : Rat) = ANSWER"
        return Draft(reasoning="Exact fractions.", programs=(first, second), statement=statement)
    second = f"from sympy import *\nprint(S('{text}'))"
    statement = None if "**" in text else f"({text} : Int) = ANSWER"
    return Draft(reasoning="Integer arithmetic.", programs=(f"print({text})", second), statement=statement)


def _two(operator: str, *, swap: bool = False, absolute: bool = False) -> Teach:
    def teach(m: re.Match[str], q: Question) -> Draft | None:
        if q.steps:
            return None
        a, b = (m["b"], m["a"]) if swap else (m["a"], m["b"])
        return binary(a, operator, b, absolute=absolute)

    return teach


def _evaluate(m: re.Match[str], q: Question) -> Draft | None:
    text = m["x"]
    if q.steps or not is_expression(text) or letters(text) or "sqrt" in text or not re.search(r"\d", text):
        return None
    if pair := re.fullmatch(r"(-?\d+(?:\.\d+)?) ?([-+*/]) ?(-?\d+(?:\.\d+)?)", text):
        return binary(pair[1], pair[2], pair[3])
    return expression(text)


def _root(m: re.Match[str], q: Question) -> Draft | None:
    n = m["n"]
    degree = int(m["k"]) if m["k"] else _DEGREES.get(m["name"], 0)
    if q.steps or degree < 2:
        return None
    first = f"print(round({n} ** (1/{degree})))"
    second = f"from sympy import *\nprint((integer_nthroot({n} * 2**{degree}, {degree})[0] + 1) // 2)"
    bounds = f"(2 * ANSWER - 1)^{degree} ≤ {n} * 2^{degree} ∧ {n} * 2^{degree} < (2 * ANSWER + 1)^{degree}"
    return Draft(reasoning="Root, rounded.", programs=(first, second), statement=bounds)


def _surd(m: re.Match[str], q: Question) -> Draft | None:
    text = m["x"]
    if q.steps or "sqrt" not in text or not is_expression(text):
        return None
    first = f"from sympy import *\nX = S('{text}')\nprint(expand(radsimp(X)))"
    second = f"from sympy import *\nX = {text}\nprint(expand(simplify(X)))"
    return Draft(reasoning="Simplify the square roots.", programs=(first, second))


def _value_of_steps(m: re.Match[str], q: Question) -> Draft | None:
    """`… What is 2*y + 1?` after steps: every letter is known, the result is a number."""
    text = m["x"]
    known = all(name in q.names for name in letters(text))
    if not q.steps or not is_expression(text) or not known:
        return None
    return composed(q, "Evaluate.", lambda s: [EXPANDED[s.method].format(text)], f"{text} = ANSWER")


_A, _B = "(?P<a>NUM)", "(?P<b>NUM)"
_ASK = r"(?:What is the value of |What is |Calculate |Work out |Evaluate |Determine |Give |Find )?"
RULES: tuple[Rule, ...] = (
    (form(f"(?:Add together|Add|Put together|Total of|Sum) {_A} and {_B}"), _two("+")),
    (form(f"(?:What is )?{_A} plus {_B}"), _two("+")),
    (form(f"(?:What is )?{_A} (?:minus|take away) {_B}"), _two("-")),
    (form(f"Subtract {_A} from {_B}"), _two("-", swap=True)),
    (form(f"What is {_A} less than {_B}"), _two("-", swap=True)),
    (form(f"What is the (?:distance|difference) between {_A} and {_B}"), _two("-", absolute=True)),
    (
        form(f"(?:What is the product of|Product of|Multiply|Calculate the product of) {_A} and {_B}"),
        _two("*"),
    ),
    (form(f"(?:What is |Calculate )?{_A} times {_B}"), _two("*")),
    (form(f"Divide {_A} by {_B}"), _two("/")),
    (form(f"(?:What is |Calculate )?{_A} divided by {_B}"), _two("/")),
    (form(r"What is the (?P<name>\w+) root of (?P<n>\d+) to the nearest integer(?P<k>)"), _root),
    (form(r"What is (?P<n>\d+) to the power of 1/(?P<k>\d+), to the nearest integer(?P<name>)"), _root),
    (form("Simplify <X>"), _surd),
    (form(f"{_ASK}<X>"), _evaluate),
)
LAST: tuple[Rule, ...] = ((form(f"{_ASK}<X>"), _value_of_steps),)
"""Rules that any expression would satisfy, tried after all others."""
