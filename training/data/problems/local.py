"""Running our own teacher's programs in plain Python: the quick way to make much data.

The sandbox puts its memory back after every program, which for sympy costs more than the program. The
teacher's programs are our own code, made from parsed questions, so `mathlm data problems --local` may run
them in child processes of this Python instead. Never for text that a model wrote. Answers are still
compared by the sandboxed verifier.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import signal
from collections.abc import Sequence
from multiprocessing.pool import Pool
from types import FrameType
from typing import Self

from mathlm.types import Reason, Status, Verdict
from verify.base import Limits
from verify.python.verifier import PythonVerifier

CHUNK = 16


class _OutOfTime(BaseException):
    """Not an Exception, so that a program's own handlers do not swallow it."""


def _out_of_time(signum: int, frame: FrameType | None) -> None:
    raise _OutOfTime


def _prepare() -> None:
    import sympy  # noqa: F401  (imported once per child, so that programs start quickly)

    signal.signal(signal.SIGALRM, _out_of_time)


def _run(task: tuple[str, float]) -> tuple[Status, str]:
    """(outcome, standard output or the error) of one program in this process."""
    program, seconds = task
    output = io.StringIO()
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(program, "<program>", "exec"), {"__name__": "__main__"})
        return Status.ACCEPTED, output.getvalue()
    except _OutOfTime:
        return Status.TIMEOUT, f"no end within {seconds:g} s"
    except (Exception, SystemExit) as error:
        return Status.REJECTED, repr(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class LocalPrograms:
    """Runs trusted programs in child processes and leaves comparisons to `verifier`."""

    def __init__(self, verifier: PythonVerifier, *, workers: int) -> None:
        self._verifier = verifier
        self._pool: Pool = multiprocessing.get_context("spawn").Pool(workers, initializer=_prepare)

    def run_many(self, programs: Sequence[str], *, limits: Limits) -> list[Verdict]:
        """Verdicts in order; only the time limit holds."""
        tasks = [(program, limits.seconds) for program in programs]
        verdicts = []
        for status, text in self._pool.map(_run, tasks, chunksize=CHUNK):
            if status is Status.ACCEPTED:
                verdicts.append(Verdict(status=status, output=text))
            elif status is Status.TIMEOUT:
                verdicts.append(Verdict(status=status, detail=text))
            else:
                verdicts.append(Verdict(status=status, reason=Reason.PROGRAM_ERROR, detail=text))
        return verdicts

    def equivalent_many(self, pairs: Sequence[tuple[str, str]], *, limits: Limits) -> list[Verdict]:
        return self._verifier.equivalent_many(pairs, limits=limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.terminate()
