"""The filter, call by call, for both architectures; `test_confine.py` tries the installed one."""

from __future__ import annotations

import errno
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from verify.confine import seccomp
from verify.confine.seccomp import ALLOW, CALLS, EXEC_FD, JUDGED, KILL, NOT_ALLOWED, NOT_THERE

PID = 4242
MACHINES = ("x86_64", "aarch64")
FORBIDDEN = {
    "execve": (59, 221), "fork": (57, None), "vfork": (58, None), "clone3": (435, 435), "socket": (41, 198),
    "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "sendto": (44, 206), "sendmsg": (46,
    211), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "setrlimit":
    (160, 164), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "setsid": (112, 157), "setpgid": (109, 154),
    "chmod": (90, None), "fchmodat": (268, 53), "chown": (92, None), "fchownat": (260, 54), "unlink": (87,
    None), "unlinkat": (263, 35), "mkdirat": (258, 34), "renameat2": (316, 276), "linkat": (265, 37),
    "symlinkat": (266, 36), "mknodat": (259, 33), "truncate": (76, 45), "ftruncate": (77, 46),
    "utimensat": (280, 88), "setxattr": (188, 5), "mount": (165, 40), "umount2": (166, 39), "unshare": (272,
    97), "setns": (308, 268), "chroot": (161, 51), "open_by_handle_at": (304, 265), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "keyctl": (250,
    219), "kexec_load": (246, 104), "init_module": (175, 105), "memfd_create": (319, 279), "openat2": (437,
    437), "close_range": (436, 436), "seccomp": (317, 277), "landlock_restrict_self": (446, 446), "capset":
    (126, 91), "setuid": (105, 146), "shmget": (29, 194), "mq_open": (180, 180), "sched_setaffinity": (203,
    122), "timer_create": (222, 107), "chdir": (80, 49), "inotify_init1": (294, 26), "splice": (275, 76),
}  # fmt: skip


@pytest.fixture(scope="module")
def machine_of_bpf() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bpf", Path(__file__).with_name("bpf.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Asked:
    """The filter of one machine: `asked("clone", flags)` gives its answer."""

    def __init__(self, bpf: ModuleType, machine: str) -> None:
        self.column = MACHINES.index(machine)
        self._bpf, self._arch = bpf, bpf.AUDIT[machine]
        self._code = seccomp.program(machine, PID)

    def number(self, name: str) -> int | None:
        return {**CALLS, **JUDGED, **FORBIDDEN}[name][self.column]

    def by_number(self, number: int, *arguments: int, arch: int | None = None) -> int:
        return int(self._bpf.answer(self._code, arch=arch or self._arch, number=number, arguments=arguments))

    def __call__(self, name: str, *arguments: int) -> int | None:
        """None where the machine has no such call."""
        number = self.number(name)
        return None if number is None else self.by_number(number, *arguments)


@pytest.fixture
def asked(machine_of_bpf: ModuleType, machine: str) -> Asked:
    return Asked(machine_of_bpf, machine)


def test_the_program_is_one_that_the_kernel_takes(machine: str) -> None:
    code = seccomp.program(machine, PID)
    assert len(code) % 8 == 0 and len(code) // 8 <= 4096


def test_what_lean_needs_is_allowed(asked: Asked) -> None:
    assert {asked(name) for name in CALLS} - {None} == {ALLOW}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_it_must_not_do_is_not_there(asked: Asked, name: str) -> None:
    assert asked(name) in (NOT_THERE, None)
    assert name not in CALLS and name not in JUDGED


def test_no_call_has_the_number_of_a_forbidden_one(asked: Asked) -> None:
    allowed = [asked.number(name) for name in (*CALLS, *JUDGED)]
    numbers = [number for number in allowed if number is not None]
    assert len(numbers) == len(set(numbers))
    assert not set(numbers) & {asked.number(name) for name in FORBIDDEN}


def test_only_a_few_calls_exist(asked: Asked) -> None:
    there = {number for number in range(600) if asked.by_number(number) != NOT_THERE}
    assert there == {asked.number(name) for name in (*CALLS, *JUDGED)} - {None}


