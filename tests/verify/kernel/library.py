"""A small trusted library, written by hand: what the kernel's tests stand on.

Nat, Bool, Eq, True, False, And, Exists, Pair (a structure), Unit, Box (a structure in every universe), Quot,
List, Char, String, arithmetic as axioms where only the literals' rules matter, and a few definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.verify.kernel.export import (
    Export,
    Level,
    Term,
    app,
    arrow,
    c,
    lam,
    param,
    pi,
    sort,
    succ,
    zero,
)

Bind = Callable[[Term, Callable[[Term], Term]], Term]
"""`pi` or `lam`: a recursor's type and its rules begin with the same binders."""
Body = Callable[..., Term]
"""What stands below those binders, as a function of the variables."""

U, V = param("u"), param("v")
ONE = succ(zero)
PROP, TYPE = sort(zero), sort(ONE)
NAT, ZERO, SUCC, BOOL = c("Nat"), c("Nat.zero"), c("Nat.succ"), c("Bool")
TRUE, FALSE, UNIT, CHAR, STRING = c("True"), c("False"), c("Unit"), c("Char"), c("String")


def eq(type_: Term, a: Term, b: Term, level: Level = ONE) -> Term:
    return app(c("Eq", level), type_, a, b)


def refl(type_: Term, a: Term, level: Level = ONE) -> Term:
    return app(c("Eq.refl", level), type_, a)


def pair(a: Term, b: Term) -> Term:
    return app(c("Pair"), a, b)


def mk(a: Term, b: Term, x: Term, y: Term) -> Term:
    return app(c("Pair.mk"), a, b, x, y)


def both(a: Term, b: Term) -> Term:
    return app(c("And"), a, b)


def exists(type_: Term, predicate: Term) -> Term:
    return app(c("Exists", ONE), type_, predicate)


def list_of(type_: Term) -> Term:
    return app(c("List", zero), type_)


def _numbers(out: Export) -> None:
    def step(motive: Term) -> Term:
        return pi(NAT, lambda n: arrow(app(motive, n), app(motive, app(SUCC, n))))

    def minors(bind: Bind, body: Body) -> Term:
        return bind(
            arrow(NAT, sort(U)),
            lambda m: bind(app(m, ZERO), lambda z: bind(step(m), lambda s: body(m, z, s))),
        )

    out.inductive(
        "Nat",
        TYPE,
        [("Nat.zero", 0, NAT), ("Nat.succ", 1, arrow(NAT, NAT))],
        minors(pi, lambda m, z, s: pi(NAT, lambda t: app(m, t))),
        [
            minors(lam, lambda m, z, s: z),
            minors(lam, lambda m, z, s: lam(NAT, lambda n: app(s, n, app(c("Nat.rec", U), m, z, s, n)))),
        ],
        rec_levels=["u"],
        is_rec=True,
    )

    def add(n: Term, m: Term) -> Term:
        return app(c("Nat.rec", ONE), lam(NAT, lambda _: NAT), n, lam(NAT, lambda _: SUCC), m)

    binary = arrow(NAT, NAT, NAT)
    out.define("Nat.add", binary, lam(NAT, lambda n: lam(NAT, lambda m: add(n, m))), hints={"regular": 1})
    for name in ("sub", "mul", "div", "mod", "gcd", "land", "lor", "xor", "shiftLeft", "shiftRight", "pow"):
        out.axiom(f"Nat.{name}", binary)
    out.axiom("Nat.log2", arrow(NAT, NAT))
    out.inductive(
        "Bool",
        TYPE,
        [("Bool.false", 0, BOOL), ("Bool.true", 0, BOOL)],
        _bool_minors(pi, lambda m, f, t: pi(BOOL, lambda b: app(m, b))),
        [_bool_minors(lam, lambda m, f, t: f), _bool_minors(lam, lambda m, f, t: t)],
        rec_levels=["u"],
    )
    for name in ("beq", "ble"):
        out.axiom(f"Nat.{name}", arrow(NAT, NAT, BOOL))


def _bool_minors(bind: Bind, body: Body) -> Term:
    return bind(
        arrow(BOOL, sort(U)),
        lambda m: bind(
            app(m, c("Bool.false")), lambda f: bind(app(m, c("Bool.true")), lambda t: body(m, f, t))
        ),
    )


def _propositions(out: Export) -> None:
    out.inductive(
        "True",
        PROP,
        [("True.intro", 0, TRUE)],
        pi(
            arrow(TRUE, sort(U)),
            lambda m: arrow(app(m, c("True.intro")), pi(TRUE, lambda t: app(m, t))),
        ),
        [lam(arrow(TRUE, sort(U)), lambda m: lam(app(m, c("True.intro")), lambda i: i))],
        rec_levels=["u"],
        k=True,
    )
    out.inductive(
        "False",
        PROP,
        [],
        pi(arrow(FALSE, sort(U)), lambda m: pi(FALSE, lambda t: app(m, t))),
        [],
        rec_levels=["u"],
    )


