"""Parsed steps -> the lines of a program, in two styles, and the text of a completion.

Style 0 is plain Python over sympy: `y, u` become symbols, `linsolve` solves, values keep their names.
Style 1 hands every expression to sympy's parser as a string copied from the question, and a helper
`let` solves for whatever letters are still free. An expression with `/` or `.` is never left to
Python's floats: style 0 too wraps it in `E('…')`, which parses it with exact rationals.

Contract: `composed` returns None for a question whose letters would clash. Programs print one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from training.data.problems.parse import Equations, Function, Question, Step, Value, is_integer

MAX_STATEMENT = 240
"""Characters of a formal statement with steps; longer ones cost more training than they certify."""
EXPANDED = ("print(expand(E('{}')))", "print(E('{}').expand())")
"""The value of an expression that is copied from the question, whether its letters are all known or not."""
_EXACT = "E = lambda s: S(s, globals(), rational=True)"
_LET = "def let(s): globals().update((k.name, v) for k, v in solve(E(s), dict=True)[0].items())"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a teacher writes for one question: one program per method, a statement if Lean can decide it."""

    reasoning: str
    programs: tuple[str, str]
    statement: str | None = None

    def completions(self) -> tuple[str, str]:
        """Completion texts for METHODS[0] and METHODS[1]; the formal statement goes with the first."""
        first = completion(self.reasoning, self.programs[0], self.statement)
        return first, completion(self.reasoning, self.programs[1], None)


def completion(reasoning: str, program: str, statement: str | None) -> str:
    """A completion in the format of `mathlm.prompts`."""
    text = f"{reasoning}\n```python\n{program}\n```"
    return text if statement is None else f"{text}\n```lean\ntheorem answer : {statement}\n```"


class Style:
    """How one method writes expressions and steps. Call it to write an expression of the question."""

    method = 0

    def __call__(self, expression: str) -> str:
        return f"E('{expression}')" if re.search(r"[/.]", expression) else expression

    def equation(self, left: str, right: str) -> str:
        return f"Eq({self(left)}, {self(right)})"

    def symbols(self, names: list[str]) -> list[str]:
        """Lines that make letters of the request symbolic."""
        return [f"{', '.join(names)} = symbols('{' '.join(names)}')"] if names else []

    def step(self, step: Step) -> list[str]:
        if isinstance(step, Value):
            return [f"{step.name} = {self(step.expression)}"]
        if isinstance(step, Function):
            body, x = step.expression, step.variable
            if step.order:
                return [f"{step.name} = Lambda('{x}', diff(E('{body}'), '{x}', {step.order}))"]
            if self(body) != body:
                return [f"{step.name} = Lambda('{x}', {self(body)})"]
            return [f"{step.name} = lambda {x}: {body}"]
        names = ", ".join(step.unknowns)
        target = f"({names})" if len(step.unknowns) > 1 else f"({names},)"
        equations = ", ".join(self.equation(*sides) for sides in step.sides)
        return [*self.symbols(list(step.unknowns)), f"{target}, = linsolve([{equations}], {names})"]

    def prelude(self, lines: list[str]) -> list[str]:
        """The import and those helpers that the lines use."""
        uses_let = any(line.startswith("let(") for line in lines)
        uses_exact = uses_let or re.search(r"\bE\b", "\n".join(lines))
        return ["from sympy import *", *([_EXACT] if uses_exact else []), *([_LET] if uses_let else [])]


class StringStyle(Style):
    """Method 1: every expression is a string of the question."""

    method = 1

    def __call__(self, expression: str) -> str:
        return expression if is_integer(expression) else f"E('{expression}')"

    def equation(self, left: str, right: str) -> str:
        return f"E('Eq({left}, {right})')"

    def symbols(self, names: list[str]) -> list[str]:
        return []

    def step(self, step: Step) -> list[str]:
        if isinstance(step, Value):
            return [f"{step.name} = {self(step.expression)}"]
        if isinstance(step, Function):
            derivative = f".diff('{step.variable}', {step.order})" if step.order else ""
            return [f"{step.name} = Lambda('{step.variable}', E('{step.expression}'){derivative})"]
        equations = ", ".join(f"Eq({left}, {right})" for left, right in step.sides)
        return [f"let('{equations}')"]


