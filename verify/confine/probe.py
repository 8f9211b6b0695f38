"""Forbidden things, tried by the launcher once it is confined: it ends when one of them works.

`possible()` names those that were possible. Only a refusal counts as one (EPERM, EACCES, ENOSYS); another
failure, such as a missing file, proves nothing and is named too. Nothing is left behind, whatever was
possible.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
from collections.abc import Callable

REFUSALS = {errno.EPERM, errno.EACCES, errno.ENOSYS}
EXECVE = {"x86_64": 59, "aarch64": 221}
PTRACE = {"x86_64": 101, "aarch64": 117}
PROCESS_VM_READV = {"x86_64": 310, "aarch64": 270}
PTRACE_TRACEME = 0


def possible() -> list[str]:
    """What of `ATTEMPTS` was possible."""
    found = []
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
        except OSError as error:
            if error.errno in REFUSALS:
                continue
        found.append(name)
    return found + (["see environment variables"] if os.environ else [])


def _read() -> None:
    os.close(os.open(__file__, os.O_RDONLY))


def _list() -> None:
    os.listdir("/")


def _write() -> None:
    name = "/tmp/mathlm-confine-probe"
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT, 0o600))
    os.unlink(name)


def _memory_of_the_parent() -> None:
    os.close(os.open(f"/proc/{os.getppid()}/mem", os.O_RDWR))


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _execute() -> None:
    # by the bare call: where it works this process is gone, and the parent sees no hello
    _syscall(EXECVE, ctypes.c_char_p(b"/bin/sh"), None, None)


def _syscall(numbers: dict[str, int], *arguments: object) -> None:
    if ctypes.CDLL(None, use_errno=True).syscall(numbers[os.uname().machine], *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _more_descriptors() -> None:
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    except ValueError:  # how Python says EPERM here
        raise PermissionError(errno.EPERM, "refused") from None


ATTEMPTS: dict[str, Callable[[], object]] = {
    "read a file of the host": _read,
    "list a folder of the host": _list,
    "write a file": _write,
    "open the parent's memory": _memory_of_the_parent,
    "open an internet socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "open a datagram socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "open a local socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "start a process": _fork,
    "run another program": _execute,
    "signal the parent": lambda: os.kill(os.getppid(), 0),
    "signal its group": lambda: os.killpg(0, signal.SIGCONT),
    "trace": lambda: _syscall(PTRACE, PTRACE_TRACEME, 0, None, None),
    "read another process": lambda: _syscall(PROCESS_VM_READV, os.getppid(), None, 0, None, 0, 0),
    "raise its limits": _more_descriptors,
}
