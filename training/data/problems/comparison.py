"""Teachers for comparisons: pairs, closest value, k-th biggest, sorting; with letters or options.

Values are copied as strings and compared exactly; what is printed is the text of the question (a
letter, an option, a number as it was written). True/False questions and two integers get a formal statement.
Not covered: ties (the sources have none).
"""

from __future__ import annotations

import re
from string import ascii_lowercase

from training.data.problems.parse import Question, is_expression, is_integer, is_number, letters
from training.data.problems.program import Draft, Rule, Style, composed, form, script

_ORDINALS = (
    "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)  # fmt: skip
ORDINALS = ("", *(f"{name} " for name in _ORDINALS))
_OPTIONS = re.compile(r"\(([a-z])\) (\S+)")
_RELATIONS = {
    "bigger than": ">",
    "greater than": ">",
    "less than": "<",
    "smaller than": "<",
    "at least": ">=",
    "at least as big as": ">=",
    "greater than or equal to": ">=",
    "at most": "<=",
    "at most as big as": "<=",
    "less than or equal to": "<=",
    "equal to": "==",
    "not equal to": "!=",
    ">": ">",
    "<": "<",
    ">=": ">=",
    "<=": "<=",
    "=": "==",
    "!=": "!=",
}
_LEAN = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}


def _values(q: Question, *texts: str) -> bool:
    """Whether the texts are numbers or expressions in known letters."""
    return all(is_expression(t) and all(x in q.names for x in letters(t)) for t in texts)


def _relation(q: Question, a: str, relation: str, b: str) -> Draft | None:
    if not _values(q, a, b):
        return None
    if q.steps or not is_number(a, b):
        conclusion = f"decide ({a} {_LEAN.get(relation, relation)} {b}) = ANSWER"
        return composed(q, "Compare.", lambda s: [f"print({s(a)} {relation} {s(b)})"], conclusion)
    if is_integer(a, b):
        statement = f"decide (({a} : Int) {_LEAN.get(relation, relation)} {b}) = ANSWER"
        programs = (f"print({a} {relation} {b})", f"print({a} - {_signed(b)} {relation} 0)")
        return Draft(reasoning="Compare two integers.", programs=programs, statement=statement)
    first = f"from fractions import Fraction\nprint(Fraction('{a}') {relation} Fraction('{b}'))"
    second = f"from sympy import *\nprint(S('{a} - ({b})', rational=True) {relation} 0)"
    statement = f"decide (({a} : Rat) {_LEAN.get(relation, relation)} {b}) = ANSWER"
    return Draft(reasoning="Compare exactly.", programs=(first, second), statement=statement)


def _signed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _is(m: re.Match[str], q: Question) -> Draft | None:
    return _relation(q, m["x"], _RELATIONS[m["rel"]], m["y"])


def _same(m: re.Match[str], q: Question) -> Draft | None:
    different = m["how"] in ("have different values", "non-equal", "nonequal", "unequal", "different")
    return _relation(q, m["x"], "!=" if different else "==", m["y"])


def _which(m: re.Match[str], q: Question) -> Draft | None:
    a, b = m["x"], m["y"]
    name, sign = ("min", "<") if m["how"] in ("smaller", "less") else ("max", ">")
    if not _values(q, a, b):
        return None
    reasoning = f"The {m['how']} of two."
    if q.steps:
        ends = ("print({n}('{a}', '{b}', key={key}))", "print('{a}' if {ea} {sign} {eb} else '{b}')")
        return composed(
            q,
            reasoning,
            lambda s: [ends[s.method].format(n=name, a=a, b=b, key="E", ea=s(a), eb=s(b), sign=sign)],
        )
    if is_integer(a, b):
        programs = (f"print({name}({a}, {b}))", f"print({a} if {a} {sign} {b} else {b})")
        statement = f"{name} ({a} : Int) {_signed(b)} = ANSWER"
        return Draft(reasoning=reasoning, programs=programs, statement=statement)
    first = f"from fractions import Fraction\nprint({name}('{a}', '{b}', key=Fraction))"
    second = f"from sympy import *\nprint('{a}' if S('{a} - ({b})', rational=True) {sign} 0 else '{b}')"
    return Draft(reasoning=reasoning, programs=(first, second))


def _rank(m: re.Match[str]) -> int | None:
    """Index into the ascending order: 0 smallest, -1 biggest, 1 second smallest, …"""
    ordinal = m["k"] or ""
    if ordinal not in ORDINALS:
        return None
    place = ORDINALS.index(ordinal)
    return place if m["how"] == "smallest" else -place - 1


def _at(k: int) -> str:
    """The index with the number that the question has: `third` is `3 - 1`, or -3 from the end."""
    return f"{k + 1} - 1" if k >= 0 else str(k)


def _choices(text: str) -> dict[str, str]:
    return dict(_OPTIONS.findall(text))


def _select(q: Question, reasoning: str, values: list[str], pick: tuple[str, str]) -> Draft | None:
    """`pick` are templates over {v} (list of strings) and {key}, the second sorted another way."""
    if not _values(q, *values):
        return None
    text = ", ".join(values)
    source = f"'{text}'.split(', ')"
    if q.steps:
        return composed(q, reasoning, lambda s: [pick[s.method].format(v=source, key="E")])
    head = "from fractions import Fraction"
    programs = [script(head, template.format(v=source, key="Fraction")) for template in pick]
    return Draft(reasoning=reasoning, programs=(programs[0], programs[1]))


