"""Corrections of a failing proof that need no model: what Lean says is enough.

    an unknown name      the lemma of retrieval that is spelt most like it, or a variable of the statement
    a forbidden premise  left out by the tactics that look for premises themselves: `simp [-NAME]`

A small model knows the shape of a proof better than the spelling of a lemma.
Contract: pure functions of text; a corrected proof is judged like any other.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence

ROUNDS = 3
"""Corrections of one proof, one after the other: Lean names one unknown or forbidden constant at a time."""

_UNKNOWN = re.compile(r"Unknown (?:identifier|constant) `([^`]+)`")
_FORBIDDEN = re.compile(r"forbidden premise `([^`]+)`")
_LOOKS = re.compile(r"(?<![\w.])(simp_all|simpa|simp|grind)(?![\w.])(?! only)( \[)?")
"""Tactics that use what the library marks for them."""
_BINDER = re.compile(r"[({⦃]((?:[^\s(){}⦃⦄\[\]:.,]+ )+): ([^(){}⦃⦄]*(?:\([^()]*\)[^(){}⦃⦄]*)*)[)}⦄]")
_CLAIM = re.compile(r"[=≠<>≤≥∣∈∉∧∨↔∀∃¬⊆]")


def mended(proof: str, said: str, *, lemmas: Callable[[], Sequence[str]], theorem: str) -> str | None:
    """The proof without what Lean complained about; None where nothing can be done.

    `said` is Lean's or the judge's word, `lemmas` names lemmas on demand, best first, and `theorem` is
    `theorem NAME BINDERS : TYPE`.
    """
    if forbidden := _FORBIDDEN.search(said):
        return leave_out(proof, forbidden[1])
    unknown = list(dict.fromkeys(_UNKNOWN.findall(said)))
    known: Sequence[str] = lemmas() if any(map(_is_lemma, unknown)) else ()
    free = [name for name in variables(theorem) if not _mentions(proof, name)]
    corrected = proof
    for name in unknown:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0) if _is_lemma(name) else free[:1]
        if near:
            corrected = _token(name).sub(near[0], corrected)
            free = [other for other in free if other != near[0]]
    return corrected if corrected != proof else None


def leave_out(proof: str, name: str) -> str | None:
    """The proof with the constant erased from what its tactics know; None if it names the constant itself."""
    if _mentions(proof, name):
        return None
    erased = _LOOKS.sub(lambda m: f"{m[1]} [-{name}, " if m[2] else f"{m[1]} [-{name}]", proof)
    return erased if erased != proof else None


def variables(theorem: str) -> list[str]:
    """Names that the statement binds, but those of hypotheses, the last one first."""
    bound = [names.split() for names, kind in _BINDER.findall(theorem) if not _CLAIM.search(kind)]
    return [name for names in reversed(bound) for name in reversed(names) if "✝" not in name]


def _is_lemma(name: str) -> bool:
    return "." in name or "_" in name


def _token(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.✝]){re.escape(name)}(?![\w.'!?✝])")


def _mentions(proof: str, name: str) -> bool:
    return _token(name).search(proof) is not None
