"""The probes fail closed: a host that could do a forbidden thing ends before it answers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import verify
from verify import runtime
from verify.lean import embedded
from verify.python import verifier as python_verifier

SANDBOX = Path(verify.__file__).with_name("sandbox.cjs")
PROBE = f"require({str(SANDBOX)!r}).probe(); console.log('held')"
READ = (f"--allow-fs-read={SANDBOX}",)


def run(*flags: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    # stdin is read as a script, so that no other file needs a grant
    argv = [str(runtime.node()), "--no-warnings", *flags, "-"]
    return subprocess.run(
        argv, input=PROBE, capture_output=True, text=True, env=environment or {}, timeout=60, check=False
    )


def test_the_sandbox_holds_with_the_flags_of_the_hosts() -> None:
    done = run("--permission", *READ)
    assert done.stdout == "held\n", done.stderr


@pytest.mark.parametrize(
    ("flags", "possible"),
    [
        (("--permission", "--allow-fs-read=*"), "read a file of the host"),
        (("--permission", *READ, "--allow-fs-write=/tmp/*"), "write a file"),
        (("--permission", *READ, "--allow-child-process"), "start a program"),
        (("--permission", *READ, "--allow-addons"), "load a native add-on"),
    ],
)
def test_each_right_is_noticed(flags: tuple[str, ...], possible: str) -> None:
    done = run(*flags)
    assert done.returncode != 0
    assert possible in done.stderr


def test_an_environment_is_noticed() -> None:
    done = run("--permission", *READ, environment={"SECRET": "1"})
    assert done.returncode != 0
    assert "see environment variables" in done.stderr


def test_the_hosts_grant_reading_alone() -> None:
    for argv in (embedded.command("host.cjs"), embedded.command("judge.cjs")):
        assert "--permission" in argv
        assert not [
            word for word in argv if word.startswith(("--allow-fs-write", "--allow-child", "--allow-addons"))
        ]
    assert "--permission" in python_verifier._command(python_verifier.PLAIN)
