"""Tactic blocks that the teacher of library proofs tries on a statement, from templates.

`blocks(statement, lemmas)` gives (template, block) pairs. A template is what success is counted by; a block
is a template filled with the lemmas, variables and functions of one statement. Training only: nothing at
inference reads this file.
Not covered: proofs of more than two or three steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

FEW, MANY = 3, 8
"""Lemmas given to one tactic."""
SINGLE = 4
"""Lemmas that are tried one by one."""
MAX_VARIABLES, MAX_FUNCTIONS = 2, 2
INDUCTIVE = frozenset(
    ["Nat", "Int", "List", "Array", "Option", "Bool", "Vector", "Fin", "Prod", "Sum", "String", "Except",
     "Char", "BitVec", "Subarray", "Ordering", "Thunk", "ℕ", "ℤ"]
)  # fmt: skip
FINISH = ("simp_all{}", "grind{}")

_BINDER = re.compile(r"[({]((?:[^\s(){}\[\]:.,]+ )+): \(*([A-Za-zℕℤ][\w.]*)[^(){}]*[)}]")
_FUNCTION = re.compile(r"(?<![\w.])([A-Z]\w*(?:\.[A-Z]\w*)*\.[a-z][\w?!']*)")
_FIELD = re.compile(r"(?<![\w.])([a-z]\w*)\.([a-z][\w?!']*)")


@dataclass(frozen=True, slots=True)
class Block:
    """Tactics in which `{}` stands for the list of lemmas, where there are any.

    Example: `Block("intros; simp{}", ("Nat.add_comm",))`
    """

    pattern: str
    lemmas: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        listed = f" [{', '.join(self.lemmas)}]" if self.lemmas else ""
        return self.pattern.replace("{}", listed)

    def simpler(self) -> Iterator[Block]:
        """Blocks that do with less, the most promising first."""
        if "{}" in self.pattern and self.lemmas:
            if len(self.lemmas) > 1 and " only{}" not in self.pattern:
                yield replace(self, lemmas=())
            for i in range(len(self.lemmas)):
                yield replace(self, lemmas=self.lemmas[:i] + self.lemmas[i + 1 :])
        if self.pattern.startswith("intros; "):
            yield replace(self, pattern=self.pattern.removeprefix("intros; "))
        if "simp_all" in self.pattern:
            yield replace(self, pattern=self.pattern.replace("simp_all", "simp"))


@dataclass(frozen=True, slots=True)
class Parts:
    """What templates are filled with."""

    lemmas: tuple[str, ...]
    """Best first."""
    variables: tuple[str, ...]
    functions: tuple[str, ...]


def parts(statement: str, lemmas: Sequence[str]) -> Parts:
    """Lemmas, variables of inductive types, and functions named in the statement."""
    types = {
        name: kind for names, kind in _BINDER.findall(statement) for name in names.split() if "✝" not in name
    }
    variables = [name for name, kind in types.items() if kind in INDUCTIVE]
    claim = statement.rpartition(" : ")[2]
    found = [name for name in _FUNCTION.findall(claim)]
    found += [f"{types[head]}.{field}" for head, field in _FIELD.findall(claim) if head in types]
    functions = [name for name in dict.fromkeys(found) if name not in lemmas]
    return Parts(tuple(lemmas), tuple(variables[-MAX_VARIABLES:]), tuple(functions[:MAX_FUNCTIONS]))


def blocks(statement: str, lemmas: Sequence[str]) -> list[tuple[str, Block]]:
    """(template, block) pairs, cheap ones first; `lemmas` are names, best first."""
    given = parts(statement, lemmas)
    pairs = [*_plain(given), *_one_lemma(given), *_by_cases(given), *_by_functions(given), *_two_steps(given)]
    return list({block.text: (template, block) for template, block in reversed(pairs)}.values())[::-1]


def _plain(given: Parts) -> Iterator[tuple[str, Block]]:
    few, many = given.lemmas[:FEW], given.lemmas[:MANY]
    for tactic in ("rfl", "simp", "omega", "decide", "assumption", "infer_instance", "simp_all", "grind"):
        yield tactic, Block(f"intros; {tactic}")
    for tactic in ("simp{}", "simp_all{}"):
        for size, some in (("few", few), ("many", many)):
            yield f"{tactic} {size}", Block(f"intros; {tactic}", some)
    for tactic in ("simp only{}", "simp_all only{}"):
        if few:
            yield f"{tactic} few", Block(f"intros; {tactic}", few)
    yield "grind few", Block("intros; grind{}", few)
    yield "grind many", Block("intros; grind{}", many)
    yield "solve_by_elim", Block("intros; solve_by_elim{}", many)


def _one_lemma(given: Parts) -> Iterator[tuple[str, Block]]:
    for rank, lemma in enumerate(given.lemmas[:SINGLE]):
        one = (lemma,)
        for pattern in (
            f"exact {lemma} ..",
            f"intros; apply {lemma} <;> assumption",
            f"intros; exact ({lemma} ..).symm",
            f"intros; exact ({lemma} ..).1 (by assumption)",
            f"intros; exact ({lemma} ..).2 (by assumption)",
            f"intros; rw [{lemma}]",
            f"intros; rw [← {lemma}]",
            f"intros; rw [{lemma}]; simp_all",
            f"intros; rw [← {lemma}]; simp_all",
            f"intros; simpa using {lemma}",
            f"intros; apply {lemma} <;> simp_all",
            f"intros; apply {lemma} <;> grind",
        ):
            yield f"{pattern.replace(lemma, 'p')} {rank}", Block(pattern, one)
        yield f"grind one {rank}", Block("intros; grind{}", one)
    for second in given.lemmas[1:FEW]:
        first = given.lemmas[0]
        yield "rw two", Block(f"intros; rw [{first}, {second}]", (first, second))
        yield "rw two", Block(f"intros; rw [{second}, {first}]", (second, first))


def _by_cases(given: Parts) -> Iterator[tuple[str, Block]]:
    few = given.lemmas[:FEW]
    for name in given.variables:
        for how in ("cases", "induction"):
            yield f"{how} <;> rfl", Block(f"{how} {name} <;> rfl")
            for finish in FINISH:
                yield f"{how} <;> {finish}", Block(f"{how} {name} <;> {finish}")
                yield f"{how} <;> {finish} few", Block(f"{how} {name} <;> {finish}", few)
            if few:
                yield f"{how} <;> simp_all only", Block(f"{how} {name} <;> simp_all only{{}}", few)
    if len(given.variables) == 2:
        first, second = given.variables
        for how in ("cases", "induction"):
            for finish in FINISH:
                pattern = f"{how} {first} <;> cases {second} <;> {finish}"
                yield f"{how} <;> cases <;> {finish}", Block(pattern)


def _by_functions(given: Parts) -> Iterator[tuple[str, Block]]:
    few, all_functions = given.lemmas[:FEW], given.functions
    if not all_functions:
        return
    yield "simp functions", Block("intros; simp{}", all_functions)
    yield "simp functions few", Block("intros; simp{}", all_functions + few)
    yield "simp_all functions", Block("intros; simp_all{}", all_functions + few)
    yield "grind functions", Block("intros; grind{}", all_functions)
    for name in all_functions:
        yield "unfold <;> rfl", Block(f"intros; unfold {name}; rfl")
        yield "unfold; split", Block(f"intros; unfold {name}; split <;> simp_all{{}}", few)
        yield "unfold; grind", Block(f"intros; unfold {name}; grind")
    for name in given.variables:
        yield "cases <;> simp functions", Block(f"cases {name} <;> simp{{}}", all_functions)
        yield "induction <;> simp functions", Block(f"induction {name} <;> simp_all{{}}", all_functions)


def _two_steps(given: Parts) -> Iterator[tuple[str, Block]]:
    few = given.lemmas[:FEW]
    for template, pattern in (
        ("ext; simp", "intros; ext; simp{}"),
        ("ext; simp_all", "intros; ext <;> simp_all{}"),
        ("ext; grind", "intros; ext; grind{}"),
        ("funext; simp", "intros; funext; simp{}"),
        ("constructor", "intros; constructor <;> intros <;> simp_all{}"),
        ("constructor; grind", "intros; constructor <;> grind{}"),
        ("split", "intros; split <;> simp_all{}"),
        ("simp; omega", "intros; simp{}; omega"),
        ("simp at; omega", "intros; simp{} at *; omega"),
        ("simp; grind", "intros; simp{}; grind"),
        ("subst", "intros; subst_vars; simp{}"),
        ("subst rfl", "intros; subst_vars; rfl"),
        ("congr", "intros; congr <;> simp_all{}"),
        ("propext", "intros; apply propext; simp_all{}"),
        ("contradiction", "intros; exfalso; simp_all{}"),
    ):
        yield template, Block(pattern)
        if "{}" in pattern:
            yield f"{template} few", Block(pattern, few)
