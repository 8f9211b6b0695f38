"""`mathlm.tasks`: statements that are proved below an import, and the time for corrections."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mathlm.evaluate import EvalConfig, evaluate
from mathlm.pipeline import SolveLimits
from mathlm.search import Part, SearchConfig
from mathlm.tasks import ProveTask
from mathlm.types import Reason, SamplingParams, Status, Verdict
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.fake import FakeLeanVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
EASY = {"id": "easy", "statement": "theorem easy : 1 + 1 = 2"}
HARD = {"id": "hard", "statement": "theorem hard : 2 + 2 = 4"}


def proving(
    folder: Path, rows: Sequence[dict[str, Any]], *, samples: int, search: SearchConfig
) -> EvalConfig:
    data = folder / "d.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return EvalConfig(
        verb="prove", data=data, samples=samples, model="fake", model_hash="0", workers=2, search=search,
        params=SamplingParams(max_tokens=100, seed=7),
        limits=SolveLimits(program=LIMITS, comparison=LIMITS, lean=LIMITS),
    )  # fmt: skip


def lines(out: Path, kind: str) -> list[dict[str, Any]]:
    records = map(json.loads, (out / "samples.jsonl").read_text(encoding="utf-8").splitlines())
    return [record for record in records if record["kind"] == kind]


def test_a_statement_without_imports_may_have_proofs_below_mathlib(tmp_path: Path) -> None:
    search = SearchConfig(parts=frozenset({Part.WHOLE, Part.MATHLIB}))
    run = proving(tmp_path, [EASY, HARD], samples=4, search=search)
    both = {f"{above}theorem easy : 1 + 1 = 2 := by magic" for above in ("", "import Mathlib\n\n")}
    lean = FakeLeanVerifier({*both, "import Mathlib\n\ntheorem hard : 2 + 2 = 4 := by magic"})
    backend = FakeBackend({"import Mathlib": ["by magic"], "": ["by nothing"]})
    evaluate(ProveTask(run=run, lean=lean), run, tmp_path / "out", backend=backend)
    easy, hard = lines(tmp_path / "out", "problem")
    assert (easy["proof"], easy["needs_import"]) == ("by magic", False)
    assert (hard["proof"], hard["needs_import"]) == ("by magic", True)
    assert hard["statement"] == "import Mathlib\n\ntheorem hard : 2 + 2 = 4"
    proofs = [line["proof"] for line in lines(tmp_path / "out", "sample") if line["id"] == "hard"]
    assert proofs == ["by magic"] * 2 + ["by nothing"] * 2


def test_a_false_statement_is_disproved(tmp_path: Path) -> None:
    row = {"id": "false", "statement": "theorem f : ∀ n : Nat, n < 5"}
    search = SearchConfig(parts=frozenset({Part.AUTOMATION, Part.DISPROVE}))
    run = proving(tmp_path, [row], samples=0, search=search)
    lean = FakeLeanVerifier(lambda source: "f_is_false" in source or "mathlm_negates" in source)
    summary = evaluate(ProveTask(run=run, lean=lean), run, tmp_path / "out", backend=None)
    (line,) = lines(tmp_path / "out", "problem")
    assert summary["disproved"] == 1 and line["disproof"].startswith("theorem f_is_false : ¬")


def test_corrections_end_with_the_seconds_of_the_search(tmp_path: Path) -> None:
    search = SearchConfig(parts=frozenset({Part.WHOLE, Part.FINISH}), seconds=1e-9)
    run = proving(tmp_path, [HARD], samples=1, search=search)
    refused = Verdict(status=Status.REJECTED, reason=Reason.ELABORATION, detail="unsolved goals")
    lean = FakeLeanVerifier(lambda source: "all_goals" in source or refused)
    evaluate(ProveTask(run=run, lean=lean), run, tmp_path / "out", backend=FakeBackend(["by induction n"]))
    (line,) = lines(tmp_path / "out", "sample")
    assert (line["correct"], line["proof"]) == (False, "by induction n")
