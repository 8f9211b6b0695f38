"""Teachers and generator: both programs give the answer that the construction fixed."""

from __future__ import annotations

import contextlib
import io
import re
from collections import Counter

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlm import extract
from training.data.problems import gsm8k, teacher
from training.data.problems.everyday import TEMPLATES
from training.data.problems.generate import FAMILIES, generate
from training.data.problems.parse import Equations, Function, Value, is_expression, parse

ROUNDS = 6
"""Problems per family in the property test."""


def run(program: str) -> str:
    """What our own program prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(program, {})
    return out.getvalue().strip()


def same(output: str, gold: str) -> bool:
    """Equal text, or lists of equal values."""
    ours, theirs = output.split(", "), gold.split(", ")
    return output == gold or (len(ours) == len(theirs) and all(map(_same_value, ours, theirs)))


def _same_value(a: str, b: str) -> bool:
    return a == b or sympy.expand(sympy.S(f"{a} - ({b})", rational=True)) == 0


def solve(question: str) -> tuple[str, str]:
    """The outputs of both programs of a question."""
    written = teacher.completions(question)
    assert written is not None, question
    first, second = (extract.solution(text).program for text in written)
    assert first is not None and second is not None and first != second
    return run(first), run(second)


def test_programs_of_every_family_give_the_answer_by_construction() -> None:
    for problem in generate(ROUNDS * len(FAMILIES), seed=11):
        for output in solve(problem.text):
            assert problem.answer is not None and same(output, problem.answer), (problem, output)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the mean of 1, 17, 0?", "6"),
        ("What is the twelfth smallest value in 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, -1, -2?", "9"),
        ("What is prob of sequence aaaaab when six letters picked without replacement from aaaaab?", "1/6"),
        ("Solve 240 = 23*r + 79 for r.", "7"),
        ("Solve 3*u + 14 = -5*s, 0 = 5*s - 18*u + 19*u + 18 for s.", "-4"),
        ("Suppose 3*y + 6 = u + u, 5*y + u = -10. Let o = 3 - y. Solve -10 = o*q + 5 for q.", "-3"),
        ("Let z be 3/2*((-3)/(-7) - 1209/(-217)). Solve y - 8 + z = 0 for y.", "-1"),
        ("Suppose 3*y**2/7 + 544329*y/7 + 544326/7 = 0. What is y?", "-181442, -1"),
        ("Let w(d) be the first derivative of 2*d**3 - 6*d. Suppose w(n) = 0. What is n?", "-1, 1"),
        ("Suppose -2 = d - 4. Factor 2 + d + 2*l**2 - 6 - l + l**3.", "(l - 1)*(l + 1)*(l + 2)"),
        ("What is the a'th term of 52, 16, -38, -110, -200, -308?", "-9*a**2 - 9*a + 70"),
        ("-93137799173+-0.682", "-93137799173.682"),
        ("In base 13, what is 7 - -115b9?", "115c3"),
        ("What is the third root of 9819 to the nearest integer?", "21"),
        ("Which is the nearest to 0.1?  (a) 40/2073  (b) 1  (c) -0.6  (d) -4", "a"),
        ("Let d = -1.46 - -1.16. Which is the nearest to -1?  (a) d  (b) -4  (c) 1", "a"),
        ("Let v = -78 - -77. Let n = v + 9. Sort 4, v, n in descending order.", "n, 4, v"),
        ("Suppose 6*t + 142553 = -28447. Round t to the nearest 1000.", "-29000"),
        ("Round 2.5 to the nearest integer.", "3"),
        ("Is 205/287 - 5375544/(-21) a composite number?", "True"),
        ("How many months are there in twenty-three sixths of a century?", "4600"),
        ("What is 692 minutes before 10:07 AM?", "10:35 PM"),
        ("Two letters picked without replacement from ddcc. What is prob of picking 1 d and 1 c?", "2/3"),
        ("Give prob of sequence nnc when three letters picked without replacement from {c: 2, n: 3}.", "1/5"),
        ("Let x(l) = 2*l. Let o(y) be the second derivative of y**4/12. Give x(o(j)).", "2*j**2"),
        ("Find the third derivative of b**4*i + 6*b**4 - 16*b*i wrt b.", "24*b*i + 144*b"),
        ("Find the common denominator of -9/901 and -39/10.", "9010"),
    ],
)  # fmt: skip
def test_known_questions(question: str, answer: str) -> None:
    for output in solve(question):
        assert same(output, answer), output


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Calculate the greatest common divisor of 12 and 18.", "Nat.gcd 12 18 = ANSWER"),
        ("Is 91 a multiple of 7?", "decide (7 ∣ 91) = ANSWER"),
        ("Solve -6*y = 3 for y.", "∀ y : Int, -6*y = 3 → y = ANSWER"),
        ("What is 5 - (-3 - 4)?", "(5 - (-3 - 4) : Int) = ANSWER"),
        ("What is 1/2 - 3/(-4)?", "(1/2 - 3/(-4) : Rat) = ANSWER"),
        ("Let h(a) = 3*a**2 - 1. Give h(-2).", "(fun a : Int => 3*a^2 - 1) (-2) = ANSWER"),
        ("What is the hundreds digit of 12345?", "12345 / 10^2 % 10 = ANSWER"),
        ("Is 2 at least -3?", "decide ((2 : Int) ≥ -3) = ANSWER"),
        ("Is 0.5 at least -3?", "decide ((0.5 : Rat) ≥ -3) = ANSWER"),
        ("Let d = 8 - 5. Is 52 a multiple of d?", "∀ d : Int, d = 8 - 5 → decide (d ∣ 52) = ANSWER"),
        (
            "Let f(t) = t**2 + 1. Suppose x + f(2) = 9, y = 2*x. Solve x*u = 1/2 for u.",
            None,
        ),
        (
            "Let f(t) = t**2 + 1. Suppose x + f(2) = 9, y = 2*x. Solve x*u = 12 for u.",
            "∀ f : Int → Int, (∀ t, f (t) = t^2 + 1) → ∀ x y : Int, x + f (2) = 9 → y = 2*x → "
            "∀ u : Int, x*u = 12 → u = ANSWER",
        ),
        (
            "Let z = 1/2 + 3/2. Solve y + z = 5 for y.",
            "∀ z : Rat, z = 1/2 + 3/2 → ∀ y : Rat, y + z = 5 → y = ANSWER",
        ),
        ("Let z = 4. What is the remainder when z/2 + 5 is divided by 3?", None),
        ("Let z = 1/2 + 3/2. What is the remainder when 9 is divided by z?", None),
        ("Let f(t) be the first derivative of t**2. What is f(3)?", None),
    ],
)
def test_formal_statements_stand_in_the_first_completion(question: str, statement: str | None) -> None:
    written = teacher.completions(question)
    assert written is not None
    expected = None if statement is None else f"theorem answer : {statement}"
    assert extract.solution(written[0]).formal_statement == expected
    assert extract.solution(written[1]).formal_statement is None


@pytest.mark.parametrize(
    "question",
    ["", "?", "Who was Euler?", "Let x be blue. What is x?", "What is x?", "1" * 5000],
)
def test_unknown_questions_have_no_teacher(question: str) -> None:
    assert teacher.completions(question) is None


PIECES = (
    "Let ", "Suppose ", "What is ", "Round ", "Solve ", " for x.", "x", " = ", " to the nearest ", "²", "(",
    ")", "3", "**", "/", "0", " (base ", " in base ", ". ", "?", "f(x)", "prime", "Is ", " and ", "sqrt(",
    "{a: 1}", " is divided by ", "Convert ", " to ", " of a ",
)  # fmt: skip


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_a_teacher_fail(text: str) -> None:
    written = teacher.completions(text)
    assert written is None or len(written) == 2


def test_reasoning_is_one_short_line() -> None:
    for problem in generate(2 * len(FAMILIES), seed=3):
        written = teacher.completions(problem.text)
        assert written is not None
        for text in written:
            reasoning = extract.solution(text).reasoning
            assert "\n" not in reasoning and 0 < len(reasoning.split()) <= 12


def test_generator_is_deterministic_with_a_stable_beginning() -> None:
    problems = list(generate(300, seed=5))
    assert problems == list(generate(300, seed=5))
    assert problems[:50] == list(generate(50, seed=5))
    assert [p.text for p in problems] != [p.text for p in generate(300, seed=6)]


def test_equal_texts_share_a_side_of_the_split() -> None:
    problems = [p for seed in (5, 6, 7) for p in generate(3000, seed=seed)]
    ids = {p.id: p.text for p in problems}
    assert len(ids) == len({p.text for p in problems}) < len(problems)  # some texts came up again
    assert all(ids[p.id] == p.text for p in problems)


def test_generator_answers_do_not_lean_to_one_boolean() -> None:
    answers = Counter(p.answer for p in generate(4000, seed=1) if p.answer in ("True", "False"))
    assert min(answers.values()) > 0.25 * answers.total()


def test_every_word_problem_template_can_be_read_back() -> None:
    for template in TEMPLATES:
        text = template.text.format(name="Anna", thing="pens", a=48, b=48, c=5000)
        expected = eval(template.formula, {"a": 48, "b": 48, "c": 5000})
        assert [float(output) for output in solve(text)] == [expected, expected]


def test_parse_types_the_steps() -> None:
    text = (
        "Let d = 80 + -42. Suppose d*x - y = 1, y = 2. Let f(t) be the second derivative of t**3. Is 2 even?"
    )
    question = parse(text)
    assert question is not None
    assert question.steps == (
        Value(name="d", expression="80 + -42"),
        Equations(sides=(("d*x - y", "1"), ("y", "2")), unknowns=("x", "y")),
        Function(name="f", variable="t", expression="t**3", order=2),
    )
    assert question.request == "Is 2 even?"
    assert parse("Let us begin. What is 2?") is None


@pytest.mark.parametrize("text", ["__import__('os')", "x.y", "open(1)", "a[0]", "1; 2", "'", "exit()"])
def test_only_arithmetic_is_copied_into_programs(text: str) -> None:
    assert not is_expression(text)


def test_gsm8k_results_become_names() -> None:
    solution = "48/2 = <<48/2=24>>24 in May.\nAnd 48+24 = <<48+24=72>>72, or <<072*1.50=108>>108.\n"
    text = gsm8k.completion(solution)
    assert text is not None
    program = extract.solution(text).program
    assert program == "a = 48/2\nb = 48+a\nc = b*1.50\nprint(round(c, 6))"
    assert run(program) == "108.0"


@pytest.mark.parametrize("solution", ["no annotation", "<<x+1=3>>", "<<__import__('os')=1>>"])
def test_gsm8k_solutions_that_cannot_be_read(solution: str) -> None:
    assert gsm8k.completion(solution) is None


def test_gsm8k_never_sees_the_final_answer() -> None:
    text = gsm8k.completion("<<2+2=4>>4\n#### 5")
    assert text is not None and not re.search("5", text)
