"""Families of theorems in Mathlib's language, for statements under `import Mathlib`: numbers.

As in `training.data.theorem_families` each draws (binders and type, proofs to try), shortest first, and what
none of them proves is dropped. Proofs use what both Mathlib and the prelude have. The shapes are those of
contest problems; no text of a benchmark is here.
"""

from __future__ import annotations

from math import comb, factorial, gcd, lcm
from random import Random

from training.data.theorem_families import HYPOTHESES, VARIABLES, Drawn, Family

NUMERALS = ("ℕ", "ℤ")
MODULAR = "Int.mul_emod, Int.add_emod, Int.sub_emod, Nat.mul_mod, Nat.add_mod"


def _residues(name: str, modulus: int, hypothesis: str, finish: str) -> str:
    """A proof by the remainders of `name`."""
    cases = " ∨ ".join(f"{name} % {modulus} = {r}" for r in range(modulus))
    patterns = " | ".join([hypothesis] * modulus)
    return (
        f"by\n  have {hypothesis} : {cases} := by omega\n  rcases {hypothesis} with {patterns} <;> {finish}"
    )


def powers_modulo(rng: Random) -> Drawn:
    """The remainders that a power can leave, or one that it cannot."""
    a, h = rng.choice("abnmxk"), rng.choice(("h", "h₁", "this"))
    kind, power, modulus = rng.choice(NUMERALS), rng.choice((2, 2, 2, 3, 4)), rng.randint(3, 9)
    found = sorted({value**power % modulus for value in range(modulus)})
    missing = [r for r in range(modulus) if r not in found]
    if missing and rng.random() < 0.4:
        goal = f"{a} ^ {power} % {modulus} ≠ {rng.choice(missing)}"
    else:
        goal = " ∨ ".join(f"{a} ^ {power} % {modulus} = {r}" for r in found)
    proof = _residues(a, modulus, h, f"simp [pow_succ, {MODULAR}, {h}]")
    return f"({a} : {kind}) : {goal}", (proof,)


def power_of_remainder(rng: Random) -> Drawn:
    """The remainder of a polynomial value, from the remainder of its argument."""
    a, h = rng.choice("anxm"), rng.choice(HYPOTHESES)[0]
    kind, modulus = rng.choice(NUMERALS), rng.randint(3, 19)
    r, power, c = rng.randrange(modulus), rng.choice((2, 2, 3)), rng.randint(1, 9)
    value = (r**power + c) % modulus
    return (
        f"({a} : {kind}) ({h} : {a} % {modulus} = {r}) : ({a} ^ {power} + {c}) % {modulus} = {value}",
        (f"by simp [pow_succ, {MODULAR}, {h}]", f"by norm_num [pow_succ, {MODULAR}, {h}]"),
    )


def divides_by_induction(rng: Random) -> Drawn:
    """`d ∣ b ^ n - c` and the like, for all n."""
    n, ih = rng.choice("nkm"), rng.choice(("ih", "h", "IH"))
    d, times = rng.randint(2, 12), rng.randint(1, 3)
    base, kind = d * times + 1, rng.choice(("minus", "plus", "odd"))
    if kind == "minus":
        statement = f"({n} : ℕ) : {d} ∣ {base} ^ {n} - 1"
        extra = f"    have : 0 < {base} ^ {n} := by positivity\n"
    elif kind == "plus":
        c = rng.randint(1, 5) * d - 1
        statement, extra = f"({n} : ℕ) : {d} ∣ {base} ^ {n} + {c}", ""
    else:
        statement, extra = f"({n} : ℕ) : {d + 1} ∣ {d} ^ (2 * {n} + 1) + 1", ""
        rest = f"    rw [show 2 * ({n} + 1) + 1 = (2 * {n} + 1) + 2 from by ring, pow_add]\n    omega"
        zero = "  | zero => norm_num\n"
        return statement, (f"by\n  induction {n} with\n{zero}  | succ {n} {ih} =>\n{rest}",)
    rest = f"{extra}    rw [pow_succ]\n    omega"
    return statement, (f"by\n  induction {n} with\n  | zero => norm_num\n  | succ {n} {ih} =>\n{rest}",)


