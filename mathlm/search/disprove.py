"""The negation: `theorem t_is_false : ¬ (∀ BINDERS, TYPE)`, tried so that nobody searches for ever what is
false.

The negation is made from the statement's text, and the judge must accept, as a theorem of its own, that it
implies the negation of what the statement states (`type_of%`); where it does not (variables of a section,
attributes), nothing is tried. A proof of it is judged like any other. Automation tries small numbers for the
variables first.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from mathlm.extract import Statement, colon
from mathlm.search import imports, whole
from mathlm.search.config import Part
from mathlm.search.narrow import narrowed
from mathlm.search.search import Search
from mathlm.types import Candidate, Status

ORIGIN = "model: disprove"
BRIDGE = "mathlm_negates"
"""The theorem that says that the negation is one."""
SUFFIX = "_is_false"
VALUES = {
    "Nat": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"),
    "Int": ("0", "1", "(-1)", "2", "(-2)", "3", "(-3)", "4", "(-4)", "5"),
    "Prop": ("True", "False"),
    "Bool": ("true", "false"),
}
"""What is put for a variable of each type in a search for a counterexample."""
MOST = {1: 13, 2: 5, 3: 3}
"""How many of these values are tried, for so many variables."""
_NAME = re.compile(
    r"theorem\s+(?P<name>(?:«[^»]*»|[^\s({\[⦃:.«])+(?:\.(?:«[^»]*»|[^\s({\[⦃:.«])+)*)(?P<universes>\.\{[^}]*\})?"
)
_BINDER = re.compile(r"[(∀]\s*((?:[^\W\d][\w₀-₉']* )+): (Nat|ℕ|Int|ℤ|Prop|Bool)[,)]")
_OTHER_NAMES = {"ℕ": "Nat", "ℤ": "Int"}


def by_automation(search: Search) -> None:
    """Counterexamples and the tactics that decide things."""
    target = negation(search)
    if target is None:
        return
    tactics = [*counterexamples(search.target.theorem), *(f"by {name}" for name in REFUTERS)]
    origin = "automation: disprove"
    _check(search, target.alone, (Candidate(kind="proof", source=text, origin=origin) for text in tactics))


REFUTERS = ("decide", "simp", "omega", "grind")


def by_model(search: Search) -> None:
    """Whole proofs of the negation by the model."""
    target = negation(search)
    if target is None or not search.has(Part.WHOLE):
        return
    prompts = whole.prompts(target.showings, search, samples=search.config.samples)
    texts = whole.proofs(search.ask(prompts))
    _check(search, target, (Candidate(kind="proof", source=text, origin=ORIGIN) for text in texts))


def _check(search: Search, target: Statement, candidates: Iterator[Candidate]) -> None:
    """Judge proofs of the negation with the means of the search; keeps the disproof."""
    against = replace(search, target=target, attempts=search.refutations)
    found = against.check((candidate, search.limits) for candidate in candidates)
    search.refutations = against.attempts
    if found is not None:
        one = narrowed(search, target, found.candidate) or found
        alone = imports.without(search, target, one.candidate)
        plain = alone is not None and alone.verdict.accepted
        search.disproof = (target.alone if plain else target).with_proof(one.candidate.source)


def negation(search: Search) -> Statement | None:
    """The negated theorem, if Lean agrees that it is the negation of the search's."""
    target = negated(search.target)
    if target is None:
        return None
    stated = _NAME.sub("", target.theorem, count=1).strip().removeprefix(":")
    source = (
        f"{search.target.challenge}\n"
        f"theorem {BRIDGE} : ({stated}) → ¬ (type_of% @{_name(search.target.theorem)}) := "
    )
    verdict = search.lean.check(
        f"{source}fun h => h", statement=f"{source}sorry", limits=search.within(search.limits)
    )
    bridge = [theorem for theorem in verdict.theorems if theorem.name.split(".")[-1] == BRIDGE]
    return target if len(bridge) == 1 and bridge[0].status is Status.ACCEPTED else None


def negated(target: Statement) -> Statement | None:
    """The text of the negation; None for a statement that is not plainly NAME BINDERS : TYPE."""
    found = _NAME.match(target.theorem)
    if found is None or "sorry" in target.challenge.removesuffix("sorry"):
        return None
    rest = target.theorem[found.end() :]
    end = colon(rest)
    if end is None:
        return None
    binders, kind = rest[:end].strip(), rest[end + 1 :].strip()
    inner = f"∀ {binders}, ({kind})" if binders else kind
    universes = found["universes"] or ""
    return replace(target, theorem=f"theorem {_with_suffix(found['name'])}{universes} : ¬ ({inner})")


def _name(theorem: str) -> str:
    found = _NAME.match(theorem)
    return found["name"] if found is not None else ""


def _with_suffix(name: str) -> str:
    return f"{name[:-1]}{SUFFIX}»" if name.endswith("»") else f"{name}{SUFFIX}"


def counterexamples(theorem: str) -> list[str]:
    """Proofs of the negation that put small values for the variables; none for many variables."""
    kinds = [_OTHER_NAMES.get(kind, kind) for names, kind in _BINDER.findall(theorem) for _ in names.split()]
    if len(kinds) not in MOST:
        return []
    choices = [VALUES[kind][: MOST[len(kinds)]] for kind in kinds]
    tries = [f"  | exact absurd (h {' '.join(values)}) (by decide)" for values in itertools.product(*choices)]
    return ["by\n  intro h\n  first\n" + "\n".join(tries)]
