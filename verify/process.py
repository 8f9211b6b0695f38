"""One worker process that answers JSON requests on a channel of its own.

Contract. `WorkerProcess(argv, name=…, ready_seconds=…)` describes a child; `start()` runs it in its own
process group with an empty environment:
    file descriptor 0   requests, one JSON object per line (UTF-8)
    file descriptor 1,2 drained and forgotten but for the last 8 KB, which are evidence after a crash
    file descriptor 3   answers, one JSON object per line; the first is the hello `{"ready": true, …}`
    file descriptor 4   the lifeline: read end of a pipe that only the parent writes to (it never does)
Only the host script knows descriptor 3, so nothing that a candidate prints can imitate an answer.

Units: seconds of wall time; MB = 2**20 bytes of resident memory, of the worker process alone.
Errors: `WorkerTimeout`, `MemoryExceeded`, `WorkerDied`. After any of them (and after an interrupt) the
whole process group has been killed: a worker whose state is unknown is never used again.
The child dies with its parent: at the end of its standard input, and on Linux also by SIGKILL through
the lifeline (`F_SETOWN`/`F_SETSIG`, fcntl(2)), however busy it is. PR_SET_PDEATHSIG is not used: it fires
when the *thread* that started the child ends.
Not covered: Windows; memory of grandchildren (both hosts run where no process can be started).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from mathlm.errors import MathlmError, WorkerDied

EVIDENCE_BYTES = 8 * 1024
MAX_ANSWER_BYTES = 256 * 2**20
MEMORY_SAMPLE_SECONDS = 0.05 if sys.platform == "linux" else 0.5
_READ_BYTES = 1 << 20
_LINUX_F_SETSIG = 10
_FIRST_FREE_FD = 10  # our ends of the pipes stay clear of the numbers that the child uses


class WorkerTimeout(MathlmError):
    """The request was not answered in its time."""


class NotReady(WorkerDied):
    """The worker ran, but said no hello in its time."""


class Stopped(MathlmError):
    """The caller no longer wants the answer."""


class MemoryExceeded(MathlmError):
    """The worker's resident memory went over the request's limit."""


class _Tail:
    """Reads a pipe to its end in a thread and keeps the last bytes, so that the child never blocks."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._data = b""
        self._thread = threading.Thread(target=self._drain, name="worker-output", daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        try:
            while piece := os.read(self._fd, 65536):
                self._data = (self._data + piece)[-EVIDENCE_BYTES:]
        finally:
            os.close(self._fd)

    def text(self) -> str:
        """What is left of the output. Call after the child's end."""
        self._thread.join(timeout=1.0)
        return self._data.decode("utf-8", "replace")


def _pipes(count: int) -> list[tuple[int, int]]:
    """Pipes whose ends are above the child's descriptors and are not inherited; all, or none on OSError."""
    made: list[int] = []
    try:
        for _ in range(count):
            ends = os.pipe()
            try:
                for fd in ends:
                    made.append(fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_FD))
            finally:
                for fd in ends:
                    os.close(fd)
    except OSError:
        for fd in made:
            os.close(fd)
        raise
    return list(zip(made[::2], made[1::2], strict=True))


