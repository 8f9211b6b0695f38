"""`mathlm.grounding`: what a program must carry of its question, slip by slip."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlm.grounding import formulas, grounded, numbers, program_text
from mathlm.units import conversion


def is_grounded(question: str, program: str) -> bool:
    text = program_text(program)
    return text is not None and grounded(question, text)


GROUNDED = [
    ("What is gcd(12, 18)?", "import math\nprint(math.gcd(12, 18))"),
    ("What is -47 - -3?", "print(-47 - -3)"),
    (
        "Solve 26*p = 46*p + 22 for p.",
        "from sympy import *\np=S('p')\nprint(solve(Eq(26*p, 46*p + 22), p)[0])",
    ),
    ("Round 5.7167 to three dps.", "print(round(5.7167, 3))"),
    (
        "Round 15 to the nearest one million.",
        "from decimal import *\nprint(Decimal('15').quantize(Decimal('1e6')))",
    ),
    ("What is the hundred thousands digit of 78511645?", "print(78511645 // 10**5 % 10)"),
    ("What is the third biggest of 7, 15, 400?", "print(sorted([7, 15, 400], reverse=True)[2])"),
    ("What is the tenth biggest of 2, 7, 15?", "print(sorted([2, 7, 15], reverse=True)[10 - 1])"),
    ("In base 14, what is -307 - 578d?", "print(int('-307', 14) - int('578d', 14))"),
    ("What is 307 minutes after 4:01 PM?", "print(16 * 60 + 1 + 307)"),
    ("What is 15% of 80?", "print(0.15 * 80)"),
    ("How many days are 5,000 hours?", "print(5000 / 24)"),
    ("Let a be m(6) + 2*7. What is a?", "m = abs\na = m(6) + 2*7\nprint(a)"),
    (
        "Which is nearest to 3?  (a) 5  (b) -7",
        "print(min({'a': 5, 'b': -7}.items(), key=lambda t: abs(t[1] - 3)))",
    ),
]
CONVERTED = [
    (
        "Convert 6.957431l to millilitres.",
        "from decimal import *\nprint(f\"{Decimal('6.957431') * 1000:f}\")",
    ),
    ("What is seven fifths of a meter in millimeters?", "print(Fraction(7, 5) * 1000)"),
    ("What is seven fifths of a meter in millimeters?", "print(Fraction('7/5') * 1000)"),
    ("What is thirty-seven halves of a gram in nanograms?", "print(Fraction(37, 2) * 10**9)"),
    ("How many seconds are there in 2/63 of a week?", "print(Fraction('2/63') * 604800)"),
    ("How many seconds are there in 2/63 of a week?", "print(Fraction(2, 63) * 7 * 24 * 60 * 60)"),
    ("How many weeks are there in 86400 seconds?", "print(Fraction(86400) / 604800)"),
    ("What is 790481.2 decades in millennia?", "print(Decimal('790481.2') * 120 / 12000)"),
    ("How many feet are there in 2.5 miles?", "print(2.5 * 5280)"),
    ("How many meters are there in 1000 kilometers?", "print(1000 * 1000)"),
]
MISCONVERTED = [
    ("Convert 6.957431l to millilitres.", "print(f\"{Decimal('6.957431') * 100:f}\")", "a wrong power"),
    ("Convert 6.957431l to millilitres.", "print(f\"{Decimal('6.957431') / 1000:f}\")", "the wrong way"),
    ("Convert 6.957431l to millilitres.", "print(Decimal('6.957431') * 1000 + 1)", "something added"),
    ("Convert 6.957431l to millilitres.", "print(Decimal('6.957431') * 1000 - 1)", "something subtracted"),
    ("What is seven fifths of a meter in millimeters?", "print(Fraction(7, 6) * 1000)", "a part misread"),
    ("What is seven fifths of a gram in nanograms?", "print(Fraction(7, 5) * 10**6)", "micro for nano"),
    ("How many meters are there in 1000 kilometers?", "print(1000)", "no factor at all"),
    ("How many weeks are there in 86400 seconds?", "print(Fraction(86400) / 604800 * 2)", "twice as many"),
    ("What is 2.5 miles in feet?", "print(2.5 * 0)", "a factor of nothing"),
]
UNGROUNDED = [
    ("What is gcd(12, 18)?", "print(6)", "the answer alone"),
    ("What is gcd(12, 18)?", "import math\nprint(math.gcd(12, 16))", "a number is missing"),
    ("What is gcd(12, 18)?", "import math\nprint(math.gcd(12, 18) + 777)", "a number from elsewhere"),
    ("What is gcd(12, 18)?", "x = [12, 18]\nprint(6)", "the numbers are there but unused"),
    ("What is gcd(12, 18)?", "'12 18'\nprint(6)", "the numbers stand in a bare string"),
    ("What is gcd(12, 18)?", "print(6)  # 12 18", "the numbers stand in a comment"),
    ("What is -47 - -3?", "print(-47 - 3)", "a sign is lost"),
    ("What is -47 - -3?", "print(47 - -3)", "the first sign is lost"),
    ("What is 3 + 3 + 4?", "print(3 + 4)", "a repeated term is lost"),
    ("What is 30 - 4 + 20?", "print(30 + 4 - 20)", "operators are exchanged in a formula"),
    ("What is 2*(3 + 4)?", "print((2*3) + 4)", "brackets moved"),
    ("What is the third biggest of 7, 15, 400?", "print(sorted([7, 15, 400])[0])", "the word is not used"),
    ("What is the third biggest of 7, 5, 15?", "print(sorted([7, 5, 15])[4 - 1])", "one rank too many"),
    (
        "What is the tenth biggest of 2, 7, 15?",
        "print(sorted([2, 7, 15])[1 - 1])",
        "a rank for a power of ten",
    ),
    (
        "In base 14, what is -307 - 578d?",
        "print(int('-307', 14) - int('587d', 14))",
        "a foreign numeral miscopied",
    ),
    (
        "What is the prob of sequence ab, letters without replacement from abbcd?",
        "print('ab', 'abcd')",
        "letters lost",
    ),
    (
        "What is prob of sequence zuga when four letters picked without replacement from zaaxzazzqqggagua?",
        "print('zuga', 'zaaxzazzqqggaguaa')",
        "a letter too many",
    ),
    (
        "Mean word length of hippopotamus",
        "print(len('hippopotamus'), len('hipopotamus'))",
        "a word miscopied",
    ),
    ("What is 2 + 5?", "print(2 + 5", "it does not parse"),
    (f"Is {'7' * 5000} prime?", f"print({'7' * 5000})", "numbers beyond all bounds"),
    (f"Is 7{'1' * 40}3 prime?", f"print(7{'1' * 40}5)", "the last of many digits"),
]


def test_a_numeral_is_there_as_often_as_it_is_asked() -> None:
    question = "In base 14, what is 578d - 578d?"
    assert grounded(question, "print(int('578d', 14) - int('578d', 14))")
    assert not grounded(question, "print(int('578d', 14))")


@pytest.mark.parametrize(("question", "program"), GROUNDED + CONVERTED)
def test_faithful_programs_are_grounded(question: str, program: str) -> None:
    assert is_grounded(question, program)


@pytest.mark.parametrize(
    ("question", "program", "why"),
    UNGROUNDED + MISCONVERTED,
    ids=[why for *_, why in UNGROUNDED + MISCONVERTED],
)
def test_slips_are_not_grounded(question: str, program: str, why: str) -> None:
    assert not is_grounded(question, program)


def test_signs_of_numbers() -> None:
    assert numbers("3 - 5") == {Fraction(3): 1, Fraction(5): 1}
    assert numbers("3 - -5") == {Fraction(3): 1, Fraction(-5): 1}
    assert numbers("is -5 (-5) =-5") == {Fraction(-5): 3}
    assert numbers("x-5 x2 0.50") == {Fraction(5): 1, Fraction("0.5"): 1}


def test_formulas_of_a_question() -> None:
    assert list(formulas("Let w be 1/(-4)*(-5 + -7). Is x + 1 = 2*x - y**2?".replace("**", "^"))) == [
        "1/(-4)*(-5+-7)",
        "2*x-y^2",
    ]
    assert list(formulas("Which?  (a) 6  (b) -5  (c) 1/24")) == []


@given(
    st.text(alphabet=st.sampled_from("0123456789 .,-+*/^()'\"#\nabx=:%"), max_size=60), st.text(max_size=40)
)
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_raise(question: str, program: str) -> None:
    program_text(question)
    is_grounded(question, program)
    is_grounded(program, question)
    grounded(question, program)
    assert question == "" or grounded(question, question) in (True, False)


@pytest.mark.parametrize(
    ("question", "ratio"),
    [
        ("What is 790481.2 decades in millennia?", Fraction(1, 100)),
        ("How many months are there in 27/2 of a century?", Fraction(1200)),
        ("Convert 3.5 inches to cm.", Fraction(127, 50)),
        ("What is 6 in binary?", None),
        ("What is 30 degC in degF?", None),
        ("How many apples are there in 3 bags?", None),
        ("What is x in m?", None),
    ],
)
def test_the_ratio_of_two_units(question: str, ratio: Fraction | None) -> None:
    assert conversion(question) == ratio
