"""Trusted programs in plain Python: same outcomes as the sandbox, errors and endless loops included."""

from __future__ import annotations

from mathlm.types import Reason, Status
from training.data.problems.local import LocalPrograms
from verify.base import Limits
from verify.python.verifier import PythonVerifier

LIMITS = Limits(seconds=5, memory_mb=1024, heartbeats=1, output_bytes=1000)
PROGRAMS = (
    "print(6 * 7)",
    "from sympy import gcd\nprint(gcd(84, 126))",
    "print(undefined)",
    "x = 1\nprint(x)",
    "print('x' in globals())",
)


def test_outcomes_are_those_of_the_sandbox() -> None:
    with PythonVerifier(workers=1) as sandbox, LocalPrograms(sandbox, workers=1) as local:
        ours, theirs = local.run_many(PROGRAMS, limits=LIMITS), sandbox.run_many(PROGRAMS, limits=LIMITS)
        assert [(v.status, v.reason, v.output) for v in ours] == [
            (v.status, v.reason, v.output) for v in theirs
        ]
        assert ours[2].reason is Reason.PROGRAM_ERROR and "undefined" in ours[2].detail
        assert [v.accepted for v in local.equivalent_many([("1/2", "0.5"), ("1", "2")], limits=LIMITS)] == [
            True,
            False,
        ]


def test_an_endless_program_stops_at_its_limit_and_the_next_one_runs() -> None:
    limits = Limits(seconds=0.5, memory_mb=1024, heartbeats=1, output_bytes=1000)
    with PythonVerifier(workers=1) as sandbox, LocalPrograms(sandbox, workers=1) as local:
        verdicts = local.run_many(
            ["try:\n    while True: pass\nexcept Exception:\n    pass", "print(1)"], limits=limits
        )
    assert [v.status for v in verdicts] == [Status.TIMEOUT, Status.ACCEPTED]
