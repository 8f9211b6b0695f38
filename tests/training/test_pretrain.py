"""Pre-training end to end on tiny data: it learns, it survives kill -9, it refuses bad input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from mathlm.errors import CheckpointError, UsageError
from mathlm.records import read_jsonl
from model import checkpoint
from model.tokenizer import Tokenizer
from training.corpus import tokenizer_hash
from training.optim import OptimConfig
from training.pretrain import PretrainConfig, main
from training.run import RunConfig

MakeRun = Callable[..., RunConfig]
SHAPE = {"layers": 2, "hidden": 32, "heads": 4, "kv_heads": 2, "max_position": 128}


def losses(out: Path) -> list[tuple[int, float]]:
    return [(x["step"], x["loss"]) for x in read_jsonl(out / "metrics.jsonl") if "loss" in x]


def test_a_tiny_run_learns_and_leaves_a_complete_folder(
    text_file: Path, tokenizer_folder: Path, tiny_run: MakeRun
) -> None:
    run = tiny_run(steps=60)
    optim = OptimConfig(adam_lr=0.03)
    config = PretrainConfig(data=(text_file,), tokenizer=tokenizer_folder, run=run, optim=optim, **SHAPE)
    summary = main(config)
    curve = losses(run.out)
    assert [step for step, _ in curve] == list(range(1, 61))
    assert curve[0][1] > 5
    assert curve[-1][1] < 1.0
    names = {path.name for path in run.out.iterdir()}
    assert {"run.json", "metrics.jsonl", "loss.png", "report.html", "summary.json", "tensorboard"} <= names
    model, tokenizer = checkpoint.load(run.out / "checkpoint", dtype=torch.float32)
    ids = tokenizer.encode("What is 3 + 4?")
    with torch.no_grad():
        likely = int(model(torch.tensor([ids]))[0, -2].argmax())
    assert tokenizer.decode([likely]) == "?"
    assert summary["tokens_per_second"] > 0 and 0 < summary["mfu"] < 1 and summary["memory"] > 1e8
    assert main(config) == json.loads((run.out / "summary.json").read_text(encoding="utf-8"))


def test_kill_9_and_ctrl_c_and_rerun_give_the_curve_of_an_undisturbed_run(
    write_lines: Callable[[str, list[Any]], Path], tokenizer_folder: Path, tmp_path: Path
) -> None:
    text_file = write_lines("numbers.jsonl", [{"text": f"{i} + {i} is {2 * i}"} for i in range(500)])
    steps, curves = 40, []
    for name, kills in (("calm", ()), ("killed", (signal.SIGKILL, signal.SIGINT))):
        out = tmp_path / name
        arguments = [
            "train", "pretrain", "--data", text_file, "--tokenizer", tokenizer_folder, "--out", out,
            "--layers", "2", "--hidden", "32", "--heads", "4", "--kv-heads", "2", "--row-length", "64",
            "--micro-tokens", "256", "--batch-tokens", "512", "--steps", steps, "--compile", "off",
            "--precision", "fp32", "--threads", "1", "--device", "cpu", "--checkpoint-minutes", "0.001",
        ]  # fmt: skip
        command = [sys.executable, "-c", "import sys; from mathlm.cli.app import main; sys.exit(main())"]
        command += [str(x) for x in arguments]
        for number, kill in enumerate(kills):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            wait_for_lines(out / "metrics.jsonl", 8 + 12 * number, process)
            os.kill(process.pid, kill)
            assert process.wait(timeout=60) == (130 if kill is signal.SIGINT else -kill)
            assert not (out / "summary.json").exists()
        if kills:
            reached = torch.load(out / "resume.pt", weights_only=True)["step"]
            assert 0 < reached < steps
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        assert (f"{reached} of {steps} steps done" if kills else f"{steps} steps") in done.stderr
        curves.append([x for x in read_jsonl(out / "metrics.jsonl")])
    keep = ("step", "loss", "validation_loss", "learning_rate", "gradient_norm", "tokens")
    calm, killed = ([{k: x[k] for k in keep if k in x} for x in curve] for curve in curves)
    assert calm == killed
    assert sum("validation_loss" in x for x in calm) >= 10
    assert weights(tmp_path / "calm") == weights(tmp_path / "killed")


def wait_for_lines(path: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while not (path.exists() and path.read_bytes().count(b"\n") >= count):
        assert process.poll() is None, "the run ended before it was killed"
        assert time.monotonic() < deadline, "the run does not get on"
        time.sleep(0.01)


def weights(out: Path) -> str:
    return checkpoint.model_hash(out / "checkpoint")


def test_a_minutes_budget_fixes_steps_and_ends_in_time(
    text_file: Path, tokenizer_folder: Path, tiny_run: MakeRun
) -> None:
    run = tiny_run(minutes=0.1)
    config = PretrainConfig(data=(text_file,), tokenizer=tokenizer_folder, run=run, **SHAPE)
    started = time.monotonic()
    summary = main(config)
    assert summary["steps"] == json.loads((run.out / "plan.json").read_text(encoding="utf-8"))["steps"] > 1
    assert losses(run.out)[-1][0] == summary["steps"]
    assert time.monotonic() - started < 30, "a 6 s budget, with room for a busy machine"


def test_epochs_are_passes_over_the_data(text_file: Path, tokenizer_folder: Path, tiny_run: MakeRun) -> None:
    steps = []
    for epochs in (1, 2):
        run = tiny_run(epochs=epochs, out=tokenizer_folder.parent / f"run{epochs}")
        config = PretrainConfig(data=(text_file,), tokenizer=tokenizer_folder, run=run, **SHAPE)
        steps.append(main(config)["steps"])
    assert abs(steps[1] - 2 * steps[0]) <= 1


def test_continued_from_a_checkpoint_starts_where_it_was(
    text_file: Path, tokenizer_folder: Path, tiny_run: MakeRun, tmp_path: Path
) -> None:
    first = tiny_run(steps=40)
    end = main(PretrainConfig(data=(text_file,), tokenizer=tokenizer_folder, run=first, **SHAPE))["loss"]
    second = tiny_run(steps=2, out=tmp_path / "second")
    main(PretrainConfig(data=(text_file,), init=first.out / "checkpoint", run=second))
    assert losses(second.out)[0][1] < end + 0.3
    shape = checkpoint.read_config(second.out / "checkpoint")
    assert (shape.num_layers, shape.hidden_size) == (2, 32)


def test_a_kill_between_the_last_save_and_the_summary_loses_no_figure(
    text_file: Path, tokenizer_folder: Path, tiny_run: MakeRun
) -> None:
    run = tiny_run(steps=4)
    config = PretrainConfig(data=(text_file,), tokenizer=tokenizer_folder, run=run, **SHAPE)
    before = main(config)
    (run.out / "summary.json").unlink()
    after = main(config)
    same = ("steps", "loss", "validation_loss", "tokens", "seconds", "tokens_per_second")
    assert {name: before[name] for name in same} == {name: after[name] for name in same}
    assert "NaN" not in (run.out / "summary.json").read_text(encoding="utf-8")


def test_another_tokenizer_in_the_same_folder_is_refused(
    text_file: Path, tokenizer_folder: Path, tiny_run: MakeRun
) -> None:
    config = PretrainConfig(data=(text_file,), tokenizer=tokenizer_folder, run=tiny_run(steps=2), **SHAPE)
    main(config)
    facts = json.loads((config.run.out / "run.json").read_text(encoding="utf-8"))
    assert facts["data"]["tokenizer"] == tokenizer_hash(Tokenizer.load(tokenizer_folder))
    Tokenizer.train(["other text, other merges"] * 9, vocab_size=300).save(tokenizer_folder)
    with pytest.raises(UsageError, match=r"data\.tokenizer"):
        main(config)


def test_other_settings_for_a_finished_run_are_refused(
    text_file: Path, tokenizer_folder: Path, tiny_run: MakeRun
) -> None:
    data: dict[str, Any] = {"data": (text_file,), "tokenizer": tokenizer_folder, **SHAPE}
    main(PretrainConfig(run=tiny_run(steps=2), **data))
    with pytest.raises(UsageError, match=r"config\.run\.seed"):
        main(PretrainConfig(run=tiny_run(steps=2, seed=1), **data))


def test_missing_tokenizer_and_checkpoint_are_clear(
    text_file: Path, tiny_run: MakeRun, tmp_path: Path
) -> None:
    for name in ("tokenizer", "init"):
        options: dict[str, Any] = {name: tmp_path / "absent"}
        with pytest.raises(CheckpointError, match="absent"):
            main(PretrainConfig(data=(text_file,), run=tiny_run(), max_position=128, **options))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": ()}, "data file"),
        ({"init": Path("x")}, "either a tokenizer"),
        ({"hidden": 30}, "multiple of heads"),
        ({"max_position": 64}, "max_position"),
    ],
)
def test_config_refuses(options: dict[str, Any], message: str, tiny_run: MakeRun) -> None:
    base: dict[str, Any] = {"data": (Path("a"),), "tokenizer": Path("t"), "run": tiny_run()}
    with pytest.raises(ValueError, match=message):
        PretrainConfig(**(base | options))
