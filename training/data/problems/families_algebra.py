"""Families of generated problems: equations, polynomials, calculus, sequences, questions in steps.

Same contract as `families`: (question, answer) from a `random.Random`, the answer by construction
(roots, coefficients and solutions are chosen first). Polynomials are lists of integer coefficients,
constant term first.
"""

from __future__ import annotations

from fractions import Fraction
from math import perm
from random import Random

from training.data.problems.families import PRIMES, Family, magnitude, signed

_LETTERS = "abcdfghjklmnopqrstuvwxyz"
Polynomial = list[int]


def nonzero(rng: Random, bound: int) -> int:
    return rng.choice((-1, 1)) * rng.randint(1, bound)


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    product = [0] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            product[i + j] += a * b
    return product


def value(p: Polynomial, x: int) -> int:
    total = 0
    for coefficient in reversed(p):
        total = total * x + coefficient
    return total


def term(coefficient: int, power: int, x: str) -> str:
    if power == 0:
        return str(coefficient)
    body = x if power == 1 else f"{x}**{power}"
    return body if coefficient == 1 else f"-{body}" if coefficient == -1 else f"{coefficient}*{body}"


def joined(terms: list[str]) -> str:
    """`['3*x', '-2']` -> `3*x - 2`."""
    text = terms[0] if terms else "0"
    for part in terms[1:]:
        text += f" - {part[1:]}" if part.startswith("-") else f" + {part}"
    return text


def show(p: Polynomial, x: str) -> str:
    """Highest power first, zero terms left out."""
    return joined([term(c, power, x) for power, c in reversed(list(enumerate(p))) if c])


def scattered(rng: Random, p: Polynomial, x: str) -> str:
    """The polynomial with each coefficient split in two and the terms shuffled."""
    terms = []
    for power, c in enumerate(p):
        part = rng.randint(-30, 30)
        terms += [term(part, power, x), term(c - part, power, x)]
    rng.shuffle(terms)
    return joined(terms)


def polynomial(rng: Random, degree: int, bound: int = 20) -> Polynomial:
    return [rng.randint(-bound, bound) for _ in range(degree)] + [nonzero(rng, bound)]


def linear_equation(rng: Random) -> tuple[str, str]:
    x, solution = rng.choice(_LETTERS), nonzero(rng, 100)
    a, b = nonzero(rng, 60), nonzero(rng, 500)
    left, right = show([b, a], x), str(a * solution + b)
    if rng.random() < 0.5:
        left, right = right, left
    form = rng.choice(("Solve {l} = {r} for {x}.", "Find {x} if {l} = {r}."))
    return form.format(l=left, r=right, x=x), str(solution)


def _equations(rng: Random, x: str, y: str, s: int, t: int) -> str:
    """Two independent linear equations that (s, t) solves."""
    while True:
        a, b, c, d = (nonzero(rng, 12) for _ in range(4))
        if a * d != b * c:
            break
    first = f"{joined([term(a, 1, x), term(b, 1, y)])} = {a * s + b * t}"
    second = f"{d * t + c * s} = {joined([term(d, 1, y), term(c, 1, x)])}"
    return f"{first}, {second}"


def two_linear_equations(rng: Random) -> tuple[str, str]:
    x, y = rng.sample(_LETTERS, 2)
    s, t = signed(rng, 2), signed(rng, 2)
    return f"Solve {_equations(rng, x, y, s, t)} for {x}.", str(s)


def roots(rng: Random) -> tuple[str, str]:
    x, lead = rng.choice(_LETTERS), nonzero(rng, 5)
    chosen = [rng.randint(-30, 30) for _ in range(rng.randint(2, 4))]
    p = [lead]
    for root in chosen:
        p = times(p, [-root, 1])
    text = show(p, x)
    answer = ", ".join(map(str, sorted(set(chosen))))
    form = rng.choice(
        (
            "Solve {p} = 0 for {x}.",
            "Let {p} = 0. What is {x}?",
            "Find {x} such that {p} = 0.",
            "What is {x} in {p} = 0?",
        )
    )
    return form.format(p=text, x=x), answer


def factoring(rng: Random) -> tuple[str, str]:
    x, lead = rng.choice(_LETTERS), nonzero(rng, 5)
    chosen = [rng.randint(-20, 20) for _ in range(rng.randint(2, 3))]
    p = [lead]
    for root in chosen:
        p = times(p, [-root, 1])
    return f"Factor {show(p, x)}.", f"{lead}*" + "*".join(f"({joined([x, str(-root)])})" for root in chosen)


def next_term(rng: Random) -> tuple[str, str]:
    degree = rng.randint(1, 3)
    p = polynomial(rng, degree, 30)
    terms = [value(p, n) for n in range(1, degree + 4 + rng.randint(0, 2))]
    form = rng.choice(("What comes next: {}?", "What is next in {}?", "What number comes next: {}?"))
    return form.format(", ".join(map(str, terms[:-1]))), str(terms[-1])


def nth_term(rng: Random) -> tuple[str, str]:
    n, degree = rng.choice(_LETTERS), rng.randint(1, 3)
    p = polynomial(rng, degree, 30)
    terms = [value(p, k) for k in range(1, degree + 4)]
    return f"What is the {n}'th term of {', '.join(map(str, terms))}?", show(p, n)


def collecting(rng: Random) -> tuple[str, str]:
    x, p = rng.choice(_LETTERS), polynomial(rng, rng.randint(1, 3), 90)
    return f"Collect the terms in {scattered(rng, p, x)}.", show(p, x)


def expanding(rng: Random) -> tuple[str, str]:
    x = rng.choice(_LETTERS)
    p, q = polynomial(rng, rng.randint(1, 2), 9), polynomial(rng, 1, 9)
    return f"Expand ({show(p, x)})*({show(q, x)}).", show(times(p, q), x)


