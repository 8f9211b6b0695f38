"""The families behind `training.data.theorems`: each draws (binders and type, proofs to try).

A family may draw a statement that none of its proofs shows; such statements are dropped by the check.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Drawn = tuple[str, tuple[str, ...]]
Family = Callable[[Random], Drawn]

NUMBER_TYPES = ("Nat", "Int")
VARIABLES = (("a", "b", "c"), ("x", "y", "z"), ("m", "n", "k"), ("p", "q", "r"), ("u", "v", "w"))
HYPOTHESES = (("h", "h'", "h2"), ("h₀", "h₁", "h₂"), ("hx", "hy", "hz"), ("h1", "h2", "h3"))


def term(coefficient: int, variable: str) -> str:
    """`x`, `3 * x`."""
    return variable if coefficient == 1 else f"{coefficient} * {variable}"


def _linear(rng: Random, variables: tuple[str, ...], coefficients: list[int], constant: int) -> str:
    parts = [term(c, v) for c, v in zip(coefficients, variables, strict=True) if c]
    if constant or not parts:
        parts.append(str(constant))
    return " + ".join(parts)


def commute(rng: Random) -> Drawn:
    a, b, c = rng.choice(VARIABLES)
    kind = rng.choice(NUMBER_TYPES)
    left, right = rng.choice(
        (
            (f"{a} + {b}", f"{b} + {a}"),
            (f"{a} + {b} + {c}", f"{c} + {b} + {a}"),
            (f"{a} + ({b} + {c})", f"{b} + ({a} + {c})"),
            (f"2 * {a} + {b}", f"{a} + {b} + {a}"),
            (f"3 * ({a} + {b})", f"3 * {a} + 3 * {b}"),
        )
    )
    return f"({a} {b} {c} : {kind}) : {left} = {right}", ("by omega",)


def ring_identity(rng: Random) -> Drawn:
    a, b, c = rng.choice(VARIABLES)
    kind = rng.choice(("Nat", "Int", "Rat", "Int"))
    k = rng.randint(2, 9)
    left, right = rng.choice(
        (
            (f"{a} * {b}", f"{b} * {a}"),
            (f"{a} * ({b} + {c})", f"{a} * {b} + {a} * {c}"),
            (f"({a} + {b}) * {c}", f"{a} * {c} + {b} * {c}"),
            (f"({a} + {b}) ^ 2", f"{a} ^ 2 + 2 * {a} * {b} + {b} ^ 2"),
            (f"({a} + {k}) * ({a} + {k})", f"{a} * {a} + {2 * k} * {a} + {k * k}"),
            (f"({a} + {b}) * ({a} + {c})", f"{a} ^ 2 + {a} * {c} + {b} * {a} + {b} * {c}"),
            (f"{a} * {b} * {c}", f"{c} * {b} * {a}"),
        )
    )
    return f"({a} {b} {c} : {kind}) : {left} = {right}", ("by grind", "by simp [Nat.mul_comm]")


def linear_consequence(rng: Random) -> Drawn:
    """Hypotheses, and a non-negative combination of them."""
    variables = rng.choice(VARIABLES)
    names = rng.choice(HYPOTHESES)
    kind = rng.choice(NUMBER_TYPES)
    relations = rng.choice((("<", "<", "<"), ("≤", "≤", "≤"), ("=", "=", "=")))
    rows = []
    for _ in range(rng.choice((1, 2, 2))):
        left = [rng.randint(0, 4) for _ in variables]
        right = [rng.randint(0, 3) for _ in variables]
        rows.append((left, rng.randint(0, 9), right, rng.randint(0, 12)))
    weights = [rng.randint(1, 3) for _ in rows]
    sum_left = [sum(w * row[0][i] for w, row in zip(weights, rows, strict=True)) for i in range(3)]
    sum_right = [sum(w * row[2][i] for w, row in zip(weights, rows, strict=True)) for i in range(3)]
    constant_left = sum(w * row[1] for w, row in zip(weights, rows, strict=True))
    constant_right = sum(w * row[3] for w, row in zip(weights, rows, strict=True))
    hypotheses = " ".join(
        f"({names[i]} : {_linear(rng, variables, row[0], row[1])} {relations[i]} "
        f"{_linear(rng, variables, row[2], row[3])})"
        for i, row in enumerate(rows)
    )
    left_side = _linear(rng, variables, sum_left, constant_left)
    goal = f"{left_side} {relations[0]} {_linear(rng, variables, sum_right, constant_right)}"
    return f"({' '.join(variables)} : {kind}) {hypotheses} : {goal}", ("by omega",)


def linear_solve(rng: Random) -> Drawn:
    x, y, _ = rng.choice(VARIABLES)
    names = rng.choice(HYPOTHESES)
    kind = rng.choice(("Nat", "Int", "Rat", "Rat"))
    low = 0 if kind == "Nat" else -12
    value, a, b = rng.randint(low, 20), rng.randint(2, 15), rng.randint(1, 30)
    if rng.random() < 0.5:
        statement = f"({x} : {kind}) ({names[0]} : {a} * {x} + {b} = {a * value + b}) : {x} = {value}"
        if a * value + b < 0:
            statement = f"({x} : {kind}) ({names[0]} : {a} * {x} - {b} = {a * value - b}) : {x} = {value}"
        return statement, ("by omega", "by grind")
    other = rng.randint(low, 20)
    total, difference = value + other, value - other
    if kind == "Nat" and difference < 0:
        value, other, difference = other, value, -difference
    statement = (
        f"({x} {y} : {kind}) ({names[0]} : {x} + {y} = {total}) ({names[1]} : {x} - {y} = {difference}) : "
        f"{x} = {value}"
    )
    return statement, ("by omega", "by grind")


def function_value(rng: Random) -> Drawn:
    """A function given by an equation, at a number."""
    f, x = rng.choice(("f", "g", "s", "u")), rng.choice(("x", "n", "t", "k"))
    kind = rng.choice(("Nat", "Int", "Nat", "Rat"))
    a, b, c, at = rng.randint(1, 9), rng.randint(1, 9), rng.randint(0, 15), rng.randint(0, 12)
    name = rng.choice(HYPOTHESES)[0]
    body, value = rng.choice(
        (
            (f"{a} * {x} + {c}", a * at + c),
            (f"{x} ^ 2 + {c}", at * at + c),
            (f"{a} * {x} ^ 2 + {b} * {x} + {c}", a * at * at + b * at + c),
            (f"({x} + {b}) * {a}", (at + b) * a),
            (f"{x} * {x} + {a}", at * at + a),
        )
    )
    return (
        f"({f} : {kind} → {kind}) ({name} : ∀ {x}, {f} {x} = {body}) : {f} {at} = {value}",
        (f"by rw [{name}]; rfl", f"by simp [{name}]", f"by rw [{name}]", "by grind"),
    )


def recurrence(rng: Random) -> Drawn:
    f, start, step, steps = (
        rng.choice(("f", "a", "u")),
        rng.randint(0, 9),
        rng.randint(1, 9),
        rng.randint(2, 4),
    )
    names = rng.choice(HYPOTHESES)
    if rng.random() < 0.5:
        rule, value = f"{f} n + {step}", start + steps * step
    else:
        factor = rng.randint(2, 3)
        rule, value = f"{factor} * {f} n", start * factor**steps
    return (
        f"({f} : Nat → Nat) ({names[0]} : {f} 0 = {start}) ({names[1]} : ∀ n, {f} (n + 1) = {rule}) : "
        f"{f} {steps} = {value}",
        (f"by simp [{names[0]}, {names[1]}]", "by grind"),
    )


def closed_arithmetic(rng: Random) -> Drawn:
    a, b, c = rng.randint(2, 60), rng.randint(2, 40), rng.randint(2, 30)
    kind = rng.random()
    if kind < 0.3:
        return f": {a} * {b} + {c} = {a * b + c}", ("rfl", "by decide")
    if kind < 0.5:
        return f": {a} ^ {b % 6 + 2} % {c} = {a ** (b % 6 + 2) % c}", ("by decide", "rfl")
    if kind < 0.65:
        return f": ({a * b} : Nat) / {b} = {a}", ("by decide", "rfl")
    if kind < 0.8:
        from math import gcd

        return f": Nat.gcd {a * c} {b * c} = {gcd(a * c, b * c)}", ("by decide", "rfl")
    if kind < 0.9:
        return f": {a} * {b} < {a * b + c}", ("by decide", "by omega")
    return f": ({a} : Int) - {a + b} = -{b}", ("by decide", "by omega")


def remainder(rng: Random) -> Drawn:
    n = rng.choice(("n", "x", "a", "m", "k"))
    name = rng.choice(HYPOTHESES)[0]
    d, q, r = rng.randint(2, 9), rng.randint(2, 4), 0
    r = rng.randint(0, d * q - 1)
    kind = rng.choice(NUMBER_TYPES)
    shape = rng.random()
    if shape < 0.4:
        return f"({n} : {kind}) ({name} : {n} % {d * q} = {r}) : {n} % {d} = {r % d}", ("by omega",)
    if shape < 0.6:
        a = rng.randint(2, 9)
        return f"({n} : {kind}) ({name} : {n} % {d} = {r % d}) : ({a} * {n}) % {d} = {a * (r % d) % d}", (
            "by omega",
        )
    if shape < 0.8:
        return f"({n} : {kind}) ({name} : {d * q} ∣ {n}) : {d} ∣ {n}", ("by omega",)
    return f"({n} : Nat) : {n} % {d} < {d}", ("by omega", f"Nat.mod_lt {n} (by decide)")


def logic(rng: Random) -> Drawn:
    p, q, r = rng.choice((("p", "q", "r"), ("P", "Q", "R"), ("A", "B", "C"), ("a", "b", "c")))
    statement, proofs = rng.choice(
        (
            (f"{p} ∧ {q} → {q} ∧ {p}", ("fun h => ⟨h.2, h.1⟩",)),
            (f"{p} ∨ {q} → {q} ∨ {p}", ("Or.symm", "by grind")),
            (f"({p} → {q}) → ({q} → {r}) → {p} → {r}", ("fun h g x => g (h x)",)),
            (f"{p} ∧ ({q} ∨ {r}) → ({p} ∧ {q}) ∨ ({p} ∧ {r})", ("by grind",)),
            (
                f"¬({p} ∨ {q}) → ¬{p} ∧ ¬{q}",
                ("fun h => ⟨fun x => h (.inl x), fun x => h (.inr x)⟩", "by grind"),
            ),
            (f"¬¬({p} ∨ ¬{p})", ("by grind",)),
            (f"({p} → {q}) → (¬{q} → ¬{p})", ("fun h g x => g (h x)",)),
            (f"{p} → {q} → {p} ∧ {q}", ("fun x y => ⟨x, y⟩",)),
            (f"({p} ∧ {q}) ∧ {r} ↔ {p} ∧ ({q} ∧ {r})", ("by grind", "and_assoc")),
            (f"{p} ∧ {q} ↔ {q} ∧ {p}", ("and_comm", "by grind")),
            (f"¬({p} ∧ {q}) → ({p} → ¬{q})", ("fun h x y => h ⟨x, y⟩",)),
            (f"({p} ∨ {q}) → ({p} → {r}) → ({q} → {r}) → {r}", ("fun h f g => h.elim f g",)),
            (f"(¬{p} → False) → {p}", ("Classical.byContradiction", "by grind")),
        )
    )
    return f"({p} {q} {r} : Prop) : {statement}", proofs


def hypotheses_logic(rng: Random) -> Drawn:
    p, q, r = rng.choice((("p", "q", "r"), ("P", "Q", "R"), ("A", "B", "C")))
    hp, hq, _ = rng.choice(HYPOTHESES)
    statement, proofs = rng.choice(
        (
            (f"({hp} : {p}) ({hq} : {q}) : {p} ∧ {q}", (f"⟨{hp}, {hq}⟩",)),
            (f"({hp} : {p} ∧ {q}) : {q}", (f"{hp}.2",)),
            (f"({hp} : {p} ∧ {q}) : {p} ∨ {r}", (f"Or.inl {hp}.1", "by grind")),
            (f"({hp} : {p} → {q}) ({hq} : {p}) : {q}", (f"{hp} {hq}",)),
            (f"({hp} : {p} ∨ {q}) ({hq} : ¬{p}) : {q}", (f"{hp}.resolve_left {hq}", "by grind")),
            (f"({hp} : {p} → {q}) ({hq} : ¬{q}) : ¬{p}", (f"fun x => {hq} ({hp} x)",)),
            (f"({hp} : {p} ↔ {q}) ({hq} : {q}) : {p}", (f"{hp}.2 {hq}",)),
            (f"({hp} : {p}) ({hq} : ¬{p}) : {r}", (f"absurd {hp} {hq}", "by grind")),
        )
    )
    return f"({p} {q} {r} : Prop) {statement}", proofs


def witness(rng: Random) -> Drawn:
    x = rng.choice(("x", "n", "k", "y"))
    a, value, b = rng.randint(1, 9), rng.randint(1, 40), rng.randint(0, 30)
    body = _linear(rng, (x,), [a], b)
    if rng.random() < 0.7:
        return f": ∃ {x} : Nat, {body} = {a * value + b}", (f"⟨{value}, rfl⟩", f"⟨{value}, by decide⟩")
    return f": ∃ {x} : Nat, {body} > {a * value + b}", (f"⟨{value + 1}, by decide⟩",)


def lists(rng: Random) -> Drawn:
    xs, ys, a = rng.choice((("xs", "ys", "a"), ("l", "l'", "x"), ("as", "bs", "b"), ("s", "t", "e")))
    head = f"{{α : Type}} ({xs} {ys} : List α) ({a} : α)"
    goal = rng.choice(
        (
            f"({xs} ++ {ys}).length = {ys}.length + {xs}.length",
            f"({xs} ++ []) = {xs}",
            f"{xs}.reverse.reverse = {xs}",
            f"({a} :: {xs}).length = {xs}.length + 1",
            f"({xs} ++ {ys}).reverse = {ys}.reverse ++ {xs}.reverse",
            f"{a} ∈ {a} :: {xs}",
            f"{a} ∈ {xs} → {a} ∈ {xs} ++ {ys}",
            f"({xs}.map id) = {xs}",
            f"({xs} ++ ({a} :: {ys})).length = {xs}.length + {ys}.length + 1",
        )
    )
    return f"{head} : {goal}", (
        "by simp",
        "by simp; omega",
        "by simp [Nat.add_comm]",
        "by simp_all",
        "by grind",
    )


def rewriting(rng: Random) -> Drawn:
    a, b, c = rng.choice(VARIABLES)
    h, g, _ = rng.choice(HYPOTHESES)
    f = rng.choice(("f", "g", "F"))
    head = f"{{α : Type}} ({f} : α → α) ({a} {b} {c} : α)"
    statement, proofs = rng.choice(
        (
            (f"({h} : {a} = {b}) : {f} {a} = {f} {b}", (f"by rw [{h}]", f"congrArg {f} {h}")),
            (f"({h} : {a} = {b}) ({g} : {b} = {c}) : {a} = {c}", (f"{h}.trans {g}", f"by rw [{h}, {g}]")),
            (f"({h} : {a} = {b}) : {b} = {a}", (f"{h}.symm",)),
            (f"({h} : {a} = {b}) ({g} : {c} = {b}) : {f} {a} = {f} {c}", (f"by rw [{h}, {g}]",)),
            (f"({h} : {f} {a} = {b}) ({g} : {a} = {c}) : {f} {c} = {b}", (f"by rw [← {g}, {h}]", "by grind")),
        )
    )
    return f"{head} {statement}", proofs


def substitution(rng: Random) -> Drawn:
    x, y, _ = rng.choice(VARIABLES)
    h0, h1, _ = rng.choice(HYPOTHESES)
    kind = rng.choice(("Nat", "Int", "Nat", "Rat"))
    value, a, b = rng.randint(1, 12), rng.randint(2, 9), rng.randint(0, 20)
    if rng.random() < 0.5:
        return (
            f"({x} {y} : {kind}) ({h0} : {x} = {value}) ({h1} : {y} = {a} * {x} + {b}) : "
            f"{y} = {a * value + b}",
            ("by omega", "by grind"),
        )
    return (
        f"({x} {y} : {kind}) ({h0} : {x} = {value}) ({h1} : {y} = {x} ^ 2 + {b}) : {y} = {value * value + b}",
        (f"by subst {h0} {h1}; rfl", f"by subst {h0} {h1}; decide", "by simp_all", "by grind"),
    )


def induction(rng: Random) -> Drawn:
    f, n = rng.choice(("f", "s", "a")), rng.choice(("n", "k", "m"))
    h0, h1, _ = rng.choice(HYPOTHESES)
    start, step = rng.randint(0, 9), rng.randint(1, 9)
    head = f"by\n  intro {n}\n  induction {n} with\n  | zero => simp [{h0}]\n  | succ {n} ih => "
    if rng.random() < 0.6:
        goal = f"∀ {n}, {f} {n} = {step} * {n} + {start}"
        return (
            f"({f} : Nat → Nat) ({h0} : {f} 0 = {start}) ({h1} : ∀ n, {f} (n + 1) = {f} n + {step}) : {goal}",
            (f"{head}simp [{h1}, ih]; omega", f"{head}simp [{h1}, ih]"),
        )
    return (
        f"({f} : Nat → Nat) ({h0} : {f} 0 = {start}) ({h1} : ∀ n, {f} n ≤ {f} (n + 1)) : "
        f"∀ {n}, {start} ≤ {f} {n}",
        (f"{head}have := {h1} {n}; omega",),
    )


def bounded(rng: Random) -> Drawn:
    n = rng.choice(("n", "x", "i", "k"))
    h = rng.choice(HYPOTHESES)[0]
    bound, modulus = rng.randint(3, 12), rng.randint(2, 5)
    goal = rng.choice(
        (f"{n} * {n} < {bound * bound}", f"({n} * {n} + {n}) % 2 = 0", f"{n} ^ 2 % {modulus} < {modulus}")
    )
    return f": ∀ {n} : Nat, {n} < {bound} → {goal}", ("by decide", f"by intro {n} {h}; omega")


def divides(rng: Random) -> Drawn:
    d, q = rng.randint(2, 30), rng.randint(2, 40)
    if rng.random() < 0.7:
        return f": {d} ∣ {d * q}", ("by decide", f"⟨{q}, rfl⟩")
    return f": ¬ {d} ∣ {d * q + rng.randint(1, d - 1)}", ("by decide",)


FAMILIES: tuple[Family, ...] = (
    commute,
    ring_identity,
    linear_consequence,
    linear_consequence,
    linear_solve,
    function_value,
    recurrence,
    closed_arithmetic,
    remainder,
    logic,
    hypotheses_logic,
    witness,
    lists,
    rewriting,
    substitution,
    induction,
    bounded,
    divides,
)
