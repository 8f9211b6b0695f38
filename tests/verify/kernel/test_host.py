"""The worker: budgets, depth, memory of what is trusted, and what happens when it breaks."""

from __future__ import annotations

import dataclasses
import json

import pytest

from tests.verify.kernel.cases import LIBRARY, LIMITS
from tests.verify.kernel.export import Export, Term, app, arrow, c, lam, let, nat, pi, string
from tests.verify.kernel.library import FALSE, NAT, ONE, PROP, SUCC, TRUE, ZERO, eq, library, refl
from verify.kernel import KernelChecker
from verify.kernel.checker import command
from verify.process import WorkerProcess

GOOD = Export().thm("t", TRUE, c("True.intro")).text()
FEW_STEPS = dataclasses.replace(LIMITS, heartbeats=10)


def test_too_many_steps_are_declined(kernel: KernelChecker) -> None:
    """A recursion over a literal is a billion reductions."""
    step = lam(NAT, lambda _: lam(NAT, lambda x: app(SUCC, x)))
    count = app(c("Nat.rec", ONE), lam(NAT, lambda _: NAT), ZERO, step, nat(10**9))
    out = Export().thm("t", eq(NAT, count, nat(10**9)), refl(NAT, nat(10**9)))
    answer = kernel.check(out.text(), LIBRARY, "t", FEW_STEPS)
    assert (answer.verdict, answer.rule) == ("declined", "budget"), answer
    assert answer.steps > 1000


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_deep_terms_are_checked_or_declined(kernel: KernelChecker, depth: int) -> None:
    """Successors below successors: far beyond any default stack."""
    out = Export()
    index, fn = ZERO(out, 0), SUCC(out, 0)
    start = len(out.lines)
    for i in range(depth):
        out.lines.append({"app": {"fn": fn, "arg": index}, "ie": (index := 2 + i)})
    assert start and index == depth + 1
    out._counts["ie"] = index
    out.define("t", NAT, lambda out, depth: index)
    answer = kernel.check(out.text(), LIBRARY, "t", dataclasses.replace(LIMITS, heartbeats=100_000))
    assert answer.accepted or (answer.verdict, answer.rule) == ("declined", "budget"), answer
    assert kernel.check(GOOD, LIBRARY, "t", LIMITS).accepted


def test_shared_terms_are_checked_once(kernel: KernelChecker) -> None:
    """A doubling let, forty deep: as a tree it has 2^40 parts."""

    def double(value: Term, times: int) -> Term:
        if times == 0:
            return value
        return let(NAT, value, lambda x: double(app(c("Nat.add"), x, x), times - 1))

    answer = kernel.check(Export().define("t", NAT, double(c("n"), 40)).text(), LIBRARY, "t", LIMITS)
    assert answer.accepted and answer.steps < 50_000


@pytest.mark.parametrize("shift", [2**24, 2**60])
def test_huge_numbers_are_not_computed(kernel: KernelChecker, shift: int) -> None:
    left = app(c("Nat.shiftLeft"), app(c("Nat.shiftLeft"), nat(1), nat(2**24)), nat(shift))
    answer = kernel.check(
        Export().thm("t", eq(NAT, left, ZERO), refl(NAT, ZERO)).text(), LIBRARY, "t", LIMITS
    )
    assert not answer.accepted


def test_candidates_leave_nothing_behind(kernel: KernelChecker) -> None:
    first = Export().thm("mine", TRUE, c("True.intro")).text()
    assert kernel.check(first, LIBRARY, "mine", LIMITS).accepted
    assert kernel.check(first, LIBRARY, "mine", LIMITS).accepted
    use = Export().thm("t", TRUE, c("mine")).text()
    assert kernel.check(use, LIBRARY, "t", LIMITS).rule == "unknown-constant"
    # what was rejected is no more there than what was accepted
    assert not kernel.check(
        Export().thm("bad", FALSE, c("True.intro")).text(), LIBRARY, "bad", LIMITS
    ).accepted
    assert not kernel.check(Export().thm("t", FALSE, c("bad")).text(), LIBRARY, "t", LIMITS).accepted


