"""Is a program or a formal statement about *this* question? A test on its numbers and formulas.

Two samples of one model can share one slip: a dropped term, a lost sign, a miscopied digit. Their
agreement then means nothing. `grounded` therefore asks that the text carries what the question says:

1. every number of the question, with its sign and as often as in the question (0 and 1 excepted);
2. every number written as a word ("seven decimal places", "hundred thousands digit", "third biggest"),
   as that number or as what programs write for it (an index one lower, a power of ten);
3. every formula of two or more operators, verbatim but for blanks and the spelling of powers;
4. every number in a foreign base ("19ab") as it is written;
5. and no number from elsewhere: at most 12, a power of ten, a unit (60, 365, …) or one of the question.
6. A string of letters and digits that resembles a word of the question but is not in it is a miscopy.
7. In place of 5, where units are to be converted: what it multiplies by is the ratio of the two units.

Contract: pure functions of text; they never raise. The test errs on the side of refusing: a rearranged
program is weaker evidence, its answer gets a weaker certificate.
Not covered: what the words of the question ask for; two programs that misread them alike pass.
"""

from __future__ import annotations

import ast
import difflib
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from mathlm.units import conversion, multiplied

SMALL = 12
UNITS = frozenset({14, 15, 16, 18, 20, 24, 28, 30, 31, 36, 50, 52, 60, 90, 180, 360, 365, 366, 1440, 3600})
"""Numbers that programs may bring along: calendars, clocks, bases, angles."""

_TRIVIAL = frozenset({Fraction(0), Fraction(1)})

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2}(?!\w))?")
_ENDLESS = re.compile(r"\d{300}")  # Python itself refuses to convert very long numbers
_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_TEMPLATE = re.compile(r"\b(?:form|as|to) [^.?,]*? and (?=give\b)")
_DIGITS = re.compile(r"0123456789\w*")
_LETTERS = re.compile(r"\b(?:sequence|replacement from|letters from) ([a-z]{2,})\b")
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_PERCENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?(?:%|percent\b)")
_FOREIGN = re.compile(r"(?<!\w)(?=\w*\d)(?=\w*[a-z])[0-9a-z]+(?!\w)")
_FORMULA = re.compile(r"(?:sqrt|(?<![A-Za-z])[A-Za-z](?![A-Za-z])|\d+(?:\.\d+)?|[-+*/^()]|\s)+")
_WORDS = {
    word: value
    for value, words in {
        1: "one first", 2: "two second half halves", 3: "three third thirds",
        4: "four fourth fourths quarter quarters", 5: "five fifth fifths", 6: "six sixth sixths",
        7: "seven seventh sevenths", 8: "eight eighth eighths", 9: "nine ninth ninths",
        10: "ten tenth tenths tens", 11: "eleven eleventh elevenths", 12: "twelve twelfth twelfths dozen",
        13: "thirteen thirteenth thirteenths", 14: "fourteen fourteeen fourteenth fourteenths",
        15: "fifteen fifteenth fifteenths", 16: "sixteen sixteenth sixteenths",
        17: "seventeen seventeenth seventeenths", 18: "eighteen eighteenth eighteenths",
        19: "nineteen nineteenth nineteenths", 20: "twenty twentieth twentieths", 30: "thirty",
        40: "forty fourty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety",
        100: "hundred hundreds", 1000: "thousand thousands", 10**6: "million millions",
        10**9: "billion billions", 10**12: "trillion trillions",
    }.items()
    for word in words.split()
}  # fmt: skip
_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fourteeen|fifteen|sixteen|seventeen|eighteen|nineteen"
_PART = (
    "half|halves|thirds?|quarters?|fourths?|(?:fif|six|seven|eigh|nin|ten|eleven|twelf|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|twentie)ths?"
)
_FRACTION = re.compile(rf"\b((?:(?:{_TENS})-)?(?:{_ONES})|{_TENS}|{_TEENS}) ({_PART})\b", re.I)
_WORD_RUN = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b(?:[ -](?:{'|'.join(_WORDS)})\b)*")


def grounded(question: str, text: str) -> bool:
    """Whether `text` (a statement, or `program_text` of a program) carries the question's data."""
    if _ENDLESS.search(question) or _ENDLESS.search(text):
        return False
    question = _THOUSANDS.sub(lambda match: match.group().replace(",", ""), _plain(question))
    question = _TEMPLATE.sub("", question)  # the letters of "in the form a*x + b and give a" are no data
    text = _DIGITS.sub("", _plain(text))
    squeezed = re.sub(r"[\s'\"]", "", text)
    if any(formula not in squeezed for formula in formulas(question)):
        return False
    for token, count in Counter(_verbatim(question)).items():
        whole = rf"(?<![A-Za-z0-9]){token}(?![A-Za-z0-9])"  # one letter more is another word
        if len(re.findall(whole, text)) < count:
            return False
        text = re.sub(whole, " ", text)
    present = numbers(text)
    asked, loose = _asked(question)
    if any(present[number] < count for number, count in asked.items()):
        return False
    sizes = {abs(number) for number in present}
    if any(sizes.isdisjoint(group) for group in loose if group.isdisjoint(_TRIVIAL)):
        return False
    known = {abs(number) for number in asked}.union(*loose)
    if (ratio := conversion(question)) is not None:
        amount = Counter({abs(number): n for number, n in asked.items()})
        amount.update(number for group in loose if len(group) == 1 for number in group)
        return multiplied(text, amount) == ratio
    return all(n in known or _tolerated(n) for n in sizes) and not _miscopied(question, text)


