"""Typing: applications, binders, let, quotients, projections, sorts, and the checks of a declaration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.verify.kernel.cases import LIBRARY, LIMITS, Case, equal, has_type, identity
from tests.verify.kernel.export import (
    Export,
    Level,
    Term,
    app,
    arrow,
    bvar,
    c,
    imax,
    lam,
    let,
    lmax,
    nat,
    param,
    pi,
    proj,
    sort,
    succ,
    zero,
)
from tests.verify.kernel.library import (
    BOOL,
    FALSE,
    NAT,
    ONE,
    PROP,
    TRUE,
    TYPE,
    ZERO,
    both,
    eq,
    exists,
    refl,
)
from verify.kernel import KernelChecker

P, Q, N, M, F = c("P"), c("Q"), c("n"), c("m"), c("f")
U, V = param("u"), param("v")
EXISTS = exists(NAT, lam(NAT, lambda x: TRUE))


FROM_FALSE = app(c("False.rec", ONE), lam(FALSE, lambda _: NAT))
WITNESS = lam(
    EXISTS,
    lambda h: app(
        c("Exists.rec", ONE),
        NAT,
        lam(NAT, lambda x: TRUE),
        lam(EXISTS, lambda _: NAT),
        lam(NAT, lambda w: lam(TRUE, lambda _: w)),
        h,
    ),
)
REL = lam(NAT, lambda x: lam(NAT, lambda y: TRUE))
MADE = app(c("Quot.mk", ONE), NAT, REL, N)
RESPECT = lam(NAT, lambda x: lam(NAT, lambda y: lam(TRUE, lambda _: refl(NAT, M))))
TO_M = lam(NAT, lambda x: M)
LIFT = app(c("Quot.lift", ONE, ONE), NAT, REL, NAT, TO_M, RESPECT)
BY_ID = app(c("Quot.lift", ONE, ONE), NAT, REL, NAT, lam(NAT, lambda x: x), RESPECT)
IND = app(
    c("Quot.ind", ONE), NAT, REL, lam(app(c("Quot", ONE), NAT, REL), lambda _: P), lam(NAT, lambda _: c("p"))
)
AND_REC = app(
    c("And.rec", ONE), P, P, lam(both(P, P), lambda _: NAT), lam(P, lambda _: lam(P, lambda _: ZERO))
)
BY_AND = app(AND_REC, c("both"))
BY_AND_INTRO = app(AND_REC, app(c("And.intro"), P, P, c("p"), c("p2")))
BOX_NAT = app(c("Box", ONE), NAT)
BOX_FIELD = lam(BOX_NAT, lambda x: proj("Box", 0, x))
TYPING = [
    equal("quotient lift", NAT, app(LIFT, MADE), M, ONE),
    equal("quotient lift, wrong", NAT, app(LIFT, MADE), N, ONE, "value-type"),
    equal("quotient lift of what does not respect", NAT, app(BY_ID, MADE), N, ONE, "application"),
    has_type("quotient induction", P, app(IND, MADE)),
    has_type("quotient induction, wrong", Q, app(IND, MADE), "value-type"),
    has_type("application", NAT, app(F, N)),
    has_type("application, wrong argument", NAT, app(F, c("b")), "application"),
    has_type("application of no function", NAT, app(N, N), "function-expected"),
    has_type("application, too many", NAT, app(F, N, N), "function-expected"),
    has_type("function type by reduction", NAT, app(identity(arrow(NAT, NAT), F, ONE), N)),
    has_type("lambda", arrow(NAT, NAT), lam(NAT, lambda x: x)),
    has_type("lambda, wrong domain", arrow(NAT, NAT), lam(BOOL, lambda x: N), "value-type"),
    has_type("lambda over no type", arrow(NAT, NAT), lam(N, lambda x: x), "type-expected"),
    has_type("pi over no type", PROP, pi(N, lambda x: TRUE), "type-expected"),
    has_type("pi into no type", PROP, pi(NAT, lambda x: N), "type-expected"),
    has_type("the type is no type", N, ZERO, "type-expected"),
    has_type("let", NAT, let(NAT, N, lambda x: x)),
    has_type("let uses its value", eq(NAT, N, N), let(NAT, N, lambda x: refl(NAT, x))),
    has_type("let, wrong value", NAT, let(NAT, c("b"), lambda x: N), "let"),
    has_type("let, no type", NAT, let(N, N, lambda x: N), "type-expected"),
    has_type("value of another type", NAT, c("b"), "value-type"),
    has_type("loose variable in a lambda", arrow(NAT, NAT), lam(NAT, lambda x: bvar(1)), "malformed"),
    has_type("loose variable", NAT, bvar(0), "malformed"),
    has_type("projection", NAT, proj("Pair", 0, c("pr"))),
    has_type("projection of another structure", NAT, proj("And", 0, c("pr")), "projection"),
    has_type("projection of no structure", NAT, proj("Nat", 0, N), "projection"),
    has_type("projection of a function", NAT, proj("Pair", 0, F), "projection"),
    has_type("projection, no such field", NAT, proj("Pair", 2, c("pr")), "projection"),
    has_type("projection of a type with two constructors", NAT, proj("Bool", 0, c("b")), "projection"),
    has_type("proof out of a proof", arrow(both(P, Q), P), lam(both(P, Q), lambda h: proj("And", 0, h))),
    has_type(
        "data out of a proof", arrow(EXISTS, NAT), lam(EXISTS, lambda h: proj("Exists", 0, h)), "projection"
    ),
    has_type(
        "what depends on data out of a proof",
        arrow(exists(NAT, lam(NAT, lambda x: P)), P),
        lam(exists(NAT, lam(NAT, lambda x: P)), lambda h: proj("Exists", 1, h)),
        "projection",
    ),
    equal("a conjunction has no eta that takes data out", NAT, BY_AND, ZERO, ONE, "value-type"),
    equal("a conjunction's recursor", NAT, BY_AND_INTRO, ZERO, ONE),
    has_type("data out of a structure that may be one of proofs", arrow(BOX_NAT, NAT), BOX_FIELD),
    has_type("an inductive family", NAT, proj("Eq", 0, refl(NAT, N)), "projection", "declined"),
    has_type("elimination of False", arrow(FALSE, NAT), lam(FALSE, lambda h: app(FROM_FALSE, h))),
    has_type("True is no False", FALSE, c("True.intro"), "value-type"),
    has_type("Exists eliminates into propositions only", arrow(EXISTS, NAT), WITNESS, "application"),
]

SORT_U, SORT_V = sort(U), sort(V)


def sorted_at(name: str, level: Level, type_: Term, rule: str | None = None) -> Case:
    """The type lives in Sort level."""

    def build(out: Export) -> Export:
        return out.define("t", sort(level), type_, levels=["u", "v"])

    return Case(name=f"sort: {name}", build=build, rule=rule)


def declared(title: str, rule: str | None, *, verdict: str = "rejected", **parts: Any) -> Case:
    """A definition with its parts as they are; where they are missing, the number zero."""

    def build(out: Export) -> Export:
        return out.define(**{"name": "t", "type_": NAT, "value": ZERO, **parts})

    return Case(name=title, build=build, rule=rule, verdict=verdict)


SORTS = [
    sorted_at("of Prop", ONE, PROP),
    sorted_at("Type in Type", ONE, TYPE, "value-type"),
    sorted_at("of Sort u", succ(U), SORT_U),
    sorted_at("of Sort u, wrong", U, SORT_U, "value-type"),
    sorted_at("functions between sorts", imax(succ(U), succ(V)), arrow(SORT_U, SORT_V)),
    sorted_at("into a proposition", zero, arrow(NAT, TRUE)),
    sorted_at("from a proposition", ONE, arrow(TRUE, NAT)),
    sorted_at("from a proposition, wrong", zero, arrow(TRUE, NAT), "value-type"),
    sorted_at("over all types", zero, pi(TYPE, lambda a: arrow(a, TRUE))),
    sorted_at("over all types, too low", ONE, pi(TYPE, lambda a: a), "value-type"),
    sorted_at("over all types", succ(ONE), pi(TYPE, lambda a: a)),
    sorted_at("over all propositions", zero, pi(PROP, lambda a: a)),
    sorted_at("max", lmax(succ(V), succ(U)), arrow(SORT_U, SORT_V)),
]
IDENTITY: dict[str, Any] = {
    "type_": pi(SORT_U, lambda a: arrow(a, a)),
    "value": lam(SORT_U, lambda a: lam(a, lambda x: x)),
}
DECLARATIONS = [
    declared("a definition", None),
    declared("with levels", None, levels=["u"], **IDENTITY),
    declared("level not declared", "levels", **IDENTITY),
    declared("level not declared, in the value", "levels", value=app(c("id", succ(U)), NAT, ZERO)),
    declared("a level twice", "levels", levels=["u", "u"], **IDENTITY),
    declared("too few levels", "levels", value=app(c("id"), NAT, ZERO)),
    declared("too many levels", "levels", value=app(c("id", ONE, ONE), NAT, ZERO)),
    declared("levels fit", None, value=app(c("id", ONE), NAT, ZERO)),
    declared("levels do not fit", "application", value=app(c("id", zero), NAT, ZERO)),
    declared("unknown constant", "unknown-constant", value=c("nowhere")),
    declared("itself", "unknown-constant", value=c("t")),
    declared("itself in its type", "unknown-constant", type_=c("t")),
    declared("unknown structure", "projection", value=proj("nowhere", 0, c("pr"))),
    declared("a name of the library", "duplicate", name="two"),
    declared("a name of the kernel", "duplicate", name="Lean.reduceBool"),
    declared("unsafe", "unsafe", verdict="declined", safety="unsafe"),
    declared("partial", "unsafe", verdict="declined", safety="partial"),
    declared("uses what is unsafe", "unsafe", verdict="declined", value=c("wild")),
    declared("sorry", "axiom", value=app(c("sorryAx", ONE), NAT)),
    declared("sorry, by way of the library", "axiom", value=c("lazy")),
    declared("sorry, by way of a type", "axiom", type_=c("Lazy"), value=c("lazyType")),
]


def thms(*parts: tuple[str, Term, Term]) -> Callable[[Export], Export]:
    def build(out: Export) -> Export:
        for part in parts:
            out.thm(*part)
        return out

    return build


FIRST, SECOND = ("first", P, c("p")), ("t", P, c("first"))
THEOREMS = [
    Case(name="theorem", build=thms(("t", TRUE, c("True.intro")))),
    Case(name="theorem of data", build=thms(("t", NAT, ZERO)), rule="theorem-type"),
    Case(name="theorem of a type", build=thms(("t", TYPE, NAT)), rule="theorem-type"),
    Case(name="in order", build=thms(FIRST, SECOND)),
    Case(name="out of order", build=thms(SECOND, FIRST), rule="unknown-constant"),
    Case(name="twice", build=thms(SECOND[:1] + FIRST[1:], ("t", P, c("p2"))), rule="duplicate"),
    Case(name="a circle", build=thms(("t", FALSE, c("s")), ("s", FALSE, c("t"))), rule="value-type"),
    Case(name="another name", build=thms(("other", P, c("p"))), rule="target"),
    Case(name="a bad one beside it", build=thms(("t", P, c("p")), ("s2", P, c("q"))), rule="value-type"),
    Case(name="nothing", build=lambda out: out, rule="target"),
    Case(name="axiom", build=lambda out: out.axiom("t", FALSE), rule="unsupported", verdict="declined"),
    Case(
        name="opaque",
        build=lambda out: out.opaque("t", NAT, ZERO),
        rule="unsupported",
        verdict="declined",
    ),
    Case(
        name="inductive",
        build=lambda out: out.inductive("t", TYPE, [], TYPE, []),
        rule="unsupported",
        verdict="declined",
    ),
    Case(
        name="quotient",
        build=lambda out: out.quot("Quot", "type", ["u"], TYPE),
        rule="unsupported",
        verdict="declined",
    ),
    Case(
        name="a theorem unfolds",
        build=lambda out: out.define("k", NAT, nat(3), hints="opaque").thm(
            "t", eq(NAT, c("k"), nat(3)), refl(NAT, nat(3))
        ),
    ),
]


@pytest.mark.parametrize("case", [*TYPING, *SORTS, *DECLARATIONS, *THEOREMS], ids=lambda case: case.name)
def test_rule(kernel: KernelChecker, case: Case) -> None:
    answer = kernel.check(case.text(), LIBRARY, "t", LIMITS)
    assert (answer.verdict, answer.rule) == case.expected, answer


def test_a_denied_axiom_can_be_allowed(kernel: KernelChecker) -> None:
    text = declared("sorry", None, value=app(c("sorryAx", ONE), NAT)).text()
    answer = kernel.check(text, LIBRARY, "t", LIMITS, allowed_axioms=["sorryAx"])
    assert answer.accepted and answer.axioms == ("sorryAx",)


def test_without_a_target_every_declaration_counts(kernel: KernelChecker) -> None:
    assert kernel.check(thms(FIRST)(Export()).text(), LIBRARY, None, LIMITS).accepted
    assert not kernel.check(thms(("t", P, c("q")))(Export()).text(), LIBRARY, None, LIMITS).accepted