def _conjunction(out: Export) -> None:
    def and_minors(bind: Bind, body: Body) -> Term:
        def minor(a: Term, b: Term, m: Term) -> Term:
            return pi(a, lambda x: pi(b, lambda y: app(m, app(c("And.intro"), a, b, x, y))))

        return bind(
            PROP,
            lambda a: bind(
                PROP,
                lambda b: bind(
                    arrow(both(a, b), sort(U)), lambda m: bind(minor(a, b, m), lambda i: body(a, b, m, i))
                ),
            ),
        )

    out.inductive(
        "And",
        arrow(PROP, PROP, PROP),
        [("And.intro", 2, pi(PROP, lambda a: pi(PROP, lambda b: arrow(a, b, both(a, b)))))],
        and_minors(pi, lambda a, b, m, i: pi(both(a, b), lambda t: app(m, t))),
        [and_minors(lam, lambda a, b, m, i: lam(a, lambda x: lam(b, lambda y: app(i, x, y))))],
        rec_levels=["u"],
        params=2,
    )


def _existence(out: Export) -> None:
    def ex(level: Level, type_: Term, p: Term) -> Term:
        return app(c("Exists", level), type_, p)

    def ex_minors(bind: Bind, body: Body) -> Term:
        def minor(a: Term, p: Term, m: Term) -> Term:
            return pi(a, lambda w: pi(app(p, w), lambda h: app(m, app(c("Exists.intro", U), a, p, w, h))))

        return bind(
            sort(U),
            lambda a: bind(
                arrow(a, PROP),
                lambda p: bind(
                    arrow(ex(U, a, p), PROP), lambda m: bind(minor(a, p, m), lambda i: body(a, p, m, i))
                ),
            ),
        )

    out.inductive(
        "Exists",
        pi(sort(U), lambda a: arrow(arrow(a, PROP), PROP)),
        [
            (
                "Exists.intro",
                2,
                pi(
                    sort(U),
                    lambda a: pi(arrow(a, PROP), lambda p: pi(a, lambda w: arrow(app(p, w), ex(U, a, p)))),
                ),
            )
        ],
        ex_minors(pi, lambda a, p, m, i: pi(ex(U, a, p), lambda t: app(m, t))),
        [ex_minors(lam, lambda a, p, m, i: lam(a, lambda w: lam(app(p, w), lambda h: app(i, w, h))))],
        levels=["u"],
        rec_levels=["u"],
        params=2,
    )


def _equality(out: Export) -> None:
    def minors(bind: Bind, body: Body) -> Term:
        def motive(t: Term, a: Term) -> Term:
            return pi(t, lambda b: arrow(eq(t, a, b, U), sort(V)))

        return bind(
            sort(U),
            lambda t: bind(
                t,
                lambda a: bind(
                    motive(t, a), lambda m: bind(app(m, a, refl(t, a, U)), lambda r: body(t, a, m, r))
                ),
            ),
        )

    out.inductive(
        "Eq",
        pi(sort(U), lambda t: arrow(t, t, PROP)),
        [("Eq.refl", 0, pi(sort(U), lambda t: pi(t, lambda a: eq(t, a, a, U))))],
        minors(pi, lambda t, a, m, r: pi(t, lambda b: pi(eq(t, a, b, U), lambda h: app(m, b, h)))),
        [minors(lam, lambda t, a, m, r: r)],
        levels=["u"],
        rec_levels=["v", "u"],
        params=2,
        indices=1,
        k=True,
    )


def _structures(out: Export) -> None:
    def minors(bind: Bind, body: Body) -> Term:
        def minor(a: Term, b: Term, m: Term) -> Term:
            return pi(a, lambda x: pi(b, lambda y: app(m, mk(a, b, x, y))))

        return bind(
            TYPE,
            lambda a: bind(
                TYPE,
                lambda b: bind(
                    arrow(pair(a, b), sort(U)), lambda m: bind(minor(a, b, m), lambda i: body(a, b, m, i))
                ),
            ),
        )

    out.inductive(
        "Pair",
        arrow(TYPE, TYPE, TYPE),
        [("Pair.mk", 2, pi(TYPE, lambda a: pi(TYPE, lambda b: arrow(a, b, pair(a, b)))))],
        minors(pi, lambda a, b, m, i: pi(pair(a, b), lambda t: app(m, t))),
        [minors(lam, lambda a, b, m, i: lam(a, lambda x: lam(b, lambda y: app(i, x, y))))],
        rec_levels=["u"],
        params=2,
    )
    out.inductive(
        "Unit",
        TYPE,
        [("Unit.unit", 0, UNIT)],
        pi(
            arrow(UNIT, sort(U)),
            lambda m: arrow(app(m, c("Unit.unit")), pi(UNIT, lambda t: app(m, t))),
        ),
        [lam(arrow(UNIT, sort(U)), lambda m: lam(app(m, c("Unit.unit")), lambda i: i))],
        rec_levels=["u"],
    )


