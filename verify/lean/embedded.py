"""The command line of one embedded Lean worker: Node, locked down, running `host.cjs`.

Node's permission model grants reading of the runtime, the Lean sources of the server and the host script,
and nothing else: no writing, no child process, no native add-on. Threads are needed by Lean's tasks.
"""

from __future__ import annotations

from pathlib import Path

from verify import runtime
from verify.process import WorkerProcess

HOST = Path(__file__).with_name("host.cjs")
READY_SECONDS = 120.0
"""A cold start takes some five seconds on an idle machine; a busy one gets this long."""


def workspace() -> Path:
    """The folder with the server's Lean sources."""
    return Path(__file__).parents[2] / "lean_workspace"


def command() -> list[str]:
    """argv of a worker; fetches the runtime on first use. Errors: RuntimeMissing."""
    lean = runtime.lean_dir()
    readable = (lean, workspace(), HOST)
    return [
        str(runtime.node()),
        "--no-warnings",
        "--permission",
        "--allow-worker",
        *(f"--allow-fs-read={path}" for path in readable),
        *(f"--allow-fs-read={path}/*" for path in readable if path.is_dir()),
        str(HOST),
        str(lean),
        str(workspace()),
    ]


def spawn() -> WorkerProcess:
    """A worker that is not started yet."""
    return WorkerProcess(command(), name="lean", ready_seconds=READY_SECONDS)
