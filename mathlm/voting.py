"""Outputs of several programs -> groups of equivalent answers, largest first.

Same text is the same answer; different texts are compared in the sandbox (parsing model text evaluates it).
A text joins the first group whose first member it is equivalent to, the commonest text first.

Contract: `Ballot.winner` is None when no program printed an answer. A comparison that ran out of time or
memory decides nothing: the texts stay apart and `Ballot.uncertain` is set, which forbids the certificate
that rests on the count. A comparison that broke (infra_error) raises InfraError.
Not covered: weighing votes by log-probability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mathlm.errors import InfraError
from mathlm.types import Status, Verdict
from verify.base import Limits

MAX_DISTINCT = 24
"""Different texts that are compared with each other; the rarer ones stand alone."""

DECISIVE = 0.9
"""Share of the votes that an answer needs for a certificate. Chosen on the development questions: of 24
answers certified wrong 15 were contested, of 1,192 certified right 43."""
QUORUM = 0.75
"""Share of all samples that must give the answer: a model that mostly fails does not know this question."""


class Python(Protocol):
    """What is asked of `verify.python.verifier.PythonVerifier`."""

    def run_many(self, programs: Sequence[str], *, limits: Limits) -> list[Verdict]: ...

    def equivalent_many(self, pairs: Sequence[tuple[str, str]], *, limits: Limits) -> list[Verdict]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Samples (their positions) that gave one answer, in the wording that most of them used."""

    answer: str
    samples: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ballot:
    """All answers, the one with most votes first unless `mathlm.rerank` put another one there."""

    groups: tuple[Group, ...]
    samples: int
    """All samples, those without an answer too."""
    uncertain: bool = False
    """Some comparison of two answers did not end."""

    @property
    def winner(self) -> Group | None:
        return self.groups[0] if self.groups else None

    @property
    def tied(self) -> bool:
        """Whether another answer has as many votes as the first, or more (`mathlm.rerank` may say so)."""
        return any(len(group.samples) >= len(self.groups[0].samples) for group in self.groups[1:])

    @property
    def contested(self) -> bool:
        """Whether dissent or silence speaks against the first answer: too few votes, or too few samples."""
        first = len(self.groups[0].samples) if self.groups else 0
        total = sum(len(group.samples) for group in self.groups)
        return first < DECISIVE * total or first < QUORUM * self.samples

    @property
    def votes(self) -> dict[str, int]:
        return {group.answer: len(group.samples) for group in self.groups}


def vote(answers: Sequence[str | None], *, python: Python, limits: Limits) -> Ballot:
    """Group the answers; `None` (no answer) does not vote."""
    counts = Counter(answer for answer in answers if answer is not None)
    texts = [text for text, _ in counts.most_common()]
    compared = texts[:MAX_DISTINCT]
    pairs = [(a, b) for i, a in enumerate(compared) for b in compared[:i]]
    verdicts = dict(zip(pairs, python.equivalent_many(pairs, limits=limits) if pairs else [], strict=True))
    if broken := next((v for v in verdicts.values() if v.status is Status.INFRA_ERROR), None):
        raise InfraError(f"two answers could not be compared ({broken.detail}): run 'mathlm doctor'")
    members: dict[str, list[str]] = {}
    for text in texts:
        same = (first for first in members if (v := verdicts.get((text, first))) and v.accepted)
        members.setdefault(next(same, text), []).append(text)
    groups = [
        Group(answer=first, samples=tuple(i for i, answer in enumerate(answers) if answer in wordings))
        for first, wordings in members.items()
    ]
    return Ballot(
        samples=len(answers),
        groups=tuple(sorted(groups, key=lambda group: (-len(group.samples), group.samples[0]))),
        uncertain=len(texts) > MAX_DISTINCT
        or any(v.status not in (Status.ACCEPTED, Status.REJECTED) for v in verdicts.values()),
    )