STYLES = (Style(), StringStyle())


def composed(
    question: Question,
    reasoning: str,
    finish: Callable[[Style], list[str]],
    conclusion: str | None = None,
    *,
    integral: bool = False,
) -> Draft | None:
    """Both programs for a question with steps: the steps, then the lines of `finish`.

    `conclusion` is what the steps imply, as `formal` takes it.
    """
    if _clashes(question):
        return None
    programs = []
    for style in STYLES:
        lines = [line for step in question.steps for line in style.step(step)] + finish(style)
        programs.append("\n".join(style.prelude(lines) + lines))
    prefix = "Follow the steps. " if question.steps else ""
    statement = formal(question, conclusion, integral=integral) if conclusion else None
    return Draft(reasoning=prefix + reasoning, programs=(programs[0], programs[1]), statement=statement)


def formal(question: Question, conclusion: str, *, integral: bool) -> str | None:
    """The steps as hypotheses, in the order of the question, then the conclusion.

    Numbers are Int, or Rat where the steps have a fraction or decimal; `integral` conclusions (`%`, `∣`)
    then have no statement. `TYPE` in the conclusion becomes that type. None for derivatives, for letters
    in exponents, and beyond MAX_STATEMENT.
    """
    parts, text = [], "" if integral else conclusion
    for step in question.steps:
        if isinstance(step, Value):
            parts.append(f"∀ {step.name} : TYPE, {step.name} = {step.expression} → ")
        elif isinstance(step, Equations):
            equations = "".join(f"{left} = {right} → " for left, right in step.sides)
            parts.append(f"∀ {' '.join(step.unknowns)} : TYPE, {equations}")
        elif step.order:
            return None
        else:
            equation = f"{step.name}({step.variable}) = {step.expression}"
            parts.append(f"∀ {step.name} : TYPE → TYPE, (∀ {step.variable}, {equation}) → ")
    text += "".join(parts)
    rational = re.search(r"[/.]", text)
    if (rational and integral) or re.search(r"\*\*[^\d]|sqrt", text):
        return None
    statement = re.sub(r"\b([a-z])\(", r"\1 (", lean_integers("".join(parts) + conclusion))
    statement = statement.replace("TYPE", "Rat" if rational else "Int")
    return statement if len(statement) <= MAX_STATEMENT else None


def _clashes(question: Question) -> bool:
    """A function's variable that also names a value would be replaced by it inside the strings."""
    names: set[str] = set()
    for step in question.steps:
        new = step.unknowns if isinstance(step, Equations) else (step.name,)
        if isinstance(step, Function) and step.variable in names:
            return True
        if not names.isdisjoint(new) or (isinstance(step, Equations) and len(new) not in (1, 2)):
            return True
        names.update(new)
    return False


def script(*lines: str) -> str:
    """A program from its lines."""
    return "\n".join(lines)


Teach = Callable[[re.Match[str], Question], Draft | None]
Rule = tuple[re.Pattern[str], Teach]
"""A form of request and its teacher; a teacher that returns None leaves the question to the next rule."""


def form(pattern: str) -> re.Pattern[str]:
    """A request's form: `NUM` an integer or decimal, `X` and `Y` expressions, optional final mark."""
    pattern = pattern.replace("NUM", r"-?\d+(?:\.\d+)?")
    pattern = pattern.replace("<X>", "(?P<x>.+?)").replace("<Y>", "(?P<y>.+?)")
    return re.compile(pattern + r"\s*[.?]?")


def lean_integers(expression: str) -> str:
    """Python's spelling of powers in Lean's."""
    return expression.replace("**", "^")
