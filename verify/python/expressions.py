"""Plain mathematical text to sympy, without evaluating anything as Python. Runs inside the sandbox.

`parse_expression("3x^2 + 2")` is a recursive-descent parser for what people and programs write as one
scalar: numbers (decimals are exact rationals), letters, `+ - * / ^ ** ! %`, brackets, a few functions,
and multiplication without a sign (`2x`, `3(x+1)`, `xy`).

Errors: `NotAnExpression` (it is text then), `TooLarge` (refused before anything large is computed).
Not covered: LaTeX (`answers.py` gives that to math-verify), equations and lists (`answers.py` splits them).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import sympy

MAX_TOKENS = 400
MAX_BITS = 20_000
MAX_SYMBOLIC_POWER = 64
MAX_FACTORIAL = 1_000
_TOKEN = re.compile(
    r"(?P<space>\s*)(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z]+(?:_?\d+)?)"
    r"|(?P<sign>\*\*|[-+*/^()!%|]))",
    re.ASCII,
)
_FUNCTIONS: dict[str, Callable[..., sympy.Expr]] = {
    "sqrt": sympy.sqrt, "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan, "asin": sympy.asin,
    "acos": sympy.acos, "atan": sympy.atan, "sinh": sympy.sinh, "cosh": sympy.cosh, "tanh": sympy.tanh,
    "exp": sympy.exp, "log": sympy.log, "ln": sympy.log, "abs": sympy.Abs, "Abs": sympy.Abs,
}  # fmt: skip
_CONSTANTS = {"pi": sympy.pi}
_NEVER_A_FACTOR = frozenset("fgh")


class NotAnExpression(Exception):
    """The text is no expression of this grammar."""


class TooLarge(Exception):
    """Computing it could take very long or very much memory."""


class _Token:
    __slots__ = ("kind", "spaced", "text")

    def __init__(self, kind: str, text: str, spaced: bool) -> None:
        self.kind = kind
        self.text = text
        self.spaced = spaced


def parse_expression(text: str) -> sympy.Expr:
    """The sympy expression that the text stands for."""
    parser = _Parser(_tokens(text))
    value = parser.sum()
    if parser.current.kind != "end":
        raise NotAnExpression(text)
    return check_size(value)


def check_size(value: sympy.Expr) -> sympy.Expr:
    """The value, if it is finite and small enough to compare."""
    if value.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
        raise NotAnExpression("not a finite value")
    if any(_bits(number) > MAX_BITS for number in value.atoms(sympy.Rational)):
        raise TooLarge("a number of too many digits")
    return value


def power(base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
    """`base ** exponent`, refused before anything large is computed."""
    if exponent.is_Rational:
        size = abs(exponent)
        if base.is_Rational:
            if _bits(base) * size > MAX_BITS:
                raise TooLarge("a power of too many digits")
        elif size > MAX_SYMBOLIC_POWER and not base.is_Symbol:
            raise TooLarge("a power of too many terms")
        elif size > 10**6:
            raise TooLarge("a power of too high a degree")
    return base**exponent


def _bits(number: sympy.Rational) -> int:
    return max(int(number.p).bit_length(), int(number.q).bit_length())


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotAnExpression(text)
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match[kind], bool(match["space"])))
        at = match.end()
        if len(tokens) > MAX_TOKENS:
            raise TooLarge(f"more than {MAX_TOKENS} symbols")
    return [*tokens, _Token("end", "", False)]


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def current(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *signs: str) -> str | None:
        """The sign, when the next token is one of these."""
        token = self.current
        if token.kind == "sign" and token.text in signs:
            self._at += 1
            return token.text
        return None

    def sum(self) -> sympy.Expr:
        self._depth += 1
        if self._depth > 60:
            raise TooLarge("brackets nested too deeply")
        value = self._product()
        while sign := self._take("+", "-"):
            term = self._product()
            value = value + term if sign == "+" else value - term
        self._depth -= 1
        return value

    def _product(self) -> sympy.Expr:
        value = self._signed()
        while True:
            if sign := self._take("*", "/"):
                factor = self._signed()
                if sign == "/" and factor == 0:
                    raise NotAnExpression("division by zero")
                value = value * factor if sign == "*" else value / factor
            elif self._factor_follows():
                value = value * self._power()
            else:
                return check_size(value)

    def _factor_follows(self) -> bool:
        """Whether a factor without a multiplication sign comes next. Words after a space are none."""
        token, before = self.current, self._tokens[self._at - 1]
        if token.kind == "sign":
            return token.text == "(" and not (before.kind == "name" and before.text in _NEVER_A_FACTOR)
        if token.kind != "name" or (before.kind == "name" and before.text not in _CONSTANTS):
            return False
        known = token.text in _CONSTANTS or token.text in _FUNCTIONS
        return not token.spaced or len(token.text) == 1 or known

    def _signed(self) -> sympy.Expr:
        minus = False
        while sign := self._take("+", "-"):
            minus ^= sign == "-"
        value = self._power()
        return -value if minus else value

    def _power(self) -> sympy.Expr:
        base = self._suffixed()
        if not self._take("^", "**"):
            return base
        self._depth += 1
        if self._depth > 60:
            raise TooLarge("powers nested too deeply")
        exponent = self._signed()
        self._depth -= 1
        if base == 0 and not exponent.is_positive:
            raise NotAnExpression("not a finite value")
        return power(base, exponent)

    def _suffixed(self) -> sympy.Expr:
        value = self._atom()
        while sign := self._take("!", "%"):
            if sign == "%":
                value = value / 100
            elif value.is_Integer and 0 <= value <= MAX_FACTORIAL:
                value = sympy.factorial(value)
            elif value.is_number:
                raise TooLarge("a factorial of too many digits")
            else:
                value = sympy.factorial(value)
        return value

    def _atom(self) -> sympy.Expr:
        token = self.current
        if token.kind == "number":
            self._at += 1
            return _number(token.text)
        if token.kind == "name":
            self._at += 1
            return self._named(token.text)
        if self._take("("):
            value = self.sum()
            if not self._take(")"):
                raise NotAnExpression("a bracket is not closed")
            return value
        if self._take("|"):
            value = self.sum()
            if not self._take("|"):
                raise NotAnExpression("a bar is not closed")
            return sympy.Abs(value)
        raise NotAnExpression(f"unexpected {token.text!r}")

    def _named(self, name: str) -> sympy.Expr:
        if name in _FUNCTIONS:
            if not (self.current.kind == "sign" and self.current.text == "("):
                raise NotAnExpression(f"{name} without an argument")
            argument = self._atom()
            return _FUNCTIONS[name](argument)
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if 1 < len(name) <= 3 and set(name) <= set("abxyz"):
            return sympy.Mul(*map(sympy.Symbol, name))
        return sympy.Symbol(name.replace("_", ""))


def _number(text: str) -> sympy.Rational:
    digits, _, exponent = text.lower().partition("e")
    if len(digits) > MAX_BITS // 4 or abs(int(exponent or 0)) > MAX_BITS // 4:
        raise TooLarge("a number of too many digits")
    return sympy.Rational(text)
