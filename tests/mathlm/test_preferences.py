"""Pairwise accuracy: ties, domains, and a standard error over questions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from mathlm.errors import DataError
from mathlm.preferences import Pair, pairwise_accuracy, read_pairs
from mathlm.prompts import Domain


class Number:
    """The answer itself is the score, twice as much in another domain than `solve`."""

    def score(self, items: Sequence[tuple[str, str]], *, domain: Domain) -> list[float]:
        return [float(answer) * (1 if domain is Domain.SOLVE else 2) for _, answer in items]


def pair(prompt: str, chosen: int, rejected: int, domain: Domain = Domain.SOLVE) -> Pair:
    return Pair(id=prompt, domain=domain, prompt=prompt, chosen=str(chosen), rejected=str(rejected))


def test_a_tie_counts_half_and_domains_are_apart() -> None:
    pairs = [pair("a", 2, 1), pair("b", 1, 1), pair("c", 0, 1), pair("d", 5, 3, Domain.PROVE)] * 100
    done: list[int] = []
    found = pairwise_accuracy(Number(), pairs, progress=done.append)
    assert found["accuracy"] == 0.625 and found["pairs"] == sum(done) == 400 and found["questions"] == 4
    assert found["domains"]["solve"]["accuracy"] == 0.5 and found["domains"]["prove"]["accuracy"] == 1.0
    assert "steps" not in found["domains"]


def test_copies_of_a_pair_add_no_certainty() -> None:
    once = [pair("a", 2, 1), pair("b", 0, 1), pair("c", 2, 1), pair("d", 0, 1)]
    found = [pairwise_accuracy(Number(), once * copies)["accuracy_stderr"] for copies in (1, 10)]
    assert found == pytest.approx([math.sqrt(4 * 0.25) / 4] * 2)


def test_bad_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('\n{"id": "a", "domain": "solve", "prompt": "q", "chosen": "1"}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"pairs\.jsonl:2.*rejected"):
        list(read_pairs(path))
