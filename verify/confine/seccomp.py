"""seccomp: the system calls that a confined program may make, as a BPF program, and how to install it.

A list of what is allowed; everything else answers ENOSYS ("not there"), for which libraries have ways round.
What looks at arguments:
    clone               threads only (CLONE_THREAD), no namespace; clone3, whose arguments a filter cannot
                        see, is not there, and the C library falls back to clone
    execve              not there; execveat only of descriptor EXEC_FD, which closes itself on exec and lies
                        above the limit on descriptors, so that nobody can open it again: one exec, the
                        launcher's
    kill, tgkill        the process itself only
    open, openat        not for truncating what is opened for reading, nor with the odd access mode 3
    prlimit64           reading limits, not setting them
    prctl, ioctl        a few harmless ones
    close, dup*, fcntl  not on the lifeline, descriptor 4 (see `verify.process`)
Another architecture's calls (32-bit, x32) kill the process or are not there.

Contract: `program(machine, pid)` is pure, so it can be tested on every machine; `install` cannot be undone.
Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h. Errors: OSError.
Not tried: aarch64, beyond the test of its program.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

EXEC_FD = 1000
LIFELINE = 4
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
KILL, ALLOW = 0x8000_0000, 0x7FFF_0000
NOT_THERE, NOT_ALLOWED = 0x0005_0000 | errno.ENOSYS, 0x0005_0000 | errno.EPERM
PR_GET_SECCOMP, PR_SET_SECCOMP, MODE_FILTER = 21, 22, 2

CLONE_THREAD, NAMESPACES = 0x10000, 0x7E02_0080
AT_EMPTY_PATH = 0x1000
ACCESS_MODE, O_TRUNC = 3, 0o1000
FCNTL_COMMANDS = (0, 1, 2, 3, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC
F_SETFL, O_ASYNC = 4, 0x2000
PRCTL_OPTIONS = (15, 16, 41, 42, 0x53564D41)  # names of threads and of memory, huge pages
IOCTL_REQUESTS = (
    0x5401,
    0x5413,
    0x541B,
    0x5421,
    0x5450,
    0x5451,
)  # terminal?, size, FIONREAD, FIONBIO, close on exec

CALLS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None),
    "poll": (7, None), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
    "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66), "access": (21, None), "pipe": (22, None),
    "select": (23, None), "sched_yield": (24, 124), "mremap": (25, 216), "mincore": (27, 232),
    "madvise": (28, 233), "nanosleep": (35, 101), "getpid": (39, 172), "exit": (60, 93), "uname": (63, 160),
    "getcwd": (79, 17), "readlink": (89, None), "gettimeofday": (96, 169), "getrlimit": (97, 163),
    "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153), "getuid": (102, 174),
    "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173),
    "sigaltstack": (131, 132), "sched_getparam": (143, 121), "sched_getscheduler": (145, 120),
    "arch_prctl": (158, None), "gettid": (186, 178), "time": (201, None), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "getdents64": (217, 61), "set_tid_address": (218, 96),
    "restart_syscall": (219, 128), "fadvise64": (221, 223), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "exit_group": (231, 94),
    "epoll_wait": (232, None), "epoll_ctl": (233, 21), "newfstatat": (262, 79), "readlinkat": (267, 78),
    "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73), "set_robust_list": (273, 99),
    "get_robust_list": (274, 100), "epoll_pwait": (281, 22), "eventfd2": (290, 19),
    "epoll_create1": (291, 20), "pipe2": (293, 59), "preadv": (295, 69), "getcpu": (309, 168),
    "getrandom": (318, 278), "membarrier": (324, 283), "statx": (332, 291), "rseq": (334, 293),
    "faccessat2": (439, 439),
}  # fmt: skip
"""Allowed whatever their arguments: (x86_64, aarch64)."""

JUDGED: dict[str, tuple[int | None, int | None]] = {
    "open": (2, None), "close": (3, 57), "ioctl": (16, 29), "dup": (32, 23), "dup2": (33, None),
    "clone": (56, 220), "kill": (62, 129), "fcntl": (72, 25), "prctl": (157, 167), "tgkill": (234, 131),
    "openat": (257, 56), "dup3": (292, 24), "prlimit64": (302, 261), "execveat": (322, 281),
}  # fmt: skip
"""Allowed with the arguments that `_clauses` asks for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """On one half of an argument: `half & mask == value`, or its opposite.

    Example: `Condition(argument=0, mask=CLONE_THREAD, value=CLONE_THREAD)`
    """

    argument: int
    value: int
    mask: int = 0xFFFF_FFFF
    high: bool = False
    """The upper 32 bits, for pointers."""
    equal: bool = True


