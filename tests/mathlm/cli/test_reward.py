"""`data pairs`, `train reward`, `eval reward` and `--rerank`, from the command line with tiny models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from mathlm.cli.app import main
from model import checkpoint
from model.config import ModelConfig
from model.tokenizer import Tokenizer
from model.transformer import Transformer


def call(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, dict[str, Any]]:
    code = main([*(str(x) for x in args), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_from_samples_to_a_reward_model_and_its_accuracy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(0)
    tokenizer = Tokenizer.train(["What is 1 + 1? print(2)"], vocab_size=300)
    shape = ModelConfig(
        vocab_size=300, hidden_size=16, intermediate_size=32, num_layers=1, num_heads=2, num_kv_heads=1,
        head_dim=8, max_position=256,
    )  # fmt: skip
    checkpoint.save(Transformer(shape), tokenizer, tmp_path / "init", dtype=torch.float32)
    rows: list[dict[str, Any]] = []
    for i in range(80):
        for text, answer in (("print(2)", "2"), ("print('no')", "no")):
            sample = {"kind": "sample", "text": text, "answer": answer, "correct": answer == "2"}
            rows.append({"id": f"q{i}", **sample})
        rows.append({"id": f"q{i}", "kind": "problem", "question": f"What is 1 + {i}?"})
    samples = tmp_path / "run" / "samples.jsonl"
    samples.parent.mkdir()
    samples.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    code, made = call(capsys, "data", "pairs", "--run", samples.parent, "--out", tmp_path / "pairs")
    assert code == 0 and made["counts"]["train: solve"] + made["counts"]["test: solve"] == 80
    code, trained = call(
        capsys, "train", "reward", "--data", tmp_path / "pairs" / "train.jsonl", "--init", tmp_path / "init",
        "--out", tmp_path / "reward", "--row-length", 256, "--micro-tokens", 2048, "--batch-tokens", 2048,
        "--epochs", 2, "--adam-lr", 0.02, "--muon-lr", 0.02, "--compile", "off", "--precision", "fp32",
        "--threads", 1, "--device", "cpu",
    )  # fmt: skip
    assert code == 0 and trained["steps"] > 5
    code, figures = call(
        capsys, "eval", "reward", "--data", tmp_path / "pairs" / "test.jsonl",
        "--model", trained["checkpoint"], "--out", tmp_path / "figures",
    )  # fmt: skip
    assert code == 0 and figures["accuracy"] == 1.0 and figures["pairs"] == made["counts"]["test: solve"]
    assert json.loads((tmp_path / "figures" / "summary.json").read_text()) == figures
    judge = call(
        capsys, "eval", "reward", "--judge", "--model", tmp_path / "init",
        "--data", tmp_path / "pairs" / "test.jsonl",
    )  # fmt: skip
    assert judge[0] == 0 and judge[1]["judge"] and 0 <= judge[1]["accuracy"] <= 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["eval", "reward", "--data", "missing.jsonl"], "missing.jsonl"),
        (["eval", "solve", "--data", "missing.jsonl"], "--out"),
        (["solve", "2+2?", "--rerank", "reward"], "--reward-model"),
        (["solve", "2+2?", "--reward-model", "somewhere"], "--rerank"),
        (["prove", "theorem t : 1 = 1", "--rerank", "both"], "--reward-model"),
        (["solve", "2+2?", "--rerank", "both", "--reward-model", "nowhere/at/all"], "no model"),
        (["solve", "2+2?", "--rerank", "both", "--reward-model", "mathlm-mini"], "SequenceClassification"),
        (["data", "pairs", "--run", "nowhere.jsonl", "--out", "x"], "nowhere.jsonl"),
    ],
)
def test_what_is_refused(args: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = call(capsys, *args)
    assert code == 2 and message in document["error"]
