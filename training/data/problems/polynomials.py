"""Teachers for polynomials and calculus: collect, expand, coefficients, values, powers, derivatives.

A derivative is sympy's `diff` in one program and a Taylor coefficient in the other; a coefficient is
read from the expanded form and from `Poly`. Values at an integer get a formal statement.
Not covered: calculus beyond polynomials.
"""

from __future__ import annotations

import re
from math import factorial

from training.data.problems.parse import ORDERS, Function, Question, is_expression, letters
from training.data.problems.program import EXPANDED, Draft, Rule, Style, composed, form, lean_integers, script


def _collect(m: re.Match[str], q: Question) -> Draft | None:
    text = m["x"]
    if q.steps or not is_expression(text) or not letters(text) or "sqrt" in text:
        return None
    x = letters(text)[0]
    first = script("from sympy import *", f"print(expand('{text}'))")
    second = script("from sympy import *", f"{x} = symbols('{x}')", f"print(Poly({text}, {x}).as_expr())")
    if "/" in text or len(letters(text)) > 1:
        second = script("from sympy import *", f"print(Poly('{text}').as_expr())")
    return Draft(reasoning="Collect like terms.", programs=(first, second))


def _coefficient(m: re.Match[str], q: Question) -> Draft | None:
    """`Express P as a*x**2 + b*x + c and give b`: solved as it stands, or by the power beside the letter.

    Both programs copy the template, so that the model need not find the letter's place in it.
    """
    text, template, name = m["x"], m["y"], m["v"]
    if q.steps or not (is_expression(text) and is_expression(template)) or len(letters(text)) != 1:
        return None
    x = letters(text)[0]
    unknown = [letter for letter in letters(template) if letter != x]
    if name not in unknown:
        return None
    first = script(
        "from sympy import *",
        f"equations = Poly('{text} - ({template})', Symbol('{x}')).coeffs()",
        f"print(solve(equations, dict=True)[0][Symbol('{name}')])",
    )
    second = script(
        "from sympy import *",
        f"power = degree(diff('{template}', '{name}'), gen=Symbol('{x}'))",
        f"print(expand('{text}').coeff('{x}', power))",
    )
    return Draft(reasoning=f"Coefficient named {name}.", programs=(first, second))


def _value(m: re.Match[str], q: Question) -> Draft | None:
    """`Let f(x) = … . What is f(3)?`, and any request for an expression with calls or free letters."""
    text = m["x"]
    if not q.steps or not is_expression(text):
        return None
    call = re.fullmatch(r"([a-z])\((-?\d+)\)", text)
    f = q.steps[0]
    if call and len(q.steps) == 1 and isinstance(f, Function) and f.name == call[1] and _is_integral(f):
        return _value_at(f, call[2])
    if all(name in q.names for name in letters(text)):
        return None
    return composed(q, "Evaluate.", lambda s: [EXPANDED[s.method].format(text)])


def _is_integral(f: Function) -> bool:
    """A polynomial in its own variable, without division or derivative."""
    return not f.order and "/" not in f.expression and set(letters(f.expression)) <= {f.variable}


def _value_at(f: Function, at: str) -> Draft:
    first = script(f"{f.name} = lambda {f.variable}: {f.expression}", f"print({f.name}({at}))")
    second = script("from sympy import *", f"print(S('{f.expression}').subs('{f.variable}', {at}))")
    argument = f"({at})" if at.startswith("-") else at
    statement = f"(fun {f.variable} : Int => {lean_integers(f.expression)}) {argument} = ANSWER"
    return Draft(reasoning="Value of a polynomial.", programs=(first, second), statement=statement)


def _derivative(m: re.Match[str], q: Question) -> Draft | None:
    text, order = m["x"], ORDERS.get((m["order"] or "first").strip())
    if order is None or not is_expression(text):
        return None
    free = [name for name in letters(text) if name not in q.names]
    x = m["v"] or (free[0] if len(free) == 1 else None)
    if x is None or x in q.names:
        return None
    reasoning = f"Derivative of order {order}."
    times = "" if order == 1 else f", {order}"
    if q.steps:

        def finish(s: Style) -> list[str]:
            return [*s.symbols(free), f"print(expand(diff({s(text)}, '{x}'{times})))"]

        return composed(q, reasoning, finish)
    first = script("from sympy import *", f"print(expand(diff('{text}', '{x}'{times})))")
    value = f"S('{text}').subs({x}, {x} + H)"
    value = value if order == 1 else f"{factorial(order)} * {value}"
    second = script(
        "from sympy import *", f"{x}, H = symbols('{x} H')", f"print(expand({value}).coeff(H, {order}))"
    )
    return Draft(reasoning=reasoning, programs=(first, second))


def _power(m: re.Match[str], q: Question) -> Draft | None:
    text, x = m["x"], m["v"]
    if q.steps or not is_expression(text) or letters(text) != [x]:
        return None
    first = script(
        "from sympy import *",
        f"{x} = symbols('{x}', positive=True)",
        f"print(S('{text}', {{'{x}': {x}}}))",
    )
    second = script(
        "from sympy import *",
        f"{x} = symbols('{x}')",
        f"P = S('{text}')",
        f"print({x}**simplify({x} * diff(P, {x}) / P))",
    )
    return Draft(reasoning="Add and multiply exponents.", programs=(first, second))


_WHICH = "(?P<order>first |second |third )?"
_WRT = "(?: (?:wrt|with respect to) (?P<v>[a-z]))?"
RULES: tuple[Rule, ...] = (
    (form("(?:Collect the terms in|Expand) <X>"), _collect),
    (form("(?:Rearrange|Express) <X> (?:to|as)(?: the form)? <Y> and give (?P<v>[a-z])"), _coefficient),
    (form("Express <X> in the form <Y> and give (?P<v>[a-z])"), _coefficient),
    (form(f"(?:Find|What is) the {_WHICH}derivative of <X>{_WRT}"), _derivative),
    (form(f"Differentiate <X>{_WRT}(?P<order>)"), _derivative),
    (form("Simplify <X> assuming (?P<v>[a-z]) is positive"), _power),
    (form("(?:What is|Calculate|Determine|Give|Find) <X>"), _value),
)
