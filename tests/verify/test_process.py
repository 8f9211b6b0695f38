"""WorkerProcess against a real child process (worker_child.py)."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mathlm.errors import WorkerDied
from verify.process import EVIDENCE_BYTES, MemoryExceeded, WorkerProcess, WorkerTimeout

CHILD = Path(__file__).with_name("worker_child.py")


def make(mode: str = "good", ready_seconds: float = 20) -> WorkerProcess:
    argv = [sys.executable, "-I", "-S", str(CHILD), mode]
    return WorkerProcess(argv, name="child", ready_seconds=ready_seconds)


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    worker = make()
    worker.start()
    yield worker
    worker.kill()


@pytest.fixture(scope="module")
def lasting() -> Iterator[WorkerProcess]:
    worker = make()
    worker.start()
    yield worker
    worker.kill()


def echo(worker: WorkerProcess, value: object) -> object:
    return worker.request({"op": "echo", "value": value}, seconds=20, memory_mb=1000)["echo"]


def gone(pid: int, seconds: float = 10) -> bool:
    """Whether a process that is not our child has ended (a zombie that nobody reaps counts as ended)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False


def test_hello_and_echo(worker: WorkerProcess) -> None:
    assert worker.alive
    assert worker.rss_mb() > 1
    assert echo(worker, "∀ n, 𝔽\n") == "∀ n, 𝔽\n"
    assert worker.answered == 1


def test_lone_surrogates_are_replaced_not_fatal(worker: WorkerProcess) -> None:
    assert echo(worker, "a\ud835b") == "a?b"


def test_empty_environment_and_own_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATHLM_TEST_SECRET", "1")
    worker = make()
    worker.start()
    answer = worker.request({"op": "environment"}, seconds=20, memory_mb=1000)
    worker.kill()
    assert not set(answer["environment"]) - {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    assert answer["group"] == answer["pid"] == worker.pid


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("abc\n\r\u2028"), inner),
    )
)
def test_framing_keeps_every_value(lasting: WorkerProcess, value: object) -> None:
    assert echo(lasting, value) == value


def test_request_and_answer_larger_than_any_pipe(worker: WorkerProcess) -> None:
    big = worker.request({"op": "size", "value": "y" * 5_000_000}, seconds=20, memory_mb=1000)
    assert big == {"size": 5_000_000}
    huge = worker.request({"op": "huge", "bytes": 5_000_000}, seconds=20, memory_mb=1000)
    assert len(huge["echo"]) == 5_000_000
    assert echo(worker, 1) == 1


def test_answer_in_pieces(worker: WorkerProcess) -> None:
    assert worker.request({"op": "pieces"}, seconds=20, memory_mb=1000) == {"echo": "in pieces"}


def test_flood_of_imitated_answers_neither_blocks_nor_counts(worker: WorkerProcess) -> None:
    assert worker.request({"op": "flood"}, seconds=20, memory_mb=1000) == {"echo": "flooded"}
    worker.kill()
    assert 0 < len(worker.evidence()) <= 2 * EVIDENCE_BYTES + 1


def test_hang_is_killed_in_time(worker: WorkerProcess) -> None:
    began = time.monotonic()
    with pytest.raises(WorkerTimeout, match=r"0\.3 s"):
        worker.request({"op": "hang"}, seconds=0.3, memory_mb=1000)
    assert 0.25 < time.monotonic() - began < 3
    assert not worker.alive
    with pytest.raises(WorkerDied, match="not running"):
        worker.request({"op": "echo", "value": 1}, seconds=1, memory_mb=1000)


def test_request_that_is_never_read_times_out(worker: WorkerProcess) -> None:
    assert worker.pid
    os.kill(worker.pid, signal.SIGSTOP)
    with pytest.raises(WorkerTimeout):
        worker.request({"op": "size", "value": "y" * 5_000_000}, seconds=0.3, memory_mb=1000)


def test_memory_hog_is_killed(worker: WorkerProcess) -> None:
    with pytest.raises(MemoryExceeded, match="more than 100 MB"):
        worker.request({"op": "hog", "mb": 300}, seconds=20, memory_mb=100)
    assert not worker.alive


def test_crash_carries_evidence_and_exit_status(worker: WorkerProcess) -> None:
    with pytest.raises(WorkerDied, match="about to fall over") as caught:
        worker.request({"op": "crash"}, seconds=20, memory_mb=1000)
    assert caught.value.exit_status == 7
    assert "about to fall over" in caught.value.evidence