def polynomial_divides(rng: Random) -> Drawn:
    """`d ∣ n ^ 3 + c * n`: by the remainders of n."""
    n, h = rng.choice("nkamx"), rng.choice(("h", "this", "h₁"))
    kind = rng.choice(NUMERALS)
    d, power = rng.choice(((2, 2), (2, 3), (3, 3), (3, 3), (3, 5), (4, 3), (5, 5), (6, 3)))
    c = rng.choice([c for c in range(1, 4 * d) if all((r**power + c * r) % d == 0 for r in range(d))] or [d])
    finish = f"simp [Nat.dvd_iff_mod_eq_zero, Int.dvd_iff_emod_eq_zero, pow_succ, {MODULAR}, {h}]"
    return f"({n} : {kind}) : {d} ∣ {n} ^ {power} + {c} * {n}", (_residues(n, d, h, finish),)


def sum_formula(rng: Random) -> Drawn:
    """A closed form of a sum, by induction."""
    n, k, ih = rng.choice("nNm"), rng.choice("kij"), rng.choice(("ih", "h", "IH"))
    a, b = rng.randint(1, 7), rng.randint(0, 9)
    shape = rng.random()
    if shape < 0.5:
        term = f"({a} * {k} + {b})" if b else f"{a} * {k}"
        total = f"{n} * ({a} * {n} + {a + 2 * b})" + (f" + {2 * b}" if b else "")
        return (
            f"({n} : ℕ) : 2 * ∑ {k} ∈ Finset.range ({n} + 1), {term} = {total}",
            (_sum_proof(n, ih),),
        )
    if shape < 0.75:
        base = rng.randint(2, 6)
        return (
            f"({n} : ℕ) : {base - 1} * ∑ {k} ∈ Finset.range {n}, {base} ^ {k} + 1 = {base} ^ {n}",
            (_sum_proof(n, ih),),
        )
    return (
        f"({n} : ℕ) : 6 * ∑ {k} ∈ Finset.range ({n} + 1), {k} ^ 2 = {n} * ({n} + 1) * (2 * {n} + 1)",
        (_sum_proof(n, ih),),
    )


def _sum_proof(n: str, ih: str) -> str:
    return (
        f"by\n  induction {n} with\n  | zero => simp [Finset.sum_range_succ]\n  | succ {n} {ih} =>\n"
        f"    rw [Finset.sum_range_succ]\n"
        f"    first | nlinarith [{ih}] | (simp only [mul_add, {ih}, pow_succ]; ring)"
    )


def sum_value(rng: Random) -> Drawn:
    """A sum or a product over few numbers."""
    k, c = rng.choice("kinj"), rng.randint(1, 9)
    low, count = rng.randint(0, 6), rng.randint(2, 12)
    power = rng.choice((1, 1, 2))
    where, numbers = rng.choice(
        (
            (f"Finset.range {count}", range(count)),
            (f"Finset.Icc {low} {low + count}", range(low, low + count + 1)),
            (f"Finset.Ico {low} {low + count}", range(low, low + count)),
        )
    )
    body = f"({k} ^ {power} + {c})" if power > 1 else f"({c} * {k} + 1)"
    value = sum(n**power + c if power > 1 else c * n + 1 for n in numbers)
    return f": ∑ {k} ∈ {where}, {body} = {value}", (
        "by decide",
        "by rfl",
        "by norm_num [Finset.sum_range_succ]",
    )