def _kill_and_reap(pid: int) -> int:
    """SIGKILL to the whole group; the leader's exit status (negative: the signal that ended it)."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    try:
        _, status = os.waitpid(pid, 0)
    except ChildProcessError:
        return -signal.SIGKILL
    return os.waitstatus_to_exitcode(status)


def _tie_to_parent(lifeline: int, pid: int) -> None:
    """Let the kernel kill the child's group when the last writer of the lifeline is gone (Linux)."""
    if sys.platform != "linux":
        return
    fcntl.fcntl(lifeline, _LINUX_F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -pid)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _cpu_seconds(pid: int) -> float:
    """From `/proc`, where there is one (proc(5): the 14th and 15th fields, in clock ticks)."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:
            fields = stream.read().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return 0.0


def _resident_mb(pid: int) -> float:
    """Resident memory of a process in MB; 0 when it is gone."""
    try:
        if sys.platform == "linux":
            with open(f"/proc/{pid}/statm", "rb") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False)
        return int(shown.stdout or b"0") / 1024
    except (OSError, IndexError, ValueError):
        return 0.0


class WorkerProcess:
    """A child process with one request in flight at a time. `kill` may be called from any thread."""

    def __init__(self, argv: Sequence[str], *, name: str, ready_seconds: float) -> None:
        self.argv = tuple(argv)
        self.name = name
        self.ready_seconds = ready_seconds
        self.pid: int | None = None
        self.exit_status: int | None = None
        self.answered = 0
        """Requests answered so far."""
        self._request_lock = threading.RLock()
        self._state_lock = threading.Lock()
        self._fds: list[int] = []
        self._stdin = self._answers = -1
        self._tails: list[_Tail] = []
        self._pending = bytearray()
        self._reaper: weakref.finalize[Any, Any] | None = None

    def start(self) -> dict[str, Any]:
        """Run the child and return its hello.

        Raises `WorkerDied` with the evidence when it cannot be run, ends, or says nothing in `ready_seconds`.
        """
        with self._request_lock:
            if self.pid is not None:
                raise RuntimeError(f"worker {self.name} was started before; make a new WorkerProcess")
            self._spawn()
            try:
                hello = self._read_answer(time.monotonic() + self.ready_seconds, None)
            except WorkerTimeout:
                self.kill()
                raise self._death(f"was not ready after {self.ready_seconds:g} s", NotReady) from None
            except BaseException:
                self.kill()
                raise
            if hello.get("ready") is not True:
                self.kill()
                raise self._death("sent a first line that is not the hello")
            return hello

    def request(
        self,
        message: dict[str, Any],
        *,
        seconds: float,
        memory_mb: int,
        stop: Callable[[], bool] | None = None,
    ) -> dict[str, Any]:
        """Send one request and return its answer.

        Raises `WorkerTimeout`, `MemoryExceeded` or `WorkerDied`, and `Stopped` soon after `stop` says so; the
        process group is dead afterwards.
        """
        line = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        with self._request_lock:
            try:
                if self.exit_status is not None or self.pid is None:
                    raise self._death("is not running")
                deadline = time.monotonic() + seconds
                self._require_silence()
                try:
                    self._write(line, deadline, memory_mb)
                    answer = self._read_answer(deadline, memory_mb, stop)
                    self.answered += 1
                    return answer
                except WorkerTimeout:
                    raise WorkerTimeout(
                        f"no answer from worker {self.name} within {seconds:g} s; raise the time limit"
                    ) from None
            except BaseException:
                self.kill()
                raise

    def rss_mb(self) -> float:
        """Resident memory now, in MB; 0 when the worker is not running."""
        return _resident_mb(self.pid) if self.pid is not None and self.exit_status is None else 0.0

    def cpu_seconds(self) -> float:
        """What it has worked so far, on all cores together; 0 where that is not known."""
        return _cpu_seconds(self.pid) if self.pid is not None and self.exit_status is None else 0.0

    @property
    def alive(self) -> bool:
        """Whether the process runs. A process found dead is reaped here."""
        with self._state_lock:
            if self.pid is None or self.exit_status is not None:
                return False
            try:
                found, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # reaped by someone else in this program, or by the kernel
                found, status = self.pid, signal.SIGKILL
            if not found:
                return True
            self._settle(os.waitstatus_to_exitcode(status))
            return False

    def kill(self) -> None:
        """Kill the process group and free what belongs to it. Harmless when it is dead already."""
        with self._state_lock:
            if self.pid is not None and self.exit_status is None:
                self._settle(_kill_and_reap(self.pid))
        # A request running in another thread still uses the descriptors: it sees their end and closes them.
        if self._request_lock.acquire(blocking=False):
            try:
                while self._fds:
                    os.close(self._fds.pop())
            finally:
                self._request_lock.release()

    def evidence(self) -> str:
        """The tails of standard output and standard error of a worker that has ended."""
        return "\n".join(text for tail in self._tails if (text := tail.text().strip()))

    def _settle(self, status: int) -> None:
        self.exit_status = status
        if self._reaper is not None:
            self._reaper.detach()

    def _death(self, what: str, kind: type[WorkerDied] = WorkerDied) -> WorkerDied:
        """The error for a worker that is dead by now."""
        evidence = self.evidence()
        last = f": {evidence.splitlines()[-1][:300]}" if evidence else ""
        ended = f" (exit status {self.exit_status})" if self.exit_status is not None else ""
        return kind(
            f"worker {self.name} {what}{ended}{last}", evidence=evidence, exit_status=self.exit_status
        )

    def _spawn(self) -> None:
        try:
            pipes = _pipes(5)
        except OSError as error:
            self.exit_status = 127
            what = f"could not be started ({error.strerror}: close files or raise `ulimit -n`)"
            raise self._death(what) from error
        (child_in, self._stdin), (out_end, child_out), (err_end, child_err), *others = pipes
        (self._answers, child_answers), (child_life, life) = others
        self._fds = [self._stdin, self._answers, life]
        children = (child_in, child_out, child_err, child_answers, child_life)
        try:
            self.pid = os.posix_spawn(
                self.argv[0],
                self.argv,
                {},
                file_actions=[(os.POSIX_SPAWN_DUP2, fd, number) for number, fd in enumerate(children)],
                setpgroup=0,
                setsigmask=[],
                setsigdef=[signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGIO],
            )
            self._reaper = weakref.finalize(self, _kill_and_reap, self.pid)
            with contextlib.suppress(OSError):
                _tie_to_parent(child_life, self.pid)
        except OSError as error:
            self.exit_status = 127
            for fd in (out_end, err_end):
                os.close(fd)
            self.kill()
            raise self._death(f"could not be started ({self.argv[0]}: {error.strerror})") from error
        finally:
            for fd in children:
                os.close(fd)
        self._tails = [_Tail(out_end), _Tail(err_end)]
        os.set_blocking(self._stdin, False)
        os.set_blocking(self._answers, False)

    def _require_silence(self) -> None:
        """Nothing may lie in the pipe when a request begins: it would be taken for this one's answer."""
        poll = select.poll()
        poll.register(self._answers, select.POLLIN)
        ready = poll.poll(0)
        if ready and ready[0][1] & select.POLLIN:
            self.kill()
            raise self._death("broke the protocol (an answer that nobody asked for)")

    def _write(self, line: bytes, deadline: float, memory_mb: int) -> None:
        rest = memoryview(line)
        while rest:
            try:
                rest = rest[os.write(self._stdin, rest) :]
            except BlockingIOError:
                self._wait(self._stdin, select.POLLOUT, deadline, memory_mb)
            except BrokenPipeError:
                self.kill()
                raise self._death("died before it had read the request") from None

    def _read_answer(
        self, deadline: float, memory_mb: int | None, stop: Callable[[], bool] | None = None
    ) -> dict[str, Any]:
        buffer = self._pending
        seen = 0
        while (end := buffer.find(b"\n", seen)) < 0:
            seen = len(buffer)
            self._wait(self._answers, select.POLLIN, deadline, memory_mb, stop)
            try:
                piece = os.read(self._answers, _READ_BYTES)
            except BlockingIOError:
                continue
            if not piece:
                self.kill()
                raise self._death("ended without an answer")
            buffer += piece
            if len(buffer) > MAX_ANSWER_BYTES:
                self.kill()
                raise self._death(f"sent an answer of more than {MAX_ANSWER_BYTES} bytes")
        try:
            answer = json.loads(bytes(buffer[:end]))
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or end + 1 != len(buffer):
            self.kill()
            raise self._death("broke the protocol (an answer is one JSON object on one line)")
        buffer.clear()
        return answer

    def _wait(
        self,
        fd: int,
        event: int,
        deadline: float,
        memory_mb: int | None,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        """Block until the descriptor is ready; meanwhile watch the clock and the memory."""
        poll = select.poll()
        poll.register(fd, event)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise WorkerTimeout(f"worker {self.name} gave no answer in time")
            # poll counts whole milliseconds; rounding up keeps the last one from spinning
            if poll.poll(int(min(left, MEMORY_SAMPLE_SECONDS) * 1000) + 1):
                return
            if stop is not None and stop():
                raise Stopped("the answer is no longer wanted")
            if memory_mb is not None and (used := self.rss_mb()) > memory_mb:
                raise MemoryExceeded(
                    f"worker {self.name} used {used:.0f} MB, more than {memory_mb} MB; raise the memory limit"
                )
