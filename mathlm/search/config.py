"""What `prove` searches with: which parts, how wide, and with what budget."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mathlm.errors import UsageError


class Part(StrEnum):
    """A part of the search that can be switched."""

    AUTOMATION = "automation"
    WHOLE = "whole"
    RESUME = "resume"
    REPAIR = "repair"
    BEST_FIRST = "best-first"
    SKETCH = "sketch"
    PREMISES = "premises"
    MEND = "mend"
    """Names that do not exist are replaced, forbidden premises left out (`mathlm.search.mend`)."""
    FINISH = "finish"
    """Failing proofs of the model get automation in their gaps (`mathlm.search.finish`)."""
    MATHLIB = "mathlib"
    """Proofs of a statement without imports may stand below `import Mathlib`; the statement does not."""
    DISPROVE = "disprove"
    CRITIC = "critic"
    """The reward model's word on the states of best-first search, where there is one (`--reward-model`)."""


ALL = frozenset(Part)
OF_MODEL = frozenset({Part.WHOLE, Part.RESUME, Part.REPAIR, Part.BEST_FIRST, Part.SKETCH})
"""Parts that do nothing without a model."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchConfig:
    """Example: `SearchConfig(parts=frozenset({Part.AUTOMATION, Part.WHOLE}), samples=32)`"""

    parts: frozenset[Part] = ALL
    """What is switched on."""
    samples: int = 16
    """Whole proofs that the model writes."""
    resumes: int = 2
    """Failing proofs that are cut and continued; each gets `width` continuations."""
    rounds: int = 2
    """Rounds of repair."""
    repairs: int = 4
    """Failing proofs that are repaired in a round; each gets `width` answers."""
    expansions: int = 32
    """Tactic states that best-first search expands."""
    width: int = 4
    """Answers to one prompt: tactics for a state, repairs of a proof, proofs of an open step."""
    sketches: int = 4
    """Sketches that the model draws."""
    premises: int = 8
    """Lemmas of the library that a prompt shows."""
    seconds: float = 120.0
    """Wall time for all of it; a check that runs on is ended at this time too."""
    budget: int = 512
    """Completions that the model may be asked for in all."""

    def __post_init__(self) -> None:
        for name in ("samples", "resumes", "rounds", "repairs", "expansions", "sketches", "premises"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, got {getattr(self, name)}")
        for name in ("width", "seconds", "budget"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")

    def identity(self) -> dict[str, Any]:
        """All fields as JSON values, for the configuration of a run."""
        fields = dataclasses.asdict(self)
        return {**fields, "parts": sorted(self.parts)}


def read_parts(text: str) -> frozenset[Part]:
    """The parts that a comma-separated list names: `whole,repair`, `all`, or `all,-sketch` to leave one out.

    Raises UsageError for a name that is none.
    """
    parts: frozenset[Part] = frozenset()
    for word in filter(None, (word.strip() for word in text.split(","))):
        name = word.removeprefix("-")
        try:
            named = ALL if name == "all" else frozenset({Part(name)})
        except ValueError:
            known = ", ".join(Part)
            raise UsageError(
                f"there is no part {name!r} of the search: name some of {known}, or all"
            ) from None
        parts = parts - named if word.startswith("-") else parts | named
    return parts