def test_kill_minus_nine_in_the_middle(worker: WorkerProcess) -> None:
    assert worker.pid
    threading.Timer(0.2, os.kill, (worker.pid, signal.SIGKILL)).start()
    began = time.monotonic()
    with pytest.raises(WorkerDied) as caught:
        worker.request({"op": "hang"}, seconds=30, memory_mb=1000)
    assert caught.value.exit_status == -signal.SIGKILL
    assert time.monotonic() - began < 10


def test_a_worker_that_someone_else_reaped_is_dead(worker: WorkerProcess) -> None:
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    os.waitpid(worker.pid, 0)
    assert not worker.alive
    assert worker.exit_status == -signal.SIGKILL


def test_kill_from_another_thread_ends_the_request(worker: WorkerProcess) -> None:
    threading.Timer(0.2, worker.kill).start()
    with pytest.raises(WorkerDied):
        worker.request({"op": "hang"}, seconds=30, memory_mb=1000)


@pytest.mark.parametrize("line", ["not json\n", "[1]\n", '{"a": 1}\n{"b": 2}\n', '{"a": 1}\nx', "\n"])
def test_broken_protocol_ends_the_worker(worker: WorkerProcess, line: str) -> None:
    with pytest.raises(WorkerDied, match="broke the protocol"):
        worker.request({"op": "raw", "value": line}, seconds=20, memory_mb=1000)
    assert not worker.alive


def test_an_answer_that_nobody_asked_for_is_never_the_next_one(worker: WorkerProcess) -> None:
    assert worker.request({"op": "twice"}, seconds=20, memory_mb=1000) == {"echo": 1}
    time.sleep(0.5)
    with pytest.raises(WorkerDied, match="nobody asked for"):
        echo(worker, 3)
    assert not worker.alive


@pytest.mark.parametrize(
    ("mode", "said"),
    [("silent", "not ready after"), ("broken", "no library here"), ("unready", "not the hello")],
)
def test_failed_start(mode: str, said: str) -> None:
    worker = make(mode, ready_seconds=0.5 if mode == "silent" else 20)
    with pytest.raises(WorkerDied, match=said):
        worker.start()
    assert not worker.alive


def test_missing_program() -> None:
    worker = WorkerProcess(["/no/such/program"], name="ghost", ready_seconds=1)
    with pytest.raises(WorkerDied, match="could not be started"):
        worker.start()
    assert not worker.alive


def test_no_descriptor_is_left_open() -> None:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("counts descriptors in /proc")
    make().kill()
    before = len(list(folder.iterdir()))
    for _ in range(3):
        worker = make()
        worker.start()
        with contextlib.suppress(WorkerDied):
            worker.request({"op": "crash"}, seconds=20, memory_mb=1000)
        worker.evidence()
    assert len(list(folder.iterdir())) <= before


@pytest.mark.skipif(sys.platform != "linux", reason="the lifeline needs F_SETSIG of Linux")
def test_busy_child_dies_with_a_killed_parent() -> None:
    parent_code = textwrap.dedent(
        """
        import sys, threading, time
        sys.path.insert(0, sys.argv[2])
        from verify.process import WorkerProcess
        worker = WorkerProcess([sys.executable, "-I", "-S", sys.argv[1]], name="child", ready_seconds=20)
        worker.start()
        print(worker.pid, flush=True)
        worker.request({"op": "hang"}, seconds=60, memory_mb=1000)
        """
    )
    root = str(CHILD.parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", parent_code, str(CHILD), root], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        time.sleep(0.1)
        parent.kill()
    assert gone(pid)


def test_collected_worker_is_killed() -> None:
    worker = make()
    pid = worker.start()["pid"]
    del worker
    assert gone(pid)


def test_round_trip_adds_little(lasting: WorkerProcess) -> None:
    def once() -> float:
        began = time.perf_counter()
        echo(lasting, 1)
        return time.perf_counter() - began

    # Generous for a loaded machine: a polling sleep of 5 ms anywhere on the path fails it.
    assert min(once() for _ in range(200)) < 0.002


def test_a_start_without_enough_descriptors_leaks_none() -> None:
    before = set(os.listdir("/dev/fd"))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (80, hard))
    try:
        with contextlib.suppress(OSError):
            while True:
                held.append(os.dup(0))
        for fd in held[-5:]:
            os.close(fd)
        del held[-5:]
        for _ in range(3):
            with pytest.raises(WorkerDied, match="ulimit -n"):
                make().start()
    finally:
        for fd in held:
            os.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert set(os.listdir("/dev/fd")) == before