def program_text(program: str) -> str | None:
    """The program's tokens without comments; None when it does not parse or holds unused data.

    A bare string or a number that is assigned and never read could fake the presence of a number.
    """
    try:
        tree = ast.parse(program)
        read = _names_read(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                return None
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name) and target.id not in read and _has_number(node.value):
                    return None
        tokens = list(tokenize.generate_tokens(io.StringIO(program).readline))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return None
    parts: list[str] = []
    for token in tokens:
        if token.type != tokenize.COMMENT:
            close = re.match(r"\w", token.string) and parts and re.search(r"[\w,]$", parts[-1])
            parts.append(f" {token.string}" if close else token.string)
    return "".join(parts)


def numbers(text: str) -> Counter[Fraction]:
    """The signed numbers written in a text. `3 - 5` has 3 and 5, `3 - -5` has 3 and -5, `1e6` also 6."""
    found: Counter[Fraction] = Counter()
    for match in _NUMBER.finditer(text):
        value = Fraction(match.group())
        found[(-value if _negated(text, match.start()) else value)] += 1
        if power := re.search(r"(?<=[eE])[-+]?\d+$", match.group()):
            found[abs(Fraction(power.group()))] += 1
    return found


def formulas(question: str) -> Iterator[str]:
    """Formulas of two or more operators in the question, without blanks."""
    for match in _FORMULA.finditer(question):
        candidate = re.sub(r"\s+", " ", match.group()).strip()
        if len(re.findall(r"(?<=[\w)])\s*[-+*/^]", candidate)) < 2:
            continue
        try:
            tree = ast.parse(candidate.replace("^", "**"), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
        if all(isinstance(called, ast.Name) for called in calls):  # else a list such as (a) 3 (b) 4
            yield candidate.replace(" ", "")


def _asked(question: str) -> tuple[Counter[Fraction], list[set[Fraction]]]:
    """Numbers that must be there as often as here, and sets of which one member must be there."""
    loose: list[set[Fraction]] = []
    for hour, minute in _TIME.findall(question):
        loose += [{Fraction(hour), Fraction(int(hour) % 12), Fraction(hour) + 12}, {Fraction(minute)}]
    for (percent,) in (match.groups() for match in _PERCENT.finditer(question)):
        loose.append({Fraction(percent), (Fraction(percent) / 100)})
    rest = re.sub(r"\b[a-z]+ letters picked", " ", _PERCENT.sub(" ", _TIME.sub(" ", question)), flags=re.I)
    if "base" in question:
        rest = _FOREIGN.sub(" ", rest)
    loose += [{_value(word)} for match in _FRACTION.finditer(rest) for word in match.groups()]
    rest = _FRACTION.sub(" ", rest)
    loose += [_spellings(run.group()) for run in _WORD_RUN.finditer(rest.lower())]
    asked = Counter({number: n for number, n in numbers(rest).items() if abs(number) > 1 or number % 1})
    return asked, [{n for n in group} for group in loose]


def _value(run: str) -> Fraction:
    """A number in words: "twenty-three", "hundred thousands"."""
    value = 0
    for word in re.split(r"[ -]", run.lower()):
        value = value * _WORDS[word] if value and _WORDS[word] >= 100 else value + _WORDS[word]
        if word in ("thousands", "millions", "billions") and value < _WORDS[word]:
            value *= _WORDS[word]
    return Fraction(value)


def _spellings(run: str) -> set[Fraction]:
    """What a program may write for a number in words: "third" is 3 or index 2, "million" 10**6 or 6."""
    value = int(_value(run))
    if re.fullmatch("10+", str(value)) and not run.endswith("tenth"):  # the tenth of a list is no power
        power = len(str(value)) - 1
        return {Fraction(value), Fraction(power), Fraction(power + 1)} - {Fraction(1)}
    power = 10**value if value < 20 else value
    return {Fraction(n) for n in (value, value - 1, power)}


def _verbatim(question: str) -> list[str]:
    """Numerals of another base, and letters that are drawn from: both must be copied as they are."""
    found = _FOREIGN.findall(question.replace("-", " ")) if "base" in question else []
    return found + (_LETTERS.findall(question) if "replacement" in question else [])


def _names_read(tree: ast.Module) -> set[str]:
    """Names that are read, in expressions or in the text of strings that the program evaluates."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(re.findall(r"[A-Za-z_]\w*", node.value))
    return found


def _tolerated(number: Fraction) -> bool:
    shifted = number * 10 ** number.denominator.bit_length()  # an integer with the same digits
    significant = int(str(shifted.numerator).rstrip("0") or 0)
    small = significant <= SMALL and (number.denominator == 1 or significant == 1)
    return small or number in UNITS


def _miscopied(question: str, text: str) -> bool:
    """Whether a string literal of letters and digits is close to a word of the question, yet not in it."""
    words = set(re.findall(r"\w{4,}", question))
    for quoted in re.findall(r"['\"](\w{4,})['\"]", text):
        if quoted not in question and difflib.get_close_matches(quoted, words, n=1, cutoff=0.75):
            return True
    return False


def _negated(text: str, start: int) -> bool:
    """Whether the number at `start` has a minus sign of its own, not a subtraction."""
    if start == 0 or text[start - 1] != "-":
        return False
    before = text[: start - 1]
    if not before or not (before[-1].isalnum() or before[-1] in ")]_"):
        return True  # also `(a) -5 (b) 7`: a blank before and none behind
    word = re.search(r"[A-Za-z_]+$", before)
    return word is not None and len(word.group()) > 1


def _has_number(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Constant) and re.search(r"\d", str(n.value)) for n in ast.walk(node))


def _plain(text: str) -> str:
    return text.replace("−", "-").replace("**", "^")
