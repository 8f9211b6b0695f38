"""What a model may be asked in a rollout, and rollouts that keep what training needs.

`admit` refuses, with a count of each reason, what an evaluation must keep for itself: items of the test split
(`training.data.split`), items of the development sets by id, and items that say the same as one of either.
`normal` decides what "the same" is: blanks, letter case of questions, a theorem's own name and the two
spellings of ℕ, ℤ and ℚ do not count.

`KeepPrompts` is a task of `mathlm.evaluate` that adds to each accepted sample the prompt that it answers.
`StrictPython` turns a program that the machine could not run into an InfraError of its problem: without it
such a sample would look like a wrong one.
Not covered: paraphrases (`mathlm data` decontaminates base data by n-grams).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mathlm import extract
from mathlm.errors import InfraError, UsageError
from mathlm.evaluate import Task
from mathlm.types import Completion, Prompt, Status, Verdict
from mathlm.voting import Python
from training.data.split import is_test
from verify.base import Limits

Row = dict[str, Any]

_NAME = re.compile(r"^theorem\s+[^\s({\[⦃:]+?(?:\.\{[^}]*\})?(?=[\s({\[⦃:])")
_SPELLINGS = str.maketrans({"ℕ": "Nat", "ℤ": "Int", "ℚ": "Rat"})


def normal(text: str) -> str:
    """A statement or question without what does not change its meaning."""
    try:
        theorem = extract.read_statement(text).theorem
    except UsageError:
        return " ".join(text.casefold().split())
    return "".join(_NAME.sub("", theorem, count=1).translate(_SPELLINGS).split())


def admit(
    rows: Iterable[Row],
    *,
    field: str,
    development: Sequence[Row],
    held_out: Collection[str] = frozenset(),
) -> tuple[list[Row], Counter[str]]:
    """The rows that may be rolled out, and how many were refused for which reason.

    `field` names the text (`statement` or `question`), `held_out` are normal texts that are refused too.
    """
    rows = list(rows)
    ids = {str(row["id"]) for row in development}
    texts = {normal(row[field]) for row in development}
    tested = {normal(row[field]) for row in rows if is_test(str(row["id"]))} | set(held_out)
    allowed: list[Row] = []
    refused: Counter[str] = Counter()
    for row in rows:
        key, text = str(row["id"]), normal(row[field])
        if is_test(key):
            refused["id of the test split"] += 1
        elif key in ids:
            refused["id of a development set"] += 1
        elif text in texts:
            refused["text of a development set"] += 1
        elif text in tested:
            refused["text of the test split"] += 1
        else:
            allowed.append(row)
    return allowed, refused


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepPrompts:
    """See the module. Example: `KeepPrompts(task=ProveTask(run=run, lean=lean))`"""

    task: Task

    @property
    def fields(self) -> tuple[str, ...]:
        return self.task.fields

    def prompts(self, row: Row) -> list[Prompt]:
        return self.task.prompts(row)

    def unreadable(self, why: str) -> Row:
        return self.task.unreadable(why)

    def judge(self, row: Row, completions: Sequence[Completion]) -> list[Row]:
        lines = self.task.judge(row, completions)
        if not any(line["kind"] == "sample" and line["correct"] for line in lines):
            return lines
        prompts = self.task.prompts(row)
        return [
            line | {"prompt": prompts[line["sample"]].text}
            if line["kind"] == "sample" and line["correct"]
            else line
            for line in lines
        ]


@dataclass(frozen=True, kw_only=True, slots=True)
class StrictPython:
    """See the module. Example: `StrictPython(python=PythonVerifier(workers=2))`"""

    python: Python

    def run_many(self, programs: Sequence[str], *, limits: Limits) -> list[Verdict]:
        verdicts = self.python.run_many(programs, limits=limits)
        broken = [verdict.detail for verdict in verdicts if verdict.status is Status.INFRA_ERROR]
        if broken:
            raise InfraError(f"{len(broken)} of {len(verdicts)} programs could not be run ({broken[0]})")
        return verdicts

    def equivalent_many(self, pairs: Sequence[tuple[str, str]], *, limits: Limits) -> list[Verdict]:
        return self.python.equivalent_many(pairs, limits=limits)
