"""Families of theorems in Mathlib's language, for statements under `import Mathlib`: algebra.

See `training.data.theorem_families_mathlib`. Ordered fields are ℚ: the prelude has no real numbers.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from training.data.theorem_families import HYPOTHESES, VARIABLES, Drawn, Family, term

FIELDS = ("ℚ", "ℚ", "ℤ")


def _signed(parts: list[tuple[int, str]]) -> str:
    """`3 * x - y + 2` of coefficients and variables ("" is the constant); `0` of nothing."""
    text = ""
    for coefficient, variable in parts:
        if coefficient == 0:
            continue
        size = str(abs(coefficient)) if not variable else term(abs(coefficient), variable)
        sign = "-" if coefficient < 0 else "+"
        text = f"{text} {sign} {size}" if text else (f"-{size}" if coefficient < 0 else size)
    return text or "0"


def _number(value: Fraction) -> str:
    return str(value) if value >= 0 else f"-{-value}"


def linear_equation(rng: Random) -> Drawn:
    """One equation in one unknown, with fractions."""
    x, h = rng.choice("xyzabn"), rng.choice(HYPOTHESES)[0]
    a, d, b = rng.randint(1, 12), rng.randint(2, 9), rng.randint(-20, 20)
    value = Fraction(rng.randint(-12, 20), rng.choice((1, 1, 2, 3)))
    right = value * a / d + b
    left = f"{term(a, x)} / {d}{f' {chr(43) if b > 0 else chr(45)} {abs(b)}' if b else ''}"
    return (
        f"({x} : ℚ) ({h} : {left} = {_number(right)}) : {x} = {_number(value)}",
        ("by linarith", "by field_simp at *; linarith"),
    )


def linear_system(rng: Random) -> Drawn:
    """Two equations; one unknown, a combination of them, or a bound."""
    x, y, _ = rng.choice(VARIABLES)
    h0, h1, _ = rng.choice(HYPOTHESES)
    kind = rng.choice(FIELDS)
    vx, vy = rng.randint(-9, 15), rng.randint(-9, 15)
    a, b, c, d = (rng.choice((-5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7)) for _ in range(4))
    if a * d == b * c:
        d += 1
    goal = rng.choice(
        (
            f"{x} = {vx}",
            f"{y} = {vy}",
            f"{x} + {y} = {vx + vy}",
            f"{x} * {y} = {vx * vy}",
            f"{x} - {y} ≤ {vx - vy + rng.randint(0, 3)}",
        )
    )
    solve = f"by\n  have hx : {x} = {vx} := by linarith\n  have hy : {y} = {vy} := by linarith\n"
    return (
        f"({x} {y} : {kind}) ({h0} : {_signed([(a, x), (b, y)])} = {a * vx + b * vy}) "
        f"({h1} : {_signed([(c, x), (d, y)])} = {c * vx + d * vy}) : {goal}",
        ("by linarith", "by omega", f"{solve}  rw [hx, hy]; norm_num"),
    )


def linear_bounds(rng: Random) -> Drawn:
    """An inequality from a combination of inequalities."""
    x, y, _ = rng.choice(VARIABLES)
    h0, h1, _ = rng.choice(HYPOTHESES)
    kind, relation = rng.choice(FIELDS), rng.choice(("<", "≤"))
    rows = [[rng.randint(-5, 6) for _ in range(3)] for _ in range(2)]
    w = [rng.randint(1, 4) for _ in rows]
    total = [sum(k * row[i] for k, row in zip(w, rows, strict=True)) for i in range(3)]
    hypotheses = " ".join(
        f"({name} : {_signed([(row[0], x), (row[1], y)])} {relation} {row[2]})"
        for name, row in zip((h0, h1), rows, strict=True)
    )
    slack = rng.choice((0, 0, 1, 5))
    goal = f"{_signed([(total[0], x), (total[1], y)])} {relation} {total[2] + slack}"
    return f"({x} {y} : {kind}) {hypotheses} : {goal}", ("by linarith",)


def quadratic_roots(rng: Random) -> Drawn:
    """The roots of a quadratic equation, both or the positive one."""
    x, names = rng.choice("xyzta"), rng.choice(HYPOTHESES)
    kind = rng.choice(FIELDS)
    r, s = rng.sample(range(-9, 13), 2)
    equation = f"{x} ^ 2 {_tail(-(r + s), x)}{_tail(r * s, '')}= 0"
    split = (
        f"  have h : {_root(x, r)} * {_root(x, s)} = 0 := by nlinarith\n"
        f"  rcases mul_eq_zero.mp h with h | h\n"
    )
    if r * s < 0 and rng.random() < 0.5:
        positive = max(r, s)
        return (
            f"({x} : {kind}) ({names[0]} : 0 < {x}) ({names[1]} : {equation}) : {x} = {positive}",
            (f"by\n{split}  · linarith\n  · linarith", "by nlinarith"),
        )
    return (
        f"({x} : {kind}) ({names[0]} : {equation}) : {x} = {r} ∨ {x} = {s}",
        (f"by\n{split}  · left; linarith\n  · right; linarith",),
    )


def _tail(coefficient: int, variable: str) -> str:
    if coefficient == 0:
        return ""
    size = str(abs(coefficient)) if not variable else term(abs(coefficient), variable)
    return f"{'-' if coefficient < 0 else '+'} {size} "


def _root(x: str, root: int) -> str:
    return x if root == 0 else f"({x} {'-' if root > 0 else '+'} {abs(root)})"


def squares(rng: Random) -> Drawn:
    """Inequalities that are sums of squares."""
    a, b, c = rng.choice(VARIABLES)
    kind = rng.choice(FIELDS)
    p, q, k = rng.randint(1, 5), rng.randint(1, 5), rng.randint(1, 9)
    hint = f"sq_nonneg ({_signed([(p, a), (-q, b)])})"
    statement, hints = rng.choice(
        (
            (f"{2 * p * q} * {a} * {b} ≤ {term(p * p, f'{a} ^ 2')} + {term(q * q, f'{b} ^ 2')}", hint),
            (
                f"0 ≤ {term(p * p, f'{a} ^ 2')} - {2 * p * k} * {a} + {k * k}",
                f"sq_nonneg ({_signed([(p, a), (-k, '')])})",
            ),
            (f"4 * {a} * {b} ≤ ({a} + {b}) ^ 2", f"sq_nonneg ({a} - {b})"),
            (f"({a} + {b}) ^ 2 ≤ 2 * ({a} ^ 2 + {b} ^ 2)", f"sq_nonneg ({a} - {b})"),
            (
                f"{a} * {b} + {b} * {c} + {c} * {a} ≤ {a} ^ 2 + {b} ^ 2 + {c} ^ 2",
                f"sq_nonneg ({a} - {b}), sq_nonneg ({b} - {c}), sq_nonneg ({c} - {a})",
            ),
            (f"{2 * k} * {a} ≤ {a} ^ 2 + {k * k}", f"sq_nonneg ({a} - {k})"),
            (f"{a} * ({2 * k} - {a}) ≤ {k * k}", f"sq_nonneg ({a} - {k})"),
        )
    )
    return f"({a} {b} {c} : {kind}) : {statement}", (f"by nlinarith [{hints}]",)


def positive_products(rng: Random) -> Drawn:
    """Inequalities from products of positive numbers."""
    a, b, c = rng.choice(VARIABLES)
    h, g, k = rng.choice(HYPOTHESES)
    n = rng.randint(2, 9)
    statement, proofs = rng.choice(
        (
            (f"({h} : 0 < {a}) ({g} : 0 < {b}) : 0 < {a} * {b} + {n}", ("by positivity",)),
            (f"({h} : 0 < {a}) : 0 < {a} ^ 2 + {n} * {a}", ("by positivity",)),
            (f"({h} : 0 ≤ {a}) ({g} : 0 ≤ {b}) : 0 ≤ {a} * {b} ^ 2", ("by positivity",)),
            (f"({h} : 1 ≤ {a}) : {a} ≤ {a} ^ 2", ("by nlinarith",)),
            (f"({h} : 0 < {a}) ({g} : {a} < 1) : {a} ^ 2 < {a}", ("by nlinarith",)),
            (f"({h} : {n} ≤ {a}) ({g} : {n} ≤ {b}) : {n * n} ≤ {a} * {b}", ("by nlinarith",)),
            (
                f"({h} : 0 < {a}) ({g} : {a} < {b}) : {a} ^ 2 < {b} ^ 2",
                ("by nlinarith", f"by nlinarith [mul_pos {h} ({h}.trans {g})]"),
            ),
            (
                f"({h} : 0 ≤ {a}) ({g} : 0 ≤ {b}) ({k} : {a} + {b} = {2 * n}) : {a} * {b} ≤ {n * n}",
                (f"by nlinarith [sq_nonneg ({a} - {b})]",),
            ),
        )
    )
    return f"({a} {b} {c} : ℚ) {statement}", proofs


def function_values(rng: Random) -> Drawn:
    """A function given by an equation: a value, a value of a value, a coefficient from a value."""
    f, x, h = rng.choice("fgFs"), rng.choice("xtn"), rng.choice(HYPOTHESES)[0]
    kind = rng.choice(FIELDS)
    a, b, at = rng.randint(2, 9), rng.randint(-9, 12), rng.randint(-4, 9)
    shift = f" {'-' if b < 0 else '+'} {abs(b)}" if b else ""
    shape = rng.random()
    proofs = (f"by norm_num [{h}]", f"by simp only [{h}]; norm_num", f"by rw [{h}]; norm_num")
    argument = str(at) if at >= 0 else f"({at})"
    if shape < 0.4:
        body, value = f"{a} * {x}{shift}", a * (a * at + b) + b
        return (
            f"({f} : {kind} → {kind}) ({h} : ∀ {x}, {f} {x} = {body}) : {f} ({f} {argument}) = {value}",
            proofs,
        )
    if shape < 0.8:
        body, value = f"{x} ^ 2 - {a} * {x}{shift}", at * at - a * at + b
        return f"({f} : {kind} → {kind}) ({h} : ∀ {x}, {f} {x} = {body}) : {f} {argument} = {value}", proofs
    c = rng.choice("kcmw")
    at = at or 2
    argument = str(at) if at >= 0 else f"({at})"
    g = rng.choice(("h'", "hv", "h2"))
    return (
        f"({c} : ℚ) ({f} : ℚ → ℚ) ({h} : ∀ {x}, {f} {x} = {c} * {x}{shift}) "
        f"({g} : {f} {argument} = {a * at + b}) : {c} = {a}",
        (f"by rw [{h}] at {g}; linarith", f"by have := {h} {argument}; linarith"),
    )


def absolute_values(rng: Random) -> Drawn:
    x, h = rng.choice("xyat"), rng.choice(HYPOTHESES)[0]
    kind = rng.choice(FIELDS)
    a, b = rng.randint(1, 12), rng.randint(1, 9)
    statement, proofs = rng.choice(
        (
            (
                f"({x} : {kind}) ({h} : |{x} - {a}| ≤ {b}) : {x} ≤ {a + b}",
                (f"by linarith [(abs_le.mp {h}).2]",),
            ),
            (
                f"({x} : {kind}) ({h} : |{x} - {a}| ≤ {b}) : {a - b} ≤ {x}",
                (f"by linarith [(abs_le.mp {h}).1]",),
            ),
            (
                f"({x} : {kind}) ({h} : |{x}| < {a}) : {x} < {a}",
                (f"by linarith [(abs_lt.mp {h}).2]", f"(abs_lt.mp {h}).2"),
            ),
            (f"({x} : {kind}) : |{x}| = |-{x}|", (f"(abs_neg {x}).symm", "by simp")),
            (f"({x} : {kind}) : {x} ≤ |{x}|", (f"le_abs_self {x}",)),
            (f": |(-{a} : {kind})| = {a}", ("by norm_num", "by simp", "by decide")),
            (f": |({a} : {kind}) - {a + b}| = {b}", ("by norm_num", "by decide")),
        )
    )
    return statement, proofs


def identities(rng: Random) -> Drawn:
    """Polynomial identities."""
    a, b, c = rng.choice(VARIABLES)
    kind = rng.choice(("ℚ", "ℤ", "ℕ"))
    p, q = rng.randint(1, 9), rng.randint(2, 9)
    left, right = rng.choice(
        (
            (f"({a} + {b}) ^ 3", f"{a} ^ 3 + 3 * {a} ^ 2 * {b} + 3 * {a} * {b} ^ 2 + {b} ^ 3"),
            (f"({a} + {p}) * ({a} + {q})", f"{a} ^ 2 + {p + q} * {a} + {p * q}"),
            (f"({a} + {b}) * ({a} + {c})", f"{a} ^ 2 + {a} * {b} + {a} * {c} + {b} * {c}"),
            (
                f"({p} * {a} + {q} * {b}) ^ 2",
                f"{p * p} * {a} ^ 2 + {2 * p * q} * {a} * {b} + {q * q} * {b} ^ 2",
            ),
            (
                f"({a} + {b} + {c}) ^ 2",
                f"{a} ^ 2 + {b} ^ 2 + {c} ^ 2 + 2 * ({a} * {b} + {b} * {c} + {c} * {a})",
            ),
        )
    )
    if kind != "ℕ" and rng.random() < 0.4:
        left, right = rng.choice(
            (
                (f"({a} - {b}) * ({a} + {b})", f"{a} ^ 2 - {b} ^ 2"),
                (f"({a} - {b}) * ({a} ^ 2 + {a} * {b} + {b} ^ 2)", f"{a} ^ 3 - {b} ^ 3"),
                (f"({a} - {p}) ^ 2", f"{a} ^ 2 - {2 * p} * {a} + {p * p}"),
            )
        )
    return f"({a} {b} {c} : {kind}) : {left} = {right}", ("by ring",)


def values_of_symmetric(rng: Random) -> Drawn:
    """A symmetric expression from the sum and the product."""
    x, y, _ = rng.choice(VARIABLES)
    h0, h1, _ = rng.choice(HYPOTHESES)
    kind = rng.choice(FIELDS)
    s, p = rng.randint(-9, 12), rng.randint(-12, 20)
    goal = rng.choice(
        (
            f"{x} ^ 2 + {y} ^ 2 = {s * s - 2 * p}",
            f"({x} - {y}) ^ 2 = {s * s - 4 * p}",
            f"{x} ^ 2 * {y} + {x} * {y} ^ 2 = {s * p}",
            f"({x} + 1) * ({y} + 1) = {p + s + 1}",
        )
    )
    return (
        f"({x} {y} : {kind}) ({h0} : {x} + {y} = {s}) ({h1} : {x} * {y} = {p}) : {goal}",
        ("by nlinarith", f"by\n  obtain rfl : {y} = {s} - {x} := by linarith\n  nlinarith"),
    )


def fractions(rng: Random) -> Drawn:
    """Equations with the unknown below a line, and arithmetic of fractions."""
    x, h, g = rng.choice("xyza"), rng.choice(HYPOTHESES)[0], rng.choice(("hne", "h0", "hx0"))
    a, value = rng.randint(1, 9), rng.choice((-3, -2, 2, 3, 4, 5))
    p, q = Fraction(rng.randint(1, 9), rng.randint(2, 9)), Fraction(rng.randint(1, 9), rng.randint(2, 9))
    if rng.random() < 0.5:
        return (
            f"({x} : ℚ) ({g} : {x} ≠ 0) ({h} : {a * value} / {x} = {a}) : {x} = {value}",
            (f"by field_simp at {h}; linarith", f"by\n  field_simp at {h}\n  linarith"),
        )
    sign, result = rng.choice((("+", p + q), ("*", p * q), ("-", p - q)))
    left = f"({p.numerator} : ℚ) / {p.denominator} {sign} {q.numerator} / {q.denominator}"
    return f": {left} = {_number(result)}", ("by norm_num", "by decide")


def injective(rng: Random) -> Drawn:
    x, y = rng.choice((("x", "y"), ("a", "b"), ("m", "n")))
    kind, a, b = rng.choice(("ℤ", "ℕ", "ℚ")), rng.randint(2, 9), rng.randint(1, 12)
    body = f"fun {x} : {kind} => {a} * {x} + {b}"
    statement, last = rng.choice(
        (
            (f": Function.Injective ({body})", "h"),
            (f": StrictMono ({body})", "h"),
            (f": Monotone ({body})", "h"),
        )
    )
    return statement, (
        f"by\n  intro {x} {y} {last}\n  dsimp at {last} ⊢\n  linarith",
        f"by\n  intro {x} {y} {last}\n  dsimp at {last}\n  linarith",
        f"by\n  intro {x} {y} {last}\n  simp at {last} ⊢\n  omega",
        f"by\n  intro {x} {y} {last}\n  simpa using {last}",
    )


FAMILIES: tuple[Family, ...] = (
    linear_equation, linear_system, linear_system, linear_bounds, quadratic_roots, quadratic_roots, squares,
    squares, positive_products, function_values, function_values, absolute_values, identities,
    values_of_symmetric, fractions, injective,
)  # fmt: skip
