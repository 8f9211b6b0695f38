"""Families of generated problems: arithmetic and whole numbers.

Each family takes a `random.Random` and returns (question, answer). The answer comes from how the
question was built (a quotient and a remainder are chosen, then the dividend), never from a teacher's
program. Wordings are partly those of the DeepMind family, partly our own.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from random import Random

Family = Callable[[Random], tuple[str, str]]
PRIMES = tuple(n for n in range(2, 400) if all(n % d for d in range(2, n)))
_NUMERALS = "0123456789abcdef"
_PLACES = ("units", "tens", "hundreds", "thousands", "ten thousands", "hundred thousands", "millions")
_NEAREST = ("ten", "one hundred", "one thousand", "ten thousand", "one hundred thousand", "one million")


def magnitude(rng: Random, digits: int = 6) -> int:
    """A positive integer whose length, not whose value, is uniform."""
    return rng.randrange(1, 10 ** rng.randint(1, digits))


def signed(rng: Random, digits: int = 6) -> int:
    return rng.choice((1, 1, -1)) * magnitude(rng, digits)


def decimal(value: int, places: int) -> str:
    """`value / 10**places` written as a decimal without trailing zeros."""
    digits = str(abs(value)).rjust(places + 1, "0")
    whole, part = (digits, "") if places == 0 else (digits[:-places], digits[-places:].rstrip("0"))
    return ("-" if value < 0 else "") + whole + ("." + part if part else "")


def add_or_subtract(rng: Random) -> tuple[str, str]:
    places = rng.choice((0, 0, 1, 2, 4))
    a, b = signed(rng, 9), signed(rng, 7)
    x, y = decimal(a, places), decimal(b, places)
    plus, minus = decimal(a + b, places), decimal(a - b, places)
    return rng.choice(
        (
            (f"What is {x} plus {y}?", plus),
            (f"Calculate {x} + {y}.", plus),
            (f"Add {x} and {y}.", plus),
            (f"What is {x} minus {y}?", minus),
            (f"Work out {x} - {y}.", minus),
            (f"Subtract {y} from {x}.", minus),
            (f"What is the distance between {x} and {y}?", minus.lstrip("-")),
        )
    )


def multiply(rng: Random) -> tuple[str, str]:
    p, q = rng.choice((0, 0, 1, 3)), rng.choice((0, 0, 2))
    a, b = signed(rng, 6), signed(rng, 4)
    x, y = decimal(a, p), decimal(b, q)
    form = rng.choice(
        ("What is {} times {}?", "Multiply {} and {}.", "{} * {}", "What is the product of {} and {}?")
    )
    return form.format(x, y), decimal(a * b, p + q)


def divide(rng: Random) -> tuple[str, str]:
    a, b = signed(rng, 6), signed(rng, 3)
    a = a if rng.random() < 0.3 else a * b
    form = rng.choice(("Divide {} by {}.", "What is {} divided by {}?", "Calculate {} divided by {}."))
    return form.format(a, b), str(Fraction(a, b))


def arithmetic_expression(rng: Random) -> tuple[str, str]:
    text, value = _tree(rng, rng.randint(2, 4), rng.choice(("+-", "+-*", "+-*/", "*/")))
    return rng.choice(("What is {}?", "Evaluate {}.", "Calculate {}.", "What is the value of {}?")).format(
        text
    ), value


def _tree(rng: Random, leaves: int, operators: str) -> tuple[str, str]:
    def build(n: int) -> tuple[str, Fraction, bool]:
        """Text, value, and whether the text is one token that needs no brackets."""
        if n == 1:
            value = rng.randint(1, 60)
            return str(value), Fraction(value), True
        left = rng.randint(1, n - 1)
        (a, x, a_plain), (b, y, b_plain) = build(left), build(n - left)
        operator = rng.choice(operators if y else operators.replace("/", "-"))
        text = f"{a if a_plain else f'({a})'} {operator} {b if b_plain else f'({b})'}"
        return text, {"+": x + y, "-": x - y, "*": x * y, "/": x / y if y else x}[operator], False

    text, value, _ = build(leaves)
    return text, str(value)


def nearest_root(rng: Random) -> tuple[str, str]:
    degree = rng.choice((2, 2, 3, 3, 4, 5))
    root = rng.randint(2, 2000 // degree**2)
    low, high = degree * (root - 1) ** (degree - 1) // 2, degree * root ** (degree - 1) // 2
    n = root**degree + rng.randint(-low, high)
    name = {2: "square", 3: "cube", 4: "fourth", 5: "fifth"}[degree]
    return rng.choice(
        (
            f"What is the {name} root of {n} to the nearest integer?",
            f"What is {n} to the power of 1/{degree}, to the nearest integer?",
        )
    ), str(root)


def _coprime(rng: Random) -> tuple[int, int]:
    m = rng.randint(2, 300)
    return m, m * rng.randint(1, 20) + 1


def greatest_common_divisor(rng: Random) -> tuple[str, str]:
    g, (m, n) = magnitude(rng, 3), _coprime(rng)
    form = rng.choice(
        (
            "Calculate the greatest common divisor of {} and {}.",
            "What is the highest common factor of {} and {}?",
            "Find the largest number that divides both {} and {}.",
        )
    )
    return form.format(g * m, g * n), str(g)


def least_common_multiple(rng: Random) -> tuple[str, str]:
    g, (m, n) = magnitude(rng, 3), _coprime(rng)
    form = rng.choice(
        (
            "Calculate the least common multiple of {} and {}.",
            "What is the smallest common multiple of {} and {}?",
            "Find the smallest positive number that both {} and {} divide.",
        )
    )
    return form.format(g * m, g * n), str(g * m * n)


def remainder(rng: Random) -> tuple[str, str]:
    divisor = magnitude(rng, 4) + 1
    rest = rng.randrange(divisor)
    form = rng.choice(
        (
            "What is the remainder when {} is divided by {}?",
            "Calculate the remainder when {} is divided by {}.",
            "What is left over when {} is divided by {}?",
        )
    )
    return form.format(divisor * magnitude(rng, 5) + rest, divisor), str(rest)


def divisibility(rng: Random) -> tuple[str, str]:
    divisor = magnitude(rng, 3) + 1
    rest = rng.choice((0, rng.randrange(1, divisor)))
    n = divisor * magnitude(rng, 4) + rest
    form = rng.choice(
        (
            "Is {d} a factor of {n}?",
            "Does {d} divide {n}?",
            "Is {n} a multiple of {d}?",
            "Is {n} divisible by {d}?",
        )
    )
    return form.format(d=divisor, n=n), str(rest == 0)


def primality(rng: Random) -> tuple[str, str]:
    prime = rng.random() < 0.5
    n = rng.choice(PRIMES) if prime else rng.choice(PRIMES) * rng.choice(PRIMES)
    word = rng.choice(("prime", "composite"))
    form = rng.choice(("Is {} {}?", "Is {} a {} number?"))
    return form.format(n, word), str(prime == (word == "prime"))


def prime_factors(rng: Random) -> tuple[str, str]:
    primes = sorted(rng.sample(PRIMES[:20], rng.randint(1, 3)))
    n = prod(p ** rng.randint(1, 2) for p in primes)
    form = rng.choice(
        (
            "What are the prime factors of {}?",
            "List the prime factors of {}.",
            "Find the prime factors of {}.",
        )
    )
    return form.format(n), ", ".join(map(str, primes))


def place_value(rng: Random) -> tuple[str, str]:
    digits = [rng.randint(1, 9), *(rng.randint(0, 9) for _ in range(rng.randint(1, 8)))]
    place = rng.randrange(min(len(digits), len(_PLACES)))
    number = "".join(map(str, digits))
    return f"What is the {_PLACES[place]} digit of {number}?", str(digits[-1 - place])


def rounding(rng: Random) -> tuple[str, str]:
    power = rng.randint(1, 6)
    unit = 10**power
    kept, rest = signed(rng, 4), rng.randint(1 - unit // 2, unit // 2 - 1)
    form = rng.choice(("Round {} to {}.", "What is {} rounded to {}?"))
    if rng.random() < 0.5:
        return form.format(kept * unit + rest, f"the nearest {_NEAREST[power - 1]}"), str(kept * unit)
    places = rng.randint(1, 4)
    text = decimal(kept * unit + rest, power + places)
    return form.format(text, f"{places} decimal places"), decimal(kept, places)


def numeral(value: int, base: int) -> str:
    sign, value, digits = "-" if value < 0 else "", abs(value), ""
    while value:
        value, digit = divmod(value, base)
        digits = _NUMERALS[digit] + digits
    return sign + (digits or "0")


def base_conversion(rng: Random) -> tuple[str, str]:
    value, (source, target) = signed(rng, 6), rng.sample(range(2, 17), 2)
    form = rng.choice(
        (
            "Convert {} (base {}) to base {}.",
            "What is {} (base {}) in base {}?",
            "Write {} (base {}) in base {}.",
        )
    )
    return form.format(numeral(value, source), source, target), numeral(value, target)


def base_sum(rng: Random) -> tuple[str, str]:
    a, b, base, minus = signed(rng), signed(rng), rng.randint(2, 16), rng.random() < 0.5
    operator, value = ("-", a - b) if minus else ("+", a + b)
    return f"In base {base}, what is {numeral(a, base)} {operator} {numeral(b, base)}?", numeral(value, base)


FAMILIES: tuple[Family, ...] = (
    add_or_subtract,
    multiply,
    divide,
    arithmetic_expression,
    nearest_root,
    greatest_common_divisor,
    least_common_multiple,
    remainder,
    divisibility,
    primality,
    prime_factors,
    place_value,
    rounding,
    base_conversion,
    base_sum,
)
