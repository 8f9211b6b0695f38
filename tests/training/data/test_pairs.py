"""Pairs from judged samples: labels by verdicts only, one side per question, steps from shared beginnings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mathlm.errors import DataError
from mathlm.preferences import Pair, read_pairs
from mathlm.prompts import Domain
from training.data.pairs import Judged, build, pairs
from training.data.split import is_test

TEST_ID = next(f"q{i}" for i in range(1000) if is_test(f"q{i}"))
TRAIN_ID = next(f"q{i}" for i in range(1000) if not is_test(f"q{i}"))


def sample(text: str, answer: str | None, correct: bool) -> dict[str, Any]:
    return {"kind": "sample", "text": text, "answer": answer, "correct": correct}


def proof(text: str | None, status: str | None) -> dict[str, Any]:
    return {"kind": "sample", "proof": text, "status": status, "correct": status == "accepted"}


def write(path: Path, problems: dict[str, list[dict[str, Any]]], text: dict[str, str] | None = None) -> Path:
    rows: list[dict[str, Any]] = []
    for id_, samples in problems.items():
        field = "statement" if "proof" in samples[0] else "question"
        rows += [{"id": id_, **row} for row in samples]
        rows.append({"id": id_, "kind": "problem", field: (text or {}).get(id_, f"text of {id_}")})
    rows.append({"id": None, "kind": "call", "seconds": 1.0})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def made(out: Path, name: str) -> list[Pair]:
    return list(read_pairs(out / name))


def run(paths: list[Path], out: Path, **options: Any) -> dict[str, Any]:
    return build(paths, out, **({"per_question": 8, "steps": False, "seed": 0} | options))


def test_what_was_mended_failed_before(tmp_path: Path) -> None:
    mended = proof("by right", "accepted") | {"written": "by wrong"}
    run([write(tmp_path / "p.jsonl", {TRAIN_ID: [mended]})], tmp_path / "out")
    assert [(p.chosen, p.rejected) for p in made(tmp_path / "out", "train.jsonl")] == [
        ("by right", "by wrong")
    ]


def test_only_verdicts_make_labels(tmp_path: Path) -> None:
    solve = [sample("r", "6", True), sample("w", "5", False), sample("silent", None, False)]
    proofs = [proof("by ok", "accepted"), proof("by bad", "rejected"), proof("by slow", "timeout"),
              proof("by crash", "infra_error"), proof("by big", "resource"), proof(None, None)]  # fmt: skip
    paths = [write(tmp_path / "s" / "samples.jsonl", {TRAIN_ID: solve}).parent,
             write(tmp_path / "p.jsonl", {TRAIN_ID: proofs, "all bad": proofs[1:]})]  # fmt: skip
    counts = run(paths, tmp_path / "out")
    found = made(tmp_path / "out", "train.jsonl")
    assert [(p.domain, p.prompt, p.chosen, p.rejected) for p in found] == [
        (Domain.SOLVE, f"text of {TRAIN_ID}", "r", "w"),
        (Domain.PROVE, f"text of {TRAIN_ID}", "by ok", "by bad"),
    ]
    assert counts["train: solve"] == counts["train: prove"] == 1
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["counts"] == counts and len(manifest["sources"]) == 2


def test_a_question_is_on_one_side_whatever_run_it_comes_from(tmp_path: Path) -> None:
    samples = [sample("r", "6", True), sample("w", "5", False)]
    first = write(tmp_path / "a.jsonl", {TRAIN_ID: samples, TEST_ID: samples})
    again = write(
        tmp_path / "b.jsonl", {TRAIN_ID: [sample("r2", "6", True)]}, {TRAIN_ID: f"text of {TEST_ID}"}
    )
    run([first, again], tmp_path / "out")
    train, test = made(tmp_path / "out", "train.jsonl"), made(tmp_path / "out", "test.jsonl")
    assert {p.prompt for p in train} == {f"text of {TRAIN_ID}"}
    assert {(p.prompt, p.chosen) for p in test} == {(f"text of {TEST_ID}", "r"), (f"text of {TEST_ID}", "r2")}


def test_few_pairs_still_show_every_text() -> None:
    question = Judged(
        id="q", domain=Domain.SOLVE, prompt="?", right=["a", "b", "a"], wrong=["v", "w", "x", "y"]
    )
    found = list(pairs(question, most=4, steps=False, seed=1))
    assert len({(p.chosen, p.rejected) for p in found}) == 4
    assert {p.chosen for p in found} == {"a", "b"} and {p.rejected for p in found} == {"v", "w", "x", "y"}
    assert found == list(pairs(question, most=4, steps=False, seed=1))
    assert len(list(pairs(question, most=100, steps=False, seed=1))) == 8


@pytest.mark.parametrize("domain", [Domain.SOLVE, Domain.PROVE])
def test_steps_are_judged_by_what_came_of_them(domain: Domain) -> None:
    question = Judged(
        id="q", domain=domain, prompt="?",
        right=["plan\ngood\nend", "plan\nshared\nend"],
        wrong=["plan\nbad\nx", "plan\nbad\ny", "plan\nshared\nz", "plan\nonce\nx"],
    )  # fmt: skip
    found = [p for p in pairs(question, most=8, steps=True, seed=0) if p.domain is Domain.STEPS]
    assert {(p.chosen, p.rejected) for p in found} == {
        ("plan\ngood", "plan\nbad"), ("plan\nshared", "plan\nbad"),
    }  # fmt: skip


def test_without_pairs_it_says_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {TRAIN_ID: [sample("r", "6", True)]})
    with pytest.raises(DataError, match="sample more"):
        run([path], tmp_path / "out")
    old = tmp_path / "old.jsonl"
    rows = [{"id": "x", **proof("by ok", "accepted")}, {"id": "x", "kind": "problem", "proved": True}]
    old.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(DataError, match="again with this version"):
        run([old], tmp_path / "out")
