"""A question's text -> its steps and its final request, by form alone.

Questions of the DeepMind family read "Let x = … . Suppose … . Let f(t) be the second derivative of … .
What is …?". `parse` splits the sentences, types each step and leaves the last sentence as `request`.
The gold answer is never seen here.

Contract: `parse` returns None when a sentence before the last one has no known form. Names are single
lower-case letters, as that family writes them. Not covered: steps in free prose.
Source of the wording: Saxton et al., "Analysing Mathematical Reasoning Abilities of Neural Models" (2019).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SENTENCE = re.compile(r"(?<=[.?])\s+(?=[A-Z])")
_FUNCTION = re.compile(r"Let ([a-z])\(([a-z])\) = (.+)$")
_DERIVATIVE = re.compile(r"Let ([a-z])\(([a-z])\) be the (first|second|third) derivative of (.+)$")
_VALUE = re.compile(r"Let ([a-z]) (?:=|be) (.+)$")
_EQUATIONS = re.compile(r"(?:Suppose|Let) (.+)$")
_EXPRESSION = re.compile(r"(?:[-+*/() \d]|\.(?=\d)|[a-z](?![a-z])|sqrt\()+")
ORDERS = {"first": 1, "second": 2, "third": 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """`Let x = 3 - y`."""

    name: str
    expression: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Function:
    """`Let f(t) = t**2`; with `order` 1 to 3 the derivative of the expression of that order."""

    name: str
    variable: str
    expression: str
    order: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Equations:
    """`Suppose 3*y + 6 = u + u, 5*y + u = -10`; `unknowns` are the letters not known before."""

    sides: tuple[tuple[str, str], ...]
    unknowns: tuple[str, ...]


Step = Value | Function | Equations


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A parsed question. Example: `Let d = 80 + -42. Is d even?` has one Value step, request `Is d even?`."""

    text: str
    steps: tuple[Step, ...]
    request: str

    @property
    def names(self) -> frozenset[str]:
        """Every letter that a step has given a meaning."""
        found: set[str] = set()
        for step in self.steps:
            found.update(step.unknowns if isinstance(step, Equations) else (step.name,))
        return frozenset(found)


def letters(expression: str) -> list[str]:
    """The single-letter names of an expression, in order, without repetition."""
    return list(dict.fromkeys(re.findall(r"(?<![a-z])[a-z](?![a-z])", expression)))


def is_expression(text: str) -> bool:
    """Whether the text is arithmetic over numbers, single letters, function calls and sqrt."""
    return bool(_EXPRESSION.fullmatch(text)) and text.count("(") == text.count(")")


def is_integer(*texts: str) -> bool:
    return all(re.fullmatch(r"-?\d+", text) for text in texts)


def is_number(*texts: str) -> bool:
    """Integers, decimals and written fractions such as `-3/7`."""
    return all(re.fullmatch(r"-?\d+(\.\d+|/\d+)?", text) for text in texts)


def split_equations(text: str) -> tuple[tuple[str, str], ...] | None:
    """`a = b, c = d` as pairs of sides, or None if that is not what the text is."""
    pairs = []
    for equation in text.split(", "):
        sides = equation.split(" = ")
        if len(sides) != 2 or not all(map(is_expression, sides)):
            return None
        pairs.append((sides[0], sides[1]))
    return tuple(pairs)


def parse(text: str) -> Question | None:
    """The steps and the request of a question; None when a step has no known form."""
    *sentences, request = _SENTENCE.split(text.strip())
    steps: list[Step] = []
    for sentence in sentences:
        step = _step(sentence.removesuffix("."), Question(text=text, steps=tuple(steps), request=request))
        if step is None:
            return None
        steps.append(step)
    return Question(text=text, steps=tuple(steps), request=request)


def _step(sentence: str, before: Question) -> Step | None:
    if (m := _DERIVATIVE.match(sentence)) and is_expression(m[4]):
        return Function(name=m[1], variable=m[2], expression=m[4], order=ORDERS[m[3]])
    m = _FUNCTION.match(sentence)
    if m and m[1] not in before.names and is_expression(m[3]):
        return Function(name=m[1], variable=m[2], expression=m[3])
    if (m := _VALUE.match(sentence)) and is_expression(m[2]) and m[1] not in letters(m[2]):
        return Value(name=m[1], expression=m[2])
    if (m := _EQUATIONS.match(sentence)) and (sides := split_equations(m[1])):
        found = letters(" ".join(side for pair in sides for side in pair))
        return Equations(sides=sides, unknowns=tuple(x for x in found if x not in before.names))
    return None
