"""From facts to verdicts, every rule alone. Property: nothing but the clean case is accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlm.types import Message, Reason, Status
from verify.lean.judge import ALLOWED_AXIOMS, judge
from verify.lean.protocol import CheckAnswer, HeaderError, TheoremFacts

CLEAN = TheoremFacts(name="t", kind="theorem", statement="t : 1 = 1", constants=(("theorem", "t"),))
ERROR = Message(severity="error", line=1, column=0, end_line=None, end_column=None, text="no")


def answer(
    facts: TheoremFacts, *, messages: tuple[Message, ...] = (), parse_error: bool = False
) -> CheckAnswer:
    return CheckAnswer(parse_error=parse_error, messages=messages, statement_messages=(), theorems=(facts,))


def test_clean_facts_are_accepted() -> None:
    assert judge(answer(CLEAN), challenged=True).accepted
    assert judge(answer(replace(CLEAN, axioms=tuple(sorted(ALLOWED_AXIOMS)))), challenged=True).accepted


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(CLEAN, kind=None), Reason.STATEMENT_MISMATCH),
        (replace(CLEAN, kind="definition"), Reason.STATEMENT_MISMATCH),
        (replace(CLEAN, mismatch="B"), Reason.STATEMENT_MISMATCH),
        (replace(CLEAN, axioms=("sorryAx",)), Reason.SORRY),
        (replace(CLEAN, axioms=("propext", "cheat")), Reason.AXIOM),
        (replace(CLEAN, axioms=("Lean.ofReduceBool",)), Reason.AXIOM),
        (replace(CLEAN, constants=(("opaque", "o"),)), Reason.FORBIDDEN),
        (replace(CLEAN, constants=(("unsafe", "u"),)), Reason.FORBIDDEN),
        (replace(CLEAN, constants=(("partial", "p"),)), Reason.FORBIDDEN),
        (replace(CLEAN, constants=(("inductive", "T"),)), Reason.FORBIDDEN),
        (replace(CLEAN, kernel="type mismatch"), Reason.KERNEL),
    ],
)
def test_each_rule_alone(facts: TheoremFacts, reason: Reason) -> None:
    verdict = judge(answer(facts), challenged=True)
    assert (verdict.status, verdict.reason) == (Status.REJECTED, reason)


def test_stated_inductive_types_are_allowed() -> None:
    facts = replace(CLEAN, constants=(("inductive", "T"),), statement_constants=(("inductive", "T"),))
    assert judge(answer(facts), challenged=True).accepted
    assert judge(answer(replace(CLEAN, constants=(("inductive", "T"),))), challenged=False).accepted


def test_an_error_message_rejects_but_silence_does_not_accept() -> None:
    assert judge(answer(CLEAN, messages=(ERROR,)), challenged=True).reason is Reason.ELABORATION
    assert judge(answer(CLEAN, messages=(ERROR,), parse_error=True), challenged=True).reason is Reason.PARSE
    assert judge(answer(replace(CLEAN, axioms=("sorryAx",))), challenged=True).reason is Reason.SORRY
    empty = CheckAnswer(parse_error=False, messages=(), statement_messages=(), theorems=())
    assert not judge(empty, challenged=False).accepted
    assert not judge(empty, challenged=True).accepted


def test_one_bad_theorem_rejects_the_file() -> None:
    both = CheckAnswer(
        parse_error=False,
        messages=(),
        statement_messages=(),
        theorems=(CLEAN, replace(CLEAN, name="u", axioms=("cheat",))),
    )
    verdict = judge(both, challenged=False)
    assert verdict.reason is Reason.AXIOM
    assert [t.status for t in verdict.theorems] == [Status.ACCEPTED, Status.REJECTED]


def test_headers() -> None:
    assert judge(HeaderError(kind="missing", what="Mathlib"), challenged=True).status is Status.INFRA_ERROR
    assert judge(HeaderError(kind="forbidden", what="prelude"), challenged=True).reason is Reason.FORBIDDEN


@given(
    kind=st.sampled_from([None, "theorem", "definition", "axiom"]),
    mismatch=st.none() | st.text(min_size=1),
    axioms=st.lists(st.sampled_from(["propext", "Quot.sound", "sorryAx", "cheat", "propext "]), unique=True),
    kinds=st.lists(st.sampled_from(["theorem", "definition", "opaque", "inductive", "unsafe"])),
    kernel=st.none() | st.text(min_size=1),
    has_error=st.booleans(),
)
def test_accepts_exactly_the_clean_case(
    kind: str | None,
    mismatch: str | None,
    axioms: list[str],
    kinds: list[str],
    kernel: str | None,
    has_error: bool,
) -> None:
    facts = TheoremFacts(
        name="t",
        kind=kind,
        mismatch=mismatch,
        axioms=tuple(axioms),
        constants=tuple((k, "c") for k in kinds),
        kernel=kernel,
    )
    clean = (
        kind == "theorem"
        and mismatch is None
        and set(axioms) <= {"propext", "Quot.sound"}
        and set(kinds) <= {"theorem", "definition"}
        and kernel is None
        and not has_error
    )
    verdict = judge(answer(facts, messages=(ERROR,) if has_error else ()), challenged=True)
    assert verdict.accepted is clean
