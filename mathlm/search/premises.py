"""What search asks of premise retrieval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


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
