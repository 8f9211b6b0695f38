"""`mathlm loop`: options, errors, exit codes, and a whole loop on the real Lean with a tiny model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from mathlm.cli.app import main
from mathlm.prompts import render_prove
from model import checkpoint
from model.config import ModelConfig
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from training.optim import OptimConfig
from training.run import RunConfig
from training.sft import SftConfig
from training.sft import main as sft

STATEMENTS = ["theorem a : 1 + 1 = 2", "theorem b : 2 + 2 = 4"]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny model that answers `rfl`, two statements to roll out and one for development."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    prompts = [render_prove(text).text for text in (*STATEMENTS, "theorem c : 3 + 3 = 6")]
    lines = [{"id": f"b{i}", "prompt": p, "answer": "rfl", "source": "s"} for i, p in enumerate(prompts * 30)]
    data = write(tmp_path / "base.jsonl", lines)
    tokenizer = Tokenizer.train([*prompts, "rfl"] * 3, vocab_size=300)
    shape = ModelConfig(
        vocab_size=tokenizer.vocab_size, hidden_size=32, intermediate_size=64, num_layers=1, num_heads=2,
        num_kv_heads=1, head_dim=16, max_position=256,
    )  # fmt: skip
    checkpoint.save(Transformer(shape), tokenizer, tmp_path / "new", dtype=torch.float32)
    run = RunConfig(
        out=tmp_path / "sft", steps=60, batch_tokens=256, micro_tokens=256, row_lengths=(128,), compile="off",
        precision="fp32", threads=1, device="cpu",
    )  # fmt: skip
    sft(SftConfig(data=(data,), init=tmp_path / "new", run=run, optim=OptimConfig(adam_lr=0.03)))
    write(tmp_path / "train.jsonl", [{"id": f"t{i}", "statement": s} for i, s in enumerate(STATEMENTS)])
    write(tmp_path / "dev.jsonl", [{"id": "d", "statement": "theorem c : 3 + 3 = 6"}])
    return tmp_path


def arguments(folder: Path, *more: object) -> list[str]:
    words = [
        "loop", "--out", folder / "loop", "--init", folder / "sft" / "checkpoint", "--base-data",
        folder / "base.jsonl", "--statements", folder / "train.jsonl", "--dev-prove", folder / "dev.jsonl",
        "--samples", 2, "--rounds", 1, "--window", 0, 1, "--sft-steps", 2, "--row-length", 128,
        "--batch-tokens", 256, "--micro-tokens", 256, "--compile", "off", "--precision", "fp32", "--device",
        "cpu", "--no-premises", "--json", *more,
    ]  # fmt: skip
    return [str(word) for word in words]


def test_a_round_on_the_real_lean(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(folder)) == 0
    state = json.loads(capsys.readouterr().out)
    assert state["rounds"] == 1 and state["best"]["round"] == 0  # a tie goes to the older
    assert state["curve"][0]["prove pass@2"] == state["curve"][1]["prove pass@2"] == 1.0
    kept = [
        json.loads(line) for line in (folder / "loop/round-01/kept.jsonl").read_text("utf-8").splitlines()
    ]
    assert {line["answer"] for line in kept} == {"rfl"} and len(kept) == 2
    params = json.loads((folder / "loop/config.json").read_text("utf-8"))["params"]
    assert (params["prove"]["temperature"], params["solve"]["temperature"]) == (1.1, 0.7)
    assert main(arguments(folder)) == 0  # finished: nothing is done again
    assert json.loads(capsys.readouterr().out) == state
    assert main(arguments(folder, "--keep", 1)) == 2
    assert "other settings (keep)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--window", "0.5", "0.2"], "window must be LOW < HIGH"),
        (["--sft-minutes", "1", "--sft-epochs", "1"], "exactly one"),
        (["--device", "tpu"], "--device must be one of"),
        (["--dev-prove", "d.jsonl", "--conjecture", "5", "--questions", "q.jsonl"], "proved statements"),
        (["--statements", "s.jsonl"], "development set"),
    ],
)
def test_bad_options_end_with_2(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["loop", "--out", str(tmp_path / "loop"), "--init", "none", "--base-data", "none.jsonl"]
    if "--dev-prove" not in options and "--statements" not in options:
        base += ["--statements", "s.jsonl", "--dev-prove", "d.jsonl"]
    assert main([*base, *options]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "loop").exists()
