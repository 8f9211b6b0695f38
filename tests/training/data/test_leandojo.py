"""LeanDojo's wire shape, from samples in it; our proofs written in it from real tactic states."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mathlm.errors import DataError
from training.data import leandojo
from training.data.split import is_test
from verify.base import Limits
from verify.lean.verifier import LeanVerifier

LIMITS = Limits(seconds=60, memory_mb=2048, heartbeats=200_000, output_bytes=65_536)
SAMPLE: dict[str, Any] = {
    "url": "https://github.com/leanprover-community/mathlib4",
    "commit": "29dcec074de168ac2bf835a77ef68bbe069194c5",
    "file_path": "Mathlib/Data/Nat/Basic.lean",
    "full_name": "Nat.add_self",
    "start": [12, 1],
    "end": [14, 20],
    "traced_tactics": [
        {
            "tactic": "rw [two_mul]",
            "annotated_tactic": [
                "rw [<a>two_mul</a>]",
                [
                    {
                        "full_name": "two_mul",
                        "def_path": "Mathlib/Algebra/Ring/Defs.lean",
                        "def_pos": [80, 9],
                        "def_end_pos": [80, 16],
                    }
                ],
            ],
            "state_before": "n : ℕ\n⊢ n + n = 2 * n",
            "state_after": "no goals",
        }
    ],
}


@pytest.fixture(scope="module")
def lean() -> Iterator[LeanVerifier]:
    with LeanVerifier(workers=1) as verifier:
        yield verifier


def test_arrays_and_lines_are_read(tmp_path: Path) -> None:
    array, lines = tmp_path / "train.json", tmp_path / "train.jsonl"
    array.write_text(json.dumps([SAMPLE, SAMPLE], indent=1))
    lines.write_text(f"{json.dumps(SAMPLE)}\n\n{json.dumps(SAMPLE)}\n")
    for path in (array, lines):
        first, second = leandojo.read(path)
        assert first == second
        assert (first.full_name, first.start, first.end) == ("Nat.add_self", (12, 1), (14, 20))
        (tactic,) = first.tactics
        assert (tactic.tactic, tactic.premises, tactic.state_after) == (
            "rw [two_mul]",
            ("two_mul",),
            "no goals",
        )


def test_what_is_written_can_be_read() -> None:
    theorem = leandojo.from_json(SAMPLE)
    written = leandojo.to_json(theorem)
    assert leandojo.from_json(json.loads(json.dumps(written))) == theorem
    assert list(written) == list(SAMPLE)
    assert list(written["traced_tactics"][0]) == list(SAMPLE["traced_tactics"][0])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("full_name",), None),
        (("commit",), 7),
        (("start",), [0, 1]),
        (("start",), [1]),
        (("end",), ["1", "2"]),
        (("traced_tactics",), None),
        (("traced_tactics", 0, "tactic"), ["simp"]),
        (("traced_tactics", 0, "annotated_tactic"), ["simp"]),
        (("traced_tactics", 0, "annotated_tactic"), ["simp", [{}]]),
        (("traced_tactics", 0, "state_before"), None),
    ],
)
def test_other_shapes_are_refused_with_their_place(
    tmp_path: Path, path: tuple[str | int, ...], value: object
) -> None:
    broken: Any = copy.deepcopy(SAMPLE)
    inner = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    file = tmp_path / "f.jsonl"
    file.write_text(f"{json.dumps(SAMPLE)}\n{json.dumps(broken)}\n")
    found = leandojo.read(file)
    next(found)
    with pytest.raises(DataError, match=r"f\.jsonl: line 2 is no traced theorem"):
        next(found)


def test_what_is_not_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("theorem t : 1 = 1")
    with pytest.raises(DataError, match="not JSON"):
        list(leandojo.read(tmp_path / "f"))
    with pytest.raises(DataError, match="No such file"):
        list(leandojo.read(tmp_path / "missing"))


def test_the_test_split_gives_no_pairs() -> None:
    made = 0
    for number in range(60):
        theorem = leandojo.from_json({**SAMPLE, "full_name": f"t{number}"})
        pairs = list(leandojo.next_tactics(theorem))
        assert len(pairs) == (0 if is_test(theorem.id) else 1)
        made += len(pairs)
    assert 0 < made < 60


def test_our_own_proof_in_that_shape(lean: LeanVerifier) -> None:
    source = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry"
    tactics = ["constructor", "exact h.2", "exact h.1"]
    states = [lean.goals(source, limits=LIMITS).holes[0].goals]
    states += [
        lean.step(source, hole=0, tactics=tactics[: count + 1], limits=LIMITS).goals
        for count in range(len(tactics))
    ]
    found = leandojo.traced(tactics, states)
    assert found[0].state_before == "p q : Prop\nh : p ∧ q\n⊢ q ∧ p"
    assert found[0].state_after == found[1].state_before and found[0].state_after.count("⊢") == 2
    assert found[-1].state_after == leandojo.NO_GOALS
    with pytest.raises(ValueError):
        leandojo.traced(tactics, states[:-1])
