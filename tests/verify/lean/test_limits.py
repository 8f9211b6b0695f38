"""What is too large or too deep is `resource` with the reason, never a crash, and never `forbidden`."""

from __future__ import annotations

import dataclasses
import json

import pytest

from mathlm.types import Status
from tests.verify.lean.test_judge_process import LIMITS, PROOF, STATEMENT, export, with_export
from verify.lean import protocol
from verify.lean.protocol import Elaborated
from verify.lean.verifier import LeanVerifier

SOCKET = "Std.Internal.UV.TCP.Socket.new : IO Std.Internal.UV.TCP.Socket"
META = '{"meta":{}}'
HUGE = 2**26


def refused(lean: LeanVerifier, claim: Elaborated, text: str) -> str:
    """Why the judge could not read a text; it lives on (or is replaced for its size, after a huge one)."""
    before = lean.judges.restarts
    request = protocol.judge_request(with_export(claim, text), STATEMENT, LIMITS, describe=False)
    reply = lean.judges.run(request, limits=LIMITS)
    assert reply.answer is not None, reply.detail
    with pytest.raises(protocol.Exhausted) as caught:
        protocol.read_judged(claim, reply.answer)
    assert not reply.retried
    assert lean.judges.restarts == before or len(text) > HUGE
    return str(caught.value)


@pytest.fixture(scope="module")
def claim(lean: LeanVerifier) -> Elaborated:
    return export(lean, PROOF)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (['{"in":1,"str":{"pre":0,"str":"' + "x" * 3_000_000 + '"}}'], "line 2: a line of more than 1048576"),
        (['{"ie":0,"natVal":"' + "9" * 100_001 + '"}'], "line 2: a number of more than 100000 digits"),
        (
            ['{"in":1,"num":{"pre":0,"i":' + "9" * 100_001 + "}}"],
            "line 2: a number of more than 100000 digits",
        ),
        (['{"ie":0,"bvar":524288}'], "line 2: a bound variable below more than 524288 binders"),
        ([f'{{"il":{i},"succ":{i - 1}}}' for i in range(1, 65_537)], "line 65537: more than 65536 universe"),
        (["x" * 2**20] * 128, "more than 134217728 characters"),
    ],
    ids=["line", "literal", "name", "binders", "universes", "text"],
)
def test_a_limit_of_the_judge_is_named(
    lean: LeanVerifier, claim: Elaborated, lines: list[str], why: str
) -> None:
    assert why in refused(lean, claim, "\n".join([META, *lines]) + "\n")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("theorem t : " + "¬ " * 30_000 + "False := sorry", "the stack is exhausted"),
        ("#eval (Array.replicate 2000000000 (0 : Nat)).size\ntheorem t : 1 = 1 := rfl", "status 1"),
        ("#eval (IO.Process.exit 0 : IO Unit)\ntheorem t : 1 = 1 := rfl", "status 0"),
        (f"#eval show IO Unit from do\n  discard ({SOCKET})\ntheorem t : 1 = 1 := rfl", "exception"),
    ],
    ids=["stack", "memory", "exit", "socket"],
)
def test_a_candidate_that_ends_lean(lean: LeanVerifier, source: str, why: str) -> None:
    before = lean.pool.restarts
    verdict = lean.check(source, limits=LIMITS)
    assert verdict.status is Status.RESOURCE and why in verdict.detail, verdict
    assert lean.check(PROOF, statement=STATEMENT, limits=LIMITS).accepted
    assert lean.pool.restarts == before + 1  # not tried a second time


def test_a_recursion_too_deep_for_the_judge(lean: LeanVerifier) -> None:
    deep = "theorem t : (Nat.rec 0 (fun _ x => x + 1) 100000 : Nat) = 100000 := by decide +kernel"
    verdict = lean.check(deep, limits=LIMITS)
    assert verdict.status is Status.RESOURCE and "the stack is exhausted" in verdict.detail, verdict
    assert lean.check(PROOF, statement=STATEMENT, limits=LIMITS).accepted


@pytest.mark.parametrize("depth", [1_000, 300_000])
def test_a_term_of_any_depth_is_judged_or_too_large(lean: LeanVerifier, depth: int) -> None:
    claim = dataclasses.replace(export(lean, PROOF), export=chain(depth), messages=())
    request = protocol.judge_request(claim, "theorem t : True := sorry", LIMITS, describe=False)
    reply = lean.judges.run(request, limits=LIMITS)
    assert reply.answer is not None and not reply.retried, reply.detail
    if depth < 10_000:
        assert reply.answer["theorems"][0]["kernel"] is None
    else:
        assert "the stack is exhausted" in reply.answer["exhausted"]


def chain(depth: int) -> str:
    """`t : True := id (id (… True.intro))`."""
    lines = [
        META,
        '{"in":1,"str":{"pre":0,"str":"t"}}',
        '{"in":2,"str":{"pre":0,"str":"True"}}',
        '{"in":3,"str":{"pre":2,"str":"intro"}}',
        '{"in":4,"str":{"pre":0,"str":"id"}}',
        '{"ie":0,"const":{"name":2,"us":[]}}',
        '{"ie":1,"const":{"name":4,"us":[0]}}',
        '{"ie":2,"app":{"fn":1,"arg":0}}',
        '{"ie":3,"const":{"name":3,"us":[]}}',
    ]
    lines += [f'{{"ie":{i},"app":{{"fn":2,"arg":{i - 1}}}}}' for i in range(4, depth)]
    last = {"thm": {"name": 1, "levelParams": [], "type": 0, "value": depth - 1, "all": [1]}}
    return "\n".join([*lines, json.dumps(last, separators=(",", ":"))]) + "\n"
