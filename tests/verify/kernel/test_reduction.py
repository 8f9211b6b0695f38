"""Reductions and literals: for each rule something it must find equal, and something it must not."""

from __future__ import annotations

import pytest

from tests.verify.kernel.cases import LIBRARY, LIMITS, Case, equal, has_type, identity
from tests.verify.kernel.export import Level, Term, app, c, lam, let, mdata, nat, pi, proj, string, zero
from tests.verify.kernel.library import BOOL, CHAR, NAT, ONE, STRING, SUCC, ZERO, eq, list_of, mk, refl
from verify.kernel import KernelChecker

N, M, F = c("n"), c("m"), c("f")

LAND = app(c("Nat.land"), nat(1), nat(2))


def number(name: str, a: Term, b: Term, rule: str | None = None) -> Case:
    return equal(name, NAT, a, b, ONE, rule)


def op(name: str, *args: int) -> Term:
    return app(c(f"Nat.{name}"), *map(nat, args))


def rec(motive: Term, at_zero: Term, step: Term, major: Term, level: Level = ONE) -> Term:
    return app(c("Nat.rec", level), motive, at_zero, step, major)


CONSTANT = lam(NAT, lambda _: NAT)
COUNT = lam(NAT, lambda _: SUCC)
FIRST = lam(NAT, lambda x: lam(NAT, lambda y: x))

REDUCTION = [
    number("beta", app(lam(NAT, lambda x: app(SUCC, x)), N), app(SUCC, N)),
    number("beta, wrong", app(lam(NAT, lambda x: app(SUCC, x)), N), N, "value-type"),
    number("beta, two at once", app(FIRST, N, M), N),
    number("beta, two, wrong", app(FIRST, N, M), M, "value-type"),
    number("delta", c("two"), app(SUCC, app(SUCC, ZERO))),
    number("delta, wrong", c("two"), app(SUCC, ZERO), "value-type"),
    number("delta with levels", identity(NAT, N, ONE), N),
    number("delta with levels, wrong", identity(NAT, N, ONE), M, "value-type"),
    number("opaque stays", c("hidden"), ZERO, "value-type"),
    number("zeta", let(NAT, N, lambda x: app(F, x)), app(F, N)),
    number("zeta, wrong", let(NAT, N, lambda x: app(F, x)), app(F, M), "value-type"),
    number("let of lets", let(NAT, N, lambda x: let(NAT, app(F, x), lambda y: app(F, y))), app(F, app(F, N))),
    number("iota, zero", rec(CONSTANT, N, COUNT, ZERO), N),
    number("iota, succ", rec(CONSTANT, N, COUNT, app(SUCC, M)), app(SUCC, rec(CONSTANT, N, COUNT, M))),
    number("iota, wrong", rec(CONSTANT, N, COUNT, ZERO), M, "value-type"),
    number("iota, stuck", rec(CONSTANT, N, COUNT, M), N, "value-type"),
    number("iota on a literal", rec(CONSTANT, N, COUNT, nat(2)), app(SUCC, app(SUCC, N))),
    number("iota on a literal, wrong", rec(CONSTANT, N, COUNT, nat(2)), app(SUCC, N), "value-type"),
    number("mdata", mdata(N), N),
    number("mdata, wrong", mdata(N), M, "value-type"),
    number("projection", proj("Pair", 1, mk(NAT, NAT, N, M)), M),
    number("projection, wrong", proj("Pair", 0, mk(NAT, NAT, N, M)), M, "value-type"),
]

