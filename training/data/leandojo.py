"""LeanDojo's traced theorems: read as theorems and next-tactic pairs; our own proofs in that shape.

A traced theorem is one JSON object (LeanDojo benchmark 4):
`{"url", "commit", "file_path", "full_name", "start", "end", "traced_tactics": [{"tactic", "annotated_tactic",
"state_before", "state_after"}]}`; a file is a JSON array of them, or has one a line. `start` and `end` are
[line, column], both from 1. A tactic's premises are `annotated_tactic[1]`.

Contract. `read` checks every field that it uses and raises DataError with the place. Nothing that is read
counts as proved: LeanDojo traces other toolchains, and no verifier of ours has checked it. `traced` takes
tactic states as `LeanVerifier.goals` and `step` print them, which is LeanDojo's form.
Not covered: tracing a repository (the `lean-dojo` package does that, with a native toolchain), and the
positions of premises, which our own proofs leave empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mathlm.errors import DataError
from training.data.split import is_test

NO_GOALS = "no goals"


@dataclass(frozen=True, kw_only=True, slots=True)
class TracedTactic:
    """One tactic with the states around it.

    Example: `TracedTactic(tactic="simp", state_before="⊢ 1 = 1", state_after="no goals", premises=())`
    """

    tactic: str
    state_before: str
    state_after: str
    premises: tuple[str, ...] = ()
    """Full names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TracedTheorem:
    """One traced theorem; `tactics` is empty for a term proof."""

    url: str
    commit: str
    file_path: str
    full_name: str
    start: tuple[int, int]
    end: tuple[int, int]
    tactics: tuple[TracedTactic, ...]

    @property
    def id(self) -> str:
        """Where it comes from; decides the test split."""
        return f"{self.url}@{self.commit}:{self.file_path}:{self.full_name}"


def read(path: Path) -> Iterator[TracedTheorem]:
    """The theorems of a file, a JSON array or JSON lines."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: {error}") from None
    try:
        if text.lstrip().startswith("["):
            items = list(enumerate(json.loads(text), 1))
            what = "item"
        else:
            items = [
                (number, json.loads(line)) for number, line in enumerate(text.splitlines(), 1) if line.strip()
            ]
            what = "line"
    except ValueError as error:
        raise DataError(f"{path}: not JSON ({error}); give a file of LeanDojo's traced theorems") from None
    for number, item in items:
        try:
            yield from_json(item)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise DataError(f"{path}: {what} {number} is no traced theorem ({error!r})") from None


def from_json(item: Any) -> TracedTheorem:
    """KeyError, TypeError or ValueError for anything that is no traced theorem."""
    return TracedTheorem(
        url=_text(item["url"]),
        commit=_text(item["commit"]),
        file_path=_text(item["file_path"]),
        full_name=_text(item["full_name"]),
        start=_position(item["start"]),
        end=_position(item["end"]),
        tactics=tuple(_tactic(tactic) for tactic in item["traced_tactics"]),
    )


def to_json(theorem: TracedTheorem) -> dict[str, Any]:
    """As LeanDojo writes it."""
    return {
        "url": theorem.url,
        "commit": theorem.commit,
        "file_path": theorem.file_path,
        "full_name": theorem.full_name,
        "start": list(theorem.start),
        "end": list(theorem.end),
        "traced_tactics": [
            {
                "tactic": tactic.tactic,
                "annotated_tactic": [tactic.tactic, [{"full_name": name} for name in tactic.premises]],
                "state_before": tactic.state_before,
                "state_after": tactic.state_after,
            }
            for tactic in theorem.tactics
        ],
    }


def next_tactics(theorem: TracedTheorem) -> Iterator[dict[str, str]]:
    """Lines `{"id", "state", "tactic"}`; none of a theorem of the test split."""
    if is_test(theorem.id):
        return
    for number, tactic in enumerate(theorem.tactics):
        yield {"id": f"{theorem.id}#{number}", "state": tactic.state_before, "tactic": tactic.tactic}


def traced(tactics: Sequence[str], states: Sequence[Sequence[str]]) -> tuple[TracedTactic, ...]:
    """Tactics with the goals before each and after the last: one more of `states` than of `tactics`."""
    if len(states) != len(tactics) + 1:
        raise ValueError(
            f"{len(tactics)} tactics have {len(tactics) + 1} states around them, got {len(states)}"
        )
    shown = ["\n\n".join(goals) or NO_GOALS for goals in states]
    return tuple(
        TracedTactic(tactic=tactic, state_before=before, state_after=after)
        for tactic, before, after in zip(tactics, shown, shown[1:], strict=False)
    )


def _tactic(item: Any) -> TracedTactic:
    written, premises = item["annotated_tactic"]
    _text(written)
    return TracedTactic(
        tactic=_text(item["tactic"]),
        state_before=_text(item["state_before"]),
        state_after=_text(item["state_after"]),
        premises=tuple(_text(premise["full_name"]) for premise in premises),
    )


def _position(value: Any) -> tuple[int, int]:
    line, column = value
    if not all(
        isinstance(number, int) and not isinstance(number, bool) and number > 0 for number in (line, column)
    ):
        raise ValueError(f"{value!r} is no position [line, column]")
    return line, column


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
