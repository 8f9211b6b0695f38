"""The figures of an evaluation, from the lines of its `samples.jsonl`.

Contract: `summarize` is a pure function of the records. Fractions are in [0, 1] and come with a standard
error over problems (`stderr`, sample standard deviation over sqrt(n)). `pass@k` is Chen et al. 2021's
unbiased estimator 1 - C(n-c, k)/C(n, k), reported for k = 1, 2, 4, … and n only.
Not covered: confidence intervals over seeds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]


def pass_at_k(*, n: int, correct: int, k: int) -> float:
    """Probability that one of k samples is right, estimated from n samples of which `correct` are."""
    if not (0 <= correct <= n and 1 <= k <= n):
        raise ValueError(f"needs 0 <= correct <= n and 1 <= k <= n, got {correct=}, {n=}, {k=}")
    return 1.0 - math.comb(n - correct, k) / math.comb(n, k)


def summarize(verb: str, records: Sequence[Row], *, samples: int) -> Row:
    """All figures of a finished run."""
    problems = [record for record in records if record["kind"] == "problem"]
    correct = Counter(record["id"] for record in records if record["kind"] == "sample" and record["correct"])
    summary: Row = {"verb": verb, "n": len(problems), "samples": samples}
    for k in sorted({2**i for i in range(samples.bit_length()) if 2**i <= samples} | {samples} - {0}):
        values = [pass_at_k(n=samples, correct=correct[problem["id"]], k=k) for problem in problems]
        summary |= _fraction(f"pass@{k}", values)
    summary |= _solved(problems) if verb == "solve" else _proved(problems)
    if verb == "prove":
        right = [record for record in records if record["kind"] == "sample" and record["correct"]]
        summary["samples_corrected"] = sum("written" in record for record in right)
        summary["proved_as_written"] = len({record["id"] for record in right if "written" not in record})
    summary["seconds"] = round(sum(record["seconds"] for record in records if record["kind"] == "call"), 2)
    return summary


def _solved(problems: Sequence[Row]) -> Row:
    figures: Row = _fraction("accuracy", [float(problem["correct"]) for problem in problems])
    figures |= _certificates(problems)
    for name in ("split", "module"):
        values = sorted({problem[name] for problem in problems if name in problem})
        if values:
            figures[name] = {value: _part([p for p in problems if p.get(name) == value]) for value in values}
    return figures


def _part(problems: Sequence[Row]) -> Row:
    accuracy = _fraction("accuracy", [float(problem["correct"]) for problem in problems])
    return {"n": len(problems), **accuracy, **_certificates(problems)}


def _certificates(problems: Sequence[Row]) -> Row:
    strong = [problem for problem in problems if problem["certificate"] in ("lean", "python")]
    right = sum(problem["correct"] for problem in strong)
    return {
        "certificates": {
            name: sum(problem["certificate"] == name for problem in problems)
            for name in ("lean", "python", "vote", "none")
        },
        "certified_right": right / max(1, len(problems)),
        "wrong_certified": len(strong) - right,
    }


def _proved(problems: Sequence[Row]) -> Row:
    figures = _fraction("accuracy", [float(problem["proved"]) for problem in problems])
    return {
        **figures,
        "proved": sum(problem["proved"] for problem in problems),
        "proved_by_automation": sum(problem["automation"] is not None for problem in problems),
        "proved_by_model": sum(problem["model"] is not None for problem in problems),
        "proved_by_model_only": sum(p["model"] is not None and p["automation"] is None for p in problems),
        "proved_by_search": dict(Counter(p["search"] for p in problems if p["search"]).most_common()),
        "disproved": sum(problem["disproof"] is not None for problem in problems),
        "automation": dict(Counter(p["automation"] for p in problems if p["automation"]).most_common()),
    }


def _fraction(name: str, values: Iterable[float]) -> Row:
    numbers = list(values)
    mean = sum(numbers) / max(1, len(numbers))
    spread = math.sqrt(sum((x - mean) ** 2 for x in numbers) / max(1, len(numbers) - 1))
    return {name: mean, f"{name}_stderr": spread / math.sqrt(max(1, len(numbers)))}
