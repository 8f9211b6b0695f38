"""The teacher: a question -> two completions that solve it by program, or None.

Dispatch is by the form of the question alone, so any source with such wording works. The gold answer
is no argument: what a teacher writes is right or is dropped later, when its program has run in the
sandbox (`training.data.problems.build`).

Contract: `completions(question)` returns the texts for `mathlm.prompts.METHODS[0]` and `[1]`, in the
format of `mathlm.prompts`, or None when no rule knows the form. Never raises for any text.
"""

from __future__ import annotations

from training.data.problems import (
    algebra,
    arithmetic,
    comparison,
    everyday,
    measurement,
    polynomials,
    probability,
    whole_numbers,
)
from training.data.problems.parse import Question, parse
from training.data.problems.program import Draft, Rule

MAX_QUESTION = 2_000
"""Characters; a longer text is no question of these families."""

RULES: tuple[Rule, ...] = (
    *everyday.RULES,
    *whole_numbers.RULES,
    *comparison.RULES,
    *measurement.RULES,
    *algebra.RULES,
    *arithmetic.RULES,
    *polynomials.RULES,
    *arithmetic.LAST,
)


def draft(question: str) -> Draft | None:
    """The first rule that takes the question."""
    if len(question) > MAX_QUESTION:
        return None
    text = question.strip()
    whole = Question(text=text, steps=(), request=text)
    if (found := probability.teach(whole) or everyday.teach(whole)) is not None:
        return found
    if (parsed := parse(text)) is None:
        return None
    for pattern, teach in RULES:
        match = pattern.fullmatch(parsed.request)
        if match and (found := teach(match, parsed)) is not None:
            return found
    return None


def completions(question: str) -> tuple[str, str] | None:
    """Completion texts for both methods, or None."""
    found = draft(question)
    return None if found is None else found.completions()
