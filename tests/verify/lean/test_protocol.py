"""The wire: golden lines, and no answer that does not fit is ever read as one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.base import Limits
from verify.lean import protocol

LIMITS = Limits(seconds=1, memory_mb=1, heartbeats=7, output_bytes=9)
CLAIM = (
    '{"parse_error":false,"messages":[{"severity":"warning","line":1,"column":8,"text":"sorry",'
    '"end_line":1,"end_column":9}],"theorems":["t"],"environment":"core","export":"text",'
    '"used":[{"rule":"options","name":"pp.all","line":2,"column":11}],'
    '"places":[{"name":"t","line":1,"column":8}]}'
)
GOLDEN = (
    '{"theorems":[{"name":"t","found":true,"kind":"theorem","mismatch":null,'
    '"axioms":["sorryAx"],"own_axioms":[],"constants":[["theorem","t"]],"statement_constants":[],"premises":[["a","t"]],"kernel":null,'
    '"statement":"t : 1 = 1"}],"statement_messages":[],"not_in_library":["x"]}'
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def claimed() -> protocol.Elaborated:
    claim = protocol.read_elaborated(json.loads(CLAIM))
    assert isinstance(claim, protocol.Elaborated)
    return claim


def test_requests() -> None:
    assert protocol.check_request("s", LIMITS) == {
        "op": "check",
        "source": "s",
        "heartbeats": 7,
        "output_bytes": 9,
    }
    request = protocol.judge_request(claimed(), "c", LIMITS, describe=True, forbidden=frozenset({"b", "a"}))
    assert request == {
        "op": "judge",
        "export": "text",
        "theorems": ["t"],
        "environment": "core",
        "statement": "c",
        "forbidden": ["a", "b"],
        "describe": 1,
        "heartbeats": 7,
        "output_bytes": 9,
    }
    assert "statement" not in protocol.judge_request(claimed(), None, LIMITS, describe=False)
    assert protocol.step_request("s", 2, ("a", "b"), LIMITS)["tactics"] == ["a", "b"]


def test_golden_answers() -> None:
    answer = protocol.read_judged(claimed(), json.loads(GOLDEN))
    assert isinstance(answer, protocol.CheckAnswer)
    assert answer.theorems[0].axioms == ("sorryAx",)
    assert answer.theorems[0].premises == (("a", "t"),)
    assert answer.messages[0].end_column == 9
    assert "`x` is not in the library" in answer.messages[1].text
    assert answer.places == (
        protocol.Place(rule="options", name="pp.all", line=2, column=11),
        protocol.Place(name="t", line=1, column=8),
    )
    malformed = protocol.read_judged(claimed(), {"malformed": "line 3"})
    assert isinstance(malformed, protocol.CheckAnswer)
    assert (malformed.malformed, malformed.theorems) == ("line 3", ())


def test_header_errors_and_failures() -> None:
    missing = protocol.HeaderError(kind="missing", what="Mathlib")
    assert protocol.read_elaborated({"missing_import": "Mathlib"}) == missing
    assert protocol.read_judged(claimed(), {"missing_import": "Mathlib"}) == missing
    assert protocol.read_step({"failed": "no"}).error == "no"
    with pytest.raises(protocol.ProtocolError, match="boom"):
        protocol.read_elaborated({"error": "boom"})


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "parse_error",
                "messages",
                "theorems",
                "environment",
                "export",
                "used",
                "places",
                "statement_messages",
                "holes",
                "goals",
                "modules",
            ]
        ),
        json_values,
    )
)
def test_anything_else_is_a_protocol_error(answer: dict[str, object]) -> None:
    def judged(answer: dict[str, object]) -> object:
        return protocol.read_judged(claimed(), answer)

    for read in (
        protocol.read_elaborated,
        judged,
        protocol.read_goals,
        protocol.read_step,
        protocol.read_library,
    ):
        try:
            read(answer)
        except protocol.ProtocolError:
            continue


@given(st.sampled_from(sorted(json.loads(GOLDEN)["theorems"][0])), json_values)
def test_a_damaged_fact_is_never_read_as_a_clean_one(key: str, value: object) -> None:
    damaged = json.loads(GOLDEN)
    damaged["theorems"][0][key] = value
    try:
        answer = protocol.read_judged(claimed(), damaged)
    except protocol.ProtocolError:
        return
    assert isinstance(answer, protocol.CheckAnswer)
    if key != "axioms":
        assert answer.theorems[0].axioms == ("sorryAx",) or answer.theorems[0].kind is None