def coefficient(rng: Random) -> tuple[str, str]:
    x, *names = rng.sample(_LETTERS, 4)
    p = polynomial(rng, 2, 60)
    template = joined([name if i == 0 else f"{name}*{term(1, i, x)}" for i, name in enumerate(names)])
    wanted = rng.randrange(3)
    return f"Express {scattered(rng, p, x)} as {template} and give {names[wanted]}.", str(p[wanted])


def evaluating(rng: Random) -> tuple[str, str]:
    f, x = rng.sample(_LETTERS, 2)
    p, at = polynomial(rng, rng.randint(1, 3)), rng.randint(-12, 12)
    form = rng.choice(("What is {}?", "Calculate {}.", "Determine {}.", "Give {}."))
    return f"Let {f}({x}) = {show(p, x)}. " + form.format(f"{f}({at})"), str(value(p, at))


def derivative(rng: Random) -> tuple[str, str]:
    x, order = rng.choice(_LETTERS), rng.randint(1, 3)
    p = polynomial(rng, order + rng.randint(0, 3), 200)
    answer = [c * perm(power, order) for power, c in enumerate(p)][order:]
    name = ("first", "second", "third")[order - 1]
    form = rng.choice(
        (
            f"Find the {name} derivative of {{}} wrt {x}.",
            f"What is the {name} derivative of {{}} wrt {x}?",
            f"What is the {name} derivative of {{}}?",
        )
    )
    return form.format(show(p, x)), show(answer, x)


def composing(rng: Random) -> tuple[str, str]:
    f, g, x, y, z = rng.sample(_LETTERS, 5)
    a, b, inner = nonzero(rng, 20), rng.randint(-30, 30), polynomial(rng, 2, 20)
    outer = [a * c for c in inner]
    outer[0] += b
    text = f"Let {f}({x}) = {show([b, a], x)}. Let {g}({y}) = {show(inner, y)}. Calculate {f}({g}({z}))."
    return text, show(outer, z)


def power_rule(rng: Random) -> tuple[str, str]:
    x = rng.choice(_LETTERS)
    a, b, c = (Fraction(nonzero(rng, 12), rng.randint(1, 9)) for _ in range(3))
    exponent = (a + b) * c
    return f"Simplify ({x}**({a})*{x}**({b}))**({c}) assuming {x} is positive.", f"{x}**({exponent})"


def surd(rng: Random) -> tuple[str, str]:
    n = rng.choice(PRIMES[:8])
    s, t, p, q, c = rng.randint(1, 9), rng.randint(1, 9), nonzero(rng, 9), nonzero(rng, 9), nonzero(rng, 20)
    text = f"{p}*sqrt({s * s * n}) + {q}*(sqrt({t * t * n}) + {c})".replace("+ -", "- ")
    return f"Simplify {text}.", f"{p * s + q * t}*sqrt({n}) + {q * c}"


def steps(rng: Random) -> tuple[str, str]:
    """One or two letters are given a value in words, then the last request uses them."""
    x, y, u, f = rng.sample(_LETTERS, 4)
    given = rng.choice(("let", "suppose", "system", "function"))
    s, t = rng.randint(2, 60), rng.randint(2, 60)
    if given == "let":
        shift = signed(rng, 3)
        text = f"Let {x} = {joined([str(s + shift), str(-shift)])}. "
    elif given == "suppose":
        a, b = nonzero(rng, 20), nonzero(rng, 90)
        text = f"Suppose {show([b, a], x)} = {a * s + b}. "
    elif given == "system":
        text = f"Suppose {_equations(rng, x, y, s, t)}. "
    else:
        p, at = polynomial(rng, 2, 9), rng.randint(-6, 6)
        p[0] += s - value(p, at)
        text = f"Let {f}({u}) = {show(p, u)}. Let {x} be {f}({at}). "
    free = next(letter for letter in _LETTERS if letter not in (x, y, u, f))
    request, answer = _last_request(rng, x, free, s)
    return text + request, answer


def _last_request(rng: Random, x: str, z: str, s: int) -> tuple[str, str]:
    """A request about `x`, whose value is `s`; `z` is a letter that the steps do not use."""
    k, rest = rng.randint(2, 30), rng.randrange(s)
    prime = all(s % d for d in range(2, s))
    quotient = magnitude(rng, 3)
    return rng.choice(
        (
            (f"Calculate the remainder when {s * quotient + rest} is divided by {x}.", str(rest)),
            (f"What is the greatest common divisor of {x} and {s * k}?", str(s)),
            (f"Calculate the least common multiple of {x} and {s * k}.", str(s * k)),
            (f"Is {x} a factor of {s * k + rest}?", str(rest == 0)),
            (f"Is {x} prime?", str(prime)),
            (f"What is the units digit of {x}?", str(s % 10)),
            (f"Is {x} less than {s + rest}?", str(rest > 0)),
            (f"Which is smaller: {x} or {s + k}?", x),
            (f"Which is the nearest to {s - 1}?  (a) {s + k}  (b) {x}  (c) -{k}", "b"),
            (f"Sort {s + k}, {x}, -{k}.", f"-{k}, {x}, {s + k}"),
            (f"Solve {x}*{z} + {k} = {s * quotient + k} for {z}.", str(quotient)),
        )
    )


FAMILIES: tuple[Family, ...] = (
    linear_equation,
    two_linear_equations,
    roots,
    factoring,
    next_term,
    nth_term,
    collecting,
    expanding,
    coefficient,
    evaluating,
    derivative,
    composing,
    power_rule,
    surd,
    steps,
    steps,
    steps,
)
