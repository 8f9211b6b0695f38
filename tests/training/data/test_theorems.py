"""Own theorems: reproducible, varied, and kept only when the real Lean accepts the proof."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from mathlm.cli.app import main
from mathlm.errors import UsageError
from mathlm.types import Status, TheoremVerdict, Verdict
from training.data.split import is_test
from training.data.theorem_families import Family
from training.data.theorem_families_contest import product_and_sum
from training.data.theorems import FAMILIES, Conjecture, build, conjectures
from verify.kernel.checker import KernelAnswer, KernelVerdict
from verify.lean.paranoid import agreed
from verify.lean.verifier import LeanVerifier


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1, paranoid=True) as verifier:
        yield verifier


def train_ids(prefix: str, count: int) -> list[str]:
    return [name for name in (f"{prefix}-{i}" for i in range(40)) if not is_test(name)][:count]


def stated(conjecture: Conjecture) -> str:
    """The statement without header and name."""
    return conjecture.statement.partition("theorem ")[2].partition(" ")[2]


def test_same_seed_same_statements() -> None:
    first, again = (list(conjectures(200, seed=3)) for _ in range(2))
    assert first == again
    assert len({stated(c) for c in first}) == 200
    other = list(conjectures(2000, seed=4))
    assert first != other[:200]
    ids = {c.id: stated(c) for c in (*first, *other)}
    assert all(ids[c.id] == stated(c) for c in (*first, *other))
    assert len(ids) == len(set(ids.values())) < 2200  # equal statements of two seeds share an id


def test_released_proofs_need_both_kernels(tmp_path: Path) -> None:
    with LeanVerifier(workers=1) as single, pytest.raises(ValueError, match="both kernels"):
        build([], lean=single, out=tmp_path / "sft.jsonl")


class DisagreeingKernels(LeanVerifier):
    """A verifier whose second kernel refuses all that the first accepts."""

    def check_many(self, requests: Any, **options: Any) -> list[Verdict]:
        no = KernelAnswer(verdict=KernelVerdict.REJECTED, declaration="t", rule="value-type", reason="wrong")
        yes = Verdict(status=Status.ACCEPTED, theorems=(TheoremVerdict(name="t", status=Status.ACCEPTED),))
        return [agreed(yes, no) for _ in requests]


def test_a_disagreement_is_counted_said_and_not_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (name,) = train_ids("thm", 1)
    item = Conjecture(id=name, statement="theorem t : 1 = 1", proofs=("rfl",))
    with DisagreeingKernels(paranoid=True) as lean:
        counts = build([item], lean=lean, out=tmp_path / "sft.jsonl")
    assert counts == {"written": 0, "unproved": 1, "infra": 0, "disagreements": 1}
    assert "DISAGREE" in caplog.text and "theorem t : 1 = 1 := rfl" in caplog.text


@pytest.mark.parametrize(
    ("header", "family"), dict.fromkeys(FAMILIES), ids=lambda f: getattr(f, "__name__", "")
)
def test_families_draw_provable_statements(
    lean: LeanVerifier, header: str, family: Family, tmp_path: Path
) -> None:
    rng = Random(7)
    items = []
    for name in train_ids(family.__name__, 2 if header else 4):  # those of the prelude take longer
        statement, proofs = family(rng)
        items.append(Conjecture(id=name, statement=f"{header}theorem t {statement}", proofs=proofs))
    counts = build(items, lean=lean, out=tmp_path / "sft.jsonl")
    assert counts["written"] >= (2 if header else 3), counts


def test_only_accepted_proofs_are_written_and_a_rerun_goes_on(lean: LeanVerifier, tmp_path: Path) -> None:
    good, bad, later = train_ids("thm", 3)
    out = tmp_path / "sft.jsonl"
    items = [
        Conjecture(id=good, statement="theorem t : 2 + 2 = 4", proofs=("by nonsense", "sorry", "by decide")),
        Conjecture(id=bad, statement="theorem t : 2 + 2 = 5", proofs=("by decide", "sorry", "by simp")),
    ]
    assert build(items, lean=lean, out=out) == {"written": 1, "unproved": 1, "infra": 0, "disagreements": 0}
    line = json.loads(out.read_text())
    assert line["id"] == good and line["answer"] == "by decide"
    assert "theorem t : 2 + 2 = 4<|im_end|>" in line["prompt"]
    items.append(Conjecture(id=later, statement="theorem t : 1 = 1", proofs=("rfl",)))
    assert build(items, lean=lean, out=out)["written"] == 1
    assert [json.loads(text)["id"] for text in out.read_text().splitlines()] == [good, later]


def test_a_line_that_a_kill_tore_is_cut_and_made_again(lean: LeanVerifier, tmp_path: Path) -> None:
    first, second = train_ids("torn", 2)
    out = tmp_path / "sft.jsonl"
    items = [Conjecture(id=name, statement="theorem t : 1 = 1", proofs=("rfl",)) for name in (first, second)]
    build(items[:1], lean=lean, out=out)
    with out.open("a") as file:
        file.write(f'{{"id": "{second}", "pro')
    assert build(items, lean=lean, out=out)["written"] == 1
    assert [json.loads(text)["id"] for text in out.read_text().splitlines()] == [first, second]


def test_test_split_is_never_written(lean: LeanVerifier, tmp_path: Path) -> None:
    held_out = next(name for name in (f"x-{i}" for i in range(1000)) if is_test(name))
    out = tmp_path / "sft.jsonl"
    build([Conjecture(id=held_out, statement="theorem t : 1 = 1", proofs=("rfl",))], lean=lean, out=out)
    assert out.read_text() == ""


def test_theorems_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "theorems.jsonl"
    arguments = ["data", "theorems", "--out", str(out), "--count", "6", "--seed", "2", "--json"]
    assert main(arguments) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["written"] == len(out.read_text().splitlines()) >= 4
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["written"] == 0


def test_families_by_name() -> None:
    chosen = list(conjectures(20, seed=1, families=["common_divisor", "closed_form"]))
    assert len({item.id for item in chosen}) == 20
    assert all("gcd" in item.statement or "∀" in item.statement for item in chosen)
    with pytest.raises(UsageError, match=r"no family nothing: choose from .*closed_form"):
        next(conjectures(1, seed=1, families=["nothing"]))
    with pytest.raises(UsageError, match="nothing new after"):
        list(conjectures(100_000, seed=1, families=["dividing_powers"]))


def test_equations_with_two_unknowns_have_one_solution_up_to_order() -> None:
    rng = Random(5)
    for _ in range(300):
        statement, _ = product_and_sum(rng)
        total, rest = re.findall(r" = (-?\d+)\)|< \w+\) : \w+ = (\d+)", statement)[:2]
        solutions = [(a, b) for a in range(1, 60) for b in range(1, 60) if a * b + a + b == int(total[0])]
        if rest[1]:
            assert [a for a, b in solutions if b < a] == [int(rest[1])]
        else:
            assert len({a + b for a, b in solutions if a * b * (a + b) == int(rest[0])}) == 1
