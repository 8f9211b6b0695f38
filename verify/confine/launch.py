"""The launcher: gives up its rights, tries forbidden things, becomes the program. See `verify.confine`.

    python -I -S -c START ROOT --address-space BYTES [--read PATH]… -- PROGRAM [ARGUMENT]…

Contract: standard library only; one thread. Ends with status 70 and a line on standard error unless every
layer holds. The program has the launcher's process id, group and descriptors 0 to 4. No new session is made:
the parent stops the whole process group, and there is no terminal that could be opened.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import resource
import struct
import sys

from verify import confine
from verify.confine import landlock, probe, seccomp

REFUSED = 70
DESCRIPTORS = 256
"""Lean closes an imported file once it is mapped."""
EXECVEAT = {"x86_64": 322, "aarch64": 281}
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24
CAPABILITIES = 64
CAPABILITY_VERSION = 0x20080522
PT_INTERP = 3


def main() -> None:
    """Never returns."""
    try:
        options, program = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
        pairs = list(zip(options[::2], options[1::2], strict=True))
        read = [value for name, value in pairs if name == "--read"]
        (space,) = (int(value) for name, value in pairs if name == "--address-space")
        _become(program, read, space)
    except (OSError, ValueError, IndexError, struct.error) as error:
        _refuse(str(error))


def _become(program: list[str], read: list[str], address_space: int) -> None:
    if (why := confine.unsupported()) is not None:
        _refuse(why)
    path = os.path.realpath(program[0])
    loader = interpreter(path)
    os.chdir("/")
    _only_the_program_is_open(path)
    for what, limit in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
    ):
        hard = resource.getrlimit(what)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (limit, limit))
    os.environ.clear()
    _give_up_privileges()
    landlock.restrict(read=read, execute=[path] if loader is None else [path, loader])
    seccomp.install()
    if found := probe.possible():
        _refuse(f"it was possible to: {', '.join(found)}")
    words = (ctypes.c_char_p * (len(program) + 1))(*(os.fsencode(word) for word in program), None)
    nothing = (ctypes.c_char_p * 1)(None)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall(EXECVEAT[platform.machine()], seccomp.EXEC_FD, b"", words, nothing, seccomp.AT_EMPTY_PATH)
    _refuse(f"{path} could not be run: {os.strerror(ctypes.get_errno())}")


def _refuse(why: str) -> None:
    os.write(2, f"not run, since it could not be confined: {why}\n".encode())
    os._exit(REFUSED)


def _only_the_program_is_open(path: str) -> None:
    """Descriptors 0 to 4, and the program as EXEC_FD, which closes itself on exec."""
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    moved = fcntl.fcntl(place, fcntl.F_DUPFD_CLOEXEC, seccomp.EXEC_FD)
    if moved != seccomp.EXEC_FD:
        raise OSError(f"descriptor {seccomp.EXEC_FD} is in use; close it or raise `ulimit -n`")
    os.closerange(seccomp.LIFELINE + 1, seccomp.EXEC_FD)
    os.closerange(seccomp.EXEC_FD + 1, max(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 4096))


def _give_up_privileges() -> None:
    """No capability, now or after exec, also for root."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        for capability in range(CAPABILITIES):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # EINVAL past the last one
    header, none = struct.pack("<Ii", CAPABILITY_VERSION, 0), bytes(24)
    if libc.capset(header, none) != 0 or libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"privileges: {os.strerror(code)}")


def interpreter(path: str) -> str | None:
    """The dynamic loader that a 64-bit ELF file asks for; None if it needs none, ValueError for other
    files."""
    with open(path, "rb") as file:
        head = file.read(64)
        if len(head) < 64 or head[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path} is no 64-bit program of this machine")
        (offset,) = struct.unpack_from("<Q", head, 32)
        size, count = struct.unpack_from("<HH", head, 54)
        for index in range(count):
            file.seek(offset + index * size)
            entry = file.read(56)
            (kind,) = struct.unpack_from("<I", entry, 0)
            if kind == PT_INTERP:
                place, length = struct.unpack_from("<Q", entry, 8)[0], struct.unpack_from("<Q", entry, 32)[0]
                file.seek(place)
                return os.path.realpath(file.read(length).rstrip(b"\0").decode())
    return None
