"""`PythonVerifier`: run programs and compare answers, each isolated from the machine and from the others.

What a program meets: Python's standard library and, when its text names them, sympy and mpmath. No file of
the host, no environment variable, no network, no process, no thread, no way to write a file, an empty
standard input; the same random numbers on every run. `host.mjs` says how that is kept.

Three kinds of workers start on first use, each with its own image of the interpreter's memory: plain
programs, programs with sympy, and comparisons (never on a worker that runs programs).
Units: as in `Limits`. The time limit is first a KeyboardInterrupt inside the sandbox, and `GRACE_SECONDS`
later the end of the worker; the memory limit is first a MemoryError, and then the end of the worker.
Verdicts: `run` accepts a program that ran to its end (its output says nothing yet about mathematics) and
rejects with `program_error`; `equivalent` rejects with `wrong_answer`, and answers `resource` where it could
not decide. Errors: InfraError (RuntimeMissing) when the sandbox cannot be started.
Not covered: asyncio and packages other than sympy and mpmath.
"""

from __future__ import annotations

import importlib.metadata
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mathlm.errors import RuntimeMissing
from mathlm.types import Candidate, Reason, Status, Verdict
from verify import runtime
from verify.base import Limits
from verify.pool import Pool, Reply
from verify.process import WorkerProcess
from verify.python.answers import quick

GRACE_SECONDS = 1.0
MEMORY_MARGIN_MB = 48
READY_SECONDS = 120.0
RECYCLE_AFTER = 5_000
RECYCLE_RSS_MB = 1_024
_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, kw_only=True)
class _Role:
    """A kind of worker: what it imports before its image is taken."""

    name: str
    modules: tuple[str, ...]
    packages: tuple[tuple[str, str], ...]
    """(distribution, import name), copied from this interpreter's own installation."""


_ALGEBRA = (("sympy", "sympy"), ("mpmath", "mpmath"))
_LATEX = (
    ("math-verify", "math_verify"),
    ("latex2sympy2_extended", "latex2sympy2_extended"),
    ("antlr4-python3-runtime", "antlr4"),
)
PLAIN = _Role(name="python", modules=(), packages=())
SYMBOLIC = _Role(name="python-sympy", modules=("sympy", "mpmath"), packages=_ALGEBRA)
ANSWERS = _Role(
    name="python-answers",
    modules=("sympy", "math_verify", "verify.python.answers"),
    packages=_ALGEBRA + _LATEX,
)


