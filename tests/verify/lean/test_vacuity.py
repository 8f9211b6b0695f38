"""What a theorem says when its hypotheses contradict each other: nothing, and the user is told."""

from __future__ import annotations

import pytest

from verify.base import Limits
from verify.lean.vacuity import vacuous
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=4096, heartbeats=200_000, output_bytes=20_000)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("theorem t (n : Nat) (h : n < 3) (g : 5 < n) : n = 100", True),
        ("theorem t : ∀ n : Nat, n < 0 → n = 7", True),
        ("theorem t (p : Prop) (h : p) (g : ¬p) : 1 = 2", True),
        ("theorem t : 1 + 1 = 2", False),
        ("theorem t (a b : Nat) : a + b = b + a", False),
        ("theorem t (n : Nat) (h : n < 3) : n ≤ 3", None),
        ("theorem t (x : Fin 0) : 1 = 2", None),
        ("theorem t (h : NoSuchThing) : 1 = 1", None),
    ],
)
def test_vacuous(lean: LeanVerifier, statement: str, expected: bool | None) -> None:
    assert vacuous(lean, statement, limits=LIMITS) is expected
