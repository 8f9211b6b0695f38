"""What the verifier said before: attempts read from run folders and data files, and how a role line looks.

Read are `samples.jsonl` of `mathlm eval solve` and `mathlm eval prove` (the samples of a problem come before
its problem line, which has the question or the statement), and fine-tuning lines of `mathlm data theorems`.

Contract: an attempt whose check said nothing (infra_error, timeout, resource, no answer) is left out, and so
is everything on the test side of the split. Errors: DataError, UsageError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mathlm.prompts import IM_END, IM_START, LEMMAS, Prompt, render_prove
from mathlm.records import read_jsonl
from training.data.split import content_id, is_test

_HEAD = f"{IM_START}user\n"
_PROVE = render_prove("").text.split(IM_END)[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Solved:
    """One sampled solution. Example: `Solved(question="2 + 2?", text="…", answer="5", correct=False)`."""

    question: str
    text: str
    answer: str
    correct: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Proved:
    """One proof with Lean's verdict.

    Example: `Proved(statement="theorem t : 1 = 1", proof="rfl", accepted=True)`
    """

    statement: str
    proof: str
    accepted: bool
    message: str = ""
    """Lean's words about a proof that was rejected."""


def solved(path: Path) -> Iterator[Solved]:
    """The samples of a solve run whose answers were compared with the gold answer."""
    waiting: list[dict[str, Any]] = []
    for row in read_jsonl(path, required=("kind", "id")):
        if row["kind"] == "sample" and row.get("answer") is not None:
            waiting.append(row)
        elif row["kind"] == "problem":
            question = row.get("question")
            for sample in waiting if isinstance(question, str) and not on_test_side(question) else ():
                if sample["id"] == row["id"]:
                    yield Solved(
                        question=str(question), text=sample["text"], answer=str(sample["answer"]),
                        correct=bool(sample["correct"]),
                    )  # fmt: skip
            waiting = []


def proved(path: Path) -> Iterator[Proved]:
    """The judged proofs of a prove run, or the accepted ones of a file of fine-tuning lines."""
    waiting: list[dict[str, Any]] = []
    for row in read_jsonl(path):
        if "prompt" in row and str(row["prompt"]).startswith(_PROVE):
            statement = row["prompt"].removeprefix(_PROVE).split(IM_END)[0].split(LEMMAS)[0]
            yield from _outside_test(Proved(statement=statement, proof=row["answer"], accepted=True))
        elif row.get("kind") == "sample" and row.get("proof"):
            waiting.append(row)
        elif row.get("kind") == "problem":
            statement = row.get("statement")
            for sample in waiting if isinstance(statement, str) else ():
                if sample["status"] in ("accepted", "rejected") and sample["id"] == row["id"]:
                    accepted = bool(sample["correct"])
                    message = "" if accepted else str(sample.get("messages") or sample["detail"])
                    yield from _outside_test(
                        Proved(
                            statement=str(statement),
                            proof=sample["proof"],
                            accepted=accepted,
                            message=message,
                        )
                    )
            waiting = []


def on_test_side(text: str) -> bool:
    """Whether a question, or a statement with its name, is on the test side of the split."""
    if (found := re.search(r"(?m)^theorem ", text)) is not None:
        return is_test(content_id("thm", text[found.start() :].split(" ", 2)[-1]))
    return is_test(content_id("gen", text))


def role_line(role: str, prompt: Prompt, answer: str) -> dict[str, str]:
    """One fine-tuning line; equal lines have equal ids."""
    line_id = content_id(role, f"{prompt.text}\n{answer}")
    return {"id": line_id, "prompt": prompt.text, "answer": answer, "source": f"role/{role}"}


def _outside_test(attempt: Proved) -> Iterator[Proved]:
    if not on_test_side(attempt.statement):
        yield attempt