def number_facts(rng: Random) -> Drawn:
    """Primes, divisors, digits, factorials, binomials, gcd and lcm of numerals."""
    a, b, g = rng.randint(2, 60), rng.randint(2, 60), rng.randint(2, 30)
    prime = rng.choice(
        (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 97)
    )
    n, k = rng.randint(3, 9), rng.randint(1, 4)
    statement = rng.choice(
        (
            f": Nat.Prime {prime}",
            f": ¬ Nat.Prime {a * b}",
            f": Nat.gcd {a * g} {b * g} = {gcd(a, b) * g}",
            f": Nat.lcm {a} {b} = {lcm(a, b)}",
            f": Nat.Coprime {a} {a * b + 1}",
            f": Nat.factorial {n} = {factorial(n)}",
            f": Nat.choose {n + k} {k} = {comb(n + k, k)}",
            f": (Nat.divisors {a}).card = {sum(a % d == 0 for d in range(1, a + 1))}",
            f": ∑ d ∈ Nat.divisors {a}, d = {sum(d for d in range(1, a + 1) if a % d == 0)}",
            f": Nat.digits 10 {a * b} = {[int(d) for d in reversed(str(a * b))]}",
            f": (Nat.digits {n} {a * b}).sum = {_digit_sum(a * b, n)}",
            f": ((Finset.range {a}).filter (fun x => x % {n} = {n // 2})).card = "
            f"{sum(x % n == n // 2 for x in range(a))}",
            f": {a * b + g} ≡ {g} [MOD {a}]",
            f": ({a} : ℤ) * {b} ≡ {a * b % n} [ZMOD {n}]",
        )
    )
    return statement, ("by norm_num", "by decide", "by rfl", "by decide +kernel")


def _digit_sum(n: int, base: int) -> int:
    total = 0
    while n:
        n, digit = divmod(n, base)
        total += digit
    return total


def bounded_solution(rng: Random) -> Drawn:
    """The one number between bounds with a property."""
    n, names = rng.choice("nxkm"), rng.choice(HYPOTHESES)
    a, value = rng.randint(2, 9), rng.randint(1, 14)
    if rng.random() < 0.5:
        head = f"({n} : ℕ) ({names[0]} : {n} ^ 2 + {a} * {n} = {value * value + a * value}) : {n} = {value}"
        bound = f"have : {n} ≤ {value * value + a * value} := by nlinarith"
        close = f"have : {n} ≤ {2 * value + a} := by nlinarith"
        return head, (
            "by nlinarith",
            f"by\n  {close}\n  interval_cases {n} <;> omega",
            f"by\n  {bound}\n  interval_cases {n} <;> omega",
        )
    modulus = rng.randint(5, 12)
    low = value - value % modulus
    return (
        f"({n} : ℕ) ({names[0]} : {low} ≤ {n}) ({names[1]} : {n} < {low + modulus}) "
        f"({names[2]} : {n} % {modulus} = {value % modulus}) : {n} = {value}",
        ("by omega", f"by interval_cases {n} <;> omega"),
    )


def two_unknowns(rng: Random) -> Drawn:
    """x * y and x + y of natural numbers, or (x + a) * (y + b)."""
    x, y, _ = rng.choice(VARIABLES)
    h0, h1, h2 = rng.choice(HYPOTHESES)
    small, large = sorted(rng.sample(range(1, 13), 2))
    return (
        f"({x} {y} : ℕ) ({h0} : {x} < {y}) ({h1} : {x} + {y} = {small + large}) "
        f"({h2} : {x} * {y} = {small * large}) : {x} = {small}",
        (
            f"by\n  have : {x} ≤ {small + large} := by omega\n  interval_cases {x} <;> omega",
            f"by\n  obtain rfl : {y} = {small + large} - {x} := by omega\n"
            f"  have : {x} ≤ {small + large} := by omega\n  interval_cases {x} <;> omega",
        ),
    )


