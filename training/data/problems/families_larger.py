"""Families of generated problems at the sizes of the DeepMind family's extrapolation split and beyond.

Larger numbers, longer expressions, more items, more letters drawn. For a model that was trained on these
that split is no extrapolation any more: a figure on it says so where it is shown. Same contract as
`families`: (question, answer) from a `random.Random`, the answer by construction.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import comb, perm, prod
from random import Random

from training.data.problems.comparison import ORDINALS
from training.data.problems.families import Family, decimal, magnitude, signed
from training.data.problems.families_algebra import Polynomial, nonzero, show, times
from training.data.problems.whole_numbers import PLACES

_COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven")
_OPTIONS = "abcdefghijkl"
_METRIC = {"kilo": 3, "": 0, "centi": -2, "milli": -3, "micro": -6, "nano": -9}
_SHORT = {"kilo": "k", "": "", "centi": "c", "milli": "m", "micro": "u", "nano": "n"}
_CHOSEN = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "eighth": 8, "tenth": 10, "twentieth": 20}


def _number(rng: Random, digits: int = 10, places: int = 6) -> tuple[str, Fraction]:
    k = rng.randint(0, places)
    n = signed(rng, digits)
    return decimal(n, k), Fraction(n, 10**k)


def _decimal(value: Fraction) -> str:
    """A value whose denominator divides a power of ten."""
    places = 0
    while (value * 10**places).denominator > 1:
        places += 1
    return decimal(int(value * 10**places), places)


def sums(rng: Random) -> tuple[str, str]:
    (a, x), (b, y) = _number(rng), _number(rng)
    plus, minus = _decimal(x + y), _decimal(x - y)
    return rng.choice(
        (
            (f"What is {a} plus {b}?", plus),
            (f"Add {a} and {b}.", plus),
            (f"{a} + {b}", plus),
            (f"What is {a} minus {b}?", minus),
            (f"Subtract {b} from {a}.", minus),
            (f"What is {b} less than {a}?", minus),
            (f"What is the difference between {a} and {b}?", _decimal(abs(x - y))),
        )
    )


def products(rng: Random) -> tuple[str, str]:
    (a, x), (b, y) = _number(rng, 9, 6), _number(rng, 6, 5)
    forms = ("What is {} times {}?", "Calculate {}*{}.", "Product of {} and {}.", "{} times {}", "{} * {}")
    return rng.choice(forms).format(a, b), _decimal(x * y)


def quotients(rng: Random) -> tuple[str, str]:
    b, quotient = signed(rng, 8), signed(rng, 6)
    a = b * quotient if rng.random() < 0.8 else signed(rng, 10)
    form = rng.choice(("Divide {} by {}.", "What is {} divided by {}?", "{} divided by {}"))
    return form.format(a, b), str(Fraction(a, b))


def _chain(rng: Random, leaves: int, operators: str) -> tuple[str, Fraction]:
    """An expression of that many integers, with brackets only where it needs them."""
    multiplies = operators == "*/" or (operators == "+-*/" and rng.random() < 0.5)
    parts = _split(rng, leaves)
    text, total = _part(rng, parts[0], operators, bare=multiplies is False)
    for size in parts[1:]:
        piece, value = _part(rng, size, operators, bare=False)
        operator = rng.choice("*/" if multiplies else "+-")
        if operator == "/" and value == 0:
            operator = "*"
        text += f"{operator}{piece}" if multiplies else f" {operator} {piece}"
        total = {
            "+": lambda t, v: t + v,
            "-": lambda t, v: t - v,
            "*": lambda t, v: t * v,
            "/": lambda t, v: t / v,
        }[operator](total, value)
    return text, total


def _split(rng: Random, leaves: int) -> list[int]:
    """Sizes of at least two parts that make up `leaves`."""
    count = rng.randint(2, min(4, leaves))
    sizes = [1] * count
    for _ in range(leaves - count):
        sizes[rng.randrange(count)] += 1
    return sizes


def _part(rng: Random, size: int, operators: str, *, bare: bool) -> tuple[str, Fraction]:
    if size == 1:
        n = nonzero(rng, rng.choice((9, 60, 9999)))
        text = f"({n})" if n < 0 and not bare and rng.random() < 0.5 else str(n)
        return text, Fraction(n)
    text, value = _chain(rng, size, operators)
    return f"({text})", value


def longer_expression(rng: Random) -> tuple[str, str]:
    text, value = _chain(rng, rng.randint(5, 10), rng.choice(("+-", "*/", "+-*/")))
    form = rng.choice(("What is {}?", "Evaluate {}.", "Calculate {}.", "What is the value of {}?"))
    return form.format(text), str(value)


def _values(rng: Random, count: int) -> list[tuple[str, Fraction]]:
    """Integers, decimals and fractions of different value."""
    found: dict[Fraction, str] = {}
    while len(found) < count:
        n, kind = signed(rng, rng.choice((1, 1, 3, 6))), rng.randrange(3)
        value = Fraction(n, rng.choice((1, 10, 100, 1000)) if kind else rng.randint(2, 30))
        found.setdefault(value, _decimal(value) if kind else str(value))
    return [(text, value) for value, text in found.items()]


def _listed(values: list[tuple[str, Fraction]]) -> str:
    return "".join(f"  ({name}) {text}" for name, (text, _) in zip(_OPTIONS, values, strict=False))


def more_ordered(rng: Random) -> tuple[str, str]:
    values = _values(rng, rng.randint(5, 12))
    names = [text for text, _ in values]
    listing, up = ", ".join(names), [text for text, _ in sorted(values, key=lambda item: item[1])]
    k, how = rng.randrange(len(values)), rng.choice(("biggest", "smallest"))
    found = up[k if how == "smallest" else -k - 1]
    return rng.choice(
        (
            (f"What is the {ORDINALS[k]}{how} value in {listing}?", found),
            (f"Which is the {ORDINALS[k]}{how} value?{_listed(values)}", _OPTIONS[names.index(found)]),
            (f"Sort {listing} in ascending order.", ", ".join(up)),
            (f"Sort {listing} in decreasing order.", ", ".join(up[::-1])),
        )
    )


def closest_of_more(rng: Random) -> tuple[str, str]:
    (target, value), *others = _values(rng, rng.randint(6, 12))
    distances = Counter(abs(v - value) for _, v in others)
    values = [(t, v) for t, v in others if distances[abs(v - value)] == 1] or others[:1]
    best = min(values, key=lambda item: abs(item[1] - value))
    if rng.random() < 0.4:
        return f"What is the nearest to {target} in {', '.join(t for t, _ in values)}?", best[0]
    return f"Which is the closest to {target}?{_listed(values)}", _OPTIONS[values.index(best)]


def digit_of_longer(rng: Random) -> tuple[str, str]:
    digits = [rng.randint(1, 9), *(rng.randint(0, 9) for _ in range(rng.randint(7, 14)))]
    names = [name for name, power in PLACES.items() if power < len(digits)]
    place = rng.choice(names)
    return f"What is the {place} digit of {''.join(map(str, digits))}?", str(digits[-1 - PLACES[place]])


def round_longer(rng: Random) -> tuple[str, str]:
    power = rng.randint(1, 7)
    kept, rest = signed(rng, 6), rng.randint(1 - 10**power // 2, 10**power // 2 - 1)
    form = rng.choice(("Round {} to {}.", "What is {} rounded to {}?"))
    if rng.random() < 0.5:
        below = rng.randint(0, 4)
        text = decimal((kept * 10**power + rest) * 10**below, below)
        return form.format(text, f"the nearest {10**power}"), str(kept * 10**power)
    places = rng.randint(0, 7)
    text = decimal(kept * 10**power + rest, power + places)
    many = rng.choice((str(places), _COUNTS[places]))
    unit = rng.choice(("decimal places", "dps")) if places != 1 else rng.choice(("decimal place", "dp"))
    return form.format(text, f"{many} {unit}"), decimal(kept, places)


def more_drawn(rng: Random) -> tuple[str, str]:
    names = rng.sample("abcdefghijklmnopqrstuvwxyz", rng.randint(2, 6))
    bag = {name: rng.randint(1, 9) for name in names}
    many = rng.randint(3, 6)
    letters = list("".join(name * count for name, count in bag.items()))
    while len(letters) < many:
        bag[names[0]] += 1
        letters.append(names[0])
    rng.shuffle(letters)
    drawn = letters[:many]
    wanted, total = Counter(drawn), len(letters)
    text = rng.choice(
        ("".join(letters), "{" + ", ".join(f"{name}: {count}" for name, count in bag.items()) + "}")
    )
    if rng.random() < 0.5:
        event, ways = f"sequence {''.join(drawn)}", prod(perm(bag[x], k) for x, k in wanted.items())
        answer = Fraction(ways, perm(total, many))
    else:
        *first, last = [f"{k} {x}" for x, k in wanted.items()]
        event = "picking " + (f"{', '.join(first)} and {last}" if first else last)
        answer = Fraction(prod(comb(bag[x], k) for x, k in wanted.items()), comb(total, many))
    count = _COUNTS[many]
    if rng.random() < 0.5:
        form = rng.choice(("What is", "Calculate", "Give"))
        return f"{form} prob of {event} when {count} letters picked without replacement from {text}.", str(
            answer
        )
    lead = f"{count.capitalize()} letters picked without replacement from {text}."
    return f"{lead} {rng.choice(('What is', 'Give'))} prob of {event}?", str(answer)


def metric(rng: Random) -> tuple[str, str]:
    base = rng.choice(("meter", "gram", "litre", "second"))
    source, target = rng.sample(sorted(_METRIC), 2)
    ratio = Fraction(10) ** (_METRIC[source] - _METRIC[target])
    to = f"{target}{base}s"
    if rng.random() < 0.2 and ratio > 1:
        part = rng.choice(sorted(_CHOSEN))
        if (ratio / _CHOSEN[part]).denominator == 1:
            return f"What is one {part} of a {source}{base} in {to}?", str(ratio / _CHOSEN[part])
    n, places = magnitude(rng, 7), rng.randint(0, 6)
    amount, value = decimal(n, places), Fraction(n, 10**places)
    quantity = rng.choice((f"{amount} {source}{base}s", f"{amount}{_SHORT[source]}{base[0]}"))
    forms = ("How many {to} are there in {x}?", "What is {x} in {to}?", "Convert {x} to {to}.")
    return rng.choice(forms).format(to=to, x=quantity), _decimal(value * ratio)


def larger_roots(rng: Random) -> tuple[str, str]:
    size = rng.choice((100, 10_000, 1_000_000))
    roots = sorted({nonzero(rng, rng.choice((9, size))) for _ in range(rng.randint(2, 3))})
    polynomial: Polynomial = [nonzero(rng, 12)]
    for root in roots:
        polynomial = times(polynomial, [-root, 1])
    name = rng.choice("abcdfghjklmnopqrstuvwxyz")
    equation = f"{show(polynomial, name)} = 0"
    form = rng.choice(
        (f"Solve {equation} for {name}.", f"Solve {equation}.", f"What is {name} in {equation}?")
    )
    return form, ", ".join(map(str, roots))


FAMILIES: tuple[Family, ...] = (
    sums,
    products,
    quotients,
    longer_expression,
    more_ordered,
    closest_of_more,
    digit_of_longer,
    round_longer,
    more_drawn,
    metric,
    larger_roots,
)