def _quotients(out: Export) -> None:
    def relation(a: Term) -> Term:
        return arrow(a, a, PROP)

    def quot(a: Term, r: Term) -> Term:
        return app(c("Quot", U), a, r)

    def made(a: Term, r: Term, x: Term) -> Term:
        return app(c("Quot.mk", U), a, r, x)

    def over(body: Body) -> Term:
        return pi(sort(U), lambda a: pi(relation(a), lambda r: body(a, r)))

    def respects(a: Term, r: Term, b: Term, f: Term) -> Term:
        return pi(a, lambda x: pi(a, lambda y: arrow(app(r, x, y), eq(b, app(f, x), app(f, y), V))))

    out.quot("Quot", "type", ["u"], pi(sort(U), lambda a: arrow(relation(a), sort(U))))
    out.quot("Quot.mk", "ctor", ["u"], over(lambda a, r: arrow(a, quot(a, r))))
    lift = over(
        lambda a, r: pi(
            sort(V),
            lambda b: pi(arrow(a, b), lambda f: arrow(respects(a, r, b, f), quot(a, r), b)),
        )
    )
    out.quot("Quot.lift", "lift", ["u", "v"], lift)
    ind = over(
        lambda a, r: pi(
            arrow(quot(a, r), PROP),
            lambda b: arrow(pi(a, lambda x: app(b, made(a, r, x))), pi(quot(a, r), lambda q: app(b, q))),
        )
    )
    out.quot("Quot.ind", "ind", ["u"], ind)


def _strings(out: Export) -> None:
    # The recursors are left out: what is given of an inductive type is the trusted side's business.
    def plain(
        name: str,
        levels: Sequence[str],
        type_: Term,
        ctors: Sequence[tuple[str, int, Term]],
        params: int,
        is_rec: bool,
    ) -> None:
        own, head = out.name(name), out.head(name, levels, type_)
        made = [
            {**out.head(ctor, levels, t), "induct": own, "cidx": i, "numParams": params}
            | {"numFields": fields, "isUnsafe": False}
            for i, (ctor, fields, t) in enumerate(ctors)
        ]
        kind = {"numParams": params, "numIndices": 0, "all": [own], "ctors": [m["name"] for m in made]}
        kind |= {"numNested": 0, "isRec": is_rec, "isReflexive": False, "isUnsafe": False}
        out.raw({"inductive": {"types": [{**head, **kind}], "ctors": made, "recs": []}})

    nil = pi(sort(succ(U)), lambda a: app(c("List", U), a))
    cons = pi(sort(succ(U)), lambda a: arrow(a, app(c("List", U), a), app(c("List", U), a)))
    of_list = pi(sort(succ(U)), lambda a: sort(succ(U)))
    plain("List", ["u"], of_list, [("List.nil", 0, nil), ("List.cons", 2, cons)], 1, True)
    plain("Char", [], TYPE, [("Char.mk", 1, arrow(NAT, CHAR))], 0, False)
    out.define("Char.ofNat", arrow(NAT, CHAR), c("Char.mk"))
    plain("String", [], TYPE, [("String.mk", 1, arrow(list_of(CHAR), STRING))], 0, False)
    out.define("String.ofList", arrow(list_of(CHAR), STRING), c("String.mk"))
    box = pi(sort(U), lambda a: sort(U))
    plain("Box", ["u"], box, [("Box.mk", 1, pi(sort(U), lambda a: arrow(a, app(c("Box", U), a))))], 1, False)


def library() -> Export:
    """The whole library. An `Export` can be extended before its text is taken."""
    out = Export()
    out.raw({"meta": META})
    for part in (
        _numbers,
        _propositions,
        _conjunction,
        _existence,
        _equality,
        _structures,
        _quotients,
        _strings,
    ):
        part(out)
    out.define("two", NAT, app(SUCC, app(SUCC, ZERO)))
    out.define(
        "id", pi(sort(U), lambda a: arrow(a, a)), lam(sort(U), lambda a: lam(a, lambda x: x)), levels=["u"]
    )
    out.axiom("P", PROP).axiom("Q", PROP).axiom("p", c("P")).axiom("p2", c("P")).axiom("q", c("Q"))
    out.axiom("n", NAT).axiom("m", NAT).axiom("f", arrow(NAT, NAT)).axiom("pr", pair(NAT, NAT))
    out.axiom("u1", UNIT).axiom("u2", UNIT).axiom("b", BOOL).axiom("s", STRING)
    out.opaque("hidden", NAT, ZERO).axiom("both", both(c("P"), c("P")))
    out.axiom("sorryAx", pi(sort(U), lambda a: a), levels=["u"])
    out.define("lazy", NAT, app(c("sorryAx", ONE), NAT))
    out.define("Lazy", TYPE, app(c("sorryAx", succ(ONE)), TYPE)).axiom("lazyType", c("Lazy"))
    out.axiom("wild", NAT, unsafe=True)
    return out


META = {
    "exporter": {"name": "tests", "version": "1"},
    "lean": {"githash": "0", "version": "4.0.0"},
    "format": {"version": "3.1.0"},
}
