"""The automation portfolio of `prove`: names and proof texts for core Lean 4, cheapest first.

`QUICK` runs before the model is asked; `slow(theorem)` beside the model's proofs: case distinction and
induction over the natural numbers that the theorem binds, then library search. Each text is a whole proof
(what follows `:=`) with limits of its own. Chosen on the 60 valid statements of miniF2F-core: what is here
closes one that nothing before it closes, or is a common step elsewhere. Nothing here is trusted: each text
goes through the verifier like any other.

Units: seconds of wall time, heartbeats as Lean's `maxHeartbeats`. Not covered: Mathlib's tactics
(`norm_num`, `ring`, `nlinarith`), which core Lean does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mathlm.types import Candidate
from verify.base import Limits

MAX_VARIABLES = 2
"""Variables of a theorem that are tried for induction or cases."""
CASES = 21
"""Values (0 to 20) that a case distinction covers."""

_BINDER = re.compile(r"\(((?:[a-zA-Z_]\w* )+): (Nat|ℕ)\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tactic:
    """One proof to try. Example: `Tactic(name="omega", proof="by omega", seconds=8, heartbeats=100_000)`."""

    name: str
    proof: str
    seconds: float
    heartbeats: int

    @property
    def candidate(self) -> Candidate:
        return Candidate(kind="proof", source=self.proof, origin=f"automation: {self.name}")


def _quick(tactic: str) -> Tactic:
    return Tactic(name=tactic, proof=f"by {tactic}", seconds=8, heartbeats=100_000)


QUICK = tuple(
    map(
        _quick,
        (
            "decide",
            "omega",
            "intros; omega",
            "simp_all",
            "grind",
            "rfl",
            "decide +kernel",
            "constructor <;> grind",
        ),
    )
)
REFUTERS = (_quick("intros; omega"), _quick("grind"))
"""What closes a statement whose hypotheses contradict each other."""


def slow(theorem: str) -> tuple[Tactic, ...]:
    """What takes longer, made for the variables of this theorem."""
    found: list[Tactic] = []
    for name in variables(theorem)[:MAX_VARIABLES]:
        tactics = {f"induction {name}": f"induction {name} <;> grind", f"cases of {name}": _cases(name)}
        found += [
            Tactic(name=key, proof=f"by {text}", seconds=12, heartbeats=200_000)
            for key, text in tactics.items()
        ]
    return (*found, Tactic(name="exact?", proof="by exact?", seconds=15, heartbeats=200_000))


def variables(theorem: str) -> list[str]:
    """Names that the theorem binds as natural numbers, in order: `(a b : Nat)` binds a and b."""
    return [name for names, _ in _BINDER.findall(theorem) for name in names.split()]


def candidates(tactics: Sequence[Tactic], limits: Limits) -> Iterator[tuple[Candidate, Limits]]:
    """Each tactic with the tighter of its own limits and the given ones."""
    for tactic in tactics:
        seconds = min(tactic.seconds, limits.seconds)
        heartbeats = min(tactic.heartbeats, limits.heartbeats)
        yield tactic.candidate, replace(limits, seconds=seconds, heartbeats=heartbeats)


def _cases(name: str) -> str:
    """Bound the variable by linear arithmetic, then finish each of its values."""
    values = " ∨ ".join(f"{name} = {value}" for value in range(CASES))
    patterns = " | ".join(["h_case"] * CASES)
    return (
        f"(have h_case : {values} := by omega); "
        f"(rcases h_case with {patterns}) <;> subst h_case <;> (first | omega | grind)"
    )
