"""The training loop: what it keeps, promotes and refuses, and that a kill at any step loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch

from mathlm.errors import InfraError, UsageError
from mathlm.prompts import render_solve
from mathlm.records import read_jsonl
from mathlm.types import Status, Verdict
from model import checkpoint
from model.config import ModelConfig
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from tests.training.loop_child import GOOD, config, proves, tools
from training.curve import point
from training.data.split import is_test
from training.expert_iteration import main
from training.loop_config import Tools
from verify.fake import FakeLeanVerifier

STEPS = ("problems", "rollout", "select", "conjecture", "train", "evaluate")
CHILD = Path(__file__).parent / "loop_child.py"
ROOT = Path(__file__).parents[2]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def seedbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny checkpoint, base data, 20 statements and 4 questions, and 6 statements for development."""
    folder = tmp_path_factory.mktemp("loop")
    base = [
        {"id": str(i), "prompt": render_solve(f"What is {i} + 1?").text, "answer": str(i + 1), "source": "s"}
        for i in range(30)
    ]
    write(folder / "base.jsonl", base)
    write(folder / "statements.jsonl", [statement(key, i) for i, key in enumerate(training_ids("train", 20))])
    write(folder / "dev.jsonl", [statement(key, 100 + i) for i, key in enumerate(training_ids("dev", 6))])
    questions = [
        {"id": key, "question": f"What is gcd(12, 18)?{'?' * i}", "answer": "6"}
        for i, key in enumerate(training_ids("q", 4))
    ]
    write(folder / "questions.jsonl", questions)
    torch.manual_seed(0)
    tokenizer = Tokenizer.train([str(row) for row in base], vocab_size=300)
    shape = ModelConfig(
        vocab_size=tokenizer.vocab_size, hidden_size=16, intermediate_size=32, num_layers=1, num_heads=2,
        num_kv_heads=1, head_dim=8, max_position=256,
    )  # fmt: skip
    checkpoint.save(Transformer(shape), tokenizer, folder / "init", dtype=torch.float32)
    return folder


@pytest.fixture
def folder(seedbed: Path, tmp_path: Path) -> Path:
    shutil.copytree(seedbed, tmp_path, dirs_exist_ok=True)
    return tmp_path


def statement(key: str, number: int) -> dict[str, Any]:
    return {"id": key, "statement": f"theorem t{number} : {number} + 1 = {number + 1}"}


def training_ids(prefix: str, count: int) -> list[str]:
    """Ids that are not of the test split."""
    return [key for i in range(2 * count) if not is_test(key := f"{prefix}-{i}")][:count]


def lines(path: Path) -> list[dict[str, Any]]:
    return list(read_jsonl(path))


