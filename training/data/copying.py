"""Texts in which something random stands twice: to copy exactly is what a writer of programs needs first.

A question's numbers, letters and expressions must reach the program unchanged, also where they are longer
than any in the training questions. Each text shows one random thing (a number, a word of random letters, a
list, an expression, a table of counts) in prose and again in code, as questions and programs do.

Contract: `texts(count, seed)` is a pure function of its arguments; text i depends on seed and i alone.
Source: repeated random tokens are what induction heads learn from (Olsson et al. 2022, arXiv:2209.11895).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from string import ascii_lowercase

LONGEST_NUMBER = 40
LONGEST_WORD = 24
LONGEST_LIST = 16
LONGEST_SUM = 14

FRAMES = (
    ("What is {}?", "print({})"),
    ("Let x = {}. Find x.", "x = E('{}')"),
    ("Simplify {}.", "S('{}')"),
    ("Suppose f(t) = {}.", "f = lambda t: {}"),
    ("Sort {} in increasing order.", "sorted([{}])"),
    ("Letters picked from {}.", "Counter('{}')"),
    ("Round {}.", "X = S('{}')"),
)


def texts(count: int, *, seed: int) -> Iterator[dict[str, str]]:
    """Pre-training lines `{"id", "text"}`."""
    for i in range(count):
        rng = Random(f"copy/{seed}/{i}")
        thing = rng.choice(THINGS)(rng)
        before, after = rng.choice(FRAMES)
        yield {"id": f"copy-{seed}-{i}", "text": f"{before.format(thing)}\n{after.format(thing)}"}


def number(rng: Random) -> str:
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(1, LONGEST_NUMBER)))
    point = rng.randint(1, len(digits)) if rng.random() < 0.4 else len(digits)
    sign = "-" if rng.random() < 0.3 else ""
    return (
        sign
        + digits[:point].lstrip("0").rjust(1, "0")
        + ("." + digits[point:] if point < len(digits) else "")
    )


def word(rng: Random) -> str:
    letters = rng.sample(ascii_lowercase, rng.randint(1, 8))
    return "".join(rng.choice(letters) for _ in range(rng.randint(1, LONGEST_WORD)))


def numbers(rng: Random) -> str:
    return ", ".join(number(rng)[:8].rstrip(".") for _ in range(rng.randint(2, LONGEST_LIST)))


def counts(rng: Random) -> str:
    letters = rng.sample(ascii_lowercase, rng.randint(1, 8))
    return "{" + ", ".join(f"{letter}: {rng.randint(1, 19)}" for letter in letters) + "}"


def terms(rng: Random) -> str:
    """A sum of terms such as `-3*x**2`, some in brackets."""
    letters = rng.sample(ascii_lowercase, rng.randint(1, 3))
    parts = []
    for _ in range(rng.randint(1, LONGEST_SUM)):
        term = str(rng.randint(0, 10 ** rng.randint(1, 6)))
        for _ in range(rng.choice((0, 1, 1, 2))):
            term += f"*{rng.choice(letters)}" + (f"**{rng.randint(2, 9)}" if rng.random() < 0.5 else "")
        parts.append(f"({rng.choice('-+')}{term})" if rng.random() < 0.2 else term)
    joined = parts[0]
    for part in parts[1:]:
        joined += rng.choice((" + ", " - ", " + ", "*", "/")) + part
    return joined


def nested(rng: Random) -> str:
    """Products and quotients of powers of one letter in brackets: `(x/(x*x**3))*x**(-1/4)`."""
    x = rng.choice(ascii_lowercase)

    def part(depth: int) -> str:
        if depth == 0 or rng.random() < 0.25:
            power = rng.choice(("", "", f"**{rng.randint(2, 14)}", f"**(-{rng.randint(1, 14)})",
                                f"**({rng.randint(1, 9)}/{rng.randint(2, 9)})"))  # fmt: skip
            return x + power
        inner = rng.choice("*/").join(part(depth - 1) for _ in range(rng.randint(2, 3)))
        return f"({inner})" if rng.random() < 0.7 else inner

    return part(rng.randint(1, 4))


THINGS: tuple[Callable[[Random], str], ...] = (number, word, word, numbers, counts, terms, terms, nested)
