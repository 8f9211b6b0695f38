"""Families of generated problems: comparisons, measures, chance, everyday requests, word problems.

Same contract as `families`: (question, answer) from a `random.Random`, the answer by construction.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from random import Random

from training.data.problems.everyday import TEMPLATES
from training.data.problems.families import Family, decimal, magnitude, signed

_NAMES = ("Anna", "Ben", "Clara", "Dev", "Emma", "Farid", "Grace", "Hugo", "Ines", "Jun", "Kofi", "Lena")
_THINGS = ("apples", "books", "cards", "coins", "eggs", "marbles", "oranges", "pens", "shells", "stamps")


def _number(rng: Random) -> tuple[str, Fraction]:
    """An integer, decimal or fraction as text, with its value."""
    kind, n = rng.randrange(3), signed(rng, 3)
    if kind == 0:
        return str(n), Fraction(n)
    if kind == 1:
        return decimal(n, 1), Fraction(n, 10)
    value = Fraction(n, rng.randint(2, 30))
    return str(value), value


def _numbers(rng: Random, count: int) -> list[tuple[str, Fraction]]:
    """`count` numbers of different value."""
    found: dict[Fraction, str] = {}
    while len(found) < count:
        text, value = _number(rng)
        found.setdefault(value, text)
    return [(text, value) for value, text in found.items()]


def comparison(rng: Random) -> tuple[str, str]:
    (a, x), (b, y) = _numbers(rng, 2)
    return rng.choice(
        (
            (f"Is {a} bigger than {b}?", str(x > y)),
            (f"Is {a} at most {b}?", str(x <= y)),
            (f"Which is smaller: {a} or {b}?", a if x < y else b),
            (f"Which is greater: {a} or {b}?", a if x > y else b),
            (f"Which number is larger, {a} or {b}?", a if x > y else b),
            (f"Are {a} and {b} equal?", "False"),
        )
    )


def ordering(rng: Random) -> tuple[str, str]:
    numbers = _numbers(rng, rng.randint(3, 6))
    listing = ", ".join(text for text, _ in numbers)
    up = [text for text, _ in sorted(numbers, key=lambda item: item[1])]
    return rng.choice(
        (
            (f"Sort {listing} in increasing order.", ", ".join(up)),
            (f"Put {listing} in descending order.", ", ".join(up[::-1])),
            (f"What is the second biggest value in {listing}?", up[-2]),
            (f"What is the smallest value in {listing}?", up[0]),
            (
                "Which is the biggest value?" + _options(numbers),
                "abcdef"[[t for t, _ in numbers].index(up[-1])],
            ),
        )
    )


def _options(numbers: list[tuple[str, Fraction]]) -> str:
    return "".join(f"  ({letter}) {text}" for letter, (text, _) in zip("abcdef", numbers, strict=False))


def closest(rng: Random) -> tuple[str, str]:
    target, value = _number(rng)
    numbers = [(t, v) for t, v in _numbers(rng, 5) if v != value]
    distances = {abs(v - value): t for t, v in numbers}
    numbers = [(t, v) for t, v in numbers if distances[abs(v - value)] == t]
    best = distances[min(distances)]
    if rng.random() < 0.5:
        return f"What is the closest to {target} in {', '.join(t for t, _ in numbers)}?", best
    letter = "abcdef"[[t for t, _ in numbers].index(best)]
    return f"Which is the nearest to {target}?{_options(numbers)}", letter


def conversion(rng: Random) -> tuple[str, str]:
    big, small, ratio = rng.choice(
        (
            ("kilometers", "meters", 1000),
            ("meters", "centimeters", 100),
            ("kilograms", "grams", 1000),
            ("litres", "millilitres", 1000),
            ("hours", "minutes", 60),
            ("days", "hours", 24),
            ("weeks", "days", 7),
            ("minutes", "seconds", 60),
            ("years", "months", 12),
            ("grams", "milligrams", 1000),
        )
    )
    n, places = magnitude(rng, 5), rng.choice((0, 1, 2))
    forms = ("How many {to} are there in {n} {of}?", "What is {n} {of} in {to}?", "Convert {n} {of} to {to}.")
    if rng.random() < 0.5:
        return rng.choice(forms).format(n=decimal(n, places), of=big, to=small), decimal(n * ratio, places)
    return rng.choice(forms).format(n=decimal(n * ratio, places), of=small, to=big), decimal(n, places)


def clock(minutes: int) -> str:
    hours, rest = divmod(minutes % 1440, 60)
    return f"{(hours + 11) % 12 + 1}:{rest:02d} {'AM' if hours < 12 else 'PM'}"


def time_of_day(rng: Random) -> tuple[str, str]:
    start, length = rng.randrange(1440), rng.randint(1, 719)
    a, b = clock(start), clock(start + length)
    return rng.choice(
        (
            (f"How many minutes are there between {a} and {b}?", str(length)),
            (f"What is {length} minutes after {a}?", b),
            (f"What is {length} minutes before {b}?", a),
        )
    )


def drawing(rng: Random) -> tuple[str, str]:
    letters = rng.sample("abcdefghjkmnpqrstuvwxyz", rng.randint(2, 4))
    bag = {letter: rng.randint(2, 6) for letter in letters}
    text = "{" + ", ".join(f"{letter}: {count}" for letter, count in bag.items()) + "}"
    total, (x, y) = sum(bag.values()), letters[:2]
    ordered = Fraction(bag[x] * bag[y], total * (total - 1))
    if rng.random() < 0.5:
        return (
            f"What is prob of sequence {x}{y} when two letters picked without replacement from {text}?",
            str(ordered),
        )
    return f"Two letters picked without replacement from {text}. Give prob of picking 1 {x} and 1 {y}.", str(
        2 * ordered
    )


def everyday(rng: Random) -> tuple[str, str]:
    n, k = rng.randint(2, 12), rng.randint(2, 6)
    percent, hundred, digits = rng.randint(1, 99), rng.randint(1, 400), [rng.randint(1, 9) for _ in range(n)]
    low, length, mean = magnitude(rng, 3), 2 * rng.randint(1, 40), signed(rng, 3)
    spread = [rng.randint(-50, 50) for _ in range(k - 1)]
    values = [mean + d for d in spread] + [mean - sum(spread)]
    return rng.choice(
        (
            (f"What is {percent}% of {100 * hundred}?", str(percent * hundred)),
            (f"What is {n} to the power of {k}?", str(prod([n] * k))),
            (
                f"What is the sum of the whole numbers from {low} to {low + length}?",
                str((low + length // 2) * (length + 1)),
            ),
            (f"What is the mean of {', '.join(map(str, values))}?", str(mean)),
            (f"What is the sum of the digits of {''.join(map(str, digits))}?", str(sum(digits))),
            (f"What is {n} factorial?", str(prod(range(1, n + 1)))),
            (f"How many ways are there to choose 2 of {n} books?", str(n * (n - 1) // 2)),
            (f"How many divisors does {2**k * 3 ** (n % 4)} have?", str((k + 1) * (n % 4 + 1))),
        )
    )


def word_problem(rng: Random) -> tuple[str, str]:
    template = rng.choice(TEMPLATES)
    x, y, z = rng.randint(2, 90), rng.randint(2, 40), rng.randint(2, 60)
    rest = rng.randrange(y)
    a, b, c, answer = {
        "gain": (x, y, 0, x + y),
        "loss": (x + y, y, 0, x),
        "boxes": (x, y, 0, x * y),
        "share": (x * y, y, 0, x),
        "left": (x * y + rest, y, 0, rest),
        "travel": (x, y, 0, x * y),
        "change": (x, y, x * y + z, z),
        "save": (x, x * y, 0, y),
        "area": (x, y, 0, x * y),
        "border": (x, y, 0, x + x + y + y),
        "pages": (x, y, z, x + y + z),
        "twice": (x, 0, 0, 3 * x),
    }[template.key]
    name, thing = rng.choice(_NAMES), rng.choice(_THINGS)
    return template.text.format(name=name, thing=thing, a=a, b=b, c=c), str(answer)


FAMILIES: tuple[Family, ...] = (
    comparison,
    ordering,
    closest,
    conversion,
    time_of_day,
    drawing,
    everyday,
    word_problem,
)
