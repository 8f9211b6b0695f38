"""Teachers for equations, roots, factors and sequences.

Linear equations: sympy against the values of both sides at 0 and 1 (Cramer's rule for two unknowns),
with a formal statement for every integer. Polynomial equations: `solve` against the rational roots of
the polynomial. Factors: `factor` against the product over the rational roots. Sequences: differences
by hand against interpolation.
Not covered: irrational roots (the sources have none; the second program then prints fewer and the
sample is dropped when gold disagrees).
"""

from __future__ import annotations

import re

from training.data.problems.parse import (
    Equations,
    Question,
    is_expression,
    letters,
    parse,
    split_equations,
)
from training.data.problems.program import Draft, Rule, Style, composed, form, script

_FACTORED = (
    "R = P.ground_roots()",
    "print(P.LC() * Mul(*[(P.gen - k)**m for k, m in R.items()]))",
)


def _linear_one(left: str, right: str, x: str) -> Draft:
    first = script("from sympy import *", f"{x} = symbols('{x}')", f"print(*solve(Eq({left}, {right}), {x}))")
    second = script(
        "from fractions import Fraction",
        f"f = lambda {x}: {left} - ({right})",
        "print(Fraction(f(0), f(0) - f(1)))",
    )
    statement = f"∀ {x} : Int, {left} = {right} → {x} = ANSWER"
    return Draft(reasoning="Linear equation.", programs=(first, second), statement=statement)


def _linear_two(sides: tuple[tuple[str, str], ...], x: str, y: str) -> Draft:
    """Both programs solve for the first unknown, `x`."""
    equations = ", ".join(f"Eq({left}, {right})" for left, right in sides)
    first = script(
        "from sympy import *",
        f"{x}, {y} = symbols('{x} {y}')",
        f"print(solve([{equations}], [{x}, {y}])[{x}])",
    )
    values = ", ".join(f"{left} - ({right})" for left, right in sides)
    second = script(
        "from fractions import Fraction",
        f"f = lambda {x}, {y}: ({values})",
        "(a, b), (c, d), (e, g) = f(0, 0), f(1, 0), f(0, 1)",
        "c, d, e, g = c - a, d - b, e - a, g - b",
        "print(Fraction(b * e - a * g, c * g - d * e))",
    )
    (l1, r1), (l2, r2) = sides
    statement = f"∀ {x} {y} : Int, {l1} = {r1} → {l2} = {r2} → {x} = ANSWER"
    return Draft(reasoning="Two linear equations.", programs=(first, second), statement=statement)


def _roots(q: Question, left: str, right: str, x: str) -> Draft | None:
    """All rational solutions, in ascending order."""
    if x in q.names or any(name not in q.names for name in letters(f"{left} {right}") if name != x):
        return None

    def finish(s: Style) -> list[str]:
        equation = f"E('Eq({left}, {right})')"
        roots = f"solve({equation})" if s.method == 0 else f"Poly({equation}, S('{x}')).ground_roots()"
        return [f"print(*sorted({roots}), sep=', ')"]

    if q.steps:
        return composed(q, "Roots of the polynomial.", finish)
    zero = right == "0"
    first = f"S('{left}')" if zero else f"S('{left} - ({right})')"
    second = f"Poly(S('{left}'))" if zero else f"Poly(S('{left} - ({right})'))"
    programs = (
        script("from sympy import *", f"print(*sorted(solve({first})), sep=', ')"),
        script("from sympy import *", f"print(*sorted({second}.ground_roots()), sep=', ')"),
    )
    return Draft(reasoning="Roots of a polynomial.", programs=programs)