Clause = tuple[Condition, ...]


def _clauses(pid: int) -> dict[str, tuple[Clause, ...]]:
    """For each judged call: it is allowed when all conditions of one of its clauses hold."""

    def is_(argument: int, value: int) -> Condition:
        return Condition(argument=argument, value=value)

    def is_not(argument: int, value: int, mask: int = 0xFFFF_FFFF) -> Condition:
        return Condition(argument=argument, value=value, mask=mask, equal=False)

    def opening(argument: int) -> tuple[Clause, ...]:
        truncated = is_not(argument, O_TRUNC, ACCESS_MODE | O_TRUNC)
        return ((truncated, is_not(argument, ACCESS_MODE, ACCESS_MODE)),)

    thread = Condition(argument=0, mask=CLONE_THREAD | NAMESPACES, value=CLONE_THREAD)
    return {
        "open": opening(1),
        "openat": opening(2),
        "close": ((is_not(0, LIFELINE),),),
        # no F_SETOWN, F_SETSIG, O_ASYNC: they would have the kernel send signals to others
        "fcntl": (
            *((is_not(0, LIFELINE), is_(1, command)) for command in FCNTL_COMMANDS),
            (is_not(0, LIFELINE), is_(1, F_SETFL), Condition(argument=2, mask=O_ASYNC, value=0)),
        ),
        "dup": ((is_not(0, LIFELINE),),),
        "dup2": ((is_not(0, LIFELINE), is_not(1, LIFELINE)),),
        "dup3": ((is_not(0, LIFELINE), is_not(1, LIFELINE)),),
        "ioctl": tuple((is_(1, request),) for request in IOCTL_REQUESTS),
        "prctl": tuple((is_(0, option),) for option in PRCTL_OPTIONS),
        "clone": ((thread,),),
        "kill": ((is_(0, pid),),),
        "tgkill": ((is_(0, pid),),),
        "prlimit64": ((is_(2, 0), Condition(argument=2, value=0, high=True)),),
        "execveat": ((is_(0, EXEC_FD), is_(4, AT_EMPTY_PATH)),),
    }


def program(machine: str, pid: int) -> bytes:
    """The filter for the process `pid`: `struct sock_filter` after `struct sock_filter`, little-endian."""
    column = ("x86_64", "aarch64").index(machine)
    code = [_load(4), _jump_equal(AUDIT_ARCH[machine], 1, 0), _answer(KILL), _load(0)]
    for numbers in CALLS.values():
        if (number := numbers[column]) is not None:
            code += [_jump_equal(number, 0, 1), _answer(ALLOW)]
    clauses = _clauses(pid)
    for name, numbers in JUDGED.items():
        if (number := numbers[column]) is not None:
            block = [part for clause in clauses[name] for part in _clause(clause)] + [_answer(NOT_ALLOWED)]
            code += [_load(0), _jump_equal(number, 0, len(block)), *block]
    return b"".join([*code, _answer(NOT_THERE)])


def _clause(clause: Clause) -> list[bytes]:
    """Returns ALLOW if all conditions hold, else goes on behind itself."""
    code: list[bytes] = [_answer(ALLOW)]
    for condition in reversed(clause):
        over = len(code)  # to the end of the clause
        yes, no = (0, over) if condition.equal else (over, 0)
        code = [
            _load(16 + 8 * condition.argument + (4 if condition.high else 0)),
            _instruction(0x54, 0, 0, condition.mask),  # A &= mask
            _jump_equal(condition.value, yes, no),
            *code,
        ]
    return code


def _instruction(code: int, true: int, false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, true, false, value)


def _load(offset: int) -> bytes:
    """A = the word at `offset` of `struct seccomp_data`."""
    return _instruction(0x20, 0, 0, offset)


def _jump_equal(value: int, true: int, false: int) -> bytes:
    return _instruction(0x15, true, false, value)


def _answer(action: int) -> bytes:
    return _instruction(0x06, 0, 0, action)


def unsupported() -> str | None:
    """Why no filter can be installed here; None where it can."""
    if platform.machine() not in AUDIT_ARCH:
        return f"native workers are confined on x86_64 and aarch64 only, this is {platform.machine()}"
    if ctypes.CDLL(None, use_errno=True).prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0:
        return "the kernel has no seccomp, which confines native workers"
    return None


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def install() -> None:
    """Let this process, and what it becomes, make only the calls of this file. Needs no_new_privs."""
    code = program(platform.machine(), os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = _Program(len(code) // 8, ctypes.addressof(buffer))
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(filter_), 0, 0) != 0:
        code_ = ctypes.get_errno()
        raise OSError(code_, f"seccomp: {os.strerror(code_)}")
