"""A small machine for classic BPF, so that a filter can be asked without being installed."""

from __future__ import annotations

import struct

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def answer(program: bytes, *, arch: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """What the filter returns for one system call (seccomp(2), `struct seccomp_data`)."""
    full = [value & (1 << 64) - 1 for value in (*arguments, *([0] * (6 - len(arguments))))]
    data = struct.pack("<iIQ6Q", number, arch, 0, *full)
    accumulator, at = 0, 0
    while True:
        code, true, false, value = struct.unpack_from("<HBBI", program, 8 * at)
        at += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif code == 0x54:
            accumulator &= value
        elif code == 0x15:
            at += true if accumulator == value else false
        elif code == 0x06:
            return int(value)
        else:
            raise AssertionError(f"instruction {code:#x} at {at - 1}")
