"""Build and sources: only verified samples are written, a stopped run continues, bad files are named."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from mathlm.errors import DataError, UsageError
from mathlm.prompts import METHODS, render_solve
from mathlm.types import Problem, Reason, Status, Verdict
from training.data.problems import sources
from training.data.problems.build import build
from training.data.problems.generate import generate
from verify.base import Limits

LIMITS = Limits(seconds=5, memory_mb=512, heartbeats=1, output_bytes=1000)


class InProcess:
    """Runs our own programs here and compares texts: enough to test what `build` makes of verdicts."""

    def __init__(self, *, fail: str = "") -> None:
        self.ran = 0
        self.fail = fail
        """Programs with this text end as an infrastructure error."""

    def run_many(self, programs: Sequence[str], *, limits: Limits) -> list[Verdict]:
        self.ran += len(programs)
        return [self._run(program) for program in programs]

    def _run(self, program: str) -> Verdict:
        if self.fail and self.fail in program:
            return Verdict(status=Status.INFRA_ERROR)
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(program, {})
        except Exception:
            return Verdict(status=Status.REJECTED, reason=Reason.PROGRAM_ERROR)
        return Verdict(status=Status.ACCEPTED, output=out.getvalue())

    def equivalent_many(self, pairs: Sequence[tuple[str, str]], *, limits: Limits) -> list[Verdict]:
        wrong = Verdict(status=Status.REJECTED, reason=Reason.WRONG_ANSWER)
        return [Verdict(status=Status.ACCEPTED) if a == b else wrong for a, b in pairs]


def item(number: int, question: str, answer: str | None, *completions: str) -> sources.Item:
    problem = Problem(id=f"p{number}", kind="solve", text=question, answer=answer)
    return sources.Item(problem=problem, source="s/m", completions=completions)


def fenced(program: str) -> str:
    return f"Think.\n```python\n{program}\n```"


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


ITEMS = [
    item(0, "1 + 1?", "2", fenced("print(1 + 1)"), fenced("print(2)")),
    item(1, "1 + 2?", "3", fenced("print(4)"), fenced("print(1 / 0)")),
    item(2, "Who?", "x"),
    item(3, "2 + 2?", "4", "four", fenced("print(4)")),
    item(4, "5?", None, fenced("print(5)")),
]


def test_only_programs_that_give_gold_are_kept_and_the_rest_is_counted(tmp_path: Path) -> None:
    seen: list[int] = []
    counts = build(ITEMS, verifier=InProcess(), limits=LIMITS, out=tmp_path, progress=seen.append)
    samples = lines(tmp_path / "samples.jsonl")
    assert [sample["id"] for sample in samples] == ["p0#0", "p0#1", "p3#1"]
    assert (
        samples[1]["prompt"] == render_solve("1 + 1?", method=1).text and METHODS[1] in samples[1]["prompt"]
    )
    assert samples[1]["answer"] == fenced("print(2)") and samples[1]["source"] == "s/m"
    dropped = dict.fromkeys(
        ("wrong_answer", "program_error", "no_teacher", "no_program", "no_gold_answer"), 1
    )
    assert counts == {"s/m": {"kept": 3, **dropped}}
    assert seen == [5]


def test_manifest_pins_the_samples(tmp_path: Path) -> None:
    build(ITEMS, verifier=InProcess(), limits=LIMITS, out=tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    data = (tmp_path / "samples.jsonl").read_bytes()
    assert manifest["sha256"] == hashlib.sha256(data).hexdigest() and manifest["samples"] == 3
    assert manifest["limits"]["seconds"] == 5 and manifest["counts"]["s/m"]["no_teacher"] == 1


def test_a_stopped_run_continues_and_repeats_nothing(tmp_path: Path) -> None:
    build(ITEMS[:1], verifier=InProcess(), limits=LIMITS, out=tmp_path)
    with (tmp_path / "samples.jsonl").open("a") as stream:
        stream.write('{"id": "p1#0", "pro')
    verifier = InProcess()
    build(ITEMS, verifier=verifier, limits=LIMITS, out=tmp_path)
    assert [line["id"] for line in lines(tmp_path / "samples.jsonl")] == ["p0#0", "p0#1", "p3#1"]
    assert verifier.ran == 4
    again = InProcess()
    build(ITEMS, verifier=again, limits=LIMITS, out=tmp_path)
    assert again.ran == 0 and len(lines(tmp_path / "samples.jsonl")) == 3


def test_an_infrastructure_error_is_no_rejection_and_is_tried_again(tmp_path: Path) -> None:
    counts = build(ITEMS[:1], verifier=InProcess(fail="1 + 1"), limits=LIMITS, out=tmp_path)
    assert counts == {"s/m": {"kept": 1, "infra_error": 1}}
    assert lines(tmp_path / "dropped.jsonl") == []
    counts = build(ITEMS[:1], verifier=InProcess(), limits=LIMITS, out=tmp_path)
    assert counts == {"s/m": {"kept": 2}}


def test_generated_problems_leave_the_test_split_out() -> None:
    items = list(sources.generated(300, seed=2))
    every = [problem.id for problem in generate(300, seed=2)]
    kept = [item.problem.id for item in items]
    assert kept == [i for i in every if hashlib.sha256(i.encode()).digest()[0] >= 26]
    assert 10 < len(every) - len(kept) < 60
    assert all(len(item.completions) == 2 for item in items)


def _dm(path: Path, number: int) -> Path:
    rows = [
        {"id": f"dm-{i}", "module": f"m{i % 2}", "question": f"What is {i} + 1?", "answer": str(i + 1)}
        for i in range(number)
    ]
    with gzip.open(path, "wt") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_dm_math_samples_each_module_and_a_larger_limit_contains_the_smaller(tmp_path: Path) -> None:
    path = _dm(tmp_path / "dm.jsonl.gz", 40)
    few = [i.problem.id for i in sources.dm_math(path, limit_per_module=3)]
    more = [i.problem.id for i in sources.dm_math(path, limit_per_module=6)]
    assert len(few) == 6 and len(more) == 12 and set(few) < set(more)
    assert {i.source for i in sources.dm_math(path, limit_per_module=3)} == {"dm/m0", "dm/m1"}
    assert few != [i.problem.id for i in sources.dm_math(path, limit_per_module=3, seed=1)]


def test_grade_school_takes_gold_after_the_mark(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    row = {"question": "How many?", "answer": "500*2=<<500*2=1000>>1000\n#### 1,000"}
    path.write_text((json.dumps(row) + "\n") * 3)
    items = list(sources.grade_school(path, limit=2))
    assert [i.problem.id for i in items] == ["gsm8k-0", "gsm8k-1"]
    assert items[0].problem.answer == "1000" and len(items[0].completions) == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", DataError),
        ('{"question": "q"}', DataError),
        ('{"question": "q", "answer": 3}', DataError),
        ('{"question": "q", "answer": "no mark"}', DataError),
        (None, UsageError),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str | None, error: type[Exception]) -> None:
    path = tmp_path / "bad.jsonl"
    if text is not None:
        path.write_text(f"\n{text}\n")  # a blank line counts as a line
    with pytest.raises(error, match=r"bad\.jsonl" + (":2: " if text is not None else "")):
        list(sources.grade_school(path, limit=9))
