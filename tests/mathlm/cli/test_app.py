"""The command itself: help, errors and exit codes that hold for every verb."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from mathlm import __version__
from mathlm.cli.app import VERBS, main
from mathlm.errors import InfraError, UsageError

ROOT = Path(__file__).parents[3]


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {verb} " in shown for verb in VERBS)
    assert main([]) == 0
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_there_and_takes_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    spec = VERBS[verb]
    target = getattr(importlib.import_module(spec.module), spec.target)
    assert isinstance(target, typer.Typer) or callable(target)
    assert main([verb, "--help"]) == 0
    assert "Usage: mathlm" in capsys.readouterr().out


@pytest.mark.parametrize("args", [["nonsense"], ["setup", "--nonsense"], ["setup", "--from"]])
def test_wrong_options_are_usage_errors(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(args) == 2
    assert "See `mathlm --help`" in capsys.readouterr().err
    assert main([*args, "--json"]) == 2
    shown = capsys.readouterr()
    assert json.loads(shown.out)["status"] == "usage_error"
    assert json.loads(shown.out)["error"] in shown.err


def test_an_argument_that_is_not_utf8_is_a_usage_error() -> None:
    command = [os.fsencode(sys.executable), b"-m", b"mathlm.cli.app", b"solve", b"\xff\xfe"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "argument 2 is not valid UTF-8" in done.stderr


RAISER = """
import sys, signal, os
import typer
import mathlm.errors
from mathlm.cli import app
def setup(as_json: bool = typer.Option(False, "--json")) -> int:
    {action}
    return 1
import mathlm.cli.setup
mathlm.cli.setup.setup = setup
sys.exit(app.main(["setup", "--json"]))
"""


@pytest.mark.parametrize(
    ("action", "code", "status"),
    [
        ("raise mathlm.errors.UsageError('bad')", UsageError.exit_code, "usage_error"),
        ("raise mathlm.errors.InfraError('bad')", InfraError.exit_code, "infra_error"),
        ("raise OSError(28, 'bad')", 3, "infra_error"),
        ("raise ZeroDivisionError('bad')", 3, "infra_error"),
        ("os.kill(os.getpid(), signal.SIGINT)", 130, "interrupted"),
    ],
)
def test_what_a_verb_raises_becomes_an_exit_code_and_json(action: str, code: int, status: str) -> None:
    command = [sys.executable, "-c", RAISER.format(action=action)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == code
    document = json.loads(done.stdout)
    assert document["status"] == status
    assert status == "interrupted" or "bad" in document["error"]
    assert ("Traceback" in done.stderr) == ("ZeroDivision" in action)


def test_a_verb_returns_its_exit_code() -> None:
    done = subprocess.run([sys.executable, "-c", RAISER.format(action="pass")], cwd=ROOT, capture_output=True)
    assert done.returncode == 1


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_full_disk_behind_stdout_is_an_infrastructure_error(option: list[str]) -> None:
    """Exit code 1 would say that something was checked and is wrong."""
    command = [sys.executable, "-m", "mathlm.cli.app", "doctor", *option]
    with open("/dev/full", "w") as full:
        buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, env=buffered)
    assert done.returncode == 3
    assert "the disk is full" in done.stderr and "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m mathlm.cli.app --help | true"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == "" and done.returncode in (0, 1, 128 + signal.SIGPIPE)