def _choose(q: Question, reasoning: str, options: dict[str, str], pick: tuple[str, str]) -> Draft | None:
    """Options (a), (b), …: the letter is printed. Templates are over {d} (the dict) and {key}."""
    if not options or not _values(q, *options.values()):
        return None
    names = "".join(options)
    if ascii_lowercase.startswith(names):
        names = ascii_lowercase  # zip stops where the options do: nothing is to be counted
    listing = "[" + ", ".join(f"'{value}'" for value in options.values()) + "]"
    text = " ".join(f"({name}) {value}" for name, value in options.items())
    dicts = (
        [f"D = dict(zip('{names}', {listing}))"],
        ["import re", rf"D = dict(re.findall(r'\((.)\) (\S+)', '{text}'))"],
    )

    def finish(s: Style) -> list[str]:
        return [*dicts[s.method], pick[s.method].format(key="E")]

    if q.steps:
        return composed(q, reasoning, finish)
    head = "from fractions import Fraction"
    programs = [script(head, *dicts[i], pick[i].format(key="Fraction")) for i in (0, 1)]
    return Draft(reasoning=reasoning, programs=(programs[0], programs[1]))


def _kth_value(m: re.Match[str], q: Question) -> Draft | None:
    k = _rank(m)
    if k is None:
        return None
    first = f"print(sorted({{v}}, key={{key}})[{_at(k)}])"
    second = f"print(sorted({{v}}, key={{key}}, reverse=True)[{_at(-k - 1)}])"
    return _select(q, f"Sort, take the {m['k'] or ''}{m['how']}.", m["x"].split(", "), (first, second))


def _kth_option(m: re.Match[str], q: Question) -> Draft | None:
    k = _rank(m)
    if k is None:
        return None
    first = f"print(sorted(D, key=lambda t: {{key}}(D[t]))[{_at(k)}])"
    second = f"print(sorted(({{key}}(v), k) for k, v in D.items())[{_at(k)}][1])"
    return _choose(q, f"Sort, take the {m['k'] or ''}{m['how']}.", _choices(m["options"]), (first, second))


def _closest_value(m: re.Match[str], q: Question) -> Draft | None:
    to = m["x"]
    if not _values(q, to):
        return None
    first = f"print(min({{v}}, key=lambda t: abs({{key}}(t) - {{key}}('{to}'))))"
    second = f"print(sorted({{v}}, key=lambda t: ({{key}}(t) - {{key}}('{to}'))**2)[0])"
    return _select(q, "Smallest distance.", m["y"].split(", "), (first, second))


def _closest_option(m: re.Match[str], q: Question) -> Draft | None:
    to = m["x"]
    if not _values(q, to):
        return None
    first = f"print(min(D, key=lambda t: abs({{key}}(D[t]) - {{key}}('{to}'))))"
    second = f"print(min((({{key}}(v) - {{key}}('{to}'))**2, k) for k, v in D.items())[1])"
    return _choose(q, "Smallest distance.", _choices(m["options"]), (first, second))


def _sort(m: re.Match[str], q: Question) -> Draft | None:
    down = (m["how"] or "") in ("descending", "decreasing")
    flag = ", reverse=True" if down else ""
    first = f"print(*sorted({{v}}, key={{key}}{flag}), sep=', ')"
    second = f"print(', '.join(sorted({{v}}, key=lambda t: {'-' if down else ''}{{key}}(t))))"
    return _select(q, "Sort by value.", m["x"].split(", "), (first, second))


_REL = "|".join(sorted(map(re.escape, _RELATIONS), key=len, reverse=True))
_ORDINAL = f"(?P<k>(?:{'|'.join(_ORDINALS)}) )?(?P<how>biggest|smallest)"
_OPTION_LIST = r"\?\s+(?P<options>\(a\) .+)"
RULES: tuple[Rule, ...] = (
    (form(f"Is <X> (?P<rel>{_REL}) <Y>"), _is),
    (form("Does <X> = <Y>"), lambda m, q: _relation(q, m["x"], "==", m["y"])),
    (form("Do <X> and <Y> (?P<how>have the same value|have different values)"), _same),
    (form("Are <X> and <Y> (?P<how>equal|unequal|non-equal|nonequal|different)"), _same),
    (form("Which is (?P<how>smaller|less|bigger|greater|larger): <X> or <Y>"), _which),
    (form("Which number is (?P<how>smaller|larger), <X> or <Y>"), _which),
    (form(f"What is the {_ORDINAL} value in <X>"), _kth_value),
    (form(f"Which is the {_ORDINAL} value{_OPTION_LIST}"), _kth_option),
    (form("What is the (?:closest|nearest) to <X> in <Y>"), _closest_value),
    (form(f"Which is the (?:closest|nearest) to <X>{_OPTION_LIST}"), _closest_option),
    (form("(?:Sort|Put) <X> in (?P<how>ascending|increasing|descending|decreasing) order"), _sort),
    (form("Sort <X>(?P<how>)"), _sort),
)
