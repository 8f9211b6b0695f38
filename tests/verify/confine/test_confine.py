"""A real program, confined by the real kernel, tries what a malicious candidate would try.

Where this kernel has no Landlock or seccomp, the tests of the confined program fail: a machine that cannot
confine must not run native workers, and the suite says so. The refusals are tested on every Linux.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import struct
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from verify import confine
from verify.confine import landlock, launch, probe
from verify.process import WorkerProcess

PYTHON = Path(sys.executable).resolve()
LIBRARY = Path(sysconfig.get_paths()["stdlib"])
SPACE = 4 << 30
FLAGS = ("-I", "-S", "-c")
PRELUDE = """
import ctypes, json, os, signal, socket, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
def call(*words):
    if libc.syscall(*words) < 0:
        raise OSError(ctypes.get_errno(), "refused")
"""
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="confinement is Linux; elsewhere native workers never run"
)


def confined(
    code: str, *arguments: str, read: tuple[Path, ...] = (), space: int = SPACE
) -> subprocess.CompletedProcess[str]:
    extension = LIBRARY / "lib-dynload"
    argv = confine.command(
        PYTHON, *FLAGS, PRELUDE + code, *arguments,
        read=(LIBRARY, extension, PYTHON.parent.parent / "lib", *read), address_space=space,
    )  # fmt: skip
    secret = {"SECRET_KEY": "do not tell", "PATH": os.environ["PATH"]}
    return subprocess.run(argv, capture_output=True, text=True, env=secret, timeout=60, check=False)


def refused(code: str, *arguments: str, read: tuple[Path, ...] = ()) -> str:
    """The name of the error that `code` ends with; fails where it goes through."""
    wrapped = "\n".join(f"    {line}" for line in code.strip().splitlines())
    shown = "try:\n" + wrapped + "\n    print('WORKED')\nexcept OSError as e:\n    print(e.errno)\n"
    done = confined(shown, *arguments, read=read)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() != "WORKED", code
    return errno.errorcode[int(done.stdout)]


def test_this_machine_can_confine() -> None:
    assert confine.unsupported() is None


def test_an_honest_program_runs() -> None:
    done = confined(
        "found = []\n"
        "def work(): found.append(sum(range(1000)))\n"
        "threads = [threading.Thread(target=work) for _ in range(8)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "memory = bytearray(200_000_000); memory[-1] = 7\n"
        "print(json.dumps([found, memory[-1], sys.argv[1:], os.getcwd(), len(os.urandom(9))]))",
        "a b",
        "∀",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[499500] * 8, 7, ["a b", "∀"], "/", 9]


FILES = {
    "read a file": "open('/etc/passwd').read()",
    "read its own environment": "open('/proc/self/environ').read()",
    "read the parent's environment": "open(f'/proc/{os.getppid()}/environ').read()",
    "read a file by a symbolic link": "open('/proc/self/root/etc/passwd').read()",
    "list the root": "os.listdir('/')",
    "list the processes": "os.listdir('/proc')",
    "write in /tmp": "open('/tmp/mathlm-confined', 'w')",
    "write here": "open('mathlm-confined', 'w')",
    "make a folder": "os.mkdir('/tmp/mathlm-confined')",
    "make a link": "os.symlink('/etc/passwd', '/tmp/mathlm-confined')",
    "a file without a name": "os.open('/tmp', os.O_TMPFILE | os.O_RDWR)",
    "a file in memory": "os.memfd_create('x')",
    "shared memory": "open('/dev/shm/mathlm', 'w')",
    "open the terminal": "open('/dev/tty')",
    "change the folder": "os.chdir('/tmp')",
}


@pytest.mark.parametrize("name", FILES)
def test_files_are_out_of_reach(name: str) -> None:
    assert refused(FILES[name]) in {"EACCES", "EPERM", "ENOSYS"}


HOME = {
    "list it": "os.listdir(sys.argv[1])",
    "read in it": "open(sys.argv[1] + '/secret').read()",
    "write in it": "open(sys.argv[1] + '/new', 'w')",
    "remove from it": "os.unlink(sys.argv[1] + '/secret')",
    "rename in it": "os.rename(sys.argv[1] + '/secret', sys.argv[1] + '/s')",
    "link to it": "os.link(sys.argv[1] + '/secret', sys.argv[1] + '/s')",
    "change its mode": "os.chmod(sys.argv[1] + '/secret', 0o777)",
    "change its time": "os.utime(sys.argv[1] + '/secret')",
    "truncate it": "os.truncate(sys.argv[1] + '/secret', 0)",
    "truncate it by opening": "os.open(sys.argv[1] + '/secret', os.O_RDONLY | os.O_TRUNC)",
}


@pytest.mark.parametrize("name", HOME)
@pytest.mark.parametrize("readable", [False, True])
def test_a_folder_of_the_user(tmp_path: Path, name: str, readable: bool) -> None:
    (tmp_path / "secret").write_text("kept")
    before = (tmp_path / "secret").stat()
    if readable and name in {"list it", "read in it"}:
        done = confined(HOME[name], str(tmp_path), read=(tmp_path,))
        assert done.returncode == 0, done.stderr
    else:
        assert refused(HOME[name], str(tmp_path), read=(tmp_path,) if readable else ()) in {
            "EACCES",
            "EPERM",
            "ENOSYS",
        }
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
    after = (tmp_path / "secret").stat()
    assert (after.st_mode, after.st_size, after.st_mtime) == (before.st_mode, before.st_size, before.st_mtime)


NETWORK = {
    "TCP": "socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)",
    "UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "IPv6": "socket.socket(socket.AF_INET6, socket.SOCK_STREAM)",
    "Unix": "socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)",
    "a pair": "socket.socketpair()",
    "netlink": "socket.socket(16, socket.SOCK_RAW)",
    "packets": "socket.socket(17, socket.SOCK_RAW)",
}


@pytest.mark.parametrize("name", NETWORK)
def test_there_is_no_network(name: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert refused(NETWORK[name], port) in {"ENOSYS", "EPERM"}


PROCESSES = {
    "fork": "os.fork()",
    "fork by hand": "call(57) if os.uname().machine == 'x86_64' else call(220, 17, 0, 0, 0, 0)",
    "vfork": "call(58) if os.uname().machine == 'x86_64' else call(220, 0x4111, 0, 0, 0, 0)",
    "clone3": "call(435, None, 0)",
    "exec": "os.execv('/bin/sh', ['sh', '-c', 'echo WORKED'])",
    "exec itself": "os.execv(sys.executable or '/proc/self/exe', ['python', '-c', 'print(\"WORKED\")'])",
    "exec its own file": "os.execv('/proc/self/exe', ['python', '-I', '-S', '-c', 'print(\"WORKED\")'])",
    "exec a descriptor": "os.execve(os.open('/proc/self/exe', os.O_RDONLY), ['p', '-c', '1'], {})",
    "open the launcher's descriptor": "os.dup2(1, 1000)",
    "spawn": "os.posix_spawn('/bin/sh', ['sh', '-c', 'echo WORKED'], {})",
    "kill the parent": "os.kill(os.getppid(), signal.SIGKILL)",
    "kill the group": "os.kill(0, signal.SIGKILL)",
    "kill all": "os.kill(-1, signal.SIGKILL)",
    "a descriptor of the parent": "call(434, os.getppid(), 0)",
    "trace the parent": "call(101 if os.uname().machine == 'x86_64' else 117, 16, os.getppid(), None, None)",
    "a new session": "os.setsid()",
    "a new group": "os.setpgid(0, 0)",
    "a namespace": "call(272 if os.uname().machine == 'x86_64' else 97, 0x10000000)",
    "another user": "os.setuid(12345)",
    "close the lifeline": "os.close(4)",
    "replace the lifeline": "os.dup2(0, 4)",
    "a new filter": "call(317 if os.uname().machine == 'x86_64' else 277, 1, 0, None)",
    "the kernel's ring": "call(425, 8, None)",
}


@pytest.mark.parametrize("name", PROCESSES)
def test_there_are_no_other_processes(name: str) -> None:
    assert refused(PROCESSES[name]) in {"ENOSYS", "EPERM", "EACCES", "EBADF", "EINVAL"}


def test_limits_hold_and_cannot_be_raised() -> None:
    code = (
        "import resource\n"
        "try:\n    resource.setrlimit(resource.RLIMIT_AS, (-1, -1)); print('WORKED')\n"
        "except (ValueError, OSError): pass\n"
        "try:\n    bytearray(3_000_000_000); print('WORKED')\n"
        "except MemoryError: print('no memory')\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_FSIZE))"
    )
    done = confined(code, space=1 << 30)
    assert done.stdout.splitlines() == ["no memory", "(0, 0) (0, 0)"], done.stderr


def test_it_has_no_environment_and_no_rights() -> None:
    # `getauxval` and the C library's own list: what the kernel handed over, not what Python made of it
    code = (
        "environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, 'environ')\n"
        "names = []\n"
        "while environ[len(names)]: names.append(environ[len(names)].decode())\n"
        "print(json.dumps([n for n in names if not n.startswith('LC_CTYPE')]))"
    )
    assert json.loads(confined(code).stdout) == []


def test_it_has_no_descriptor_but_its_five(tmp_path: Path) -> None:
    (tmp_path / "open").write_text("of the parent")
    with open(tmp_path / "open") as file:
        os.set_inheritable(file.fileno(), True)
        code = (
            "def there(fd):\n    try:\n        os.fstat(fd)\n        return True\n"
            "    except OSError:\n        return False\n"
            "print(json.dumps([fd for fd in range(1100) if there(fd)]))"
        )
        argv = confine.command(
            PYTHON, *FLAGS, PRELUDE + code, read=(PYTHON.parent.parent / "lib",), address_space=SPACE
        )
        done = subprocess.run(argv, capture_output=True, text=True, env={}, close_fds=False, check=False)
    assert set(json.loads(done.stdout)) <= {0, 1, 2, 3, 4}, done.stderr


def test_it_can_be_a_worker() -> None:
    """Its id, group and channels are those that the parent knows; its memory counts."""
    code = (
        "out = os.fdopen(3, 'w', buffering=1)\nprint(json.dumps({'ready': True}), file=out)\n"
        "kept = []\n"
        "for line in sys.stdin:\n"
        "    kept.append(bytearray(json.loads(line)['bytes']))\n"
        "    print(json.dumps({'pid': os.getpid()}), file=out)\n"
    )
    argv = confine.command(
        PYTHON, *FLAGS, PRELUDE + code, read=(PYTHON.parent.parent / "lib",), address_space=SPACE
    )
    worker = WorkerProcess(argv, name="confined", ready_seconds=30)
    worker.start()
    try:
        answer = worker.request({"bytes": 300 << 20}, seconds=10, memory_mb=2000)
        assert answer == {"pid": worker.pid}
        assert worker.pid is not None and os.getpgid(worker.pid) == worker.pid
        assert worker.rss_mb() > 250
    finally:
        worker.kill()
    assert not worker.alive


def test_it_dies_with_its_parent() -> None:
    """However busy it is: the lifeline holds, as in every worker."""
    loop = "open('/dev/fd/3', 'w').write('{\"ready\": true}\\n')\nwhile True: pass"
    code = (
        "import sys, time; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from verify import confine; from verify.process import WorkerProcess\n"
        f"argv = confine.command(Path({str(PYTHON)!r}), '-I', '-S', '-c', {loop!r},"
        f" read=[Path({str(PYTHON.parent.parent / 'lib')!r})], address_space=1 << 32)\n"
        "w = WorkerProcess(argv, name='w', ready_seconds=30); w.start()\n"
        "print(w.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(confine.ROOT)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
    deadline = time.monotonic() + 10
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("name", [name for name in probe.ATTEMPTS if name != "run another program"])
def test_each_probe_notices_a_machine_that_does_not_confine(name: str) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from verify.confine import probe\n"
        "probe.ATTEMPTS = {sys.argv[2]: probe.ATTEMPTS[sys.argv[2]]}; print(probe.possible()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(confine.ROOT), name],
        capture_output=True, text=True, env={}, start_new_session=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == name, done.stderr


def test_a_probe_that_runs_another_program_is_gone() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from verify.confine import probe\n"
        "probe.ATTEMPTS['run another program']()"
    )
    argv = [sys.executable, "-I", "-c", code, str(confine.ROOT)]
    done = subprocess.run(argv, input="echo gone\n", capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "gone\n"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (landlock.CREATE_RULESET, "the kernel has no Landlock"),
        (landlock.RESTRICT_SELF, "Landlock call 446"),
        ({"x86_64": 157, "aarch64": 167}[platform.machine()], "seccomp"),
    ],
    ids=["no Landlock", "Landlock refuses", "no prctl"],
)
def test_a_kernel_that_lacks_a_layer_runs_nothing(call: int, said: str) -> None:
    """The layer is taken away by the kernel itself: a filter answers ENOSYS to its call."""
    argv = confine.command(PYTHON, *FLAGS, "print('WORKED')", address_space=SPACE)
    done = subprocess.run(
        argv, capture_output=True, text=True, env={}, check=False, preexec_fn=lambda: _take_away(call)
    )
    assert done.returncode == launch.REFUSED, done.stderr
    assert "not run, since it could not be confined" in done.stderr and said in done.stderr
    assert done.stdout == ""


def _take_away(number: int) -> None:
    code = struct.pack(
        "<HBBIHBBIHBBIHBBI",
        *(0x20, 0, 0, 0), *(0x15, 0, 1, number), *(0x06, 0, 0, 0x00050000 | errno.ENOSYS),
        *(0x06, 0, 0, 0x7FFF0000),
    )  # fmt: skip
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(
        22, 2, ctypes.byref(Program(4, ctypes.addressof(buffer))), 0, 0
    ):
        os._exit(99)


def test_a_program_that_is_none_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\necho WORKED\n")
    script.chmod(0o755)
    for program, said in ((script, "no 64-bit program"), (tmp_path / "missing", "No such file")):
        argv = confine.command(program, address_space=SPACE)
        done = subprocess.run(argv, capture_output=True, text=True, env={}, check=False)
        assert (done.returncode, done.stdout) == (launch.REFUSED, "")
        assert said in done.stderr


def test_the_dynamic_loader_is_found() -> None:
    found = launch.interpreter(os.path.realpath("/bin/sh"))
    assert found is not None and os.access(found, os.X_OK)
