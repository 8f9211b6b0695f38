"""Fine-tuning lines on the use of lemmas: a library theorem to prove, with itself among the prompt's lemmas.

The answer names it: `by exact NAME ..`, accepted by the judge. What a small model lacks is to copy a lemma's
name from its prompt exactly, not to know when it applies; so the lemma stands at a random place among those
that retrieval gives.
Contract: no theorem of the test split, nor one that says the same as one, is proved, shown or named.
Errors: InfraError when Lean cannot be started. Training only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from mathlm import prompts
from mathlm.library import LibraryTheorem
from mathlm.premises import Premise, Retriever
from mathlm.search.premises import lines
from mathlm.types import TrainingSample
from training.data.library import held_out
from training.data.library_benchmark import drawn
from verify.lean.verifier import LeanVerifier

SHOWN = 8
"""Lemmas of a prompt, the theorem itself included."""
SOURCE = "library-recall"


def recalled(
    theorems: Sequence[LibraryTheorem],
    retriever: Retriever,
    count: int,
    *,
    seed: int,
    lean: LeanVerifier,
    progress: Callable[[int], None] | None = None,
) -> list[TrainingSample]:
    """`count` lines, or as many as there are; the same for the same library and seed."""
    kept_back = held_out(theorems)
    found = drawn(theorems, count, _tactic, seed=seed, lean=lean, test=False, progress=progress)
    return [_sample(theorem, text, retriever, kept_back, seed=seed) for theorem, text in found]


def _tactic(theorem: LibraryTheorem) -> str:
    return f"exact {theorem.name} .."


def _sample(
    theorem: LibraryTheorem, statement: str, retriever: Retriever, kept_back: frozenset[str], *, seed: int
) -> TrainingSample:
    near = [
        premise
        for premise in retriever.retrieve(statement, k=SHOWN, exclude=kept_back)
        if premise.name != theorem.name
    ]
    place = Random(f"{seed} {theorem.name}").randrange(SHOWN)
    shown = [
        *near[:place],
        Premise(name=theorem.name, signature=" ".join(theorem.signature.split())),
        *near[place:],
    ][:SHOWN]
    lemmas = lines(shown, statement=statement, needed=(theorem.name,))
    return TrainingSample(
        id=f"{theorem.name}/recall", prompt=prompts.render_prove(statement, premises=lemmas).text,
        answer=f"by {_tactic(theorem)}", source=SOURCE,
    )  # fmt: skip
