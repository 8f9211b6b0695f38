"""Families of theorems in Mathlib's language, for statements under `import Mathlib`: proofs of several steps.

See `training.data.theorem_families_mathlib`. Equations in whole numbers (a bound, then cases), powers, common
divisors, sequences with a closed form or a period. Most bounds in proofs can be read in the statement.
"""

from __future__ import annotations

from random import Random
from textwrap import indent

from training.data.theorem_families import VARIABLES, Drawn, Family

WHOLE = ("ℕ", "ℤ", "Nat", "Int")
INDICES = "nkm"
EXPONENT = 12
"""2^13 is more than any product here that has a power of 2: nothing is to be worked out for the bound."""


def _positive(x: str, y: str, rng: Random) -> tuple[str, str]:
    """Hypotheses that two unknowns are positive, and how a proof opens them."""
    h, g = rng.choice((("h₀", "h₃"), ("hp", "hq"), ("ha", "hb")))
    if rng.random() < 0.5:
        return f"({h} : 0 < {x} ∧ 0 < {y})", f"  obtain ⟨{h}, {g}⟩ := {h}\n"
    return f"({h} : 0 < {x}) ({g} : 0 < {y})", ""


def _pairs(total: int) -> list[tuple[int, int]]:
    """The positive solutions of x y + x + y = total."""
    return [(d - 1, (total + 1) // d - 1) for d in range(2, total + 1) if (total + 1) % d == 0]


def product_and_sum(rng: Random) -> Drawn:
    """x y + x + y, with an order or a second equation that leaves one solution, or one and its mirror."""
    x, y, _ = rng.choice(VARIABLES)
    kind = rng.choice(WHOLE)
    vx, vy = rng.randint(2, 6), rng.randint(1, 6)
    total = vx * vy + vx + vy
    signs, opened = _positive(x, y, rng)
    first = rng.choice((f"{x} * {y} + ({x} + {y})", f"{x} + {y} + {x} * {y}", f"{x} * {y} + {x} + {y}"))
    product = vx * vy * (vx + vy)
    second = f"{x} ^ 2 * {y} + {x} * {y} ^ 2 = {product}"
    goal = rng.choice(
        (f"{x} ^ 2 + {y} ^ 2 = {vx**2 + vy**2}", f"{x} + {y} = {vx + vy}", f"{x} * {y} = {vx * vy}")
    )
    left = {(a, b) for a, b in _pairs(total) if a * b * (a + b) == product}
    if rng.random() < 0.4 and vy < vx:
        second, goal = f"{y} < {x}", f"{x} = {vx}"
        left = {(a, b) for a, b in _pairs(total) if b < a}
    if not left <= {(vx, vy), (vy, vx)}:
        return product_and_sum(rng)
    bounds = f"  have hx : {x} ≤ {total} := by nlinarith\n  have hy : {y} ≤ {total} := by nlinarith\n"
    cases = f"  interval_cases {x} <;> first | omega | (interval_cases {y} <;> omega)"
    return (
        f"({x} {y} : {kind}) {signs} (h₁ : {first} = {total}) (h₂ : {second}) : {goal}",
        (f"by\n{opened}{bounds}  interval_cases {x} <;> omega", f"by\n{opened}{bounds}{cases}"),
    )


def changed_product(rng: Random) -> Drawn:
    """A product of two numbers, and the product when they change."""
    x, y = rng.choice((("x", "y"), ("rows", "seats"), ("a", "b"), ("m", "n"), ("r", "s")))
    a, b = rng.randint(1, 5), rng.randint(1, 3)
    vx = rng.randint(1, 8)
    vy = rng.randint(b + 1, 9)
    if vx * b % a and rng.random() < 0.8:
        return changed_product(rng)
    old, new = vx * vy, (vx + a) * (vy - b)
    goal = rng.choice((f"{x} = {vx}", f"{y} = {vy}", f"{x} + {y} = {vx + vy}"))
    statement = f"({x} {y} : ℕ) (h₀ : {x} * {y} = {old}) (h₁ : ({x} + {a}) * ({y} - {b}) = {new}) : {goal}"
    above = (
        f"  have h₂ : {b} < {y} := by\n    by_contra h\n    have h₃ : {y} - {b} = 0 := by omega\n"
        f"    rw [h₃] at h₁\n    omega\n"
    )
    limit = f"  have h₄ : {y} ≤ {new + b} := by\n    by_contra h\n    nlinarith [Nat.sub_add_cancel h₂.le]\n"
    return statement, (f"by\n{above}{limit}  interval_cases {y} <;> omega",)


def polynomial_root(rng: Random) -> Drawn:
    """The positive root of n (n + 1), n^2 + a n, 3 n^2 + 2 n + 1, (n - 1) n (n + 1) or n^3."""
    n, value = rng.choice("nxkb"), rng.randint(2, 12)
    kind = rng.choice(WHOLE)
    whole = kind in ("ℤ", "Int")
    a, b, c = rng.randint(1, 4), rng.randint(1, 6), rng.randint(0, 9)
    left, right = rng.choice(
        (
            (f"{n} * ({n} + {a})", value * (value + a)),
            (f"{n} ^ 2 + {a} * {n}", value**2 + a * value),
            (f"{a} * {n} ^ 2 + {b} * {n} + {c}", a * value**2 + b * value + c),
            (f"{n} ^ 3", value**3),
            (f"({n} - 1) * {n} * ({n} + 1)" if whole else f"{n} * ({n} + 1) * ({n} + 2)", 0),
        )
    )
    if not right:
        right = (value - 1) * value * (value + 1) if whole else value * (value + 1) * (value + 2)
        low = f"  have h₁ : 0 ≤ {n} := by nlinarith [sq_nonneg {n}, sq_nonneg ({n} + 1)]\n" if whole else ""
        sign = ""
    else:
        sign = f" (h₁ : 0 < {n})" if whole else ""
        low = ""
    shift = rng.choice((0, 0, 1, 2))
    goal = f"{n} + {shift} = {value + shift}" if shift else f"{n} = {value}"
    hints = f" [sq_nonneg {n}, sq_nonneg ({n} - {value})]" if whole else ""
    high = f"  have h₂ : {n} ≤ {value + shift} := by nlinarith{hints}\n"  # a number of the goal
    loose = f"  have h₂ : {n} ≤ {right} := by nlinarith{hints}\n"
    return (
        f"({n} : {kind}) (h₀ : {left} = {right}){sign} : {goal}",
        ("by nlinarith", *(f"by\n{low}{bound}  interval_cases {n} <;> omega" for bound in (high, loose))),
    )


def common_divisor(rng: Random) -> Drawn:
    """gcd (n + a) (k n + b) divides k a - b."""
    n = rng.choice("nkmx")
    a, b, k = rng.randint(1, 12), rng.randint(0, 9), rng.randint(2, 5)
    rest = k * a - b
    if rest < 1:
        return common_divisor(rng)
    left, right = f"({n} + {a})", f"({k} * {n} + {b})" if b else f"({k} * {n})"
    divides = (
        f"have h₁ := Nat.gcd_dvd_left {left} {right}\n{{0}}have h₂ := Nat.gcd_dvd_right {left} {right}\n"
        f"{{0}}have h₃ := Nat.dvd_sub (Dvd.dvd.mul_left h₁ {k}) h₂\n"
        f"{{0}}rwa [show {k} * {left} - {right} = {rest} by omega] at h₃"
    )
    if rng.random() < 0.4:
        return f"({n} : ℕ) : Nat.gcd {left} {right} ∣ {rest}", (f"by\n  {divides.format('  ')}",)
    sign = rng.choice(("", f" (h₀ : 0 < {n})"))
    return (
        f"({n} : ℕ){sign} : Nat.gcd {left} {right} ≤ {rest}",
        (
            f"by\n  have h : Nat.gcd {left} {right} ∣ {rest} := by\n    {divides.format('    ')}\n"
            f"  exact Nat.le_of_dvd (by norm_num) h",
        ),
    )


def closed_form(rng: Random) -> Drawn:
    """u (n + 1) = b u n + p n + q has u n = c b^n - (s n + t)."""
    n, u = rng.choice(INDICES), rng.choice("uaxfs")
    base, s, t = rng.randint(2, 5), rng.randint(0, 3), rng.randint(1, 3)
    c = rng.randint(t, t + 3)
    start = c - t
    p, q = s * (base - 1), t * (base - 1) - s
    if q < 0:
        return closed_form(rng)
    linear = {(True, True): f" + ({p} * {n} + {q})", (True, False): f" + {p} * {n}"}.get(
        (p > 0, q > 0), f" + {q}"
    )
    power = f"{base} ^ {n}" if c == 1 else f"{c} * {base} ^ {n}"
    rest = f"({s} * {n} + {t})" if s else f"{t}"
    rule = f"(h₁ : ∀ {n}, {u} ({n} + 1) = {base} * {u} {n}{linear})"
    head = f"({n} : ℕ) ({u} : ℕ → ℕ) (h₀ : {u} 0 = {start}) {rule}"
    steps = f"induction {n} with\n| zero => simp [h₀]\n| succ {n} ih => rw [h₁, pow_succ]; omega\n"
    if rng.random() < 0.4:
        return f"{head} : {u} {n} + {rest} = {power}", (f"by\n{indent(steps, '  ')}",)
    all_n = indent(f"intro {n}\n{steps}", "    ")
    return (
        f"{head} : {u} {n} = {power} - {rest}",
        (f"by\n  have h : ∀ {n}, {u} {n} + {rest} = {power} := by\n{all_n}  have := h {n}\n  omega",),
    )


def exponents(rng: Random) -> Drawn:
    """p^x q^y is a number: the exponents are bounded, always alike, then cases."""
    x, y, _ = rng.choice(VARIABLES)
    p, q = rng.choice(((2, 3), (2, 5), (3, 5), (2, 7), (3, 2), (5, 2)))
    vx, vy = rng.randint(1, 4), rng.randint(1, 3)
    value = p**vx * q**vy
    goal = rng.choice((f"{x} + {y} = {vx + vy}", f"{x} = {vx}", f"{y} = {vy}", f"{x} * {y} = {vx * vy}"))
    text = "by\n"
    for name, base, other, partner, swap in ((x, p, y, q, False), (y, q, x, p, True)):
        order = "h₂ h₁" if swap else "h₁ h₂"
        text += (
            f"  have h{name} : {name} ≤ {EXPONENT} := by\n    by_contra h\n"
            f"    have h₁ : {base} ^ {EXPONENT + 1} ≤ {base} ^ {name} := "
            f"Nat.pow_le_pow_right (by norm_num) (by omega)\n"
            f"    have h₂ : 1 ≤ {partner} ^ {other} := Nat.one_le_pow _ _ (by norm_num)\n"
            f"    have := Nat.mul_le_mul {order}\n    omega\n"
        )
    return (
        f"({x} {y} : ℕ) (h₀ : {p} ^ {x} * {q} ^ {y} = {value}) : {goal}",
        (f"{text}  interval_cases {x} <;> interval_cases {y} <;> omega",),
    )


def periodic_sequence(rng: Random) -> Drawn:
    """x n = x (n - 1) - x (n - 2), and of four terms: half a period turns the sign."""
    x, n = rng.choice("xatu"), rng.choice(INDICES)
    order, half = rng.choice(((2, 3), (4, 5)))
    first = [rng.randint(-9, 60) for _ in range(order)]
    terms = list(first)
    while len(terms) < 2 * half:
        back = terms[::-1]
        terms.append(back[0] - back[1] + (back[2] - back[3] if order == 4 else 0))
    low = order + 1
    place, times = rng.randint(1, low), rng.randint(2, 99)
    index = place + 2 * half * times
    rule = f"{x} ({n} - 1) - {x} ({n} - 2)" + (f" + {x} ({n} - 3) - {x} ({n} - 4)" if order == 4 else "")
    given = " ".join(f"(h{chr(0x2081 + i)} : {x} {i + 1} = {value})" for i, value in enumerate(first))
    extra = f"  have e := h₀ {low} (by omega)\n" if place == low else ""
    known = "c e" if extra else "c"
    return (
        f"({x} : ℕ → ℤ) {given} (h₀ : ∀ {n} ≥ {low}, {x} {n} = {rule}) : {x} {index} = {terms[place - 1]}",
        (
            f"by\n  have h : ∀ {n} ≥ 1, {x} ({n} + {half}) = - {x} {n} := by\n    intro {n} hn\n"
            f"    have a1 := h₀ ({n} + {half - 1}) (by omega)\n    have a2 := h₀ ({n} + {half}) (by omega)\n"
            f"    simp at a1 a2\n    grind\n"
            f"  have p : ∀ j, ∀ {n} ≥ 1, {x} ({n} + {2 * half} * j) = {x} {n} := by\n    intro j\n"
            f"    induction j with\n    | zero => simp\n    | succ j ih =>\n      intro {n} hn\n"
            f"      have b1 := h ({n} + {2 * half} * j) (by omega)\n"
            f"      have b2 := h ({n} + {2 * half} * j + {half}) (by omega)\n"
            f"      have b3 := ih {n} hn\n      grind\n"
            f"  have c := p {times} {place} (by omega)\n{extra}  norm_num at {known}\n  linarith",
        ),
    )


def dividing_powers(rng: Random) -> Drawn:
    """A divisor of b or of b^2 divides b^n."""
    n, base = rng.choice(INDICES), rng.randint(2, 9)
    d = rng.choice([d for d in range(2, base**2 + 1) if base**2 % d == 0])
    power = 1 if base % d == 0 else 2
    if power == 1:
        return (
            f"({n} : ℕ) (h₀ : {n} ≠ 0) : {d} ∣ {base} ^ {n}",
            ("dvd_pow (by norm_num) h₀", "by exact dvd_pow (by decide) h₀"),
        )
    return (
        f"({n} : ℕ) (h₀ : 2 ≤ {n}) : {d} ∣ {base} ^ {n}",
        (f"Dvd.dvd.trans (by norm_num : {d} ∣ {base} ^ 2) (Nat.pow_dvd_pow {base} h₀)",),
    )


FAMILIES: tuple[Family, ...] = (
    product_and_sum, product_and_sum, changed_product, polynomial_root, polynomial_root, common_divisor,
    closed_form, closed_form, exponents, periodic_sequence, dividing_powers,
)  # fmt: skip
