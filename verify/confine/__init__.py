"""Confinement of a native program: what it cannot reach, the kernel refuses (Linux only).

`command(program, …)` is the argv of a launcher (`verify.confine.launch`) that gives up its rights, tries
forbidden things, and then becomes the program:
    Landlock     read the granted files and folders, execute the program and its dynamic loader, nothing else
    seccomp      only the system calls of `verify.confine.seccomp`: threads and memory, but no process,
                 socket, signal to others, tracing, change of a file's attributes, or second `exec`
    rlimits      address space, no core file, no file growth, few descriptors
    the rest     no capabilities or new privileges, an empty environment, descriptors 0 to 4, folder `/`
Threads work; so does the memory limit of `verify.process`, which looks at the same process id.

Contract: fails closed. Where the kernel lacks a layer, `unsupported()` says why, and the launcher ends with
status 70 and one line on standard error before it has run anything.
Errors: none is raised by `command`; the parent sees a worker that died with that line.
Not covered: metadata. Landlock lets a program ask whether a path exists, how large it is and where a symbolic
link points. Timing channels and bugs of the kernel are not covered either. The program may use up to the
granted memory and all of one machine's cores until its parent stops it. macOS and Windows have no such
layers: nothing runs there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from verify.confine import landlock, seccomp

ROOT = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from verify.confine.launch import main; main()"
SYSTEM_LIBRARIES = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/etc/ld.so.cache",
)
"""Where the dynamic loader finds the C library. Nothing private lies there."""


def unsupported() -> str | None:
    """Why nothing can be confined on this machine; None where it can."""
    if not sys.platform.startswith("linux"):
        return f"{sys.platform} has neither Landlock nor seccomp, which confine native workers; use Linux"
    if landlock.abi() < 1:
        return "the kernel has no Landlock (Linux 5.13 or newer, with `landlock` among its security modules)"
    return seccomp.unsupported()


def command(program: Path, *arguments: str, read: Sequence[Path] = (), address_space: int) -> list[str]:
    """argv that runs `program` confined.

    `read` are the files and folders that it may read, with all below them; `address_space` is in bytes.
    """
    granted = [word for path in (*SYSTEM_LIBRARIES, *read) for word in ("--read", str(path))]
    return [
        *(sys.executable, "-I", "-S", "-c", START, str(ROOT)),
        *("--address-space", str(address_space), *granted),
        *("--", str(program), *arguments),
    ]
