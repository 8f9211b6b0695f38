"""Completion -> what can be checked in it: program, formal statement, proof; user text -> statement.

Contract: `solution` and `proof` take any text and never raise; what is not there is `None`. Nothing is
judged here: a wrong or malicious program or proof is extracted as it stands, and the verifier refuses it.
`read_statement` reads what a *user* wrote and raises `UsageError` with what to change.

A program is the content of the last closed ```python fence (a model that corrects itself has the last
word); a fence that the token limit left open is not a program. Fences are lines that begin with three
backticks. A proof is what follows `:=`; a model that repeats the whole theorem has its proof cut out.

Not covered: other fence characters (~~~), programs outside fences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mathlm.errors import UsageError

PROGRAM_FENCES = frozenset({"python", "py", "python3"})
LEAN_FENCES = frozenset({"lean", "lean4"})
MATHLIB = "import Mathlib\n\n"
_IMPORT = re.compile(r"^\s*(?:(?:public|meta)\s+)*(?:import|prelude|module)\b", re.MULTILINE)
_MATHLIB = re.compile(r"^\s*import\s+(?:Mathlib|Aesop|Batteries)\b", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """The parts of a completion to a solve prompt.

    Example: `Draft(reasoning="Add.", program="print(2)", formal_statement="theorem answer : 1 + 1 = ANSWER")`
    """

    reasoning: str
    program: str | None
    formal_statement: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One theorem to prove, with what must stand before it.

    Example: `Statement(header="open Nat\\n", theorem="theorem t (a : Nat) : a + 0 = a")`
    """

    header: str
    """Imports, `open` lines and definitions before the theorem, ready to be put in front of it."""
    theorem: str
    """`theorem NAME BINDERS : TYPE`, without `:=`."""
    imports: str = ""
    """What its proofs stand below and it does not itself: `import Mathlib`, or nothing."""

    @property
    def challenge(self) -> str:
        """The trusted text that a proof is compared with."""
        return f"{self.header}{self.theorem} := sorry"

    @property
    def preamble(self) -> str:
        """What stands before the theorem where it is proved."""
        return self.imports + self.header

    @property
    def text(self) -> str:
        """All that stands before a proof."""
        return self.preamble + self.theorem

    @property
    def shown(self) -> str:
        """The theorem as prompts show it: below `import Mathlib` where its proofs are.

        So a model knows which words and tactics there are; the rest of headers it need not know.
        """
        return MATHLIB + self.theorem if imports_mathlib(self.preamble) else self.theorem

    @property
    def showings(self) -> tuple[str, ...]:
        """Ways to show it: where the import is not its own, a model may know the theorem better without."""
        return (self.shown, self.theorem) if self.imports else (self.shown,)

    @property
    def below_mathlib(self) -> Statement:
        """The same statement, its proofs below `import Mathlib` if the header imports nothing."""
        return self if _IMPORT.search(blank_comments(self.header)) else replace(self, imports=MATHLIB)

    @property
    def alone(self) -> Statement:
        """The same statement, its proofs below nothing else."""
        return replace(self, imports="")

    def with_proof(self, proof: str) -> str:
        return f"{self.text} := {proof}"


def imports_mathlib(header: str) -> bool:
    """Whether a header imports Mathlib, so that (here) the prelude's words are there."""
    return _MATHLIB.search(header) is not None


def solution(text: str) -> Draft:
    """Reasoning (all before the first fence), program and formal statement of a completion."""
    program = formal = None
    for language, content in _fences(text):
        if language in PROGRAM_FENCES:
            program = content
        elif language in LEAN_FENCES:
            formal = content
    reasoning = re.split(r"(?m)^[ \t]*```", text, maxsplit=1)[0].strip()
    return Draft(reasoning=reasoning, program=program, formal_statement=formal)


def proof(text: str) -> str | None:
    """What follows `:=`: `by …` or a term; None when nothing is left."""
    fenced = [content for language, content in _fences(text) if language in LEAN_FENCES or not language]
    candidate = fenced[-1] if fenced else text
    candidate = candidate.strip()
    if re.match(r"(theorem|example)\b", candidate):
        definition = _assignment(candidate)
        if definition is None:
            return None
        candidate = candidate[definition:]
    return candidate.removeprefix(":=").strip() or None


