"""What search asks of premise retrieval, and what of it a prompt has room for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from random import Random
from typing import Protocol

LEMMAS, PROMPT = 1_000, 1_400
"""Characters of the lemmas in a prompt, and of statement and lemmas together. A character is half a token of
mathlm-mini (figure in training/LOG.md), which reads 1,024: a third of them is left for the proof."""

SPREAD = 3
"""Premises that prompts draw from, for each that one prompt shows."""


class Premise(Protocol):
    """A theorem of the library. Example: `Nat.add_comm`, `Nat.add_comm (n m : Nat) : n + m = m + n`."""

    @property
    def name(self) -> str: ...

    @property
    def signature(self) -> str: ...


class Retriever(Protocol):
    """Finds theorems that may help to prove a statement."""

    def retrieve(self, statement: str, *, k: int, exclude: frozenset[str]) -> Sequence[Premise]:
        """At most `k` of them, the best first, none that `exclude` names."""


def lines(found: Sequence[Premise], *, statement: str, needed: Collection[str] = ()) -> list[str]:
    """Lines for a prompt from premises, best first: those that there is room for, the best last.

    The names in `needed` take room before all others.
    """
    room = min(LEMMAS, PROMPT - len(statement))
    shown: set[str] = set()
    for premise in sorted(found, key=lambda premise: premise.name not in needed):
        if len(premise.signature) <= room:
            room -= len(premise.signature)
            shown.add(premise.name)
    return [premise.signature for premise in reversed(found) if premise.name in shown]


def draws(found: Sequence[Premise], *, k: int, count: int, seed: int) -> Iterator[list[Premise]]:
    """`count` choices of at most `k` premises, best first: the best ones, then others, drawn anew each time.

    A premise of rank r (from 0) is drawn with weight 1 / (r + 1), without replacement (Efraimidis and
    Spirakis 2006). A model that copies lemmas from its prompt writes other proofs for other lemmas.
    """
    for number in range(count):
        rng = Random(f"{seed} {number}")
        keys = [rng.random() ** (rank + 1) if number else -rank for rank in range(len(found))]
        chosen = sorted(range(len(found)), key=lambda rank: -keys[rank])[:k]
        yield [found[rank] for rank in sorted(chosen)]
