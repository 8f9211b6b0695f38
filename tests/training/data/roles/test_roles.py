"""Role lines: labels are the verifier's or the generator's, and Lean accepts what is cut out of a proof."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mathlm.cli.app import main
from mathlm.prompts import Augmentation, render_prove
from training.data.prepare.folder import verify
from training.data.prepare.normalise import numbers
from training.data.roles import generated
from training.data.roles.answers import from_proofs
from training.data.roles.attempts import on_test_side, proved
from training.data.roles.make import ROLES, RolesConfig, make
from training.data.roles.proofs import sketches, tactics
from training.data.roles.statements import in_words
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=20, memory_mb=2048, heartbeats=100_000, output_bytes=4_000)
INDUCTION = "by\n  intro n\n  induction n with\n  | zero => simp [h]\n  | succ n ih => simp [g, ih]; omega"
THEOREMS = {
    "theorem t (p q : Prop) : p ∧ q → q ∧ p": "by intro h; constructor; exact h.2; exact h.1",
    "theorem u (f : Nat → Nat) (h : f 0 = 2) (g : ∀ n, f (n + 1) = f n + 3) : "
    "∀ n, f n = 3 * n + 2": INDUCTION,
    "theorem v (a b : Nat) (h : a < b) : a + 3 < b + 3": "by omega",
    "theorem w (a b : Nat) (h : a < b) : a + 4 < b + 4": "by omega",
}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(out: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        path.stem.removeprefix("data-"): [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for path in out.glob("data-*.jsonl")
    }


def attempts(folder: Path) -> RolesConfig:
    question = next(q for q in (f"What is {i} + 1?" for i in range(50)) if not on_test_side(q))
    samples = [
        {"kind": "sample", "id": "q", "text": "right", "answer": "6", "correct": True},
        {"kind": "sample", "id": "q", "text": "wrong", "answer": "7", "correct": False},
        {"kind": "sample", "id": "q", "text": "no answer", "answer": None, "correct": False},
        {"kind": "problem", "id": "q", "question": question},
    ]
    statement = next(s for s in (f"theorem t : {i} < {i + 1}" for i in range(50)) if not on_test_side(s))
    base = {"kind": "sample", "id": "p", "detail": "d", "messages": ""}
    tried = [
        {**base, "proof": "by decide", "correct": True, "status": "accepted"},
        {
            **base,
            "proof": "by bad",
            "correct": False,
            "status": "rejected",
            "messages": "1:3: unknown tactic",
        },
        {**base, "proof": "by slow", "correct": False, "status": "timeout"},
        {"kind": "problem", "id": "p", "statement": statement},
    ]
    lines = [
        {"id": s, "prompt": render_prove(s).text, "answer": p, "source": "x"} for s, p in THEOREMS.items()
    ]
    return RolesConfig(
        out=folder / "out",
        solutions=(write(folder / "s.jsonl", samples),),
        proofs=(write(folder / "p.jsonl", tried), write(folder / "t.jsonl", lines)),
        count=12,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    config = attempts(tmp_path_factory.mktemp("roles"))
    with LeanVerifier(workers=1) as lean:
        manifest = make(config, lean=lean)
        found = read(config.out)
        for line in found["sketch"]:  # what is written elaborates, with `sorry` in it
            statement = line["prompt"].split("Lean 4:\n")[1].split("<|im_end|>")[0]
            source = f"{statement} := {line['answer']}"
            assert "sorry" in source and lean.goals(source, limits=LIMITS).holes
    assert (
        manifest["lines"] == {role: len(lines) for role, lines in found.items()} and verify(config.out) == []
    )
    return found


@pytest.mark.parametrize("above", ["import Mathlib\n\n", "open Nat\n"])
def test_what_stands_above_a_statement_does_not_change_its_side(above: str) -> None:
    texts = [f"theorem t{i} : {i} + 1 = {i + 1}" for i in range(99)]
    assert [on_test_side(above + text) for text in texts] == [on_test_side(text) for text in texts]
    assert any(map(on_test_side, texts))


def test_every_role_has_lines(made: dict[str, list[dict[str, Any]]]) -> None:
    assert made.keys() == set(ROLES)
    assert all(line["source"] == f"role/{role}" and line["answer"] for role in made for line in made[role])
    ids = [line["id"] for lines in made.values() for line in lines]
    assert len(ids) == len(set(ids))


def test_labels_are_those_of_the_verifier(made: dict[str, list[dict[str, Any]]]) -> None:
    judged = {
        line["prompt"].split("Answer:", 1)[1].split("<|im_end|>")[0]: line["answer"]
        for line in made["judge_outcome"]
    }
    assert judged["right\nAnswer: 6"] == judged["by decide"] == "Yes"
    assert judged["wrong\nAnswer: 7"] == judged["by bad"] == "No"
    assert not any("no answer" in text or "by slow" in text for text in judged)
    assert [line["answer"] for line in made["solve"]] == ["right"]
    for line in made["compare"]:
        good = (
            f"\n{line['answer']}:right" in line["prompt"] or f"\n{line['answer']}:by decide" in line["prompt"]
        )
        assert good
    assert any("Lean says:\n1:3: unknown tactic" in line["prompt"] for line in made["repair"])


def test_tactics_are_asked_at_the_states_that_lean_has(made: dict[str, list[dict[str, Any]]]) -> None:
    states = {line["answer"]: line["prompt"] for line in made["tactic"]}
    assert "p q : Prop\n⊢ p ∧ q → q ∧ p" in states["intro h"]
    assert "h : p ∧ q\n⊢ p" in states["exact h.1"] and "⊢ q\n" not in states["exact h.1"]
    assert any(line["answer"].endswith("No") and "omega" in line["prompt"] for line in made["judge_steps"])


def test_sketches_leave_the_arms_open(made: dict[str, list[dict[str, Any]]]) -> None:
    answers = [line["answer"] for line in made["sketch"]]
    assert any("| zero => sorry\n  | succ n ih => sorry" in answer for answer in answers)


def test_a_second_call_and_no_lean(tmp_path: Path) -> None:
    config = attempts(tmp_path)
    command = ["data", "roles", "--solutions", str(config.solutions[0]), "--proofs", str(config.proofs[1])]
    command += ["--count", "20", "--no-lean", "--out"]
    for name in ("a", "b", "b"):
        assert main([*command, str(tmp_path / name)]) == 0
    assert read(tmp_path / "a") == read(tmp_path / "b")
    assert read(tmp_path / "a").keys() == set(ROLES) - {"sketch", "tactic", "solve_lean", "repair"}


def test_lemmas_of_a_prompt_are_not_of_its_statement(tmp_path: Path) -> None:
    shown = render_prove(STATED, premises=["Nat.add_comm (n m : Nat) : n + m = m + n"]).text
    lines = [
        {"id": "a", "prompt": shown,
         "answer": "by omega", "source": "s"},
        {"id": "b", "prompt": render_prove("no theorem at all").text, "answer": "by omega", "source": "s"},
    ]  # fmt: skip
    path = tmp_path / "kept.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = list(proved(path))
    assert [attempt.statement for attempt in found] == [STATED, "no theorem at all"]
    prompts = {line["prompt"] for line in from_proofs(found)}
    assert prompts and all(STATED in prompt and "Nat.add_comm" not in prompt for prompt in prompts)


STATED = next(text for i in range(99) if not on_test_side(text := f"theorem t{i} : {i} + 1 = {i + 1}"))


def test_proofs_are_cut_into_tactics() -> None:
    assert tactics("by intro h; exact (f; g)") == ["intro h", "exact (f; g)"]
    assert tactics("by cases h <;> omega") == ["cases h <;> omega"]
    assert tactics("fun h => h") == ["exact fun h => h"]
    assert tactics(INDUCTION) == ["intro n", INDUCTION.split("intro n\n  ")[1].replace("\n  ", "\n")]
    assert (
        next(sketches("by\n  have h : 1 = 1 := by rfl\n  exact h"))
        == "by\n  have h : 1 = 1 := by sorry\n  exact h"
    )


def test_statements_in_words() -> None:
    assert in_words("(a b : Nat) (h : a < b) : a + 3 < b + 3") == (
        "For all natural numbers a and b, if a < b then a + 3 < b + 3."
    )
    assert in_words(": 2 + 2 = 4") == "Show that 2 + 2 = 4."
    assert in_words("(p q : Prop) : p ∧ q → q") is None
    assert in_words("(f : Nat → Nat) (h : ∀ n, f n = 1) : f 0 = 1") is None


def test_worked_solutions_are_right_and_spoiled_ones_wrong() -> None:
    for line in generated.worked(200, seed=3):
        if line["source"] == "role/words":
            assert line["answer"].splitlines()[-1].startswith("Answer: ")
            continue
        steps = [
            s.split(". ", 1)[1]
            for s in line["prompt"].split("Answer:\n")[1].split("<|im_end|>")[0].splitlines()
        ]
        for step, mark in zip(steps, line["answer"].splitlines(), strict=True):
            if " = " in step and "x" not in step and "cost" not in step and "left" not in step:
                left, right = step.rstrip(".").split(" = ")
                assert (sum(map(Fraction, left.split(" + "))) == Fraction(right)) == (mark == "Yes")


def test_augmented_problems_are_what_they_are_called() -> None:
    found = list(generated.augmentations(200, seed=1))
    assert found == list(generated.augmentations(200, seed=1))
    kinds = {how: [line for line in found if f"\n{how} " in line["prompt"]] for how in Augmentation}
    assert all(len(kinds[how]) > 10 for how in Augmentation if how is not Augmentation.FRACTIONS)
    for line in kinds[Augmentation.REPHRASE]:
        question = line["prompt"].split(f"{Augmentation.REPHRASE} ")[1].split("<|im_end|>")[0]
        assert question != line["answer"] and sorted(numbers(question)) == sorted(numbers(line["answer"]))
    for line in kinds[Augmentation.NUMBERS]:
        question = line["prompt"].split(f"{Augmentation.NUMBERS} ")[1].split("<|im_end|>")[0]
        assert len(numbers(question)) == len(numbers(line["answer"])) and question != line["answer"]
