"""Landlock: the kernel refuses this process, and all that come from it, every file that was not granted.

`restrict(read, execute)` cannot be undone. Rights on a folder hold for all below it; paths that do not exist
are left out. Source: landlock(7), include/uapi/linux/landlock.h. Errors: OSError with the call's name.
Not covered: Landlock does not restrict stat, readlink and chdir, nor (before its version 3) truncation by
opening; `verify.confine.seccomp` refuses that.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
VERSION_FLAG = 1
PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
HANDLED_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""Rights on files that each version of the interface knows; all of them are refused unless granted."""
ALL_TCP = 0b11
"""Binding and connecting, from version 4 on. No socket can be made anyway."""
ALL_SCOPES = 0b11
"""Abstract Unix sockets and signals to processes outside, from version 6 on."""
FOR_FILES = EXECUTE | READ_FILE


class _Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def abi() -> int:
    """Version of the kernel's interface; 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(_libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_FLAG)))


def restrict(*, read: Iterable[str], execute: Iterable[str]) -> None:
    """Keep the right to read `read` and to execute (and read) `execute`, and no other right on any file."""
    version = abi()
    handled = HANDLED_BY_ABI[max(known for known in HANDLED_BY_ABI if known <= version)]
    rules = _Ruleset(fs=handled, net=ALL_TCP if version >= 4 else 0, scoped=ALL_SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _call(CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    try:
        for path in read:
            _allow(ruleset, path, READ_FILE | READ_DIR)
        for path in execute:
            _allow(ruleset, path, EXECUTE | READ_FILE)
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= FOR_FILES
        _call(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(_PathBeneath(allowed=rights, parent=place)), 0)
    finally:
        os.close(place)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    result = int(_libc().syscall(number, *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock call {number}: {os.strerror(code)}")
    return result