BINARY = ["add", "sub", "mul", "div", "mod", "gcd", "land", "lor", "xor", "shiftLeft", "shiftRight", "pow"]
LIST = app(c("List.nil", zero), CHAR)
A_CHAR = app(c("Char.ofNat"), nat(955))
LITERALS = [
    number("literal as successors", nat(2), app(SUCC, app(SUCC, ZERO))),
    number("literal as successors, wrong", nat(3), app(SUCC, app(SUCC, ZERO)), "value-type"),
    number("literal zero", nat(0), ZERO),
    number("literals differ", nat(10**30), nat(10**30 + 1), "value-type"),
    number("below a successor", app(SUCC, app(F, nat(1))), app(SUCC, app(F, app(SUCC, nat(0))))),
    number("definition computes", app(c("Nat.add"), N, nat(1)), app(SUCC, N)),
    number("add", op("add", 2**64, 1), nat(2**64 + 1)),
    number("sub", op("sub", 7, 5), nat(2)),
    number("sub, never negative", op("sub", 5, 7), nat(0)),
    number("mul", op("mul", 2**40, 2**40), nat(2**80)),
    number("div", op("div", 7, 2), nat(3)),
    number("div by zero", op("div", 7, 0), nat(0)),
    number("mod", op("mod", 7, 4), nat(3)),
    number("mod by zero", op("mod", 7, 0), nat(7)),
    number("gcd", op("gcd", 12, 18), nat(6)),
    number("gcd with zero", op("gcd", 0, 18), nat(18)),
    number("land", op("land", 12, 10), nat(8)),
    number("lor", op("lor", 12, 10), nat(14)),
    number("xor", op("xor", 12, 10), nat(6)),
    number("shiftLeft", op("shiftLeft", 3, 4), nat(48)),
    number("shiftRight", op("shiftRight", 48, 4), nat(3)),
    number("pow", op("pow", 2, 100), nat(2**100)),
    number("pow, too large to compute", op("pow", 1, 2**24 + 1), nat(1), "value-type"),
    number("log2", op("log2", 1023), nat(9)),
    number("log2 of zero", op("log2", 0), nat(0)),
    has_type(
        "arithmetic on what holds a variable, against a computable side",
        pi(NAT, lambda x: eq(NAT, app(c("Nat.land"), nat(1), app(lam(NAT, lambda _: nat(2)), x)), LAND)),
        lam(NAT, lambda x: refl(NAT, LAND)),
    ),
    has_type(
        "arithmetic on what holds a variable, wrong",
        pi(NAT, lambda x: eq(NAT, app(c("Nat.land"), nat(1), app(lam(NAT, lambda _: nat(3)), x)), LAND)),
        lam(NAT, lambda x: refl(NAT, LAND)),
        "value-type",
    ),
    equal("beq", BOOL, op("beq", 5, 5), c("Bool.true"), ONE),
    equal("ble", BOOL, op("ble", 5, 4), c("Bool.false"), ONE),
    equal("ble, wrong", BOOL, op("ble", 5, 4), c("Bool.true"), ONE, "value-type"),
    *[number(f"{name}, wrong", op(name, 7, 2), nat(77), "value-type") for name in BINARY],
    number("log2, wrong", op("log2", 7), nat(77), "value-type"),
    number("arithmetic under a variable stays", app(c("Nat.mul"), N, nat(0)), nat(0), "value-type"),
    equal(
        "string",
        STRING,
        string("λ"),
        app(c("String.ofList"), app(c("List.cons", zero), CHAR, A_CHAR, LIST)),
        ONE,
    ),
    equal("string, constructor", STRING, string(""), app(c("String.mk"), LIST), ONE),
    equal("string, wrong", STRING, string("a"), app(c("String.mk"), LIST), ONE, "value-type"),
    equal("strings differ", STRING, string("a"), string("b"), ONE, "value-type"),
    equal("projection of a string", list_of(CHAR), proj("String", 0, string("")), LIST, ONE),
    has_type("a literal has the type Nat", NAT, nat(5)),
    has_type("a literal is no Bool", BOOL, nat(5), "value-type"),
    has_type("a string has the type String", STRING, string("x")),
    has_type("a string is no Nat", NAT, string("x"), "value-type"),
]


@pytest.mark.parametrize("case", [*REDUCTION, *LITERALS], ids=lambda case: case.name)
def test_rule(kernel: KernelChecker, case: Case) -> None:
    answer = kernel.check(case.text(), LIBRARY, "t", LIMITS)
    assert (answer.verdict, answer.rule) == case.expected, answer
