"""When an answer earns a certificate. Wrong certificates are the worst fault of this system.

`python` (see `independent`): two programs that were asked for by different methods, that differ after
names and constants are taken away, that are both grounded in the question and print the same answer.
Both certificates need an answer that (nearly) no sample contradicts: `Ballot.contested`.
`lean` (see `read_formal`): a single-line statement `theorem answer : …` that says *one* value has the
asked property, that is grounded in the question, and that the verifier proves for the winning answer.

Formal statements come from a model, so they are untrusted text. They are not cleaned but parsed against a
closed list of tokens: no `:=`, no `|`, no comment, no keyword of a command can pass. Two shapes are known:

    closed       EXPRESSION = ANSWER              one value at most satisfies it
    determined   ∀ x y : TYPE, H → … → E = ANSWER  true for every value if the hypotheses contradict each
                                                  other: `probe` must then be refused by the verifier

Contract: pure functions of text, they never raise; None or False means no certificate.
Not covered: a grounded statement or pair of programs that misreads the words of the question.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from mathlm.grounding import grounded, program_text

MAX_STATEMENT = 2_000
"""Characters of a formal statement."""
_INTEGER = r"-?[0-9]{1,200}"
_NO_ANSWER = frozenset({"", "none", "nan", "[]", "()", "{}", "set()", "emptyset", "oo", "zoo", "inf", "null"})

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9.]*|[0-9]+(?:\.[0-9]+)?|[-+*/%^(),:=<>≤≥≠∣∧∨→↔∀¬]|=>|\s")
_TERM = re.compile(
    r"[a-z]|ANSWER|decide|fun|min|max|true|false|Nat|Int|Rat|Bool"
    r"|Nat\.(gcd|lcm|log2|succ|pred)|Int\.(gcd|lcm|natAbs|emod|tmod|toNat)"
)
_RELATIONS = frozenset("=<>≤≥≠∣∧∨→↔∀¬")
_BINDER = re.compile(r"∀ ([a-z](?: [a-z])*) : (?:Nat|Int|Rat)(?: → (?:Nat|Int|Rat))?, ")
_DEFINITION = re.compile(r"\(∀ ([a-z]), ([a-z] \(\1\) = [^=]+)\)")
_VARIABLE = re.compile(r"(?<![A-Za-z.])[a-z](?![A-Za-z.])")
_OF_INTEGERS = re.compile(r"Int\.[a-z]\w*(?: (?:[0-9]+|\([^()]*\)))+")
_FUNCTION = re.compile(r"fun ([a-z])( : (?:Int|Rat))? =>")
_SIGN = re.compile(r"(^|[(=<>≤≥≠∣∧∨,^*+] ?)-(?=[0-9])")
"""The sign of a numeral: what has one is no Nat."""
_DIGIT_OF = re.compile(r"(?:^|→ )(?:[0-9]+|[a-z]) / 10* % 10 = ANSWER$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """One program of a sample and the method (index into `prompts.METHODS`) that asked for it."""

    method: int
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Formal:
    """A formal statement with the answer in its place.

    Example: `Formal(statement="theorem answer : Nat.gcd 12 18 = 6", probe=None)`
    """

    statement: str
    probe: str | None
    """The same statement with another answer, where a proof of it would show contradictory hypotheses."""


def is_answer(text: str) -> bool:
    """Whether the printed line says anything: `None`, `[]` or `nan` are programs that found nothing."""
    return text.strip().lower() not in _NO_ANSWER


def independent(question: str, programs: Sequence[Program]) -> tuple[int, int] | None:
    """The places of the first two of these programs, which agree on the answer, that confirm each other."""
    good = [
        (place, program.method, shape(program.source))
        for place, program in enumerate(programs)
        if (text := program_text(program.source)) is not None and grounded(question, text)
    ]
    for (a, method, form), (b, other_method, other_form) in combinations(good, 2):
        if method != other_method and form != other_form:
            return a, b
    return None


def shape(program: str) -> str | None:
    """The program without names, constants, imports and layout: what two copies have in common."""
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    kept = _imported(tree) | set(dir(builtins))
    assigned = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    tree.body = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and (node.id in assigned or node.id not in kept):
            node.id = "_" if node.id in assigned else node.id
        elif isinstance(node, ast.arg):
            node.arg = "_"
        elif isinstance(node, ast.Constant):
            node.value = type(node.value).__name__
    return ast.dump(tree)


def read_formal(question: str, text: str | None, answer: str) -> Formal | None:
    """The statement with `answer` in the place of ANSWER, or None if it may not stand behind it."""
    if text is None or len(text) > MAX_STATEMENT:
        return None
    found = re.fullmatch(r"theorem answer : ([^\n]+)", text.strip())
    if found is None or not grounded(question, found[1].replace("ANSWER", "")):
        return None
    body, literal = found[1], lean_literal(answer)
    if literal is None or not _is_safe(body):
        return None
    conclusion = _without_hypotheses(body)
    if conclusion is None or not _is_equation_for_answer(*conclusion) or not _is_typed(*conclusion):
        return None
    other = {"true": "false", "false": "true"}.get(literal, f"({literal} + 1)")
    statement = f"theorem answer : {body}"
    return Formal(
        statement=statement.replace("ANSWER", literal),
        probe=statement.replace("ANSWER", other) if "→" in body else None,
    )


def lean_literal(answer: str) -> str | None:
    """An integer, Boolean, fraction or decimal as a Lean term; None for anything else."""
    answer = answer.strip()
    if answer in ("True", "False"):
        return answer.lower()
    if re.fullmatch(_INTEGER, answer):
        return f"({answer})" if answer.startswith("-") else answer
    if re.fullmatch(rf"{_INTEGER}(?:/[1-9][0-9]{{0,199}}|\.[0-9]{{1,200}})", answer):
        value = Fraction(answer)
        return f"(({value.numerator} : Rat) / {value.denominator})"
    return None


def _is_safe(body: str) -> bool:
    """Only listed tokens, ANSWER once, and arithmetic that means what it says.

    Subtraction of Nat stops at zero: it needs Rat, or Int and no Nat, or a place inside an argument of
    `Int.natAbs` and the like. Division of integers cuts off: it needs Rat alone, or the exact form of a
    digit's place, `n / 1000 % 10`.
    """
    tokens = [t for t in re.findall(_TOKEN, body) if not t.isspace()]
    if "".join(tokens) != re.sub(r"\s", "", body) or body.count("ANSWER") != 1:
        return False
    if re.search(r":=|--|/-|-/", body):  # made of listed characters, but a definition or a comment in Lean
        return False
    words = [t for t in tokens if t[0].isalpha()]
    if not all(map(_TERM.fullmatch, words)):
        return False
    whole = any(word.startswith(("Int", "Nat")) for word in words)
    rational = "Rat" in words and not whole
    if "-" in _OF_INTEGERS.sub("", body) and not (rational or "Int" in words):
        return False
    if "-" in tokens and any(word.startswith("Nat") for word in words):
        return False
    if any("." in t and t[0].isdigit() for t in tokens) and not rational:
        return False
    place = tokens.count("/") == 1 and _DIGIT_OF.search(body) is not None
    return rational or "/" not in tokens or place


def _without_hypotheses(body: str) -> tuple[str, set[str]] | None:
    """What follows the last `→` and the names bound before it; None for hypotheses of unknown form.

    A hypothesis is an equation between expressions in bound names, or defines a bound function,
    `(∀ t, f (t) = …)`. Every bound name must occur in one.
    """
    bound: set[str] = set()
    used: set[str] = set()
    while True:
        if binder := _BINDER.match(body):
            bound.update(binder[1].split())
            body = body[binder.end() :]
            continue
        hypothesis, arrow, rest = body.partition(" → ")
        if not arrow:
            return (body, bound) if used >= bound else None
        definition = _DEFINITION.fullmatch(hypothesis)
        names = bound | {definition[1]} if definition else bound
        sides = (definition[2] if definition else hypothesis).split(" = ")
        if len(sides) != 2 or not all(_is_expression(side, names) for side in sides):
            return None
        used.update(_VARIABLE.findall(hypothesis))
        body = rest


def _is_equation_for_answer(conclusion: str, bound: set[str]) -> bool:
    """`EXPRESSION = ANSWER`, with relations and functions only inside of brackets."""
    expression = conclusion.removesuffix(" = ANSWER")
    if expression == conclusion:
        return False
    names = bound | set(re.findall(r"fun ([a-z]) ", expression))
    depth, outside = 0, ""
    for char in expression:
        depth += (char == "(") - (char == ")")
        outside += char if depth == 0 and char != ")" else ""
    return _is_expression(outside, names) and _is_balanced(expression) and _has_only(expression, names)


def _is_typed(conclusion: str, bound: set[str]) -> bool:
    """Whether each `-` and `/` of the conclusion stands beside something that is no Nat.

    A type that is named elsewhere in the statement says nothing about `2 - 5`, which is 0 in Nat. So each
    side of a relation that subtracts or divides has a bound variable or a type of its own, a function names
    the type of its variable and uses it, and what gives a Nat from an Int is not subtracted from.
    """
    text = _SIGN.sub(r"\1", _OF_INTEGERS.sub("#", conclusion))
    if "-" in text and "#" in text:
        return False
    functions = list(_FUNCTION.finditer(text))
    for found in functions if "-" in text or "/" in text else ():
        used = re.search(rf"(?<![A-Za-z.]){found[1]}(?![A-Za-z.])", _up_to_bracket(text[found.end() :]))
        if found[2] is None or used is None:
            return False
    names = bound | {found[1] for found in functions}
    return all(
        _has_type(_around(text, i), names)
        for i, char in enumerate(text)
        if char == "-" or (char == "/" and _DIGIT_OF.search(conclusion) is None)
    )


def _around(text: str, place: int) -> str:
    """What has one type with the operator there: up to `∧` and the like, or to a function's bracket."""
    start = end = place
    while True:
        depth = 0
        while start > 0 and (depth or text[start - 1] not in "(∧∨↔¬,∣"):
            start -= 1
            depth += (text[start] == ")") - (text[start] == "(")
        depth = 0
        while end < len(text) and (depth or text[end] not in ")∧∨↔,∣"):
            depth += (text[end] == "(") - (text[end] == ")")
            end += 1
        before = text[: start - 1].rstrip()
        grouped = start > 0 and text[start - 1] == "(" and end < len(text) and text[end] == ")"
        inside = text[start:end]
        applied = bool(before) and (before[-1].isalnum() or before[-1] in ").#")
        if applied and grouped:
            head = re.search(r"(?<![A-Za-z.])[a-z]$", before)  # a bound function's type says it as well
            return f"{head[0]} {inside}" if head else inside
        if not grouped or _RELATIONS.intersection(inside):  # a fact in brackets gives its numbers no type
            return inside
        start, end = start - 1, end + 1


def _has_type(side: str, names: set[str]) -> bool:
    return re.search(r": (?:Int|Rat)\b", side) is not None or not names.isdisjoint(_VARIABLE.findall(side))


def _up_to_bracket(text: str) -> str:
    """The text up to the bracket that closes what it stands in."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return text[:i]
    return text


def _is_expression(text: str, names: set[str]) -> bool:
    return (
        not _RELATIONS.intersection(text)
        and ":" not in text
        and _is_balanced(text)
        and _has_only(text, names)
    )


def _has_only(text: str, names: set[str]) -> bool:
    """Whether the variables of the text are all bound: Lean would quantify over others by itself."""
    return set(_VARIABLE.findall(text)) <= names


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def _imported(tree: ast.Module) -> set[str]:
    """Names that keep their meaning: modules and functions brought in by import or used as functions."""
    found = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update(alias.asname or alias.name for alias in node.names)
    return found
