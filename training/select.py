"""Verified rollouts -> training samples: what passed, deduplicated, short proofs first, not too easy.

Input are the `samples.jsonl` of `mathlm.evaluate`, of all rounds so far, whose accepted lines have a `prompt`
(see `training.rollout`). `reward` is the only judge: 1 for what the verifier accepted (of a program also: it
printed the gold answer), 0 for what it refused or what came to its limits, None for an infra_error, which
says nothing: such a sample is dropped and counted.

The window is on a problem's pass rates, one of each round in which it was tried: it must have been solved
more often than LOW in some round and not more often than HIGH in some round. So what was hard once stays in
the data although the model has learnt it, which matters when training starts from the first checkpoint
again.
Source: pass-rate window (0, 0.75] after Goedel-Prover-V2, shortest proofs after DeepSeek-Prover-V1.5.
Contract: pure functions; the same records give the same samples in the same order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from mathlm import extract
from mathlm.grounding import grounded, program_text
from mathlm.types import Status, TrainingSample

Row = dict[str, Any]
Window = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollout:
    """The samples of one run of `mathlm.evaluate`, with the window of each of its problems.

    Example: `Rollout(records=[…], problems={"t1": {"id": "t1", "statement": "…"}}, window=(0, 0.75))`
    """

    records: Sequence[Row]
    problems: Mapping[str, Row]
    window: Window


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What is trained on, and how many samples went where."""

    samples: tuple[TrainingSample, ...]
    counts: Mapping[str, int]


def reward(record: Row) -> float | None:
    """The verifier's word on a sample; None where there is none."""
    if record.get("status") == Status.INFRA_ERROR:
        return None
    return 1.0 if record["correct"] else 0.0


def pass_rates(records: Iterable[Row]) -> dict[str, float]:
    """Share of the judged samples that passed, of each problem that had any."""
    judged: dict[str, list[float]] = defaultdict(list)
    for record in records:
        if record["kind"] == "sample" and (value := reward(record)) is not None:
            judged[record["id"]].append(value)
    return {key: sum(values) / len(values) for key, values in judged.items()}


def select(rollouts: Sequence[Rollout], *, keep: int) -> Selection:
    """At most `keep` samples of a problem, from all rollouts together; see the module."""
    rates: dict[str, list[float]] = defaultdict(list)
    windows: dict[str, Window] = {}
    passed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for rollout in rollouts:
        for key, rate in pass_rates(rollout.records).items():
            rates[key].append(rate)
            windows[key] = rollout.window
        for record in rollout.records:
            if record["kind"] == "sample":
                counts["sampled"] += 1
                pair, why = _usable(record, rollout.problems.get(record["id"], {}))
                counts[why] += 1
                if pair is not None:
                    passed[record["id"]].append(pair)
    samples: list[TrainingSample] = []
    seen: set[tuple[str, str]] = set()
    for key in sorted(passed):
        low, high = windows[key]
        if max(rates[key]) <= low or min(rates[key]) > high:
            counts["outside the window"] += len(passed[key])
            continue
        new = [pair for pair in _in_turn(passed[key]) if (pair[0], _plain(pair[1])) not in seen]
        seen |= {(prompt, _plain(answer)) for prompt, answer in new[:keep]}
        for number, (prompt, answer) in enumerate(new[:keep]):
            samples.append(
                TrainingSample(id=f"{key}-{number}", prompt=prompt, answer=answer, source="expert iteration")
            )
    counts["kept"] = len(samples)
    return Selection(samples=tuple(samples), counts=dict(counts))


def _usable(record: Row, problem: Row) -> tuple[tuple[str, str] | None, str]:
    """(prompt, answer) of a sample that may be learnt from, and what became of it in a word."""
    value = reward(record)
    if value is None:
        return None, "infra_error"
    if not value:
        return None, "refused"
    if "proof" in record:
        return (record["prompt"], record["proof"]), "accepted"
    data = program_text(extract.solution(record["text"]).program or "")
    if data is None or not grounded(problem["question"], data):
        return None, "right, but not from the question's numbers"
    return (record["prompt"], record["text"].strip()), "accepted"


def _in_turn(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The shortest answer to each prompt, then the second shortest to each, …; equal ones once."""
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for prompt, answer in sorted(pairs, key=lambda pair: (len(pair[1]), pair[1])):
        answers[prompt].setdefault(_plain(answer), answer)
    columns = [[(prompt, answer) for answer in found.values()] for prompt, found in sorted(answers.items())]
    return (pair for row in zip_longest(*columns) for pair in row if pair is not None)


def _plain(text: str) -> str:
    return " ".join(text.split())
