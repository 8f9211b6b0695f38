"""Pool over real child processes (worker_child.py): crashes, hangs, memory, recycling, order, no leaks."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mathlm.errors import InfraError
from mathlm.types import Status
from verify.base import Limits
from verify.pool import Pool
from verify.process import WorkerProcess

CHILD = Path(__file__).with_name("worker_child.py")
LIMITS = Limits(seconds=20, memory_mb=1000, heartbeats=1, output_bytes=1000)
SHORT = Limits(seconds=0.3, memory_mb=1000, heartbeats=1, output_bytes=1000)
SMALL = Limits(seconds=20, memory_mb=100, heartbeats=1, output_bytes=1000)


def spawn(mode: str = "good") -> WorkerProcess:
    argv = [sys.executable, "-I", "-S", str(CHILD), mode]
    return WorkerProcess(argv, name="child", ready_seconds=20)


MakePool = Callable[..., Pool]


@pytest.fixture
def make_pool() -> Iterator[MakePool]:
    pools = []

    def make(
        size: int = 1,
        recycle_after: int = 1000,
        recycle_rss_mb: int = 500,
        spare: int = 0,
        mode: str = "good",
    ) -> Pool:
        pool = Pool(
            lambda: spawn(mode),
            size=size,
            recycle_after=recycle_after,
            recycle_rss_mb=recycle_rss_mb,
            spare=spare,
        )
        pools.append(pool)
        return pool

    yield make
    for pool in pools:
        pool.close()


def pid_of(pool: Pool) -> int:
    reply = pool.run({"op": "echo", "value": 1}, limits=LIMITS)
    assert reply.answer
    return int(reply.answer["pid"])


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_lazy_start_then_the_same_worker(make_pool: MakePool) -> None:
    pool = make_pool(size=2)
    assert pool.rss_mb() == []
    assert pid_of(pool) == pid_of(pool)
    assert len(pool.rss_mb()) == 1
    assert (pool.checks, pool.restarts) == (2, 0)


def test_timeout_is_not_retried_and_the_worker_is_replaced(make_pool: MakePool) -> None:
    pool = make_pool()
    first = pid_of(pool)
    reply = pool.run({"op": "hang"}, limits=SHORT)
    assert (reply.status, reply.retried, reply.answer) == (Status.TIMEOUT, False, None)
    assert 0.25 < reply.seconds < 3
    assert not running(first)
    assert wait_until(lambda: len(pool.rss_mb()) == 1)  # in the background, without another request
    assert pid_of(pool) != first
    assert pool.restarts == 1


def test_spare_worker_takes_over_at_once(make_pool: MakePool) -> None:
    pool = make_pool(spare=1)
    pid_of(pool)
    assert wait_until(lambda: len(pool.rss_mb()) == 2 and min(pool.rss_mb()) > 1)
    ready = set(pool._workers)
    pool.run({"op": "hang"}, limits=SHORT)
    assert pid_of(pool) in {worker.pid for worker in ready}


def test_a_spare_that_died_meanwhile_is_not_the_fresh_worker(make_pool: MakePool, tmp_path: Path) -> None:
    pool = make_pool(spare=1)
    first = pid_of(pool)
    assert wait_until(lambda: len(pool.pids()) == 2 and len(pool._idle) == 2)
    (spare,) = set(pool.pids()) - {first}
    os.kill(spare, signal.SIGKILL)
    os.waitid(os.P_PID, spare, os.WEXITED | os.WNOWAIT)  # dead, and not reaped
    pool._idle.sort(key=lambda worker: worker.pid == first)  # the next request goes to the first
    reply = pool.run({"op": "crash_once", "mark": str(tmp_path / "mark")}, limits=LIMITS)
    assert reply.answer == {"echo": "second life"}
    assert wait_until(lambda: spare not in pool.pids())


def test_crash_is_retried_once_on_a_fresh_worker(make_pool: MakePool, tmp_path: Path) -> None:
    pool = make_pool()
    first = pid_of(pool)
    reply = pool.run({"op": "crash_once", "mark": str(tmp_path / "mark")}, limits=LIMITS)
    assert reply.answer == {"echo": "second life"}
    assert (reply.status, reply.retried, pool.restarts) == (None, True, 1)
    assert pid_of(pool) != first
    assert len(pool.rss_mb()) == 1


def test_two_crashes_are_an_infra_error(make_pool: MakePool) -> None:
    pool = make_pool()
    reply = pool.run({"op": "crash"}, limits=LIMITS)
    assert (reply.status, reply.retried) == (Status.INFRA_ERROR, True)
    assert "about to fall over" in reply.detail
    assert pool.run({"op": "echo", "value": 2}, limits=LIMITS).status is None


def test_kill_minus_nine_in_the_middle_is_retried(make_pool: MakePool) -> None:
    pool = make_pool()
    victim = pid_of(pool)
    threading.Timer(0.2, os.kill, (victim, signal.SIGKILL)).start()
    reply = pool.run({"op": "sleep", "seconds": 0.5}, limits=LIMITS)
    assert reply.answer and reply.answer["pid"] != victim
    assert reply.retried


def test_worker_killed_while_idle_costs_a_retry_only(make_pool: MakePool) -> None:
    pool = make_pool()
    os.kill(pid_of(pool), signal.SIGKILL)
    reply = pool.run({"op": "echo", "value": 5}, limits=LIMITS)
    assert reply.answer and reply.answer["echo"] == 5


def test_memory_on_a_fresh_worker_is_resource_at_once(make_pool: MakePool) -> None:
    reply = make_pool().run({"op": "hog", "mb": 300}, limits=SMALL)
    assert (reply.status, reply.retried) == (Status.RESOURCE, False)
    assert "100 MB" in reply.detail


def test_memory_on_a_used_worker_is_tried_again_on_a_fresh_one(make_pool: MakePool) -> None:
    pool = make_pool()
    pool.run({"op": "keep", "mb": 150}, limits=LIMITS)
    again = pool.run({"op": "sleep", "seconds": 0.3}, limits=SMALL)  # the 150 MB are not its fault
    assert (again.status, again.retried) == (None, True)
    pid_of(pool)
    hog = pool.run({"op": "hog", "mb": 300}, limits=SMALL)
    assert (hog.status, hog.retried) == (Status.RESOURCE, True)


def test_recycled_after_so_many_answers(make_pool: MakePool) -> None:
    pool = make_pool(recycle_after=3)
    pids = [pid_of(pool) for _ in range(7)]
    assert len(set(pids)) == 3
    assert pool.restarts == 2


def test_recycled_when_large(make_pool: MakePool) -> None:
    pool = make_pool(recycle_rss_mb=60)
    first = pid_of(pool)
    assert pool.run({"op": "keep", "mb": 100}, limits=LIMITS).status is None
    assert pid_of(pool) != first


def test_recycled_when_its_answer_says_so(make_pool: MakePool) -> None:
    pool = make_pool()
    reply = pool.run({"op": "recycle"}, limits=LIMITS)
    assert reply.answer and reply.answer["pid"] != pid_of(pool)


@pytest.mark.parametrize("mode", ["broken", "unready"])
def test_failed_start_is_an_infra_error_each_time(make_pool: MakePool, mode: str) -> None:
    pool = make_pool(mode=mode, spare=1)
    for _ in range(2):
        with pytest.raises(InfraError):
            pool.run({"op": "echo", "value": 1}, limits=LIMITS)
    with pytest.raises(InfraError):
        list(pool.map([{"op": "echo", "value": 1}] * 3, limits=LIMITS))


def test_a_worker_killed_while_it_starts_is_no_failure() -> None:
    started: list[WorkerProcess] = []

    def starting() -> WorkerProcess:
        started.append(spawn("silent" if len(started) < 2 else "good"))
        return started[-1]

    def kill_the_silent() -> None:
        for index in range(2):
            assert wait_until(lambda i=index: len(started) > i and started[i].pid is not None)  # type: ignore[misc]
            time.sleep(0.1)
            os.kill(started[index].pid or 0, signal.SIGKILL)

    with Pool(starting, size=1, recycle_after=1000, recycle_rss_mb=500) as pool:
        killer = threading.Thread(target=kill_the_silent)
        killer.start()
        assert pool.run({"op": "echo", "value": 3}, limits=LIMITS).status is None
        killer.join()
    assert len(started) == 3


def test_a_worker_that_is_never_ready_is_tried_once() -> None:
    started: list[WorkerProcess] = []

    def starting() -> WorkerProcess:
        started.append(WorkerProcess(spawn("silent").argv, name="child", ready_seconds=0.3))
        return started[-1]

    with (
        Pool(starting, size=1, recycle_after=1000, recycle_rss_mb=500) as pool,
        pytest.raises(InfraError, match="not ready"),
    ):
        pool.run({"op": "echo", "value": 3}, limits=LIMITS)
    assert len(started) == 1


def test_failed_start_carries_evidence(make_pool: MakePool) -> None:
    with pytest.raises(InfraError, match="no library here"):
        make_pool(mode="broken").run({"op": "echo", "value": 1}, limits=LIMITS)


def test_many_threads_share_the_workers(make_pool: MakePool) -> None:
    pool = make_pool(size=2)
    pids = set()

    def caller() -> None:
        for _ in range(20):
            pids.add(pid_of(pool))

    threads = [threading.Thread(target=caller) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(pids) <= 2
    assert pool.checks == 160


def test_map_keeps_the_order_and_counts(make_pool: MakePool, tmp_path: Path) -> None:
    pool = make_pool(size=2, recycle_after=20)
    messages: list[dict[str, object]] = [{"op": "echo", "value": value} for value in range(60)]
    messages[7] = {"op": "crash"}
    messages[9] = {"op": "sleep", "seconds": 0.2}
    counts: list[int] = []
    replies = list(pool.map(messages, limits=LIMITS, progress=counts.append))
    assert counts == list(range(1, 61))
    assert replies[7].status is Status.INFRA_ERROR
    for index in set(range(60)) - {7, 9}:
        answer = replies[index].answer
        assert answer and answer["echo"] == index


def test_map_runs_on_all_workers_at_once(make_pool: MakePool) -> None:
    pool = make_pool(size=2)
    list(pool.map([{"op": "sleep", "seconds": 0.2}] * 2, limits=LIMITS))
    began = time.monotonic()
    list(pool.map([{"op": "sleep", "seconds": 0.5}] * 4, limits=LIMITS))
    assert time.monotonic() - began < 1.8


def test_map_can_be_left_early(make_pool: MakePool) -> None:
    pool = make_pool()
    drawn = []

    def messages() -> Iterator[dict[str, object]]:
        for value in range(1000):
            drawn.append(value)
            yield {"op": "sleep", "seconds": 0.02}

    replies = pool.map(messages(), limits=LIMITS)
    next(replies)
    replies.close()  # type: ignore[attr-defined]
    assert pool.run({"op": "echo", "value": 1}, limits=LIMITS).status is None
    assert len(drawn) < 20


def test_map_raises_what_the_messages_raise(make_pool: MakePool) -> None:
    def messages() -> Iterator[dict[str, object]]:
        yield {"op": "echo", "value": 1}
        raise KeyError("bad line")

    with pytest.raises(KeyError, match="bad line"):
        list(make_pool(size=2).map(messages(), limits=LIMITS))


def test_close_ends_requests_under_way(make_pool: MakePool) -> None:
    pool = make_pool()
    pid = pid_of(pool)
    threading.Timer(0.2, pool.close).start()
    with pytest.raises(InfraError, match="closed"):
        pool.run({"op": "hang"}, limits=LIMITS)
    assert not running(pid)
    with pytest.raises(InfraError, match="closed"):
        pool.run({"op": "echo", "value": 1}, limits=LIMITS)


def test_context_manager_and_collection_kill(make_pool: MakePool) -> None:
    with Pool(spawn, size=1, recycle_after=10, recycle_rss_mb=500) as pool:
        pid = pid_of(pool)
    assert not running(pid)
    dropped = Pool(spawn, size=1, recycle_after=10, recycle_rss_mb=500)
    pid = pid_of(dropped)
    del dropped
    assert wait_until(lambda: not running(pid))


def run_script(code: str, *, interrupt: bool) -> tuple[list[int], str, int]:
    """Run a script that prints worker pids and then lives on; interrupt it or let it end."""
    head = textwrap.dedent(
        """
        import sys
        sys.path.insert(0, sys.argv[2])
        from verify.base import Limits
        from verify.pool import Pool
        from verify.process import WorkerProcess
        limits = Limits(seconds=30, memory_mb=1000, heartbeats=1, output_bytes=1000)
        argv = [sys.executable, "-I", "-S", sys.argv[1]]
        pool = Pool(lambda: WorkerProcess(argv, name="child", ready_seconds=20),
                    size=2, recycle_after=10, recycle_rss_mb=500)
        for reply in pool.map([{"op": "sleep", "seconds": 0.1}] * 2, limits=limits):
            print(reply.answer["pid"], flush=True)
        """
    )
    argv = [sys.executable, "-c", head + textwrap.dedent(code), str(CHILD), str(CHILD.parents[2])]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout and child.stderr
        pids = [int(child.stdout.readline()) for _ in range(2)]
        if interrupt:
            time.sleep(0.3)
            child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=15)
    return pids, errors, child.returncode


def test_interrupt_ends_run_and_kills_the_workers() -> None:
    pids, errors, _ = run_script('list(pool.map([{"op": "hang"}] * 4, limits=limits))', interrupt=True)
    assert "KeyboardInterrupt" in errors
    assert wait_until(lambda: not any(running(pid) for pid in pids))
    pids, errors, _ = run_script('pool.run({"op": "hang"}, limits=limits)', interrupt=True)
    assert "KeyboardInterrupt" in errors
    assert wait_until(lambda: not any(running(pid) for pid in pids))


def test_workers_end_with_the_interpreter() -> None:
    pids, errors, code = run_script("", interrupt=False)
    assert (errors, code) == ("", 0)
    assert wait_until(lambda: not any(running(pid) for pid in pids))


@pytest.mark.parametrize("bad", [{"size": 0}, {"recycle_after": 0}, {"recycle_rss_mb": 0}, {"spare": -1}])
def test_senseless_sizes_are_refused(bad: dict[str, int]) -> None:
    sizes = {"size": 1, "recycle_after": 1, "recycle_rss_mb": 1} | bad
    with pytest.raises(ValueError, match="at least"):
        Pool(spawn, **sizes)


def test_warm_starts_all_workers_in_the_background(make_pool: MakePool) -> None:
    pool = make_pool(size=2)
    pool.warm()
    assert wait_until(lambda: len(pool.pids()) == 2)
    assert pid_of(pool) in pool.pids()


def test_an_admitted_failure_is_retried_once_on_another(make_pool: MakePool, tmp_path: Path) -> None:
    pool = make_pool()
    first = pool.run({"op": "echo", "value": 1}, limits=LIMITS).answer
    failing = {"op": "fail", "mark": str(tmp_path / "mark"), "always": False}
    reply = pool.run(failing, limits=LIMITS)
    assert reply.retried and first is not None and reply.answer is not None
    assert reply.answer["pid"] != first["pid"]
    again = pool.run({**failing, "always": True}, limits=LIMITS)
    assert again.retried and again.answer == {"error": "out of luck"}
