"""`mathlm.extract`: fences, proofs and user statements; no text makes it raise."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlm.errors import UsageError
from mathlm.extract import Statement, proof, read_statement, solution

COMPLETION = """Greatest common divisor of 12 and 18.
```python
import math
print(math.gcd(12, 18))
```
```lean
theorem answer : Nat.gcd 12 18 = ANSWER
```"""


def test_all_three_parts_of_a_completion() -> None:
    draft = solution(COMPLETION)
    assert draft.reasoning == "Greatest common divisor of 12 and 18."
    assert draft.program == "import math\nprint(math.gcd(12, 18))"
    assert draft.formal_statement == "theorem answer : Nat.gcd 12 18 = ANSWER"


def test_the_last_program_wins() -> None:
    assert solution("```python\nprint(1)\n```\nNo.\n```py\nprint(2)\n```").program == "print(2)"


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint(1)",
        "print(1)",
        "",
        "``` python",
        "```\nprint(1)\n```",
        "```lean\ntheorem a : 1 = 1\n```",
    ],
)
def test_no_program(text: str) -> None:
    assert solution(text).program is None


def test_a_fence_cut_by_the_token_limit_does_not_swallow_the_next() -> None:
    draft = solution("```python\nprint(1)\n```lean\ntheorem answer : 1 = ANSWER\n```")
    assert draft.program is None
    assert draft.formal_statement == "theorem answer : 1 = ANSWER"


def test_windows_line_ends() -> None:
    assert solution(COMPLETION.replace("\n", "\r\n")).program == "import math\nprint(math.gcd(12, 18))"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by omega", "by omega"),
        (" := by omega\n", "by omega"),
        ("```lean\nby\n  intro x\n  rfl\n```", "by\n  intro x\n  rfl"),
        ("```\nrfl\n```", "rfl"),
        ("Here it is:\n```lean4\ntheorem t (a : Nat := 3) : a = a := by rfl\n```", "by rfl"),
        ("theorem t : let x := 5; x = 5 := by decide", "by decide"),
        ("theorem t : 1 = 1", None),
        ("", None),
        (":=", None),
        ("fun h => h", "fun h => h"),
    ],
)
def test_proof(text: str, expected: str | None) -> None:
    assert proof(text) == expected


@given(st.text(alphabet=st.sampled_from('`\n pythonlea:=()"\\-/⟨⟩{}[]tmr\r\x00é'), max_size=80) | st.text())
@settings(max_examples=300, deadline=None)
def test_completions_never_raise(text: str) -> None:
    solution(text)
    proof(text)
    for fence in ("```python\n", "theorem ", "```lean\n"):
        solution(fence + text)
        proof(fence + text)


@given(st.text(alphabet=st.sampled_from('`\n :=()"\\-/⟨⟩{}[]a\r\x00é'), max_size=60))
@settings(max_examples=300, deadline=None)
def test_user_statements_are_read_or_refused(text: str) -> None:
    with suppress(UsageError):
        assert read_statement("theorem t " + text).theorem.startswith("theorem t")


@pytest.mark.parametrize(
    "end", ["", " :=", " := sorry", " := by sorry", " := by\n  sorry\n", " -- easy\n", " :="]
)
def test_a_statement_with_or_without_sorry(end: str) -> None:
    found = read_statement("theorem t (a : Nat) : a + 0 = a" + end)
    assert found == Statement(header="", theorem="theorem t (a : Nat) : a + 0 = a")
    assert found.challenge == "theorem t (a : Nat) : a + 0 = a := sorry"
    assert found.with_proof("by rfl") == "theorem t (a : Nat) : a + 0 = a := by rfl"


def test_lines_before_the_theorem_are_kept() -> None:
    head = "import Std\nopen Nat\n-- theorem in a comment\n/-- a /- nested -/ := -/\n"
    text = head + "theorem t : 1 = 1 := by sorry\n"
    found = read_statement(text)
    assert found.theorem == "theorem t : 1 = 1"
    assert found.header + found.theorem == text.removesuffix(" := by sorry\n")


def test_default_values_strings_and_let_in_the_statement() -> None:
    for theorem in (
        'theorem t (a : String := ":= --") : a = a',
        "theorem t : let x := 5; x = 5",
        'theorem t : "a".length = 1 ∧ "-- b" = "-- b"',
    ):
        assert read_statement(theorem + " := by sorry").theorem == theorem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no theorem"),
        ("a + b = b + a", "no theorem"),
        ("theorem t : 1 = 1\ntheorem u : 1 = 1", "2 theorems"),
        ("theorem t : 1 = 1 := by rfl", "already has a proof"),
        ("theorem t := sorry", "no type"),
        ("theorem", "no type"),
    ],
)
def test_refused_statements_say_what_to_do(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_statement(text)


def test_prompts_show_that_mathlib_is_imported_and_no_other_header() -> None:
    imported = read_statement(
        "import Mathlib\nset_option maxHeartbeats 400000\nopen Nat\n\ntheorem t : 1 = 1"
    )
    assert imported.shown == "import Mathlib\n\ntheorem t : 1 = 1"
    assert imported.challenge.startswith("import Mathlib\nset_option")
    assert read_statement("open Nat\ntheorem t : 1 = 1").shown == "theorem t : 1 = 1"
