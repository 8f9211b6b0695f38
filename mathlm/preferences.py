"""Pairs of answers to one question, and how often a scorer prefers the verified one.

A line is `{"id", "domain", "prompt", "chosen", "rejected"}`: `prompt` is the question or the Lean statement
as it was asked (`prompts.render_reward` renders it); the verifier accepted `chosen` and refused `rejected`.
A scorer is anything with `score`: `model.reward.RewardModel`, or `mathlm.rerank.Judge`.

Contract: a tie counts half. The standard error is over questions, since pairs of one question are not
independent (cluster-robust, Miller 2024, arXiv:2411.00640, section 2.2). Errors: DataError with `path:line`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from mathlm.errors import DataError
from mathlm.prompts import Domain
from mathlm.records import line_number, read_jsonl

FIELDS = ("id", "domain", "prompt", "chosen", "rejected")
AT_ONCE = 256
"""Pairs that are scored between two calls of `progress`."""


class Scorer(Protocol):
    """What gives answers a number; higher is better."""

    def score(self, items: Sequence[tuple[str, str]], *, domain: Domain) -> list[float]:
        """One score for each (question, answer)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Example: `Pair(id="q1#0", domain=Domain.SOLVE, prompt="2 + 2?", chosen="…", rejected="…")`"""

    id: str
    domain: Domain
    prompt: str
    chosen: str
    rejected: str


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a file (also `.gz`), one by one."""
    for index, row in enumerate(read_jsonl(path, required=FIELDS)):
        if (wrong := _wrong(row)) is not None:
            where = f"{path}:{line_number(path, index)}"
            raise DataError(f"{where}: {wrong}: make the file with `mathlm data pairs`")
        yield Pair(**{name: row[name] for name in FIELDS} | {"domain": Domain(row["domain"])})


def _wrong(row: dict[str, Any]) -> str | None:
    if (name := next((name for name in FIELDS if not isinstance(row[name], str)), None)) is not None:
        return f"field {name!r} must be text, got {type(row[name]).__name__}"
    if row["domain"] not in list(Domain):
        return f"domain must be one of {', '.join(Domain)}, got {row['domain']!r}"
    return "chosen and rejected are the same" if row["chosen"] == row["rejected"] else None


def pairwise_accuracy(
    scorer: Scorer, pairs: Sequence[Pair], *, progress: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """`{"pairs", "questions", "accuracy", "accuracy_stderr", "domains": {name: the same figures}}`"""
    wins: list[float] = []
    for start in range(0, len(pairs), AT_ONCE):
        part = pairs[start : start + AT_ONCE]
        found = dict.fromkeys(range(len(part)), 0.0)
        for domain in Domain:
            chosen = [i for i, pair in enumerate(part) if pair.domain is domain]
            items = [(part[i].prompt, text) for i in chosen for text in (part[i].chosen, part[i].rejected)]
            scores = scorer.score(items, domain=domain) if items else []
            for i, better, worse in zip(chosen, scores[::2], scores[1::2], strict=True):
                found[i] = 1.0 if better > worse else 0.5 if better == worse else 0.0
        wins += found.values()
        if progress is not None:
            progress(len(part))
    figures = _figures(pairs, wins)
    domains = {}
    for domain in Domain:
        chosen = [i for i, pair in enumerate(pairs) if pair.domain is domain]
        if chosen:
            domains[str(domain)] = _figures([pairs[i] for i in chosen], [wins[i] for i in chosen])
    return {**figures, "domains": domains}


def _figures(pairs: Sequence[Pair], wins: Sequence[float]) -> dict[str, Any]:
    mean = sum(wins) / max(1, len(wins))
    deviations: dict[str, float] = {}
    for pair, win in zip(pairs, wins, strict=True):
        deviations[pair.prompt] = deviations.get(pair.prompt, 0.0) + win - mean
    error = math.sqrt(sum(x * x for x in deviations.values())) / max(1, len(wins))
    return {
        "pairs": len(pairs),
        "questions": len(deviations),
        "accuracy": mean,
        "accuracy_stderr": error,
    }
