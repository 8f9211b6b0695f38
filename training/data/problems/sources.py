"""Where questions come from: DeepMind mathematics, GSM8K, our own generator -> items ready for `build`.

Contract: every function yields `Item`s in an order fixed by its arguments. Files are JSON lines, plain or
gzip; a bad line raises DataError that names it. Of the DeepMind data a sample of
`limit_per_module` questions per module is taken, by the hash of seed and id, so a larger limit contains
the smaller one. That data and GSM8K have official splits (give their training files); generated
problems have none, so a tenth of them, by id (`training.data.split`), is test and never appears here.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mathlm.errors import DataError
from mathlm.records import line_number, read_jsonl
from mathlm.types import Problem
from training.data.problems import gsm8k, teacher
from training.data.problems.generate import generate
from training.data.split import is_test


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A problem with what its teacher wrote; no completion where the teacher has none."""

    problem: Problem
    source: str
    """Data set and module, for the counts: `dm/numbers__gcd`."""
    completions: tuple[str, ...]
    """One per method, in the order of `mathlm.prompts.METHODS`."""


def dm_math(path: Path, *, limit_per_module: int, seed: int = 0) -> Iterator[Item]:
    """Lines `{"id","module","question","answer"}`."""
    modules: dict[str, list[tuple[bytes, dict[str, str]]]] = defaultdict(list)
    for line in _lines(path, "id", "module", "question", "answer"):
        rank = hashlib.sha256(f"{seed}/{line['id']}".encode()).digest()
        modules[line["module"]].append((rank, line))
    for module, ranked in sorted(modules.items()):
        for _, line in sorted(ranked, key=lambda pair: pair[0])[:limit_per_module]:
            problem = Problem(id=line["id"], kind="solve", text=line["question"], answer=line["answer"])
            yield Item(
                problem=problem, source=f"dm/{module}", completions=teacher.completions(problem.text) or ()
            )


def grade_school(path: Path, *, limit: int) -> Iterator[Item]:
    """Lines `{"question","answer"}`; the answer is a worked solution that ends in `#### number`."""
    for number, line in enumerate(_lines(path, "question", "answer")):
        if number >= limit:
            return
        solution, mark, answer = line["answer"].rpartition("####")
        if not mark:
            where = f"{path}:{line_number(path, number)}"
            raise DataError(f"{where}: the answer needs a last line '#### number'")
        gold = answer.strip().replace(",", "")
        problem = Problem(id=f"gsm8k-{number}", kind="solve", text=line["question"], answer=gold)
        text = gsm8k.completion(solution)
        yield Item(problem=problem, source="gsm8k", completions=() if text is None else (text,))


def generated(n: int, *, seed: int) -> Iterator[Item]:
    """Those of `generate(n, seed)` that are not test."""
    return taught((p for p in generate(n, seed) if not is_test(p.id)), source="gen")


def taught(problems: Iterable[Problem], *, source: str) -> Iterator[Item]:
    """Any problems, with the teacher's completions."""
    for problem in problems:
        yield Item(problem=problem, source=source, completions=teacher.completions(problem.text) or ())


def _lines(path: Path, *fields: str) -> Iterator[dict[str, str]]:
    for index, line in enumerate(read_jsonl(path, required=fields)):
        if not all(isinstance(line[field], str) for field in fields):
            where = f"{path}:{line_number(path, index)}"
            raise DataError(f"{where}: needs text in the fields {', '.join(fields)}")
        yield line
