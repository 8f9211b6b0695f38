"""Results, input files and progress bars."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from mathlm.cli import output
from mathlm.errors import UsageError
from mathlm.types import Status, TheoremVerdict


def test_emit_prints_one_document_or_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    verdict = TheoremVerdict(name="t", status=Status.ACCEPTED, axioms=("propext",), statement="∀ n, n = n")
    output.emit({"theorems": [verdict]}, "proved", as_json=True)
    output.emit({"theorems": [verdict]}, "proved", as_json=False)
    first, second = capsys.readouterr().out.splitlines()
    assert json.loads(first)["theorems"][0]["status"] == "accepted"
    assert "∀ n" in first and second == "proved"


def test_a_terminal_that_is_not_utf8_gets_what_it_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", stream)
    output.emit({"answer": "∀ 😀"}, "", as_json=True)
    output.emit({}, "─ ∀ n ─", as_json=False)
    first, second = stream.buffer.getvalue().splitlines()  # type: ignore[attr-defined]
    assert json.loads(first) == {"answer": "∀ 😀"} and second == b"? ? n ?"


def test_a_file_is_read_as_utf8_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "F.lean"
    path.write_bytes("\ufeffexample : ∀ n : Nat, n = n".encode())
    assert output.read_text(path) == "example : ∀ n : Nat, n = n"


def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    path = tmp_path / "F.lean"
    path.write_bytes(b"theorem \xff")
    with pytest.raises(UsageError, match=r"F\.lean is not UTF-8 \(byte 8 is 0xff\)"):
        output.read_text(path)
    with pytest.raises(UsageError, match="name a readable file"):
        output.read_text(tmp_path / "none")
    with pytest.raises(UsageError, match="name a readable file"):
        output.read_text(tmp_path)


def test_where_there_is_no_terminal_progress_is_told_in_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "EVERY", 0.0)
    with output.progress("counting", total=4) as bar:
        bar.advance(1)
        bar.set(3)
    with output.progress("waiting", total=None) as bar:
        bar.advance(1)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines if ": " in line] == ["counting: 25 %", "counting: 75 %"]


def test_lines_on_progress_are_far_between(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress("counting", total=1000) as bar:
        for _ in range(1000):
            bar.advance(1)
    assert "%," not in capsys.readouterr().err


def test_progress_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress("counting [to two]", total=2) as bar:
        bar.advance()
        bar.set(2)
        bar.describe("counted [to two]")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "counting [to two] …" in shown.err and "counted [to two]" in shown.err and "2/2" in shown.err
