"""Which group is proposed, in what order proofs are tried, and that no certificate comes of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mathlm.pipeline import SolveLimits, prove, solve
from mathlm.prompts import NO, YES, Domain, render_judge_outcome
from mathlm.rerank import How, Judge, Reranker, weight
from mathlm.search import Part, SearchConfig
from mathlm.types import Certificate, Completion, Prompt, SamplingParams
from mathlm.voting import Ballot, Group
from model.generation.fake import FakeBackend
from verify.base import Limits
from verify.fake import FakeLeanVerifier, FakePythonVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1000, output_bytes=1000)
PARAMS = SamplingParams(max_tokens=100)


class Words:
    """A scorer that gives an answer the number behind the first word it knows, else 0."""

    def __init__(self, **numbers: float) -> None:
        self.numbers = numbers
        self.asked: list[tuple[Domain, str, str]] = []

    def score(self, items: Sequence[tuple[str, str]], *, domain: Domain) -> list[float]:
        self.asked += [(domain, question, answer) for question, answer in items]
        return [next((v for word, v in self.numbers.items() if word in answer), 0.0) for _, answer in items]


def completions(*texts: str) -> list[Completion]:
    return [Completion(text=text, finish="stop", tokens=1, logprob=0.0) for text in texts]


THREE = Ballot(
    groups=(
        Group(answer="a", samples=(0, 1, 2)),
        Group(answer="b", samples=(3, 4)),
        Group(answer="c", samples=(6,)),
    ),
    samples=7,
)
TEXTS = completions("low", "low", "low", "good", "good", "no answer", "best")


@pytest.mark.parametrize(("how", "winner"), [(How.VOTE, "a"), (How.REWARD, "c"), (How.BOTH, "b")])
def test_each_way_proposes_its_own(how: How, winner: str) -> None:
    scorer = Words(low=-2.0, good=3.0, best=4.0)
    found = Reranker(scorer=scorer, how=how).ballot("q", TEXTS, THREE)
    assert found.groups[0].answer == winner
    assert sorted(g.answer for g in found.groups) == ["a", "b", "c"] and found.samples == 7
    assert found.votes == THREE.votes
    asked = [] if how is How.VOTE else [(Domain.SOLVE, "q", c.text) for i, c in enumerate(TEXTS) if i != 5]
    assert scorer.asked == asked, "a sample without an answer is not scored"


def test_equal_scores_leave_the_order_of_the_votes() -> None:
    assert Reranker(scorer=Words(), how=How.REWARD).ballot("q", TEXTS, THREE) == THREE


def test_weights() -> None:
    assert weight([1.0, 3.0], How.REWARD) == 3.0
    assert weight([0.0, 0.0, 0.0], How.BOTH) == pytest.approx(1.5)
    assert weight([9.0, 9.0], How.VOTE) == 2


ONE = "import math\nprint(math.gcd(12, 18))"
OTHER = "a, b = 12, 18\nwhile b: a, b = b, a % b\nprint(a)"
WRONG, WRONG_TOO = "print(12 + 18)", "x = 18\nx += 12\nprint(x)"


def run(programs: list[str], how: How, scorer: Words) -> tuple[str | None, Certificate, FakeLeanVerifier]:
    lean = FakeLeanVerifier(lambda source: True)
    formal = "```lean\ntheorem answer : 12 + 18 = ANSWER\n```"
    found = solve(
        "What is gcd(12, 18)?",
        backend=FakeBackend([f"```python\n{program}\n```\n{formal}" for program in programs]),
        python=FakePythonVerifier({ONE: "6", OTHER: "6", WRONG: "30", WRONG_TOO: "30"}),
        lean=lean,
        samples=len(programs),
        params=PARAMS,
        limits=SolveLimits(program=LIMITS, comparison=LIMITS, lean=LIMITS),
        rerank=Reranker(scorer=scorer, how=how),
    )
    return found.solution.answer, found.solution.certificate, lean


@pytest.mark.parametrize("how", [How.REWARD, How.BOTH])
def test_an_answer_against_the_votes_is_proposed_without_certificate(how: How) -> None:
    """It has two independent programs and a statement that Lean would prove: neither may certify it."""
    programs = [ONE, OTHER, ONE, WRONG, WRONG_TOO]
    scorer = Words(**{"gcd(": -4.0, "while": -4.0, "print(12 + 18)": 4.0, "x += 12": 4.0})
    answer, certificate, lean = run(programs, how, scorer)
    assert (answer, certificate) == ("30", Certificate.NONE)
    assert lean.sources == []
    assert run(programs, How.VOTE, scorer)[:2] == ("6", Certificate.VOTE)


def test_an_agreed_answer_keeps_its_certificate() -> None:
    scorer = Words(**{"gcd(": -4.0, "while": -4.0})
    assert run([ONE, OTHER] * 2, How.REWARD, scorer)[1] is Certificate.LEAN


def test_the_best_proof_is_tried_first() -> None:
    lean = FakeLeanVerifier({"theorem t : foo := by good"})
    scorer = Words(good=2.0, bad=-1.0)
    result = prove(
        "theorem t : foo",
        backend=FakeBackend(["by bad", "by so", "by good"]),
        lean=lean,
        params=PARAMS,
        limits=LIMITS,
        config=SearchConfig(parts=frozenset({Part.AUTOMATION, Part.WHOLE}), samples=3),
        rerank=Reranker(scorer=scorer, how=How.REWARD),
    )
    assert result.proof == "by good"
    assert not any("by bad" in source or "by so" in source for source in lean.tried)
    assert scorer.asked[0][:2] == (Domain.PROVE, "theorem t : foo")


class Likely:
    """A backend that finds YES likelier the more often the prompt says `right`."""

    name = "likely"

    def score_continuations(self, prompts: Sequence[Prompt], continuations: Sequence[str]) -> list[float]:
        assert [prompts[0], prompts[0]] == list(prompts[:2])
        return [
            prompt.text.count("right") if continuation == YES else -1.0 if continuation == NO else 99.0
            for prompt, continuation in zip(prompts, continuations, strict=True)
        ]


def test_the_judge_scores_by_the_odds_of_yes() -> None:
    items = [("q", "right right"), ("q", "wrong")]
    assert "right right" in render_judge_outcome(*items[0]).text
    found = Judge(backend=Likely()).score(items, domain=Domain.SOLVE)  # type: ignore[arg-type]
    assert found[0] - found[1] == 2.0 and found[1] >= 1.0
