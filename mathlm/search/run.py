"""The order of the search: what is cheap first, then the model, then what learns from its failures.

    begin    quick automation, a quick look for a counterexample, whole proofs beside slow automation
    deepen   resume, repair, best-first, sketch, the model's own tries at the negation

`prove` does both; `mathlm eval prove` samples whole proofs itself and then deepens.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, zip_longest

from mathlm import automation
from mathlm.search import best_first, disprove, repair, resume, sketch, whole
from mathlm.search.config import Part
from mathlm.search.search import Search
from mathlm.types import Candidate
from verify.base import Limits


def begin(search: Search) -> None:
    """What needs no failure to learn from."""
    target, limits = search.target, search.limits
    automatic = search.has(Part.AUTOMATION)
    if automatic:
        search.check(automation.candidates(automation.quick(target.preamble), limits))
    if search.has(Part.DISPROVE) and not search.over:
        disprove.by_automation(search)
    if search.over:
        return
    sampled = whole.sample(search) if search.has(Part.WHOLE) else []
    proofs = [Candidate(kind="proof", source=text, origin=whole.ORIGIN) for text in sampled]
    if search.rerank is not None:
        proofs = search.rerank.proofs(target.text, proofs)
    slow = automation.slow(target.theorem, target.preamble) if automatic else ()
    search.check(_alternate(((proof, limits) for proof in proofs), automation.candidates(slow, limits)))


def deepen(search: Search) -> None:
    """What learns from whole proofs that failed, and what goes step by step."""
    for part, strategy in (
        (Part.RESUME, resume.resume),
        (Part.REPAIR, repair.repair),
        (Part.BEST_FIRST, best_first.best_first),
        (Part.SKETCH, sketch.sketch),
        (Part.DISPROVE, disprove.by_model),
    ):
        if search.has(part) and search.backend is not None and not search.over:
            strategy(search)


def _alternate(*rows: Iterable[tuple[Candidate, Limits]]) -> Iterable[tuple[Candidate, Limits]]:
    """One of each row in turn."""
    return (item for item in chain.from_iterable(zip_longest(*rows)) if item is not None)
