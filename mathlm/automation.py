"""The automation portfolio of `prove`: names and proof texts for Lean 4, cheapest first.

`quick(header)` runs before the model is asked; `slow(theorem, header)` beside the model's proofs: case
distinction and induction over the numbers that the theorem binds, then library search. Where the header of
the statement imports Mathlib (here: the prelude), both have its tactics too. Each text is a whole proof (what
follows `:=`) with limits of its own. Chosen on the 60 valid statements of miniF2F-core: what is here closes
one that nothing before it closes, or is a common step elsewhere; the texts of `mathlm.arithmetic`, made for
the statement, were chosen on others. Nothing here is trusted: each text goes through the verifier like any
other.

Units: seconds of wall time, heartbeats as Lean's `maxHeartbeats`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mathlm import arithmetic
from mathlm.extract import imports_mathlib
from mathlm.types import Candidate
from verify.base import Limits

MAX_VARIABLES = 2
"""Variables of a theorem that are tried for induction or cases."""
CASES = 21
"""Values (0 to 20) that a case distinction covers."""
STEPS = (2, 3)
"""Lengths of the steps of an induction."""
BOUNDS = (10, 80)
"""Bounds that nonlinear arithmetic is asked for."""

_BINDER = re.compile(r"\(((?:[a-zA-Z_]\w* )+): (Nat|ℕ)\)")
_NUMBER = re.compile(r"\(((?:[a-zA-Z_]\w* )+): (?:Nat|ℕ|Int|ℤ)\)")
_MODULUS = re.compile(r"% ?(\d{1,2})\b|\[Z?MOD (\d{1,2})\]|(?<![\d.])(\d{1,2}) ∣")


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
PRELUDE = tuple(
    map(
        _quick,
        (
            "norm_num",
            "intros; linarith",
            "intros; nlinarith",
            "ring",
            "positivity",
            "(simp only [Finset.sum_range_succ, Finset.prod_range_succ, *]; norm_num)",
            "subst_vars; decide +kernel",
            "(refine ⟨?_, ?_⟩ <;> first | decide_now | (intro x hx; simp_all; omega) | grind)",
            "(simp_all [pow_succ, Int.mul_emod, Int.add_emod, Int.sub_emod]; done)",
            "(simp_all [pow_succ, Nat.mul_mod, Nat.add_mod]; done)",
            "(apply Rat.natCast_inj.1; push_cast; linarith)",
            "(simp_all [Nat.ModEq, Int.ModEq]; omega)",
        ),
    )
)
"""What the prelude's tactics and definitions add."""
REFUTERS = (_quick("intros; omega"), _quick("grind"))
"""What closes a statement whose hypotheses contradict each other."""


def quick(header: str) -> tuple[Tactic, ...]:
    """What is tried first on a statement with this header."""
    return (*QUICK, *PRELUDE) if imports_mathlib(header) else QUICK


def slow(theorem: str, header: str = "") -> tuple[Tactic, ...]:
    """What takes longer, made for the variables of this theorem."""
    tactics: dict[str, str] = {}
    for name in variables(theorem)[:MAX_VARIABLES]:
        tactics[f"induction {name}"] = f"induction {name} <;> grind"
        tactics[f"cases of {name}"] = _cases(name)
    if imports_mathlib(header):
        tactics = {**tactics, **arithmetic.texts(theorem), **_with_prelude(theorem)}
    found = [
        Tactic(name=key, proof=f"by {text}", seconds=12, heartbeats=200_000) for key, text in tactics.items()
    ]
    return (*found, Tactic(name="exact?", proof="by exact?", seconds=15, heartbeats=200_000))


def _with_prelude(theorem: str) -> dict[str, str]:
    """Induction on sums and in steps, bounded cases, residues: texts for the prelude's tactics."""
    finish = "first | omega | (simp_all; done) | grind"
    tactics: dict[str, str] = {}
    for name in variables(theorem)[:MAX_VARIABLES]:
        tactics[f"induction {name}, sums"] = (
            f"induction {name} with | zero => simp_all | succ n ih => "
            "(simp_all [Finset.sum_range_succ, Finset.prod_range_succ, pow_succ, Nat.factorial]; "
            "first | done | ring | omega | grind)"
        )
        tactics[f"induction {name}, powers"] = (
            f"(induction {name} with | zero => (first | omega | simp_all) | succ n ih => "
            "((have h_power := Nat.lt_two_pow_self (n := n)); (rcases n with _ | n); "
            "(first | decide | (simp_all; done) | omega | (simp_all [pow_succ]; omega)); "
            "(try have ih := ih (by omega)); (first | (simp only [pow_succ, Nat.zero_add] at *; omega) | "
            "(simp_all [pow_succ]; omega))))"
        )
        for step in STEPS:
            tactics[f"induction {name} in steps of {step}"] = _in_steps(name, step)
    for name in _names(_NUMBER, theorem)[: MAX_VARIABLES + 1]:
        for bound in BOUNDS:
            tactics[f"{name} at most {bound}"] = (
                f"((have h_bound : {name} ≤ {bound} := by nlinarith); interval_cases {name} <;> ({finish}))"
            )
        tactics[f"interval_cases {name}"] = f"(simp_all; interval_cases {name} <;> ({finish}))"
        for modulus in sorted({int(n) for found in _MODULUS.findall(theorem) for n in found if n})[:2]:
            residues = " ∨ ".join(f"{name} % {modulus} = {r}" for r in range(modulus))
            patterns = " | ".join(["h_case"] * modulus)
            if modulus > 1:
                tactics[f"{name} modulo {modulus}"] = (
                    f"((have h_case : {residues} := by omega); (rcases h_case with {patterns}) <;> "
                    "simp [pow_succ, Int.mul_emod, Int.add_emod, Int.sub_emod, Nat.mul_mod, Nat.add_mod, "
                    "h_case])"
                )
    return tactics


def _in_steps(name: str, step: int) -> str:
    """Strong induction from `n` to `n + step`, for what powers modulo something repeat."""
    bases = "".join(f"| {value}, _ => by (first | omega | simp_all | decide) " for value in range(step))
    return (
        f"(revert {name}; intro {name}; induction {name} using Nat.strongRecOn with | ind {name} ih => exact "
        f"match {name}, ih with {bases}| n + {step}, ih => by (have h_before := ih n (by omega)); "
        "(have h_positive : 0 < 2 ^ n := by positivity); (try intros); "
        "(try simp only [pow_succ] at *); omega)"
    )


def variables(theorem: str) -> list[str]:
    """Names that the theorem binds as natural numbers, in order: `(a b : Nat)` binds a and b."""
    return [name for names, _ in _BINDER.findall(theorem) for name in names.split()]


def _names(binder: re.Pattern[str], theorem: str) -> list[str]:
    return [name for names in binder.findall(theorem) for name in names.split()]


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
