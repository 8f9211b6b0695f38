"""The probes fail closed: a host that could do a forbidden thing ends before it answers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import verify
from mathlm.errors import WorkerDied
from verify import runtime
from verify.kernel import checker
from verify.lean import embedded
from verify.process import WorkerProcess
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


@pytest.mark.parametrize(
    "code",
    [
        'require("http").get("http://127.0.0.1:9/")',
        'require("http2").connect("http://127.0.0.1:9/")',
        'require("tls").connect(9, "127.0.0.1")',
        'require("net").connect("/tmp/socket")',
        'require("http").createServer().listen(0)',
        'require("dgram").createSocket("udp4").send("x", 9, "127.0.0.1")',
        'require("dns").promises.lookup("localhost")',
        'new WebSocket("ws://127.0.0.1:9/")',
        'new (require("node:sqlite").DatabaseSync)("/tmp/mathlm-sandbox-probe")',
        "process.kill(process.ppid, 0)",
    ],
)
def test_what_the_permissions_do_not_know_is_taken_away(code: str) -> None:
    argv = [str(runtime.node()), "--no-warnings", "--permission", *READ, "-"]
    attempt = f"try {{ {code}; console.log('done') }} catch (error) {{ console.log(error.code) }}"
    script = f"require({str(SANDBOX)!r}); {attempt}"
    done = subprocess.run(argv, input=script, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "ERR_ACCESS_DENIED\n", done.stderr


def test_an_environment_is_noticed() -> None:
    done = run("--permission", *READ, environment={"SECRET": "1"})
    assert done.returncode != 0
    assert "see environment variables" in done.stderr


def test_the_hosts_grant_reading_alone() -> None:
    for argv in (embedded.command("host.cjs"), embedded.command("judge.cjs"), checker.command()):
        assert "--permission" in argv
        assert not [
            word for word in argv if word.startswith(("--allow-fs-write", "--allow-child", "--allow-addons"))
        ]
    assert "--permission" in python_verifier._command(python_verifier.PLAIN)


def test_each_host_tries_the_sandbox_before_it_says_hello() -> None:
    for argv in (
        embedded.command("host.cjs"),
        embedded.command("judge.cjs"),
        checker.command(),
        python_verifier._command(python_verifier.PLAIN),
    ):
        at = argv.index("--permission")
        worker = WorkerProcess(
            [*argv[:at], "--allow-child-process", *argv[at:]], name="open", ready_seconds=60
        )
        with pytest.raises(WorkerDied) as caught:
            worker.start()
        assert "it was possible to: start a program" in caught.value.evidence
