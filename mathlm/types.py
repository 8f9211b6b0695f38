"""The records of the whole system: read this file first.

`problems.load -> Problem -> prompts.render -> Prompt -> Backend.generate -> Completion
-> extract -> Candidate -> Verifier.verify -> Verdict -> reward -> float | None -> TrainingSample`

Every record is frozen, keyword-only and made of standard-library types, so that it can be
pickled, compared and written as JSON (`to_json`). Nothing here does work.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Status(StrEnum):
    """How a check ended. Only ACCEPTED and REJECTED say something about mathematics."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TIMEOUT = "timeout"
    RESOURCE = "resource"
    INFRA_ERROR = "infra_error"


class Reason(StrEnum):
    """Why a candidate was rejected (set only when the status is REJECTED)."""

    PARSE = "parse"
    ELABORATION = "elaboration"
    SORRY = "sorry"
    AXIOM = "axiom"
    STATEMENT_MISMATCH = "statement_mismatch"
    KERNEL = "kernel"
    FORBIDDEN = "forbidden"
    WRONG_ANSWER = "wrong_answer"
    PROGRAM_ERROR = "program_error"


class Certificate(StrEnum):
    """What stands behind an answer, strongest first."""

    LEAN = "lean"
    PYTHON = "python"
    VOTE = "vote"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """A thing to solve or prove.

    Example: `Problem(id="q1", kind="solve", text="What is gcd(12, 18)?", answer="6")`
    or `Problem(id="t1", kind="prove", text="theorem t (a b : Nat) : a + b = b + a")`.
    """

    id: str
    kind: Literal["solve", "prove"]
    text: str
    answer: str | None = None
    """Gold answer, for scoring only; no prompt ever shows it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """Rendered chat text, special tokens included, ready for the tokenizer.

    Example: `Prompt(text="<|im_start|>user\\n2+2?<|im_end|>\\n<|im_start|>assistant\\n")`
    """

    text: str
    stop: tuple[str, ...] = ("<|im_end|>",)


@dataclass(frozen=True, kw_only=True, slots=True)
class SamplingParams:
    """How to sample. `temperature=0` is greedy; `top_p=1` and `top_k=0` switch those filters off.

    Example: `SamplingParams(max_tokens=256, temperature=0.8, top_p=0.95, seed=1)`
    """

    max_tokens: int
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, got {self.max_tokens}")
        if self.temperature < 0:
            raise ValueError(f"temperature must not be negative, got {self.temperature}")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be in (0, 1], got {self.top_p}")
        if self.top_k < 0:
            raise ValueError(f"top_k must not be negative, got {self.top_k}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """What a backend generated for one prompt (stop string removed).

    `logprob` is the sum of token log-probabilities under the sampling distribution at
    temperature 1, in nats; `tokens` their number.
    Example: `Completion(text="by omega", finish="stop", tokens=3, logprob=-0.2)`
    """

    text: str
    finish: Literal["stop", "length"]
    tokens: int
    logprob: float
    ids: tuple[int, ...] = ()
    """The sampled tokens, with the one that stopped it; empty where the backend does not tell them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """What was extracted from a completion and can be checked.

    Example: `Candidate(kind="program", source="print(6)", origin="model")`
    """

    kind: Literal["program", "proof"]
    source: str
    origin: str
    """Who made it: `model`, `model: repair 1`, `model: best-first`, `automation: omega`, …"""
    formal_statement: str | None = None
    reasoning: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message of Lean. Lines count from 1, columns from 0 (codepoints), as Lean counts.

    Example: `Message(severity="error", line=1, column=4, end_line=1, end_column=9, text="…")`
    """

    severity: Literal["info", "warning", "error"]
    line: int
    column: int
    end_line: int | None
    end_column: int | None
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TheoremVerdict:
    """The verdict on one theorem of a file."""

    name: str
    status: Status
    reason: Reason | None = None
    axioms: tuple[str, ...] = ()
    statement: str = ""
    """The type as the trusted side elaborated and printed it."""
    detail: str = ""
    rule: str | None = None
    """The rule that it breaks: a key of `verify/lean/policy.toml`, or one of the judge's own."""
    line: int | None = None
    """Where the candidate's source breaks it, as far as that is known; lines and columns as in `Message`."""
    column: int | None = None
    vacuous: bool | None = None
    """Whether the hypotheses contradict each other, so that it says nothing; None: unknown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The outcome of one check.

    Example: `Verdict(status=Status.REJECTED, reason=Reason.SORRY, seconds=0.01, toolchain="Lean …")`
    """

    status: Status
    reason: Reason | None = None
    detail: str = ""
    """One line for a person: what happened and, for a failure, what to do."""
    seconds: float = 0.0
    toolchain: str = ""
    messages: tuple[Message, ...] = ()
    theorems: tuple[TheoremVerdict, ...] = ()
    output: str = ""
    """Standard output of a program, cut at the limit."""

    def __post_init__(self) -> None:
        if (self.reason is not None) != (self.status is Status.REJECTED):
            raise ValueError(f"a reason belongs to a rejection, got {self.status} with {self.reason}")

    @property
    def accepted(self) -> bool:
        return self.status is Status.ACCEPTED


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One candidate with its verdict, as `prove` and `solve` report it."""

    candidate: Candidate
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Solution:
    """What `mathlm solve` answers. Field names are the JSON contract of DESIGN.md."""

    question: str
    answer: str | None
    certificate: Certificate
    formal_statement: str | None = None
    program: str | None = None
    second_program: str | None = None
    """What confirms `program`, written in another way; with the certificate `python` only."""
    reasoning: str = ""
    votes: dict[str, int] = field(default_factory=dict)
    proof: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ProofResult:
    """What `mathlm prove` answers. Field names are the JSON contract of DESIGN.md."""

    statement: str
    proof: str | None
    status: Status
    reason: Reason | None
    axioms: tuple[str, ...] = ()
    origin: str | None = None
    """Who found the proof: `automation: omega`, `model`, `model: repair 1`, …"""
    attempts: int = 0
    """Proofs that were checked, those of the negation too."""
    steps: int = 0
    """Tactics that the search ran besides."""
    disproof: str | None = None
    """A proved theorem that says the statement is false."""
    detail: str = ""
    vacuous: bool | None = None
    """Whether the hypotheses contradict each other, so that it says nothing; None: unknown."""
    toolchain: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingSample:
    """A verified sample, ready for SFT: the loss is on `answer` only."""

    id: str
    prompt: str
    answer: str
    source: str


def to_json(record: Any) -> Any:
    """A record (or container of records) as plain JSON values."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: to_json(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, StrEnum):
        return str(record)
    if isinstance(record, dict):
        return {str(k): to_json(v) for k, v in record.items()}
    if isinstance(record, list | tuple):
        return [to_json(v) for v in record]
    return record
