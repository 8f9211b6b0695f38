"""Roles from our own generators, right by construction: augment, solve in words, judge steps.

augment   two questions of one family: other numbers, another wording with the same numbers and answer,
          longer numbers, or just another question
words     worked solutions, step by step; with one result changed, the steps up to it to judge
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

from mathlm.prompts import NO, YES, Augmentation, render_augment, render_judge_steps, render_reason
from training.data.prepare.normalise import numbers
from training.data.problems.families import Family
from training.data.problems.generate import FAMILIES
from training.data.roles.attempts import on_test_side, role_line

DRAWS = 60
"""Questions of one family that are drawn to find pairs among."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

Worked = tuple[str, list[str], str]


def augmentations(count: int, *, seed: int) -> Iterator[dict[str, str]]:
    """At least `count` lines (as long as the families give any), the families in turn."""
    made, turn = 0, 0
    while made < count:
        family = FAMILIES[turn % len(FAMILIES)]
        rng = Random(f"augment/{seed}/{turn}")
        drawn = [found for found in (family(rng) for _ in range(DRAWS)) if not on_test_side(found[0])]
        for line in _pairs(drawn, _reworded(family, f"augment/{seed}/{turn}")):
            yield line
            made += 1
        turn += 1


class _OtherWording(Random):
    """Draws the same numbers as `Random` of that seed, but the next wording where one is chosen."""

    def choice(self, seq: Any) -> Any:
        drawn = super().choice(seq)
        if not all(_is_wording(item[0] if isinstance(item, tuple) else item) for item in seq):
            return drawn
        return seq[(seq.index(drawn) + 1) % len(seq)]


def _is_wording(item: object) -> bool:
    return isinstance(item, str) and " " in item and ("{" in item or item.endswith((".", "?")))


def _reworded(family: Family, seed: str) -> list[str] | None:
    """A question in two wordings: the same numbers and the same answer."""
    (first, answer), (other, again) = family(Random(seed)), family(_OtherWording(seed))
    same = answer == again and sorted(numbers(first)) == sorted(numbers(other))
    return [first, other] if same and not on_test_side(first) and not on_test_side(other) else None


def _pairs(drawn: list[tuple[str, str]], reworded: list[str] | None) -> Iterator[dict[str, str]]:
    """One pair of each kind, where the questions drawn have one."""
    wordings: dict[str, list[str]] = defaultdict(list)
    for question, _ in drawn:
        wordings[_NUMBER.sub("#", question)].append(question)
    same = next((found[:2] for found in wordings.values() if len(found) > 1), None)
    pairs = {Augmentation.NUMBERS: same, Augmentation.HARDER: _longer(wordings)}
    pairs[Augmentation.REPHRASE] = reworded
    if len(drawn) > 1:
        pairs[Augmentation.BASED_ON] = [drawn[0][0], drawn[1][0]]
    for how, pair in pairs.items():
        if pair is not None and pair[0] != pair[1]:
            yield role_line("augment", render_augment(pair[0], how), pair[1])


def _longer(wordings: dict[str, list[str]]) -> list[str] | None:
    """Two questions of one wording, the second with clearly longer numbers."""
    for found in wordings.values():
        ordered = sorted(found, key=lambda text: (_digits(text), text))
        if _digits(ordered[-1]) >= _digits(ordered[0]) + 3:
            return [ordered[0], ordered[-1]]
    return None


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def worked(count: int, *, seed: int) -> Iterator[dict[str, str]]:
    """`count` solutions in words, each with a judged copy in which one step may be wrong."""
    for i in range(count):
        rng = Random(f"words/{seed}/{i}")
        question, steps, answer = rng.choice(WORKED)(rng)
        if on_test_side(question):
            continue
        yield role_line("words", render_reason(question), "\n".join([*steps, f"Answer: {answer}"]))
        wrong = rng.randrange(len(steps) + 1)
        shown, marks = steps, [YES] * len(steps)
        if wrong < len(steps):
            shown = [*steps[:wrong], _spoiled(steps[wrong], rng)]
            marks = [*[YES] * wrong, NO]
        yield role_line("judge_steps", render_judge_steps(question, shown), "\n".join(marks))


def _spoiled(step: str, rng: Random) -> str:
    """The step with another result: its last number changed."""
    *_, last = _NUMBER.finditer(step)
    return f"{step[: last.start()]}{int(last.group()) + rng.randint(1, 9)}{step[last.end() :]}"


def _sum(rng: Random) -> Worked:
    values = [rng.randint(2, 99) for _ in range(rng.randint(3, 5))]
    steps, total = [], values[0]
    for value in values[1:]:
        steps.append(f"{total} + {value} = {total + value}.")
        total += value
    return f"What is {' + '.join(map(str, values))}?", steps, str(total)


def _gcd(rng: Random) -> Worked:
    a, b = sorted((rng.randint(20, 900), rng.randint(10, 400)), reverse=True)
    question, steps = f"Find the greatest common divisor of {a} and {b}.", []
    while b:
        steps.append(f"The remainder of {a} divided by {b} is {a % b}.")
        a, b = b, a % b
    return question, steps, str(a)


def _linear(rng: Random) -> Worked:
    a, x, b = rng.randint(2, 15), rng.randint(1, 40), rng.randint(1, 60)
    steps = [f"Subtract {b}: {a}*x = {a * x}.", f"Divide by {a}: x = {x}."]
    return f"Solve {a}*x + {b} = {a * x + b} for x.", steps, str(x)


def _shop(rng: Random) -> Worked:
    count, price, paid = rng.randint(2, 12), rng.randint(2, 20), rng.randint(1, 50)
    cost = count * price
    thing = rng.choice(("pens", "books", "apples", "tickets"))
    return (
        f"{thing.capitalize()} cost {price} coins each. You buy {count} and pay with {cost + paid} coins. "
        "How many coins do you get back?",
        [
            f"The {thing} cost {count} * {price} = {cost}.",
            f"What is left is {cost + paid} - {cost} = {paid}.",
        ],
        str(paid),
    )


WORKED = (_sum, _gcd, _linear, _shop)
