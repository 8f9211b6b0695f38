"""`mathlm.summary`: the estimator and the figures of a run."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from mathlm.summary import pass_at_k, summarize


def test_pass_at_k_is_the_mean_over_all_subsets() -> None:
    outcomes = [True, True, False, False, False]
    for k in range(1, 6):
        subsets = list(combinations(outcomes, k))
        expected = sum(any(subset) for subset in subsets) / len(subsets)
        assert pass_at_k(n=5, correct=2, k=k) == pytest.approx(expected)


@pytest.mark.parametrize(("n", "correct", "k"), [(4, 1, 5), (4, 5, 1), (4, 1, 0)])
def test_pass_at_k_refuses_k_above_n(n: int, correct: int, k: int) -> None:
    with pytest.raises(ValueError, match="k <= n"):
        pass_at_k(n=n, correct=correct, k=k)


def test_figures_of_solving() -> None:
    def problem(name: str, certificate: str, correct: bool) -> dict[str, Any]:
        return {
            "id": name,
            "kind": "problem",
            "certificate": certificate,
            "correct": correct,
            "module": name[0],
        }

    records: list[dict[str, Any]] = [
        problem("a1", "lean", True),
        problem("a2", "python", False),
        problem("b1", "vote", True),
        problem("b2", "none", False),
        *({"id": "a1", "kind": "sample", "correct": c} for c in (True, False)),
        *({"id": "b1", "kind": "sample", "correct": True} for _ in range(2)),
        {"kind": "call", "id": None, "seconds": 1.5},
        {"kind": "call", "id": None, "seconds": 2.0},
    ]
    summary = summarize("solve", records, samples=2)
    assert (summary["n"], summary["accuracy"], summary["seconds"]) == (4, 0.5, 3.5)
    assert (summary["pass@1"], summary["pass@2"]) == (0.375, 0.5)
    assert summary["certificates"] == {"lean": 1, "python": 1, "vote": 1, "none": 1}
    assert (summary["certified_right"], summary["wrong_certified"]) == (0.25, 1)
    assert summary["module"]["b"]["accuracy"] == 0.5
    assert summary["accuracy_stderr"] == pytest.approx(0.28867, abs=1e-4)
    assert "pass@4" not in summary


def test_figures_of_proving() -> None:
    def problem(name: str, automation: str | None, model: str | None) -> dict[str, Any]:
        proved = automation is not None or model is not None
        found = {"automation": automation, "model": model, "search": None, "disproof": None}
        return {"id": name, "kind": "problem", "proved": proved, **found}

    records = [
        problem("a", "omega", None),
        problem("b", None, "by x"),
        problem("c", "omega", "by y"),
        problem("d", None, None),
    ]
    summary = summarize("prove", records, samples=0)
    assert (summary["proved"], summary["proved_by_automation"], summary["proved_by_model"]) == (3, 2, 2)
    assert (summary["proved_by_model_only"], summary["automation"]) == (1, {"omega": 2})
