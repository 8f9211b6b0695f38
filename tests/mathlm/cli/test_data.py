"""`mathlm data`: verbs, errors, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mathlm.cli.app import main
from mathlm.library import LibraryTheorem
from mathlm.premises import Retriever, index_of


def test_tokenizer_writes_a_folder_and_prints_its_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "a.jsonl"
    data.write_text('{"text": "theorem theorem theorem"}\n' * 8, encoding="utf-8")
    out = tmp_path / "tok"
    command = ["data", "tokenizer", "--data", str(data), "--vocab-size", "300", "--out", str(out), "--json"]
    assert main(command) == 0
    document = json.loads(capsys.readouterr().out)
    assert 260 < document["vocab_size"] <= 300
    assert (out / "tokenizer.json").is_file()


def test_a_bad_line_ends_with_2_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "a.jsonl"
    data.write_text("not json\n", encoding="utf-8")
    assert main(["data", "tokenizer", "--data", str(data), "--out", str(tmp_path / "tok")]) == 2
    assert f"{data}:1" in capsys.readouterr().err


def test_problems_of_a_bad_file_end_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "dm.jsonl"
    data.write_text('{"id": "a"}\n', encoding="utf-8")
    command = ["data", "problems", "--out", str(tmp_path / "out"), "--count", "0", "--dm-math", str(data)]
    assert main(command) == 2
    assert f"{data}:1" in capsys.readouterr().err


def test_no_problems_at_all_is_an_empty_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["data", "problems", "--out", str(tmp_path / "out"), "--count", "0", "--json"]
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out)["kept"] == 0
    assert (tmp_path / "out" / "samples.jsonl").read_bytes() == b""


def test_library_wants_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two = ["--recall", str(tmp_path / "a"), "--benchmark", str(tmp_path / "b")]
    for given in ([], two):
        assert main(["data", "library", *given]) == 2
        assert "give one of" in capsys.readouterr().err


def test_library_writes_what_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    signatures = {
        "Nat.add_comm": "Nat.add_comm (n m : Nat) : n + m = m + n",
        "Nat.mul_comm": "Nat.mul_comm (n m : Nat) : n * m = m * n",
        "Nat.succ_pos": "Nat.succ_pos (n : Nat) : 0 < n.succ",
    }
    few = [
        LibraryTheorem(name=name, module="Init.Data.Nat.Basic", signature=signature, alias=name)
        for name, signature in signatures.items()
    ]
    monkeypatch.setattr("mathlm.cli.data._library", lambda lean: few)
    monkeypatch.setattr("mathlm.premises.retriever", lambda lean: Retriever(few, index_of(few)))

    def written(option: str) -> list[dict[str, object]]:
        out = tmp_path / option
        assert main(["data", "library", f"--{option}", str(out), "--count", "5", "--json"]) == 0
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert json.loads(capsys.readouterr().out)["written"] == len(lines)
        return lines

    assert {line["id"] for line in written("benchmark")} == {"Nat.succ_pos"}
    assert {line["id"] for line in written("statements")} == {"Nat.add_comm", "Nat.mul_comm"}
    recalled = {line["id"]: line["answer"] for line in written("recall")}
    assert recalled == {
        "Nat.add_comm/recall": "by exact Nat.add_comm ..",
        "Nat.mul_comm/recall": "by exact Nat.mul_comm ..",
    }
