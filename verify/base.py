"""What every verifier takes and gives: `Limits` in, `Verdict` out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mathlm.types import Candidate, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Limits of one check. All are required: an unlimited default would be a hole.

    Example: `Limits(seconds=10, memory_mb=4096, heartbeats=200_000, output_bytes=65_536)`
    """

    seconds: float
    """Wall time from hand-over to a worker until its answer; start-up of a worker is not counted."""
    memory_mb: int
    """Resident memory of the worker process, above which it is killed (status `resource`)."""
    heartbeats: int
    """Lean's `maxHeartbeats` (thousands of small allocations); ignored by Python checks."""
    output_bytes: int
    """Program output or Lean messages beyond this are cut."""

    def __post_init__(self) -> None:
        for name in ("seconds", "memory_mb", "heartbeats", "output_bytes"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")


class Verifier(Protocol):
    """Anything that turns a candidate into a verdict. Never raises for a bad candidate."""

    def verify(self, candidate: Candidate, *, limits: Limits) -> Verdict: ...
