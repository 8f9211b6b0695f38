"""A proof of automation that tries alternatives, `first | exact A | exact B | …`, with the one that works.

Halves are tried as tactic steps, so 400 alternatives take nine; the judge has the last word on what is left.
"""

from __future__ import annotations

import re
import time

from mathlm.extract import Statement
from mathlm.search.attempts import attempt, prefilter
from mathlm.search.search import SHORTENING, Search
from mathlm.types import Attempt, Candidate

_FIRST = re.compile(r"\bfirst\s*\| exact ")
_BETWEEN = re.compile(r"\s*\| exact ")


def narrowed(search: Search, target: Statement, proof: Candidate) -> Attempt | None:
    """The accepted attempt with one alternative left, found in `SHORTENING` seconds; None for all else."""
    found = _FIRST.search(proof.source)
    if found is None or not proof.origin.startswith("automation"):
        return None
    until = time.monotonic() + SHORTENING
    before, rest = proof.source[: found.start()], proof.source[found.end() :]
    end = _end(rest)
    after = rest[end:]
    tries = _BETWEEN.split(rest[:end])
    while len(tries) > 1:
        half = tries[: len(tries) // 2]
        text = f"{before}first {' '.join(f'| exact {one}' for one in half)}{after}"
        limits = search.spare(until)
        if limits is None:
            return None
        works = prefilter(target, text, lean=search.lean, limits=limits) is None
        tries = half if works else tries[len(half) :]
    left = Candidate(kind=proof.kind, source=f"{before}exact {tries[0]}{after}", origin=proof.origin)
    limits = search.spare(until)
    if limits is None:
        return None
    tried = attempt(target, left, lean=search.lean, limits=limits, forbidden=search.forbidden)
    return tried if tried.verdict.accepted else None


def _end(text: str) -> int:
    """Where the bracket around the alternatives closes, or the text ends."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char in "([{⟨") - (char in ")]}⟩")
        if depth < 0:
            return i
    return len(text)
