"""Are two answers the same? Numbers, expressions, lists, sets, equations, booleans, text, LaTeX.

`quick` decides plain numbers and words in microseconds with the standard library alone, so that the
parent may call it. `equivalent` decides the rest with sympy and runs inside the sandbox only, since
sympy computes whatever it is given (math-verify, which reads the LaTeX, no less).

Rules. True is said only when equality holds exactly: decimals are exact rationals (0.5 = 1/2, 0.33 is not
1/3), `50%` is 1/2, thousands separators count in groups of three without spaces. Words are words, never
products (`abc` is not `bca`). `a, b` is a collection without order, `{a, b}` a set, `(a, b)` and `[a, b]`
have an order. `x = 3` answers like `3`; equations and inequalities may be rearranged and scaled. Words of two
letters or more compare without case.
Result: True, False, or None when it could not be decided (too large, or no proof either way was found).
Not covered: units, mixed numbers (`1 1/2`), words for numbers, rounding.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sympy

MAX_CHARACTERS = 2_000
MAX_ELEMENTS = 60
MAX_DIGITS = 4_000
_PLAIN_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|(?=\.[0-9]))(?P<fraction>\.[0-9]*)?"
    r"(?:[eE](?P<exponent>[+-]?[0-9]{1,4}))?(?P<percent>\s?%)?"
)
_RATIO = re.compile(r"([+-]?[0-9]+)\s*/\s*([0-9]+)")
_WORDS = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*")
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}
_RELATION = re.compile(r"(<=|>=|==|=|<|>)")
_SEPARATOR = re.compile(r"\s+(?:and|or)\s+")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_SYMBOLS = {
    "\u2212": "-", "\u2013": "-", "×": "*", "·": "*", "÷": "/", "π": "pi", "√": "sqrt", "²": "^2", "³": "^3",
    "≤": "<=", "≥": ">=",
}  # fmt: skip
_LATEX_PLAIN = {
    "\\left": "", "\\right": "", "\\,": " ", "\\;": " ", "\\!": "", "\\ ": " ", "\\%": "%", "\\$": "",
    "\\{": "{", "\\}": "}", "\\leq": "<=", "\\geq": ">=", "\\le ": "<=", "\\ge ": ">=", "\\dfrac": "\\frac",
    "\\tfrac": "\\frac", "\\cdot": "*", "\\times": "*", "\\pi": " pi ",
}  # fmt: skip


def quick(given: str, gold: str) -> bool | None:
    """Decide what needs no algebra; None when that is not enough."""
    given, gold = tidy(given), tidy(gold)
    if given == gold:
        return True
    numbers = plain_number(given), plain_number(gold)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0] == numbers[1]
    booleans = _BOOLEANS.get(given.lower()), _BOOLEANS.get(gold.lower())
    if booleans[0] is not None or booleans[1] is not None:
        return booleans[0] == booleans[1]
    words = _is_words(given), _is_words(gold)
    if words[0] and words[1]:
        return len(given) > 1 and given.casefold() == gold.casefold()
    if (words[0] or words[1]) and (numbers[0] is not None or numbers[1] is not None):
        return False
    return False if not given or not gold else None


def tidy(text: str) -> str:
    """The text without dollar signs, surrounding space, a final full stop; usual symbols in ASCII.

    LaTeX loses what only sets the type; with no command left it is read as plain text.
    """
    for symbol, plain in _SYMBOLS.items():
        if symbol in text:
            text = text.replace(symbol, plain)
    if "\\" in text:
        text = re.sub(r"\\(?:boxed|text|mathrm|textbf)\{([^{}]*)\}", r"\1", text)
        for command, plain in _LATEX_PLAIN.items():
            text = text.replace(command, plain)
    if "^{" in text and "\\" not in text:
        text = re.sub(r"\^\{([^{}]*)\}", r"^(\1)", text)
    text = " ".join(text.split())
    if len(text) > 1 and text[0] == text[-1] == "$":
        text = text.strip("$").strip()
    return text[:-1].rstrip() if text.endswith(".") and not text.endswith("..") else text


def plain_number(text: str) -> Fraction | None:
    """An integer, decimal, ratio or percentage as an exact fraction."""
    if len(text) > MAX_DIGITS:
        return None
    if ratio := _RATIO.fullmatch(text):
        return Fraction(int(ratio[1]), int(ratio[2])) if int(ratio[2]) else None
    match = _PLAIN_NUMBER.fullmatch(text)
    if match is None:
        return None
    digits = match["digits"].replace(",", "") or "0"
    value = Fraction(int(digits))
    places = (match["fraction"] or ".")[1:]
    if places:
        value += Fraction(int(places), 10 ** len(places))
    value *= Fraction(10) ** int(match["exponent"] or 0)
    if match["percent"]:
        value /= 100
    return -value if match["sign"] == "-" else value


def equivalent(given: str, gold: str) -> bool | None:
    """The whole comparison; see the module."""
    answer = quick(given, gold)
    if answer is not None:
        return answer
    if max(len(given), len(gold)) > MAX_CHARACTERS:
        return None
    from verify.python.expressions import TooLarge

    try:
        return _same_value(_read(tidy(given)), _read(tidy(gold)))
    except TooLarge:
        return None


@dataclass(frozen=True)
class _Collection:
    kind: str
    """Its brackets, as in `()`, or the empty string."""
    elements: tuple[Any, ...]


@dataclass(frozen=True)
class _Relation:
    """`expression` stands in the relation (`=`, `<`, `<=`) to zero."""

    relation: str
    expression: sympy.Expr
    solved_for: sympy.Symbol | None
    """The letter in `x = …`."""
    value: sympy.Expr | None


def _is_words(text: str) -> bool:
    return _WORDS.fullmatch(text) is not None


def _read(text: str) -> Any:
    """A collection, relation, boolean, expression or (when it is none of these) text."""
    number = plain_number(text)
    if number is None:
        parts = _split(text)
        if len(parts) > 1:
            return _Collection("", tuple(_read(part) for part in parts))
        if len(text) > 1 and text[0] in _CLOSING and _matching(text) == len(text) - 1:
            parts = _split(text[1:-1])
            if len(parts) > 1 or text[0] != "(":
                return _Collection(text[0] + text[-1], tuple(_read(part) for part in parts if part))
        if text.lower() in _BOOLEANS:
            return _BOOLEANS[text.lower()]
        sides = _RELATION.split(text)
        if len(sides) == 3:
            return _relation(text, *map(str.strip, sides))
    return _scalar(text)


def _split(text: str) -> list[str]:
    """The parts between commas, semicolons, `and`, `or` outside brackets."""
    if _is_words(text):
        return [text]
    text = _SEPARATOR.sub(",", text)
    parts, depth, begin = [], 0, 0
    for at, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character in ",;" and depth == 0:
            parts.append(text[begin:at].strip())
            begin = at + 1
    parts.append(text[begin:].strip())
    if len(parts) > MAX_ELEMENTS:
        from verify.python.expressions import TooLarge

        raise TooLarge(f"more than {MAX_ELEMENTS} elements")
    return parts


def _matching(text: str) -> int:
    """Where the bracket that the text begins with is closed, by a round or square one alike; else -1."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return at if (character == "}") == (text[0] == "{") else -1
    return -1


def _relation(text: str, left: str, sign: str, right: str) -> Any:
    first, second = _scalar(left), _scalar(right)
    if isinstance(first, str) or isinstance(second, str):
        return text
    sign = "=" if sign == "==" else sign
    if sign in (">", ">="):
        return _Relation(sign.replace(">", "<"), second - first, None, None)
    solved = sign == "=" and first.is_Symbol and first not in second.free_symbols
    return _Relation(sign, first - second, first if solved else None, second if solved else None)


def _scalar(text: str) -> Any:
    """A sympy expression, or the text itself."""
    from verify.python.expressions import NotAnExpression, check_size, parse_expression

    try:
        return check_size(_from_latex(text)) if "\\" in text else parse_expression(text)
    except NotAnExpression:
        return text


def _from_latex(text: str) -> sympy.Expr:
    import sympy
    from math_verify import LatexExtractionConfig, parse

    from verify.python.expressions import NotAnExpression

    text = re.sub(r"(?<![\\A-Za-z])pi(?![A-Za-z])", r"\\pi ", text)  # `tidy` wrote it without its backslash
    found = parse(f"${text}$", [LatexExtractionConfig()], "no_fallback", parsing_timeout=None)
    if not found or not isinstance(found[0], sympy.Expr):
        raise NotAnExpression(text)
    # math-verify reads decimals as floating-point numbers and letters as real ones; ours are neither
    letters = {letter: sympy.Symbol(letter.name) for letter in found[0].free_symbols}
    value = found[0].subs(letters)
    return value.xreplace({number: sympy.Rational(str(number)) for number in value.atoms(sympy.Float)})


def _same_value(one: Any, other: Any) -> bool | None:
    kinds = [type(value) for value in (one, other)]
    if _Collection in kinds:
        return _same_collection(one, other) if kinds[0] is kinds[1] else False
    if bool in kinds:
        return kinds[0] is kinds[1] and one == other
    if str in kinds:
        return kinds[0] is kinds[1] and one.casefold() == other.casefold() and (len(one) > 1 or one == other)
    if kinds == [_Relation, _Relation]:
        return _same_relation(one, other)
    if _Relation in kinds:
        relation, value = (one, other) if kinds[0] is _Relation else (other, one)
        return same_expression(relation.value, value) if relation.solved_for is not None else False
    return same_expression(one, other)


def _same_element(one: Any, other: Any) -> bool | None:
    """Inside a collection `x = 3` does not answer like `3`: which letter it is for matters there."""
    if isinstance(one, _Relation) != isinstance(other, _Relation):
        return False
    return _same_value(one, other)


def _same_collection(one: _Collection, other: _Collection) -> bool | None:
    kinds = {one.kind, other.kind}
    first, second = _bare_solutions(one), _bare_solutions(other)
    if kinds in ({"()"}, {"[]"}, {"(]"}, {"[)"}, {"", "()"}):
        if len(first) != len(second):
            return False
        return _all(_same_element(a, b) for a, b in zip(first, second, strict=True))
    if kinds <= {"", "{}"} or kinds == {"", "[]"}:
        if "{}" in kinds:
            first, second = _distinct(first), _distinct(second)
        return _same_multiset(first, second)
    return False


def _bare_solutions(collection: _Collection) -> list[Any]:
    """The elements; `x = 1, x = 2` gives 1 and 2, while `x = 1, y = 2` stays as it is."""
    elements = list(collection.elements)
    letters = {element.solved_for if isinstance(element, _Relation) else None for element in elements}
    if len(letters) == 1 and None not in letters:
        return [element.value for element in elements]
    return elements


def _distinct(elements: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for element in elements:
        if not any(_same_element(element, other) for other in kept):
            kept.append(element)
    return kept


def _same_multiset(first: list[Any], second: list[Any]) -> bool | None:
    if len(first) != len(second):
        return False
    left, doubtful = list(second), False
    for element in first:
        verdicts = [_same_element(element, other) for other in left]
        if True in verdicts:
            left.pop(verdicts.index(True))
        elif None in verdicts:
            doubtful = True
        else:
            return False
    return None if doubtful else True


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    found = list(verdicts)
    return False if False in found else (None if None in found else True)


def _same_relation(one: _Relation, other: _Relation) -> bool | None:
    """Whether one is the other times a constant (a positive one for inequalities)."""
    import sympy

    if one.relation != other.relation:
        return False
    if one.expression == 0 or other.expression == 0:
        return bool(one.expression == other.expression)
    ratio = sympy.cancel(one.expression / other.expression)
    if not ratio.is_number:
        ratio = sympy.simplify(ratio)
    if not ratio.is_number or ratio == 0:
        return False
    return True if one.relation == "=" else bool(ratio.is_positive)


def same_expression(one: sympy.Expr, other: sympy.Expr) -> bool | None:
    """Whether two expressions have the same value for every value of their letters."""
    import sympy

    if one == other:
        return True
    difference = one - other
    if difference.is_polynomial(*difference.free_symbols) and not difference.is_number:
        return bool(sympy.expand(difference) == 0)
    if difference.is_Rational:
        return bool(difference == 0)
    if _differs_somewhere(difference):
        return False
    proofs: tuple[Callable[[Any], Any], ...] = (sympy.expand, sympy.cancel, sympy.radsimp, sympy.simplify)
    for simplify in proofs:
        simpler = simplify(difference)
        if simpler == 0:
            return True
    return None


def _differs_somewhere(difference: sympy.Expr) -> bool:
    """Whether the difference is clearly not zero at one of a few points."""
    import sympy

    letters = sorted(difference.free_symbols, key=str)
    for start in (sympy.Rational(7, 5), sympy.Rational(31, 11), -sympy.Rational(13, 7)):
        point = {letter: start + sympy.Rational(step, 3) for letter, step in zip(letters, itertools.count())}
        value = difference.subs(point).evalf(30)
        if value.is_number and value.is_finite and abs(value) > sympy.Float("1e-20"):
            return True
    return False
