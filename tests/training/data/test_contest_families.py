"""Contest families: what they state is true by a count that knows nothing of its proof, in 200 draws each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import gcd, lcm
from pathlib import Path
from random import Random

import pytest

from mathlm.cli.options import MAX_TOKENS
from model.tokenizer import Tokenizer
from training.data import theorem_families_contest as contest
from training.data import theorem_families_sequences as sequences
from training.data.theorem_families import Family

SHIPPED = Path(__file__).parents[3] / "model/weights/mathlm-mini"


def draws(family: Family, count: int = 200) -> Iterator[tuple[str, list[int]]]:
    """Statements with the numbers in them."""
    rng = Random(11)
    for _ in range(count):
        statement, _proofs = family(rng)
        yield statement, [int(n) for n in re.findall(r"(?<![\w.])-?\d+", statement)]


def claimed(goal: str) -> tuple[int, Fraction | int]:
    """The index of a term and what is said of it: its value, or the sum of its denominator and numerator."""
    if found := re.fullmatch(r" ↑\(\w (\d+)\)\.den \+ \(\w \d+\)\.num = (-?\d+)", goal):
        return int(found[1]), int(found[2])
    found = re.fullmatch(r" \w (\d+) = ([\d /-]+)", goal)
    assert found is not None, goal
    return int(found[1]), Fraction(found[2].replace(" ", ""))


def check_term(goal: str, value: Fraction) -> None:
    said = claimed(goal)[1]
    assert said == (value if isinstance(said, Fraction) else value.denominator + value.numerator)


@pytest.mark.parametrize("family", dict.fromkeys((*contest.FAMILIES, *sequences.FAMILIES)))
def test_proofs_fit_into_an_answer(family: Family) -> None:
    tokenizer, rng = Tokenizer.load(SHIPPED), Random(3)
    for _ in range(100):
        _, proofs = family(rng)
        assert max(len(tokenizer.encode(proof)) for proof in proofs) < MAX_TOKENS


def test_changed_products() -> None:
    for statement, (both, a, b, again, value) in draws(contest.changed_product):
        assert both == again
        found = [(x, both // x) for x in range(1, both + 1) if both % x == 0]
        ((x, y),) = [(x, y) for x, y in found if (x + a) * (y - b) == both]
        names = re.findall(r"\w+", statement)[:2]
        goal = statement.rpartition(" : ")[2].partition(" =")[0]
        assert value == {names[0]: x, names[1]: y}.get(goal, x + y)


def test_divisors_between_bounds() -> None:
    for statement, _ in draws(contest.modular_inverse):
        low, high, a, c, power, m = re.findall(
            r"(\d+) ≤ \w+ ∧ \w+ ≤ (\d+)\) \(h₂ : (\d+) \* .*- (\d+)(?: \^ (\d))?\) .* = (\d+)$", statement
        )[0]
        root = int(c) ** int(power or 1)
        solutions = [
            d for d in range(int(low), int(high) + 1) if any((int(a) * x - 1) % d == 0 and (x - root) % d == 0
            for x in range(d))
        ]  # fmt: skip
        assert solutions == [int(m)]


def test_gcd_and_lcm() -> None:
    for statement, numbers in draws(contest.gcd_and_lcm):
        if len(numbers) == 3:
            divisor, multiple, both = numbers
            assert divisor * multiple == both and re.search(r" : \w \* \w = ", statement)
        else:
            other, divisor, again, multiple, first = numbers
            assert other == again and (gcd(first, other), lcm(first, other)) == (divisor, multiple)


def test_last_digits() -> None:
    for statement, _ in draws(contest.power_of_a_power):
        name, text = statement[1], statement.replace("^", "**")
        given, form, digit = re.findall(r" = (.*)\) : (.*) % 10 = (\d)$", text)[0]
        k = eval(given)  # numerals, `+` and `**` of our own
        (base,) = re.findall(rf"(\d+) \*\* {name}\b", form)
        rest = eval(form.replace(f"{base} ** {name}", "0"), {}, {name: k})
        assert (rest + pow(int(base), k, 10)) % 10 == int(digit), statement


def test_what_divides_cubes() -> None:
    shapes, met = set(), 0
    for statement, _ in draws(contest.cubes):
        names = re.findall(r"\((\w(?: \w)*) :", statement)[0].split()
        divisor, _, value = statement.rpartition(" : ")[2].replace("^", "**").partition(" ∣ ")
        given = re.findall(r"\(h₀ : (.*) = (.*)\) :", statement.replace("^", "**"))
        shapes.add((len(names), bool(given)))
        for values in product(range(-6, 7), repeat=len(names)):
            numbers = dict(zip(names, values, strict=True))
            if all(eval(left, {}, numbers) == eval(right, {}, numbers) for left, right in given):
                d, v = eval(divisor, {}, numbers), eval(value, {}, numbers)
                assert v == 0 if d == 0 else v % d == 0
                met += bool(given) and any(values)
    assert shapes == {(1, False), (2, False), (3, False), (3, True)}
    assert met  # a hypothesis that only zeros meet would let any claim through


def test_periodic_sequences() -> None:
    for statement, _ in draws(sequences.periodic_sequence):
        head, _, goal = statement.rpartition(" : ")
        first = [int(value) for value in re.findall(r": \w \d = (-?\d+)\)", head)]
        sum_, _, value = goal.rpartition(" = ")
        asked = [int(index) for index in re.findall(r"\d+", sum_)]
        assert len(set(asked)) == len(asked)
        terms = list(first)
        while len(terms) < max(asked):
            back = terms[::-1]
            terms.append(back[0] - back[1] + (back[2] - back[3] if len(first) == 4 else 0))
        assert sum(terms[index - 1] for index in asked) == int(value)


def test_lyness_cycles() -> None:
    for statement, _ in draws(sequences.lyness_cycle):
        first, second = re.findall(r"\d = (\d+)\)", statement)[:2]
        rule = re.findall(r" = (\(.*) : ", statement)[0].removesuffix(")")
        rule = re.sub(r"\w \(\w - 1\)", "b", re.sub(r"\w \(\w - 2\)", "a", rule))
        goal = statement.rpartition(":")[2]
        terms = [Fraction(first), Fraction(second)]
        while len(terms) < claimed(goal)[0]:
            terms.append(eval(rule, {}, {"a": terms[-2], "b": terms[-1]}))
        check_term(goal, terms[claimed(goal)[0] - 1])


def test_harmonic_progressions() -> None:
    for statement, _ in draws(sequences.harmonic_progression):
        first, second = (
            Fraction(v.replace(" ", "")) for v in re.findall(r": \w \d = ([\d /]+)\)", statement)[:2]
        )
        goal = statement.rpartition(":")[2]
        index = claimed(goal)[0]
        assert 2 * second != first  # or the rule for n = 0 could not hold
        check_term(goal, 1 / (1 / first + (index - 1) * (1 / second - 1 / first)))


def test_closed_forms() -> None:
    for statement, _ in draws(sequences.closed_form):
        n = re.findall(r"\((\w) : ", statement)[0]
        start = int(re.findall(r"0 = (\d+)\)", statement)[0])
        rule = re.sub(rf"\w {n}\b", "u", re.findall(r"\w \(\w \+ 1\) = (.*)\) : ", statement)[0])
        goal = (
            re.sub(rf"\w {n}\b", "u", statement.rpartition(" : ")[2])
            .replace("^", "**")
            .replace(" = ", " == ")
        )
        u = start
        for value in range(12):
            assert eval(goal, {}, {"u": u, n: value}), statement
            u = eval(rule, {}, {"u": u, n: value})
