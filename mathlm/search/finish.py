"""A failing proof with automation in its gaps: the model's steps are kept where they go through.

    a step          is tried, and left out where Lean refuses it
    the last step   stays where it closes the goal; otherwise closers follow it, or take its place
    a branch        of an induction or a case distinction, or behind a `·`, is a proof of its own
    closers         decision procedures, and `simp_all` and `grind` with the lemmas that the proof names

A small model finds the induction, the case distinction and the lemmas more often than the end of each branch.
Source: Draft, Sketch, and Prove (arXiv:2210.12283, section 2.3): automation closes the gaps of a sketch.
Contract: pure functions of text; a finished proof is judged like any other. A proof that is not split as Lean
reads it makes a text that Lean refuses, no worse.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Required, TypedDict, Unpack

from mathlm.extract import blank_comments, imports_mathlib
from mathlm.search.mend import mentions

LEMMAS = 4
"""Lemmas that a closer is given, at most."""
LONGEST = 1_200
"""Characters of a proof that is still worth it."""

DEEPEST = 24
"""Bullets and branches of a proof that is still worth it: each may be inside the one before."""

_CONSTANT = re.compile(r"(?<![\w.'✝])[A-Z]\w*(?:\.[\w'?!]+)+")
_LIST = re.compile(r"(?<![\w.'])(simp|simp_all|simpa|grind)(?![\w.'])([^\[\]\n;<>|]*)\[([^\[\]]*)\]")
"""A tactic that takes a list of lemmas, what is between, and the list."""
_NAME = r"[\w'?!✝]+(?:\.[\w'?!✝]+)*"
_ENTRY = re.compile(rf"\*|[-←↓↑]?\s?{_NAME}(?:\s(?:{_NAME}|\([^()]*\)))*")
_BRANCHES = re.compile(r"(?:induction|cases|match)\b.*?\bwith\s*\|", re.S)
_MARK = re.compile(r"(?<!\|)\|(?!\|)")
_UNWANTED = re.compile(r"\b(sorry|admit|where|first|termination_by)\b|--|/-")


class Gaps(TypedDict, total=False):
    """What gaps are filled with."""

    lemmas: Required[Callable[[], Sequence[str]]]
    """Names lemmas of the library on demand, best first."""
    header: str
    """Of the statement: whether it imports Mathlib says which tactics there are."""
    forbidden: Collection[str]
    """Constants that no proof may use."""


def finished(proof: str, **gaps: Unpack[Gaps]) -> str | None:
    """The proof with automation in its gaps; None for a text that has no steps to keep."""
    term = re.match(r"by\b", proof) is None
    if len(proof) > LONGEST or _UNWANTED.search(proof) or (term and "\n" in proof):
        return None
    if proof.count("·") + proof.count("=>") > DEEPEST:
        return None
    return _filled(proof, _Any(" | ".join(_closers(proof, gaps))), gaps.get("forbidden", ()))


def shorter(proof: str, **gaps: Unpack[Gaps]) -> Iterator[str]:
    """Texts that a reader would rather see than `finished(proof, …)`, the shortest kind first.

    One closer alone; the steps with one closer for their ends; the steps with one closer behind them.
    """
    bare = [closer.removeprefix("(").removesuffix("; done)") for closer in _closers(proof, gaps)]
    texts = [f"by {closer}" for closer in bare]
    for behind in (False, True):
        ends = (_One(closer, behind=behind) for closer in bare)
        texts += [_filled(proof, end, gaps.get("forbidden", ())) for end in ends]
    yield from dict.fromkeys(texts)


@dataclass(frozen=True, slots=True)
class _Any:
    """Gaps filled with whichever closer works; what fails is left out."""

    closers: str

    def step(self, tactic: str) -> str:
        return f"(try {tactic})"

    def lines(self, tactic: str) -> list[str]:
        return ["try", *(f"  {line}" for line in tactic.split("\n"))]

    def end(self, before: list[str], tactic: str) -> str:
        closers = f"(first | {self.closers})"
        end = f"(first | (({tactic}); done) | ({tactic}) <;> {closers} | {closers})"
        return f"all_goals {' <;> '.join([*before, end])}"

    def rest(self, *, open_end: bool) -> list[str]:
        """What closes goals that are left at the end of a block: of bullets there may be too few."""
        return [f"all_goals (first | {self.closers})"]


@dataclass(frozen=True, slots=True)
class _One:
    """Gaps filled with one closer, in place of the last step or behind it; nothing is left out."""

    closer: str
    behind: bool

    def step(self, tactic: str) -> str:
        return tactic

    def lines(self, tactic: str) -> list[str]:
        return tactic.split("\n")

    def end(self, before: list[str], tactic: str) -> str:
        ends = [tactic, self.closer] if self.behind else [self.closer]
        return " <;> ".join([*before, *ends])

    def rest(self, *, open_end: bool) -> list[str]:
        return [self.closer] if open_end else []


_Filling = _Any | _One


def _named(proof: str, lemmas: Sequence[str], forbidden: Collection[str]) -> list[list[str]]:
    """Lists of lemmas for the closers: what the proof names or means, and the best ones."""
    meant = (difflib.get_close_matches(name, lemmas, n=1) for name in _CONSTANT.findall(proof))
    lists = [dict.fromkeys(name for found in meant for name in found), dict.fromkeys(lemmas)]
    allowed = [[name for name in names if name not in forbidden][:LEMMAS] for names in lists]
    return [names for i, names in enumerate(allowed) if names and names not in allowed[:i]]


def _closers(proof: str, gaps: Gaps) -> list[str]:
    tactics = ["rfl", "omega"]
    if imports_mathlib(gaps.get("header", "")):
        tactics += ["linarith", "(norm_num; done)", "nlinarith"]
    for names in (*_named(proof, gaps["lemmas"](), gaps.get("forbidden", ())), []):
        listed = f" [{', '.join(names)}]" if names else ""
        tactics += [f"(simp_all{listed}; done)", f"grind{listed}"]
    return tactics


def _filled(proof: str, filling: _Filling, forbidden: Collection[str]) -> str:
    barred = [name for name in forbidden if mentions(proof, name)]
    body = proof.removeprefix("by") if re.match(r"by\b", proof) else f"exact {proof}"
    lines = _block(_dedented(_LIST.sub(_readable, body)), filling, barred)
    return "by\n" + textwrap.indent("\n".join(lines), "  ")


def _readable(found: re.Match[str]) -> str:
    """A tactic with a list of lemmas, without what Lean could not read there."""
    tactic, between, listed = found.groups()
    kept = [entry for part in listed.split(",") if _ENTRY.fullmatch(entry := part.strip())]
    return f"{tactic}{between}[{', '.join(kept)}]" if kept else f"{tactic}{between}".rstrip()


def _block(text: str, filling: _Filling, barred: list[str]) -> list[str]:
    """Lines of a tactic block."""
    *before, end = list(_steps(text)) or [""]
    lines = [line for step in before for line in _step(step, filling, barred)]
    chain = [] if _is_whole(end) or "\n" in end else _chain(end, barred)
    if chain:
        return [*lines, filling.end([filling.step(part) for part in chain[:-1]], chain[-1])]
    kept = _step(end, filling, barred)
    return [*lines, *kept, *filling.rest(open_end=not (kept and _is_whole(end)))]


def _steps(text: str) -> Iterator[str]:
    """The tactics of a block, each with the lines that belong to it."""
    for line in _split(text, "\n"):
        for step in [line] if _is_whole(line.strip()) else _split(line, ";"):
            if step.strip():
                yield step.strip()


def _is_whole(step: str) -> bool:
    """Whether the step has blocks of its own: behind a bullet, or in branches."""
    return step.startswith("·") or _BRANCHES.match(step) is not None


def _step(step: str, filling: _Filling, barred: list[str]) -> list[str]:
    """Lines of a step that is not the last, or is no chain."""
    if step.startswith("·"):
        inner = _block(_dedented(step.removeprefix("·")), filling, barred)
        return ["· " + inner[0], *(f"  {line}" for line in inner[1:])]
    if _BRANCHES.match(step):
        return _branches(step, filling, barred)
    if "\n" in step:
        return [] if _is_barred(step, barred) else filling.lines(step)
    chain = _chain(step, barred)
    return [" <;> ".join(filling.step(part) for part in chain)] if chain else []


def _chain(step: str, barred: list[str]) -> list[str]:
    """The parts of `A <;> B <;> C`, without those that name what they must not."""
    parts = [part.strip() for part in _split(step, "<;>")]
    return [part for part in parts if part and not _is_barred(part, barred)]


def _is_barred(text: str, barred: list[str]) -> bool:
    return any(mentions(text, name) for name in barred)


def _branches(step: str, filling: _Filling, barred: list[str]) -> list[str]:
    """`induction … with` and each branch as a block of its own; as it stands where branches hold branches."""
    found = _BRANCHES.match(step)
    assert found is not None
    head, rest = step[: found.end() - 1].rstrip(), step[found.end() :]
    branches = [branch.partition("=>") for branch in _MARK.split(rest)]
    if _is_barred(head, barred):
        return []
    if not all(arrow for _, arrow, _ in branches) or _BRANCHES.search(rest):
        return filling.lines(step)
    lines = head.split("\n")
    for pattern, _, body in branches:
        lines.append(f"| {pattern.strip()} =>")
        lines += [f"  {line}" for line in _block(_dedented(body), filling, barred)]
    return lines


def _dedented(body: str) -> str:
    """A block without its margin, also where it begins in the line of what is before it."""
    first, newline, rest = body.partition("\n")
    return textwrap.dedent(rest) if not first.strip() else first.strip() + newline + textwrap.dedent(rest)


def _split(text: str, mark: str) -> Iterator[str]:
    """The text cut at marks outside of brackets; at a new line only where it is not indented."""
    code, depth, start, i = blank_comments(text), 0, 0, 0
    while i < len(code):
        depth += (code[i] in "([{⟨") - (code[i] in ")]}⟩")
        if depth <= 0 and code.startswith(mark, i) and not _inner(code, i, mark):
            yield text[start:i]
            i += len(mark) - 1
            start = i + 1
        i += 1
    yield text[start:]


def _inner(code: str, i: int, mark: str) -> bool:
    """Whether what looks like a mark is part of something else."""
    if mark == "\n":
        return code[i + 1 : i + 2] in (" ", "\n", "|", "") or code.startswith("<;>", i + 1)
    return mark == ";" and code[i - 1 : i + 2] == "<;>"
