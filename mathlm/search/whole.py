"""Whole proofs: the model writes what follows `:=`, as often as asked; equal texts are checked once.

Where there are lemmas every second prompt shows some: they help where they fit and mislead where they do not.
Each of these prompts shows other ones (`Search.variants`), since the proofs of one prompt are much alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from mathlm import extract
from mathlm.prompts import render_prove
from mathlm.search.search import Search
from mathlm.types import Completion, Prompt

ORIGIN = "model"


def prompts(showings: Sequence[str], search: Search, *, samples: int) -> list[Prompt]:
    """One prompt a sample for a theorem: its showings in turn, each without and with lemmas of the search."""
    lemmas = search.variants(samples // 2)
    return [
        render_prove(showings[i // 2 % len(showings)], premises=lemmas[i // 2] if i % 2 else ())
        for i in range(samples)
    ]


def proofs(completions: Sequence[Completion | None]) -> list[str]:
    """The different proofs in the completions, in the order of their first appearance."""
    texts = (extract.proof(completion.text) for completion in completions if completion is not None)
    return list(dict.fromkeys(text for text in texts if text is not None))


def sample(search: Search) -> list[str]:
    """Proofs for the search's own theorem."""
    return proofs(search.ask(prompts(search.target.showings, search, samples=search.config.samples)))
