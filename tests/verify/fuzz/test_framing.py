"""Whatever bytes a worker sends, the parent gets one answer or an error; hosts survive any request's text."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlm.errors import WorkerDied
from mathlm.types import Status
from tests.verify.fuzz.bases import HONEST, SOURCES
from tests.verify.fuzz.conftest import cases
from tests.verify.fuzz.oracle import LIMITS, Judge, Kernel
from tests.verify.fuzz.strategies import WORDS
from verify.lean.verifier import LeanVerifier
from verify.process import WorkerProcess

CHILD = Path(__file__).parents[1] / "worker_child.py"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=4)
TAILS = (b"x", b"\0", b"\n", b'{"a":1}\n', b'{"a":1}', b"\r\n", b"\xff")
STRANGE = (
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b"[" * 100_000,
    b'{"a":' + b"9" * 5_000 + b"}",
    b'{"a":"\xff\xfe"}',
    b'{"a":"\xed\xa0\x80"}',
    b'\xef\xbb\xbf{"a":1}',
    '{"a":1}'.encode("utf-16"),
    b'{"a":1,"a":2}',
    b'{"a":NaN}',
    b'{"a":1}\x00',
    b"{}",
    b"",
)
LINES = st.one_of(
    OBJECTS.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(STRANGE),
    st.binary(max_size=60),
)
TEXTS = st.lists(st.text(max_size=6) | st.sampled_from(WORDS), max_size=6).map("".join)
RequestOf = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def request_of() -> Iterator[RequestOf]:
    """Asks a child, a new one where the last has died."""
    kept: list[WorkerProcess] = []

    def ask(message: dict[str, Any]) -> dict[str, Any]:
        if not kept or not kept[-1].alive:
            kept[:] = [WorkerProcess([sys.executable, "-I", "-S", str(CHILD)], name="c", ready_seconds=60)]
            kept[-1].start()
        return kept[-1].request(message, seconds=60, memory_mb=1000)

    yield ask
    if kept:
        kept[-1].kill()


def read(data: bytes) -> dict[str, Any] | None:
    """The answer that the bytes are; None where they are none."""
    try:
        value = json.loads(data[:-1]) if data.find(b"\n") == len(data) - 1 and data else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


@cases(0.06)
@given(line=LINES, tail=st.just(b"") | st.sampled_from(TAILS), ended=st.integers(0, 9), data=st.data())
def test_bytes_are_one_answer_or_the_end_of_the_worker(
    request_of: RequestOf, counts: Counter[str], line: bytes, tail: bytes, ended: int, data: st.DataObject
) -> None:
    sent = line + (b"" if ended == 4 else b"\n" + tail)
    first = sent.find(b"\n")
    places = st.integers(0, max(0, first if first >= 0 else len(sent)))
    cuts = sorted(data.draw(st.lists(places, max_size=3)))
    expected = read(sent)
    try:
        answer = request_of({"op": "bytes", "hex": sent.hex(), "cuts": cuts})
    except WorkerDied:
        counts["framing: refused"] += 1
        assert expected is None, sent
    else:
        counts["framing: answered"] += 1
        assert json.dumps(answer) == json.dumps(expected), sent  # as text, since NaN is not itself
    assert request_of({"op": "echo", "value": 7})["echo"] == 7


@cases(0.02)
@given(statement=TEXTS, export=TEXTS, environment=TEXTS)
def test_the_judge_survives_any_request(judge: Judge, statement: str, export: str, environment: str) -> None:
    # a comment, since a judge whose statement runs code is replaced
    comment = statement.replace("-", "").replace("/", "")
    reply = judge.ask(export, f"/- {comment} -/\ntheorem t : False := sorry", environment=environment)
    assert reply.answer is not None and not reply.retried, (reply.status, reply.detail)
    judge.counts["host, judge: answered"] += 1


@cases(0.01)
@given(source=TEXTS, name=st.sampled_from([HONEST, "string"]), at=st.floats(0, 1))
def test_the_worker_survives_any_source(
    lean: LeanVerifier, counts: Counter[str], source: str, name: str, at: float
) -> None:
    whole = SOURCES[name]
    place = round(at * len(whole))
    before = lean.pool.restarts
    verdict = lean.check(whole[:place] + source + whole[place:], limits=LIMITS)
    assert verdict.status in (Status.ACCEPTED, Status.REJECTED), verdict
    assert lean.pool.restarts == before
    counts[f"host, worker: {verdict.reason or verdict.status}"] += 1


@cases(0.01)
@given(candidate=TEXTS, trusted=TEXTS, target=st.none() | TEXTS)
def test_the_second_kernel_survives_any_request(
    kernel: Kernel, candidate: str, trusted: str, target: str | None
) -> None:
    answer = kernel.checker.check(candidate, trusted, target, LIMITS)
    assert not answer.accepted and answer.rule not in {"internal", "protocol", "infra_error", "timeout"}, (
        answer
    )
    kernel.counts["host, kernel: answered"] += 1
