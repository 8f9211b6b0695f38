"""Best-of-n by reward against majority vote, on the samples of `mathlm eval solve`.

    python tests/bench/bench_reward.py SAMPLES.jsonl --reward-model CKPT [--samples 8]

Each problem's first `--samples` samples are grouped by answer: all that the verifier found equal to the gold
answer are one group, others go by their text. `vote`, `reward` and `both` (`mathlm.rerank`) each propose a
group; `oracle` is right when any sample is. Prints one JSON line: accuracy of each with its standard error
over problems, and the difference to the vote on the same problems with its own; also for each `split` of the
data. Exit code 1 when neither `reward` nor `both` is better than the vote.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from mathlm.preferences import Scorer
from mathlm.records import read_jsonl
from mathlm.rerank import How, Reranker
from mathlm.types import Completion
from mathlm.voting import Ballot, Group
from model.reward import RewardModel

RIGHT = "the gold answer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """A question with its samples, as (text, group) where there is an answer."""

    question: str
    split: str
    samples: list[tuple[str, str | None]]

    def ballot(self) -> Ballot:
        groups: dict[str, list[int]] = {}
        for i, (_, group) in enumerate(self.samples):
            if group is not None:
                groups.setdefault(group, []).append(i)
        found = [Group(answer=answer, samples=tuple(chosen)) for answer, chosen in groups.items()]
        found.sort(key=lambda group: (-len(group.samples), group.samples[0]))
        return Ballot(groups=tuple(found), samples=len(self.samples))


def read(path: Path, samples: int) -> list[Problem]:
    """The problems of a run that have at least so many samples."""
    rows: dict[str, list[dict[str, Any]]] = {}
    problems = []
    for row in read_jsonl(path, required=("id", "kind")):
        if row["kind"] == "sample":
            rows.setdefault(row["id"], []).append(row)
        elif row["kind"] == "problem" and len(rows.get(row["id"], ())) >= samples:
            chosen = rows[row["id"]][:samples]
            found = [(s["text"], RIGHT if s["correct"] else s["answer"]) for s in chosen]
            problems.append(
                Problem(question=row["question"], split=str(row.get("split", "all")), samples=found)
            )
    return problems


def right(problem: Problem, scorer: Scorer) -> dict[str, float]:
    """1 or 0 for each way to choose."""
    ballot = problem.ballot()
    texts = [Completion(text=text, finish="stop", tokens=0, logprob=0.0) for text, _ in problem.samples]
    result = {"oracle": float(any(group.answer == RIGHT for group in ballot.groups))}
    for how in How:
        winner = Reranker(scorer=scorer, how=how).ballot(problem.question, texts, ballot).winner
        result[str(how)] = float(winner is not None and winner.answer == RIGHT)
    return result


def mean(values: Sequence[float]) -> list[float]:
    """Mean and its standard error."""
    centre = sum(values) / max(1, len(values))
    spread = math.sqrt(sum((x - centre) ** 2 for x in values) / max(1, len(values) - 1))
    return [round(centre, 4), round(spread / math.sqrt(max(1, len(values))), 4)]


def figures(results: Sequence[dict[str, float]]) -> dict[str, Any]:
    ways = ("vote", "reward", "both", "oracle")
    found: dict[str, Any] = {"n": len(results)}
    found |= {way: mean([result[way] for result in results]) for way in ways}
    for way in ways[1:]:
        found[f"{way} - vote"] = mean([result[way] - result["vote"] for result in results])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="best-of-n by reward against majority vote")
    parser.add_argument("samples_file", type=Path, help="samples.jsonl of `mathlm eval solve`")
    parser.add_argument(
        "--reward-model", type=Path, required=True, help="checkpoint of `mathlm train reward`"
    )
    parser.add_argument("--samples", type=int, default=8)
    args = parser.parse_args()
    problems = read(args.samples_file, args.samples)
    if not problems:
        parser.error(f"{args.samples_file} has no problem with {args.samples} samples")
    scorer = RewardModel.load(args.reward_model)
    results = [right(problem, scorer) for problem in problems]
    parts = {
        split: figures([r for r, p in zip(results, problems, strict=True) if p.split == split])
        for split in sorted({problem.split for problem in problems})
    }
    whole = figures(results)
    print(json.dumps({"samples": args.samples, **whole, "splits": parts}))
    return 0 if max(whole["reward"][0], whole["both"][0]) > whole["vote"][0] else 1


if __name__ == "__main__":
    sys.exit(main())
