"""The teacher of library proofs and the held-out benchmark, on a few theorems with the real Lean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mathlm.errors import InfraError
from mathlm.library import LibraryTheorem
from mathlm.premises import Premise, Retriever, index_of
from mathlm.types import Status, Verdict
from training.data import library_benchmark, library_proofs
from training.data.library import part_of, restated, spread
from training.data.library_proofs import Outcome, Success, automation_in, build, samples_of
from training.data.library_recall import recalled
from training.data.library_tactics import Block, blocks, parts
from training.data.split import is_test
from verify.base import Limits
from verify.lean.protocol import StepAnswer
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=3000, heartbeats=200_000, output_bytes=4_000)


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1, paranoid=True) as verifier:
        yield verifier


def theorem(signature: str, *, alias: str = "", module: str = "Init.Data.List.Basic") -> LibraryTheorem:
    name = signature.split(" ")[0].split(".{")[0]
    return LibraryTheorem(name=name, module=module, signature=signature, alias=alias or name)


THEOREMS = [
    theorem("List.map_map.{u} {α : Type u} {f g : α → α} {l : List α} : l.map g |>.map f = l.map (f ∘ g)"),
    theorem(
        "List.length_append.{u} {α : Type u} {as bs : List α} : (as ++ bs).length = as.length + bs.length"
    ),
    theorem("List.append_assoc.{u} {α : Type u} (as bs cs : List α) : as ++ bs ++ cs = as ++ (bs ++ cs)"),
    theorem("Nat.add_comm (n m : Nat) : n + m = m + n", module="Init.Data.Nat.Basic"),
    theorem("Nat.mul_comm (n m : Nat) : n * m = m * n", module="Init.Data.Nat.Basic"),
    theorem("Nat.lt_irrefl (n : Nat) : ¬n < n", module="Init.Prelude"),
    theorem("Broken.one (n : Nat) : n = ⋯", module="Init.Core"),
]
TRAIN = [t for t in THEOREMS if not is_test(t.name)]


def test_teacher_proves_without_the_theorem_itself_and_resumes(lean: LeanVerifier, tmp_path: Path) -> None:
    retriever = Retriever(THEOREMS, index_of(THEOREMS))
    out = tmp_path / "library.jsonl"

    def run() -> dict[str, object]:
        return build(THEOREMS, retriever, lean=lean, out=out, count=20, seed=0)

    report = run()
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    proofs = [json.loads(line) for line in (tmp_path / "library.proofs.jsonl").read_text().splitlines()]
    tried = [json.loads(line) for line in (tmp_path / "library.tried.jsonl").read_text().splitlines()]
    assert {row["name"] for row in tried} == {t.name for t in TRAIN}
    assert report["proved"] == len(proofs) >= 3
    assert [line["id"] for line in lines] == [
        f"{p['name']}/{k}" for p in proofs for k in ("premises", "bare")
    ]
    assert all("\nLemmas:\n" in line["prompt"] for line in lines[::2])
    for proof in proofs:
        verdict = lean.check(
            f"{proof['statement']} := {proof['proof']}",
            statement=f"{proof['statement']} := sorry",
            limits=LIMITS,
            forbidden=(proof["name"],),
        )
        assert verdict.accepted, (proof, verdict.detail)
        own = next(line for line in lines if line["id"] == f"{proof['name']}/premises")
        assert proof["name"] not in own["prompt"]
    assert run()["tried"] == 0
    manifest = json.loads((tmp_path / "library.manifest.json").read_text())
    assert manifest["files"]["library.jsonl"]["lines"] == len(lines)


def test_benchmark_keeps_what_reads_back_and_says_what_is_forbidden(lean: LeanVerifier) -> None:
    twins = [
        theorem("Nat.succ_pos (n : Nat) : 0 < n.succ", alias="1"),
        theorem("Nat.zero_lt_succ (n : Nat) : 0 < n.succ", alias="1"),
    ]
    others = [
        theorem("Nat.sub_zero (n : Nat) : n - 0 = n + 1"),  # not what the library says
        theorem("Nat.mul_add (n m k : Nat) : ⋯"),
        theorem("Nat.add_comm (n m : Nat) : n + m = m + n"),  # not in the test split
    ]
    assert [is_test(t.name) for t in (*twins, *others)] == [True, False, True, True, False]
    restarts = lean.judges.restarts
    assert library_benchmark.benchmark([*twins, *others], 5, seed=0, lean=lean) == [
        {
            "id": "Nat.succ_pos",
            "statement": "theorem t (n : Nat) : 0 < n.succ",
            "forbidden": ["Nat.succ_pos", "Nat.zero_lt_succ"],
        }
    ]
    assert lean.judges.restarts == restarts  # what does not read back never reached a judge


def test_a_statement_that_lean_breaks_on_is_no_verdict(
    lean: LeanVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(self: LeanVerifier, *args: object, **options: object) -> StepAnswer:
        raise InfraError("the step died")

    pairs = [(THEOREMS[3], "theorem t (n m : Nat) : n + m = m + n")]
    monkeypatch.setattr(LeanVerifier, "step", breaks)
    assert library_benchmark.proved(pairs, lambda t: f"exact {t.name} ..", lean=lean) == pairs
    broken = Verdict(status=Status.INFRA_ERROR, detail="the check died")
    monkeypatch.setattr(LeanVerifier, "check_many", lambda self, requests, limits: [broken])
    with pytest.raises(InfraError, match="the check died"):
        library_benchmark.proved(pairs, lambda t: f"exact {t.name} ..", lean=lean)


def test_recall_shows_the_theorem_among_its_lemmas_and_nothing_held_out(lean: LeanVerifier) -> None:
    theorems = [
        theorem("Nat.succ_pos (n : Nat) : 0 < n.succ", alias="1"),
        theorem("Nat.zero_lt_succ (n : Nat) : 0 < n.succ", alias="1"),  # says the same as a test theorem
        theorem("Nat.add_comm (n m : Nat) : n + m = m + n"),
        theorem("Nat.mul_comm (n m : Nat) : n * m = m * n"),
        theorem("Nat.le_refl (n : Nat) : n ≤ n + 1"),  # not what the library says
    ]
    assert [is_test(t.name) for t in theorems] == [True, False, False, False, False]
    found = recalled(theorems, Retriever(theorems, index_of(theorems)), 9, seed=0, lean=lean)
    assert {sample.id: sample.answer for sample in found} == {
        f"{name}/recall": f"by exact {name} .." for name in ("Nat.add_comm", "Nat.mul_comm")
    }
    for sample in found:
        assert f"\n{sample.id.removesuffix('/recall')} (n m : Nat) : " in sample.prompt
        assert "succ" not in sample.prompt


def test_training_statements_are_not_those_of_the_benchmark(lean: LeanVerifier) -> None:
    theorems = [
        theorem("Nat.succ_pos (n : Nat) : 0 < n.succ", alias="1"),
        theorem("Nat.zero_lt_succ (n : Nat) : 0 < n.succ", alias="1"),  # says the same as a test theorem
        theorem("Nat.add_comm (n m : Nat) : n + m = m + n"),
    ]
    assert [is_test(t.name) for t in theorems] == [True, False, False]
    lines = library_benchmark.benchmark(theorems, 5, seed=0, lean=lean, test=False)
    assert [line["id"] for line in lines] == ["Nat.add_comm"]


def test_a_prompt_with_lemmas_shows_the_lemma_of_its_proof() -> None:
    long, used = (Premise(name=name, signature=f"{name} {'x' * 700}") for name in ("A", "B"))
    block = Block("intros; exact B ..", ("B",))

    def prompts(*premises: Premise) -> dict[str, str]:
        outcome = Outcome(theorem=TRAIN[0], statement="theorem t : True", premises=premises, block=block)
        return {sample.id.rpartition("/")[2]: sample.prompt for sample in samples_of(outcome)}

    assert "\nB x" in prompts(long, used)["premises"] and "\nA x" not in prompts(long, used)["premises"]
    assert "\nLemmas:" not in prompts(long, used)["bare"]
    assert list(prompts()) == ["bare"]


def test_the_teacher_gives_up(lean: LeanVerifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_proofs, "PATIENCE", -1.0)
    retriever = Retriever(THEOREMS, index_of(THEOREMS))
    report = build(THEOREMS, retriever, lean=lean, out=tmp_path / "library.jsonl", count=20, seed=0)
    assert (report["tried"], report["attempts"], report["proved"]) == (len(TRAIN), 0, 0)


def test_statement_on_one_line_under_another_name() -> None:
    assert (
        restated(theorem("A.b.{u} {α : Type u}\n  (a : α) : a = a"))
        == "theorem t.{u} {α : Type u} (a : α) : a = a"
    )
    assert restated(theorem("A.b (n : Nat) : n = n"), "x") == "theorem x (n : Nat) : n = n"
    odd = LibraryTheorem(name="A.b", module="M", signature="«A».b : True", alias="1")
    assert restated(odd) is None


def test_draws_take_from_each_part_in_turn() -> None:
    drawn = list(spread(THEOREMS, 1, longest=400))
    assert {part_of(t) for t in drawn[:4]} == {"List", "Nat", "Init.Prelude", "Init.Core"}
    assert drawn == list(spread(THEOREMS, 1, longest=400)) and len(drawn) == len(THEOREMS)
    assert list(spread(THEOREMS, 1, longest=10)) == []


def test_blocks_are_filled_from_the_statement() -> None:
    statement = "theorem t (xs : List Nat) (h : 0 < xs.length) : xs.length = List.sum xs"
    assert parts(statement, ["A.b"]).variables == ("xs",)
    assert set(parts(statement, []).functions) == {"List.length", "List.sum"}
    texts = [block.text for _, block in blocks(statement, ["A.b", "A.c"])]
    assert {"intros; rfl", "intros; simp [A.b, A.c]", "induction xs <;> grind", "intros; rw [← A.c]"} <= set(
        texts
    )
    assert len(texts) == len(set(texts))


def test_a_block_gets_simpler_bit_by_bit() -> None:
    block = Block("intros; simp_all{}", ("a", "b"))
    simpler = [other.text for other in block.simpler()]
    assert simpler == [
        "intros; simp_all", "intros; simp_all [b]", "intros; simp_all [a]",
        "simp_all [a, b]", "intros; simp [a, b]",
    ]  # fmt: skip


def test_what_closes_quickly_comes_first() -> None:
    success = Success()
    pairs = [("slow", Block("slow")), ("quick", Block("quick")), ("new", Block("new"))]
    assert [name for name, _ in success.order(pairs)] == ["slow", "quick", "new"]
    success.add("slow", seconds=20, closed=True)
    success.add("quick", seconds=1, closed=True)
    success.add("quick", seconds=1, closed=True)
    assert [name for name, _ in success.order(pairs)] == ["new", "quick", "slow"]


def test_automation_that_may_know_the_theorem_is_named() -> None:
    assert automation_in("intros; simp_all [A.b]") == {"simp"}
    assert automation_in("induction x <;> grind") == {"grind"}
    assert automation_in("simp only [A.b]; simpa using A.c") == {"simp"}
    assert automation_in("simp_all only [A.b]; omega") == set()
