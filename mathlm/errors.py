"""The exception tree. Every message that reaches a user says what to do next.

MathlmError
├── UsageError         bad input or options            -> exit 2
│   ├── DataError      a bad line in a data file (path and line number are named)
│   └── CheckpointError  a missing or corrupt model folder
└── InfraError         the machine, not the mathematics  -> exit 3
    ├── LimitHit         a step or a question to Lean came to its limits before there was an answer
    ├── Abandoned        nobody waits for the answer any longer
    ├── RuntimeMissing   an embedded runtime is not there and could not be fetched
    └── WorkerDied       a worker process crashed, was killed or broke the protocol
"""

from __future__ import annotations


class MathlmError(Exception):
    """Base of all errors that the command line shows without a traceback."""

    exit_code = 3


class UsageError(MathlmError):
    exit_code = 2


class DataError(UsageError):
    pass


class CheckpointError(UsageError):
    pass


class InfraError(MathlmError):
    exit_code = 3


class LimitHit(InfraError):
    """Time, memory or stack ended first; says nothing about what was asked."""

    def __init__(self, message: str, *, timeout: bool = False) -> None:
        super().__init__(message)
        self.timeout = timeout


class Abandoned(InfraError):
    pass


class RuntimeMissing(InfraError):
    pass


class WorkerDied(InfraError):
    """A worker went away in the middle of a request; `evidence` is the tail of its stderr."""

    def __init__(self, message: str, *, evidence: str = "", exit_status: int | None = None) -> None:
        super().__init__(message)
        self.evidence = evidence
        self.exit_status = exit_status
