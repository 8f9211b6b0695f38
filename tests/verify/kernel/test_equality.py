"""Definitional equality beyond reduction: K, eta, proof irrelevance, one element, congruence, levels."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verify.kernel.cases import LIBRARY, LIMITS, Case, equal, has_type, identity
from tests.verify.kernel.export import (
    Export,
    Level,
    Term,
    app,
    arrow,
    c,
    imax,
    lam,
    lmax,
    param,
    pi,
    proj,
    sort,
    succ,
    zero,
)
from tests.verify.kernel.library import BOOL, NAT, ONE, TYPE, UNIT, ZERO, eq, mk, pair, refl
from verify.kernel import KernelChecker

P, Q, N, M, F = c("P"), c("Q"), c("n"), c("m"), c("f")
TWO, PAIR = succ(ONE), pair(NAT, NAT)
Side = Callable[[Term], Term]


def cast(proof: Term) -> Term:
    """Eq.rec on `proof : n = n`: by K it is its minor premise."""
    motive = lam(NAT, lambda y: lam(eq(NAT, N, y), lambda _: NAT))
    return app(c("Eq.rec", ONE, ONE), NAT, N, motive, M, N, proof)


def law(name: str, type_: Term, left: Side, right: Side, at: Term, rule: str | None = None) -> Case:
    """The theorem that for all x of `type_`, left x = right x in the type `at`, by reflexivity."""
    statement = pi(type_, lambda x: eq(at, left(x), right(x)))
    proof = lam(type_, lambda x: refl(at, left(x)))
    return Case(name=name, build=lambda out: out.thm("t", statement, proof), rule=rule)


def transport(k: Term, proof: Term) -> Term:
    motive = lam(NAT, lambda y: lam(eq(NAT, N, y), lambda _: NAT))
    return app(c("Eq.rec", ONE, ONE), NAT, N, motive, M, k, proof)


def second(x: Term) -> Term:
    """The second part, by the recursor."""
    motive, minor = lam(PAIR, lambda _: NAT), lam(NAT, lambda a: lam(NAT, lambda b: b))
    return app(c("Pair.rec", ONE), NAT, NAT, motive, minor, x)


EQUALITY = [
    law("K", eq(NAT, N, N), cast, lambda _: M, NAT),
    law("K, wrong", eq(NAT, N, N), cast, lambda _: N, NAT, "value-type"),
    Case(
        name="K needs equal ends",
        build=lambda out: out.thm(
            "t",
            pi(NAT, lambda k: pi(eq(NAT, N, k), lambda h: eq(NAT, transport(k, h), M))),
            lam(NAT, lambda k: lam(eq(NAT, N, k), lambda h: refl(NAT, M))),
        ),
        rule="value-type",
    ),
    law("eta", arrow(NAT, NAT), lambda g: lam(NAT, lambda x: app(g, x)), lambda g: g, arrow(NAT, NAT)),
    law(
        "eta, other side",
        arrow(NAT, NAT),
        lambda g: g,
        lambda g: lam(NAT, lambda x: app(g, x)),
        arrow(NAT, NAT),
    ),
    law(
        "eta, wrong",
        arrow(NAT, NAT),
        lambda g: lam(NAT, lambda x: app(g, ZERO)),
        lambda g: g,
        arrow(NAT, NAT),
        "value-type",
    ),
    law(
        "structure eta",
        PAIR,
        lambda x: mk(NAT, NAT, proj("Pair", 0, x), proj("Pair", 1, x)),
        lambda x: x,
        PAIR,
    ),
    law(
        "structure eta, other side",
        PAIR,
        lambda x: x,
        lambda x: mk(NAT, NAT, proj("Pair", 0, x), proj("Pair", 1, x)),
        PAIR,
    ),
    law(
        "structure eta, wrong",
        PAIR,
        lambda x: mk(NAT, NAT, proj("Pair", 1, x), proj("Pair", 0, x)),
        lambda x: x,
        PAIR,
        "value-type",
    ),
    law("recursor on a structure", PAIR, lambda x: second(x), lambda x: proj("Pair", 1, x), NAT),
    law(
        "recursor on a structure, wrong",
        PAIR,
        lambda x: second(x),
        lambda x: proj("Pair", 0, x),
        NAT,
        "value-type",
    ),
    equal("unit", UNIT, c("u1"), c("u2"), ONE),
    equal("one element is not two", BOOL, c("b"), c("Bool.true"), ONE, "value-type"),
    equal("proof irrelevance", P, c("p"), c("p2"), zero),
    equal("data is relevant", NAT, N, M, ONE, "value-type"),
    has_type("proofs of P and Q differ", P, c("q"), "value-type"),
    has_type("proof irrelevance in a type", eq(P, c("p"), c("p2"), zero), refl(P, c("p2"), zero)),
    equal("congruence", NAT, app(F, identity(NAT, N, ONE)), app(F, N), ONE),
    equal("congruence, wrong", NAT, app(F, N), app(F, M), ONE, "value-type"),
    equal("constants of other levels", TYPE, sort(zero), sort(zero), TWO),
    equal("binders", TYPE, arrow(NAT, NAT), arrow(identity(TYPE, NAT, TWO), NAT), TWO),
    equal("binders, domain", TYPE, arrow(NAT, NAT), arrow(BOOL, NAT), TWO, "value-type"),
    equal("binders, codomain", TYPE, arrow(NAT, NAT), arrow(NAT, BOOL), TWO, "value-type"),
    equal("lambda, body", arrow(NAT, NAT), lam(NAT, lambda x: x), lam(NAT, lambda x: N), ONE, "value-type"),
]


def levels(name: str, a: Level, b: Level, rule: str | None = None) -> Case:
    """A definition of type Sort (b+1) whose value is Sort a."""

    def build(out: Export) -> Export:
        return out.define("t", sort(succ(b)), sort(a), levels=["u", "v", "w"])

    return Case(name=f"levels: {name}", build=build, rule=rule)


U, V, W = param("u"), param("v"), param("w")
WRONG = "value-type"
LEVELS = [
    levels("a parameter", U, U),
    levels("two parameters", U, V, WRONG),
    levels("zero and one", zero, ONE, WRONG),
    levels("succ", succ(U), U, WRONG),
    levels("max commutes", lmax(U, V), lmax(V, U)),
    levels("max is associative", lmax(U, lmax(V, W)), lmax(lmax(U, V), W)),
    levels("max of one", lmax(U, V), U, WRONG),
    levels("max absorbs", lmax(U, succ(U)), succ(U)),
    levels("max absorbs, wrong", lmax(U, succ(V)), succ(V), WRONG),
    levels("max with zero", lmax(U, zero), U),
    levels("max with one", lmax(U, ONE), U, WRONG),
    levels("succ of max", succ(lmax(U, V)), lmax(succ(V), succ(U))),
    levels("succ of max, wrong", succ(lmax(U, V)), lmax(succ(V), U), WRONG),
    levels("imax into zero", imax(U, zero), zero),
    levels("imax into zero, wrong", imax(U, zero), U, WRONG),
    levels("imax into a successor", imax(U, succ(V)), lmax(U, succ(V))),
    levels("imax is not max", imax(U, V), lmax(U, V), WRONG),
    levels("imax of one", imax(U, U), U),
    levels("imax from zero", imax(zero, U), U),
    levels("imax from one", imax(ONE, U), U),
    levels("imax from two", imax(TWO, U), U, WRONG),
    levels("imax into max", imax(U, lmax(V, W)), lmax(imax(U, V), imax(U, W))),
    levels("imax into max, wrong", imax(U, lmax(V, W)), lmax(imax(U, V), W), WRONG),
    levels("imax into imax", imax(U, imax(V, W)), imax(lmax(U, V), W)),
    levels("imax into imax, wrong", imax(U, imax(V, W)), imax(lmax(U, W), V), WRONG),
    levels("imax absorbs", lmax(imax(U, V), V), imax(U, V)),
    levels("imax under max", lmax(imax(U, V), U), lmax(U, V)),
    levels("imax under max, wrong", lmax(imax(U, V), W), lmax(U, lmax(V, W)), WRONG),
]


@pytest.mark.parametrize("case", [*EQUALITY, *LEVELS], ids=lambda case: case.name)
def test_rule(kernel: KernelChecker, case: Case) -> None:
    answer = kernel.check(case.text(), LIBRARY, "t", LIMITS)
    assert (answer.verdict, answer.rule) == case.expected, answer