def test_what_is_trusted_grows_and_may_not_change() -> None:
    with KernelChecker() as checker:
        use = Export().thm("t", PROP_R, c("r")).text()
        assert checker.check(use, LIBRARY, "t", LIMITS).rule == "unknown-constant"
        more = library().axiom("R", PROP).axiom("r", PROP_R).text()
        assert checker.check(use, more, "t", LIMITS).accepted
        assert checker.check(use, LIBRARY, "t", LIMITS).accepted
        other = library().axiom("R", PROP).axiom("r", FALSE).text()
        answer = checker.check(use, other, "t", LIMITS)
        assert (answer.verdict, answer.rule) == ("declined", "environment")
        assert "r differs" in answer.reason
        assert checker.check(use, "{", "t", LIMITS).rule == "environment"
        assert checker.check(use, LIBRARY, "t", LIMITS).accepted


PROP_R = c("R")


def test_what_the_trusted_part_mentions_is_reserved() -> None:
    """A trusted theorem about a missing constant would otherwise speak about the candidate's."""
    with KernelChecker() as checker:
        trusted = library().axiom("odd", eq(NAT, c("missing"), nat(1))).text()
        proof = Export().define("missing", NAT, nat(0)).thm("t", eq(NAT, nat(0), nat(1)), c("odd")).text()
        assert checker.check(proof, trusted, "t", LIMITS).rule == "duplicate"
        use = Export().define("t", NAT, c("missing")).text()
        answer = checker.check(use, trusted, "t", LIMITS)
        assert (answer.verdict, answer.rule) == ("declined", "environment")


def test_without_numbers_in_the_library_they_are_declined() -> None:
    with KernelChecker() as checker:
        trusted = Export().axiom("Nat", PROP).axiom("String", PROP).text()
        for value in (nat(0), string("")):
            answer = checker.check(Export().define("t", c("Nat"), value).text(), trusted, "t", LIMITS)
            assert (answer.verdict, answer.rule) == ("declined", "literal")
        own = Export().define("Nat.add", PROP, pi(PROP, lambda a: arrow(a, a))).text()
        assert checker.check(own, trusted, None, LIMITS).rule == "duplicate"


def test_no_answer_in_time_is_declined() -> None:
    with KernelChecker() as checker:
        answer = checker.check(GOOD, LIBRARY, "t", dataclasses.replace(LIMITS, seconds=1e-6))
        assert (answer.verdict, answer.rule) == ("declined", "timeout")


def test_a_crash_is_declined() -> None:
    def broken() -> WorkerProcess:
        argv = [*command()[:-1], "--eval", 'require("fs").writeSync(3, \'{"ready":true}\\n\')']
        return WorkerProcess(argv, name="broken", ready_seconds=10)

    with KernelChecker(spawn=broken) as checker:
        answer = checker.check(GOOD, LIBRARY, "t", LIMITS)
        assert (answer.verdict, answer.rule) == ("declined", "infra_error")


def test_a_worker_that_cannot_start_is_declined() -> None:
    with KernelChecker(spawn=lambda: WorkerProcess(["/nowhere"], name="none", ready_seconds=5)) as checker:
        answer = checker.check(GOOD, LIBRARY, "t", LIMITS)
        assert (answer.verdict, answer.rule) == ("declined", "infra_error")


def test_without_a_limit_of_steps_nothing_is_checked() -> None:
    worker = WorkerProcess(command(), name="kernel", ready_seconds=20)
    worker.start()
    try:
        message = {"op": "check", "trusted": LIBRARY, "candidate": GOOD, "target": "t"}
        for steps in (None, "many", 0, -1, 1.5):
            answer = worker.request({**message, "steps": steps}, seconds=20, memory_mb=2048)
            assert (answer["verdict"], answer["rule"]) == ("declined", "budget")
        assert (
            worker.request({**message, "steps": 10**6}, seconds=20, memory_mb=2048)["verdict"] == "accepted"
        )
    finally:
        worker.kill()


def test_an_answer_of_another_shape_is_declined() -> None:
    line = json.dumps({"verdict": "yes", "declaration": None, "rule": None, "reason": "", "axioms": []})

    def odd() -> WorkerProcess:
        script = 'const fs = require("fs"); fs.writeSync(3, \'{"ready":true}\\n\');'
        script += f"fs.readSync(0, Buffer.alloc(9)); fs.writeSync(3, '{line}\\n'); setTimeout(() => 0, 9000)"
        return WorkerProcess([*command()[:-1], "--eval", script], name="odd", ready_seconds=10)

    with KernelChecker(spawn=odd) as checker:
        answer = checker.check(GOOD, LIBRARY, "t", LIMITS)
        assert (answer.verdict, answer.rule) == ("declined", "protocol")
