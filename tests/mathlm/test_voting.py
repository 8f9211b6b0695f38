"""`mathlm.voting`: grouping of answers, ties, and comparisons that did not end."""

from __future__ import annotations

import pytest

from mathlm.errors import InfraError
from mathlm.types import Status, Verdict
from mathlm.voting import vote
from verify.base import Limits
from verify.fake import FakePythonVerifier

LIMITS = Limits(seconds=5, memory_mb=500, heartbeats=1, output_bytes=1000)


def test_equivalent_texts_are_one_answer() -> None:
    ballot = vote(
        ["1/2", "3", "0.5", None, "1/2"], python=FakePythonVerifier({}, equal={("0.5", "1/2")}), limits=LIMITS
    )
    assert ballot.winner is not None
    assert ballot.winner.answer == "1/2"
    assert ballot.winner.samples == (0, 2, 4)
    assert ballot.votes == {"1/2": 3, "3": 1}
    assert not ballot.tied and not ballot.uncertain


def test_no_answers() -> None:
    assert vote([None, None], python=FakePythonVerifier({}), limits=LIMITS).winner is None


def test_a_tie_is_seen() -> None:
    assert vote(["1", "2", "2", "1"], python=FakePythonVerifier({}), limits=LIMITS).tied
    assert not vote(["1"], python=FakePythonVerifier({}), limits=LIMITS).tied


class Undecided(FakePythonVerifier):
    """Every comparison ends like this."""

    def __init__(self, status: Status) -> None:
        super().__init__({})
        self.status = status

    def equivalent(self, first: str, second: str, *, limits: Limits) -> Verdict:
        return Verdict(status=self.status)


def test_a_comparison_that_timed_out_makes_the_count_uncertain() -> None:
    assert vote(["1", "1", "2"], python=Undecided(Status.TIMEOUT), limits=LIMITS).uncertain


def test_a_comparison_that_broke_is_not_a_difference() -> None:
    with pytest.raises(InfraError, match="doctor"):
        vote(["1", "2"], python=Undecided(Status.INFRA_ERROR), limits=LIMITS)
