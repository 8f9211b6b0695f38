"""`mathlm.certify`: which programs confirm each other, and which formal statements may certify."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlm.certify import Program, independent, is_answer, lean_literal, read_formal, shape

GCD = "What is gcd(12, 18)?"
FIRST = "from math import gcd\nprint(gcd(12, 18))"
SECOND = "a, b = 12, 18\nwhile b: a, b = b, a % b\nprint(a)"


def programs(*sources: tuple[int, str]) -> list[Program]:
    return [Program(method=method, source=source) for method, source in sources]


def test_two_ways_confirm_each_other() -> None:
    assert independent(GCD, programs((0, FIRST), (1, SECOND))) == (0, 1)
    no, again = (0, "print(6)"), (1, FIRST)
    assert independent(GCD, programs(no, (0, FIRST), again, (1, SECOND), (0, FIRST))) == (1, 3)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, FIRST), (0, SECOND)),
        ((0, FIRST), (1, FIRST)),
        ((0, SECOND), (1, "x, y = 12, 18\nwhile y:  x, y = y, x % y\nprint(x)")),
        ((0, FIRST), (1, "print(6)")),
        ((0, "print(3 * 2)"), (1, "print(6)")),
        ((0, FIRST), (1, SECOND.replace("18", "16"))),
    ],
    ids=[
        "one method",
        "same text",
        "only names differ",
        "one not grounded",
        "neither grounded",
        "other number",
    ],
)
def test_what_does_not_confirm(first: tuple[int, str], second: tuple[int, str]) -> None:
    assert independent(GCD, programs(first, second)) is None


def test_shape_keeps_functions_and_drops_names_and_numbers() -> None:
    assert shape("import math\nx = math.gcd(4, 6)\nprint(x)") == shape(
        "import math\nyy = math.gcd(9, 3)\nprint(yy)"
    )
    assert shape("import math\nprint(math.gcd(4, 6))") != shape("import math\nprint(math.lcm(4, 6))")
    assert shape("print(max(1, 2))") != shape("print(min(1, 2))")
    assert shape("print(") is None


@pytest.mark.parametrize("text", ["", " ", "None", "[]", "nan", "set()", "EmptySet"])
def test_lines_that_are_no_answer(text: str) -> None:
    assert not is_answer(text)
    assert is_answer("False")
    assert is_answer("0")


@pytest.mark.parametrize(
    ("answer", "literal"),
    [
        ("6", "6"),
        ("-6", "(-6)"),
        ("True", "true"),
        ("False", "false"),
        ("3/4", "((3 : Rat) / 4)"),
        ("-0.25", "((-1 : Rat) / 4)"),
        ("6 := by trivial", None),
        ("6\n", "6"),
        ("6)", None),
        ("x", None),
        ("1/0", None),
        ("٣", None),
        ("1e5", None),
        ("9" * 300, None),
    ],
)
def test_only_literals_enter_a_statement(answer: str, literal: str | None) -> None:
    assert lean_literal(answer) == literal


CERTIFYING = [
    (GCD, "Nat.gcd 12 18 = ANSWER", "6", "Nat.gcd 12 18 = 6"),
    ("What is -5 minus 8?", "(-5 - 8 : Int) = ANSWER", "-13", "(-5 - 8 : Int) = (-13)"),
    ("How far is 5 from 8?", "Int.natAbs (5 - 8) = ANSWER", "3", "Int.natAbs (5 - 8) = 3"),
    ("Does 13 divide 39?", "decide (13 ∣ 39) = ANSWER", "True", "decide (13 ∣ 39) = true"),
    ("Is -15 >= -15?", "decide ((-15 : Int) ≥ -15) = ANSWER", "True", "decide ((-15 : Int) ≥ -15) = true"),
    ("1156 times 3.5", "(1156 * 3.5 : Rat) = ANSWER", "4046", "(1156 * 3.5 : Rat) = 4046"),
    ("What is 6 divided by 8?", "(6 / 8 : Rat) = ANSWER", "3/4", "(6 / 8 : Rat) = ((3 : Rat) / 4)"),
    ("What is the hundreds digit of 54321?", "54321 / 100 % 10 = ANSWER", "3", "54321 / 100 % 10 = 3"),
    (
        "Let f(x) = x**2 - 3*x. What is f(5)?",
        "(fun x : Int => x^2 - 3*x) 5 = ANSWER",
        "10",
        "(fun x : Int => x^2 - 3*x) 5 = 10",
    ),
]


@pytest.mark.parametrize(("question", "body", "answer", "expected"), CERTIFYING)
def test_statements_that_certify(question: str, body: str, answer: str, expected: str) -> None:
    formal = read_formal(question, f"theorem answer : {body}", answer)
    assert formal is not None
    assert formal.statement == f"theorem answer : {expected}"
    assert formal.probe is None


CHAINED = [
    (
        "Suppose x = 12. What is x - (18 - 5)?",
        "∀ x : Int, x = 12 → x - (18 - 5) = ANSWER",
        "-1",
        "((-1) + 1)",
    ),
    (
        "Let f(x) = 3*x. What is f(2 - 5)?",
        "∀ f : Int → Int, (∀ x, f (x) = 3*x) → f (2 - 5) = ANSWER",
        "-9",
        "((-9) + 1)",
    ),
    (
        "Suppose 2*s + 3 = 5*s. Let f(x) = x**2 - 7. What is f(s)?",
        "∀ s : Int, 2*s + 3 = 5*s → ∀ f : Int → Int, (∀ x, f (x) = x^2 - 7) → f (s) = ANSWER",
        "-6",
        "(((-6) + 1)",
    ),
    (
        "Let y = 137 - 83. Is -9/28 at least y?",
        "∀ y : Rat, y = 137 - 83 → decide (-9/28 ≥ y) = ANSWER",
        "False",
        "true",
    ),
    (
        "Suppose -342 = -10*m. What is the tens digit of m?",
        "∀ m : Int, -342 = -10*m → m / 10 % 10 = ANSWER",
        "5",
        "(5 + 1)",
    ),
]


@pytest.mark.parametrize(("question", "body", "answer", "other"), CHAINED)
def test_steps_of_a_question_become_hypotheses(question: str, body: str, answer: str, other: str) -> None:
    formal = read_formal(question, f"theorem answer : {body}", answer)
    assert formal is not None and formal.probe is not None
    assert formal.probe.endswith(other.removeprefix("("))


def test_a_determined_statement_comes_with_a_probe() -> None:
    question = "Solve 3*x + 2 = 14 for x."
    formal = read_formal(question, "theorem answer : ∀ x : Int, 3*x + 2 = 14 → x = ANSWER", "4")
    assert formal is not None
    assert formal.probe == "theorem answer : ∀ x : Int, 3*x + 2 = 14 → x = (4 + 1)"


REFUSED = [
    ("Nat.gcd 12 16 = ANSWER", "another number"),
    ("Nat.gcd 12 18 = 6", "no ANSWER"),
    ("Nat.gcd 12 18 = ANSWER ∧ ANSWER = 6", "ANSWER twice"),
    ("12 = 18 ∨ 6 = ANSWER", "a disjunction outside of brackets"),
    ("12 ≤ 18 → 6 = ANSWER", "an implication without a variable"),
    ("Nat.gcd 12 18 ≤ ANSWER", "not an equation"),
    ("Nat.gcd 12 18 + 0*n = ANSWER", "a free variable"),
    ("True := trivial theorem t : Nat.gcd 12 18 = ANSWER", "a second command"),
    ("Nat.gcd 12 18 = ANSWER := by sorry --", "a proof of its own"),
    ("Nat.gcd 12 18 /- = -/ = ANSWER", "a comment"),
    ("(12 --18) = ANSWER", "a line comment"),
    ("Nat.gcd (n := 12) 18 = ANSWER", "a named argument"),
    ("Nat.gcd 12 18 = ANSWER\n", "fine"),
    ("Nat.gcd 12 18 =\nANSWER", "a line break"),
    ("local notation 12 18 = ANSWER", "a command word"),
    ("12 / 18 = ANSWER", "a division that cuts off"),
    ("12 - 18 = ANSWER", "a subtraction that stops at zero"),
    ("Int.natAbs 12 - 18 = ANSWER", "a subtraction of the Nat that a function of Int gives"),
    ("∀ x : Nat, x = 12 - 18 → ∀ y : Int, y = 6 → x = ANSWER", "a subtraction of Nat beside Int"),
    ("sorryAx 12 18 = ANSWER", "an unlisted constant"),
    ("«12» 18 = ANSWER", "an unlisted character"),
    ("∀ x : Int, 12 = 18 → x = ANSWER", "hypotheses without the variable"),
    ("∀ x y : Int, 12*x = 18 → x = ANSWER", "a variable without a hypothesis"),
    ("∀ x : Int, (∀ y : Int, 12*x = 18*y) → x = ANSWER", "a quantifier inside"),
    ("∀ x : Int, 12*x = 18 → 6 = ANSWER ∨ x = 0", "a disjunction after the hypotheses"),
    ("∀ x : Int, 12*x < 18 → x = ANSWER", "a hypothesis that is no equation"),
    ("∀ x : Int, 12*x = 18/2 → ∀ y : Rat, y = x → y = ANSWER", "a division beside integers"),
    ("∀ x : Int, 12*x = 18 → x + n = ANSWER", "a free variable after the hypotheses"),
    ("(1.5 * 12 + 18) = ANSWER", "a decimal that is no Rat"),
    ("∀ x : Int, x = 12 → 12 - 18 = ANSWER", "a subtraction of Nat after a hypothesis about Int"),
    ("∀ x : Rat, x = 12 → 12 / 18 = ANSWER", "a division of Nat after a hypothesis about Rat"),
    ("(fun n => 12 - 18) (1 : Int) = ANSWER", "a function of Int that subtracts in Nat"),
    (
        "∀ x : Int, x = 12 → decide (12 - 18 = 0 ∧ x = 12) = ANSWER",
        "a subtraction of Nat beside Int in a fact",
    ),
    (
        "∀ x : Int, x = 12 → ((x = 18) = (12 - 18 = 0)) = ANSWER",
        "a subtraction of Nat in a fact beside one of Int",
    ),
    ("∀ x : Int, x = 12 → (fun n => 12 - n) 18 = ANSWER", "a function of Nat by default that subtracts"),
    ("∀ n : Int, n = 12 → (fun n => 12 - n) 18 = ANSWER", "the same, under a bound name"),
    ("∀ x : Int, x = 12 → Int.natAbs (x) - 18 = ANSWER", "a subtraction from the Nat of an Int"),
    ("∀ x : Nat, x = 12 / 18 → x / 10 % 10 = ANSWER", "a division before that of the digit's place"),
]


@pytest.mark.parametrize(("body", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_statements_that_do_not_certify(body: str, why: str) -> None:
    formal = read_formal(GCD, f"theorem answer : {body}", "6")
    assert (formal is not None) == (why == "fine")


@pytest.mark.parametrize(
    "text", [None, "", "example : 12 = 18", "theorem other : Nat.gcd 12 18 = ANSWER", "x" * 9999]
)
def test_other_texts_are_no_statement(text: str | None) -> None:
    assert read_formal(GCD, text, "6") is None


@given(
    st.text(alphabet=st.sampled_from("ANSWER=: ()∀→x12 8-/|\n;`#theorem"), max_size=80), st.text(max_size=10)
)
@settings(max_examples=300, deadline=None)
def test_no_text_passes_the_list_of_tokens_with_a_command(body: str, answer: str) -> None:
    formal = read_formal("12 18", f"theorem answer : {body}", answer)
    if formal is not None:
        assert not any(bad in formal.statement for bad in (":=", "--", "/-", "|", "\n", "#", ";"))
        assert formal.statement.count("theorem") == 1
