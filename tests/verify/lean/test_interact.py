"""lean-interact's own client class drives `mathlm repl`: its requests and answers, for real."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lean_interact import Command, FileCommand, ProofStep
from lean_interact.interface import LeanError

from verify.lean.interact import config, server


@pytest.fixture(scope="module")
def lean() -> Iterator[Any]:
    with server(config(runtime="embedded")) as running:
        yield running


def test_a_command_and_one_on_top_of_it(lean: Any) -> None:
    first = lean.run(Command(cmd="def two := 2"), timeout=120)
    assert not first.has_errors()
    then = lean.run(Command(cmd="theorem t : two = 2 := rfl", env=first.env), timeout=60)
    assert then.lean_code_is_valid()
    wrong = lean.run(Command(cmd="theorem t : two = 3 := rfl", env=first.env), timeout=60)
    assert wrong.has_errors() and wrong.messages[0].start_pos.line == 1


def test_a_proof_step_by_step(lean: Any) -> None:
    stated = lean.run(Command(cmd="theorem t (a b : Nat) (h : a = b) : b = a := by sorry"), timeout=120)
    (hole,) = stated.sorries
    assert "b = a" in hole.goal
    left = lean.run(ProofStep(tactic="symm", proof_state=hole.proof_state), timeout=60)
    assert len(left.goals) == 1
    done = lean.run(ProofStep(tactic="exact h", proof_state=left.proof_state), timeout=60)
    assert done.goals == [] and done.proof_status == "Completed"


def test_a_file(lean: Any, tmp_path: Path) -> None:
    (tmp_path / "a.lean").write_text("theorem t : ∃ n, n = 1 := ⟨1, rfl⟩", encoding="utf-8")
    assert lean.run(FileCommand(path=str(tmp_path / "a.lean")), timeout=120).lean_code_is_valid()


def test_what_cannot_be_answered_is_an_error_of_the_client(lean: Any) -> None:
    answer = lean.run(ProofStep(tactic="rfl", proof_state=10_000), timeout=60)
    assert isinstance(answer, LeanError)


def test_the_process_ends_with_the_server() -> None:
    with server(config(runtime="embedded")) as running:
        pid = running._proc.pid
        assert running.is_alive()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
