"""The command line of one embedded Lean worker: Node, locked down, running `host.cjs` on the memory image.

Node's permission model grants reading of the runtime, the image and the host scripts, and nothing else: no
writing, no child process, no native add-on. Threads are needed by Lean's tasks.
"""

from __future__ import annotations

from pathlib import Path

from verify import runtime
from verify.lean import image
from verify.process import WorkerProcess

HOST = Path(__file__).with_name("host.cjs")
READY_SECONDS = 120.0
"""A start takes some two seconds on an idle machine; a busy one gets this long."""


def command() -> list[str]:
    """argv of a worker; fetches the runtime and makes the image on first use. Errors: RuntimeMissing."""
    lean, frozen = runtime.lean_dir(), image.image_dir()
    return [
        *runtime.locked_down_node(read=(lean, frozen, HOST, image.SHARED)),
        *map(str, (HOST, lean, frozen)),
    ]


def spawn() -> WorkerProcess:
    """A worker that is not started yet."""
    return WorkerProcess(command(), name="lean", ready_seconds=READY_SECONDS)
