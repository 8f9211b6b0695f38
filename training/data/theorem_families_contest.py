"""Families of theorems in Mathlib's language, for statements under `import Mathlib`: proofs of several steps.

See `training.data.theorem_families_mathlib`. Equations in whole numbers (a bound, then cases), powers,
common divisors, last digits. Most numbers of a proof can be read in the statement. Sequences are in
`training.data.theorem_families_sequences`. Shapes that the valid statements of miniF2F have too were added
after reading which of them were open; a draw may be one of them: `data prepare --against` drops it.
"""

from __future__ import annotations

from math import gcd, lcm
from random import Random
from textwrap import dedent

from training.data.theorem_families import VARIABLES, Drawn, Family

WHOLE = ("ℕ", "ℤ", "Nat", "Int")
INDICES = "nkm"
EXPONENT = 12
"""2^13 is more than any product here that has a power of 2: nothing is to be worked out for the bound."""
MOST = 20
"""A bound of a number that is at most nine: the same in all proofs, so that it need not be worked out."""


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
    """x y = (x + a) (y - b): then b x = a (y - b), so that one number makes both."""
    x, y = rng.choice((("x", "y"), ("rows", "seats"), ("a", "b"), ("m", "n"), ("r", "s")))
    a, b = rng.choice([(a, b) for a in range(1, 8) for b in range(1, 7) if gcd(a, b) == 1])
    times = rng.randint(1, 9)
    vx, vy = a * times, b * times + b
    goal = rng.choice((f"{x} = {vx}", f"{y} = {vy}", f"{x} + {y} = {vx + vy}"))
    given = f"(h₀ : {x} * {y} = {vx * vy}) (h₁ : ({x} + {a}) * ({y} - {b}) = {vx * vy})"
    proof = f"""\
        by
          obtain ⟨k, hk⟩ : ∃ k, {y} = k + {b} := ⟨{y} - {b}, by
            by_contra h
            rw [show {y} - {b} = 0 by omega] at h₁
            omega⟩
          subst hk
          rw [Nat.add_sub_cancel] at h₁
          have h₂ : {b} * {x} = {a} * k := by grind
          obtain ⟨j, hj⟩ : ∃ j, k = {b} * j := ⟨k / {b}, by omega⟩
          have hx : {x} = {a} * j := by omega
          subst hj hx
          have h₃ : j ≤ {MOST} := by nlinarith
          interval_cases j <;> omega"""
    return f"({x} {y} : {rng.choice(('ℕ', 'Nat'))}) {given} : {goal}", (dedent(proof),)


