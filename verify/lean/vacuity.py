"""Whether a theorem is proved only because its hypotheses contradict each other.

`vacuous(lean, statement, limits=…)` looks at `theorem NAME SIGNATURE` and answers
    True    a short automatic search proved `False` from the hypotheses alone
    False   it has no hypothesis: every variable is of a type that certainly has elements
    None    unknown, the usual answer for a theorem with hypotheses that do not contradict each other
The search is made of tactic steps in a worker: a hint for people, never part of a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mathlm.errors import InfraError
from verify.base import Limits
from verify.lean.protocol import StepAnswer

SEARCH = ("omega", "simp_all", "grind")
INHABITED = frozenset({"Nat", "Int", "Rat", "Bool", "Prop", "String", "Char", "Type", "Sort", "ℕ", "ℤ", "ℚ"})


class Steps(Protocol):
    """What is asked of `LeanVerifier`, or of a server in its place."""

    def step(self, source: str, *, hole: int, tactics: Sequence[str], limits: Limits) -> StepAnswer: ...


def vacuous(lean: Steps, statement: str, *, limits: Limits) -> bool | None:
    """See the module. A statement that does not elaborate on its own is unknown."""
    source = f"{statement} := by\n  sorry"
    try:
        opened = lean.step(source, hole=0, tactics=("intros",), limits=limits)
        if opened.error is not None or len(opened.goals) != 1:
            return None
        if _no_hypothesis(opened.goals[0]):
            return False
        for tactic in SEARCH:
            found = lean.step(source, hole=0, tactics=("intros", "exfalso", tactic), limits=limits)
            if found.error is None and not found.goals:
                return True
    except InfraError:
        return None
    return None


def _no_hypothesis(goal: str) -> bool:
    """Whether each local of a printed goal is a variable of an inhabited type."""
    context = goal.partition("⊢")[0]
    types = [line.rpartition(" : ")[2].split(" ")[0] for line in context.splitlines() if " : " in line]
    arrows = any("→" in line or "∀" in line for line in context.splitlines())
    return not arrows and all(kind in INHABITED for kind in types)
