"""Texts as cleaning, deduplication and decontamination compare them: pure functions of a text.

    clean("a\u00a0b\r\n")          -> "a b"          what is written to the output
    words("Add 1,000 and 2.5.")    -> ["add", "1000", "and", "2.5"]
    numbers("Add 1,000 and 2.50.") -> ["1000", "2.5"]
    formulas(r"So $x^2 + 1 = 0$.") -> "x^2+1=0"

Contract: any text is taken, none raises; every function gives the same for its own output (`clean`), or a
value that is only compared, never shown. Numbers are kept everywhere: two questions of one template that
differ in a number are different questions. Unicode is composed (NFC) only: the compatibility forms of NFKC
would make x² into x2.
Not covered: words of languages without spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from mathlm.extract import statement_head

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff\ufff9-\ufffb]"
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{4,}")

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|\.\d+|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]|_")
_SENTENCE = frozenset(".,;:!?'\"`“”‘’…")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")

FORMULA_LENGTH = 16
"""Characters of the formulas of a paragraph below which they say too little to be recognised by."""
_MATHS = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
_PLAIN_MATHS = re.compile(r"(?:(?:\d+(?:\.\d+)?|(?<![^\W\d_])[^\W\d_](?![^\W\d_])|[-+*/^=<>≤≥≠()\[\]])\s*)+")
"""Numbers, single letters, operators and brackets in a row."""
_OPERATOR = re.compile(r"[-+*/^=<>≤≥≠]")
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")
_SPELLINGS = (
    ("\\left", ""), ("\\right", ""), ("\\,", ""), ("\\!", ""), ("\\;", ""), ("\\cdot", "*"), ("\\times", "*"),
    ("×", "*"), ("·", "*"), ("−", "-"), ("\\leq", "≤"), ("\\geq", "≥"), ("\\le", "≤"), ("\\ge", "≥"),
    ("\\neq", "≠"), ("\\ne", "≠"), ("**", "^"), ("{", ""), ("}", ""),
)  # fmt: skip

LONGEST_STATEMENT = 4_000
"""Characters of a Lean statement, at most."""
_LEAN_TYPES = {"ℕ": "Nat", "ℤ": "Int", "ℚ": "Rat", "ℝ": "Real", "ℂ": "Complex"}
_LEAN_TOKEN = re.compile(r"«[^»]*»|[^\W\d][\w'.!?₀-₉]*|\d+(?:\.\d+)?|:=|→|↔|<;>|[^\w\s]")
_LEAN_START = re.compile(r"(?<![\w.«])(?:theorem|lemma|example)(?![\w.»'])")
_BINDER_WORDS = frozenset(("∀", "∃", "fun", "λ", "∑", "∏"))


def clean(text: str) -> str:
    """The text as it is written: composed, without control characters, with plain spaces and line ends."""
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = _TRAILING.sub("", _SPACES.sub(" ", _CONTROL.sub("", text)))
    return unicodedata.normalize("NFC", _BLANK_LINES.sub("\n\n\n", text).strip())


def words(text: str) -> list[str]:
    """Lower-case words, numbers and operators; the signs of a sentence are left out."""
    return [token for token in tokens(text) if token not in _SENTENCE]


def tokens(text: str) -> list[str]:
    """Lower-case words, numbers and every other sign."""
    return _TOKEN.findall(_THOUSANDS.sub("", _spread_powers(text).lower()))


def numbers(text: str) -> list[str]:
    """The numbers in order, each value in one spelling."""
    return [_number(found) for found in _NUMBER.findall(_THOUSANDS.sub("", _spread_powers(text)))]


def ngrams(items: list[str], n: int) -> list[str]:
    """All runs of n items; the whole, where there are fewer."""
    if len(items) < n:
        return [" ".join(items)] if items else []
    return [" ".join(items[i : i + n]) for i in range(len(items) - n + 1)]


def exact(text: str) -> str:
    """One key for texts that differ in spacing, case and signs of the sentence only."""
    return " ".join(words(text))


def formulas(paragraph: str) -> str:
    """The formulas of one paragraph, joined (InternLM2-Math, arXiv:2402.06332, section 3.1).

    LaTeX formulas where there are some, else runs of operators and numbers in plain text.
    """
    found = ["".join(groups) for groups in _MATHS.findall(paragraph)]
    if not found:
        runs = (match.group() for match in _PLAIN_MATHS.finditer(_spread_powers(paragraph)))
        found = [run for run in runs if _OPERATOR.search(run) and _NUMBER.search(run)]
    return "".join(map(_formula, found))


def paragraph_formulas(text: str) -> Iterator[str]:
    """`formulas` of each paragraph that has enough of them, with all of its numbers."""
    for paragraph in re.split(r"\n\s*\n", text):
        joined = formulas(paragraph)
        if len(joined) >= FORMULA_LENGTH and _NUMBER.search(joined):
            yield f"{joined} {','.join(numbers(paragraph))}"


def lean_statements(text: str) -> Iterator[str]:
    """The theorem statements in a text, each without its name and with binders numbered (`lean_shape`)."""
    for found in _LEAN_START.finditer(text):
        head = statement_head(text[found.start() : found.start() + LONGEST_STATEMENT])
        if ":" in head:
            yield lean_shape(head)


def lean_shape(statement: str) -> str:
    """A statement up to its name, the names of its binders, spacing and the spelling of ℕ, ℤ, ℚ, ℝ."""
    parts = _LEAN_TOKEN.findall(statement)
    if parts and parts[0] in ("theorem", "lemma"):
        parts = parts[2:]
    elif parts and parts[0] == "example":
        parts = parts[1:]
    bound = {name: f"v{i}" for i, name in enumerate(dict.fromkeys(_bound(parts)))}
    return " ".join(_renamed(part, bound) for part in parts)


def _renamed(part: str, bound: dict[str, str]) -> str:
    first, dot, rest = part.partition(".")
    return bound[first] + dot + rest if first in bound else _LEAN_TYPES.get(part, part)


def _bound(parts: list[str]) -> Iterator[str]:
    """Names between an opening bracket and its colon, and after ∀, ∃, fun, in order."""
    for i, part in enumerate(parts):
        if part in ("(", "{", "⦃", "["):
            names = _names(parts, i + 1)
            if i + 1 + len(names) < len(parts) and names and parts[i + 1 + len(names)] == ":":
                yield from names
        elif part in _BINDER_WORDS:
            yield from _names(parts, i + 1)


def _names(parts: list[str], start: int) -> list[str]:
    found = []
    for part in parts[start:]:
        if not re.fullmatch(r"[^\W\d][\w'₀-₉]*", part):
            break
        found.append(part)
    return found


def _formula(text: str) -> str:
    text = _FRACTION.sub(r"(\1)/(\2)", text)
    for written, one in _SPELLINGS:
        text = text.replace(written, one)
    return re.sub(r"[\s.,;]+$|\s+", "", text).lower()


def _spread_powers(text: str) -> str:
    """x² as x^2, so that it is not x2."""
    return re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + found.group().translate(_SUPERSCRIPTS), text)


def _number(text: str) -> str:
    whole, dot, part = text.partition(".")
    part = part.rstrip("0") if dot else ""
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")
