"""Premise retrieval: library theorems that may help to prove a statement, by BM25 over their signatures.

    retriever = premises.retriever(lean)
    retriever.retrieve("theorem t (a b : Nat) : a + b = b + a", k=8, exclude=frozenset({"Nat.add_comm"}))

A signature is read as words: names split at `.` and `_`, operators by the names that lemmas have for them
(`++` is `append`), pairs of neighbouring words, without the names of bound variables. The words of a
theorem's own name count too. The prelude's theorems are offered where the statement imports Mathlib.
The index is kept beside the theorems (`mathlm.library`); making it takes a few seconds.

Only public, current names are offered, no lemmas that Lean makes for every type (`sizeOf_spec`, `injEq`).
Errors: as `mathlm.library.theorems`.
Source: BM25 (Robertson and Zaragoza 2009), as implemented by bm25s (arXiv:2407.03618).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mathlm import extract, library
from mathlm.errors import UsageError
from mathlm.library import LibraryTheorem, Progress

if TYPE_CHECKING:
    from mathlm.search.lean import LibraryLean
    from verify.lean.runtimes import LeanRuntime

PREFIX = "lean-premises-"
FILE = "params.index.json"
"""The file of the index that bm25s writes last."""
K1, B = 1.2, 0.75
SAME = {"ℕ": "Nat", "ℤ": "Int", "ℚ": "Rat"}
OPERATORS = {
    "+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "^": "pow", "∣": "dvd", "•": "smul",
    "⁻¹": "inv", "=": "eq", "≠": "ne", "<": "lt", "≤": "le", ">": "lt", "≥": "le", "==": "beq", "!=": "bne",
    "≍": "heq", "++": "append", "::": "cons", "∈": "mem", "∉": "mem", "∪": "union", "∩": "inter",
    "⊆": "subset", "∘": "comp", "∧": "and", "∨": "or", "¬": "not", "↔": "iff", "→": "to", "∃": "exists",
    "&&": "and", "||": "or", "!": "not", "&&&": "and", "|||": "or", "^^^": "xor", "<<<": "shiftLeft",
    ">>>": "shiftRight", "~~~": "not", "~": "perm", "]": "getElem", "]?": "getElem?", "]!": "getElem!",
    "[]": "nil", "#[]": "empty", "∅": "empty", "↑": "cast", "<$>": "map", ">>=": "bind", "∑": "sum",
    "∏": "prod", "if": "ite", "<+": "sublist", "<+:": "prefix", "<:+": "suffix", "<:+:": "infix",
    "‖": "norm", "|": "abs", "⟨": "mk",
}  # fmt: skip
SKIPPED = frozenset({
    "to", "fun", "let", "in", "by", "at", "u", "v", "w", "u_1", "u_2", "u_3", "u_4", "u_5", "Type", "Sort",
    "Prop", "then", "else", "inst", "α", "β", "γ", "δ",
})  # fmt: skip
MADE = re.compile(r"\.(sizeOf_spec|congr_simp|injEq|inj|eq_def|induct_unfolding|congr_eq_\d+|noConfusion)$")
"""Ends of names that Lean gives to lemmas that it makes for every type or function."""
AXIOMS = frozenset({"Lean.trustCompiler", "Lean.ofReduceBool", "Lean.ofReduceNat"})
"""Propositions that no proof may rest on."""

_BINDER = re.compile(r"[({⦃\[]((?:[^\s(){}⦃⦄\[\]:.,]+ )+):(?!=)")
_QUANTIFIED = re.compile(r"(?:[∀∃]|\bfun|\blet)((?: [^\s(){}⦃⦄\[\]:.,]+)+)(?:,| =>| :|,)")
_WORD = re.compile(
    r"[^\W\d][\w.'✝¹²³⁴⁵⁶⁷⁸⁹⁰!?]*|\d+|#\[\]|\[\]|\][?!]?|<\+:|<:\+:|<:\+|<\+|<\$>|>>=|&&&|\|\|\||\^\^\^|<<<|>>>"
    r"|~~~|\+\+|::|&&|\|\||==|!=|⁻¹|[^\s\w(){}⦃⦄⟩:,.;⋯·\[#@]"
)
_UNIVERSES = re.compile(r"\.\{[^}]*\}")
_LEVELS = re.compile(r"\b(?:Type|Sort) \S+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Premise:
    """A theorem that may help.

    Example: `Premise(name="Nat.add_comm", signature="Nat.add_comm (n m : Nat) : n + m = m + n")`
    """

    name: str
    signature: str
    """On one line."""


class Retriever:
    """Finds premises among the given theorems; `index` is what `index_of` made of them, in that order."""

    def __init__(self, theorems: Sequence[LibraryTheorem], index: Any) -> None:
        self._theorems = theorems
        self._index = index
        self._prelude = frozenset(i for i, t in enumerate(theorems) if t.module == library.PRELUDE)

    def retrieve(self, statement: str, *, k: int, exclude: frozenset[str] = frozenset()) -> list[Premise]:
        """The `k` best premises for `theorem NAME BINDERS : TYPE`, best first, none of the excluded names."""
        import numpy as np

        try:
            read = extract.read_statement(statement)
        except UsageError:  # what is no theorem to prove may still be looked up
            read = extract.Statement(header="", theorem=statement)
        known = [word for word in words(read.theorem, named=False) if word in self._index.vocab_dict]
        if not known or k < 1:
            return []
        scores = self._index.get_scores(known)
        prelude = extract.imports_mathlib(read.header)
        count = min(len(scores), k + len(exclude) + (0 if prelude else len(self._prelude)))
        best = np.argpartition(-scores, count - 1)[:count]
        found: list[Premise] = []
        for i in sorted(best.tolist(), key=lambda i: (-scores[i], i)):
            theorem = self._theorems[i]
            if theorem.name not in exclude and (prelude or i not in self._prelude) and scores[i] > 0:
                found.append(Premise(name=theorem.name, signature=" ".join(theorem.signature.split())))
        return found[:k]


def retriever(lean: LibraryLean, *, progress: Progress | None = None) -> Retriever:
    """The retriever over the library of this Lean; what it needs is made first where it is missing."""
    import bm25s

    folder = _folder(lean, progress=progress)
    return Retriever(offered(library.theorems(lean)), bm25s.BM25.load(folder, mmap=True))


def is_ready(runtime: LeanRuntime) -> bool:
    """Whether theorems and index are kept already."""
    from verify.runtime import cache

    return library.is_ready(runtime) and (cache.cache_dir() / folder_name(runtime) / FILE).is_file()


def folder_name(runtime: LeanRuntime) -> str:
    """Name of the index in the cache: another for another library, or another way to make words."""
    digest = hashlib.sha256(library.folder_name(runtime).encode() + Path(__file__).read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def offered(theorems: Iterable[LibraryTheorem]) -> list[LibraryTheorem]:
    """The theorems that may be offered as premises."""
    return [
        t
        for t in theorems
        if not t.deprecated and MADE.search(t.name) is None and "«" not in t.name and t.name not in AXIOMS
    ]


def index_of(theorems: Sequence[LibraryTheorem]) -> Any:
    """The BM25 index of the theorems."""
    import bm25s

    index = bm25s.BM25(k1=K1, b=B)
    index.index([words(theorem.signature, named=True) for theorem in theorems], show_progress=False)
    return index


def words(text: str, *, named: bool) -> list[str]:
    """The words of `NAME BINDERS : TYPE`, also with `theorem` before it; those of NAME only if `named`.

    Example: `words("t (a : Nat) : a + 0 = a", named=False)` has `Nat`, `add`, `0`, `eq` and their pairs.
    """
    text = re.sub(r"^\s*(?:theorem|lemma)\s", "", text).strip()
    name, _, rest = _UNIVERSES.sub("", text).partition(" ")
    rest = _LEVELS.sub(" ", " ".join(rest.split()))
    bound = {word for group in _BINDER.findall(rest) for word in group.split()}
    bound |= {word for group in _QUANTIFIED.findall(rest) for word in group.split()}
    found: list[str] = []
    for word in _WORD.findall(rest):
        if word in OPERATORS:
            found.append(OPERATORS[word])
            continue
        parts = word.split(".")
        parts = parts[1:] if parts[0] in bound else parts
        found += [SAME.get(part, part) for part in parts if part and part not in SKIPPED]
    found = [word for word in found if word != "to"]
    pairs = [f"{a} {b}" for a, b in pairwise(found)]
    own = [part for part in re.split(r"[._]", name.replace("theorem", "")) if part] if named else []
    return [*found, *pairs, *own]


def _folder(lean: LibraryLean, *, progress: Progress | None) -> Path:
    def make(folder: Path) -> None:
        index_of(offered(library.theorems(lean, progress=progress))).save(folder, show_progress=False)

    return library.kept(folder_name(lean.runtime), FILE, make, prefix=PREFIX)