def _solve(m: re.Match[str], q: Question) -> Draft | None:
    """`Solve E for x`, `Find x such that E`, …: one or two equations."""
    sides = split_equations(m["x"])
    if sides is None or len(sides) > 2:
        return None
    text = " ".join(f"{left} {right}" for left, right in sides)
    unknown = [name for name in letters(text) if name not in q.names]
    x = m["v"] or (unknown[0] if len(unknown) == 1 else None)
    if x is None or x not in unknown or len(unknown) > 2:
        return None
    called = re.search(r"[a-z]\(", text)
    if len(sides) == 1 and ("**" in text or "/" in text or called):
        return _roots(q, *sides[0], x)
    if len(unknown) > len(sides):
        return None
    others = [name for name in unknown if name != x]
    if not q.steps and len(sides) == 1:
        return _linear_one(*sides[0], x)
    if not q.steps and len(others) == 1:
        return _linear_two(sides, x, others[0])

    def finish(s: Style) -> list[str]:
        return [*s.step(Equations(sides=sides, unknowns=(x, *others))), f"print({x})"]

    hypotheses = "".join(f"{left} = {right} → " for left, right in sides)
    conclusion = f"∀ {' '.join((x, *others))} : TYPE, {hypotheses}{x} = ANSWER"
    return composed(q, "Solve the last equations.", finish, conclusion)


def _last_equation(m: re.Match[str], q: Question) -> Draft | None:
    """`Suppose E. What is x?`: the request is the unknown of the last step."""
    if not q.steps or not isinstance(q.steps[-1], Equations) or q.steps[-1].unknowns != (m["v"],):
        return None
    sides = q.steps[-1].sides
    text = q.text.strip()
    before = parse(text[: text.rindex(f"{sides[0][0]} = ")].rsplit(".", 1)[0] + ". What is x?")
    steps = before.steps if before and len(q.steps) > 1 else ()
    return _roots(Question(text=text, steps=steps, request=q.request), *sides[0], m["v"])


def _factor(m: re.Match[str], q: Question) -> Draft | None:
    text = m["x"]
    if not is_expression(text) or sum(name not in q.names for name in letters(text)) != 1:
        return None
    reasoning = "Factor the polynomial."
    if q.steps:

        def finish(s: Style) -> list[str]:
            if s.method == 0:
                return [f"print(factor(E('{text}')))"]
            return [f"P = Poly(E('{text}'))", *_FACTORED]

        return composed(q, reasoning, finish)
    first = script("from sympy import *", f"print(factor('{text}'))")
    second = script("from sympy import *", f"P = Poly('{text}')", *_FACTORED)
    return Draft(reasoning=reasoning, programs=(first, second))


def _next_term(m: re.Match[str], q: Question) -> Draft | None:
    terms = m["x"]
    if q.steps or not re.fullmatch(r"-?\d+(, -?\d+)+", terms):
        return None
    first = script(
        f"a, s = [{terms}], 0",
        "while any(a): s += a[-1]; a = [y - x for x, y in zip(a, a[1:])]",
        "print(s)",
    )
    second = script("from sympy import *", f"a = [{terms}]", "print(interpolate(a, len(a) + 1))")
    return Draft(reasoning="Next term by differences.", programs=(first, second))


def _nth_term(m: re.Match[str], q: Question) -> Draft | None:
    terms, n = m["x"], m["v"]
    if q.steps or not re.fullmatch(r"-?\d+(, -?\d+)+", terms):
        return None
    first = script("from sympy import *", f"print(interpolate([{terms}], S('{n}')))")
    second = script(
        "from sympy import *",
        f"A, P, K = [{terms}], 0, 0",
        f"B = S('{n}') - 1",
        "while any(A): P += A[0] * ff(B, K) / factorial(K); A = [y - x for x, y in zip(A, A[1:])]; K += 1",
        "print(expand(P))",
    )
    return Draft(reasoning="Polynomial through the terms.", programs=(first, second))


RULES: tuple[Rule, ...] = (
    (form("Solve <X> for (?P<v>[a-z])"), _solve),
    (form("Solve <X>(?P<v>)"), _solve),
    (form("What is (?P<v>[a-z]) in <X>"), _solve),
    (form("(?:Find|Determine) (?P<v>[a-z])(?: such that| so that| if|, given that) <X>"), _solve),
    (form("(?:What is|Calculate|Determine|Find|Give) (?P<v>[a-z])"), _last_equation),
    (form("Factor <X>"), _factor),
    (form("What (?:comes next:|number comes next:|is next in|is the next term in) <X>"), _next_term),
    (form("What is the (?P<v>[a-z])'th term of <X>"), _nth_term),
)