class PythonVerifier:
    """Programs and answers in sandboxed workers; at most `workers` of a kind at once. Thread-safe."""

    def __init__(self, *, workers: int = 1) -> None:
        if workers < 1:
            raise ValueError(f"workers must be at least 1, got {workers}")
        self._workers = workers
        self._lock = threading.Lock()
        self._pools: dict[str, Pool] = {}
        self._toolchain = f"pyodide {runtime.PYODIDE.version}, sympy {_version('sympy')}"

    def verify(self, candidate: Candidate, *, limits: Limits) -> Verdict:
        """The verdict on a candidate of kind `program`."""
        if candidate.kind != "program":
            raise ValueError(f"PythonVerifier checks programs, got a {candidate.kind}")
        return self.run(candidate.source, limits=limits)

    def run(self, program: str, *, limits: Limits) -> Verdict:
        """Run one program; its standard output is in `output`."""
        reply = self._pool(_role_of(program)).run(_run_request(program, limits), limits=_hard(limits))
        return self._run_verdict(reply, limits)

    def run_many(
        self, programs: Sequence[str], *, limits: Limits, progress: Callable[[int], None] | None = None
    ) -> list[Verdict]:
        """Run programs, each under the whole limits; verdicts in their order.

        `progress` is called with the number of programs done so far.
        """
        verdicts: dict[int, Verdict] = {}
        for role in (PLAIN, SYMBOLIC):
            chosen = [index for index, program in enumerate(programs) if _role_of(program) is role]
            if chosen:
                requests = (_run_request(programs[index], limits) for index in chosen)
                replies = self._pool(role).map(
                    requests, limits=_hard(limits), progress=_shifted(progress, len(verdicts))
                )
                for index, reply in zip(chosen, replies, strict=True):
                    verdicts[index] = self._run_verdict(reply, limits)
        return [verdicts[index] for index in range(len(programs))]

    def equivalent(self, given: str, gold: str, *, limits: Limits) -> Verdict:
        """Whether an answer is as good as the gold one (see `answers.py` for the rules)."""
        return self.equivalent_many([(given, gold)], limits=limits)[0]

    def equivalent_many(
        self,
        pairs: Iterable[tuple[str, str]],
        *,
        limits: Limits,
        progress: Callable[[int], None] | None = None,
    ) -> list[Verdict]:
        """Compare pairs (given, gold), each under the whole limits; verdicts in their order."""
        pairs = list(pairs)
        verdicts: dict[int, Verdict] = {}
        for index, (given, gold) in enumerate(pairs):
            equal = quick(given, gold)
            if equal is not None:
                verdicts[index] = self._equality_verdict(equal, pairs[index], seconds=0.0)
        hard = [index for index in range(len(pairs)) if index not in verdicts]
        done = len(verdicts)
        if progress is not None and done:
            progress(done)
        if hard:
            requests = (_equality_request(*pairs[index], limits) for index in hard)
            replies = self._pool(ANSWERS).map(
                requests, limits=_hard(limits), progress=_shifted(progress, done)
            )
            for index, reply in zip(hard, replies, strict=True):
                verdicts[index] = self._comparison_verdict(reply, pairs[index], limits)
        return [verdicts[index] for index in range(len(pairs))]

    def close(self) -> None:
        """Kill the workers. Later checks start new ones."""
        with self._lock:
            pools = list(self._pools.values())
            self._pools.clear()
        for pool in pools:
            pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _pool(self, role: _Role) -> Pool:
        with self._lock:
            if role.name not in self._pools:
                argv = _command(role)

                def spawn() -> WorkerProcess:
                    return WorkerProcess(argv, name=role.name, ready_seconds=READY_SECONDS)

                self._pools[role.name] = Pool(
                    spawn, size=self._workers, recycle_after=RECYCLE_AFTER, recycle_rss_mb=RECYCLE_RSS_MB
                )
            return self._pools[role.name]

    def _run_verdict(self, reply: Reply, limits: Limits) -> Verdict:
        stopped = self._stopped(reply, limits, finished=bool(reply.answer and reply.answer["ok"]))
        if stopped is not None:
            return stopped
        assert reply.answer is not None
        output = str(reply.answer["stdout"])
        if reply.answer["ok"]:
            cut = f"the output was cut at {limits.output_bytes} bytes" if reply.answer["truncated"] else ""
            return Verdict(
                status=Status.ACCEPTED,
                detail=cut,
                seconds=reply.seconds,
                toolchain=self._toolchain,
                output=output,
            )
        lines = str(reply.answer["error"]).strip().splitlines()
        return Verdict(
            status=Status.REJECTED,
            reason=Reason.PROGRAM_ERROR,
            detail=lines[-1] if lines else "the program failed",
            seconds=reply.seconds,
            toolchain=self._toolchain,
            output=output,
        )

    def _comparison_verdict(self, reply: Reply, pair: tuple[str, str], limits: Limits) -> Verdict:
        equal = reply.answer["equal"] if reply.answer else None
        stopped = self._stopped(reply, limits, finished=equal is not None)
        return stopped or self._equality_verdict(equal, pair, seconds=reply.seconds)

    def _stopped(self, reply: Reply, limits: Limits, *, finished: bool) -> Verdict | None:
        """The verdict when a limit or the machine ended the check, else None."""
        status, detail = reply.status, reply.detail
        if reply.answer is not None:
            if reply.answer["late"]:
                status = Status.TIMEOUT
                detail = f"stopped after {limits.seconds:g} s; raise the time limit"
            elif reply.answer["memory"] and not finished:
                status = Status.RESOURCE
                detail = f"needed more than {limits.memory_mb} MB; raise the memory limit"
        if status is None:
            return None
        return Verdict(status=status, detail=detail, seconds=reply.seconds, toolchain=self._toolchain)

    def _equality_verdict(self, equal: bool | None, pair: tuple[str, str], *, seconds: float) -> Verdict:
        given, gold = (text if len(text) <= 80 else text[:77] + "..." for text in pair)
        if equal:
            return Verdict(status=Status.ACCEPTED, seconds=seconds, toolchain=self._toolchain)
        if equal is None:
            detail = f"could not decide whether {given!r} equals {gold!r}: too large, or no proof was found"
            return Verdict(status=Status.RESOURCE, detail=detail, seconds=seconds, toolchain=self._toolchain)
        return Verdict(
            status=Status.REJECTED,
            reason=Reason.WRONG_ANSWER,
            detail=f"{given!r} is not equivalent to {gold!r}",
            seconds=seconds,
            toolchain=self._toolchain,
        )


def _role_of(program: str) -> _Role:
    return SYMBOLIC if "sympy" in program or "mpmath" in program else PLAIN


def _hard(limits: Limits) -> Limits:
    """What the parent enforces: the sandbox gets a moment to stop by itself."""
    return replace(limits, seconds=limits.seconds + GRACE_SECONDS)


def _soft(limits: Limits) -> dict[str, Any]:
    """What the sandbox enforces: a little less memory, so that it is the first to notice."""
    return {"seconds": limits.seconds, "memory_mb": limits.memory_mb - MEMORY_MARGIN_MB}


def _run_request(program: str, limits: Limits) -> dict[str, Any]:
    return {"op": "run", "program": program, "output_bytes": limits.output_bytes, **_soft(limits)}


def _equality_request(given: str, gold: str, limits: Limits) -> dict[str, Any]:
    return {"op": "equivalent", "given": given, "gold": gold, **_soft(limits)}


def _shifted(progress: Callable[[int], None] | None, done: int) -> Callable[[int], None] | None:
    return None if progress is None else lambda finished: progress(done + finished)


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError as error:
        what = f"the package {distribution} is missing; run `pip install {distribution}`"
        raise RuntimeMissing(what) from error


def _command(role: _Role) -> list[str]:
    """The command line of a worker: Node with read grants for the sandbox's own files, and no other right."""
    pyodide = runtime.pyodide_dir().resolve()
    packages = [
        {
            "distribution": distribution,
            "version": _version(distribution),
            "name": name,
            "path": str(Path(str(importlib.metadata.distribution(distribution).locate_file(name))).resolve()),
        }
        for distribution, name in role.packages
    ]
    grants = [
        str(pyodide),
        str(_HERE),
        str(_HERE.parent / "sandbox.cjs"),
        str(_HERE.parent / "wire.cjs"),
        *(package["path"] for package in packages),
    ]
    config = {"pyodide": str(pyodide), "here": str(_HERE), "modules": role.modules, "packages": packages}
    return [
        str(runtime.node()),
        "--permission",
        *(f"--allow-fs-read={path}" for path in grants),
        "--disallow-code-generation-from-strings",
        str(_HERE / "host.mjs"),
        json.dumps(config),
    ]
