"""`solve`, `prove`, `check`, `eval`: input that is refused before any runtime or model is opened."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from mathlm.cli.app import main

THEOREM = "theorem t (a b : Nat) : a + b = b + a"


def refused(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """The message of a command line that must end with exit code 2."""
    assert main([*args, "--json"]) == 2
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    assert document["status"] == "usage_error"
    return str(document["error"])


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["solve", ""], "empty"),
        (["solve", "x" * 1_000_000], "at most 20,000"),
        (["solve"], "--file"),
        (["solve", "2+2?", "--file", "q.txt"], "one of the two"),
        (["solve", "2+2?", "--samples", "0"], "samples"),
        (["solve", "2+2?", "--timeout", "0"], "timeout"),
        (["solve", "2+2?", "--timeout", "nan"], "timeout"),
        (["solve", "2+2?", "--seed", str(2**64)], "--seed"),
        (["solve", "2+2?", "--model", "nowhere/to/be/found"], "no model"),
        (["prove", "a + b = b + a"], "theorem NAME BINDERS : TYPE"),
        (["prove", f"{THEOREM} := by omega"], "mathlm check"),
        (["prove", THEOREM, "--model", "nowhere/to/be/found"], "--no-model"),
        (["prove", "--file", "missing.lean"], "missing.lean"),
        (["check", "missing.lean"], "missing.lean"),
        (["check", "-", "--statement", "-"], "both be stdin"),
        (["eval", "solve", "--out", "o"], "--data"),
        (["eval", "solve", "--data", "missing.jsonl", "--out", "o"], "missing.jsonl"),
        (["eval", "solve", "--data", "missing.jsonl", "--out", "o", "--no-model"], "needs a model"),
        (["eval", "cook", "--data", "d", "--out", "o"], "cook"),
    ],
)
def test_what_is_refused_and_how(args: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert message in refused(capsys, *args)


@pytest.mark.parametrize("verb", ["solve", "prove"])
def test_a_file_that_is_not_utf8_is_refused(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "q.txt"
    path.write_bytes(b"What is \xff?")
    assert "not UTF-8" in refused(capsys, verb, "--file", str(path))


def test_an_empty_lean_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.lean"
    path.write_text(" \n", encoding="utf-8")
    assert "is empty" in refused(capsys, "check", str(path))


def test_a_bad_data_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text('{"id": "a", "statement": "theorem t : 1 = 1"}\n{"id": "b"}\n', encoding="utf-8")
    message = refused(capsys, "eval", "prove", "--data", str(path), "--out", str(tmp_path / "o"))
    assert f"{path}:2" in message and "statement" in message


def test_the_question_may_come_from_stdin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"  ")))
    assert "question is empty" in refused(capsys, "solve", "--file", "-")
