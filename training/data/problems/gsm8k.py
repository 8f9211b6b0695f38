"""GSM8K's worked solutions -> programs: each `<<48/2=24>>` becomes a line, results become names.

A number in a later annotation that equals an earlier result is replaced by that result's name, so that
the program computes instead of copying numbers that its writer worked out in the head. A result used
nowhere is kept: it may be the answer. Division gives floats; the printed value is rounded to six places.

Contract: `completion(solution)` takes the text of the worked solution (with its `#### answer` line) and
returns a completion for METHODS[0], or None where there is no annotation or one cannot be read. The
`####` answer is not read: a program that does not print it is dropped by the build.
Source: Cobbe et al., "Training Verifiers to Solve Math Word Problems" (2021), calculator annotations.
"""

from __future__ import annotations

import re

from training.data.problems.program import completion as render

_ANNOTATION = re.compile(r"<<([^<>=]+)=([^<>=]+)>>")
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def completion(solution: str) -> str | None:
    """A completion whose program repeats the solution's calculations."""
    annotations = _ANNOTATION.findall(solution.replace(",", ""))
    if not 0 < len(annotations) <= len(_LETTERS):
        return None
    lines: list[str] = []
    results: dict[str, str] = {}
    for (expression, result), name in zip(annotations, _LETTERS, strict=False):
        if not re.fullmatch(r"[-+*/().\d ]+", expression):
            return None
        code = _NUMBER.sub(lambda m: _name_or_literal(m.group(), results), expression)
        lines.append(f"{name} = {code.strip()}")
        results[_canonical(result)] = name
    last = lines[-1][0]
    inexact = re.search(r"[/.]", "".join(lines))
    lines.append(f"print(round({last}, 6))" if inexact else f"print({last})")
    return render("Calculate step by step.", "\n".join(lines), None)


def _canonical(number: str) -> str:
    """One spelling per value: `0.50`, `.5` and `0.5` are the same key."""
    number = number.strip()
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return number.lstrip("0") or "0"


def _name_or_literal(number: str, results: dict[str, str]) -> str:
    """The name of an earlier result, or the number as Python reads it (`007` is no literal)."""
    return results.get(_canonical(number)) or (number if "." in number else _canonical(number))
