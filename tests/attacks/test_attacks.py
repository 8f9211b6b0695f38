"""Every attack of this folder against the real verifier: none is accepted that must not be.

All attacks that this run selects go through one verifier, a few at a time; pairs, whose second part
relies on what the first left behind, run before all others, undisturbed.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from mathlm.types import Reason, Status, TheoremVerdict, Verdict
from tests.attacks.cases import ROWS, Case, Expected, read_cases, read_expected
from verify.lean import protocol
from verify.lean.judge import judge
from verify.lean.policy import default
from verify.lean.protocol import CheckAnswer, Elaborated
from verify.lean.vacuity import vacuous
from verify.lean.verifier import LeanVerifier

CASES = read_cases()
THREADS = 3
"""One attack in the worker, one in the judge, one waiting."""


def run(lean: LeanVerifier, case: Case) -> Verdict:
    if case.first is not None:
        lean.check(case.first, limits=case.expected.limits)
    if case.export is not None or case.edits:
        return judged(lean, case)
    assert case.candidate is not None
    limits, flag = case.expected.limits, case.expected.vacuous is not None
    verdict = lean.check(case.candidate, statement=case.statement, limits=limits, describe=flag)
    if not flag:
        return verdict
    theorems = tuple(
        dataclasses.replace(t, vacuous=vacuous(lean, f"theorem {t.statement}", limits=limits))
        for t in verdict.theorems
    )
    return dataclasses.replace(verdict, theorems=theorems)


def judged(lean: LeanVerifier, case: Case) -> Verdict:
    """The judge's verdict on what a worker that was taken over would say."""
    limits = case.expected.limits
    claim = Elaborated(
        parse_error=False,
        messages=(),
        theorems=(),
        environment="core",
        export=case.export or "",
        export_error=None,
    )
    if case.candidate is not None:
        reply = lean.pool.run(protocol.check_request(case.candidate, limits), limits=limits)
        assert reply.answer is not None, reply.detail
        honest = protocol.read_elaborated(reply.answer)
        assert isinstance(honest, Elaborated)
        text = honest.export
        for edit in case.edits:
            text = edit.apply(text)
        claim = dataclasses.replace(honest, export=text, messages=())
    request = protocol.judge_request(claim, case.statement, limits, describe=False)
    reply = lean.judges.run(request, limits=limits)
    if reply.answer is None:
        return Verdict(status=reply.status or Status.INFRA_ERROR, detail=reply.detail)
    answer = protocol.read_judged(claim, reply.answer)
    assert isinstance(answer, CheckAnswer)
    return judge(answer, challenged=case.statement is not None, policy=default())


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Verdict]]]:
    """The verdict, on its way, of every attack that this run selects."""
    here = [
        item
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == request.path
    ]
    chosen = {item.callspec.params["case"].name for item in here if "case" in item.fixturenames}
    cases = [case for case in CASES if case.name in chosen]
    with LeanVerifier(workers=1, spare=1) as lean, ThreadPoolExecutor(THREADS) as threads:
        lean.warm()
        found: dict[str, Future[Verdict]] = {}
        for case in cases:
            if case.first is not None:
                found[case.name] = Future()
                found[case.name].set_result(run(lean, case))
        for case in cases:
            if case.first is None:
                found[case.name] = threads.submit(run, lean, case)
        yield found
        threads.shutdown(wait=True, cancel_futures=True)


def test_there_are_attacks_on_every_row() -> None:
    assert len(CASES) >= 60
    rows = Counter(row for case in CASES for row in case.expected.rows)
    assert {row: rows[row] for row in ROWS if rows[row] < 3} == {}


def differences(verdict: Verdict, expected: Expected) -> list[str]:
    """Where a verdict is not what was expected."""
    found = {theorem.name: theorem for theorem in verdict.theorems}
    pairs: list[tuple[str, object, object]] = [("status", verdict.status, expected.status)]
    if verdict.reason is not None and verdict.reason not in expected.reasons:
        pairs.append(("reason", verdict.reason, expected.reasons))
    if expected.says not in verdict.detail:
        pairs.append(("detail", verdict.detail, expected.says))
    for name, status in expected.theorems:
        pairs.append((name, found[name].status if name in found else None, status))
    if expected.vacuous is not None:
        pairs.append(("vacuous", [theorem.vacuous for theorem in verdict.theorems], [expected.vacuous]))
    return [f"{what}: {is_} instead of {should}" for what, is_, should in pairs if is_ != should]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_attack(case: Case, verdicts: dict[str, Future[Verdict]]) -> None:
    verdict = verdicts[case.name].result()
    assert not differences(verdict, case.expected), verdict.detail


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('rows = [1]\nstatus = "accepted"', "lacks"),
        ('rows = [1]\nidea = "x"\nstatus = "accepted"\nreson = "sorry"', "unknown keys"),
        ('rows = [23]\nidea = "x"\nstatus = "accepted"', "rows"),
        ('rows = [1]\nidea = "x"\nstatus = "rejected"', "reason"),
        ('rows = [1]\nidea = "x"\nstatus = "accepted"\nreason = "sorry"', "reason"),
        ('rows = [1]\nidea = "x"\nstatus = "rejected"\nreason = "parse"', "says"),
        ('rows = [1]\nidea = "x"\nstatus = "refused"', "refused"),
    ],
)
def test_an_expectation_that_says_too_little_is_an_error(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_expected(text)


def test_a_different_verdict_is_seen() -> None:
    expected = Expected(
        rows=(1,),
        idea="x",
        status=Status.REJECTED,
        reasons=(Reason.SORRY,),
        theorems=(("t", Status.REJECTED),),
    )
    refused = TheoremVerdict(name="t", status=Status.REJECTED, reason=Reason.SORRY)
    same = Verdict(status=Status.REJECTED, reason=Reason.SORRY, theorems=(refused,))
    assert differences(same, expected) == []
    assert len(differences(Verdict(status=Status.ACCEPTED), expected)) == 2
    assert len(differences(dataclasses.replace(same, reason=Reason.AXIOM), expected)) == 1
    assert len(differences(same, dataclasses.replace(expected, says="y", vacuous=True))) == 2


def test_a_folder_without_an_expectation_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "candidate.lean").write_text("theorem t : True := trivial")
    with pytest.raises(ValueError, match=r"expected\.toml is missing"):
        read_cases(tmp_path)
