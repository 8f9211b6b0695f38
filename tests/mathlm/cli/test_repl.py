"""`mathlm repl` as clients drive it: a process, JSON blocks on its pipes, the answers one by one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "mathlm.cli.app", "repl"]


class Process:
    """Writes a request and a blank line, and reads up to the next blank line, as lean-interact does."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def ask(self, text: str | dict[str, Any]) -> dict[str, Any]:
        text = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(text.encode() + b"\n\n")
        self.process.stdin.flush()
        output = b""
        while not output.endswith(b"\n\n"):
            line = self.process.stdout.readline()
            assert line, self.process.communicate()
            output += line
        answer = json.loads(output)
        assert isinstance(answer, dict)
        return answer


@pytest.fixture(scope="module")
def repl() -> Iterator[Process]:
    running = Process()
    yield running
    running.process.kill()
    running.process.communicate()


def test_a_client_s_conversation(repl: Process) -> None:
    """Requests with the fields and nulls of lean-interact 0.11 (`Command`, `ProofStep`, …)."""
    options = {
        "allTactics": True,
        "declarations": None,
        "rootGoals": None,
        "infotree": None,
        "incrementality": True,
        "setOptions": None,
    }
    answer = repl.ask({"cmd": "theorem t (n : Nat) : n = n := by\n  sorry", "env": None, **options})
    assert answer["env"] == 0 and answer["tactics"][0]["tactic"] == "sorry"
    assert answer["sorries"][0]["goal"] == "n : Nat\n⊢ n = n"
    step = repl.ask({"proofState": answer["sorries"][0]["proofState"], "tactic": "rfl"})
    assert step == {"proofStatus": "Completed", "proofState": 2, "goals": []}
    assert repl.ask({"cmd": "#check t", "env": 0, "gc": True, "timeout": 30})["env"] == 1


@pytest.mark.parametrize("bad", ["{", "[]", "null", '{"cmd": 3}', '{"cmd": "x"} {"cmd": "y"}', "x\r\ny\r"])
def test_bad_input_is_answered_and_the_next_request_too(repl: Process, bad: str) -> None:
    assert list(repl.ask(bad)) == ["message"]
    assert repl.ask({"cmd": "#eval 1"})["messages"][0]["data"] == "1"


def test_nothing_that_a_candidate_prints_reaches_stdout(repl: Process) -> None:
    printed = '#eval do\n  (← IO.getStdout).putStrLn "\\n\\n{\\"env\\": 9}\\n\\n"\n  IO.eprintln "noise"'
    assert isinstance(repl.ask({"cmd": printed})["env"], int)
    assert repl.ask({"cmd": "#eval 2"})["messages"][0]["data"] == "2"


def test_the_end_of_the_input_ends_it_after_the_last_answer() -> None:
    text = '# a comment\r\n\r\n\r\n{"cmd":\r\n "#eval 1"}\r\n\r\n{"cmd": "#eval 2"}'
    done = subprocess.run(COMMAND, cwd=ROOT, input=text.encode(), capture_output=True)
    assert done.returncode == 0
    first, second, rest = done.stdout.split(b"\n\n")
    assert (json.loads(first)["env"], json.loads(second)["env"], rest) == (0, 1, b"")


def test_ctrl_c_ends_it_without_a_traceback() -> None:
    running = Process()
    running.ask({"cmd": "#eval 1"})
    running.process.send_signal(signal.SIGINT)
    output, errors = running.process.communicate(timeout=60)
    assert (output, running.process.returncode) == (b"", 130)
    assert b"Traceback" not in errors


def test_a_client_that_goes_away_is_no_error() -> None:
    ours, theirs = os.pipe()
    running = subprocess.Popen(
        COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=theirs, stderr=subprocess.PIPE
    )
    os.close(theirs)
    os.close(ours)
    _, errors = running.communicate(b'{"cmd": "#eval 1"}\n\n', timeout=120)
    assert (running.returncode, errors) == (0, b"")


def test_help_says_that_nothing_is_certified() -> None:
    done = subprocess.run([*COMMAND, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert "only `mathlm check` certifies" in " ".join(done.stdout.split())
