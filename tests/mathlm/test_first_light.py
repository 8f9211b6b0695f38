"""What the README promises, with nothing replaced: the shipped model, real Lean, real Python."""

from __future__ import annotations

import json

import pytest

from mathlm.cli.app import main


def test_a_question_is_solved_with_a_lean_certificate(capsys: pytest.CaptureFixture[str]) -> None:
    question = "What is the greatest common divisor of 84 and 126?"
    assert main(["solve", question, "--json", "--require", "lean"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["answer"], found["certificate"]) == ("42", "lean")
    assert "84" in found["formal_statement"] and "= 42" in found["formal_statement"]
    assert found["program"] and found["toolchain"].startswith("Lean")


def test_a_question_is_solved_with_a_python_certificate(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "What is the next term in 3, 8, 15, 24, 35?", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["answer"], found["certificate"]) == ("48", "python")
    assert main(["solve", "What is the next term in 3, 8, 15, 24, 35?", "--require", "lean"]) == 1


def test_a_theorem_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "theorem t (a b c : Nat) : a + b + c = c + b + a", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "accepted" and found["origin"]
