"""The judge against claims: a worker that was taken over may say anything; only what is proved is accepted.

The claims are real exports of real sources, damaged by hand or by hypothesis.
"""

from __future__ import annotations

import dataclasses
import json
import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlm.types import Reason, Status, Verdict
from verify.base import Limits
from verify.lean import judge as judging
from verify.lean import protocol
from verify.lean.policy import default
from verify.lean.protocol import CheckAnswer, Elaborated
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=4096, heartbeats=200_000, output_bytes=20_000)
STATEMENT = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := sorry"
PROOF = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := ⟨h.2, h.1⟩"


def judge(answer: CheckAnswer, *, challenged: bool) -> Verdict:
    return judging.judge(answer, challenged=challenged, policy=default())


def export(lean: LeanVerifier, source: str) -> Elaborated:
    reply = lean.pool.run(protocol.check_request(source, LIMITS), limits=LIMITS)
    assert reply.answer is not None
    claim = protocol.read_elaborated(reply.answer)
    assert isinstance(claim, Elaborated)
    return claim


def facts(lean: LeanVerifier, claim: Elaborated, statement: str | None) -> CheckAnswer:
    request = protocol.judge_request(claim, statement, LIMITS, describe=False)
    reply = lean.judges.run(request, limits=LIMITS)
    assert reply.answer is not None, reply.detail
    answer = protocol.read_judged(claim, reply.answer)
    assert isinstance(answer, CheckAnswer)
    return answer


def with_export(claim: Elaborated, text: str) -> Elaborated:
    return dataclasses.replace(claim, export=text, messages=())


@pytest.fixture(scope="module")
def honest(lean: LeanVerifier) -> Elaborated:
    return export(lean, PROOF)


def test_the_text_is_lean4export(honest: Elaborated) -> None:
    first, *lines = honest.export.splitlines()
    assert json.loads(first)["meta"]["format"]["version"] == "3.1.0"
    kinds = [next(iter(json.loads(line).keys() - {"in", "il", "ie"})) for line in lines]
    assert kinds[-1] == "thm"
    assert {"str", "bvar", "const", "app", "lam", "forallE"} <= set(kinds)


def test_an_honest_claim_is_accepted(lean: LeanVerifier, honest: Elaborated) -> None:
    verdict = judge(facts(lean, honest, STATEMENT), challenged=True)
    assert verdict.status is Status.ACCEPTED


def test_a_proof_of_another_statement_is_a_mismatch(lean: LeanVerifier, honest: Elaborated) -> None:
    other = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ q := sorry"
    verdict = judge(facts(lean, honest, other), challenged=True)
    assert verdict.reason is Reason.STATEMENT_MISMATCH


def test_a_claim_without_a_proof_meets_the_kernel(lean: LeanVerifier) -> None:
    """`t : 1 = 2`, with the value of a proof of `1 = 1`: the worker lied about what was proved."""
    true = export(lean, "theorem t : 1 = 1 := Eq.refl 1").export
    false = export(lean, "theorem t : 1 = 2 := sorry").export
    stated = json.loads(false.splitlines()[-1])["thm"]
    lines = [*false.splitlines()[:-1]]
    names = sum('"in":' in line for line in lines)
    levels = sum('"il":' in line for line in lines)
    terms = sum('"ie":' in line for line in lines)
    # the proof's lines, moved behind those of the false statement
    value = json.loads(true.splitlines()[-1])["thm"]["value"]
    for line in true.splitlines()[1:-1]:
        row = json.loads(line)
        lines.append(
            json.dumps(shifted(row, names, levels, terms), separators=(",", ":"), ensure_ascii=False)
        )
    stated["value"] = value + terms
    lines.append(json.dumps({"thm": stated}, separators=(",", ":")))
    claim = with_export(export(lean, PROOF), "\n".join(lines) + "\n")
    verdict = judge(facts(lean, claim, "theorem t : 1 = 2 := sorry"), challenged=True)
    assert verdict.reason is Reason.KERNEL, verdict