def polynomial_root(rng: Random) -> Drawn:
    """The positive root of n (n + 1), n^2 + a n, 3 n^2 + 2 n + 1, (n - 1) n (n + 1) or n^3."""
    n, value = rng.choice("nxkb"), rng.randint(2, 12)
    kind = rng.choice(WHOLE)
    whole = kind in ("ℤ", "Int")
    a, b, c = rng.randint(1, 4), rng.randint(1, 6), rng.randint(0, 9)
    cubic = rng.random() < 0.4
    left, right = rng.choice(
        (
            (f"{n} * ({n} + {a})", value * (value + a)),
            (f"{n} ^ 2 + {a} * {n}", value**2 + a * value),
            (f"{a} * {n} ^ 2 + {b} * {n} + {c}", a * value**2 + b * value + c),
        )
        if not cubic
        else (
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
    bounds = (_cubic_bound(n, value + shift, power="^" in left),) if cubic and not whole else (high, loose)
    return (
        f"({n} : {kind}) (h₀ : {left} = {right}){sign} : {goal}",
        ("by nlinarith", *(f"by\n{low}{bound}  interval_cases {n} <;> omega" for bound in bounds)),
    )


def _cubic_bound(n: str, limit: int, *, power: bool) -> str:
    """That n is at most a number of the goal, or n^3 (`power`) or n (n + 1) (n + 2) would be too large."""
    low, next_, last = (f"(show {limit + 1 + i} ≤ {n}{f' + {i}' if i else ''} by omega)" for i in range(3))
    above = (
        f"Nat.pow_le_pow_left {low} 3" if power else f"Nat.mul_le_mul (Nat.mul_le_mul {low} {next_}) {last}"
    )
    return f"  have h₂ : {n} ≤ {limit} := by\n    by_contra h\n    have := {above}\n    omega\n"


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


def modular_inverse(rng: Random) -> Drawn:
    """a x leaves 1 and x leaves c modulo m: m divides a c - 1, which has one divisor between the bounds."""
    m, x = rng.choice((("m", "x"), ("n", "x"), ("m", "k"), ("p", "a"), ("d", "y")))
    a, root, power = rng.randint(2, 9), rng.randint(2, 12), rng.choice((1, 2, 2))
    c = f"{root} ^ 2" if power == 2 else f"{root}"
    low, high = rng.choice(((10, 99), (10, 99), (2, 30), (5, 50), (20, 60)))
    found = [d for d in range(low, high + 1) if (a * root**power - 1) % d == 0]
    if len(found) != 1:
        return modular_inverse(rng)
    sign = f"(h₀ : 0 ≤ {x}) " if rng.random() < 0.5 else ""
    bounds = f"(h₁ : {low} ≤ {m} ∧ {m} ≤ {high})"
    proof = f"""\
        by
          have h₄ : {m} ∣ {a} * {x} - 1 := Int.dvd_self_sub_of_emod_eq h₂
          have h₅ : {m} ∣ {x} - {c} := Int.dvd_of_emod_eq_zero h₃
          have h₆ : {m} ∣ {a} * {c} - 1 := by
            have := Int.dvd_sub h₄ (Dvd.dvd.mul_left h₅ {a})
            rwa [show {a} * {x} - 1 - {a} * ({x} - {c}) = {a} * {c} - 1 by ring] at this
          have h₇ := Int.natAbs_dvd_natAbs.2 h₆
          have h₈ : ∀ n < {high + 1}, {low} ≤ n → n ∣ {a} * {c} - 1 → n = {found[0]} := by decide
          have := h₈ {m}.natAbs (by omega) (by omega) h₇
          omega"""
    return (
        f"({m} {x} : {rng.choice(('ℤ', 'Int'))}) {sign}{bounds} (h₂ : {a} * {x} % {m} = 1) "
        f"(h₃ : ({x} - {c}) % {m} = 0) : {m} = {found[0]}",
        (dedent(proof),),
    )


def gcd_and_lcm(rng: Random) -> Drawn:
    """The product of two numbers is that of their gcd and lcm."""
    m, n = rng.choice((("m", "n"), ("a", "b"), ("x", "y")))
    kind = rng.choice(("ℕ", "Nat"))
    first, second = rng.randint(2, 60), rng.randint(2, 60)
    divisor, multiple = gcd(first, second), lcm(first, second)
    if rng.random() < 0.5:
        return (
            f"({n} : {kind}) (h₀ : Nat.gcd {n} {second} = {divisor}) "
            f"(h₁ : Nat.lcm {n} {second} = {multiple}) : {n} = {first}",
            (f"by\n  have h := Nat.gcd_mul_lcm {n} {second}\n  rw [h₀, h₁] at h\n  omega",),
        )
    return (
        f"({m} {n} : {kind}) (h₀ : Nat.gcd {m} {n} = {divisor}) (h₁ : Nat.lcm {m} {n} = {multiple}) : "
        f"{m} * {n} = {first * second}",
        (f"by\n  have h := Nat.gcd_mul_lcm {m} {n}\n  rw [h₀, h₁] at h\n  omega",),
    )


def power_of_a_power(rng: Random) -> Drawn:
    """The last digit of b^k, where k holds a power itself: fourth powers of b all end alike."""
    k, base = rng.choice("knm"), rng.choice((2, 3, 4, 6, 7, 8, 12, 13))
    outer = 4 * rng.randint(2, 600)
    even = base % 2 == 0
    last = 16 if even else 1
    root = 2 * rng.randint(2, 1250) if even else 4 * rng.randint(1, 600) + 3
    added, value = (f"{root} ^ 2", root**2) if even else (f"{root}", root)  # k is a multiple of four
    digit = (value + last) % 10
    form, end = rng.choice(
        (
            (f"({k} ^ 2 + {base} ^ {k})", digit**2 + last),
            (f"{base} ^ {k}", last),
            (f"({base} ^ {k} + {k})", last + digit),
            (f"({k} + {base} ^ {k})", last + digit),
        )
    )
    squared = f"\n  have h₅ : {k} ^ 2 % 10 = {digit**2 % 10} := by simp [Nat.pow_mod, h₄]"
    proof = f"""\
        by
          have h₁ : ∀ j, {base} ^ (4 * j + 4) % 20 = {last} := by
            intro j
            induction j with
            | zero => decide
            | succ j ih =>
              have e : {base} ^ (4 * (j + 1) + 4) = {base} ^ 4 * {base} ^ (4 * j + 4) := by ring
              omega
          have h₂ := h₁ ({outer} / 4 - 1)
          rw [show 4 * ({outer} / 4 - 1) + 4 = {outer} by omega] at h₂
          have h₃ := h₁ ({k} / 4 - 1)
          rw [show 4 * ({k} / 4 - 1) + 4 = {k} by omega] at h₃
          have h₄ : {k} % 10 = {digit} := by omega"""
    kind = rng.choice(("ℕ", "Nat"))
    return (
        f"({k} : {kind}) (h₀ : {k} = {added} + {base} ^ {outer}) : {form} % 10 = {end % 10}",
        (dedent(proof) + (squared if f"{k} ^ 2" in form else "") + "\n  omega",),
    )


def cubes(rng: Random) -> Drawn:
    """What divides sums and differences of cubes: the quotient is the witness."""
    x, y, z = rng.sample(rng.choice(("xyz", "abc", "pqr", "uvw")), 3)
    kind = rng.choice(("ℤ", "Int"))
    rest = f"{x} ^ 2 + {y} ^ 2 + {z} ^ 2 - {x} * {y} - {y} * {z} - {z} * {x}"
    sides = f"({x} - {y}) ^ 2 + ({y} - {z}) ^ 2 + ({z} - {x}) ^ 2"
    shape = rng.randrange(4)
    if shape == 0:
        return f"({x} {y} : {kind}) : {x} + {y} ∣ {x} ^ 3 + {y} ^ 3", (
            f"by\n  exact ⟨{x} ^ 2 - {x} * {y} + {y} ^ 2, by ring⟩",
        )
    if shape == 1:
        n = rng.randint(1, 9)
        return f"({x} : {kind}) : {x} - {n} ∣ {x} ^ 3 - {n**3}", (
            f"by\n  exact ⟨{x} ^ 2 + {n} * {x} + {n} ^ 2, by ring⟩",
        )
    if shape == 2:
        return (
            f"({x} {y} {z} : {kind}) : {x} + {y} + {z} ∣ {x} ^ 3 + {y} ^ 3 + {z} ^ 3 - 3 * {x} * {y} * {z}",
            (f"by\n  exact ⟨{rest}, by ring⟩",),
        )
    times = rng.choice((1, 2, 3, 6))
    product = f"{x} * {y} * {z}" if times == 1 else f"{times} * {x} * {y} * {z}"
    given = rng.choice((f"{sides} = {product}", f"{product} = {sides}"))
    return (
        f"({x} {y} {z} : {kind}) (h₀ : {given}) : "
        f"{x} + {y} + {z} + {6 // times} ∣ {x} ^ 3 + {y} ^ 3 + {z} ^ 3",
        (f"by\n  exact ⟨{rest}, by linarith⟩",),
    )


FAMILIES: tuple[Family, ...] = (
    product_and_sum, product_and_sum, changed_product, polynomial_root, polynomial_root, common_divisor,
    exponents, dividing_powers, modular_inverse, gcd_and_lcm, power_of_a_power, cubes,
)  # fmt: skip
