"""The command lines of embedded Lean: Node, locked down, running a host script on the memory image.

Two kinds of process start from the same image: workers (`host.cjs`) and judges (`judge.cjs`).

Node's permission model grants reading of the runtime, the image and the host scripts, and nothing else: no
writing, no child process, no native add-on. Threads are needed by Lean's tasks.
"""

from __future__ import annotations

from pathlib import Path

from verify import runtime
from verify.lean import image
from verify.process import WorkerProcess

FOLDER = Path(__file__).resolve().parent  # Node names files by their real paths
READY_SECONDS = 120.0
"""A start takes some two seconds on an idle machine; a busy one gets this long."""


def command(host: str) -> list[str]:
    """argv of a process that runs `host`; fetches the runtime and makes the image on first use.

    Errors: RuntimeMissing.
    """
    lean, frozen = runtime.lean_dir(), image.image_dir()
    scripts = (*sorted(FOLDER.glob("*.cjs")), FOLDER.parent / "sandbox.cjs", FOLDER.parent / "wire.cjs")
    argv = runtime.locked_down_node(read=(lean, frozen, *scripts))
    return [*argv, *map(str, (FOLDER / host, lean, frozen))]


def spawn() -> WorkerProcess:
    """A worker, which runs candidates' code; not started yet."""
    return WorkerProcess(command("host.cjs"), name="lean", ready_seconds=READY_SECONDS)


def spawn_judge() -> WorkerProcess:
    """A judge, which never does; not started yet."""
    return WorkerProcess(command("judge.cjs"), name="lean judge", ready_seconds=READY_SECONDS)