def outcome(out: Path) -> tuple[Any, ...]:
    """What must not depend on kills: samples of both rounds, what was trained on, and the curve."""
    records = [
        sorted(
            (json.dumps({k: v for k, v in line.items() if k != "seconds"}, sort_keys=True))
            for line in lines(path)
            if line["kind"] != "call"
        )
        for path in sorted(out.glob("round-*/*/samples.jsonl"))
    ]
    kept = [path.read_text(encoding="utf-8") for path in sorted(out.glob("round-*/kept.jsonl"))]
    weights = [checkpoint.model_hash(path) for path in sorted(out.glob("round-*/sft/checkpoint"))]
    return records, kept, weights, json.loads((out / "curve.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def undisturbed(seedbed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a loop that nothing stopped."""
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(seedbed, folder, dirs_exist_ok=True)
    main(config(folder), tools(folder))
    return folder / "loop"


def test_the_loop_keeps_what_passed_and_promotes_what_is_better(undisturbed: Path) -> None:
    state = json.loads((undisturbed / "state.json").read_text(encoding="utf-8"))
    first, second, third = state["curve"]
    assert first["figure"] < 1 == second["figure"] == third["figure"]
    assert (first["promoted"], second["promoted"], third["promoted"]) == (True, True, False)  # tie: older
    assert state["best"]["round"] == 1 and Path(state["best"]["model"]).is_dir()
    kept = lines(undisturbed / "round-01" / "kept.jsonl")
    proofs = [line for line in kept if "Prove in Lean 4" in line["prompt"]]
    assert len(proofs) >= 10 and {line["answer"] for line in proofs} == {GOOD}
    programs = [line for line in kept if "gcd" in line["prompt"]]
    assert programs and all("math.gcd(12, 18)" in line["answer"] for line in programs)
    assert {line["source"] for line in kept} == {"expert iteration"}
    counts = Counter(line["id"].rpartition("-")[0] for line in kept)
    assert max(counts.values()) <= 2
    for name in ("curve.png", "report.html", "config.json"):
        assert (undisturbed / name).stat().st_size > 100
    assert {"prove pass@4", "prove pass@4 stderr"} <= first.keys()
    assert "prove accuracy" not in first  # it is pass@4
    assert "data:image/png" in (undisturbed / "report.html").read_text("utf-8")


def test_conjectures_are_rolled_out_in_the_next_round_only_if_they_are_new(undisturbed: Path) -> None:
    made = lines(undisturbed / "round-01" / "conjectures.jsonl")
    assert made and all(row["id"].startswith("conjecture-01-") for row in made)
    assert "theorem conjecture_01_0 :" in made[0]["statement"]
    asked = {row["id"] for row in lines(undisturbed / "round-02" / "problems-prove.jsonl")}
    assert {row["id"] for row in made} <= asked
    # The trained model proves each of them every time, so none is hard enough to be trained on.
    assert not [x for x in lines(undisturbed / "round-02" / "kept.jsonl") if x["source"] == "conjecture"]


@pytest.mark.parametrize("step", ["evaluate", "rollout", "select", "conjecture", "train", "curve"])
def test_a_kill_in_any_step_loses_and_repeats_nothing(step: str, folder: Path, undisturbed: Path) -> None:
    killed = subprocess.run(
        [sys.executable, str(CHILD), str(folder), step], cwd=ROOT, env=_environment(), capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    out = folder / "loop"
    assert not (out / "curve.json").exists() or step not in ("evaluate", "curve")
    before = {path: path.stat().st_mtime_ns for path in out.glob("round-*/*.json")}
    judged = {path: lines(path) for path in out.glob("round-*/*/samples.jsonl")}
    if step == "rollout":  # killed in the middle of it
        assert 0 < len(judged[out / "round-01" / "rollout-prove" / "samples.jsonl"]) < 100
        assert not (out / "round-01" / "rollout.json").exists()
    main(config(folder), tools(folder))
    assert outcome(out) == outcome(undisturbed)
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in before.items())
    for path, kept in judged.items():
        assert lines(path)[: len(kept)] == kept
    done = Counter((line["round"], line["step"]) for line in lines(out / "log.jsonl"))
    assert set(done.values()) == {1}
    assert {name for number, name in done if number == 1} == set(STEPS)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_a_finished_loop_asks_nothing_again_and_may_grow(folder: Path) -> None:
    main(config(folder, rounds=1), tools(folder))
    calls = (folder / "calls.txt").read_text("utf-8")
    main(config(folder, rounds=1), tools(folder, lean=object()))
    assert (folder / "calls.txt").read_text("utf-8") == calls
    assert main(config(folder, rounds=2), tools(folder))["rounds"] == 2
    with pytest.raises(UsageError, match=r"other settings \(keep\)"):
        main(config(folder, keep=1), tools(folder))


def test_test_items_and_development_items_are_refused_and_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = next(f"x-{i}" for i in range(1000) if is_test(f"x-{i}"))
    development = training_ids("dev", 6)
    rows = [
        statement("mine", 0), statement(key, 50), statement("again", 50), statement(development[1], 60),
        {"id": "alike", "statement": "theorem other :  103 + 1 =\n104"},
        {"id": "library", "statement": "theorem mine (a : ℕ) : a = a"},
    ]  # fmt: skip
    write(folder / "statements.jsonl", rows)
    own = tools(folder)
    held_out = frozenset({"(a:Nat):a=a"})
    settings = config(folder, rounds=1, conjectures=0, problems={"prove": folder / "statements.jsonl"})
    state = main(settings, Tools(backend=own.backend, lean=own.lean, python=None, held_out=held_out))
    assert state["refused"]["prove"] == {
        "id of the test split": 1, "text of the test split": 2, "id of a development set": 1,
        "text of a development set": 1,
    }  # fmt: skip
    assert [row["id"] for row in lines(folder / "loop/round-01/problems-prove.jsonl")] == ["mine"]
    assert "5 of 6 problems REFUSED" in capsys.readouterr().err
    write(folder / "statements.jsonl", rows[1:-1])
    settings = config(folder, out=folder / "none", problems=settings.problems)
    with pytest.raises(UsageError, match="every problem is refused"):
        main(settings, tools(folder))


def test_nothing_accepted_means_nothing_trained(folder: Path) -> None:
    settings = config(folder, rounds=1, problems={"prove": folder / "statements.jsonl"})
    state = main(settings, tools(folder, lean=FakeLeanVerifier(set())))
    assert state["curve"][1]["kept"] == 0 and not (folder / "loop/round-01/sft").exists()
    assert state["best"]["round"] == 0


def test_a_sample_that_the_machine_could_not_judge_is_dropped_not_refused(folder: Path) -> None:
    broken = Verdict(status=Status.INFRA_ERROR, detail="gone")

    def flaky(source: str) -> bool | Verdict:
        return broken if source.startswith("theorem t1 ") else proves(source)

    settings = config(folder, rounds=1, conjectures=0, problems={"prove": folder / "statements.jsonl"})
    main(settings, tools(folder, lean=FakeLeanVerifier(flaky)))
    counts = json.loads((folder / "loop/round-01/select.json").read_text("utf-8"))
    assert counts["infra_error"] == 4 and counts["sampled"] == 80


def test_a_development_set_that_cannot_be_judged_stops_the_loop(folder: Path) -> None:
    class Down(FakeLeanVerifier):
        def check(self, source: str, **options: Any) -> Verdict:
            return Verdict(status=Status.INFRA_ERROR, detail="no Lean here")

    with pytest.raises(InfraError, match="no Lean here"):
        main(config(folder), tools(folder, lean=Down(set())))
    assert main(config(folder, rounds=1), tools(folder))["rounds"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": (0.5, 0.5)}, "window"),
        ({"problems": {}}, "problems to roll out"),
        ({"development": {}}, "development set"),
        ({"keep": 0}, "keep"),
        ({"problems": {"solve": Path("q.jsonl")}}, "conjectures are made from proved"),
    ],
)
def test_settings_that_make_no_loop(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        config(tmp_path, **options)


def test_the_training_run_is_the_one_that_was_asked_for(undisturbed: Path) -> None:
    run = json.loads((undisturbed / "round-02" / "sft" / "run.json").read_text("utf-8"))
    assert run["config"]["init"].endswith("init") and run["config"]["run"]["steps"] == 4
    assert [Path(p).name for p in run["config"]["data"]] == ["base.jsonl", "kept.jsonl"]


def test_a_point_of_the_curve_has_what_each_kind_of_problem_has() -> None:
    prove = {"pass@1": 0.1, "pass@1_stderr": 0.01, "pass@4": 0.3, "pass@4_stderr": 0.02, "accuracy": 0.3}
    solve = {"pass@4": 0.9, "accuracy": 0.8, "accuracy_stderr": 0.03, "wrong_certified": 0, "seconds": 5.0}
    facts = {"round": 1, "figure": 0.3, "promoted": True, "kept": 9}
    found = point(facts | {"evaluation": {"prove": prove, "solve": solve}}, samples=4)
    assert found == {
        **facts,
        "prove pass@1": 0.1, "prove pass@1 stderr": 0.01, "prove pass@4": 0.3, "prove pass@4 stderr": 0.02,
        "solve pass@4": 0.9, "solve accuracy": 0.8, "solve accuracy stderr": 0.03, "solve wrong certified": 0,
    }  # fmt: skip