def read_statement(text: str) -> Statement:
    """The one theorem in a user's text: with or without `:= by sorry`, with or without lines before it."""
    text = text.replace("\r\n", "\n")
    code = blank_comments(text)
    starts = [found.start() for found in _THEOREM.finditer(code)]
    if not starts:
        raise UsageError(
            "no theorem to prove: write 'theorem NAME BINDERS : TYPE', "
            "for example 'theorem t (a b : Nat) : a + b = b + a'"
        )
    if len(starts) > 1:
        raise UsageError(
            f"{len(starts)} theorems in one text: 'prove' takes one at a time, put each in a file of its own"
        )
    start = starts[0]
    definition = _assignment(code[start:])
    end = len(code) if definition is None else start + definition
    if code[end + 2 :].split() not in ([], ["sorry"], ["by", "sorry"]):
        raise UsageError("the theorem already has a proof: 'mathlm check FILE.lean' judges it")
    end = start + len(code[start:end].rstrip())
    theorem = text[start:end]
    if ":" not in code[start:end] or len(theorem.split()) < 3:
        raise UsageError(f"the theorem has no type: write 'NAME BINDERS : TYPE', got {theorem[:60]!r}")
    return Statement(header=text[:start], theorem=theorem)


def statement_head(text: str) -> str:
    """What a text that begins with `theorem` states: up to its `:=`, or to the end of the paragraph."""
    definition = _assignment(text)
    end = len(text) if definition is None else definition
    return re.split(r"\n\s*\n", text[:end], maxsplit=1)[0].strip()


_THEOREM = re.compile(r"(?<![\w.«])theorem(?![\w.»'])")


def colon(text: str) -> int | None:
    """Position of the colon between binders and type: the first one outside of brackets."""
    depth = 0
    for i, char in enumerate(blank_comments(text)):
        if char in "([{⦃⟨":
            depth += 1
        elif char in ")]}⦄⟩":
            depth -= 1
        elif char == ":" and depth == 0:
            return i
    return None


def _fences(text: str) -> Iterator[tuple[str, str]]:
    """(language, content) of each closed fence, in order."""
    language: str | None = None
    content: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        mark = line.strip()
        if not mark.startswith("```"):
            content.append(line)
        elif mark == "```" and language is not None:
            yield language, "\n".join(content).strip("\n")
            language = None
        else:
            language, content = mark.strip("`").strip().lower(), []


_SKIPPED = re.compile(r'--[^\n]*|"(?:\\.|[^"\\])*"|/-|-/', re.S)


def blank_comments(text: str) -> str:
    """The same text, same length, with the content of Lean comments and string literals made blank."""
    out: list[str] = []
    position, depth = 0, 0
    while position < len(text):
        found = _SKIPPED.match(text, position)
        token = found.group() if found else text[position]
        if depth and not token.startswith(("/-", "-/")):
            token = text[position]
        blank = re.sub(r"[^\n]", " ", token)
        if token == "/-":
            depth += 1
            out.append(blank)
        elif depth or token.startswith("--"):
            depth -= token == "-/"
            out.append(blank)
        else:
            out.append(f'"{blank[1:-1]}"' if token.startswith('"') and len(token) > 1 else token)
        position += len(token)
    return "".join(out)


_LOCAL_DEFINITION = re.compile(r"\b(let|have)\b[^;\n]*$")


def _assignment(text: str) -> int | None:
    """Position of the `:=` that ends the statement: outside of brackets, not of a `let` in the type."""
    depth = 0
    code = blank_comments(text)
    for i, char in enumerate(code):
        if char in "([{⟨":
            depth += 1
        elif char in ")]}⟩":
            depth -= 1
        elif depth == 0 and code.startswith(":=", i) and not _LOCAL_DEFINITION.search(code[:i]):
            return i
    return None
