"""Repair: a proof that failed is written again, with Lean's error in the prompt.

Source: Goedel-Prover-V2 (arXiv:2508.03613, section 3.1), verifier-guided self-correction, two rounds.
"""

from __future__ import annotations

from mathlm.prompts import render_repair
from mathlm.search import resume, whole
from mathlm.search.failures import failures
from mathlm.search.search import Search


def origin(number: int) -> str:
    """Example: `model: repair 1`."""
    return f"model: repair {number}"


def repair(search: Search) -> None:
    """Correct the failing proofs that get furthest; the next round corrects the corrections."""
    origins: tuple[str, ...] = (whole.ORIGIN, resume.ORIGIN)
    for number in range(1, search.config.rounds + 1):
        failing = failures(search, origins=origins, count=search.config.repairs)
        theorem, lemmas = search.target.shown, search.lemmas
        prompts = [
            render_repair(theorem, failure.proof, failure.error, premises=lemmas)
            for failure in failing
            for _ in range(search.config.width)
        ]
        if not prompts or search.over:
            return
        search.check_texts(whole.proofs(search.ask(prompts)), origin(number))
        origins = (origin(number),)
        if search.over:
            return
