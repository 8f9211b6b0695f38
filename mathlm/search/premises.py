"""What search asks of premise retrieval, and what of it a prompt has room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

ROOM = 1_000
"""Characters of lemmas in a prompt, half as many tokens: a model of 1,024 places must read the statement too
and write a proof."""


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


def lines(found: Sequence[Premise]) -> list[str]:
    """Lines for a prompt from premises, best first: those that there is room for, the best last."""
    shown: list[str] = []
    left = ROOM
    for premise in found:
        left -= len(premise.signature)
        if left < 0:
            break
        shown.append(premise.signature)
    return shown[::-1]
