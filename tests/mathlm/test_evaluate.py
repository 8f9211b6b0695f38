"""`mathlm.evaluate`: runs that are kept, continued and never mixed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mathlm.errors import CheckpointError, DataError, InfraError, UsageError
from mathlm.evaluate import BATCH, EvalConfig, evaluate, read_rows
from mathlm.pipeline import SolveLimits
from mathlm.prompts import Domain
from mathlm.rerank import How, Reranker
from mathlm.search import Part, SearchConfig
from mathlm.search.config import ALL
from mathlm.search.shared import SharedBackend
from mathlm.tasks import ProveTask, SolveTask
from mathlm.types import Completion, Prompt, Reason, SamplingParams, Status, Verdict
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.fake import FakeLeanVerifier, FakePythonVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
ONE = "```python\nimport math\nprint(math.gcd(12, 18))\n```"
OTHER = "```python\na, b = 12, 18\nwhile b: a, b = b, a % b\nprint(a)\n```"
OUTPUTS = {
    "import math\nprint(math.gcd(12, 18))": "6",
    "a, b = 12, 18\nwhile b: a, b = b, a % b\nprint(a)": "6",
}


def write(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def config(data: Path, *, verb: Any = "solve", samples: int = 2) -> EvalConfig:
    return EvalConfig(
        verb=verb,
        data=data,
        samples=samples,
        model="fake",
        model_hash="0",
        params=SamplingParams(max_tokens=100, seed=7),
        limits=SolveLimits(program=LIMITS, comparison=LIMITS, lean=LIMITS),
        workers=2,
        search=SearchConfig(parts=ALL - {Part.MATHLIB}),
    )


def questions(count: int, *, answer: str = "6") -> list[dict[str, Any]]:
    return [
        {
            "id": f"q{i}",
            "question": f"Question {i}. What is gcd(12, 18)?".replace(f" {i}.", ""),
            "answer": answer,
        }
        for i in range(count)
    ]


def solve_task(run: EvalConfig) -> SolveTask:
    return SolveTask(run=run, python=FakePythonVerifier(OUTPUTS), lean=None)


class Recording(FakeBackend):
    """Keeps the seed of each call and can be interrupted before one."""

    def __init__(
        self,
        script: Sequence[str],
        *,
        stop_before: int | None = None,
        stop_with: BaseException | type[BaseException] = KeyboardInterrupt,
    ) -> None:
        super().__init__(script)
        self.seeds: list[int] = []
        self.stop_before, self.stop_with = stop_before, stop_with

    def generate(
        self,
        prompts: Sequence[Prompt],
        params: SamplingParams,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Completion]:
        if len(self.seeds) == self.stop_before:
            raise self.stop_with
        self.seeds.append(params.seed)
        return super().generate(prompts, params)


class InTurn(FakeBackend):
    """Says `script` first, and `later` from the second call on."""

    def __init__(self, script: Sequence[str], later: Sequence[str]) -> None:
        super().__init__(script)
        self.later: list[FakeBackend] = [FakeBackend(later)] if later else []
        self.calls = 0

    def generate(self, prompts: Sequence[Prompt], params: SamplingParams, **named: Any) -> list[Completion]:
        self.calls += 1
        first = self.calls == 1
        return super().generate(prompts, params) if first else self.later[0].generate(prompts, params)


def lines(out: Path, kind: str) -> list[dict[str, Any]]:
    records = map(json.loads, (out / "samples.jsonl").read_text(encoding="utf-8").splitlines())
    return [record for record in records if record["kind"] == kind]


def test_a_solve_run_from_data_to_summary(tmp_path: Path) -> None:
    run = config(write(tmp_path / "d.jsonl", [*questions(2), {**questions(3, answer="7")[2], "module": "m"}]))
    summary = evaluate(solve_task(run), run, tmp_path / "out", backend=FakeBackend([ONE, OTHER]))
    assert (summary["n"], summary["wrong_certified"], summary["certificates"]["python"]) == (3, 1, 3)
    assert summary["accuracy"] == pytest.approx(2 / 3)
    assert (summary["model_hash"], summary["seed"]) == ("0", 7)
    assert summary == json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert len(lines(tmp_path / "out", "sample")) == 6
    assert summary["module"]["m"]["wrong_certified"] == 1


def test_failing_programs_are_corrected_by_the_model_that_samples(tmp_path: Path) -> None:
    def accuracy(turns: int, *later: str) -> float:
        run = replace(config(write(tmp_path / "d.jsonl", questions(2))), turns=turns)
        shared = SharedBackend(InTurn(["```python\nprint(gcd(12, 18))\n```"], later))
        task = replace(solve_task(run), backend=shared)
        return float(evaluate(task, run, tmp_path / f"out-{turns}", backend=shared)["accuracy"])

    assert accuracy(0) == 0.0
    assert accuracy(1, ONE, OTHER) == 1.0


def test_a_reward_model_chooses_the_answer(tmp_path: Path) -> None:
    class Longest:
        def score(self, items: Sequence[tuple[str, str]], *, domain: Domain) -> list[float]:
            return [float(len(answer)) for _, answer in items]

    wrong = "```python\nprint(7)\n```"
    run = config(write(tmp_path / "d.jsonl", questions(1)), samples=3)
    python = FakePythonVerifier(OUTPUTS | {"print(7)": "7"})
    script = FakeBackend([wrong, wrong, ONE])
    for how, right in ((None, 0.0), (How.REWARD, 1.0)):
        rerank = Reranker(scorer=Longest(), how=how) if how is not None else None
        task = SolveTask(run=replace(run, rerank=how or How.VOTE), python=python, lean=None, rerank=rerank)
        assert evaluate(task, task.run, tmp_path / f"out-{how}", backend=script)["accuracy"] == right


def test_an_interrupted_run_continues_where_it_stopped(tmp_path: Path) -> None:
    run = config(write(tmp_path / "d.jsonl", questions(BATCH + 3)))
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        evaluate(solve_task(run), run, out, backend=Recording([ONE, OTHER], stop_before=1))
    assert 0 < len(lines(out, "problem")) <= BATCH
    kept = {record["id"] for record in lines(out, "problem")}
    again = Recording([ONE, OTHER])
    seen: list[int] = []
    summary = evaluate(solve_task(run), run, out, backend=again, progress=seen.append)
    assert summary["n"] == BATCH + 3
    assert sum(seen) == BATCH + 3 and seen[0] == len(kept)
    assert again.seeds[-1] == 7 + BATCH * run.samples  # the seed that an uninterrupted run uses
    assert len(lines(out, "problem")) == BATCH + 3


def test_a_damaged_model_ends_the_run_and_scores_nothing(tmp_path: Path) -> None:
    run = config(write(tmp_path / "d.jsonl", questions(3)))
    damaged = Recording([ONE], stop_before=0, stop_with=CheckpointError("the model produced NaN"))
    with pytest.raises(CheckpointError, match="NaN"):
        evaluate(solve_task(run), run, tmp_path / "out", backend=damaged)
    assert lines(tmp_path / "out", "problem") == []


def test_any_module_and_split_are_kept_as_text(tmp_path: Path) -> None:
    extras: list[dict[str, Any]] = [{"module": "m"}, {"module": None}, {"module": ["a"], "split": 1}]
    rows = [row | extra for row, extra in zip(questions(3), extras, strict=True)]
    run = config(write(tmp_path / "d.jsonl", rows))
    summary = evaluate(solve_task(run), run, tmp_path / "out", backend=FakeBackend([ONE, OTHER]))
    assert (summary["n"], list(summary["split"])) == (3, ["1"])


def test_a_finished_run_asks_the_model_nothing(tmp_path: Path) -> None:
    run = config(write(tmp_path / "d.jsonl", questions(2)))
    first = evaluate(solve_task(run), run, tmp_path / "out", backend=FakeBackend([ONE, OTHER]))
    idle = Recording([ONE], stop_before=0)
    again = evaluate(solve_task(run), run, tmp_path / "out", backend=idle)
    assert again["accuracy"] == first["accuracy"]


def test_another_configuration_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    run = config(write(tmp_path / "d.jsonl", questions(1)))
    evaluate(solve_task(run), run, tmp_path / "out", backend=FakeBackend([ONE, OTHER]))
    for changed in (replace(run, samples=3), replace(run, params=SamplingParams(max_tokens=100, seed=8))):
        with pytest.raises(UsageError, match="another run"):
            evaluate(solve_task(changed), changed, tmp_path / "out", backend=FakeBackend([ONE, OTHER]))
    write(tmp_path / "d.jsonl", questions(2))
    with pytest.raises(UsageError, match="data_sha256"):
        evaluate(solve_task(run), run, tmp_path / "out", backend=FakeBackend([ONE, OTHER]))
    same = replace(config(write(tmp_path / "e.jsonl", questions(1))), workers=1)
    evaluate(solve_task(same), same, tmp_path / "out", backend=None)


def test_problems_that_could_not_be_judged_are_tried_again(tmp_path: Path) -> None:
    run = config(write(tmp_path / "d.jsonl", questions(2)))
    broken = Verdict(status=Status.INFRA_ERROR, detail="no node")
    task = SolveTask(run=run, python=FakePythonVerifier(dict.fromkeys(OUTPUTS, broken)), lean=None)
    with pytest.raises(InfraError, match=r"2 of 2 problems.*run the same command"):
        evaluate(task, run, tmp_path / "out", backend=FakeBackend([ONE, OTHER]))
    assert lines(tmp_path / "out", "problem") == []
    assert not (tmp_path / "out" / "summary.json").exists()
    assert evaluate(solve_task(run), run, tmp_path / "out", backend=FakeBackend([ONE, OTHER]))["n"] == 2


@pytest.mark.parametrize("status", [Status.INFRA_ERROR, Status.TIMEOUT, Status.RESOURCE])
def test_what_ended_early_is_not_called_rejected(status: Status, tmp_path: Path) -> None:
    ended = Verdict(status=status, detail="ended")
    parts = SearchConfig(parts=frozenset({Part.WHOLE}))
    run = replace(config(write(tmp_path / "d.jsonl", STATEMENTS[:1]), verb="prove"), search=parts)
    backend = SharedBackend(FakeBackend(["by magic"]))
    task = ProveTask(run=run, lean=FakeLeanVerifier(lambda source: ended, credulous=True), backend=backend)
    evaluate(task, run, tmp_path / "out", backend=backend)
    assert [line["status"] for line in lines(tmp_path / "out", "problem")] == [status]


def test_a_question_that_is_too_long_does_not_stop_the_run(tmp_path: Path) -> None:
    rows = [*questions(1), {"id": "long", "question": "x" * 30_000, "answer": "1"}]
    run = config(write(tmp_path / "d.jsonl", rows))
    summary = evaluate(solve_task(run), run, tmp_path / "out", backend=FakeBackend([ONE, OTHER]))
    assert (summary["n"], summary["certificates"]["none"], summary["accuracy"]) == (2, 1, 0.5)


STATEMENTS = [
    {"id": "easy", "statement": "theorem easy : 1 + 1 = 2"},
    {"id": "hard", "statement": "theorem hard : 2 + 2 = 4"},
    {"id": "open", "statement": "theorem opens : 3 + 3 = 6"},
    {"id": "wrong", "statement": "theorem wrong : foo = 1"},
    {"id": "unreadable", "statement": "not a theorem"},
]


def test_a_prove_run_counts_automation_and_model_apart(tmp_path: Path) -> None:
    run = config(write(tmp_path / "d.jsonl", STATEMENTS), verb="prove", samples=4)
    proves = {"theorem easy : 1 + 1 = 2 := by decide", "theorem hard : 2 + 2 = 4 := by magic"}
    lean = FakeLeanVerifier(proves, broken=["foo"])
    backend = FakeBackend({"hard": ["by magic", "by nothing"], "": ["by nothing"]})
    summary = evaluate(ProveTask(run=run, lean=lean), run, tmp_path / "out", backend=backend)
    assert (summary["n"], summary["proved"], summary["accuracy"]) == (5, 2, 0.4)
    assert (summary["proved_by_automation"], summary["proved_by_model"]) == (1, 1)
    assert (summary["pass@1"], summary["pass@4"]) == (pytest.approx(0.1), pytest.approx(0.2))
    by_id = {record["id"]: record for record in lines(tmp_path / "out", "problem")}
    assert by_id["hard"]["statement"] == "theorem hard : 2 + 2 = 4"
    assert by_id["easy"]["automation"] == "decide" and by_id["hard"]["model"] == "by magic"
    assert by_id["wrong"]["reason"] == "elaboration" and by_id["unreadable"]["status"] == "unreadable"
    assert lean.tried.count("theorem hard : 2 + 2 = 4 := by nothing") == 1  # equal proofs are checked once


def test_the_model_is_told_that_mathlib_is_imported(tmp_path: Path) -> None:
    row = {"id": "m", "statement": "import Mathlib\nopen Nat\n\ntheorem m : 1 + 1 = 2"}
    run = config(write(tmp_path / "d.jsonl", [row]), verb="prove", samples=1)
    lean = FakeLeanVerifier({"import Mathlib\nopen Nat\n\ntheorem m : 1 + 1 = 2 := by magic"})
    backend = FakeBackend({"import Mathlib\n\ntheorem m": ["by magic"], "": ["by nothing"]})
    summary = evaluate(ProveTask(run=run, lean=lean), run, tmp_path / "out", backend=backend)
    assert summary["proved_by_model"] == 1


def test_what_nothing_proved_is_searched_further(tmp_path: Path) -> None:
    rows = [{"id": "false", "statement": "theorem t : 3 + 3 = 7"}, STATEMENTS[1]]
    parts = frozenset({Part.WHOLE, Part.DISPROVE})
    run = replace(config(write(tmp_path / "d.jsonl", rows), verb="prove"), search=SearchConfig(parts=parts))

    def proves(source: str) -> bool:
        return "mathlm_negates" in source or source.endswith(("¬ (3 + 3 = 7) := by magic", "= 4 := by magic"))

    backend = SharedBackend(FakeBackend(["by magic"]))
    task = ProveTask(run=run, lean=FakeLeanVerifier(proves), backend=backend)
    summary = evaluate(task, run, tmp_path / "out", backend=backend)
    assert (summary["proved"], summary["disproved"], summary["automation"]) == (1, 1, {})
    by_id = {record["id"]: record for record in lines(tmp_path / "out", "problem")}
    assert by_id["false"]["disproof"] == "theorem t_is_false : ¬ (3 + 3 = 7) := by magic"
    assert by_id["hard"]["disproof"] is None and by_id["hard"]["steps"] == 0
    fewer = replace(run, search=SearchConfig(parts=frozenset({Part.WHOLE})))
    with pytest.raises(UsageError, match="another run"):
        evaluate(task, fewer, tmp_path / "out", backend=backend)


def test_a_line_s_forbidden_premises_hold_for_each_of_its_proofs(tmp_path: Path) -> None:
    rows = [{"id": "a", "statement": "theorem a : 2 + 2 = 4", "forbidden": ["Nat.add", "rfl"]}]
    run = config(write(tmp_path / "d.jsonl", rows), verb="prove", samples=1)
    lean = FakeLeanVerifier(set(), credulous=True)
    evaluate(ProveTask(run=run, lean=lean), run, tmp_path / "out", backend=FakeBackend(["by magic"]))
    used = dict(zip(lean.sources, lean.forbidden, strict=True))
    ours = ("sorry", "fun h => h")  # statements, and that the negation is one
    stated = [source for source in used if source.endswith(ours)]
    assert len(stated) < len(used) and any("magic" in source for source in used)
    assert all(set(used[source]) == {"Nat.add", "rfl"} for source in used if source not in stated)


def test_a_sample_that_is_mended_says_what_the_model_wrote(tmp_path: Path) -> None:
    rows = [{"id": "a", "statement": "theorem a (n : Nat) : 2 + 2 = 4"}]
    parts = frozenset({Part.WHOLE, Part.MEND})
    run = replace(
        config(write(tmp_path / "d.jsonl", rows), verb="prove", samples=3), search=SearchConfig(parts=parts)
    )

    def proves(source: str) -> bool | Verdict:
        said = f"Unknown identifier `{source[-1]}`"
        refused = Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, detail=said)
        return True if source.endswith("where cases n") else refused

    script = ["f where cases q", "f where cases n", "f where rw [x_y]"]
    lean = FakeLeanVerifier(proves)
    backend = FakeBackend(script)
    summary = evaluate(ProveTask(run=run, lean=lean), run, tmp_path / "out", backend=backend)
    assert (summary["pass@1"], summary["samples_corrected"]) == (pytest.approx(2 / 3), 1)
    assert (summary["proved_by_model"], summary["proved_as_written"]) == (1, 1)
    found = lines(tmp_path / "out", "sample")
    assert [line.get("origin") for line in found] == ["model, mended", None, None]
    assert [(line["proof"], line["correct"], line.get("written")) for line in found] == [
        ("f where cases n", True, "f where cases q"),
        ("f where cases n", True, None),
        ("f where rw [x_y]", False, None),
    ]
    assert sum(source.endswith("where cases n") for source in lean.sources) == 1  # equal proofs: once


def test_a_sample_that_automation_finishes_counts_and_says_so(tmp_path: Path) -> None:
    rows = [{"id": "a", "statement": "theorem a (n : Nat) : 2 + 2 = 4"}]
    run = replace(
        config(write(tmp_path / "d.jsonl", rows), verb="prove", samples=1),
        search=SearchConfig(parts=frozenset({Part.WHOLE, Part.FINISH})),
    )
    refused = Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, detail="unsolved goals")
    task = ProveTask(run=run, lean=FakeLeanVerifier(lambda source: "all_goals" in source or refused))
    summary = evaluate(task, run, tmp_path / "out", backend=FakeBackend(["by simp"]))
    assert (summary["proved_by_model"], summary["proved_as_written"]) == (1, 0)
    (line,) = lines(tmp_path / "out", "sample")
    assert (line["written"], line["origin"]) == ("by simp", "model, finished")


def test_what_breaks_while_it_is_mended_is_no_rejection(tmp_path: Path) -> None:
    rows = [{"id": "a", "statement": "theorem a (n : Nat) : 2 + 2 = 4"}]
    run = replace(
        config(write(tmp_path / "d.jsonl", rows), verb="prove", samples=1),
        search=SearchConfig(parts=frozenset({Part.WHOLE, Part.MEND})),
    )

    def proves(source: str) -> Verdict:
        if source.endswith("cases n"):
            return Verdict(status=Status.INFRA_ERROR, detail="died")
        detail = f"Unknown identifier `{source[-1]}`"
        return Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, detail=detail)

    task = ProveTask(run=run, lean=FakeLeanVerifier(proves))
    evaluate(task, run, tmp_path / "out", backend=FakeBackend(["f where cases q"]))
    (line,) = lines(tmp_path / "out", "sample")
    assert (line["status"], line["correct"], line["proof"]) == ("infra_error", False, "f where cases q")
    assert "written" not in line


def test_automation_alone(tmp_path: Path) -> None:
    run = config(write(tmp_path / "d.jsonl", STATEMENTS[:2]), verb="prove", samples=0)
    lean = FakeLeanVerifier({"theorem easy : 1 + 1 = 2 := by omega"})
    summary = evaluate(ProveTask(run=run, lean=lean), run, tmp_path / "out", backend=None)
    assert (summary["proved"], summary["automation"]) == (1, {"omega": 1})
    assert "pass@1" not in summary


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "a", "question": "x", "answer": "1"}\nnot json\n', ":2"),
        ('{"id": "a", "question": "x"}\n', ":1.*answer"),
        ('\n{"id": "a", "question": 5, "answer": "1"}\n', ":2.*question"),
        ('{"id": "a", "question": "x", "answer": "1"}\n\n' * 2, ":3.*twice"),
        ("\n", "no problems"),
        ('{"id": "a", "question": "x", "answer": "1", "forbidden": "rfl"}\n', ":1.*forbidden.*list"),
    ],
)
def test_bad_data_says_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_rows(path, required=("id", "question", "answer"))
