"""`mathlm train`: options, errors, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mathlm.cli.app import main
from model.tokenizer import Tokenizer


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "text.jsonl"
    path.write_text("".join(json.dumps({"text": f"{i} + {i}"}) + "\n" for i in range(50)), encoding="utf-8")
    (tmp_path / "tok").mkdir()
    Tokenizer.train(["1 + 1"], vocab_size=270).save(tmp_path / "tok")
    return path


def test_pretrain_prints_one_json_document(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = data.parent / "run"
    arguments = [
        "train", "pretrain", "--data", data, "--tokenizer", data.parent / "tok", "--out", out, "--layers", 1,
        "--hidden", 16, "--heads", 2, "--kv-heads", 1, "--row-length", 64, "--micro-tokens", 128,
        "--batch-tokens", 128, "--steps", 2, "--compile", "off", "--precision", "fp32", "--threads", 1,
        "--device", "cpu", "--muon-lr", 0.01, "--schedule", "cosine", "--json",
    ]  # fmt: skip
    assert main([str(x) for x in arguments]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["steps"] == 2
    assert Path(document["checkpoint"], "model.safetensors").is_file()
    settings = json.loads((out / "run.json").read_text(encoding="utf-8"))["config"]
    assert (settings["optim"]["muon_lr"], settings["optim"]["schedule"]) == (0.01, "cosine")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--steps", "1", "--minutes", "1"], "exactly one"),
        ([], "exactly one"),
        (["--steps", "1", "--device", "tpu"], "--device must be one of"),
        (["--steps", "1", "--micro-tokens", "100"], "multiple"),
        (["--steps", "1", "--schedule", "stairs"], "schedule"),
        (["--steps", "1", "--heads", "0"], "multiple of heads"),
        (["--steps", "1", "--kv-heads", "3"], "multiple of num_kv_heads"),
        (["--steps", "1", "--layers", "0"], "num_layers"),
        (["--steps", "1", "--seed", "-1"], "--seed"),
    ],
)
def test_bad_options_end_with_2(
    options: list[str], message: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["train", "pretrain", "--data", str(data), "--tokenizer", str(data.parent / "tok")]
    assert main([*base, "--out", str(data.parent / "run"), *options]) == 2
    assert message in capsys.readouterr().err
    assert not (data.parent / "run").exists()


def test_a_bad_line_ends_with_2_and_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.write_text('{"text": "a"}\n{"text": 5}\n', encoding="utf-8")
    base = ["train", "pretrain", "--data", str(data), "--tokenizer", str(data.parent / "tok")]
    assert main([*base, "--out", str(data.parent / "run"), "--steps", "1", "--device", "cpu"]) == 2
    assert f"{data}:2" in capsys.readouterr().err
