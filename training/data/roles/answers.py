"""Roles that need verdicts only, from solutions and proofs: solve, judge outcome, compare, prove, repair."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from mathlm.errors import UsageError
from mathlm.pipeline import read_target
from mathlm.prompts import (
    FIRST,
    METHODS,
    NO,
    SECOND,
    YES,
    render_compare,
    render_judge_outcome,
    render_prove,
    render_repair,
    render_solve,
)
from training.data.roles.attempts import Proved, Solved, role_line

PAIRS = 4
"""Pairs of one question or statement, at most."""


def from_solutions(attempts: Iterable[Solved]) -> Iterator[dict[str, str]]:
    """Right solutions to imitate, every one to judge, pairs of a right and a wrong one to compare."""
    by_question: dict[str, list[Solved]] = defaultdict(list)
    for attempt in attempts:
        by_question[attempt.question].append(attempt)
    for question, found in by_question.items():
        texts = {attempt.text: attempt for attempt in found}
        right = [a for a in texts.values() if a.correct]
        wrong = [a for a in texts.values() if not a.correct]
        for attempt in right:
            yield role_line("solve", render_solve(question, method=_method(attempt.text)), attempt.text)
        for attempt in texts.values():
            shown = f"{attempt.text}\nAnswer: {attempt.answer}"
            yield role_line(
                "judge_outcome", render_judge_outcome(question, shown), YES if attempt.correct else NO
            )
        for good, bad in list(zip(right, wrong, strict=False))[:PAIRS]:
            yield _comparison(question, good.text, bad.text)


def from_proofs(attempts: Iterable[Proved]) -> Iterator[dict[str, str]]:
    """Accepted proofs to imitate, failed ones to repair, both to judge and compare; nothing of no theorem."""
    by_statement: dict[str, list[Proved]] = defaultdict(list)
    for attempt in attempts:
        by_statement[attempt.statement].append(attempt)
    for whole, found in by_statement.items():
        try:
            statement = read_target(whole).shown
        except UsageError:
            continue
        proofs = {attempt.proof: attempt for attempt in found}
        right = sorted((a.proof for a in proofs.values() if a.accepted), key=lambda p: (len(p), p))
        wrong = [a for a in proofs.values() if not a.accepted]
        for proof in right:
            yield role_line("prove", render_prove(statement), proof)
            yield role_line("judge_outcome", render_judge_outcome(statement, proof), YES)
        for attempt in wrong:
            yield role_line("judge_outcome", render_judge_outcome(statement, attempt.proof), NO)
        for attempt in wrong[:PAIRS] if right else ():
            yield _comparison(statement, right[0], attempt.proof)
            if attempt.message:
                yield role_line("repair", render_repair(statement, attempt.proof, attempt.message), right[0])


def _comparison(question: str, good: str, bad: str) -> dict[str, str]:
    """The good one is first or second by a hash of both: half of the time each."""
    first = hashlib.sha256(f"{question}\n{good}\n{bad}".encode()).digest()[0] % 2 == 0
    pair = (good, bad) if first else (bad, good)
    return role_line("compare", render_compare(question, *pair), FIRST if first else SECOND)


def _method(text: str) -> int:
    """Which instruction a solution is filed under, by its hash: the record does not say."""
    return hashlib.sha256(text.encode()).digest()[0] % len(METHODS)
