"""Roles between words and Lean: formalise, informalise, solve via Lean, conjecture.

    of our own questions   the teacher's statement with the generator's answer, once Lean has proved it
    of proved theorems     the statement put into words, where it is plain enough for that (`in_words`)
    conjecture             two proved theorems of one shape, one from the other

Contract: a statement is used only when Lean accepted a proof of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from mathlm import extract
from mathlm.certify import read_formal
from mathlm.prompts import render_conjecture, render_formalise, render_informalise, render_solve_lean
from training.data.problems.generate import generate
from training.data.problems.teacher import completions
from training.data.roles.attempts import Proved, on_test_side, role_line
from training.data.roles.proofs import LIMITS
from verify.lean.verifier import LeanVerifier

PROOFS = ("by decide", "by omega", "rfl", "by grind", "by decide +kernel")
KINDS = {"Nat": "natural numbers", "Int": "integers", "Rat": "rational numbers"}
_PLAIN = re.compile(r"[\w\s+*/^=<>≤≥≠%∣()'₀-₉-]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_BINDERS = re.compile(r"\(((?:[^\W\d_]\w* )+): (Nat|Int|Rat)\) ?")
_HYPOTHESIS = re.compile(r"\([^\W\d_][\w'₀-₉]* : ([^()]*(?:\([^()]*\)[^()]*)*)\) ?")


def of_questions(count: int, *, seed: int, lean: LeanVerifier) -> Iterator[dict[str, str]]:
    """Lines of `count` of our own questions, as far as they have a statement that Lean proves."""
    for problem in generate(count, seed):
        texts = completions(problem.text)
        if texts is None or on_test_side(problem.text):
            continue
        formal = read_formal(problem.text, extract.solution(texts[0]).formal_statement, problem.answer or "")
        if formal is None or (proof := _proof(formal.statement, lean)) is None:
            continue
        asked = f"{problem.text} Answer: {problem.answer}"
        fenced = f"```lean\n{formal.statement} := {proof}\n```"
        yield role_line("solve_lean", render_solve_lean(problem.text), fenced)
        yield role_line("formalise", render_formalise(asked), formal.statement)
        yield role_line("informalise", render_informalise(formal.statement), asked)


def of_theorems(theorems: Iterable[Proved]) -> Iterator[dict[str, str]]:
    """Lines of accepted theorems."""
    shapes: dict[str, list[str]] = defaultdict(list)
    for theorem in theorems:
        if not theorem.accepted:
            continue
        body = theorem.statement.split(" ", 2)[2]
        statement = f"theorem t {body}"
        if (text := in_words(body)) is not None:
            yield role_line("formalise", render_formalise(text), statement)
            yield role_line("informalise", render_informalise(statement), text)
        shapes[re.sub(r"\d+", "#", body)].append(statement)
    for found in shapes.values():
        for first, second in zip(found[::2], found[1::2], strict=False):
            if first != second:
                yield role_line("conjecture", render_conjecture(first), second)


def in_words(body: str) -> str | None:
    """Binders and type of a theorem as an English sentence; None for anything but plain arithmetic."""
    variables, rest = [], body
    while found := _BINDERS.match(rest):
        variables.append(f"all {KINDS[found[2]]} {_listed(found[1].split())}")
        rest = rest[found.end() :]
    hypotheses = []
    while found := _HYPOTHESIS.match(rest):
        hypotheses.append(found[1])
        rest = rest[found.end() :]
    if not rest.startswith(": "):
        return None
    parts = [*hypotheses, rest[2:]]
    if not all(_PLAIN.fullmatch(part) and not _WORD.search(part) for part in parts):
        return None
    *given, goal = [part.replace("∣", "divides").replace("%", "modulo").strip() for part in parts]
    sentence = f"if {_listed(given)} then {goal}" if given else f"{goal}"
    return f"For {_listed(variables)}, {sentence}." if variables else f"Show that {sentence}."


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _proof(statement: str, lean: LeanVerifier) -> str | None:
    for proof in PROOFS:
        if lean.check(f"{statement} := {proof}", statement=f"{statement} := sorry", limits=LIMITS).accepted:
            return proof
    return None