def test_another_architecture_kills(asked: Asked) -> None:
    for arch in (0x40000003, 0x40000028, 0):  # i386, arm, none
        assert asked.by_number(1, arch=arch or 1) == KILL


def test_x32_is_not_there(asked: Asked) -> None:
    assert {asked.by_number(0x4000_0000 | number) for number in range(600)} == {NOT_THERE}


def test_clone_makes_threads_only(asked: Asked) -> None:
    thread = 0x3D0F00  # what the C library asks for
    assert asked("clone", thread) == ALLOW
    for flags in (
        17,
        0x4111,
        0x01200011,
        thread & ~0x10000,
    ):  # fork, vfork, fork of today, without CLONE_THREAD
        assert asked("clone", flags) == NOT_ALLOWED
    for namespace in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert asked("clone", thread | namespace) == NOT_ALLOWED


def test_one_exec_of_one_descriptor(asked: Asked) -> None:
    assert asked("execveat", EXEC_FD, 1, 1, 1, 0x1000) == ALLOW
    assert asked("execveat", EXEC_FD, 1, 1, 1, 0) == NOT_ALLOWED
    assert asked("execveat", 5, 1, 1, 1, 0x1000) == NOT_ALLOWED
    assert asked("execveat", -100, 1, 1, 1, 0) == NOT_ALLOWED


@pytest.mark.parametrize("name", ["kill", "tgkill"])
def test_signals_go_to_itself_only(asked: Asked, name: str) -> None:
    assert asked(name, PID, 6, 6) == ALLOW
    for other in (PID + 1, 1, 0, -1, -PID):
        assert asked(name, other, 9, 9) == NOT_ALLOWED


@pytest.mark.parametrize(("name", "argument"), [("open", 1), ("openat", 2)])
def test_nothing_is_truncated_by_opening(asked: Asked, name: str, argument: int) -> None:
    def opening(flags: int) -> int | None:
        return asked(name, *[0] * argument, flags)

    for flags in (0, 0o2000000, 0o1, 0o1101, 0o2, 0o1102):  # reading; writing is for Landlock to refuse
        assert opening(flags) in (ALLOW, None)
    for flags in (0o1000, 0o1100, 0o3, 0o1003):
        assert opening(flags) in (NOT_ALLOWED, None)


def test_limits_are_read_and_not_set(asked: Asked) -> None:
    assert asked("prlimit64", 0, 7, 0, 99) == ALLOW
    assert asked("prlimit64", 0, 7, 0x7FFF_0000_0000, 0) == NOT_ALLOWED
    assert asked("prlimit64", 0, 7, 0x1_0000_0000, 0) == NOT_ALLOWED  # only the upper half


def test_the_lifeline_stays(asked: Asked) -> None:
    for name, arguments in (
        ("close", (4,)), ("fcntl", (4, 4, 0)), ("dup", (4,)), ("dup2", (4, 7)), ("dup2", (7, 4)),
        ("dup3", (4, 7)), ("dup3", (7, 4)), ("close", (1 << 32 | 4,)),
    ):  # fmt: skip
        assert asked(name, *arguments) in (NOT_ALLOWED, None), name
    for name, arguments in (("close", (5,)), ("fcntl", (3, 4)), ("dup", (3,)), ("dup3", (3, 5))):
        assert asked(name, *arguments) == ALLOW, name


def test_harmless_options_alone(asked: Asked) -> None:
    assert asked("prctl", 15) == ALLOW
    for option in (4, 22, 23, 24, 38, 0x59616D61, 35):  # dumpable, seccomp, capabilities, ptracer, memory map
        assert asked("prctl", option) == NOT_ALLOWED
    assert asked("ioctl", 0, 0x5401) == ALLOW
    for request in (0x5412, 0x5452, 0x541C):  # typing into the terminal, FIOASYNC, the console's menu
        assert asked("ioctl", 0, request) == NOT_ALLOWED


def test_a_machine_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError):
        seccomp.program("riscv64", PID)
    assert NOT_THERE & 0xFFFF == errno.ENOSYS and NOT_ALLOWED & 0xFFFF == errno.EPERM