def shifted(row: dict[str, object], names: int, levels: int, terms: int) -> dict[str, object]:
    """A line whose indices are moved up by the lengths of the tables before it (index 0 is shared)."""

    def name(index: int) -> int:
        return index + names if index else 0

    def level(index: int) -> int:
        return index + levels if index else 0

    out: dict[str, object] = {}
    for key, value in row.items():
        if key == "in":
            out[key] = name(int(str(value)))
        elif key == "il":
            out[key] = level(int(str(value)))
        elif key == "ie":
            out[key] = int(str(value)) + terms
        elif key in ("str", "num"):
            assert isinstance(value, dict)
            out[key] = {**value, "pre": name(value["pre"])}
        elif key == "succ" or key == "sort":
            out[key] = level(int(str(value)))
        elif key == "const":
            assert isinstance(value, dict)
            out[key] = {"name": name(value["name"]), "us": [level(u) for u in value["us"]]}
        elif key == "app":
            assert isinstance(value, dict)
            out[key] = {part: index + terms for part, index in value.items()}
        else:
            out[key] = value
    return out


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r'"ie":0,', '"ie":1,'),
        (r'\{"ie":1,', '{"ie":01,'),
        (r'\{"ie":1,', '{"ie":1.0,'),
        (r'\{"ie":1,', '{ "ie":1,'),
        (r'"fn":(\d+),"arg":\d+', r'"fn":\1,"arg":999999'),
        (r'"fn":(\d+),"arg"', r'"fn":\1,"fn":0,"arg"'),
        (r'"bvar":0', '"bvar":-1'),
        (r'"bvar":0', '"fvar":0'),
        (r'"binderInfo":"default"', '"binderInfo":"__proto__"'),
        (r'"str":"t"', r'"str":"\\ud800"'),
        (r'\{"thm":\{"name":(\d+)', r'{"thm":{"name":0'),
        (r'"levelParams":\[\]', '"levelParams":[0]'),
        (r'"value":(\d+),"all"', r'"value":999999,"all"'),
        (r'"value":(\d+),"all"', r'"value":\1,"extra":1,"all"'),
        (r'\{"thm":', '{"__proto__":'),
        (r'\{"thm":\{', '{"thm":{"name":1,'),
        (r"\n$", ""),
        (r'^\{"meta"', '{"ie"'),
    ],
)
def test_text_that_is_not_the_format_is_refused(
    lean: LeanVerifier, honest: Elaborated, pattern: str, replacement: str
) -> None:
    damaged, count = re.subn(pattern, replacement, honest.export, count=1)
    assert count == 1
    answer = facts(lean, with_export(honest, damaged), STATEMENT)
    assert answer.malformed is not None
    assert judge(answer, challenged=True).reason is Reason.FORBIDDEN


def test_a_loose_variable_is_refused(lean: LeanVerifier, honest: Elaborated) -> None:
    lines = honest.export.splitlines()
    loose = next(re.match(r'\{"ie":(\d+),"bvar"', line) for line in lines if '"bvar"' in line)
    assert loose is not None
    lines[-1] = re.sub(r'"value":\d+', f'"value":{loose[1]}', lines[-1])
    answer = facts(lean, with_export(honest, "\n".join(lines) + "\n"), STATEMENT)
    assert answer.malformed is not None


@cache
def _words() -> tuple[str, ...]:
    return (
        "0",
        "1",
        "7",
        "999",
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "app",
        "lam",
        "sort",
        "imax",
        "\\",
        "-",
        "ie",
    )


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_text_is_never_accepted_as_another_statement(
    lean: LeanVerifier, honest: Elaborated, data: st.DataObject
) -> None:
    """Whatever a line says, no statement but the proved one is accepted, and the judge lives on."""
    lines = honest.export.splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(0, len(lines[index])))
    cut = data.draw(st.integers(0, 4))
    lines[index] = lines[index][:at] + data.draw(st.sampled_from(_words())) + lines[index][at + cut :]
    claim = with_export(honest, "\n".join(lines) + "\n")
    before = lean.judges.restarts
    verdict = judge(
        facts(lean, claim, "theorem t (p q : Prop) (h : p ∧ q) : False := sorry"), challenged=True
    )
    assert verdict.status is Status.REJECTED
    assert lean.judges.restarts == before


def test_a_definition_of_the_statement_is_not_the_one_of_a_larger_library(lean: LeanVerifier) -> None:
    """The statement's own `Lean.LBool` has one value; the candidate imports one with three."""
    statement = "inductive Lean.LBool where | yes\ntheorem t : ∃ a b : Lean.LBool, a ≠ b := sorry"
    proof = "import Lean\ntheorem t : ∃ a b : Lean.LBool, a ≠ b := ⟨.true, .false, fun h => nomatch h⟩"
    verdict = lean.check(proof, statement=statement, limits=LIMITS)
    assert verdict.reason is Reason.STATEMENT_MISMATCH


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("open Nat\nvariable (a : Nat)\ndef f (n : Nat) : Nat := n\ntheorem t : 1 = 1 := by\n  sorry", True),
        ("inductive T where | a\nset_option maxRecDepth 900\ntheorem t : 1 = 1 := sorry", True),
        ("#eval 1\ntheorem t : 1 = 1 := sorry", False),
        ("theorem t : 1 = 1 := by simp", False),
        ("@[simp] theorem t : 1 = 1 := sorry", False),
        ('macro "x" : term => `(1)\ntheorem t : 1 = 1 := sorry', False),
    ],
)
def test_a_judge_whose_statement_ran_code_answers_no_other(
    lean: LeanVerifier, statement: str, kept: bool
) -> None:
    before = lean.judges.restarts
    assert lean.check("theorem t : 1 = 1 := rfl", statement=statement, limits=LIMITS).accepted
    assert lean.check("theorem t : 1 = 1 := rfl", limits=LIMITS).accepted
    assert (lean.judges.restarts == before) is kept


def test_unused_declarations_do_not_matter(lean: LeanVerifier) -> None:
    junk = "theorem junk : (1 : Nat) + 1 = 3 := by decide +kernel\ninductive Foo | a\n" + PROOF
    verdict = lean.check(junk, statement=STATEMENT, limits=LIMITS)
    assert verdict.accepted


def test_a_file_of_many_theorems_is_replayed_once(lean: LeanVerifier) -> None:
    chain = ["theorem t0 (a b : Nat) : a + b = b + a := by omega"]
    chain += [f"theorem t{i} (a b : Nat) : a + b = b + a := t{i - 1} a b" for i in range(1, 120)]
    verdict = lean.check("\n".join(chain), limits=LIMITS)
    assert verdict.accepted
    assert len(verdict.theorems) == 120
