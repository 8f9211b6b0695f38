"""Corrections of a failing proof that need no model: what Lean says is enough.

    an unknown lemma     the lemma of retrieval that is spelt most like it
    an unknown variable  one that the statement binds and the proof does not use
    a forbidden premise  left out by the tactics that look for premises themselves: `simp [-NAME]`

A small model knows the shape of a proof better than the spelling of a lemma.
Contract: pure functions of text; a corrected proof is judged like any other. Which names are variables is a
guess from the statement's text: `h…` and what has a relation for a type are taken for hypotheses.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence

from mathlm.extract import colon

_UNKNOWN = re.compile(r"Unknown (?:identifier|constant) `([^`]+)`")
_FORBIDDEN = re.compile(r"forbidden premise `([^`]+)`")
_OF_SIMP = re.compile(r"\._simp_\d+(?:_\d+)*$")
"""What `simp` made of a theorem; it is left out by the theorem's name."""
_UNMARKED = re.compile(r"`([^`]+)` is not marked with the `\[grind\]` attribute")
_OPTIONS = r"(?:\s+[+-]\w+|\s*\(\w+ := [^()]*\))*+"
_LOOKS = re.compile(rf"(?<![\w.'])(simp_all|simpa|simp|grind)(?![\w.'?!])({_OPTIONS})(?!\s+only\b)(\s*\[)?")
"""Tactics that use what the library marks for them, their options, and the bracket of their list."""
_VARIABLE = re.compile(r"[^\W\d_A-Zh][\w₀-₉]{0,2}'*")
"""What a model calls a variable; `h…` is a hypothesis."""
_BINDER = re.compile(r"[({⦃]((?:[^\s(){}⦃⦄\[\]:.,]+ )+): ([^(){}⦃⦄]*(?:\([^()]*\)[^(){}⦃⦄]*)*)[)}⦄]")
_NAME = re.compile(r"[^\W\dh][\w₀-₉]*'*")
_CLAIM = re.compile(r"[=≠<>≤≥∣∈∉∧∨↔∀∃¬⊆]")


def mended(proof: str, said: str, *, lemmas: Callable[[], Sequence[str]], theorem: str) -> str | None:
    """The proof without what Lean complained about; None where nothing can be done.

    `said` is Lean's or the judge's word, `lemmas` names lemmas on demand, best first, and `theorem` is
    `theorem NAME BINDERS : TYPE`.
    """
    if forbidden := _FORBIDDEN.search(said):
        return leave_out(proof, _OF_SIMP.sub("", forbidden[1]))
    if unmarked := _UNMARKED.search(said):
        return _without(proof, unmarked[1])
    corrected = proof
    for name in dict.fromkeys(_UNKNOWN.findall(said)):
        head, dot, field = name.partition(".")
        if _VARIABLE.fullmatch(head):
            free = [other for other in variables(theorem) if not mentions(corrected, other)]
            new = f"{free[0]}{dot}{field}" if free else name
        else:
            new = next(iter(difflib.get_close_matches(name, lemmas(), n=1)), name)
        corrected = _token(name).sub(new.replace("\\", r"\\"), corrected)
    return corrected if corrected != proof else None


def leave_out(proof: str, name: str) -> str | None:
    """The proof with the constant erased from what its tactics know; None if it names the constant itself."""
    if mentions(proof, name):
        return None
    erased = _LOOKS.sub(lambda m: f"{m[1]}{m[2]} [-{name}{', ' if m[3] else ']'}", proof)
    return erased if erased != proof else None


def variables(theorem: str) -> list[str]:
    """Names that the statement binds, the last one first, but those of hypotheses as far as text tells."""
    rest = re.sub(r"^\s*theorem\s+\S+", "", re.sub(r"\.\{[^}]*\}", "", theorem))
    binders = rest[: colon(rest)]
    bound = [
        name for names, kind in _BINDER.findall(binders) if not _CLAIM.search(kind) for name in names.split()
    ]
    return [name for name in dict.fromkeys(reversed(bound)) if _NAME.fullmatch(name)]


def mentions(proof: str, name: str) -> bool:
    """Whether the name stands in the proof, alone or with a field."""
    return re.search(rf"(?<![\w.'✝]){re.escape(name)}(?![\w'!?✝])", proof) is not None


def _token(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.'✝]){re.escape(name)}(?![\w.'!?✝])")


def _without(proof: str, name: str) -> str:
    """The proof whose `grind` does not leave the constant out, since it never looked for it."""
    before = rf"\b(grind{_OPTIONS}) \[-{re.escape(name)}"
    return re.sub(rf"{before}, ", r"\1 [", re.sub(rf"{before}\]", r"\1", proof))
