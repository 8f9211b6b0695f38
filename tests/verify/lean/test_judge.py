"""From facts to verdicts, every rule alone. Property: nothing but the clean case is accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlm.types import Message, Reason, Status, Verdict
from verify.lean import judge as judging
from verify.lean.policy import default
from verify.lean.protocol import CheckAnswer, HeaderError, Place, TheoremFacts

CLEAN = TheoremFacts(name="t", kind="theorem", statement="t : 1 = 1", constants=(("theorem", "t"),))
ERROR = Message(severity="error", line=1, column=0, end_line=None, end_column=None, text="no")


def judge(answer: CheckAnswer | HeaderError, *, challenged: bool) -> Verdict:
    return judging.judge(answer, challenged=challenged, policy=default())


def answer(
    facts: TheoremFacts, *, messages: tuple[Message, ...] = (), parse_error: bool = False
) -> CheckAnswer:
    return CheckAnswer(parse_error=parse_error, messages=messages, statement_messages=(), theorems=(facts,))


def test_clean_facts_are_accepted() -> None:
    assert judge(answer(CLEAN), challenged=True).accepted
    assert judge(answer(replace(CLEAN, axioms=tuple(sorted(default().axioms)))), challenged=True).accepted


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
        (replace(CLEAN, premises=(("rfl", "t"),)), Reason.FORBIDDEN),
    ],
)
def test_each_rule_alone(facts: TheoremFacts, reason: Reason) -> None:
    verdict = judge(answer(facts), challenged=True)
    assert (verdict.status, verdict.reason) == (Status.REJECTED, reason)


def test_stated_inductive_types_are_allowed() -> None:
    facts = replace(CLEAN, constants=(("inductive", "T"),), statement_constants=(("inductive", "T"),))
    assert judge(answer(facts), challenged=True).accepted
    assert judge(answer(replace(CLEAN, constants=(("inductive", "T"),))), challenged=False).accepted


@pytest.mark.parametrize("kind", ["nested inductive", "inductive of an unclear sort"])
def test_shapes_of_kernel_bugs_must_be_stated(kind: str) -> None:
    facts = replace(CLEAN, constants=((kind, "T"),))
    assert judge(answer(facts), challenged=False).reason is Reason.FORBIDDEN
    assert judge(answer(facts), challenged=True).reason is Reason.FORBIDDEN
    assert judge(answer(replace(facts, statement_constants=((kind, "T"),))), challenged=True).accepted


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


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (replace(CLEAN, kind=None), "name"),
        (replace(CLEAN, kind="definition"), "theorem"),
        (replace(CLEAN, mismatch="B"), "statement"),
        (replace(CLEAN, axioms=("sorryAx",)), "sorry"),
        (replace(CLEAN, axioms=("cheat",)), "axioms"),
        (replace(CLEAN, constants=(("opaque", "o"),)), "kinds"),
        (replace(CLEAN, constants=(("inductive", "T"),)), "new_inductives"),
        (replace(CLEAN, kernel="type mismatch"), "kernel"),
        (replace(CLEAN, premises=(("rfl", "t"),)), "premises"),
    ],
)
def test_a_refusal_names_its_rule(facts: TheoremFacts, rule: str) -> None:
    (theorem,) = judge(answer(facts), challenged=True).theorems
    assert theorem.rule == rule and f"(rule: {rule})" in theorem.detail


def test_a_refusal_names_the_place_of_the_culprit() -> None:
    facts = replace(CLEAN, constants=(("opaque", "o"), ("theorem", "t")))
    places = (Place(name="t", line=9, column=8), Place(name="o", line=3, column=7))
    (theorem,) = judge(replace(answer(facts), places=places), challenged=True).theorems
    assert (theorem.line, theorem.column) == (3, 7)
    assert theorem.detail.startswith("3:7: ")


@pytest.mark.parametrize(
    ("place", "refused"),
    [
        (Place(rule="attributes", name="implemented_by", line=1, column=2), True),
        (Place(rule="attributes", name="simp", line=1, column=2), False),
        (Place(rule="options", name="debug.skipKernelTC", line=1, column=2), True),
        (Place(rule="options", name="maxRecDepth", line=1, column=2), False),
        (Place(name="implemented_by", line=1, column=2), False),
    ],
)
def test_attributes_and_options_of_the_policy(place: Place, refused: bool) -> None:
    verdict = judge(replace(answer(CLEAN), places=(place,)), challenged=True)
    assert verdict.accepted is not refused
    if refused:
        assert verdict.reason is Reason.FORBIDDEN and verdict.theorems[0].rule == place.rule


def test_another_policy_decides() -> None:
    loose = replace(default(), axioms=default().axioms | {"cheat"}, new_inductives=True, name="loose.toml")
    facts = replace(CLEAN, axioms=("cheat",), constants=(("inductive", "T"),))
    assert not judging.judge(answer(facts), challenged=True, policy=default()).accepted
    assert judging.judge(answer(facts), challenged=True, policy=loose).accepted
    strict = replace(default(), axioms=frozenset())
    facts = replace(CLEAN, axioms=("propext",))
    assert judging.judge(answer(facts), challenged=True, policy=strict).reason is Reason.AXIOM
