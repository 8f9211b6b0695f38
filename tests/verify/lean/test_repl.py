"""Requests of the REPL that are read, refused or passed over before any Lean is asked."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.lean.repl import COMMENTS, MAX_BLOCK_BYTES, Repl, TooLong, blocks
from verify.lean.session import Session


class Refusing(Session):
    """A session whose worker must not be asked."""

    def start(self) -> None:
        """Pickles ask for the toolchain."""


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (b"{nope", "Could not parse JSON:\n"),
        (b"\xff\xfe", "Could not parse JSON:\n"),
        (b"[" * 100_000, "Could not parse JSON:\n"),
        (b'{"cmd": ' + b"[" * 100_000, "Could not parse JSON:\n"),
        (b'{"cmd": "a"}\n{"cmd": "b"}', "blank line"),
        (b'{"cmd": "#check 1", "env": NaN}', "Could not parse JSON:\n"),
        (b'{"cmd": "#check 1", "env": ' + b"9" * 5000 + b"}", "Could not parse JSON:\n"),
        (b"[]", "Could not parse as a valid JSON command:\n"),
        (b"3", "Could not parse as a valid JSON command:\n"),
        (b"{}", "Could not parse as a valid JSON command:\n"),
        (b'{"what": 1}', "Could not parse as a valid JSON command:\n"),
        (b'{"cmd": 1}', "`cmd` must be a string"),
        (b'{"cmd": "\\ud800"}', "surrogate"),
        (b'{"cmd": "x", "env": -1}', "`env` must be a natural number"),
        (b'{"cmd": "x", "env": true}', "`env` must be a natural number"),
        (b'{"cmd": "x", "env": "0"}', "`env` must be a natural number"),
        (b'{"cmd": "x", "allTactics": 1}', "`allTactics` must be true or false"),
        (b'{"cmd": "x", "timeout": -1}', "`timeout` must be"),
        (b'{"cmd": "x", "timeout": 1e400}', "`timeout` must be"),
        (b'{"cmd": "x", "declarations": true}', "`declarations` is not supported"),
        (b'{"tactic": "rfl"}', "`proofState` must be a natural number"),
        (b'{"pickleTo": "x"}', "`proofState` must be a natural number"),
        (b'{"path": "no/such.lean"}', "cannot read the file no/such.lean"),
        (b'{"path": "a\\u0000b"}', "cannot read the file"),
        (b'{"path": "/dev/zero"}', "no regular file"),
        (TooLong(b"{"), "more than 64 MB"),
    ],
)
def test_bad_requests_are_answered(block: bytes, said: str) -> None:
    answer = Repl(Refusing()).answer(block)
    assert list(answer) == ["message"] and said in answer["message"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
FIELDS = ["env", "tactic", "proofState", "pickleTo", "unpickleEnvFrom", "path", "timeout", "infotree"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary() | st.dictionaries(st.sampled_from(FIELDS), json_values).map(lambda d: json.dumps(d).encode())
)
def test_any_request_is_answered(block: bytes) -> None:
    answer = Repl(Refusing()).answer(block)
    assert isinstance(answer["message"], str)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.binary(min_size=1).filter(lambda b: b"\n" not in b and bool(b.strip(b" \t\r")))))
def test_blocks_are_what_lies_between_blank_lines(lines: list[bytes]) -> None:
    wanted = [line + b"\r\n" for line in lines if not line.startswith(COMMENTS)]
    stream = b"\r\n".join(line + b"\r\n" for line in lines)
    assert list(blocks(io.BytesIO(stream))) == wanted
    assert list(blocks(io.BytesIO(b"\n \n" + stream + b"\r\n\n\n"))) == wanted
    last = list(blocks(io.BytesIO(stream.rstrip(b"\r\n"))))
    assert len(last) == len(wanted)


def test_blocks_of_several_lines_and_without_an_end() -> None:
    assert list(blocks(io.BytesIO(b'{"cmd":\n"x"}\n\n# note\n\n{"cmd"\n:"y"}'))) == [
        b'{"cmd":\n"x"}\n',
        b'{"cmd"\n:"y"}',
    ]
    long = b"x" * (MAX_BLOCK_BYTES + 10) + b"\n\n{}\n\n"
    first, second = blocks(io.BytesIO(long))
    assert isinstance(first, TooLong) and second == b"{}\n"
