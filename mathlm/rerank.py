"""Which answer is proposed, and which proof is tried first, by a scorer's word beside the votes.

A scorer never certifies anything. It may put another answer first; what a certificate asks of that answer
(agreement of nearly all samples, grounding, a proof) stays as it is, so an answer that is proposed against
the votes has no certificate at all.

    vote     the commonest answer (self-consistency)
    reward   the answer of the sample with the best score (best of n)
    both     the answer with the largest sum of sigmoid(score) over its samples (weighted voting)

Contract: the order among equals is that of the votes; only samples with an answer are scored.
Sources: best of n (Cobbe et al. 2021, arXiv:2110.14168), weighted voting (Li et al. 2023, arXiv:2206.02336).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from mathlm.preferences import Scorer
from mathlm.prompts import NO, YES, Domain, render_judge_outcome
from mathlm.types import Candidate, Completion
from mathlm.voting import Ballot

if TYPE_CHECKING:
    from model.generation.base import LikelihoodBackend


class How(StrEnum):
    """What decides which answer is proposed."""

    VOTE = "vote"
    REWARD = "reward"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reranker:
    """Example: `Reranker(scorer=RewardModel.load(folder), how=How.BOTH)`"""

    scorer: Scorer
    how: How

    def ballot(self, question: str, completions: Sequence[Completion], ballot: Ballot) -> Ballot:
        """The same groups, the proposed one first."""
        if self.how is How.VOTE or len(ballot.groups) < 2:
            return ballot
        positions = sorted(i for group in ballot.groups for i in group.samples)
        items = [(question, completions[i].text) for i in positions]
        scores = dict(zip(positions, self.scorer.score(items, domain=Domain.SOLVE), strict=True))
        weights = [weight([scores[i] for i in group.samples], self.how) for group in ballot.groups]
        first = max(range(len(weights)), key=lambda i: weights[i])
        rest = ballot.groups[:first] + ballot.groups[first + 1 :]
        return replace(ballot, groups=(ballot.groups[first], *rest))

    def steps(self, statement: str, proofs: Sequence[str]) -> list[float]:
        """The logarithm of each beginning's probability to lead to a proof, as the scorer sees it."""
        scores = self.scorer.score([(statement, proof) for proof in proofs], domain=Domain.STEPS)
        return [min(score, 0.0) - math.log1p(math.exp(-abs(score))) for score in scores]

    def proofs(self, statement: str, proofs: Sequence[Candidate]) -> list[Candidate]:
        """The proofs, best score first; votes play no part, since equal proofs are there once."""
        if self.how is How.VOTE or len(proofs) < 2:
            return list(proofs)
        scores = self.scorer.score([(statement, proof.source) for proof in proofs], domain=Domain.PROVE)
        return [proofs[i] for i in sorted(range(len(proofs)), key=lambda i: -scores[i])]


def weight(scores: Sequence[float], how: How) -> float:
    """What the samples of one answer weigh together."""
    if how is How.REWARD:
        return max(scores)
    return float(len(scores)) if how is How.VOTE else sum(1 / (1 + math.exp(-score)) for score in scores)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """The language model in its verifier role as a scorer: log-odds of YES to `render_judge_outcome`.

    Example: `Judge(backend=NativeBackend.load(folder)).score([("2 + 2?", "4")], domain=Domain.SOLVE)`
    """

    backend: LikelihoodBackend

    def score(self, items: Sequence[tuple[str, str]], *, domain: Domain) -> list[float]:
        """log P(YES) - log P(NO); the sigmoid of it is P(YES) of the two. The domain makes no difference."""
        prompts = [render_judge_outcome(question, answer) for question, answer in items]
        both = [prompt for prompt in prompts for _ in (YES, NO)]
        found = self.backend.score_continuations(both, [YES, NO] * len(prompts))
        return [yes - no for yes, no in zip(found[::2], found[1::2], strict=True)]