def parity(rng: Random) -> Drawn:
    m, n, _ = rng.choice(VARIABLES)
    kind = rng.choice(NUMERALS)
    h, g, _ = rng.choice(HYPOTHESES)
    k = rng.randint(2, 9)
    statement, proofs = rng.choice(
        (
            (f"({m} {n} : {kind}) ({h} : Even {m}) ({g} : Even {n}) : Even ({m} + {n})", (f"{h}.add {g}",)),
            (f"({m} {n} : {kind}) ({h} : Odd {m}) ({g} : Odd {n}) : Even ({m} + {n})", (f"{h}.add_odd {g}",)),
            (f"({m} {n} : {kind}) ({h} : Even {m}) : Even ({m} * {n})", (f"{h}.mul_right {n}",)),
            (f"({m} {n} : {kind}) ({h} : Odd {m}) ({g} : Odd {n}) : Odd ({m} * {n})", (f"{h}.mul {g}",)),
            (f"({m} : {kind}) ({h} : Even {m}) : Even ({m} ^ {k})", ()),
            (f"({m} : {kind}) ({h} : Odd {m}) : Odd ({m} ^ 2)", (f"{h}.pow",)),
            (f"({m} : {kind}) : Even ({m} * ({m} + 1))", ()),
            (f"({m} : {kind}) ({h} : Even {m}) : Odd ({m} + {2 * k + 1})", ()),
            (f"({m} : {kind}) ({h} : Even {m}) : {m} % 2 = 0", (f"by obtain ⟨k, rfl⟩ := {h}; omega",)),
            (f"({m} : {kind}) ({h} : Odd {m}) : {m} % 2 = 1", (f"by obtain ⟨k, rfl⟩ := {h}; omega",)),
        )
    )
    square = f"by\n  obtain ⟨k, hk⟩ := {h}\n  exact ⟨2 * k ^ 2 + 2 * k, by rw [hk]; ring⟩"
    half = f"by\n  obtain ⟨k, hk⟩ := {h}\n  exact ⟨k * {n}, by rw [hk]; ring⟩"
    shift = f"by\n  obtain ⟨k, hk⟩ := {h}\n  exact ⟨k + {k}, by omega⟩"
    general = (
        "by grind", "by simp [parity_simps]", shift, half, square, f"Nat.even_mul_succ_self {m}",
        f"Int.even_mul_succ_self {m}", f"{h}.pow_of_ne_zero (by norm_num)", f"{h}.pow (by norm_num)",
    )  # fmt: skip
    return statement, (*proofs, *general)


def congruence(rng: Random) -> Drawn:
    a, b, c = rng.choice(VARIABLES)
    h, g, _ = rng.choice(HYPOTHESES)
    n, k = rng.randint(2, 13), rng.randint(2, 9)
    kind, sign, name = rng.choice((("ℕ", "MOD", "Nat"), ("ℤ", "ZMOD", "Int")))
    head = f"({a} {b} {c} : {kind}) ({h} : {a} ≡ {b} [{sign} {n}])"
    statement, proofs = rng.choice(
        (
            (f"{head} : {b} ≡ {a} [{sign} {n}]", (f"{h}.symm",)),
            (f"{head} : {a} + {c} ≡ {b} + {c} [{sign} {n}]", (f"{h}.add_right {c}",)),
            (f"{head} : {a} * {c} ≡ {b} * {c} [{sign} {n}]", (f"{h}.mul_right {c}",)),
            (f"{head} : {a} ^ {k} ≡ {b} ^ {k} [{sign} {n}]", (f"{h}.pow {k}",)),
            (
                f"{head} ({g} : {b} ≡ {c} [{sign} {n}]) : {a} ≡ {c} [{sign} {n}]",
                (f"{h}.trans {g}", f"{name}.ModEq.trans {h} {g}"),
            ),
            (
                f"({a} : {kind}) ({h} : {a} ≡ {k} [{sign} {n}]) : {a} % {n} = {k % n}",
                (f"{h}", f"by simpa using {h}"),
            ),
        )
    )
    return statement, (*proofs, f"by simp_all [{name}.ModEq]; omega")


FAMILIES: tuple[Family, ...] = (
    powers_modulo, powers_modulo, power_of_remainder, divides_by_induction, divides_by_induction,
    polynomial_divides, sum_formula, sum_formula, sum_value, number_facts, number_facts, bounded_solution,
    bounded_solution, two_unknowns, parity, congruence,
)  # fmt: skip
